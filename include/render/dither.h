/* Ordered dither: where a format has too few levels, the pixels about a place show the right one
 * together.
 *
 * Bayer's matrix of 8 x 8, four of them a fraction of a step apart in 16 x 16, so that the mean of
 * 16 x 16 pixels of one level is within half a level of it, with two cells even. On slopes it is
 * within a level with 16 steps and more; for fewer there is render/dither_blocks.h. A pixel depends
 * on its place in the view and its level alone: pieces fit together. */
#ifndef RENDER_DITHER_H
#define RENDER_DITHER_H

#include "render/pixels.h"

/* The matrix repeats after so many pixels; a step is counted in so many parts. */
enum { DITHER_SIDE = 16, DITHER_STEP = 65536 };

/* What dithering to a format needs. By level: how many steps (of the channel, or cells of the ramp)
 * up, in 1/65536. */
struct dither {
    struct pixel_format format;
    uint32_t steps[3][256];
};

/* Where a run of pixels goes. */
struct pixel_place {
    uint8_t *row;  /* the first byte of a row of pixels */
    int at;        /* the run's first pixel in that row */
    unsigned x, y; /* its place in the view, or any other modulo 16 */
};

/* What is added at a place, in 1/65536 of a step, before whole steps are taken. */
uint32_t dither_bias(unsigned x, unsigned y);

/* `format` must be valid and have masks or a ramp. */
void dither_prepare(struct dither *dither, const struct pixel_format *format);

/* Packs n pixels of levels 0 .. 255; one row of levels for gray, three for colours (of which a ramp
 * shows the luma). Channels of 8 bits and more, and ramps of 256 cells, are only rounded. */
void dither_pack(const struct dither *dither, const uint8_t *const levels[3], int channels, int n,
                 const struct pixel_place *place);

#endif
