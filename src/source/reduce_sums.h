/* The arithmetic of reduction: codes added up by cells of 2^k, and their means.
 *
 * Private to src/source. Cell c of a row of sums holds what the source samples [c * 2^k, (c + 1) *
 * 2^k) add up to, over as many rows as were added. */
#ifndef SOURCE_REDUCE_SUMS_H
#define SOURCE_REDUCE_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reduction {
    int k;             /* 1 .. TILE_REDUCTION_MAX */
    size_t code_bytes; /* 1 or 2 */
};

/* Bytes of one sum: 4 where 2^2k codes cannot overflow them, else 8. */
size_t reduction_sum_bytes(const struct reduction *reduction);

/* Adds n codes, the first of which is sample x counted from the first cell's first. */
void reduction_add(const struct reduction *reduction, void *sums, int64_t x, const void *codes,
                   int64_t n);

/* Writes the means of `cells` sums of `samples` codes each, from cell `first` on, rounded half up.
 */
void reduction_means(const struct reduction *reduction, const void *sums, int64_t first,
                     int64_t cells, int64_t samples, void *codes);

#endif
