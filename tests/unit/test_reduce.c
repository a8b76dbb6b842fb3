/* Reduction: tiles of every k against means computed sample by sample. */
#include "config.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "base/tile.h"
#include "source/reduce.h"
#include "source/reduce_sums.h"
#include "source/source.h"
#include "support/tiff_old.h"
#include "support/fake_source.h"
#include "support/source_reader.h"
#include "support/tile_desk.h"
#include "support/tiff_maker.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { WIDTH = 1100, HEIGHT = 700 };

/* The page's codes, and which of its samples can be decoded. */
struct truth {
    int64_t width, height;
    bool bytes; /* codes take one */
    uint16_t *codes;
    uint8_t *missing;
};

static struct truth truth_of(const struct tiff_recipe *r)
{
    struct truth truth = {r->width, r->height, sample_bytes(r->type) == 1, NULL, NULL};
    truth.codes = malloc((size_t)(r->width * r->height) * sizeof *truth.codes);
    truth.missing = calloc((size_t)r->width, (size_t)r->height);
    for (int64_t y = 0; y < r->height; y++)
        for (int64_t x = 0; x < r->width; x++)
            truth.codes[y * r->width + x] = (uint16_t)(r->value(x, y, 0) - sample_least(r->type));
    return truth;
}

static void truth_fini(struct truth *truth)
{
    free(truth->codes);
    free(truth->missing);
}

/* The mean of the samples that exist, half up; 0 where one of them is missing. */
static uint32_t naive_code(const struct truth *truth, int k, int64_t column, int64_t row,
                           bool *sound)
{
    uint64_t sum = 0, count = 0;
    bool all = true;
    for (int64_t y = row << k; y < (row + 1) << k && y < truth->height; y++)
        for (int64_t x = column << k; x < (column + 1) << k && x < truth->width; x++) {
            sum += truth->codes[y * truth->width + x];
            count++;
            all &= !truth->missing[y * truth->width + x];
        }
    *sound &= all;
    return all ? (uint32_t)((2 * sum + count) / (2 * count)) : 0;
}

static uint32_t code_at(const struct tile_desk *desk, const struct truth *truth, int32_t i,
                        int64_t at)
{
    return truth->bytes ? desk->tiles[i][at] : ((const uint16_t *)(const void *)desk->tiles[i])[at];
}

static bool tile_is_right(const struct tile_desk *desk, const struct truth *truth, int32_t i)
{
    int k = desk->span.reduction;
    struct area area = tile_desk_area(desk, i, truth->width, truth->height);
    const uint8_t *marks = desk->marks + i * (ptrdiff_t)TILE_MARK_BYTES;
    bool sound = true;
    for (int64_t y = 0; y < area.height; y++)
        for (int64_t x = 0; x < area.width; x++) {
            bool there = true;
            int64_t at = y * TILE_SIDE + x;
            uint32_t code = naive_code(truth, k, area.x + x, area.y + y, &there);
            sound &= there;
            if (code_at(desk, truth, i, at) != code || tile_is_marked(marks, at) == there) {
                printf("  k %d tile %d code %lld, %lld\n", k, (int)i, (long long)x, (long long)y);
                return false;
            }
        }
    return desk->done[i] == 1 && desk->sound[i] == sound;
}

static bool desk_is_right(const struct tile_desk *desk, const struct truth *truth)
{
    bool right = true;
    for (int32_t i = 0; i < tile_desk_tiles(desk); i++)
        right &= desk->tiles[i] ? tile_is_right(desk, truth, i) : !desk->done[i];
    return right;
}

