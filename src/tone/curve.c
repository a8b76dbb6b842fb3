/* Tone curves: see tone/curve.h. The caller owns the table; this module knows no geometry and no
 * pixel format.
 *
 * A curve is monotone, so it is a staircase of at most 256 treads. Each edge is guessed in closed
 * form, corrected with the exact function, and the treads are filled: some thousand evaluations for
 * 65,536 codes. */
#include "tone/curve.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { TREADS = 256 };

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

static int ramp_level(const struct ramp *ramp, int32_t code)
{
    double stored = code + ramp->least;
    double x = stored * ramp->modality.slope + ramp->modality.intercept;
    return (int)(255 * window_fraction(ramp->window, x) + 0.5);
}

uint8_t curve_exact_level(const struct window *window, struct modality modality,
                          enum sample_type type, bool min_is_white, int32_t code)
{
    struct ramp ramp = {window, modality, sample_least(type), sample_codes(type)};
    int level = ramp_level(&ramp, code);
    return (uint8_t)(window->invert != min_is_white ? 255 - level : level);
}

/* Where the fraction y lies on the axis of codes; anything at all where the window is extreme. */
static double code_of_fraction(const struct ramp *ramp, double y)
{
    double c = ramp->window->center, w = ramp->window->width, x = 0;
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
    if (ramp->window->voi == VOI_SIGMOID || FLT_EVAL_METHOD != 0)
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

void curve_compile(struct curve *curve, const struct window *window, struct modality modality,
                   enum sample_type type, bool min_is_white)
{
    struct ramp ramp = {window, modality, sample_least(type), sample_codes(type)};
    struct tread treads[TREADS];
    int count = find_treads(&ramp, treads);
    curve->codes = ramp.codes;
    curve->flip = window->invert != min_is_white;
    for (int i = 0; i < count; i++)
        memset(curve->level + treads[i].begin,
               curve->flip ? 255 - treads[i].level : treads[i].level,
               (size_t)(treads[i].end - treads[i].begin));
    curve->arithmetic = find_arithmetic(curve, &ramp, treads, count);
}
