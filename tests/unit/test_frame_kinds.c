/* Pictures of every kind of samples, one channel and three, against a naive renderer: a mapping of
 * its own, area averages in double precision, levels from the window function. Guards
 * render/rows.c, render/wide.c and what render/frame.c and render/gather.c do for them. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "render/dither_blocks.h"
#include "render/rows.h"
#include "unit/easel.h"
#include "unit/kinds_scene.h"
#include "unit/naive_pixel.h"
#include "unit/naive_ramps.h"
#include "unit/naive_view.h"

static void use_kind(const struct kind *of)
{
    double low = 3000 * of->scale + of->offset, high = 36568 * of->scale + of->offset;
    kind = of;
    easel_change(kind->type, kind->channels);
    window = (struct window){.center = (low + high) * modality.slope / 2 + modality.intercept,
                             .width = fabs(high - low) * modality.slope * 1.25,
                             .voi = VOI_LINEAR_EXACT,
                             .invert = of->invert};
    curve_compile(&easel.curve, &window, modality, kind->type, false);
}

static void each_kind(void (*check)(void))
{
    easel_begin(kinds[0].type, kinds[0].channels, fill);
    for (int i = 0; i < KINDS; i++) {
        use_kind(&kinds[i]);
        check();
    }
    easel_end();
}

static int level_of(double value)
{
    if (isnan(value))
        return CURVE_NODATA_LEVEL;
    double x = value * modality.slope + modality.intercept;
    int level = (int)(255 * window_fraction(&window, x) + 0.5);
    return window.invert ? 255 - level : level;
}

/* What a pixel should show. */
enum seen { SEEN_OUTSIDE, SEEN_UNSURE, SEEN_SAMPLE, SEEN_MEAN };

/* A rectangle in samples of the reduction, and the page's size there. */
struct patch {
    double x0, y0, x1, y1, width, height, centre_x, centre_y, step;
    int k;
};

static struct patch patch_of(const struct view *view, int px, int py)
{
    struct patch p = {.k = view_reduction(view)};
    double side = pow(2, p.k), ax, ay, bx, by;
    naive_drawn(view, px + 0.5, py + 0.5, &p.centre_x, &p.centre_y);
    naive_drawn(view, px, py, &ax, &ay);
    naive_drawn(view, px + 1, py + 1, &bx, &by);
    p.centre_x /= side, p.centre_y /= side;
    p.x0 = fmin(ax, bx) / side, p.x1 = fmax(ax, bx) / side;
    p.y0 = fmin(ay, by) / side, p.y1 = fmax(ay, by) / side;
    p.step = 1 / (view->zoom * side);
    p.width = (double)reduced_size(view->page_width, p.k);
    p.height = (double)reduced_size(view->page_height, p.k);
    return p;
}

static bool near_edge(double v)
{
    return fabs(v - floor(v + 0.5)) < 1e-6;
}

/* The mean of what is not NaN; slivers that decide much leave it unsure. */
static enum seen naive_mean(const struct patch *p, int channel, double *value)
{
    double sum = 0, total = 0, all = (p->x1 - p->x0) * (p->y1 - p->y0);
    bool unsure = false;
    for (int64_t y = (int64_t)floor(p->y0); (double)y < p->y1; y++)
        for (int64_t x = (int64_t)floor(p->x0); (double)x < p->x1; x++) {
            double w = fmin(p->x1, (double)x + 1) - fmax(p->x0, (double)x);
            double h = fmin(p->y1, (double)y + 1) - fmax(p->y0, (double)y);
            double one = scene(p->k, channel, clamp64(x, 0, (int64_t)p->width - 1),
                               clamp64(y, 0, (int64_t)p->height - 1));
            if (isnan(one))
                continue;
            unsure |= isinf(one) && (w < 0.01 || h < 0.01);
            sum += w * h * one;
            total += w * h;
        }
    *value = total > 0 ? sum / total : NAN;
    if (!sample_is_float(kind->type))
        *value = floor(*value + 0.5);
    return unsure || (total > 0 && total < 0.1 * all) ? SEEN_UNSURE : SEEN_MEAN;
}

