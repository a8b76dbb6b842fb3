/* Tiles loaded before anybody wants them (tiles/prefetch.c), and how far the loader says it is
 * (tiles/progress.c). */
#include "suite.h"

#include <signal.h>
#include <tiff.h>

#include "support/loader_rig.h"
#include "tiles/loader_state.h"

static bool is_there(struct tile_key key)
{
    return arena_find(loader_arena(rig.loader), key, NULL) != NULL;
}

static void turn_until_there(struct tile_key key)
{
    for (int turns = 0; turns < 300 && !is_there(key); turns++)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FATAL(is_there(key));
}

static const struct tile_key wanted[] = {{0, 0, 0, 0}, {0, 0, 1, 0}};
static const struct tile_key ahead[] = {{0, 0, 0, 3}, {0, 0, 1, 3}, {0, 1, 2, 0}};

static void it_comes_after_all_that_is_wanted(void)
{
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    rig_stop_all(&pid);
    loader_want(rig.loader, wanted, 2);
    loader_prefetch(rig.loader, ahead, 3);
    CU_ASSERT_EQUAL(rig.loader->loads[0].span.row, 0);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 2);
    kill(pid, SIGCONT);
    rig_turn_until_complete();
    turn_until_there(ahead[0]);
    turn_until_there(ahead[2]);
    CU_ASSERT_EQUAL(rig.tiles, 2); /* nobody is told of the others */
    CU_ASSERT_EQUAL(rig_wrong_codes(&rig_strips, ahead[1]), 0);
    rig_finish();
}

/* What is wanted now interrupts what may be wanted next, unless it is the same. */
static void it_gives_way_at_once(void)
{
    for (int same = 0; same < 2; same++) {
        pid_t pid;
        rig_start(1);
        rig_make_and_open(&rig_strips);
        rig_stop_all(&pid);
        loader_prefetch(rig.loader, ahead, 3);
        CU_ASSERT(rig.loader->loads[0].ahead && !rig.loader->loads[0].cancelled);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
        loader_want(rig.loader, same ? ahead : wanted, 2);
        CU_ASSERT_EQUAL(rig.loader->loads[0].cancelled, !same);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 2);
        kill(pid, SIGCONT);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.tiles, 2);
        rig_finish();
    }
}

/* A list that no longer names it ends it as well. */
static void another_hint_ends_it(void)
{
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    rig_stop_all(&pid);
    loader_prefetch(rig.loader, ahead, 1);
    loader_prefetch(rig.loader, ahead, 3);
    CU_ASSERT_FALSE(rig.loader->loads[0].cancelled);
    loader_prefetch(rig.loader, ahead + 2, 1);
    CU_ASSERT(rig.loader->loads[0].cancelled);
    kill(pid, SIGCONT);
    turn_until_there(ahead[2]);
    CU_ASSERT_FALSE(is_there(ahead[0]));
    rig_finish();
}

/* In a full arena it takes no place from what is wanted, nor from itself. */
static void it_takes_nobodys_place(void)
{
    rig_start(1);
    rig_make_and_open(&rig_strips);
    struct arena *arena = loader_arena(rig.loader);
    arena_set_budget(arena, 9 * arena_slot_bytes(arena));
    rig_add_keys(0);
    loader_want(rig.loader, rig.keys, 7);
    rig_turn_until_complete();
    loader_prefetch(rig.loader, rig.keys + 10, 8);
    CU_ASSERT_EQUAL(rig.loader->ahead.count, 2);
    turn_until_there(rig.keys[10]);
    turn_until_there(rig.keys[11]);
    for (int i = 0; i < 7; i++)
        CU_ASSERT(is_there(rig.keys[i]));
    CU_ASSERT_EQUAL(arena_used(arena), 9);
    /* The oldest now, but still on the list. */
    struct tile_key next[] = {rig.keys[10], rig.keys[12]};
    loader_want(rig.loader, rig.keys, 7);
    loader_prefetch(rig.loader, next, 2);
    turn_until_there(next[1]);
    CU_ASSERT(is_there(next[0]) && !is_there(rig.keys[11]));
    rig_finish();
}

/* A tile that nobody wants must not cost decoder after decoder. */
static void a_loss_ends_it(void)
{
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    rig_stop_all(&pid);
    loader_prefetch(rig.loader, ahead, 3);
    kill(pid, SIGKILL);
    rig_turn_until(&rig.troubles, 1);
    CU_ASSERT_EQUAL(rig.loader->ahead.count, 0);
    rig_finish();
}

/* Decoders that loaded ahead let go of their buffers afterwards. */
static void rest_comes_after_it(void)
{
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    rig_stop_all(&pid);
    loader_prefetch(rig.loader, ahead, 3);
    CU_ASSERT(rig.loader->loads[0].rest);
    kill(pid, SIGCONT);
    turn_until_there(ahead[2]);
    for (int turns = 0; turns < 300 && rig.loader->loads[0].rest; turns++)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FALSE(rig.loader->loads[0].rest);
    rig_finish();
}

/* Progress. */

static struct loader_progress progress(void)
{
    struct loader_progress now;
    loader_progress(rig.loader, &now);
    return now;
}

