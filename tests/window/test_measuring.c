/* Measurements in a window: the numbers of commands against those counted here from what the file
 * was made of, whatever the zoom, the orientation and the kind of samples. Guards app/measuring.c,
 * app/measuring_tell.c, app/commands_measure.c and app/tile_walk.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

#include "harness.h"
#include "support/json.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static bool ask(const struct viewer *viewer, const char *script, char reply[8192])
{
    return viewer_command(viewer, script, reply, 8192);
}

/* The number behind " NAME=". */
static double said(const char *reply, const char *name)
{
    char key[40];
    double value = -1e99;
    snprintf(key, sizeof key, " %s=", name);
    const char *at = strstr(reply, key);
    if (at)
        sscanf(at + strlen(key), "%lf", &value);
    return value;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-13 * fabs(b);
}

/* A region of the upright page, counted the plain way. */
struct counted {
    long double mean, deviation;
    double least, most;
    long pixels;
};

struct place {
    int x, y, width, height;
    bool ellipse;
};

static bool belongs(const struct place *place, int x, int y)
{
    long u = 2 * (x - place->x) + 1 - place->width, v = 2 * (y - place->y) + 1 - place->height;
    long w = place->width, h = place->height;
    return !place->ellipse || u * u * h * h + v * v * w * w <= w * w * h * h;
}

/* Of value - from, or of its square, over what belongs. */
static long double sum(const struct place *place, double (*value)(int x, int y), long double from,
                       bool squared)
{
    long double all = 0;
    for (int i = 0; i < place->width * place->height; i++) {
        int x = place->x + i % place->width, y = place->y + i / place->width;
        long double number = value(x, y) - from;
        all += !belongs(place, x, y) ? 0 : squared ? number * number : number;
    }
    return all;
}

static struct counted count(const struct place *place, double (*value)(int x, int y))
{
    struct counted counted = {0, 0, INFINITY, -INFINITY, 0};
    for (int i = 0; i < place->width * place->height; i++) {
        int x = place->x + i % place->width, y = place->y + i / place->width;
        if (!belongs(place, x, y))
            continue;
        counted.pixels++;
        counted.least = fmin(counted.least, value(x, y));
        counted.most = fmax(counted.most, value(x, y));
    }
    counted.mean = sum(place, value, 0, false) / counted.pixels;
    counted.deviation = sqrtl(sum(place, value, counted.mean, true) / (counted.pixels - 1));
    return counted;
}

static void check_region(const struct viewer *viewer, const struct place *place,
                         double (*value)(int x, int y))
{
    char script[80], reply[8192];
    struct counted counted = count(place, value);
    snprintf(script, sizeof script, "%s %d,%d %dx%d", place->ellipse ? "ellipse" : "rectangle",
             place->x, place->y, place->width, place->height);
    CU_ASSERT(ask(viewer, script, reply));
    CU_ASSERT(near(said(reply, "mean"), (double)counted.mean));
    CU_ASSERT(near(said(reply, "sd"), (double)counted.deviation));
    CU_ASSERT_EQUAL(said(reply, "min"), counted.least);
    CU_ASSERT_EQUAL(said(reply, "max"), counted.most);
    CU_ASSERT_EQUAL(said(reply, "pixels"), counted.pixels);
    CU_ASSERT_EQUAL(said(reply, "values"), counted.pixels);
}

static double plain(int x, int y)
{
    return tiff_value_plain(x, y, 0);
}

static void check_views(const struct viewer *viewer, double (*value)(int x, int y))
{
    static const char *const views[] = {"zoom 0.05", "zoom 1; center 0 0", "rotate 90; flip h",
                                        "zoom 7.3; rotate 180"};
    static const struct place places[] = {{0, 0, 300, 260, false},
                                          {17, 250, 251, 9, false},
                                          {30, 20, 261, 240, true},
                                          {255, 255, 3, 2, true}};
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        char reply[8192];
        CU_ASSERT(ask(viewer, views[i], reply));
        check_region(viewer, &places[i], value);
    }
}

