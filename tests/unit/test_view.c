/* View geometry against the naive mapping, and pages stored in each orientation against the upright
 * one, as they are drawn. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>

#include "render/frame.h"
#include "render/view.h"
#include "tiles/arena.h"
#include "unit/naive_view.h"

enum { POSES = 8 };

static const double zooms[] = {1,   2,    3,   7,        64,  0.5,       0.25, 1.0 / 256,
                               0.3, 0.75, 1.3, 0.999999, 2.5, 1.0 / 300, 17.3};
enum { ZOOMS = sizeof zooms / sizeof *zooms };

static void points_map_as_the_picture_turns(void)
{
    for (int i = 0; i < ZOOMS * POSES; i++) {
        struct view view = free_view(101, 64, 3001, 2000, zooms[i / POSES], i % 8);
        view_center(&view, 1234.3, 777.5);
        for (int p = 0; p < 30; p++) {
            double px = p * 3.7 - 5, py = 64 - p * 2.1, x, y, ex, ey, qx, qy;
            view_to_image(&view, px, py, &x, &y);
            naive_drawn(&view, px, py, &ex, &ey);
            CU_ASSERT_DOUBLE_EQUAL(x, ex, 1e-6 / view.zoom);
            CU_ASSERT_DOUBLE_EQUAL(y, ey, 1e-6 / view.zoom);
            view_from_image(&view, x, y, &qx, &qy);
            CU_ASSERT_DOUBLE_EQUAL(qx, px, 1e-6);
            CU_ASSERT_DOUBLE_EQUAL(qy, py, 1e-6);
        }
    }
}

static void origins_are_rounded_half_up(void)
{
    double x, y;
    struct view view = free_view(5, 4, 100, 100, 1, 0);
    view_center(&view, 10, 10); /* corner (7.5, 8) */
    view_to_image(&view, 0, 0, &x, &y);
    CU_ASSERT(x == 8 && y == 8);
    view_center(&view, 1, 1.4999); /* corner (-1.5, -0.5001) */
    view_to_image(&view, 0, 0, &x, &y);
    CU_ASSERT(x == -1 && y == -1);
    view.zoom = 0.5; /* corner (11 - 5, 11 - 4): in fours of two */
    view_center(&view, 11, 11);
    view_to_image(&view, 0, 0, &x, &y);
    CU_ASSERT(x == 6 && y == 8);
    view.zoom = 4; /* corner (11 - 0.625, 11 - 0.5) */
    view_to_image(&view, 0, 0, &x, &y);
    CU_ASSERT(x == 10 && y == 11);
    view.zoom = 0.4; /* not rounded */
    view_to_image(&view, 0, 0, &x, &y);
    CU_ASSERT_DOUBLE_EQUAL(x, 11 - 6.25, 1e-9);
}

