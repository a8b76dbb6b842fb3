/* Small gray pictures on panels. Private to x11. */
#ifndef X11_LEVELS_H
#define X11_LEVELS_H

#include "xlib.h"

/* Draws gray levels, rows `stride` bytes apart; up to LEVELS_WIDE of them in a row. Over a network
 * as bitmaps of their higher bits, where the visual has such: a fifth of what pixels take. */
enum { LEVELS_WIDE = 256 };
void levels_put(struct connection *connection, Drawable to, struct rect rect, const uint8_t *levels,
                size_t stride);

#endif
