/* Files that are odd and sound, as libtiff does not write them: bits packed in every way, blocks
 * anywhere, tables of any type. Each sample is held against the value it was made from. Guards
 * source/tiff_unpack.c, source/tiff_rows.c, source/tiff_read.c and source/tiff_directory.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "source/source.h"
#include "support/source_reader.h"
#include "support/tiff_raw.h"

enum { UINT = 1, INT, FLOAT, COMPLEX_INT = 5, COMPLEX_FLOAT };
enum { SAMPLES_MAX = 6 };

/* Where blocks lie in the file. */
enum order { ORDER_FORWARD, ORDER_BACKWARD, ORDER_MIXED, ORDERS };

struct odd {
    const char *name;
    int64_t width, height;
    int bits, format; /* format 0: no tag */
    int samples;      /* 0 = 1 */
    int photometric;
    int extra; /* of the samples are extra ones */
    bool separate, fill_2, big_endian, big_tiff;
    int64_t tile, rows; /* tile: both sides, 0 = strips of so many rows (0 = all) */
    enum order order;
    bool directory_first; /* before the blocks, of which there must be several */
    bool unsorted, no_sizes;
    uint16_t table_type, side_type; /* 0 = LONG */
};

/* The bit pattern of a sample, which fills its bits. */
static uint64_t pattern(const struct odd *odd, int64_t x, int64_t y, int sample)
{
    uint64_t hash = ((uint64_t)x + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
                    ((uint64_t)y + 3) * UINT64_C(0xc2b2ae3d27d4eb4f) ^
                    ((uint64_t)sample + 7) * UINT64_C(0x165667b19e3779f9);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    hash ^= hash >> 32;
    return odd->bits >= 64 ? hash : hash & ((UINT64_C(1) << odd->bits) - 1);
}

/* What patterns stand for, worked out from the definitions of the formats. */

static double unsigned_number(uint64_t bits, int count)
{
    return count < 64 ? (double)bits
                      : (double)(bits >> 32) * 4294967296.0 + (double)(bits & UINT32_MAX);
}

static double signed_number(uint64_t bits, int count)
{
    uint64_t most = count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
    return bits >> (count - 1) & 1 ? -unsigned_number((0 - bits) & most, count)
                                   : unsigned_number(bits, count);
}

static double float_number(uint64_t bits, int exponent_bits, int fraction_bits)
{
    int most = (1 << exponent_bits) - 1;
    int exponent = (int)(bits >> fraction_bits) & most;
    double fraction =
        (double)(bits & ((UINT64_C(1) << fraction_bits) - 1)) * ldexp(1, -fraction_bits);
    double sign = bits >> (exponent_bits + fraction_bits) & 1 ? -1 : 1;
    if (exponent == most)
        return fraction > 0 ? (double)NAN : sign * (double)INFINITY;
    return sign *
           (exponent ? ldexp(1 + fraction, exponent - most / 2) : ldexp(fraction, 1 - most / 2));
}

static double real_number(uint64_t bits, int count)
{
    return count == 16   ? float_number(bits, 5, 10)
           : count == 24 ? float_number(bits, 7, 16)
           : count == 32 ? float_number(bits, 8, 23)
                         : float_number(bits, 11, 52);
}

/* The halves of a complex one: which comes first makes no difference to its magnitude. */
static double magnitude(uint64_t bits, int count, double (*part)(uint64_t, int))
{
    int half = count / 2;
    double a = part(bits & ((UINT64_C(1) << half) - 1), half), b = part(bits >> half, half);
    return sqrt(a * a + b * b);
}

static double expected(const struct odd *odd, int64_t x, int64_t y, int sample)
{
    uint64_t bits = pattern(odd, x, y, sample);
    switch (odd->format) {
    case INT:
        return signed_number(bits, odd->bits);
    case FLOAT:
        return real_number(bits, odd->bits);
    case COMPLEX_INT:
        return magnitude(bits, odd->bits, signed_number);
    case COMPLEX_FLOAT:
        return magnitude(bits, odd->bits, real_number);
    default:
        return unsigned_number(bits, odd->bits);
    }
}

/* Writing. */

static int samples_of(const struct odd *odd)
{
    return odd->samples ? odd->samples : 1;
}

/* One bit after the other, the highest of a byte first; numbers of whole bytes in the file's byte
 * order, each half of a complex one by itself. */
static void put_bits(const struct odd *odd, uint8_t *block, int64_t at, int bits, uint64_t number)
{
    for (int i = 0; i < bits; i++) {
        int from = bits - 1 - i; /* of the number */
        if (bits % 8 == 0 && !odd->big_endian)
            from = i / 8 * 8 + 7 - i % 8;
        int64_t to = at + i;
        if (number >> from & 1)
            block[to / 8] |= (uint8_t)(odd->fill_2 ? 1 << to % 8 : 0x80 >> to % 8);
    }
}

static void put_sample(const struct odd *odd, uint8_t *block, int64_t at, uint64_t number)
{
    if (odd->format < COMPLEX_INT) {
        put_bits(odd, block, at, odd->bits, number);
        return;
    }
    int half = odd->bits / 2;
    put_bits(odd, block, at, half, number & ((UINT64_C(1) << half) - 1));
    put_bits(odd, block, at + half, half, number >> half);
}

struct blocks {
    int64_t width, height, across, down; /* of a block; how many */
    int planes, together;                /* samples side by side */
    int64_t row_bytes;
    size_t bytes;
};

static struct blocks blocks_of(const struct odd *odd)
{
    struct blocks b = {.width = odd->tile ? odd->tile : odd->width,
                       .height = odd->tile   ? odd->tile
                                 : odd->rows ? odd->rows
                                             : odd->height};
    b.across = (odd->width + b.width - 1) / b.width;
    b.down = (odd->height + b.height - 1) / b.height;
    b.planes = odd->separate ? samples_of(odd) : 1;
    b.together = samples_of(odd) / b.planes;
    b.row_bytes = (b.width * odd->bits * b.together + 7) / 8;
    b.bytes = (size_t)(b.row_bytes * b.height);
    return b;
}

/* The last strip ends with the page; tiles go on beyond it. */
static size_t fill_block(const struct odd *odd, const struct blocks *b, int64_t number,
                         uint8_t *block)
{
    int plane = (int)(number / (b->across * b->down));
    int64_t left = number % b->across * b->width;
    int64_t top = number / b->across % b->down * b->height;
    int64_t rows = odd->tile || odd->height - top > b->height ? b->height : odd->height - top;
    memset(block, 0, b->bytes);
    for (int64_t y = 0; y < rows; y++)
        for (int64_t x = 0; x < b->width; x++)
            for (int s = 0; s < b->together; s++)
                put_sample(odd, block, 8 * y * b->row_bytes + (x * b->together + s) * odd->bits,
                           pattern(odd, left + x, top + y, plane + s));
    return (size_t)(rows * b->row_bytes);
}

/* The number of the block that is written `i`th. */
static int64_t block_in_order(enum order order, int64_t i, int64_t count)
{
    int64_t step = count / 2 + 1;
    while (order == ORDER_MIXED && count > 1 &&
           (count % step == 0 || step % 2 == 0 || step % 3 == 0))
        step++;
    return order == ORDER_FORWARD ? i : order == ORDER_BACKWARD ? count - 1 - i : i * step % count;
}

static void add_tags(struct raw_tiff *raw, const struct odd *odd, const struct blocks *b)
{
    uint16_t side = odd->side_type ? odd->side_type : RAW_LONG;
    uint64_t bits[SAMPLES_MAX], extra[SAMPLES_MAX] = {0};
    size_t samples = (size_t)samples_of(odd);
    for (size_t i = 0; i < samples; i++)
        bits[i] = (uint64_t)odd->bits;
    raw_number(raw, 256, side, (uint64_t)odd->width);
    raw_number(raw, 257, side, (uint64_t)odd->height);
    raw_numbers(raw, 258, RAW_SHORT, bits, samples);
    raw_number(raw, 259, RAW_SHORT, 1);
    raw_number(raw, 262, RAW_SHORT, (uint64_t)odd->photometric);
    raw_number(raw, 277, RAW_SHORT, samples);
    raw_number(raw, odd->tile ? 322 : 278, side, (uint64_t)(odd->tile ? b->width : b->height));
    if (odd->tile)
        raw_number(raw, 323, side, (uint64_t)b->height);
    if (odd->fill_2)
        raw_number(raw, 266, RAW_SHORT, 2);
    if (odd->separate)
        raw_number(raw, 284, RAW_SHORT, 2);
    if (odd->extra)
        raw_numbers(raw, 338, RAW_SHORT, extra, (size_t)odd->extra);
    if (odd->format)
        raw_number(raw, 339, RAW_SHORT, (uint64_t)odd->format);
}

/* Entries in the order of a shuffled pack. */
static void shuffle(struct raw_tiff *raw)
{
    struct raw_entry sorted[RAW_ENTRIES];
    int count = raw->entry_count;
    memcpy(sorted, raw->entries, sizeof sorted);
    raw->entry_count = 0;
    for (int i = count - 1; i >= 0; i--) {
        const struct raw_entry *entry = &sorted[i % 2 ? i : count - 1 - i - (count % 2 ? 0 : 1)];
        raw_add(raw, entry->tag, entry->type, entry->count, entry->value);
    }
}

static void add_blocks(struct raw_tiff *raw, const struct odd *odd, const struct blocks *b,
                       uint64_t *offsets, uint64_t *sizes)
{
    int64_t count = b->across * b->down * b->planes;
    uint8_t *block = malloc(b->bytes);
    for (int64_t i = 0; i < count; i++) {
        int64_t number = block_in_order(odd->order, i, count);
        sizes[number] = fill_block(odd, b, number, block);
        offsets[number] = raw_data(raw, block, sizes[number]);
    }
    free(block);
}

/* The numbers of a table that was appended while they were not known. */
static void mend_table(struct raw_tiff *raw, uint64_t at, int bytes, const uint64_t *numbers,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        raw_put(raw, at + i * (size_t)bytes, bytes, numbers[i]);
}

static const char *make(const struct odd *odd)
{
    struct raw_tiff raw;
    struct blocks b = blocks_of(odd);
    size_t count = (size_t)(b.across * b.down * b.planes);
    uint16_t type = odd->table_type ? odd->table_type : RAW_LONG;
    int bytes = type == RAW_SHORT ? 2 : type == RAW_LONG ? 4 : 8;
    uint64_t *offsets = calloc(count, sizeof *offsets), *sizes = calloc(count, sizeof *sizes);
    raw_begin(&raw, odd->big_tiff, odd->big_endian);
    if (!odd->directory_first)
        add_blocks(&raw, odd, &b, offsets, sizes);
    uint64_t tables = raw_data(&raw, "", 0);
    raw_numbers(&raw, odd->tile ? 324 : 273, type, offsets, count);
    if (!odd->no_sizes)
        raw_numbers(&raw, odd->tile ? 325 : 279, type, sizes, count);
    add_tags(&raw, odd, &b);
    if (odd->unsorted)
        shuffle(&raw);
    raw_directory(&raw, true);
    if (odd->directory_first) {
        add_blocks(&raw, odd, &b, offsets, sizes);
        mend_table(&raw, tables, bytes, offsets, count);
        mend_table(&raw, tables + count * (size_t)bytes, bytes, sizes, odd->no_sizes ? 0 : count);
    }
    free(offsets);
    free(sizes);
    return raw_write(&raw, "odd.tif");
}

/* Reading. */

struct odd_sink {
    struct row_sink sink;
    const struct odd *odd;
    const struct page *page;
    int64_t samples, wrong;
};

/* Doubles hold all but the longest numbers, floats are as near as they can be. */
static bool is_sample(const struct page *page, double got, double wanted)
{
    if (page->type == SAMPLE_F32)
        wanted = (double)(float)wanted;
    if (isnan(wanted) || isinf(wanted))
        return isnan(wanted) ? isnan(got) : got == wanted;
    double slack = page->format >= FORMAT_COMPLEX_INT ? fabs(wanted) * 2e-7 : 0;
    return fabs(got - wanted) <= slack;
}

static bool take_run(struct row_sink *row_sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct odd_sink *sink = (struct odd_sink *)row_sink;
    const struct page *page = sink->page;
    for (int32_t c = 0; c < page->channels; c++)
        for (int64_t i = 0; i < n; i++) {
            int sample = page->channel ? page->channel - 1 : c;
            double got = sample_value((enum sample_type)page->type, codes, c * (ptrdiff_t)n + i);
            sink->wrong += !is_sample(page, got, expected(sink->odd, x + i, y, sample));
            sink->samples++;
        }
    return true;
}

static bool reads(struct source *source, const struct odd *odd, struct area area)
{
    struct odd_sink sink = {{take_run}, odd, &source->page, 0, 0};
    struct fault fault = {.kind = FAULT_NONE};
    bool fine = source_read(source, area, &sink.sink, &fault);
    bool right =
        fine && !sink.wrong && sink.samples == area.width * area.height * source->page.channels;
    if (!right)
        printf("  %s, channel %d: %lld of %lld samples wrong; \"%s\"\n", odd->name,
               source->page.channel, (long long)sink.wrong, (long long)sink.samples, fault.text);
    return right;
}

static enum sample_type type_of(const struct odd *odd)
{
    if (odd->format == FLOAT || odd->format >= COMPLEX_INT)
        return odd->bits > 32 && odd->format != COMPLEX_FLOAT ? SAMPLE_F64 : SAMPLE_F32;
    bool is_signed = odd->format == INT;
    return odd->bits < 8     ? SAMPLE_F32
           : odd->bits == 8  ? is_signed ? SAMPLE_I8 : SAMPLE_U8
           : odd->bits <= 16 ? is_signed ? SAMPLE_I16 : SAMPLE_U16
           : odd->bits <= 32 ? is_signed ? SAMPLE_I32 : SAMPLE_U32
                             : SAMPLE_F64;
}

static bool described(const struct odd *odd, const struct page *page)
{
    struct fault fault;
    return page_check(page, &fault) && page->width == odd->width && page->height == odd->height &&
           page->bits == odd->bits && page->samples == samples_of(odd) && page->direct &&
           page->type == (int32_t)type_of(odd) && page->big_endian == odd->big_endian &&
           page->big_tiff == odd->big_tiff;
}

/* Whole, and parts that begin and end within bytes and blocks. */
static bool parts_read(struct source *source, const struct odd *odd)
{
    const struct area parts[] = {{0, 0, odd->width, odd->height},
                                 {odd->width / 3, odd->height / 2, (odd->width + 2) / 3, 1},
                                 {odd->width - 1, 0, 1, odd->height},
                                 {0, odd->height - 1, odd->width, 1}};
    bool fine = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        fine = fine && reads(source, odd, parts[i]);
    return fine;
}

/* As it is usually shown, then each sample by itself. */
static void check(const struct odd *odd)
{
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    struct fault fault;
    struct page page;
    struct source *source = source_from(make(odd), &fault);
    CU_ASSERT_PTR_NOT_NULL(source);
    for (int channel = 0; source && channel <= samples_of(odd); channel++) {
        struct source_choice choice = {.channel = channel};
        bool selected = source_select(source, &choice, &page, &fault);
        bool fine = selected && described(odd, &page);
        CU_ASSERT(fine && parts_read(source, odd));
        if (!fine)
            printf("  %s, channel %d: %s\n", odd->name, channel,
                   selected ? "wrongly described" : fault.text);
    }
    if (!source)
        printf("  %s: %s\n", odd->name, fault.text);
    source_close(source);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, before.current);
}

