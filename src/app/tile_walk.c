/* Stored samples tile by tile: see tile_walk.h. Owns nothing. */
#include "tile_walk.h"

/* Tiles asked for at once: rows of them, so that strips are decoded once; and visited in a step. */
enum { WANTED = 128, VISITED = 16 };

static struct area stored_area(const struct scene *scene, struct area region)
{
    int64_t x[2], y[2];
    view_to_stored(&scene->view, region.x, region.y, &x[0], &y[0]);
    view_to_stored(&scene->view, region.x + region.width - 1, region.y + region.height - 1, &x[1],
                   &y[1]);
    return (struct area){min64(x[0], x[1]), min64(y[0], y[1]),
                         max64(x[0], x[1]) - min64(x[0], x[1]) + 1,
                         max64(y[0], y[1]) - min64(y[0], y[1]) + 1};
}

void tile_walk_begin(struct tile_walk *walk, struct scene *scene, struct area region)
{
    struct area area = stored_area(scene, region);
    int32_t column = (int32_t)(area.x / TILE_SIDE), row = (int32_t)(area.y / TILE_SIDE);
    struct tile_span span = {scene->page.index,
                             0,
                             column,
                             row,
                             (int32_t)((area.x + area.width - 1) / TILE_SIDE) - column + 1,
                             (int32_t)((area.y + area.height - 1) / TILE_SIDE) - row + 1};
    *walk = (struct tile_walk){scene, area, span, 0, 1};
}

static int64_t columns(const struct tile_walk *walk)
{
    return ceil_div(walk->span.columns, walk->step);
}

/* The grid's places lie in the middle of what each stands for, where there is as much. */
static int32_t place(const struct tile_walk *walk, int64_t i, int32_t from, int32_t count)
{
    int64_t at = i * walk->step + walk->step / 2;
    return from + (int32_t)min64(at, count - 1);
}

static struct tile_key key_of(const struct tile_walk *walk, int64_t i)
{
    const struct tile_span *span = &walk->span;
    return (struct tile_key){span->page, 0,
                             place(walk, i % columns(walk), span->column, span->columns),
                             place(walk, i / columns(walk), span->row, span->rows)};
}

static int64_t tiles(const struct tile_walk *walk)
{
    return columns(walk) * ceil_div(walk->span.rows, walk->step);
}

void tile_walk_thin(struct tile_walk *walk, int64_t most)
{
    while (tiles(walk) > most)
        walk->step++;
}

static void want(const struct tile_walk *walk)
{
    struct tile_key keys[WANTED];
    struct loader *loader = walk->scene->loader;
    int64_t room = min64(WANTED, arena_capacity(loader_arena(loader)));
    int count = (int)min64(room, tiles(walk) - walk->done);
    for (int i = 0; i < count; i++)
        keys[i] = key_of(walk, walk->done + i);
    loader_want(loader, keys, count);
}

static struct area part_of(const struct tile_walk *walk, struct tile_key key)
{
    struct area tile = {(int64_t)key.column * TILE_SIDE, (int64_t)key.row * TILE_SIDE, TILE_SIDE,
                        TILE_SIDE};
    return area_intersect(tile, walk->area);
}

enum bands_end tile_walk_step(struct tile_walk *walk,
                              bool (*visit)(void *context, struct tile_key key, struct area part,
                                            const void *samples, struct fault *fault),
                              void *context, struct fault *fault)
{
    const struct arena *arena = loader_arena(walk->scene->loader);
    for (int i = 0; i < VISITED && walk->done < tiles(walk); i++) {
        bool sound = true;
        struct tile_key key = key_of(walk, walk->done);
        const void *samples = arena_find(arena, key, &sound);
        if (!samples) {
            want(walk);
            return BANDS_WAIT;
        }
        if (!sound) {
            fault_set(fault, FAULT_FORMAT, "%s: not all of the region can be decoded",
                      walk->scene->path);
            return BANDS_FAILED;
        }
        if (!visit(context, key, part_of(walk, key), samples, fault))
            return BANDS_FAILED;
        walk->done++;
    }
    return walk->done < tiles(walk) ? BANDS_MORE : BANDS_DONE;
}
