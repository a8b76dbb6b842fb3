/* The orders of a span of tiles in tests, and what came of them: reduction writes onto the desk. */
#ifndef SUPPORT_TILE_DESK_H
#define SUPPORT_TILE_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source/page.h"
#include "source/reduce.h"

struct tile_desk {
    struct tile_orders orders; /* first */
    struct tile_span span;
    uint8_t **tiles; /* NULL: not wanted */
    uint8_t *marks;  /* of each tile, one behind the other */
    int *done;       /* how often each tile was announced */
    bool *sound;
    long asked, drop_after; /* looks at dropped; 0 = never dropped */
};

/* The span that holds all of a page at reduction k. */
struct tile_span tile_desk_span(const struct page *page, int k);

/* Room for each tile of the span, full of junk; all are wanted. `sample_bytes` of all channels. */
void tile_desk_init(struct tile_desk *desk, struct tile_span span, size_t sample_bytes);
void tile_desk_fini(struct tile_desk *desk);

int32_t tile_desk_tiles(const struct tile_desk *desk);
void tile_desk_unwant(struct tile_desk *desk, int32_t i);

/* The samples of tile i that the page has, at the span's reduction of it. */
struct area tile_desk_area(const struct tile_desk *desk, int32_t i, int64_t width, int64_t height);

#endif
