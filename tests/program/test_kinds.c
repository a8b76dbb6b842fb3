/* The kinds of TIFF files as their user meets them: colours, floating point, palettes, bilevel
 * pages, every Orientation, channels and axes, --strict and --info. Pictures are compared with
 * levels worked out here. Guards app/render.c, app/info.c, app/info_text.c, app/info_json.c,
 * app/scene.c, app/scene_place.c and app/scene_window.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>
#include <unistd.h>

#include "support/json.h"
#include "support/tiff_maker.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"

enum { WIDTH = 131, HEIGHT = 77 };

static double bytes_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe;
    return (x * 3 + y * 5 + x * y + sample * 85 + page * 31) & 255;
}

static double words_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    return (int)(bytes_of(recipe, x, y, page, sample) * 257) ^ (x & 255);
}

static struct tiff_recipe rgb(int bits)
{
    return (struct tiff_recipe){.width = WIDTH,
                                .height = HEIGHT,
                                .bits = bits,
                                .samples = 3,
                                .photometric = PHOTOMETRIC_RGB,
                                .rows_per_strip = 16,
                                .number = bits == 16 ? words_of : bytes_of};
}

/* DICOM's LINEAR on whole numbers. */
static int linear(double value, double width, double center)
{
    if (isnan(value) || value <= center - 0.5 - (width - 1) / 2)
        return 0;
    if (value > center - 0.5 + (width - 1) / 2)
        return 255;
    return (int)round(255 * ((value - (center - 0.5)) / (width - 1) + 0.5));
}

/* Renders; false (and a failed assertion) when the program fails or says anything. */
static bool render(struct pnm *picture, const char *out, const char *file, const char *option,
                   const char *more)
{
    struct run run;
    RUN(&run, program(), "--force", "--render", scratch_path(out), option ? option : "--workers=2",
        more ? more : "--workers=2", scratch_path(file));
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    bool good = run.status == 0 && pnm_read(picture, scratch_path(out));
    CU_ASSERT(good);
    return good;
}

/* What a picture of three channels should be, and how many of its levels are not. */
typedef int level_of(int x, int y, int channel);

static void compare(const char *file, const char *option, const char *more, level_of *level)
{
    struct pnm picture;
    long off = 0;
    if (!render(&picture, "kind.ppm", file, option, more))
        return;
    CU_ASSERT_EQUAL_FATAL(picture.channels, 3);
    for (int i = 0; i < picture.width * picture.height * 3; i++)
        off += picture.samples[i] != level(i / 3 % picture.width, i / 3 / picture.width, i % 3);
    CU_ASSERT_EQUAL(off, 0);
    if (off)
        printf("  %ld levels of %s differ\n", off, file);
    pnm_free(&picture);
}

static int as_stored(int x, int y, int channel)
{
    return (int)bytes_of(NULL, x, y, 0, channel);
}

static int words_as_levels(int x, int y, int channel)
{
    return linear(words_of(NULL, x, y, 0, channel), 65536, 32768);
}

static int windowed(int x, int y, int channel)
{
    return linear(bytes_of(NULL, x, y, 0, channel), 100, 90);
}

static void colours_are_shown_as_stored_and_through_windows(void)
{
    for (int planar = 0; planar < 2; planar++) {
        struct tiff_recipe recipe = rgb(8);
        recipe.separate = planar;
        recipe.compression = planar ? COMPRESSION_LZW : 0;
        CU_ASSERT_FATAL(tiff_make(scratch_path("rgb.tif"), &recipe));
        compare("rgb.tif", NULL, NULL, as_stored);
        compare("rgb.tif", "--window=100", "--level=90", windowed);
    }
    struct tiff_recipe recipe = rgb(16);
    CU_ASSERT_FATAL(tiff_make(scratch_path("rgb16.tif"), &recipe));
    compare("rgb16.tif", NULL, NULL, words_as_levels);
}

