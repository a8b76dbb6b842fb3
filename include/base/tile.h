/* A tile's shape and name: 256 x 256 samples of one page at one reduction. Known to every layer
 * that touches one. Where the page has three channels, a tile is three planes of 65,536 samples:
 * red, green, blue.
 *
 * At reduction k each sample is the mean of the 2^k x 2^k samples of the page below it (of those
 * that exist and are not NaN), rounded half up where the samples are whole numbers of 8 bits or
 * more. Column c, row r cover the reduced samples [256 c, 256 c + 256) by [256 r, 256 r + 256). A
 * plane always has a row stride of 256 samples; what lies beyond the page's edge is unspecified.
 * Pages are counted and laid out as they are stored: which way up they are shown is the view's
 * affair. */
#ifndef BASE_TILE_H
#define BASE_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/geometry.h"

enum { TILE_SIDE = 256, TILE_SAMPLES = TILE_SIDE * TILE_SIDE, TILE_REDUCTION_MAX = 24 };

struct tile_key {
    int32_t page;      /* 0 is the file's first */
    int32_t reduction; /* 0 .. TILE_REDUCTION_MAX */
    int32_t column, row;
};

/* A rectangle of tiles of one page at one reduction; columns * rows tiles, counted row by row. */
struct tile_span {
    int32_t page, reduction;
    int32_t column, row, columns, rows;
};

static inline bool tile_key_equal(struct tile_key a, struct tile_key b)
{
    return a.page == b.page && a.reduction == b.reduction && a.column == b.column && a.row == b.row;
}

/* Samples of a page `size` long that are left at a reduction. */
static inline int64_t reduced_size(int64_t size, int reduction)
{
    return ((size - 1) >> reduction) + 1;
}

#endif
