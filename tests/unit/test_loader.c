/* The loader: real files, real decoders, tiles compared with the recipe the file was made by. */
#include "suite.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiff.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "support/loader_rig.h"
#include "tiles/loader.h"
#include "tiles/loader_state.h"

static void tiles_are_means_of_what_the_file_holds(void)
{
    static const struct tiff_recipe recipes[] = {
        {.width = 1500, .height = 1100, .type = SAMPLE_U16, .rows_per_strip = 7},
        {.width = 1500,
         .height = 1100,
         .type = SAMPLE_U16,
         .value = tiff_value_wide,
         .compression = COMPRESSION_ADOBE_DEFLATE,
         .rows_per_strip = 600},
        {.width = 1501,
         .height = 1103,
         .type = SAMPLE_I16,
         .value = tiff_value_signed,
         .compression = COMPRESSION_LZW,
         .tile_width = 128,
         .tile_height = 64},
        {.width = 1700,
         .height = 1300,
         .type = SAMPLE_U16,
         .compression = COMPRESSION_LZW,
         .tile_width = 1024,
         .tile_height = 512},
        {.width = 1200, .height = 900, .type = SAMPLE_U8, .value = tiff_value_byte},
        {.width = 1600,
         .height = 1400,
         .type = SAMPLE_U16,
         .compression = COMPRESSION_ADOBE_DEFLATE},
        {.width = 1, .height = 1, .type = SAMPLE_I8, .value = tiff_value_signed_byte},
    };
    static const int reductions[] = {0, 1, 3};
    rig_start(2);
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        rig_make_and_open(&recipes[i]);
        CU_ASSERT_EQUAL(rig.page.width, recipes[i].width);
        CU_ASSERT_EQUAL(rig.page.type, (int32_t)recipes[i].type);
        rig.key_count = rig.tiles = 0;
        for (int k = 0; k < 3; k++)
            rig_add_keys(reductions[k]);
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), rig.key_count);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.tiles, rig.key_count);
        rig_check_all(&recipes[i]);
    }
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

static void pages_are_selected(void)
{
    struct tiff_recipe recipe = rig_strips;
    struct fault fault = {0};
    recipe.pages = 3;
    rig_start(2);
    rig_make_and_open(&recipe);
    CU_ASSERT_EQUAL(rig.page.count, 3);
    static const int32_t order[] = {2, 0, 1, 1};
    for (int i = 0; i < 4; i++) {
        rig.key_count = 0;
        rig_add_keys(1); /* of the page before: the last list is still being worked at */
        loader_want(rig.loader, rig.keys, rig.key_count);
        CU_ASSERT(loader_select(rig.loader, (struct source_choice){.index = order[i]}, &fault));
        rig_turn_until(&rig.opened, i + 2);
        CU_ASSERT_EQUAL(rig.page.index, order[i]);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
        rig.key_count = 0;
        rig_add_keys(1);
        loader_want(rig.loader, rig.keys, rig.key_count);
        rig_turn_until_complete();
        rig_check_all(&recipe);
    }
    CU_ASSERT_FALSE(loader_select(rig.loader, (struct source_choice){.index = 3}, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "a.tif: has no page 4"));
    CU_ASSERT_EQUAL(loader_page(rig.loader)->index, 1);
    CU_ASSERT_EQUAL(rig.troubles + rig.failed, 0);
    rig_finish();
}

static void another_file_takes_the_place_of_the_first(void)
{
    struct tiff_recipe other = rig_strips;
    other.type = SAMPLE_U8;
    other.value = tiff_value_byte;
    rig_start(2);
    for (int i = 0; i < 4; i++) {
        const struct tiff_recipe *recipe = i % 2 ? &other : &rig_strips;
        rig_make_and_open(recipe);
        CU_ASSERT_EQUAL(arena_used(loader_arena(rig.loader)), 0);
        rig.key_count = 0;
        rig_add_keys(0);
        loader_want(rig.loader, rig.keys, rig.key_count);
        if (i < 2) /* else the next file comes in the middle */
            rig_turn_until_complete();
        else
            rig_turn_until(&rig.tiles, rig.tiles + 1);
        if (i < 2)
            rig_check_all(recipe);
    }
    rig_turn_until_complete();
    rig_check_all(&other);
    CU_ASSERT_EQUAL(rig.troubles + rig.failed, 0);
    rig_finish();
}

