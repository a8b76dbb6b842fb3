/* Pixels by their definition, written independently of render/pixels.c and render/dither.c: whole
 * numbers in place of tables, the matrix from its recursion, memory bit by bit. */
#ifndef NAIVE_PIXEL_H
#define NAIVE_PIXEL_H

#include <stdlib.h>

#include "render/pixels.h"

/* Bayer's recursion, from 1 x 1 to 16 x 16: a matrix four times as large holds 4 m, 4 m + 2 above 4
 * m + 3, 4 m + 1. */
static inline int naive_threshold(int x, int y, int side)
{
    static const int quarters[2][2] = {{0, 2}, {3, 1}};
    int half = side / 2;
    if (side == 1)
        return 0;
    return 4 * naive_threshold(x % half, y % half, half) + quarters[y / half % 2][x / half % 2];
}

/* floor(steps + (threshold + 1/2) / 256), of steps = part / whole. */
static inline int64_t naive_dither(int64_t part, int64_t whole, int x, int y)
{
    int64_t threshold = 2 * naive_threshold(x % 16, y % 16, 16) + 1;
    return (512 * part + threshold * whole) / (512 * whole);
}

static inline uint32_t naive_channel(uint32_t mask, int level, int x, int y)
{
    int64_t least = mask & -mask, most = least ? mask / least : 0;
    int64_t value =
        most < 255 ? naive_dither(level * most, 255, x, y) : (level * most * 2 + 255) / 510;
    return (uint32_t)(value * least);
}

static inline uint32_t naive_cell(const struct pixel_ramp *ramp, int level, int x, int y)
{
    int upper = 0, wanted = level * 257;
    while (upper < ramp->cells && ramp->level[upper] <= wanted)
        upper++;
    if (upper == 0 || upper == ramp->cells)
        return ramp->pixel[upper ? upper - 1 : 0];
    int up = wanted - ramp->level[upper - 1], gap = ramp->level[upper] - ramp->level[upper - 1];
    int64_t step = ramp->cells < 256 ? naive_dither(up, gap, x, y) : up * 2 >= gap;
    return ramp->pixel[upper - 1 + step];
}

/* The pixel at (x, y) of the view; a gray one has the same level three times. */
static inline uint32_t naive_pixel(const struct pixel_format *format, const uint8_t levels[3],
                                   int x, int y)
{
    int luma = (299 * levels[0] + 587 * levels[1] + 114 * levels[2] + 500) / 1000;
    if (format->ramp)
        return naive_cell(format->ramp, luma, x, y);
    if (!(format->red | format->green | format->blue))
        return (uint32_t)luma;
    return naive_channel(format->red, levels[0], x, y) |
           naive_channel(format->green, levels[1], x, y) |
           naive_channel(format->blue, levels[2], x, y);
}

/* What a pixel's value shows of a channel, 0 .. 255; of a ramp, its gray. */
static inline double naive_shown(const struct pixel_format *format, uint32_t mask, uint32_t value)
{
    const struct pixel_ramp *ramp = format->ramp;
    for (int i = 0; ramp && i < ramp->cells; i++)
        if (ramp->pixel[i] == value)
            return ramp->level[i] / 257.0;
    return ramp ? -1 : (double)(value & mask) / mask * 255;
}

/* Pixel x of a row in memory, as the X protocol has it. */
static inline uint32_t naive_read(const struct pixel_format *format, const uint8_t *row, int x)
{
    int bits = format->bits_per_pixel, bytes = bits / 8;
    uint32_t value = 0;
    if (bits == 4)
        return x % 2 == format->msb_first ? row[x / 2] & 15u : row[x / 2] >> 4;
    if (bits == 1) {
        int unit = format->unit ? format->unit / 8 : 1, byte = x / 8 % unit;
        if (format->msb_first != format->bits_msb_first)
            byte = unit - 1 - byte;
        const uint8_t *at = row + x / 8 / unit * unit + byte;
        return *at >> (format->bits_msb_first ? 7 - x % 8 : x % 8) & 1;
    }
    for (int i = 0; i < bytes; i++)
        value = format->msb_first ? value << 8 | row[x * bytes + i]
                                  : value | (uint32_t)row[x * bytes + i] << 8 * i;
    return value;
}

#endif
