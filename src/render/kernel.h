/* The inner loops of drawing: plain C, and the same in AVX2 and AVX-512 where the machine has them.
 * Every kernel gives the same result in all. */
#ifndef RENDER_KERNEL_H
#define RENDER_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/dither.h"
#include "render/pixels.h"
#include "tone/curve.h"

/* How codes become pixels of one format. Kernels write `plain` formats alone. */
struct toner {
    const struct curve *curve;
    struct pixel_format format;
    bool plain;            /* of whole bytes, each of which depends on a level alone */
    struct dither dither;  /* for the others, and for colours on a ramp */
    uint32_t grays[256];   /* pixel_palette of the format */
    uint32_t palette[256]; /* the same, or the pixels of a colour map */
    uint32_t spread;       /* palette[v] == (v * 0x01010101 & spread) for all v; 0: no such */
    enum colormap map;     /* COLORMAP_GRAY: none */
};

/* toner->curve is the caller's to set. Gray. */
void toner_format(struct toner *toner, const struct pixel_format *format);
/* Levels become the colours of a map, or (COLORMAP_GRAY) gray. */
void toner_colours(struct toner *toner, enum colormap map);

enum { KERNEL_ROWS = 3, KERNEL_COLUMNS = 16, KERNEL_SLACK = 32 };

/* Up to KERNEL_ROWS rows of codes and their weights, at most 256 together. */
struct weighing {
    const void *rows[KERNEL_ROWS];
    uint32_t weights[KERNEL_ROWS];
    int count;
};

/* The pixels of a row: pixel i is made from sums[first[i] - base + tap], weight weights[tap * plane
 * + i]. */
struct columns {
    const int32_t *first; /* rising; with taps <= 3, by at most 15 over 8 pixels */
    int32_t base;
    const uint16_t *weights;
    size_t plane;
    int taps;
};

/* `bytes`: of a code, 1 or 2. Nothing needs alignment. */
struct kernels {
    const char *name;
    /* n codes to n pixels. */
    void (*tone)(const struct toner *toner, const void *codes, size_t bytes, int n, uint8_t *to);
    /* sums[i] = weighted sum of the rows' codes i. */
    void (*weigh_rows)(const struct weighing *weighing, size_t bytes, int n, uint32_t *sums);
    /* codes[i] = weighted sum of sums / 65536, rounded half up. Sums may be read as far as
     * KERNEL_SLACK behind the last one used. */
    void (*weigh_columns)(const struct columns *columns, const uint32_t *sums, int n,
                          uint16_t *codes);
    /* KERNEL_COLUMNS columns of a tile (row stride TILE_SIDE codes), from its row `codes` points
     * at, into as many lines: lines[column * stride + row]. */
    void (*transpose)(const void *codes, size_t bytes, int rows, uint16_t *lines, size_t stride);
};

extern const struct kernels kernels_plain;

/* For kernels->tone of wider instructions: whether the curve and the format are the ones they serve
 * (arithmetic, 32 bits), and what is left of a row after `done` pixels, done plainly. */
bool kernel_serves(const struct toner *toner);
void kernel_tone_rest(const struct toner *toner, const void *codes, size_t bytes, int n, int done,
                      uint8_t *to);

/* NULL where this machine or this build has no such instructions. */
const struct kernels *kernels_avx2(void);
const struct kernels *kernels_avx512(void);

/* The fastest there are. */
const struct kernels *kernels_best(void);

#endif
