/* Makes TIFF files so large that only their making counts: one pattern, moved along from row to
 * row. Owns nothing but the row or tile under way. */
#ifndef WINDOW_LARGE_MAKER_H
#define WINDOW_LARGE_MAKER_H

#include <stdbool.h>
#include <stdint.h>

struct large_recipe {
    int64_t width, height;
    int bits, samples;       /* of a pixel; samples 0 = 1 */
    int format, photometric; /* libtiff's; 0 = unsigned, MinIsWhite */
    int compression;         /* 0 = none */
    int tile;                /* side of tiles; 0 = strips */
    int64_t rows_per_strip;  /* 0 = all in one */
    bool separate;           /* planes of their own */
    bool masked;             /* a transparency mask follows */
    bool noisy;              /* no codec makes it smaller */
    int32_t pages;           /* 0 = 1; of several all have the same samples, in PackBits */
};

bool large_make(const char *path, const struct large_recipe *recipe);

/* KiB of a block once it is decoded; of a strip that is decoded row by row, a row. */
long large_block_kib(const struct large_recipe *recipe);

#endif
