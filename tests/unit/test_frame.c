/* Whole pictures, pixel by pixel, against a naive renderer: a mapping of its own, area averages in
 * double precision, codes from a formula instead of tiles. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "render/frame_kernels.h"
#include "unit/easel.h"
#include "unit/naive_pixel.h"
#include "unit/naive_view.h"

enum { OUTSIDE = -1, UNSURE = -2 };

static const struct pixel_format formats[] = {
    PIXEL_MASKS(24, 32, false, 0xff0000, 0xff00, 0xff),
    PIXEL_MASKS(24, 32, true, 0xff0000, 0xff00, 0xff),
    PIXEL_MASKS(24, 24, false, 0xff0000, 0xff00, 0xff),
    PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f),
    PIXEL_MASKS(16, 16, true, 0xf800, 0x07e0, 0x001f),
    PIXEL_MASKS(8, 8, false, 0, 0, 0),
};
enum { FORMATS = sizeof formats / sizeof *formats };

static int64_t wave(int64_t t)
{
    return llabs(t % 32768 - 16384);
}

/* Hills and noise; neighbours differ by a tenth of the range at most. */
static uint32_t scene_code(int reduction, int64_t x, int64_t y)
{
    uint32_t noise = (uint32_t)(x * 7919 + y * 104729 + reduction) * 2654435761u >> 16;
    int64_t code = wave(x * 40 + reduction * 999) + wave(y * 30) + noise % 6000 + 3000;
    return (uint32_t)code >> (sample_bytes(easel.type) == 1 ? 8 : 0);
}

/* From this row on the tile of column 1, row 0 holds code 0, as where nothing could be decoded. */
static int blank_row = TILE_SIDE;

/* Codes off the page are made up: nobody may see them. */
static void fill(const struct view *view, struct tile_key key, void *codes)
{
    int64_t width = reduced_size(view->page_width, key.reduction);
    int64_t height = reduced_size(view->page_height, key.reduction);
    for (int i = 0; i < TILE_SAMPLES; i++) {
        int64_t x = (int64_t)key.column * TILE_SIDE + i % TILE_SIDE;
        int64_t y = (int64_t)key.row * TILE_SIDE + i / TILE_SIDE;
        uint32_t code = x < width && y < height ? scene_code(key.reduction, x, y) : 0xf0f0u + i % 7;
        if (key.column == 1 && key.row == 0 && i / TILE_SIDE >= blank_row)
            code = 0;
        if (sample_bytes(easel.type) == 1)
            ((uint8_t *)codes)[i] = (uint8_t)code;
        else
            ((uint16_t *)codes)[i] = (uint16_t)code;
    }
}

static void begin(enum sample_type type)
{
    easel_begin(type, 1, fill);
}

static double clamped_code(int reduction, int64_t x, int64_t y, int64_t width, int64_t height)
{
    return scene_code(reduction, clamp64(x, 0, width - 1), clamp64(y, 0, height - 1));
}

/* The mean code over the rectangle from (x0, y0) to (x1, y1), in samples of the reduction. */
static double mean_code(const struct view *view, double x0, double y0, double x1, double y1)
{
    int k = view_reduction(view);
    int64_t width = reduced_size(view->page_width, k), height = reduced_size(view->page_height, k);
    double sum = 0, area = 0;
    for (int64_t y = (int64_t)floor(y0); (double)y < y1; y++)
        for (int64_t x = (int64_t)floor(x0); (double)x < x1; x++) {
            double w = fmin(x1, (double)x + 1) - fmax(x0, (double)x);
            double h = fmin(y1, (double)y + 1) - fmax(y0, (double)y);
            sum += w * h * clamped_code(k, x, y, width, height);
            area += w * h;
        }
    return sum / area;
}

static bool near_edge(double v)
{
    return fabs(v - floor(v + 0.5)) < 1e-6;
}

