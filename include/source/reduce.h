/* From a source to finished tiles, at any reduction, in one pass and little memory. */
#ifndef SOURCE_REDUCE_H
#define SOURCE_REDUCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/tile.h"
#include "source/source.h"

struct tile_orders {
    /* Where tile i of the span (counted row by row) goes: a plane of 65,536 samples, row stride
     * 256, for each channel of the page. NULL: this one is not wanted. */
    void *(*place)(struct tile_orders *orders, int32_t i);
    /* Where the marks of tile i (base/tile.h) go, TILE_MARK_BYTES of zeros, for a tile that was
     * given a place; its lost samples are marked in it, and it is not touched before one is. May be
     * NULL.
     */
    uint8_t *(*marks)(struct tile_orders *orders, int32_t i);
    /* Tile i is complete. `sound` is false when part of it could not be decoded; the samples there
     * are the lost NaN of floating types, 0 in others. */
    void (*done)(struct tile_orders *orders, int32_t i, bool sound);
    /* Asked every few rows: true = nobody wants the rest any more. Also the place to show signs of
     * life. */
    bool (*dropped)(struct tile_orders *orders);
    /* Hears all that is read of the page itself (not of its overviews); may be NULL. Each run comes
     * once; what it says is passed over. */
    struct row_sink *listener;
    int64_t read, all; /* how far it is: both rise from 0, which is the caller's to set */
    /* What there is of tiles that are not complete yet, where they are made from the top and of the
     * page itself; rows 0: nothing is told. */
    struct tile_rows growing;
};

/* True when a span's tiles, true or rough, can be asked for: none of its numbers overflows. */
bool reduce_span_exists(const struct source *source, struct tile_span span);

/* Makes the tiles of `span` of the source's current page, channel by channel: each sample is the
 * mean of those 2^k x 2^k that exist and are not NaN, rounded half up where page_rounds. Narrow
 * types exactly (not a mean of rounded means), wide ones from sums in double; NaN where all are
 * NaN; an infinity is a value like others. Where the file has an overview (source_reduced) of k or
 * less, its samples take the page's place; tiles that it cannot give soundly are made of the next
 * finer one, and last of the page. Tiles are announced through orders->done as soon as their last
 * row is there. Uses about 1 MiB beside what source_read holds, whatever the span. False with a
 * fault that names the first bad block, the tiles being done all the same (not sound); true when
 * dropped. */
bool reduce_tiles(struct source *source, struct tile_span span, struct tile_orders *orders,
                  struct fault *fault);

#endif
