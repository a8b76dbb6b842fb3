/* Tiles that may be wanted next: loaded while nothing is missing that is wanted, into slots that
 * hold nothing wanted. Owns the rules of that; what is asked for is put together in requests.c. */
#include "tiles/loader_state.h"

static bool is_listed(const struct wishes *wishes, const struct tile_span *span)
{
    for (int i = 0; i < wishes->count; i++) {
        struct tile_key key = wishes->list[i].key;
        if (key.page == span->page && key.reduction == span->reduction &&
            key.column >= span->column && key.column < span->column + span->columns &&
            key.row >= span->row && key.row < span->row + span->rows)
            return true;
    }
    return false;
}

void prefetch_drop(struct loader *loader)
{
    int missing;
    bool wanted = requests_first_missing(loader, &loader->wishes, &missing) != NULL;
    for (int i = 0; i < crew_size(loader->crew); i++) {
        struct load *load = &loader->loads[i];
        if (load->request != MESSAGE_TILES_WANTED || !load->ahead || load->cancelled)
            continue;
        if (is_listed(&loader->wishes, &load->span))
            load->ahead = false;
        else if (wanted || !is_listed(&loader->ahead, &load->span))
            loader_cancel(loader, i);
    }
}

void loader_prefetch(struct loader *loader, const struct tile_key *keys, int count)
{
    if (!loader_page(loader))
        return;
    int64_t room = arena_capacity(loader->arena) - loader->wishes.count;
    loader_list(loader, &loader->ahead, keys, count, room);
    prefetch_drop(loader);
    requests_dispatch(loader);
}
