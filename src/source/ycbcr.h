/* Blocks of subsampled YCbCr that is not JPEG (TIFF 6.0, section 21): packed data units to rows of
 * full resolution. Private to src/source.
 *
 * A unit holds across * down luma samples, row by row, then one Cb, then one Cr. Units go from left
 * to right, then down; those at the right and lower edge are whole ones, of which part is unused.
 */
#ifndef SOURCE_YCBCR_H
#define SOURCE_YCBCR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a decoded strip or tile. */
struct ycbcr_block {
    int64_t width, height; /* samples, > 0 */
    int across, down;      /* YCbCrSubSampling: 1, 2 or 4 */
    size_t sample_bytes;   /* 1, or 2 in host byte order */
};

/* Bytes of a whole block; -1 when that is no block, or the number does not fit. */
int64_t ycbcr_bytes(const struct ycbcr_block *block);

/* Writes row y of the block: `width` samples of Y, of Cb and of Cr, each chroma sample as often as
 * it counts. `bytes` is how many of the units there are. False, with nothing written, when row y is
 * not wholly there. */
bool ycbcr_unpack(const struct ycbcr_block *block, const void *units, int64_t bytes, int64_t y,
                  void *const rows[3]);

#endif