/* What cannot be opened, and the sentence after the file's name. */
static void make_nothing(void)
{
    unlink(rig.path);
}

static void make_folder(void)
{
    CU_ASSERT_EQUAL(mkdir(rig.path, 0700), 0);
}

static void make_queue(void)
{
    CU_ASSERT_EQUAL(mkfifo(rig.path, 0600), 0);
}

static void make_text(const char *text)
{
    FILE *file = fopen(rig.path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

static void make_empty(void)
{
    make_text("");
}

static void files_that_are_none_are_refused(void)
{
    static const struct {
        void (*make)(void);
        const char *sentence;
    } cases[] = {{make_nothing, "No such file or directory"},
                 {make_folder, "is a directory"},
                 {make_queue, "is not a regular file"},
                 {make_empty, "is empty"}};
    rig_start(2);
    rig_make_and_open(&rig_strips);
    unlink(rig.path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fault fault = {0};
        char sentence[300];
        cases[i].make();
        snprintf(sentence, sizeof sentence, "%s: %s", rig.path, cases[i].sentence);
        CU_ASSERT(loader_open(rig.loader, rig.path, (struct source_choice){.index = 0}, &fault));
        rig_turn_until(&rig.refused, (int)i + 1);
        CU_ASSERT_STRING_EQUAL(rig.failure.text, sentence);
        CU_ASSERT_EQUAL(rig.failure.kind, FAULT_FILE);
        CU_ASSERT_PTR_NOT_NULL(loader_page(rig.loader)); /* the open file stays */
        remove(rig.path);
    }
    rig_finish();
}

static void broken_files_fail_with_a_sentence(void)
{
    struct fault fault = {0};
    rig_start(2);
    make_text("Dear Sir or Madam, this is no picture.\n");
    CU_ASSERT(loader_open(rig.loader, rig.path, (struct source_choice){.index = 0}, &fault));
    rig_turn_until(&rig.failed, 1);
    CU_ASSERT_EQUAL(rig.failure.kind, FAULT_FORMAT);
    CU_ASSERT_NSTRING_EQUAL(rig.failure.text, rig.path, strlen(rig.path));
    CU_ASSERT_PTR_NULL(loader_page(rig.loader));
    unlink(rig.path); /* the other decoder may still be at it */
    CU_ASSERT(tiff_make(rig.path, &rig_strips));
    CU_ASSERT(loader_open(rig.loader, rig.path, (struct source_choice){.index = 5}, &fault));
    rig_turn_until(&rig.failed, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.failure.text, "page"));
    CU_ASSERT_PTR_NULL(loader_page(rig.loader));
    CU_ASSERT_FALSE(loader_select(rig.loader, (struct source_choice){.index = 0}, &fault));
    unlink(rig.path);
    make_text("II*");
    CU_ASSERT(loader_open(rig.loader, rig.path, (struct source_choice){.index = 0}, &fault));
    rig_turn_until(&rig.failed, 3);
    loader_want(rig.loader, rig.keys, 1);
    loader_count(rig.loader);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
    rig_make_and_open(&rig_strips); /* and another goes as if nothing had been */
    CU_ASSERT_EQUAL(rig.failed, 3);
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

static void only_what_fits_is_loaded(void)
{
    rig_start(2);
    rig_make_and_open(&rig_strips);
    arena_set_budget(loader_arena(rig.loader), 0);
    rig_add_keys(0);
    CU_ASSERT_FATAL(rig.key_count == 30);
    loader_want(rig.loader, rig.keys, rig.key_count);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 8);
    rig_turn_until_complete();
    for (int i = 0; i < 30; i++)
        CU_ASSERT_EQUAL(rig_wrong_codes(&rig_strips, rig.keys[i]), i < 8 ? 0 : -1);
    for (int from = 4; from + 8 <= 30; from += 4) {
        rig.tiles = 0;
        loader_want(rig.loader, rig.keys + from, 8);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.tiles, from < 24 ? 4 : rig.tiles); /* the others were kept */
        for (int i = from; i < from + 8; i++)
            CU_ASSERT_EQUAL(rig_wrong_codes(&rig_strips, rig.keys[i]), 0);
        CU_ASSERT_EQUAL(arena_used(loader_arena(rig.loader)), 8);
    }
    rig_finish();
}

