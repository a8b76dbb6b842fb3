/* Dither for screens of so few levels that single pixels count: ordered dither (render/dither.h),
 * and in each block of 16 x 16 pixels those that lie nearest to their thresholds give way until the
 * block's mean, in each channel or on the ramp, is as near to what is wanted as it can be: with two
 * cells within half a level. So slopes keep their mean too, where the matrix alone is up to three
 * levels off. A block's pixels depend on all its levels: blocks are drawn whole. */
#ifndef RENDER_DITHER_BLOCKS_H
#define RENDER_DITHER_BLOCKS_H

#include "base/geometry.h"
#include "render/dither.h"

/* The side of a block, and the widest piece that is drawn at once. */
enum { DITHER_BLOCK = 16, DITHER_WIDEST = 16 * DITHER_BLOCK };

/* True for formats with fewer than 16 steps in some channel, or cells of a ramp. */
bool dither_coarse(const struct pixel_format *format);

/* Packs the pixels of `rect`, at most DITHER_WIDEST wide and DITHER_BLOCK high, which begins where
 * a block does and ends where one or the view does. Its levels are in `sheet`, which it fills and
 * whose format is pixel_format_gray8 or pixel_format_rgb24. `to` shows the view from (left, top)
 * on. */
void dither_blocks(const struct dither *dither, const struct pixels *sheet, struct rect rect,
                   const struct pixels *to, int left, int top);

#endif
