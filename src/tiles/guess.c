/* What a page's values come to, guessed from its rough tiles: good enough for a first window, which
 * then hardly changes while the true statistics come in. Owns nothing; codes are ranked byte by
 * byte, so that no histogram is needed. */
#include <string.h>

#include "tiles/loader_state.h"

enum { GUESS_TILES = 4, BYTE = 256 };

/* The page's rough tiles at a reduction. */
struct rough_page {
    const struct loader *loader;
    int k;
    int64_t width, height; /* samples of it there */
};

static const void *tile_of(const struct rough_page *rough, int64_t column, int64_t row)
{
    struct tile_key key = {rough->loader->page.index, TILE_ROUGH + rough->k, (int32_t)column,
                           (int32_t)row};
    return arena_find(rough->loader->arena, key, NULL);
}

static bool is_there(const struct rough_page *rough)
{
    int64_t columns = ceil_div(rough->width, TILE_SIDE), rows = ceil_div(rough->height, TILE_SIDE);
    if (columns * rows > GUESS_TILES)
        return false;
    for (int64_t i = 0; i < columns * rows; i++)
        if (!tile_of(rough, i % columns, i / columns))
            return false;
    return true;
}

/* Counts the codes of the page whose upper byte is `high` by their lower one; high -1: all, by
 * their upper one. */
static void count_bytes(const struct rough_page *rough, int high, uint32_t bins[BYTE])
{
    bool wide = sample_bytes((enum sample_type)rough->loader->page.type) == 2;
    memset(bins, 0, BYTE * sizeof *bins);
    for (int64_t y = 0; y < rough->height; y++)
        for (int64_t x = 0; x < rough->width; x++) {
            const void *tile = tile_of(rough, x / TILE_SIDE, y / TILE_SIDE);
            int64_t i = y % TILE_SIDE * TILE_SIDE + x % TILE_SIDE;
            int code = wide ? ((const uint16_t *)tile)[i] : ((const uint8_t *)tile)[i];
            if (high < 0)
                bins[code >> 8]++;
            else if (code >> 8 == high)
                bins[code & (BYTE - 1)]++;
        }
}

static int reaching(const uint32_t bins[BYTE], int64_t *rank)
{
    int bin = 0;
    while (bin < BYTE - 1 && bins[bin] < *rank)
        *rank -= bins[bin++];
    return bin;
}

/* The code that so many of the page's do not exceed. */
static int code_of_rank(const struct rough_page *rough, int64_t rank)
{
    uint32_t bins[BYTE];
    count_bytes(rough, -1, bins);
    int high = reaching(bins, &rank);
    count_bytes(rough, high, bins);
    return high * BYTE + reaching(bins, &rank);
}

bool loader_guess(const struct loader *loader, double *low, double *high)
{
    const struct page *page = loader_page(loader);
    if (!page || page->channels != 1 || !sample_is_narrow((enum sample_type)page->type))
        return false;
    struct rough_page rough = {.loader = loader};
    for (; rough.k <= TILE_REDUCTION_MAX; rough.k++) {
        rough.width = reduced_size(page->width, rough.k);
        rough.height = reduced_size(page->height, rough.k);
        if (!is_there(&rough))
            continue;
        int64_t values = rough.width * rough.height, part = values / 200;
        double least = sample_least((enum sample_type)page->type);
        *low = code_of_rank(&rough, part + 1) + least;
        *high = code_of_rank(&rough, values - part) + least;
        return true;
    }
    return false;
}
