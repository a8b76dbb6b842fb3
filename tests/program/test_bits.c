/* Pictures of 16 bits against DICOM's words, and what pictures say of where they come from. Guards
 * app/bands.c and curve_compile_part of tone/curve.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "config.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

#ifdef HAVE_PNG
#include <png.h>
#endif

enum { WIDTH = 330, HEIGHT = 290 };

/* PS3.3 C.11.2.1.2.1, with output values from 0 to 65535. */
static int linear(double x, double center, double width)
{
    if (x <= center - 0.5 - (width - 1) / 2)
        return 0;
    if (x > center - 0.5 + (width - 1) / 2)
        return 65535;
    return (int)floor(((x - (center - 0.5)) / (width - 1) + 0.5) * 65535 + 0.5);
}

/* The words of a PGM of 16 bits; NULL: it is none of that size. */
static uint16_t *read_words(const char *path)
{
    int width = 0, height = 0, most = 0;
    uint16_t *words = malloc(2 * WIDTH * HEIGHT);
    FILE *file = fopen(path, "rb");
    bool right = file && fscanf(file, "P5 %d %d %d", &width, &height, &most) == 3 &&
                 width == WIDTH && height == HEIGHT && most == 65535 && fgetc(file) == '\n';
    for (int i = 0; right && i < WIDTH * HEIGHT; i++) {
        int high = fgetc(file), low = fgetc(file);
        words[i] = (uint16_t)(high << 8 | low);
        right = low != EOF;
    }
    if (file)
        fclose(file);
    if (!right)
        free(words);
    return right ? words : NULL;
}

static void check_kind(const struct tiff_recipe *recipe, bool invert)
{
    struct run run;
    const char *in = scratch_path("deep.tif"), *out = scratch_path("deep.pgm");
    CU_ASSERT_FATAL(tiff_make(in, recipe));
    RUN(&run, program(), "--force", "--render", out, "--bits", "16", "--window", "900", "--level",
        "700", "--voi", "linear", invert ? "--invert" : "--workers=1", in);
    CU_ASSERT_EQUAL(run.status, 0);
    uint16_t *words = read_words(out);
    CU_ASSERT_PTR_NOT_NULL_FATAL(words);
    int wrong = 0;
    for (int64_t y = 0; y < HEIGHT; y++)
        for (int64_t x = 0; x < WIDTH; x++) {
            double stored =
                recipe->bits ? tiff_number_plain(recipe, x, y, 0, 0) : recipe->value(x, y, 0);
            int level = linear(stored, 700, 900);
            wrong += words[y * WIDTH + x] != (invert ? 65535 - level : level);
        }
    CU_ASSERT_EQUAL(wrong, 0);
    free(words);
}

static void sixteen_bits_are_exact(void)
{
    struct tiff_recipe recipe = {
        .width = WIDTH, .height = HEIGHT, .type = SAMPLE_U16, .value = tiff_value_plain};
    check_kind(&recipe, false);
    check_kind(&recipe, true);
    recipe = (struct tiff_recipe){
        .width = WIDTH, .height = HEIGHT, .type = SAMPLE_I16, .value = tiff_value_signed};
    check_kind(&recipe, false);
    recipe = (struct tiff_recipe){.width = WIDTH,
                                  .height = HEIGHT,
                                  .bits = 32,
                                  .format = SAMPLEFORMAT_IEEEFP,
                                  .photometric = PHOTOMETRIC_MINISBLACK};
    check_kind(&recipe, true);
}

/* Gamma is applied before there are levels; the colours of a map have 8 bits, which are said twice.
 */
