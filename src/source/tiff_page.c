/* What a TIFF page is, and which pages are refused, with the sentence for each.
 *
 * Works on the layout that source/tiff_directory read; what is not needed to read samples is told
 * by source/tiff_extras. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"

#include "source/tiff.h"
#include "source/tiff_codec.h"
#include "source/tiff_large.h"
#include "source/tiff_window.h"

enum {
    SMALL_STRIP = 512 << 10, /* decoded bytes of a strip that may be held for speed alone */
    DIRECT_MOST = 256,       /* bytes claimed for each byte of the file */
    SPARSE_MOST = 1 << 20,
    JPEG_MOST = 65500,       /* columns or rows of a picture that JPEG's library takes */
    LIBRARY_MOST = 10 << 20, /* bytes that a codec's library may take and not be told of */
};

#define UNSUPPORTED(...) fault_set(fault, FAULT_UNSUPPORTED, __VA_ARGS__)
#define BROKEN(...) fault_set(fault, FAULT_FORMAT, __VA_ARGS__)

typedef unsigned long long wide;

static bool check_sides(const struct tiff_layout *layout, struct fault *fault)
{
    if (!layout->tells_width || !layout->tells_height)
        return BROKEN("broken: it does not tell the %s of its image",
                      layout->tells_height  ? _("width")
                      : layout->tells_width ? _("height")
                                            : _("size"));
    if (!layout->width || !layout->height)
        return BROKEN("broken: its image has %llu columns and %llu rows", (wide)layout->width,
                      (wide)layout->height);
    if (layout->width > PAGE_SIDE_MAX || layout->height > PAGE_SIDE_MAX)
        return UNSUPPORTED("it claims %llu columns and %llu rows; images of more than %d either "
                           "way are not shown",
                           (wide)layout->width, (wide)layout->height, PAGE_SIDE_MAX);
    return true;
}

static const char *blocks_word(const struct tiff_layout *layout)
{
    return layout->tiled ? _("tiles") : _("strips");
}

static bool is_direct(const struct tiff_layout *layout)
{
    return layout->compression == COMPRESSION_NONE;
}

/* libtiff makes up the sizes of a single block, or of one for each plane, as do we. */
static bool needs_sizes(const struct tiff_layout *layout)
{
    bool finds = tiff_codec_find(layout->compression)->finds_bytes;
    return !is_direct(layout) && !finds && layout->blocks > 1;
}

/* "16 strips", "48 strips (3 planes of 16)". */
static void name_blocks(const struct tiff_layout *layout, int64_t blocks, char *text, size_t room)
{
    const char *word = blocks == 1 ? (layout->tiled ? _("tile") : _("strip")) : blocks_word(layout);
    int had = snprintf(text, room, "%lld %s", (long long)blocks, word);
    if (layout->form.separate)
        snprintf(text + had, room - (size_t)had, _(" (%llu planes of %lld)"), (wide)layout->samples,
                 (long long)layout->blocks);
}

static bool check_tables(struct tiff_source *tiff, struct tiff_layout *layout, struct fault *fault)
{
    const struct tiff_entry *offsets = &layout->offsets, *sizes = &layout->sizes;
    uint64_t last;
    int64_t blocks;
    char named[80];
    layout->sized = true;
    if (!offsets->count && tiff_codec_find(layout->compression)->finds_bytes && layout->blocks == 1)
        return true;
    if (!offsets->count)
        return offsets->tag
                   ? BROKEN("broken: the table of where its %s are makes no sense",
                            blocks_word(layout))
                   : BROKEN("broken: it does not say where its %s are", blocks_word(layout));
    if (__builtin_mul_overflow(layout->blocks, layout->form.separate ? (int64_t)layout->samples : 1,
                               &blocks))
        blocks = INT64_MAX;
    name_blocks(layout, blocks, named, sizeof named);
    if (offsets->count < blocks)
        return BROKEN("broken: it claims %llu rows in %s, but its table lists only %lld",
                      (wide)layout->height, named, (long long)offsets->count);
    if (!tiff_entry_value(&tiff->file, offsets, blocks - 1, &last))
        return BROKEN("broken or cut short: the table of its %s cannot be read", named);
    layout->sized =
        !needs_sizes(layout) ||
        (sizes->count >= blocks && tiff_entry_value(&tiff->file, sizes, blocks - 1, &last));
    return true;
}

