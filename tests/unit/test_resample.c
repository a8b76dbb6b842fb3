/* Copies of any ratio, resampled to a reduction: each sample made is the mean of what it covers of
 * the copy, by shares of area. Guards source/resample.h; which copies come to it is seen in
 * test_tiff_overviews.c. */
#include "source/resample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "suite.h"
#include "support/fake_source.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { NANS = 1, ALL_NAN = 2 };

static const struct {
    int64_t width, height; /* of the page */
    int k;
    struct fake_layout copy;
    int marks; /* NANS: of floating samples some are NaN; ALL_NAN: and a corner is all NaN */
    int64_t run;
    int64_t first_bad, step, rows_of_bad;
} cases[] = {
    {1200, 600, 2, {400, 200, 0, 7, SAMPLE_U16, 1}, 0, 0, 0, 0, 0},
    {1200, 600, 2, {400, 200, 32, 48, SAMPLE_U16, 1}, 0, 0, 0, 0, 0},
    {1199, 601, 2, {399, 200, 64, 16, SAMPLE_U8, 3}, 0, 0, 0, 0, 0},
    {1000, 601, 3, {200, 121, 16, 16, SAMPLE_I16, 1}, 0, 0, 0, 0, 0},
    {997, 801, 3, {199, 161, 0, 1, SAMPLE_I8, 1}, 0, 31, 0, 0, 0},
    {301, 211, 1, {297, 208, 0, 30, SAMPLE_U32, 1}, 0, 0, 0, 0, 0},
    {301, 211, 1, {200, 140, 32, 32, SAMPLE_I32, 1}, 0, 5, 0, 0, 0},
    {500, 3, 2, {131, 1, 0, 1, SAMPLE_F64, 1}, NANS, 0, 0, 0, 0},
    {640, 480, 5, {33, 24, 16, 16, SAMPLE_F32, 1}, NANS | ALL_NAN, 0, 0, 0, 0},
    {1200, 900, 2, {333, 250, 16, 16, SAMPLE_F32, 3}, NANS, 0, 0, 0, 0},
    {1200, 600, 2, {400, 200, 32, 16, SAMPLE_U16, 1}, 0, 0, 3, 17, 5},
    {1200, 600, 2, {400, 200, 0, 20, SAMPLE_U8, 3}, 0, 100, 1, 4, 7},
};

static double value_of(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t hash = fake_hash(x, y, channel);
    enum sample_type type = (enum sample_type)fake->source.page.type;
    if (sample_is_float(type)) {
        bool hidden =
            (fake->mark & NANS && hash >> 32 & 1) || (fake->mark & ALL_NAN && x < 12 && y < 12);
        return hidden ? (double)NAN : (double)(hash % 100000) - 50000;
    }
    uint64_t codes = (uint64_t)1 << 8 * sample_bytes(type);
    return (double)(hash % codes) - (sample_is_signed(type) ? (double)(codes / 2) : 0);
}

/* How much sample i of `copies` and [begin, end) of a page have in common, in 1 / copies. */
static int64_t overlap(int64_t i, int64_t copies, int64_t page, int64_t begin, int64_t end)
{
    int64_t from = max64(i * page, begin * copies), to = min64((i + 1) * page, end * copies);
    return max64(to - from, 0);
}

struct seen {
    struct row_sink sink; /* first */
    const struct fake_source *copy;
    const struct page *made;
    size_t i; /* of cases */
    struct area area;
    int *times; /* that samples of the area came */
    int64_t wrong, signs;
    bool backwards; /* rows of strips came in another order */
    int64_t y;
};

/* The sum of a made sample's shares, of whole numbers and those of half a number exact; false when
 * the copy lacks a part of it. */
static bool sum_up(const struct seen *seen, int64_t x, int64_t y, int channel, int64_t *sum,
                   int64_t *weight)
{
    const struct page *copy = &seen->copy->source.page;
    int64_t width = cases[seen->i].width, height = cases[seen->i].height, k = cases[seen->i].k;
    bool whole = true;
    *sum = *weight = 0;
    for (int64_t row = (y << k) * copy->height / height; row < copy->height; row++) {
        int64_t down = overlap(row, copy->height, height, y << k, min64((y + 1) << k, height));
        if (!down)
            break;
        for (int64_t i = (x << k) * copy->width / width; i < copy->width; i++) {
            int64_t across = overlap(i, copy->width, width, x << k, min64((x + 1) << k, width));
            double value = value_of(seen->copy, i, row, channel);
            if (!across)
                break;
            whole &= !fake_source_lacks(seen->copy, i, row);
            *sum += isnan(value) ? 0 : down * across * (int64_t)value;
            *weight += isnan(value) ? 0 : down * across;
        }
    }
    return whole;
}

