/* make-icons FOLDER: writes the icon as FOLDER/SIDE.png and FOLDER/xlightbox.xpm, from the drawing
 * that the window shows. Run by `make icons` when the drawing has changed; what it writes is
 * committed. */
#include <png.h>
#include <stdio.h>
#include <string.h>

#include "ui/icon.h"

enum { LARGEST = 256, XPM_SIDE = 32, INKS = 8 };

static int write_png(const char *folder, int side)
{
    static unsigned char rows[LARGEST * LARGEST * 3];
    char path[512];
    png_image image = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB};
    unsigned char *at = rows;
    for (int i = 0; i < side * side; i++) {
        uint32_t argb = icon_argb(side, i % side, i / side);
        *at++ = (unsigned char)(argb >> 16);
        *at++ = (unsigned char)(argb >> 8);
        *at++ = (unsigned char)argb;
    }
    image.width = image.height = (png_uint_32)side;
    snprintf(path, sizeof path, "%s/%d.png", folder, side);
    return png_image_write_to_file(&image, path, 0, rows, 0, NULL);
}

/* The letter of a colour, which is entered in `inks` when it is new. */
static int letter(uint32_t *inks, int *count, uint32_t argb)
{
    int i = 0;
    while (i < *count && inks[i] != argb)
        i++;
    if (i == *count && i < INKS)
        inks[(*count)++] = argb;
    return 'a' + i;
}

static int write_xpm(const char *folder)
{
    char path[512], rows[XPM_SIDE][XPM_SIDE + 1];
    uint32_t inks[INKS];
    int count = 0;
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < XPM_SIDE * XPM_SIDE; i++) {
        int x = i % XPM_SIDE, y = i / XPM_SIDE;
        rows[y][x] = (char)letter(inks, &count, icon_argb(XPM_SIDE, x, y));
    }
    snprintf(path, sizeof path, "%s/xlightbox.xpm", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        return 0;
    fprintf(file, "/* XPM */\nstatic char *xlightbox_xpm[] = {\n\"%d %d %d 1\"", XPM_SIDE, XPM_SIDE,
            count);
    for (int i = 0; i < count; i++)
        fprintf(file, ",\n\"%c c #%06x\"", 'a' + i, (unsigned)inks[i] & 0xffffff);
    for (int y = 0; y < XPM_SIDE; y++)
        fprintf(file, ",\n\"%s\"", rows[y]);
    fprintf(file, "};\n");
    return !fclose(file);
}

int main(int count, char **words)
{
    static const int sides[] = {16, 22, 24, 32, 48, 64, 128, 256};
    int fine = count == 2 && write_xpm(words[1]);
    for (size_t i = 0; fine && i < sizeof sides / sizeof *sides; i++)
        fine = write_png(words[1], sides[i]);
    if (!fine)
        perror("make-icons");
    return !fine;
}
