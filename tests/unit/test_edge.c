/* Tiles made of overviews whose size was rounded down: the last column and row of what is missing
 * come again. Guards source/edge.h; that single reads are right too is seen in
 * test_tiff_overviews.c. */
#include "source/edge.h"

#include <tiffio.h>

#include "base/ledger.h"
#include "source/reduce.h"
#include "suite.h"
#include "support/source_reader.h"
#include "support/tile_desk.h"

enum { FULL_WIDTH = 417, FULL_HEIGHT = 313, HALF_WIDTH = 208, HALF_HEIGHT = 156 };

static uint8_t half_value(int64_t x, int64_t y, int channel)
{
    return (uint8_t)(min64(x, HALF_WIDTH - 1) * 7 + min64(y, HALF_HEIGHT - 1) * 13 + channel * 50);
}

static void write_half(TIFF *tiff, bool full, bool tiled, int samples)
{
    static uint8_t block[FULL_WIDTH * 3];
    int64_t width = full ? FULL_WIDTH : HALF_WIDTH, height = full ? FULL_HEIGHT : HALF_HEIGHT;
    int64_t across = tiled ? 16 : width, down = tiled ? 16 : 1;
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, full ? 0 : FILETYPE_REDUCEDIMAGE);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                 samples == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, tiled ? TIFFTAG_TILEWIDTH : TIFFTAG_ROWSPERSTRIP, tiled ? 16 : 5);
    if (tiled)
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
    for (int64_t y = 0; y < height; y += down)
        for (int64_t x = 0; x < width; x += across) {
            for (int64_t i = 0; i < across * down * samples; i++)
                block[i] = full ? 0
                                : half_value(x + i / samples % across, y + i / samples / across,
                                             (int)(i % samples));
            if (tiled)
                TIFFWriteTile(tiff, block, (uint32_t)x, (uint32_t)y, 0, 0);
            else
                TIFFWriteScanline(tiff, block, (uint32_t)y, 0);
        }
    TIFFWriteDirectory(tiff);
}

/* The mean of the samples that a rounded copy has for one of reduction k, rounded half up. */
static int half_mean(int64_t column, int64_t row, int k, int channel)
{
    int64_t side = (int64_t)1 << (k - 1), sum = 0, count = 0;
    for (int64_t y = row * side; y < min64((row + 1) * side, HALF_HEIGHT + 1); y++)
        for (int64_t x = column * side; x < min64((column + 1) * side, HALF_WIDTH + 1); x++) {
            sum += half_value(x, y, channel);
            count++;
        }
    return (int)((2 * sum + count) / (2 * count));
}

static int wrong_of_reduction(struct source *source, int k)
{
    struct tile_desk desk;
    struct fault fault;
    const struct page *page = &source->page;
    int wrong = 0;
    tile_desk_init(&desk, tile_desk_span(page, k), page_sample_bytes(page));
    CU_ASSERT(reduce_tiles(source, desk.span, &desk.orders, &fault));
    for (int64_t y = 0; y < reduced_size(FULL_HEIGHT, k); y++)
        for (int64_t x = 0; x < reduced_size(FULL_WIDTH, k); x++)
            for (int c = 0; c < page->channels; c++)
                wrong +=
                    desk.tiles[0][c * TILE_SAMPLES + y * TILE_SIDE + x] != half_mean(x, y, k, c);
    CU_ASSERT(desk.sound[0]);
    tile_desk_fini(&desk);
    return wrong;
}

static void tiles_are_made_of_rounded_copies(void)
{
    for (int i = 0; i < 4; i++) {
        const char *path = scratch_path("rounded.tif");
        TIFF *tiff = TIFFOpen(path, "w");
        CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
        write_half(tiff, true, i & 1, i & 2 ? 3 : 1);
        write_half(tiff, false, i & 1, i & 2 ? 3 : 1);
        TIFFClose(tiff);
        struct fault fault;
        struct source *source = source_from(path, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(source);
        CU_ASSERT_EQUAL(source->page.overviews, 1);
        for (int k = 1; k<9; k += k> 2 ? 2 : 1)
            CU_ASSERT_EQUAL(wrong_of_reduction(source, k), 0);
        source_close(source);
    }
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

SUITE("source/edge", {"tiles are made of rounded copies", tiles_are_made_of_rounded_copies})
