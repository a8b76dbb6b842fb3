/* Tone curves: see tone/curve.h. The caller owns the table; this module knows no geometry and no
 * pixel format.
 *
 * A curve is monotone, so it is a staircase of at most 256 treads. Each edge is guessed in closed
 * form, corrected with the exact function, and the treads are filled: some thousand evaluations for
 * 65,536 codes. Values of wide types have no table: they go through the exact function's own steps,
 * in double precision, a block at a time. */
#include "tone/curve.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { TREADS = 256, BLOCK = 64 };

/* A window on codes: everything the exact function depends on but the flip. */
struct ramp {
    const struct window *window;
    struct modality modality;
    int32_t least, codes;
};

/* One tread: codes [begin, end) have this level before the flip. */
struct tread {
    int32_t begin, end;
    int level;
};

static int exact_level(const struct window *window, struct modality modality, int most,
                       double stored)
{
    double x = stored * modality.slope + modality.intercept;
    return (int)(most * window_fraction(window, x) + 0.5);
}

/* Whether the exact function is a straight line between black and white. With excess precision two
 * ways to write a formula are two formulas. */
static bool is_linear(const struct window *window)
{
    return window->voi != VOI_SIGMOID && !window_bends(window) && FLT_EVAL_METHOD == 0;
}

static int ramp_level(const struct ramp *ramp, int32_t code)
{
    return exact_level(ramp->window, ramp->modality, 255, code + ramp->least);
}

uint8_t curve_value_level(const struct window *window, struct modality modality, bool min_is_white,
                          double stored)
{
    if (isnan(stored))
        return CURVE_NODATA_LEVEL;
    int level = exact_level(window, modality, 255, stored);
    return (uint8_t)(window_flips(window) != min_is_white ? 255 - level : level);
}

uint8_t curve_exact_level(const struct window *window, struct modality modality,
                          enum sample_type type, bool min_is_white, int32_t code)
{
    return curve_value_level(window, modality, min_is_white, code + sample_least(type));
}

/* Where the fraction y lies on the axis of codes; anything at all where the window is extreme. */
static double code_of_fraction(const struct ramp *ramp, double y)
{
    double c = ramp->window->center, w = ramp->window->width, x = 0;
    if (window_bends(ramp->window))
        y = pow(y, 1 / ramp->window->gamma);
    switch (ramp->window->voi) {
    case VOI_LINEAR:
        x = (y - 0.5) * (w - 1) + (c - 0.5);
        break;
    case VOI_LINEAR_EXACT:
        x = (y - 0.5) * w + c;
        break;
    case VOI_SIGMOID:
        x = c - w / 4 * log(1 / y - 1);
        break;
    case VOI_FUNCTIONS:
        break;
    }
    return (x - ramp->modality.intercept) / ramp->modality.slope - ramp->least;
}

static int32_t guess_edge(const struct ramp *ramp, int level)
{
    double half = ramp->modality.slope > 0 ? 0.5 : -0.5;
    double guess = ceil(code_of_fraction(ramp, (level + half) / 255));
    return guess > 0 && guess < ramp->codes ? (int32_t)guess : 0;
}

/* The first code after `from`, whose level is `level`, that has another one; there is one. */
static int32_t find_edge(const struct ramp *ramp, int32_t from, int level)
{
    int32_t same = from, other = ramp->codes - 1;
    int32_t guess = guess_edge(ramp, level);
    for (int32_t probe = guess - 1; probe <= guess + 1; probe++) {
        if (probe <= same || probe >= other)
            continue;
        if (ramp_level(ramp, probe) == level)
            same = probe;
        else
            other = probe;
    }
    while (other - same > 1) {
        int32_t middle = same + (other - same) / 2;
        if (ramp_level(ramp, middle) == level)
            same = middle;
        else
            other = middle;
    }
    return other;
}

