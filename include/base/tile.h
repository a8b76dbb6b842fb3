/* A tile's shape and name: 256 x 256 samples of one page at one reduction. Known to every layer
 * that touches one. Where the page has three channels, a tile is three planes of 65,536 samples:
 * red, green, blue.
 *
 * At reduction k each sample is the mean of the 2^k x 2^k samples of the page below it (of those
 * that exist and are not NaN), rounded half up where the samples are whole numbers of 8 bits or
 * more. Column c, row r cover the reduced samples [256 c, 256 c + 256) by [256 r, 256 r + 256). A
 * plane always has a row stride of 256 samples; what lies beyond the page's edge is unspecified.
 * Pages are counted and laid out as they are stored: which way up they are shown is the view's
 * affair.
 *
 * A reduction of TILE_ROUGH + k names the rough tile at reduction k: each of its samples is one of
 * the page, from the cell it stands for or from somewhere near. It is quick to make, shown until
 * the true one is there, and never taken for it. */
#ifndef BASE_TILE_H
#define BASE_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/geometry.h"

enum {
    TILE_SIDE = 256,
    TILE_SAMPLES = TILE_SIDE * TILE_SIDE,
    TILE_MARK_BYTES = TILE_SAMPLES / 8,
    TILE_REDUCTION_MAX = 24,
    TILE_ROUGH = 32
};

struct tile_key {
    int32_t page;      /* 0 is the file's first */
    int32_t reduction; /* 0 .. TILE_REDUCTION_MAX, or TILE_ROUGH + that */
    int32_t column, row;
};

/* A rectangle of tiles of one page at one reduction; columns * rows tiles, counted row by row. */
struct tile_span {
    int32_t page, reduction;
    int32_t column, row, columns, rows;
};

/* Of tiles that are made from the top: the first `rows` rows of tiles [column, column + columns) of
 * a span's row `row` are there, and will not change. */
struct tile_rows {
    int32_t row, column, columns, rows;
};

static inline bool tile_key_equal(struct tile_key a, struct tile_key b)
{
    return a.page == b.page && a.reduction == b.reduction && a.column == b.column && a.row == b.row;
}

/* Marks: a bit for each sample of a plane, sample 8 i in the lowest of byte i. They stand for the
 * samples that were lost where the samples' type cannot say so. */
static inline void tile_mark(uint8_t *marks, int64_t first, int64_t n)
{
    for (int64_t i = first; i < first + n; i++)
        marks[i / 8] |= (uint8_t)(1 << i % 8);
}

static inline bool tile_is_marked(const uint8_t *marks, int64_t i)
{
    return marks[i / 8] >> i % 8 & 1;
}

static inline bool tile_is_rough(int32_t reduction)
{
    return reduction >= TILE_ROUGH;
}

/* k, of a rough tile as well. */
static inline int32_t tile_level(int32_t reduction)
{
    return tile_is_rough(reduction) ? reduction - TILE_ROUGH : reduction;
}

static inline bool tile_reduction_exists(int32_t reduction)
{
    return reduction >= 0 && tile_level(reduction) <= TILE_REDUCTION_MAX;
}

/* Samples of a page `size` long that are left at a reduction. */
static inline int64_t reduced_size(int64_t size, int reduction)
{
    return ((size - 1) >> reduction) + 1;
}

#endif
