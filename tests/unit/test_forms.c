/* Pixels whose samples are of different sizes, and planes of subsampled colours. Each sample is
 * held against what was written, by the definitions of TIFF 6.0. Guards source/tiff_form.c,
 * source/tiff_rows.c, source/tiff_read.c and source/tiff_decode.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

#include "base/geometry.h"
#include "base/ledger.h"
#include "source/source.h"
#include "source/spill.h"
#include "support/source_reader.h"
#include "support/tiff_raw.h"

enum { WIDTH = 2061, HEIGHT = 37, SAMPLES = 5, BLOCKS = 1024 };

static const struct area all = {0, 0, WIDTH, HEIGHT}, part = {1013, 7, 1031, 22};

static uint64_t noise(int64_t x, int64_t y, int sample)
{
    uint64_t hash = ((uint64_t)x + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
                    ((uint64_t)y + 3) * UINT64_C(0xc2b2ae3d27d4eb4f) ^
                    ((uint64_t)sample + 7) * UINT64_C(0x165667b19e3779f9);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

/* A file under way: a block after the other. */
struct sheet {
    struct raw_tiff raw;
    uint64_t offsets[BLOCKS], sizes[BLOCKS];
    size_t count;
};

static void add_block(struct sheet *sheet, const void *bytes, size_t count)
{
    sheet->offsets[sheet->count] = raw_data(&sheet->raw, bytes, count);
    sheet->sizes[sheet->count++] = count;
}

static void finish_sheet(struct sheet *sheet, int photometric, const uint64_t *bits, int samples,
                         bool separate, int64_t tile, int64_t rows)
{
    struct raw_tiff *raw = &sheet->raw;
    raw_number(raw, 256, RAW_LONG, WIDTH);
    raw_number(raw, 257, RAW_LONG, HEIGHT);
    raw_numbers(raw, 258, RAW_SHORT, bits, (size_t)samples);
    raw_number(raw, 262, RAW_SHORT, (uint64_t)photometric);
    raw_numbers(raw, tile ? 324 : 273, RAW_LONG, sheet->offsets, sheet->count);
    raw_numbers(raw, tile ? 325 : 279, RAW_LONG, sheet->sizes, sheet->count);
    raw_number(raw, 277, RAW_SHORT, (uint64_t)samples);
    raw_number(raw, tile ? 322 : 278, RAW_LONG, (uint64_t)(tile ? tile : rows));
    if (tile)
        raw_number(raw, 323, RAW_LONG, (uint64_t)tile);
    raw_number(raw, 284, RAW_SHORT, separate ? 2 : 1);
}

/* The page, whole and in part, shown as it is or one channel of it. */
static bool shows(const char *path, int channel, expected_value *value, const void *context,
                  double tolerance, int bits)
{
    const struct source_choice choice = {0, channel, 0, 0};
    struct ledger_line before = ledger_line(LEDGER_SOURCE);
    struct fault fault = {.kind = FAULT_NONE};
    struct page page;
    struct source *source = source_from(path, &fault);
    bool right = source && source_select(source, &choice, &page, &fault) &&
                 page_check(&page, &fault) && page.bits == bits &&
                 reads_as(source, all, value, context, tolerance) &&
                 reads_as(source, part, value, context, tolerance);
    if (!right)
        printf("  channel %d: \"%s\"\n", channel, fault.text);
    source_close(source);
    return right && ledger_line(LEDGER_SOURCE).current == before.current;
}

/* Samples of different sizes. */

struct mix {
    const char *name;
    int photometric, samples, extra; /* extra: what the last sample is, 0 = a colour */
    bool is_signed, separate, big_endian, fill_2, gray;
    uint64_t bits[SAMPLES];
};

static uint64_t stored(const struct mix *mix, int64_t x, int64_t y, int sample)
{
    return noise(x, y, sample) & ((UINT64_C(1) << mix->bits[sample]) - 1);
}

