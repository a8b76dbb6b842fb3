/* Rough tiles of sources whose samples tell where they are from: each cell has a sample of the page
 * from where it may be taken, and little is read for it. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/rough.h"
#include "support/fake_source.h"
#include "support/tile_desk.h"

enum { PLACE = 1 << 20 };

/* Exact in a double. */
static double place_value(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake;
    return (double)((int64_t)channel * PLACE * PLACE + y * PLACE + x);
}

/* Of small pages, and of the types that colours have. */
static double small_value(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake;
    return (double)(channel * 20000 + y % 100 * 199 + x % 199);
}

static const struct layout {
    struct fake_layout fake;
    bool direct;
    int k;
    int32_t column, row, columns, rows; /* of the span; columns 0: all of the page */
    int64_t most;                       /* samples that may be read for it */
    int64_t far;                        /* blocks that a sample may be away from its cell */
} layouts[] = {
    {{3000, 2000, 3000, 2000, SAMPLE_F64, 1}, true, 2, 0, 0, 0, 0, 3000 * 500, 0},
    {{3001, 2003, 128, 64, SAMPLE_F64, 1}, true, 3, 0, 0, 0, 0, 3001 * 251, 0},
    {{200000, 33, 200000, 33, SAMPLE_F64, 1}, true, 14, 0, 0, 0, 0, 200, 0},
    {{1, 100000, 1, 100000, SAMPLE_F64, 1}, true, 9, 0, 0, 0, 0, 200, 0},
    {{5000, 4000, 0, 16, SAMPLE_F64, 1}, false, 4, 0, 0, 0, 0, 5000 * 16 * 250, 0},
    {{6000, 6000, 64, 64, SAMPLE_F64, 1}, false, 4, 0, 0, 0, 0, 256 * 64 * 64, 5},
    {{6001, 5999, 48, 80, SAMPLE_F64, 1}, false, 5, 0, 0, 0, 0, 256 * 48 * 80, 6},
    {{6000, 6000, 64, 64, SAMPLE_F64, 1}, false, 4, 1, 0, 1, 2, 256 * 64 * 64, 4},
    {{40000, 700, 32, 512, SAMPLE_F64, 1}, false, 6, 0, 0, 0, 0, 256 * 32 * 512, 6},
    {{900, 700, 512, 512, SAMPLE_F64, 1}, false, 1, 0, 0, 0, 0, 900 * 700, 0},
};

static void report(const struct layout *l, int64_t x, int64_t y, int64_t from_x, int64_t from_y)
{
    printf("  %lld x %lld at %d: cell (%lld, %lld) is from (%lld, %lld)\n",
           (long long)l->fake.width, (long long)l->fake.height, l->k, (long long)x, (long long)y,
           (long long)from_x, (long long)from_y);
}

/* How many blocks lie between two samples along an axis. */
static int64_t blocks_between(int64_t a, int64_t b, int64_t size)
{
    return llabs(a / size - b / size);
}

static bool cell_is_right(const struct layout *l, const struct page *page, int64_t column,
                          int64_t row, double value)
{
    int64_t x = (int64_t)value % PLACE, y = (int64_t)value / PLACE, half = ((int64_t)1 << l->k) / 2;
    int64_t middle_x = min64((column << l->k) + half, page->width - 1);
    int64_t middle_y = min64((row << l->k) + half, page->height - 1);
    bool near = blocks_between(x, middle_x, page->block_width) <= l->far &&
                blocks_between(y, middle_y, page->block_height) <= l->far;
    bool right = x < page->width && y < page->height &&
                 (l->direct ? x == middle_x && y == middle_y : near || !page->tiled);
    if (!right)
        report(l, column, row, x, y);
    return right;
}

static int wrong_cells(const struct layout *l, const struct fake_source *fake,
                       const struct tile_desk *desk)
{
    const struct page *page = &fake->source.page;
    int wrong = 0;
    for (int32_t i = 0; i < tile_desk_tiles(desk); i++) {
        struct tile_desk level = *desk;
        level.span.reduction = l->k;
        struct area area = tile_desk_area(&level, i, page->width, page->height);
        CU_ASSERT(desk->done[i] == 1 && desk->sound[i]);
        for (int64_t y = area.y; y < area.y + area.height && wrong < 3; y++)
            for (int64_t x = area.x; x < area.x + area.width && wrong < 3; x++) {
                int64_t at = y % TILE_SIDE * TILE_SIDE + x % TILE_SIDE;
                wrong +=
                    !cell_is_right(l, page, x, y, sample_value(SAMPLE_F64, desk->tiles[i], at));
            }
    }
    return wrong;
}

static struct tile_span span_of(const struct layout *l, const struct page *page)
{
    struct tile_span span = tile_desk_span(page, l->k);
    if (l->columns)
        span = (struct tile_span){0, l->k, l->column, l->row, l->columns, l->rows};
    span.reduction += TILE_ROUGH;
    return span;
}

static void each_cell_is_a_sample_from_nearby(void)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const struct layout *l = &layouts[i];
        struct fake_source fake;
        struct tile_desk desk;
        struct fault fault;
        fake_source_init(&fake, &l->fake, place_value);
        fake.source.page.direct = l->direct;
        tile_desk_init(&desk, span_of(l, &fake.source.page), 8);
        CU_ASSERT(rough_tiles(&fake.source, desk.span, &desk.orders, &fault));
        CU_ASSERT_EQUAL(wrong_cells(l, &fake, &desk), 0);
        CU_ASSERT(fake.samples > 0 && fake.samples <= l->most);
        CU_ASSERT(desk.orders.read == desk.orders.all && desk.orders.all > 0);
        tile_desk_fini(&desk);
    }
}