static void numbers_are_those_of_the_stored_samples(void)
{
    struct viewer viewer;
    const char *film = scratch_path("measured.tif");
    struct tiff_recipe recipe = {
        .width = 700, .height = 600, .type = SAMPLE_U16, .tile_width = 112, .tile_height = 80};
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    if (!VIEW(&viewer, "-geometry", "500x400+0+0", film))
        return;
    check_views(&viewer, plain);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Orientation 6: what is stored as (x, y) of a page 640 high stands at (639 - y, x). */
static double lying(int x, int y)
{
    return tiff_value_signed(y, 639 - x, 0) * -0.5 + 10;
}

static void upright_and_in_modality_values(void)
{
    struct viewer viewer;
    const char *film = scratch_path("lying.tif");
    struct tiff_recipe recipe = {.width = 500,
                                 .height = 640,
                                 .type = SAMPLE_I16,
                                 .value = tiff_value_signed,
                                 .compression = COMPRESSION_LZW,
                                 .rows_per_strip = 33,
                                 .orientation = 6};
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    if (!VIEW(&viewer, "-geometry", "500x400+0+0", "--rescale", "-0.5,10", "--memory", "1M", film))
        return;
    check_views(&viewer, lying);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* What is no-data lies in the region and has no value. */
static void no_data_is_left_out(void)
{
    struct viewer viewer;
    char reply[8192];
    long pixels = 0, values = 0;
    double total = 0;
    const char *film = scratch_path("holes.tif");
    struct tiff_recipe recipe = {.width = 90,
                                 .height = 70,
                                 .bits = 8,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .with_nodata = true};
    recipe.nodata = tiff_number_plain(&recipe, 3, 3, 0, 0);
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    for (int y = 0; y < 70; y++)
        for (int x = 0; x < 90; x++, pixels++)
            if (tiff_number_plain(&recipe, x, y, 0, 0) != recipe.nodata) {
                values++;
                total += tiff_number_plain(&recipe, x, y, 0, 0);
            }
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "rectangle 0,0 90x70; probe 3,3", reply));
    CU_ASSERT(values < pixels);
    CU_ASSERT_EQUAL(said(reply, "pixels"), pixels);
    CU_ASSERT_EQUAL(said(reply, "values"), values);
    CU_ASSERT(near(said(reply, "mean"), total / (double)values));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "stored=none"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static bool respace(const char *path, float across, float down)
{
    TIFF *tiff = TIFFOpen(path, "r+");
    bool fine = tiff && TIFFSetField(tiff, TIFFTAG_XRESOLUTION, across) &&
                TIFFSetField(tiff, TIFFTAG_YRESOLUTION, down) && TIFFRewriteDirectory(tiff);
    if (tiff)
        TIFFClose(tiff);
    return fine;
}

/* 20 samples to the centimetre across, 50 down: 0.5 mm by 0.2 mm. */
static void lengths_and_areas_follow_the_spacing(void)
{
    struct viewer viewer;
    char reply[8192];
    const char *film = scratch_path("spaced.tif");
    struct tiff_recipe recipe = {
        .width = 300, .height = 200, .type = SAMPLE_U16, .pixels_per_cm = 20};
    CU_ASSERT_FATAL(tiff_make(film, &recipe) && respace(film, 20, 50));
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "distance 10,10 70,110", reply));
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "length"), hypot(30, 20), 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "pixels"), hypot(60, 100), 1e-9);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, " spacing=TIFF resolution"));
    CU_ASSERT(ask(&viewer, "rectangle 10,10 30x20", reply));
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "area"), 600 * 0.1, 1e-5);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, " area_unit=mm2 "));
    CU_ASSERT(ask(&viewer, "calibrate 72.11102550927978 um", reply));
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "length"), 72.11102550927978, 1e-9);
    CU_ASSERT(
        ask(&viewer, "rotate 90; distance 0,0 0,10; calibrate off; distance 0,0 0,10", reply));
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "length"), 4, 1e-5);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "length=2"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void without_a_spacing_pixels_are_said(void)
{
    struct viewer viewer;
    char reply[8192];
    const char *film = scratch_path("bare.tif");
    struct tiff_recipe recipe = {.width = 100, .height = 80, .type = SAMPLE_U16};
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "calibrate 5 mm", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error: measure the known length first"));
    CU_ASSERT(ask(&viewer, "distance 10,10 40,50", reply));
    CU_ASSERT_EQUAL(said(reply, "length"), 50);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, " length_unit=pixels spacing=none"));
    CU_ASSERT(ask(&viewer, "calibrate 100 mm", reply));
    CU_ASSERT_EQUAL(said(reply, "length"), 100);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, " length_unit=mm spacing=calibrated"));
    CU_ASSERT(ask(&viewer, "rectangle 200,10 5x5", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error: nothing of the page lies there"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void colours_have_numbers_for_each_channel(void)
{
    struct viewer viewer;
    char reply[8192], text[120];
    double sums[3] = {0};
    const char *film = scratch_path("coloured.tif");
    struct tiff_recipe recipe = {
        .width = 80, .height = 60, .bits = 8, .samples = 3, .photometric = PHOTOMETRIC_RGB};
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    for (int i = 0; i < 100; i++)
        for (int channel = 0; channel < 3; channel++)
            sums[channel] += tiff_number_plain(&recipe, 5 + i % 10, 7 + i / 10, 0, channel);
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "rectangle 5,7 10x10", reply));
    snprintf(text, sizeof text, " mean=%.10g,%.10g,%.10g ", sums[0] / 100, sums[1] / 100,
             sums[2] / 100);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, text));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* They stay with their page; and are read anew with the file. */
