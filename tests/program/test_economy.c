/* The account of memory: what kinds of pages leave of 16 MiB for tiles, with and without a limit.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "app/economy.h"

enum { KIB = 1024, MIB = 1024 * KIB, FRAME = 1024 * 748 * 4, GRAY = ECONOMY_SLOT };

/* A page, bytes of a tile, and how many tiles there are at 1024 x 748: without a limit, of 24 MiB,
 * of the least (-1: it is refused). */
static const struct row {
    const char *what;
    struct page page;
    size_t slot;
    int usual, of_24, of_least;
} rows[] = {
    {"direct, 16 bits", {.direct = 1}, GRAY, 63, 63, 28},
    {"deflate, small strips, 16 bits",
     {.height = 9999,
      .bits = 16,
      .samples = 1,
      .block_width = 4096,
      .block_height = 8,
      .compression = "deflate"},
     GRAY,
     53,
     53,
     22},
    {"deflate tiles of 512 KiB, 16 bits",
     {.tiled = 1,
      .bits = 16,
      .samples = 1,
      .block_width = 512,
      .block_height = 512,
      .compression = "deflate"},
     GRAY,
     42,
     42,
     14},
    {"direct, floats of 64 bits", {.direct = 1}, 4 * GRAY, 14, 14, -1},
    {"direct, RGB of floats", {.direct = 1}, 6 * GRAY, 9, 9, -1},
    {"LERC tiles of 4 MiB, floats",
     {.tiled = 1,
      .bits = 32,
      .samples = 1,
      .block_width = 1024,
      .block_height = 1024,
      .compression = "LERC"},
     2 * GRAY,
     0,
     -1,
     -1},
    {"LERC tiles of 4 MiB, floats, in a file",
     {.tiled = 1,
      .bits = 32,
      .samples = 1,
      .block_width = 1024,
      .block_height = 1024,
      .filed = 1,
      .compression = "LERC"},
     2 * GRAY,
     0,
     0,
     -1},
};

static struct economy_case usual_case(size_t slot)
{
    return (struct economy_case){
        .width = 1024, .height = 748, .frame = FRAME, .workers = 2, .slot = slot};
}

static struct economy_case case_of(const struct row *row, int workers)
{
    struct economy_case what = usual_case(row->slot);
    what.workers = workers;
    what.burden = burden_of(&row->page);
    return what;
}

static int tiles_under(const struct row *row, size_t limit)
{
    struct economy economy = {.limit = limit};
    struct fault fault;
    struct economy_case what = case_of(row, economy_workers(&economy, 0));
    if (!economy_serves(&economy, &what, "film.tif", &fault)) {
        CU_ASSERT_EQUAL(fault.kind, FAULT_MEMORY);
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "film.tif: showing it can take "));
        return -1;
    }
    return (int)(economy_budget(&economy, &what) / row->slot);
}

static void each_kind_has_its_tiles(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        int usual = tiles_under(row, 0), of_24 = tiles_under(row, 24 * MIB);
        int of_least = tiles_under(row, ECONOMY_LEAST);
        bool right = usual == row->usual && of_24 == row->of_24 && of_least == row->of_least;
        CU_ASSERT(right);
        if (!right)
            printf("  %s: %d, %d of 24 MiB, %d of the least\n", row->what, usual, of_24, of_least);
    }
}

/* A larger window has its tiles on top; what was asked for is given; a lack of memory halves it, to
 * a quarter of what the window needs. */
static void windows_wishes_and_squeezes_count(void)
{
    struct economy economy = {0};
    struct economy_case what = usual_case(GRAY);
    CU_ASSERT_EQUAL(economy_slots(1024, 748), 9 * 7);
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), 63 * GRAY);
    economy.squeeze = 1;
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), 63 * GRAY / 2);
    economy.squeeze = 3;
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), 63 * GRAY / 4);
    CU_ASSERT_FALSE(economy.scarce);
    economy = (struct economy){.arena = 3 * MIB};
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), 3 * MIB);
    economy = (struct economy){0};
    what.width = 3840;
    what.height = 2140;
    what.frame = 3840 * 2140 * 4;
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), (size_t)(31 * 18) * GRAY);
}