/* How many samples of a channel of the only tile are not those in the middles of their cells. */
static int wrong_copies(const struct fake_source *fake, const struct tile_desk *desk, int channel)
{
    enum sample_type type = (enum sample_type)fake->source.page.type;
    int wrong = 0;
    for (int i = 0; i < 100 * 50; i++) {
        int x = i % 100, y = i / 100;
        double value = small_value(fake, min64(2 * x + 1, 198), 2 * y + 1, channel);
        if (type == SAMPLE_U8)
            value = (uint8_t)(int)value;
        wrong +=
            sample_value(type, desk->tiles[0], channel * TILE_SAMPLES + y * TILE_SIDE + x) != value;
    }
    return wrong;
}

/* Colours, and every type: what is copied is the same sample of each channel. */
static void every_kind_of_sample_is_copied(void)
{
    static const struct {
        enum sample_type type;
        int channels;
    } kinds[] = {{SAMPLE_U8, 1},  {SAMPLE_U16, 1}, {SAMPLE_I32, 1},
                 {SAMPLE_F32, 3}, {SAMPLE_U16, 3}, {SAMPLE_F64, 1}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fake_source fake;
        struct tile_desk desk;
        struct fake_layout layout = {199, 100, 0, 16, kinds[i].type, kinds[i].channels};
        fake_source_init(&fake, &layout, small_value);
        struct tile_span span = tile_desk_span(&fake.source.page, 1);
        span.reduction += TILE_ROUGH;
        tile_desk_init(&desk, span, page_sample_bytes(&fake.source.page));
        CU_ASSERT(rough_tiles(&fake.source, span, &desk.orders, NULL));
        for (int channel = 0; channel < kinds[i].channels; channel++)
            CU_ASSERT_EQUAL(wrong_copies(&fake, &desk, channel), 0);
        tile_desk_fini(&desk);
    }
}

/* Every chosen block is bad, or every block. */
static void bad_blocks_are_replaced_by_neighbours(void)
{
    static const struct fake_layout layout = {6000, 6000, 64, 64, SAMPLE_F64, 1};
    struct layout l = {layout, false, 4, 0, 0, 0, 0, 0, 8};
    for (int64_t step = 2; step >= 1; step--) {
        struct fake_source fake;
        struct tile_desk desk;
        fake_source_init(&fake, &layout, place_value);
        fake.step = step;
        tile_desk_init(&desk, span_of(&l, &fake.source.page), 8);
        CU_ASSERT(rough_tiles(&fake.source, desk.span, &desk.orders, NULL));
        CU_ASSERT_EQUAL(desk.done[0], 1);
        if (step == 2)
            CU_ASSERT_EQUAL(wrong_cells(&l, &fake, &desk), 0);
        CU_ASSERT_EQUAL(desk.sound[0], step == 2);
        CU_ASSERT(step == 2 || sample_is_lost(SAMPLE_F64, desk.tiles[0], 777));
        CU_ASSERT_EQUAL(tile_is_marked(desk.marks, 777), step == 1);
        tile_desk_fini(&desk);
    }
}

static void nobody_wanting_the_rest_ends_it(void)
{
    for (int direct = 0; direct < 2; direct++) {
        static const struct fake_layout layout = {6000, 6000, 512, 512, SAMPLE_F64, 1};
        struct fake_source fake;
        struct tile_desk desk;
        fake_source_init(&fake, &layout, place_value);
        fake.source.page.direct = direct;
        struct tile_span span = tile_desk_span(&fake.source.page, 3);
        span.reduction += TILE_ROUGH;
        tile_desk_init(&desk, span, 8);
        desk.drop_after = 3;
        CU_ASSERT(rough_tiles(&fake.source, span, &desk.orders, NULL));
        CU_ASSERT(desk.asked == 3 && fake.samples < 4 << 16);
        CU_ASSERT_EQUAL(desk.done[0], 0);
        tile_desk_fini(&desk);
    }
}

static void spans_that_no_page_has_are_refused(void)
{
    static const struct fake_layout layout = {600, 600, 64, 64, SAMPLE_U8, 1};
    static const struct tile_span spans[] = {{0, 2, 0, 0, 1, 1},
                                             {0, TILE_ROUGH + TILE_REDUCTION_MAX + 1, 0, 0, 1, 1},
                                             {0, TILE_ROUGH, -1, 0, 1, 1},
                                             {0, TILE_ROUGH, 0, 0, 0, 1},
                                             {0, TILE_ROUGH, 0, INT32_MAX, 1, 2}};
    struct fake_source fake;
    fake_source_init(&fake, &layout, small_value);
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct fault fault = {0};
        struct tile_desk desk;
        tile_desk_init(&desk, (struct tile_span){0, 0, 0, 0, 1, 1}, 1);
        CU_ASSERT_FALSE(rough_tiles(&fake.source, spans[i], &desk.orders, &fault));
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
        tile_desk_fini(&desk);
    }
    CU_ASSERT_EQUAL(fake.reads, 0);
}

SUITE("rough", {"each cell is a sample from nearby", each_cell_is_a_sample_from_nearby},
      {"every kind of sample is copied", every_kind_of_sample_is_copied},
      {"bad blocks are replaced by neighbours", bad_blocks_are_replaced_by_neighbours},
      {"nobody wanting the rest ends it", nobody_wanting_the_rest_ends_it},
      {"spans that no page has are refused", spans_that_no_page_has_are_refused})
