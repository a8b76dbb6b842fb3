/* The pointer's shape over the image. Private to x11. */
#ifndef X11_CURSOR_H
#define X11_CURSOR_H

#include "ui/tool.h"
#include "xlib.h"

/* Without waiting for the server. The caller frees it. */
Cursor cursor_make(const struct connection *connection, enum tool_cursor shape);

#endif