/* Red, green and blue of every picture that can hold them; luma where it cannot. */
static void every_picture_holds_its_colours(void)
{
    struct tiff_recipe recipe = rgb(8);
    struct pnm gray;
    struct run run;
    long off = 0;
    CU_ASSERT_FATAL(tiff_make(scratch_path("rgb.tif"), &recipe));
    if (render(&gray, "gray.pgm", "rgb.tif", NULL, NULL)) {
        CU_ASSERT_EQUAL(gray.channels, 1);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                double luma = 0.299 * as_stored(x, y, 0) + 0.587 * as_stored(x, y, 1) +
                              0.114 * as_stored(x, y, 2);
                off += fabs(pnm_at(&gray, x, y) - luma) > 0.501;
            }
        CU_ASSERT_EQUAL(off, 0);
        pnm_free(&gray);
    }
    RUN(&run, program(), "--force", "--render", scratch_path("again.tif"), scratch_path("rgb.tif"));
    CU_ASSERT_EQUAL(run.status, 0);
    compare("again.tif", NULL, NULL, as_stored);
    RUN(&run, program(), "--force", "--render", "-", scratch_path("rgb.tif"));
    CU_ASSERT(!strncmp(run.out, "P6\n131 77\n255\n", 14));
    recipe.samples = 1;
    recipe.photometric = PHOTOMETRIC_MINISBLACK;
    CU_ASSERT_FATAL(tiff_make(scratch_path("gray.tif"), &recipe));
    RUN(&run, program(), "--force", "--render", "-", scratch_path("gray.tif"));
    CU_ASSERT(!strncmp(run.out, "P5\n131 77\n255\n", 14));
}

static uint16_t palette[3][256];

static int through_palette(int x, int y, int channel)
{
    return palette[channel][(int)bytes_of(NULL, x, y, 0, 0)] / 257;
}

static void palettes_give_their_colours(void)
{
    struct tiff_recipe recipe = rgb(8);
    for (int i = 0; i < 256; i++) {
        palette[0][i] = (uint16_t)(257 * (i * 7 & 255));
        palette[1][i] = (uint16_t)(257 * (255 - i));
        palette[2][i] = (uint16_t)(257 * (i * 31 & 255));
    }
    recipe.samples = 1;
    recipe.photometric = PHOTOMETRIC_PALETTE;
    recipe.palette = (const uint16_t(*)[256])palette;
    CU_ASSERT_FATAL(tiff_make(scratch_path("palette.tif"), &recipe));
    compare("palette.tif", NULL, NULL, through_palette);
}

static double fraction_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                          int sample)
{
    (void)recipe, (void)sample, (void)page;
    if ((x + y) % 23 == 0)
        return NAN;
    return (x * 37 + y * 101) % 1999 / 1999.0 - 0.25;
}

static double tiny_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    return 1e-9 * fraction_of(recipe, x, y, page, sample);
}

static double huge_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    return 1e9 * fraction_of(recipe, x, y, page, sample);
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* LINEAR_EXACT between the percentiles of what is a number; what is none is black. */
static void compare_floats(const char *file, tiff_number *value, int bits)
{
    static double sorted[WIDTH * HEIGHT];
    struct pnm picture;
    int count = 0, off = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double stored = value(NULL, i % WIDTH, i / WIDTH, 0, 0);
        sorted[count] = bits == 32 ? (double)(float)stored : stored;
        count += !isnan(stored);
    }
    qsort(sorted, (size_t)count, sizeof *sorted, compare_numbers);
    double low = sorted[(int)ceil(0.005 * count) - 1], high = sorted[(int)ceil(0.995 * count) - 1];
    if (!render(&picture, "float.pgm", file, NULL, NULL))
        return;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double stored = value(NULL, i % WIDTH, i / WIDTH, 0, 0);
        double fraction = fmax(0, fmin(1, (stored - low) / (high - low)));
        int wanted = isnan(stored) ? 0 : (int)round(255 * fraction);
        off += abs(picture.samples[i] - wanted) > 1;
    }
    CU_ASSERT_EQUAL(off, 0);
    pnm_free(&picture);
}

static void floats_of_any_size_get_their_window(void)
{
    static tiff_number *const values[] = {fraction_of, tiny_of, huge_of};
    for (int bits = 32; bits <= 64; bits += 32)
        for (size_t i = 0; i < 3; i++) {
            struct tiff_recipe recipe = {.width = WIDTH,
                                         .height = HEIGHT,
                                         .bits = bits,
                                         .format = SAMPLEFORMAT_IEEEFP,
                                         .photometric = PHOTOMETRIC_MINISBLACK,
                                         .number = values[i]};
            CU_ASSERT_FATAL(tiff_make(scratch_path("float.tif"), &recipe));
            compare_floats("float.tif", values[i], bits);
        }
}

