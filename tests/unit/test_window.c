/* Window functions against DICOM's worked sentences and hand-computed values. */
#include "suite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "tone/window.h"

static double shown(enum voi voi, double center, double width, double x)
{
    struct window window = {.center = center, .width = width, .voi = voi, .invert = false};
    return window_fraction(&window, x);
}

/* PS3.3 C.11.2.1.2: with c = 2048 and w = 4096, x <= 0 is least and x > 4095 most; with c = 0 and
 * w = 100 the ramp is from -50 to +49; with w = 1 and c = 0, x <= -0.5 is least, the rest most. */
static void linear_is_dicoms(void)
{
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 2048, 4096, 0), 0);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 2048, 4096, 4095), 1);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 2048, 4096, 4096), 1);
    CU_ASSERT_DOUBLE_EQUAL(shown(VOI_LINEAR, 2048, 4096, 819), 0.2, 1e-12);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 0, 100, -50), 0);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 0, 100, 49), 1);
    CU_ASSERT_DOUBLE_EQUAL(shown(VOI_LINEAR, 0, 100, 0), 50.0 / 99, 1e-12);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 0, 1, -0.5), 0);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 0, 1, -0.4999), 1);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR, 0, 1, 0), 1);
}

/* PS3.3 C.11.2.1.3: c = 2048 and w = 4096 runs from 0 to 4096; c = 0, w = 100 from -50 to 50. */
static void linear_exact_is_dicoms(void)
{
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 2048, 4096, 0), 0);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 2048, 4096, 4096), 1);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 2048, 4096, 1024), 0.25);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 0, 100, -50), 0);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 0, 100, 50), 1);
    CU_ASSERT_EQUAL(shown(VOI_LINEAR_EXACT, 0, 100, 0), 0.5);
}

