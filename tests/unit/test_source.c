/* Reading samples: every layout and compression, areas in any order, what is held meanwhile. Guards
 * source/tiff_read.c, source/tiff_open.c and source/tiff_client.c. */
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ledger.h"
#include "config.h"
#include "source/source.h"
#include "source/tiff_file.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"

enum { WIDTH = 301, HEIGHT = 203 };

static const int lossless[] = {
    0,
    COMPRESSION_LZW,
    COMPRESSION_ADOBE_DEFLATE,
    COMPRESSION_DEFLATE,
    COMPRESSION_PACKBITS,
    COMPRESSION_LZMA,
    COMPRESSION_ZSTD,
    COMPRESSION_LERC,
};

static const struct {
    int tile_width, tile_height;
    int64_t rows_per_strip;
} layouts[] = {{0, 0, 16}, {0, 0, 0}, {0, 0, 1}, {16, 16, 0}, {240, 112, 0}, {512, 512, 0}};

static tiff_value *const values[] = {tiff_value_byte, tiff_value_signed_byte, tiff_value_wide,
                                     tiff_value_signed};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct tiff_recipe recipe_of(int compression, size_t layout, enum sample_type type)
{
    return (struct tiff_recipe){
        .width = WIDTH,
        .height = HEIGHT,
        .type = type,
        .compression = compression,
        .tile_width = layouts[layout].tile_width,
        .tile_height = layouts[layout].tile_height,
        .rows_per_strip = layouts[layout].rows_per_strip,
        .value = values[type],
    };
}

static void say(const struct tiff_recipe *r, const char *what)
{
    printf("  compression %d type %d tiles %dx%d rows %lld big endian %d BigTIFF %d predictor %d: "
           "%s\n",
           r->compression, (int)r->type, r->tile_width, r->tile_height,
           (long long)r->rows_per_strip, r->big_endian, r->big_tiff, r->predictor, what);
}

static bool page_is_as_made(const struct page *page, const struct tiff_recipe *r)
{
    struct fault fault;
    bool one_strip = !r->tile_width && !r->rows_per_strip;
    int64_t block_height = r->tile_width ? r->tile_height
                           : one_strip   ? r->height
                                         : r->rows_per_strip;
    return page_check(page, &fault) && page->width == r->width && page->height == r->height &&
           page->type == (int32_t)r->type && page->min_is_white == r->min_is_white &&
           page->big_endian == r->big_endian && page->big_tiff == r->big_tiff &&
           page->tiled == (r->tile_width > 0) && page->block_height == block_height &&
           page->direct == !r->compression && !page->whole;
}

/* Whole, then parts of it from the top down and from the bottom up. */
static bool areas_read_right(struct source *source, tiff_value *value)
{
    static const struct area parts[] = {
        {0, 0, WIDTH, HEIGHT}, {5, 3, 40, 20},    {0, 23, WIDTH, 30},     {100, 53, 200, 1},
        {17, 190, 250, 13},    {17, 111, 250, 2}, {WIDTH - 1, 0, 1, 203}, {0, HEIGHT - 1, WIDTH, 1},
        {0, HEIGHT - 2, 3, 1}, {30, 0, 9, 9},
    };
    bool fine = true;
    for (size_t i = 0; i < COUNT(parts); i++)
        fine &= reads_right(source, parts[i], value);
    return fine;
}

static void check_recipe(const struct tiff_recipe *r)
{
    struct fault fault;
    const char *path = scratch_path("layout.tif");
    bool made = tiff_make(path, r);
    CU_ASSERT(made);
    struct source *source = made ? source_from(path, &fault) : NULL;
    CU_ASSERT_PTR_NOT_NULL(source);
    if (!source) {
        say(r, fault.text);
        return;
    }
    bool described = page_is_as_made(&source->page, r);
    bool right = areas_read_right(source, r->value);
    source_rest(source);
    right &= areas_read_right(source, r->value);
    source_close(source);
    CU_ASSERT(described && right);
    if (!described || !right)
        say(r, described ? "wrong samples" : "wrong description");
}

static void both_orders_read_right(size_t compression, size_t layout, enum sample_type type)
{
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        struct tiff_recipe r = recipe_of(lossless[compression], layout, type);
        r.big_endian = big_endian;
        r.big_tiff = ((int)type + (int)layout + big_endian) & 1;
        r.min_is_white = ((int)type + (int)compression) & 1;
        check_recipe(&r);
    }
}

