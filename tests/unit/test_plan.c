/* Plans and lines: what lies between a view and its pixels, with numbers worked out by hand. */
#include "suite.h"

#include <string.h>

#include "render/gather.h"
#include "render/plan.h"
#include "render/rows.h"

static struct plan plan;

static bool make(int width, int64_t page_width, double zoom, double center, bool mirrored)
{
    struct view view;
    bool changed = false;
    view_init(&view, width, 4, page_width, 1000);
    view.mode = VIEW_FREE;
    view.zoom = zoom;
    view.center_x = center;
    view.mirrored = mirrored;
    CU_ASSERT(plan_make(&plan, &view, 0, SAMPLE_U16, 1, &changed, NULL));
    return changed;
}

static int weight(int entry, int tap)
{
    return plan.across.weights[tap * plan.across.count + entry];
}

/* Zoom 0.4: reduction 1, a pixel covers 1.25 samples; the origin is 50 - 4 * 1.25 = 45. Cumulative
 * weights: 256 / 1.25 = 204.8. */
static void weights_are_areas(void)
{
    static const int first[] = {45, 46, 47, 48, 50, 51, 52, 53};
    static const int weights[][3] = {{205, 51, 0}, {154, 102, 0}, {102, 154, 0}, {51, 205, 0}};
    CU_ASSERT(make(8, 1000, 0.4, 100, false));
    CU_ASSERT(plan.mode == PLAN_AREA && plan.reduction == 1 && plan.across.taps == 3);
    for (int e = 0; e < 8; e++) {
        CU_ASSERT_EQUAL(plan.across.first[e], first[e]);
        CU_ASSERT_EQUAL(plan.across.last[e], first[e] + 1);
        for (int tap = 0; tap < 3; tap++)
            CU_ASSERT_EQUAL(weight(e, tap), weights[e % 4][tap]);
    }
    plan_fini(&plan);
}

static void weights_are_256_together(void)
{
    for (int i = 0; i < 200; i++) {
        make(300, 200, 0.29 + i * 0.0031, 100.0 + i * 0.37, i & 1);
        for (int e = plan.across.begin; e < plan.across.end; e++) {
            int sum = 0, count = plan.across.last[e] - plan.across.first[e] + 1;
            for (int tap = 0; tap < plan.across.taps; tap++)
                sum += weight(e, tap);
            CU_ASSERT_EQUAL(sum, 256);
            CU_ASSERT(weight(e, 0) > 0 && weight(e, count - 1) > 0);
            CU_ASSERT(plan.across.first[e] >= 0 && plan.across.last[e] < plan.across.axis.samples);
        }
    }
    plan_fini(&plan);
}

/* A page of 5 samples in the middle of 11 pixels at zoom 1: its corner is at pixel 3. */
static void entries_run_in_the_page_s_order(void)
{
    int begin, end;
    make(11, 5, 1, 2.5, true);
    CU_ASSERT(plan.mode == PLAN_ONE && plan.across.reversed);
    CU_ASSERT(plan_mirror(&plan.across, 0) == 10 && plan_mirror(&plan.across, 10) == 0);
    CU_ASSERT(plan.across.begin == 3 && plan.across.end == 8);
    CU_ASSERT(plan.across.first[3] == 0 && plan.across.first[7] == 4);
    CU_ASSERT(plan_entries(&plan.across, 4, 6, &begin, &end) && begin == 5 && end == 7);
    CU_ASSERT_FALSE(plan_entries(&plan.across, 0, 3, &begin, &end));
    CU_ASSERT_FALSE(plan_entries(&plan.across, 8, 99, &begin, &end));
    CU_ASSERT_EQUAL(plan_search(plan.across.first, 3, 8, 2), 5);
    CU_ASSERT_EQUAL(plan_search(plan.across.first, 3, 8, 9), 8);
    plan_fini(&plan);
}

/* A zoom so near 1 that a step is a sample, yet pixels and samples do not coincide. */
static void nearly_one_is_not_one(void)
{
    make(11, 500, 1 - 1e-13, 100.3, false);
    CU_ASSERT_EQUAL(plan.mode, PLAN_AREA);
    make(11, 500, 1 + 1e-13, 100.3, false);
    CU_ASSERT_EQUAL(plan.mode, PLAN_REPEAT);
    make(11, 500, 1, 100.3, false);
    CU_ASSERT_EQUAL(plan.mode, PLAN_ONE);
    plan_fini(&plan);
}

/* The same view of other samples. */
static bool make_of(enum sample_type type, int channels)
{
    struct view view;
    bool changed = false;
    view_init(&view, 12, 4, 6, 1000);
    CU_ASSERT(plan_make(&plan, &view, 0, type, channels, &changed, NULL));
    return changed;
}

