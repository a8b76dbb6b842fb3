/* The stored samples of a region, tile by tile, in whatever order the tiles lie: a region's size
 * costs no memory. For what is done while the window is at rest (session.writing). */
#ifndef APP_TILE_WALK_H
#define APP_TILE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "bands.h"
#include "base/geometry.h"
#include "base/tile.h"
#include "scene.h"

struct tile_walk {
    struct scene *scene;
    struct area area;      /* of the page as it is stored */
    struct tile_span span; /* the tiles it lies in */
    int64_t done;          /* of those, or of every step-th across and down */
    int32_t step;
};

/* `region` is one of the upright page, and within it; not empty. */
void tile_walk_begin(struct tile_walk *walk, struct scene *scene, struct area region);

/* Right after that: no more than so many tiles, on a regular grid. */
void tile_walk_thin(struct tile_walk *walk, int64_t most);

/* Visits tiles that are there: `part` of the stored page lies in the tile. BANDS_WAIT: others have
 * been asked for (loader_want). BANDS_MORE: it went on, and can at once. BANDS_FAILED also where a
 * tile cannot be decoded whole. */
enum bands_end tile_walk_step(struct tile_walk *walk,
                              bool (*visit)(void *context, struct tile_key key, struct area part,
                                            const void *samples, struct fault *fault),
                              void *context, struct fault *fault);

/* Where a sample of the stored page is in its tile's planes. */
static inline ptrdiff_t tile_walk_place(struct tile_key key, int64_t x, int64_t y)
{
    return (ptrdiff_t)((y - (int64_t)key.row * TILE_SIDE) * TILE_SIDE + x -
                       (int64_t)key.column * TILE_SIDE);
}

#endif