static void without_memory_the_rest_is_renounced(void)
{
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    loader_want(rig.loader, rig.keys, 1);
    rig_turn_until_complete();
    ledger_set_limit(ledger_total().current + 2 * arena_slot_bytes(loader_arena(rig.loader)) +
                     4096);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    ledger_set_limit(0);
    CU_ASSERT_EQUAL(rig.trouble.kind, FAULT_MEMORY);
    CU_ASSERT_EQUAL(rig.tiles, 3);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    rig_check_all(&rig_strips);
    rig_finish();
}

static void what_is_wanted_no_more_is_dropped(void)
{
    struct tile_key first[4], other = {0, 3, 0, 0};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    memcpy(first, rig.keys, sizeof first);
    int count = rig_stop_all(pids);
    loader_want(rig.loader, first, 4);
    CU_ASSERT(arena_is_loading(loader_arena(rig.loader), first[0]));
    loader_want(rig.loader, &other, 1);
    CU_ASSERT_EQUAL(arena_shared(loader_arena(rig.loader))->cancelled[0], 2); /* after OPEN */
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig_wrong_codes(&rig_strips, other), 0);
    CU_ASSERT_EQUAL(rig.tiles, 1);
    CU_ASSERT_FALSE(arena_is_loading(loader_arena(rig.loader), first[0]));
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    rig_check_all(&rig_strips);
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

static void keys_beyond_the_page_are_passed_over(void)
{
    static const struct tile_key odd[] = {{1, 0, 0, 0}, {0, 25, 0, 0}, {0, -1, 0, 0},
                                          {0, 0, 6, 0}, {0, 0, -1, 0}, {0, 0, 0, 5},
                                          {0, 3, 1, 0}, {0, 0, 5, 4}};
    rig_start(2);
    rig_make_and_open(&rig_strips);
    loader_want(rig.loader, odd, 8);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 1);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, 1);
    CU_ASSERT_EQUAL(rig_wrong_codes(&rig_strips, odd[7]), 0);
    rig_finish();
}

static void values_are_counted_once_for_each_page(void)
{
    struct fault fault;
    for (int workers = 1; workers < 3; workers++) {
        rig_start(workers);
        rig_make_and_open(&rig_small);
        rig_add_keys(0);
        loader_want(rig.loader, rig.keys, rig.key_count);
        loader_count(rig.loader);
        loader_count(rig.loader);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), rig.key_count + 1);
        CU_ASSERT_FALSE(loader_counted(rig.loader));
        rig_turn_until_complete();
        CU_ASSERT(loader_counted(rig.loader));
        CU_ASSERT_EQUAL(rig.counted, 1);
        CU_ASSERT_EQUAL(rig_wrong_bins(0), 0);
        loader_count(rig.loader);
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
        CU_ASSERT(loader_select(rig.loader, (struct source_choice){.index = 1}, &fault));
        rig_turn_until(&rig.opened, 2);
        CU_ASSERT_FALSE(loader_counted(rig.loader));
        loader_count(rig.loader);
        rig_turn_until_complete();
        CU_ASSERT_EQUAL(rig.counted, 2);
        CU_ASSERT_EQUAL(rig_wrong_bins(1), 0);
        rig_finish();
    }
}

/* What a worker has written of the statistics under way, and whether it may be used. */
static void statistics_under_way_are_checked(void)
{
    static const struct {
        struct statistics seen;
        bool fine;
    } cases[] = {
        {{0, 0, 0, 0, 0}, false},         {{7, -300, 2000, 0, 0}, true},
        {{-1, 5, 6, 0, 0}, false},        {{7, 6, 5, 0, 0}, false},
        {{7, NAN, 5, 0, 0}, false},       {{7, 5, INFINITY, 0, 0}, false},
        {{7, -32768, 32767, 0, 0}, true}, {{7, -32769, 5, 0, 0}, false},
        {{7, 5, 32768, 0, 0}, false},     {{7, 5, 5, NAN, NAN}, true},
    };
    struct statistics told;
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_small);
    arena_shared(loader_arena(rig.loader))->seen = (struct statistics){9, 1, 2, 1, 2};
    CU_ASSERT_FALSE(loader_seen(rig.loader, &told));
    rig_stop_all(&pid);
    loader_count(rig.loader);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_EQUAL(loader_seen(rig.loader, &told), i > 0 && cases[i - 1].fine);
        arena_shared(loader_arena(rig.loader))->seen = cases[i].seen;
        CU_ASSERT_EQUAL_FATAL(loader_seen(rig.loader, &told), cases[i].fine);
        CU_ASSERT(!cases[i].fine || (told.least == told.low && told.most == told.high &&
                                     told.least == cases[i].seen.least &&
                                     told.most == cases[i].seen.most && told.counted == 7));
    }
    kill(pid, SIGCONT);
    rig_turn_until_complete();
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (int64_t y = 0; y < rig_small.height; y++)
        for (int64_t x = 0; x < rig_small.width; x++) {
            int32_t value = tiff_value_signed(x, y, 0);
            least = value < least ? value : least;
            most = value > most ? value : most;
        }
    CU_ASSERT(loader_seen(rig.loader, &told));
    CU_ASSERT(told.least == least && told.most == most);
    CU_ASSERT(told.low == rig.statistics.low && told.high == rig.statistics.high);
    CU_ASSERT_EQUAL(told.counted, rig_small.width * rig_small.height);
    rig_finish();
}

