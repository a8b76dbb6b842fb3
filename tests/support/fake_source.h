/* A source with no file: its samples are computed, of any type, in any layout, with any blocks bad.
 * For tests of what is made from sources. */
#ifndef SUPPORT_FAKE_SOURCE_H
#define SUPPORT_FAKE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tile.h"
#include "source/source.h"

struct fake_source;

/* The stored value of a sample; it must be one of the page's type. */
typedef double fake_value(const struct fake_source *fake, int64_t x, int64_t y, int channel);

struct fake_source {
    struct source source; /* first */
    fake_value *value;
    int64_t mark;            /* the value function's own */
    int64_t run;             /* samples of a run at most; 0 = rows come whole */
    bool silent;             /* does not tell of bad blocks */
    int64_t first_bad, step; /* blocks first_bad, first_bad + step, ... are bad; 0 = none */
    int64_t rows_of_bad;     /* of a bad block, those that come all the same */
    struct source *overviews[TILE_REDUCTION_MAX + 1]; /* by reduction, the caller's */
    int64_t reads, samples; /* how often it was read, and how many samples came */
};

/* Strips of `block_height` rows where block_width is 0. */
struct fake_layout {
    int64_t width, height, block_width, block_height;
    enum sample_type type;
    int channels;
};

/* Sound, with no overviews. Nothing to be freed. */
void fake_source_init(struct fake_source *fake, const struct fake_layout *layout,
                      fake_value *value);

/* True when the sample is not delivered. */
bool fake_source_lacks(const struct fake_source *fake, int64_t x, int64_t y);

/* A number that looks random, always the same for the same sample. */
uint64_t fake_hash(int64_t x, int64_t y, int channel);

#endif
