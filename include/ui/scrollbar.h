/* A vertical scroll bar: arrow buttons, a slider in its trough. Owns what is pressed; what is
 * scrolled is told with each call. */
#ifndef UI_SCROLLBAR_H
#define UI_SCROLLBAR_H

#include <stdbool.h>

#include "ui/canvas.h"
#include "ui/input.h"

enum { SCROLLBAR_WIDTH = 17 };

/* What it is about, in rows or pixels: `shown` of `count` are seen, from `top` on; an arrow goes
 * `step` further. */
struct scroll_range {
    int top, shown, count, step;
};

struct scrollbar {
    int held;   /* what was pressed: -1, 1: an arrow, 0: another part or nothing */
    int pages;  /* -1, 1: the trough above or below the slider, ... */
    int at;     /* ... there */
    bool drags; /* the slider, ... */
    int grip;   /* ... so far below its upper end */
};

void scrollbar_init(struct scrollbar *bar);

/* The first row seen, within what there is. */
int scroll_clamp(const struct scroll_range *range, int top);

/* An input at a place of the canvas; `rect` is where the bar lies. Returns the row to be first from
 * now on. The wheel counts wherever it is turned. */
int scrollbar_input(struct scrollbar *bar, struct rect rect, const struct scroll_range *range,
                    const struct input *input);

enum { SCROLLBAR_FIRST_MS = 250, SCROLLBAR_NEXT_MS = 50 };

/* An arrow or the trough is held down: scrollbar_again is due FIRST_MS after the press and every
 * NEXT_MS from then on. It returns as scrollbar_input does; in the trough the slider stays where
 * it has come to the pointer. */
bool scrollbar_repeats(const struct scrollbar *bar);
int scrollbar_again(const struct scrollbar *bar, struct rect rect,
                    const struct scroll_range *range);

/* True while a button is held that was pressed on it. */
bool scrollbar_holds(const struct scrollbar *bar);

void scrollbar_draw(const struct scrollbar *bar, struct canvas *canvas, struct rect rect,
                    const struct scroll_range *range);

#endif
