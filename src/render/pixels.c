/* Pixel formats: see render/pixels.h. Owns nothing; knows levels and bytes, no samples and no
 * geometry. */
#include "render/pixels.h"

#include <stdlib.h>
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
    return (mask & (mask + low)) == 0 && (!mask || mask / low <= 0xffff);
}

static struct channel channel_of(uint32_t mask)
{
    int shift = mask ? __builtin_ctz(mask) : 0;
    return (struct channel){mask >> shift, shift};
}

static uint32_t all_masks(const struct pixel_format *format)
{
    return format->red | format->green | format->blue;
}

static bool has_masks(const struct pixel_format *format)
{
    return !format->ramp && all_masks(format) != 0;
}

static bool ramp_valid(const struct pixel_ramp *ramp, int bits)
{
    if (ramp->cells < 1 || ramp->cells > 256)
        return false;
    for (int i = 0; i < ramp->cells; i++)
        if ((bits < 32 && ramp->pixel[i] >> bits) ||
            (i > 0 && ramp->level[i] <= ramp->level[i - 1]))
            return false;
    return true;
}

bool pixel_format_valid(const struct pixel_format *format)
{
    int bits = format->bits_per_pixel, unit = format->unit;
    uint32_t all = all_masks(format);
    if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
        return false;
    if (format->depth < 1 || format->depth > bits)
        return false;
    if (unit != 0 && unit != 8 && unit != 16 && unit != 32)
        return false;
    if (format->ramp)
        return ramp_valid(format->ramp, bits);
    if (!all)
        return bits == 8;
    return contiguous(format->red) && contiguous(format->green) && contiguous(format->blue) &&
           (bits == 32 || all >> bits == 0);
}

/* The least of the channels' greatest values. */
static uint32_t coarsest(const struct pixel_format *format)
{
    const uint32_t masks[3] = {format->red, format->green, format->blue};
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < 3; i++)
        if (masks[i] && masks[i] >> __builtin_ctz(masks[i]) < least)
            least = masks[i] >> __builtin_ctz(masks[i]);
    return least;
}

bool pixel_format_dithered(const struct pixel_format *format)
{
    if (format->ramp)
        return format->ramp->cells < 256;
    return has_masks(format) && coarsest(format) < 255;
}

bool pixel_format_deep(const struct pixel_format *format)
{
    return has_masks(format) && coarsest(format) >= 1023;
}

static inline uint32_t channel_value(struct channel channel, int level)
{
    return (uint32_t)(((uint64_t)level * channel.most * 2 + 255) / 510) << channel.shift;
}

static inline int luma(int red, int green, int blue)
{
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
}

static uint32_t nearest_cell(const struct pixel_ramp *ramp, int level)
{
    int best = 0;
    for (int i = 1; i < ramp->cells; i++)
        if (abs(ramp->level[i] - level * 257) < abs(ramp->level[best] - level * 257))
            best = i;
    return ramp->pixel[best];
}

uint32_t pixel_value_rgb(const struct pixel_format *format, const uint8_t levels[3])
{
    if (format->ramp)
        return nearest_cell(format->ramp, luma(levels[0], levels[1], levels[2]));
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

void pixel_palette(const struct pixel_format *format, enum colormap map, uint32_t palette[256])
{
    bool whole = format->bits_per_pixel >= 8;
    for (int level = 0; level < 256; level++) {
        uint8_t colour[3];
        colormap_colour(map, (uint8_t)level, colour);
        uint32_t value = pixel_value_rgb(format, colour);
        palette[level] = whole ? word_in_memory(format, value) : value;
    }
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

void pixels_luma(const uint8_t *const levels[3], int n, uint8_t *to)
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
        pixels_luma(levels, n, to);
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

/* Bits; with bytes of a unit in the other order than bits, byte i lies at i ^ swap. */
static void store_bits(const struct pixel_format *format, const uint32_t *values, int n,
                       uint8_t *row, int at)
{
    bool left_high = format->bits_msb_first, swapped = format->msb_first != left_high;
    int swap = swapped && format->unit ? format->unit / 8 - 1 : 0;
    for (int i = 0; i < n; i++) {
        int x = at + i;
        uint8_t *byte = row + ((x >> 3) ^ swap);
        int shift = left_high ? 7 - (x & 7) : x & 7;
        *byte = (uint8_t)((*byte & ~(1 << shift)) | (int)(values[i] & 1) << shift);
    }
}

static void store_nibbles(const struct pixel_format *format, const uint32_t *values, int n,
                          uint8_t *row, int at)
{
    for (int i = 0; i < n; i++) {
        uint8_t *byte = row + ((at + i) >> 1);
        int shift = format->msb_first == !((at + i) & 1) ? 4 : 0;
        *byte = (uint8_t)((*byte & ~(15 << shift)) | (int)(values[i] & 15) << shift);
    }
}

/* Inlined for each number of bytes, so that no copy is a call. */
static inline __attribute__((always_inline)) void store_bytes(const struct pixel_format *format,
                                                              const uint32_t *values, int n,
                                                              size_t bytes, uint8_t *to)
{
    uint32_t first = 1;
    uint8_t low_first;
    memcpy(&low_first, &first, 1);
    int down = 32 - 8 * (int)bytes;
    for (int i = 0; i < n; i++) {
        uint32_t word = format->msb_first == (low_first == 1) ? __builtin_bswap32(values[i]) >> down
                                                              : values[i];
        if (!low_first)
            word <<= down;
        memcpy(to + (size_t)i * bytes, &word, bytes);
    }
}

void pixels_store(const struct pixel_format *format, const uint32_t *values, int n, uint8_t *row,
                  int at)
{
    size_t x = (size_t)at;
    switch (format->bits_per_pixel) {
    case 1:
        store_bits(format, values, n, row, at);
        break;
    case 4:
        store_nibbles(format, values, n, row, at);
        break;
    case 8:
        store_bytes(format, values, n, 1, row + x);
        break;
    case 16:
        store_bytes(format, values, n, 2, row + 2 * x);
        break;
    case 24:
        store_bytes(format, values, n, 3, row + 3 * x);
        break;
    case 32:
        store_bytes(format, values, n, 4, row + 4 * x);
        break;
    }
}

static inline uint32_t deep_value(struct channel channel, int level)
{
    uint64_t value =
        channel.most == 1023 ? (uint64_t)level : ((uint64_t)level * channel.most * 2 + 1023) / 2046;
    return (uint32_t)value << channel.shift;
}

void pixels_pack_deep(const struct pixel_format *format, const uint16_t *const levels[3],
                      int channels, int n, uint8_t *to)
{
    enum { CHUNK = 256 };
    struct channel red = channel_of(format->red), green = channel_of(format->green);
    struct channel blue = channel_of(format->blue);
    const uint16_t *r = levels[0], *g = channels == 3 ? levels[1] : r;
    const uint16_t *b = channels == 3 ? levels[2] : r;
    uint32_t values[CHUNK];
    for (int done = 0; done < n; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        for (int i = 0; i < some; i++)
            values[i] = deep_value(red, r[done + i]) | deep_value(green, g[done + i]) |
                        deep_value(blue, b[done + i]);
        pixels_store(format, values, some, to, done);
    }
}