static double number(const struct mix *mix, int64_t x, int64_t y, int sample)
{
    uint64_t bits = stored(mix, x, y, sample), count = mix->bits[sample];
    bool below = mix->is_signed && bits >> (count - 1);
    return (double)bits - (below ? ldexp(1, (int)count) : 0);
}

static double alone(const void *context, int64_t x, int64_t y, int channel)
{
    const void *const *pair = context;
    return number(pair[0], x, y, *(const int *)pair[1] + channel);
}

static double full_of(const struct mix *mix, int sample)
{
    return ldexp(1, (int)mix->bits[sample] - mix->is_signed) - 1;
}

static double widest_of(const struct mix *mix, bool levels)
{
    double most = levels && !mix->is_signed ? 255 : 0;
    for (int i = 0; i < mix->samples; i++)
        most = full_of(mix, i) > most ? full_of(mix, i) : most;
    return most;
}

static double scaled(const void *context, int64_t x, int64_t y, int channel)
{
    const struct mix *mix = context;
    double value = number(mix, x, y, channel) * widest_of(mix, true) / full_of(mix, channel);
    if (mix->extra == EXTRASAMPLE_UNASSALPHA)
        value *= number(mix, x, y, mix->samples - 1) / full_of(mix, mix->samples - 1);
    return mix->is_signed ? value : floor(value + 0.5);
}

static double first_unveiled(const void *context, int64_t x, int64_t y, int channel)
{
    const struct mix *mix = context;
    bool veiled = mix->extra && stored(mix, x, y, mix->samples - 1) == 0;
    return veiled ? (double)NAN : number(mix, x, y, channel);
}

/* Bits one after the other, the highest first; numbers of whole bytes that are not cut by any, in
 * the file's order. */
static void put(const struct mix *mix, bool whole, uint8_t *row, int64_t at, uint64_t bits,
                uint64_t value)
{
    for (uint64_t i = 0; i < bits; i++) {
        uint64_t from = bits - 1 - i;
        if (whole && !mix->big_endian)
            from = i / 8 * 8 + 7 - i % 8;
        int64_t to = at + (int64_t)i;
        if (value >> from & 1)
            row[to / 8] |= (uint8_t)(mix->fill_2 ? 1 << to % 8 : 0x80 >> to % 8);
    }
}

/* A row of samples [first, first + n) of each pixel; returns its bytes. */
static size_t put_row(const struct mix *mix, int64_t y, int first, int n, uint8_t *row)
{
    int64_t at = 0;
    uint64_t pixel = 0;
    memset(row, 0, WIDTH * SAMPLES * 4);
    for (int s = first; s < first + n; s++)
        pixel += mix->bits[s];
    for (int64_t x = 0; x < WIDTH; x++)
        for (int s = first; s < first + n; s++) {
            bool whole = !(at % 8) && !(mix->bits[s] % 8) && !(pixel % 8);
            put(mix, whole, row, at, mix->bits[s], stored(mix, x, y, s));
            at += (int64_t)mix->bits[s];
        }
    return (size_t)(at + 7) / 8;
}

/* In strips of a row. */
static const char *make_mix(const struct mix *mix)
{
    static struct sheet sheet;
    static uint8_t row[WIDTH * SAMPLES * 4];
    int planes = mix->separate ? mix->samples : 1, together = mix->samples / planes;
    const uint64_t formats[SAMPLES] = {2, 2, 2, 2, 2}, extra = (uint64_t)mix->extra;
    sheet.count = 0;
    raw_begin(&sheet.raw, false, mix->big_endian);
    for (int plane = 0; plane < planes; plane++)
        for (int64_t y = 0; y < HEIGHT; y++)
            add_block(&sheet, row, put_row(mix, y, plane * together, together, row));
    finish_sheet(&sheet, mix->photometric, mix->bits, mix->samples, mix->separate, 0, 1);
    if (mix->is_signed)
        raw_numbers(&sheet.raw, 339, RAW_SHORT, formats, (size_t)mix->samples);
    if (mix->extra)
        raw_numbers(&sheet.raw, 338, RAW_SHORT, &extra, 1);
    if (mix->fill_2)
        raw_number(&sheet.raw, 266, RAW_SHORT, 2);
    raw_directory(&sheet.raw, true);
    return raw_write(&sheet.raw, "mix.tif");
}

