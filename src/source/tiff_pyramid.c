/* Levels of slides: see source/tiff_pyramid.h. Owns nothing, and reads tags alone.
 *
 * Hamamatsu's files (NDPI) are TIFF but for private tags, of which SourceLens is the magnification
 * of each directory, and negative for the macro and the map. */
#include "source/tiff_pyramid.h"

#include <string.h>

#include "source/imagej.h"
#include "source/ome.h"
#include "source/tiff_index.h"

enum {
    CHAIN_MOST = 64,       /* directories looked at */
    PLAIN_LEAST = 2,       /* levels that make a slide of a file that nobody signed */
    NDPI_SIDE_MAX = 65500, /* of a JPEG picture; larger ones are not decoded, so their copies must
                              be pages */
    TAG_NDPI_FORMAT = 65420,
    TAG_NDPI_LENS = 65421,
};

static struct tiff_entry find_tag(struct tiff_file *file, int64_t offset, int tag)
{
    struct tiff_directory directory;
    if (!tiff_directory_open(file, offset, &directory))
        return (struct tiff_entry){tag, 0, 0, 0};
    return tiff_directory_find(file, &directory, tag, INT64_MAX);
}

/* The magnification, or 0. */
static double lens_of(struct tiff_file *file, int64_t directory)
{
    double lens;
    struct tiff_entry entry = find_tag(file, directory, TAG_NDPI_LENS);
    return tiff_entry_number(file, &entry, 0, &lens) && lens > 0 ? lens : 0;
}

static enum tiff_slide slide_of(struct tiff_file *file, const struct tiff_layout *base,
                                const char *description)
{
    struct imagej imagej;
    if (base->tile_width && !strncmp(description, "Aperio", 6))
        return SLIDE_APERIO;
    if (find_tag(file, base->directory, TAG_NDPI_FORMAT).count)
        return lens_of(file, base->directory) > 0 && base->width <= NDPI_SIDE_MAX &&
                       base->height <= NDPI_SIDE_MAX
                   ? SLIDE_HAMAMATSU
                   : SLIDE_NONE;
    if (!base->tile_width || ome_recognise(description) || imagej_parse(description, &imagej))
        return SLIDE_NONE;
    return SLIDE_PLAIN;
}

static bool same_samples(const struct tiff_layout *a, const struct tiff_layout *b)
{
    return a->samples == b->samples && a->bits == b->bits && a->photometric == b->photometric &&
           a->format == b->format;
}

static bool same_blocks(const struct tiff_layout *a, const struct tiff_layout *b)
{
    return a->compression == b->compression && a->planar == b->planar &&
           a->tile_width == b->tile_width && a->tile_height == b->tile_height;
}

static bool is_level(enum tiff_slide slide, struct tiff_file *file, const struct tiff_layout *base,
                     const struct tiff_layout *layout)
{
    double lens;
    if (!same_samples(base, layout) ||
        !tiff_is_copy(base->width, base->height, layout->width, layout->height))
        return false;
    switch (slide) {
    case SLIDE_NONE:
        return false;
    case SLIDE_APERIO:
        return layout->tile_width > 0;
    case SLIDE_HAMAMATSU:
        lens = lens_of(file, layout->directory);
        return lens > 0 && lens < lens_of(file, base->directory);
    case SLIDE_PLAIN:
        return same_blocks(base, layout);
    }
    return false;
}

void tiff_pyramid_find(struct tiff_pyramid *pyramid, struct tiff_file *file,
                       const struct tiff_layout *base, const char *description)
{
    struct tiff_directory directory;
    struct tiff_layout layout;
    uint64_t width = base->width;
    *pyramid = (struct tiff_pyramid){.slide = slide_of(file, base, description)};
    bool plain = pyramid->slide == SLIDE_PLAIN;
    int64_t offset = tiff_directory_open(file, base->directory, &directory) ? directory.next : 0;
    for (int i = 0; i < CHAIN_MOST && offset && pyramid->slide != SLIDE_NONE; i++) {
        if (offset == base->directory || pyramid->count == TIFF_LEVELS ||
            !tiff_layout_read(file, offset, &layout, NULL) ||
            !tiff_directory_open(file, offset, &directory))
            break;
        bool level = is_level(pyramid->slide, file, base, &layout);
        if (plain && (!level || layout.width >= width))
            break;
        if (level)
            pyramid->levels[pyramid->count++] = offset;
        width = layout.width;
        offset = directory.next;
    }
    if (plain && pyramid->count < PLAIN_LEAST)
        *pyramid = (struct tiff_pyramid){.slide = SLIDE_NONE};
}

bool tiff_pyramid_has(const struct tiff_pyramid *pyramid, int64_t directory)
{
    for (int i = 0; i < pyramid->count; i++)
        if (pyramid->levels[i] == directory)
            return true;
    return false;
}
