/* --render and --info against pictures computed here from the stored values, by the words of the
 * DICOM standard and nothing of the program's. Guards app/render.c, app/info.c and all that lies
 * below. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "support/tiff_old.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { WIDTH = 301, HEIGHT = 203 };

struct tone {
    const char *voi;
    double width, center;
};

static double fraction(const struct tone *t, double x)
{
    double c = t->center, w = t->width;
    if (!strcmp(t->voi, "sigmoid"))
        return 1 / (1 + exp(-4 * (x - c) / w));
    if (!strcmp(t->voi, "linear-exact"))
        return x <= c - w / 2 ? 0 : x > c + w / 2 ? 1 : (x - c) / w + 0.5;
    if (x <= c - 0.5 - (w - 1) / 2)
        return 0;
    return x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5;
}

static int level(const struct tone *t, double x, bool flip)
{
    int shown = (int)round(255 * fraction(t, x));
    return flip ? 255 - shown : shown;
}

static const char *number(double value)
{
    static char texts[8][32];
    static int next;
    char *text = texts[next++ % 8];
    snprintf(text, sizeof texts[0], "%.17g", value);
    return text;
}

/* Renders the whole page at a zoom; false (and a failed assertion) when the program fails. */
static bool render(struct pnm *picture, const char *file, const struct tone *tone, const char *zoom,
                   const char *more)
{
    struct run run;
    const char *out = scratch_path("out.pgm");
    RUN(&run, program(), "--force", "--render", out, "--zoom", zoom, "--window",
        number(tone->width), "--level", number(tone->center), "--voi", tone->voi,
        more ? more : "--workers=2", file);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    bool good = pnm_read(picture, out);
    CU_ASSERT(good);
    return good;
}

static long differing(const struct pnm *picture, const struct tiff_recipe *recipe,
                      const struct tone *tone)
{
    long count = 0;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            count +=
                pnm_at(picture, x, y) != level(tone, recipe->value(x, y, 0), recipe->min_is_white);
    return count;
}

static const struct tone tones[] = {
    {"linear", 1500, 1800.5}, {"linear-exact", 1700.25, 1900}, {"sigmoid", 900, 2000}};

static void compare_exactly(const struct tiff_recipe *recipe, const struct tone *tone)
{
    struct pnm picture;
    const char *file = scratch_path("exact.tif");
    CU_ASSERT_FATAL(tiff_make(file, recipe));
    if (!render(&picture, file, tone, "1", NULL))
        return;
    CU_ASSERT(picture.width == WIDTH && picture.height == HEIGHT);
    long off = differing(&picture, recipe, tone);
    CU_ASSERT_EQUAL(off, 0);
    if (off)
        printf("  %ld pixels differ: compression %d, tile %d, rows %ld, %s\n", off,
               recipe->compression, recipe->tile_width, (long)recipe->rows_per_strip, tone->voi);
    pnm_free(&picture);
}

static struct tiff_recipe plain(void)
{
    return (struct tiff_recipe){.width = WIDTH,
                                .height = HEIGHT,
                                .type = SAMPLE_U16,
                                .rows_per_strip = 16,
                                .value = tiff_value_plain};
}

static void every_compression_and_layout_at_zoom_1(void)
{
    static const int compressions[] = {
        COMPRESSION_NONE,    COMPRESSION_PACKBITS, COMPRESSION_LZW,  COMPRESSION_ADOBE_DEFLATE,
        COMPRESSION_DEFLATE, COMPRESSION_LZMA,     COMPRESSION_ZSTD, COMPRESSION_LERC};
    static const struct {
        int tile_width, tile_height;
        int64_t rows;
    } layouts[] = {{0, 0, 1}, {0, 0, 16}, {0, 0, 0}, {64, 48, 0}, {512, 256, 0}};
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        if (!tiff_can(compressions[i]))
            continue;
        for (size_t j = 0; j < sizeof layouts / sizeof *layouts; j++) {
            struct tiff_recipe recipe = plain();
            recipe.compression = compressions[i];
            recipe.tile_width = layouts[j].tile_width;
            recipe.tile_height = layouts[j].tile_height;
            recipe.rows_per_strip = layouts[j].rows;
            compare_exactly(&recipe, &tones[(i + j) % 3]);
        }
    }
}