/* Pages are counted when there is nothing else to do, and everything else interrupts that. */
static void want_a_tile(void)
{
    static const struct tile_key key = {0, 0, 0, 0};
    loader_want(rig.loader, &key, 1);
}

static void want_a_sample(void)
{
    loader_probe(rig.loader, 1, 1);
}

static void want_values(void)
{
    loader_count(rig.loader);
}

static void want_facts(void)
{
    loader_inform(rig.loader);
}

static void want_the_other_page(void)
{
    CU_ASSERT(loader_select(rig.loader, (struct source_choice){.index = 1}, NULL));
}

static void counting_pages_gives_way(void)
{
    static void (*const wants[])(void) = {want_a_tile, want_a_sample, want_values, want_facts,
                                          want_the_other_page};
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        pid_t pid;
        rig_start(1);
        rig_make_and_open(&rig_small);
        rig_stop_all(&pid);
        rig.loader->page.counting = 1; /* as if its pages were many */
        rig.loader->page.count = 9;
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 1);
        requests_dispatch(rig.loader);
        const struct load *load = rig.loader->loads;
        CU_ASSERT(load->request == MESSAGE_COUNT && !load->cancelled);
        wants[i]();
        CU_ASSERT(load->request == MESSAGE_COUNT && load->cancelled);
        kill(pid, SIGCONT);
        if (wants[i] == want_the_other_page) {
            rig_turn_until(&rig.opened, 2);
            CU_ASSERT(rig.page.count == 9 && rig.page.counting); /* what was known is not lost */
        }
        rig_turn_until(&rig.paged, 1);
        rig_turn_until_complete();
        CU_ASSERT(!rig.pages_counting && rig.page_count == 9);
        CU_ASSERT_EQUAL(rig.troubles, 0);
        rig_finish();
    }
}

static void facts_are_told_and_end(void)
{
    rig_start(2);
    rig_make_and_open(&rig_small);
    loader_inform(rig.loader);
    loader_inform(rig.loader);
    rig_turn_until(&rig.informed, 1);
    CU_ASSERT(!rig.facts || rig.first_fact.name[0]);
    CU_ASSERT_EQUAL(rig.troubles, 0);
    rig_finish();
}

static void a_page_in_one_block_is_served_in_one_pass(void)
{
    struct tiff_recipe recipe = {.width = 1600,
                                 .height = 1400,
                                 .type = SAMPLE_U16,
                                 .compression = COMPRESSION_ADOBE_DEFLATE};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&recipe);
    CU_ASSERT_EQUAL_FATAL(rig.page.whole, 1);
    int count = rig_stop_all(pids);
    rig_add_keys(0);
    struct tile_key taken = rig.keys[9];
    rig.keys[9] = rig.keys[--rig.key_count]; /* a hole in the rectangle */
    loader_want(rig.loader, rig.keys, rig.key_count);
    for (int i = 0; i < rig.key_count; i++)
        CU_ASSERT(arena_is_loading(loader_arena(rig.loader), rig.keys[i]));
    CU_ASSERT_FALSE(arena_is_loading(loader_arena(rig.loader), taken));
    loader_probe(rig.loader, 3, 4);
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGCONT);
    rig_turn_until_complete();
    rig_check_all(&recipe);
    CU_ASSERT_EQUAL(rig_wrong_codes(&recipe, taken), -1);
    CU_ASSERT_EQUAL(rig.probed, 0);
    rig_finish();
}

