/* The loader when decoders crash, stop, lie or find another file (tiles/answers.c): the picture
 * completes, and what happened is told. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <tiff.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/borrow.h"
#include "support/loader_rig.h"
#include "tiles/loader.h"
#include "tiles/loader_state.h"
#include "tiles/message.h"

static void lost_in_the_middle(int signal_number, const char *why)
{
    pid_t pids[16];
    char sentence[200];
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    CU_ASSERT_EQUAL(rig_stop_all(pids), 2); /* so that both have requests in hand, for certain */
    loader_want(rig.loader, rig.keys, rig.key_count);
    kill(pids[0], signal_number);
    kill(pids[0], signal_number ? SIGCONT : 0);
    kill(pids[1], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, rig.key_count);
    rig_check_all(&rig_strips);
    rig_turn_until(&rig.troubles, 1);
    snprintf(sentence, sizeof sentence, "decoder 1 (pid %ld) %s and was replaced", (long)pids[0],
             why);
    CU_ASSERT_STRING_EQUAL(rig.trouble.text, sentence);
    CU_ASSERT_EQUAL(rig.trouble.kind, FAULT_WORKER);
    CU_ASSERT_EQUAL(rig.troubles, 1);
    rig_finish();
}

static void a_killed_decoder_costs_nothing(void)
{
    lost_in_the_middle(SIGKILL, "crashed (signal 9, Killed)");
    lost_in_the_middle(SIGSEGV, "crashed (signal 11, Segmentation fault)");
}

static void a_stopped_decoder_costs_nothing(void)
{
    lost_in_the_middle(0, "was stopped");
}

static void a_tile_lost_three_times_is_given_up(void)
{
    struct tiff_recipe recipe = rig_strips;
    recipe.width = recipe.height = 4000;
    rig_start(1);
    rig_make_and_open(&recipe);
    struct tile_key key = {0, 4, 0, 0};
    for (int i = 0; i < 3; i++) {
        int64_t end = clock_ms() + RIG_LIMIT_MS;
        loader_want(rig.loader, &key, 1); /* asking again does not wipe its record */
        while (!arena_is_loading(loader_arena(rig.loader), key) && clock_ms() < end)
            loop_turn(&rig.loop, 100, NULL);
        pid_t pid;
        CU_ASSERT_EQUAL(loader_pids(rig.loader, &pid, 1), 1);
        CU_ASSERT_EQUAL(rig.tiles, 0);
        kill(pid, SIGKILL); /* it has 16 million samples to decode first */
        rig_turn_until(&rig.troubles, i + 1);
    }
    rig_turn_until_complete();
    bool sound = true;
    const uint16_t *codes = arena_find(loader_arena(rig.loader), key, &sound);
    CU_ASSERT_PTR_NOT_NULL_FATAL(codes);
    CU_ASSERT_FALSE(sound);
    for (int i = 0; i < TILE_SIDE * TILE_SIDE; i++)
        if (codes[i]) {
            CU_FAIL("a given up tile is not clear");
            break;
        }
    CU_ASSERT_EQUAL(rig.tiles, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "cannot be decoded"));
    rig_finish();
}

static void a_decoder_that_dies_on_opening_is_given_up(void)
{
    pid_t pids[16];
    rig_start(2);
    CU_ASSERT(tiff_make(rig.path, &rig_strips));
    rig_stop_all(pids);
    rig.kill_in_trouble = true;
    rig_begin_to_open();
    kill(pids[0], SIGKILL);
    rig_turn_until(&rig.failed, 1);
    rig.kill_in_trouble = false;
    CU_ASSERT(rig.troubles == 3 || rig.troubles == 4); /* both may go in one turn */
    CU_ASSERT_PTR_NOT_NULL(strstr(
        rig.failure.text, "a.tif: cannot be opened: the decoder crashed (signal 9, Killed)"));
    CU_ASSERT_EQUAL(rig.opened, 0);
    rig_open();
    rig_finish();
}

