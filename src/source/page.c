/* Checks of a page's description: see source/page.h. Owns nothing.
 *
 * A description may come from a decoder process that its file has taken over, so every field is
 * held against what the rest of the program relies on. */
#include "source/page.h"

#include <math.h>
#include <string.h>

#include "base/language.h"
#include "base/geometry.h"
#include "base/tile.h"

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
        {"counting flag", page->counting, 0, 1},
        {"sample type", page->type, 0, SAMPLE_TYPES - 1},
        {"whole number flag", page->integral, 0, 1},
        {"number of bits", page->bits, 1, 128},
        {"sample format", page->format, 0, SAMPLE_FORMATS - 1},
        {"number of samples", page->samples, 1, UINT16_MAX},
        {"channel", page->channel, 0, page->samples},
        {"MinIsWhite flag", page->min_is_white, 0, 1},
        {"tile flag", page->tiled, 0, 1},
        {"block width", page->block_width, 1, PAGE_SIDE_MAX},
        {"block height", page->block_height, 1, PAGE_SIDE_MAX},
        {"direct flag", page->direct, 0, 1},
        {"whole flag", page->whole, 0, 1},
        {"dictionary", page->dictionary, 0, INT64_MAX},
        {"filed flag", page->filed, 0, 1},
        {"BigTIFF flag", page->big_tiff, 0, 1},
        {"byte order flag", page->big_endian, 0, 1},
        {"orientation", page->orientation, 1, 8},
        {"window's origin", page->window_origin, 0, WINDOW_ORIGINS - 1},
        {"number of overviews", page->overviews, 0, INT32_MAX},
        {"set of reductions", page->reductions, 0, (1 << (TILE_REDUCTION_MAX + 1)) - 1},
        {"mask flag", page->masked, 0, 1},
        {"alpha", page->alpha, 0, PAGE_ALPHAS - 1},
        {"no-data flag", page->has_nodata, 0, 1},
        {"number of series", page->series_count, 1, INT32_MAX},
        {"series", page->series, 0, (int64_t)page->series_count - 1},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!within(fields[i].name, fields[i].value, fields[i].least, fields[i].most, fault))
            return false;
    int64_t blocks =
        ceil_div(page->width, page->block_width) * ceil_div(page->height, page->block_height);
    return within("number of blocks", page->blocks, blocks, blocks, fault);
}

/* Three channels are colours, of the types that colours have. */
static bool check_channels(const struct page *page, struct fault *fault)
{
    bool colour = page->channels == 3 &&
                  (page->type == SAMPLE_U8 || page->type == SAMPLE_U16 || page->type == SAMPLE_F32);
    if (page->channels == 1 || (colour && !page->min_is_white))
        return true;
    return fault_set(fault, FAULT_WORKER, "a page has %d channels of type %d", page->channels,
                     page->type);
}

/* Every position leads to an index. */
static bool check_axes(const struct page *page, struct fault *fault)
{
    int64_t pages = 1, last = page->axis_first;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        if (!within("axis extent", page->axis_extent[axis], 1, INT32_MAX, fault) ||
            !within("axis stride", page->axis_stride[axis], 0, INT32_MAX, fault))
            return false;
        last += ((int64_t)page->axis_extent[axis] - 1) * page->axis_stride[axis];
        pages *= page->axis_extent[axis];
        if (!within("axes' last page", last, 0, INT32_MAX - 1, fault) ||
            !within("axes' pages", pages, 1, INT32_MAX, fault))
            return false;
    }
    return within("axes' first page", page->axis_first, 0, INT32_MAX - 1, fault);
}

static bool check_modality(const struct page *page, struct fault *fault)
{
    if (isfinite(page->slope) && isfinite(page->intercept) && page->slope != 0)
        return true;
    return fault_set(fault, FAULT_WORKER, "a page's modality is %g and %g", page->slope,
                     page->intercept);
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
    if (isfinite(page->spacing_x) && isfinite(page->spacing_y) && isfinite(page->spacing_z) &&
        page->spacing_x >= 0 && page->spacing_y >= 0 && page->spacing_z >= 0)
        return true;
    return fault_set(fault, FAULT_WORKER, "a page's spacing is %g by %g mm", page->spacing_x,
                     page->spacing_y);
}

/* Terminated, and without control characters. */
static bool check_words(const char *name, const char *words, size_t room, struct fault *fault)
{
    const char *end = memchr(words, 0, room);
    for (const char *c = words; end && c < end; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            end = NULL;
    return end || fault_set(fault, FAULT_WORKER, "a page's %s is no plain word", name);
}

/* Likewise, and of plain letters. */
static bool check_word(const char *name, const char *word, size_t room, struct fault *fault)
{
    for (size_t i = 0; i < room && word[i]; i++)
        if ((unsigned char)word[i] > '~')
            return fault_set(fault, FAULT_WORKER, "a page's %s is no plain word", name);
    return check_words(name, word, room, fault);
}

bool page_check(const struct page *page, struct fault *fault)
{
    return check_numbers(page, fault) && check_channels(page, fault) && check_axes(page, fault) &&
           check_modality(page, fault) && check_window(page, fault) && check_spacing(page, fault) &&
           check_word("compression", page->compression, PAGE_NAME, fault) &&
           check_word("photometric interpretation", page->photometric, PAGE_NAME, fault) &&
           check_word("spacing's source", page->spacing_source, PAGE_NAME, fault) &&
           check_word("unit", page->unit, PAGE_NAME, fault) &&
           check_word("title", page->title, PAGE_TITLE, fault) &&
           check_words("notice", page->notice, PAGE_NOTICE, fault);
}

bool page_same(const struct page *a, const struct page *b)
{
    struct page other = *b;
    other.count = a->count;
    other.counting = a->counting;
    return !memcmp(a, &other, sizeof other);
}

bool page_position(const struct page *page, int32_t index, int32_t position[PAGE_AXES])
{
    int64_t at = page->axis_first;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        int32_t stride = page->axis_stride[axis];
        position[axis] = stride ? (index - page->axis_first) / stride % page->axis_extent[axis] : 0;
        at += (int64_t)position[axis] * stride;
    }
    return index >= page->axis_first && at == index;
}

const char *window_origin_name(enum window_origin origin)
{
    static const char *const names[WINDOW_ORIGINS] = {N_("none"), N_("TIFF tags"), "ImageJ",
                                                      N_("as stored")};
    return names[origin];
}
