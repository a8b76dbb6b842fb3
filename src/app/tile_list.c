/* A list of tiles to be asked for: see tile_list.h. Knows nothing of why they are wanted. */
#include "tile_list.h"

#include <stdlib.h>

struct tile_key tile_list_key(const struct tile_span *span, int i)
{
    return (struct tile_key){span->page, span->reduction, span->column + i % span->columns,
                             span->row + i / span->columns};
}

bool tile_list_has(const struct tile_list *list, struct tile_key key)
{
    for (int i = list->count - 1; i >= 0; i--)
        if (tile_key_equal(list->keys[i], key))
            return true;
    return false;
}

bool tile_list_span(struct tile_list *list, struct tile_span span)
{
    for (int i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = tile_list_key(&span, i);
        if (tile_list_has(list, key))
            continue;
        if (list->count == list->room)
            return false;
        list->keys[list->count++] = key;
    }
    return true;
}

void tile_list_rings(struct tile_list *list, struct tile_span span, struct tile_key middle)
{
    int32_t rings = span.columns + span.rows; /* as the middle may be any of the span */
    for (int32_t ring = 0; ring < rings; ring++)
        for (int i = 0; i < span.columns * span.rows && list->count < list->room; i++) {
            struct tile_key key = tile_list_key(&span, i);
            int32_t across = abs(key.column - middle.column), down = abs(key.row - middle.row);
            if ((across > down ? across : down) == ring)
                list->keys[list->count++] = key;
        }
}