static void every_type_order_and_polarity_with_every_function(void)
{
    static const struct {
        enum sample_type type;
        tiff_value *value;
        double scale, offset;
    } types[] = {{SAMPLE_U16, tiff_value_wide, 16, 0},
                 {SAMPLE_I16, tiff_value_signed, 10, -20000},
                 {SAMPLE_U8, tiff_value_byte, 0.06, 0},
                 {SAMPLE_I8, tiff_value_signed_byte, 0.06, -128}};
    for (int variant = 0; variant < 48; variant++) {
        struct tiff_recipe recipe = plain();
        struct tone tone = tones[variant % 3];
        int type = variant / 3 % 4;
        recipe.type = types[type].type;
        recipe.value = types[type].value;
        recipe.big_endian = variant / 12 & 1;
        recipe.min_is_white = variant / 24 & 1;
        recipe.big_tiff = variant & 1;
        recipe.compression = variant % 2 ? COMPRESSION_NONE : COMPRESSION_LZW;
        recipe.predictor = variant % 2 ? 0 : 2;
        tone.width = 1 + tone.width * types[type].scale;
        tone.center = tone.center * types[type].scale + types[type].offset;
        compare_exactly(&recipe, &tone);
    }
}

static double mean(const struct tiff_recipe *recipe, int64_t x, int64_t y, int side)
{
    double sum = 0;
    int count = 0;
    for (int64_t j = y; j < y + side && j < recipe->height; j++)
        for (int64_t i = x; i < x + side && i < recipe->width; i++, count++)
            sum += recipe->value(i, j, 0);
    return sum / count;
}

static void halves_quarters_and_eighths_are_means(void)
{
    static const struct {
        const char *zoom;
        int side;
    } zooms[] = {{"0.5", 2}, {"25%", 4}, {"0.125", 8}};
    struct tiff_recipe recipe = plain();
    recipe.width = 640;
    recipe.height = 480;
    const char *file = scratch_path("means.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    for (size_t i = 0; i < sizeof zooms / sizeof *zooms; i++) {
        struct pnm picture;
        int side = zooms[i].side, worst = 0;
        if (!render(&picture, file, &tones[0], zooms[i].zoom, NULL))
            continue;
        CU_ASSERT(picture.width == 640 / side && picture.height == 480 / side);
        for (int y = 0; y < picture.height; y++)
            for (int x = 0; x < picture.width; x++) {
                int wanted = level(&tones[0], mean(&recipe, x * side, y * side, side), false);
                int off = abs(pnm_at(&picture, x, y) - wanted);
                worst = off > worst ? off : worst;
            }
        CU_ASSERT(worst <= 1);
        pnm_free(&picture);
    }
}

static void invert_and_rescale_do_what_they_say(void)
{
    struct pnm picture;
    struct tiff_recipe recipe = plain();
    const char *file = scratch_path("invert.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    long off = 0;
    if (render(&picture, file, &tones[0], "1", "--invert")) {
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                off += pnm_at(&picture, x, y) != level(&tones[0], recipe.value(x, y, 0), true);
        pnm_free(&picture);
    }
    CU_ASSERT_EQUAL(off, 0);
    struct tone tone = {"linear", 400, 40};
    if (render(&picture, file, &tone, "1", "--rescale=0.5,-1024")) {
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                off += pnm_at(&picture, x, y) !=
                       level(&tone, recipe.value(x, y, 0) * 0.5 - 1024, false);
        pnm_free(&picture);
    }
    CU_ASSERT_EQUAL(off, 0);
}

static int compare_values(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

/* The page has fewer than 2^20 samples, so the auto window is made from all of them. */
static void the_auto_window_is_the_percentiles(void)
{
    static int32_t values[WIDTH * HEIGHT];
    struct tiff_recipe recipe = plain();
    struct pnm asked, automatic;
    struct run run;
    const char *file = scratch_path("auto.tif"), *out = scratch_path("auto.pgm");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        values[i] = recipe.value(i % WIDTH, i / WIDTH, 0);
    qsort(values, WIDTH * HEIGHT, sizeof *values, compare_values);
    int low = values[(int)ceil(0.005 * WIDTH * HEIGHT) - 1];
    int high = values[(int)ceil(0.995 * WIDTH * HEIGHT) - 1];
    struct tone tone = {"linear", high - low + 1, (high + low + 1) / 2.0};
    RUN(&run, program(), "--force", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(&automatic, out));
    CU_ASSERT_FATAL(render(&asked, file, &tone, "1", NULL));
    CU_ASSERT(!memcmp(asked.samples, automatic.samples, WIDTH * HEIGHT));
    pnm_free(&asked);
    pnm_free(&automatic);
}

static void the_file_s_window_comes_first(void)
{
    struct tiff_recipe recipe = plain();
    struct run run;
    recipe.has_range = true;
    recipe.range_low = 100;
    recipe.range_high = 2099;
    const char *file = scratch_path("named.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--info", "--json", file);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\"window\":2000,\"level\":1100,"));
    RUN(&run, program(), "--info", "--json", "--auto", file);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\"window_source\":\"auto\""));
    recipe.description = "ImageJ=1.53t\nmin=10.0\nmax=29.0\n";
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--info", "--json", file);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\"window\":20,\"level\":20,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "ImageJ"));
}

