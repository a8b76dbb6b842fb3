/* The sample of a page that its auto window is made from. */
#ifndef SOURCE_STATISTICS_H
#define SOURCE_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "base/sample.h"
#include "source/shared_sample.h"
#include "source/source.h"

enum { STATISTICS_VALUES = 1 << 20, STATISTICS_BLOCKS = 256 };

/* What a sample of a page's values comes to. Plain data: it crosses the wire. NaN and infinities
 * are left out. */
struct statistics {
    int64_t counted;    /* finite values; the rest holds only when there are any */
    double least, most; /* stored values */
    double low, high;   /* the 0.5th and the 99.5th percentile: the least value that so much of what
                           was counted does not exceed */
};

/* Counts a sample of the current page's values, of all its channels. Narrow types are counted into
 * histogram[65536] by code, which the caller has cleared; wide types leave in it 65,536 equal steps
 * from least to most. `seen` (may be NULL) follows least, most and counted as they become known.
 *
 * The sample is at most 2^20 values on a regular grid over the whole page: every s-th column and
 * row, the first being min(s/2, (size-1)/2), with the least s for which ceil(w/s) * ceil(h/s) <=
 * 2^20 (s = 1: all values). Where blocks must be decoded and there are more than 256 of them, the
 * grid is laid over 256 blocks alone, the blocks number floor((2i+1) * blocks / 512), with s chosen
 * for what they hold. It depends on nothing but the file. `dropped` (may be NULL) is asked every
 * few rows; when it says true the count stops, and *complete is false. Blocks that cannot be
 * decoded are left out; false with a fault only when that leaves no value at all. In each of 256
 * blocks the grid begins as it does on a page: at min(s/2, (size-1)/2) of the block. */
bool statistics_count(struct source *source, uint32_t *histogram, struct statistics *seen,
                      bool (*dropped)(void *context), void *context, bool *complete,
                      struct fault *fault);

/* The same of a page's sample that was put down by tallies: `kept` values of a wide type in a file.
 * False with a fault where they cannot be read. */
bool statistics_count_kept(int fd, enum sample_type type, int64_t kept, uint32_t *histogram,
                           struct statistics *seen, bool *complete, struct fault *fault);

/* Which values the sample has: told by the page alone. */
struct sample_grid {
    const struct page *page;
    int64_t blocks; /* that it is laid over; 1: over the page, as if it were one */
    int64_t step;
};

/* How many values that are at the most, of all channels: hardly more than there are. */
int64_t statistics_values(const struct page *page);

/* Takes the sample out of a reading that is made for another purpose: a sink that hears the page's
 * runs (reduce's listener), in any order, each within one block. Narrow types are counted, wide
 * ones put down. What several tallies hear of different parts of the page, in different processes
 * too, comes to the same as statistics_count. */
struct statistics_tally {
    struct row_sink sink; /* first */
    struct sample_grid grid;
    uint32_t *histogram;          /* narrow types: shared; the caller has cleared it */
    struct shared_sample *shared; /* wide types */
    struct statistics seen;       /* of these: least, most and counted so far */
    int64_t heard;                /* samples of each channel, of the sample or not */
    struct area block;            /* the one heard of last ... */
    struct area part; /* ... and what of the page the grid is laid over there; empty: nothing */
};
void statistics_tally_init(struct statistics_tally *tally, const struct page *page,
                           uint32_t *histogram, struct shared_sample *shared);

/* What a histogram of a narrow type's codes comes to. */
struct statistics statistics_of_codes(enum sample_type type, const uint32_t *histogram);

#endif