static void every_layout_reads_right(void)
{
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    for (size_t c = 0; c < COUNT(lossless); c++)
        for (size_t layout = 0; layout < COUNT(layouts) && tiff_can(lossless[c]); layout++)
            for (int type = 0; type <= SAMPLE_I16; type++)
                both_orders_read_right(c, layout, (enum sample_type)type);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before.current);
}

static void predictors_read_right(void)
{
    static const int with_predictor[] = {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                                         COMPRESSION_ZSTD, COMPRESSION_LZMA};
    for (size_t c = 0; c < COUNT(with_predictor); c++)
        for (size_t layout = 0; layout < COUNT(layouts) && tiff_can(with_predictor[c]); layout += 2)
            for (int type = 0; type <= SAMPLE_I16; type++) {
                struct tiff_recipe r = recipe_of(with_predictor[c], layout, (enum sample_type)type);
                r.predictor = 2;
                r.big_endian = type & 1;
                check_recipe(&r);
            }
}

static void files_that_cannot_be_mapped_read_right(void)
{
    static const int some[] = {0, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE};
    tiff_file_unmapped = true;
    for (size_t c = 0; c < COUNT(some); c++)
        for (size_t layout = 0; layout < COUNT(layouts); layout++) {
            struct tiff_recipe r = recipe_of(some[c], layout, layout & 1 ? SAMPLE_I16 : SAMPLE_U16);
            r.big_endian = layout & 2;
            check_recipe(&r);
        }
    tiff_file_unmapped = false;
}

/* libtiff writes the bits of each byte in reverse where FillOrder says so. */
static void make_reversed(const char *path, int compression, bool tiled)
{
    uint16_t row[64 * 64];
    TIFF *tiff = TIFFOpen(path, "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 64);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 64);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
    if (tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 64);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 64);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 64);
    }
    for (int i = 0; i < 64 * 64; i++)
        row[i] = (uint16_t)tiff_value_wide(i % 64, i / 64, 0);
    if (tiled)
        TIFFWriteEncodedTile(tiff, 0, row, sizeof row);
    else
        TIFFWriteEncodedStrip(tiff, 0, row, sizeof row);
    TIFFClose(tiff);
}

static void reversed_bits_read_right(void)
{
    static const int some[] = {COMPRESSION_NONE, COMPRESSION_LZW};
    struct fault fault;
    for (int i = 0; i < 8; i++) {
        const char *path = scratch_path("reversed.tif");
        make_reversed(path, some[i & 1], i & 2);
        tiff_file_unmapped = i & 4;
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_right(source, (struct area){0, 0, 64, 64}, tiff_value_wide));
        CU_ASSERT(reads_right(source, (struct area){7, 7, 50, 50}, tiff_value_wide));
        source_close(source);
        tiff_file_unmapped = false;
    }
}

/* What libtiff itself decodes, for codecs that lose something. */
static uint16_t decoded[256 * 256];

static int32_t decoded_value(int64_t x, int64_t y, int page)
{
    (void)page;
    return decoded[y * 256 + x];
}

static void decode_with_libtiff(const char *path)
{
    static uint8_t block[256 * 256 * 2];
    TIFF *tiff = TIFFOpen(path, "r");
    uint16_t bits = 8;
    uint32_t width = 256, height = 256;
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    bool tiled = TIFFIsTiled(tiff);
    if (!TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width))
        TIFFGetField(tiff, TIFFTAG_ROWSPERSTRIP, &height);
    else
        TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    for (uint32_t y = 0; y < 256; y++)
        for (uint32_t x = 0; x < 256; x++) {
            if (y % height == 0 && x % width == 0 && tiled)
                TIFFReadTile(tiff, block, x, y, 0, 0);
            if (y % height == 0 && x == 0 && !tiled)
                TIFFReadEncodedStrip(tiff, y / height, block, -1);
            if (tiled && x % width == 0)
                TIFFReadTile(tiff, block, x, y, 0, 0);
            uint32_t at = y % height * width + x % width;
            decoded[y * 256 + x] = bits == 8 ? block[at] : ((uint16_t *)(void *)block)[at];
        }
    TIFFClose(tiff);
}

