/* Blocks that nobody wants any more. A library decodes a block in one go, and cannot be stopped: a
 * decoder that is at one for nothing is ended, and another started in its place. Owns the rule for
 * what is for nothing; it is told by decoders, of whom nothing is believed but that.
 *
 * A block that is wanted is not cut short, however often the wishes change: it would be decoded
 * from the start again. Nor is one of a decoder whose temporary file has what is wanted now. */
#include "tiles/loader_state.h"

/* Most blocks end sooner by themselves. */
enum { LOOK_MS = 20 };

static void look(void *context);

static bool fills_arena(const struct load *load)
{
    return load->request == MESSAGE_TILES_WANTED || load->request == MESSAGE_STATISTICS;
}

static bool meet(struct area a, struct area b)
{
    struct area both = area_intersect(a, b);
    return both.width > 0 && both.height > 0;
}

/* The part of the page that a tile is made of. */
static struct area area_of(struct tile_key key)
{
    int k = tile_level(key.reduction);
    int64_t side = (int64_t)TILE_SIDE << k;
    return (struct area){key.column * side, key.row * side, side, side};
}

/* True when a tile that is not there is made of something in the area. */
static bool is_missed(const struct loader *loader, struct area area)
{
    for (int i = 0; i < loader->wishes.count; i++) {
        struct tile_key key = loader->wishes.list[i].key;
        if (!arena_find(loader->arena, key, NULL) && meet(area_of(key), area))
            return true;
    }
    return false;
}

static bool is_of_page(const struct loader *loader, const struct load *load)
{
    return load->file == loader->file && choice_equal(&load->choice, &loader->target) &&
           loader->phase == LOADER_OPEN;
}

bool drop_is_awaited(const struct loader *loader, int number)
{
    struct arena_block block = arena_block(loader->arena, number);
    return block.busy && is_of_page(loader, &loader->loads[number]) &&
           is_missed(loader, block.area);
}

/* True for a decoder that was told to stop and is at a block that serves nobody. */
static bool is_for_nothing(const struct loader *loader, int number)
{
    const struct load *load = &loader->loads[number];
    struct arena_block block = arena_block(loader->arena, number);
    if (!fills_arena(load) || !load->cancelled || !block.busy)
        return false;
    return !is_of_page(loader, load) ||
           (load->request == MESSAGE_TILES_WANTED && !is_missed(loader, block.area) &&
            !is_missed(loader, block.kept));
}

void drop_later(struct loader *loader)
{
    loop_timer(loader->loop, LOOK_MS, look, loader);
}

void drop_end(struct loader *loader)
{
    loop_timer_cancel(loader->loop, look, loader);
}

static void look(void *context)
{
    struct loader *loader = context;
    bool again = loader_cancel_unwanted(loader);
    for (int i = 0; i < crew_size(loader->crew); i++) {
        if (is_for_nothing(loader, i))
            crew_replace(loader->crew, i, CREW_DROPPED);
        again |= fills_arena(&loader->loads[i]) && loader->loads[i].cancelled &&
                 crew_is_busy(loader->crew, i);
    }
    if (again)
        drop_later(loader);
}
