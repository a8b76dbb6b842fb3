/* Test files of any layout that libtiff can write: see support/tiff_maker.h.
 *
 * Owns one row or one tile at a time. It must never know the code under test: only libtiff and the
 * recipe. */
#include "support/tiff_old.h"
#include "support/tiff_maker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Samples of any kind. */

uint16_t tiff_palette_level(int index, int channel)
{
    return (uint16_t)((uint32_t)index * 40503u * (uint32_t)(2 * channel + 1) +
                      (uint32_t)channel * 999u);
}

static bool is_complex(const struct tiff_recipe *recipe)
{
    return recipe->format == SAMPLEFORMAT_COMPLEXINT ||
           recipe->format == SAMPLEFORMAT_COMPLEXIEEEFP;
}

double tiff_number_plain(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                         int sample)
{
    int64_t shifted = x + 1000 * sample;
    int bits = recipe->bits;
    if (is_complex(recipe)) /* 3, 4 and 5 times this */
        return 5.0 * pattern(shifted, y, page, bits <= 16 ? 5 : bits <= 32 ? 8 : 13, 7);
    if (recipe->format == SAMPLEFORMAT_IEEEFP)
        return bits == 16 ? (pattern(shifted, y, page, 11, 15) - 1024) / 8.0
                          : (pattern(shifted, y, page, 16, 127) - 32768) / 64.0;
    uint64_t low = (uint64_t)pattern(shifted, y, page, bits < 16 ? bits : 16, 1);
    if (bits > 16) /* 53 bits at most, which a double holds */
        low = low << (bits < 53 ? bits - 16 : 37) |
              (uint64_t)(pattern(y, x, page, 16, 127) >> (bits < 32 ? 32 - bits : 0));
    double number = bits == 64 ? ldexp((double)low, 11) : (double)low;
    return recipe->format == SAMPLEFORMAT_INT ? number - ldexp(1, bits - 1) : number;
}

/* The bits of a number; of 16 and 24 bits none that is subnormal or no number. */
static uint64_t float_bits(double number, int bits)
{
    static const int fractions[] = {[16] = 10, [24] = 16};
    float single = (float)number;
    uint64_t native = 0;
    uint32_t low;
    memcpy(&native, &number, sizeof native);
    memcpy(&low, &single, sizeof low);
    if (bits >= 32)
        return bits == 32 ? low : native;
    int fraction = fractions[bits], exponent;
    double size = frexp(fabs(number), &exponent);
    uint64_t sign = (uint64_t)(number < 0) << (bits - 1);
    uint64_t bias = (UINT64_C(1) << (bits - 2 - fraction)) - 1;
    if (size == 0)
        return sign;
    if (isinf(number))
        return sign | (2 * bias + 1) << fraction;
    uint64_t digits = (uint64_t)ldexp(size, fraction + 1) - (UINT64_C(1) << fraction);
    return sign | (bias + (uint64_t)(int64_t)(exponent - 1)) << fraction | digits;
}

static uint64_t number_bits(const struct tiff_recipe *recipe, double number, int bits)
{
    if (recipe->format == SAMPLEFORMAT_IEEEFP || recipe->format == SAMPLEFORMAT_COMPLEXIEEEFP)
        return float_bits(number, bits);
    return number < 0 ? (uint64_t)(int64_t)number : (uint64_t)number;
}

/* Appends bits at bit `at` of a zeroed run: whole bytes as this machine orders them, which libtiff
 * changes, others from the highest. Returns where they end. */
static int64_t put_bits(uint8_t *run, int64_t at, uint64_t value, int bits)
{
    static const union {
        uint16_t word;
        uint8_t first;
    } order = {1};
    for (int i = 0; bits % 8 == 0 && i < bits / 8; i++)
        run[at / 8 + (order.first ? i : bits / 8 - 1 - i)] = (uint8_t)(value >> 8 * i);
    for (int i = 0; bits % 8 && i < bits; i++)
        if (value >> (bits - 1 - i) & 1)
            run[(at + i) / 8] |= (uint8_t)(0x80 >> (at + i) % 8);
    return at + bits;
}

static int samples_of(const struct tiff_recipe *recipe)
{
    return recipe->samples ? recipe->samples : 1;
}

