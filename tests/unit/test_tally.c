/* Statistics that come along with tiles are those that a pass of their own finds: in the source
 * (statistics_tally, shared_sample), and in the loader (tiles/tally.c). */
#include "suite.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <tiff.h>
#include <unistd.h>

#include "base/ledger.h"
#include "source/reduce.h"
#include "source/shared_sample.h"
#include "source/spill.h"
#include "source/statistics.h"
#include "support/fake_source.h"
#include "support/loader_rig.h"
#include "support/tile_desk.h"
#include "tiles/loader_state.h"

static uint32_t apart[65536], along[65536];

static int64_t sampled;

static double any_value(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    enum sample_type type = (enum sample_type)fake->source.page.type;
    uint64_t h = fake_hash(x, y, channel);
    return (double)(h % (uint64_t)sample_codes(type)) / 3 * 2 + sample_least(type);
}

static const struct {
    struct fake_layout layout;
    int k;
    int64_t run;
} pages[] = {
    {{530, 281, 0, 16, SAMPLE_U16, 1}, 1, 0},    {{1530, 1281, 0, 16, SAMPLE_I16, 1}, 2, 0},
    {{3000, 1700, 0, 1, SAMPLE_U8, 1}, 3, 1000}, {{2000, 2100, 64, 48, SAMPLE_U16, 1}, 2, 0},
    {{2000, 2100, 64, 48, SAMPLE_U16, 1}, 5, 7}, {{1999, 2101, 240, 240, SAMPLE_I8, 1}, 5, 0},
    {{1999, 2101, 24, 40, SAMPLE_U8, 3}, 0, 0},  {{1100, 900, 2048, 2048, SAMPLE_U16, 3}, 1, 0},
};

/* The whole page in pieces of one tile each. */
static void tally_by_tiles(struct fake_source *fake, int k)
{
    struct tile_span all = tile_desk_span(&fake->source.page, k);
    int64_t heard = 0;
    for (int32_t i = 0; i < all.columns * all.rows; i++) {
        struct tile_span one = {0, k, i % all.columns, i / all.columns, 1, 1};
        struct statistics_tally tally;
        struct tile_desk desk;
        statistics_tally_init(&tally, &fake->source.page, along, NULL);
        tile_desk_init(&desk, one, page_sample_bytes(&fake->source.page));
        desk.orders.listener = &tally.sink;
        CU_ASSERT(reduce_tiles(&fake->source, one, &desk.orders, NULL));
        CU_ASSERT(desk.orders.read == tally.heard && desk.orders.all == tally.heard);
        heard += tally.heard;
        tile_desk_fini(&desk);
    }
    CU_ASSERT_EQUAL(heard, fake->source.page.width * fake->source.page.height);
}

static void both_ways_count_the_same(void)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct fake_source fake;
        struct statistics found;
        bool complete;
        enum sample_type type = pages[i].layout.type;
        fake_source_init(&fake, &pages[i].layout, any_value);
        fake.run = pages[i].run;
        memset(apart, 0, sizeof apart);
        memset(along, 0, sizeof along);
        CU_ASSERT(statistics_count(&fake.source, apart, &found, NULL, NULL, &complete, NULL));
        tally_by_tiles(&fake, pages[i].k);
        CU_ASSERT(!memcmp(apart, along, sizeof apart));
        struct statistics told = statistics_of_codes(type, along);
        CU_ASSERT(told.counted == found.counted && told.least == found.least &&
                  told.most == found.most && told.low == found.low && told.high == found.high);
        int64_t most = statistics_values(&fake.source.page);
        CU_ASSERT(found.counted <= most && found.counted > most - most / 50);
        if (memcmp(apart, along, sizeof apart))
            printf("  page %zu: %lld and %lld counted\n", i, (long long)found.counted,
                   (long long)told.counted);
    }
}

static double any_wide_value(const struct fake_source *fake, int64_t x, int64_t y, int channel)
{
    enum sample_type type = (enum sample_type)fake->source.page.type;
    uint64_t h = fake_hash(x, y, channel);
    if (sample_is_float(type))
        return h % 11 ? (double)(int64_t)(h >> 20) / 1024 - 5e9 : (double)NAN;
    return type == SAMPLE_U32 ? (double)(uint32_t)h : (double)(int32_t)h;
}

