/* The arithmetic of reduction: samples added up by cells of 2^k, and their means.
 *
 * Private to src/source. Cell c of a row of sums holds what the samples [c * 2^k, (c + 1) * 2^k) of
 * one plane add up to, over as many rows as were added. Narrow types are summed exactly, wide ones
 * by reduce_wide. */
#ifndef SOURCE_REDUCE_SUMS_H
#define SOURCE_REDUCE_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sample.h"

struct reduction {
    int k; /* 0 .. TILE_REDUCTION_MAX; nothing is summed at 0 */
    enum sample_type type;
    bool integral; /* means are whole numbers; narrow types' always are */
};

/* Bytes of one sum: narrow types 4 where 2^2k codes cannot overflow them, else 8; wide ones 16. */
size_t reduction_sum_bytes(const struct reduction *reduction);

/* Adds n samples, the first of which is sample x counted from the first cell's first. */
void reduction_add(const struct reduction *reduction, void *sums, int64_t x, const void *samples,
                   int64_t n);

/* Writes the means of `cells` cells, from cell `first` on, of `count` samples each: rounded half up
 * where they are whole numbers. */
void reduction_means(const struct reduction *reduction, const void *sums, int64_t first,
                     int64_t cells, int64_t count, void *means);

/* Writes n samples that could not be decoded: the lost NaN, or 0 in types that have none. */
void reduction_lose(const struct reduction *reduction, void *samples, int64_t n);

#endif
