/* --build-overviews of pages that a mask hides: means and masks read back by libtiff, sample by
 * sample, against those worked out from what was written, and pictures with and without.
 * Guards source/copies.c, source/tile_packer.c and source/copies_file.c. */
#include "suite.h"

#include <math.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"

enum { WIDTH = 601, HEIGHT = 437, COPIES = 2, SIDE = 256, ROW_BYTES = 3 * 4 * 608 };

static const struct kind {
    int bits, format, photometric, samples;
} kinds[] = {
    {16, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISBLACK, 1},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISWHITE, 1},
    {32, SAMPLEFORMAT_IEEEFP, PHOTOMETRIC_MINISBLACK, 1},
};
static const struct kind colours = {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, 3};

/* Nothing is to be seen of some large squares, and of some samples alone. */
static bool seen(int64_t x, int64_t y)
{
    return (x / 90 + y / 70) % 3 != 0 && (x * 5 + y * 3) % 7 != 0;
}

/* 0 is a value as good as others. */
static int64_t value(int64_t x, int64_t y)
{
    return (x * 3 + y * 11) % 200;
}

static void put_sample(uint8_t *row, int64_t i, const struct kind *kind, int64_t number)
{
    uint16_t u16 = (uint16_t)number;
    float f32 = (float)number;
    if (kind->bits == 8)
        row[i] = (uint8_t)number;
    else if (kind->bits == 16)
        memcpy(row + 2 * i, &u16, sizeof u16);
    else
        memcpy(row + 4 * i, &f32, sizeof f32);
}

static void fill_row(uint8_t row[ROW_BYTES], const struct kind *kind, bool mask, int64_t y)
{
    memset(row, 0, ROW_BYTES);
    for (int64_t x = 0; x < WIDTH && mask; x++)
        row[x / 8] |= (uint8_t)(seen(x, y) << (7 - x % 8));
    for (int64_t x = 0; x < (mask ? 0 : WIDTH) * kind->samples; x++)
        put_sample(row, x, kind, value(x / kind->samples, y));
}

static void write_directory(TIFF *tiff, const struct kind *kind, bool mask)
{
    uint8_t row[ROW_BYTES];
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, mask ? FILETYPE_MASK : 0);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, mask ? 1 : kind->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, mask ? 1 : kind->samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, mask ? SAMPLEFORMAT_UINT : kind->format);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, mask ? PHOTOMETRIC_MASK : kind->photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
    for (int64_t y = 0; y < HEIGHT; y++) {
        fill_row(row, kind, mask, y);
        CU_ASSERT(TIFFWriteScanline(tiff, row, (uint32_t)y, 0) == 1);
    }
    TIFFWriteDirectory(tiff);
}

static const char *make_masked(const struct kind *kind)
{
    const char *path = scratch_path("masked.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    write_directory(tiff, kind, false);
    write_directory(tiff, kind, true);
    TIFFClose(tiff);
    unlink(scratch_path("masked.tif.ovr"));
    return path;
}

/* The mean of what is seen of a cell of copy k; -1: nothing is. */
static double mean_of(const struct kind *kind, int k, int64_t cx, int64_t cy)
{
    double sum = 0;
    int64_t n = 0;
    for (int64_t y = cy << k; y < (cy + 1) << k && y < HEIGHT; y++)
        for (int64_t x = cx << k; x < (cx + 1) << k && x < WIDTH; x++)
            if (seen(x, y)) {
                sum += (double)value(x, y);
                n++;
            }
    if (!n)
        return -1;
    double mean = sum / (double)n;
    return kind->format == SAMPLEFORMAT_IEEEFP ? (double)(float)mean : floor(mean + 0.5);
}

static double sample_of(const uint8_t *tile, int64_t i, const struct kind *kind)
{
    uint16_t u16;
    float f32;
    memcpy(&u16, tile + 2 * i * (kind->bits == 16), sizeof u16);
    memcpy(&f32, tile + 4 * i * (kind->bits == 32), sizeof f32);
    return kind->bits == 8 ? tile[i] : kind->bits == 16 ? u16 : (double)f32;
}

static bool is_right(const uint8_t *tile, int64_t i, const struct kind *kind, bool mask,
                     double mean)
{
    if (mask)
        return (tile[i / 8] >> (7 - i % 8) & 1) == (mean >= 0);
    return mean < 0 || sample_of(tile, i, kind) == mean;
}

static int64_t wrong_samples(TIFF *tiff, const struct kind *kind, int k, bool mask)
{
    static uint8_t tile[SIDE * SIDE * 4];
    int64_t wrong = 0, width = ((WIDTH - 1) >> k) + 1, height = ((HEIGHT - 1) >> k) + 1;
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++) {
            if (x % SIDE == 0)
                wrong += TIFFReadTile(tiff, tile, (uint32_t)x, (uint32_t)y, 0, 0) <= 0;
            wrong +=
                !is_right(tile, y % SIDE * SIDE + x % SIDE, kind, mask, mean_of(kind, k, x, y));
        }
    return wrong;
}