static const struct {
    struct fake_layout layout;
    int k;
} wide_pages[] = {
    {{530, 281, 0, 16, SAMPLE_F32, 1}, 1},      {{2000, 2100, 64, 48, SAMPLE_F64, 1}, 2},
    {{1999, 2101, 240, 240, SAMPLE_I32, 1}, 5}, {{1999, 2101, 24, 40, SAMPLE_F32, 3}, 0},
    {{1530, 1281, 0, 16, SAMPLE_U32, 1}, 2},
};

/* The whole page in pieces of one tile each, by three who take turns. */
static void keep_by_tiles(struct fake_source *fake, int k, int fd)
{
    struct tile_span all = tile_desk_span(&fake->source.page, k);
    struct shared_sample shared[3];
    for (int i = 0; i < 3; i++)
        CU_ASSERT(shared_sample_begin(&shared[i], fd, (enum sample_type)fake->source.page.type,
                                      &sampled, NULL));
    for (int32_t i = all.columns * all.rows - 1; i >= 0; i--) {
        struct tile_span one = {0, k, i % all.columns, i / all.columns, 1, 1};
        struct statistics_tally tally;
        struct tile_desk desk;
        statistics_tally_init(&tally, &fake->source.page, NULL, &shared[i % 3]);
        tile_desk_init(&desk, one, page_sample_bytes(&fake->source.page));
        desk.orders.listener = &tally.sink;
        CU_ASSERT(reduce_tiles(&fake->source, one, &desk.orders, NULL));
        tile_desk_fini(&desk);
    }
    for (int i = 0; i < 3; i++)
        CU_ASSERT(shared_sample_end(&shared[i]));
}

static void what_is_kept_counts_the_same(void)
{
    for (size_t i = 0; i < sizeof wide_pages / sizeof *wide_pages; i++) {
        struct fake_source fake;
        struct statistics found, kept;
        bool complete;
        int fd = spill_open();
        fake_source_init(&fake, &wide_pages[i].layout, any_wide_value);
        memset(apart, 0, sizeof apart);
        memset(along, 0, sizeof along);
        sampled = 0;
        CU_ASSERT(statistics_count(&fake.source, apart, &found, NULL, NULL, &complete, NULL));
        keep_by_tiles(&fake, wide_pages[i].k, fd);
        CU_ASSERT(sampled > 0 && sampled <= statistics_values(&fake.source.page));
        CU_ASSERT(statistics_count_kept(fd, wide_pages[i].layout.type, sampled, along, &kept,
                                        &complete, NULL));
        CU_ASSERT(complete && !memcmp(apart, along, sizeof apart) &&
                  !memcmp(&found, &kept, sizeof found));
        CU_ASSERT_FALSE(statistics_count_kept(fd, wide_pages[i].layout.type, sampled + 1, along,
                                              &kept, &complete, NULL));
        close(fd);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Where the file cannot be written, it is known. */
static void what_cannot_be_kept_is_told(void)
{
    static const double values[20000];
    struct shared_sample shared;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    sampled = 0;
    CU_ASSERT(shared_sample_begin(&shared, fd, SAMPLE_F64, &sampled, NULL));
    shared_sample_add(&shared, values, 0, 20000, 1);
    CU_ASSERT_FALSE(shared_sample_end(&shared));
    close(fd);
}

static void an_empty_histogram_is_of_nothing(void)
{
    memset(along, 0, sizeof along);
    CU_ASSERT_EQUAL(statistics_of_codes(SAMPLE_I16, along).counted, 0);
    along[65535] = 3;
    struct statistics found = statistics_of_codes(SAMPLE_I16, along);
    CU_ASSERT(found.counted == 3 && found.least == 32767 && found.low == 32767 &&
              found.high == 32767 && found.most == 32767);
}

static const struct tiff_recipe heavy = {.width = 4400,
                                         .height = 4200,
                                         .type = SAMPLE_U8,
                                         .compression = COMPRESSION_PACKBITS,
                                         .tile_width = 256,
                                         .tile_height = 256,
                                         .value = tiff_value_byte};

/* What a page's statistics come to by themselves. */
static struct statistics count_apart(void)
{
    loader_count(rig.loader);
    rig_turn_until(&rig.counted, 1);
    memcpy(apart, arena_shared(loader_arena(rig.loader))->histogram, sizeof apart);
    return rig.statistics;
}

static void a_pass_for_all_tiles_counts_too(void)
{
    rig_start(2);
    rig_make_and_open(&heavy);
    struct statistics expected = count_apart();
    rig_open();
    loader_count_along(rig.loader);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 1);
    rig.key_count = 0;
    rig_add_keys(4);
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT_EQUAL(rig.loader->statistics, STATISTICS_TALLYING);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.counted, 2);
    CU_ASSERT(!memcmp(&rig.statistics, &expected, sizeof expected));
    CU_ASSERT(!memcmp(apart, arena_shared(loader_arena(rig.loader))->histogram, sizeof apart));
    rig_check_all(&heavy);
    rig_finish();
}

