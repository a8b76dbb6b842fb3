/* Tiles and tone to pixels, one row at a time: the only way to a picture, in a window or in a file.
 */
#ifndef RENDER_FRAME_H
#define RENDER_FRAME_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "base/sample.h"
#include "base/tile.h"
#include "render/pixels.h"
#include "render/view.h"
#include "tiles/arena.h"
#include "tone/curve.h"

struct frame;

enum { FRAME_OUTSIDE_LEVEL = 0, FRAME_ABSENT_LEVEL = 48, FRAME_BEST = 18 };

struct frame *frame_new(struct fault *fault);
void frame_free(struct frame *frame);

/* From the next frame_plan on there is room for levels of deep pixel formats, which are drawn from
 * the 256 levels of others otherwise. */
void frame_deepen(struct frame *frame);

/* What was drawn has been moved by (dx, dy): dither goes along from now on, so that what is drawn
 * again is the same. */
void frame_move_dither(struct frame *frame, int dx, int dy);

/* Whether it may be moved so: blocks of render/dither_blocks.h stay where they are. */
bool frame_moves(const struct frame *frame, int dx, int dy);

/* Plans a view of a page whose tiles hold `channels` planes (1 or 3) of a type: which samples and
 * weights make each pixel column and row. Allocates only when the view is larger than any before.
 * Cheap when nothing changed. */
bool frame_plan(struct frame *frame, const struct view *view, int32_t page, enum sample_type type,
                int channels, struct fault *fault);

/* The tiles that pixels of `rect` need under the plan; columns or rows are 0 where the rectangle
 * lies outside the page. */
struct tile_span frame_needs(const struct frame *frame, struct rect rect);

/* How well `rect` of the planned view would be drawn now, where it would be worst: FRAME_BEST: its
 * tiles are all there; less, down to 1: from coarser or rough ones; 0: something is absent. */
int frame_quality(const struct frame *frame, const struct arena *arena, struct rect rect);

/* The pixels that show any of those samples (of that reduction of the page), where the planned view
 * is made of such. */
struct rect frame_shows(const struct frame *frame, int32_t page, int32_t reduction,
                        struct area samples);

/* Draws `rect` of the planned view into `pixels` (whose upper left pixel is the view's pixel (left,
 * top), so a picture may be drawn in bands into a small buffer). Zoom below 1 averages over each
 * pixel's area, above 1 repeats. Where a tile is not in the arena one up to two
 * reductions coarser is drawn, else a rough one or one coarser still, else as many of its rows as
 * are there, else FRAME_ABSENT_LEVEL;
 * outside the page FRAME_OUTSIDE_LEVEL; of a tile that is not sound, what is lost is hatched
 * (narrow types: what has code 0 in every channel, as what cannot be decoded has). Averages leave
 * out NaN; what is nothing but NaN has CURVE_NODATA_LEVEL. Three channels go through the same curve
 * and become colours where the pixel format has masks, else their luma (0.299, 0.587, 0.114). One
 * channel becomes colours likewise where the curve has a colour map; all that is not a value stays
 * gray.
 * Formats of few levels are dithered, by the pixel's place in the view (render/dither.h) as it was
 * at first; where they are coarse (render/dither_blocks.h) whole blocks are drawn.
 * Returns how many of the needed tiles were not there, those of several blocks more than once.
 * Allocates nothing. */
int frame_draw(struct frame *frame, struct arena *arena, const struct curve *curve,
               struct rect rect, const struct pixels *pixels, int left, int top);

/* The stored values that pixel (px, py) shows, one for each channel, from the arena; false when
 * absent or outside the page. */
bool frame_values(const struct frame *frame, struct arena *arena, int px, int py, double values[3]);

#endif