/* The code under a pixel, a fraction where it is a mean; OUTSIDE; UNSURE where rounding decides. */
static double naive_code(const struct view *view, int px, int py)
{
    int k = view_reduction(view);
    double side = pow(2, k), x, y, x0, y0, x1, y1;
    double width = (double)reduced_size(view->page_width, k);
    double height = (double)reduced_size(view->page_height, k);
    naive_drawn(view, px + 0.5, py + 0.5, &x, &y);
    naive_drawn(view, px, py, &x0, &y0);
    naive_drawn(view, px + 1, py + 1, &x1, &y1);
    x /= side, y /= side;
    double step = 1 / (view->zoom * side);
    if (step != floor(step) && 1 / step != floor(1 / step) && (near_edge(x) || near_edge(y)))
        return UNSURE;
    if (x < 0 || y < 0 || x >= fmax(width, step) || y >= fmax(height, step))
        return OUTSIDE;
    if (step <= 1)
        return clamped_code(k, (int64_t)floor(x), (int64_t)floor(y), INT32_MAX, INT32_MAX);
    return mean_code(view, fmin(x0, x1) / side, fmin(y0, y1) / side, fmax(x0, x1) / side,
                     fmax(y0, y1) / side);
}

static bool pixel_right(const struct view *view, const struct pixel_format *format, int x, int y)
{
    double code = naive_code(view, x, y);
    if (code == UNSURE)
        return true;
    int level = code == OUTSIDE ? FRAME_OUTSIDE_LEVEL : easel.curve.level[(int)floor(code + 0.5)];
    const uint8_t levels[3] = {(uint8_t)level, (uint8_t)level, (uint8_t)level};
    if (code == OUTSIDE || code == floor(code))
        return easel_value(view, format, x, y) == naive_pixel(format, levels, x, y);
    return abs(easel_pixel(view, format, x, y)[0] - level) <= 1;
}

