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
    int bits, format, photometric, samples, planar, compression;
} kinds[] = {
    {16, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISBLACK, 1, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISWHITE, 1, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {32, SAMPLEFORMAT_IEEEFP, PHOTOMETRIC_MINISBLACK, 1, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, 3, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, 3, PLANARCONFIG_SEPARATE, COMPRESSION_NONE},
    {16, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, 3, PLANARCONFIG_CONTIG, COMPRESSION_NONE},
    {16, SAMPLEFORMAT_UINT, PHOTOMETRIC_RGB, 3, PLANARCONFIG_SEPARATE, COMPRESSION_LZW},
    {32, SAMPLEFORMAT_IEEEFP, PHOTOMETRIC_RGB, 3, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_YCBCR, 3, PLANARCONFIG_CONTIG, COMPRESSION_JPEG},
    {8, SAMPLEFORMAT_UINT, PHOTOMETRIC_PALETTE, 1, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
    {4, SAMPLEFORMAT_UINT, PHOTOMETRIC_PALETTE, 1, PLANARCONFIG_CONTIG, COMPRESSION_LZW},
};

/* What the page has, as it was written; of JPEG, as libtiff decodes it. Of palettes, levels. */
static uint16_t truth[3][HEIGHT][WIDTH];

static bool is_palette(const struct kind *kind)
{
    return kind->photometric == PHOTOMETRIC_PALETTE;
}

/* Channels of a picture. */
static int channels_of(const struct kind *kind)
{
    return is_palette(kind) ? 3 : kind->samples;
}

/* Nothing is to be seen of some large squares, and of some samples alone. */
static bool seen(int64_t x, int64_t y)
{
    return (x / 90 + y / 70) % 3 != 0 && (x * 5 + y * 3) % 7 != 0;
}

/* 0 is a value as good as others. */
static int value(const struct kind *kind, int64_t x, int64_t y, int sample)
{
    int64_t value = (x * 3 + y * 11 + sample * 70) % 200;
    return (int)(kind->bits == 4 ? value % 16 : kind->bits == 16 ? value * 320 : value);
}

static int level(int index, int channel)
{
    return (index * 37 + channel * 90 + index * index * (channel + 1)) % 256;
}

static void put_sample(uint8_t *row, int64_t i, const struct kind *kind, int number)
{
    uint16_t u16 = (uint16_t)number;
    float f32 = (float)number;
    if (kind->bits == 4)
        row[i / 2] |= (uint8_t)(number << (i % 2 ? 0 : 4));
    else if (kind->bits == 8)
        row[i] = (uint8_t)number;
    else if (kind->bits == 16)
        memcpy(row + 2 * i, &u16, sizeof u16);
    else
        memcpy(row + 4 * i, &f32, sizeof f32);
}

/* A row of samples `sample` to sample + count - 1 of each pixel. */
static void fill_row(uint8_t row[ROW_BYTES], const struct kind *kind, int64_t y, int sample,
                     int count)
{
    memset(row, 0, ROW_BYTES);
    for (int64_t i = 0; i < (int64_t)WIDTH * count; i++)
        put_sample(row, i, kind, value(kind, i / count, y, sample + (int)(i % count)));
}

static void fill_mask(uint8_t row[ROW_BYTES], int64_t y)
{
    memset(row, 0, ROW_BYTES);
    for (int64_t x = 0; x < WIDTH; x++)
        row[x / 8] |= (uint8_t)(seen(x, y) << (7 - x % 8));
}

static void write_rows(TIFF *tiff, const struct kind *kind, int sample, int count)
{
    uint8_t row[ROW_BYTES];
    for (int64_t y = 0; y < HEIGHT; y++) {
        fill_row(row, kind, y, sample, count);
        CU_ASSERT(TIFFWriteScanline(tiff, row, (uint32_t)y, (uint16_t)sample) == 1);
    }
}

static void set_sizes(TIFF *tiff, int type, int photometric, int compression)
{
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, type);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, WIDTH);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, HEIGHT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
}

static void write_mask(TIFF *tiff)
{
    uint8_t row[ROW_BYTES];
    set_sizes(tiff, FILETYPE_MASK, PHOTOMETRIC_MASK, COMPRESSION_ADOBE_DEFLATE);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    for (int64_t y = 0; y < HEIGHT; y++) {
        fill_mask(row, y);
        CU_ASSERT(TIFFWriteScanline(tiff, row, (uint32_t)y, 0) == 1);
    }
    TIFFWriteDirectory(tiff);
}

static void write_page(TIFF *tiff, const struct kind *kind)
{
    static uint16_t map[3][256];
    set_sizes(tiff, 0, kind->photometric, kind->compression);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, kind->samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, kind->format);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, kind->planar);
    if (kind->compression == COMPRESSION_JPEG)
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    for (int i = 0; i < 256 * 3; i++)
        map[i / 256][i % 256] = (uint16_t)(level(i % 256, i / 256) * 257);
    if (is_palette(kind))
        TIFFSetField(tiff, TIFFTAG_COLORMAP, map[0], map[1], map[2]);
    if (kind->planar == PLANARCONFIG_CONTIG)
        write_rows(tiff, kind, 0, kind->samples);
    for (int sample = 0; sample < kind->samples && kind->planar == PLANARCONFIG_SEPARATE; sample++)
        write_rows(tiff, kind, sample, 1);
    TIFFWriteDirectory(tiff);
}