static bool any_timer(void)
{
    bool any = false;
    for (int i = 0; i < LOOP_TIMERS; i++)
        any |= rig.loop.timers[i].due != NULL;
    return any;
}

static void a_changed_file_is_noticed(void)
{
    struct tiff_recipe other = rig_strips;
    pid_t pids[16];
    other.width = 700;
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    rig_stop_all(pids);
    loader_want(rig.loader, rig.keys, rig.key_count);
    loader_inform(rig.loader);
    rig.loader->page.counting = 1;
    CU_ASSERT(tiff_make(rig.path, &other)); /* the same inode */
    kill(pids[0], SIGKILL);
    kill(pids[1], SIGKILL);
    rig_turn_until_complete();
    CU_ASSERT(rig.renewed <= 1 && rig.tiles == (rig.renewed + 1) * rig.key_count);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "was the file changed?"));
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "cannot be read any more"));
    CU_ASSERT_EQUAL(rig.informed, 1);
    CU_ASSERT(rig.paged == 1 && !rig.pages_counting);
    int troubles = rig.troubles;
    loader_want(rig.loader, NULL, 0);
    int64_t end = clock_ms() + RIG_LIMIT_MS;
    while (any_timer() && clock_ms() < end) /* and nobody tries any more */
        CU_ASSERT_TRUE_FATAL(loop_turn(&rig.loop, 100, NULL));
    CU_ASSERT(!any_timer() && rig.troubles == troubles);
    rig_open();
    CU_ASSERT_EQUAL(rig.page.width, 700);
    rig.key_count = 0;
    rig_add_keys(0);
    loader_want(rig.loader, rig.keys, rig.key_count);
    rig_turn_until_complete();
    rig_check_all(&other);
    rig_finish();
}

static void a_count_survives_its_decoder(void)
{
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_small);
    rig_stop_all(pids);
    loader_count(rig.loader);
    arena_shared(loader_arena(rig.loader))->histogram[5] = 99; /* as if half counted */
    kill(pids[0], SIGKILL);
    kill(pids[1], SIGKILL);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.counted, 1);
    CU_ASSERT_EQUAL(rig_wrong_bins(0), 0);
    rig_finish();
}

/* What a decoder that was taken over by its file might answer to which request, how often, and how
 * it is named. */
static const struct lie {
    enum message_type asked;
    struct message message;
    const char *why;
    int times;
} lies[] = {
    {MESSAGE_TILES_WANTED,
     {.type = MESSAGE_TILE, .body.tile = {5, 1}},
     "a tile nobody asked for",
     1},
    {MESSAGE_TILES_WANTED,
     {.type = MESSAGE_TILE, .body.tile = {1, 1}},
     "a tile nobody asked for",
     1},                                                     /* -1 in the request */
    {MESSAGE_TILES_WANTED, {.type = MESSAGE_DONE}, NULL, 1}, /* without a tile */
    {MESSAGE_TILES_WANTED,
     {.type = MESSAGE_ALIVE, .body.alive = {1, 2, {1, 0, 1, 9}}},
     "rows of a tile nobody asked for",
     1},
    {MESSAGE_TILES_WANTED,
     {.type = MESSAGE_ALIVE, .body.alive = {1, 2, {0, 1, 3, 9}}},
     "rows of a tile nobody asked for",
     1},
    {MESSAGE_PROBE,
     {.type = MESSAGE_PROBED, .body.probe = {4, 4, {0}}},
     "a sample nobody asked for",
     1},
    {MESSAGE_PROBE,
     {.type = MESSAGE_PROBED, .body.probe = {4, 3, {256}}},
     "a value that is none of the page's",
     1},
    {MESSAGE_PROBE,
     {.type = MESSAGE_PROBED, .body.probe = {4, 3, {-1}}},
     "a value that is none of the page's",
     1},
    {MESSAGE_STATISTICS,
     {.type = MESSAGE_COUNTED, .body.counted = {1, {5, 0, 256, 0, 256}}},
     "values that are none of the page's",
     1},
    {MESSAGE_STATISTICS,
     {.type = MESSAGE_COUNTED, .body.counted = {1, {5, -1, 7, 0, 7}}},
     "values that are none of the page's",
     1},
    {MESSAGE_INFORM,
     {.type = MESSAGE_FACT, .body.fact = {"again", "and again"}},
     "facts without end",
     MESSAGE_FACTS + 1},
};