static void check_whole(const struct view *view, const struct pixel_format *format)
{
    int wrong = 0;
    easel_draw_whole(view, format);
    for (int i = 0; i < view->width * view->height; i++)
        wrong += !pixel_right(view, format, i % view->width, i / view->width);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void check_values(const struct view *view)
{
    for (int i = 0; i < view->width * view->height; i += 17) {
        int x = i % view->width, y = i / view->width;
        double value[3];
        bool inside = frame_values(easel.frame, easel.arena, x, y, value);
        int level = inside ? easel.curve.level[(int)value[0] - sample_least(easel.type)]
                           : FRAME_OUTSIDE_LEVEL;
        CU_ASSERT_EQUAL(easel_pixel(view, &easel_bgrx, x, y)[0], level);
    }
}

static void make_curve(double center, double width, bool invert)
{
    struct window window = {.center = center, .width = width, .voi = VOI_LINEAR, .invert = invert};
    curve_compile(&easel.curve, &window, (struct modality){1, -sample_least(easel.type)},
                  easel.type, false);
}

static void full_curve(void)
{
    make_curve(sample_codes(easel.type) / 2, sample_codes(easel.type), false);
}

static const int64_t sizes[][2] = {{300, 270}, {1, 1}, {3, 7}, {700, 530}, {256, 512}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void check_zooms(const double *zooms, size_t count)
{
    for (size_t i = 0; i < count * SIZES; i++)
        for (int orientation = 0; orientation < 8; orientation++) {
            const int64_t *size = sizes[i / count];
            struct view view = free_view(75, 58, size[0], size[1], zooms[i % count], orientation);
            /* The middle of the page, and one of its corners. */
            view.center_x = orientation & 1 ? (double)size[0] : (double)size[0] / 2 + 0.3;
            view.center_y = orientation & 2 ? 0 : (double)size[1] / 2 - 0.2;
            const struct pixel_format *format =
                zooms[i % count] < 1 ? &easel_bgrx : &formats[(i + (size_t)orientation) % FORMATS];
            arena_drop_all(easel.arena);
            check_whole(&view, format);
            easel_check_pieces(&view, format);
        }
}

static void each_type(void (*check)(void))
{
    static const enum sample_type types[] = {SAMPLE_U16, SAMPLE_I8};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        begin(types[i]);
        check();
        frame_use_kernels(easel.frame, &kernels_plain);
        check();
        easel_end();
    }
}

static void check_whole_zooms(void)
{
    static const double zooms[] = {1, 0.5, 0.25, 0.0625, 2, 3, 5, 64};
    make_curve(sample_codes(easel.type) / 3.0, sample_codes(easel.type) / 3, true);
    check_zooms(zooms, sizeof zooms / sizeof *zooms);
}

static void whole_zooms_are_exact(void)
{
    each_type(check_whole_zooms);
}

static void check_fractional_zooms(void)
{
    static const double zooms[] = {0.3, 0.7, 0.999, 0.51, 0.013, 1.3, 2.5, 10.1};
    full_curve();
    check_zooms(zooms, sizeof zooms / sizeof *zooms);
}

static void fractional_zooms_are_within_a_level(void)
{
    each_type(check_fractional_zooms);
}

static void all_formats_show_the_same(void)
{
    begin(SAMPLE_U16);
    make_curve(20000, 30000, false);
    for (int i = 0; i < FORMATS * 4; i++) {
        struct view view = free_view(300, 64, 700, 530, i & 1 ? 1 : 2, i & 2 ? 5 : 0);
        view_center(&view, 256, 260);
        check_whole(&view, &formats[i / 4]);
    }
    easel_end();
}

static void values_are_those_drawn(void)
{
    begin(SAMPLE_I16);
    full_curve();
    for (int orientation = 0; orientation < 8; orientation++) {
        static const double zooms[] = {1, 0.5, 0.3, 0.8, 3, 1.7};
        for (size_t i = 0; i < sizeof zooms / sizeof *zooms; i++) {
            struct view view = free_view(75, 58, 300, 270, zooms[i], orientation);
            double value[3];
            view_center(&view, 10, 260);
            easel_draw_whole(&view, &easel_bgrx);
            check_values(&view);
            CU_ASSERT_FALSE(frame_values(easel.frame, easel.arena, -1, 3, value));
            CU_ASSERT_FALSE(frame_values(easel.frame, easel.arena, 3, 58, value));
        }
        arena_drop_all(easel.arena);
    }
    struct view view = free_view(75, 58, 300, 270, 1, 0);
    double value[3];
    easel_plan(&view);
    CU_ASSERT_FALSE(frame_values(easel.frame, easel.arena, 30, 30, value));
    easel_end();
}

/* A strip a sample wide is seen at any zoom, a point too, and pages at the limit of 32 bits. */
static void extreme_pages_are_drawn(void)
{
    static const int64_t extreme[][2] = {{1, 1000000},   {1000000, 1},   {1, 1},
                                         {INT32_MAX, 9}, {9, INT32_MAX}, {INT32_MAX, INT32_MAX}};
    begin(SAMPLE_U16);
    full_curve();
    for (size_t i = 0; i < 16 * sizeof extreme / sizeof *extreme; i++) {
        int side = i & 8 ? 50 : 13;
        struct view view;
        view_init(&view, side, side + 1, extreme[i / 16][0], extreme[i / 16][1]);
        view_turn(&view, (int)(i & 3));
        if (i & 4)
            view_flip_horizontal(&view);
        arena_drop_all(easel.arena);
        check_whole(&view, &easel_bgrx);
        easel_check_pieces(&view, &easel_bgrx);
        check_values(&view);
        CU_ASSERT(frame_needs(easel.frame, easel_all(&view)).columns > 0);
    }
    easel_end();
}

static void far_corners_are_drawn(void)
{
    begin(SAMPLE_U16);
    make_curve(20000, 30000, false);
    for (int orientation = 0; orientation < 8; orientation++) {
        struct view view =
            free_view(60, 50, INT32_MAX, INT32_MAX, 1 + orientation % 2, orientation);
        view_center(&view, orientation & 1 ? INT32_MAX : 0, INT32_MAX);
        arena_drop_all(easel.arena);
        check_whole(&view, &easel_bgrx);
    }
    easel_end();
}

static void what_lies_outside_is_black(void)
{
    struct view view = free_view(40, 30, 10, 10, 1, 0);
    begin(SAMPLE_U16);
    make_curve(20000, 30000, true);
    view.center_x = 1000;
    easel_plan(&view);
    struct tile_span span = frame_needs(easel.frame, easel_all(&view));
    CU_ASSERT(span.columns == 0 || span.rows == 0);
    check_whole(&view, &easel_bgrx);
    CU_ASSERT_EQUAL(easel.whole[0], FRAME_OUTSIDE_LEVEL);
    easel_end();
}

static struct tile_key key_of(int reduction, int column, int row)
{
    return (struct tile_key){EASEL_PAGE, reduction, column, row};
}

/* Three columns of tiles: the middle one comes late. */
static void coarser_tiles_fill_in(void)
{
    struct view view = free_view(700, 20, 768, 256, 1, 0);
    begin(SAMPLE_U16);
    make_curve(20000, 30000, false);
    easel_plan(&view);
    easel_put_tile(&view, key_of(0, 0, 0), true);
    easel_put_tile(&view, key_of(0, 2, 0), true);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 1);
    CU_ASSERT_EQUAL(easel_pixel(&view, &easel_bgrx, 300, 9)[0], FRAME_ABSENT_LEVEL);
    easel_put_tile(&view, key_of(5, 0, 0), true);
    easel_put_tile(&view, key_of(9, 0, 0), true); /* too coarse, and there is a better one */
    easel_put_tile(&view, key_of(2, 0, 0), true);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 1);
    for (int i = 0; i < 700 * 20; i++) {
        int x = i % 700 + 34, y = i / 700 + 118; /* on the page */
        uint32_t code = x / 256 == 1 ? scene_code(2, x / 4, y / 4) : scene_code(0, x, y);
        CU_ASSERT_EQUAL(easel_pixel(&view, &easel_bgrx, i % 700, i / 700)[0],
                        easel.curve.level[code]);
    }
    easel_end();
}

