/* Statistics along with tiles: where the tiles that are missing are made of the whole page, block
 * by block, those who make them count the sample too, and no block is decoded twice for it.
 *
 * Narrow types are counted as they come. Wide ones are put down in a file that decoders share,
 * which one of them counts when it is whole. Owns the account of what has been counted, or kept. It
 * only adds up while every tile of one reduction is wanted and comes soundly; otherwise the count
 * is begun anew, by itself. */
#include <unistd.h>

#include "tiles/loader_state.h"

/* Smaller pages are counted sooner by themselves. */
enum { TALLY_SAMPLES_LEAST = 1 << 24 };

static int64_t page_tiles(const struct page *page, int reduction)
{
    return ceil_div(reduced_size(page->width, reduction), TILE_SIDE) *
           ceil_div(reduced_size(page->height, reduction), TILE_SIDE);
}

static bool is_wide(const struct loader *loader)
{
    return !sample_is_narrow((enum sample_type)loader->page.type);
}

static bool is_heavy(const struct loader *loader)
{
    const struct page *page = &loader->page;
    return !page->direct && (!is_wide(loader) || loader->sample) &&
           page->width >= TALLY_SAMPLES_LEAST / page->height;
}

void tally_forget(struct loader *loader)
{
    if (loader->sample && ftruncate(loader->sample, 0) != 0) {
        close(loader->sample);
        loader->sample = 0;
    }
}

void loader_count_along(struct loader *loader)
{
    const struct page *page = loader_page(loader);
    if (page && loader->statistics == STATISTICS_UNASKED)
        loader->count_along = is_heavy(loader);
    loader_count(loader);
}

/* Wishes for true tiles of a reduction, there or not; of no reduction before: of the first's. */
static int64_t count_wishes(const struct loader *loader, int32_t *reduction, bool missing)
{
    int64_t count = 0;
    for (int i = 0; i < loader->wishes.count; i++) {
        struct tile_key key = loader->wishes.list[i].key;
        if (tile_is_rough(key.reduction) || (missing && !requests_is_missing(loader, key)))
            continue;
        if (*reduction < 0)
            *reduction = key.reduction;
        count += key.reduction == *reduction;
    }
    return count;
}

bool tally_begin(struct loader *loader)
{
    const struct page *page = &loader->page;
    int32_t reduction = -1;
    if (loader->statistics != STATISTICS_WANTED || loader->tallied || !is_heavy(loader))
        return false;
    int64_t tiles = count_wishes(loader, &reduction, true);
    if (reduction < 0 || tiles != page_tiles(page, reduction) ||
        page->reductions & ((INT32_C(2) << reduction) - 1))
        return false;
    arena_clear_histogram(loader->arena);
    arena_shared(loader->arena)->seen = loader->counted = (struct statistics){0};
    arena_shared(loader->arena)->sampled = 0;
    loader->kept = 0;
    tally_forget(loader);
    loader->histogram_used = loader->tallied = true;
    loader->tally_reduction = reduction;
    loader->tally_left = tiles;
    loader->statistics = STATISTICS_TALLYING;
    return true;
}

bool tally_in_hand(const struct loader *loader)
{
    for (int i = 0; i < crew_size(loader->crew); i++)
        if (loader->loads[i].request == MESSAGE_TILES_WANTED && loader->loads[i].tally)
            return true;
    return false;
}

static void spoil(struct loader *loader)
{
    if (loader->statistics == STATISTICS_TALLYING)
        loader->statistics = STATISTICS_WANTED;
}

void tally_check(struct loader *loader)
{
    int32_t reduction = loader->tally_reduction;
    if (loader->statistics == STATISTICS_TALLYING &&
        count_wishes(loader, &reduction, false) != page_tiles(&loader->page, reduction))
        spoil(loader);
}

/* As many values as there must be are in the file, or the page is counted by itself. */
static void count_kept(struct loader *loader)
{
    int64_t kept = __atomic_load_n(&arena_shared(loader->arena)->sampled, __ATOMIC_RELAXED);
    if (kept > 0 && kept <= statistics_values(&loader->page))
        loader->kept = (int32_t)kept;
    loader->statistics = STATISTICS_WANTED;
}

/* A decoder may have written anything into the histogram. */
struct statistics tally_so_far(const struct loader *loader)
{
    enum sample_type type = (enum sample_type)loader->page.type;
    struct statistics found = statistics_of_codes(type, arena_shared(loader->arena)->histogram);
    bool good = message_check_statistics(&found, NULL) && answers_value_fits(type, found.least) &&
                answers_value_fits(type, found.most);
    return good ? found : (struct statistics){0};
}

void tally_end(struct loader *loader, const struct load *load, bool counted)
{
    if (!load->tally || load->file != loader->file || loader->statistics != STATISTICS_TALLYING)
        return;
    loader->tally_left -= load->begun;
    if (!counted || loader->tally_left < 0)
        spoil(loader);
    if (loader->statistics != STATISTICS_TALLYING || loader->tally_left)
        return;
    if (is_wide(loader)) {
        count_kept(loader);
        return;
    }
    loader->counted = tally_so_far(loader);
    loader_end_count(loader);
}
