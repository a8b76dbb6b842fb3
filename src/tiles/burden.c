/* What decoding a page takes of memory: see tiles/burden.h. Owns nothing, and knows libraries by
 * what they were measured to take. */
#include "tiles/burden.h"

#include <string.h>

#include "base/checked.h"
#include "base/geometry.h"

enum {
    ROWS = 48 << 10,    /* lines, and what is made of them, with direct reading too */
    CODE = 344 << 10,   /* pages of libtiff and a codec that lie idle otherwise */
    COPIED = 192 << 10, /* encoded strips up to this size are copied, others lent from a map ... */
    MAPPED = 704 << 10, /* ... of which so much stays resident */
    FILED = 768 << 10,  /* the same of a block that is decoded into a file */
    WINDOW_MOST = 8 << 20 /* LZMA's and Zstandard's at their usual levels */
};

/* In eighths of a decoded block (rounded up from measurements with blocks of 0.5 to 4 MiB): what
 * the library holds beside the block it delivers, and the encoded block. `whole`: strips come whole
 * too. `window`: strips that come row by row are remembered, as far as
 * page.dictionary, or WINDOW_MOST where that is not told. */
static const struct cost {
    const char *name;
    int library, encoded;
    bool whole, window;
} costs[] = {
    {"JBIG", 8, 8, true, false},      {"JPEG", 0, 6, false, false},
    {"LERC", 11, 9, true, false},     {"LZMA", 8, 8, false, true},
    {"PixarLog", 16, 8, true, false}, {"WebP", 18, 7, true, false},
    {"Zstandard", 8, 8, false, true}, {"old-style JPEG", 4, 8, true, false},
};

static const struct cost usual = {"", 0, 8, false, false};

static const struct cost *cost_of(const struct page *page)
{
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++)
        if (!strcmp(costs[i].name, page->compression))
            return &costs[i];
    return &usual;
}

/* Bytes of a block once it is decoded; SIZE_MAX where that is no size. */
static size_t block_bytes(const struct page *page)
{
    int64_t rows = page->tiled ? page->block_height : min64(page->block_height, page->height);
    int64_t bits;
    if (!checked_mul64((int64_t)page->bits * page->samples, page->block_width, &bits) ||
        !checked_mul64(bits, rows, &bits) || (uint64_t)bits / 8 > SIZE_MAX)
        return SIZE_MAX;
    return (size_t)bits / 8;
}

static size_t at_most(size_t bytes, size_t most)
{
    return bytes < most ? bytes : most;
}

/* A strip that comes row by row. */
static struct burden of_rows(const struct page *page, const struct cost *cost, size_t bytes)
{
    struct burden burden = {.decoder = ROWS + CODE + (bytes > COPIED ? MAPPED : bytes)};
    if (!cost->window)
        return burden;
    burden.decoder += at_most(bytes, page->dictionary ? (size_t)page->dictionary : WINDOW_MOST);
    burden.block = at_most(bytes, BURDEN_LARGEST_BLOCK);
    burden.alone = bytes > BURDEN_SHARED_BLOCK;
    return burden;
}

/* Strips of YCbCr come in units of several rows. Larger blocks than may be held come row by row,
 * or lie in a file: then the library's own memory counts. */
struct burden burden_of(const struct page *page)
{
    if (!page)
        return (struct burden){0};
    const struct cost *cost = cost_of(page);
    size_t bytes = block_bytes(page);
    if (page->direct)
        return (struct burden){.decoder = ROWS};
    if ((!page->tiled && !cost->whole && strcmp(page->photometric, "YCbCr")) ||
        (bytes > BURDEN_LARGEST_BLOCK && !cost->whole))
        return of_rows(page, cost, bytes);
    size_t held = at_most(bytes, BURDEN_LARGEST_BLOCK);
    size_t ours = page->filed ? at_most(bytes, FILED) : held;
    size_t parts = at_most(bytes, SIZE_MAX / 8) / 8;
    return (struct burden){.block = held,
                           .decoder =
                               ROWS + CODE + ours + parts * (size_t)(cost->library + cost->encoded),
                           .alone = bytes > BURDEN_SHARED_BLOCK};
}
