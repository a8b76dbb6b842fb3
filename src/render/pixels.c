/* Pixel formats: see render/pixels.h. Owns nothing; knows levels and bytes, no samples and no
 * geometry. */
#include "render/pixels.h"

#include <string.h>

const struct pixel_format pixel_format_gray8 = {.depth = 8, .bits_per_pixel = 8};
const struct pixel_format pixel_format_rgb24 = {.depth = 24,
                                                .bits_per_pixel = 24,
                                                .msb_first = true,
                                                .red = 0xff0000,
                                                .green = 0xff00,
                                                .blue = 0xff};

/* A mask: `most` is its value at level 255, `shift` where it begins. */
struct channel {
    uint64_t most;
    int shift;
};

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

static bool has_masks(const struct pixel_format *format)
{
    return (format->red | format->green | format->blue) != 0;
}

static struct channel channel_of(uint32_t mask)
{
    int shift = mask ? __builtin_ctz(mask) : 0;
    return (struct channel){mask >> shift, shift};
}

static inline uint32_t channel_value(struct channel channel, int level)
{
    return (uint32_t)(((uint64_t)level * channel.most * 2 + 255) / 510) << channel.shift;
}

static inline int luma(int red, int green, int blue)
{
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
}

uint32_t pixel_value_rgb(const struct pixel_format *format, const uint8_t levels[3])
{
    if (!has_masks(format))
        return (uint32_t)luma(levels[0], levels[1], levels[2]);
    return channel_value(channel_of(format->red), levels[0]) |
           channel_value(channel_of(format->green), levels[1]) |
           channel_value(channel_of(format->blue), levels[2]);
}

uint32_t pixel_value(const struct pixel_format *format, int level)
{
    const uint8_t levels[3] = {(uint8_t)level, (uint8_t)level, (uint8_t)level};
    return pixel_value_rgb(format, levels);
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

static void pack_luma(const uint8_t *const levels[3], int n, uint8_t *to)
{
    for (int i = 0; i < n; i++)
        to[i] = (uint8_t)luma(levels[0][i], levels[1][i], levels[2][i]);
}

/* Where a mask that is one whole byte of the pixel lies in this host's word; -1 for other masks. */
static int byte_shift(const struct pixel_format *format, uint32_t mask)
{
    struct channel channel = channel_of(mask);
    if (channel.most != 255 || channel.shift % 8)
        return -1;
    return __builtin_ctz(word_in_memory(format, mask));
}

/* Inlined for each number of bytes, so that no copy is a call. */
static inline __attribute__((always_inline)) void pack_words(const int shifts[3],
                                                             const uint8_t *const levels[3], int n,
                                                             size_t bytes, uint8_t *to)
{
    const uint8_t *red = levels[0], *green = levels[1], *blue = levels[2];
    int r = shifts[0], g = shifts[1], b = shifts[2];
    for (int i = 0; i < n; i++) {
        uint32_t word = (uint32_t)red[i] << r | (uint32_t)green[i] << g | (uint32_t)blue[i] << b;
        memcpy(to + (size_t)i * bytes, &word, bytes);
    }
}

/* The common formats: each channel a byte. False for others. */
static bool pack_bytes(const struct pixel_format *format, const uint8_t *const levels[3], int n,
                       uint8_t *to)
{
    const int shifts[3] = {byte_shift(format, format->red), byte_shift(format, format->green),
                           byte_shift(format, format->blue)};
    if (shifts[0] < 0 || shifts[1] < 0 || shifts[2] < 0 || format->bits_per_pixel < 24)
        return false;
    if (format->bits_per_pixel == 32)
        pack_words(shifts, levels, n, 4, to);
    else
        pack_words(shifts, levels, n, 3, to);
    return true;
}

void pixels_pack_rgb(const struct pixel_format *format, const uint8_t *const levels[3], int n,
                     uint8_t *to)
{
    struct channel red = channel_of(format->red), green = channel_of(format->green);
    struct channel blue = channel_of(format->blue);
    size_t bytes = (size_t)format->bits_per_pixel / 8;
    if (!has_masks(format)) {
        pack_luma(levels, n, to);
        return;
    }
    if (pack_bytes(format, levels, n, to))
        return;
    for (int i = 0; i < n; i++, to += bytes) {
        uint32_t word = word_in_memory(format, channel_value(red, levels[0][i]) |
                                                   channel_value(green, levels[1][i]) |
                                                   channel_value(blue, levels[2][i]));
        memcpy(to, &word, bytes);
    }
}