static int find_treads(const struct ramp *ramp, struct tread treads[TREADS])
{
    int count = 0;
    int final = ramp_level(ramp, ramp->codes - 1);
    for (int32_t begin = 0; begin < ramp->codes;) {
        int level = ramp_level(ramp, begin);
        bool last = level == final || count == TREADS - 1;
        int32_t end = last ? ramp->codes : find_edge(ramp, begin, level);
        treads[count++] = (struct tread){begin, end, level};
        begin = end;
    }
    return count;
}

static int arithmetic_level(float low, float scale, int32_t code)
{
    float value = ((float)code - low) * scale;
    value = value > 0 ? value : 0;
    value = value < 255 ? value : 255;
    return (int)(value + 0.5f);
}

/* Every step of the arithmetic is monotone, so it agrees on a whole tread when it does at both
 * ends. */
static bool arithmetic_agrees(float low, float scale, const struct tread *treads, int count)
{
    for (int i = 0; i < count; i++)
        if (arithmetic_level(low, scale, treads[i].begin) != treads[i].level ||
            arithmetic_level(low, scale, treads[i].end - 1) != treads[i].level)
            return false;
    return true;
}

/* Rounding may put a tie on the wrong side, here or in the exact function. Constants a hair off,
 * too little to move anything but ties, often serve: each row shifts the ends of the ramp by that
 * many times what single precision can blur. */
static bool find_arithmetic(struct curve *curve, const struct ramp *ramp,
                            const struct tread *treads, int count)
{
    static const struct {
        double black, white;
    } shifts[] = {{0, 0}, {1, 1}, {0, 1}, {-1, -1}, {0, -1}, {1, -1}, {-1, 1}, {2, -2}, {-2, 2}};
    if (!is_linear(ramp->window))
        return false;
    double low = code_of_fraction(ramp, 0);
    double scale = 255 / (code_of_fraction(ramp, 1) - low);
    if (!(fabs(low) < 1e9) || isnan(scale) || scale == 0)
        return false;
    scale = fabs(scale) < 1e6 ? scale : copysign(1e6, ramp->modality.slope);
    double blur = (255 + fabs(low * scale)) * FLT_EPSILON;
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
        curve->low = (float)(low - shifts[i].black * blur / scale);
        curve->scale = (float)(scale * (1 + (shifts[i].white - shifts[i].black) * blur / 255));
        if (arithmetic_agrees(curve->low, curve->scale, treads, count))
            return true;
    }
    return false;
}

static void fill_table(struct curve *curve)
{
    struct ramp ramp = {&curve->window, curve->modality, sample_least(curve->type),
                        sample_codes(curve->type)};
    struct tread treads[TREADS];
    int count = find_treads(&ramp, treads);
    curve->codes = ramp.codes;
    for (int i = 0; i < count; i++)
        memset(curve->level + treads[i].begin,
               curve->flip ? 255 - treads[i].level : treads[i].level,
               (size_t)(treads[i].end - treads[i].begin));
    curve->arithmetic = find_arithmetic(curve, &ramp, treads, count);
}

void curve_compile(struct curve *curve, const struct window *window, struct modality modality,
                   enum sample_type type, bool min_is_white)
{
    curve->type = type;
    curve->flip = window_flips(window) != min_is_white;
    curve->window = *window;
    curve->modality = modality;
    curve->codes = 0;
    curve->arithmetic = false;
    curve->part = CURVE_WHOLE;
    curve->map = colormap_has_colours(window->map) ? window->map : COLORMAP_GRAY;
    if (sample_is_narrow(type))
        fill_table(curve);
}

static uint8_t part_level(const struct curve *curve, double stored)
{
    int level = exact_level(&curve->window, curve->modality, UINT16_MAX, stored);
    level = curve->flip ? UINT16_MAX - level : level;
    return (uint8_t)(curve->part == CURVE_HIGHER ? level >> 8 : level);
}