static enum seen naive_value(const struct view *view, int px, int py, int channel, double *value)
{
    struct patch p = patch_of(view, px, py);
    bool whole = p.step == floor(p.step) || 1 / p.step == floor(1 / p.step);
    if (!whole && (near_edge(p.centre_x) || near_edge(p.centre_y)))
        return SEEN_UNSURE;
    if (p.centre_x < 0 || p.centre_y < 0 || p.centre_x >= fmax(p.width, p.step) ||
        p.centre_y >= fmax(p.height, p.step))
        return SEEN_OUTSIDE;
    if (p.step > 1)
        return naive_mean(&p, channel, value);
    *value = scene(p.k, channel, (int64_t)p.centre_x, (int64_t)p.centre_y);
    return SEEN_SAMPLE;
}

/* One channel of a pixel in easel_bgrx: what is drawn, and what frame_values says of it. */
static bool channel_right(const struct view *view, int px, int py, int channel)
{
    int drawn = easel_pixel(view, &easel_bgrx, px, py)[2 - channel];
    int plane = kind->channels == 1 ? 0 : channel;
    double value = 0, told[3] = {-1, -1, -1};
    enum seen seen = naive_value(view, px, py, plane, &value);
    bool inside = frame_values(easel.frame, easel.arena, px, py, told);
    if (seen != SEEN_UNSURE && inside != (seen != SEEN_OUTSIDE))
        return false;
    if (drawn != (inside ? level_of(told[plane]) : FRAME_OUTSIDE_LEVEL))
        return false;
    if (seen == SEEN_SAMPLE)
        return told[plane] == value || (isnan(told[plane]) && isnan(value));
    return seen != SEEN_MEAN ||
           (abs(drawn - level_of(value)) <= 1 && isnan(told[plane]) == isnan(value));
}

static void check_whole(const struct view *view)
{
    int wrong = 0;
    easel_draw_whole(view, &easel_bgrx);
    for (int i = 0; i < view->width * view->height; i++)
        for (int channel = 0; channel < 3; channel++)
            wrong += !channel_right(view, i % view->width, i / view->width, channel);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void check_zooms(void)
{
    static const double zooms[] = {1, 0.5, 2, 3, 0.3, 0.7, 0.999, 1.6};
    for (int i = 0; i < 8 * 8; i++) {
        struct view view = free_view(75, 58, 300, 270, zooms[i / 8], i % 8);
        view.center_x = i & 1 ? 270 : 250.3;
        view.center_y = i & 2 ? 256 : 248.8;
        check_whole(&view);
        if (i % 8 < 2 || i % 8 == 7)
            easel_check_pieces(&view, &easel_bgrx);
    }
}

static void every_kind_is_drawn(void)
{
    each_kind(check_zooms);
}

/* A page of one sample, a sliver, and rows of more lines than kernels take at once. */
static void check_odd_pages(void)
{
    static const int64_t sizes[][2] = {{1, 1}, {3, 700}, {INT32_MAX, 3}, {INT32_MAX, INT32_MAX}};
    for (int i = 0; i < 4 * 4; i++) {
        struct view view;
        arena_drop_all(easel.arena);
        view_init(&view, 13, 11, sizes[i / 4][0], sizes[i / 4][1]);
        view_turn(&view, i % 4);
        check_whole(&view);
        easel_check_pieces(&view, &easel_bgrx);
    }
}

static void odd_pages_are_drawn(void)
{
    each_kind(check_odd_pages);
}

/* Red, green and blue of a pixel; a gray one's through the window's colour map. */
static void expected_colour(const struct view *view, int px, int py, uint8_t levels[3])
{
    double value = NAN;
    bool seen = false;
    memset(levels, 0, 3);
    for (int channel = 0; channel < kind->channels; channel++) {
        seen = naive_value(view, px, py, channel, &value) == SEEN_SAMPLE;
        levels[channel] = seen ? (uint8_t)level_of(value) : 0;
    }
    if (kind->channels == 1 && seen && !isnan(value))
        colormap_colour(window.map, levels[0], levels);
    else if (kind->channels == 1)
        levels[1] = levels[2] = levels[0];
}

/* The value of a pixel, dithered as from (x, y) on. */
static uint32_t expected_value(const struct view *view, const struct pixel_format *format, int px,
                               int py, int x, int y)
{
    uint8_t levels[3];
    expected_colour(view, px, py, levels);
    return naive_pixel(format, levels, x + px, y + py);
}

/* DESIGN's level of a deep screen: round half up of 1023 y. */
static uint32_t deep_level_of(double value)
{
    double y = window_fraction(&window, value * modality.slope + modality.intercept);
    uint32_t level = (uint32_t)floor(1023 * y + 0.5);
    return isnan(value) ? 0 : window.invert ? 1023 - level : level;
}

static uint32_t expected_deep(const struct view *view, int px, int py)
{
    uint32_t levels[3] = {0};
    double value;
    for (int channel = 0; channel < kind->channels; channel++)
        if (naive_value(view, px, py, channel, &value) == SEEN_SAMPLE)
            levels[channel] = deep_level_of(value);
    if (kind->channels == 1)
        levels[1] = levels[2] = levels[0];
    return levels[0] << 20 | levels[1] << 10 | levels[2];
}

static void check_deep(void)
{
    static const struct pixel_format format =
        PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff);
    for (int i = 0; i < 4; i++) {
        struct view view = free_view(75, 58, 300, 270, i % 2 + 1, i / 2 * 5);
        int wrong = 0;
        easel_draw_whole(&view, &format);
        for (int p = 0; p < 75 * 58; p++)
            wrong +=
                easel_value(&view, &format, p % 75, p / 75) != expected_deep(&view, p % 75, p / 75);
        CU_ASSERT_EQUAL(wrong, 0);
        easel_check_pieces(&view, &format);
    }
}

