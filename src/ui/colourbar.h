/* The colour bar of an overlay: the levels of a window from its lower end to its upper one, as a
 * gray page's values are shown, with both ends in modality units. Private to ui. */
#ifndef UI_COLOURBAR_H
#define UI_COLOURBAR_H

#include "stencil.h"
#include "ui/overlay.h"

/* Where it is; empty where the page has colours of its own or there is no room. It keeps clear of
 * the corners, and of what stands at the bottom's and the top's middle. */
struct rect colourbar_rect(const struct overlay *overlay, const struct view *view);

/* Outline and texts, one pass of the two. */
void colourbar_outline(const struct overlay *overlay, const struct view *view,
                       const struct stencil *stencil);

/* Its levels, after both passes, by their place as dithered pictures are. */
void colourbar_fill(const struct overlay *overlay, const struct view *view, struct rect clip,
                    const struct pixels *pixels, int left, int top);

/* The values that stand at its ends: those shown black and white (of SIGMOID the centre half a
 * width less and more). */
void colourbar_ends(const struct window *window, double *low, double *high);

#endif
