/* Percentiles and histograms of every type, out of sources that compute their samples; here they
 * are collected and sorted. Guards source/statistics.c and source/kept_sample.c. */
#include "suite.h"

#include <math.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ledger.h"
#include "base/order_key.h"
#include "source/sampling.h"
#include "source/spill.h"
#include "source/statistics.h"
#include "support/fake_source.h"
#include "unit/naive_sample.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint32_t histogram[65536];

static enum sample_type type_of(const struct fake_source *fake)
{
    return (enum sample_type)fake->source.page.type;
}

/* A value that every type has: -100 .. 100, or 0 .. 200. */
static double small(const struct fake_source *fake, uint64_t h, uint64_t values)
{
    return (double)(h % values) - (sample_is_signed(type_of(fake)) ? 100 : 0);
}

/* All that the type holds: floats of any exponent, NaN and infinities among them. */
static double spread(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel);
    enum sample_type type = type_of(fake);
    return sample_value(type, &h, 0);
}

/* The least that neighbours can differ by, so that keys agree in all digits but the last. */
static double near(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel) % 1000;
    if (type_of(fake) == SAMPLE_F64)
        return 1 + (double)h * DBL_EPSILON;
    if (type_of(fake) == SAMPLE_F32)
        return -1 - (double)h * (double)FLT_EPSILON;
    return sample_is_narrow(type_of(fake)) ? small(fake, h, 100) : 65500 + (double)h;
}

static double tiny(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel);
    double least = type_of(fake) == SAMPLE_F64 ? 0x1p-1074 : 0x1p-149;
    return (sample_is_float(type_of(fake)) ? least : 1) * small(fake, h, 120);
}

/* Nearly all alike; the few others are just too few, or enough, for the percentiles. */
static double clumped(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel);
    uint64_t part = h % 1000;
    return part < 4     ? small(fake, h >> 20, 10)
           : part < 994 ? small(fake, 77, 101)
                        : small(fake, h >> 20, 200);
}

static double holed(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    uint64_t h = fake_hash(x, y, channel);
    double value = small(fake, h >> 8, 200);
    if (!sample_is_float(type_of(fake)) || h % 4 == 0)
        return value;
    return h % 4 == 1 ? (double)NAN : h % 4 == 2 ? (double)INFINITY : (double)-INFINITY;
}

static double nothing(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)x, (void)y, (void)channel;
    return sample_is_float(type_of(fake)) ? (double)NAN : 0;
}

static double constant(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake, (void)x, (void)y, (void)channel;
    return 42;
}

static double zeros(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake;
    return fake_hash(x, y, channel) & 1 ? 0.0 : -0.0;
}

static fake_value *const contents[] = {spread, near,    tiny,     clumped,
                                       holed,  nothing, constant, zeros};

/* What the sample comes to, by sorting. */
struct naive {
    const struct fake_source *fake;
    double *values;
    int64_t counted;
};