void curve_compile_part(struct curve *curve, const struct window *window, struct modality modality,
                        enum sample_type type, bool min_is_white, enum curve_part part)
{
    curve_compile(curve, window, modality, type, min_is_white);
    curve->arithmetic = false;
    curve->part = part;
    for (int32_t code = 0; code < curve->codes; code++)
        curve->level[code] = part_level(curve, code + sample_least(type));
}

/* BLOCK samples, and the doubles they are. */
union samples {
    uint16_t u16[BLOCK];
    uint32_t u32[BLOCK];
    int32_t i32[BLOCK];
    float f32[BLOCK];
    double f64[BLOCK];
};

static void widen(enum sample_type type, const union samples *samples, double stored[BLOCK])
{
    if (type == SAMPLE_F64)
        memcpy(stored, samples->f64, sizeof samples->f64);
    else if (type == SAMPLE_F32)
        for (int i = 0; i < BLOCK; i++)
            stored[i] = (double)samples->f32[i];
    else if (type == SAMPLE_I32)
        for (int i = 0; i < BLOCK; i++)
            stored[i] = samples->i32[i];
    else
        for (int i = 0; i < BLOCK; i++)
            stored[i] = samples->u32[i];
}

/* What window_fraction makes of a window that is LINEAR or LINEAR_EXACT: x <= low is black, x >
 * high white, else (x - middle) / span + 0.5. */
struct slope {
    double low, high, middle, span;
};

static struct slope window_slope(const struct window *window)
{
    double c = window->center, w = window->width;
    if (window->voi == VOI_LINEAR)
        return (struct slope){c - 0.5 - (w - 1) / 2, c - 0.5 + (w - 1) / 2, c - 0.5, w - 1};
    return (struct slope){c - w / 2, c + w / 2, c, w};
}

/* The exact function's own steps, with choices in place of branches, so that compilers make vectors
 * of it. `most` is the level of white, whose bits are all set. */
static inline int linear_level(struct slope slope, struct modality modality, int most, int flip,
                               double stored)
{
    double x = stored * modality.slope + modality.intercept;
    double y = (x - slope.middle) / slope.span + 0.5;
    y = y > 0 ? y : 0;
    y = y > 1 ? 1 : y;
    y = x > slope.high ? 1 : y;
    y = x <= slope.low ? 0 : y;
    int level = (int)(most * y + 0.5) ^ flip;
    return stored == stored ? level : CURVE_NODATA_LEVEL;
}

static void linear_levels(const struct curve *curve, const double stored[BLOCK],
                          uint8_t levels[BLOCK])
{
    const struct slope slope = window_slope(&curve->window);
    const struct modality modality = curve->modality;
    const int flip = curve->flip ? 255 : 0;
    for (int i = 0; i < BLOCK; i++)
        levels[i] = (uint8_t)linear_level(slope, modality, 255, flip, stored[i]);
}

static void exact_levels(const struct curve *curve, const double stored[BLOCK],
                         uint8_t levels[BLOCK])
{
    bool min_is_white = curve->flip != window_flips(&curve->window);
    for (int i = 0; i < BLOCK; i++)
        levels[i] = curve_value_level(&curve->window, curve->modality, min_is_white, stored[i]);
}

static void part_levels(const struct curve *curve, const double stored[BLOCK],
                        uint8_t levels[BLOCK])
{
    for (int i = 0; i < BLOCK; i++)
        levels[i] = isnan(stored[i]) ? CURVE_NODATA_LEVEL : part_level(curve, stored[i]);
}

static void block_levels(const struct curve *curve, const union samples *samples,
                         uint8_t levels[BLOCK])
{
    double stored[BLOCK];
    widen(curve->type, samples, stored);
    if (curve->part != CURVE_WHOLE)
        part_levels(curve, stored, levels);
    else if (!is_linear(&curve->window))
        exact_levels(curve, stored, levels);
    else
        linear_levels(curve, stored, levels);
}