static const struct layout {
    int compression, tile_width, tile_height;
    int64_t rows_per_strip;
    enum sample_type type;
    bool big_endian;
} layouts[] = {
    {0, 0, 0, 16, SAMPLE_U16, false},
    {0, 0, 0, 7, SAMPLE_I8, false},
    {0, 0, 0, 0, SAMPLE_I16, true},
    {COMPRESSION_LZW, 0, 0, 50, SAMPLE_U8, false},
    {COMPRESSION_ADOBE_DEFLATE, 0, 0, 0, SAMPLE_U16, false},
    {0, 16, 16, 0, SAMPLE_U16, false},
    {COMPRESSION_LZW, 256, 256, 0, SAMPLE_I16, false},
    {COMPRESSION_LZW, 240, 112, 0, SAMPLE_U16, false},
    {COMPRESSION_LZW, 48, 80, 0, SAMPLE_U8, false},
    {0, 512, 1024, 0, SAMPLE_U8, false},
    {0, 1104, 720, 0, SAMPLE_U16, true},
};

static tiff_value *const values[] = {tiff_value_byte, tiff_value_signed_byte, tiff_value_wide,
                                     tiff_value_signed};

static struct tiff_recipe recipe_of(const struct layout *layout)
{
    return (struct tiff_recipe){.width = WIDTH,
                                .height = HEIGHT,
                                .type = layout->type,
                                .compression = layout->compression,
                                .tile_width = layout->tile_width,
                                .tile_height = layout->tile_height,
                                .rows_per_strip = layout->rows_per_strip,
                                .big_endian = layout->big_endian,
                                .value = values[layout->type]};
}

static struct source *open_made(const struct tiff_recipe *r)
{
    struct fault fault;
    const char *path = scratch_path("reduce.tif");
    CU_ASSERT_FATAL(tiff_make(path, r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    return source;
}

static void every_reduction_is_the_exact_mean(void)
{
    struct fault fault;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct tiff_recipe r = recipe_of(&layouts[i]);
        struct truth truth = truth_of(&r);
        struct source *source = open_made(&r);
        for (int k = 0; k <= 12; k++) {
            struct tile_desk desk;
            tile_desk_init(&desk, tile_desk_span(&source->page, k), sample_bytes(r.type));
            CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
            bool right = desk_is_right(&desk, &truth);
            CU_ASSERT(right);
            if (!right)
                printf("  layout %zu k %d\n", i, k);
            tile_desk_fini(&desk);
        }
        source_close(source);
        truth_fini(&truth);
    }
}

static void parts_of_a_page_are_reduced_alike(void)
{
    static const struct tile_span spans[] = {
        {0, 0, 1, 1, 3, 2}, {0, 0, 4, 0, 1, 3}, {0, 1, 2, 1, 1, 1}, {0, 1, 0, 0, 3, 1}};
    struct fault fault;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct tiff_recipe r = recipe_of(&layouts[i]);
        struct truth truth = truth_of(&r);
        struct source *source = open_made(&r);
        for (size_t s = 0; s < COUNT(spans); s++) {
            struct tile_desk desk;
            tile_desk_init(&desk, spans[s], sample_bytes(r.type));
            CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
            CU_ASSERT(desk_is_right(&desk, &truth));
            tile_desk_fini(&desk);
        }
        source_close(source);
        truth_fini(&truth);
    }
}

static void unwant_some(struct tile_desk *desk, int32_t pattern)
{
    for (int32_t t = 0; t < tile_desk_tiles(desk); t++)
        if (pattern == 4 ? t % 5 != 2 || t > 9 : t % (pattern + 1) == 0)
            tile_desk_unwant(desk, t);
}

static void unwanted_tiles_are_left_alone(void)
{
    struct fault fault;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct tiff_recipe r = recipe_of(&layouts[i]);
        struct truth truth = truth_of(&r);
        struct source *source = open_made(&r);
        for (int32_t pattern = 1; pattern < 5; pattern++) {
            struct tile_desk desk;
            tile_desk_init(&desk, tile_desk_span(&source->page, 0), sample_bytes(r.type));
            unwant_some(&desk, pattern);
            CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
            CU_ASSERT(desk_is_right(&desk, &truth));
            tile_desk_fini(&desk);
        }
        source_close(source);
        truth_fini(&truth);
    }
}

static int32_t greatest(int64_t x, int64_t y, int page)
{
    (void)x, (void)y, (void)page;
    return 65535;
}

