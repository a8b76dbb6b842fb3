/* A list of tiles to be asked for, in order. The room for the keys is the caller's. */
#ifndef APP_TILE_LIST_H
#define APP_TILE_LIST_H

#include <stdbool.h>

#include "base/tile.h"

struct tile_list {
    struct tile_key *keys;
    int count, room;
};

/* Tile i of a span, counted row by row. */
struct tile_key tile_list_key(const struct tile_span *span, int i);

bool tile_list_has(const struct tile_list *list, struct tile_key key);

/* Adds the tiles of a span that are not listed; false when the list is full. */
bool tile_list_span(struct tile_list *list, struct tile_span span);

/* Adds the tiles of a span that none of is listed, until the list is full, those first whose
 * middles lie nearest to that of `about`, a span of the same reduction. */
void tile_list_around(struct tile_list *list, struct tile_span span, struct tile_span about);

#endif
