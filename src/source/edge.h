/* A source that is a column, a row, or both larger than another: its last column and row are the
 * other's once more. Overviews whose size was rounded down become as large as reductions are.
 * Private to src/source. */
#ifndef SOURCE_EDGE_H
#define SOURCE_EDGE_H

#include <stdint.h>

#include "source/source.h"

struct edge_source {
    struct source source; /* first */
    struct source *inner;
};

/* Makes a source of width x height samples, each at most one more than the current page of `inner`
 * has, which must stay current and is borrowed. It can be read, and nothing of it is to be closed.
 */
void edge_init(struct edge_source *edge, struct source *inner, int64_t width, int64_t height);

#endif
