/* Means of all reductions in one pass, against means worked out one by one. Guards source/cascade.c
 * and source/copies.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "source/cascade.h"
#include "support/fake_source.h"

enum { REGION = 40 /* side of the squares of which some are all NaN */ };

/* Whole numbers of the type's whole range; quarters, some of them NaN. */
static double value_of(enum sample_type type, int64_t x, int64_t y, int channel)
{
    uint64_t hash = fake_hash(x, y, channel);
    bool hollow = fake_hash(x / REGION, y / REGION, channel + 5) % 7 == 0;
    if (sample_is_float(type))
        return hollow || hash % 9 == 0 ? (double)NAN : ((double)(hash >> 40) - (1 << 23)) / 4;
    if (type == SAMPLE_U32)
        return (double)(uint32_t)(hash | 0xf0000000u);
    if (type == SAMPLE_I32)
        return (double)(int32_t)hash;
    /* Mostly near the top, so that sums are as large as they can be. */
    uint32_t code = (uint32_t)(hash % 5 ? sample_codes(type) - 1 - (int32_t)(hash >> 32 & 15)
                                        : (int32_t)(hash >> 32) & (sample_codes(type) - 1));
    return (double)((int32_t)code + sample_least(type));
}

static double fake_number(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    return value_of((enum sample_type)fake->source.page.type, x, y, channel);
}

static double mean_of(enum sample_type type, int64_t width, int64_t height, int k, int64_t cx,
                      int64_t cy, int channel)
{
    long double sum = 0;
    int64_t n = 0;
    for (int64_t y = cy << k; y < min64((cy + 1) << k, height); y++)
        for (int64_t x = cx << k; x < min64((cx + 1) << k, width); x++) {
            double value = value_of(type, x, y, channel);
            sum += isnan(value) ? 0 : (long double)value;
            n += !isnan(value);
        }
    if (!n)
        return (double)NAN;
    if (!sample_is_float(type))
        return (double)floorl(sum / (long double)n + 0.5L);
    double mean = (double)sum / (double)n;
    return type == SAMPLE_F32 ? (double)(float)mean : mean;
}

/* Takes tiles and sums of a page; sums lie as in the scratch file. */
struct taker {
    struct cascade_sink sink;
    struct row_sink rows;
    struct copies copies;
    struct cascade *cascade;
    int base;
    int64_t samples, wrong, misplaced;
    char *sums[COPIES_MAX + 1];
};

static bool take_tile(struct cascade_sink *sink, int k, int64_t column, int64_t row,
                      const struct cascade_tile *tile)
{
    struct taker *taker = (struct taker *)sink;
    const struct copies *c = &taker->copies;
    int64_t left = column * c->tile_width, top = row * c->tile_height;
    int64_t width = reduced_size(c->width, k), height = reduced_size(c->height, k);
    taker->misplaced += tile->columns != min64(c->tile_width, width - left) ||
                        tile->rows != min64(c->tile_height, height - top);
    for (int channel = 0; channel < c->channels; channel++)
        for (int64_t y = 0; y < tile->rows; y++)
            for (int64_t x = 0; x < tile->columns; x++) {
                double is = sample_value((enum sample_type)c->type, tile->planes[channel],
                                         y * tile->stride + x);
                double must = mean_of((enum sample_type)c->type, c->width, c->height, k, left + x,
                                      top + y, channel);
                taker->wrong += isnan(must) ? !isnan(is) : is != must;
                taker->samples++;
            }
    return true;
}

static bool take_sums(struct cascade_sink *sink, int channel, int64_t x, int64_t y, int64_t n,
                      const void *sums)
{
    struct taker *taker = (struct taker *)sink;
    int k = taker->base + CASCADE_LEVELS;
    size_t size = cascade_sum_bytes(&taker->copies, k);
    int64_t width = reduced_size(taker->copies.width, k);
    memcpy(taker->sums[k] + (size_t)((y * taker->copies.channels + channel) * width + x) * size,
           sums, (size_t)n * size);
    return true;
}

static bool take_row(struct row_sink *rows, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct taker *taker = (struct taker *)(void *)((char *)rows - offsetof(struct taker, rows));
    if (n)
        cascade_add(taker->cascade, x, y, n, samples);
    return true;
}

static void add_sums(struct taker *taker, struct area band)
{
    size_t size = cascade_sum_bytes(&taker->copies, taker->base);
    int64_t width = reduced_size(taker->copies.width, taker->base);
    for (int64_t y = band.y; y < band.y + band.height; y++)
        for (int channel = 0; channel < taker->copies.channels; channel++) {
            int64_t at = (y * taker->copies.channels + channel) * width + band.x;
            cascade_add_sums(taker->cascade, channel, y,
                             taker->sums[taker->base] + (size_t)at * size);
        }
}

