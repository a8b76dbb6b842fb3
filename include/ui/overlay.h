/* What is drawn over the picture: shapes and numbers of measurements, a scale bar, which sides of
 * the page are where, texts in the corners, the window's levels as a bar. Everything is light with
 * a dark edge, so that it is seen over any picture, and becomes part of the pixels: every way to a
 * screen or a file has it. */
#ifndef UI_OVERLAY_H
#define UI_OVERLAY_H

#include <stdbool.h>

#include "base/geometry.h"
#include "render/pixels.h"
#include "render/view.h"
#include "tone/window.h"
#include "ui/measure.h"

enum overlay_part {
    OVERLAY_MEASUREMENTS,
    OVERLAY_SCALE,
    OVERLAY_MARKS,
    OVERLAY_CORNERS,
    OVERLAY_COLORBAR,
    OVERLAY_PARTS
};
extern const char *const overlay_names[]; /* ends with NULL */

enum overlay_corner {
    CORNER_TOP_LEFT,
    CORNER_TOP_RIGHT,
    CORNER_BOTTOM_LEFT,
    CORNER_BOTTOM_RIGHT,
    OVERLAY_CORNER_COUNT
};
enum { OVERLAY_TEXT = 200 };

struct overlay {
    int scale;                      /* how many times larger texts are; 0 is 1 */
    unsigned shown;                 /* 1 << enum overlay_part */
    const struct measure *measures; /* lent; those of other places are passed over */
    int count;
    struct measure_place here;
    struct measure draft; /* being drawn, where `drafting` */
    bool drafting;
    struct measure_terms terms;
    char corner[OVERLAY_CORNER_COUNT][OVERLAY_TEXT]; /* lines */
    bool bar; /* the page is gray: its levels make a bar, ... */
    bool min_is_white;
    struct window window; /* ... of this window */
};

/* Words with commas between them, "all" or "none", to 1 << enum overlay_part. False: another. */
bool overlay_parse(const char *text, unsigned *shown);

/* Whether anything would be drawn. */
bool overlay_any(const struct overlay *overlay, const struct view *view);

/* Draws what lies in `rect` of the view into `pixels`, whose upper left pixel is the view's pixel
 * (left, top). A pixel depends on its place in the view alone: pieces fit together. Allocates
 * nothing. */
void overlay_draw(const struct overlay *overlay, const struct view *view, struct rect rect,
                  const struct pixels *pixels, int left, int top);

/* The edge of a rectangle, `thickness` pixels wide and just inside it: a light line between dark
 * ones. Clipped as above. */
void overlay_frame(struct rect frame, int thickness, struct rect rect, const struct pixels *pixels,
                   int left, int top);

/* The pixels of the view that a shape and its text may cover. */
struct rect overlay_bounds(const struct overlay *overlay, const struct view *view,
                           const struct measure *measure);

#endif
