/* Compressed blocks whose sizes are not told, or wrong: each is read up to what comes next in the
 * file. Guards source/tiff_guise.h and tiff_layout_room of source/tiff_directory.h. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "base/ledger.h"
#include "config.h"
#include "source/tiff_guise.h"
#include "support/source_reader.h"
#include "support/tiff_raw.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum harm { MISSING, ZERO, HUGE_ONES, BEYOND, LONGER, ZERO_AMONG, TOO_FEW };

static const char *const harms[] = {
    "missing", "0", "huge", "beyond the file", "too long", "0 among others", "too few"};

static const struct tiff_recipe recipes[] = {
    {.width = 301,
     .height = 200,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_LZW,
     .rows_per_strip = 30},
    {.width = 301,
     .height = 200,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_PACKBITS,
     .rows_per_strip = 1,
     .big_endian = true},
    {.width = 301,
     .height = 200,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_ADOBE_DEFLATE,
     .rows_per_strip = 64,
     .predictor = 2,
     .big_tiff = true},
    {.width = 301,
     .height = 200,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_LZW,
     .tile_width = 64,
     .tile_height = 48,
     .big_tiff = true,
     .big_endian = true},
    {.width = 1200, /* strips that are decoded row by row */
     .height = 750,
     .type = SAMPLE_U16,
     .compression = COMPRESSION_ADOBE_DEFLATE,
     .rows_per_strip = 250},
};

static uint64_t number_at(const uint8_t *at, int bytes, bool big_endian)
{
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++)
        number = number << 8 | at[big_endian ? i : bytes - 1 - i];
    return number;
}

static void put_number(uint8_t *at, int bytes, bool big_endian, uint64_t number)
{
    for (int i = 0; i < bytes; i++)
        at[big_endian ? bytes - 1 - i : i] = (uint8_t)(number >> 8 * i);
}

static uint64_t harmed(enum harm harm, uint64_t size, uint64_t i)
{
    switch (harm) {
    case MISSING:
    case TOO_FEW:
        break;
    case ZERO:
        return 0;
    case HUGE_ONES:
        return size > UINT16_MAX ? size : UINT16_MAX;
    case BEYOND:
        return INT32_MAX;
    case LONGER:
        return size + 40;
    case ZERO_AMONG:
        return i == 2 ? 0 : size;
    }
    return size;
}

/* Spoils the table of sizes in a file that libtiff wrote, whose one directory this finds by itself.
 */
static void spoil(const char *path, const struct tiff_recipe *recipe, enum harm harm)
{
    static const int type_bytes[] = {[RAW_SHORT] = 2, [RAW_LONG] = 4, [RAW_LONG8] = 8};
    bool big = recipe->big_tiff, swap = recipe->big_endian;
    int64_t size = scratch_size(path);
    uint8_t *bytes = malloc((size_t)size);
    FILE *file = fopen(path, "rb");
    CU_ASSERT_FATAL(file && fread(bytes, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    uint8_t *at = bytes + number_at(bytes + (big ? 8 : 4), big ? 8 : 4, swap);
    uint64_t entries = number_at(at, big ? 8 : 2, swap);
    at += big ? 8 : 2;
    for (uint64_t i = 0; i < entries; i++, at += big ? 20 : 12) {
        uint64_t tag = number_at(at, 2, swap), count = number_at(at + 4, big ? 8 : 4, swap);
        int each = type_bytes[number_at(at + 2, 2, swap) % (RAW_LONG8 + 1)];
        if (tag != (recipe->tile_width ? 325 : 279))
            continue;
        uint8_t *values = bytes + number_at(at + (big ? 12 : 8), big ? 8 : 4, swap);
        for (uint64_t j = 0; j < count && harm != MISSING && harm != TOO_FEW; j++, values += each)
            put_number(values, each, swap, harmed(harm, number_at(values, each, swap), j));
        if (harm == TOO_FEW)
            put_number(at + 4, big ? 8 : 4, swap, 2);
        if (harm == MISSING)
            put_number(at, 2, swap, 65000);
    }
    scratch_patch(path, 0, bytes, (size_t)size);
    free(bytes);
}

/* Where libtiff reads its blocks by itself, it wants their sizes. */
static bool libtiff_lacks_what_it_takes(void)
{
#ifdef HAVE_TIFFREADFROMUSERBUFFER
    return false;
#else
    printf("  this libtiff does not decode from a buffer\n");
    return true;
#endif
}

static void blocks_of_wrong_sizes_are_read(void)
{
    if (libtiff_lacks_what_it_takes())
        return;
    for (size_t i = 0; i < COUNT(recipes); i++)
        for (enum harm harm = MISSING; harm <= TOO_FEW; harm++) {
            struct fault fault = {.text = ""};
            const char *path = scratch_path("sizes.tif");
            CU_ASSERT_FATAL(tiff_make(path, &recipes[i]));
            spoil(path, &recipes[i], harm);
            struct source *source = source_from(path, &fault);
            bool right = source &&
                         reads_right(source, (struct area){0, 0, 301, 200}, tiff_value_plain) &&
                         reads_right(source, (struct area){200, recipes[i].height - 50, 50, 40},
                                     tiff_value_plain);
            CU_ASSERT(right);
            if (!right)
                printf("  file %zu, sizes %s: %s\n", i, harms[harm], fault.text);
            if (source)
                source_close(source);
        }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

/* Rows of bytes in PackBits, each a strip, which lie in the file from the last to the first. What
 * follows a strip there is the one above. */
static void blocks_may_lie_in_any_order(void)
{
    enum { WIDTH = 20, ROWS = 6 };
    struct raw_tiff raw;
    struct fault fault;
    uint64_t offsets[ROWS];
    if (libtiff_lacks_what_it_takes())
        return;
    raw_begin(&raw, false, true);
    for (int y = ROWS - 1; y >= 0; y--) {
        uint8_t row[1 + WIDTH] = {WIDTH - 1};
        for (int x = 0; x < WIDTH; x++)
            row[1 + x] = (uint8_t)(20 * y + x);
        offsets[y] = raw_data(&raw, row, sizeof row);
    }
    raw_image(&raw, WIDTH, ROWS, 8, 0, 0);
    raw_number(&raw, 259, RAW_SHORT, COMPRESSION_PACKBITS);
    raw_number(&raw, 278, RAW_SHORT, 1);
    raw_numbers(&raw, 273, RAW_LONG, offsets, ROWS);
    raw_drop(&raw, 279);
    raw_directory(&raw, true);
    struct source *source = source_from(raw_write(&raw, "order.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    for (int64_t y = 0; y < ROWS; y++)
        for (int64_t x = 0; x < WIDTH; x++) {
            double values[3];
            CU_ASSERT(source_probe(source, x, y, values, &fault) &&
                      values[0] == (double)(20 * y + x));
        }
    source_close(source);
}

SUITE("source/tiff_guise", {"blocks of wrong sizes are read", blocks_of_wrong_sizes_are_read},
      {"blocks may lie in any order", blocks_may_lie_in_any_order})
