/* Visuals: which one the window has, and its colours. Private to x11. */
#ifndef X11_VISUAL_H
#define X11_VISUAL_H

#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include "base/fault.h"
#include "render/pixels.h"
#include "ui/canvas.h"
#include "x11/connection.h"

enum { VISUAL_INKS = 14 };

/* The cells of a colormap that are used, where pixels are cells. */
struct visual_cells {
    struct pixel_ramp ramp; /* the picture's */
    bool writable;          /* the ramp is ours to change; of DirectColor too */
    /* Red, green and blue that the ramp's first cells were given last. */
    unsigned short stored[256][3];
    int stored_count;
    /* Of panels: colours that have a cell, and cells that have no colour yet. */
    struct {
        struct rgb colour;
        unsigned long pixel;
    } inks[VISUAL_INKS];
    int ink_count;
    unsigned long spare[VISUAL_INKS];
    int spare_count;
};

/* Settles the connection's visual, depth, format, colormap and cells: the best there is, or the one
 * wished for. `wish` may be NULL. At most some round trips where pixels are cells, else none. */
bool visual_choose(struct connection *connection, const struct connection_wish *wish,
                   struct fault *fault);

/* A visual's format: its masks, where its class (StaticGray ..) has any, else without the ramp that
 * is to come; `visual` is not looked at then. */
struct pixel_format visual_format(Display *display, int class, int depth, const Visual *visual);

/* visual_cells.c: the colormap and cells for a visual; format has its masks. `usual`: it is the
 * screen's own. */
void visual_make_cells(struct connection *connection, const XVisualInfo *info, bool usual,
                       bool private_colormap);

/* Of a colormap that is as it is: true grays if there are some, from black to white, else what is
 * nearly gray; the last resort is any colour, by its luma. */
void visual_pick_grays(const XColor *colours, int count, struct pixel_ramp *ramp);

/* The pixel of a panel's colour where pixels are cells: a cell of its own, or the gray nearest. */
unsigned long visual_ink(struct connection *connection, struct rgb colour);

/* Where the cells are writable: what was gray level i of the picture shows as levels[i], in one
 * request and without a round trip; NULL: as i again. */
void visual_store_ramp(struct connection *connection, const uint8_t levels[256]);

#endif