static void ask_for_a_lie(enum message_type asked)
{
    static const struct tile_key ends[] = {{0, 0, 0, 0}, {0, 0, 2, 0}};
    if (asked == MESSAGE_PROBE)
        loader_probe(rig.loader, 4, 3);
    else if (asked == MESSAGE_STATISTICS)
        loader_count(rig.loader);
    else if (asked == MESSAGE_INFORM)
        loader_inform(rig.loader);
    else
        loader_want(rig.loader, ends, 2);
}

/* Says it as often as it is to be said; the viewer listens in between. */
static void repeat_lie(int socket, const struct lie *lie, uint32_t serial)
{
    struct message message = lie->message;
    message.magic = MESSAGE_MAGIC;
    message.serial = serial;
    for (int i = 0; i < lie->times; i++) {
        if (i % 4 == 3)
            CU_ASSERT(loop_turn(&rig.loop, 0, NULL));
        CU_ASSERT(message_send(socket, &message, NULL, 0));
    }
}

static void tell_lie(const struct lie *lie)
{
    static const struct tiff_recipe recipe = {.width = 700,
                                              .height = 300,
                                              .type = SAMPLE_U8,
                                              .value = tiff_value_byte,
                                              .compression = COMPRESSION_ADOBE_DEFLATE,
                                              .rows_per_strip = 16};
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&recipe);
    CU_ASSERT_EQUAL(rig_stop_all(&pid), 1);
    int socket = borrow_socket(pid);
    struct message request;
    ask_for_a_lie(lie->asked);
    if (socket >= 0 && message_receive(socket, &request, NULL) == MESSAGE_RECEIVED) {
        CU_ASSERT_EQUAL(request.type, lie->asked);
        repeat_lie(socket, lie, request.serial);
        close(socket);
        kill(pid, lie->why ? 0 : SIGCONT);
        rig_turn_until(lie->why ? &rig.troubles : &rig.tiles, 1);
        CU_ASSERT(!lie->why || strstr(rig.trouble.text, lie->why));
    }
    rig_turn_until_complete();
    rig_turn_until(&rig.informed, lie->asked == MESSAGE_INFORM);
    CU_ASSERT_EQUAL(rig.probed, 0);
    CU_ASSERT_EQUAL(rig.informed, lie->asked == MESSAGE_INFORM);
    CU_ASSERT(rig.facts <= MESSAGE_FACTS);
    CU_ASSERT_EQUAL(rig.counted, lie->asked == MESSAGE_STATISTICS);
    CU_ASSERT(!rig.counted || rig.statistics.most < 256);
    for (int i = 0; i < rig.loader->wishes.count; i++)
        CU_ASSERT_EQUAL(rig_wrong_codes(&recipe, rig.loader->wishes.list[i].key), 0);
    rig_finish();
}

static void answers_that_fit_no_request_are_refused(void)
{
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        tell_lie(&lies[i]);
}

static void facts_end_with_their_decoder(void)
{
    pid_t pid;
    rig_start(1);
    loader_inform(rig.loader); /* of nothing */
    rig_make_and_open(&rig_small);
    CU_ASSERT_EQUAL(rig.informed, 0);
    rig_stop_all(&pid);
    loader_inform(rig.loader);
    CU_ASSERT_EQUAL(rig.loader->loads[0].request, MESSAGE_INFORM);
    kill(pid, SIGKILL);
    rig_turn_until(&rig.informed, 1);
    loader_inform(rig.loader);
    rig_turn_until(&rig.informed, 2);
    rig_finish();
}