static void pack_run(uint8_t *run, const struct tiff_recipe *recipe, int64_t x, int64_t y,
                     int64_t n, int page, int plane)
{
    tiff_number *number = recipe->number ? recipe->number : tiff_number_plain;
    int first = recipe->separate ? plane : 0,
        last = recipe->separate ? plane : samples_of(recipe) - 1;
    int half = is_complex(recipe) ? recipe->bits / 2 : 0;
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++)
        for (int sample = first; sample <= last; sample++) {
            double value = number(recipe, x + i, y, page, sample);
            if (half) {
                at = put_bits(run, at, number_bits(recipe, value / 5 * 3, half), half);
                at = put_bits(run, at, number_bits(recipe, value / 5 * 4, half), half);
            } else {
                at = put_bits(run, at, number_bits(recipe, value, recipe->bits), recipe->bits);
            }
        }
}

static size_t run_bytes(const struct tiff_recipe *recipe, int64_t n)
{
    if (!recipe->bits)
        return (size_t)n * sample_bytes(recipe->type);
    return (size_t)(n * recipe->bits * (recipe->separate ? 1 : samples_of(recipe)) + 7) / 8;
}

static void fill_run(void *run, const struct tiff_recipe *recipe, int64_t x, int64_t y, int64_t n,
                     int page, int plane)
{
    if (recipe->bits) {
        memset(run, 0, run_bytes(recipe, n));
        pack_run(run, recipe, x, y, n, page, plane);
        return;
    }
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
    if (recipe->orientation)
        fine &= TIFFSetField(tiff, TIFFTAG_ORIENTATION, recipe->orientation);
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

static bool set_palette(TIFF *tiff, const struct tiff_recipe *recipe)
{
    static uint16_t levels[3][1 << 16];
    const uint16_t(*given)[256] = recipe->palette;
    int bits = recipe->bits;
    if (given)
        return TIFFSetField(tiff, TIFFTAG_COLORMAP, given[0], given[1], given[2]);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 1 << bits; i++)
            levels[c][i] = tiff_palette_level(i, c);
    return TIFFSetField(tiff, TIFFTAG_COLORMAP, levels[0], levels[1], levels[2]);
}

static const TIFFFieldInfo nodata_field[] = {
    {42113, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)(uintptr_t) "GDAL_NODATA"}};

static bool set_nodata(TIFF *tiff, double nodata)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", nodata);
    return TIFFMergeFieldInfo(tiff, nodata_field, 1) == 0 && TIFFSetField(tiff, 42113, text);
}

static bool set_kind(TIFF *tiff, const struct tiff_recipe *recipe)
{
    uint16_t extra[2], count = 0;
    bool fine = TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, recipe->bits);
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples_of(recipe));
    fine &= TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
                         recipe->separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                         recipe->format ? recipe->format : SAMPLEFORMAT_UINT);
    fine &= TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, recipe->photometric);
    for (int i = 0; i < 2 && recipe->extra[i]; i++)
        extra[count++] = (uint16_t)(recipe->extra[i] - 1);
    if (count)
        fine &= TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, count, extra);
    if (recipe->reversed)
        fine &= TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
    if (recipe->photometric == PHOTOMETRIC_PALETTE)
        fine &= set_palette(tiff, recipe);
    if (recipe->with_nodata)
        fine &= set_nodata(tiff, recipe->nodata);
    return fine;
}

static bool set_gray(TIFF *tiff, const struct tiff_recipe *recipe)
{
    bool fine = true;
    fine &= TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, (int)(8 * sample_bytes(recipe->type)));
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    fine &= TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    fine &= TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                         sample_is_signed(recipe->type) ? SAMPLEFORMAT_INT : SAMPLEFORMAT_UINT);
    fine &= TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
                         recipe->min_is_white ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK);
    return fine;
}

/* libtiff takes 8 bits for granted. */
static bool set_pixarlog(TIFF *tiff, const struct tiff_recipe *recipe)
{
    int bits = recipe->bits ? recipe->bits : (int)(8 * sample_bytes(recipe->type));
    return TIFFSetField(tiff, TIFFTAG_PIXARLOGDATAFMT,
                        bits == 8    ? PIXARLOGDATAFMT_8BIT
                        : bits == 16 ? PIXARLOGDATAFMT_16BIT
                                     : PIXARLOGDATAFMT_FLOAT);
}

