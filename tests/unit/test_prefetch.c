/* Tiles loaded before anybody wants them (tiles/prefetch.c), and how far the loader says it is
 * (tiles/progress.c). */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

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

/* The page that may follow. */

static const struct tiff_recipe leaves = {.width = 700,
                                          .height = 500,
                                          .type = SAMPLE_U16,
                                          .compression = COMPRESSION_ADOBE_DEFLATE,
                                          .rows_per_strip = 16,
                                          .pages = 4};

static const struct source_choice second = {.index = 1}, third = {.index = 2};

static void list_page(int page)
{
    rig.key_count = 0;
    rig.page.index = page;
    rig_add_keys(0);
}

static void open_leaves(int workers)
{
    rig_start(workers);
    rig_make_and_open(&leaves);
    list_page(0);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, rig.key_count);
}

/* How many decoders have been sent to that page and are not on their way elsewhere. */
static int count_at(int page)
{
    int count = 0;
    for (int i = 0; i < crew_size(rig.loader->crew); i++)
        count += rig.loader->loads[i].choice.index == page;
    return count;
}

static void turn_until_known(void)
{
    for (int turns = 0; turns < 300 && !rig.loader->foreseen.known; turns++)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FATAL(rig.loader->foreseen.known);
}

static void turn_until_idle(void)
{
    for (int i = 0; i < crew_size(rig.loader->crew); i++)
        for (int turns = 0; turns < 300 && crew_is_busy(rig.loader->crew, i); turns++)
            CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
}

static void turn_until_spoilt(void)
{
    for (int turns = 0; turns < 300 && !rig.loader->foreseen.spoilt; turns++)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT_FATAL(rig.loader->foreseen.spoilt);
}

/* With every decoder stopped the page comes, and all its tiles are there. */
static void the_page_that_follows_is_there(void)
{
    for (int workers = 1; workers <= 3; workers++) {
        pid_t pids[16];
        open_leaves(workers);
        int shown = rig.key_count;
        list_page(1);
        loader_foresee(rig.loader, second, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
        for (int i = 0; i < rig.key_count; i++)
            turn_until_there(rig.keys[i]);
        CU_ASSERT_EQUAL(count_at(1), 1);
        CU_ASSERT(rig.tiles == shown && rig.opened == 1);
        rig_check_all(&leaves);
        turn_until_idle();
        rig_stop_all(pids);
        CU_ASSERT(loader_select(rig.loader, second, NULL));
        CU_ASSERT_EQUAL(rig.opened, 1); /* nobody is told before it returns */
        rig_turn_until(&rig.opened, 2);
        CU_ASSERT_EQUAL(rig.page.index, 1);
        CU_ASSERT_EQUAL(rig.page.count, 4);
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(loader_missing(rig.loader), 0);
        for (int i = 0; i < workers; i++)
            kill(pids[i], SIGCONT);
        list_page(0);
        CU_ASSERT(loader_select(rig.loader, (struct source_choice){0}, NULL));
        rig_turn_until(&rig.opened, 3);
        CU_ASSERT_EQUAL(rig.page.index, 0);
        rig_finish();
    }
}

/* Leaves the decoders stopped, one of them with tiles of the second page in hand. */
static struct load *begin_ahead(pid_t *pids)
{
    open_leaves(2);
    loader_foresee(rig.loader, second, NULL, 0);
    turn_until_known();
    turn_until_idle();
    rig_stop_all(pids);
    list_page(1);
    loader_foresee(rig.loader, second, rig.keys, rig.key_count);
    struct load *load = &rig.loader->loads[rig.loader->loads[0].ahead ? 0 : 1];
    CU_ASSERT_FATAL(load->request == MESSAGE_TILES_WANTED && load->ahead && !load->cancelled);
    CU_ASSERT_EQUAL(load->choice.index, 1);
    return load;
}

static void go_on(const pid_t *pids)
{
    kill(pids[0], SIGCONT);
    kill(pids[1], SIGCONT);
}

static void the_page_shown_comes_before_it(void)
{
    pid_t pids[16];
    struct load *load = begin_ahead(pids);
    arena_drop_all(loader_arena(rig.loader));
    list_page(0);
    loader_want(rig.loader, rig.keys, 4);
    CU_ASSERT(load->cancelled);
    const struct load *other = &rig.loader->loads[load == rig.loader->loads];
    CU_ASSERT(other->request == MESSAGE_TILES_WANTED && other->span.page == 0);
    go_on(pids);
    rig_turn_until_complete();
    rig.key_count = 4;
    rig_check_all(&leaves);
    list_page(1);
    turn_until_there(rig.keys[0]); /* and then it goes on */
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

/* Tiles that are under way when their page is asked for come to their end; those of a page that is
 * not asked for do not. */
static void what_is_under_way_serves_who_asks_for_it(void)
{
    for (int same = 0; same < 2; same++) {
        pid_t pids[16];
        struct load *load = begin_ahead(pids);
        CU_ASSERT(loader_select(rig.loader, same ? second : third, NULL));
        CU_ASSERT_EQUAL(load->cancelled, !same);
        if (same) {
            rig_turn_until(&rig.opened, 2); /* though nobody answers */
            loader_want(rig.loader, rig.keys, rig.key_count);
            CU_ASSERT(!load->ahead && !load->cancelled);
        }
        go_on(pids);
        rig_turn_until(&rig.opened, 2);
        CU_ASSERT_EQUAL(rig.page.index, same ? 1 : 2);
        list_page(rig.page.index);
        loader_want(rig.loader, rig.keys, rig.key_count);
        rig_turn_until_complete();
        rig_check_all(&leaves);
        CU_ASSERT(rig.loader->foreseen.hinted == false && rig.troubles == 0);
        rig_finish();
    }
}

static void overwrite_first_strip(int page)
{
    static const char junk[8] = "\x78\x01not.";
    TIFF *tiff = TIFFOpen(rig.path, "r");
    uint64_t *offsets;
    CU_ASSERT_FATAL(tiff && TIFFSetDirectory(tiff, (tdir_t)page) &&
                    TIFFGetField(tiff, TIFFTAG_STRIPOFFSETS, &offsets));
    FILE *file = fopen(rig.path, "r+b");
    CU_ASSERT_FATAL(file && !fseek(file, (long)offsets[0], SEEK_SET));
    CU_ASSERT_EQUAL(fwrite(junk, 1, sizeof junk, file), sizeof junk);
    fclose(file);
    TIFFClose(tiff);
}

/* Damage, pages that do not exist, and decoders that die of it are nobody's trouble yet. */
static void what_is_wrong_with_it_is_told_when_it_is_shown(void)
{
    pid_t pids[16];
    rig_start(2);
    CU_ASSERT_FATAL(tiff_make(rig.path, &leaves));
    overwrite_first_strip(1);
    rig_open();
    list_page(1);
    loader_foresee(rig.loader, second, rig.keys, rig.key_count);
    turn_until_spoilt();
    CU_ASSERT_FALSE(is_there(rig.keys[0]));
    loader_foresee(rig.loader, (struct source_choice){.index = 9}, rig.keys, rig.key_count);
    turn_until_spoilt();
    CU_ASSERT_FALSE(rig.loader->foreseen.known);
    loader_foresee(rig.loader, third, NULL, 0);
    turn_until_known();
    turn_until_idle();
    rig_stop_all(pids);
    list_page(2);
    loader_foresee(rig.loader, third, rig.keys, rig.key_count);
    kill(pids[0], SIGKILL);
    kill(pids[1], SIGKILL);
    turn_until_spoilt();
    rig_turn_until(&rig.troubles, 1); /* of the decoder that had nothing to do with it */
    CU_ASSERT_EQUAL(strstr(rig.all_troubles, "decoder 1") != NULL,
                    strstr(rig.all_troubles, "decoder 2") == NULL);
    CU_ASSERT(loader_select(rig.loader, second, NULL));
    rig_turn_until(&rig.opened, 2);
    list_page(1);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "strip 0"));
    rig_finish();
}

