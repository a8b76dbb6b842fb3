/* Overviews of TIFF pages: reduced copies in SubIFDs, in the chain behind the page, or in a file of
 * their own beside it.
 *
 * A copy is used only where it shows all of the page, in the page's kind of samples: as it is for
 * the reduction whose size it has (rounded down, its edge is repeated), resampled for the first
 * that is coarser, so that what is drawn from it lies where the page's own samples would. Owns the
 * source of the copy used last. */
#include "source/tiff.h"

#include <string.h>

#include "base/tile.h"

enum {
    BESIDE_MAX = 64, /* directories looked at in the file of overviews */
    TAG_COLOURS = 320,
    COLOURS_BYTES = 3 * 2 << 16,
};

/* True when the palettes are the same, or both missing. */
static bool same_colours(struct tiff_file *a, int64_t directory_a, struct tiff_file *b,
                         int64_t directory_b)
{
    struct tiff_directory in_a, in_b;
    uint8_t bytes_a[512], bytes_b[512];
    if (!tiff_directory_open(a, directory_a, &in_a) || !tiff_directory_open(b, directory_b, &in_b))
        return false;
    struct tiff_entry colours_a = tiff_directory_find(a, &in_a, TAG_COLOURS, INT64_MAX);
    struct tiff_entry colours_b = tiff_directory_find(b, &in_b, TAG_COLOURS, INT64_MAX);
    int64_t bytes = tiff_entry_bytes(&colours_a);
    if (bytes != tiff_entry_bytes(&colours_b) || bytes > COLOURS_BYTES ||
        a->big_endian != b->big_endian)
        return false;
    for (int64_t done = 0, part; done < bytes; done += part) {
        part = min64(bytes - done, (int64_t)sizeof bytes_a);
        if (!tiff_file_read(a, colours_a.offset + done, part, bytes_a) ||
            !tiff_file_read(b, colours_b.offset + done, part, bytes_b) ||
            memcmp(bytes_a, bytes_b, (size_t)part))
            return false;
    }
    return true;
}

static bool is_colour(const struct tiff_layout *layout)
{
    return layout->samples == 3 &&
           (layout->photometric == PHOTOMETRIC_RGB || layout->photometric == PHOTOMETRIC_YCBCR);
}

/* The means of whole numbers of few bits are floats (source/copies.c). */
static bool are_means(const struct tiff_layout *page, const struct tiff_layout *copy)
{
    bool gray =
        page->photometric == PHOTOMETRIC_MINISBLACK || page->photometric == PHOTOMETRIC_MINISWHITE;
    bool whole = page->format == SAMPLEFORMAT_UINT || page->format == SAMPLEFORMAT_INT;
    return gray && whole && page->bits < 8 && copy->bits == 32 &&
           copy->format == SAMPLEFORMAT_IEEEFP;
}

/* A palette's colours and the means of them. */
static bool are_levels(const struct tiff_layout *page, const struct tiff_layout *copy)
{
    return page->photometric == PHOTOMETRIC_PALETTE && page->samples == 1 &&
           copy->photometric == PHOTOMETRIC_RGB && copy->samples == 3 && copy->bits == 8 &&
           copy->format == SAMPLEFORMAT_UINT;
}

static bool same_samples(const struct tiff_layout *page, const struct tiff_layout *copy)
{
    bool alike =
        (page->bits == copy->bits && page->format == copy->format) || are_means(page, copy);
    return are_levels(page, copy) ||
           (alike && page->samples == copy->samples &&
            (page->photometric == copy->photometric || (is_colour(page) && is_colour(copy))));
}

/* The reduction that a copy whose size is not exactly that of any is used for; 0: none. */
static int near_reduction(const struct tiff_layout *page, const struct tiff_layout *copy,
                          bool *resampled)
{
    for (int k = 1; k <= TILE_REDUCTION_MAX; k++)
        if (tiff_is_reduction(page->width, page->height, k, copy->width, copy->height))
            return 0;
    for (int k = 1; k <= TILE_REDUCTION_MAX; k++)
        if (tiff_is_rounded_reduction(page->width, page->height, k, copy->width, copy->height))
            return k;
    *resampled = true;
    for (int k = 1; k <= TILE_REDUCTION_MAX; k++)
        if (copy->width << k >= page->width && copy->height << k >= page->height)
            return k;
    return 0;
}

