/* Overlays: golden pictures over black, gray and white; every pixel format against 8 bits of gray;
 * pieces that fit together; bounds that nothing leaves. Guards ui/overlay.c, ui/colourbar.c and
 * ui/stencil.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/overlay.h"

enum { WIDTH = 420, HEIGHT = 300 };

static uint8_t levels[WIDTH * HEIGHT];
static struct view view;

static struct pixels gray(uint8_t *base)
{
    return (struct pixels){base, WIDTH, WIDTH, HEIGHT, pixel_format_gray8};
}

/* Three strips: black, middle, white. */
static void clear(uint8_t *base)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        base[i] = (uint8_t)(i % WIDTH * 3 / WIDTH * 255 / 2);
}

static const struct rect whole = {0, 0, WIDTH, HEIGHT};
static const char path[] = "film.tif";

static struct measure shape(enum measure_kind kind, double x0, double y0, double x1, double y1)
{
    struct measure measure = {.kind = kind,
                              .state = MEASURE_DONE,
                              .number = 1,
                              .x = {x0, x1},
                              .y = {y0, y1},
                              .place = {path, 0, 0},
                              .channels = 1};
    static const uint16_t values[] = {1000, 1100, 1203};
    moments_add(&measure.moments[0], SAMPLE_U16, values, 0, kind == MEASURE_PROBE ? 1 : 3);
    return measure;
}

/* A page of 840 x 600 samples of 0.2 x 0.25 mm, at half size. */
static struct overlay all_of(struct measure measures[4])
{
    struct overlay overlay = {.shown = (1u << OVERLAY_PARTS) - 1,
                              .measures = measures,
                              .count = 4,
                              .here = {path, 0, 0},
                              .terms = {.spacing_x = 0.2,
                                        .spacing_y = 0.25,
                                        .unit = "mm",
                                        .source = "TIFF resolution",
                                        .modality = {1, -1024},
                                        .value_unit = "HU"}};
    measures[0] = shape(MEASURE_DISTANCE, 80, 100, 330, 40);
    measures[1] = shape(MEASURE_RECTANGLE, 60, 180, 260, 330);
    measures[2] = shape(MEASURE_ELLIPSE, 480, 220, 640, 420);
    measures[3] = shape(MEASURE_PROBE, 150.5, 450.5, 150.5, 450.5);
    snprintf(overlay.corner[CORNER_TOP_LEFT], OVERLAY_TEXT, "film.tif\npage 1 of 3");
    snprintf(overlay.corner[CORNER_TOP_RIGHT], OVERLAY_TEXT, "840 x 600");
    snprintf(overlay.corner[CORNER_BOTTOM_LEFT], OVERLAY_TEXT, "W 400\nC 40");
    snprintf(overlay.corner[CORNER_BOTTOM_RIGHT], OVERLAY_TEXT, "50 %%");
    view_init(&view, WIDTH, HEIGHT, 840, 600);
    return overlay;
}

static bool golden(const char *name)
{
    char file_name[100];
    uint8_t kept[WIDTH * HEIGHT];
    bool write = getenv("GOLDEN_WRITE");
    snprintf(file_name, sizeof file_name, "tests/golden/%s.pgm", name);
    FILE *file = fopen(file_name, write ? "wb" : "rb");
    if (!file)
        return false;
    int width = 0, height = 0;
    bool same = true;
    if (write) {
        fprintf(file, "P5\n%d %d\n255\n", WIDTH, HEIGHT);
        fwrite(levels, 1, sizeof levels, file);
    } else {
        same = fscanf(file, "P5\n%d %d\n255", &width, &height) == 2 && width == WIDTH &&
               height == HEIGHT && fgetc(file) == '\n' &&
               fread(kept, 1, sizeof kept, file) == sizeof kept &&
               !memcmp(kept, levels, sizeof kept);
    }
    fclose(file);
    return same;
}

static void draw(const struct overlay *overlay)
{
    struct pixels pixels = gray(levels);
    clear(levels);
    overlay_draw(overlay, &view, whole, &pixels, 0, 0);
}

static void they_look_as_they_did(void)
{
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    draw(&overlay);
    CU_ASSERT(golden("overlay"));
    view_turn(&view, 1);
    view_flip_horizontal(&view);
    draw(&overlay);
    CU_ASSERT(golden("overlay-turned"));
}

static void nothing_shown_is_nothing_drawn(void)
{
    uint8_t empty[WIDTH * HEIGHT];
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    clear(empty);
    overlay.shown = 0;
    CU_ASSERT_FALSE(overlay_any(&overlay, &view));
    draw(&overlay);
    CU_ASSERT(!memcmp(levels, empty, sizeof empty));
    /* Those of another page, and marks of a page that stands as it is. */
    overlay.shown = 1u << OVERLAY_MEASUREMENTS | 1u << OVERLAY_MARKS;
    overlay.here.page = 1;
    CU_ASSERT_FALSE(overlay_any(&overlay, &view));
    draw(&overlay);
    CU_ASSERT(!memcmp(levels, empty, sizeof empty));
}