static void pages_that_cannot_be_counted_are_given_up(void)
{
    static const struct message cases[] = {
        {.type = MESSAGE_PAGES, .body.pages = {2, 1}}, /* no more than it said before */
        {.type = MESSAGE_FAULT, .body.fault = {FAULT_FORMAT, "no"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pid_t pid;
        rig_start(1);
        rig_make_and_open(&rig_small);
        rig_stop_all(&pid);
        rig.loader->page.counting = 1;
        requests_dispatch(rig.loader);
        struct load *load = rig.loader->loads;
        for (int n = 0; n < LOSSES_MAX; n++) {
            CU_ASSERT_EQUAL(load->request, MESSAGE_COUNT);
            CU_ASSERT_EQUAL(loader_pending(rig.loader), 1);
            answers_take(rig.loader, 0, &cases[i]);
            load->request = MESSAGE_COUNT; /* the crew has but one of them in hand */
        }
        CU_ASSERT_EQUAL(loader_pending(rig.loader), 0);
        CU_ASSERT(rig.paged == 1 && rig.page_count == 2 && !rig.pages_counting);
        CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "beyond the first 2 cannot be counted"));
        kill(pid, SIGCONT);
        rig_finish();
    }
}

static void a_count_of_pages_survives_its_decoder(void)
{
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_small);
    rig_stop_all(pids);
    rig.loader->page.counting = 1;
    requests_dispatch(rig.loader);
    CU_ASSERT_EQUAL(rig.loader->loads[0].request, MESSAGE_COUNT);
    CU_ASSERT_EQUAL(rig.loader->loads[1].request, 0); /* one of them counts */
    kill(pids[0], SIGKILL);
    kill(pids[1], SIGKILL);
    rig_turn_until_complete();
    CU_ASSERT(rig.paged == 1 && rig.page_count == 2 && !rig.pages_counting);
    rig_finish();
}

/* Two decoders have the file open and are stopped, every tile of it is wanted. Returns how many. */
static int want_of_stopped(pid_t *pids)
{
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    int count = rig_stop_all(pids);
    loader_want(rig.loader, rig.keys, rig.key_count);
    return count;
}

/* A file that shrinks while it is shown: what is left of it is shown, and what is wrong is told. */
static void a_file_cut_short_is_shown_as_far_as_it_goes(void)
{
    pid_t pids[16];
    int count = want_of_stopped(pids);
    CU_ASSERT_EQUAL(truncate(rig.path, 2000), 0);
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT(rig.tiles >= rig.key_count && rig.renewed <= count); /* some were asked for again */
    CU_ASSERT(rig.troubles > 0);
    CU_ASSERT_PTR_NULL(strstr(rig.all_troubles, "crashed"));
    struct tile_key last = rig.keys[rig.key_count - 1];
    bool sound = true;
    CU_ASSERT_PTR_NOT_NULL(arena_find(loader_arena(rig.loader), last, &sound));
    CU_ASSERT_FALSE(sound);
    rig_finish();
}

/* One that grows, and one whose name goes to another file: the open one stays what it was. */
static void a_file_that_grows_or_is_replaced_stays(void)
{
    for (int replaced = 0; replaced < 2; replaced++) {
        pid_t pids[16];
        int count = want_of_stopped(pids);
        FILE *file;
        if (replaced)
            unlink(rig.path);
        file = fopen(rig.path, "a");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fputs("more and more", file);
        fclose(file);
        for (int i = 0; i < count; i++)
            kill(pids[i], replaced ? SIGKILL : SIGCONT); /* new ones get the old file */
        rig_turn_until_complete();
        rig_check_all(&rig_strips);
        CU_ASSERT_PTR_NULL(strstr(rig.all_troubles, "changed"));
        CU_ASSERT_PTR_NULL(strstr(rig.all_troubles, "written over"));
        rig_finish();
    }
}