static void note_truth(const char *path, const struct kind *kind)
{
    static uint8_t row[ROW_BYTES];
    for (int64_t i = 0; i < (int64_t)3 * HEIGHT * WIDTH; i++) {
        int64_t x = i % WIDTH, y = i / WIDTH % HEIGHT;
        int channel = (int)(i / WIDTH / HEIGHT);
        truth[channel][y][x] = (uint16_t)(is_palette(kind) ? level(value(kind, x, y, 0), channel)
                                                           : value(kind, x, y, channel));
    }
    if (kind->compression != COMPRESSION_JPEG)
        return;
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    for (int64_t y = 0; y < HEIGHT; y++) {
        CU_ASSERT(TIFFReadScanline(tiff, row, (uint32_t)y, 0) == 1);
        for (int64_t i = 0; i < (int64_t)WIDTH * 3; i++)
            truth[i % 3][y][i / 3] = row[i];
    }
    TIFFClose(tiff);
}

static const char *make_masked(const struct kind *kind)
{
    const char *path = scratch_path("masked.tif");
    TIFF *tiff = TIFFOpen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    write_page(tiff, kind);
    write_mask(tiff);
    TIFFClose(tiff);
    unlink(scratch_path("masked.tif.ovr"));
    note_truth(path, kind);
    return path;
}

/* The mean of what is seen of a cell of copy k; -1: nothing is. */
static double mean_of(const struct kind *kind, int k, int64_t cx, int64_t cy, int channel)
{
    double sum = 0;
    int64_t n = 0;
    for (int64_t y = cy << k; y < (cy + 1) << k && y < HEIGHT; y++)
        for (int64_t x = cx << k; x < (cx + 1) << k && x < WIDTH; x++)
            if (seen(x, y)) {
                sum += truth[channel][y][x];
                n++;
            }
    if (!n)
        return -1;
    double mean = sum / (double)n;
    return kind->format == SAMPLEFORMAT_IEEEFP ? (double)(float)mean : floor(mean + 0.5);
}

/* The forms of a copy, and what is stored of it. */
enum form { INDICES, MEANS, MASKS };
struct stored {
    enum form form;
    int k, bits, samples, photometric;
};

/* Of a palette's entries the one nearest to the mean colour, the first of several. */
static int index_of(const struct kind *kind, int k, int64_t x, int64_t y)
{
    double mean[3], best = INFINITY;
    int found = -1;
    for (int c = 0; c < 3; c++)
        mean[c] = mean_of(kind, k, x, y, c);
    for (int i = 0; i < 1 << kind->bits; i++) {
        double distance = 0;
        for (int c = 0; c < 3; c++)
            distance += (level(i, c) - mean[c]) * (level(i, c) - mean[c]);
        found = distance < best ? i : found;
        best = fmin(best, distance);
    }
    return found;
}

static double sample_of(const uint8_t *tile, int64_t i, int bits)
{
    uint16_t u16;
    float f32;
    memcpy(&u16, tile + 2 * i * (bits == 16), sizeof u16);
    memcpy(&f32, tile + 4 * i * (bits == 32), sizeof f32);
    if (bits < 8)
        return tile[i * bits / 8] >> (8 - bits - i * bits % 8) & ((1 << bits) - 1);
    return bits == 8 ? tile[i] : bits == 16 ? u16 : (double)f32;
}

/* What a mask hides may have any value. */
static bool is_right(const uint8_t *tile, int64_t i, const struct kind *kind,
                     const struct stored *stored, int64_t x, int64_t y)
{
    bool there = mean_of(kind, stored->k, x, y, 0) >= 0, right = true;
    if (stored->form == MASKS)
        return sample_of(tile, i, 1) == there;
    if (stored->form == INDICES)
        return !there || sample_of(tile, i, kind->bits) == index_of(kind, stored->k, x, y);
    for (int c = 0; c < stored->samples && there; c++)
        right &= sample_of(tile, i * stored->samples + c, stored->bits) ==
                 mean_of(kind, stored->k, x, y, c);
    return right;
}

static int64_t wrong_samples(TIFF *tiff, const struct kind *kind, const struct stored *stored)
{
    static uint8_t tile[SIDE * SIDE * 12];
    uint32_t side = 0;
    int64_t wrong = 0, width = ((WIDTH - 1) >> stored->k) + 1;
    int64_t height = ((HEIGHT - 1) >> stored->k) + 1;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &side);
    CU_ASSERT_FATAL(side >= 64 && side <= SIDE && TIFFTileSize(tiff) <= (tmsize_t)sizeof tile);
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++) {
            if (x % side == 0)
                wrong += TIFFReadTile(tiff, tile, (uint32_t)x, (uint32_t)y, 0, 0) <= 0;
            wrong += !is_right(tile, y % side * side + x % side, kind, stored, x, y);
        }
    return wrong;
}