static void collect(void *context, int64_t x, int64_t y)
{
    struct naive *naive = context;
    if (fake_source_lacks(naive->fake, x, y))
        return;
    for (int channel = 0; channel < naive->fake->source.page.channels; channel++) {
        double value = naive->fake->value(naive->fake, x, y, channel);
        if (isfinite(value))
            naive->values[naive->counted++] = value;
    }
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static struct naive naive_of(const struct fake_source *fake, bool in_blocks)
{
    const struct page *page = &fake->source.page;
    size_t room = (size_t)STATISTICS_VALUES * (size_t)page->channels;
    struct naive naive = {fake, malloc(room * sizeof *naive.values), 0};
    naive_sample(page, in_blocks, collect, &naive);
    qsort(naive.values, (size_t)naive.counted, sizeof *naive.values, compare);
    return naive;
}

/* The value at which so many thousandths of all are reached. */
static double naive_percentile(const struct naive *naive, int64_t thousandths)
{
    return naive->values[(naive->counted * thousandths + 999) / 1000 - 1];
}

static bool same_codes(const struct naive *naive)
{
    int64_t i = 0;
    for (int32_t code = 0; code < 65536; code++)
        for (uint32_t n = histogram[code]; n > 0; n--, i++)
            if (i >= naive->counted ||
                naive->values[i] - sample_least(type_of(naive->fake)) != code)
                return false;
    return i == naive->counted;
}

/* At each step's end as many values must have been counted as lie below it; those that lie on it
 * but for rounding may be on either side. */
static bool same_steps(const struct naive *naive)
{
    int64_t counted = 0, below = 0, up_to = 0;
    long double least = naive->values[0];
    long double range = naive->values[naive->counted - 1] - least;
    for (int step = 0; step < 65535; step++) {
        long double end = least + range * (step + 1) / 65536, little = range * 1e-12L;
        counted += histogram[step];
        while (below < naive->counted && naive->values[below] < end - little)
            below++;
        while (up_to < naive->counted && naive->values[up_to] <= end + little)
            up_to++;
        if (counted < below || counted > up_to)
            return false;
    }
    return counted + histogram[65535] == naive->counted;
}

static bool same_histogram(const struct naive *naive)
{
    if (sample_is_narrow(type_of(naive->fake)))
        return same_codes(naive);
    if (!naive->counted || naive->values[0] >= naive->values[naive->counted - 1])
        return histogram[0] == (uint32_t)naive->counted && !histogram[1] && !histogram[65535];
    return same_steps(naive);
}

static bool same_statistics(const struct naive *naive, const struct statistics *seen)
{
    if (seen->counted != naive->counted)
        return false;
    return !naive->counted ||
           (seen->least == naive->values[0] && seen->most == naive->values[naive->counted - 1] &&
            seen->low == naive_percentile(naive, 5) && seen->high == naive_percentile(naive, 995));
}

/* Counts as the definition says, bad blocks left out. */
static bool counts_right(struct fake_source *fake, bool in_blocks)
{
    struct fault fault;
    struct statistics seen;
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    bool complete = false;
    memset(histogram, 0, sizeof histogram);
    bool fine = statistics_count(&fake->source, histogram, &seen, NULL, NULL, &complete, &fault);
    struct naive naive = naive_of(fake, in_blocks);
    bool right = fine && complete && same_statistics(&naive, &seen) && same_histogram(&naive) &&
                 ledger_line(LEDGER_SOURCE).current == before.current;
    if (!right)
        printf("  type %d, %lld x %lld x %d: %lld counted, not %lld; %g .. %g .. %g .. %g\n",
               (int)type_of(fake), (long long)fake->source.page.width,
               (long long)fake->source.page.height, fake->source.page.channels,
               (long long)seen.counted, (long long)naive.counted, seen.least, seen.low, seen.high,
               seen.most);
    free(naive.values);
    return right;
}

static void every_type_is_counted(void)
{
    static const struct fake_layout layouts[] = {{101, 83, 0, 16, SAMPLE_U8, 3},
                                                 {150, 99, 48, 32, SAMPLE_U8, 1},
                                                 {1, 1, 0, 1, SAMPLE_U8, 1},
                                                 {1, 5000, 0, 100, SAMPLE_U8, 3}};
    for (int type = 0; type < SAMPLE_TYPES; type++)
        for (size_t i = 0; i < COUNT(layouts) * COUNT(contents); i++) {
            struct fake_source fake;
            struct fake_layout layout = layouts[i % COUNT(layouts)];
            layout.type = (enum sample_type)type;
            fake_source_init(&fake, &layout, contents[i / COUNT(layouts)]);
            fake.run = 37;
            bool right = counts_right(&fake, false);
            CU_ASSERT(right);
            if (!right)
                printf("  layout %zu contents %zu\n", i % COUNT(layouts), i / COUNT(layouts));
        }
}

static void large_pages_are_counted_on_the_grid(void)
{
    static const struct {
        struct fake_layout layout;
        bool direct, in_blocks;
    } cases[] = {{{1701, 1207, 0, 100, SAMPLE_F32, 1}, true, false},
                 {{1701, 1207, 256, 256, SAMPLE_F64, 1}, false, false},
                 {{401, 2999, 0, 10, SAMPLE_F32, 3}, false, true},
                 {{600, 900, 32, 16, SAMPLE_I16, 3}, false, true},
                 {{600, 900, 32, 16, SAMPLE_U32, 1}, true, false},
                 {{1, 1100000, 0, 1100000, SAMPLE_F64, 1}, false, false},
                 {{1100000, 1, 0, 1, SAMPLE_I32, 1}, true, false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fake_source fake;
        fake_source_init(&fake, &cases[i].layout, spread);
        fake.source.page.direct = cases[i].direct;
        CU_ASSERT(counts_right(&fake, cases[i].in_blocks));
    }
}

static void bad_blocks_are_left_out_of_every_pass(void)
{
    static const struct fake_layout layouts[] = {{300, 200, 0, 10, SAMPLE_U16, 1},
                                                 {300, 200, 32, 32, SAMPLE_F32, 3},
                                                 {300, 200, 32, 32, SAMPLE_F64, 1}};
    struct fault fault;
    struct statistics seen;
    struct fake_source fake;
    bool complete;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        fake_source_init(&fake, &layouts[i], near);
        fake.first_bad = 1;
        fake.step = 3;
        fake.rows_of_bad = 4;
        CU_ASSERT(counts_right(&fake, false));
        fake.first_bad = 0;
        fake.step = 1;
        fake.rows_of_bad = 0;
        fault = (struct fault){0};
        CU_ASSERT_FALSE(
            statistics_count(&fake.source, histogram, &seen, NULL, NULL, &complete, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, "block 0 cannot be decoded");
        CU_ASSERT_EQUAL(seen.counted, 0);
    }
}

/* One who asks on, and looks at what has been seen. */
struct watcher {
    struct statistics seen;
    int64_t counted;
    long asked, drop_at;
    bool wrong;
};

static bool watch(void *context)
{
    struct watcher *watcher = context;
    const struct statistics *seen = &watcher->seen;
    watcher->wrong |= seen->counted <= 0 || seen->counted < watcher->counted ||
                      !(seen->least <= seen->low && seen->low <= seen->high &&
                        seen->high <= seen->most && seen->least >= 1 && seen->most < 70000);
    watcher->counted = seen->counted;
    return ++watcher->asked == watcher->drop_at;
}

static void the_count_is_seen_and_dropped_in_any_pass(void)
{
    static const enum sample_type types[] = {SAMPLE_U16, SAMPLE_U32, SAMPLE_F64};
    struct fault fault;
    for (size_t i = 0; i < COUNT(types); i++) {
        struct fake_layout layout = {700, 400, 0, 10, types[i], 1};
        struct fake_source fake;
        struct watcher whole = {.drop_at = 0};
        bool complete = false;
        fake_source_init(&fake, &layout, types[i] == SAMPLE_U16 ? constant : near);
        CU_ASSERT(statistics_count(&fake.source, histogram, &whole.seen, watch, &whole, &complete,
                                   &fault));
        CU_ASSERT(complete && !whole.wrong && whole.asked >= 4 && whole.counted < 700 * 400 + 1);
        for (long n = 1; n <= whole.asked; n++) {
            struct watcher watcher = {.drop_at = n};
            CU_ASSERT(statistics_count(&fake.source, histogram, &watcher.seen, watch, &watcher,
                                       &complete, &fault));
            CU_ASSERT(!complete && !watcher.wrong && watcher.asked == n);
            CU_ASSERT(n > 1 || (watcher.counted >= 65536 && watcher.counted < 140000));
        }
    }
}

static struct statistics looked_at;

static double looking(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    (void)fake, (void)x, (void)y, (void)channel;
    return looked_at.counted == 99 ? 1 : 0;
}

static void what_was_seen_before_goes_first(void)
{
    static const struct fake_layout layout = {9, 9, 0, 9, SAMPLE_F32, 1};
    struct fault fault;
    struct fake_source fake;
    bool complete;
    fake_source_init(&fake, &layout, looking);
    looked_at.counted = 99;
    CU_ASSERT(statistics_count(&fake.source, histogram, &looked_at, NULL, NULL, &complete, &fault));
    CU_ASSERT(looked_at.counted == 81 && looked_at.most == 0);
}

static int64_t passes_of(enum sample_type type, fake_value *value)
{
    struct fake_layout layout = {200, 100, 0, 100, type, 1};
    struct fake_source fake;
    struct fault fault;
    bool complete;
    fake_source_init(&fake, &layout, value);
    CU_ASSERT(statistics_count(&fake.source, histogram, NULL, NULL, NULL, &complete, &fault));
    return fake.reads;
}

static void passes_end_when_all_is_known(void)
{
    CU_ASSERT_EQUAL(passes_of(SAMPLE_U16, spread), 1);
    CU_ASSERT_EQUAL(passes_of(SAMPLE_F64, constant), 1);
    CU_ASSERT_EQUAL(passes_of(SAMPLE_F64, nothing), 1);
    CU_ASSERT_EQUAL(passes_of(SAMPLE_F32, spread), 3);
    CU_ASSERT_EQUAL(passes_of(SAMPLE_F64, near), 5);
    CU_ASSERT_EQUAL(passes_of(SAMPLE_F64, zeros), 2);
}

/* Another file from the second pass on. At first all values agree in their keys' first 16 bits, as
 * do 5 and 5.24. */
static double fleeting(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    static const double later[] = {(double)NAN, -1e30, 1e30, 5, 5.24};
    if (fake->reads == 1)
        return 5.1 + (double)(fake_hash(x, y, channel) % 1000) / 8000;
    return later[fake->mark];
}

static void files_that_change_do_no_harm(void)
{
    static const struct fake_layout layout = {200, 100, 0, 100, SAMPLE_F64, 1};
    struct fault fault;
    struct statistics seen;
    bool complete;
    for (int64_t mark = 0; mark < 5; mark++) {
        struct fake_source fake;
        fake_source_init(&fake, &layout, fleeting);
        fake.mark = mark;
        CU_ASSERT(statistics_count(&fake.source, histogram, &seen, NULL, NULL, &complete, &fault));
        CU_ASSERT(complete && seen.counted == 200 * 100);
        CU_ASSERT(5.1 <= seen.least && seen.least <= seen.low && seen.low <= seen.high &&
                  seen.high <= seen.most && seen.most < 5.23);
    }
}

struct outcome {
    struct statistics seen;
    uint32_t histogram[65536];
    int64_t samples;
};

static void count_all(struct fake_source *fake, struct outcome *outcome)
{
    bool complete = false;
    memset(histogram, 0, sizeof histogram);
    fake->samples = 0;
    CU_ASSERT(
        statistics_count(&fake->source, histogram, &outcome->seen, NULL, NULL, &complete, NULL) &&
        complete);
    outcome->samples = fake->samples;
    memcpy(outcome->histogram, histogram, sizeof histogram);
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    return !memcmp(&a->seen, &b->seen, sizeof a->seen) &&
           !memcmp(a->histogram, b->histogram, sizeof a->histogram);
}

/* With a temporary file the page is read once, and all comes to the same; where the file has no
 * room for the sample, what others have in it stays. */
static void a_kept_sample_counts_the_same(void)
{
    static const struct fake_layout layouts[] = {{901, 700, 0, 10, SAMPLE_F32, 1},
                                                 {1301, 1200, 64, 32, SAMPLE_F64, 1},
                                                 {600, 500, 32, 32, SAMPLE_F32, 3},
                                                 {700, 400, 0, 400, SAMPLE_U32, 1}};
    static struct outcome without, with, full;
    int fd = spill_open(), owner;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct fake_source fake;
        fake_source_init(&fake, &layouts[i], near);
        fake.first_bad = i % 2;
        fake.step = 5;
        fake.rows_of_bad = 3;
        count_all(&fake, &without);
        spill_use(fd, INT64_C(64) << 20, 0);
        count_all(&fake, &with);
        CU_ASSERT(same_outcome(&without, &with));
        CU_ASSERT(without.samples >= 3 * with.samples);
        CU_ASSERT_FALSE(spill_has(&fake));
        int64_t most = statistics_values(&fake.source.page) *
                       (int64_t)sample_bytes((enum sample_type)fake.source.page.type);
        spill_use(fd, most + (1 << 20), 0);
        CU_ASSERT_PTR_NOT_NULL(spill_take(&owner, 0, 2 << 20, 2 << 20));
        count_all(&fake, &full);
        CU_ASSERT(same_outcome(&without, &full));
        CU_ASSERT_EQUAL(full.samples, without.samples);
        CU_ASSERT(spill_has(&owner));
        spill_drop_all(&owner);
        spill_use(-1, 0, 0);
    }
    close(fd);
}

/* One whose part another takes over in the middle. */
static struct spill_part *taken_over;

static bool take_it_over(void *context)
{
    long *asked = context;
    if (++*asked == 40)
        taken_over = spill_take(asked, 0, 8 << 20, 8 << 20);
    return false;
}

static void a_sample_that_is_lost_is_read_again(void)
{
    const struct fake_layout layout = {901, 700, 0, 10, SAMPLE_F32, 1};
    static struct outcome without, with;
    struct fake_source fake;
    bool complete = false;
    int fd = spill_open();
    long asked = 0;
    fake_source_init(&fake, &layout, near);
    count_all(&fake, &without);
    spill_use(fd, 8 << 20, 0);
    memset(histogram, 0, sizeof histogram);
    CU_ASSERT(statistics_count(&fake.source, histogram, &with.seen, take_it_over, &asked, &complete,
                               NULL) &&
              complete);
    memcpy(with.histogram, histogram, sizeof histogram);
    CU_ASSERT(asked > 40 && taken_over && spill_find(&asked, 0) == taken_over);
    CU_ASSERT(same_outcome(&without, &with));
    spill_drop_all(&asked);
    spill_use(-1, 0, 0);
    close(fd);
}

static void refused_memory_is_a_fault(void)
{
    static const struct fake_layout layout = {20, 10, 0, 10, SAMPLE_F32, 1};
    struct fault fault = {0};
    struct statistics seen = {.counted = 99};
    bool complete = true;
    struct fake_source fake;
    fake_source_init(&fake, &layout, spread);
    ledger_fail_after(1);
    CU_ASSERT_FALSE(
        statistics_count(&fake.source, histogram, &seen, NULL, NULL, &complete, &fault));
    CU_ASSERT(fault.kind == FAULT_MEMORY && !fake.reads && !seen.counted);
    ledger_fail_after(0);
}

static void keys_are_ordered_as_values(void)
{
    static const double values[] = {
        -(double)INFINITY, -3e38, -65537, -1.5, -0x1p-149, -0.0, 0,
        0x1p-149,          1,     1.5,    3,    65536,     3e38, (double)INFINITY};
    float f32[COUNT(values)];
    for (size_t i = 0; i < COUNT(values); i++) {
        f32[i] = (float)values[i];
        uint64_t key32 = order_key(SAMPLE_F32, f32, (int64_t)i);
        uint64_t key64 = order_key(SAMPLE_F64, values, (int64_t)i);
        CU_ASSERT(!i || key32 > order_key(SAMPLE_F32, f32, (int64_t)i - 1));
        CU_ASSERT(!i || key64 > order_key(SAMPLE_F64, values, (int64_t)i - 1));
        CU_ASSERT(key32 <= UINT32_MAX && order_value(SAMPLE_F32, key32) == (double)f32[i]);
        CU_ASSERT(order_value(SAMPLE_F64, key64) == values[i]);
    }
    static const int32_t i32[] = {INT32_MIN, -1, 0, 1, INT32_MAX};
    static const uint32_t u32[] = {0, 1, INT32_MAX, UINT32_C(1) << 31, UINT32_MAX};
    for (int64_t i = 0; i < 5; i++) {
        uint64_t is = order_key(SAMPLE_I32, i32, i), us = order_key(SAMPLE_U32, u32, i);
        CU_ASSERT(!i || is > order_key(SAMPLE_I32, i32, i - 1));
        CU_ASSERT(!i || us > order_key(SAMPLE_U32, u32, i - 1));
        CU_ASSERT(is <= UINT32_MAX && order_value(SAMPLE_I32, is) == i32[i]);
        CU_ASSERT(us <= UINT32_MAX && order_value(SAMPLE_U32, us) == u32[i]);
    }
}

SUITE("statistics/wide", {"every type is counted", every_type_is_counted},
      {"large pages are counted on the grid", large_pages_are_counted_on_the_grid},
      {"bad blocks are left out of every pass", bad_blocks_are_left_out_of_every_pass},
      {"the count is seen and dropped in any pass", the_count_is_seen_and_dropped_in_any_pass},
      {"what was seen before goes first", what_was_seen_before_goes_first},
      {"passes end when all is known", passes_end_when_all_is_known},
      {"files that change do no harm", files_that_change_do_no_harm},
      {"a kept sample counts the same", a_kept_sample_counts_the_same},
      {"a sample that is lost is read again", a_sample_that_is_lost_is_read_again},
      {"refused memory is a fault", refused_memory_is_a_fault},
      {"keys are ordered as values", keys_are_ordered_as_values})