/* In cells of odd sizes, each into pixels of its own. */
static void pieces_fit_together(void)
{
    uint8_t pieces[WIDTH * HEIGHT];
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    draw(&overlay);
    clear(pieces);
    for (int y = 0; y < HEIGHT; y += 37)
        for (int x = 0; x < WIDTH; x += 61) {
            int height = HEIGHT - y < 37 ? HEIGHT - y : 37, width = WIDTH - x < 61 ? WIDTH - x : 61;
            struct pixels pixels = {pieces + y * WIDTH + x, WIDTH, width, height,
                                    pixel_format_gray8};
            overlay_draw(&overlay, &view, (struct rect){x, y, width, height}, &pixels, x, y);
        }
    CU_ASSERT(!memcmp(levels, pieces, sizeof pieces));
}

static void bounds_hold_all_that_is_drawn(void)
{
    uint8_t empty[WIDTH * HEIGHT];
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    overlay.shown = 1u << OVERLAY_MEASUREMENTS;
    clear(empty);
    for (int i = 0; i < 4 * 6; i++) {
        int outside = 0;
        overlay.measures = &measures[i % 4];
        overlay.count = 1;
        view_zoom_about(&view, view.zoom * 1.7, 30.0 * i, 200);
        draw(&overlay);
        struct rect bounds = overlay_bounds(&overlay, &view, &measures[i % 4]);
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            struct rect pixel = {at % WIDTH, at / WIDTH, 1, 1};
            outside += levels[at] != empty[at] && rect_empty(rect_intersect(pixel, bounds));
        }
        CU_ASSERT_EQUAL(outside, 0);
    }
}

static int pixel_at(const struct pixels *pixels, int x, int y)
{
    const uint8_t *row = pixels->base + (size_t)y * pixels->stride;
    int bits = pixels->format.bits_per_pixel;
    if (bits == 1)
        return row[x / 8] >> (pixels->format.bits_msb_first ? 7 - x % 8 : x % 8) & 1;
    int value = 0;
    for (int i = 0; i < bits / 8; i++)
        value |= row[x * (bits / 8) + i] << 8 * i;
    return value;
}

static void check_format(const struct overlay *overlay, const struct pixel_format *format)
{
    static uint8_t store[WIDTH * HEIGHT * 4];
    int wrong = 0;
    struct pixels pixels = {store, WIDTH * 4, WIDTH, HEIGHT, *format};
    memset(store, 0x55, sizeof store);
    memset(levels, 128, sizeof levels);
    struct pixels as_gray = gray(levels);
    overlay_draw(overlay, &view, whole, &as_gray, 0, 0);
    int before = pixel_at(&pixels, 0, 0), before_odd = pixel_at(&pixels, 1, 0);
    overlay_draw(overlay, &view, whole, &pixels, 0, 0);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            int level = levels[y * WIDTH + x], pixel = pixel_at(&pixels, x, y);
            int wanted =
                level == 128 ? (x % 2 ? before_odd : before) : (int)pixel_value(format, level);
            wrong += pixel != wanted;
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void every_format_has_the_same_shapes(void)
{
    static const struct pixel_format formats[] = {
        PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(16, 16, false, 0xf800, 0x7e0, 0x1f),
        {.depth = 1, .bits_per_pixel = 1, .bits_msb_first = true, .red = 1, .green = 1, .blue = 1}};
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        check_format(&overlay, &formats[i]);
    check_format(&overlay, &pixel_format_rgb24);
}

/* Light pixels never touch what is under: about each lies another light one or a dark one. */
static void light_has_a_dark_edge(void)
{
    int bare = 0;
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    struct pixels pixels = gray(levels);
    memset(levels, 128, sizeof levels);
    overlay_draw(&overlay, &view, whole, &pixels, 0, 0);
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++)
            for (int i = 0; i < 9 && levels[y * WIDTH + x] == 255; i++)
                bare += levels[(y + i / 3 - 1) * WIDTH + x + i % 3 - 1] == 128;
    CU_ASSERT_EQUAL(bare, 0);
}

static int light(int scale, const char *text)
{
    struct overlay overlay = {.shown = 1u << OVERLAY_CORNERS, .scale = scale};
    struct pixels pixels = gray(levels);
    int count = 0;
    snprintf(overlay.corner[CORNER_TOP_LEFT], OVERLAY_TEXT, "%s", text);
    memset(levels, 128, sizeof levels);
    overlay_draw(&overlay, &view, whole, &pixels, 0, 0);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        count += levels[i] == 255;
    return count;
}

