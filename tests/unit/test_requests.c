/* How missing tiles become rectangles for the decoders: one look at what each was asked for. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <tiff.h>

#include "base/ledger.h"
#include "support/loader_rig.h"
#include "tiles/loader_state.h"

enum { WIDTH = 3000, HEIGHT = 1300 }; /* 12 x 6 tiles */

/* A layout, the tiles wanted of it (a rectangle of them, from the upper left), and the rectangle
 * each of two idle decoders is asked for: column, row, columns, rows. */
static const struct grouping {
    const char *what;
    struct tiff_recipe recipe;
    int reduction, from_column, from_row, columns, rows;
    int expected[2][4];
} groupings[] = {
    {"rows of tiles from strips",
     {.compression = COMPRESSION_LZW, .rows_per_strip = 16},
     0,
     0,
     0,
     12,
     6,
     {{0, 0, 12, 1}, {0, 1, 12, 1}}},
    {"a row of strips is not shared out",
     {.compression = COMPRESSION_LZW, .rows_per_strip = 16},
     0,
     2,
     3,
     7,
     1,
     {{2, 3, 7, 1}, {0, 0, 0, 0}}},
    {"strips as high as three rows of tiles",
     {.compression = COMPRESSION_LZW, .rows_per_strip = 600},
     0,
     0,
     0,
     12,
     6,
     {{0, 0, 12, 3}, {0, 3, 12, 2}}},
    {"the same at half size",
     {.compression = COMPRESSION_LZW, .rows_per_strip = 600},
     1,
     0,
     0,
     6,
     3,
     {{0, 0, 6, 2}, {0, 2, 6, 1}}},
    {"an uncompressed row is shared out",
     {.rows_per_strip = HEIGHT},
     0,
     2,
     3,
     7,
     1,
     {{2, 3, 4, 1}, {6, 3, 3, 1}}},
    {"uncompressed rows",
     {.rows_per_strip = HEIGHT},
     0,
     0,
     0,
     12,
     6,
     {{0, 0, 12, 1}, {0, 1, 12, 1}}},
    {"small blocks are shared out",
     {.compression = COMPRESSION_LZW, .tile_width = 256, .tile_height = 256},
     0,
     1,
     0,
     1,
     2,
     {{1, 0, 1, 1}, {1, 1, 1, 1}}},
    {"large blocks are not cut through",
     {.compression = COMPRESSION_LZW, .tile_width = 1024, .tile_height = 512},
     0,
     3,
     1,
     3,
     3,
     {{3, 1, 1, 1}, {4, 1, 2, 1}}},
    {"a block is asked for whole",
     {.compression = COMPRESSION_LZW, .tile_width = 1024, .tile_height = 512},
     0,
     0,
     0,
     12,
     6,
     {{0, 0, 8, 2}, {8, 0, 4, 2}}},
    {"a page of huge strips goes to one decoder",
     {.width = 3000, .height = 3000, .compression = COMPRESSION_LZW, .rows_per_strip = 1500},
     0,
     0,
     0,
     12,
     12,
     {{0, 0, 12, 12}, {0, 0, 0, 0}}},
};

static void want_rectangle(const struct grouping *g)
{
    rig.key_count = 0;
    for (int row = g->from_row; row < g->from_row + g->rows; row++)
        for (int column = g->from_column; column < g->from_column + g->columns; column++)
            rig.keys[rig.key_count++] = (struct tile_key){0, g->reduction, column, row};
    loader_want(rig.loader, rig.keys, rig.key_count);
}

static void check_load(const struct grouping *g, int number)
{
    const struct load *load = &rig.loader->loads[number];
    /* Where one decoder alone may hold blocks, it is the one that was ready first. */
    const int *expected = g->expected[rig.loader->holder == 1 ? 1 - number : number];
    const struct tile_span *span = &load->span;
    if (!expected[2]) {
        CU_ASSERT_EQUAL(load->request, 0);
        return;
    }
    CU_ASSERT_EQUAL(load->request, MESSAGE_TILES_WANTED);
    bool same = span->column == expected[0] && span->row == expected[1] &&
                span->columns == expected[2] && span->rows == expected[3];
    CU_ASSERT(same);
    if (!same)
        printf("  %s: decoder %d was asked for (%d, %d) %d x %d\n", g->what, number + 1,
               (int)span->column, (int)span->row, (int)span->columns, (int)span->rows);
}

static void rectangles_follow_the_blocks(void)
{
    for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++) {
        const struct grouping *g = &groupings[i];
        struct tiff_recipe recipe = g->recipe;
        pid_t pids[16];
        recipe.width = recipe.width ? recipe.width : WIDTH;
        recipe.height = recipe.height ? recipe.height : HEIGHT;
        recipe.type = SAMPLE_U8;
        recipe.value = tiff_value_byte;
        rig_start(2);
        rig_make_and_open(&recipe);
        rig_stop_all(pids); /* they cannot have finished before we look */
        want_rectangle(g);
        check_load(g, 0);
        check_load(g, 1);
        kill(pids[0], SIGCONT);
        kill(pids[1], SIGCONT);
        rig_turn_until_complete();
        rig_check_all(&recipe);
        rig_finish();
    }
}

