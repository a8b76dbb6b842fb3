/* What the files of this folder share: the connection's inside, and Xlib itself. */
#ifndef X11_XLIB_H
#define X11_XLIB_H

#include <X11/Xlib.h>
#include <X11/Xproto.h>
#include <X11/Xutil.h>

#include "render/pixels.h"
#include "ui/canvas.h"
#include "visual.h"
#include "x11/connection.h"

enum atom_name {
    ATOM_WM_PROTOCOLS,
    ATOM_WM_DELETE_WINDOW,
    ATOM_NET_WM_PING,
    ATOM_NET_WM_NAME,
    ATOM_NET_WM_ICON_NAME,
    ATOM_NET_WM_PID,
    ATOM_NET_WM_ICON,
    ATOM_NET_WM_WINDOW_TYPE,
    ATOM_NET_WM_WINDOW_TYPE_NORMAL,
    ATOM_NET_WM_WINDOW_TYPE_DIALOG,
    ATOM_UTF8_STRING,
    ATOM_WM_COLORMAP_WINDOWS,
    ATOM_WM_STATE,
    ATOM_NET_WM_STATE,
    ATOM_NET_WM_STATE_HIDDEN,
    ATOM_NET_SUPPORTED,
    ATOM_NET_WM_STATE_FULLSCREEN,
    ATOM_STATE,
    ATOM_COMMAND,
    ATOM_RESULT,
    ATOM_ERROR,
    ATOM_PROTOCOL,
    ATOM_MARK,
    ATOM_CLIPBOARD,
    ATOM_TARGETS,
    ATOM_MULTIPLE,
    ATOM_TIMESTAMP,
    ATOM_TEXT,
    ATOM_ATOM_PAIR,
    ATOM_INCR,
    ATOM_URI_LIST,
    ATOM_PNG,
    ATOM_PPM,
    ATOM_PPM_SHORT,
    ATOM_TAKEN,
    ATOM_PASTED,
    ATOM_XDND_AWARE,
    ATOM_XDND_ENTER,
    ATOM_XDND_POSITION,
    ATOM_XDND_STATUS,
    ATOM_XDND_LEAVE,
    ATOM_XDND_DROP,
    ATOM_XDND_FINISHED,
    ATOM_XDND_SELECTION,
    ATOM_XDND_TYPE_LIST,
    ATOM_XDND_ACTION_COPY,
    ATOM_WM_TAKE_FOCUS,
    ATOM_WM_SAVE_YOURSELF,
    ATOM_NET_WM_SYNC_REQUEST,
    ATOM_NET_WM_SYNC_REQUEST_COUNTER,
    ATOMS
};

struct atoms_asked;

struct connection {
    Display *display;
    int screen;
    Window root;
    Visual *visual;
    int depth;
    Colormap colormap;
    bool own_colormap;
    bool local; /* the server is reached through a socket of this machine */
    struct pixel_format format;
    struct visual_cells cells;
    Atom atoms[ATOMS];         /* known after atoms_wait */
    struct atoms_asked *asked; /* NULL: they are */
};

/* The display of that name (NULL: DISPLAY's); NULL with a fault that says why not. */
Display *display_open(const char *display, struct fault *fault);

/* Between these, X errors of our requests are kept instead of logged. trap_end waits for the server
 * once and returns the error's code (0 = none). */
void trap_begin(struct connection *connection);
int trap_end(struct connection *connection);

/* The serial of the newest request of those that carry pictures (of pixmaps, images, copies and
 * extensions) that the server refused outside of them; 0: none. */
unsigned long connection_refused(void);

/* The pixel value of a colour in the connection's visual; the nearest it has. */
unsigned long connection_pixel(struct connection *connection, struct rgb colour);

/* Parses "#rrggbb" and colour names; leaves *colour alone when it cannot. */
void connection_parse_colour(const struct connection *connection, const char *text,
                             struct rgb *colour);

#endif