static void coarser_tiles_fill_in_on_their_side(void)
{
    struct view view = free_view(40, 300, 768, 256, 1, 1);
    begin(SAMPLE_U8);
    make_curve(100, 150, false);
    easel_plan(&view);
    easel_put_tile(&view, key_of(0, 2, 0), true);
    easel_put_tile(&view, key_of(3, 0, 0), true);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 2);
    for (int i = 0; i < 40 * 300; i++) {
        int x = i / 40 + 234, y = 148 - 1 - i % 40;
        uint32_t code = x / 256 == 2 ? scene_code(0, x, y) : scene_code(3, x / 8, y / 8);
        CU_ASSERT_EQUAL(easel_pixel(&view, &easel_bgrx, i % 40, i / 40)[0],
                        easel.curve.level[code]);
    }
    easel_end();
}

static void put_flat(struct tile_key key, uint16_t code)
{
    int32_t slot = arena_begin(easel.arena, key, NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    uint16_t *codes = arena_slot(easel.arena, slot);
    for (int i = 0; i < TILE_SAMPLES; i++)
        codes[i] = code;
    arena_end(easel.arena, slot, true);
}

/* From the worst stand-in to the tile itself: each is drawn in the place of the one before, and
 * never the other way round. A rough tile is none of those that are needed. */
static void the_best_stand_in_is_drawn(void)
{
    enum { R = TILE_ROUGH };
    static const int order[FRAME_BEST] = {R + 8, 8,     R + 7, 7,     R + 6, 6, R + 5, 5, R + 4,
                                          4,     R + 3, 3,     R + 2, R + 1, R, 2,     1, 0};
    struct view view = free_view(40, 30, 768, 256, 1, 0);
    begin(SAMPLE_U16);
    full_curve();
    easel_plan(&view);
    CU_ASSERT_EQUAL(frame_quality(easel.frame, easel.arena, easel_all(&view)), 0);
    for (int i = 0; i < FRAME_BEST; i++) {
        put_flat(key_of(order[i], tile_level(order[i]) ? 0 : 1, 0), (uint16_t)(3000 * i + 500));
        CU_ASSERT_EQUAL(frame_quality(easel.frame, easel.arena, easel_all(&view)), i + 1);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), i + 1 < FRAME_BEST);
        CU_ASSERT_EQUAL(easel_pixel(&view, &easel_bgrx, 20, 15)[0],
                        easel.curve.level[3000 * i + 500]);
    }
    easel_end();
}

