/* Drawing into pixels of any format, clipped: light strokes with a dark edge of one pixel. All is
 * drawn twice, first dark and a pixel wider on every side, then light. Private to ui. */
#ifndef UI_STENCIL_H
#define UI_STENCIL_H

#include "base/geometry.h"
#include "render/pixels.h"

struct stencil {
    const struct pixels *pixels;
    struct rect clip; /* of the view, as all places below */
    int left, top;    /* the view's pixel that the first of `pixels` is */
    uint32_t value;
    int edge;  /* 1 for the dark pass, 0 for the light one */
    int scale; /* pixels for one of the font's */
};

enum { STENCIL_DARK = 0, STENCIL_LIGHT = 255 };

/* pass 0: dark, 1: light. `scale`: of texts. */
struct stencil stencil_begin(const struct pixels *pixels, struct rect clip, int left, int top,
                             int pass, int scale);

void stencil_fill(const struct stencil *stencil, struct rect rect);
void stencil_line(const struct stencil *stencil, double x0, double y0, double x1, double y1);
/* The outline of the ellipse in a box given by two corners. */
void stencil_ellipse(const struct stencil *stencil, double x0, double y0, double x1, double y1);

/* One line of a text, its box's upper left corner at (x, y); the built-in font. */
void stencil_text(const struct stencil *stencil, int x, int y, const char *text, int length);
int stencil_text_width(int scale, const char *text, int length);
int stencil_text_height(int scale);

#endif
