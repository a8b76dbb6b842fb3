/* Count, mean, standard deviation, least and most of many values, good to the last digits however
 * many there are. Zeroed memory is none yet. */
#ifndef BASE_MOMENTS_H
#define BASE_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/sample.h"

struct moments {
    int64_t count;             /* finite values */
    int64_t left_out;          /* NaN (no-data) and infinite ones, which count nowhere else */
    double first;              /* what the sums are of differences to, ... */
    double sum[2], squares[2]; /* ... each as the sum of two doubles, some 106 bits */
    double least, most;
};

/* Takes stored values `at`, at + 1, ... of a tile of that type; up to 65,536 at once. */
void moments_add(struct moments *moments, enum sample_type type, const void *samples, ptrdiff_t at,
                 int count);

/* NaN where there is none. */
double moments_mean(const struct moments *moments);

/* Of a sample, as ImageJ has it: sqrt(sum of (x - mean)^2 / (n - 1)); 0 of one value, NaN of none.
 */
double moments_deviation(const struct moments *moments);

#endif
