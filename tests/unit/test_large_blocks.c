/* Blocks so large that one decoder alone may hold them: guards tiles/requests.c. */
#include "suite.h"

#include <signal.h>
#include <string.h>
#include <tiff.h>

#include "support/loader_rig.h"
#include "tiles/loader_state.h"

/* Blocks of 2 MiB. */
static const struct tiff_recipe large = {.width = 2500,
                                         .height = 2200,
                                         .type = SAMPLE_U16,
                                         .compression = COMPRESSION_ADOBE_DEFLATE,
                                         .tile_width = 1024,
                                         .tile_height = 1024};

/* How many decoders have tiles or statistics in hand; *number: of one of them. */
static int holding(int *number)
{
    int count = 0;
    for (int i = 0; i < crew_size(rig.loader->crew); i++) {
        uint32_t request = rig.loader->loads[i].request;
        bool holds = request == MESSAGE_TILES_WANTED || request == MESSAGE_STATISTICS;
        *number = holds ? i : *number;
        count += holds;
    }
    return count;
}

static void start(pid_t pids[16])
{
    rig_start(2);
    rig_make_and_open(&large);
    rig_add_keys(0);
    rig_stop_all(pids);
}

static void go_on(const pid_t pids[16])
{
    for (int i = 0; i < 2; i++)
        kill(pids[i], SIGCONT);
}

static void one_decoder_alone_holds_them(void)
{
    pid_t pids[16];
    int number = -1;
    start(pids);
    loader_count(rig.loader);
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT_EQUAL(holding(&number), 1);
    go_on(pids);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.loader->holder, number);
    CU_ASSERT_EQUAL(rig.counted, 1);
    rig_check_all(&large);
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

/* Else who pans would wait for the statistics. */
static void statistics_give_way_to_tiles(void)
{
    pid_t pids[16];
    int number = -1;
    start(pids);
    loader_count(rig.loader);
    CU_ASSERT_EQUAL_FATAL(holding(&number), 1);
    const struct load *load = &rig.loader->loads[number];
    CU_ASSERT_EQUAL(load->request, MESSAGE_STATISTICS);
    CU_ASSERT_FALSE(load->cancelled);
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT(load->cancelled);
    go_on(pids);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.counted, 1);
    rig_check_all(&large);
    rig_finish();
}

/* Whether it is of no use because it cannot come to the file, or is lost. */
static void another_takes_the_place_of_one_that_is_gone(void)
{
    for (int useless = 0; useless < 2; useless++) {
        pid_t pids[16];
        int number = -1;
        start(pids);
        rig.loader->holder = useless ? 0 : -1;
        rig.loader->loads[0].sync_losses = useless ? LOSSES_MAX : 0;
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL_FATAL(holding(&number), 1);
        CU_ASSERT_EQUAL(number, useless);
        if (!useless)
            kill(pids[number], SIGKILL);
        go_on(pids);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.troubles, !useless);
        CU_ASSERT_EQUAL(rig.loader->holder, 1);
        rig_check_all(&large);
        rig_finish();
    }
}

/* A tile of 17 MiB, and a strip of as much: whoever began with it goes on with it, with
 * the statistics too. */
static void far_larger_ones_stay_with_one_decoder(void)
{
    struct tiff_recipe rows[] = {large, large};
    rows[0].width = rows[1].width = rows[0].height = rows[1].height = 3000;
    rows[0].tile_width = rows[0].tile_height = 3008;
    rows[1].tile_width = rows[1].tile_height = 0;
    rig_terms.spill = INT64_C(64) << 20;
    for (size_t i = 0; i < 2; i++) {
        pid_t pids[16];
        int number = -1;
        rig_start(2);
        rig_make_and_open(&rows[i]);
        CU_ASSERT_EQUAL(rig.page.whole, 1);
        rig_add_keys(0);
        rig_stop_all(pids);
        loader_count(rig.loader);
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(holding(&number), 1);
        go_on(pids);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.loader->holder, number);
        CU_ASSERT_EQUAL(rig.counted, 1);
        CU_ASSERT_EQUAL(rig.troubles, 0);
        rig_check_all(&rows[i]);
        rig_finish();
    }
    rig_terms = (struct worker_terms){0};
}

/* As a decoder tells of them that is in the middle of a strip. */
static void rows_of_a_strip_are_told_before_its_tiles(void)
{
    struct message sign = {.type = MESSAGE_ALIVE, .body.alive = {1, 2, {0, 1, 2, 40}}};
    struct tile_key there = {0, 0, 2, 0}, elsewhere = {0, 0, 0, 0};
    struct arena *arena;
    pid_t pids[16];
    int number = -1;
    int32_t rows = 0;
    start(pids);
    arena = loader_arena(rig.loader);
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT_EQUAL_FATAL(holding(&number), 1);
    for (int again = 0; again < 2; again++) {
        answers_take(rig.loader, number, &sign);
        CU_ASSERT_EQUAL(rig.grown, 1);
    }
    CU_ASSERT(arena_growing(arena, there, &rows) && rows == 40);
    CU_ASSERT_PTR_NULL(arena_growing(arena, elsewhere, &rows));
    CU_ASSERT_PTR_NULL(arena_find(arena, there, NULL));
    sign.body.alive.growing.rows = 41;
    answers_take(rig.loader, number, &sign);
    CU_ASSERT_EQUAL(rig.grown, 2);
    loader_want(rig.loader, NULL, 0); /* cancelled: the next sign says nothing any more */
    sign.body.alive.growing.rows = 42;
    answers_take(rig.loader, number, &sign);
    CU_ASSERT_EQUAL(rig.grown, 2);
    loader_want(rig.loader, rig.keys, rig.key_count);
    go_on(pids);
    rig_turn_until_complete();
    rig_check_all(&large);
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

/* Nobody waits for what was cancelled, so nobody is told that it took too long to stop. */
static void who_stops_late_is_replaced_without_a_word(void)
{
    static const char *const whys[] = {CREW_SLOW, "crashed"};
    rig_start(2);
    rig_make_and_open(&large);
    for (int i = 0; i < 2; i++) {
        answers_lost(rig.loader, i, 1, whys[i]);
        CU_ASSERT_EQUAL(rig.troubles, i);
    }
    rig_finish();
}

SUITE("large blocks",
      {"who stops late is replaced without a word", who_stops_late_is_replaced_without_a_word},
      {"far larger ones stay with one decoder", far_larger_ones_stay_with_one_decoder},
      {"rows of a strip are told before its tiles", rows_of_a_strip_are_told_before_its_tiles},
      {"one decoder alone holds them", one_decoder_alone_holds_them},
      {"statistics give way to tiles", statistics_give_way_to_tiles},
      {"another takes the place of one that is gone", another_takes_the_place_of_one_that_is_gone})
