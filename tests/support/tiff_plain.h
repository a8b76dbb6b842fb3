/* Plain images in files made byte by byte (support/tiff_raw): gray, uncompressed, one strip. */
#ifndef SUPPORT_TIFF_PLAIN_H
#define SUPPORT_TIFF_PLAIN_H

#include "support/scratch.h"
#include "support/tiff_raw.h"

/* Adds the entries of an image of 16 bits, whose sample (x, y) is first + y * width + x, and its
 * samples. `kind`: NewSubfileType, left out where it is 0. Where the file is a big-endian one, so
 * are the samples. */
void plain_image(struct raw_tiff *raw, uint64_t width, uint64_t height, uint16_t first,
                 uint64_t kind);

/* The same for a mask of 1 or 8 bits: seen where (x + y) % 3 is not 0. */
void plain_mask(struct raw_tiff *raw, uint64_t width, uint64_t height, uint64_t bits,
                uint64_t kind);

#endif