static void check_formats(void)
{
    static const struct pixel_format formats[] = {
        PIXEL_MASKS(24, 32, true, 0xff0000, 0xff00, 0xff),
        PIXEL_MASKS(24, 24, false, 0xff, 0xff00, 0xff0000),
        PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f),
        PIXEL_MASKS(8, 8, false, 0, 0, 0),
        PIXEL_MASKS(15, 16, true, 0x7c00, 0x03e0, 0x001f),
        {.depth = 8, .bits_per_pixel = 8, .ramp = &naive_uneven},
        {.depth = 8, .bits_per_pixel = 16, .msb_first = true, .ramp = &naive_full},
    };
    naive_ramps();
    for (int i = 0; i < 4 * (int)(sizeof formats / sizeof *formats); i++) {
        const struct pixel_format *format = &formats[i / 4];
        struct view view = free_view(75, 58, 300, 270, i % 2 + 1, i % 4 / 2 * 5);
        int wrong = 0;
        easel_draw_whole(&view, format);
        for (int p = 0; p < 75 * 58; p++)
            wrong += easel_value(&view, format, p % 75, p / 75) !=
                     expected_value(&view, format, p % 75, p / 75, 0, 0);
        CU_ASSERT_EQUAL(wrong, 0);
        easel_check_pieces(&view, format);
    }
}

/* The levels of the view by their definition, packed as blocks of dither. */
static void pack_blocks(const struct view *view, const struct pixel_format *format,
                        const struct pixels *to)
{
    static struct dither dither;
    static uint8_t levels[3 * 75 * 16];
    int channels = window.map == COLORMAP_GRAY ? kind->channels : 3;
    struct pixels sheet = {.base = levels, .stride = (size_t)(view->width * channels)};
    uint8_t colour[3];
    sheet.format = channels == 3 ? pixel_format_rgb24 : pixel_format_gray8;
    sheet.width = view->width;
    dither_prepare(&dither, format);
    for (int y = 0; y < view->height; y += 16) {
        sheet.height = view->height - y < 16 ? view->height - y : 16;
        memset(levels, 0, sizeof levels);
        for (int i = 0; i < sheet.width * sheet.height * channels; i++) {
            int p = i / channels;
            expected_colour(view, p % sheet.width, y + p / sheet.width, colour);
            levels[i] = colour[i % channels];
        }
        dither_blocks(&dither, &sheet, (struct rect){0, y, sheet.width, sheet.height}, to, 0, 0);
    }
}