static void it_says_how_far_it_is(void)
{
    pid_t pid;
    rig_start(1);
    CU_ASSERT_EQUAL(progress().task, LOADER_RESTS);
    rig_make_and_open(&rig_strips);
    CU_ASSERT_EQUAL(progress().task, LOADER_RESTS);
    rig_stop_all(&pid);
    rig_add_keys(1);
    rig.keys[rig.key_count++] = (struct tile_key){0, 0, 0, 0};
    rig.keys[rig.key_count++] = (struct tile_key){0, TILE_ROUGH + 2, 0, 0};
    int ones = rig.key_count - 2;
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT(progress().task == LOADER_READS && progress().share == 0);
    struct load *load = &rig.loader->loads[0];
    double all = 4 * ones + 1, row = 4 * load->begun;
    load->done = 1;
    load->all = 2;
    CU_ASSERT_DOUBLE_EQUAL(progress().share, row / 2 / all, 1e-9);
    load->done = 2;
    CU_ASSERT_DOUBLE_EQUAL(progress().share, row / all, 1e-9);
    load->cancelled = true;
    CU_ASSERT_EQUAL(progress().share, 0);
    load->cancelled = false;
    kill(pid, SIGCONT);
    rig_turn_until(&rig.tiles, 1);
    CU_ASSERT(progress().share >= 4 / all && progress().share < 1);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(progress().task, LOADER_RESTS);
    rig_finish();
}

static void it_says_what_is_done(void)
{
    pid_t pid;
    rig_start(1);
    CU_ASSERT_FATAL(tiff_make(rig.path, &rig_small));
    rig_open();
    rig_stop_all(&pid);
    loader_count(rig.loader);
    CU_ASSERT(progress().task == LOADER_MEASURES && progress().share == 0);
    arena_shared(loader_arena(rig.loader))->seen =
        (struct statistics){statistics_values(loader_page(rig.loader)) / 4, 0, 1, 0, 1};
    CU_ASSERT_DOUBLE_EQUAL(progress().share, 0.25, 1e-4);
    arena_shared(loader_arena(rig.loader))->seen.counted = INT64_MAX;
    CU_ASSERT_EQUAL(progress().share, 1);
    CU_ASSERT(loader_select(rig.loader, (struct source_choice){.index = 1}, NULL));
    CU_ASSERT_EQUAL(progress().task, LOADER_OPENS);
    kill(pid, SIGCONT);
    rig_turn_until(&rig.opened, 2);
    rig_finish();
}

/* By tiles/guess.c. */
static void percentiles_are_guessed_from_rough_tiles(void)
{
    static const struct tile_key key = {0, TILE_ROUGH + 1, 0, 0};
    double low, high;
    rig_start(1);
    CU_ASSERT_FATAL(tiff_make(rig.path, &rig_small));
    rig_open();
    CU_ASSERT_FALSE(loader_guess(rig.loader, &low, &high));
    struct arena *arena = loader_arena(rig.loader);
    for (int column = 0; column < 2; column++) {
        struct tile_key other = key;
        other.column = column;
        CU_ASSERT_FALSE(loader_guess(rig.loader, &low, &high));
        int32_t slot = arena_begin(arena, other, NULL, NULL);
        uint16_t *codes = arena_slot(arena, slot);
        for (int i = 0; i < TILE_SAMPLES; i++)
            codes[i] = (uint16_t)(200 * (i / TILE_SIDE) + 7);
        arena_end(arena, slot, true);
    }
    CU_ASSERT(loader_guess(rig.loader, &low, &high));
    /* Of 87,500, in rows of 350: the 438th from either end. */
    CU_ASSERT_EQUAL(low, 200 * 1 + 7 - 32768);
    CU_ASSERT_EQUAL(high, 200 * 248 + 7 - 32768);
    rig_finish();
}

/* Rough tiles that cannot be made are nobody's trouble: the true ones will tell. */
static void rough_tiles_fail_silently(void)
{
    static const struct tile_key rough = {0, TILE_ROUGH + 1, 0, 0};
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    loader_want(rig.loader, &rough, 1);
    rig_turn_until_complete();
    CU_ASSERT(is_there(rough) && !rig.troubles);
    arena_drop_all(loader_arena(rig.loader));
    rig_stop_all(&pid);
    loader_want(rig.loader, &rough, 1);
    loader_wish(rig.loader, rough)->losses = LOSSES_MAX - 1;
    kill(pid, SIGKILL);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.troubles, 1); /* of the decoder */
    rig_finish();
}

SUITE("prefetch", {"it comes after all that is wanted", it_comes_after_all_that_is_wanted},
      {"it gives way at once", it_gives_way_at_once},
      {"another hint ends it", another_hint_ends_it},
      {"it takes nobody's place", it_takes_nobodys_place}, {"a loss ends it", a_loss_ends_it},
      {"rest comes after it", rest_comes_after_it},
      {"it says how far it is", it_says_how_far_it_is},
      {"it says what is done", it_says_what_is_done},
      {"percentiles are guessed from rough tiles", percentiles_are_guessed_from_rough_tiles},
      {"rough tiles fail silently", rough_tiles_fail_silently})
