/* Where window points lie on the page, written independently of render/view.c: a point is taken
 * back through the turns and the mirror one by one. */
#ifndef NAIVE_VIEW_H
#define NAIVE_VIEW_H

#include <math.h>

#include "render/view.h"

/* `pose`: quarter turns, and 4 for mirrored. */
static inline struct view free_view(int width, int height, int64_t page_width, int64_t page_height,
                                    double zoom, int pose)
{
    struct view view;
    view_init(&view, width, height, page_width, page_height);
    view.mode = VIEW_FREE;
    view.zoom = zoom;
    view.turns = pose & 3;
    view.mirrored = pose & 4;
    return view;
}

/* Without any rounding. */
static inline void naive_image(const struct view *view, double px, double py, double *x, double *y)
{
    double dx = (px - view->width / 2.0) / view->zoom, dy = (py - view->height / 2.0) / view->zoom;
    for (int turn = 0; turn < view->turns; turn++) {
        double back = dx; /* a clockwise turn sends (a, b) to (-b, a) */
        dx = dy;
        dy = -back;
    }
    *x = view->center_x + (view->mirrored ? -dx : dx);
    *y = view->center_y + dy;
}

/* As drawn: shifted so that the upper left corner is on a whole sample of the reduction. */
static inline void naive_drawn(const struct view *view, double px, double py, double *x, double *y)
{
    double side = pow(2, view_reduction(view)), scaled = view->zoom * side;
    double ox, oy;
    naive_image(view, px, py, x, y);
    if (scaled != floor(scaled))
        return;
    naive_image(view, 0, 0, &ox, &oy);
    *x += floor(ox / side + 0.5) * side - ox;
    *y += floor(oy / side + 0.5) * side - oy;
}

#endif
