/* Checks of a page's description: see source/page.h. Owns nothing.
 *
 * A description may come from a decoder process that its file has taken over, so every field is
 * held against what the rest of the program relies on. */
#include "source/page.h"

#include <math.h>
#include <string.h>

#include "base/geometry.h"

static bool within(const char *name, int64_t value, int64_t least, int64_t most,
                   struct fault *fault)
{
    if (value >= least && value <= most)
        return true;
    return fault_set(fault, FAULT_WORKER, "a page's %s is %lld", name, (long long)value);
}

static bool check_numbers(const struct page *page, struct fault *fault)
{
    const struct {
        const char *name;
        int64_t value, least, most;
    } fields[] = {
        {"width", page->width, 1, PAGE_SIDE_MAX},
        {"height", page->height, 1, PAGE_SIDE_MAX},
        {"count", page->count, 1, INT32_MAX},
        {"index", page->index, 0, (int64_t)page->count - 1},
        {"sample type", page->type, 0, SAMPLE_TYPES - 1},
        {"MinIsWhite flag", page->min_is_white, 0, 1},
        {"tile flag", page->tiled, 0, 1},
        {"block width", page->block_width, 1, PAGE_SIDE_MAX},
        {"block height", page->block_height, 1, PAGE_SIDE_MAX},
        {"direct flag", page->direct, 0, 1},
        {"whole flag", page->whole, 0, 1},
        {"BigTIFF flag", page->big_tiff, 0, 1},
        {"byte order flag", page->big_endian, 0, 1},
        {"orientation", page->orientation, 1, 8},
        {"window's origin", page->window_origin, 0, WINDOW_ORIGINS - 1},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!within(fields[i].name, fields[i].value, fields[i].least, fields[i].most, fault))
            return false;
    int64_t blocks =
        ceil_div(page->width, page->block_width) * ceil_div(page->height, page->block_height);
    int64_t bits = 8 * (int64_t)sample_bytes((enum sample_type)page->type);
    return within("number of blocks", page->blocks, blocks, blocks, fault) &&
           within("number of bits", page->bits, bits, bits, fault);
}

static bool check_window(const struct page *page, struct fault *fault)
{
    if (page->window_origin == WINDOW_NONE)
        return true;
    if (isfinite(page->window_low) && isfinite(page->window_high) &&
        page->window_low < page->window_high)
        return true;
    return fault_set(fault, FAULT_WORKER, "a page's window is from %g to %g", page->window_low,
                     page->window_high);
}

static bool check_spacing(const struct page *page, struct fault *fault)
{
    if (isfinite(page->spacing_x) && isfinite(page->spacing_y) && page->spacing_x >= 0 &&
        page->spacing_y >= 0)
        return true;
    return fault_set(fault, FAULT_WORKER, "a page's spacing is %g by %g mm", page->spacing_x,
                     page->spacing_y);
}

/* Terminated, and of plain printable letters. */
static bool check_word(const char *name, const char word[PAGE_NAME], struct fault *fault)
{
    const char *end = memchr(word, 0, PAGE_NAME);
    for (const char *c = word; end && c < end; c++)
        if (*c < ' ' || *c > '~')
            end = NULL;
    return end || fault_set(fault, FAULT_WORKER, "a page's %s is no plain word", name);
}

bool page_check(const struct page *page, struct fault *fault)
{
    return check_numbers(page, fault) && check_window(page, fault) && check_spacing(page, fault) &&
           check_word("compression", page->compression, fault) &&
           check_word("spacing's source", page->spacing_source, fault);
}

const char *window_origin_name(enum window_origin origin)
{
    static const char *const names[WINDOW_ORIGINS] = {"none", "TIFF tags", "ImageJ"};
    return names[origin];
}