static bool is_right(const struct seen *seen, int64_t x, int64_t y, int channel, double got)
{
    int64_t sum, weight;
    if (!sum_up(seen, x, y, channel, &sum, &weight))
        return false;
    if (!weight)
        return isnan(got);
    if (!seen->made->integral)
        return fabs(got - (double)sum / (double)weight) <= 1e-6 * fabs(got);
    int64_t twice = 2 * sum + weight, mean = twice / (2 * weight);
    mean -= twice % (2 * weight) < 0;
    return got == (double)mean;
}

static bool look(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct seen *seen = (struct seen *)sink;
    struct area run = {x, y, n, 1}, both = area_intersect(run, seen->area);
    if (!n)
        return ++seen->signs;
    seen->wrong += both.width != n || both.height != 1;
    seen->backwards |= y < seen->y;
    seen->y = y;
    for (int64_t i = 0; i < both.width && both.height; i++) {
        seen->times[(y - seen->area.y) * seen->area.width + x + i - seen->area.x]++;
        for (int channel = 0; channel < seen->made->channels; channel++) {
            double got = sample_value((enum sample_type)seen->made->type, samples, channel * n + i);
            seen->wrong += !is_right(seen, x + i, y, channel, got);
        }
    }
    return true;
}

/* How many samples of the area did not come as they should. */
static int64_t mistakes(struct seen *seen, struct source *source, bool *fine)
{
    struct fault fault = {.kind = FAULT_NONE};
    int64_t unused[2];
    seen->made = &source->page;
    seen->times = calloc((size_t)(seen->area.width * seen->area.height), sizeof *seen->times);
    seen->y = 0;
    *fine = source_read(source, seen->area, &seen->sink, &fault);
    for (int64_t i = 0; i < seen->area.width * seen->area.height; i++) {
        int64_t x = seen->area.x + i % seen->area.width, y = seen->area.y + i / seen->area.width;
        seen->wrong += seen->times[i] != sum_up(seen, x, y, 0, &unused[0], &unused[1]);
    }
    free(seen->times);
    return seen->wrong + (seen->backwards && !source->page.tiled);
}

static void samples_are_means_by_area(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fake_source copy;
        struct resample_source resample;
        fake_source_init(&copy, &cases[i].copy, value_of);
        copy.mark = cases[i].marks;
        copy.run = cases[i].run;
        copy.first_bad = cases[i].first_bad;
        copy.step = cases[i].step;
        copy.rows_of_bad = cases[i].rows_of_bad;
        resample_init(&resample, &copy.source, cases[i].width, cases[i].height, cases[i].k);
        int64_t width = reduced_size(cases[i].width, cases[i].k);
        int64_t height = reduced_size(cases[i].height, cases[i].k);
        CU_ASSERT(resample.source.page.width == width && resample.source.page.height == height);
        const struct area areas[] = {{0, 0, width, height},
                                     {width - 1, height - 1, 1, 1},
                                     {width / 3, 0, width / 2, height},
                                     {0, height / 2, width, 1}};
        for (size_t a = 0; a < COUNT(areas); a++) {
            struct seen seen = {.sink = {look}, .copy = &copy, .i = i, .area = areas[a]};
            bool fine;
            int64_t wrong = mistakes(&seen, &resample.source, &fine);
            CU_ASSERT_EQUAL(wrong, 0);
            CU_ASSERT_EQUAL(fine || a, !cases[i].step || a);
            if (wrong)
                printf("  case %zu, area %zu: %lld\n", i, a, (long long)wrong);
        }
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

struct stopping {
    struct row_sink sink; /* first */
    int left;
};

static bool stop(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    (void)x, (void)y, (void)n, (void)samples;
    return --((struct stopping *)sink)->left > 0;
}

/* What is stopped is no error, and no run comes after. */
static void a_reading_stops(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct fake_source copy;
        struct resample_source resample;
        struct stopping stopping = {{stop}, 3};
        struct fault fault;
        fake_source_init(&copy, &cases[i].copy, value_of);
        resample_init(&resample, &copy.source, cases[i].width, cases[i].height, cases[i].k);
        CU_ASSERT(
            source_read(&resample.source, (struct area){0, 0, 300, 150}, &stopping.sink, &fault));
        CU_ASSERT_EQUAL(stopping.left, 0);
    }
}

SUITE("source/resample", {"samples are means by area", samples_are_means_by_area},
      {"a reading stops", a_reading_stops})
