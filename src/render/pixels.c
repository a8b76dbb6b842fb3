/* Pixel formats: see render/pixels.h. Owns nothing; knows levels and bytes, no samples and no
 * geometry. */
#include "render/pixels.h"

#include <string.h>

const struct pixel_format pixel_format_gray8 = {.depth = 8, .bits_per_pixel = 8};

static bool contiguous(uint32_t mask)
{
    uint32_t low = mask & -mask;
    return (mask & (mask + low)) == 0;
}

bool pixel_format_valid(const struct pixel_format *format)
{
    int bits = format->bits_per_pixel;
    uint32_t all = format->red | format->green | format->blue;
    if (bits != 8 && bits != 16 && bits != 24 && bits != 32)
        return false;
    if (format->depth < 1 || format->depth > bits)
        return false;
    if (!all)
        return bits == 8;
    return contiguous(format->red) && contiguous(format->green) && contiguous(format->blue) &&
           (bits == 32 || all >> bits == 0);
}

static uint32_t channel_value(uint32_t mask, int level)
{
    if (!mask)
        return 0;
    uint32_t low = mask & -mask;
    uint64_t most = mask / low;
    return (uint32_t)(((uint64_t)level * most * 2 + 255) / 510) * low;
}

uint32_t pixel_value(const struct pixel_format *format, int level)
{
    if (!(format->red | format->green | format->blue))
        return (uint32_t)level;
    return channel_value(format->red, level) | channel_value(format->green, level) |
           channel_value(format->blue, level);
}

static uint32_t word_in_memory(const struct pixel_format *format, uint32_t value)
{
    int bytes = format->bits_per_pixel / 8;
    uint8_t memory[4] = {0};
    for (int i = 0; i < bytes; i++)
        memory[i] = (uint8_t)(value >> 8 * (format->msb_first ? bytes - 1 - i : i));
    uint32_t word;
    memcpy(&word, memory, sizeof word);
    return word;
}

void pixel_palette(const struct pixel_format *format, uint32_t palette[256])
{
    for (int level = 0; level < 256; level++)
        palette[level] = word_in_memory(format, pixel_value(format, level));
}

void pixels_pack(const struct pixel_format *format, const uint32_t palette[256],
                 const uint8_t *levels, int n, uint8_t *to)
{
    switch (format->bits_per_pixel) {
    case 8:
        for (int i = 0; i < n; i++)
            memcpy(to + i, &palette[levels[i]], 1);
        break;
    case 16:
        for (int i = 0; i < n; i++)
            memcpy(to + 2 * (size_t)i, &palette[levels[i]], 2);
        break;
    case 24:
        for (int i = 0; i < n; i++)
            memcpy(to + 3 * (size_t)i, &palette[levels[i]], 3);
        break;
    case 32:
        for (int i = 0; i < n; i++)
            memcpy(to + 4 * (size_t)i, &palette[levels[i]], 4);
        break;
    }
}
