/* Colours that are not multiplied by their alpha, on the way to means and back: a mean of colours
 * must count each as much as it can be seen.
 *
 * Private to src/source. */
#ifndef SOURCE_WEIGHTED_H
#define SOURCE_WEIGHTED_H

#include <stdint.h>

#include "base/sample.h"

enum { WEIGHTED_RUN = 512 };

/* Red, green, blue, each times alpha, and alpha, `count` values each, one behind the other.
 * Products of whole numbers are exact. */
struct weighted {
    double values[4 * WEIGHTED_RUN];
};

/* Weighs pixels first .. first + count - 1 (count <= WEIGHTED_RUN) of a run of n: red, green, blue
 * and alpha of a type, one behind the other. Alpha of floating types is what is shown of it: 0
 * .. 1.
 */
void weighted_run(struct weighted *weighted, enum sample_type type, const void *run, int64_t n,
                  int64_t first, int64_t count);

/* The colour of which `mean` is the mean of products, and `alpha` that of the weights; 0 where
 * nothing is to be seen. */
double weighted_colour(double mean, double alpha);

#endif
