/* The plan of a page's overviews: see source/copies.h. Owns nothing; knows no file and no process.
 */
#include "source/copies.h"

#include <string.h>

#include "base/language.h"

#include "source/cascade.h"

enum {
    TILE_LARGE = 256, /* sides of tiles, but where memory would not do */
    TILE_SMALL = 64,
    ROWS_SMALL = 16,   /* TIFF's least height of a tile */
    BUFFERS = 5 << 20, /* bytes of all makers' cascades together */
    STEP = 1 << CASCADE_LEVELS,
    SUMS_BAND = 64,
    STRIPS = 4, /* strips that a job has at least, since the first may be half in vain */
    BAND_SAMPLES = 1 << 16, /* read at a time at least, where rows come one by one */
};

/* Kinds of samples. */

static bool is_kind(const struct page *page, const char *photometric)
{
    return !strcmp(page->photometric, photometric);
}

/* Whole numbers of so few bits that tiles hold their means as floats: so do copies. */
static bool is_small(const struct page *page)
{
    return (page->format == FORMAT_UINT || page->format == FORMAT_INT) && page->bits < 8 &&
           page->channels == 1 && page->type == SAMPLE_F32;
}

static bool gray_fits(const struct page *page)
{
    bool whole = page->format == FORMAT_UINT || page->format == FORMAT_INT;
    if (is_small(page))
        return true;
    if (page->format == FORMAT_FLOAT)
        return page->bits == 32 || page->bits == 64;
    return whole && ((page->bits >= 8 && page->bits <= 16) || page->bits == 32 || page->bits == 64);
}

static bool colour_fits(const struct page *page)
{
    if (page->type == SAMPLE_F32 && page->format == FORMAT_FLOAT)
        return page->bits == 32;
    return page->format == FORMAT_UINT &&
           (page->bits == 8 || (page->bits == 16 && page->type != SAMPLE_U8));
}

/* What is summed is exact, and comes back as it was stored. */
static bool alpha_fits(const struct page *page)
{
    bool whole = page->format == FORMAT_UINT && page->bits >= 8 && page->bits <= 16;
    return !page->alpha || (!is_kind(page, "YCbCr") &&
                            (whole || (page->format == FORMAT_FLOAT && page->bits == 32)));
}

static bool is_indexed(const struct page *page)
{
    return is_kind(page, "palette") && page->channels == 3;
}

static bool has_further(struct fault *fault)
{
    return fault_set(fault, FAULT_UNSUPPORTED,
                     "no overviews are made of pages with further samples in each pixel");
}

/* Whole colours that are no-data are black, or what a mask hides. */
static bool check_nodata(const struct page *page, struct fault *fault)
{
    if (page->masked && !page->alpha)
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "no overviews are made of colours with both a mask and a no-data value");
    return page->nodata == 0 ||
           fault_set(fault, FAULT_UNSUPPORTED,
                     "no overviews are made of colours with a no-data value other than 0");
}

static bool check_kind(const struct page *page, struct fault *fault)
{
    bool gray = is_kind(page, "MinIsBlack") || is_kind(page, "MinIsWhite");
    bool colour = is_kind(page, "RGB") || is_kind(page, "YCbCr") || page->alpha == PAGE_INKS;
    if (is_indexed(page))
        return page->samples == 1 || has_further(fault);
    if ((!gray && !colour) || page->channels != (colour ? 3 : 1))
        return fault_set(
            fault, FAULT_UNSUPPORTED,
            "no overviews are made of %s pages: only of gray, RGB, YCbCr, CMYK without "
            "alpha and mask, and palettes",
            page->photometric);
    if (page->samples != page->channels + (page->alpha != PAGE_OPAQUE))
        return has_further(fault);
    if ((colour ? !colour_fits(page) : !gray_fits(page)) || !alpha_fits(page))
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "no overviews are made of such %d-bit samples: these cannot hold their "
                         "means",
                         page->bits);
    if (page->index > UINT16_MAX)
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "overviews are made of the first 65536 pages alone");
    return !colour || !page->has_nodata || page->format == FORMAT_FLOAT ||
           check_nodata(page, fault);
}

static int32_t needed(const struct page *page)
{
    int32_t count = 0;
    int64_t side = max64(page->width, page->height);
    bool there = true;
    while (reduced_size(side, count) > COPIES_SIDE) {
        count++;
        there &= page->reductions >> count & 1;
    }
    return there ? 0 : count;
}

bool copies_plan(const struct page *page, struct copies *copies, struct fault *fault)
{
    *copies = (struct copies){.width = page->width,
                              .height = page->height,
                              .page = page->index,
                              .count = needed(page),
                              .from = page->type,
                              .type = page->type,
                              .integral = page->integral,
                              .channels = page->channels + (page->alpha != PAGE_OPAQUE),
                              .alpha = page->alpha == PAGE_INKS ? PAGE_OPAQUE : page->alpha,
                              .inks = page->alpha == PAGE_INKS,
                              .bits = page->bits,
                              .format = page->format,
                              .min_is_white = page->min_is_white,
                              .has_nodata = page->has_nodata,
                              .nodata = page->nodata,
                              .masked = page->alpha || !page->masked ? 0 : page->channels};
    if (is_small(page)) {
        copies->integral = 0;
        copies->bits = 32;
        copies->format = FORMAT_FLOAT;
    }
    if (copies_weighted(copies)) {
        copies->type = SAMPLE_F64;
        copies->integral = 0;
    }
    if (is_indexed(page)) {
        copies->indexed = page->bits;
        copies->bits = 8;
        copies->format = FORMAT_UINT;
    }
    return !copies->count || check_kind(page, fault);
}