static void all_are_greatest(const struct tile_desk *desk, int k)
{
    const uint16_t *codes = (const uint16_t *)(const void *)desk->tiles[0];
    for (int64_t y = 0; y < reduced_size(2050, k); y++)
        for (int64_t x = 0; x < reduced_size(2100, k); x++)
            CU_ASSERT_EQUAL(codes[y * TILE_SIDE + x], 65535);
}

static void sums_do_not_overflow(void)
{
    struct fault fault;
    for (int tile = 0; tile <= 48; tile += 48) {
        struct tiff_recipe r = {.width = 2100,
                                .height = 2050,
                                .type = SAMPLE_U16,
                                .compression = COMPRESSION_LZW,
                                .tile_width = tile,
                                .tile_height = tile,
                                .rows_per_strip = 64,
                                .value = greatest};
        struct source *source = open_made(&r);
        for (int k = 7; k <= TILE_REDUCTION_MAX; k++) {
            struct tile_desk desk;
            tile_desk_init(&desk, tile_desk_span(&source->page, k), 2);
            CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
            CU_ASSERT(desk.done[0] == 1 && desk.sound[0]);
            all_are_greatest(&desk, k);
            tile_desk_fini(&desk);
        }
        source_close(source);
    }
}

static void means_are_rounded_half_up(void)
{
    static const uint16_t codes[8] = {0, 1, 1, 1, 65535, 65534, 3, 4};
    struct reduction reduction = {1, SAMPLE_U16, true};
    uint32_t sums[4] = {0};
    uint16_t means[4];
    reduction_add(&reduction, sums, 0, codes, 8);
    CU_ASSERT(sums[0] == 1 && sums[1] == 2 && sums[2] == 131069 && sums[3] == 7);
    reduction_means(&reduction, sums, 0, 4, 2, means);
    CU_ASSERT(means[0] == 1 && means[1] == 1 && means[2] == 65535 && means[3] == 4);
    reduction_means(&reduction, sums, 3, 1, 3, means);
    CU_ASSERT_EQUAL(means[0], 2); /* 7 / 3 */
    CU_ASSERT_EQUAL(reduction_sum_bytes(&(struct reduction){8, SAMPLE_U16, true}), 4);
    CU_ASSERT_EQUAL(reduction_sum_bytes(&(struct reduction){9, SAMPLE_U16, true}), 8);
}

/* Makes one block undecodable, in the file and in the truth. */
static void damage_block(const char *path, const struct tiff_recipe *r, uint32_t block,
                         struct truth *truth)
{
    static const uint8_t damage[30] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    TIFF *tiff = TIFFOpen(path, "r");
    int64_t offset = (int64_t)TIFFGetStrileOffset(tiff, block);
    TIFFClose(tiff);
    scratch_patch(path, offset, damage, sizeof damage);
    int64_t width = r->tile_width ? r->tile_width : r->width;
    int64_t height = r->tile_width ? r->tile_height : r->rows_per_strip;
    int64_t across = ceil_div(r->width, width);
    int64_t left = block % across * width, top = block / across * height;
    for (int64_t y = top; y < top + height && y < r->height; y++)
        for (int64_t x = left; x < left + width && x < r->width; x++)
            truth->missing[y * r->width + x] = 1;
}

static void bad_blocks_leave_zeros_and_say_so(void)
{
    static const struct {
        struct layout layout;
        uint32_t block;
    } cases[] = {{{COMPRESSION_ADOBE_DEFLATE, 0, 0, 50, SAMPLE_U16, false}, 3},
                 {{COMPRESSION_ADOBE_DEFLATE, 0, 0, 50, SAMPLE_U16, false}, 13},
                 {{COMPRESSION_ADOBE_DEFLATE, 0, 0, 256, SAMPLE_U8, false}, 0},
                 {{COMPRESSION_ADOBE_DEFLATE, 128, 128, 0, SAMPLE_U16, false}, 20},
                 {{COMPRESSION_ADOBE_DEFLATE, 240, 112, 0, SAMPLE_U16, false}, 12},
                 {{COMPRESSION_ADOBE_DEFLATE, 48, 80, 0, SAMPLE_U8, false}, 100}};
    struct fault fault;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tiff_recipe r = recipe_of(&cases[i].layout);
        struct truth truth = truth_of(&r);
        struct source *source = open_made(&r);
        damage_block(scratch_path("reduce.tif"), &r, cases[i].block, &truth);
        for (int k = 0; k <= 10; k++) {
            struct tile_desk desk;
            tile_desk_init(&desk, tile_desk_span(&source->page, k), sample_bytes(r.type));
            CU_ASSERT_FALSE(reduce_tiles(source, desk.span, &desk.orders, &fault));
            CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "cannot be decoded"));
            bool right = desk_is_right(&desk, &truth);
            CU_ASSERT(right);
            if (!right)
                printf("  case %zu k %d\n", i, k);
            tile_desk_fini(&desk);
        }
        source_close(source);
        truth_fini(&truth);
    }
}

