/* Window functions against DICOM's worked sentences and hand-computed values. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "tone/window.h"

static double shown(enum voi voi, double center, double width, double x)
{
    struct window window = {center, width, voi, false};
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
        struct window window = {odd[i % COUNT], odd[i / COUNT % COUNT],
                                (enum voi)(i / COUNT / COUNT / COUNT), false};
        window_fix(&window);
        double y = window_fraction(&window, odd[i / COUNT / COUNT % COUNT]);
        CU_ASSERT(y >= 0 && y <= 1);
    }
}

static void windows_are_put_right(void)
{
    struct window window = {NAN, NAN, VOI_LINEAR, false};
    window_fix(&window);
    CU_ASSERT(window.center == 0 && window.width == 1);
    window = (struct window){7, 0.5, VOI_LINEAR, false};
    window_fix(&window);
    CU_ASSERT(window.center == 7 && window.width == 1);
    window = (struct window){7, 0.5, VOI_SIGMOID, false};
    window_fix(&window);
    CU_ASSERT(window.width == 0.5);
    window = (struct window){7, -3, VOI_LINEAR_EXACT, false};
    window_fix(&window);
    CU_ASSERT(window.width == 1e-6);
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
      {"a range becomes its window", a_range_becomes_its_window},
      {"names go to and fro", names_go_to_and_fro})