/* Adds a copy where it can be used; of two of the same size the first counts, and means before
 * entries of a palette. */
static void take_copy(struct tiff_source *tiff, const struct tiff_layout *page,
                      const struct tiff_copy *copy)
{
    struct tiff_file *file = copy->beside ? &tiff->beside : &tiff->file;
    struct tiff_layout layout;
    struct tiff_copy *taken = tiff->copies;
    if (!tiff_layout_read(file, copy->directory, &layout, NULL) || !same_samples(page, &layout) ||
        !tiff_is_copy(page->width, page->height, layout.width, layout.height))
        return;
    bool levels = are_levels(page, &layout);
    if (page->photometric == PHOTOMETRIC_PALETTE && !levels &&
        !same_colours(&tiff->file, page->directory, file, copy->directory))
        return;
    const struct tiff_copy *end = tiff->copies + tiff->copy_count;
    while (taken < end && (taken->width != layout.width || taken->height != layout.height))
        taken++;
    if (taken < end ? !levels || taken->levels : tiff->copy_count == TIFF_COPIES)
        return;
    tiff->copy_count += taken == end;
    *taken = *copy;
    taken->levels = levels;
    taken->width = layout.width;
    taken->height = layout.height;
    taken->reduction = near_reduction(page, &layout, &taken->resampled);
}

/* A page whose samples a mask hides can be drawn only from copies that have a mask too. */
static void take_members(struct tiff_source *tiff, const struct tiff_family *family, int of,
                         bool beside, const struct tiff_layout *layout, bool masked)
{
    for (int i = 0; i < family->count; i++) {
        const struct tiff_member *member = &family->members[i];
        if (member->kind != TIFF_KIND_REDUCED || !tiff_belongs(family, i, of))
            continue;
        struct tiff_copy copy = {.directory = member->offset, .beside = beside};
        if (masked)
            copy.mask = tiff_mask_of(family, of, member->width, member->height);
        if (!masked || copy.mask)
            take_copy(tiff, layout, &copy);
    }
}

/* Which page, 0-based, a directory of the file beside is an overview of: the first, unless its
 * PageNumber tells. */
static uint64_t page_of(struct tiff_file *file, struct tiff_directory *directory)
{
    uint64_t number = 0;
    struct tiff_entry entry = tiff_directory_find(file, directory, TIFFTAG_PAGENUMBER, INT64_MAX);
    return tiff_entry_value(file, &entry, 0, &number) ? number : 0;
}

/* The file beside as a family, of which the page itself is member 0. */
static void take_beside(struct tiff_source *tiff, uint64_t page, const struct tiff_layout *layout,
                        bool masked)
{
    struct tiff_file *file = &tiff->beside;
    struct tiff_directory directory;
    struct tiff_family family = {.count = 1, .pages = 1};
    family.members[0].parent = -1;
    int64_t offset = file->first_directory;
    for (int i = 0; i < BESIDE_MAX && family.count < TIFF_FAMILY; i++) {
        struct tiff_member *member = &family.members[family.count];
        if (!tiff_directory_open(file, offset, &directory) ||
            !tiff_member_read(file, offset, member))
            break;
        member->parent = 0;
        member->kind |= member->kind & TIFF_KIND_MASK ? 0 : TIFF_KIND_REDUCED;
        family.count += page_of(file, &directory) == page;
        offset = directory.next;
    }
    take_members(tiff, &family, 0, true, layout, masked);
}

void tiff_overviews_find(struct tiff_source *tiff, const struct tiff_place *place,
                         const struct source_choice *choice, const struct tiff_layout *layout,
                         const struct page *page)
{
    tiff->copy_count = 0;
    if (!layout->shift)
        take_members(tiff, &place->family, place->member, false, layout,
                     page->masked && tiff->mask);
    if (tiff->has_beside && (!choice->every || choice->index == 0))
        take_beside(tiff, (uint64_t)choice->index, layout, page->masked && tiff->mask);
}