/* What no wanted tile needs is not decoded: damage there goes unnoticed. */
static void blocks_of_unwanted_tiles_are_not_read(void)
{
    static const struct layout some[] = {{COMPRESSION_ADOBE_DEFLATE, 0, 0, 50, SAMPLE_U16, false},
                                         {COMPRESSION_ADOBE_DEFLATE, 64, 64, 0, SAMPLE_U16, false}};
    struct fault fault;
    for (size_t i = 0; i < COUNT(some); i++) {
        struct tiff_recipe r = recipe_of(&some[i]);
        struct truth truth = truth_of(&r);
        struct source *source = open_made(&r);
        struct tile_desk desk;
        damage_block(scratch_path("reduce.tif"), &r, 0, &truth);
        tile_desk_init(&desk, tile_desk_span(&source->page, 0), sample_bytes(r.type));
        for (int32_t t = 0; t < 5; t++)
            tile_desk_unwant(&desk, t);
        CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
        CU_ASSERT(desk_is_right(&desk, &truth));
        tile_desk_fini(&desk);
        source_close(source);
        truth_fini(&truth);
    }
}

static void nobody_wanting_the_rest_ends_it(void)
{
    struct fault fault;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (int k = 0; k <= 6; k += 3) {
            struct tiff_recipe r = recipe_of(&layouts[i]);
            struct source *source = open_made(&r);
            struct tile_desk desk;
            tile_desk_init(&desk, tile_desk_span(&source->page, k), sample_bytes(r.type));
            desk.drop_after = 3;
            CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
            CU_ASSERT_EQUAL(desk.asked, 3);
            CU_ASSERT_EQUAL(desk.done[tile_desk_tiles(&desk) - 1], 0);
            tile_desk_fini(&desk);
            source_close(source);
        }
}

/* A desk that looks, whenever it is asked, at the rows it is told are there. */
struct watching {
    struct tile_desk desk; /* first */
    const struct truth *truth;
    bool spoilt; /* what is damaged may look like anything, until that is found out */
    int told, wrong;
};

static bool look_at_rows(struct tile_orders *orders)
{
    struct watching *watching = (struct watching *)orders;
    const struct tile_desk *desk = &watching->desk;
    const struct tile_rows *growing = &orders->growing;
    int64_t row = (int64_t)growing->row * TILE_SIDE + growing->rows - 1;
    watching->told += growing->rows > 0;
    for (int32_t c = 0; growing->rows && c < growing->columns; c++) {
        int32_t i = growing->row * desk->span.columns + growing->column + c;
        struct area area = tile_desk_area(desk, i, watching->truth->width, watching->truth->height);
        for (int64_t x = 0; x < area.width; x++) {
            bool sound = true;
            uint32_t code =
                naive_code(watching->truth, desk->span.reduction, area.x + x, row, &sound);
            int64_t at = (growing->rows - 1) * TILE_SIDE + x;
            watching->wrong += tile_is_marked(desk->marks + i * (ptrdiff_t)TILE_MARK_BYTES, at);
            watching->wrong += !watching->spoilt && code_at(desk, watching->truth, i, at) != code;
        }
    }
    return false;
}