/* LINEAR has no widths below 1: LINEAR_EXACT takes its place, unless it is asked for by name. */
static void fractions_are_windowed_exactly(void)
{
    static const struct {
        const char *voi;
        bool exact;
    } rows[] = {{"--workers=2", true}, {"--voi=linear-exact", true}, {"--voi=linear", false}};
    struct tiff_recipe recipe = {.width = WIDTH,
                                 .height = HEIGHT,
                                 .bits = 64,
                                 .format = SAMPLEFORMAT_IEEEFP,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .number = fraction_of};
    CU_ASSERT_FATAL(tiff_make(scratch_path("fractions.tif"), &recipe));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pnm picture;
        struct run run;
        int off = 0;
        RUN(&run, program(), "--force", "--render", scratch_path("fractions.pgm"), "--window=0.5",
            "--level=0.25", rows[i].voi, scratch_path("fractions.tif"));
        CU_ASSERT_FATAL(run.status == 0 && pnm_read(&picture, scratch_path("fractions.pgm")));
        for (int j = 0; j < WIDTH * HEIGHT; j++) {
            double stored = fraction_of(NULL, j % WIDTH, j / WIDTH, 0, 0);
            int wanted = (int)round(255 * fmax(0, fmin(1, stored / 0.5)));
            if (!rows[i].exact)
                wanted = linear(stored, 1, 0.25);
            off += picture.samples[j] != (isnan(stored) ? 0 : wanted);
        }
        CU_ASSERT_EQUAL(off, 0);
        pnm_free(&picture);
    }
}

static double nothing_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                         int sample)
{
    (void)recipe, (void)x, (void)y, (void)sample, (void)page;
    return NAN;
}

static double constant_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                          int sample)
{
    (void)recipe, (void)x, (void)y, (void)sample, (void)page;
    return 42;
}

static double zero_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    return 0 * constant_of(recipe, x, y, page, sample);
}

/* Nothing to make a window of: shown all the same, in one level. */
static void pages_of_one_value_are_shown(void)
{
    static const struct {
        int width, height, bits;
        bool floating;
        tiff_number *value;
    } rows[] = {{WIDTH, HEIGHT, 32, true, nothing_of},   {WIDTH, HEIGHT, 64, true, constant_of},
                {WIDTH, HEIGHT, 16, false, constant_of}, {WIDTH, HEIGHT, 32, false, constant_of},
                {1, 1, 8, false, constant_of},           {1, 1, 32, true, nothing_of},
                {WIDTH, HEIGHT, 8, false, zero_of},      {WIDTH, HEIGHT, 32, true, zero_of},
                {1, 1000000, 16, false, constant_of}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tiff_recipe recipe = {.width = rows[i].width,
                                     .height = rows[i].height,
                                     .bits = rows[i].bits,
                                     .format = rows[i].floating ? SAMPLEFORMAT_IEEEFP : 0,
                                     .photometric = PHOTOMETRIC_MINISBLACK,
                                     .number = rows[i].value};
        struct pnm picture;
        int off = 0;
        CU_ASSERT_FATAL(tiff_make(scratch_path("one.tif"), &recipe));
        if (!render(&picture, "one.pgm", "one.tif", NULL, NULL))
            continue;
        CU_ASSERT(picture.width == rows[i].width && picture.height == rows[i].height);
        for (int j = 0; j < picture.width * picture.height; j++)
            off += picture.samples[j] != picture.samples[0];
        CU_ASSERT_EQUAL(off, 0);
        pnm_free(&picture);
    }
}

static double fax_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe, (void)sample, (void)page;
    return x == 5 && y == 7; /* far less than a two-hundredth of the page */
}

static double negative_fax_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                              int sample)
{
    return !fax_of(recipe, x, y, page, sample);
}