static void directory_is_right(TIFF *tiff, const struct kind *kind, int k, bool mask)
{
    uint32_t type = 0, width = 0, side = 0;
    uint16_t bits = 0, photometric = 0;
    TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &type);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &side);
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    CU_ASSERT_EQUAL(type & FILETYPE_MASK, mask ? FILETYPE_MASK : 0);
    CU_ASSERT_EQUAL(type & FILETYPE_REDUCEDIMAGE, mask && k == 1 ? 0 : FILETYPE_REDUCEDIMAGE);
    CU_ASSERT_EQUAL(width, ((WIDTH - 1) >> k) + 1);
    CU_ASSERT_EQUAL(bits, mask ? 1 : kind->bits);
    CU_ASSERT_EQUAL(photometric, mask ? PHOTOMETRIC_MASK : kind->photometric);
    CU_ASSERT_EQUAL_FATAL(side, SIDE);
    CU_ASSERT_EQUAL(wrong_samples(tiff, kind, k, mask), 0);
}

static void draw(const char *path, struct pnm *picture)
{
    static struct run run;
    RUN(&run, program(), "--force", "--zoom", "0.25", "--window", "200", "--level", "100",
        "--render", scratch_path("out.ppm"), path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(picture, scratch_path("out.ppm")));
}

static void build(const char *path, const struct kind *kind)
{
    static struct run run;
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL_FATAL(run.status, 0);
    TIFFErrorHandler warnings = TIFFSetWarningHandler(NULL); /* of GDAL's tag */
    TIFF *tiff = TIFFOpen(scratch_path("masked.tif.ovr"), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    for (int at = 0; at < 2 * COPIES; at++) {
        directory_is_right(tiff, kind, at % COPIES + 1, at >= COPIES);
        CU_ASSERT_EQUAL(TIFFReadDirectory(tiff), at < 2 * COPIES - 1);
    }
    TIFFClose(tiff);
    TIFFSetWarningHandler(warnings);
}

/* Drawn again when nothing but the copies can be read, the picture is what it was without them. */
static void masks_are_reduced_beside_the_means(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *path = make_masked(&kinds[i]);
        struct pnm without, with;
        draw(path, &without);
        build(path, &kinds[i]);
        scratch_patch(path, 200, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
        draw(path, &with);
        CU_ASSERT_FATAL(with.width == without.width && with.height == without.height);
        CU_ASSERT_EQUAL(memcmp(with.samples, without.samples,
                               (size_t)(with.width * with.height * with.channels)),
                        0);
        pnm_free(&without);
        pnm_free(&with);
    }
}

/* Black that is hidden and black that is seen cannot be told apart in colours. */
static void colours_with_masks_are_refused(void)
{
    static struct run run;
    RUN(&run, program(), "--build-overviews", make_masked(&colours));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "no overviews are made of colours with masks"));
    CU_ASSERT_NOT_EQUAL(access(scratch_path("masked.tif.ovr"), F_OK), 0);
}

SUITE("overviews mask", {"masks are reduced beside the means", masks_are_reduced_beside_the_means},
      {"colours with masks are refused", colours_with_masks_are_refused})