static void run_pass(struct taker *taker, struct fake_source *fake, const struct copies_cut *cut)
{
    struct area band;
    int beyond = taker->base + CASCADE_LEVELS;
    if (beyond < taker->copies.count)
        taker->sums[beyond] =
            malloc((size_t)(reduced_size(taker->copies.width, beyond) *
                            reduced_size(taker->copies.height, beyond) * taker->copies.channels) *
                   cascade_sum_bytes(&taker->copies, beyond));
    taker->cascade =
        cascade_new(&taker->copies, taker->base, cut->width, cut->band, &taker->sink, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(taker->cascade);
    for (int64_t job = copies_jobs(cut); job-- > 0;) {
        cascade_start(taker->cascade, copies_job(cut, job));
        while (cascade_band(taker->cascade, &band)) {
            if (taker->base)
                add_sums(taker, band);
            else
                CU_ASSERT(source_read(&fake->source, band, &taker->rows, NULL));
            CU_ASSERT(cascade_settle(taker->cascade));
        }
    }
    cascade_free(taker->cascade);
}

struct row {
    struct fake_layout layout;
    int64_t run;
    int32_t count, tile_width, tile_height, jobs_across, jobs_down; /* in steps of 8 tiles */
    int64_t band;
};

static const struct row rows[] = {
    /* Past 16-bit sums of 32 bits (reduction 8), odd sides, blocks across the bands. */
    {{1043, 531, 100, 60, SAMPLE_U16, 1}, 33, 11, 16, 16, 2, 1, 64},
    {{1043, 531, 0, 7, SAMPLE_I16, 1}, 0, 4, 32, 16, 5, 3, 8},
    {{300, 517, 64, 64, SAMPLE_U8, 3}, 0, 5, 16, 16, 1, 1, 128},
    {{129, 257, 0, 257, SAMPLE_I8, 1}, 10, 2, 16, 16, 2, 4, 16},
    {{258, 255, 48, 16, SAMPLE_U32, 1}, 0, 4, 16, 16, 1, 1, 24},
    {{258, 255, 48, 16, SAMPLE_I32, 1}, 0, 1, 16, 16, 1, 1, 8},
    {{391, 263, 80, 80, SAMPLE_F32, 3}, 17, 7, 16, 16, 1, 2, 32},
    {{391, 263, 0, 1, SAMPLE_F64, 1}, 0, 9, 64, 16, 1, 1, 8},
    {{1, 1100, 0, 5, SAMPLE_U16, 1}, 0, 3, 16, 16, 1, 1, 8},
    {{1100, 1, 0, 1, SAMPLE_F32, 1}, 0, 3, 16, 16, 1, 1, 8},
};

static void means_are_those_of_the_page(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct fake_source fake;
        fake_source_init(&fake, &row->layout, fake_number);
        fake.run = row->run;
        struct copies copies = {.width = row->layout.width,
                                .height = row->layout.height,
                                .count = row->count,
                                .type = (int32_t)row->layout.type,
                                .channels = row->layout.channels,
                                .integral = !sample_is_float(row->layout.type),
                                .tile_width = row->tile_width,
                                .tile_height = row->tile_height};
        struct copies_cut cut = {.page_width = copies.width,
                                 .page_height = copies.height,
                                 .width = 8 * row->tile_width * row->jobs_across,
                                 .height = 8 * row->tile_height * row->jobs_down,
                                 .band = row->band};
        struct taker taker = {.sink = {take_tile, take_sums}, .rows = {take_row}, .copies = copies};
        int64_t samples = 0;
        for (int base = 0; base < copies.count; base += CASCADE_LEVELS) {
            taker.base = base;
            if (base)
                copies_cut_sums(&copies, base, &cut);
            run_pass(&taker, &fake, &cut);
        }
        for (int k = 1; k <= copies.count; k++) {
            samples += reduced_size(copies.width, k) * reduced_size(copies.height, k);
            free(taker.sums[k]);
        }
        CU_ASSERT_EQUAL(taker.samples, samples * copies.channels);
        CU_ASSERT_EQUAL(taker.misplaced, 0);
        CU_ASSERT_EQUAL(taker.wrong, 0);
        if (taker.wrong)
            printf("  row %zu: %lld of %lld means are wrong\n", i, (long long)taker.wrong,
                   (long long)taker.samples);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Plans. */

static struct page plain_page(int64_t width, int64_t height)
{
    struct page page = {.width = width,
                        .height = height,
                        .count = 1,
                        .type = SAMPLE_U16,
                        .channels = 1,
                        .integral = 1,
                        .bits = 16,
                        .samples = 1,
                        .block_width = width,
                        .block_height = 1,
                        .photometric = "MinIsBlack"};
    return page;
}

static void copies_go_down_to_a_small_one(void)
{
    static const struct {
        int64_t width, height;
        int count;
    } sides[] = {{256, 256, 0}, {257, 1, 1},       {512, 300, 1},      {513, 2, 2},
                 {1, 65537, 9}, {30000, 20000, 7}, {INT32_MAX, 5, 23}, {1, 1, 0}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        struct page page = plain_page(sides[i].width, sides[i].height);
        struct copies copies;
        CU_ASSERT(copies_plan(&page, &copies, NULL));
        CU_ASSERT_EQUAL(copies.count, sides[i].count);
        page.reductions = -2; /* the file has them all */
        CU_ASSERT(copies_plan(&page, &copies, NULL) && copies.count == 0);
    }
    struct page page = plain_page(2000, 2000);
    struct copies copies;
    page.reductions = 1 << 1 | 1 << 3; /* 2 is missing */
    CU_ASSERT(copies_plan(&page, &copies, NULL) && copies.count == 3);
}

static void what_copies_cannot_hold_is_refused(void)
{
    struct {
        struct page page;
        const char *sentence;
    } cases[] = {
        {plain_page(900, 900), NULL},          {plain_page(900, 900), "of CMYK pages"},
        {plain_page(900, 900), "both a mask"}, {plain_page(900, 900), "further samples"},
        {plain_page(900, 900), "4-bit"},       {plain_page(900, 900), "16-bit"},
        {plain_page(900, 900), NULL},          {plain_page(900, 900), "no-data value other"},
        {plain_page(900, 900), "65536 pages"}, {plain_page(900, 900), NULL},
    };
    strcpy(cases[1].page.photometric, "CMYK");
    strcpy(cases[2].page.photometric, "RGB");
    cases[2].page.channels = cases[2].page.samples = 3;
    cases[2].page.type = SAMPLE_F32;
    cases[2].page.masked = cases[2].page.has_nodata = 1;
    cases[3].page.samples = 2;
    cases[4].page.bits = 4;
    cases[5].page.format = FORMAT_FLOAT;
    cases[5].page.type = SAMPLE_F32;
    for (int i = 6; i <= 7; i++) {
        strcpy(cases[i].page.photometric, "YCbCr");
        cases[i].page.channels = cases[i].page.samples = 3;
        cases[i].page.type = SAMPLE_U8;
        cases[i].page.bits = 8;
        cases[i].page.has_nodata = 1;
    }
    cases[7].page.nodata = 255;
    cases[8].page.index = 65536;
    cases[9].page.bits = 12;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fault fault = {0};
        struct copies copies;
        bool planned = copies_plan(&cases[i].page, &copies, &fault);
        CU_ASSERT_EQUAL(planned, !cases[i].sentence);
        CU_ASSERT(planned || strstr(fault.text, cases[i].sentence));
        if (!planned && !strstr(fault.text, cases[i].sentence))
            printf("  said: %s\n", fault.text);
    }
}

/* Jobs cover the page, begin on whole tiles of the third copy, and their buffers stay small. */
static void jobs_share_out_the_page(void)
{
    static const struct {
        int64_t width, height, block_width, block_height;
        bool tiled, direct;
        enum sample_type type;
        int channels;
    } pages[] = {
        {3000, 2500, 256, 256, true, false, SAMPLE_U16, 1},
        {30000, 20000, 1024, 1024, true, false, SAMPLE_U16, 1},
        {30000, 20000, 240, 240, true, false, SAMPLE_U8, 3},
        {9000, 9000, 512, 512, true, false, SAMPLE_F32, 3},
        {400000, 100000, 400000, 1, false, true, SAMPLE_F64, 1},
        {30000, 30000, 30000, 30000, false, false, SAMPLE_U16, 1},
        {100000, 4000, 100000, 1, false, false, SAMPLE_U16, 1},
        {2000000, 400, 2000000, 8, false, false, SAMPLE_U16, 1},
        {500000, 3000, 500000, 3000, false, false, SAMPLE_F32, 3},
        {300, 1000000, 300, 20, false, false, SAMPLE_U8, 1},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        for (int makers = 1; makers <= COPIES_MAKERS; makers *= 2) {
            struct page page = plain_page(pages[i].width, pages[i].height);
            struct copies copies;
            struct copies_cut cut;
            page.block_width = pages[i].block_width;
            page.block_height = pages[i].block_height;
            page.tiled = pages[i].tiled;
            page.direct = pages[i].direct;
            CU_ASSERT_FATAL(copies_plan(&page, &copies, NULL));
            copies.from = copies.type = (int32_t)pages[i].type;
            copies.channels = pages[i].channels;
            copies_cut_page(&copies, &page, makers, &cut);
            int64_t samples = 0;
            for (int64_t job = 0; job < copies_jobs(&cut); job++) {
                struct area area = copies_job(&cut, job);
                samples += area.width * area.height;
                CU_ASSERT(area.x % (8 * copies.tile_width) == 0);
                CU_ASSERT(area.y % (8 * copies.tile_height) == 0);
            }
            CU_ASSERT_EQUAL(samples, page.width * page.height);
            CU_ASSERT(copies.tile_width % 16 == 0 && copies.tile_height % 16 == 0);
            CU_ASSERT(cut.band >= 8 && cut.band % 8 == 0);
            size_t bytes = cascade_bytes(&copies, 0, cut.width, cut.band);
            CU_ASSERT(bytes * (size_t)makers <= 8 << 20);
        }
}

SUITE("cascade", {"means are those of the page", means_are_those_of_the_page},
      {"copies go down to a small one", copies_go_down_to_a_small_one},
      {"what copies cannot hold is refused", what_copies_cannot_hold_is_refused},
      {"jobs share out the page", jobs_share_out_the_page})