static void plans_are_made_once(void)
{
    CU_ASSERT(make(11, 5, 1, 2.5, false));
    CU_ASSERT_FALSE(make(11, 5, 1, 2.5, false));
    CU_ASSERT(make(11, 5, 1, 3.5, false));
    CU_ASSERT(make(12, 5, 1, 3.5, false));
    CU_ASSERT(make(12, 5, 2, 3.5, false));
    CU_ASSERT_EQUAL(plan.mode, PLAN_REPEAT);
    CU_ASSERT(make(12, 6, 2, 3.5, false));
    CU_ASSERT(make(12, 6, 2, 3.5, true));
    CU_ASSERT(make_of(SAMPLE_F32, 1));
    CU_ASSERT(make_of(SAMPLE_F32, 3) && plan.channels == 3);
    CU_ASSERT_FALSE(make_of(SAMPLE_F32, 3));
    CU_ASSERT(make_of(SAMPLE_U16, 3) && plan.type == SAMPLE_U16);
    plan_fini(&plan);
}

static uint16_t known_code(int32_t x, int32_t y)
{
    return (uint16_t)(x * 101 + y * 7);
}

static void put_known_tile(struct arena *arena, int32_t column, int32_t row)
{
    int32_t slot = arena_begin(arena, (struct tile_key){0, 0, column, row}, NULL, NULL);
    CU_ASSERT_FATAL(slot >= 0);
    uint16_t *codes = arena_slot(arena, slot);
    for (int i = 0; i < TILE_SIDE * TILE_SIDE; i++)
        codes[i] = known_code(column * TILE_SIDE + i % TILE_SIDE, row * TILE_SIDE + i / TILE_SIDE);
    arena_end(arena, slot, true);
}

static void check_line(struct gather *gather, int32_t v, int slot, bool upright)
{
    const struct run *runs = gather_line(gather, 0, v, slot);
    int32_t u = gather->low;
    int wrong = 0;
    for (int i = 0; i < gather->run_count; i++)
        for (int j = 0; j < runs[i].count; j++, u++)
            wrong += ((const uint16_t *)runs[i].samples)[j] !=
                     (upright ? known_code(u, v) : known_code(v, u));
    CU_ASSERT_EQUAL(u, gather->low + gather->length);
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Codes and levels of some entries of a row: page sample 3 is the first. */
static void check_rows(struct gather *gather, bool upright)
{
    static struct rows rows;
    static struct curve curve;
    struct window window = {.center = 30000, .width = 50000, .voi = VOI_LINEAR, .invert = false};
    const struct plan_axis *across = &plan.across;
    int begin = plan_search(across->first, 0, across->end, 3), n = 200, wrong = 0;
    curve_compile(&curve, &window, (struct modality){1, 0}, SAMPLE_U16, false);
    CU_ASSERT_FATAL(rows_reserve(&rows, &plan, gather, NULL));
    const uint8_t *levels = rows_levels(&rows, &curve, 0, begin, begin + n, 7);
    const uint16_t *codes = rows_codes(&rows, 0, begin, begin + n, 7);
    for (int i = 0; i < n; i++) {
        int u = 3 + (across->reversed ? n - 1 - i : i);
        uint16_t code = upright ? known_code(u, 7) : known_code(7, u);
        wrong += codes[i] != code || levels[i] != curve.level[code];
    }
    CU_ASSERT_EQUAL(wrong, 0);
    rows_fini(&rows);
}

static void check_lines(struct arena *arena, int turns)
{
    static struct gather gather;
    struct view view;
    bool changed;
    view_init(&view, 512, 512, 512, 512);
    view_turn(&view, turns);
    CU_ASSERT_FATAL(plan_make(&plan, &view, 0, SAMPLE_U16, 1, &changed, NULL));
    CU_ASSERT_FATAL(gather_reserve(&gather, &plan, NULL));
    struct tile_span span = {0, 0, 0, 0, 2, 2};
    CU_ASSERT_EQUAL(gather_begin(&gather, kernels_best(), arena, span, 3, 500), 1);
    CU_ASSERT(gather.flawed);
    CU_ASSERT_PTR_NULL(gather_cell(&gather, 300, 300)->samples);
    CU_ASSERT_PTR_NOT_NULL(gather_cell(&gather, 300, 200)->samples);
    CU_ASSERT_EQUAL(gather.run_count, turns & 1 ? 1 : 2);
    static const int32_t lines[] = {0, 1, 2, 15, 16, 17, 31, 14, 255, 100};
    for (int i = 0; i < 10; i++)
        check_line(&gather, lines[i], i % 3, !(turns & 1));
    CU_ASSERT_EQUAL(gather_begin(&gather, kernels_best(), arena, span, 3, 200), 1);
    check_rows(&gather, !(turns & 1));
    gather_fini(&gather);
    plan_fini(&plan);
}

static void lines_are_rows_or_columns(void)
{
    struct arena *arena = arena_new(8, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    arena_recut(arena, 2);
    arena_set_budget(arena, (size_t)8 * TILE_SIDE * TILE_SIDE * 2);
    put_known_tile(arena, 0, 0);
    put_known_tile(arena, 1, 0);
    put_known_tile(arena, 0, 1);
    for (int turns = 0; turns < 4; turns++)
        check_lines(arena, turns);
    arena_free(arena);
}

SUITE("render/plan", {"weights are areas", weights_are_areas},
      {"weights are 256 together", weights_are_256_together},
      {"entries run in the page's order", entries_run_in_the_page_s_order},
      {"nearly one is not one", nearly_one_is_not_one},
      {"plans are made once", plans_are_made_once},
      {"lines are rows or columns", lines_are_rows_or_columns})