/* Of four tiles that meet at (256, 256) one is there: the first, or the last. */
static void check_lone_tile(const struct view *view, bool last)
{
    int wrong = 0;
    arena_drop_all(easel.arena);
    easel_put_tile(view, key_of(0, last, last), true);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(view), &easel_bgrx), 3);
    for (int i = 0; i < view->width * view->height; i++) {
        int px = i % view->width, py = i / view->width;
        double x0, y0, x1, y1;
        naive_drawn(view, px, py, &x0, &y0);
        naive_drawn(view, px + 1, py + 1, &x1, &y1);
        double most = fmax(fmax(x0, x1), fmax(y0, y1)), least = fmin(fmin(x0, x1), fmin(y0, y1));
        double beyond = last ? 256 - least : most - 256;
        if (fabs(beyond) > 0.01) /* less is no weight */
            wrong += easel_pixel(view, &easel_bgrx, px, py)[0] !=
                     (beyond < 0 ? 200 : FRAME_ABSENT_LEVEL);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* At a fractional zoom no pixel mixes an absent tile's nothing with its neighbour's codes. */
static void absent_tiles_do_not_bleed(void)
{
    begin(SAMPLE_U16);
    full_curve();
    memset(easel.curve.level, 200, sizeof easel.curve.level);
    easel.curve.arithmetic = false;
    for (int i = 0; i < 16; i++) {
        struct view view = free_view(90, 80, 600, 600, 0.7, i / 2);
        /* A pixel has the tile's edge in its outer half. */
        view_center(&view, i % 2 ? 256.9 : 256.2, i % 2 ? 256.8 : 256.4);
        easel_plan(&view);
        check_lone_tile(&view, i % 2);
    }
    easel_end();
}

/* What a pixel needs of the tile at (0, 0): the last of its samples, from its upper left corner. */
static double last_row_needed(const struct view *view, int px, int py, double *left, double *top)
{
    double x0, y0, x1, y1;
    naive_drawn(view, px, py, &x0, &y0);
    naive_drawn(view, px + 1, py + 1, &x1, &y1);
    *left = fmin(x0, x1);
    *top = fmin(y0, y1);
    return fmin(fmax(y0, y1), 256);
}

static void draw_grown(const struct view *view, int32_t slot, int32_t rows, uint8_t *to)
{
    arena_grow(easel.arena, slot, rows);
    CU_ASSERT_EQUAL(easel_draw(to, easel_all(view), &easel_bgrx), rows < 256 ? 1 : 0);
}

/* Pixels that show rows of it, and the least rectangle about those that show rows 60 .. 99. */
static int check_grown(const struct view *view, int rows, struct rect *grown)
{
    int wrong = 0;
    for (int i = 0; i < view->width * view->height; i++) {
        int px = i % view->width, py = i / view->width;
        double left, top, bottom = last_row_needed(view, px, py, &left, &top);
        const uint8_t *drawn = easel_pixel(view, &easel_bgrx, px, py);
        bool of_tile = left < 255.99 && top < 255.99 && left > -0.01 && top > -0.01;
        if (fabs(bottom - rows) > 0.01)
            wrong += drawn[0] != (of_tile && bottom > rows ? FRAME_ABSENT_LEVEL : 200);
        if (of_tile && bottom > 60.01 && top < 99.99)
            *grown = rect_union(*grown, (struct rect){px, py, 1, 1});
    }
    return wrong;
}

/* Holds it, and at most so many pixels more on each side (of samples that hardly weigh). */
static bool is_about(struct rect rect, struct rect least, int more)
{
    struct rect both = rect_union(rect, least);
    if (rect_empty(least))
        return rect_empty(rect);
    return !memcmp(&both, &rect, sizeof both) && rect.width <= least.width + 2 * more &&
           rect.height <= least.height + 2 * more;
}

/* A tile that is being made, beside others that are there, whichever way the page lies. */
static void a_tile_is_seen_as_it_grows(void)
{
    begin(SAMPLE_U16);
    full_curve();
    memset(easel.curve.level, 200, sizeof easel.curve.level);
    easel.curve.arithmetic = false;
    for (int i = 0; i < 24; i++) {
        static const double zooms[] = {1, 0.7, 2};
        struct view view = free_view(230, 250, 600, 600, zooms[i % 3], i / 3);
        view_center(&view, 180.03, 180.03);
        easel_plan(&view);
        arena_drop_all(easel.arena);
        int32_t slot = arena_begin(easel.arena, key_of(0, 0, 0), NULL, NULL);
        easel.fill(&view, key_of(0, 0, 0), arena_slot(easel.arena, slot));
        struct tile_span span = frame_needs(easel.frame, easel_all(&view));
        for (int32_t t = 0; t < span.columns * span.rows; t++) {
            struct tile_key key =
                key_of(0, span.column + t % span.columns, span.row + t / span.columns);
            if (key.column || key.row)
                easel_put_tile(&view, key, true);
        }
        for (int rows = 60; rows <= 220; rows += 40) {
            struct rect seen = {0}, told = frame_shows(easel.frame, EASEL_PAGE, 0,
                                                       (struct area){0, 60, 256, 40});
            draw_grown(&view, slot, rows, easel.whole);
            CU_ASSERT_EQUAL(frame_quality(easel.frame, easel.arena, easel_all(&view)), 0);
            CU_ASSERT_EQUAL(check_grown(&view, rows, &seen), 0);
            CU_ASSERT(is_about(told, seen, i % 3 == 1));
        }
        arena_abandon(easel.arena, slot);
    }
    CU_ASSERT(rect_empty(frame_shows(easel.frame, EASEL_PAGE, 1, (struct area){0, 0, 256, 256})));
    CU_ASSERT(
        rect_empty(frame_shows(easel.frame, EASEL_PAGE + 1, 0, (struct area){0, 0, 256, 256})));
    easel_end();
}

/* Rows of codes 0, and some others. */
static bool is_lost(struct tile_key key, int64_t x, int64_t y)
{
    return !key.reduction && (y >= 240 || x % 5 == 0);
}

/* Where they are marked so, and there alone: codes 0 elsewhere are black. */
static void unsound_tiles_are_hatched(void)
{
    begin(SAMPLE_U16);
    blank_row = 230;
    easel.lost = is_lost;
    make_curve(20000, 30000, false);
    for (int i = 0; i < 24; i++) {
        static const double zooms[] = {1, 2, 0.7};
        struct view view = free_view(90, 80, 600, 600, zooms[i % 3], i / 3);
        view_center(&view, 250.03, 260.03);
        easel_plan(&view);
        arena_drop_all(easel.arena);
        easel_put_needed(&view);
        easel_draw(easel.parts, easel_all(&view), &easel_bgrx);
        arena_drop_all(easel.arena);
        easel_put_tile(&view, key_of(0, 1, 0), false);
        easel_put_needed(&view);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 0);
        int wrong = 0;
        for (int p = 0; p < view.width * view.height; p++) {
            int px = p % view.width, py = p / view.width;
            double x, y;
            naive_drawn(&view, px + 0.5, py + 0.5, &x, &y);
            bool lost = is_lost(key_of(0, 1, 0), (int64_t)x, (int64_t)y);
            bool bad = x >= 256 && y < 256 && lost && (px + py) % 16 < 2;
            const uint8_t *drawn = easel_pixel(&view, &easel_bgrx, px, py);
            wrong += drawn[0] != (bad ? 255 : easel.parts[drawn - easel.whole]);
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
    blank_row = TILE_SIDE;
    easel_end();
}

/* Other tiles in the arena change nothing. */
static void only_needed_tiles_matter(void)
{
    struct view view = free_view(90, 80, 1200, 900, 0.7, 3);
    begin(SAMPLE_U16);
    full_curve();
    view_center(&view, 500, 500);
    easel_draw_whole(&view, &easel_bgrx);
    memcpy(easel.parts, easel.whole, sizeof easel.parts);
    struct tile_span span = frame_needs(easel.frame, easel_all(&view));
    for (int i = 0; i < 20; i++) {
        int column = i % 5, row = i / 5;
        bool needed = column >= span.column && column < span.column + span.columns &&
                      row >= span.row && row < span.row + span.rows;
        if (!needed)
            easel_put_tile(&view, key_of(0, column, row), false);
    }
    easel_put_tile(&view, key_of(1, 0, 0), false);
    CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 0);
    CU_ASSERT_EQUAL(memcmp(easel.parts, easel.whole, sizeof easel.parts), 0);
    easel_end();
}

/* Eight slots: the tile drawn first and used last stays when a ninth comes. */
static void drawn_tiles_count_as_used(void)
{
    struct view view = free_view(20, 20, 5000, 200, 1, 0);
    begin(SAMPLE_U16);
    full_curve();
    arena_set_budget(easel.arena, (size_t)8 * TILE_SIDE * TILE_SIDE * 2);
    CU_ASSERT_EQUAL_FATAL(arena_capacity(easel.arena), 8);
    view.center_x = 50;
    for (int column = 0; column < 8; column++)
        easel_put_tile(&view, key_of(0, column, 0), true);
    easel_draw_whole(&view, &easel_bgrx);
    easel_put_tile(&view, key_of(0, 8, 0), true);
    CU_ASSERT_PTR_NOT_NULL(arena_find(easel.arena, key_of(0, 0, 0), NULL));
    CU_ASSERT_PTR_NULL(arena_find(easel.arena, key_of(0, 1, 0), NULL));
    easel_end();
}

static void drawing_allocates_nothing(void)
{
    struct view view = free_view(200, 100, 1200, 900, 0.7, 1);
    begin(SAMPLE_U16);
    full_curve();
    easel_draw_whole(&view, &easel_bgrx);
    struct ledger_line before = ledger_total();
    ledger_fail_after(1); /* anything asked for is refused, and noticed below */
    for (int i = 0; i < 20; i++) {
        make_curve(20000 + i, 30000, i & 1);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &formats[i % FORMATS]), 0);
        CU_ASSERT(
            frame_plan(easel.frame, &view, EASEL_PAGE, easel.type, 1, NULL)); /* nothing changed */
    }
    struct ledger_line after = ledger_total();
    CU_ASSERT(after.current == before.current && after.peak == before.peak);
    CU_ASSERT_PTR_NULL(ledger_alloc(LEDGER_VIEW, 8, NULL)); /* the refusal is still to come */
    view_resize(&view, 100, 60);                            /* smaller needs no more */
    CU_ASSERT(frame_plan(easel.frame, &view, EASEL_PAGE, easel.type, 1, NULL));
    CU_ASSERT_EQUAL(ledger_total().blocks, before.blocks);
    easel_end();
}