/* A piece that is not of whole blocks changes those about it, to what they are. */
static void check_coarse(void)
{
    static const struct pixel_format formats[] = {
        PIXEL_MASKS(8, 8, false, 0xe0, 0x1c, 0x03),
        {.depth = 4, .bits_per_pixel = 4, .ramp = &naive_few},
        {.depth = 4, .bits_per_pixel = 4, .msb_first = true, .ramp = &naive_few},
        {.depth = 1, .bits_per_pixel = 1, .ramp = &naive_two},
        {.depth = 1, .bits_per_pixel = 1, .bits_msb_first = true, .ramp = &naive_two},
    };
    static uint8_t expected[75 * 58];
    naive_ramps();
    for (int i = 0; i < 4 * (int)(sizeof formats / sizeof *formats); i++) {
        const struct pixel_format *format = &formats[i / 4];
        struct view view = free_view(75, 58, 300, 270, i % 2 + 1, i % 4 / 2 * 5);
        struct pixels to = {expected, 75, view.width, view.height, *format};
        int wrong = 0;
        pack_blocks(&view, format, &to);
        easel_draw_whole(&view, format);
        struct pixels whole = {easel.whole, ((size_t)format->bits_per_pixel * 75 + 7) / 8, 75, 58,
                               *format};
        whole.stride += EASEL_MARGIN;
        frame_draw(easel.frame, easel.arena, &easel.curve, (struct rect){21, 5, 30, 40}, &whole, 0,
                   0);
        for (int p = 0; p < 75 * 58; p++)
            wrong += easel_value(&view, format, p % 75, p / 75) !=
                     naive_read(format, expected + p / 75 * 75, p % 75);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void coarse_formats_are_drawn_in_blocks(void)
{
    each_kind(check_coarse);
}

/* Through a colour map gray pages become colours in every format; colours and no-data stay. */
static void check_coloured(void)
{
    static const struct pixel_format deep = PIXEL_MASKS(30, 32, false, 0x3ff00000, 0xffc00, 0x3ff);
    struct view view = free_view(75, 58, 300, 270, 2, 5);
    int wrong = 0;
    window.map = COLORMAP_VIRIDIS;
    window.gamma = 0.7;
    curve_compile(&easel.curve, &window, modality, kind->type, false);
    check_formats();
    check_coarse();
    easel_draw_whole(&view, &deep);
    for (int p = 0; p < 75 * 58 && kind->channels == 1; p++)
        wrong += easel_value(&view, &deep, p % 75, p / 75) !=
                 expected_value(&view, &deep, p % 75, p / 75, 0, 0);
    CU_ASSERT_EQUAL(wrong, 0);
    use_kind(kind); /* and gray again */
    easel_draw_whole(&view, &easel_bgrx);
    check_formats();
}

static void gray_pages_are_coloured(void)
{
    each_kind(check_coloured);
}

/* In a frame that has room for deep levels, shallow formats are as ever. */
static void check_deepened(void)
{
    frame_deepen(easel.frame);
    check_deep();
    check_formats();
}

static void deep_formats_show_1024_levels(void)
{
    each_kind(check_deepened);
}

/* A picture that was moved and is drawn anew is as it was moved. */
static void check_moves(void)
{
    static const int moves[][2] = {{3, 5}, {-18, 2}, {700, -9}};
    static const struct pixel_format format = PIXEL_MASKS(16, 16, false, 0xf800, 0x07e0, 0x001f);
    struct view view = free_view(64, 48, 300, 270, 1, 0);
    int x = 1600, y = 1600;
    for (int i = 0; i < 3; i++) {
        int wrong = 0;
        frame_move_dither(easel.frame, moves[i][0], moves[i][1]);
        x -= moves[i][0];
        y -= moves[i][1];
        easel_draw_whole(&view, &format);
        for (int p = 0; p < 64 * 48; p++)
            wrong += easel_value(&view, &format, p % 64, p / 64) !=
                     expected_value(&view, &format, p % 64, p / 64, x, y);
        CU_ASSERT_EQUAL(wrong, 0);
    }
    frame_move_dither(easel.frame, x - 1600, y - 1600);
}

static void dither_moves_with_the_picture(void)
{
    each_kind(check_moves);
}

static void all_formats_show_the_same(void)
{
    each_kind(check_formats);
}

static struct tile_key key_of(int reduction, int column, int row)
{
    return (struct tile_key){EASEL_PAGE, reduction, column, row};
}

static bool hatched(const struct view *view, int px, int py)
{
    double x, y;
    naive_drawn(view, px + 0.5, py + 0.5, &x, &y);
    return (px + py) % 16 < 2 && x >= 256 && shows_lost(0, (int64_t)x, (int64_t)y);
}

/* The same as with the tile sound, where nothing is hatched, but for the hatching. */
static void check_hatching(void)
{
    for (int i = 0; i < 24; i++) {
        static const double zooms[] = {1, 2, 0.7};
        struct view view = free_view(90, 80, 600, 600, zooms[i % 3], i / 3);
        int wrong = 0, seen = 0, kept = 0;
        view_center(&view, 260, 246);
        arena_drop_all(easel.arena);
        easel_draw_whole(&view, &easel_bgrx);
        memcpy(easel.parts, easel.whole, sizeof easel.parts);
        arena_drop_all(easel.arena);
        easel_put_tile(&view, key_of(0, 1, 0), false);
        easel_put_needed(&view);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 0);
        for (int p = 0; p < view.width * view.height; p++) {
            const uint8_t *drawn = easel_pixel(&view, &easel_bgrx, p % view.width, p / view.width);
            bool bad = hatched(&view, p % view.width, p / view.width);
            for (int byte = 0; byte < 3; byte++)
                wrong += drawn[byte] != (bad ? 255 : easel.parts[drawn - easel.whole + byte]);
            seen += bad;
            kept += bad && easel.parts[drawn - easel.whole] != 255;
        }
        CU_ASSERT_EQUAL(wrong, 0);
        CU_ASSERT(seen > 5);
        CU_ASSERT(kept > seen / 2 || (!sample_is_float(kind->type) && level_of(0) == 255));
    }
}

static void what_is_lost_is_hatched(void)
{
    losing = true;
    easel.lost = is_marked;
    each_kind(check_hatching);
    losing = false;
}

/* Of three columns of tiles the middle one is absent; then there is a coarser one. */
static void check_absent(const struct view *view, bool coarser)
{
    int wrong = 0;
    for (int i = 0; i < view->width * view->height; i++) {
        int px = i % view->width, py = i / view->width;
        double x, y;
        naive_drawn(view, px + 0.5, py + 0.5, &x, &y);
        int64_t u = (int64_t)x, v = (int64_t)y;
        for (int byte = 0; byte < 3; byte++) {
            int plane = kind->channels == 1 ? 0 : 2 - byte;
            int level = u / 256 != 1 ? level_of(scene(0, plane, u, v))
                        : coarser    ? level_of(scene(2, plane, u / 4, v / 4))
                                     : FRAME_ABSENT_LEVEL;
            wrong += easel_pixel(view, &easel_bgrx, px, py)[byte] != level;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void check_stand_ins(void)
{
    for (int pose = 0; pose < 8; pose++) {
        struct view view = free_view(pose & 1 ? 40 : 700, pose & 1 ? 700 : 40, 768, 256, 1, pose);
        arena_drop_all(easel.arena);
        easel_plan(&view);
        easel_put_tile(&view, key_of(0, 0, 0), true);
        easel_put_tile(&view, key_of(0, 2, 0), true);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 1);
        check_absent(&view, false);
        easel_put_tile(&view, key_of(2, 0, 0), true);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 1);
        check_absent(&view, true);
    }
}

static void coarser_tiles_fill_in(void)
{
    each_kind(check_stand_ins);
}

/* In the narrowest of windows, whatever the weights. */
static void one_value_is_one_level(void)
{
    easel_begin(SAMPLE_F64, 1, fill);
    kind = &kinds[5];
    constant = 123456.789;
    window = (struct window){.center = constant * modality.slope + modality.intercept,
                             .width = 1e-14,
                             .voi = VOI_LINEAR_EXACT,
                             .invert = false};
    curve_compile(&easel.curve, &window, modality, SAMPLE_F64, false);
    for (int pose = 0; pose < 2; pose++) {
        struct view view = free_view(200, 150, 600, 600, 0.7, pose);
        int wrong = 0;
        easel_draw_whole(&view, &easel_bgrx);
        for (int i = 0; i < 200 * 150; i++) {
            double told[3];
            wrong += easel_pixel(&view, &easel_bgrx, i % 200, i / 200)[0] != level_of(constant);
            wrong += !frame_values(easel.frame, easel.arena, i % 200, i / 200, told) ||
                     told[0] != constant;
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
    constant = NAN;
    easel_end();
}

static size_t view_memory(int width, int height, int turns)
{
    size_t before = ledger_line(LEDGER_VIEW).current;
    struct frame *frame = frame_new(NULL);
    struct view view = free_view(width, height, 50000, 50000, 0.51, turns);
    CU_ASSERT_FATAL(frame && frame_plan(frame, &view, 0, kind->type, kind->channels, NULL));
    size_t bytes = ledger_line(LEDGER_VIEW).current - before;
    frame_free(frame);
    return bytes;
}

/* A window step allocates nothing, and what was allocated are rows. */
static void check_memory(void)
{
    struct view view = free_view(200, 100, 1200, 900, 0.7, kind->channels == 3);
    easel_draw_whole(&view, &easel_bgrx);
    struct ledger_line before = ledger_total();
    ledger_fail_after(1);
    for (int i = 0; i < 5; i++) {
        window.center += fabs(window.center) / 100;
        curve_compile(&easel.curve, &window, modality, kind->type, i & 1);
        CU_ASSERT_EQUAL(easel_draw(easel.whole, easel_all(&view), &easel_bgrx), 0);
        easel_plan(&view);
    }
    CU_ASSERT_EQUAL(ledger_total().peak, before.peak);
    CU_ASSERT_PTR_NULL(ledger_alloc(LEDGER_VIEW, 8, NULL)); /* the refusal is still to come */
    for (int turns = 0; turns < 2; turns++) {
        CU_ASSERT(view_memory(1000, 2000, turns) - view_memory(1000, 1000, turns) < 1000 * 32);
        CU_ASSERT(view_memory(2000, 1000, turns) - view_memory(1000, 1000, turns) < 1000 * 500);
    }
}

static void memory_is_rows(void)
{
    each_kind(check_memory);
}

SUITE("render/kinds", {"every kind is drawn", every_kind_is_drawn},
      {"gray pages are coloured", gray_pages_are_coloured},
      {"odd pages are drawn", odd_pages_are_drawn},
      {"all formats show the same", all_formats_show_the_same},
      {"coarse formats are drawn in blocks", coarse_formats_are_drawn_in_blocks},
      {"deep formats show 1,024 levels", deep_formats_show_1024_levels},
      {"dither moves with the picture", dither_moves_with_the_picture},
      {"what is lost is hatched", what_is_lost_is_hatched},
      {"coarser tiles fill in", coarser_tiles_fill_in},
      {"one value is one level", one_value_is_one_level}, {"memory is rows", memory_is_rows})
