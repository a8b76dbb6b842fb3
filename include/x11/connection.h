/* The connection to the X server, opaque to whoever is not x11. */
#ifndef X11_CONNECTION_H
#define X11_CONNECTION_H

#include <stdbool.h>

#include "base/fault.h"

struct connection;

/* Connects and settles the visual (TrueColor, the default one where it can serve) and the atoms.
 * `display` NULL means $DISPLAY. `lost` is called when the server goes away; it must not return
 * (Xlib ends the process then). NULL with a fault of kind FAULT_DISPLAY. */
struct connection *connection_open(const char *display, void (*lost)(void *context), void *context,
                                   struct fault *fault);
void connection_close(struct connection *connection);

int connection_fd(const struct connection *connection);

/* Size of the screen in pixels. */
void connection_screen_size(const struct connection *connection, int *width, int *height);

#endif