static void lossy_codecs_read_as_libtiff_decodes(void)
{
    static const struct {
        int compression;
        enum sample_type type;
        int tile;
        int64_t rows;
    } cases[] = {{COMPRESSION_JPEG, SAMPLE_U8, 0, 16},
                 {COMPRESSION_JPEG, SAMPLE_U8, 0, 256},
                 {COMPRESSION_JPEG, SAMPLE_U8, 64, 0},
                 {COMPRESSION_PIXARLOG, SAMPLE_U8, 0, 16},
                 {COMPRESSION_PIXARLOG, SAMPLE_U16, 0, 32}};
    struct fault fault;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = scratch_path("lossy.tif");
        struct tiff_recipe r = {.width = 256,
                                .height = 256,
                                .type = cases[i].type,
                                .compression = cases[i].compression,
                                .rows_per_strip = cases[i].rows,
                                .tile_width = cases[i].tile,
                                .tile_height = cases[i].tile,
                                .value = values[cases[i].type]};
        if (!tiff_can(r.compression))
            continue;
        CU_ASSERT_FATAL(tiff_make(path, &r));
        decode_with_libtiff(path);
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(reads_right(source, (struct area){0, 0, 256, 256}, decoded_value));
        CU_ASSERT(reads_right(source, (struct area){30, 100, 50, 80}, decoded_value));
        CU_ASSERT(reads_right(source, (struct area){0, 0, 256, 40}, decoded_value));
        source_close(source);
    }
}

