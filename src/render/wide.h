/* The inner loops for samples of 32 and 64 bits: sums and means that leave out NaN. */
#ifndef RENDER_WIDE_H
#define RENDER_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/sample.h"
#include "render/kernel.h"

/* Weighted sums of the samples of a line that are not NaN, and their weights' sums. A weight is 256
 * times a share, so that all sums stay in range and, where all samples are alike, exact. For that
 * F64 needs two sums, of the samples' upper and lower bits; `low` is NULL for other types. */
struct wide_sums {
    double *high, *low, *weight;
};

/* Adds n samples to n sums. */
void wide_weigh_row(enum sample_type type, const void *samples, int n, uint32_t weight,
                    const struct wide_sums *sums);

/* samples[i] = the mean that columns->first and weights tell (render/kernel.h), NaN where no weight
 * is left; whole numbers are rounded half up. Sums that have no weight may be anything. */
void wide_weigh_columns(const struct columns *columns, const struct wide_sums *sums, int n,
                        enum sample_type type, void *samples);

/* 32 / bytes columns of a tile (row stride TILE_SIDE samples of 4 or 8 bytes), from its row
 * `samples` points at, into as many lines, `stride` bytes apart. */
void wide_transpose(const void *samples, size_t bytes, int rows, void *lines, size_t stride);

#endif
