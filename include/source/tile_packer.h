/* Packs tiles of overviews as TIFF files hold them: samples as the page stores them, pixel by
 * pixel, with a predictor and deflate, through libtiff into memory. */
#ifndef SOURCE_TILE_PACKER_H
#define SOURCE_TILE_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/cascade.h"
#include "source/copies.h"
#include "source/nearest.h"

struct tile_packer;

/* How packed tiles are to be described in a directory: TIFF's numbers. */
struct tile_packing {
    uint16_t compression, predictor, photometric, sample_format;
};
struct tile_packing tile_packing(const struct copies *copies);

/* For copies in a form that copies_form tells; `nearest`, which indices need, must last as long. */
struct tile_packer *tile_packer_open(const struct copies *copies, struct nearest *nearest,
                                     struct fault *fault);
void tile_packer_close(struct tile_packer *packer); /* NULL is allowed */

/* Packs a tile; what it has beyond the page's edge repeats its last column and row. *packed is good
 * until the next call. */
bool tile_packer_pack(struct tile_packer *packer, const struct cascade_tile *tile,
                      const void **packed, size_t *bytes, struct fault *fault);

/* The most bytes that a packed tile may have. */
size_t tile_packer_most(const struct copies *copies);

#endif