/* Whichever of the two values is rare, both are seen. */
static void a_fax_is_black_and_white(void)
{
    for (int variant = 0; variant < 4; variant++) {
        int photometric = variant / 2, negative = variant % 2;
        int rare = (photometric == PHOTOMETRIC_MINISBLACK) != negative ? 255 : 0;
        struct tiff_recipe recipe = {.width = 1728,
                                     .height = 400,
                                     .bits = 1,
                                     .photometric = photometric,
                                     .compression = COMPRESSION_CCITTFAX4,
                                     .number = negative ? negative_fax_of : fax_of};
        struct pnm picture;
        CU_ASSERT_FATAL(tiff_make(scratch_path("fax.tif"), &recipe));
        if (!render(&picture, "fax.pgm", "fax.tif", NULL, NULL))
            continue;
        CU_ASSERT_EQUAL(pnm_at(&picture, 5, 7), rare);
        CU_ASSERT_EQUAL(pnm_at(&picture, 6, 7), 255 - rare);
        pnm_free(&picture);
    }
}

/* Three of every four samples are 1, one is 0. */
static double three_quarters_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                                int sample)
{
    (void)recipe, (void)sample, (void)page;
    return x % 2 || y % 2;
}

/* Few bits have few values; their means are gray all the same. */
static void a_fax_is_gray_from_afar(void)
{
    struct tiff_recipe recipe = {.width = 600,
                                 .height = 400,
                                 .bits = 1,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .compression = COMPRESSION_CCITTFAX4,
                                 .number = three_quarters_of};
    struct pnm picture;
    CU_ASSERT_FATAL(tiff_make(scratch_path("fax.tif"), &recipe));
    if (!render(&picture, "fax.pgm", "fax.tif", "--zoom=0.5", "--size=300x200"))
        return;
    for (int y = 0; y < 200; y += 33)
        for (int x = 0; x < 300; x += 29)
            CU_ASSERT_EQUAL(pnm_at(&picture, x, y), 191);
    pnm_free(&picture);
}

/* TIFF 6.0, page 36: where the stored row 0 and column 0 lie in what is seen. */
static const struct {
    bool transposed, rows_from_the_end, columns_from_the_end;
} uprights[8] = {{false, false, false}, {false, false, true}, {false, true, true},
                 {false, true, false},  {true, false, false}, {true, true, false},
                 {true, true, true},    {true, false, true}};

static int upright(int orientation, int x, int y)
{
    bool transposed = uprights[orientation - 1].transposed;
    int row = transposed ? x : y, column = transposed ? y : x;
    if (uprights[orientation - 1].rows_from_the_end)
        row = HEIGHT - 1 - row;
    if (uprights[orientation - 1].columns_from_the_end)
        column = WIDTH - 1 - column;
    return (int)bytes_of(NULL, column, row, 0, 0);
}

static void compare_upright(int orientation)
{
    struct pnm picture;
    bool lies = orientation >= 5;
    int off = 0;
    if (!render(&picture, "up.pgm", "up.tif", "--window=256", "--level=128"))
        return;
    CU_ASSERT_EQUAL_FATAL(picture.width, lies ? HEIGHT : WIDTH);
    CU_ASSERT_EQUAL_FATAL(picture.height, lies ? WIDTH : HEIGHT);
    for (int y = 0; y < picture.height; y++)
        for (int x = 0; x < picture.width; x++)
            off += pnm_at(&picture, x, y) != upright(orientation, x, y);
    CU_ASSERT_EQUAL(off, 0);
    if (off)
        printf("  Orientation %d: %d differ\n", orientation, off);
    pnm_free(&picture);
}

static void every_orientation_stands_upright(void)
{
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct tiff_recipe recipe = rgb(8);
        struct pnm picture;
        struct run run;
        recipe.samples = 1;
        recipe.photometric = PHOTOMETRIC_MINISBLACK;
        recipe.orientation = orientation;
        CU_ASSERT_FATAL(tiff_make(scratch_path("up.tif"), &recipe));
        compare_upright(orientation);
        RUN(&run, program(), "--info", "--json", scratch_path("up.tif"));
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, orientation >= 5 ? "\"width\":77,\"height\":131,"
                                                                : "\"width\":131,\"height\":77,"));
        RUN(&run, program(), "--force", "--render", scratch_path("raw.pgm"), "--orientation", "raw",
            "--window=256", "--level=128", scratch_path("up.tif"));
        CU_ASSERT_FATAL(run.status == 0 && pnm_read(&picture, scratch_path("raw.pgm")));
        CU_ASSERT(picture.width == WIDTH && picture.height == HEIGHT);
        CU_ASSERT_EQUAL(pnm_at(&picture, 100, 3), (int)bytes_of(NULL, 100, 3, 0, 0));
        CU_ASSERT_EQUAL(pnm_at(&picture, 2, 70), (int)bytes_of(NULL, 2, 70, 0, 0));
        pnm_free(&picture);
    }
}

