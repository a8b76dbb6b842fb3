/* A compiled tone curve: from a code to a display level, by table, or by arithmetic that was proven
 * to give the same.
 *
 * One fixed table (64 KiB, the only one a window step needs); compiling allocates nothing. */
#ifndef TONE_CURVE_H
#define TONE_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"
#include "tone/window.h"

struct curve {
    uint8_t level[65536]; /* by code; round(255 y), flipped when `flip` */
    int32_t codes;        /* 256 or 65,536 */
    bool flip;            /* window.invert != MinIsWhite */
    /* With `arithmetic`, level[code] == (uint8_t)(int)(clamp((code - low) * scale, 0, 255) + 0.5f),
     * 255 minus that when flip, for every code, each step in IEEE single precision without
     * contraction; tried at compile time against all 255 steps of the monotone curve. */
    bool arithmetic;
    float low, scale;
};

/* Fills *curve with the window's levels for every code of the type. `min_is_white`: the page's
 * stored 0 is white. */
void curve_compile(struct curve *curve, const struct window *window, struct modality modality,
                   enum sample_type type, bool min_is_white);

/* The exact level of one code: what the tables must equal. */
uint8_t curve_exact_level(const struct window *window, struct modality modality,
                          enum sample_type type, bool min_is_white, int32_t code);

#endif