static void wide_levels(const struct curve *curve, const unsigned char *samples, int n,
                        uint8_t *levels)
{
    size_t bytes = sample_bytes(curve->type);
    for (int i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? (size_t)(n - i) : BLOCK;
        union samples block = {{0}};
        uint8_t block_of_levels[BLOCK];
        memcpy(&block, samples + (size_t)i * bytes, count * bytes);
        block_levels(curve, &block, block_of_levels);
        memcpy(levels + i, block_of_levels, count);
    }
}

void curve_colour_levels(const struct curve *curve, const void *samples, int n, uint16_t *levels)
{
    size_t bytes = sample_bytes(curve->type);
    for (int i = 0; i < n; i += BLOCK) {
        int count = n - i < BLOCK ? n - i : BLOCK;
        union samples block = {{0}};
        double stored[BLOCK];
        uint8_t block_of_levels[BLOCK];
        memcpy(&block, (const uint8_t *)samples + (size_t)i * bytes, (size_t)count * bytes);
        widen(curve->type, &block, stored);
        block_levels(curve, &block, block_of_levels);
        for (int j = 0; j < count; j++)
            levels[i + j] = isnan(stored[j]) ? CURVE_NODATA : block_of_levels[j];
    }
}

void curve_levels(const struct curve *curve, const void *samples, int n, uint8_t *levels)
{
    if (!sample_is_narrow(curve->type))
        wide_levels(curve, samples, n, levels);
    else if (sample_bytes(curve->type) == 1)
        for (int i = 0; i < n; i++)
            levels[i] = curve->level[((const uint8_t *)samples)[i]];
    else
        for (int i = 0; i < n; i++)
            levels[i] = curve->level[((const uint16_t *)samples)[i]];
}

static void deep_linear(const struct curve *curve, const double stored[BLOCK],
                        uint16_t levels[BLOCK])
{
    const struct slope slope = window_slope(&curve->window);
    const struct modality modality = curve->modality;
    const int flip = curve->flip ? CURVE_DEEPEST : 0;
    for (int i = 0; i < BLOCK; i++)
        levels[i] = (uint16_t)linear_level(slope, modality, CURVE_DEEPEST, flip, stored[i]);
}

static void deep_exact(const struct curve *curve, const double stored[BLOCK],
                       uint16_t levels[BLOCK])
{
    for (int i = 0; i < BLOCK; i++) {
        int level = CURVE_NODATA_LEVEL;
        if (!isnan(stored[i])) {
            level = exact_level(&curve->window, curve->modality, CURVE_DEEPEST, stored[i]);
            level = curve->flip ? CURVE_DEEPEST - level : level;
        }
        levels[i] = (uint16_t)level;
    }
}

static void narrow_to_stored(const struct curve *curve, const union samples *codes,
                             double stored[BLOCK])
{
    int32_t least = sample_least(curve->type);
    for (int i = 0; i < BLOCK; i++)
        stored[i] = codes->u16[i] + least;
}

void curve_deep_levels(const struct curve *curve, const void *samples, int n, uint16_t *levels)
{
    const unsigned char *from = samples;
    bool narrow = sample_is_narrow(curve->type);
    size_t bytes = narrow ? sizeof(uint16_t) : sample_bytes(curve->type);
    for (int i = 0; i < n; i += BLOCK) {
        size_t count = n - i < BLOCK ? (size_t)(n - i) : BLOCK;
        union samples block = {{0}};
        double stored[BLOCK];
        uint16_t block_of_levels[BLOCK];
        memcpy(&block, from + (size_t)i * bytes, count * bytes);
        if (narrow)
            narrow_to_stored(curve, &block, stored);
        else
            widen(curve->type, &block, stored);
        if (is_linear(&curve->window))
            deep_linear(curve, stored, block_of_levels);
        else
            deep_exact(curve, stored, block_of_levels);
        memcpy(levels + i, block_of_levels, count * sizeof *levels);
    }
}