/* Data that is not compressed must be there, or a good part of it: what claims 256 times the bytes
 * of its file is no image. A first block at byte 0 says the file is a sparse one: then even its
 * table of blocks has more than a byte for each mebibyte. */
static bool check_claim(struct tiff_source *tiff, const struct tiff_layout *layout,
                        struct fault *fault)
{
    uint64_t first = 0;
    int64_t claimed =
        tiff_form_bytes(&layout->form, (int64_t)layout->width, (int64_t)layout->height);
    bool told = tiff_entry_value(&tiff->file, &layout->offsets, 0, &first);
    bool sparse = told && !first;
    if (!told || (!sparse && !is_direct(layout)) ||
        claimed / (sparse ? SPARSE_MOST : DIRECT_MOST) <= tiff->file.size)
        return true;
    return BROKEN("broken: it claims %llu x %llu samples of %llu bit%s, but the whole file has "
                  "only %lld bytes",
                  (wide)layout->width, (wide)layout->height, (wide)layout->bits,
                  layout->bits == 1 ? "" : "s", (long long)tiff->file.size);
}

/* Hamamatsu's slides are single strips, often of more than a JPEG picture may have. */
static bool check_jpeg(const struct tiff_layout *layout, struct fault *fault)
{
    if (layout->compression != COMPRESSION_JPEG ||
        (layout->block_width <= JPEG_MOST && layout->block_height <= JPEG_MOST))
        return true;
    return UNSUPPORTED("compressed with JPEG in %s of %lld x %lld samples (as Hamamatsu's slides "
                       "are); those of more than %d either way cannot be decoded",
                       blocks_word(layout), (long long)layout->block_width,
                       (long long)layout->block_height, JPEG_MOST);
}

/* libtiff decodes deflate two to three times as fast where it is given a whole strip (by
 * libdeflate) as row by row (by zlib). */
static bool is_sooner_whole(const struct tiff_layout *layout)
{
    bool deflate = layout->compression == COMPRESSION_ADOBE_DEFLATE ||
                   layout->compression == COMPRESSION_DEFLATE;
    return deflate && tiff_large_block(layout) <= SMALL_STRIP &&
           layout->sizes.count >= layout->blocks;
}

static bool check_layout(struct tiff_source *tiff, struct tiff_layout *layout, struct page *page,
                         struct fault *fault)
{
    tiff_form_mend(&tiff->file, layout);
    if (!check_sides(layout, fault) ||
        !tiff_form_make(&tiff->file, layout, &layout->form, page, fault) ||
        !tiff_codec_check(layout, fault) || !tiff_layout_blocks(layout, fault) ||
        !check_jpeg(layout, fault) || !check_tables(tiff, layout, fault))
        return false;
    if (!check_claim(tiff, layout, fault))
        return false;
    if (is_direct(layout) || tiff_codec_find(layout->compression)->finds_bytes)
        return true;
    return tiff_large_check(layout, fault) &&
           tiff_window_check(tiff, layout, &page->dictionary, fault);
}

/* The footprint promised holds all but what a codec's library takes for a block of that size. */
static void say_memory(const struct tiff_layout *layout, struct page *page)
{
    const struct tiff_codec *codec = tiff_codec_find(layout->compression);
    int64_t block = tiff_form_bytes(&layout->form, layout->block_width, layout->block_height);
    int64_t taken = (block + 3) / 4 * codec->quarters;
    size_t had = strlen(page->notice);
    if (taken <= LIBRARY_MOST)
        return;
    snprintf(page->notice + had, sizeof page->notice - had,
             _("%sCompressed with %s in %s of %lld MiB, which its library must hold whole: about "
               "%lld MiB of memory."),
             had ? ". " : "", codec->name, blocks_word(layout), (long long)(block >> 20),
             (long long)(taken >> 20));
    language_whole(page->notice);
}

/* The same of what a library remembers: as much as it has decoded, at most all of its dictionary.
 */
static void say_dictionary(const struct tiff_layout *layout, struct page *page)
{
    int64_t taken = min64(page->dictionary, tiff_large_block(layout));
    size_t had = strlen(page->notice);
    if (taken <= LIBRARY_MOST)
        return;
    snprintf(
        page->notice + had, sizeof page->notice - had,
        _("%sCompressed with %s and a dictionary, of which up to %lld MiB of memory are used."),
        had ? ". " : "", page->compression, (long long)(taken >> 20));
    language_whole(page->notice);
}

