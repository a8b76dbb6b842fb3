/* Where fuzzing begins: small files of many kinds, scripts and command lines.
 *
 *     fuzz-seeds FOLDER
 *
 * writes them into FOLDER/source, FOLDER/messages and FOLDER/words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>

#include "support/tiff_maker.h"

static char folder[900];

static const char *path_of(const char *target, const char *name, int number)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s-%d", folder, target, name, number);
    return path;
}

static void write_bytes(const char *target, const char *name, int number, const void *bytes,
                        size_t count)
{
    FILE *file = fopen(path_of(target, name, number), "wb");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file))
        exit(1);
}

static void write_images(void)
{
    static const int compressions[] = {
        COMPRESSION_NONE, COMPRESSION_LZW,     COMPRESSION_PACKBITS, COMPRESSION_ADOBE_DEFLATE,
        COMPRESSION_JPEG, COMPRESSION_LZMA,    COMPRESSION_ZSTD,     COMPRESSION_WEBP,
        COMPRESSION_LERC, COMPRESSION_PIXARLOG};
    int number = 0;
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
        for (int shape = 0; shape < 4; shape++) {
            struct tiff_recipe recipe = {
                .width = 23,
                .height = 19,
                .type = shape & 1 ? SAMPLE_U8 : SAMPLE_U16,
                .compression = compressions[i],
                .predictor = shape == 2 ? 2 : 0,
                .tile_width = shape & 2 ? 16 : 0,
                .tile_height = shape & 2 ? 16 : 0,
                .rows_per_strip = 5,
                .big_tiff = shape == 3,
                .big_endian = shape == 0,
                .pages = 1 + shape % 2,
                .description = shape == 1 ? "ImageJ=1.53\nimages=2\nslices=2\nmin=3\nmax=200\n"
                                            "unit=mm\nspacing=2\n"
                                          : NULL,
                .value = shape & 1 ? tiff_value_byte : NULL,
            };
            tiff_make(path_of("source", "image", number++), &recipe);
        }
}

static void write_words(void)
{
    static const char *const lines[] = {
        "\0--window\n400\n--level\n40\na.tif",
        "\0--render\nout.png\n--size\n64x64\n--zoom\n50%\na.tif",
        "\0-geometry\n10x10+0+0\n--rescale\n1,-1024\n--voi\nsigmoid\n--memory\n8M\n-e\nzoom 2\na",
        "\1w 1 2.5e3 -7; zoom fit # so\nw '1 2' \"3;4\" 5\\ 6",
        "\1w 16M 400x300 50% 1,2 270 fit; w; zoom",
        "\2a w 1\nCtrl+Shift+Page_Down zoom 2\nplus zoom in\nF1 w",
    };
    for (int i = 0; i < (int)(sizeof lines / sizeof *lines); i++)
        write_bytes("words", "line", i, lines[i], strlen(lines[i] + 1) + 1);
}

/* An opening, a wish, tiles, a count; see tests/fuzz/messages.c for what the bytes mean. */
static void write_messages(void)
{
    unsigned char bytes[512];
    for (int i = 0; i < 6; i++) {
        for (size_t at = 0; at < sizeof bytes; at++)
            bytes[at] = (unsigned char)(at * (size_t)(2 * i + 1) / 3 + (size_t)i);
        write_bytes("messages", "mail", i, bytes, sizeof bytes);
    }
}

int main(int count, char **words)
{
    if (count != 2)
        return 2;
    snprintf(folder, sizeof folder, "%s", words[1]);
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    write_images();
    write_words();
    write_messages();
    return 0;
}
