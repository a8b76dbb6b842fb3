/* Makes TIFF files of the kinds that tiff_maker has not: several samples for a pixel, floating
 * point, few bits, palettes, any Orientation, pages in any order. Small ones, held whole. */
#ifndef SUPPORT_KIND_MAKER_H
#define SUPPORT_KIND_MAKER_H

#include <stdbool.h>
#include <stdint.h>

/* The stored value of a sample. */
typedef double kind_value(int x, int y, int sample, int page);

struct kind_recipe {
    int width, height;
    int bits; /* 1, 8, 16, 32 or 64 of a sample */
    bool floating;
    int samples;     /* of a pixel; 0 = 1 */
    int photometric; /* libtiff's PHOTOMETRIC_...; 0 = MinIsWhite */
    int orientation; /* 0 = no tag */
    bool planar;
    int compression; /* 0 = none */
    int pages;       /* 0 = 1 */
    const char *description;
    const char *nodata;             /* GDAL_NODATA, or NULL */
    const uint16_t (*palette)[256]; /* three rows: red, green, blue */
    kind_value *value;
};

bool kind_make(const char *path, const struct kind_recipe *recipe);

#endif