/* How well a copy serves a reduction: what comes first here is taken. */
enum fit { FIT_EXACT, FIT_ROUNDED, FIT_RESAMPLED, FIT_NONE };

static enum fit fit_of(const struct tiff_copy *copy, const struct page *page, int reduction)
{
    if (tiff_is_reduction((uint64_t)page->width, (uint64_t)page->height, reduction, copy->width,
                          copy->height))
        return FIT_EXACT;
    if (copy->reduction != reduction)
        return FIT_NONE;
    return copy->resampled ? FIT_RESAMPLED : FIT_ROUNDED;
}

int32_t tiff_overviews_mask(const struct tiff_source *tiff, const struct page *page)
{
    int32_t mask = 0;
    for (int i = 0; i < tiff->copy_count; i++)
        for (int k = 1; k <= TILE_REDUCTION_MAX; k++)
            if (fit_of(&tiff->copies[i], page, k) != FIT_NONE)
                mask |= 1 << k;
    return mask;
}

/* The copy as it is described must be what the page is in all that a tile holds. */
static bool is_alike(const struct page *page, const struct page *copy)
{
    return page->type == copy->type && page->channels == copy->channels &&
           page_rounds(page) == page_rounds(copy) && page->min_is_white == copy->min_is_white &&
           page->masked == copy->masked && page->has_nodata == copy->has_nodata;
}

/* Has the copy's directory as the page of tiff->overview; false when it is not the page's like,
 * which is remembered. */
static bool open_copy(struct tiff_source *tiff, struct tiff_copy *copy)
{
    struct page like = tiff->source.page;
    struct fault fault = {.kind = FAULT_NONE};
    if (copy->levels)
        like.has_nodata = 0; /* which is an index */
    if (tiff->overview && tiff->overview->layout.directory == copy->directory &&
        tiff->overview->of_beside == copy->beside)
        return true;
    tiff_child_close(&tiff->overview);
    tiff->overview =
        tiff_child_open(tiff, copy->beside ? &tiff->beside : &tiff->file, copy, &like, &fault);
    copy->unlike = !tiff->overview && fault.kind != FAULT_MEMORY;
    if (!tiff->overview)
        return false;
    tiff->overview->of_beside = copy->beside;
    copy->unlike = !is_alike(&like, &tiff->overview->source.page) ||
                   tiff->overview->layout.form.alpha != tiff->layout.form.alpha;
    if (copy->unlike)
        tiff_child_close(&tiff->overview);
    return tiff->overview;
}

/* The copy for a reduction that fits best; of those to be resampled the smallest. */
static struct tiff_copy *copy_for(struct tiff_source *tiff, int reduction, enum fit *fit)
{
    struct tiff_copy *best = NULL;
    *fit = FIT_NONE;
    for (int i = 0; i < tiff->copy_count && reduction > 0; i++) {
        struct tiff_copy *copy = &tiff->copies[i];
        enum fit its = copy->unlike ? FIT_NONE : fit_of(copy, &tiff->source.page, reduction);
        if (its < *fit ||
            (best && its == *fit && its == FIT_RESAMPLED && copy->width < best->width)) {
            best = copy;
            *fit = its;
        }
    }
    return best;
}

struct source *tiff_reduced(struct source *source, int reduction)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    const struct page *page = &source->page;
    struct tiff_copy *copy;
    enum fit fit;
    while ((copy = copy_for(tiff, reduction, &fit)) && !open_copy(tiff, copy))
        if (!copy->unlike)
            return NULL;
    if (!copy)
        return NULL;
    tiff_free_buffer(tiff);
    if (fit == FIT_EXACT)
        return &tiff->overview->source;
    if (fit == FIT_RESAMPLED) {
        resample_init(&tiff->resample, &tiff->overview->source, page->width, page->height,
                      reduction);
        return &tiff->resample.source;
    }
    edge_init(&tiff->edge, &tiff->overview->source, reduced_size(page->width, reduction),
              reduced_size(page->height, reduction));
    return &tiff->edge.source;
}
