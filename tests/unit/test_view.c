/* View geometry against the naive mapping. */
#include "suite.h"

#include <math.h>

#include "render/view.h"
#include "unit/naive_view.h"

enum { ORIENTATIONS = 8 };

static const double zooms[] = {1,   2,    3,   7,        64,  0.5,       0.25, 1.0 / 256,
                               0.3, 0.75, 1.3, 0.999999, 2.5, 1.0 / 300, 17.3};
enum { ZOOMS = sizeof zooms / sizeof *zooms };

static void points_map_as_the_picture_turns(void)
{
    for (int i = 0; i < ZOOMS * ORIENTATIONS; i++) {
        struct view view = free_view(101, 64, 3001, 2000, zooms[i / ORIENTATIONS], i % 8);
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
    CU_ASSERT(view.zoom == 1 && view.center_x == 50 && view.center_y == 200);
    view_center(&view, -7, 1e9);
    CU_ASSERT(view.center_x == 0 && view.center_y == 5000);
    view_center(&view, NAN, NAN);
    CU_ASSERT(view.center_x == 0 && view.center_y == 0);
}

static void zooming_keeps_the_point_and_the_limits(void)
{
    for (int i = 0; i < ORIENTATIONS * 20; i++) {
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
    for (int orientation = 0; orientation < ORIENTATIONS; orientation++) {
        struct view view = free_view(640, 480, 3000, 2000, 0.7, orientation);
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
    for (int orientation = 0; orientation < ORIENTATIONS; orientation++) {
        struct view before = free_view(640, 480, 3000, 2000, 0.7, orientation), view;
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
    view_fit(&view);
    CU_ASSERT_EQUAL(view_reduction(&view), 16); /* 2^17 / 131072 is a hair above 1 */
    CU_ASSERT_EQUAL(view_axis(&view, 0).samples, 32768);
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
      {"axes hold the largest pages", axes_hold_the_largest_pages})
