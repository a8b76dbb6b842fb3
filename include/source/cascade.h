/* The exact means of several reductions in one pass: sums of 2 x 2 samples, of these again, and so
 * on, three reductions at a time. The sums of the third can be kept, and further ones made of them.
 *
 * Works off an area of the page (base 0), or of the reduction `base` that sums were kept of, band
 * by band from the top:
 *
 *     cascade_start(cascade, area);
 *     while (cascade_band(cascade, &band)) {
 *         ... cascade_add or cascade_add_sums for all of the band, in any order ...
 *         if (!cascade_settle(cascade)) ... stopped by the sink ...
 *     }
 *
 * Means are those of source/reduce.h: of the samples that exist and are not NaN, rounded half up
 * where they are whole numbers. */
#ifndef SOURCE_CASCADE_H
#define SOURCE_CASCADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "source/copies.h"

enum { CASCADE_LEVELS = 3 };

/* A finished tile of a copy: rows `stride` samples apart, of copies.type (weighted with alpha where
 * copies_weighted says so); the tiles at the right and lower edges have fewer columns and rows than
 * others. */
struct cascade_tile {
    const void *planes[COPIES_CHANNELS]; /* one for each channel */
    int64_t stride;
    int64_t columns, rows;
};

/* Both return false to stop. */
struct cascade_sink {
    bool (*tile)(struct cascade_sink *sink, int k, int64_t column, int64_t row,
                 const struct cascade_tile *tile);
    /* `n` sums of one channel of reduction base + 3, from cell (x, y) on: cascade_sum_bytes each.
     * Only called when there are copies beyond that one. */
    bool (*sums)(struct cascade_sink *sink, int channel, int64_t x, int64_t y, int64_t n,
                 const void *sums);
};

struct cascade;

/* For areas up to `width` samples (or sums) wide, read in bands of `band` rows, a multiple of 8. */
struct cascade *cascade_new(const struct copies *copies, int base, int64_t width, int64_t band,
                            struct cascade_sink *sink, struct fault *fault);
void cascade_free(struct cascade *cascade); /* NULL is allowed */

/* Bytes that such a one takes. */
size_t cascade_bytes(const struct copies *copies, int base, int64_t width, int64_t band);

/* Bytes of one sum of reduction k. */
size_t cascade_sum_bytes(const struct copies *copies, int k);

/* x and y are multiples of 8 tiles; so are width and height, or they end at the page's edge. */
void cascade_start(struct cascade *cascade, struct area area);
bool cascade_band(struct cascade *cascade, struct area *band);

/* A run as a row_sink gets it, of copies.from; a row of sums of one channel, as wide as the area.
 */
void cascade_add(struct cascade *cascade, int64_t x, int64_t y, int64_t n, const void *samples);
void cascade_add_sums(struct cascade *cascade, int channel, int64_t y, const void *sums);

/* All of the band has been added: gives what is finished to the sink. */
bool cascade_settle(struct cascade *cascade);

#endif
