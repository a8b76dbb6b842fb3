/* Subsampled YCbCr: blocks packed here are spread again, and pictures come out as libtiff shows
 * them. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "source/colour.h"
#include "source/ycbcr.h"
#include "support/scratch.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SIDE = 40, MARGIN = 0x5a, UNITS_MOST = SIDE * SIDE * 3 * 2 };

/* A block whose samples tell where they are; those beyond its edge are 0xee. */
struct packing {
    struct ycbcr_block block;
    uint8_t units[UNITS_MOST];
    int64_t bytes;
};

static unsigned value_at(int row, int64_t x, int64_t y, size_t sample_bytes)
{
    unsigned value = (unsigned)(x * 6007 + y * 331 + row * 20011 + 5);
    return sample_bytes == 1 ? value >> 3 & 0xff : value & 0xffff;
}

static void append(struct packing *packing, int row, int64_t x, int64_t y)
{
    const struct ycbcr_block *block = &packing->block;
    bool inside = x < block->width && y < block->height;
    uint16_t wide = inside ? (uint16_t)value_at(row, x, y, block->sample_bytes) : 0xeeee;
    uint8_t narrow = (uint8_t)wide;
    memcpy(packing->units + packing->bytes, block->sample_bytes == 1 ? (void *)&narrow : &wide,
           block->sample_bytes);
    packing->bytes += (int64_t)block->sample_bytes;
}

static void pack(struct packing *packing, struct ycbcr_block block)
{
    packing->block = block;
    packing->bytes = 0;
    for (int64_t y = 0; y < block.height; y += block.down)
        for (int64_t x = 0; x < block.width; x += block.across) {
            for (int i = 0; i < block.down * block.across; i++)
                append(packing, 0, x + i % block.across, y + i / block.across);
            append(packing, 1, x, y);
            append(packing, 2, x, y);
        }
}

/* 1: row y came as it should; 0: it was refused and nothing written; -1: anything else. */
static int unpacked(const struct packing *packing, int64_t bytes, int64_t y)
{
    const struct ycbcr_block *block = &packing->block;
    uint8_t rows[3][SIDE * 2 + 2], right[3][SIDE * 2 + 2], *exact = malloc((size_t)bytes + 1);
    memset(rows, MARGIN, sizeof rows);
    memset(right, MARGIN, sizeof right);
    memcpy(exact, packing->units, (size_t)bytes); /* so that a sanitizer sees reads beyond */
    exact = realloc(exact, (size_t)bytes ? (size_t)bytes : 1);
    bool came = ycbcr_unpack(block, exact, bytes, y, (void *[]){rows[0], rows[1], rows[2]});
    for (int row = 0; row < 3 && came; row++)
        for (int64_t x = 0; x < block->width; x++) {
            uint16_t wide = (uint16_t)value_at(row, row ? x - x % block->across : x,
                                               row ? y - y % block->down : y, block->sample_bytes);
            if (block->sample_bytes == 1)
                right[row][x] = (uint8_t)wide;
            else
                memcpy(right[row] + 2 * x, &wide, 2);
        }
    free(exact);
    return memcmp(rows, right, sizeof rows) ? -1 : came;
}

static const int64_t sizes[][2] = {{1, 1}, {4, 4}, {5, 3}, {7, 9}, {40, 11}, {39, 40}};
static const int factors[] = {1, 2, 4};

/* Calls `check` for every kind of block. */
static void for_all_blocks(void (*check)(const struct packing *packing))
{
    static struct packing packing;
    for (size_t i = 0; i < COUNT(sizes) * 18; i++) {
        pack(&packing, (struct ycbcr_block){sizes[i / 18][0], sizes[i / 18][1], factors[i % 3],
                                            factors[i / 3 % 3], 1 + i / 9 % 2});
        check(&packing);
    }
}

static void check_rows(const struct packing *packing)
{
    int wrong = 0;
    for (int64_t y = -2; y < packing->block.height + 5; y++)
        wrong += unpacked(packing, packing->bytes, y) != (y >= 0 && y < packing->block.height);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(ycbcr_bytes(&packing->block), packing->bytes);
}

