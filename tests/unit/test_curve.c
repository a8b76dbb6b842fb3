/* Compiled curves: equal to the exact function for every code, and the arithmetic to the table. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "tone/curve.h"
#include "tone/preset.h"

static struct curve curve;

/* What DESIGN says, without the module: round half up of 255 y. */
static int defined_level(const struct window *window, struct modality modality,
                         enum sample_type type, bool min_is_white, int32_t code)
{
    double stored = (double)code + sample_least(type);
    double y = window_fraction(window, stored * modality.slope + modality.intercept);
    int level = (int)floor(255 * y + 0.5);
    return window->invert != min_is_white ? 255 - level : level;
}

static bool arithmetic_equals_table(void)
{
    for (int32_t code = 0; code < curve.codes; code++) {
        float value = ((float)code - curve.low) * curve.scale;
        value = value < 0 ? 0 : value > 255 ? 255 : value;
        int level = (int)(value + 0.5f);
        if (curve.level[code] != (curve.flip ? 255 - level : level))
            return false;
    }
    return true;
}

static void check(struct window window, struct modality modality, enum sample_type type,
                  bool min_is_white)
{
    int32_t wrong = 0;
    memset(&curve, 0x55, sizeof curve);
    curve_compile(&curve, &window, modality, type, min_is_white);
    CU_ASSERT_EQUAL(curve.codes, sample_codes(type));
    CU_ASSERT_EQUAL(curve.flip, window.invert != min_is_white);
    for (int32_t code = 0; code < curve.codes; code++) {
        int level = defined_level(&window, modality, type, min_is_white, code);
        wrong += curve.level[code] != level;
        wrong += curve_exact_level(&window, modality, type, min_is_white, code) != level;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(!curve.arithmetic || arithmetic_equals_table());
    CU_ASSERT(!curve.arithmetic || window.voi != VOI_SIGMOID);
}

static const struct modality modalities[] = {{1, 0},     {0.5, 0}, {-1, 0},  {1.0 / 3, 10},
                                             {1, -1024}, {-2, 7},  {1e-3, 0}};

static void tables_equal_the_exact_function(void)
{
    static const double widths[] = {1, 1.5, 2, 80, 256, 400.5, 4096, 65536, 1e9, 1e-6};
    static const double centers[] = {0, 40, -600, 127.5, 2048, 32768.5, -1e7, 1e12};
    enum { WIDTHS = sizeof widths / sizeof *widths, CENTERS = sizeof centers / sizeof *centers };
    enum { MODALITIES = sizeof modalities / sizeof *modalities };
    for (int i = 0; i < VOI_FUNCTIONS * WIDTHS * CENTERS; i++) {
        struct window window = {centers[i / WIDTHS % CENTERS], widths[i % WIDTHS],
                                (enum voi)(i / WIDTHS / CENTERS), i & 1};
        window_fix(&window);
        /* Types and modalities take turns: all meet, in a fraction of the time. */
        check(window, modalities[i % MODALITIES], (enum sample_type)(i / 3 % SAMPLE_TYPES), i & 2);
        check(window, modalities[0], i & 4 ? SAMPLE_U16 : SAMPLE_I16, false);
    }
}

static void all_types_and_modalities_meet(void)
{
    struct window window = {60, 333, VOI_LINEAR, false};
    for (int voi = 0; voi < VOI_FUNCTIONS; voi++)
        for (size_t m = 0; m < sizeof modalities / sizeof *modalities; m++)
            for (int type = 0; type < SAMPLE_TYPES; type++) {
                window.voi = (enum voi)voi;
                check(window, modalities[m], (enum sample_type)type, m & 1);
            }
}

/* What a reader uses must seldom fall back to the slower way. (Where ties abound, as at width 41,
 * the exact function's own rounding makes a pattern that no two constants give.) */
static void usual_windows_are_arithmetic(void)
{
    int arithmetic = 0, tried = 0;
    for (int low = -50; low < 4000; low += 97)
        for (int high = low; high < 70000; high += 1 + (high - low) / 2) {
            struct window window = window_from_range(low, high, VOI_LINEAR);
            curve_compile(&curve, &window, modalities[0], SAMPLE_U16, false);
            CU_ASSERT(!curve.arithmetic || arithmetic_equals_table());
            arithmetic += curve.arithmetic;
            tried++;
        }
    CU_ASSERT(arithmetic * 10 >= tried * 9);
    for (const struct preset *preset = presets; preset->name; preset++) {
        struct window window = {preset->center, preset->width, VOI_LINEAR, false};
        curve_compile(&curve, &window, (struct modality){1, -1024}, SAMPLE_U16, false);
        CU_ASSERT(curve.arithmetic && arithmetic_equals_table());
    }
}

static void broken_windows_do_no_harm(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 0};
    enum { COUNT = sizeof odd / sizeof *odd };
    for (int i = 0; i < VOI_FUNCTIONS * COUNT * COUNT * COUNT; i++) {
        struct window window = {odd[i % COUNT], odd[i / COUNT % COUNT],
                                (enum voi)(i / COUNT / COUNT / COUNT), false};
        struct modality modality = {odd[i / COUNT / COUNT % COUNT], 0};
        curve_compile(&curve, &window, modality, SAMPLE_U8, false);
        CU_ASSERT(!curve.arithmetic || arithmetic_equals_table());
    }
}

static void flips_cancel(void)
{
    struct window window = {128, 256, VOI_LINEAR, true};
    curve_compile(&curve, &window, modalities[0], SAMPLE_U8, false);
    CU_ASSERT(curve.level[0] == 255 && curve.level[255] == 0 && curve.level[10] == 245);
    curve_compile(&curve, &window, modalities[0], SAMPLE_U8, true);
    CU_ASSERT(curve.level[0] == 0 && curve.level[255] == 255 && curve.level[10] == 10);
}

SUITE("tone/curve", {"tables equal the exact function", tables_equal_the_exact_function},
      {"all types and modalities", all_types_and_modalities_meet},
      {"usual windows are arithmetic", usual_windows_are_arithmetic},
      {"broken windows do no harm", broken_windows_do_no_harm}, {"two flips cancel", flips_cancel})
