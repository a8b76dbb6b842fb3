/* A list of tiles to be asked for: see tile_list.h. Knows nothing of why they are wanted. */
#include "tile_list.h"

#include <string.h>

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

/* The square of the distance from the middle of `about`, in half tiles. */
static int64_t distance(struct tile_key key, const struct tile_span *about)
{
    int64_t across = 2 * (int64_t)(key.column - about->column) + 1 - about->columns;
    int64_t down = 2 * (int64_t)(key.row - about->row) + 1 - about->rows;
    return across * across + down * down;
}

void tile_list_around(struct tile_list *list, struct tile_span span, struct tile_span about)
{
    int first = list->count;
    for (int i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = tile_list_key(&span, i);
        int at = list->count;
        while (at > first && distance(list->keys[at - 1], &about) > distance(key, &about))
            at--;
        if (at == list->room)
            continue;
        list->count += list->count < list->room;
        memmove(list->keys + at + 1, list->keys + at,
                (size_t)(list->count - at - 1) * sizeof *list->keys);
        list->keys[at] = key;
    }
}