static void check_cut(const struct packing *packing)
{
    const struct ycbcr_block *block = &packing->block;
    int64_t rows_of_units = (block->height + block->down - 1) / block->down;
    int64_t row_bytes = packing->bytes / rows_of_units;
    int wrong = 0;
    for (int64_t k = 0; k < rows_of_units; k++)
        for (int short_of = 0; short_of < 2; short_of++)
            for (int64_t y = 0; y < block->height; y++)
                wrong += unpacked(packing, (k + 1) * row_bytes - short_of, y) !=
                         (y / block->down < k + 1 - short_of);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void rows_come_with_chroma_repeated(void)
{
    for_all_blocks(check_rows);
}

static void rows_that_were_cut_off_are_refused(void)
{
    for_all_blocks(check_cut);
}

static void what_is_no_block_is_refused(void)
{
    static const struct ycbcr_block none[] = {
        {0, 4, 2, 2, 1},         {4, 0, 2, 2, 1},
        {-4, 4, 2, 2, 1},        {4, -4, 2, 2, 1},
        {4, 4, 0, 2, 1},         {4, 4, 2, 0, 1},
        {4, 4, 3, 2, 1},         {4, 4, 2, 8, 1},
        {4, 4, -2, 2, 1},        {4, 4, 2, 2, 0},
        {4, 4, 2, 2, 4},         {INT64_MAX, 4, 1, 1, 1},
        {INT64_MAX, 1, 4, 4, 1}, {INT32_MAX, INT32_MAX, 1, 1, 1}};
    for (size_t i = 0; i < COUNT(none); i++) {
        uint8_t units[64] = {0}, row[64];
        CU_ASSERT_EQUAL(ycbcr_bytes(&none[i]), -1);
        CU_ASSERT(i >= 11 || !ycbcr_unpack(&none[i], units, 64, 0, (void *[]){row, row, row}));
    }
    CU_ASSERT_EQUAL(ycbcr_bytes(&(struct ycbcr_block){INT32_MAX, INT32_MAX, 4, 4, 1}), INT64_C(18)
                                                                                           << 58);
}

/* A picture of one uncompressed strip, and what its colours are. libtiff cuts Cb and Cr to whole
 * numbers before it goes on, which a ReferenceBlackWhite lets us see. */
struct picture {
    uint16_t photometric, across, down;
    float reference[6]; /* all 0 = not written */
    int within;         /* levels of libtiff's */
};

static uint8_t strip_byte(uint32_t i)
{
    return (uint8_t)(i * 2654435761u >> 24);
}

static void write_picture(const char *path, const struct picture *picture, const uint16_t *map)
{
    TIFF *tiff = TIFFOpen(path, "w");
    uint16_t samples = picture->photometric == PHOTOMETRIC_PALETTE     ? 1
                       : picture->photometric == PHOTOMETRIC_SEPARATED ? 4
                                                                       : 3;
    uint8_t strip[UNITS_MOST];
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, SIDE - 1);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, SIDE - 3);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, SIDE - 3);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, picture->photometric);
    if (picture->across)
        TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, picture->across, picture->down);
    if (picture->reference[1] > 0)
        TIFFSetField(tiff, TIFFTAG_REFERENCEBLACKWHITE, picture->reference);
    if (samples == 1)
        TIFFSetField(tiff, TIFFTAG_COLORMAP, map, map + 256, map + 512);
    for (uint32_t i = 0; i < sizeof strip; i++)
        strip[i] = strip_byte(i);
    CU_ASSERT(TIFFWriteEncodedStrip(tiff, 0, strip, TIFFStripSize(tiff)) > 0);
    TIFFClose(tiff);
}

