/* What a file is said to be: kinds of files, pages, windows, spacing, refusals and their sentences.
 * Guards source/registry.c and source/tiff_page.c. */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/page.h"
#include "source/source.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"
#include "support/tiff_raw.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Begins a file whose first 120 bytes after the header are the samples of 10 x 6 gray ones of 16
 * bits; *strip is where. */
static void begin_file(struct raw_tiff *raw, bool big, uint64_t *strip)
{
    uint8_t samples[120];
    for (size_t i = 0; i < sizeof samples; i++)
        samples[i] = (uint8_t)i;
    raw_begin(raw, big, false);
    *strip = raw_data(raw, samples, sizeof samples);
}

/* The directory of these samples, with an entry changed for each of `changes` (left out where the
 * type is 0). */
static void add_page(struct raw_tiff *raw, uint64_t strip, const struct raw_entry *changes)
{
    raw_image(raw, 10, 6, 16, strip, 120);
    for (; changes->tag; changes++)
        if (changes->type)
            raw_claim(raw, changes->tag, changes->type, changes->count, changes->value);
        else
            raw_drop(raw, changes->tag);
    raw_directory(raw, true);
}

static const char *file_with(const struct raw_entry *changes, bool big)
{
    struct raw_tiff raw;
    uint64_t strip;
    begin_file(&raw, big, &strip);
    add_page(&raw, strip, changes);
    return raw_write(&raw, "raw.tif");
}

#define CHANGES(...)   \
    {                  \
        __VA_ARGS__,   \
        {              \
            0, 0, 0, 0 \
        }              \
    }

static const struct {
    const char *sentence; /* as far as it is always the same */
    struct raw_entry changes[6];
} refusals[] = {
    {"", CHANGES({0, 0, 0, 0})},
    {"a.tif: images of an unknown kind (photometric interpretation 77) are not shown",
     CHANGES({262, 3, 1, 77})},
    {"a.tif: broken: its sample format is 9", CHANGES({339, 3, 1, 9})},
    {"a.tif: compressed with JPEG 2000, which this libtiff cannot decode",
     CHANGES({259, 3, 1, 34712})},
    {"a.tif: compressed in a way that is not known (number 4711)", CHANGES({259, 3, 1, 4711})},
    {"a.tif: broken: compressed with fax group 4, which cannot pack 16-bit samples",
     CHANGES({259, 3, 1, 4})},
    {"a.tif: broken: its image has 0 columns and 6 rows", CHANGES({256, 4, 1, 0})},
    {"a.tif: broken: it does not tell the height of its image", CHANGES({257, 0, 0, 0})},
    {"a.tif: broken: it does not tell the width of its image", CHANGES({256, 9, 1, 0xffffffff})},
    {"a.tif: it claims 10 columns and 4294967295 rows; images of more than 2147483647 either way "
     "are not shown",
     CHANGES({257, 4, 1, 4294967295})},
    {"a.tif: broken: it claims 2147483647 rows in 2147483647 strips, but its table lists only 1",
     CHANGES({257, 4, 1, 2147483647}, {278, 4, 1, 1})},
    {"a.tif: broken or cut short: the table of its 2147483647 strips cannot be read",
     CHANGES({257, 4, 1, 2147483647}, {278, 4, 1, 1}, {273, 4, 2147483647, 200})},
    {"a.tif: broken: it claims 10 x 2147483647 samples of 16 bits, but the whole file has only ",
     CHANGES({257, 4, 1, 2147483647}, {278, 4, 1, 4294967295})},
    {"a.tif: broken: its strips have 0 rows", CHANGES({278, 4, 1, 0})},
    {"a.tif: broken: it does not say where its strips are", CHANGES({273, 0, 0, 0})},
    {"a.tif: broken: its tiles are 16 x 0 samples", CHANGES({322, 4, 1, 16})},
    {"a.tif: broken: it does not say where its tiles are",
     CHANGES({322, 4, 1, 16}, {323, 4, 1, 16}, {273, 0, 0, 0})},
    {"a.tif: tiles of 4096 x 4096 samples compressed with LZW (32 MiB each) are too large to be "
     "decoded",
     CHANGES({322, 4, 1, 4096}, {323, 4, 1, 4096}, {259, 3, 1, 5})},
    {"a.tif: rows of 3000000 pixels (5 MiB) compressed with LZW are too long to be decoded",
     CHANGES({256, 4, 1, 3000000}, {259, 3, 1, 5})},
    {"a.tif: strips of 300000 rows (5 MiB) compressed with PixarLog are too large to be decoded",
     CHANGES({257, 4, 1, 300000}, {278, 4, 1, 300000}, {259, 3, 1, 32909})},
};

