/* Planes of gray: the bits by which gray pixels of a format differ, and bitmaps of them. */
#ifndef RENDER_PLANES_H
#define RENDER_PLANES_H

#include <stddef.h>
#include <stdint.h>

#include "base/geometry.h"
#include "render/pixels.h"

enum { PLANES_MOST = 32 };

/* Groups of bits of a pixel that are equal in every gray of the format, the most significant first;
 * together they are the highest `most_bits` bits of each of its masks. Channels of different widths
 * have planes of their own. Returns how many; 0: the format has no masks. */
int planes_masks(const struct pixel_format *format, uint32_t planes[PLANES_MOST], int most_bits);

/* Bit `bit` (one bit of a pixel's value) of the pixels in a rectangle, of 8 bits or more each, as a
 * bitmap: the leftmost pixel in the highest bit of a byte, rows `stride` bytes apart. */
void planes_extract(const struct pixels *pixels, struct rect rect, uint32_t bit, uint8_t *bitmap,
                    size_t stride);

#endif
