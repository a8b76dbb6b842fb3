/* What of the output buffer has yet to reach the server. The image area is cut into cells; each is
 * as the buffer has it, or a likeness of it, or out of date. Private to x11; knows no X. */
#ifndef X11_OUTBOX_H
#define X11_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"

/* A row of cells is what is sent at a time at most: 16 KiB of gray levels at a width of 1,024. */
enum { OUTBOX_WIDTH = 64, OUTBOX_HEIGHT = 16 };

enum outbox_state { OUTBOX_SENT, OUTBOX_LIKE, OUTBOX_DUE, OUTBOX_STATES };

struct outbox {
    int width, height, columns, rows;
    void *cells; /* enum outbox_state in a byte for each */
    size_t size;
    int count[OUTBOX_STATES];
    struct rect strips[2]; /* came into view and are due, to the pixel; no cells tell of it */
};

/* For an area of another size; every cell is due. */
bool outbox_resize(struct outbox *outbox, int width, int height, struct fault *fault);
void outbox_fini(struct outbox *outbox);

/* The cells that a rectangle touches are due. */
void outbox_damage(struct outbox *outbox, struct rect rect);

/* True when a cell is `least` or worse, or a strip is due. */
bool outbox_has(const struct outbox *outbox, enum outbox_state least);

/* Takes what lies near (x, y) of what is `least` or worse: a part of a strip, or a run of cells in
 * one row, which become `now`; at most `most` pixels (a cell at least). False: there is none. */
bool outbox_take(struct outbox *outbox, enum outbox_state least, enum outbox_state now, int most,
                 int x, int y, struct rect *rect);

/* The server shows a likeness of the whole rectangle: nothing in it is due any more. */
void outbox_settle(struct outbox *outbox, struct rect rect);

/* The server has moved its picture by (dx, dy) and the buffer's was moved along: cells follow, and
 * what came into view is due as strips. */
void outbox_scroll(struct outbox *outbox, int dx, int dy);

/* Narrows from .. to, pixels of row y, to what no strip that is due holds; from >= to: nothing. (A
 * strip ends where the window or another strip does.) */
void outbox_beside_strips(const struct outbox *outbox, int y, int *from, int *to);

#endif
