/* From a source to finished tiles, at any reduction, in one pass and little memory. */
#ifndef SOURCE_REDUCE_H
#define SOURCE_REDUCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/tile.h"
#include "source/source.h"

struct tile_orders {
    /* Where tile i of the span (counted row by row) goes: 65,536 codes, row stride 256. NULL: this
     * one is not wanted. */
    void *(*place)(struct tile_orders *orders, int32_t i);
    /* Tile i is complete. `sound` is false when part of it could not be decoded; the codes there
     * are 0. */
    void (*done)(struct tile_orders *orders, int32_t i, bool sound);
    /* Asked every few rows: true = nobody wants the rest any more. Also the place to show signs of
     * life. */
    bool (*dropped)(struct tile_orders *orders);
};

/* Makes the tiles of `span` of the source's current page, each code the mean of 2^k x 2^k codes
 * (those that exist), rounded half up, exact (not a mean of rounded means). Tiles are announced
 * through orders->done as soon as their last row is there. Uses about 1 MiB beside what source_read
 * holds, whatever the span. False with a fault that names the first bad block, the tiles being done
 * all the same (not sound); true when dropped. */
bool reduce_tiles(struct source *source, struct tile_span span, struct tile_orders *orders,
                  struct fault *fault);

#endif
