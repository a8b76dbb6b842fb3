/* Makes the TIFF files that tests read, with libtiff, of any layout it can write. */
#ifndef SUPPORT_TIFF_MAKER_H
#define SUPPORT_TIFF_MAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sample.h"

/* The stored value of a sample, computed and not kept: tests compare with it. */
typedef int32_t tiff_value(int64_t x, int64_t y, int page);

struct tiff_recipe;

/* The stored number of one sample of a pixel, for recipes that say how many bits it has; for a
 * complex one its magnitude. */
typedef double tiff_number(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                           int sample);

struct tiff_recipe {
    int64_t width, height;
    enum sample_type type;
    bool min_is_white;
    /* Instead of these two, where bits is not 0: samples of any kind. */
    int bits, format, photometric; /* SAMPLEFORMAT_... (0 = unsigned), PHOTOMETRIC_... */
    int samples;                   /* of each pixel, 0 = 1 */
    int extra[2];     /* ExtraSamples of the last ones: EXTRASAMPLE_... + 1, 0 = none */
    bool separate;    /* planes of their own */
    bool reversed;    /* FillOrder 2 */
    bool with_nodata; /* GDAL_NODATA */
    double nodata;
    const uint16_t (*palette)[256]; /* of 8 bits: red, green, blue; NULL = tiff_palette_level */
    tiff_number *number;            /* NULL = tiff_number_plain */
    int compression;                /* libtiff's COMPRESSION_..., 0 = none */
    int predictor;                  /* 0 or 1 = none, 2 = horizontal */
    int tile_width, tile_height;    /* both 0 = strips */
    int64_t rows_per_strip;         /* strips; 0 = the whole image in one */
    bool big_tiff, big_endian;
    int orientation;         /* 0 = no tag */
    int pages;               /* 0 = 1 */
    const char *description; /* ImageDescription, or NULL */
    bool has_range;          /* write SMin/SMaxSampleValue */
    double range_low, range_high;
    double pixels_per_cm; /* XResolution and YResolution, 0 = none */
    tiff_value *value;    /* NULL = tiff_value_plain */
};

/* A smooth pattern with texture, different in each column, row and page, that uses the type's whole
 * range (signed: negative values too). `tiff_value_plain` gives 16-bit unsigned values of 0..4095.
 */
tiff_value tiff_value_plain, tiff_value_signed, tiff_value_byte, tiff_value_signed_byte,
    tiff_value_wide;

/* A pattern that uses all bits of whole numbers, negative ones too where the recipe's are signed,
 * and fractions of floating-point ones; each has its exact value in the type that tiles hold. */
tiff_number tiff_number_plain;

/* Level of channel 0 .. 2 that palettes have for an index: 0 .. 65535. */
uint16_t tiff_palette_level(int index, int channel);

/* Writes the file, row by row (no image is held whole). False when libtiff cannot (a codec it
 * lacks, say). */
bool tiff_make(const char *path, const struct tiff_recipe *recipe);

/* True when this libtiff can write the compression. */
bool tiff_can(int compression);

#endif