static void the_most_wanted_comes_first(void)
{
    static const struct tile_key keys[] = {{0, 0, 3, 4}, {0, 2, 0, 0}, {0, 0, 4, 4}, {0, 0, 0, 0}};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_stop_all(pids);
    loader_want(rig.loader, keys, 4);
    const struct load *loads = rig.loader->loads;
    CU_ASSERT(loads[0].span.row == 4 && loads[0].span.column == 3 && loads[0].span.columns == 2);
    CU_ASSERT(loads[1].span.reduction == 2);
    kill(pids[0], SIGCONT);
    kill(pids[1], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, 4);
    rig_finish();
}

/* After two losses a tile goes alone: the third would cost its neighbours too. */
static void a_suspect_goes_alone(void)
{
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&rig_strips);
    rig_add_keys(0);
    struct tile_key suspect = rig.keys[2];
    rig.keys[2] = rig.keys[0];
    rig.keys[0] = suspect;
    rig_stop_all(&pid);
    loader_want(rig.loader, rig.keys, 6);
    CU_ASSERT_EQUAL(rig.loader->loads[0].span.columns, 6);
    loader_wish(rig.loader, suspect)->losses = 1;
    kill(pid, SIGKILL);
    rig_turn_until_complete();
    CU_ASSERT(tile_key_equal(rig.first_tile, suspect)); /* in a row it would be the third */
    rig.key_count = 6;
    rig_check_all(&rig_strips);
    rig_finish();
}

/* A tile that takes long goes alone, so that it comes soon and the other decoder has its share;
 * rough ones are shared out as well. */
static void heavy_tiles_are_dealt_out(void)
{
    static const struct tiff_recipe wide = {.width = 20000,
                                            .height = 300,
                                            .type = SAMPLE_U8,
                                            .compression = COMPRESSION_PACKBITS,
                                            .tile_width = 256,
                                            .tile_height = 256};
    static const struct tile_key heavy[] = {{0, 5, 1, 0}, {0, 5, 0, 0}, {0, 5, 2, 0}};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&wide);
    rig_stop_all(pids);
    loader_want(rig.loader, heavy, 3);
    const struct load *loads = rig.loader->loads;
    CU_ASSERT(loads[0].span.column == 1 && loads[0].begun == 1);
    CU_ASSERT(loads[1].span.column == 0 && loads[1].begun == 1);
    kill(pids[0], SIGCONT);
    kill(pids[1], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, 3);
    rig_finish();
}

static void gaps_in_a_row_of_strips_are_not_wanted(void)
{
    static const struct tile_key keys[] = {{0, 0, 1, 2}, {0, 0, 4, 2}};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&rig_strips);
    rig_stop_all(pids);
    loader_want(rig.loader, keys, 2);
    const struct load *load = rig.loader->loads;
    CU_ASSERT(load->span.column == 1 && load->span.columns == 4);
    CU_ASSERT(load->slots[0] >= 0 && load->slots[1] == -1 && load->slots[2] == -1 &&
              load->slots[3] >= 0);
    CU_ASSERT_EQUAL(load[1].request, 0);
    kill(pids[0], SIGCONT);
    kill(pids[1], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(arena_used(loader_arena(rig.loader)), 2);
    rig_finish();
}

static void gaps_elsewhere_part_requests(void)
{
    static const struct tiff_recipe direct = {
        .width = 2000, .height = 600, .type = SAMPLE_U16, .rows_per_strip = 600};
    static const struct tile_key keys[] = {{0, 0, 1, 2}, {0, 0, 2, 2}, {0, 0, 4, 2}, {0, 0, 5, 2}};
    pid_t pid;
    rig_start(1);
    rig_make_and_open(&direct);
    rig_stop_all(&pid);
    loader_want(rig.loader, keys, 4);
    const struct load *load = rig.loader->loads;
    CU_ASSERT(load->span.column == 1 && load->span.columns == 2);
    kill(pid, SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, 4);
    rig_finish();
}

/* Whichever of its rows is wanted most, a high strip is decoded once. */
static void a_row_of_blocks_is_taken_from_its_top(void)
{
    static const struct tiff_recipe high = {.width = 2000,
                                            .height = 1300,
                                            .type = SAMPLE_U16,
                                            .compression = COMPRESSION_LZW,
                                            .rows_per_strip = 600};
    static const struct tile_key keys[] = {{0, 0, 5, 1}, {0, 0, 5, 3}, {0, 0, 5, 0}, {0, 0, 5, 2}};
    pid_t pids[16];
    rig_start(2);
    rig_make_and_open(&high);
    rig_stop_all(pids);
    loader_want(rig.loader, keys, 4);
    const struct load *loads = rig.loader->loads;
    CU_ASSERT(loads[0].span.row == 0 && loads[0].span.rows == 3);
    CU_ASSERT(loads[1].span.row == 3 && loads[1].span.rows == 1);
    kill(pids[0], SIGCONT);
    kill(pids[1], SIGCONT);
    rig_turn_until_complete();
    CU_ASSERT_EQUAL(rig.tiles, 4);
    rig_finish();
}

SUITE("requests", {"rectangles follow the blocks", rectangles_follow_the_blocks},
      {"the most wanted comes first", the_most_wanted_comes_first},
      {"a suspect goes alone", a_suspect_goes_alone},
      {"heavy tiles are dealt out", heavy_tiles_are_dealt_out},
      {"gaps in a row of strips are not wanted", gaps_in_a_row_of_strips_are_not_wanted},
      {"gaps elsewhere part requests", gaps_elsewhere_part_requests},
      {"a row of blocks is taken from its top", a_row_of_blocks_is_taken_from_its_top})
