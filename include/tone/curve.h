/* A compiled tone curve: from a sample to a display level. Codes of narrow types by table, or by
 * arithmetic that was proven to give the same; values of wide types by the exact function.
 *
 * One fixed table (64 KiB, the only one a window step needs); compiling allocates nothing. */
#ifndef TONE_CURVE_H
#define TONE_CURVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"
#include "tone/window.h"

/* Of round(255 y); or of round(65535 y), 65535 minus that when flipped, the higher or the lower
 * byte, for pictures of 16 bits, which are drawn twice. */
enum curve_part { CURVE_WHOLE, CURVE_HIGHER, CURVE_LOWER };

struct curve {
    uint8_t level[65536]; /* by code; round(255 y), flipped when `flip` */
    int32_t codes;        /* 256 or 65,536; 0: a wide type, the table is not used */
    enum sample_type type;
    bool flip; /* window_flips() != MinIsWhite */
    /* With `arithmetic`, level[code] == (uint8_t)(int)(clamp((code - low) * scale, 0, 255) + 0.5f),
     * 255 minus that when flip, for every code, each step in IEEE single precision without
     * contraction; tried at compile time against all 255 steps of the monotone curve. */
    bool arithmetic;
    float low, scale;
    enum curve_part part;
    enum colormap map; /* that levels become colours by; COLORMAP_GRAY: by none */
    /* For wide types. */
    struct window window;
    struct modality modality;
};

enum { CURVE_DEEPEST = 1023 };
enum { CURVE_NODATA_LEVEL = 0 }; /* of NaN, whichever way the curve is flipped */
enum { CURVE_NODATA = 256 };     /* of NaN, among levels that become colours */

/* Makes the curve of a window for samples of a type. `min_is_white`: the page's
 * stored 0 is white. */
void curve_compile(struct curve *curve, const struct window *window, struct modality modality,
                   enum sample_type type, bool min_is_white);

/* The same of a part of 16 bits. */
void curve_compile_part(struct curve *curve, const struct window *window, struct modality modality,
                        enum sample_type type, bool min_is_white, enum curve_part part);

/* The levels of n samples of the curve's type (codes or values, as in a tile). */
void curve_levels(const struct curve *curve, const void *samples, int n, uint8_t *levels);

/* The same of a wide type, as 16-bit words; CURVE_NODATA of NaN. */
void curve_colour_levels(const struct curve *curve, const void *samples, int n, uint16_t *levels);

/* For screens of 1,024 levels: round(1023 y), CURVE_DEEPEST minus that when flipped, of n values of
 * a wide type as in a tile, or of n codes of a narrow one as 16-bit words. Worked out one by one,
 * with no table. */
void curve_deep_levels(const struct curve *curve, const void *samples, int n, uint16_t *levels);

/* The exact level of a stored value: round(255 y), 255 minus that when flipped. */
uint8_t curve_value_level(const struct window *window, struct modality modality, bool min_is_white,
                          double stored);

/* The exact level of one code: what the tables must equal. */
uint8_t curve_exact_level(const struct window *window, struct modality modality,
                          enum sample_type type, bool min_is_white, int32_t code);

#endif