static void sigmoid_is_dicoms(void)
{
    CU_ASSERT_EQUAL(shown(VOI_SIGMOID, 40, 400, 40), 0.5);
    CU_ASSERT_DOUBLE_EQUAL(shown(VOI_SIGMOID, 40, 400, 140), 0.7310585786300049, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(shown(VOI_SIGMOID, 40, 400, -60), 0.2689414213699951, 1e-12);
    CU_ASSERT_EQUAL(shown(VOI_SIGMOID, 0, 1e-6, 1e6), 1);
    CU_ASSERT_EQUAL(shown(VOI_SIGMOID, 0, 1e-6, -1e6), 0);
}

static void nothing_leaves_the_unit_interval(void)
{
    static const double odd[] = {-1e300, -1e9, -1, 0, 1e-300, 1, 1e9, 1e300, INFINITY, -INFINITY};
    enum { COUNT = sizeof odd / sizeof *odd };
    for (int i = 0; i < VOI_FUNCTIONS * COUNT * COUNT * COUNT; i++) {
        struct window window = {.center = odd[i % COUNT],
                                .width = odd[i / COUNT % COUNT],
                                .voi = (enum voi)(i / COUNT / COUNT / COUNT),
                                .invert = false};
        window_fix(&window);
        double y = window_fraction(&window, odd[i / COUNT / COUNT % COUNT]);
        CU_ASSERT(y >= 0 && y <= 1);
    }
}

static void windows_are_put_right(void)
{
    struct window window = {.center = NAN, .width = NAN, .voi = VOI_LINEAR, .invert = false};
    window_fix(&window);
    CU_ASSERT(window.center == 0 && window.width == 1);
    window = (struct window){.center = 7, .width = 0.5, .voi = VOI_LINEAR, .invert = false};
    window_fix(&window);
    CU_ASSERT(window.center == 7 && window.width == 1);
    window = (struct window){.center = 7, .width = 0.5, .voi = VOI_SIGMOID, .invert = false};
    window_fix(&window);
    CU_ASSERT(window.width == 0.5);
    window = (struct window){.center = 7, .width = -3, .voi = VOI_LINEAR_EXACT, .invert = false};
    window_fix(&window);
    CU_ASSERT_DOUBLE_EQUAL(window.width, 7e-15, 1e-20);
}

/* Widths that a page of floats needs stay as they are; no width is 0, none infinite. */
static void tiny_and_huge_windows_are_kept(void)
{
    static const struct {
        double center, width, fixed_center, fixed_width;
    } rows[] = {{0.5, 1e-12, 0.5, 1e-12},
                {1e-30, 3e-33, 1e-30, 3e-33},
                {0, 0, 0, DBL_MIN},
                {0, -INFINITY, 0, DBL_MIN},
                {INFINITY, INFINITY, DBL_MAX, DBL_MAX},
                {-INFINITY, 5, -DBL_MAX, 1e-15 * DBL_MAX},
                {-2e20, NAN, -2e20, 2e5}};
    for (int i = 0; i < 2 * (int)(sizeof rows / sizeof *rows); i++) {
        struct window window = {.center = rows[i / 2].center,
                                .width = rows[i / 2].width,
                                .voi = i % 2 ? VOI_LINEAR_EXACT : VOI_SIGMOID,
                                .invert = true};
        window_fix(&window);
        CU_ASSERT_EQUAL(window.center, rows[i / 2].fixed_center);
        CU_ASSERT(fabs(window.width - rows[i / 2].fixed_width) <= 1e-12 * rows[i / 2].fixed_width);
        CU_ASSERT(window.invert);
        window.voi = VOI_LINEAR;
        window_fix(&window);
        CU_ASSERT(window.width >= 1 && window.width <= DBL_MAX);
    }
}

static void a_range_becomes_its_window(void)
{
    struct window window = window_from_range(100, 1123, VOI_LINEAR);
    CU_ASSERT(window.width == 1024 && window.center == 612 && !window.invert);
    CU_ASSERT_EQUAL(window_fraction(&window, 100), 0);
    CU_ASSERT(window_fraction(&window, 101) > 0);
    CU_ASSERT_EQUAL(window_fraction(&window, 1123), 1);
    CU_ASSERT(window_fraction(&window, 1122) < 1);
    CU_ASSERT_EQUAL(window_from_range(5, 5, VOI_SIGMOID).voi, VOI_SIGMOID);
}

static void values_become_their_window(void)
{
    static const struct {
        double low, high;
        enum voi voi;
        double center, width;
        enum voi becomes;
    } rows[] = {{0, 1, VOI_LINEAR, 0.5, 1, VOI_LINEAR_EXACT},
                {-0.25, 0.5, VOI_LINEAR_EXACT, 0.125, 0.75, VOI_LINEAR_EXACT},
                {3, 5, VOI_SIGMOID, 4, 2, VOI_SIGMOID},
                {0x1p-60, 0x1p-59, VOI_LINEAR, 0x1.8p-60, 0x1p-60, VOI_LINEAR_EXACT},
                {0x1p1023, 0x1.8p1023, VOI_LINEAR, 0x1.4p1023, 0x1p1022, VOI_LINEAR_EXACT},
                {0, 0, VOI_LINEAR, 0, 1, VOI_LINEAR_EXACT},
                {-2e6, -2e6, VOI_LINEAR, -2e6, 2, VOI_LINEAR_EXACT},
                {-DBL_MAX, DBL_MAX, VOI_LINEAR, 0, DBL_MAX, VOI_LINEAR_EXACT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct window window = window_from_values(rows[i].low, rows[i].high, false, rows[i].voi);
        CU_ASSERT(window.center == rows[i].center && !window.invert);
        CU_ASSERT_DOUBLE_EQUAL(window.width / rows[i].width, 1, 1e-12);
        CU_ASSERT_EQUAL(window.voi, rows[i].becomes);
        if (rows[i].voi == VOI_SIGMOID)
            continue;
        double black = window_fraction(&window, rows[i].low);
        double white = window_fraction(&window, rows[i].high);
        bool constant = rows[i].low == rows[i].high;
        CU_ASSERT(black == (constant ? 0.5 : 0) && white == (constant ? 0.5 : 1));
    }
    struct window window = window_from_values(10, 19, true, VOI_LINEAR);
    CU_ASSERT(window.width == 10 && window.center == 15 && window.voi == VOI_LINEAR);
    for (int voi = 0; voi < VOI_FUNCTIONS; voi++) {
        window = window_from_values(7, 7, true, (enum voi)voi);
        CU_ASSERT(window_fraction(&window, 7) == 0.5 && window.voi == (enum voi)voi);
        CU_ASSERT(window_fraction(&window, 6) < 0.2 && window_fraction(&window, 8) > 0.8);
    }
    window = window_from_values(DBL_MAX, DBL_MAX, true, VOI_LINEAR);
    CU_ASSERT(window.width >= 1 && isfinite(window.center));
}

/* From 2^52 on a double has no halves, and from 2^53 not every whole number. */
static void whole_numbers_without_halves_have_windows(void)
{
    static const double values[] = {0x1p51 + 1, 0x1p52 - 1, 0x1p52,          0x1p52 + 1, 0x1p53 - 1,
                                    0x1p53,     0x1p62,     0x1p62 + 0x1p10, 0x1p63,     0x1p64};
    for (size_t i = 0; i < 2 * VOI_FUNCTIONS * sizeof values / sizeof *values; i++) {
        double value = values[i / 2 / VOI_FUNCTIONS] * (i % 2 ? -1 : 1);
        enum voi voi = (enum voi)(i / 2 % VOI_FUNCTIONS);
        struct window window = window_from_values(value, value, true, voi);
        CU_ASSERT_EQUAL(window_fraction(&window, value), 0.5);
        double least = fmin(value, value / 2), most = fmax(value, value / 2);
        window = window_from_values(least, most, true, voi);
        if (voi == VOI_SIGMOID)
            continue;
        CU_ASSERT_DOUBLE_EQUAL(window_fraction(&window, least), 0, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(window_fraction(&window, most), 1, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(window_fraction(&window, least / 2 + most / 2), 0.5, 1e-12);
    }
}

/* Stored values may come in either order, and the modality decides what is a whole number. */
static void stored_values_become_their_window(void)
{
    static const struct {
        struct modality modality;
        bool integral;
        double center, width;
        enum voi voi;
    } rows[] = {
        {{1, 0}, true, 8.5, 6, VOI_LINEAR},           {{-2, 100}, true, 84.5, 11, VOI_LINEAR},
        {{1, 0}, false, 8, 5, VOI_LINEAR_EXACT},      {{-2, 100}, false, 84, 10, VOI_LINEAR_EXACT},
        {{0.25, 0}, true, 2, 1.25, VOI_LINEAR_EXACT}, {{1, 0.5}, true, 8.5, 5, VOI_LINEAR_EXACT}};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        double low = i % 2 ? 5.5 : 10.5;
        struct window window = window_from_stored(low, 16 - low, rows[i / 2].modality,
                                                  rows[i / 2].integral, VOI_LINEAR);
        CU_ASSERT(window.center == rows[i / 2].center && window.width == rows[i / 2].width);
        CU_ASSERT_EQUAL(window.voi, rows[i / 2].voi);
    }
}

static void names_go_to_and_fro(void)
{
    enum voi voi;
    for (int i = 0; i < VOI_FUNCTIONS; i++)
        CU_ASSERT(voi_parse(voi_name((enum voi)i), &voi) && voi == (enum voi)i);
    CU_ASSERT_STRING_EQUAL(voi_name(VOI_LINEAR_EXACT), "linear-exact");
    CU_ASSERT_FALSE(voi_parse("lin", &voi));
}

SUITE("tone/window", {"LINEAR is DICOM's", linear_is_dicoms},
      {"LINEAR_EXACT is DICOM's", linear_exact_is_dicoms},
      {"SIGMOID is DICOM's", sigmoid_is_dicoms},
      {"fractions lie between 0 and 1", nothing_leaves_the_unit_interval},
      {"windows are put right", windows_are_put_right},
      {"tiny and huge windows are kept", tiny_and_huge_windows_are_kept},
      {"a range becomes its window", a_range_becomes_its_window},
      {"values become their window", values_become_their_window},
      {"whole numbers without halves have windows", whole_numbers_without_halves_have_windows},
      {"stored values become their window", stored_values_become_their_window},
      {"names go to and fro", names_go_to_and_fro})