/* Means of samples of so few bits are floats. */
static const struct tiff_recipe heavy_wide = {.width = 4400,
                                              .height = 4200,
                                              .bits = 2,
                                              .photometric = PHOTOMETRIC_MINISBLACK,
                                              .compression = COMPRESSION_PACKBITS,
                                              .tile_width = 256,
                                              .tile_height = 256};

/* Their sample is kept meanwhile, and counted without another look at the page. Without a file to
 * keep it in, it is counted apart. */
static void a_pass_for_all_tiles_keeps_wide_values(void)
{
    for (int spill = 1; spill >= 0; spill--) {
        rig_terms.spill = spill ? INT64_C(64) << 20 : 0;
        rig_start(2);
        rig_terms.spill = 0;
        rig_make_and_open(&heavy_wide);
        struct statistics expected = count_apart();
        rig_open();
        loader_count_along(rig.loader);
        rig.key_count = 0;
        rig_add_keys(4);
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(rig.loader->statistics == STATISTICS_TALLYING, spill);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.counted, 2);
        CU_ASSERT_EQUAL(rig.loader->kept > 0, spill);
        CU_ASSERT(!memcmp(&rig.statistics, &expected, sizeof expected));
        CU_ASSERT(!memcmp(apart, arena_shared(loader_arena(rig.loader))->histogram, sizeof apart));
        rig_finish();
    }
}

/* A decoder is lost, or the user looks elsewhere: then they are counted by themselves after all. */
static void a_pass_that_is_cut_short_does_not_count(void)
{
    for (int lost = 0; lost < 2; lost++) {
        pid_t pids[16];
        rig_start(2);
        rig_make_and_open(&heavy);
        struct statistics expected = count_apart();
        rig_open();
        rig_stop_all(pids);
        loader_count_along(rig.loader);
        rig.key_count = 0;
        rig_add_keys(4);
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(rig.loader->statistics, STATISTICS_TALLYING);
        if (lost)
            kill(pids[0], SIGKILL);
        else
            loader_want(rig.loader, rig.keys, 1);
        kill(pids[0], SIGCONT);
        kill(pids[1], SIGCONT);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.counted, 2);
        CU_ASSERT(!memcmp(&rig.statistics, &expected, sizeof expected));
        CU_ASSERT(!memcmp(apart, arena_shared(loader_arena(rig.loader))->histogram, sizeof apart));
        rig_finish();
    }
}

/* Part of a page in view, a small page: nothing to wait for. */
static void other_pages_are_counted_by_themselves(void)
{
    rig_start(2);
    rig_make_and_open(&heavy);
    rig_add_keys(4);
    loader_count_along(rig.loader);
    loader_want(rig.loader, rig.keys, 1);
    CU_ASSERT_EQUAL(rig.loader->statistics, STATISTICS_COUNTING);
    rig_turn_until_complete();
    rig_make_and_open(&rig_strips);
    loader_count_along(rig.loader);
    CU_ASSERT_EQUAL(rig.loader->statistics, STATISTICS_COUNTING);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.counted, 2);
    rig_finish();
}

SUITE("tally", {"both ways count the same", both_ways_count_the_same},
      {"what is kept counts the same", what_is_kept_counts_the_same},
      {"what cannot be kept is told", what_cannot_be_kept_is_told},
      {"a pass for all tiles keeps wide values", a_pass_for_all_tiles_keeps_wide_values},
      {"an empty histogram is of nothing", an_empty_histogram_is_of_nothing},
      {"a pass for all tiles counts too", a_pass_for_all_tiles_counts_too},
      {"a pass that is cut short does not count", a_pass_that_is_cut_short_does_not_count},
      {"other pages are counted by themselves", other_pages_are_counted_by_themselves})
