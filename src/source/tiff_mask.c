/* Transparency masks of TIFF pages: which directory is one, and what it does to samples.
 *
 * Owns a source for the mask's directory, and what that decoded last. A mask is 1 where samples
 * are to be seen and 0 where they are not. */
#include "source/tiff.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/ledger.h"

enum { HELD_BYTES = 256 << 10 /* of a mask, a byte for each sample; more for a single row */ };
enum { MASK_LOST, MASK_HIDDEN, MASK_SEEN };

int64_t tiff_mask_of(const struct tiff_family *family, int of, uint64_t width, uint64_t height)
{
    if (family->members[of].kind & TIFF_KIND_MASK)
        return 0;
    for (int i = 0; i < family->count; i++) {
        const struct tiff_member *member = &family->members[i];
        if (i != of && member->kind & TIFF_KIND_MASK && member->width == width &&
            member->height == height && tiff_belongs(family, i, of))
            return member->offset;
    }
    return 0;
}

struct tiff_source *tiff_mask_at(struct tiff_source *tiff, const struct tiff_file *file,
                                 int64_t directory, struct fault *fault)
{
    const struct tiff_copy copy = {.directory = directory};
    struct tiff_source *mask =
        tiff_child_open(tiff, file, &copy, &(struct page){.width = 0}, fault);
    if (mask)
        snprintf(mask->name, sizeof mask->name, "%s", _("its transparency mask"));
    return mask;
}

struct tiff_source *tiff_mask_open(struct tiff_source *tiff, const struct tiff_place *place,
                                   const struct tiff_layout *layout, struct page *page)
{
    struct fault fault;
    int64_t directory = tiff_mask_of(&place->family, place->member, layout->width, layout->height);
    if (!directory || layout->shift)
        return NULL;
    struct tiff_source *mask = tiff_mask_at(tiff, &tiff->file, directory, &fault);
    page->masked = mask != NULL;
    if (!mask)
        snprintf(page->notice, sizeof page->notice,
                 _("The transparency mask is not applied: %.110s"), fault.text);
    language_whole(page->notice);
    return mask;
}

/* The part of the mask that is held. */

struct mask_sink {
    struct row_sink sink;
    struct tiff_source *tiff;
};

static bool take_mask(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct tiff_source *tiff = ((struct mask_sink *)sink)->tiff;
    struct area held = tiff->mask_held;
    const struct page *page = &tiff->mask->source.page;
    enum sample_type type = (enum sample_type)page->type;
    uint8_t *to = (uint8_t *)tiff->mask_samples + (y - held.y) * held.width + (x - held.x);
    for (int64_t i = 0; i < n; i++)
        to[i] = sample_value(type, codes, i) != 0 ? MASK_SEEN : MASK_HIDDEN;
    return true;
}

/* Has the mask of samples (x .. x+n-1, y), which are of one block, in memory: the block's columns
 * and as many rows as there is room for. What cannot be decoded stays MASK_LOST. */
static bool hold(struct tiff_source *tiff, int64_t x, int64_t y, int64_t n)
{
    struct area *held = &tiff->mask_held;
    const struct page *page = &tiff->source.page;
    struct mask_sink sink = {{take_mask}, tiff};
    if (held->y <= y && y < held->y + held->height && held->x <= x &&
        x + n <= held->x + held->width)
        return true;
    int64_t left = x - x % page->block_width;
    int64_t width = min64(page->block_width, page->width - left);
    int64_t rows = min64(clamp64(HELD_BYTES / width, 1, 256), page->height - y);
    *held = (struct area){0, 0, 0, 0};
    fault_set(&tiff->mask_fault, FAULT_FORMAT, "its transparency mask cannot be read");
    if (x + n > left + width || !ledger_grow(LEDGER_SOURCE, &tiff->mask_samples, &tiff->mask_size,
                                             (size_t)(rows * width), &tiff->mask_fault))
        return false;
    *held = (struct area){left, y, width, rows};
    memset(tiff->mask_samples, MASK_LOST, (size_t)(rows * width));
    source_read(&tiff->mask->source, *held, &sink.sink, &tiff->mask_fault);
    return true;
}

void tiff_mask_forget(struct tiff_source *tiff)
{
    ledger_free(LEDGER_SOURCE, tiff->mask_samples, tiff->mask_size);
    tiff->mask_samples = NULL;
    tiff->mask_size = 0;
    tiff->mask_held = (struct area){0, 0, 0, 0};
}

static void hide(void *samples, int64_t i, enum sample_type type)
{
    static const uint64_t nan64 = UINT64_C(0x7ff8000000000000);
    static const uint32_t nan32 = UINT32_C(0x7fc00000);
    uint8_t *at = (uint8_t *)samples + i * (int64_t)sample_bytes(type);
    if (type == SAMPLE_F64)
        memcpy(at, &nan64, sizeof nan64);
    else if (type == SAMPLE_F32)
        memcpy(at, &nan32, sizeof nan32);
    else
        memset(at, 0, sample_bytes(type));
}

bool tiff_mask_apply(struct tiff_source *tiff, int64_t x, int64_t y, int64_t n, void *samples)
{
    const struct page *page = &tiff->source.page;
    enum sample_type type = (enum sample_type)page->type;
    const uint8_t *mask = NULL;
    if (!tiff->mask || n <= 0)
        return true;
    if (hold(tiff, x, y, n))
        mask = (const uint8_t *)tiff->mask_samples +
               (y - tiff->mask_held.y) * tiff->mask_held.width + (x - tiff->mask_held.x);
    for (int64_t i = 0; i < n; i++) {
        if (!mask || mask[i] == MASK_LOST) {
            tiff->mask_missed = true;
            return false;
        }
        for (int32_t channel = 0; mask[i] != MASK_SEEN && channel < page->channels; channel++)
            hide(samples, channel * n + i, type);
    }
    return true;
}
