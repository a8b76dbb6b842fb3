/* The connection to the X server, opaque to whoever is not x11. */
#ifndef X11_CONNECTION_H
#define X11_CONNECTION_H

#include <stdbool.h>

#include "base/fault.h"

struct connection;

/* What the user asks of the server's colours. */
struct connection_wish {
    const char *visual; /* a word that is known (connection_visual_known); NULL: the best */
    bool private_colormap;
};

/* True for the name of a class of visuals ("grayscale"), with or without a depth
 * ("truecolor:16"), and for an id ("0x21"). */
bool connection_visual_known(const char *word);

/* Connects and settles the visual (the best for gray pictures, or the one wished for), its colours
 * and the atoms. `display` NULL means $DISPLAY, `wish` NULL nothing special. `lost` is called when
 * the server goes away; it must not return (Xlib ends the process then). NULL with a fault of kind
 * FAULT_DISPLAY. */
struct connection *connection_open(const char *display, const struct connection_wish *wish,
                                   void (*lost)(void *context), void *context, struct fault *fault);
void connection_close(struct connection *connection);

int connection_fd(const struct connection *connection);

/* Size of the screen in pixels. */
void connection_screen_size(const struct connection *connection, int *width, int *height);

#endif
