/* The sample of a page that its statistics are made from, and the reading of it.
 *
 * Private to src/source. Which values they are is told in source/statistics.h; it depends on the
 * page alone, so every visit comes by the same ones. */
#ifndef SOURCE_SAMPLING_H
#define SOURCE_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/source.h"
#include "source/statistics.h"

struct sample_visitor {
    /* Samples first, first + step, ... below n of a run of one channel belong to the sample. */
    void (*take)(struct sample_visitor *visitor, const void *samples, int64_t first, int64_t n,
                 int64_t step);
    /* Asked every few rows; true ends the visit. */
    bool (*dropped)(struct sample_visitor *visitor);
};

struct sample_grid sampling_grid(const struct page *page);

/* How many values the sample has of each channel. */
int64_t sampling_values(const struct sample_grid *grid);

/* The block that sample (x, y) lies in, and the part of the page that the grid is laid over there:
 * the page, the block, or nothing. */
void sampling_part(const struct sample_grid *grid, int64_t x, int64_t y, struct area *block,
                   struct area *part);

/* Gives the visitor what the sample has of a run that lies within `part`. */
void sampling_take(const struct sample_grid *grid, struct area part, struct sample_visitor *visitor,
                   int64_t x, int64_t y, int64_t n, const void *samples);

/* Takes the visitor past the sample of the source's current page. *stopped says whether it was
 * dropped. False with a fault that names the first bad block; the others were visited. */
bool sampling_visit(struct source *source, struct sample_visitor *visitor, bool *stopped,
                    struct fault *fault);

#endif
