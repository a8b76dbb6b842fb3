/* What is shown until the tiles of a view are there. */
#ifndef APP_STAND_IN_H
#define APP_STAND_IN_H

#include <stdint.h>

#include "base/tile.h"
#include "source/page.h"

/* From so many samples on that must be read, something coarser is asked for first. */
enum { STAND_IN_SAMPLES = 1 << 26, STAND_IN_TILES = 4 };

/* From so many on when the page is only passed through. */
enum { STAND_IN_PASSING = 1 << 24 };

/* The reduction of the tiles (TILE_ROUGH + k of rough ones) that stand in for a span of true tiles
 * while they are made: an overview of the file, or rough tiles; -1: the true ones come soon enough,
 * or nothing comes sooner. */
int32_t stand_in_choose(const struct page *page, struct tile_span span);
int32_t stand_in_passing(const struct page *page, struct tile_span span); /* the same, sooner */

/* Samples that are read or decoded for a span of true tiles, about. */
double stand_in_cost(const struct page *page, struct tile_span span);

/* The tiles of a coarser reduction that cover the span. */
struct tile_span stand_in_span(struct tile_span span, int32_t reduction);

#endif
