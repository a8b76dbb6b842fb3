/* Large TIFF files: see large_maker.h. */
#include "large_maker.h"

#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "support/tiff_raw.h"

enum { STEP = 24 /* bytes the pattern moves each row: whole pixels of any kind */ };

static int samples_of(const struct large_recipe *recipe)
{
    return recipe->samples ? recipe->samples : 1;
}

static int64_t bytes_of(const struct large_recipe *recipe, int64_t pixels)
{
    int together = recipe->separate ? 1 : samples_of(recipe);
    return (pixels * together * recipe->bits + 7) / 8;
}

/* Bilevel: bars and gaps; floating ones: numbers of some size; else bytes of a slope, or noise. */
static void fill(const struct large_recipe *recipe, uint8_t *to, int64_t bytes, int64_t shift)
{
    bool floating =
        recipe->format == SAMPLEFORMAT_IEEEFP || recipe->format == SAMPLEFORMAT_COMPLEXIEEEFP;
    bool wide = floating && recipe->bits == 64 && recipe->format == SAMPLEFORMAT_IEEEFP;
    for (int64_t i = 0; i < bytes; i += floating ? (wide ? 8 : 4) : 1) {
        uint32_t at = (uint32_t)(i + shift * STEP);
        uint32_t noise = (at ^ at >> 7) * 2654435761u;
        noise = (noise ^ noise >> 15) * 2246822519u >> 24;
        float single = (float)(at % 6000) + (float)noise / 4;
        double number = single;
        if (recipe->bits == 1)
            to[i] = at / 96 % 3 ? 0 : 255;
        else if (wide)
            memcpy(to + i, &number, 8);
        else if (floating)
            memcpy(to + i, &single, 4);
        else
            to[i] = (uint8_t)(recipe->noisy ? noise : at / 40 + (noise & 15));
    }
}

/* A row that begins anywhere in a longer one: each is another, and none has to be made. */
static const uint8_t *row_at(const uint8_t *pattern, int64_t y)
{
    return pattern + y % 64 * STEP;
}

static void set_layout(TIFF *tiff, const struct large_recipe *recipe)
{
    if (recipe->tile) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, recipe->tile);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, recipe->tile);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP,
                     (uint32_t)(recipe->rows_per_strip ? recipe->rows_per_strip : recipe->height));
    }
}

static void set_palette(TIFF *tiff)
{
    static uint16_t levels[3][256];
    for (int i = 0; i < 256; i++) {
        levels[0][i] = (uint16_t)(257 * i);
        levels[1][i] = (uint16_t)(257 * (255 - i));
        levels[2][i] = (uint16_t)(i << 7);
    }
    TIFFSetField(tiff, TIFFTAG_COLORMAP, levels[0], levels[1], levels[2]);
}

static void set_fields(TIFF *tiff, const struct large_recipe *recipe)
{
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)recipe->width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)recipe->height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, recipe->bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples_of(recipe));
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, recipe->format ? recipe->format : SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, recipe->photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
                 recipe->separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                 recipe->compression ? recipe->compression : COMPRESSION_NONE);
    if (recipe->compression == COMPRESSION_ADOBE_DEFLATE)
        TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, 1);
    if (recipe->photometric == PHOTOMETRIC_YCBCR) {
        TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 2, 2);
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    }
    if (recipe->photometric == PHOTOMETRIC_PALETTE)
        set_palette(tiff);
    set_layout(tiff, recipe);
}

static bool write_tile(TIFF *tiff, const struct large_recipe *recipe, const uint8_t *pattern,
                       uint8_t *tile, uint32_t number)
{
    int64_t row = bytes_of(recipe, recipe->tile);
    for (int64_t y = 0; y < recipe->tile; y++)
        memcpy(tile + y * row, row_at(pattern, y + number), (size_t)row);
    return TIFFWriteEncodedTile(tiff, number, tile, (tmsize_t)(row * recipe->tile)) > 0;
}

static bool write_tiles(TIFF *tiff, const struct large_recipe *recipe, const uint8_t *pattern)
{
    uint8_t *tile = malloc((size_t)(bytes_of(recipe, recipe->tile) * recipe->tile));
    bool good = tile != NULL;
    for (uint32_t i = 0; good && i < TIFFNumberOfTiles(tiff); i++)
        good = write_tile(tiff, recipe, pattern, tile, i);
    free(tile);
    return good;
}

