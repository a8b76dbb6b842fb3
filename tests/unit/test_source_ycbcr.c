/* YCbCr in all its units, JPEG or not. Guards what source/tiff_rows.c makes of source/ycbcr.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <tiffio.h>

#include "source/source.h"
#include "support/source_reader.h"
#include "support/tiff_raw.h"

enum { WIDTH = 61, HEIGHT = 37 };

static const struct area all = {0, 0, WIDTH, HEIGHT}, part = {13, 7, 31, 22};

/* What libtiff's own conversion to RGB gives, for kinds it knows. */
static uint32_t converted[HEIGHT * WIDTH];

static double converted_level(const void *context, int64_t x, int64_t y, int channel)
{
    (void)context;
    return converted[y * WIDTH + x] >> 8 * channel & 255;
}

/* Writes YCbCr in units of across x down pixels; each sample from a slow wave, so that JPEG does
 * not blur it away. */
static bool make_ycbcr(const char *path, int compression, int across, int down, int tile, int rows)
{
    static uint8_t units[64 * 64 * 3];
    TIFF *tiff = TIFFOpen(path, "w");
    bool jpeg = compression == COMPRESSION_JPEG;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_YCBCR);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, across, down);
    if (jpeg)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (tile) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
    }
    uint32_t blocks = tile ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    bool fine = true;
    for (uint32_t i = 0; i < blocks; i++) {
        tmsize_t bytes = tile ? TIFFTileSize(tiff)
                              : TIFFVStripSize(tiff, (uint32_t)min64(rows, HEIGHT - i * rows));
        for (tmsize_t at = 0; at < bytes; at++)
            units[at] = (uint8_t)(128 + 90 * sin((double)at / 37 + i + (double)(at % 3)));
        fine &= tile ? TIFFWriteEncodedTile(tiff, i, units, bytes) == bytes
                     : TIFFWriteEncodedStrip(tiff, i, units, bytes) == bytes;
    }
    TIFFClose(tiff);
    return fine;
}

static bool convert_with_libtiff(const char *path)
{
    TIFF *tiff = TIFFOpen(path, "r");
    bool fine = TIFFReadRGBAImageOriented(tiff, WIDTH, HEIGHT, converted, ORIENTATION_TOPLEFT, 1);
    TIFFClose(tiff);
    return fine;
}

static void ycbcr_reads_as_libtiff_converts(void)
{
    static const int sides[] = {1, 2, 4};
    static const int packed[] = {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_JPEG};
    const char *path = scratch_path("ycbcr.tif");
    for (size_t i = 0; i < 3 * 3 * 3 * 2; i++) {
        int across = sides[i % 3], down = sides[i / 3 % 3], codec = packed[i / 9 % 3];
        struct fault fault;
        /* libtiff converts no units that are higher than wide, but for 1 x 2; JPEG has none so
         * large. */
        if ((down > across && (across != 1 || down != 2)) ||
            (codec == COMPRESSION_JPEG && across * down > 8) ||
            !TIFFIsCODECConfigured((uint16_t)codec))
            continue;
        /* libtiff 4.0.6 turns units at the right edge of tiles into the wrong pixels; 4.2 does not.
         */
        if (TIFFLIB_VERSION < 20201219 && i / 27 && across * down > 1)
            continue;
        CU_ASSERT_FATAL(make_ycbcr(path, codec, across, down, i / 27 ? 32 : 0, 32));
        CU_ASSERT_FATAL(convert_with_libtiff(path));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(source->page.channels == 3 && source->page.type == SAMPLE_U8);
        bool right = reads_as(source, all, converted_level, NULL, 1);
        right &= reads_as(source, part, converted_level, NULL, 1);
        CU_ASSERT(right);
        if (!right)
            printf("  %d x %d, compression %d, tiles %d\n", across, down, codec, i / 27 ? 32 : 0);
        source_close(source);
    }
}

/* Luma alone. */
static double luma_of_units(const void *context, int64_t x, int64_t y, int channel)
{
    int64_t unit = (y % 16) / 2 * ((WIDTH + 1) / 2) + x / 2, strip = y / 16;
    int64_t at = unit * 6 + y % 2 * 2 + x % 2;
    (void)context, (void)channel;
    return (uint8_t)(128 + 90 * sin((double)at / 37 + (double)strip + (double)(at % 3)));
}

static void a_channel_of_units_can_be_seen_alone(void)
{
    struct fault fault;
    struct page page;
    const struct source_choice choice = {.channel = 1};
    const char *path = scratch_path("ycbcr.tif");
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_FATAL(make_ycbcr(path, i ? COMPRESSION_LZW : COMPRESSION_NONE, 2, 2, 0, 16));
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT(source_select(source, &choice, &page, &fault) && page.channels == 1);
        CU_ASSERT(reads_as(source, all, luma_of_units, NULL, 0));
        CU_ASSERT(reads_as(source, part, luma_of_units, NULL, 0));
        source_close(source);
    }
}

/* Rows longer than a run, from within a unit. */
enum { WIDE = 5001 };

static uint16_t wide_number(int64_t at)
{
    return (uint16_t)(at * 2654435761u >> 11);
}

static double luma_of_wide_units(const void *context, int64_t x, int64_t y, int channel)
{
    int64_t unit = y / 2 * ((WIDE + 3) / 4) + x / 4;
    (void)context, (void)channel;
    return wide_number(unit * 10 + y % 2 * 4 + x % 4);
}

static void wide_rows_of_units_read_right(void)
{
    static uint8_t units[(WIDE + 3) / 4 * 10 * 2 * 2];
    static const uint64_t bits[3] = {16, 16, 16}, sides[2] = {4, 2};
    const struct source_choice choice = {.channel = 1};
    struct raw_tiff raw;
    struct fault fault;
    struct page page;
    for (size_t i = 0; i < sizeof units; i++)
        units[i] = (uint8_t)(wide_number((int64_t)i / 2) >> (i & 1 ? 0 : 8));
    raw_begin(&raw, false, true);
    raw_image(&raw, WIDE, 4, 8, raw_data(&raw, units, sizeof units), sizeof units);
    raw_numbers(&raw, 258, RAW_SHORT, bits, 3);
    raw_number(&raw, 262, RAW_SHORT, PHOTOMETRIC_YCBCR);
    raw_number(&raw, 277, RAW_SHORT, 3);
    raw_numbers(&raw, 530, RAW_SHORT, sides, 2);
    raw_directory(&raw, true);
    struct source *source = source_from(raw_write(&raw, "wide.tif"), &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    CU_ASSERT(source_select(source, &choice, &page, &fault));
    for (int64_t x = 0; x < 5; x++) {
        struct area area = {x, x % 3, WIDE - 2 * x, 2};
        CU_ASSERT(reads_as(source, area, luma_of_wide_units, NULL, 0));
    }
    source_close(source);
}

SUITE("source ycbcr", {"YCbCr reads as libtiff converts it", ycbcr_reads_as_libtiff_converts},
      {"a channel of units can be seen alone", a_channel_of_units_can_be_seen_alone},
      {"wide rows of units read right", wide_rows_of_units_read_right})