static void check_all(const struct odd *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&table[i]);
}
#define CHECK_ALL(table) check_all(table, sizeof table / sizeof *table)

/* Files. */

/* In both byte orders, with each order of bits, in strips and in tiles. */
static void packed_bits_read_right(void)
{
    static const struct {
        int bits, format;
    } kinds[] = {
        {1, UINT},         {2, UINT},         {4, UINT},           {4, INT},           {5, UINT},
        {6, INT},          {10, UINT},        {12, UINT},          {12, INT},          {14, UINT},
        {14, INT},         {16, UINT},        {16, INT},           {16, FLOAT},        {20, UINT},
        {24, UINT},        {24, INT},         {24, FLOAT},         {31, UINT},         {32, UINT},
        {32, INT},         {32, FLOAT},       {64, UINT},          {64, INT},          {64, FLOAT},
        {16, COMPLEX_INT}, {32, COMPLEX_INT}, {32, COMPLEX_FLOAT}, {64, COMPLEX_FLOAT}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int way = 0; way < 8; way++) {
            char name[64];
            struct odd odd = {.name = name, .width = 83, .height = 37, .photometric = 1};
            odd.bits = kinds[i].bits;
            odd.format = kinds[i].format;
            odd.big_endian = way & 1;
            odd.fill_2 = way & 2;
            odd.tile = way & 4 ? 16 : 0;
            odd.rows = 5;
            snprintf(name, sizeof name, "%d bits, format %d, way %d", odd.bits, odd.format, way);
            check(&odd);
        }
}