/* A page that a mask hides keeps its alpha to itself: who wants it apart could not tell the two.
 * Neither do inks that a mask hides come as they are. */
static void set_apart(struct tiff_layout *layout, const struct source_choice *choice, bool hidden,
                      struct page *page)
{
    struct tiff_form *form = &layout->form;
    form->apart = choice->apart && form->alpha != ALPHA_NONE && !hidden;
    if (form->apart)
        page->alpha = form->alpha == ALPHA_ASSOCIATED ? PAGE_ASSOCIATED : PAGE_UNASSOCIATED;
    form->inks = choice->apart && form->coloured && form->model == COLOUR_CMYK && !hidden &&
                 form->alpha == ALPHA_NONE;
    if (form->inks)
        page->alpha = PAGE_INKS;
}

bool tiff_page_describe(struct tiff_source *tiff, struct tiff_layout *layout,
                        const struct source_choice *choice, struct page *page, struct fault *fault)
{
    bool hidden = page->masked;
    *page = (struct page){
        .channel = choice->channel,
        .masked = page->masked,
        .has_nodata = page->has_nodata,
        .nodata = page->nodata,
        .slope = 1,
        .axis_extent = {1, 1, 1},
        .series_count = 1,
    };
    if (!check_layout(tiff, layout, page, fault))
        return false;
    set_apart(layout, choice, hidden, page);
    layout->at_once =
        layout->tiled || !layout->sized || tiff_large_is_whole(layout) || is_sooner_whole(layout);
    page->width = (int64_t)layout->width;
    page->height = (int64_t)layout->height;
    page->tiled = layout->tiled;
    page->block_width = layout->block_width;
    page->block_height = layout->block_height;
    page->blocks = layout->blocks;
    page->direct = is_direct(layout);
    page->whole = !page->direct && tiff_is_large(layout);
    layout->filed = tiff_large_is_filed(layout);
    page->filed = !page->direct && layout->at_once && layout->filed;
    page->big_tiff = tiff->file.big_tiff;
    page->big_endian = tiff->file.big_endian;
    page->orientation =
        layout->orientation >= 1 && layout->orientation <= 8 ? (int32_t)layout->orientation : 1;
    snprintf(page->compression, sizeof page->compression, "%s",
             tiff_codec_find(layout->compression)->name);
    say_dictionary(layout, page);
    say_memory(layout, page);
    return true;
}

static bool sizes_agree(TIFF *tiff, const struct tiff_layout *layout)
{
    const struct tiff_form *form = &layout->form;
    int64_t row = tiff_form_line_bytes(form, layout->block_width);
    int64_t bytes = tiff_form_bytes(form, layout->block_width, layout->block_height);
    int64_t planes = form->separate ? (int64_t)layout->samples : 1;
    uint32_t rows = UINT32_MAX;
    if (layout->tiled)
        return TIFFTileSize(tiff) == bytes && TIFFNumberOfTiles(tiff) == layout->blocks * planes &&
               (form->units || TIFFTileRowSize(tiff) == row);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    if (min64(rows, (int64_t)layout->height) != layout->block_height ||
        TIFFNumberOfStrips(tiff) != layout->blocks * planes)
        return false;
    return (form->units || TIFFScanlineSize(tiff) == row) &&
           (!layout->at_once || TIFFStripSize(tiff) == bytes);
}

static bool is_as_told(TIFF *tiff, const struct tiff_layout *layout)
{
    uint32_t width = 0, height = 0;
    uint16_t bits = 0, samples = 0, compression = 0, planar = 0;
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    if (width != layout->width || height != layout->height || samples != layout->samples ||
        bits != (uint64_t)layout->form.bits || compression != layout->compression ||
        (planar == PLANARCONFIG_SEPARATE && samples > 1) != layout->form.separate ||
        TIFFIsTiled(tiff) != layout->tiled)
        return false;
    return is_direct(layout) || sizes_agree(tiff, layout);
}

bool tiff_page_agrees(TIFF *tiff, const struct tiff_layout *layout, struct fault *fault)
{
    if (!is_as_told(tiff, layout))
        return BROKEN("broken: its directory contradicts itself");
    return is_direct(layout) || tiff_large_check(layout, fault);
}