static void gamma_and_colours_have_all_bits(void)
{
    struct run run;
    struct tiff_recipe recipe = {
        .width = WIDTH, .height = HEIGHT, .type = SAMPLE_U16, .value = tiff_value_plain};
    const char *in = scratch_path("bent.tif"), *out = scratch_path("bent.pgm");
    const char *colours = scratch_path("bent.ppm");
    static uint8_t pixels[6 * WIDTH * HEIGHT];
    int wrong = 0;
    CU_ASSERT_FATAL(tiff_make(in, &recipe));
    RUN(&run, program(), "--force", "--render", out, "--bits", "16", "--window", "900", "--level",
        "700", "--gamma", "0.45", in);
    CU_ASSERT_EQUAL(run.status, 0);
    uint16_t *words = read_words(out);
    CU_ASSERT_PTR_NOT_NULL_FATAL(words);
    RUN(&run, program(), "--force", "--render", colours, "--bits", "16", "--window", "900",
        "--level", "700", "--gamma", "0.45", "--colormap", "hot-iron", "--invert", in);
    CU_ASSERT_EQUAL(run.status, 0);
    FILE *file = fopen(colours, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fscanf(file, "P6 330 290 65535"), 0);
    CU_ASSERT_EQUAL(fgetc(file), '\n');
    CU_ASSERT_EQUAL(fread(pixels, 1, sizeof pixels, file), sizeof pixels);
    fclose(file);
    for (int64_t i = 0; i < WIDTH * HEIGHT; i++) {
        double x = tiff_value_plain(i % WIDTH, i / WIDTH, 0);
        double y = fmin(fmax((x - 699.5) / 899 + 0.5, 0), 1);
        int red = 255 - (int)floor(255 * pow(y, 0.45) + 0.5);
        red = red < 128 ? 2 * red : 255;
        wrong += words[i] != (int)floor(65535 * pow(y, 0.45) + 0.5);
        wrong += pixels[6 * i] != red || pixels[6 * i + 1] != red;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(words);
    RUN(&run, program(), "--gamma", "0", "--render", out, in);
    CU_ASSERT_EQUAL(run.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "--gamma: '0' is not a number from 0.1 to 10"));
    RUN(&run, program(), "--colormap", "jet", "--render", out, in);
    CU_ASSERT_EQUAL(run.status, 2);
}

/* One picture, whatever its format: each is read by other means than it was written by. */
static void every_format_holds_the_same_words(void)
{
    struct run run;
    struct tiff_recipe recipe = {
        .width = WIDTH, .height = HEIGHT, .type = SAMPLE_U16, .value = tiff_value_plain};
    const char *in = scratch_path("same.tif"), *pgm = scratch_path("same.pgm");
    CU_ASSERT_FATAL(tiff_make(in, &recipe));
    RUN(&run, program(), "--force", "--render", pgm, "--bits", "16", in);
    uint16_t *words = read_words(pgm), row[WIDTH];
    CU_ASSERT_PTR_NOT_NULL_FATAL(words);
    RUN(&run, program(), "--force", "--render", scratch_path("same-out.tif"), "--bits", "16", in);
    TIFF *tiff = TIFFOpen(scratch_path("same-out.tif"), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    for (uint32_t y = 0; y < HEIGHT; y++)
        CU_ASSERT(TIFFReadScanline(tiff, row, y, 0) == 1 &&
                  !memcmp(row, words + y * WIDTH, sizeof row));
    TIFFClose(tiff);
#ifdef HAVE_PNG
    static png_byte bytes[2 * WIDTH];
    RUN(&run, program(), "--force", "--render", scratch_path("same.png"), "--bits", "16", in);
    FILE *file = fopen(scratch_path("same.png"), "rb");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    CU_ASSERT_FATAL(file && png && info && !setjmp(png_jmpbuf(png)));
    png_init_io(png, file);
    png_read_info(png, info);
    CU_ASSERT_EQUAL(png_get_bit_depth(png, info), 16);
    int wrong = 0;
    for (int y = 0; y < HEIGHT; y++) {
        png_read_row(png, bytes, NULL);
        for (int x = 0; x < WIDTH; x++)
            wrong += (bytes[2 * x] << 8 | bytes[2 * x + 1]) != words[y * WIDTH + x];
    }
    CU_ASSERT_EQUAL(wrong, 0);
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
#endif
    free(words);
}

/* 0.25 mm for a sample: at zoom 0.5 half a millimetre for a pixel, whichever way it is turned. */
static void pictures_say_where_they_come_from(void)
{
    struct run run;
    struct tiff_recipe recipe = {.width = WIDTH,
                                 .height = HEIGHT,
                                 .type = SAMPLE_U16,
                                 .pages = 3,
                                 .pixels_per_cm = 40,
                                 .value = tiff_value_plain};
    const char *in = scratch_path("origin.tif"), *out = scratch_path("origin-out.tif");
    float x = 0, y = 0;
    uint16_t unit = 0, page = 9, pages = 9;
    char *text = NULL, *name = NULL;
    CU_ASSERT_FATAL(tiff_make(in, &recipe));
    RUN(&run, program(), "--force", "--render", out, "--zoom", "0.5", "--page", "2", "--window",
        "900", "--level", "700", "--rotate", "90", in);
    TIFF *tiff = TIFFOpen(out, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x) && fabs((double)x - 20) < 1e-3);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y) && fabs((double)y - 20) < 1e-3);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &unit) && unit == RESUNIT_CENTIMETER);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_PAGENUMBER, &page, &pages) && page == 1 && pages == 3);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_IMAGEDESCRIPTION, &text));
    CU_ASSERT_STRING_EQUAL(text, "page 2 of 3, window 900, level 700, linear");
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_DOCUMENTNAME, &name));
    CU_ASSERT_STRING_EQUAL(name, "origin.tif");
    TIFFClose(tiff);
