/* Orders of tiles in tests: see support/tile_desk.h. */
#include "support/tile_desk.h"

#include <stdlib.h>
#include <string.h>

enum { JUNK = 0xa5 };

static void *place(struct tile_orders *orders, int32_t i)
{
    return ((struct tile_desk *)orders)->tiles[i];
}

static uint8_t *marks(struct tile_orders *orders, int32_t i)
{
    return ((struct tile_desk *)orders)->marks + i * (ptrdiff_t)TILE_MARK_BYTES;
}

static void done(struct tile_orders *orders, int32_t i, bool sound)
{
    struct tile_desk *desk = (struct tile_desk *)orders;
    desk->done[i]++;
    desk->sound[i] = sound;
}

static bool dropped(struct tile_orders *orders)
{
    struct tile_desk *desk = (struct tile_desk *)orders;
    return ++desk->asked == desk->drop_after;
}

struct tile_span tile_desk_span(const struct page *page, int k)
{
    int64_t width = reduced_size(page->width, k), height = reduced_size(page->height, k);
    return (struct tile_span){page->index,
                              k,
                              0,
                              0,
                              (int32_t)ceil_div(width, TILE_SIDE),
                              (int32_t)ceil_div(height, TILE_SIDE)};
}

int32_t tile_desk_tiles(const struct tile_desk *desk)
{
    return desk->span.columns * desk->span.rows;
}

void tile_desk_init(struct tile_desk *desk, struct tile_span span, size_t sample_bytes)
{
    *desk = (struct tile_desk){
        .orders = {.place = place, .marks = marks, .done = done, .dropped = dropped}, .span = span};
    size_t tiles = (size_t)tile_desk_tiles(desk);
    desk->tiles = calloc(tiles, sizeof *desk->tiles);
    desk->marks = calloc(tiles, TILE_MARK_BYTES);
    desk->done = calloc(tiles, sizeof *desk->done);
    desk->sound = calloc(tiles, sizeof *desk->sound);
    for (size_t i = 0; i < tiles; i++) {
        desk->tiles[i] = aligned_alloc(64, TILE_SAMPLES * sample_bytes);
        memset(desk->tiles[i], JUNK, TILE_SAMPLES * sample_bytes);
    }
}

void tile_desk_unwant(struct tile_desk *desk, int32_t i)
{
    free(desk->tiles[i]);
    desk->tiles[i] = NULL;
}

void tile_desk_fini(struct tile_desk *desk)
{
    for (int32_t i = 0; i < tile_desk_tiles(desk); i++)
        free(desk->tiles[i]);
    free(desk->tiles);
    free(desk->marks);
    free(desk->done);
    free(desk->sound);
}

struct area tile_desk_area(const struct tile_desk *desk, int32_t i, int64_t width, int64_t height)
{
    int k = desk->span.reduction;
    struct area tile = {((int64_t)desk->span.column + i % desk->span.columns) * TILE_SIDE,
                        ((int64_t)desk->span.row + i / desk->span.columns) * TILE_SIDE, TILE_SIDE,
                        TILE_SIDE};
    return area_intersect(tile,
                          (struct area){0, 0, reduced_size(width, k), reduced_size(height, k)});
}