/* A box of 24 pixels for a letter that the font lacks. */
static void texts_have_letters_and_a_size(void)
{
    view_init(&view, WIDTH, HEIGHT, 840, 600);
    CU_ASSERT_EQUAL(light(1, "\xe7\xaa\x97\xe7\xaa\x97"), 48);
    CU_ASSERT(light(1, "\xc3\xa9") > light(1, "e"));
    CU_ASSERT_EQUAL(light(0, "film"), light(1, "film"));
    CU_ASSERT_EQUAL(light(3, "film \xc3\xa9"), 9 * light(1, "film \xc3\xa9"));
}

/* At zoom 1/2 and 0.2 mm a sample a pixel is 0.4 mm: 105 pixels, a quarter of the width, are 42 mm,
 * so the bar is of 20 mm, 50 pixels. Turned a pixel is 0.5 mm. */
static void the_bar_is_as_long_as_it_says(void)
{
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    overlay.shown = 1u << OVERLAY_SCALE;
    for (int turns = 0; turns < 2; turns++) {
        int light = 0;
        draw(&overlay);
        for (int x = 0; x < WIDTH; x++)
            light += levels[(HEIGHT - 9) * WIDTH + x] == 255 && x > WIDTH / 3 && x < WIDTH * 2 / 3;
        CU_ASSERT_EQUAL(light, turns ? 100 : 50);
        view_turn(&view, 1);
        view.zoom = 0.5;
        view.mode = VIEW_FREE;
    }
}

static void lists_of_overlays_are_read(void)
{
    unsigned shown = 77;
    CU_ASSERT_FALSE(overlay_parse("scale,ruler", &shown));
    CU_ASSERT_FALSE(overlay_parse("", &shown));
    CU_ASSERT_EQUAL(shown, 77);
    CU_ASSERT(overlay_parse("scale,corners", &shown));
    CU_ASSERT_EQUAL(shown, 1u << OVERLAY_SCALE | 1u << OVERLAY_CORNERS);
    CU_ASSERT(overlay_parse("all", &shown));
    CU_ASSERT_EQUAL(shown, 31);
    CU_ASSERT(overlay_parse("none", &shown));
    CU_ASSERT_EQUAL(shown, 0);
}

/* A window from -160 to 239 in the upper half, marks and scale beside it: each row of the bar is
 * the level that DICOM's LINEAR gives its value, raised to gamma; in colours the map's. */
static int bar_level(int row, int rows, double power)
{
    double value = -160 + 399.0 * (rows - 1 - row) / (rows - 1);
    return (int)floor(255 * pow((value - 39.5) / 399 + 0.5, power) + 0.5);
}

static void the_colour_bar_shows_the_window(void)
{
    static uint8_t colours[3 * WIDTH * HEIGHT];
    struct measure measures[4];
    struct overlay overlay = all_of(measures);
    struct pixels pixels = {colours, 3 * WIDTH, WIDTH, HEIGHT, pixel_format_rgb24};
    int wrong = 0, x = WIDTH - 8 - 6;
    overlay.bar = true;
    overlay.window = (struct window){.center = 40, .width = 400, .gamma = 0.5};
    view_turn(&view, 1);
    draw(&overlay);
    CU_ASSERT(golden("overlay-bar"));
    for (int row = 0; row < 150; row++)
        wrong += abs(levels[(75 + row) * WIDTH + x] - bar_level(row, 150, 0.5)) > 0;
    CU_ASSERT_EQUAL(wrong, 0);
    overlay.window.map = COLORMAP_HOT_IRON;
    overlay.window.invert = true;
    overlay_draw(&overlay, &view, whole, &pixels, 0, 0);
    for (int row = 0; row < 150; row++) {
        const uint8_t *pixel = colours + 3 * ((75 + row) * WIDTH + x);
        int level = 255 - bar_level(row, 150, 0.5);
        wrong += pixel[0] != (level < 128 ? 2 * level : 255);
        wrong += pixel[1] != (level < 128 ? 0 : level < 255 ? 2 * (level - 128) : 255);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    overlay.bar = false; /* of a page of colours */
    overlay.shown = 1u << OVERLAY_COLORBAR;
    CU_ASSERT(!overlay_any(&overlay, &view));
}

SUITE("overlay", {"texts have letters and a size", texts_have_letters_and_a_size},
      {"the colour bar shows the window", the_colour_bar_shows_the_window},
      {"they look as they did", they_look_as_they_did},
      {"nothing shown is nothing drawn", nothing_shown_is_nothing_drawn},
      {"pieces fit together", pieces_fit_together},
      {"bounds hold all that is drawn", bounds_hold_all_that_is_drawn},
      {"every format has the same shapes", every_format_has_the_same_shapes},
      {"light has a dark edge", light_has_a_dark_edge},
      {"the bar is as long as it says", the_bar_is_as_long_as_it_says},
      {"lists of overlays are read", lists_of_overlays_are_read})
