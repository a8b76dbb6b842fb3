/* Test files of any layout that libtiff can write: see support/tiff_maker.h.
 *
 * Owns one row or one tile at a time. It must never know the code under test: only libtiff and the
 * recipe. */
#include "support/tiff_maker.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

enum { TEXTURE_X = 0x9e3779b1u & 0x7fffffff, TEXTURE_Y = 0x85ebca77u & 0x7fffffff };

/* A triangle wave over x, y and page of 2^bits steps, its lowest bits mixed with a hash. */
static int32_t pattern(int64_t x, int64_t y, int page, int bits, uint32_t texture)
{
    uint32_t steps = 1u << bits;
    uint32_t slope = steps >> 9 ? steps >> 9 : 1;
    uint32_t phase = (uint32_t)x * (slope + 1) + (uint32_t)y * (slope + slope / 2 + 1) +
                     (uint32_t)page * (slope * 37 + 3);
    phase &= 2 * steps - 1;
    uint32_t wave = phase < steps ? phase : 2 * steps - 1 - phase;
    uint32_t hash = (uint32_t)x * TEXTURE_X ^ (uint32_t)y * TEXTURE_Y;
    hash ^= hash >> 15;
    hash *= 0x2c1b3c6du;
    return (int32_t)(wave ^ (hash >> 12 & texture));
}

int32_t tiff_value_plain(int64_t x, int64_t y, int page)
{
    return pattern(x, y, page, 12, 31);
}

int32_t tiff_value_wide(int64_t x, int64_t y, int page)
{
    return pattern(x, y, page, 16, 127);
}

int32_t tiff_value_signed(int64_t x, int64_t y, int page)
{
    return pattern(x, y, page, 16, 127) - 32768;
}

int32_t tiff_value_byte(int64_t x, int64_t y, int page)
{
    return pattern(x, y, page, 8, 3);
}

int32_t tiff_value_signed_byte(int64_t x, int64_t y, int page)
{
    return pattern(x, y, page, 8, 3) - 128;
}

static void fill_run(void *run, const struct tiff_recipe *recipe, int64_t x, int64_t y, int64_t n,
                     int page)
{
    tiff_value *value = recipe->value ? recipe->value : tiff_value_plain;
    uint8_t *bytes = run;
    uint16_t *words = run;
    for (int64_t i = 0; i < n; i++) {
        int32_t sample = value(x + i, y, page);
        if (sample_bytes(recipe->type) == 1)
            bytes[i] = (uint8_t)sample;
        else
            words[i] = (uint16_t)sample;
    }
}

static bool set_optional_fields(TIFF *tiff, const struct tiff_recipe *recipe)
{
    bool fine = true;
    if (recipe->predictor > 1)
        fine &= TIFFSetField(tiff, TIFFTAG_PREDICTOR, recipe->predictor);
    if (recipe->description)
        fine &= TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, recipe->description);
    if (recipe->has_range) {
        fine &= TIFFSetField(tiff, TIFFTAG_SMINSAMPLEVALUE, recipe->range_low);
        fine &= TIFFSetField(tiff, TIFFTAG_SMAXSAMPLEVALUE, recipe->range_high);
    }
    if (recipe->pixels_per_cm > 0) {
        fine &= TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
        fine &= TIFFSetField(tiff, TIFFTAG_XRESOLUTION, recipe->pixels_per_cm);
        fine &= TIFFSetField(tiff, TIFFTAG_YRESOLUTION, recipe->pixels_per_cm);
    }
    return fine;
}

static bool set_fields(TIFF *tiff, const struct tiff_recipe *recipe)
{
    bool fine = true;
    fine &= TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)recipe->width);
    fine &= TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)recipe->height);
    fine &= TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, (int)(8 * sample_bytes(recipe->type)));
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    fine &= TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                         sample_is_signed(recipe->type) ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT);
    fine &= TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                         recipe->min_is_white ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK);
    fine &= TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                         recipe->compression ? recipe->compression : COMPRESSION_NONE);
    if (recipe->tile_width) {
        fine &= TIFFSetField(tiff, TIFFTAG_TILEWIDTH, (uint32_t)recipe->tile_width);
        fine &= TIFFSetField(tiff, TIFFTAG_TILELENGTH, (uint32_t)recipe->tile_height);
    } else {
        int64_t rows = recipe->rows_per_strip ? recipe->rows_per_strip : recipe->height;
        fine &= TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)rows);
    }
    return fine && set_optional_fields(tiff, recipe);
}