static void samples_are_probed(void)
{
    rig_start(2);
    rig_make_and_open(&rig_small);
    loader_probe(rig.loader, 699, 0);
    rig_turn_until(&rig.probed, 1);
    CU_ASSERT(rig.probe_x == 699 && rig.probe_y == 0);
    CU_ASSERT_EQUAL((int32_t)rig.probe_values[0], tiff_value_signed(699, 0, 0));
    loader_probe(rig.loader, 700, 0);
    loader_probe(rig.loader, 0, -1);
    for (int x = 0; x < 50; x++)
        loader_probe(rig.loader, x, 7);
    rig_turn_until(&rig.probed, 2); /* those that were overtaken are not told */
    CU_ASSERT(rig.probe_x == 49 && rig.probe_y == 7);
    CU_ASSERT_EQUAL((int32_t)rig.probe_values[0], tiff_value_signed(49, 7, 0));
    loader_probe(rig.loader, 1, 1);
    rig_turn_until(&rig.probed, 3);
    CU_ASSERT(rig.probe_x == 1 && rig.probe_y == 1);
    rig_finish();
}

static void closing_gives_everything_back(void)
{
    pid_t pids[16];
    char name[64];
    rig_start(2);
    size_t empty = ledger_line(LEDGER_TILES).current;
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    loader_count(rig.loader);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    loader_rest(rig.loader);
    CU_ASSERT(ledger_line(LEDGER_TILES).current >= empty + 30u * 131072u);
    loader_close(rig.loader);
    CU_ASSERT_PTR_NULL(loader_page(rig.loader));
    CU_ASSERT_EQUAL(arena_used(loader_arena(rig.loader)), 0);
    CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
    CU_ASSERT(ledger_line(LEDGER_TILES).current < empty + 4096);
    CU_ASSERT_EQUAL(loader_pids(rig.loader, pids, 16), 3); /* the opener is the last */
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "/proc/%ld/fd", (long)pids[i]);
        while (rig_entries(name) != 4 && clock_ms() < end)
            loop_turn(&rig.loop, 10, NULL);
        CU_ASSERT_EQUAL(rig_entries(name), 4); /* the decoders have let go of the file too */
    }
    rig_open();
    rig_finish();
}

static void nothing_is_left_behind(void)
{
    struct ledger_line before = ledger_line(LEDGER_TILES);
    int descriptors = rig_entries("/proc/self/fd");
    pid_t pids[16];
    rig_start(3);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    loader_count(rig.loader);
    rig_stop_all(pids);
    loader_want(rig.loader, rig.keys, rig.key_count);
    kill(pids[1], SIGCONT);
    rig_turn_until(&rig.tiles, 1);
    rig_finish(); /* in the middle of it */
    CU_ASSERT_EQUAL(rig_entries("/proc/self/fd"), descriptors);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, before.current);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).blocks, before.blocks);
    for (int i = 0; i < LOOP_WATCHES; i++)
        CU_ASSERT_EQUAL(rig.loop.watches[i].fd, -1);
}

SUITE("loader", {"tiles are means of what the file holds", tiles_are_means_of_what_the_file_holds},
      {"pages are selected", pages_are_selected},
      {"another file takes the place of the first", another_file_takes_the_place_of_the_first},
      {"files that are none are refused", files_that_are_none_are_refused},
      {"broken files fail with a sentence", broken_files_fail_with_a_sentence},
      {"only what fits is loaded", only_what_fits_is_loaded},
      {"without memory the rest is renounced", without_memory_the_rest_is_renounced},
      {"what is wanted no more is dropped", what_is_wanted_no_more_is_dropped},
      {"keys beyond the page are passed over", keys_beyond_the_page_are_passed_over},
      {"values are counted once for each page", values_are_counted_once_for_each_page},
      {"statistics under way are checked", statistics_under_way_are_checked},
      {"counting pages gives way", counting_pages_gives_way},
      {"facts are told and end", facts_are_told_and_end},
      {"a page in one block is served in one pass", a_page_in_one_block_is_served_in_one_pass},
      {"samples are probed", samples_are_probed},
      {"closing gives everything back", closing_gives_everything_back},
      {"nothing is left behind", nothing_is_left_behind})