static void spoil_middle(bool spoilt)
{
    static const uint8_t nonsense[64] = {0xff, 0xff, 0xff};
    FILE *file = fopen(scratch_path("reduce.tif"), "r+");
    CU_ASSERT_FATAL(file && !fseek(file, 0, SEEK_END) && !fseek(file, ftell(file) / 2, SEEK_SET));
    CU_ASSERT(!spoilt || fwrite(nonsense, 1, sizeof nonsense, file) == sizeof nonsense);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

/* Without zlib, damage that libtiff can inflate is not seen. */
#ifdef HAVE_ZLIB
enum { SPOILT_TOO = 2 };
#else
enum { SPOILT_TOO = 1 };
#endif

/* One strip, which may be damaged in the middle: its upper part is there and seen, the rest not. */
static void rows_are_told_as_they_come(void)
{
    struct fault fault;
    for (int spoilt = 0; spoilt < SPOILT_TOO; spoilt++)
        for (int k = 0; k <= 1; k++) {
            struct tiff_recipe r = recipe_of(&layouts[4]);
            struct truth truth = truth_of(&r);
            struct source *source = open_made(&r);
            struct watching watching = {.truth = &truth, .spoilt = spoilt};
            spoil_middle(spoilt);
            tile_desk_init(&watching.desk, tile_desk_span(&source->page, k), sample_bytes(r.type));
            watching.desk.orders.dropped = look_at_rows;
            CU_ASSERT_EQUAL(reduce_tiles(source, watching.desk.span, &watching.desk.orders, &fault),
                            !spoilt);
            CU_ASSERT(watching.told > 3);
            CU_ASSERT_EQUAL(watching.wrong, 0);
            CU_ASSERT_EQUAL(watching.desk.orders.growing.rows, 0);
            tile_desk_fini(&watching.desk);
            source_close(source);
            truth_fini(&truth);
        }
}

static int32_t announced;

static void count_done(struct tile_orders *orders, int32_t i, bool sound)
{
    (void)orders, (void)i;
    announced += sound;
}

static bool never(struct tile_orders *orders)
{
    (void)orders;
    return false;
}

static void *no_place(struct tile_orders *orders, int32_t i)
{
    (void)orders, (void)i;
    return NULL;
}

static void spans_that_no_page_has_are_refused(void)
{
    static const struct tile_span bad[] = {{0, 25, 0, 0, 1, 1},       {0, -1, 0, 0, 1, 1},
                                           {0, 0, -1, 0, 1, 1},       {0, 0, 0, 0, 0, 1},
                                           {0, 0, 0, 0, 1, -1},       {0, 0, INT32_MAX, 0, 1, 1},
                                           {0, 0, 0, 0, 70000, 70000}};
    struct fault fault;
    struct tile_orders orders = {.place = no_place, .done = count_done, .dropped = never};
    struct tiff_recipe r = recipe_of(&layouts[0]);
    struct source *source = open_made(&r);
    for (size_t i = 0; i < COUNT(bad); i++)
        CU_ASSERT_FALSE(reduce_tiles(source, bad[i], &orders, &fault));
    CU_ASSERT(reduce_tiles(source, (struct tile_span){0, 0, 0, 0, 9, 9}, &orders, &fault));
    struct tile_desk desk;
    tile_desk_init(&desk, (struct tile_span){0, 0, 4, 2, 3, 2}, 2);
    CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
    for (int32_t i = 0; i < 6; i++) /* tiles beyond the page hold nothing, and are complete */
        CU_ASSERT_EQUAL(desk.done[i], 1);
    tile_desk_fini(&desk);
    source_close(source);
}

static void *same_place(struct tile_orders *orders, int32_t i)
{
    static double samples[3 * TILE_SAMPLES];
    (void)orders, (void)i;
    return samples;
}

static double zero(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake, (void)x, (void)y, (void)channel;
    return 0;
}

static void a_large_span_takes_little_memory(void)
{
    static const struct fake_layout layouts_of_it[] = {{800000, 12, 0, 8, SAMPLE_U16, 1},
                                                       {800000, 12, 48, 48, SAMPLE_U16, 1},
                                                       {300000, 12, 0, 8, SAMPLE_F64, 3},
                                                       {300000, 12, 48, 48, SAMPLE_F64, 3},
                                                       {200000, 12, 48, 4000, SAMPLE_F32, 3}};
    struct fault fault;
    for (size_t i = 0; i < COUNT(layouts_of_it); i++)
        for (int k = 0; k <= 6; k++) {
            struct fake_source fake;
            fake_source_init(&fake, &layouts_of_it[i], zero);
            struct tile_orders orders = {.place = same_place, .done = count_done, .dropped = never};
            struct tile_span span = tile_desk_span(&fake.source.page, k);
            size_t before = ledger_line(LEDGER_SOURCE).current;
            ledger_reset();
            announced = 0;
            CU_ASSERT(reduce_tiles(&fake.source, span, &orders, &fault));
            CU_ASSERT_EQUAL(announced, span.columns * span.rows);
            CU_ASSERT(ledger_line(LEDGER_SOURCE).peak < 1200000);
            CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
            CU_ASSERT(ledger_enter(LEDGER_SOURCE, before, &fault));
        }
}

static void write_level(TIFF *tiff, uint32_t width, uint32_t height, bool reduced, int value)
{
    uint8_t row[WIDTH];
    memset(row, value, sizeof row);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 50);
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, reduced ? FILETYPE_REDUCEDIMAGE : 0);
    for (uint32_t y = 0; y < height; y++)
        TIFFWriteScanline(tiff, row, y, 0);
    TIFFWriteDirectory(tiff);
}

