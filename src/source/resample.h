/* A source that is another one resampled to the page it is a copy of, at a reduction: for overviews
 * whose size is no power of two of the page's. Private to src/source. */
#ifndef SOURCE_RESAMPLE_H
#define SOURCE_RESAMPLE_H

#include <stdint.h>

#include "source/source.h"

/* How samples of the copy and those made of them lie along one side. Both are measured in steps, of
 * which a sample of the copy is `from` long and one made of them `to`, the last one less; it holds
 * from <= to. */
struct resample_side {
    int64_t copies, made; /* samples */
    int64_t from, to;
};

struct resample_source {
    struct source source; /* first */
    struct source *inner;
    struct resample_side across, down;
};

/* Makes a source of a page of width x height samples at reduction k. The current page of `inner`
 * shows all of that page in samples that are no larger than 2^k either way; it must stay current
 * and is borrowed. A sample is the mean of what it covers of the copy, each sample of that counting
 * with its share of the area; NaN is left out, whole numbers are rounded half up, and what the copy
 * lacks a part of is not delivered. It can be read, and nothing of it is to be closed. */
void resample_init(struct resample_source *resample, struct source *inner, int64_t width,
                   int64_t height, int k);

#endif