/* Of a page that lies otherwise no tile is asked for; and nobody stays there. */
static void pages_of_another_kind_are_only_described(void)
{
    open_leaves(2);
    rig.loader->page.block_height++;
    list_page(1);
    loader_foresee(rig.loader, second, rig.keys, rig.key_count);
    turn_until_spoilt();
    rig.loader->page.block_height--;
    for (int turns = 0; turns < 300 && count_at(1); turns++)
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT(rig.loader->foreseen.known && !is_there(rig.keys[0]));
    /* Nor of what is no other page of the same channels. */
    static const struct source_choice none[] = {
        {.index = -1}, {.index = 0}, {1, 1, 0, 0}, {1, 0, 1, 0}};
    for (int i = 0; i < 4; i++) {
        loader_foresee(rig.loader, none[i], rig.keys, rig.key_count);
        CU_ASSERT(!rig.loader->foreseen.hinted && !rig.loader->ahead.count);
    }
    loader_foresee(rig.loader, second, rig.keys, rig.key_count);
    loader_prefetch(rig.loader, NULL, 0);
    CU_ASSERT_FALSE(rig.loader->foreseen.hinted);
    rig_finish();
}

/* Progress. */

static struct loader_progress progress(void)
{
    struct loader_progress now;
    loader_progress(rig.loader, &now);
    return now;
}

/* As if the decoder were at a block of 32 MiB. */
static void a_long_block_is_told(struct loader *loader)
{
    struct arena_block *block = &arena_shared(loader_arena(loader))->blocks[0];
    struct page page = loader->page;
    loader->page.filed = 1;
    loader->page.block_width = loader->page.block_height = 4096;
    *block = (struct arena_block){.busy = 1, .share = 250};
    CU_ASSERT(progress().task == LOADER_DECODES && progress().share == 0.25);
    block->share = INT32_MAX; /* anything may stand there */
    CU_ASSERT_EQUAL(progress().share, 1);
    loader->page.block_height = 4095;
    CU_ASSERT_EQUAL(progress().task, LOADER_READS);
    loader->page = page;
    *block = (struct arena_block){.busy = 0};
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
    a_long_block_is_told(rig.loader);
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
      {"the page that follows is there", the_page_that_follows_is_there},
      {"the page shown comes before it", the_page_shown_comes_before_it},
      {"what is under way serves who asks for it", what_is_under_way_serves_who_asks_for_it},
      {"what is wrong with it is told when it is shown",
       what_is_wrong_with_it_is_told_when_it_is_shown},
      {"pages of another kind are only described", pages_of_another_kind_are_only_described},
      {"it says how far it is", it_says_how_far_it_is},
      {"it says what is done", it_says_what_is_done},
      {"percentiles are guessed from rough tiles", percentiles_are_guessed_from_rough_tiles},
      {"rough tiles fail silently", rough_tiles_fail_silently})