static void samples_of_different_sizes_read_right(void)
{
    static const struct mix table[] = {
        {.name = "565", .photometric = 2, .samples = 3, .bits = {5, 6, 5}},
        {.name = "565 reversed", .photometric = 2, .samples = 3, .fill_2 = true, .bits = {5, 6, 5}},
        {.name = "5551", .photometric = 2, .samples = 4, .extra = 2, .bits = {5, 5, 5, 1}},
        {.name = "8 8 16", .photometric = 2, .samples = 3, .bits = {8, 8, 16}},
        {.name = "12 16 10",
         .photometric = 2,
         .samples = 3,
         .big_endian = true,
         .bits = {12, 16, 10}},
        {.name = "signed", .photometric = 2, .samples = 3, .is_signed = true, .bits = {16, 8, 12}},
        {.name = "planes", .photometric = 2, .samples = 3, .separate = true, .bits = {5, 16, 11}},
        {.name = "16 8", .photometric = 1, .samples = 2, .gray = true, .bits = {16, 8}},
        {.name = "7 24", .photometric = 1, .samples = 2, .gray = true, .bits = {7, 24}},
        {.name = "16 8, alpha",
         .photometric = 1,
         .samples = 2,
         .extra = 2,
         .gray = true,
         .bits = {16, 3}},
        {.name = "CMYK", .photometric = 5, .samples = 4, .gray = true, .bits = {8, 8, 8, 16}},
        {.name = "planes of gray",
         .photometric = 1,
         .samples = 3,
         .gray = true,
         .separate = true,
         .big_endian = true,
         .bits = {3, 16, 10}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct mix *mix = &table[i];
        const char *path = make_mix(mix);
        int widest = (int)log2(widest_of(mix, true) + 1) + mix->is_signed;
        bool right = mix->gray ? shows(path, 0, first_unveiled, mix, 0, (int)mix->bits[0])
                               : shows(path, 0, scaled, mix, mix->is_signed ? 0.01 : 0, widest);
        for (int sample = 0; sample < mix->samples; sample++) {
            const void *const pair[2] = {mix, &sample};
            right &= shows(path, sample + 1, alone, pair, 0, (int)mix->bits[sample]);
        }
        CU_ASSERT(right);
        if (!right)
            printf("  %s\n", mix->name);
    }
}

/* Planes of subsampled colours. */

struct planes {
    int codec, across, down, bits;
    int64_t tile, rows; /* of pixels */
    bool full;          /* as many samples of colours as of luma, all the same */
    uint16_t samples[3][HEIGHT][WIDTH];
};

static int64_t across_of(const struct planes *planes, int plane)
{
    return plane && !planes->full ? planes->across : 1;
}

static int64_t down_of(const struct planes *planes, int plane)
{
    return plane && !planes->full ? planes->down : 1;
}

static double plane_sample(const void *context, int64_t x, int64_t y, int plane)
{
    const struct planes *planes = context;
    return planes->samples[plane][y / down_of(planes, plane)][x / across_of(planes, plane)];
}

static double blue_difference(const void *context, int64_t x, int64_t y, int channel)
{
    return plane_sample(context, x, y, channel + 1);
}

/* TIFF 6.0, section 21, with Rec. 601's coefficients. */
static double colour_of(const void *context, int64_t x, int64_t y, int channel)
{
    const struct planes *planes = context;
    double full = ldexp(1, planes->bits) - 1, half = (full + 1) / 2;
    double luma = plane_sample(context, x, y, 0), cb = plane_sample(context, x, y, 1) - half;
    double cr = plane_sample(context, x, y, 2) - half;
    double value = channel == 0   ? luma + 1.402 * cr
                   : channel == 1 ? luma - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr
                                  : luma + 1.772 * cb;
    return floor(fmin(fmax(value, 0), full) + 0.5);
}

/* Encodes a block as one strip of a gray image, by libtiff; gives back what it will be. */
static size_t encode(int codec, int64_t width, int64_t height, uint8_t *samples, uint8_t *coded,
                     size_t room)
{
    const char *path = scratch_path("strip.tif");
    tmsize_t bytes = (tmsize_t)(width * height), size;
    TIFF *tiff = TIFFOpen(path, "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, codec);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)height);
    if (codec == COMPRESSION_JPEG)
        TIFFSetField(tiff, TIFFTAG_JPEGTABLESMODE, 0);
    TIFFWriteEncodedStrip(tiff, 0, samples, bytes);
    TIFFClose(tiff);
    tiff = TIFFOpen(path, "r");
    size = TIFFReadRawStrip(tiff, 0, coded, (tmsize_t)room);
    CU_ASSERT(size > 0 && TIFFReadEncodedStrip(tiff, 0, samples, bytes) == bytes);
    TIFFClose(tiff);
    return (size_t)size;
}

/* One block of a plane, which begins at pixel (left, top). */
static void add_plane_block(struct sheet *sheet, struct planes *planes, int plane, int64_t left,
                            int64_t top)
{
    static uint8_t raw[WIDTH * 64 * 2], coded[sizeof raw * 2];
    int64_t across = across_of(planes, plane), down = down_of(planes, plane);
    int64_t width = ceil_div(planes->tile ? planes->tile : WIDTH, across);
    int64_t height =
        ceil_div(planes->tile ? planes->tile : min64(planes->rows, HEIGHT - top), down);
    size_t bytes = (size_t)planes->bits / 8, size = (size_t)(width * height) * bytes;
    for (int64_t i = 0; i < width * height; i++) {
        int64_t x = left / across + i % width, y = top / down + i / width;
        bool smooth = planes->codec == COMPRESSION_JPEG;
        uint16_t value = smooth ? (uint16_t)(128 + 90 * sin((double)(x + 2 * y) / 23 + plane))
                                : (uint16_t)(noise(x, y, plane) >> (bytes == 1 ? 56 : 48));
        raw[(size_t)i * bytes] = (uint8_t)value;
        if (bytes == 2)
            raw[i * 2 + 1] = (uint8_t)(value >> 8);
    }
    if (planes->codec != COMPRESSION_NONE)
        size = encode(planes->codec, width, height, raw, coded, sizeof coded);
    add_block(sheet, planes->codec == COMPRESSION_NONE ? raw : coded, size);
    for (int64_t i = 0; i < width * height; i++) {
        int64_t x = left / across + i % width, y = top / down + i / width;
        if (x < WIDTH && y < HEIGHT)
            planes->samples[plane][y][x] =
                (uint16_t)(bytes == 1 ? raw[i] : raw[i * 2] | raw[i * 2 + 1] << 8);
    }
}

static const char *make_planes(struct planes *planes)
{
    static struct sheet sheet;
    const uint64_t bits = (uint64_t)planes->bits, all_bits[3] = {bits, bits, bits};
    const uint64_t sides[2] = {(uint64_t)planes->across, (uint64_t)planes->down};
    int64_t wide = planes->tile ? planes->tile : WIDTH;
    int64_t high = planes->tile ? planes->tile : planes->rows;
    sheet.count = 0;
    raw_begin(&sheet.raw, false, false);
    for (int plane = 0; plane < 3; plane++)
        for (int64_t top = 0; top < HEIGHT; top += high)
            for (int64_t left = 0; left < WIDTH; left += wide)
                add_plane_block(&sheet, planes, plane, left, top);
    finish_sheet(&sheet, PHOTOMETRIC_YCBCR, all_bits, 3, true, planes->tile, planes->rows);
    raw_number(&sheet.raw, 259, RAW_SHORT, (uint64_t)planes->codec);
    raw_numbers(&sheet.raw, 530, RAW_SHORT, sides, 2);
    raw_directory(&sheet.raw, true);
    return raw_write(&sheet.raw, "planes.tif");
}

static void check_planes(struct planes *planes)
{
    const char *path = make_planes(planes);
    bool right = shows(path, 0, colour_of, planes, 1, planes->bits) &&
                 shows(path, 1, plane_sample, planes, 0, planes->bits) &&
                 shows(path, 2, blue_difference, planes, 0, planes->bits);
    CU_ASSERT(right);
    if (!right)
        printf("  %d x %d, %d bits, compression %d, tiles of %d, full %d\n", planes->across,
               planes->down, planes->bits, planes->codec, (int)planes->tile, planes->full);
}

static void planes_of_subsampled_colours_read_right(void)
{
    static const int codecs[] = {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_PACKBITS,
                                 COMPRESSION_ADOBE_DEFLATE, COMPRESSION_JPEG};
    static const struct {
        int across, down;
    } sides[] = {{2, 2}, {4, 1}, {1, 2}, {4, 4}};
    static struct planes planes;
    for (size_t i = 0; i < 5 * 4; i++)
        for (int tiled = 0; tiled < 2; tiled++) {
            planes.codec = codecs[i / 4];
            planes.across = sides[i % 4].across;
            planes.down = sides[i % 4].down;
            planes.bits = planes.codec == COMPRESSION_NONE && i % 2 ? 16 : 8;
            planes.tile = tiled ? 32 : 0;
            planes.rows = 16;
            planes.full = false;
            if (TIFFIsCODECConfigured((uint16_t)planes.codec))
                check_planes(&planes);
        }
    planes = (struct planes){COMPRESSION_NONE, 2, 2, 8, 0, 16, true, {{{0}}}};
    check_planes(&planes);
}

/* What libtiff cannot be made to decode. */
static void other_planes_and_sizes_are_refused(void)
{
    static const struct {
        uint64_t codec, predictor, bits[3];
        const char *sentence;
    } table[] = {
        {COMPRESSION_LZW, 2, {8, 8, 8}, "compressed with LZW and a predictor"},
        {COMPRESSION_PIXARLOG, 1, {8, 8, 8}, "compressed with PixarLog"},
        {COMPRESSION_LZW, 1, {5, 6, 5}, "different sizes; such images are shown only where they"},
        {COMPRESSION_NONE, 1, {77, 8, 8}, "77-bit samples are not shown"},
        {COMPRESSION_NONE, 1, {8, 0, 8}, "0-bit samples are not shown"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        static struct sheet sheet;
        sheet.count = 0;
        raw_begin(&sheet.raw, false, false);
        for (int plane = 0; plane < 3; plane++)
            add_block(&sheet, &table[i], sizeof table[i]);
        finish_sheet(&sheet, PHOTOMETRIC_YCBCR, table[i].bits, 3, true, 0, HEIGHT);
        raw_number(&sheet.raw, 259, RAW_SHORT, table[i].codec);
        raw_number(&sheet.raw, 317, RAW_SHORT, table[i].predictor);
        raw_directory(&sheet.raw, true);
        const char *sentence = source_refusal(raw_write(&sheet.raw, "refused.tif"), 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(sentence, table[i].sentence));
        if (!strstr(sentence, table[i].sentence))
            printf("  \"%s\"\n", sentence);
    }
}

SUITE("source forms",
      {"samples of different sizes read right", samples_of_different_sizes_read_right},
      {"planes of subsampled colours read right", planes_of_subsampled_colours_read_right},
      {"other planes and sizes are refused", other_planes_and_sizes_are_refused})