struct copies copies_form(const struct copies *copies, int form)
{
    struct copies stored = *copies;
    bool indices = copies->indexed && form == 0;
    stored.indexed = indices ? copies->indexed : 0;
    stored.channels = indices ? 1 : copies->channels;
    stored.bits = indices ? copies->indexed : copies->bits;
    stored.has_nodata = copies->has_nodata && (indices || !copies->indexed);
    stored.masked = form && form == copies_forms(copies) - 1 ? copies->masked : 0;
    if (stored.masked) {
        stored.channels = stored.bits = 1;
        stored.format = FORMAT_UINT;
        stored.min_is_white = stored.has_nodata = 0;
    }
    return stored;
}

/* Cutting. */

static int64_t round_up(int64_t size, int64_t step)
{
    return ceil_div(size, step) * step;
}

static int64_t power_of_two(int64_t least)
{
    int64_t power = STEP;
    while (power < least)
        power *= 2;
    return power;
}

static bool fits(const struct copies *copies, const struct copies_cut *cut, int makers)
{
    return cascade_bytes(copies, 0, cut->width, cut->band) <= (size_t)(BUFFERS / makers);
}

/* Rectangles can be read anywhere: squares, read as whole rows of blocks where that is possible. */
static void cut_squares(struct copies *copies, const struct page *page, int makers,
                        struct copies_cut *cut)
{
    int64_t block = page->direct ? STEP : power_of_two(page->block_height);
    for (int32_t side = TILE_LARGE; side >= TILE_SMALL; side /= 2) {
        copies->tile_width = copies->tile_height = side;
        cut->width = cut->height = STEP * side;
        cut->band = clamp64(block, 2 * (int64_t)side, cut->height);
        if (fits(copies, cut, makers))
            return;
    }
    while (!fits(copies, cut, makers) && cut->band > TILE_SMALL)
        cut->band /= 2;
}

/* Whole rows are decoded whatever is wanted of them: jobs are as wide as the page, and tiles as low
 * as they must be for that. Where even those do not do, or a strip is so high that rows cannot be
 * shared out, jobs are columns, and each decodes the rows anew. */
static void cut_strips(struct copies *copies, const struct page *page, int makers,
                       struct copies_cut *cut)
{
    int64_t step = (int64_t)STEP * TILE_LARGE, strips = STRIPS * page->block_height;
    bool shared = strips <= page->height / 2;
    copies->tile_width = copies->tile_height = TILE_LARGE;
    cut->width = page->width;
    if (!shared)
        cut->width = min64(page->width, round_up(ceil_div(page->width, makers), step));
    cut->band = power_of_two(min64(ceil_div(BAND_SAMPLES, cut->width), SUMS_BAND));
    while (!fits(copies, cut, makers) && copies->tile_height > ROWS_SMALL)
        copies->tile_height /= 2;
    while (!fits(copies, cut, makers) && cut->width > step)
        cut->width = round_up(cut->width / 2, step);
    while (!fits(copies, cut, makers) && cut->band > STEP)
        cut->band /= 2;
    cut->height = page->height;
    if (shared)
        cut->height = round_up(max64(strips, 2 * TILE_LARGE), (int64_t)STEP * copies->tile_height);
}

void copies_cut_page(struct copies *copies, const struct page *page, int makers,
                     struct copies_cut *cut)
{
    cut->page_width = page->width;
    cut->page_height = page->height;
    if (page->tiled || page->direct)
        cut_squares(copies, page, makers, cut);
    else
        cut_strips(copies, page, makers, cut);
}

void copies_cut_sums(const struct copies *copies, int base, struct copies_cut *cut)
{
    cut->page_width = reduced_size(copies->width, base);
    cut->page_height = reduced_size(copies->height, base);
    cut->width = (int64_t)STEP * copies->tile_width;
    cut->height = (int64_t)STEP * copies->tile_height;
    cut->band = SUMS_BAND;
}

int64_t copies_jobs(const struct copies_cut *cut)
{
    return ceil_div(cut->page_width, cut->width) * ceil_div(cut->page_height, cut->height);
}

struct area copies_job(const struct copies_cut *cut, int64_t job)
{
    int64_t across = ceil_div(cut->page_width, cut->width);
    int64_t x = job % across * cut->width, y = job / across * cut->height;
    return area_intersect((struct area){x, y, cut->width, cut->height},
                          (struct area){0, 0, cut->page_width, cut->page_height});
}

/* Sizes. */

size_t copies_tile_bytes(const struct copies *copies)
{
    size_t row = (size_t)copies->tile_width * (size_t)copies->channels * (size_t)copies->bits / 8;
    return row * (size_t)copies->tile_height;
}

int64_t copies_across(const struct copies *copies, int k)
{
    return ceil_div(reduced_size(copies->width, k), copies->tile_width);
}

int64_t copies_down(const struct copies *copies, int k)
{
    return ceil_div(reduced_size(copies->height, k), copies->tile_height);
}
