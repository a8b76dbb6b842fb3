/* The sample for auto windows, against one taken as its definition says. */
#include "suite.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "source/statistics.h"
#include "support/tiff_old.h"
#include "support/source_reader.h"
#include "support/tiff_maker.h"
#include "unit/naive_sample.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint32_t counted[65536], expected[65536];

static void expect(void *context, int64_t x, int64_t y)
{
    const struct tiff_recipe *r = context;
    expected[r->value(x, y, 0) - sample_least(r->type)]++;
}

static struct source *open_made(const struct tiff_recipe *r)
{
    struct fault fault;
    const char *path = scratch_path("statistics.tif");
    CU_ASSERT_FATAL(tiff_make(path, r));
    struct source *source = source_from(path, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    return source;
}

static int64_t total(const uint32_t *histogram)
{
    int64_t sum = 0;
    for (int i = 0; i < 65536; i++)
        sum += histogram[i];
    return sum;
}

static void check_recipe(const struct tiff_recipe *r, bool in_blocks)
{
    struct fault fault;
    bool complete = false;
    struct source *source = open_made(r);
    memset(counted, 0, sizeof counted);
    memset(expected, 0, sizeof expected);
    naive_sample(&source->page, in_blocks, expect, (void *)(uintptr_t)r);
    CU_ASSERT(statistics_count(source, counted, NULL, NULL, NULL, &complete, &fault));
    CU_ASSERT(complete);
    CU_ASSERT(!memcmp(counted, expected, sizeof counted));
    CU_ASSERT(total(counted) > 0 && total(counted) <= STATISTICS_VALUES);
    if (memcmp(counted, expected, sizeof counted))
        printf("  %lld x %lld tiles %d: %lld counted, %lld expected\n", (long long)r->width,
               (long long)r->height, r->tile_width, (long long)total(counted),
               (long long)total(expected));
    source_close(source);
}

static void small_pages_are_counted_whole(void)
{
    static tiff_value *const values[] = {tiff_value_byte, tiff_value_signed_byte, tiff_value_wide,
                                         tiff_value_signed};
    for (int type = 0; type <= SAMPLE_I16; type++)
        for (int i = 0; i < 4; i++) {
            struct tiff_recipe r = {.width = 301,
                                    .height = 203,
                                    .type = (enum sample_type)type,
                                    .compression = i & 1 ? COMPRESSION_LZW : 0,
                                    .tile_width = i & 2 ? 48 : 0,
                                    .tile_height = i & 2 ? 64 : 0,
                                    .rows_per_strip = 16,
                                    .value = values[type]};
            check_recipe(&r, false);
            CU_ASSERT_EQUAL(total(counted), 301 * 203);
        }
}

static void large_pages_are_counted_on_a_grid(void)
{
    for (int i = 0; i < 4; i++) {
        struct tiff_recipe r = {.width = 2101,
                                .height = 1507,
                                .type = SAMPLE_U8,
                                .compression = i & 1 ? COMPRESSION_LZW : 0,
                                .tile_width = i & 2 ? 256 : 0,
                                .tile_height = i & 2 ? 240 : 0,
                                .rows_per_strip = 100,
                                .value = tiff_value_byte};
        check_recipe(&r, false);
    }
    struct tiff_recipe line = {
        .width = 3000001, .height = 1, .type = SAMPLE_U16, .value = tiff_value_wide};
    check_recipe(&line, false);
    struct tiff_recipe column = {.width = 1,
                                 .height = 1200001,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 1200001,
                                 .value = tiff_value_wide};
    check_recipe(&column, false);
}

static void many_blocks_are_sampled(void)
{
    static const struct {
        int64_t width, height;
        int tile;
        int64_t rows;
    } cases[] = {{400, 300, 16, 0}, {2180, 2190, 128, 0}, {1001, 2999, 0, 10}, {50, 257, 0, 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tiff_recipe r = {.width = cases[i].width,
                                .height = cases[i].height,
                                .type = SAMPLE_U8,
                                .compression = COMPRESSION_LZW,
                                .tile_width = cases[i].tile,
                                .tile_height = cases[i].tile,
                                .rows_per_strip = cases[i].rows,
                                .value = tiff_value_byte};
        check_recipe(&r, true);
    }
}

static bool after_some(void *context)
{
    return --*(int *)context == 0;
}

static void the_count_stops_when_dropped(void)
{
    for (int i = 0; i < 2; i++) {
        struct fault fault;
        bool complete = true;
        int left = 3;
        struct tiff_recipe r = {.width = 1000,
                                .height = 2000,
                                .type = SAMPLE_U16,
                                .compression = i ? COMPRESSION_LZW : 0,
                                .rows_per_strip = 5};
        struct source *source = open_made(&r);
        memset(counted, 0, sizeof counted);
        CU_ASSERT(statistics_count(source, counted, NULL, after_some, &left, &complete, &fault));
        CU_ASSERT(!complete && left == 0);
        CU_ASSERT(total(counted) < 300000);
        source_close(source);
    }
}

static void damage_blocks(const char *path, int first, int last)
{
    static const uint8_t damage[4] = {0xff, 0xff, 0xff, 0xff};
    for (int block = first; block <= last; block++) {
        TIFF *tiff = TIFFOpen(path, "r");
        int64_t offset = (int64_t)TIFFGetStrileOffset(tiff, (uint32_t)block);
        TIFFClose(tiff);
        scratch_patch(path, offset, damage, sizeof damage);
    }
}

static void bad_blocks_are_left_out(void)
{
    struct fault fault;
    bool complete = false;
    struct tiff_recipe r = {.width = 100,
                            .height = 60,
                            .type = SAMPLE_U16,
                            .compression = COMPRESSION_ADOBE_DEFLATE,
                            .rows_per_strip = 20};
    struct source *source = open_made(&r);
    const char *path = scratch_path("statistics.tif");
    damage_blocks(path, 1, 1);
    memset(counted, 0, sizeof counted);
    CU_ASSERT(statistics_count(source, counted, NULL, NULL, NULL, &complete, &fault));
    CU_ASSERT(complete && total(counted) == 100 * 40);
    damage_blocks(path, 0, 2);
    memset(counted, 0, sizeof counted);
    CU_ASSERT_FALSE(statistics_count(source, counted, NULL, NULL, NULL, &complete, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "a.tif: strip 0 (rows 0 to 19) cannot be decoded: "));
    source_close(source);
}

SUITE("statistics", {"small pages are counted whole", small_pages_are_counted_whole},
      {"large pages are counted on a grid", large_pages_are_counted_on_a_grid},
      {"many blocks are sampled", many_blocks_are_sampled},
      {"the count stops when dropped", the_count_stops_when_dropped},
      {"bad blocks are left out", bad_blocks_are_left_out})
