/* Pixels in memory, and pixel formats as data. */
#ifndef RENDER_PIXELS_H
#define RENDER_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tone/colormap.h"

/* The grays of a format that has no channels: pixel values with their gray levels (0 .. 65535),
 * sorted, each level once. */
struct pixel_ramp {
    int cells; /* 1 .. 256 */
    uint32_t pixel[256];
    uint16_t level[256];
};

/* How levels become a pixel: 1, 4, 8, 16, 24 or 32 bits, by channel masks (each contiguous, of at
 * most 16 bits) or by a ramp. With all masks 0 and no ramp a pixel of 8 bits is the level itself.
 */
struct pixel_format {
    int depth; /* significant bits */
    int bits_per_pixel;
    bool msb_first; /* byte order of a pixel in memory; of 4 bits: the left one lies higher */
    uint32_t red, green, blue;
    bool bits_msb_first;           /* of 1 bit: the left one lies higher in its byte */
    int unit;                      /* of 1 bit: bits whose bytes msb_first orders; 0: 8 */
    const struct pixel_ramp *ramp; /* lent, and never changed; NULL: masks */
};

/* The initialiser of a format by masks. */
#define PIXEL_MASKS(depth_, bits_, msb_first_, red_, green_, blue_)                             \
    {                                                                                           \
        .depth = (depth_), .bits_per_pixel = (bits_), .msb_first = (msb_first_), .red = (red_), \
        .green = (green_), .blue = (blue_)                                                      \
    }

extern const struct pixel_format pixel_format_gray8;
extern const struct pixel_format pixel_format_rgb24; /* bytes red, green, blue */

/* Not owned. Row y starts at base + y * stride. */
struct pixels {
    uint8_t *base;
    size_t stride;
    int width, height;
    struct pixel_format format;
};

/* True when the packers can write this format. */
bool pixel_format_valid(const struct pixel_format *format);

/* True when a pixel that should be gray `level`, or a colour's channel, cannot always be: pixels
 * depend on their place then (render/dither.h). */
bool pixel_format_dithered(const struct pixel_format *format);

/* True when all channels have 10 bits or more: pixels show the 1,024 levels of curve_deep_levels.
 */
bool pixel_format_deep(const struct pixel_format *format);

/* Undithered, the pixel value of gray level 0..255: in each channel of b bits round(level * (2^b -
 * 1) / 255), of a ramp the nearest cell. */
uint32_t pixel_value(const struct pixel_format *format, int level);

/* The same for levels of red, green and blue; a format without masks gets their luma (299 r + 587 g
 * + 114 b + 500) / 1000. */
uint32_t pixel_value_rgb(const struct pixel_format *format, const uint8_t levels[3]);

/* The same of n colours; `luma` may be one of the three. */
void pixels_luma(const uint8_t *const levels[3], int n, uint8_t *luma);

/* The pixels of a map's 256 colours (COLORMAP_GRAY: of 256 grays) in a format of whole bytes, each
 * as the 32-bit word whose first bits_per_pixel / 8 bytes in this host's memory are the pixel; of
 * less, the pixel values. */
void pixel_palette(const struct pixel_format *format, enum colormap map, uint32_t palette[256]);

/* For formats of whole bytes, undithered: packs n levels to pixels at `to`. */
void pixels_pack(const struct pixel_format *format, const uint32_t palette[256],
                 const uint8_t *levels, int n, uint8_t *to);

/* The same of n colours, given as three rows of levels. Not for ramps. */
void pixels_pack_rgb(const struct pixel_format *format, const uint8_t *const levels[3], int n,
                     uint8_t *to);

/* For deep formats: packs n pixels of levels 0 .. 1023, one row for all channels or three rows, as
 * round(level * (2^b - 1) / 1023). */
void pixels_pack_deep(const struct pixel_format *format, const uint16_t *const levels[3],
                      int channels, int n, uint8_t *to);

/* For any format: puts n pixel values from pixel `at` of a row on, whose first byte is `row`. Of
 * bytes that are shared the other pixels stay. */
void pixels_store(const struct pixel_format *format, const uint32_t *values, int n, uint8_t *row,
                  int at);

#endif