static void a_channel_can_be_shown_alone(void)
{
    struct tiff_recipe recipe = rgb(8);
    struct run run;
    recipe.samples = 5;
    CU_ASSERT_FATAL(tiff_make(scratch_path("five.tif"), &recipe));
    for (int channel = 1; channel <= 5; channel++) {
        struct pnm picture;
        char option[16];
        int off = 0;
        snprintf(option, sizeof option, "--channel=%d", channel);
        RUN(&run, program(), "--force", "--render", scratch_path("one.ppm"), option, "--window=256",
            "--level=128", scratch_path("five.tif"));
        CU_ASSERT_FATAL(run.status == 0 && pnm_read(&picture, scratch_path("one.ppm")));
        for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
            off += picture.samples[i] !=
                   (int)bytes_of(NULL, i / 3 % WIDTH, i / 3 / WIDTH, 0, channel - 1);
        CU_ASSERT_EQUAL(off, 0);
        pnm_free(&picture);
    }
    RUN(&run, program(), "--force", "--render", scratch_path("six.ppm"), "--channel=6",
        scratch_path("five.tif"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "all or a channel from 1 to 5"));
    CU_ASSERT_NOT_EQUAL(access(scratch_path("six.ppm"), F_OK), 0);
}

static double page_number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                          int sample)
{
    (void)recipe, (void)x, (void)y, (void)sample;
    return page;
}

/* An ImageJ hyperstack: channels fastest, then slices, then time points. */
static void axes_are_options(void)
{
    static const struct {
        const char *channel, *slice, *time;
        int page;
    } rows[] = {{"1", "1", "1", 0}, {"2", "1", "1", 1},  {"1", "3", "1", 4},
                {"2", "2", "2", 9}, {"2", "3", "2", 11}, {"1", "1", "2", 6}};
    struct tiff_recipe recipe = {.width = 8,
                                 .height = 8,
                                 .bits = 8,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .pages = 12,
                                 .description = "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\n"
                                                "frames=2\nhyperstack=true\nmode=grayscale\n",
                                 .number = page_number};
    struct run run;
    CU_ASSERT_FATAL(tiff_make(scratch_path("stack.tif"), &recipe));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pnm picture;
        RUN(&run, program(), "--force", "--render", scratch_path("stack.pgm"), "--channel",
            rows[i].channel, "--slice", rows[i].slice, "--time", rows[i].time, "--window=256",
            "--level=128", scratch_path("stack.tif"));
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_FATAL(pnm_read(&picture, scratch_path("stack.pgm")));
        CU_ASSERT_EQUAL(pnm_at(&picture, 3, 3), rows[i].page);
        pnm_free(&picture);
    }
    RUN(&run, program(), "--info", "--json", "--slice", "3", scratch_path("stack.tif"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(run.out, "\"axes\":{\"channel\":[1,2],\"slice\":[3,3],\"time\":[1,2]}"));
    RUN(&run, program(), "--force", "--render", scratch_path("stack.pgm"), "--slice", "4",
        scratch_path("stack.tif"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "a slice from 1 to 3"));
}

/* What is shown hatched by default is no picture with --strict, and an old one stays. */
static void strict_takes_no_damage(void)
{
    struct tiff_recipe recipe = rgb(16);
    struct run run;
    const char *file = scratch_path("cut.tif"), *out = scratch_path("cut.ppm");
    recipe.compression = COMPRESSION_ADOBE_DEFLATE;
    recipe.height = 400;
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--force", "--strict", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_EQUAL(access(out, F_OK), 0);
    unlink(out);
    uint8_t zeros[512] = {0};
    scratch_patch(file, scratch_size(file) / 3, zeros, sizeof zeros);
    RUN(&run, program(), "--force", "--strict", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "--strict"));
    CU_ASSERT_NOT_EQUAL(access(out, F_OK), 0);
    RUN(&run, program(), "--force", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "cut.tif"));
    CU_ASSERT_EQUAL(access(out, F_OK), 0);
}

/* Two samples that claim to be red, green and blue are shown as gray with a word, but not strictly.
 */
