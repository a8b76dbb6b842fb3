/* How far the loader is. Owns the weights by which tiles count: a tile of reduction k is made of
 * 4^k times as many samples as one of the page itself. */
#include <math.h>

#include "tiles/loader_state.h"

enum { LONG_BYTES = 32 << 20 };

static double weight_of(struct tile_key key)
{
    return tile_is_rough(key.reduction) ? 0 : ldexp(1, 2 * key.reduction);
}

/* What a request under way has done beyond the tiles that came of it. */
static double done_in_hand(const struct loader *loader, const struct load *load)
{
    int left = 0;
    if (load->request != MESSAGE_TILES_WANTED || load->cancelled || load->ahead || !load->all ||
        load->file != loader->file || tile_is_rough(load->span.reduction))
        return 0;
    for (int32_t i = 0; i < load->span.columns * load->span.rows; i++)
        left += load->slots[i] >= 0;
    double done = (double)load->begun * (double)load->done / (double)load->all;
    return fmin(fmax(0, done - (load->begun - left)), left) * ldexp(1, 2 * load->span.reduction);
}

static double share_of_tiles(const struct loader *loader, int *missing)
{
    double all = 0, done = 0;
    *missing = 0;
    for (int i = 0; i < loader->wishes.count; i++) {
        struct tile_key key = loader->wishes.list[i].key;
        bool there = arena_find(loader->arena, key, NULL) != NULL;
        all += weight_of(key);
        done += there ? weight_of(key) : 0;
        *missing += !there;
    }
    for (int i = 0; i < crew_size(loader->crew); i++)
        done += done_in_hand(loader, &loader->loads[i]);
    return all > 0 ? fmin(done / all, 1) : 0;
}

static double share_of_values(const struct loader *loader)
{
    struct statistics seen;
    double all = (double)statistics_values(&loader->page);
    return loader_seen(loader, &seen) ? fmin((double)seen.counted / all, 1) : 0;
}

/* Someone is at a block that takes long, and nothing can be made of it before. */
static bool decodes(const struct loader *loader, double *share)
{
    const struct page *page = &loader->page;
    double bytes = (double)page->block_width * (double)page->block_height * page->bits / 8;
    for (int i = 0; page->filed && bytes >= LONG_BYTES && i < crew_size(loader->crew); i++) {
        const struct load *load = &loader->loads[i];
        struct arena_block block = arena_block(loader->arena, i);
        *share = block.share / 1000.0;
        if (load->request && load->file == loader->file && !load->cancelled && block.busy)
            return true;
    }
    return false;
}

void loader_progress(const struct loader *loader, struct loader_progress *progress)
{
    int missing = 0;
    *progress = (struct loader_progress){LOADER_RESTS, 0};
    if (loader->phase == LOADER_OPENING || loader->phase == LOADER_SELECTING)
        progress->task = LOADER_OPENS;
    if (loader->phase != LOADER_OPEN)
        return;
    progress->share = share_of_tiles(loader, &missing);
    double share;
    if (loader_pending(loader) && decodes(loader, &share)) {
        *progress = (struct loader_progress){LOADER_DECODES, share};
    } else if (missing) {
        progress->task = LOADER_READS;
    } else if (loader->statistics != STATISTICS_UNASKED &&
               loader->statistics != STATISTICS_COUNTED) {
        progress->task = LOADER_MEASURES;
        progress->share = share_of_values(loader);
    } else if (loader->page.counting) {
        progress->task = LOADER_COUNTS;
        progress->share = 0;
    }
}
