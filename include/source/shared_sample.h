/* The sample of a page of wide values, kept in a file that several processes write: who makes tiles
 * of the page puts down what the sample has of it, in any order, and one of them counts it later.
 *
 * The file has no name and is the disk's, as is the temporary file (source/spill.h); how many
 * values are in it stands in memory that the processes share. */
#ifndef SOURCE_SHARED_SAMPLE_H
#define SOURCE_SHARED_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"

/* What a process puts down; all zeros is none. */
struct shared_sample {
    int fd;
    enum sample_type type;
    int64_t *kept; /* values in the file, or under way to it; atomic access */
    void *buffer;
    int64_t buffered;
    bool failed; /* something could not be written: the sample is worth nothing */
};

bool shared_sample_begin(struct shared_sample *sample, int fd, enum sample_type type, int64_t *kept,
                         struct fault *fault);

/* Samples first, first + step, ... below n of a run of one channel. */
void shared_sample_add(struct shared_sample *sample, const void *samples, int64_t first, int64_t n,
                       int64_t step);

/* Writes what is left; true when all that was added is in the file. */
bool shared_sample_end(struct shared_sample *sample);

#endif