/* What is painted in bands says what it needs: colours get as many tiles, as far as there is room.
 */
static void known_needs_are_met(void)
{
    struct economy economy = {0};
    struct economy_case what = usual_case(3 * GRAY);
    what.frame = 0;
    what.tiles = 14;
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), 14 * 3 * GRAY);
    what.tiles = 100;
    CU_ASSERT(economy_budget(&economy, &what) < 16 * MIB);
}

static void a_limit_learns_from_the_system(void)
{
    struct economy economy = {.limit = 15 * MIB};
    struct economy_case what = usual_case(GRAY);
    size_t before = economy_budget(&economy, &what), tiles = 2 * MIB;
    CU_ASSERT(economy.scarce);
    CU_ASSERT_FALSE(economy_note(&economy, economy.held + MIB + tiles, tiles));
    CU_ASSERT(economy_note(&economy, economy.held + 2 * MIB + tiles, tiles));
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), before - MIB);
    CU_ASSERT(economy_ledger(&economy, &what) > before + FRAME);
    CU_ASSERT(economy_ledger(&economy, &what) < before + FRAME + MIB);
    CU_ASSERT(economy_note(&economy, economy.held + MIB + tiles, tiles));
    CU_ASSERT_EQUAL(economy_budget(&economy, &what), before);
    economy.limit = 0;
    CU_ASSERT_FALSE(economy_note(&economy, 999 * (size_t)MIB, tiles));
    CU_ASSERT_EQUAL(economy_ledger(&economy, &what), 0);
}

static void decoders_have_their_part(void)
{
    struct economy none = {0}, small = {.limit = 17 * MIB}, large = {.limit = 64 * MIB};
    CU_ASSERT_EQUAL(economy_workers(&none, 0), 2);
    CU_ASSERT_EQUAL(economy_workers(&none, 5), 5);
    CU_ASSERT_EQUAL(economy_workers(&small, 5), 1);
    CU_ASSERT_EQUAL(economy_workers(&large, 5), 5);
    CU_ASSERT_EQUAL(economy_decoder(&none), 0);
    CU_ASSERT(economy_decoder(&small) < (17 + 4) * (size_t)MIB);
    CU_ASSERT(economy_decoder(&small) > (8 + 8) * (size_t)MIB); /* an LZMA dictionary is reserved */
}

/* Where tiles are scarce the view is drawn from ones that do. */
static void tiles_become_coarser(void)
{
    static const struct {
        double zoom;
        int capacity, coarser;
    } cases[] = {{0.51, 63, 0}, {0.51, 62, 1}, {0.51, 25, 1}, {0.51, 16, 2}, {0.51, 8, 3},
                 {1, 24, 0},    {1, 8, 2},     {16, 8, 0},    {0.001, 8, 0}};
    struct economy economy = {.scarce = true};
    struct view view;
    view_init(&view, 1024, 748, 30000, 30000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        view_zoom_about(&view, cases[i].zoom, 512, 374);
        int coarser = economy_coarser(&economy, &view, cases[i].capacity);
        CU_ASSERT_EQUAL(coarser, cases[i].coarser);
        if (coarser != cases[i].coarser)
            printf("  zoom %g, %d tiles: %d\n", cases[i].zoom, cases[i].capacity, coarser);
        view.coarser = 1;
        CU_ASSERT_EQUAL(economy_coarser(&economy, &view, cases[i].capacity), coarser);
        view.coarser = 0;
    }
    economy.scarce = false;
    CU_ASSERT_EQUAL(economy_coarser(&economy, &view, 1), 0);
}

SUITE("economy", {"each kind has its tiles", each_kind_has_its_tiles},
      {"windows, wishes and squeezes count", windows_wishes_and_squeezes_count},
      {"known needs are met", known_needs_are_met},
      {"a limit learns from the system", a_limit_learns_from_the_system},
      {"decoders have their part", decoders_have_their_part},
      {"tiles become coarser", tiles_become_coarser})