static void strict_takes_no_guess(void)
{
    struct tiff_recipe recipe = rgb(8);
    struct run run;
    const char *file = scratch_path("two.tif"), *out = scratch_path("two.pgm");
    recipe.samples = 2;
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    RUN(&run, program(), "--force", "--strict", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "(--strict)"));
    CU_ASSERT_NOT_EQUAL(access(out, F_OK), 0);
    RUN(&run, program(), "--force", "--render", out, file);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "two.tif: it has too few samples for its colours"));
    CU_ASSERT_EQUAL(access(out, F_OK), 0);
}

static void info_tells_what_a_page_is(void)
{
    static const struct {
        int bits, samples, photometric;
        bool floating;
        const char *text, *type, *more;
    } rows[] = {
        {8, 3, PHOTOMETRIC_RGB, false, "8-bit unsigned, 3 samples, RGB",
         "\"type\":\"8-bit unsigned, 3 samples\"", "\"window_source\":\"as stored\""},
        {32, 1, PHOTOMETRIC_MINISBLACK, true, "32-bit float, MinIsBlack",
         "\"sample_format\":\"float\"", "\"window_source\":\"auto\""},
        {16, 1, PHOTOMETRIC_MINISWHITE, false, "16-bit unsigned, MinIsWhite",
         "\"photometric\":\"MinIsWhite\"", "\"colour\":false"},
        {1, 1, PHOTOMETRIC_MINISBLACK, false, "1-bit unsigned", "\"bits\":1", "\"facts\":{"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tiff_recipe recipe = rgb(rows[i].bits);
        struct run run;
        recipe.samples = rows[i].samples;
        recipe.photometric = rows[i].photometric;
        recipe.format = rows[i].floating ? SAMPLEFORMAT_IEEEFP : 0;
        recipe.orientation = 3;
        CU_ASSERT_FATAL(tiff_make(scratch_path("i.tif"), &recipe));
        RUN(&run, program(), "--info", scratch_path("i.tif"));
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, rows[i].text));
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "turned by 180 degrees (Orientation 3)"));
        RUN(&run, program(), "--info", "--json", scratch_path("i.tif"));
        CU_ASSERT(json_sound(run.out));
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, rows[i].type));
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, rows[i].more));
    }
}

/* A description that would break JSON, or end it. */
static void info_is_json_whatever_the_file_says(void)
{
    struct tiff_recipe recipe = rgb(32);
    struct run run;
    recipe.samples = 1;
    recipe.photometric = PHOTOMETRIC_MINISBLACK;
    recipe.format = SAMPLEFORMAT_IEEEFP;
    recipe.with_nodata = true;
    recipe.nodata = NAN;
    recipe.description = "a \"quoted\"\\ text,\n}]\x01\xff\xc3\xa9 with all in it";
    CU_ASSERT_FATAL(tiff_make(scratch_path("says.tif"), &recipe));
    RUN(&run, program(), "--info", "--json", scratch_path("says.tif"));
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT(json_sound(run.out));
    CU_ASSERT(json_sound("{\"a\":[1,-2.5e3,\"\\u00e9\"],\"b\":null}"));
    CU_ASSERT_FALSE(json_sound("{\"a\":nan}") || json_sound("{\"a\":1,\"a\":2}") ||
                    json_sound("{\"a\":\"\n\"}") || json_sound("[1,]") || json_sound("{} x"));
}

SUITE("kinds",
      {"colours as stored and through windows", colours_are_shown_as_stored_and_through_windows},
      {"every picture holds its colours", every_picture_holds_its_colours},
      {"palettes give their colours", palettes_give_their_colours},
      {"floats of any size get their window", floats_of_any_size_get_their_window},
      {"fractions are windowed exactly", fractions_are_windowed_exactly},
      {"pages of one value are shown", pages_of_one_value_are_shown},
      {"a fax is black and white", a_fax_is_black_and_white},
      {"a fax is gray from afar", a_fax_is_gray_from_afar},
      {"every orientation stands upright", every_orientation_stands_upright},
      {"a channel can be shown alone", a_channel_can_be_shown_alone},
      {"axes are options", axes_are_options}, {"strict takes no damage", strict_takes_no_damage},
      {"strict takes no guess", strict_takes_no_guess},
      {"info tells what a page is", info_tells_what_a_page_is},
      {"info is JSON whatever the file says", info_is_json_whatever_the_file_says})
