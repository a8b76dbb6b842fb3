/* The pointer's shape over the image. Private to x11. */
#ifndef X11_CURSOR_H
#define X11_CURSOR_H

#include "xlib.h"

/* The core font's crosshair, without waiting for the server. The caller frees it. */
Cursor cursor_crosshair(const struct connection *connection);

#endif
