/* The files in data/icons are the drawing that the window shows. Guards ui/icon.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "ui/icon.h"
#ifdef HAVE_PNG
#include <png.h>
#endif

static void pictures_are_the_drawing(void)
{
#ifdef HAVE_PNG
    static const int sides[] = {16, 22, 24, 32, 48, 64, 128, 256};
    static unsigned char rows[256 * 256 * 3];
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        char path[64];
        png_image image = {.version = PNG_IMAGE_VERSION};
        int side = sides[i], off = 0;
        snprintf(path, sizeof path, "data/icons/%d.png", side);
        CU_ASSERT_FATAL(png_image_begin_read_from_file(&image, path));
        image.format = PNG_FORMAT_RGB;
        CU_ASSERT_FATAL(image.width == (unsigned)side && image.height == (unsigned)side);
        CU_ASSERT_FATAL(png_image_finish_read(&image, NULL, rows, 0, NULL));
        for (int at = 0; at < side * side; at++) {
            const unsigned char *pixel = rows + 3 * at;
            uint32_t is =
                0xff000000u | (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
            off += is != icon_argb(side, at % side, at / side);
        }
        CU_ASSERT_EQUAL(off, 0);
    }
#endif
}

static void the_xpm_is_the_drawing(void)
{
    FILE *file = fopen("data/icons/xlightbox.xpm", "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char line[128];
    unsigned inks[128] = {0}, ink, count = 0;
    int y = 0, off = 0;
    while (fgets(line, sizeof line, file)) {
        char letter;
        if (sscanf(line, "\"%c c #%6x", &letter, &ink) == 2)
            inks[letter & 127] = ++count ? ink | 0xff000000u : 0;
        else if (line[0] == '"' && strspn(line + 1, "abcdefgh") == 32)
            for (int x = 0; x < 32; x++)
                off += inks[line[1 + x] & 127] != icon_argb(32, x, y);
        else
            continue;
        y += strspn(line + 1, "abcdefgh") == 32;
    }
    fclose(file);
    CU_ASSERT(y == 32 && off == 0 && count > 3);
}

SUITE("icon", {"pictures are the drawing", pictures_are_the_drawing},
      {"the XPM is the drawing", the_xpm_is_the_drawing})