static void directory_is_right(TIFF *tiff, const struct kind *kind, const struct stored *stored)
{
    uint32_t type = 0, width = 0;
    uint16_t bits = 0, samples = 0, photometric = 0;
    bool mask = stored->form == MASKS;
    TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &type);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    CU_ASSERT_EQUAL(type & FILETYPE_MASK, mask ? FILETYPE_MASK : 0);
    CU_ASSERT_EQUAL(type & FILETYPE_REDUCEDIMAGE,
                    mask && stored->k == 1 ? 0 : FILETYPE_REDUCEDIMAGE);
    CU_ASSERT_EQUAL(width, ((WIDTH - 1) >> stored->k) + 1);
    CU_ASSERT_EQUAL(bits, stored->bits);
    CU_ASSERT_EQUAL(samples, stored->samples);
    CU_ASSERT_EQUAL(photometric, stored->photometric);
    CU_ASSERT_EQUAL(wrong_samples(tiff, kind, stored), 0);
}

/* What is to be stored of copy k in a form. */
static struct stored stored_of(const struct kind *kind, enum form form, int k)
{
    bool palette = is_palette(kind), colour = kind->samples == 3 || palette;
    if (form == INDICES)
        return (struct stored){form, k, kind->bits, 1, PHOTOMETRIC_PALETTE};
    if (form == MASKS)
        return (struct stored){form, k, 1, 1, PHOTOMETRIC_MASK};
    return (struct stored){form, k, palette ? 8 : kind->bits, channels_of(kind),
                           colour ? PHOTOMETRIC_RGB : kind->photometric};
}

static void build(const char *path, const struct kind *kind)
{
    static struct run run;
    RUN(&run, program(), "--build-overviews", path);
    CU_ASSERT_EQUAL_FATAL(run.status, 0);
    TIFFErrorHandler warnings = TIFFSetWarningHandler(NULL); /* of GDAL's tag */
    TIFF *tiff = TIFFOpen(scratch_path("masked.tif.ovr"), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    for (int form = is_palette(kind) ? INDICES : MEANS; form <= MASKS; form++)
        for (int k = 1; k <= COPIES; k++) {
            struct stored stored = stored_of(kind, (enum form)form, k);
            directory_is_right(tiff, kind, &stored);
            CU_ASSERT_EQUAL(TIFFReadDirectory(tiff), form < MASKS || k < COPIES);
        }
    TIFFClose(tiff);
    TIFFSetWarningHandler(warnings);
}

static void draw(const char *path, struct pnm *picture)
{
    static struct run run;
    RUN(&run, program(), "--force", "--zoom", "0.25", "--window", "200", "--level", "100",
        "--render", scratch_path("out.ppm"), path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(picture, scratch_path("out.ppm")));
}

/* Each pixel at 1:4 is the mean of what is seen there, or black. */
static void picture_is_right(const char *path, const struct kind *kind)
{
    static struct run run;
    struct pnm picture;
    int64_t wrong = 0;
    RUN(&run, program(), "--force", "--zoom", "0.25", "--render", scratch_path("out.ppm"), path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(&picture, scratch_path("out.ppm")));
    CU_ASSERT_FATAL(picture.channels == 3 && picture.width >= WIDTH / 4 &&
                    picture.height >= HEIGHT / 4);
    for (int64_t i = 0; i < (int64_t)picture.width * picture.height * 3; i++) {
        int64_t x = i / 3 % picture.width, y = i / 3 / picture.width;
        wrong += picture.samples[i] != fmax(mean_of(kind, 2, x, y, (int)(i % 3)), 0);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    pnm_free(&picture);
}

/* Rows of the page's middle, of which much is to be seen. */
static void spoil(const char *path)
{
    static uint8_t bytes[2000];
    memset(bytes, 0xff, sizeof bytes);
    scratch_patch(path, scratch_size(path) / 2, bytes, sizeof bytes);
}

/* Drawn again when the page itself is spoilt, the picture is what it was without copies. */
static void is_drawn_from_copies(const struct kind *kind)
{
    const char *path = make_masked(kind);
    bool levels = channels_of(kind) == 3 && (kind->bits == 8 || is_palette(kind));
    struct pnm without, with;
    draw(path, &without);
    build(path, kind);
    spoil(path);
    draw(path, &with);
    CU_ASSERT_FATAL(with.width == without.width && with.height == without.height);
    CU_ASSERT_EQUAL(
        memcmp(with.samples, without.samples, (size_t)(with.width * with.height * with.channels)),
        0);
    if (levels)
        picture_is_right(path, kind);
    pnm_free(&without);
    pnm_free(&with);
}

static void masks_are_reduced_beside_the_means(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        is_drawn_from_copies(&kinds[i]);
}

SUITE("overviews mask", {"masks are reduced beside the means", masks_are_reduced_beside_the_means})
