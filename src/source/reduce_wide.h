/* Sums and means of wide samples: see source/reduce_sums.h, the only one to call this.
 *
 * Private to src/source. Samples are added one by one in the order they come, so that a mean does
 * not depend on how rows were cut into runs. NaN is passed over; infinities are values. */
#ifndef SOURCE_REDUCE_WIDE_H
#define SOURCE_REDUCE_WIDE_H

#include <stdint.h>

#include "source/reduce_sums.h"

struct reduce_wide_sum {
    double sum;
    int64_t valid; /* samples that were not NaN */
};

/* As reduction_add and reduction_means; the mean of no valid sample is NaN. */
void reduce_wide_add(const struct reduction *reduction, struct reduce_wide_sum *sums, int64_t x,
                     const void *samples, int64_t n);
void reduce_wide_means(const struct reduction *reduction, const struct reduce_wide_sum *sums,
                       int64_t cells, void *means);

#endif