static void refused_memory_is_a_fault(void)
{
    struct view view = free_view(200, 100, 1200, 900, 0.7, 0);
    struct ledger_line before = ledger_line(LEDGER_VIEW);
    begin(SAMPLE_U16);
    full_curve();
    for (int n = 1; n <= 4; n++) {
        struct fault fault = {0};
        ledger_fail_after(n);
        CU_ASSERT_FALSE(frame_plan(easel.frame, &view, EASEL_PAGE, easel.type, 1, &fault));
        CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
        CU_ASSERT_EQUAL(frame_needs(easel.frame, easel_all(&view)).columns, 0);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 0);
        CU_ASSERT_EQUAL(easel.whole[0], EASEL_GUARD);
        ledger_fail_after(0);
        frame_free(easel.frame);
        easel.frame = frame_new(NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(easel.frame);
    }
    check_whole(&view, &easel_bgrx);
    easel_end();
    CU_ASSERT_EQUAL(ledger_line(LEDGER_VIEW).current, before.current);
    ledger_fail_after(1);
    CU_ASSERT_PTR_NULL(frame_new(NULL));
}

SUITE("render/frame", {"whole zooms are exact", whole_zooms_are_exact},
      {"fractional zooms are within a level", fractional_zooms_are_within_a_level},
      {"all formats show the same", all_formats_show_the_same},
      {"values are those drawn", values_are_those_drawn},
      {"extreme pages are drawn", extreme_pages_are_drawn},
      {"far corners are drawn", far_corners_are_drawn},
      {"what lies outside is black", what_lies_outside_is_black},
      {"coarser tiles fill in", coarser_tiles_fill_in},
      {"coarser tiles fill in on their side", coarser_tiles_fill_in_on_their_side},
      {"the best stand-in is drawn", the_best_stand_in_is_drawn},
      {"absent tiles do not bleed", absent_tiles_do_not_bleed},
      {"a tile is seen as it grows", a_tile_is_seen_as_it_grows},
      {"unsound tiles are hatched", unsound_tiles_are_hatched},
      {"only needed tiles matter", only_needed_tiles_matter},
      {"drawn tiles count as used", drawn_tiles_count_as_used},
      {"drawing allocates nothing", drawing_allocates_nothing},
      {"refused memory is a fault", refused_memory_is_a_fault})
