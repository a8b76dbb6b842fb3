/* The values of a sample, kept in the temporary file: the passes over wide types then read the page
 * but once. Private to src/source. */
#ifndef SOURCE_KEPT_SAMPLE_H
#define SOURCE_KEPT_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"
#include "source/sampling.h"
#include "source/spill.h"

struct kept_sample {
    enum sample_type type;
    struct spill_part *part; /* NULL: nothing is kept */
    uint64_t serial;         /* of the part while it is ours */
    int64_t values;          /* so many are in the part */
    void *buffer;
    int64_t buffered; /* ... and so many behind them here */
};

/* Where the temporary file has room for `values` values to spare, they can be kept. */
void kept_sample_begin(struct kept_sample *kept, enum sample_type type, int64_t values);
void kept_sample_end(struct kept_sample *kept);

/* As sample_visitor.take. */
void kept_sample_add(struct kept_sample *kept, const void *samples, int64_t first, int64_t n,
                     int64_t step);

/* Takes a visitor past all that was added; false when it is not there, or not any more, and the
 * visitor may have seen some of it. *stopped as sampling_visit. */
bool kept_sample_visit(struct kept_sample *kept, struct sample_visitor *visitor, bool *stopped);

/* True while all that was added is there. */
bool kept_sample_is_whole(const struct kept_sample *kept);

#endif