static void pixels_of_several_samples_read_right(void)
{
    static const struct odd table[] = {
        {.name = "planes of 10-bit RGB",
         .width = 45,
         .height = 33,
         .bits = 10,
         .samples = 3,
         .photometric = 2,
         .separate = true,
         .rows = 4},
        {.name = "planes of 10-bit RGB, big endian, bits reversed",
         .width = 45,
         .height = 33,
         .bits = 10,
         .samples = 3,
         .photometric = 2,
         .separate = true,
         .fill_2 = true,
         .big_endian = true,
         .tile = 16,
         .order = ORDER_MIXED},
        {.name = "12-bit RGB side by side",
         .width = 45,
         .height = 33,
         .bits = 12,
         .samples = 3,
         .photometric = 2},
        {.name = "3 x 16-bit gray",
         .width = 45,
         .height = 33,
         .bits = 16,
         .samples = 3,
         .photometric = 1,
         .extra = 2},
        {.name = "planes of 3 x 16-bit gray",
         .width = 45,
         .height = 33,
         .bits = 16,
         .samples = 3,
         .photometric = 1,
         .extra = 2,
         .separate = true,
         .big_endian = true,
         .rows = 7,
         .order = ORDER_BACKWARD},
        {.name = "5 x 14-bit gray, signed",
         .width = 45,
         .height = 33,
         .bits = 14,
         .format = INT,
         .samples = 5,
         .photometric = 1,
         .extra = 4},
        {.name = "2 x complex",
         .width = 45,
         .height = 33,
         .bits = 32,
         .format = COMPLEX_INT,
         .samples = 2,
         .photometric = 1,
         .extra = 1,
         .big_endian = true},
    };
    CHECK_ALL(table);
}