static void strips_come_row_by_row_and_tiles_block_by_block(void)
{
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    struct tiff_recipe r = recipe_of(COMPRESSION_LZW, 0, SAMPLE_U16);
    const char *path = scratch_path("order.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT(checking_read(&sink, source, (struct area){3, 4, 200, 100}, r.value, &fault));
    CU_ASSERT(sink.runs - sink.signs == 100 && !sink.backwards);
    checking_fini(&sink);
    source_close(source);
    r = recipe_of(COMPRESSION_LZW, 4, SAMPLE_U16);
    CU_ASSERT_FATAL(tiff_make(path, &r));
    source = source_from(path, &fault);
    CU_ASSERT(checking_read(&sink, source, (struct area){0, 0, WIDTH, HEIGHT}, r.value, &fault));
    CU_ASSERT_EQUAL(sink.runs, 2 * HEIGHT);
    CU_ASSERT_EQUAL(sink.backwards, 2); /* to the second tile of either row of tiles */
    checking_fini(&sink);
    source_close(source);
}

static void an_area_is_cut_to_the_page(void)
{
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    struct tiff_recipe r = recipe_of(0, 0, SAMPLE_U16);
    const char *path = scratch_path("area.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    struct area beyond = {WIDTH - 10, HEIGHT - 5, 100, 100};
    CU_ASSERT(checking_read(&sink, source, beyond, r.value, &fault));
    CU_ASSERT(sink.samples == 50 && !sink.wrong && !sink.again);
    checking_fini(&sink);
    CU_ASSERT(checking_read(&sink, source, (struct area){WIDTH, 0, 5, 5}, r.value, &fault));
    CU_ASSERT_EQUAL(sink.runs, 0);
    checking_fini(&sink);
    source_close(source);
}

static void a_sink_that_has_enough_ends_the_reading(void)
{
    struct fault fault;
    for (size_t i = 0; i < 2 * COUNT(layouts); i++) {
        struct checking_sink sink = {.stop_after = 3};
        struct tiff_recipe r = recipe_of(i & 1 ? COMPRESSION_LZW : 0, i / 2, SAMPLE_U16);
        const char *path = scratch_path("stop.tif");
        CU_ASSERT_FATAL(tiff_make(path, &r));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(
            checking_read(&sink, source, (struct area){0, 0, WIDTH, HEIGHT}, r.value, &fault));
        CU_ASSERT(sink.runs == 3 && !sink.wrong);
        checking_fini(&sink);
        CU_ASSERT(areas_read_right(source, r.value));
        source_close(source);
    }
}

static int64_t signs_in_row(struct source *source, int64_t y)
{
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    CU_ASSERT(checking_read(&sink, source, (struct area){0, y, WIDTH, 1}, tiff_value_wide, &fault));
    CU_ASSERT(sink.samples == WIDTH && !sink.wrong);
    checking_fini(&sink);
    return sink.signs;
}

/* Rows skipped within a strip show as signs of life, one every 64 rows. */
static void reading_downward_does_not_decode_twice(void)
{
    struct fault fault;
    struct tiff_recipe r = recipe_of(COMPRESSION_LZW, 1, SAMPLE_U16);
    const char *path = scratch_path("downward.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_EQUAL(signs_in_row(source, 150), 3); /* before rows 0, 64, 128 */
    CU_ASSERT_EQUAL(signs_in_row(source, 151), 0);
    CU_ASSERT_EQUAL(signs_in_row(source, 200), 1);
    CU_ASSERT_EQUAL(signs_in_row(source, 10), 1); /* back: the strip begins anew */
    CU_ASSERT_EQUAL(signs_in_row(source, 11), 0);
    struct checking_sink sink = {.stop_after = 2};
    CU_ASSERT(checking_read(&sink, source, (struct area){0, 202, 1, 1}, r.value, &fault));
    CU_ASSERT(sink.samples == 0 && sink.signs == 2);
    checking_fini(&sink);
    source_close(source);
}

/* A small strip of deflate is decoded whole, and kept until another is. */
static void small_deflate_strips_are_decoded_whole(void)
{
    struct fault fault;
    struct tiff_recipe r = recipe_of(COMPRESSION_ADOBE_DEFLATE, 1, SAMPLE_U16);
    const char *path = scratch_path("small.tif");
    CU_ASSERT_FATAL(tiff_make(path, &r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT_EQUAL(signs_in_row(source, 200), 0);
    CU_ASSERT_EQUAL(signs_in_row(source, 10), 0);
    CU_ASSERT(ledger_line(LEDGER_SOURCE).current > WIDTH * 2 * 100);
    source_rest(source);
    CU_ASSERT(ledger_line(LEDGER_SOURCE).current < WIDTH * 2 * 100);
    source_close(source);
}

#ifdef HAVE_TIFFOPENOPTIONSSETMAXSINGLEMEMALLOC
/* Where the entry of the description lies in a file that says where its only directory does. */
static int64_t description_entry(const char *path)
{
    uint8_t head[8], entry[12];
    uint32_t directory;
    uint16_t tag = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CU_ASSERT_FATAL(fd >= 0 && pread(fd, head, sizeof head, 0) == sizeof head);
    memcpy(&directory, head + 4, sizeof directory);
    int64_t at = directory + 2;
    while (pread(fd, entry, sizeof entry, at) == sizeof entry) {
        memcpy(&tag, entry, sizeof tag);
        if (tag == TIFFTAG_IMAGEDESCRIPTION)
            break;
        at += (int64_t)sizeof entry;
    }
    close(fd);
    CU_ASSERT_EQUAL_FATAL(tag, TIFFTAG_IMAGEDESCRIPTION);
    return at;
}

/* A tag of 400 MiB, which libtiff would copy: it may have 128 MiB at once. In a process of its own,
 * of which the most memory it ever had is known. */
static void libtiff_does_not_copy_a_giant_tag(void)
{
    enum { LENGTH = 400 << 20, MOST_KIB = 280 << 10 };
    struct tiff_recipe r = recipe_of(COMPRESSION_LZW, 0, SAMPLE_U16);
    const char *path = scratch_path("tag.tif");
    const uint32_t count = LENGTH, at = 1 << 20;
    r.description = "some description, which must be told where it lies";
    CU_ASSERT_FATAL(tiff_make(path, &r));
    int64_t entry = description_entry(path);
    scratch_patch(path, entry + 4, &count, sizeof count);
    scratch_patch(path, entry + 8, &at, sizeof at);
    CU_ASSERT_FATAL(truncate(path, LENGTH + 2 * (int64_t)at) == 0);
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        struct fault fault;
        struct rusage before, after;
        getrusage(RUSAGE_SELF, &before);
        struct source *source = source_from(path, &fault);
        bool fine = source && reads_right(source, (struct area){0, 0, WIDTH, HEIGHT}, r.value);
        getrusage(RUSAGE_SELF, &after);
        _exit(!fine ? 1 : after.ru_maxrss - before.ru_maxrss > MOST_KIB ? 2 : 0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
    if (status)
        printf("  status %d\n", status);
}
#endif

static int32_t flat_value(int64_t x, int64_t y, int page)
{
    (void)page;
    return (int32_t)((x >> 4 ^ y >> 4) & 4095);
}

static void one_giant_strip_is_read_in_little_memory(void)
{
    struct fault fault;
    const char *path = scratch_path("giant.tif");
    struct tiff_recipe r = {.width = 2500,
                            .height = 2000,
                            .type = SAMPLE_U16,
                            .compression = COMPRESSION_ADOBE_DEFLATE,
                            .value = flat_value};
    CU_ASSERT_FATAL(tiff_make(path, &r));
    ledger_reset();
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(source->page.whole == 1 && source->page.direct == 0);
    CU_ASSERT(reads_right(source, (struct area){0, 0, 2500, 2000}, flat_value));
    CU_ASSERT(ledger_line(LEDGER_SOURCE).peak < 64 * 1024);
    source_rest(source);
    CU_ASSERT(reads_right(source, (struct area){2000, 1990, 500, 10}, flat_value));
    source_close(source);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

static void wide_rows_come_in_runs(void)
{
    struct fault fault;
    struct checking_sink sink = {.stop_after = 0};
    const char *path = scratch_path("wide.tif");
    struct tiff_recipe r = {
        .width = 600000, .height = 3, .type = SAMPLE_U16, .rows_per_strip = 1, .value = flat_value};
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        r.big_endian = big_endian;
        CU_ASSERT_FATAL(tiff_make(path, &r));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(checking_read(&sink, source, (struct area){1, 0, 599998, 3}, flat_value, &fault));
        CU_ASSERT(sink.samples == 3 * 599998 && !sink.wrong && !sink.again && !sink.backwards);
        CU_ASSERT(sink.runs > 3);
        checking_fini(&sink);
        source_close(source);
    }
}

static void a_probe_is_one_code(void)
{
    struct fault fault;
    double code[3];
    const char *path = scratch_path("probe.tif");
    for (size_t i = 0; i < 2 * COUNT(layouts); i++) {
        struct tiff_recipe r =
            recipe_of(i & 1 ? COMPRESSION_LZW : 0, i / 2, i & 1 ? SAMPLE_I16 : SAMPLE_I8);
        CU_ASSERT_FATAL(tiff_make(path, &r));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(source_probe(source, 300, 202, code, &fault));
        CU_ASSERT_EQUAL(code[0], r.value(300, 202, 0));
        CU_ASSERT(source_probe(source, 7, 99, code, &fault));
        CU_ASSERT_EQUAL(code[0], r.value(7, 99, 0));
        CU_ASSERT_FALSE(source_probe(source, WIDTH, 0, code, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, "there is no sample at 301, 0");
        source_close(source);
    }
}

static void refused_memory_is_a_fault_and_no_crash(void)
{
    struct fault fault;
    const char *path = scratch_path("memory.tif");
    struct tiff_recipe r = recipe_of(COMPRESSION_LZW, 0, SAMPLE_U16);
    CU_ASSERT_FATAL(tiff_make(path, &r));
    ledger_fail_after(1);
    CU_ASSERT_PTR_NULL(source_from(path, &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    ledger_fail_after(1);
    struct checking_sink sink = {.stop_after = 0};
    CU_ASSERT_FALSE(checking_read(&sink, source, (struct area){0, 0, 9, 9}, r.value, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "a.tif: strip 0 (rows 0 to 15) cannot be decoded: "));
    checking_fini(&sink);
    CU_ASSERT(areas_read_right(source, r.value));
    source_close(source);
}

SUITE("source", {"every layout reads right", every_layout_reads_right},
      {"predictors read right", predictors_read_right},
      {"files that cannot be mapped read right", files_that_cannot_be_mapped_read_right},
      {"reversed bits read right", reversed_bits_read_right},
      {"lossy codecs read as libtiff decodes", lossy_codecs_read_as_libtiff_decodes},
      {"strips come row by row, tiles block by block",
       strips_come_row_by_row_and_tiles_block_by_block},
      {"an area is cut to the page", an_area_is_cut_to_the_page},
      {"a sink that has enough ends the reading", a_sink_that_has_enough_ends_the_reading},
      {"reading downward does not decode twice", reading_downward_does_not_decode_twice},
      {"small deflate strips are decoded whole", small_deflate_strips_are_decoded_whole},
      {"one giant strip is read in little memory", one_giant_strip_is_read_in_little_memory},
#ifdef HAVE_TIFFOPENOPTIONSSETMAXSINGLEMEMALLOC
      {"libtiff does not copy a giant tag", libtiff_does_not_copy_a_giant_tag},
#endif
      {"wide rows come in runs", wide_rows_come_in_runs},
      {"a probe is one code", a_probe_is_one_code},
      {"refused memory is a fault", refused_memory_is_a_fault_and_no_crash})
