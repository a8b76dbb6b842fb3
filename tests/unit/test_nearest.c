/* The nearest entry of a palette, against a search of all entries; colours weighted with alpha.
 * Guards source/nearest.c and source/weighted.c. */
#include "suite.h"

#include <math.h>
#include <stdint.h>

#include "base/ledger.h"
#include "source/nearest.h"
#include "source/weighted.h"
#include "support/fake_source.h"

enum { MOST = 65536, TRIES = 400 };

static uint16_t levels[3][MOST];

static int distance(int32_t entry, const uint8_t colour[3], bool deep)
{
    int sum = 0;
    for (int c = 0; c < 3; c++) {
        int level = deep ? (int)lround(levels[c][entry] / 257.0) : levels[c][entry];
        sum += (level - colour[c]) * (level - colour[c]);
    }
    return sum;
}

/* Few, many, all alike, levels of 8 bits and of 16. */
static void the_first_of_the_nearest_is_found(void)
{
    static const struct {
        int32_t entries;
        uint16_t mask;
    } palettes[] = {{1, 0xffff}, {2, 0xff},     {16, 0xffff},
                    {256, 0xff}, {256, 0xe000}, {MOST, 0xffff}};
    for (size_t p = 0; p < sizeof palettes / sizeof *palettes; p++) {
        const uint16_t *const planes[3] = {levels[0], levels[1], levels[2]};
        int32_t entries = palettes[p].entries;
        for (int32_t i = 0; i < entries; i++)
            for (int c = 0; c < 3; c++)
                levels[c][i] = (uint16_t)(fake_hash(i, c, (int)p) & palettes[p].mask);
        bool deep = palettes[p].mask > 255;
        struct nearest *nearest = nearest_new(planes, entries, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(nearest);
        for (int try = 0; try < 2 * TRIES; try++) { /* each colour twice */
            uint64_t hash = fake_hash(try % TRIES, 9, (int)p);
            const uint8_t colour[3] = {(uint8_t)hash, (uint8_t)(hash >> 8), (uint8_t)(hash >> 16)};
            int32_t best = 0;
            for (int32_t i = 1; i < entries; i++)
                best = distance(i, colour, deep) < distance(best, colour, deep) ? i : best;
            CU_ASSERT_EQUAL(nearest_entry(nearest, colour), best);
        }
        nearest_free(nearest);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Two pixels from the middle of a run of three. */
static void colours_are_weighted(void)
{
    static struct weighted weighted;
    const uint8_t bytes[12] = {9, 10, 20, 9, 30, 40, 9, 50, 60, 9, 0, 255};
    const float floats[12] = {9, 10, 20, 9, 30, 40, 9, 50, 60, 9, -1, 2};
    const double must[8] = {0, 20, 0, 40, 0, 60, 0, 1};
    weighted_run(&weighted, SAMPLE_U8, bytes, 3, 1, 2);
    for (int i = 0; i < 8; i++)
        CU_ASSERT_EQUAL(weighted.values[i], must[i] * 255);
    weighted_run(&weighted, SAMPLE_F32, floats, 3, 1, 2);
    for (int i = 0; i < 8; i++)
        CU_ASSERT_EQUAL(weighted.values[i], must[i]);
    CU_ASSERT_EQUAL(weighted_colour(30, 0.5), 60);
    CU_ASSERT_EQUAL(weighted_colour(0, 0), 0);
}

SUITE("nearest", {"the first of the nearest is found", the_first_of_the_nearest_is_found},
      {"colours are weighted", colours_are_weighted})