static bool write_strips(TIFF *tiff, const struct tiff_recipe *recipe, int page)
{
    void *row = malloc((size_t)recipe->width * sample_bytes(recipe->type));
    bool fine = row;
    for (int64_t y = 0; fine && y < recipe->height; y++) {
        fill_run(row, recipe, 0, y, recipe->width, page);
        fine = TIFFWriteScanline(tiff, row, (uint32_t)y, 0) >= 0;
    }
    free(row);
    return fine;
}

/* Samples of a tile beyond the image's edge get the pattern too: a reader must not show them. */
static bool write_tile(TIFF *tiff, const struct tiff_recipe *recipe, int page, int64_t x, int64_t y,
                       uint8_t *tile)
{
    size_t row_bytes = (size_t)recipe->tile_width * sample_bytes(recipe->type);
    for (int row = 0; row < recipe->tile_height; row++)
        fill_run(tile + (size_t)row * row_bytes, recipe, x, y + row, recipe->tile_width, page);
    tmsize_t bytes = (tmsize_t)(row_bytes * (size_t)recipe->tile_height);
    uint32_t number = TIFFComputeTile(tiff, (uint32_t)x, (uint32_t)y, 0, 0);
    return TIFFWriteEncodedTile(tiff, number, tile, bytes) == bytes;
}

static bool write_tiles(TIFF *tiff, const struct tiff_recipe *recipe, int page)
{
    size_t samples = (size_t)recipe->tile_width * (size_t)recipe->tile_height;
    uint8_t *tile = malloc(samples * sample_bytes(recipe->type));
    bool fine = tile;
    for (int64_t y = 0; fine && y < recipe->height; y += recipe->tile_height)
        for (int64_t x = 0; fine && x < recipe->width; x += recipe->tile_width)
            fine = write_tile(tiff, recipe, page, x, y, tile);
    free(tile);
    return fine;
}

static bool write_page(TIFF *tiff, const struct tiff_recipe *recipe, int page)
{
    if (!set_fields(tiff, recipe))
        return false;
    bool fine =
        recipe->tile_width ? write_tiles(tiff, recipe, page) : write_strips(tiff, recipe, page);
    return fine && TIFFWriteDirectory(tiff);
}

/* Codecs that only read, or that take no 8 or 16-bit gray samples. */
static const int not_for_gray[] = {
    COMPRESSION_OJPEG,     COMPRESSION_NEXT,      COMPRESSION_THUNDERSCAN, COMPRESSION_CCITTRLE,
    COMPRESSION_CCITTRLEW, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4,   COMPRESSION_JBIG,
    COMPRESSION_WEBP,      COMPRESSION_SGILOG,    COMPRESSION_SGILOG24};

bool tiff_can(int compression)
{
    for (size_t i = 0; i < sizeof not_for_gray / sizeof *not_for_gray; i++)
        if (compression == not_for_gray[i])
            return false;
    return TIFFIsCODECConfigured((uint16_t)(compression ? compression : COMPRESSION_NONE));
}

bool tiff_make(const char *path, const struct tiff_recipe *recipe)
{
    if (!tiff_can(recipe->compression))
        return false;
    char mode[4] = {'w', recipe->big_endian ? 'b' : 'l', recipe->big_tiff ? '8' : '\0', '\0'};
    TIFFErrorHandler errors = TIFFSetErrorHandler(NULL);
    TIFFErrorHandler warnings = TIFFSetWarningHandler(NULL);
    TIFF *tiff = TIFFOpen(path, mode);
    bool fine = tiff;
    int pages = recipe->pages ? recipe->pages : 1;
    for (int page = 0; fine && page < pages; page++)
        fine = write_page(tiff, recipe, page);
    if (tiff)
        TIFFClose(tiff);
    TIFFSetErrorHandler(errors);
    TIFFSetWarningHandler(warnings);
    return fine;
}