static void the_list_knows_pages(void)
{
    struct viewer viewer;
    char reply[8192];
    const char *film = harness_film();
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "distance 0,0 3,4; page 2; wait idle; probe 7,9", reply));
    CU_ASSERT_EQUAL(said(strstr(reply, "probe"), "stored"), tiff_value_plain(7, 9, 1));
    CU_ASSERT(ask(&viewer, "measurements json", reply));
    CU_ASSERT(json_sound(reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "{\"number\":1,\"kind\":\"distance\",\"page\":1,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "{\"number\":2,\"kind\":\"probe\",\"page\":2,"));
    CU_ASSERT(ask(&viewer, "clear last; measurements", reply));
    CU_ASSERT_PTR_NULL(strstr(reply, "probe"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "1 distance page=1 "));
    CU_ASSERT(ask(&viewer, "clear 7", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error:"));
    CU_ASSERT(ask(&viewer, "clear measurements; measurements json", reply));
    CU_ASSERT_STRING_EQUAL(reply, "[]\n");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_file_read_anew_has_new_numbers(void)
{
    struct viewer viewer;
    char reply[8192];
    const char *film = scratch_path("changing.tif");
    struct tiff_recipe recipe = {.width = 64, .height = 64, .type = SAMPLE_U16};
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    if (!VIEW(&viewer, film))
        return;
    CU_ASSERT(ask(&viewer, "probe 5,6", reply));
    CU_ASSERT_EQUAL(said(reply, "stored"), tiff_value_plain(5, 6, 0));
    recipe.value = tiff_value_wide;
    CU_ASSERT_FATAL(tiff_make(film, &recipe));
    CU_ASSERT(ask(&viewer, "reload; wait file; wait idle; rectangle 0,0 1x1; measurements", reply));
    CU_ASSERT_EQUAL(said(strstr(reply, "1 probe"), "stored"), tiff_value_wide(5, 6, 0));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("measuring",
      {"numbers are those of the stored samples", numbers_are_those_of_the_stored_samples},
      {"upright, and in modality values", upright_and_in_modality_values},
      {"no-data is left out", no_data_is_left_out},
      {"lengths and areas follow the spacing", lengths_and_areas_follow_the_spacing},
      {"without a spacing pixels are said", without_a_spacing_pixels_are_said},
      {"colours have numbers for each channel", colours_have_numbers_for_each_channel},
      {"the list knows pages", the_list_knows_pages},
      {"a file read anew has new numbers", a_file_read_anew_has_new_numbers})