static void pages_are_refused_with_a_sentence(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++)
        for (int big = 0; big < 2; big++) {
            const char *sentence = source_refusal(file_with(refusals[i].changes, big), 0);
            size_t length = strlen(refusals[i].sentence);
            bool same = !strncmp(sentence, refusals[i].sentence, length) && !*sentence == !length;
            CU_ASSERT(same);
            if (!same)
                printf("  \"%s\"\n  is not \"%s\"\n", sentence, refusals[i].sentence);
        }
}

static void a_side_beyond_32_bits_is_refused(void)
{
    static const struct raw_entry changes[] = CHANGES({256, 16, 1, 1ull << 40});
    CU_ASSERT_STRING_EQUAL(source_refusal(file_with(changes, true), 0),
                           "a.tif: it claims 1099511627776 columns and 6 rows; images of more "
                           "than 2147483647 either way are not shown");
}

static void kinds_of_refusals_are_told_apart(void)
{
    struct fault fault;
    static const struct raw_entry changes[] = CHANGES({262, 3, 1, 77});
    CU_ASSERT_PTR_NULL(source_from(file_with(changes, false), &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_UNSUPPORTED);
    CU_ASSERT_PTR_NULL(source_from(scratch_file("text.tif", "hello\n", 6), &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_FORMAT);
}

static const struct {
    const char *bytes;
    size_t count;
    const char *sentence;
} strangers[] = {
    {"", 0, "a.tif: the file is empty"},
    {"hello, world\n", 13, "a.tif: not a TIFF file (it looks like text)"},
    {"gr\xc3\xbc\xc3\x9f dich", 11, "a.tif: not a TIFF file (it looks like text)"},
    {"\0\0\0\0\0\0", 6, "a.tif: not a TIFF file (it looks like nothing but zeros)"},
    {"\x89PNG\r\n\032\n", 8, "a.tif: not a TIFF file (it looks like a PNG image)"},
    {"\xff\xd8\xff\xe0", 4, "a.tif: not a TIFF file (it looks like a JPEG image)"},
    {"\x1f\x8b\x08", 3, "a.tif: not a TIFF file (it looks like a gzip archive)"},
    {"\x01\x02\x03\xff", 4, "a.tif: not a TIFF file"},
    {"II", 2, "a.tif: not a TIFF file (it looks like text)"},
    {"II*\0", 4, "a.tif: cut short: the file has only 4 bytes"},
    {"II*\0\0\0\0\0", 8, "a.tif: broken: it holds no image"},
    {"MM\0*\0\0\0\x50", 8,
     "a.tif: cut short: its directory should be at byte 80, but the file has only 8 bytes"},
    {"II*\0\4\0\0\0", 8, "a.tif: broken or cut short: the directory at byte 4 of 8 cannot be read"},
    {"II+\0\10\0\0\0\0\0\0\0", 12, "a.tif: cut short: the file has only 12 bytes"},
    {"II+\0\4\0\0\0\0\0\0\0\0\0\0\0", 16, "a.tif: broken: its TIFF header makes no sense"},
};

static void files_of_other_kinds_are_named(void)
{
    for (size_t i = 0; i < COUNT(strangers); i++) {
        const char *path = scratch_file("stranger", strangers[i].bytes, strangers[i].count);
        CU_ASSERT_STRING_EQUAL(source_refusal(path, 0), strangers[i].sentence);
    }
    char dicom[200] = {0};
    memcpy(dicom + 128, "DICM", 4);
    CU_ASSERT_STRING_EQUAL(source_refusal(scratch_file("stranger", dicom, sizeof dicom), 0),
                           "a.tif: not a TIFF file (it looks like a DICOM file)");
}

static void what_is_no_file_is_refused_and_closed(void)
{
    struct fault fault;
    int ends[2];
    CU_ASSERT_FATAL(pipe(ends) == 0);
    CU_ASSERT_PTR_NULL(source_open(ends[0], -1, "a.tif", &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: not a regular file");
    CU_ASSERT_EQUAL(fcntl(ends[0], F_GETFD), -1);
    close(ends[1]);
    int fd = open(scratch_file("text.tif", "hello\n", 6), O_RDONLY);
    CU_ASSERT_PTR_NULL(source_open(fd, -1, "a.tif", &fault));
    CU_ASSERT_EQUAL(fcntl(fd, F_GETFD), -1);
}

/* Pages. */

static const struct area all = {0, 0, 40, 30};

static bool selects(struct source *source, int32_t index, struct page *page, struct fault *fault)
{
    struct source_choice choice = {index, 0, 0, 0};
    return source_select(source, &choice, page, fault);
}

static void each_page_is_its_own(void)
{
    struct fault fault;
    struct page page;
    const char *path = scratch_path("pages.tif");
    for (int i = 0; i < 4; i++) {
        struct tiff_recipe r = {.width = 40,
                                .height = 30,
                                .type = SAMPLE_U16,
                                .pages = 3,
                                .rows_per_strip = 7,
                                .compression = i & 1 ? COMPRESSION_LZW : 0,
                                .big_tiff = i & 2,
                                .big_endian = i == 1};
        CU_ASSERT_FATAL(tiff_make(path, &r));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        for (int32_t index = 2; index >= 0; index--) {
            CU_ASSERT(selects(source, index, &page, &fault));
            CU_ASSERT(page.index == index && page.count == 3);
            CU_ASSERT(reads_right(source, all, tiff_value_plain));
        }
        CU_ASSERT_FALSE(selects(source, 3, &page, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, "a.tif: there is no page 4: the file has 3 pages");
        CU_ASSERT_FALSE(selects(source, -1, &page, &fault));
        CU_ASSERT(source->page.index == 0 && reads_right(source, all, tiff_value_plain));
        source_close(source);
    }
}

/* Where the directories of a little-endian classic file lie. */
static int directories_of(const char *path, uint32_t offsets[8])
{
    int fd = open(path, O_RDONLY), count = 0;
    uint32_t offset = 0;
    uint16_t entries;
    if (pread(fd, &offset, 4, 4) != 4)
        offset = 0;
    while (offset && count < 8) {
        offsets[count++] = offset;
        if (pread(fd, &entries, 2, offset) != 2 ||
            pread(fd, &offset, 4, offset + 2 + 12 * entries) != 4)
            break;
    }
    close(fd);
    return count;
}

static void set_next(const char *path, uint32_t directory, uint32_t next)
{
    uint16_t entries = 0;
    int fd = open(path, O_RDONLY);
    CU_ASSERT_EQUAL(pread(fd, &entries, 2, directory), 2);
    close(fd);
    scratch_patch(path, directory + 2 + 12 * entries, &next, 4);
}

static int32_t count_pages(const char *path)
{
    struct fault fault;
    struct source *source = source_from(path, &fault);
    int32_t count = source ? source->page.count : -1;
    source_close(source);
    return count;
}

static const char *make_pages(int pages)
{
    struct tiff_recipe r = {
        .width = 40, .height = 30, .type = SAMPLE_U16, .pages = pages, .rows_per_strip = 30};
    const char *path = scratch_path("chain.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    return path;
}

static void loops_and_bad_ends_stop_the_chain(void)
{
    uint32_t at[8];
    for (int from = 0; from < 6; from++)
        for (int to = 0; to <= from; to++) {
            const char *path = make_pages(6);
            CU_ASSERT_EQUAL_FATAL(directories_of(path, at), 6);
            set_next(path, at[from], at[to]);
            CU_ASSERT_EQUAL(count_pages(path), from + 1);
        }
    static const uint32_t nowhere[] = {0x7fffffff, 0xfffffffe, 1};
    for (size_t i = 0; i < COUNT(nowhere); i++) {
        const char *path = make_pages(4);
        CU_ASSERT_EQUAL_FATAL(directories_of(path, at), 4);
        set_next(path, at[1], nowhere[i]);
        CU_ASSERT_EQUAL(count_pages(path), 2);
    }
    const char *path = make_pages(4);
    CU_ASSERT_EQUAL_FATAL(directories_of(path, at), 4);
    scratch_cut(path, at[3] + 20);
    CU_ASSERT_EQUAL(count_pages(path), 3);
}

/* Writes pages with the given NewSubfileType each; the value of a sample is its page's number. */
static const char *make_kinds(const uint32_t *kinds, int pages, bool sub_directory)
{
    const char *path = scratch_path("kinds.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    for (int page = 0; page < pages; page++) {
        uint16_t row[16];
        for (int i = 0; i < 16; i++)
            row[i] = (uint16_t)page;
        TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, kinds[page]);
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 16);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        if (sub_directory && page == 0)
            TIFFSetField(tiff, TIFFTAG_SUBIFD, 1, (uint64_t[]){0});
        TIFFWriteScanline(tiff, row, 0, 0);
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return path;
}

static void overviews_and_masks_are_no_pages(void)
{
    static const uint32_t mixed[] = {0, 1, 2, 4, 5, 0}, reduced[] = {1, 1, 1};
    struct fault fault;
    struct page page;
    double code[3];
    struct source *source = source_from(make_kinds(mixed, 6, false), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_EQUAL(source->page.count, 3);
    static const uint32_t expected[] = {0, 2, 5};
    for (int i = 0; i < 3; i++) {
        CU_ASSERT(selects(source, i, &page, &fault));
        CU_ASSERT(source_probe(source, 3, 0, code, &fault) && code[0] == expected[i]);
    }
    source_close(source);
    CU_ASSERT_EQUAL(count_pages(make_kinds(reduced, 3, false)), 3);
    CU_ASSERT_EQUAL(count_pages(make_kinds(mixed, 3, true)), 2); /* the second is a SubIFD */
}

static void a_file_whose_first_page_is_refused_shows_its_others(void)
{
    struct raw_tiff raw;
    uint64_t strip;
    static const struct raw_entry odd[] = CHANGES({262, 3, 1, 77}), none[] = CHANGES({0, 0, 0, 0});
    struct fault fault;
    struct page page;
    struct checking_sink sink = {.stop_after = 0};
    begin_file(&raw, false, &strip);
    add_page(&raw, strip, odd);
    add_page(&raw, strip, none);
    struct source *source = source_from(raw_write(&raw, "raw.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(source->page.width == 0 && source->page.count == 2 && !source->page.counting);
    CU_ASSERT_FALSE(checking_read(&sink, source, all, tiff_value_plain, &fault));
    checking_fini(&sink);
    CU_ASSERT(selects(source, 1, &page, &fault));
    CU_ASSERT_FALSE(selects(source, 0, &page, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "a.tif: images of an unknown kind"));
    CU_ASSERT_EQUAL(source->page.index, 1);
    source_close(source);
}

/* Windows, spacing. */

static struct page page_made(const struct tiff_recipe *recipe)
{
    struct tiff_recipe r = *recipe;
    r.width = 20;
    r.height = 10;
    r.type = SAMPLE_U16;
    const char *path = scratch_path("described.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    return source_page(path);
}

static void a_window_in_the_file_is_found(void)
{
    struct page page = page_made(&(struct tiff_recipe){.width = 1});
    CU_ASSERT_EQUAL(page.window_origin, WINDOW_NONE);
    struct tiff_recipe r = {.has_range = true, .range_low = 100, .range_high = 3000};
    page = page_made(&r);
    CU_ASSERT_EQUAL(page.window_origin, WINDOW_TIFF_TAGS);
    CU_ASSERT(page.window_low == 100 && page.window_high == 3000);
    r.description = "ImageJ=1.53t\nimages=2\nmin=12.25\nmax=-1.5E3\nmin=4\n";
    CU_ASSERT_EQUAL(page_made(&r).window_origin, WINDOW_TIFF_TAGS); /* the wrong way round */
    r.description = "ImageJ=1.53t\nimages=2\nmin=-12.25\nmax=1.5E3\n";
    page = page_made(&r);
    CU_ASSERT_EQUAL(page.window_origin, WINDOW_IMAGEJ);
    CU_ASSERT(page.window_low == -12.25 && page.window_high == 1500);
    r.description = "by NIH\nImageJ=1.53t\nmin=1\nmax=2\n";
    CU_ASSERT_EQUAL(page_made(&r).window_origin, WINDOW_TIFF_TAGS);
    r.description = "ImageJ=1.53t\nmin=1\n";
    CU_ASSERT_EQUAL(page_made(&r).window_origin, WINDOW_TIFF_TAGS);
    r.description = "ImageJ=1.53t\nmin=1\nmax=nan\n";
    r.range_low = r.range_high;
    CU_ASSERT_EQUAL(page_made(&r).window_origin, WINDOW_NONE);
    CU_ASSERT_STRING_EQUAL(window_origin_name(WINDOW_NONE), "none");
    CU_ASSERT_STRING_EQUAL(window_origin_name(WINDOW_TIFF_TAGS), "TIFF tags");
    CU_ASSERT_STRING_EQUAL(window_origin_name(WINDOW_IMAGEJ), "ImageJ");
}

/* A page whose SMin and SMaxSampleValue are floats of these bits. */
static struct page page_of_range(uint32_t low, uint32_t high)
{
    const struct raw_entry changes[] = CHANGES({340, 11, 1, low}, {341, 11, 1, high});
    return source_page(file_with(changes, false));
}

static void a_window_in_the_file_is_finite(void)
{
    enum { ONE = 0x3f800000, TEN_AND_A_HALF = 0x41280000, INFINITE = 0x7f800000 };
    struct page page = page_of_range(ONE, TEN_AND_A_HALF);
    CU_ASSERT_EQUAL(page.window_origin, WINDOW_TIFF_TAGS);
    CU_ASSERT(page.window_low == 1 && page.window_high == 10.5);
    CU_ASSERT_EQUAL(page_of_range(ONE, INFINITE).window_origin, WINDOW_NONE);
    CU_ASSERT_EQUAL(page_of_range(ONE, INFINITE + 1).window_origin, WINDOW_NONE);
    CU_ASSERT_EQUAL(page_of_range(TEN_AND_A_HALF, ONE).window_origin, WINDOW_NONE);
}

/* A page of x / 2 and y samples for each unit. */
static struct page page_of_resolution(uint32_t x, uint32_t y, uint64_t unit)
{
    struct raw_tiff raw;
    uint64_t strip;
    begin_file(&raw, false, &strip);
    uint64_t ratios = raw_data(&raw, (uint32_t[]){x, 2, y, 1}, 16);
    const struct raw_entry changes[] =
        CHANGES({282, 5, 1, ratios}, {283, 5, 1, ratios + 8}, {296, unit ? 3 : 0, 1, unit});
    add_page(&raw, strip, changes);
    return source_page(raw_write(&raw, "raw.tif"));
}

static void spacing_comes_from_the_resolution(void)
{
    struct page page = page_made(&(struct tiff_recipe){.pixels_per_cm = 50});
    CU_ASSERT_DOUBLE_EQUAL(page.spacing_x, 0.2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(page.spacing_y, 0.2, 1e-9);
    CU_ASSERT_STRING_EQUAL(page.spacing_source, "TIFF resolution");
    page = page_of_resolution(200, 254, RESUNIT_INCH);
    CU_ASSERT_DOUBLE_EQUAL(page.spacing_x, 0.254, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(page.spacing_y, 0.1, 1e-6);
    page = page_of_resolution(200, 254, RESUNIT_NONE);
    CU_ASSERT(page.spacing_x == 0 && page.spacing_y == 0 && !page.spacing_source[0]);
    page = page_of_resolution(0, 254, RESUNIT_INCH);
    CU_ASSERT(page.spacing_x == 0 && page.spacing_y == 0);
    page = page_made(&(struct tiff_recipe){.width = 1});
    CU_ASSERT(page.spacing_x == 0 && page.spacing_y == 0);
}

static void compressions_have_names(void)
{
    static const struct {
        int compression;
        const char *name;
    } names[] = {{0, "none"},
                 {COMPRESSION_LZW, "LZW"},
                 {COMPRESSION_ADOBE_DEFLATE, "deflate"},
                 {COMPRESSION_DEFLATE, "deflate"},
                 {COMPRESSION_PACKBITS, "PackBits"},
                 {COMPRESSION_ZSTD, "Zstandard"},
                 {COMPRESSION_LZMA, "LZMA"}};
    for (size_t i = 0; i < COUNT(names); i++)
        if (tiff_can(names[i].compression)) {
            struct page page =
                page_made(&(struct tiff_recipe){.compression = names[i].compression});
            CU_ASSERT_STRING_EQUAL(page.compression, names[i].name);
        }
}

/* page_check. */

static struct page sound_page(void)
{
    return (struct page){.width = 100,
                         .height = 50,
                         .count = 2,
                         .index = 1,
                         .type = SAMPLE_U16,
                         .channels = 1,
                         .integral = 1,
                         .bits = 16,
                         .samples = 1,
                         .slope = 1,
                         .axis_extent = {1, 1, 1},
                         .series_count = 1,
                         .block_width = 100,
                         .block_height = 20,
                         .blocks = 3,
                         .orientation = 1,
                         .compression = "none"};
}

#define BREAK(what, ...)                                  \
    do {                                                  \
        struct page page = sound_page();                  \
        __VA_ARGS__;                                      \
        CU_ASSERT_FALSE(page_check(&page, &fault));       \
        CU_ASSERT_EQUAL(fault.kind, FAULT_WORKER);        \
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, what)); \
    } while (0)

static void numbers_of_a_broken_page_are_noticed(void)
{
    struct fault fault;
    struct page sound = sound_page();
    CU_ASSERT(page_check(&sound, &fault));
    BREAK("width", page.width = 0);
    BREAK("width", page.width = 1LL << 31);
    BREAK("height", page.height = -1);
    BREAK("index", page.index = 2);
    BREAK("index", page.index = -1);
    BREAK("count", page.count = 0);
    BREAK("sample type", page.type = SAMPLE_TYPES);
    BREAK("bits", page.bits = 129);
    BREAK("MinIsWhite", page.min_is_white = 2);
    BREAK("tile", page.tiled = -1);
    BREAK("block width", page.block_width = 0);
    BREAK("block height", page.block_height = 0);
    BREAK("blocks", page.blocks = 2);
    BREAK("direct", page.direct = 2);
    BREAK("whole", page.whole = 2);
    BREAK("dictionary", page.dictionary = -1);
    BREAK("BigTIFF", page.big_tiff = 2);
    BREAK("byte order", page.big_endian = 2);
    BREAK("orientation", page.orientation = 9);
    BREAK("origin", page.window_origin = WINDOW_ORIGINS);
}

static void words_of_a_broken_page_are_noticed(void)
{
    struct fault fault;
    BREAK("window", page.window_origin = WINDOW_IMAGEJ);
    BREAK("window", page.window_origin = WINDOW_IMAGEJ; page.window_high = NAN);
    BREAK("window", page.window_origin = WINDOW_IMAGEJ; page.window_high = INFINITY);
    BREAK("spacing", page.spacing_x = -1);
    BREAK("spacing", page.spacing_y = NAN);
    BREAK("compression", memset(page.compression, 'x', PAGE_NAME));
    BREAK("compression", page.compression[1] = '\n');
    BREAK("source", memset(page.spacing_source, 'x', PAGE_NAME));
}

SUITE("source pages", {"pages are refused with a sentence", pages_are_refused_with_a_sentence},
      {"a side beyond 32 bits is refused", a_side_beyond_32_bits_is_refused},
      {"kinds of refusals are told apart", kinds_of_refusals_are_told_apart},
      {"files of other kinds are named", files_of_other_kinds_are_named},
      {"what is no file is refused and closed", what_is_no_file_is_refused_and_closed},
      {"each page is its own", each_page_is_its_own},
      {"loops and bad ends stop the chain", loops_and_bad_ends_stop_the_chain},
      {"overviews and masks are no pages", overviews_and_masks_are_no_pages},
      {"a refused first page leaves the others",
       a_file_whose_first_page_is_refused_shows_its_others},
      {"a window in the file is found", a_window_in_the_file_is_found},
      {"a window in the file is finite", a_window_in_the_file_is_finite},
      {"spacing comes from the resolution", spacing_comes_from_the_resolution},
      {"compressions have names", compressions_have_names},
      {"numbers of a broken page are noticed", numbers_of_a_broken_page_are_noticed},
      {"words of a broken page are noticed", words_of_a_broken_page_are_noticed})