static void blocks_anywhere_read_right(void)
{
    static const struct odd table[] = {
        {.name = "strips backwards",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .order = ORDER_BACKWARD},
        {.name = "strips mixed, directory first",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .order = ORDER_MIXED,
         .directory_first = true},
        {.name = "tiles mixed",
         .width = 100,
         .height = 90,
         .bits = 16,
         .photometric = 1,
         .tile = 16,
         .order = ORDER_MIXED,
         .big_endian = true},
        {.name = "tiles backwards, directory first, BigTIFF",
         .width = 100,
         .height = 90,
         .bits = 16,
         .photometric = 0,
         .tile = 32,
         .order = ORDER_BACKWARD,
         .directory_first = true,
         .big_tiff = true},
        {.name = "unsorted tags",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .unsorted = true,
         .directory_first = true},
        {.name = "no sizes, one strip",
         .width = 50,
         .height = 40,
         .bits = 12,
         .photometric = 1,
         .no_sizes = true},
    };
    CHECK_ALL(table);
}

static void tables_of_any_type_read_right(void)
{
    static const struct odd table[] = {
        {.name = "SHORT tables",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .table_type = RAW_SHORT,
         .side_type = RAW_SHORT},
        {.name = "LONG8 tables",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .table_type = RAW_LONG8,
         .side_type = RAW_LONG8,
         .big_tiff = true},
        {.name = "LONG8 table of one, big endian",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .table_type = RAW_LONG8,
         .big_tiff = true,
         .big_endian = true},
        {.name = "SHORT tables in BigTIFF",
         .width = 50,
         .height = 9,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .table_type = RAW_SHORT,
         .big_tiff = true,
         .big_endian = true},
        {.name = "BYTE sides",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .rows = 3,
         .side_type = RAW_BYTE},
        {.name = "BYTE sides, big endian",
         .width = 50,
         .height = 40,
         .bits = 16,
         .photometric = 1,
         .tile = 16,
         .side_type = RAW_BYTE,
         .big_endian = true},
    };
    CHECK_ALL(table);
}