#ifdef HAVE_PNG
    RUN(&run, program(), "--force", "--render", scratch_path("origin.png"), "--zoom", "0.5", in);
    FILE *file = fopen(scratch_path("origin.png"), "rb");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    CU_ASSERT_FATAL(file && png && info && !setjmp(png_jmpbuf(png)));
    png_init_io(png, file);
    png_read_info(png, info);
    png_textp texts = NULL;
    CU_ASSERT_EQUAL(png_get_x_pixels_per_meter(png, info), 2000);
    CU_ASSERT_EQUAL(png_get_y_pixels_per_meter(png, info), 2000);
    CU_ASSERT_EQUAL(png_get_text(png, info, &texts, NULL), 2);
    CU_ASSERT_STRING_EQUAL(texts[0].key, "Source");
    CU_ASSERT_STRING_EQUAL(texts[0].text, "origin.tif");
    CU_ASSERT(!strncmp(texts[1].text, "page 1 of 3, window ", 20));
    png_destroy_read_struct(&png, &info, NULL);
    fclose(file);
#endif
}

static void colours_make_no_deep_gray(void)
{
    struct run run;
    struct tiff_recipe recipe = {
        .width = 30, .height = 20, .bits = 8, .samples = 3, .photometric = PHOTOMETRIC_RGB};
    CU_ASSERT_FATAL(tiff_make(scratch_path("rgb16.tif"), &recipe));
    RUN(&run, program(), "--render", scratch_path("rgb16.pgm"), "--bits", "16",
        scratch_path("rgb16.tif"));
    CU_ASSERT_EQUAL(run.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "gray of 16 bits is not made of colours"));
    RUN(&run, program(), "--render", scratch_path("rgb16.ppm"), "--bits", "16",
        scratch_path("rgb16.tif"));
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_EQUAL(scratch_size(scratch_path("rgb16.ppm")), 15 + 30 * 20 * 6);
}

SUITE("bits", {"sixteen bits are exact", sixteen_bits_are_exact},
      {"gamma and colours have all bits", gamma_and_colours_have_all_bits},
      {"every format holds the same words", every_format_holds_the_same_words},
      {"pictures say where they come from", pictures_say_where_they_come_from},
      {"colours make no deep gray", colours_make_no_deep_gray})
