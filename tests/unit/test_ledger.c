/* The ledger as it is shown: large blocks, whole figures, and what another process wrote as its
 * own. Guards base/ledger.c and tiles/arena.c's arena_ledger. */
#include "suite.h"

#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "tiles/arena.h"

enum { MIB = 1 << 20 };

static void large_blocks_are_told_one_by_one(void)
{
    static const struct {
        bool enter;
        enum ledger_label label;
        size_t bytes;
        const char *left; /* the labels that stand then, oldest first */
    } steps[] = {
        {true, LEDGER_FRAME, MIB - 1, ""},
        {true, LEDGER_SOURCE, MIB, "source "},
        {true, LEDGER_FRAME, 3 * MIB, "source frame "},
        {true, LEDGER_SPILL, MIB, "source frame spill "},
        {false, LEDGER_FRAME, MIB - 1, "source frame spill "},
        {false, LEDGER_FRAME, 3 * MIB, "source spill "},
        {false, LEDGER_SOURCE, MIB, "spill "},
        {false, LEDGER_SPILL, MIB, ""},
    };
    int64_t began = clock_ms(), last = began;
    bool entered = true;
    ledger_reset();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char left[100] = "";
        if (steps[i].enter)
            entered &= ledger_enter(steps[i].label, steps[i].bytes, NULL);
        else
            ledger_leave(steps[i].label, steps[i].bytes);
        struct ledger_figures figures = ledger_figures();
        last = began;
        for (int j = 0; j < figures.large_count; j++) {
            strcat(strcat(left, ledger_label_name(figures.large[j].label)), " ");
            CU_ASSERT(figures.large[j].since_ms >= last && figures.large[j].since_ms <= clock_ms());
            last = figures.large[j].since_ms;
        }
        CU_ASSERT_STRING_EQUAL(left, steps[i].left);
    }
    CU_ASSERT(entered);
    CU_ASSERT_EQUAL(ledger_total().current, 0);
    CU_ASSERT_EQUAL(ledger_total().peak, 6 * MIB - 1);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_FRAME).peak, 4 * MIB - 1);
}

static void what_finds_no_room_is_counted(void)
{
    ledger_reset();
    for (int i = 0; i < LEDGER_LARGE + 3; i++)
        CU_ASSERT(ledger_enter(LEDGER_SPILL, (size_t)(i + 1) * MIB, NULL));
    CU_ASSERT_EQUAL(ledger_figures().large_count, LEDGER_LARGE);
    CU_ASSERT_EQUAL(ledger_figures().large_more, 3);
    for (int i = LEDGER_LARGE + 2; i >= 0; i--)
        ledger_leave(LEDGER_SPILL, (size_t)(i + 1) * MIB);
    CU_ASSERT_EQUAL(ledger_figures().large_count, 0);
    CU_ASSERT_EQUAL(ledger_figures().large_more, 0);
}

/* A decoder that a file has taken over may write anything where its ledger is read. */
static void foreign_figures_are_tamed(void)
{
    struct fault fault;
    struct arena *arena = arena_new(64, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    struct ledger_figures *wild = &arena_shared(arena)->ledgers[3];
    for (int byte = 0; byte < 256; byte++) {
        memset(wild, byte, sizeof *wild);
        struct ledger_figures figures = arena_ledger(arena, 3);
        for (int label = 0; label < LEDGER_LABELS; label++) {
            struct ledger_line line = figures.lines[label];
            CU_ASSERT(line.current <= line.peak && line.peak <= LEDGER_MOST && line.blocks >= 0);
        }
        CU_ASSERT(figures.total.current <= figures.total.peak && figures.total.blocks >= 0);
        CU_ASSERT(figures.total.peak <= LEDGER_MOST && figures.large_more >= 0);
        CU_ASSERT_FATAL(figures.large_count >= 0 && figures.large_count <= LEDGER_LARGE);
        for (int i = 0; i < figures.large_count; i++)
            CU_ASSERT(figures.large[i].label < LEDGER_LABELS);
    }
    *wild = (struct ledger_figures){.large_count = 4,
                                    .large = {{MIB, 5, LEDGER_SOURCE},
                                              {MIB, 5, LEDGER_LABELS},
                                              {SIZE_MAX, INT64_MAX, LEDGER_SPILL},
                                              {MIB, -1, LEDGER_UI}}};
    struct ledger_figures figures = arena_ledger(arena, 3);
    CU_ASSERT_EQUAL_FATAL(figures.large_count, 3);
    CU_ASSERT(figures.large[0].since_ms == 5 && figures.large[0].bytes == MIB);
    CU_ASSERT(figures.large[1].bytes == LEDGER_MOST && figures.large[1].since_ms <= clock_ms());
    CU_ASSERT(figures.large[2].label == LEDGER_UI && figures.large[2].since_ms > 0);
    static const int none[] = {-1, 4, ARENA_WORKERS, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CU_ASSERT_EQUAL(arena_ledger(arena, none[i]).large_count, 0);
    arena_free(arena);
}

SUITE("ledger", {"large blocks are told one by one", large_blocks_are_told_one_by_one},
      {"what finds no room is counted", what_finds_no_room_is_counted},
      {"foreign figures are tamed", foreign_figures_are_tamed})
