/* Overviews and masks of TIFF pages: which copies are used for which reduction, and what a mask
 * hides. Guards source/tiff_overviews.c and source/tiff_mask.c. */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "base/ledger.h"
#include "base/tile.h"
#include "source/source.h"
#include "support/source_reader.h"
#include "support/tiff_plain.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct source *open_both(const char *path, const char *beside)
{
    struct fault fault;
    int fd = open(path, O_RDONLY), overviews = beside ? open(beside, O_RDONLY) : -1;
    struct source *source = source_open(fd, overviews, "a.tif", &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    return source;
}

static double value_at(struct source *source, int64_t x, int64_t y)
{
    double values[3] = {-1, -1, -1};
    struct fault fault;
    CU_ASSERT(source_probe(source, x, y, values, &fault));
    return values[0];
}

static bool selects(struct source *source, int32_t index, int32_t every, struct page *page)
{
    struct fault fault;
    return source_select(source, &(struct source_choice){index, 0, every, 0}, page, &fault);
}

/* Copies. Each is 1000 * its number + ..., so that a sample tells where it is from. */

enum where { SUBIFD, CHAIN, BESIDE };

static const struct copy {
    const char *what;
    enum where where;
    uint64_t width, height, kind;
    uint16_t tag; /* an entry that is changed, and its value; 0: none */
    uint64_t value;
    int reduction; /* that it is used for, of a page of 41 x 30; 0: none */
} copies[] = {
    {"in a SubIFD", SUBIFD, 21, 15, 1, 0, 0, 1},
    {"behind the page", CHAIN, 21, 15, 1, 0, 0, 1},
    {"beside", BESIDE, 21, 15, 1, 0, 0, 1},
    {"beside, that does not call itself reduced", BESIDE, 11, 8, 0, 0, 0, 2},
    {"of a higher reduction", SUBIFD, 6, 4, 1, 0, 0, 3},
    {"a single sample", CHAIN, 1, 1, 1, 0, 0, 6},
    {"rounded down", SUBIFD, 20, 15, 1, 0, 0, 1},
    {"rounded down both ways", BESIDE, 10, 7, 1, 0, 0, 2},
    {"rounded down one way", CHAIN, 5, 4, 1, 0, 0, 3},
    {"smaller than rounded down", SUBIFD, 9, 7, 1, 0, 0, 3},
    {"rounded up and a sample more", CHAIN, 22, 15, 1, 0, 0, 1},
    {"of a third", BESIDE, 14, 10, 1, 0, 0, 2},
    {"of a fifth", SUBIFD, 8, 6, 1, 0, 0, 3},
    {"barely smaller", CHAIN, 40, 29, 1, 0, 0, 1},
    {"rounded down, that does not call itself reduced", CHAIN, 20, 15, 0, 0, 0, 0},
    {"of other proportions", BESIDE, 21, 18, 1, 0, 0, 0},
    {"a thumbnail of other proportions", CHAIN, 8, 8, 1, 0, 0, 0},
    {"as large as the page", SUBIFD, 41, 30, 1, 0, 0, 0},
    {"of signed samples", CHAIN, 21, 15, 1, 339, 2, 0},
    {"of floating samples", BESIDE, 21, 15, 1, 339, 3, 0},
    {"of 8 bits", SUBIFD, 21, 15, 1, 258, 8, 0},
    {"MinIsWhite", SUBIFD, 21, 15, 1, 262, 0, 0},
    {"of two samples", BESIDE, 21, 15, 1, 277, 2, 0},
    {"a mask", CHAIN, 21, 15, 5, 0, 0, 0},
    {"of the second page", BESIDE, 21, 15, 1, 297, 1, 0},
};

static uint64_t add_copy(struct raw_tiff *raw, const struct copy *copy)
{
    plain_image(raw, copy->width, copy->height, 5000, copy->kind);
    if (copy->tag)
        raw_number(raw, copy->tag, RAW_SHORT, copy->value);
    return raw_directory(raw, copy->where != SUBIFD);
}

static struct source *file_with_copy(const struct copy *copy, bool big)
{
    struct raw_tiff raw, beside;
    uint64_t sub = 0;
    raw_begin(&raw, big, !big);
    if (copy->where == SUBIFD)
        sub = add_copy(&raw, copy);
    plain_image(&raw, 41, 30, 1, 0);
    if (sub)
        raw_number(&raw, 330, RAW_LONG, sub);
    raw_directory(&raw, true);
    if (copy->where == CHAIN)
        add_copy(&raw, copy);
    raw_begin(&beside, !big, big);
    if (copy->where == BESIDE)
        add_copy(&beside, copy);
    return open_both(raw_write(&raw, "page.tif"), raw_write(&beside, "page.tif.ovr"));
}

/* The sum of the numbers of samples along a side of a copy, each by how much of it lies between two
 * places of the page; the numbers grow evenly, so that the sum is that along two sides. */
static double mean_place(int64_t count, int64_t page, double begin, double end)
{
    double sum = 0, step = (double)page / (double)count;
    for (int64_t i = 0; i < count; i++) {
        double from = fmax((double)i * step, begin), to = fmin((double)(i + 1) * step, end);
        sum += to > from ? (double)i * (to - from) : 0;
    }
    return sum / (end - begin);
}

/* A copy that was rounded down has its last column and row twice; of one of another ratio samples
 * are means. */
static double copied_value(const void *context, int64_t x, int64_t y, int channel)
{
    const struct copy *copy = context;
    int64_t width = (int64_t)copy->width, height = (int64_t)copy->height;
    int64_t k = copy->reduction;
    (void)channel;
    bool down = (width == 41 >> k || width == reduced_size(41, (int)k)) &&
                (height == 30 >> k || height == reduced_size(30, (int)k));
    if (down)
        return 5000 + (double)(min64(y, height - 1) * width + min64(x, width - 1));
    double column = mean_place(width, 41, (double)(x << k), (double)min64((x + 1) << k, 41));
    double row = mean_place(height, 30, (double)(y << k), (double)min64((y + 1) << k, 30));
    return 5000 + floor(row * (double)width + column + 0.5 + 1e-9);
}

static bool copy_reads_right(struct source *copy, int k, const struct copy *made)
{
    int64_t width = reduced_size(41, k), height = reduced_size(30, k);
    const struct area areas[] = {{0, 0, width, height},
                                 {width - 1, 0, 1, height},
                                 {0, height - 1, width, 1},
                                 {width - 1, height - 1, 1, 1},
                                 {width / 2, height / 2, 1, 1}};
    bool right = copy->page.width == width && copy->page.height == height;
    for (size_t i = 0; i < COUNT(areas) && right; i++)
        right &= reads_as(copy, areas[i], copied_value, made, 0);
    return right;
}

static void copies_are_used_where_they_fit(void)
{
    for (size_t i = 0; i < COUNT(copies); i++) {
        struct source *source = file_with_copy(&copies[i], i & 1);
        bool right = source->page.overviews == (copies[i].reduction > 0);
        for (int k = 1; k < 10; k++) {
            struct source *copy = source_reduced(source, k);
            bool wanted =
                k == copies[i].reduction || (copies[i].width == 1 && k > copies[i].reduction);
            right &= (copy != NULL) == wanted;
            if (!copy || !wanted)
                continue;
            right &= copy->page.type == source->page.type && copy_reads_right(copy, k, &copies[i]);
        }
        right &= value_at(source, 40, 29) == 41 * 30;
        CU_ASSERT(right);
        if (!right)
            printf("  a copy %s\n", copies[i].what);
        source_close(source);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* What is found unlike the page is not opened again, and the next copy that fits is used. */
static void a_refused_copy_makes_room_for_the_next(void)
{
    struct raw_tiff raw;
    uint64_t subs[2];
    raw_begin(&raw, false, false);
    plain_image(&raw, 21, 15, 5000, 1);
    raw_number(&raw, 274, RAW_SHORT, 1);
    raw_number(&raw, 259, RAW_SHORT, 4711);
    subs[0] = raw_directory(&raw, false);
    plain_image(&raw, 20, 15, 5000, 1);
    subs[1] = raw_directory(&raw, false);
    plain_image(&raw, 41, 30, 1, 0);
    raw_numbers(&raw, 330, RAW_LONG, subs, 2);
    raw_directory(&raw, true);
    const char *path = raw_write(&raw, "refused.tif");
    struct source *source = open_both(path, NULL);
    CU_ASSERT_EQUAL(source->page.overviews, 2);
    const struct copy next = {.width = 20, .height = 15, .reduction = 1};
    struct source *copy = source_reduced(source, 1);
    CU_ASSERT(copy && copy_reads_right(copy, 1, &next));
    /* Were it looked at again, it would be found to fit now. */
    scratch_patch(path, (int64_t)subs[0] + 2 + 12 * 4 + 8, "\1\0", 2);
    CU_ASSERT_PTR_EQUAL(source_reduced(source, 1), copy);
    CU_ASSERT_EQUAL(copy->page.width, 21);
    CU_ASSERT(copy_reads_right(copy, 1, &next));
    source_close(source);
}

/* Three levels and two pages: each page has its own, and one copy is open at a time. */
static void each_page_has_its_own_copies(void)
{
    struct raw_tiff raw, beside;
    struct page page;
    raw_begin(&raw, false, false);
    for (uint16_t number = 0; number < 2; number++) {
        plain_image(&raw, 16, 16, (uint16_t)(1000 * number), 0);
        raw_directory(&raw, true);
        plain_image(&raw, 8, 8, (uint16_t)(1000 * number + 500), 1);
        raw_directory(&raw, true);
    }
    raw_begin(&beside, false, false);
    plain_image(&beside, 8, 8, 7000, 1);
    raw_directory(&beside, true);
    plain_image(&beside, 4, 4, 7100, 1);
    raw_directory(&beside, true);
    plain_image(&beside, 4, 4, 7200, 1);
    raw_numbers(&beside, 297, RAW_SHORT, (uint64_t[]){1, 2}, 2);
    raw_directory(&beside, true);
    struct source *source = open_both(raw_write(&raw, "two.tif"), raw_write(&beside, "two.ovr"));
    static const double levels[2][3] = {{500, 7100, -1}, {1500, 7200, -1}};
    for (int32_t number = 1; number >= 0; number--) {
        CU_ASSERT(selects(source, number, 0, &page) && page.overviews == 2);
        for (int k = 3; k >= 1; k--) {
            struct source *copy = source_reduced(source, k);
            CU_ASSERT_EQUAL(copy ? value_at(copy, 0, 0) : -1, levels[number][k - 1]);
            CU_ASSERT_PTR_EQUAL(source_reduced(source, k), copy);
        }
        source_rest(source);
        CU_ASSERT_EQUAL(value_at(source_reduced(source, 1), 1, 0), levels[number][0] + 1);
    }
    CU_ASSERT(selects(source, 3, 1, &page) && page.count == 4 && page.width == 8);
    source_close(source);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Where two full images share a family, a copy is of the one whose SubIFD it is. */
static void a_copy_is_of_its_parent(void)
{
    struct raw_tiff raw;
    struct page page;
    uint64_t subs[2];
    raw_begin(&raw, false, false);
    plain_image(&raw, 16, 16, 100, 0);
    subs[0] = raw_directory(&raw, false);
    plain_image(&raw, 8, 8, 500, 1);
    subs[1] = raw_directory(&raw, false);
    plain_image(&raw, 16, 16, 0, 0);
    raw_numbers(&raw, 330, RAW_LONG, subs, 2);
    raw_directory(&raw, true);
    struct source *source = open_both(raw_write(&raw, "two.tif"), NULL);
    CU_ASSERT(source->page.count == 2 && source->page.overviews == 1);
    CU_ASSERT(selects(source, 1, 0, &page) && value_at(source, 0, 0) == 100);
    CU_ASSERT(page.overviews == 0 && !source_reduced(source, 1));
    source_close(source);
}

static void palettes_must_be_the_same(void)
{
    for (int same = 0; same < 2; same++) {
        struct raw_tiff raw;
        uint64_t colours[3 * 256];
        raw_begin(&raw, false, false);
        for (int k = 0; k < 2; k++) {
            for (size_t i = 0; i < COUNT(colours); i++)
                colours[i] = (i * 7919 + (i == 700 && !same ? (uint64_t)k : 0)) & 0xffff;
            plain_image(&raw, (uint64_t)16 >> k, 4, 0, (uint64_t)k);
            raw_number(&raw, 257, RAW_LONG, k ? 2 : 4);
            raw_number(&raw, 258, RAW_SHORT, 8);
            raw_number(&raw, 262, RAW_SHORT, 3);
            raw_numbers(&raw, 320, RAW_SHORT, colours, COUNT(colours));
            raw_directory(&raw, true);
        }
        struct source *source = open_both(raw_write(&raw, "palette.tif"), NULL);
        CU_ASSERT_EQUAL(source->page.overviews, same);
        CU_ASSERT_EQUAL(source_reduced(source, 1) != NULL, same);
        source_close(source);
    }
}

/* Masks. */

static bool hidden_right(double value, int64_t x, int64_t y, double expected)
{
    return (x + y) % 3 == 0 ? isnan(value) : value == expected;
}

static const struct {
    uint64_t bits;
    bool sub, big_endian;
} masks[] = {{1, false, false}, {8, false, true}, {1, true, true}, {8, true, false}};

static void a_mask_hides_samples(void)
{
    for (size_t i = 0; i < COUNT(masks); i++) {
        struct raw_tiff raw;
        uint64_t sub = 0;
        int wrong = 0;
        raw_begin(&raw, i & 1, masks[i].big_endian);
        if (masks[i].sub) {
            plain_mask(&raw, 21, 14, masks[i].bits, 4);
            sub = raw_directory(&raw, false);
        }
        plain_image(&raw, 21, 14, 100, 0);
        if (sub)
            raw_number(&raw, 330, RAW_LONG, sub);
        raw_directory(&raw, true);
        plain_mask(&raw, 11, 7, masks[i].bits, 5);
        raw_directory(&raw, true);
        plain_image(&raw, 11, 7, 900, 1);
        raw_directory(&raw, true);
        if (!masks[i].sub) {
            plain_mask(&raw, 21, 14, masks[i].bits, 4);
            raw_directory(&raw, true);
        }
        struct source *source = open_both(raw_write(&raw, "masked.tif"), NULL);
        CU_ASSERT(source->page.masked && source->page.integral && source->page.count == 1);
        CU_ASSERT(source->page.type == SAMPLE_F32 && source->page.overviews == 1);
        for (int64_t y = 0; y < 14; y++)
            for (int64_t x = 0; x < 21; x++)
                wrong += !hidden_right(value_at(source, x, y), x, y, 100 + (double)(y * 21 + x));
        struct source *copy = source_reduced(source, 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
        CU_ASSERT(copy->page.masked);
        for (int64_t x = 0; x < 11; x++)
            wrong += !hidden_right(value_at(copy, x, 5), x, 5, 900 + (double)(5 * 11 + x));
        CU_ASSERT_EQUAL(wrong, 0);
        source_close(source);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* The second mask is the page's; the first is of another size and cannot be read, and nothing hides
 * a mask. The copy has no mask and so is not used. */
static void only_a_page_has_a_mask_and_one_of_its_size(void)
{
    struct raw_tiff raw;
    struct page page;
    static const uint64_t heights[] = {15, 14, 14};
    raw_begin(&raw, false, false);
    plain_image(&raw, 21, 14, 100, 0);
    raw_directory(&raw, true);
    for (size_t i = 0; i < COUNT(heights); i++) {
        plain_mask(&raw, 21, heights[i], 8, 4);
        if (!i)
            raw_number(&raw, 259, RAW_SHORT, 4711);
        raw_directory(&raw, true);
    }
    plain_image(&raw, 11, 7, 900, 1);
    raw_directory(&raw, true);
    struct source *source = open_both(raw_write(&raw, "masks.tif"), NULL);
    CU_ASSERT(source->page.masked && source->page.overviews == 0 && !source_reduced(source, 1));
    CU_ASSERT(isnan(value_at(source, 20, 13)) && isnan(value_at(source, 0, 0)));
    CU_ASSERT_EQUAL(value_at(source, 1, 0), 101);
    CU_ASSERT(selects(source, 2, 1, &page) && !page.masked && value_at(source, 1, 0) == 2);
    source_close(source);
}

/* Of colours that a mask hides, no-data hides those whose samples all have that value. */
static void no_data_hides_colours_too(void)
{
    static const uint8_t pixels[4][3] = {{7, 7, 7}, {7, 7, 8}, {0, 0, 0}, {9, 10, 11}};
    static const uint64_t bits[] = {8, 8, 8};
    static const bool hidden[4] = {true, false, false, true};
    const uint8_t seen = 0xe0;
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    raw_image(&raw, 4, 1, 8, raw_data(&raw, pixels, sizeof pixels), sizeof pixels);
    raw_number(&raw, TIFFTAG_PHOTOMETRIC, RAW_SHORT, PHOTOMETRIC_RGB);
    raw_number(&raw, TIFFTAG_SAMPLESPERPIXEL, RAW_SHORT, 3);
    raw_numbers(&raw, TIFFTAG_BITSPERSAMPLE, RAW_SHORT, bits, COUNT(bits));
    raw_text(&raw, 42113, "7");
    raw_directory(&raw, true);
    raw_image(&raw, 4, 1, 1, raw_data(&raw, &seen, 1), 1);
    raw_number(&raw, TIFFTAG_PHOTOMETRIC, RAW_SHORT, PHOTOMETRIC_MASK);
    raw_number(&raw, TIFFTAG_SUBFILETYPE, RAW_LONG, FILETYPE_MASK);
    raw_directory(&raw, true);
    struct source *source = open_both(raw_write(&raw, "colours.tif"), NULL);
    CU_ASSERT(source->page.masked && source->page.has_nodata && source->page.integral);
    CU_ASSERT(source->page.type == SAMPLE_F32 && source->page.window_high == 255);
    for (int64_t x = 0; x < 4; x++) {
        double value = value_at(source, x, 0);
        CU_ASSERT(hidden[x] ? isnan(value) : value == pixels[x][0]);
    }
    source_close(source);
}

/* A page and its mask by libtiff, compressed each in its own way. */
enum { SIDE = 700, TILE = 128 };

static bool hides(int64_t x, int64_t y)
{
    return (x / 5 + y / 3) % 4 == 0;
}

/* Samples of a block, or bits of a mask. */
static void fill_block(uint8_t *block, struct area area, bool mask, int samples)
{
    memset(block, 0, (size_t)(area.width * area.height * samples));
    for (int64_t i = 0; i < area.width * area.height; i++) {
        int64_t column = i % area.width, row = i / area.width;
        int64_t x = area.x + column, y = area.y + row;
        for (int s = 0; s < samples && !mask; s++)
            block[i * samples + s] = (uint8_t)(1 + (x + 2 * y + 50 * s) % 200);
        if (mask && !hides(x, y))
            block[row * ((area.width + 7) / 8) + column / 8] |= (uint8_t)(0x80 >> column % 8);
    }
}

static void write_page(TIFF *tiff, bool mask, int compression, bool tiled, int samples)
{
    static uint8_t block[TILE * TILE * 3];
    const int64_t width = tiled ? TILE : SIDE, height = tiled ? TILE : 1;
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, mask ? FILETYPE_MASK : 0);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, SIDE);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, mask ? 1 : 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                 mask           ? PHOTOMETRIC_MASK
                 : samples == 3 ? PHOTOMETRIC_RGB
                                : PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, tiled ? TIFFTAG_TILEWIDTH : TIFFTAG_ROWSPERSTRIP, tiled ? TILE : 50);
    if (tiled)
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE);
    for (int64_t i = 0; i < (tiled ? 36 : SIDE); i++) {
        struct area area = {tiled ? i % 6 * TILE : 0, tiled ? i / 6 * TILE : i, width, height};
        fill_block(block, area, mask, samples);
        if (tiled)
            TIFFWriteTile(tiff, block, (uint32_t)area.x, (uint32_t)area.y, 0, 0);
        else
            TIFFWriteScanline(tiff, block, (uint32_t)i, 0);
    }
    TIFFWriteDirectory(tiff);
}

struct masked_sink {
    struct row_sink sink;
    const struct page *page;
    int64_t samples, wrong;
};

static bool take_masked(struct row_sink *row_sink, int64_t x, int64_t y, int64_t n,
                        const void *codes)
{
    struct masked_sink *sink = (struct masked_sink *)row_sink;
    enum sample_type type = (enum sample_type)sink->page->type;
    for (int64_t i = 0; i < n; i++)
        for (int32_t s = 0; s < sink->page->channels; s++) {
            double value = sample_value(type, codes, s * n + i);
            double shown = (double)(1 + (x + i + 2 * y + 50 * s) % 200);
            bool hidden = hides(x + i, y);
            bool right = !hidden ? value == shown : sample_is_float(type) ? isnan(value) : !value;
            sink->wrong += !right;
        }
    sink->samples += n;
    return true;
}

static const struct {
    bool tiled, mask_tiled;
    int compression, mask_compression, samples;
} layouts[] = {
    {false, false, COMPRESSION_LZW, COMPRESSION_LZW, 1},
    {true, false, COMPRESSION_LZW, COMPRESSION_PACKBITS, 1},
    {false, true, COMPRESSION_NONE, COMPRESSION_LZW, 1},
    {true, true, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_CCITTFAX4, 3},
    {false, false, COMPRESSION_PACKBITS, COMPRESSION_NONE, 3},
};

static const char *make_masked(size_t i)
{
    const char *path = scratch_path("large.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    write_page(tiff, false, layouts[i].compression, layouts[i].tiled, layouts[i].samples);
    write_page(tiff, true, layouts[i].mask_compression, layouts[i].mask_tiled, 1);
    TIFFClose(tiff);
    return path;
}

static void masks_of_any_layout_are_applied(void)
{
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct fault fault;
        struct source *source = open_both(make_masked(i), NULL);
        CU_ASSERT(source->page.masked && source->page.type == SAMPLE_F32);
        static const struct area areas[] = {{0, 0, SIDE, SIDE}, {300, 500, 200, 150}, {1, 2, 5, 5}};
        for (size_t a = 0; a < COUNT(areas); a++) {
            struct masked_sink sink = {.sink.row = take_masked, .page = &source->page};
            CU_ASSERT(source_read(source, areas[a], &sink.sink, &fault));
            CU_ASSERT_EQUAL(sink.samples, areas[a].width * areas[a].height);
            CU_ASSERT_EQUAL(sink.wrong, 0);
            source_rest(source);
        }
        source_close(source);
    }
}

/* Bytes of the mask's first strip are cut off or spoilt: what it says of these rows is lost. */
static void a_spoilt_mask_loses_samples(void)
{
    struct raw_tiff raw;
    struct fault fault;
    struct page page;
    raw_begin(&raw, false, false);
    plain_image(&raw, 9, 6, 5, 0);
    raw_directory(&raw, true);
    plain_mask(&raw, 9, 6, 8, 4);
    raw_claim(&raw, 273, RAW_LONG, 1, 1 << 20);
    raw_directory(&raw, true);
    struct source *source = open_both(raw_write(&raw, "spoilt.tif"), NULL);
    struct masked_sink sink = {.sink.row = take_masked, .page = &source->page};
    CU_ASSERT(source->page.masked);
    for (int again = 0; again < 2; again++) {
        CU_ASSERT_FALSE(source_read(source, (struct area){0, 0, 9, 6}, &sink.sink, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: its transparency mask: strip 0 (rows 0 to 5) "
                                           "lies beyond the end of the file, which is cut short");
        CU_ASSERT_EQUAL(sink.samples, 0);
    }
    source_close(source);
    /* One that cannot be opened is left out, and the user is told. */
    raw_begin(&raw, false, false);
    plain_image(&raw, 9, 6, 5, 0);
    raw_directory(&raw, true);
    plain_mask(&raw, 9, 6, 8, 4);
    raw_number(&raw, 259, RAW_SHORT, 4711);
    raw_directory(&raw, true);
    source = open_both(raw_write(&raw, "spoilt.tif"), NULL);
    CU_ASSERT(!source->page.masked && source->page.type == SAMPLE_U16);
    CU_ASSERT_PTR_NOT_NULL(strstr(source->page.notice, "mask is not applied"));
    CU_ASSERT(value_at(source, 0, 0) == 5 && page_check(&source->page, &fault));
    /* Shown for itself, a mask is not masked. */
    CU_ASSERT_FALSE(selects(source, 1, 1, &page));
    source_close(source);
}

SUITE("source/tiff_overviews", {"copies are used where they fit", copies_are_used_where_they_fit},
      {"each page has its own copies", each_page_has_its_own_copies},
      {"a copy is of its parent", a_copy_is_of_its_parent},
      {"palettes must be the same", palettes_must_be_the_same},
      {"a refused copy makes room for the next", a_refused_copy_makes_room_for_the_next},
      {"a mask hides samples", a_mask_hides_samples},
      {"no-data hides colours too", no_data_hides_colours_too},
      {"only a page has a mask, and one of its size", only_a_page_has_a_mask_and_one_of_its_size},
      {"masks of any layout are applied", masks_of_any_layout_are_applied},
      {"a spoilt mask loses samples", a_spoilt_mask_loses_samples})
