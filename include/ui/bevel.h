/* Motif's small shapes in relief: diamonds and squares of radio and toggle buttons, arrows
 * of scroll bars. Drawn with rectangles alone. */
#ifndef UI_BEVEL_H
#define UI_BEVEL_H

#include <stdbool.h>

#include "ui/canvas.h"

/* The side of diamonds and squares beside a canvas's letters; odd. */
int bevel_mark(const struct canvas *canvas);

/* With its upper left corner at (x, y): raised while off, sunken and filled while on. */
void bevel_diamond(struct canvas *canvas, int x, int y, bool on);
void bevel_square(struct canvas *canvas, int x, int y, bool on);

/* An arrow that fills its rectangle, up or down; `pressed`: sunken. */
void bevel_arrow(struct canvas *canvas, struct rect rect, bool up, bool pressed);

#endif
