/* From a source to rough tiles: what a page looks like, for a fraction of what its tiles cost. */
#ifndef SOURCE_ROUGH_H
#define SOURCE_ROUGH_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/tile.h"
#include "source/reduce.h"
#include "source/source.h"

/* ROUGH_SAMPLES: of compressed blocks, so many samples are decoded for a span, about. */
enum { ROUGH_BLOCKS = 256, ROUGH_BLOCKS_LEAST = 4, ROUGH_SAMPLES = 1 << 24 };

/* Makes the rough tiles of a span (its reduction is TILE_ROUGH + k) of the source's current page.
 * Nothing is averaged: each sample is a sample of the page. Of a direct page it is the one in the
 * middle of its cell: one row of the page is read for each row of cells. Of others a regular choice
 * of blocks is decoded, and each cell has the sample of the nearest of them that is nearest to its
 * middle. A chosen block that cannot be decoded is replaced by a neighbour; where there is none,
 * its cells are lost and the tile is not sound. Tiles are announced at the end, in order. False
 * with a fault when none could be made; what blocks lack is not told. True when dropped. */
bool rough_tiles(struct source *source, struct tile_span span, struct tile_orders *orders,
                 struct fault *fault);

#endif
