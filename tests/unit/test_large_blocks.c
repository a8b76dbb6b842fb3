/* Blocks so large that one decoder alone may hold them: guards tiles/requests.c, tiles/drop.c. */
#include "suite.h"

#include <signal.h>
#include <string.h>
#include <tiff.h>

#include "base/clock.h"
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

/* Two tiles of 12 MiB, which take a while. */
static const struct tiff_recipe huge = {.width = 4000,
                                        .height = 3000,
                                        .type = SAMPLE_U16,
                                        .compression = COMPRESSION_LZW,
                                        .tile_width = 2048,
                                        .tile_height = 3008};

enum { FAR = 10 }; /* a column of tiles in the second block */

static void want_column(int32_t reduction, int32_t column)
{
    struct tile_key key = {0, reduction, column, 0};
    loader_want(rig.loader, &key, 1);
}

/* Returns the decoder that is in the middle of a block, stopped there. */
static pid_t stop_in_block(void)
{
    while (rig.loader->holder < 0 || !arena_block(rig.loader->arena, rig.loader->holder).busy)
        CU_ASSERT(loop_turn(&rig.loop, 1, NULL));
    pid_t pid = crew_pid(rig.loader->crew, rig.loader->holder);
    rig_stop(pid);
    CU_ASSERT(arena_block(rig.loader->arena, rig.loader->holder).busy);
    return pid;
}

static bool is_alive(pid_t pid)
{
    return pid == crew_pid(rig.loader->crew, 0) || pid == crew_pid(rig.loader->crew, 1);
}

static void begin_huge(int32_t pages)
{
    struct tiff_recipe recipe = huge;
    recipe.pages = pages;
    rig_terms.spill = INT64_C(256) << 20;
    rig_start(2);
    rig_make_and_open(&recipe);
    CU_ASSERT_EQUAL(rig.page.whole, 1);
    want_column(0, 0);
}

static void end_huge(void)
{
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
    rig_terms = (struct worker_terms){0};
}

/* A stopped decoder does not end its block by itself: it is ended, and nobody is told. */
static void who_decodes_for_nothing_is_replaced(void)
{
    for (int other_page = 0; other_page < 2; other_page++) {
        begin_huge(2);
        pid_t pid = stop_in_block();
        if (other_page)
            CU_ASSERT(loader_select(rig.loader, (struct source_choice){1, 0, 0, 0}, NULL));
        want_column(0, FAR);
        while (is_alive(pid))
            CU_ASSERT(loop_turn(&rig.loop, -1, NULL));
        if (other_page)
            rig_turn_until(&rig.opened, 2);
        else
            rig_turn_until_complete();
        for (int i = 0; i < rig.loader->wishes.count; i++)
            CU_ASSERT_EQUAL(rig_wrong_codes(&huge, rig.loader->wishes.list[i].key), 0);
        end_huge();
    }
}

/* Another tile of the same block: it is decoded on. */
static void a_block_that_is_wanted_is_not_dropped(void)
{
    begin_huge(1);
    pid_t pid = stop_in_block();
    want_column(0, 3);
    CU_ASSERT(drop_is_awaited(rig.loader, rig.loader->holder));
    CU_ASSERT_FALSE(rig.loader->loads[rig.loader->holder].cancelled);
    kill(pid, SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT(is_alive(pid));
    end_huge();
}

/* The first block is in its temporary file when the second is under way for nothing. */
static void what_was_decoded_before_is_not_lost(void)
{
    begin_huge(1);
    rig_turn_until_complete();
    want_column(0, FAR);
    pid_t pid = stop_in_block();
    want_column(0, 7);
    CU_ASSERT(rig.loader->loads[rig.loader->holder].cancelled);
    for (int64_t end = clock_ms() + 200; clock_ms() < end;)
        CU_ASSERT(loop_turn(&rig.loop, 20, NULL));
    CU_ASSERT(is_alive(pid));
    kill(pid, SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT(is_alive(pid));
    end_huge();
}

/* What it tells may be anything. */
static void a_decoder_may_say_it_is_anywhere(void)
{
    rig_start(2);
    rig_make_and_open(&large);
    struct arena_block *told = &arena_shared(rig.loader->arena)->blocks[0];
    *told = (struct arena_block){1, 1001, {-5, 3, INT64_MAX, 1}, {1, 2, 3, 4}};
    struct arena_block block = arena_block(rig.loader->arena, 0);
    CU_ASSERT(block.area.x == 0 && block.area.width == PAGE_SIDE_MAX);
    CU_ASSERT(block.kept.x == 1 && block.kept.height == 4);
    CU_ASSERT_EQUAL(block.share, 1000);
    CU_ASSERT_FALSE(drop_is_awaited(rig.loader, 0));
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
      {"who decodes for nothing is replaced", who_decodes_for_nothing_is_replaced},
      {"a block that is wanted is not dropped", a_block_that_is_wanted_is_not_dropped},
      {"what was decoded before is not lost", what_was_decoded_before_is_not_lost},
      {"a decoder may say it is anywhere", a_decoder_may_say_it_is_anywhere},
      {"one decoder alone holds them", one_decoder_alone_holds_them},
      {"statistics give way to tiles", statistics_give_way_to_tiles},
      {"another takes the place of one that is gone", another_takes_the_place_of_one_that_is_gone})
