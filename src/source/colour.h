/* Colour as files store it to red, green and blue as tiles hold it: pure functions over rows.
 *
 * Private to src/source. The caller says what the file's tags tell, colour_prepare checks it and
 * makes the small tables, and colour_rows converts runs of any length. Knows no file, no block and
 * no tile; ycbcr.h spreads subsampled units to the rows that are wanted here. */
#ifndef SOURCE_COLOUR_H
#define SOURCE_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"
#include "source/colour_lab.h"

enum colour_model {
    COLOUR_RGB,
    COLOUR_PALETTE, /* one row of indices */
    COLOUR_CMYK,    /* 0 is no ink */
    COLOUR_YCBCR,   /* as many chroma samples as luma */
    COLOUR_CIELAB,
    COLOUR_ICCLAB,
    COLOUR_ITULAB,
    COLOUR_MODELS
};

/* Colours are shown over black. */
enum colour_alpha {
    ALPHA_NONE,
    ALPHA_ASSOCIATED,   /* colours come multiplied by it already */
    ALPHA_UNASSOCIATED, /* colours are multiplied by it here */
};

enum { COLOUR_ROWS_MAX = 5 /* CMYK and alpha */ };

/* All zero but what the caller has to say is a good beginning. */
struct colour {
    /* The caller's; borrowed pointers must live as long. */
    enum colour_model model;
    enum colour_alpha alpha;
    /* The rows that come: U8 for whole numbers of up to 8 bits, U16 of 9 to 16, the stored bits
     * as they are, right-aligned (CIELab's signed a* and b* too); F32 for everything else. */
    enum sample_type from;
    /* Of a stored sample, 1 .. 16. With F32 rows: 0 where 1.0 is full, 1 .. 64 where whole numbers
     * are held and 2^bits - 1 is full. */
    int bits;
    const uint16_t *palette[3]; /* red, green, blue: `entries` values each */
    int32_t entries;
    float luma[3];      /* YCbCrCoefficients; all 0 = the default (Rec. 601) */
    float reference[6]; /* ReferenceBlackWhite; all 0 = the default for `bits` (libtiff's default is
                           for 8 bits whatever they are) */
    float white[2];     /* WhitePoint (CIE x, y) of L*a*b*; senseless = D50 */
    float decode[6];    /* Decode of ITULab; all 0 = the default for `bits` */

    /* Made by colour_prepare. */
    enum sample_type to;
    double full, peak;       /* a full sample of the rows that come, and of those that go */
    double gain[3], bias[3]; /* YCbCr and L*a*b*: value = sample * gain + bias */
    double red_cr, green_cb, green_cr, blue_cb;
    bool deep_map; /* the palette has 16-bit levels */
    struct lab lab;
};

/* What tiles hold of a model whose rows are of type `from`: U8, U16 (0 .. 2^bits - 1) or F32. */
enum sample_type colour_target(enum colour_model model, enum sample_type from);

/* A colour map has levels of 16 bits unless all are small; what one of its levels shows, 0 .. 255.
 */
bool colour_map_deep(const uint16_t *const levels[3], int32_t entries);
static inline uint32_t colour_map_level(uint32_t level, bool deep)
{
    return deep ? (level * 255 + 32767) / 65535 : level;
}

/* False with a fault when the model has no meaning for such samples, or the tags have none. */
bool colour_prepare(struct colour *colour, struct fault *fault);

/* How many rows come: the model's, then alpha if there is one. */
int colour_samples(const struct colour *colour);

/* Converts n samples of each row to n of red, green and blue of type `to`, host byte order. What
 * goes out does not overlap what comes in. */
void colour_rows(const struct colour *colour, const void *const *rows, int64_t n,
                 void *const out[3]);

#endif
