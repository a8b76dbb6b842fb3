/* Bit planes of gray pixels: see render/planes.h. Owns nothing. */
#include "render/planes.h"

#include <string.h>

static int bits_of(uint32_t mask)
{
    return __builtin_popcount(mask);
}

/* The bit of a mask that lies so many below its highest; 0: it has none. */
static uint32_t bit_of(uint32_t mask, int below)
{
    int bits = bits_of(mask);
    return below < bits ? 1u << (__builtin_ctz(mask) + bits - 1 - below) : 0;
}

/* Masks of one width hold the same in every gray. */
static bool first_of_width(const uint32_t masks[3], int channel)
{
    for (int i = 0; i < channel; i++)
        if (bits_of(masks[i]) == bits_of(masks[channel]))
            return false;
    return true;
}

static uint32_t plane(const uint32_t masks[3], int channel, int below)
{
    uint32_t bits = 0;
    for (int i = 0; i < 3; i++)
        if (bits_of(masks[i]) == bits_of(masks[channel]))
            bits |= bit_of(masks[i], below);
    return bits;
}

int planes_masks(const struct pixel_format *format, uint32_t planes[PLANES_MOST], int most_bits)
{
    const uint32_t masks[3] = {format->red, format->green, format->blue};
    int count = 0;
    if (!masks[0] || !masks[1] || !masks[2])
        return 0;
    for (int below = 0; below < most_bits; below++)
        for (int channel = 0; channel < 3; channel++) {
            uint32_t bits = first_of_width(masks, channel) ? plane(masks, channel, below) : 0;
            if (bits && count == PLANES_MOST)
                return 0;
            if (bits)
                planes[count++] = bits;
        }
    return count;
}

/* Where in a pixel's bytes a bit of its value lies. */
static size_t byte_of(const struct pixel_format *format, int bit)
{
    int bytes = format->bits_per_pixel / 8;
    return (size_t)(format->msb_first ? bytes - 1 - bit / 8 : bit / 8);
}

static void extract_row(const uint8_t *byte, size_t step, int shift, int n, uint8_t *to)
{
    int whole = n / 8;
    for (int i = 0; i < whole; i++) {
        unsigned bits = 0;
        for (int j = 0; j < 8; j++, byte += step)
            bits = bits << 1 | (*byte >> shift & 1u);
        *to++ = (uint8_t)bits;
    }
    if (n % 8)
        *to = 0;
    for (int j = 0; j < n % 8; j++, byte += step)
        *to = (uint8_t)(*to | (*byte >> shift & 1u) << (7 - j));
}

void planes_extract(const struct pixels *pixels, struct rect rect, uint32_t bit, uint8_t *bitmap,
                    size_t stride)
{
    size_t step = (size_t)pixels->format.bits_per_pixel / 8;
    int number = __builtin_ctz(bit);
    const uint8_t *row = pixels->base + (size_t)rect.y * pixels->stride + (size_t)rect.x * step +
                         byte_of(&pixels->format, number);
    for (int y = 0; y < rect.height; y++, row += pixels->stride)
        extract_row(row, step, number % 8, rect.width, bitmap + (size_t)y * stride);
}