/* One that is written over in place is read on, and the user is told. */
static void a_file_that_is_written_over_is_told_of(void)
{
    pid_t pids[16];
    int count = want_of_stopped(pids);
    FILE *file = fopen(rig.path, "r+");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    int first = fgetc(file);
    rewind(file);
    fputc(first, file);
    fclose(file);
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGCONT);
    rig_turn_until_complete();
    rig_check_all(&rig_strips);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.all_troubles, "was written over while it was shown"));
    rig_finish();
}

/* What is given up of a page of floats is lost, not black. */
static void lost_floats_are_marked(void)
{
    static const enum sample_type types[] = {SAMPLE_F32, SAMPLE_F64};
    for (int i = 0; i < 2; i++) {
        static const struct tile_key key = {0, 0, 0, 0};
        rig_start(1);
        rig_make_and_open(&rig_small);
        struct arena *arena = loader_arena(rig.loader);
        rig.loader->page.type = (int32_t)types[i];
        arena_recut(arena, sample_bytes(types[i]));
        answers_give_up(rig.loader, key, arena_begin(arena, key, NULL, NULL));
        const void *samples = arena_find(arena, key, NULL);
        int lost = 0;
        for (int n = 0; samples && n < TILE_SAMPLES; n++)
            lost += sample_is_lost(types[i], samples, n);
        CU_ASSERT_EQUAL(lost, TILE_SAMPLES);
        rig_finish();
    }
}

/* A tile that was finished just before another file was opened has its name, and not its codes. */
static void tiles_of_an_earlier_file_are_thrown_away(void)
{
    static const struct message late = {.type = MESSAGE_TILE, .body.tile = {0, 1}};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    int count = rig_stop_all(pids);
    loader_want(rig.loader, rig.keys, 6);
    struct tile_key key = rig.keys[0];
    CU_ASSERT(arena_is_loading(loader_arena(rig.loader), key));
    rig_begin_to_open();
    answers_take(rig.loader, 0, &late);
    CU_ASSERT_PTR_NULL(arena_find(loader_arena(rig.loader), key, NULL));
    CU_ASSERT_FALSE(arena_is_loading(loader_arena(rig.loader), key));
    CU_ASSERT_EQUAL(rig.tiles, 0);
    for (int i = 0; i < count; i++)
        kill(pids[i], SIGKILL);
    rig_turn_until(&rig.opened, 2);
    CU_ASSERT_EQUAL(arena_used(loader_arena(rig.loader)), 0);
    rig_finish();
}

SUITE("recovery", {"a killed decoder costs nothing", a_killed_decoder_costs_nothing},
      {"a stopped decoder costs nothing", a_stopped_decoder_costs_nothing},
      {"a tile lost three times is given up", a_tile_lost_three_times_is_given_up},
      {"a decoder that dies on opening is given up", a_decoder_that_dies_on_opening_is_given_up},
      {"a changed file is noticed", a_changed_file_is_noticed},
      {"a count survives its decoder", a_count_survives_its_decoder},
      {"answers that fit no request are refused", answers_that_fit_no_request_are_refused},
      {"facts end with their decoder", facts_end_with_their_decoder},
      {"pages that cannot be counted are given up", pages_that_cannot_be_counted_are_given_up},
      {"a count of pages survives its decoder", a_count_of_pages_survives_its_decoder},
      {"a file cut short is shown as far as it goes", a_file_cut_short_is_shown_as_far_as_it_goes},
      {"a file that grows or is replaced stays", a_file_that_grows_or_is_replaced_stays},
      {"a file that is written over is told of", a_file_that_is_written_over_is_told_of},
      {"lost floats are marked", lost_floats_are_marked},
      {"tiles of an earlier file are thrown away", tiles_of_an_earlier_file_are_thrown_away})