/* libtiff's encoders may change the row that they are given. */
static bool write_rows(TIFF *tiff, const struct large_recipe *recipe, const uint8_t *pattern,
                       int plane)
{
    size_t bytes = (size_t)bytes_of(recipe, recipe->width);
    uint8_t *row = malloc(bytes);
    bool good = row != NULL;
    for (int64_t y = 0; good && y < recipe->height; y++) {
        memcpy(row, row_at(pattern, y + plane), bytes);
        good = TIFFWriteScanline(tiff, row, (uint32_t)y, (uint16_t)plane) == 1;
    }
    free(row);
    return good;
}

static bool write_page(TIFF *tiff, const struct large_recipe *recipe)
{
    int planes = recipe->separate && !recipe->tile ? samples_of(recipe) : 1;
    int64_t bytes = bytes_of(recipe, recipe->tile ? recipe->tile : recipe->width) + 64 * STEP;
    uint8_t *pattern = malloc((size_t)bytes);
    bool good = pattern != NULL;
    set_fields(tiff, recipe);
    if (good)
        fill(recipe, pattern, bytes, 0);
    if (good && recipe->tile)
        good = write_tiles(tiff, recipe, pattern);
    for (int plane = 0; good && !recipe->tile && plane < planes; plane++)
        good = write_rows(tiff, recipe, pattern, plane);
    free(pattern);
    return good && TIFFWriteDirectory(tiff);
}

static bool write_mask(TIFF *tiff, const struct large_recipe *recipe)
{
    struct large_recipe mask = {.width = recipe->width,
                                .height = recipe->height,
                                .bits = 1,
                                .photometric = PHOTOMETRIC_MASK,
                                .compression = COMPRESSION_ADOBE_DEFLATE,
                                .rows_per_strip = 64};
    TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_MASK);
    return write_page(tiff, &mask);
}

/* All rows in PackBits' words for bytes that are not packed. Returns the bytes; malloc'd. */
static size_t pack_rows(const struct large_recipe *recipe, uint8_t **packed)
{
    enum { MOST = 128 };
    int64_t bytes = bytes_of(recipe, recipe->width);
    size_t used = 0;
    *packed = malloc((size_t)(bytes * 2 * recipe->height));
    for (int64_t y = 0; *packed && y < recipe->height; y++)
        for (int64_t done = 0, count; done < bytes; done += count) {
            count = bytes - done < MOST ? bytes - done : MOST;
            (*packed)[used] = (uint8_t)(count - 1);
            fill(recipe, *packed + used + 1, count, y + done);
            used += (size_t)count + 1;
        }
    return used;
}

/* Not by libtiff, which walks all that were before with each directory. */
static bool make_pages(const char *path, const struct large_recipe *recipe)
{
    struct raw_tiff raw;
    raw_begin(&raw, false, false);
    uint8_t *packed;
    size_t bytes = pack_rows(recipe, &packed);
    uint64_t strip = raw_data(&raw, packed, bytes);
    free(packed);
    for (int32_t page = 0; page < recipe->pages; page++) {
        raw_image(&raw, (uint64_t)recipe->width, (uint64_t)recipe->height, (uint64_t)recipe->bits,
                  strip, bytes);
        raw_number(&raw, 259, RAW_SHORT, COMPRESSION_PACKBITS);
        raw_directory(&raw, true);
    }
    raw_write(&raw, strrchr(path, '/') + 1);
    return true;
}

bool large_make(const char *path, const struct large_recipe *recipe)
{
    if (recipe->pages > 1)
        return make_pages(path, recipe);
    TIFF *tiff = TIFFOpen(path, "w");
    bool good = tiff && write_page(tiff, recipe) && (!recipe->masked || write_mask(tiff, recipe));
    if (tiff)
        TIFFClose(tiff);
    return good;
}

long large_block_kib(const struct large_recipe *recipe)
{
    int64_t bytes = recipe->tile ? bytes_of(recipe, recipe->tile) * recipe->tile
                                 : bytes_of(recipe, recipe->width);
    return (long)(recipe->compression ? bytes / 1024 : 0);
}
