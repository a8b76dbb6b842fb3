/* Writes a chest radiograph of nobody: the sample image of data/, and files of any size and layout
 * for benchmarks.
 *
 *   phantom OUT [--size WxH] [--compression none|deflate] [--tiles] [--one-strip] [--big]
 *
 * Deterministic: no clock, no random source. Other sizes are the same picture, scaled row by row.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "phantom/chest.h"
#include "phantom/raster.h"

enum { STRIP_ROWS = 16, TILE_SIDE = 256, FRACTION = 1 << 12 };

struct job {
    const char *path;
    int64_t width, height;
    bool deflate, tiles, one_strip, big;
};

/* A row of the scaled picture: columns interpolated between the two nearest, as rows are. */
static void scale_row(const uint16_t *picture, const struct job *job, int64_t row, uint16_t *out)
{
    int64_t y = ((2 * row + 1) * PLANE_HEIGHT * FRACTION / job->height - FRACTION) / 2;
    y = y < 0 ? 0 : y;
    int64_t upper_row = y / FRACTION;
    int64_t lower_row = upper_row + 1 < PLANE_HEIGHT ? upper_row + 1 : upper_row;
    const uint16_t *upper = picture + upper_row * PLANE_WIDTH;
    const uint16_t *lower = picture + lower_row * PLANE_WIDTH;
    int32_t v = (int32_t)(y % FRACTION) / 16;
    int64_t step = ((int64_t)PLANE_WIDTH * FRACTION * 65536) / job->width;
    int64_t at = step / 2 - (int64_t)FRACTION * 65536 / 2;
    for (int64_t column = 0; column < job->width; column++, at += step) {
        int64_t x = at < 0 ? 0 : at / 65536;
        int32_t left = (int32_t)(x / FRACTION), u = (int32_t)(x % FRACTION) / 16;
        int32_t right = left + 1 < PLANE_WIDTH ? left + 1 : left;
        int32_t top = upper[left] * (256 - u) + upper[right] * u;
        int32_t low = lower[left] * (256 - u) + lower[right] * u;
        out[column] = (uint16_t)((top * (256 - v) + low * v + 32768) >> 16);
    }
}

static void make_row(const uint16_t *picture, const struct job *job, int64_t row, uint16_t *out)
{
    if (job->width == PLANE_WIDTH && job->height == PLANE_HEIGHT)
        memcpy(out, picture + row * PLANE_WIDTH, PLANE_WIDTH * sizeof *out);
    else
        scale_row(picture, job, row, out);
}

static void set_tags(TIFF *tiff, const struct job *job)
{
    double per_cm = 10 / PLANE_PITCH * (double)job->width / PLANE_WIDTH;
    int64_t strip = job->one_strip ? job->height : STRIP_ROWS;
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)job->width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)job->height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
    TIFFSetField(tiff, TIFFTAG_XRESOLUTION, per_cm);
    TIFFSetField(tiff, TIFFTAG_YRESOLUTION, per_cm);
    TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, "Chest phantom, computed; not a patient");
    TIFFSetField(tiff, TIFFTAG_COMPRESSION,
                 job->deflate ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE);
    if (job->deflate) {
        TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
        TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, job->width > PLANE_WIDTH ? 1 : 9);
    }
    if (job->tiles) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE_SIDE);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE_SIDE);
    } else
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, (uint32_t)strip);
}

static bool write_strips(TIFF *tiff, const struct job *job, const uint16_t *picture)
{
    uint16_t *row = calloc((size_t)job->width, sizeof *row);
    bool written = row != NULL;
    for (int64_t y = 0; written && y < job->height; y++) {
        make_row(picture, job, y, row);
        written = TIFFWriteScanline(tiff, row, (uint32_t)y, 0) == 1;
    }
    free(row);
    return written;
}

/* One row of tiles is held at a time. */
static bool write_tiles(TIFF *tiff, const struct job *job, const uint16_t *picture)
{
    size_t across = (size_t)(job->width + TILE_SIDE - 1) / TILE_SIDE, stride = across * TILE_SIDE;
    uint16_t *band = calloc(stride * TILE_SIDE, sizeof *band);
    uint16_t *tile = calloc((size_t)TILE_SIDE * TILE_SIDE, sizeof *tile);
    bool written = band && tile;
    for (int64_t y = 0; written && y < job->height; y += TILE_SIDE) {
        for (int64_t row = 0; row < TILE_SIDE && y + row < job->height; row++)
            make_row(picture, job, y + row, band + (size_t)row * stride);
        for (size_t column = 0; written && column < across; column++) {
            for (size_t row = 0; row < TILE_SIDE; row++)
                memcpy(tile + row * TILE_SIDE, band + row * stride + column * TILE_SIDE,
                       TILE_SIDE * sizeof *tile);
            written =
                TIFFWriteTile(tiff, tile, (uint32_t)(column * TILE_SIDE), (uint32_t)y, 0, 0) >= 0;
        }
    }
    free(tile);
    free(band);
    return written;
}

static bool write_file(const struct job *job, const uint16_t *picture)
{
    TIFF *tiff = TIFFOpen(job->path, job->big ? "wl8" : "wl");
    if (!tiff)
        return false;
    set_tags(tiff, job);
    bool written = job->tiles ? write_tiles(tiff, job, picture) : write_strips(tiff, job, picture);
    if (written)
        written = TIFFFlush(tiff) == 1;
    TIFFClose(tiff);
    return written;
}

static bool read_size(const char *text, struct job *job)
{
    char rest;
    long long width, height;
    if (sscanf(text, "%9lldx%9lld%c", &width, &height, &rest) != 2 || width < 1 || height < 1)
        return false;
    job->width = width;
    job->height = height;
    return true;
}

static bool read_arguments(int count, char **words, struct job *job)
{
    *job = (struct job){.width = PLANE_WIDTH, .height = PLANE_HEIGHT, .deflate = true};
    for (int i = 1; i < count; i++) {
        const char *next = i + 1 < count ? words[i + 1] : "";
        if (!strcmp(words[i], "--tiles"))
            job->tiles = true;
        else if (!strcmp(words[i], "--one-strip"))
            job->one_strip = true;
        else if (!strcmp(words[i], "--big"))
            job->big = true;
        else if (!strcmp(words[i], "--size") && read_size(next, job))
            i++;
        else if (!strcmp(words[i], "--compression") &&
                 (!strcmp(next, "none") || !strcmp(next, "deflate")))
            job->deflate = words[++i][0] == 'd';
        else if (words[i][0] != '-' && !job->path)
            job->path = words[i];
        else
            return false;
    }
    return job->path != NULL;
}

int main(int count, char **words)
{
    struct job job;
    if (!read_arguments(count, words, &job)) {
        fprintf(stderr, "usage: phantom OUT [--size WxH] [--compression none|deflate] [--tiles] "
                        "[--one-strip] [--big]\n");
        return 2;
    }
    uint16_t *picture = calloc((size_t)PLANE_WIDTH * PLANE_HEIGHT, sizeof *picture);
    bool written = picture && chest_paint(picture) && write_file(&job, picture);
    free(picture);
    if (!written)
        fprintf(stderr, "phantom: %s: could not be written\n", job.path);
    return written ? 0 : 1;
}