/* The overview's value is one that no mean of the page has. */
static void overviews_in_files_are_used(void)
{
    struct fault fault;
    const char *path = scratch_path("reduce.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    write_level(tiff, WIDTH, HEIGHT, false, 10);
    write_level(tiff, (uint32_t)reduced_size(WIDTH, 2), (uint32_t)reduced_size(HEIGHT, 2), true,
                200);
    TIFFClose(tiff);
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    for (int k = 0; k <= 4; k++) {
        struct tile_desk desk;
        tile_desk_init(&desk, tile_desk_span(&source->page, k), 1);
        CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
        CU_ASSERT(desk.done[0] == 1 && desk.sound[0]);
        CU_ASSERT_EQUAL(desk.tiles[0][0], k < 2 ? 10 : 200);
        tile_desk_fini(&desk);
    }
    source_close(source);
}

static void refused_memory_is_a_fault(void)
{
    struct fault fault;
    struct tiff_recipe r = recipe_of(&layouts[7]);
    struct source *source = open_made(&r);
    struct tile_desk desk;
    tile_desk_init(&desk, tile_desk_span(&source->page, 5), 2);
    for (long n = 1; n <= 3; n++) {
        size_t before = ledger_line(LEDGER_SOURCE).current;
        ledger_fail_after(n);
        CU_ASSERT_FALSE(reduce_tiles(source, desk.span, &desk.orders, &fault));
        CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
        CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before);
    }
    tile_desk_fini(&desk);
    source_close(source);
}

SUITE("reduce", {"every reduction is the exact mean", every_reduction_is_the_exact_mean},
      {"parts of a page are reduced alike", parts_of_a_page_are_reduced_alike},
      {"unwanted tiles are left alone", unwanted_tiles_are_left_alone},
      {"sums do not overflow", sums_do_not_overflow},
      {"means are rounded half up", means_are_rounded_half_up},
      {"bad blocks leave zeros and say so", bad_blocks_leave_zeros_and_say_so},
      {"blocks of unwanted tiles are not read", blocks_of_unwanted_tiles_are_not_read},
      {"nobody wanting the rest ends it", nobody_wanting_the_rest_ends_it},
      {"rows are told as they come", rows_are_told_as_they_come},
      {"spans that no page has are refused", spans_that_no_page_has_are_refused},
      {"a large span takes little memory", a_large_span_takes_little_memory},
      {"overviews in files are used", overviews_in_files_are_used},
      {"refused memory is a fault", refused_memory_is_a_fault})