static void reductions_are_the_largest_that_fit(void)
{
    struct view view = free_view(10, 10, 1000, 1000, 1, 0);
    static const struct {
        double zoom;
        int reduction;
    } known[] = {{64, 0},     {1, 0},           {0.9, 0},    {0.5, 1},  {0.3, 1},
                 {0.2501, 1}, {1.0 / 1024, 10}, {1e-12, 24}, {0.25, 2}, {1.5, 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        view.zoom = known[i].zoom;
        CU_ASSERT_EQUAL(view_reduction(&view), known[i].reduction);
    }
}

static void fitting_shows_all_and_filling_leaves_nothing(void)
{
    struct view view;
    view_init(&view, 1024, 768, 3072, 2560);
    CU_ASSERT(view.mode == VIEW_FIT && view.zoom == 0.3 && view.turns == 0 && !view.mirrored);
    CU_ASSERT(view.center_x == 1536 && view.center_y == 1280);
    view_fill(&view);
    CU_ASSERT(view.mode == VIEW_FILL && view.zoom == 1024.0 / 3072);
    view_fit(&view);
    view_turn(&view, 1);
    CU_ASSERT_EQUAL(view.zoom, 0.25);
    view_resize(&view, 2560, 3072);
    CU_ASSERT_EQUAL(view.zoom, 1);
    view_page(&view, 1, 1);
    CU_ASSERT(view.zoom == VIEW_ZOOM_MAX && view.center_x == 0.5);
    view_page(&view, 1, 1000000);
    CU_ASSERT_EQUAL(view.zoom, 2560.0 / 1000000);
    view_fill(&view);
    CU_ASSERT_EQUAL(view.zoom, VIEW_ZOOM_MAX);
}

static void free_views_keep_their_place(void)
{
    struct view view;
    view_init(&view, 1024, 768, 3072, 2560);
    view_zoom_about(&view, 1, 0, 0);
    view_center(&view, 100, 200);
    CU_ASSERT_EQUAL(view.mode, VIEW_FREE);
    view_resize(&view, 300, 300);
    CU_ASSERT(view.zoom == 1 && view.center_x == 100 && view.center_y == 200);
    view_page(&view, 50, 5000);
    CU_ASSERT(view.zoom == 1 && fabs(view.center_x - 100 * 50 / 3072.0) < 1e-9);
    CU_ASSERT_EQUAL(view.center_y, 200 * 5000 / 2560.0);
    view_center(&view, -7, 1e9);
    CU_ASSERT(view.center_x == 0 && view.center_y == 5000);
    view_center(&view, NAN, NAN);
    CU_ASSERT(view.center_x == 0 && view.center_y == 0);
}

static void zooming_keeps_the_point_and_the_limits(void)
{
    for (int i = 0; i < POSES * 20; i++) {
        struct view view = free_view(640, 480, 3000, 2000, 1.1, i % 8);
        double px = i * 37 % 640, py = i * 53 % 480, x, y, ex, ey;
        naive_image(&view, px, py, &x, &y);
        view_zoom_about(&view, 0.13 + i * 0.09, px, py);
        naive_image(&view, px, py, &ex, &ey);
        CU_ASSERT(fabs(ex - x) < 1e-6 && fabs(ey - y) < 1e-6);
        view_zoom_about(&view, 1.1, px, py);
        CU_ASSERT(fabs(view.center_x - 1500) < 1e-6 && fabs(view.center_y - 1000) < 1e-6);
    }
    struct view view = free_view(640, 480, 3000, 2000, 1, 0);
    view_zoom_about(&view, 1000, 5, 5);
    CU_ASSERT_EQUAL(view.zoom, VIEW_ZOOM_MAX);
    view_zoom_about(&view, 0, 5, 5);
    CU_ASSERT_EQUAL(view.zoom, VIEW_ZOOM_MIN);
    view_zoom_about(&view, NAN, 5, 5);
    CU_ASSERT_EQUAL(view.zoom, VIEW_ZOOM_MIN);
    view_page(&view, 3000, 1000000);
    view_zoom_about(&view, 0, 5, 5);
    CU_ASSERT_EQUAL(view.zoom, 480.0 / 1000000);
}

/* Four steps of a wheel are to end on 2 and on 1/2, not a hair beside. */
static void zooms_snap_to_whole_ones(void)
{
    struct view view = free_view(640, 480, 3000, 2000, 1, 0);
    double step = pow(2, 0.1);
    for (int i = 0; i < 20; i++)
        view_zoom_about(&view, view.zoom * step, 3, 3);
    CU_ASSERT_EQUAL(view.zoom, 4);
    for (int i = 0; i < 50; i++)
        view_zoom_about(&view, view.zoom / step, 3, 3);
    CU_ASSERT_EQUAL(view.zoom, 0.125);
}

static void panning_moves_the_picture_and_stays_on_the_page(void)
{
    for (int pose = 0; pose < POSES; pose++) {
        struct view view = free_view(640, 480, 3000, 2000, 0.7, pose);
        double x, y, ex, ey;
        naive_image(&view, 100, 100, &x, &y);
        view_pan(&view, 30, -20);
        naive_image(&view, 130, 80, &ex, &ey);
        CU_ASSERT(fabs(ex - x) < 1e-9 && fabs(ey - y) < 1e-9);
        view_pan(&view, 1e6, 1e6);
        CU_ASSERT(view.center_x == 0 || view.center_x == 3000);
        CU_ASSERT(view.center_y == 0 || view.center_y == 2000);
    }
}

/* A centre that zooming put off the page does not jump when the picture is dragged. */
static void panning_does_not_jump(void)
{
    struct view view = free_view(640, 480, 3000, 2000, 0.7, 0);
    view.center_x = -50;
    view_pan(&view, 7, 0);
    CU_ASSERT_EQUAL(view.center_x, -50);
    view_pan(&view, -7, 0);
    CU_ASSERT_DOUBLE_EQUAL(view.center_x, -40, 1e-9);
}

/* What is seen at (dx, dy) from the middle is seen elsewhere after a turn or a flip. */
static void turns_and_flips_are_as_seen(void)
{
    for (int pose = 0; pose < POSES; pose++) {
        struct view before = free_view(640, 480, 3000, 2000, 0.7, pose), view;
        double x, y, ex, ey;
        naive_image(&before, 320 + 30, 240 - 20, &x, &y);
        view = before;
        view_turn(&view, 1);
        naive_image(&view, 320 + 20, 240 + 30, &ex, &ey);
        CU_ASSERT(fabs(ex - x) < 1e-9 && fabs(ey - y) < 1e-9);
        view_turn(&view, -1);
        CU_ASSERT(view.turns == before.turns);
        view_turn(&view, 7);
        CU_ASSERT(view.turns == ((before.turns + 3) & 3));
        view = before;
        view_flip_horizontal(&view);
        naive_image(&view, 320 - 30, 240 - 20, &ex, &ey);
        CU_ASSERT(fabs(ex - x) < 1e-9 && fabs(ey - y) < 1e-9);
        view = before;
        view_flip_vertical(&view);
        naive_image(&view, 320 + 30, 240 + 20, &ex, &ey);
        CU_ASSERT(fabs(ex - x) < 1e-9 && fabs(ey - y) < 1e-9);
    }
}

static void axes_hold_the_largest_pages(void)
{
    struct view view = free_view(16384, 16384, INT32_MAX, INT32_MAX, 1, 4);
    view_center(&view, INT32_MAX, INT32_MAX);
    struct view_axis across = view_axis(&view, 0), down = view_axis(&view, 1);
    CU_ASSERT(across.whole == INT32_MAX + 8192LL && across.part == 0 && across.along_x);
    CU_ASSERT(across.step == -(1LL << 32) && across.samples == INT32_MAX);
    CU_ASSERT(down.whole == INT32_MAX - 8192LL && down.step == 1LL << 32 && !down.along_x);
    view_orient(&view, 3); /* the mirrored view's x axis runs as stored */
    across = view_axis(&view, 0), down = view_axis(&view, 1);
    CU_ASSERT(across.whole == -8192 && across.part == 0 && across.step == 1LL << 32);
    CU_ASSERT(down.whole == 8192 && down.part == 0 && down.step == -(1LL << 32));
    view_fit(&view);
    CU_ASSERT_EQUAL(view_reduction(&view), 16); /* 2^17 / 131072 is a hair above 1 */
    CU_ASSERT_EQUAL(view_axis(&view, 0).samples, 32768);
}

/* TIFF 6.0, Orientation: "the 0th row represents the visual top of the image, and the 0th column
 * represents the visual left-hand side", and so on. */
enum side { TOP, BOTTOM, LEFT, RIGHT };
static const struct {
    enum side row0, column0;
} orientations[] = {{TOP, LEFT}, {TOP, LEFT},  {TOP, RIGHT},    {BOTTOM, RIGHT}, {BOTTOM, LEFT},
                    {LEFT, TOP}, {RIGHT, TOP}, {RIGHT, BOTTOM}, {LEFT, BOTTOM}};
enum { ORIENTATIONS = sizeof orientations / sizeof *orientations, AREA_W = 97, AREA_H = 75 };

/* The upright page, and how many samples it is stored with across. */
struct upright {
    int64_t width, height;
    int orientation;
};

static void move_from(enum side side, int64_t by, const struct upright *page, int64_t *x,
                      int64_t *y)
{
    if (side == TOP || side == BOTTOM)
        *y = side == TOP ? by : page->height - 1 - by;
    else
        *x = side == LEFT ? by : page->width - 1 - by;
}

/* Where stored row and column are seen on the upright page. */
static void seen_at(const struct upright *page, int64_t column, int64_t row, int64_t *x, int64_t *y)
{
    move_from(orientations[page->orientation].row0, row, page, x, y);
    move_from(orientations[page->orientation].column0, column, page, x, y);
}

static void stored_sizes(const struct upright *page, int64_t *width, int64_t *height)
{
    bool lying = orientations[page->orientation].row0 >= LEFT;
    *width = lying ? page->height : page->width;
    *height = lying ? page->width : page->height;
}

static int upright_level(int64_t x, int64_t y)
{
    return (int)((uint32_t)(x * 7919 + y * 104729 + 1) * 2654435761u >> 24);
}

static int stored_level(const struct upright *page, int64_t column, int64_t row)
{
    int64_t x = -1, y = -1;
    seen_at(page, column, row, &x, &y);
    return upright_level(x, y);
}

/* The mean of what there is in a cell of 2^k by 2^k stored samples, rounded half up. */
static int reduced_level(const struct upright *page, int k, int64_t column, int64_t row)
{
    int64_t width, height, sum = 0, count = 0;
    stored_sizes(page, &width, &height);
    for (int64_t r = row << k; r < (row + 1) << k && r < height; r++)
        for (int64_t c = column << k; c < (column + 1) << k && c < width; c++, count++)
            sum += stored_level(page, c, r);
    return count ? (int)((2 * sum + count) / (2 * count)) : 0xee;
}

struct easel {
    struct arena *arena;
    struct frame *frame;
    struct curve *curve;
};

static void begin(struct easel *easel)
{
    struct window window = window_from_range(0, 255, VOI_LINEAR);
    easel->arena = arena_new(64, NULL);
    easel->frame = frame_new(NULL);
    easel->curve = malloc(sizeof *easel->curve);
    CU_ASSERT_FATAL(easel->arena && easel->frame && easel->curve);
    arena_recut(easel->arena, 1);
    arena_set_budget(easel->arena, 64 * TILE_SAMPLES);
    curve_compile(easel->curve, &window, (struct modality){1, 0}, SAMPLE_U8, false);
}

static void end(struct easel *easel)
{
    frame_free(easel->frame);
    arena_free(easel->arena);
    free(easel->curve);
}

static void put_tile(struct easel *easel, const struct upright *page, struct tile_key key)
{
    int32_t slot = arena_begin(easel->arena, key, NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    uint8_t *codes = arena_slot(easel->arena, slot);
    for (int i = 0; i < TILE_SAMPLES; i++)
        codes[i] = (uint8_t)reduced_level(page, key.reduction,
                                          (int64_t)key.column * TILE_SIDE + i % TILE_SIDE,
                                          (int64_t)key.row * TILE_SIDE + i / TILE_SIDE);
    arena_end(easel->arena, slot, true);
}

/* The view of the page as it is stored, a byte for each pixel. Pages are numbered by orientation.
 */
static void draw(struct easel *easel, const struct upright *page, struct view view, uint8_t *levels)
{
    struct rect all = {0, 0, view.width, view.height};
    struct pixels pixels = {levels, (size_t)view.width, view.width, view.height,
                            pixel_format_gray8};
    view_orient(&view, page->orientation);
    CU_ASSERT_FATAL(frame_plan(easel->frame, &view, page->orientation, SAMPLE_U8, 1, NULL));
    struct tile_span span = frame_needs(easel->frame, all);
    for (int32_t i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        if (!arena_find(easel->arena, key, NULL))
            put_tile(easel, page, key);
    }
    CU_ASSERT_EQUAL(frame_draw(easel->frame, easel->arena, easel->curve, all, &pixels, 0, 0), 0);
}

static int most_different(const uint8_t *a, const uint8_t *b)
{
    int most = 0;
    for (int i = 0; i < AREA_W * AREA_H; i++)
        most = abs(a[i] - b[i]) > most ? abs(a[i] - b[i]) : most;
    return most;
}

/* The sample under each pixel is the one drawn there, and the file's sample is found from it. */
static int misplaced(const struct upright *page, struct view view, const uint8_t *levels)
{
    int wrong = 0;
    view_orient(&view, page->orientation);
    for (int i = 0; i < AREA_W * AREA_H; i += 5) {
        double px = i % AREA_W + 0.5, py = i / AREA_W + 0.5, x, y, qx, qy;
        int64_t column, row;
        view_to_image(&view, px, py, &x, &y);
        view_from_image(&view, x, y, &qx, &qy);
        wrong += fabs(qx - px) > 1e-6 || fabs(qy - py) > 1e-6;
        if (x < 0 || y < 0 || x >= (double)page->width || y >= (double)page->height) {
            wrong += levels[i] != FRAME_OUTSIDE_LEVEL;
            continue;
        }
        view_to_stored(&view, (int64_t)x, (int64_t)y, &column, &row);
        int64_t back_x, back_y;
        view_from_stored(&view, column, row, &back_x, &back_y);
        CU_ASSERT(back_x == (int64_t)x && back_y == (int64_t)y);
        wrong += levels[i] != upright_level((int64_t)x, (int64_t)y);
        wrong += levels[i] != stored_level(page, column, row);
    }
    return wrong;
}

/* Every orientation of the page against its upright self. At 1.6 the middle of the odd area falls
 * between two samples. */
static void check_orientations(struct easel *easel, struct upright page, struct view view,
                               int tolerance)
{
    static uint8_t upright[AREA_W * AREA_H], turned[AREA_W * AREA_H];
    page.orientation = 1;
    draw(easel, &page, view, upright);
    for (page.orientation = 0; page.orientation < ORIENTATIONS; page.orientation++) {
        draw(easel, &page, view, turned);
        CU_ASSERT(most_different(upright, turned) <= tolerance);
        CU_ASSERT(view.zoom < 1 || misplaced(&page, view, turned) == 0);
    }
}

static void each_orientation_is_shown_upright(void)
{
    static const struct {
        double zoom;
        int tolerance; /* weights are rounded from the stored page's left and top */
    } cases[] = {{1, 0}, {1.6, 0}, {2, 0}, {3, 0}, {0.5, 0}, {0.37, 3}};
    static const struct upright pages[] = {{300, 262, 1}, {131, 77, 1}, {34, 20, 1}};
    struct easel easel;
    begin(&easel);
    for (int p = 0; p < 3; p++) {
        arena_drop_all(easel.arena);
        for (int i = 0; i < 6 * POSES * 2; i++) {
            double zoom = cases[i / POSES % 6].zoom;
            struct view view =
                free_view(AREA_W, AREA_H, pages[p].width, pages[p].height, zoom, i % POSES);
            view_center(&view, i / POSES / 6 ? 260.3 : 100, i / POSES / 6 ? 41.77 : 60);
            if (p != 1 || zoom >= 1)
                check_orientations(&easel, pages[p], view, cases[i / POSES % 6].tolerance);
        }
    }
    end(&easel);
}

/* Where the reduction's samples do not end with the page they are drawn whole all the same, as near
 * as can be. */
static void odd_pages_stay_sharp(void)
{
    for (int i = 0; i < ORIENTATIONS * POSES; i++) {
        struct view view = free_view(AREA_W, AREA_H, 1031, 777, 0.25, i % POSES);
        double x, y, ex, ey;
        view_center(&view, 400.3, 300 + i / POSES);
        view_orient(&view, i / POSES);
        CU_ASSERT(view_axis(&view, 0).part == 0 && view_axis(&view, 1).part == 0);
        CU_ASSERT_EQUAL(view_axis(&view, 0).samples == 258,
                        view_axis(&view, 0).along_x == (orientations[i / POSES].row0 < LEFT));
        view_to_image(&view, 3, 5, &x, &y);
        naive_image(&view, 3, 5, &ex, &ey);
        CU_ASSERT(fabs(x - ex) <= 2 && fabs(y - ey) <= 2);
    }
}

SUITE("render/view", {"points map as the picture turns", points_map_as_the_picture_turns},
      {"origins are rounded half up", origins_are_rounded_half_up},
      {"reductions are the largest that fit", reductions_are_the_largest_that_fit},
      {"fit and fill", fitting_shows_all_and_filling_leaves_nothing},
      {"free views keep their place", free_views_keep_their_place},
      {"zooming keeps the point and the limits", zooming_keeps_the_point_and_the_limits},
      {"zooms snap to whole ones", zooms_snap_to_whole_ones},
      {"panning moves the picture", panning_moves_the_picture_and_stays_on_the_page},
      {"panning does not jump", panning_does_not_jump},
      {"turns and flips are as seen", turns_and_flips_are_as_seen},
      {"axes hold the largest pages", axes_hold_the_largest_pages},
      {"each orientation is shown upright", each_orientation_is_shown_upright},
      {"odd pages stay sharp", odd_pages_stay_sharp})
