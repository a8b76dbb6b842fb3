/* Pixels in memory, and pixel formats as data. */
#ifndef RENDER_PIXELS_H
#define RENDER_PIXELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a gray level becomes a pixel: 8, 16, 24 or 32 bits, in either byte order, with any channel
 * masks (each contiguous). With all masks 0 a pixel of 8 bits is the level itself. */
struct pixel_format {
    int depth;          /* significant bits */
    int bits_per_pixel; /* 8, 16, 24 or 32 */
    bool msb_first;     /* byte order of a pixel in memory */
    uint32_t red, green, blue;
};

extern const struct pixel_format pixel_format_gray8;
extern const struct pixel_format pixel_format_rgb24; /* bytes red, green, blue */

/* Not owned. Row y starts at base + y * stride. */
struct pixels {
    uint8_t *base;
    size_t stride;
    int width, height;
    struct pixel_format format;
};

/* True when the packer can write this format. */
bool pixel_format_valid(const struct pixel_format *format);

/* The pixel value of gray level 0..255: in each channel of b bits round(level * (2^b - 1) / 255).
 */
uint32_t pixel_value(const struct pixel_format *format, int level);

/* The same for levels of red, green and blue; a format without masks gets their luma (299 r + 587 g
 * + 114 b + 500) / 1000. */
uint32_t pixel_value_rgb(const struct pixel_format *format, const uint8_t levels[3]);

/* The 256 gray pixels of a format, each as the 32-bit word whose first bits_per_pixel / 8 bytes in
 * this host's memory are the pixel. */
void pixel_palette(const struct pixel_format *format, uint32_t palette[256]);

/* Packs n levels to pixels at `to`. */
void pixels_pack(const struct pixel_format *format, const uint32_t palette[256],
                 const uint8_t *levels, int n, uint8_t *to);

/* Packs n colours, given as three rows of levels. */
void pixels_pack_rgb(const struct pixel_format *format, const uint8_t *const levels[3], int n,
                     uint8_t *to);

#endif