static void extreme_shapes_read_right(void)
{
    static const struct odd table[] = {
        {.name = "100,000 strips",
         .width = 9,
         .height = 100000,
         .bits = 16,
         .photometric = 1,
         .rows = 1},
        {.name = "100,000 strips, mixed",
         .width = 3,
         .height = 100000,
         .bits = 8,
         .photometric = 1,
         .rows = 1,
         .order = ORDER_MIXED,
         .big_endian = true},
        {.name = "100,000 wide", .width = 100000, .height = 2, .bits = 16, .photometric = 1},
        {.name = "100,000 wide, 10 bits",
         .width = 100000,
         .height = 2,
         .bits = 10,
         .photometric = 1,
         .rows = 1},
        {.name = "1,000,000 high", .width = 2, .height = 1000000, .bits = 16, .photometric = 1},
        {.name = "1,000,000 high, 1 bit",
         .width = 2,
         .height = 1000000,
         .bits = 1,
         .photometric = 0,
         .rows = 1000},
        {.name = "1 x 1", .width = 1, .height = 1, .bits = 16, .photometric = 1},
        {.name = "1 x 1 of 1 bit", .width = 1, .height = 1, .bits = 1, .photometric = 1},
        {.name = "1 x 1 of 64 bits in a tile",
         .width = 1,
         .height = 1,
         .bits = 64,
         .format = FLOAT,
         .photometric = 1,
         .tile = 16,
         .big_endian = true},
    };
    CHECK_ALL(table);
}

SUITE("raw", {"packed bits read right", packed_bits_read_right},
      {"pixels of several samples", pixels_of_several_samples_read_right},
      {"blocks anywhere", blocks_anywhere_read_right},
      {"tables of any type", tables_of_any_type_read_right},
      {"extreme shapes", extreme_shapes_read_right})
