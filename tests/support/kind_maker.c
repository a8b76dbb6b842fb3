/* TIFF files of many kinds: see kind_maker.h. */
#include "support/kind_maker.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

enum { TAG_NODATA = 42113 };

static void put(uint8_t *row, const struct kind_recipe *recipe, int i, double value)
{
    const uint32_t whole = recipe->floating ? 0 : (uint32_t)value;
    const uint16_t word = (uint16_t)whole;
    const float single = (float)value;
    uint8_t *at = row + (size_t)i * (size_t)recipe->bits / 8;
    if (recipe->floating && recipe->bits == 32)
        memcpy(at, &single, sizeof single);
    else if (recipe->floating)
        memcpy(at, &value, sizeof value);
    else if (recipe->bits == 32)
        memcpy(at, &whole, sizeof whole);
    else if (recipe->bits == 16)
        memcpy(at, &word, sizeof word);
    else if (recipe->bits == 8)
        *at = (uint8_t)whole;
    else
        *at = (uint8_t)(*at | (whole != 0) << (7 - i % 8));
}

static void set_fields(TIFF *tiff, const struct kind_recipe *recipe, int samples)
{
    const uint16_t(*palette)[256] = recipe->palette;
    const uint16_t extra[16] = {0};
    int colours = recipe->photometric == PHOTOMETRIC_RGB ? 3 : 1;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, recipe->width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, recipe->height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, recipe->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT,
                 recipe->floating ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
                 recipe->planar ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, recipe->photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                 recipe->compression ? recipe->compression : COMPRESSION_NONE);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 16);
    if (samples > colours)
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, samples - colours, extra);
    if (recipe->orientation)
        TIFFSetField(tiff, TIFFTAG_ORIENTATION, recipe->orientation);
    if (palette)
        TIFFSetField(tiff, TIFFTAG_COLORMAP, palette[0], palette[1], palette[2]);
    if (recipe->nodata)
        TIFFSetField(tiff, TAG_NODATA, recipe->nodata);
}

static bool write_page(TIFF *tiff, const struct kind_recipe *recipe, int page)
{
    int samples = recipe->samples ? recipe->samples : 1;
    int planes = recipe->planar ? samples : 1, together = samples / planes;
    bool good = true;
    set_fields(tiff, recipe, samples);
    if (page == 0 && recipe->description)
        TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, recipe->description);
    size_t bytes = (size_t)TIFFScanlineSize(tiff);
    uint8_t *row = malloc(bytes);
    for (int plane = 0; plane < planes; plane++)
        for (int y = 0; good && y < recipe->height; y++) {
            memset(row, 0, bytes);
            for (int i = 0; i < recipe->width * together; i++)
                put(row, recipe, i, recipe->value(i / together, y, plane + i % together, page));
            good = TIFFWriteScanline(tiff, row, (uint32_t)y, (uint16_t)plane) == 1;
        }
    free(row);
    return good && TIFFWriteDirectory(tiff);
}

/* libtiff must be told of tags that it does not know. */
static void declare_nodata(TIFF *tiff)
{
    static const TIFFFieldInfo info[] = {{TAG_NODATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0,
                                          (char *)(uintptr_t) "GDALNoDataValue"}};
    TIFFMergeFieldInfo(tiff, info, 1);
}

bool kind_make(const char *path, const struct kind_recipe *recipe)
{
    TIFF *tiff = TIFFOpen(path, "w");
    bool good = tiff != NULL;
    for (int page = 0; good && page < (recipe->pages ? recipe->pages : 1); page++) {
        declare_nodata(tiff);
        good = write_page(tiff, recipe, page);
    }
    if (tiff)
        TIFFClose(tiff);
    return good;
}