static bool set_fields(TIFF *tiff, const struct tiff_recipe *recipe)
{
    bool fine = recipe->bits ? set_kind(tiff, recipe) : set_gray(tiff, recipe);
    fine &= TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)recipe->width);
    fine &= TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)recipe->height);
    fine &= TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                         recipe->compression ? recipe->compression : COMPRESSION_NONE);
    if (recipe->compression == COMPRESSION_PIXARLOG)
        fine &= set_pixarlog(tiff, recipe);
    if (recipe->tile_width) {
        fine &= TIFFSetField(tiff, TIFFTAG_TILEWIDTH, (uint32_t)recipe->tile_width);
        fine &= TIFFSetField(tiff, TIFFTAG_TILELENGTH, (uint32_t)recipe->tile_height);
    } else {
        int64_t rows = recipe->rows_per_strip ? recipe->rows_per_strip : recipe->height;
        fine &= TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)rows);
    }
    return fine && set_optional_fields(tiff, recipe);
}

static int planes_of(const struct tiff_recipe *recipe)
{
    return recipe->bits && recipe->separate ? samples_of(recipe) : 1;
}

static bool write_strips(TIFF *tiff, const struct tiff_recipe *recipe, int page, int plane)
{
    void *row = malloc(run_bytes(recipe, recipe->width));
    bool fine = row;
    for (int64_t y = 0; fine && y < recipe->height; y++) {
        fill_run(row, recipe, 0, y, recipe->width, page, plane);
        fine = TIFFWriteScanline(tiff, row, (uint32_t)y, (uint16_t)plane) >= 0;
    }
    free(row);
    return fine;
}

/* Samples of a tile beyond the image's edge get the pattern too: a reader must not show them. */
static bool write_tile(TIFF *tiff, const struct tiff_recipe *recipe, int page, int plane, int64_t x,
                       int64_t y, uint8_t *tile)
{
    size_t row_bytes = run_bytes(recipe, recipe->tile_width);
    for (int row = 0; row < recipe->tile_height; row++)
        fill_run(tile + (size_t)row * row_bytes, recipe, x, y + row, recipe->tile_width, page,
                 plane);
    tmsize_t bytes = (tmsize_t)(row_bytes * (size_t)recipe->tile_height);
    uint32_t number = TIFFComputeTile(tiff, (uint32_t)x, (uint32_t)y, 0, (uint16_t)plane);
    return TIFFWriteEncodedTile(tiff, number, tile, bytes) == bytes;
}

static bool write_tiles(TIFF *tiff, const struct tiff_recipe *recipe, int page, int plane)
{
    uint8_t *tile = malloc(run_bytes(recipe, recipe->tile_width) * (size_t)recipe->tile_height);
    bool fine = tile;
    for (int64_t y = 0; fine && y < recipe->height; y += recipe->tile_height)
        for (int64_t x = 0; fine && x < recipe->width; x += recipe->tile_width)
            fine = write_tile(tiff, recipe, page, plane, x, y, tile);
    free(tile);
    return fine;
}

static bool write_page(TIFF *tiff, const struct tiff_recipe *recipe, int page)
{
    if (!set_fields(tiff, recipe))
        return false;
    bool fine = true;
    for (int plane = 0; fine && plane < planes_of(recipe); plane++)
        fine = recipe->tile_width ? write_tiles(tiff, recipe, page, plane)
                                  : write_strips(tiff, recipe, page, plane);
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
    bool written =
        recipe->bits ? TIFFIsCODECConfigured((uint16_t)recipe->compression) || !recipe->compression
                     : tiff_can(recipe->compression);
    if (!written)
        return false;
    char mode[4] = {'w', recipe->big_endian ? 'b' : 'l', recipe->big_tiff ? '8' : '\0', '\0'};
    TIFFErrorHandler errors = TIFFSetErrorHandler(NULL);
    TIFFErrorHandler warnings = TIFFSetWarningHandler(NULL);
    /* Before libtiff 4.5 these are the program's, which know its own handles only. */
    TIFFErrorHandlerExt own_errors = TIFFSetErrorHandlerExt(NULL);
    TIFFErrorHandlerExt own_warnings = TIFFSetWarningHandlerExt(NULL);
    TIFF *tiff = TIFFOpen(path, mode);
    bool fine = tiff;
    int pages = recipe->pages ? recipe->pages : 1;
    for (int page = 0; fine && page < pages; page++)
        fine = write_page(tiff, recipe, page);
    if (tiff)
        TIFFClose(tiff);
    TIFFSetErrorHandler(errors);
    TIFFSetWarningHandler(warnings);
    TIFFSetErrorHandlerExt(own_errors);
    TIFFSetWarningHandlerExt(own_warnings);
    return fine;
}
