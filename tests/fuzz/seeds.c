/* Where fuzzing begins: small files of many kinds, scripts and command lines.
 *
 *     fuzz-seeds FOLDER
 *
 * writes them into FOLDER/source, FOLDER/messages and FOLDER/words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/tiff_old.h"
#include "support/malformed.h"
#include "support/tiff_maker.h"

enum { SEED_MOST = 16384 };

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

#define FLOATS .format = SAMPLEFORMAT_IEEEFP
#define COLOUR(of, count) .photometric = PHOTOMETRIC_##of, .samples = count
#define GRAY .photometric = PHOTOMETRIC_MINISBLACK

static const struct tiff_recipe kinds[] = {
    {.bits = 1, GRAY, .compression = COMPRESSION_CCITTRLE},
    {.bits = 1, GRAY, .compression = COMPRESSION_CCITTFAX3},
    {.bits = 1, GRAY, .compression = COMPRESSION_CCITTFAX4, .reversed = true},
    {.bits = 1, GRAY, .compression = COMPRESSION_JBIG},
    {.bits = 6, GRAY, .with_nodata = true, .nodata = 7},
    {.bits = 12, GRAY, .compression = COMPRESSION_LZW},
    {.bits = 24, GRAY},
    {.bits = 64, GRAY, .format = SAMPLEFORMAT_INT},
    {.bits = 16, GRAY, FLOATS, .tile_width = 16, .tile_height = 16},
    {.bits = 32, GRAY, FLOATS, .compression = COMPRESSION_ADOBE_DEFLATE, .predictor = 3},
    {.bits = 32, GRAY, FLOATS, .compression = COMPRESSION_LERC},
    {.bits = 64, GRAY, FLOATS, .compression = COMPRESSION_ZSTD},
    {.bits = 32, GRAY, .format = SAMPLEFORMAT_COMPLEXINT},
    {.bits = 128, GRAY, .format = SAMPLEFORMAT_COMPLEXIEEEFP},
    {.bits = 8, GRAY, .samples = 5, .separate = true},
    {.bits = 4, COLOUR(PALETTE, 1)},
    {.bits = 8, COLOUR(PALETTE, 1), .compression = COMPRESSION_PACKBITS},
    {.bits = 8, COLOUR(RGB, 3), .separate = true},
    {.bits = 8, COLOUR(RGB, 3), .compression = COMPRESSION_WEBP},
    {.bits = 8, COLOUR(RGB, 3), .compression = COMPRESSION_JPEG},
    {.bits = 8, COLOUR(RGB, 4), .extra = {EXTRASAMPLE_ASSOCALPHA + 1}},
    {.bits = 16,
     COLOUR(RGB, 4),
     .extra = {EXTRASAMPLE_UNASSALPHA + 1},
     .predictor = 2,
     .compression = COMPRESSION_LZW},
    {.bits = 8, COLOUR(SEPARATED, 4), .separate = true},
    {.bits = 16, COLOUR(CIELAB, 3)},
    {.bits = 8, COLOUR(ICCLAB, 3)},
};

static void write_kinds(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct tiff_recipe recipe = kinds[i];
        recipe.width = 23;
        recipe.height = 19;
        recipe.rows_per_strip = recipe.compression == COMPRESSION_JBIG ? 0 : 8;
        tiff_make(path_of("source", "kind", (int)i), &recipe);
    }
}

/* The small ones of the hostile and broken files. */
static void write_malformed(void)
{
    static uint8_t bytes[SEED_MOST + 1];
    for (size_t i = 0; i < malformed_count; i++) {
        FILE *file = fopen(malformed_make(&malformed_cases[i]), "rb");
        if (!file)
            exit(1);
        size_t count = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        if (count && count <= SEED_MOST)
            write_bytes("source", "malformed", (int)i, bytes, count);
    }
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
    write_kinds();
    write_malformed();
    write_words();
    write_messages();
    return 0;
}
