/* Compiled curves: equal to the exact function for every code, and for values of wide types
 * wherever it has an edge; the arithmetic equal to the table. */
#include "suite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "tone/curve.h"
#include "tone/preset.h"

enum { NARROW_TYPES = SAMPLE_I16 + 1 };

static struct curve curve;

/* What DESIGN says, without the module: round half up of 255 y, or 1023 y. */
static int defined_of(int most, const struct window *window, struct modality modality,
                      bool min_is_white, double stored)
{
    struct window straight = *window;
    straight.gamma = 1;
    double y = window_fraction(&straight, stored * modality.slope + modality.intercept);
    int level = (int)floor(most * (window->gamma == 0 ? y : pow(y, window->gamma)) + 0.5);
    return isnan(stored) ? 0 : window->invert != min_is_white ? most - level : level;
}

static int defined_value_level(const struct window *window, struct modality modality,
                               bool min_is_white, double stored)
{
    return defined_of(255, window, modality, min_is_white, stored);
}

static int defined_level(const struct window *window, struct modality modality,
                         enum sample_type type, bool min_is_white, int32_t code)
{
    return defined_value_level(window, modality, min_is_white, (double)code + sample_least(type));
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

/* Of every 37th code, in rows of any length. */
static void check_deep(struct window window, struct modality modality, enum sample_type type,
                       bool min_is_white)
{
    uint16_t codes[67], levels[68];
    int wrong = 0, n = 1;
    for (int32_t code = 0; code < curve.codes; code += 37 * n, n = n % 67 + 1) {
        for (int i = 0; i < n; i++)
            codes[i] = (uint16_t)((code + 37 * i) % curve.codes);
        levels[n] = 0xeeee;
        curve_deep_levels(&curve, codes, n, levels);
        wrong += levels[n] != 0xeeee;
        for (int i = 0; i < n; i++)
            wrong += levels[i] != defined_of(1023, &window, modality, min_is_white,
                                             (double)codes[i] + sample_least(type));
    }
    CU_ASSERT_EQUAL(wrong, 0);
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
    CU_ASSERT(!curve.arithmetic || (window.voi != VOI_SIGMOID && !window_bends(&window)));
    static const uint8_t bytes[] = {0, 1, 127, 128, 255};
    static const uint16_t words[] = {0, 1, 32767, 32768, 65535};
    uint8_t levels[6] = {0, 0, 0, 0, 0, 0xee};
    bool narrowest = curve.codes == 256;
    curve_levels(&curve, narrowest ? (const void *)bytes : words, 5, levels);
    for (int i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(levels[i], curve.level[narrowest ? bytes[i] : words[i]]);
    CU_ASSERT_EQUAL(levels[5], 0xee);
    check_deep(window, modality, type, min_is_white);
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
        struct window window = {.center = centers[i / WIDTHS % CENTERS],
                                .width = widths[i % WIDTHS],
                                .voi = (enum voi)(i / WIDTHS / CENTERS),
                                .invert = i & 1};
        window_fix(&window);
        /* Types and modalities take turns: all meet, in a fraction of the time. */
        check(window, modalities[i % MODALITIES], (enum sample_type)(i / 3 % NARROW_TYPES), i & 2);
        check(window, modalities[0], i & 4 ? SAMPLE_U16 : SAMPLE_I16, false);
    }
}

static void all_types_and_modalities_meet(void)
{
    struct window window = {.center = 60, .width = 333, .voi = VOI_LINEAR, .invert = false};
    for (int voi = 0; voi < VOI_FUNCTIONS; voi++)
        for (size_t m = 0; m < sizeof modalities / sizeof *modalities; m++)
            for (int type = 0; type < NARROW_TYPES; type++) {
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
        struct window window = {
            .center = preset->center, .width = preset->width, .voi = VOI_LINEAR, .invert = false};
        curve_compile(&curve, &window, (struct modality){1, -1024}, SAMPLE_U16, false);
        CU_ASSERT(curve.arithmetic && arithmetic_equals_table());
    }
}

/* Values that rounding could put on the wrong side, as stored values: a window's edges, its middle
 * and the steps between levels, and their neighbours in either precision. */
enum { EDGES = 12, NEIGHBOURS = 5, SPECIAL = 14, VALUES = EDGES * NEIGHBOURS + SPECIAL };

static void edge_values(const struct window *window, struct modality modality, double *values)
{
    static const double special[SPECIAL] = {0,      -0.0,    1,           -1,          0.5,
                                            1e-300, DBL_MAX, -DBL_MAX,    INFINITY,    -INFINITY,
                                            NAN,    FLT_MAX, DBL_MIN / 4, 4294967295.0};
    double c = window->center, w = window->width;
    const double edges[EDGES] = {c - 0.5 - (w - 1) / 2,
                                 c - 0.5 + (w - 1) / 2,
                                 c - w / 2,
                                 c + w / 2,
                                 c,
                                 c - 0.5,
                                 c + w * (0.5 / 255 - 0.5),
                                 c + w * (254.5 / 255 - 0.5),
                                 c + w * (127.5 / 255 - 0.5),
                                 c - 0.5 + (w - 1) * (0.5 / 255 - 0.5),
                                 c - 0.5 + (w - 1) * (77.5 / 255 - 0.5),
                                 c + w};
    for (int i = 0; i < EDGES; i++, values += NEIGHBOURS) {
        double value = (edges[i] - modality.intercept) / modality.slope;
        values[0] = value;
        values[1] = nextafter(value, INFINITY);
        values[2] = nextafter(value, -INFINITY);
        values[3] = (double)nextafterf((float)fmax(-FLT_MAX, fmin(value, FLT_MAX)), INFINITY);
        values[4] = (double)nextafterf((float)fmax(-FLT_MAX, fmin(value, FLT_MAX)), -INFINITY);
    }
    memcpy(values, special, sizeof special);
}

/* The value as a tile of the type holds it, and as it is read again. */
static double store(enum sample_type type, double value, unsigned char *to)
{
    double whole = isnan(value) ? 7 : floor(value + 0.5);
    uint32_t u32 = (uint32_t)fmax(0, fmin(whole, UINT32_MAX));
    int32_t i32 = (int32_t)fmax(INT32_MIN, fmin(whole, INT32_MAX));
    float f32 = fabs(value) <= (double)FLT_MAX || !isfinite(value) ? (float)value : FLT_MAX;
    if (type == SAMPLE_F64)
        memcpy(to, &value, sizeof value);
    else if (type == SAMPLE_F32)
        memcpy(to, &f32, sizeof f32);
    else if (type == SAMPLE_I32)
        memcpy(to, &i32, sizeof i32);
    else
        memcpy(to, &u32, sizeof u32);
    return sample_value(type, to, 0);
}

static int wrong_levels(struct window window, struct modality modality, enum sample_type type,
                        bool min_is_white)
{
    double values[VALUES], stored[VALUES];
    unsigned char samples[VALUES * sizeof(double)];
    uint8_t levels[VALUES + 1];
    uint16_t deep[VALUES];
    int wrong = 0;
    edge_values(&window, modality, values);
    for (int i = 0; i < VALUES; i++)
        stored[i] = store(type, values[i], samples + (size_t)i * sample_bytes(type));
    memset(&curve, 0x55, sizeof curve);
    memset(levels, 0xee, sizeof levels);
    curve_compile(&curve, &window, modality, type, min_is_white);
    curve_levels(&curve, samples, VALUES, levels);
    curve_deep_levels(&curve, samples, VALUES, deep);
    for (int i = 0; i < VALUES; i++) {
        int level = defined_value_level(&window, modality, min_is_white, stored[i]);
        wrong += levels[i] != level;
        wrong += curve_value_level(&window, modality, min_is_white, stored[i]) != level;
        wrong += deep[i] != defined_of(1023, &window, modality, min_is_white, stored[i]);
    }
    wrong += levels[VALUES] != 0xee || curve.codes != 0 || curve.arithmetic;
    wrong += curve.flip != (window.invert != min_is_white);
    return wrong;
}

/* y^G, of whole numbers of either width and of floats, in 256, 1,024 and 65,536 levels. */
static void gamma_bends_levels(void)
{
    static const double powers[] = {0.1, 0.45, 1, 2.2, 10};
    for (int i = 0; i < VOI_FUNCTIONS * 5; i++) {
        struct window window = {.center = 3000,
                                .width = 5000,
                                .voi = (enum voi)(i % VOI_FUNCTIONS),
                                .gamma = powers[i / VOI_FUNCTIONS],
                                .invert = i & 1};
        int wrong = 0;
        check(window, modalities[i % 7], i & 2 ? SAMPLE_U16 : SAMPLE_I8, i & 4);
        wrong = wrong_levels(window, modalities[i % 7], i & 2 ? SAMPLE_F32 : SAMPLE_U32, i & 4);
        for (int part = CURVE_HIGHER; part <= CURVE_LOWER; part++) {
            curve_compile_part(&curve, &window, modalities[0], SAMPLE_U16, false,
                               (enum curve_part)part);
            for (int32_t code = 0; code < 65536; code += 7) {
                int level = defined_of(65535, &window, modalities[0], false, code);
                wrong += curve.level[code] != (uint8_t)(part == CURVE_HIGHER ? level >> 8 : level);
            }
        }
        CU_ASSERT_EQUAL(wrong, 0);
    }
    CU_ASSERT_EQUAL(
        defined_of(
            255, &(struct window){.center = 50, .width = 100, .gamma = 2, .voi = VOI_LINEAR_EXACT},
            modalities[0], false, 50),
        64);
}

/* Windows as callers leave them, and broken ones too. */
static void wide_values_have_their_exact_level(void)
{
    static const double widths[] = {1,   1.5, 80,      4096,     65536.5, 0.8,  1e-6, 4294967296.0,
                                    1e9, 0,   DBL_MAX, INFINITY, NAN,     1e-12};
    static const double centers[] = {0,    0.5,      40,       -600,      2147483648.0, 1e12,
                                     1e-9, -DBL_MAX, INFINITY, -INFINITY, NAN,          -0.1};
    enum { WIDTHS = sizeof widths / sizeof *widths, CENTERS = sizeof centers / sizeof *centers };
    enum { MODALITIES = sizeof modalities / sizeof *modalities };
    for (int i = 0; i < VOI_FUNCTIONS * WIDTHS * CENTERS * MODALITIES; i++) {
        struct window window = {.center = centers[i / WIDTHS % CENTERS],
                                .width = widths[i % WIDTHS],
                                .voi = (enum voi)(i / WIDTHS / CENTERS % VOI_FUNCTIONS),
                                .invert = i & 1};
        struct modality modality = modalities[i / WIDTHS / CENTERS / VOI_FUNCTIONS];
        for (int type = NARROW_TYPES; type < SAMPLE_TYPES; type++) {
            CU_ASSERT_EQUAL(wrong_levels(window, modality, (enum sample_type)type, i & 2), 0);
            window_fix(&window);
            CU_ASSERT_EQUAL(wrong_levels(window, modality, (enum sample_type)type, i & 4), 0);
        }
    }
}

/* Levels by hand; a NaN of any kind has the level of no-data both ways; rows of any length. */
static void wide_rows_are_shown(void)
{
    float row[150];
    uint8_t levels[151];
    struct window window = {.center = 0.5, .width = 1, .voi = VOI_LINEAR_EXACT, .invert = false};
    const uint32_t lost = SAMPLE_LOST_F32;
    for (int i = 0; i < 150; i++)
        row[i] = (float)(i - 20) / 100;
    row[40] = NAN;
    memcpy(row + 41, &lost, sizeof lost);
    for (int n = 0; n <= 150; n++)
        for (int flip = 0; flip < 2; flip++) {
            memset(levels, 0xee, sizeof levels);
            curve_compile(&curve, &window, modalities[0], SAMPLE_F32, flip);
            curve_levels(&curve, row, n, levels);
            int wrong = levels[n] != 0xee;
            for (int i = 0; i < n; i++) {
                int level = i < 20 ? 0 : i > 120 ? 255 : (int)floor(2.55 * (i - 20) + 0.5 + 1e-9);
                bool tie = (i - 20) % 20 == 10; /* 25.5 and so on: single precision decides */
                int none = i == 40 || i == 41;
                wrong += !tie && levels[i] != (none ? 0 : flip ? 255 - level : level);
            }
            CU_ASSERT_EQUAL(wrong, 0);
        }
}

static void broken_windows_do_no_harm(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 0};
    enum { COUNT = sizeof odd / sizeof *odd };
    for (int i = 0; i < VOI_FUNCTIONS * COUNT * COUNT * COUNT; i++) {
        struct window window = {.center = odd[i % COUNT],
                                .width = odd[i / COUNT % COUNT],
                                .voi = (enum voi)(i / COUNT / COUNT / COUNT),
                                .invert = false};
        struct modality modality = {odd[i / COUNT / COUNT % COUNT], 0};
        curve_compile(&curve, &window, modality, SAMPLE_U8, false);
        CU_ASSERT(!curve.arithmetic || arithmetic_equals_table());
    }
}

static void flips_cancel(void)
{
    struct window window = {.center = 128, .width = 256, .voi = VOI_LINEAR, .invert = true};
    curve_compile(&curve, &window, modalities[0], SAMPLE_U8, false);
    CU_ASSERT(curve.level[0] == 255 && curve.level[255] == 0 && curve.level[10] == 245);
    curve_compile(&curve, &window, modalities[0], SAMPLE_U8, true);
    CU_ASSERT(curve.level[0] == 0 && curve.level[255] == 255 && curve.level[10] == 10);
}

SUITE("tone/curve", {"gamma bends levels", gamma_bends_levels},
      {"tables equal the exact function", tables_equal_the_exact_function},
      {"all types and modalities", all_types_and_modalities_meet},
      {"usual windows are arithmetic", usual_windows_are_arithmetic},
      {"wide values have their exact level", wide_values_have_their_exact_level},
      {"wide rows are shown", wide_rows_are_shown},
      {"broken windows do no harm", broken_windows_do_no_harm}, {"two flips cancel", flips_cancel})