static void info_is_json_for_any_name(void)
{
    struct tiff_recipe recipe = plain();
    struct run run;
    const char *file = scratch_path("odd \"\\\xff\xc3\xa9\x01.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--info", "--json", file);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "odd \\\"\\\\\\ufffd\xc3\xa9\\u0001.tif\""));
}

/* The same bytes whatever the means. */
static void means_do_not_change_the_picture(void)
{
    static const char *const means[][2] = {{"--workers=1", "--memory=64M"},
                                           {"--workers=5", "--memory=64M"},
                                           {"--workers=2", "--memory=1"},
                                           {"--workers=1", "--memory=1M"}};
    struct pnm pictures[4];
    struct tiff_recipe recipe = plain();
    struct run run;
    recipe.width = 2000;
    recipe.height = 1500;
    recipe.compression = COMPRESSION_ADOBE_DEFLATE;
    const char *file = scratch_path("means.tif"), *out = scratch_path("means.pgm");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    for (int i = 0; i < 4; i++) {
        RUN(&run, program(), "--force", "--render", out, "--size", "700x500", "--zoom", "fill",
            "--rotate", "90", means[i][0], means[i][1], file);
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_FATAL(pnm_read(&pictures[i], out));
        CU_ASSERT(!memcmp(pictures[0].samples, pictures[i].samples, 700 * 500));
    }
    for (int i = 0; i < 4; i++)
        pnm_free(&pictures[i]);
}

static void rotating_and_flipping_move_pixels(void)
{
    struct tiff_recipe recipe = plain();
    const char *file = scratch_path("turn.tif"), *out = scratch_path("turn.pgm");
    struct run run;
    struct pnm picture;
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--force", "--render", out, "--zoom", "1", "--rotate", "90", "--flip", "h",
        "--window", "1500", "--level", "1800.5", file);
    CU_ASSERT_FATAL(pnm_read(&picture, out));
    CU_ASSERT(picture.width == HEIGHT && picture.height == WIDTH);
    long off = 0;
    /* Turned clockwise the page's (x, y) lies at (HEIGHT-1-y, x); mirrored then at (y, x). */
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            off += pnm_at(&picture, y, x) != level(&tones[0], recipe.value(x, y, 0), false);
    CU_ASSERT_EQUAL(off, 0);
    pnm_free(&picture);
}

/* What other programs make of the pictures: one size, one sum. */
static void every_output_format_holds_the_same_levels(void)
{
    struct tiff_recipe recipe = plain();
    const char *file = scratch_path("formats.tif");
    struct run run;
    struct pnm pgm, ppm, again;
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--force", "--render", scratch_path("f.pgm"), file);
    RUN(&run, program(), "--force", "--render", scratch_path("f.ppm"), file);
    CU_ASSERT_FATAL(pnm_read(&pgm, scratch_path("f.pgm")));
    CU_ASSERT_FATAL(pnm_read(&ppm, scratch_path("f.ppm")));
    CU_ASSERT(ppm.channels == 3 && pgm.channels == 1);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        if (pgm.samples[i] != ppm.samples[3 * i] || pgm.samples[i] != ppm.samples[3 * i + 2])
            CU_FAIL_FATAL("PPM differs from PGM");
    /* An 8-bit TIFF rendered again with a window that maps each level to itself. */
    RUN(&run, program(), "--force", "--render", scratch_path("f.tif"), file);
    CU_ASSERT_EQUAL(run.status, 0);
    RUN(&run, program(), "--force", "--render", scratch_path("g.pgm"), "--window", "256", "--level",
        "128", scratch_path("f.tif"));
    CU_ASSERT_FATAL(pnm_read(&again, scratch_path("g.pgm")));
    CU_ASSERT(!memcmp(again.samples, pgm.samples, WIDTH * HEIGHT));
    pnm_free(&pgm);
    pnm_free(&ppm);
    pnm_free(&again);
}

SUITE("render", {"every compression and layout at zoom 1", every_compression_and_layout_at_zoom_1},
      {"every type, order and polarity", every_type_order_and_polarity_with_every_function},
      {"1/2, 1/4 and 1/8 are means", halves_quarters_and_eighths_are_means},
      {"invert and rescale", invert_and_rescale_do_what_they_say},
      {"the auto window is the percentiles", the_auto_window_is_the_percentiles},
      {"the file's window comes first", the_file_s_window_comes_first},
      {"info is JSON for any name", info_is_json_for_any_name},
      {"means do not change the picture", means_do_not_change_the_picture},
      {"rotating and flipping", rotating_and_flipping_move_pixels},
      {"every output format", every_output_format_holds_the_same_levels})