/* Row y of the strip, converted. */
static void convert_row(const struct colour *colour, const struct picture *picture, int64_t y,
                        uint8_t out[3][SIDE])
{
    uint8_t units[UNITS_MOST], rows[4][SIDE];
    struct ycbcr_block block = {SIDE - 1, SIDE - 3, picture->across, picture->down, 1};
    int samples = colour_samples(colour);
    for (uint32_t i = 0; i < sizeof units; i++)
        units[i] = strip_byte(i);
    if (picture->across)
        CU_ASSERT_FATAL(ycbcr_unpack(&block, units, ycbcr_bytes(&block), y,
                                     (void *[]){rows[0], rows[1], rows[2]}));
    for (int64_t i = 0; i < (SIDE - 1) * samples && !picture->across; i++)
        rows[i % samples][i / samples] = units[y * (SIDE - 1) * samples + i];
    colour_rows(colour, (const void *[]){rows[0], rows[1], rows[2], rows[3]}, SIDE - 1,
                (void *[]){out[0], out[1], out[2]});
}

static int differences(const char *path, const struct colour *colour, const struct picture *picture)
{
    uint32_t raster[SIDE * SIDE];
    int wrong = 0;
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_FATAL(tiff && TIFFReadRGBAImageOriented(tiff, SIDE - 1, SIDE - 3, raster,
                                                      ORIENTATION_TOPLEFT, 1));
    TIFFClose(tiff);
    for (int y = 0; y < SIDE - 3; y++) {
        uint8_t out[3][SIDE];
        convert_row(colour, picture, y, out);
        for (int x = 0; x < SIDE - 1; x++)
            for (int c = 0; c < 3; c++)
                wrong += abs(out[c][x] - (int)(raster[y * (SIDE - 1) + x] >> 8 * c & 255)) >
                         picture->within;
    }
    return wrong;
}

static void pictures_are_as_libtiff_shows_them(void)
{
    static const struct picture pictures[] = {
        {PHOTOMETRIC_RGB, 0, 0, {0}, 1},
        {PHOTOMETRIC_PALETTE, 0, 0, {0}, 1},
        {PHOTOMETRIC_SEPARATED, 0, 0, {0}, 1},
        {PHOTOMETRIC_YCBCR, 1, 1, {0}, 1},
        {PHOTOMETRIC_YCBCR, 2, 1, {0}, 1},
        {PHOTOMETRIC_YCBCR, 1, 2, {0}, 1},
        {PHOTOMETRIC_YCBCR, 2, 2, {0}, 1},
        {PHOTOMETRIC_YCBCR, 4, 1, {0}, 1},
        {PHOTOMETRIC_YCBCR, 4, 2, {0}, 1},
        {PHOTOMETRIC_YCBCR, 4, 4, {0}, 1},
        {PHOTOMETRIC_YCBCR, 2, 2, {16, 235, 128, 240, 128, 240}, 4}};
    static const enum colour_model models[] = {[PHOTOMETRIC_RGB] = COLOUR_RGB,
                                               [PHOTOMETRIC_PALETTE] = COLOUR_PALETTE,
                                               [PHOTOMETRIC_SEPARATED] = COLOUR_CMYK,
                                               [PHOTOMETRIC_YCBCR] = COLOUR_YCBCR};
    static uint16_t map[768];
    const char *path = scratch_path("colour.tif");
    for (uint32_t i = 0; i < COUNT(map); i++)
        map[i] = (uint16_t)(i * 40503u);
    for (size_t i = 0; i < COUNT(pictures); i++) {
        struct colour colour = {.model = models[pictures[i].photometric],
                                .bits = 8,
                                .palette = {map, map + 256, map + 512},
                                .entries = 256};
        memcpy(colour.reference, pictures[i].reference, sizeof colour.reference);
        CU_ASSERT_FATAL(colour_prepare(&colour, NULL));
        write_picture(path, &pictures[i], map);
        CU_ASSERT_EQUAL(differences(path, &colour, &pictures[i]), 0);
    }
}

SUITE("ycbcr", {"rows come with chroma repeated, of any block", rows_come_with_chroma_repeated},
      {"rows that were cut off are refused", rows_that_were_cut_off_are_refused},
      {"what is no block, or too large, is refused", what_is_no_block_is_refused},
      {"pictures are as libtiff shows them", pictures_are_as_libtiff_shows_them})
