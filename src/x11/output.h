/* The output buffer and its way to the server. Private to x11. */
#ifndef X11_OUTPUT_H
#define X11_OUTPUT_H

#include "xlib.h"

#include <X11/extensions/XShm.h>

#include "base.h"
#include "base/geometry.h"
#include "link.h"
#include "outbox.h"

struct output;
struct render_way;
struct colormap_way;

/* How the server makes a likeness of some rows of the window out of its base: the base's levels
 * low .. high (0 .. 1) become black .. white, reversed where `flip`. */
struct base_step {
    int row, rows;
    double low, high;
    bool flip;
};

/* One way for the output buffer to reach the server; a row of the table in output.c. What is NULL
 * is not needed, or cannot be done. */
struct transport {
    const char *name;
    /* The server reads the buffer itself: what is drawn is shown at once, nothing is held back. */
    bool direct;
    /* Obtains `bytes` for the buffer, output->memory. Fails with a fault where this way is not
     * open. */
    bool (*obtain)(struct output *output, size_t bytes, struct fault *fault);
    void (*release)(struct output *output);
    /* Makes what the server must hold for a buffer of output->pixels' size. */
    bool (*fit)(struct output *output, struct fault *fault);
    /* Sends a rectangle inside the image (unless direct, output->most pixels at most); returns at
     * once, the server may read the buffer later. */
    void (*send)(struct output *output, struct rect rect);
    /* A likeness of it in fewer bytes; with `halvings` 1 or 2 at 1/2 or 1/4 of the resolution. */
    void (*send_like)(struct output *output, struct rect rect, int halvings);
    /* Bytes that the exact picture takes, a pixel. */
    double (*cost)(const struct output *output);
    /* True while likenesses and exact parts cannot be shown side by side. */
    bool (*uniform)(const struct output *output);
    /* All that was due has been sent. */
    void (*finish)(struct output *output);
    /* Keeps a band of gray levels (one byte each, of the window's width) for steps; pixels of the
     * window's format where `keeps_pixels` says so. */
    bool (*keeps_pixels)(const struct output *output);
    void (*keep)(struct output *output, struct rect band, const uint8_t *rows);
    /* Shows the picture under another window within *rect, which it may enlarge to what it changes.
     * False: what the server has does not serve. */
    bool (*step)(struct output *output, struct tone_range range, struct rect *rect);
    /* Shows the base as it would be seen through another view: the window's pixel (x, y) is the
     * base's (warp[0] x + warp[1] y + warp[2], warp[3] x + warp[4] y + warp[5]). */
    void (*warp)(struct output *output, const struct base_step *step, const double warp[6]);
};

enum { OUTPUT_MOST_STEPS = 8 };

/* What is asked of who draws: the levels of a band of the picture under another window. */
struct output_events {
    bool (*levels)(void *context, struct rect band, struct tone_range range,
                   const struct pixels *pixels);
};

struct output {
    struct connection *connection;
    Window window;
    Drawable target; /* where exact pixels go: the window, but for transport_colormap.c */
    GC gc, scroll_gc;
    const struct transport *transport;
    bool forced;         /* the user named the transport: no other is tried */
    unsigned unusable;   /* transports that the server has refused, 1 << their rows */
    unsigned long first; /* the transport's first request */
    unsigned long asked; /* the first one that nothing in doubt comes after */
    bool proven;         /* the server has come so far */
    unsigned tried; /* ways in which it was asked for this buffer's picture: bits of sending.c's */
    const struct output_events *events;
    void *context;
    void *memory;
    size_t bytes;
    XShmSegmentInfo segment;
    XImage *image;
    struct pixels pixels;

    /* How the buffer's contents leave it (sending.c). */
    struct outbox outbox;
    struct link link;
    struct base base;
    void *before; /* rows as they were before they were drawn anew, and rows on their way */
    size_t before_size;
    struct rect before_rect;
    bool gray;  /* the picture has no colours */
    bool flips; /* inverted, it is black where it was white everywhere */
    bool same;  /* what is drawn differs from what was by its window alone */
    struct tone_range range;
    int focus_x, focus_y; /* what lies near is sent first */
    int most;             /* pixels that are sent at a time, a row of cells at least */
    int64_t step_us;      /* what a step took the server, the least; 0: none was measured */
    int steps_timed;      /* at this size */
    int64_t step_sent_us; /* of the step that waits for the next fence; 0: none does */
    struct output_counts {
        int64_t bands, likenesses, steps, warps, scrolls;
        uint64_t begun; /* link.sent at the last fence */
        uint64_t frame_bytes;
    } counts;
    char passed_over[320]; /* transports that were tried and did not serve, and why */
    bool tried_put;        /* in place of planes */
    int64_t planes_us;     /* a picture by planes, while put is tried; 0: it is not */
    struct scroll {
        unsigned long serial; /* of the copy's request */
        int dx, dy;
    } scrolls[4]; /* whose end the server has not told */
    int scroll_count;
    size_t server_bytes;           /* of pixmaps, and of the buffer where the server shares it */
    struct render_way *render;     /* transport_render.c's */
    struct colormap_way *colormap; /* transport_colormap.c's */
    Pixmap rows;                   /* transport_put.c's: rows that the server repeats */
};

/* `transport` is "auto" or a name. The transport is chosen when the first buffer is made
 * (output_resize). */
void output_init(struct output *output, struct connection *connection, Window window,
                 const char *transport, const struct output_events *events, void *context);
void output_fini(struct output *output);

/* A buffer of another size; memory is obtained anew only when it grows, or becomes less than half.
 * On failure there is no buffer. */
bool output_resize(struct output *output, int width, int height, struct fault *fault);

/* What was asked of the server just now it may refuse. Whoever copies doubts what it asks for the
 * first time or has the server keep; a picture in shared memory is doubted each time, for there the
 * answer costs nothing. */
void output_doubt(struct output *output);

/* The server has come to the request `serial`: what was doubted before it is done, or the error is
 * known. */
void output_reached(struct output *output, unsigned long serial);

/* True when the server refused what the transport in use asked for: another one must take over.
 * output_abandon lets go of the buffer until output_resize, which chooses it. */
bool output_refused(const struct output *output);
void output_abandon(struct output *output);

/* Lets go of buffer and memory until output_resize. */
void output_rest(struct output *output);

const struct transport *transport_find(const char *name);

/* ---- sending.c ---- */

bool sending_resize(struct output *output, struct fault *fault);
void sending_fini(struct output *output);

/* Before a rectangle is drawn anew (a row of the outbox's cells at most, unless direct), and after:
 * what differs is due. */
void output_before(struct output *output, struct rect rect);
void output_drawn(struct output *output, struct rect rect);

/* The server has lost a rectangle. */
void output_damage(struct output *output, struct rect rect, unsigned long serial);

/* Moves the picture by (dx, dy), in the buffer and on the server. False: it must be drawn anew. */
bool output_scroll(struct output *output, int dx, int dy);
void output_scrolled(struct output *output, unsigned long serial);

/* The number of the view that the base is of; -1: there is no whole one. */
int64_t output_kept_view(const struct output *output);

/* The base as it would be seen through another view, under a window. False: that does not serve, or
 * would not pay. */
bool output_warp(struct output *output, struct tone_range range, const double warp[6]);

/* A fence was made, and has come back. */
void output_announced(struct output *output);
void output_acknowledged(struct output *output);

/* Sends what there is room for on the line. With `hand` a likeness will do, for the user's hand is
 * moving. True when nothing is left that should be sent now. */
bool output_pump(struct output *output, bool hand);

/* True when the server shows what the buffer holds, exactly, as far as it was sent. */
bool output_exact(const struct output *output);

/* True when the base is all there, or on its way, for a window as it is. */
bool output_serves(const struct output *output);

/* The buffer's picture shown under another window by the server, within `rect`. False: it must be
 * drawn. */
bool output_step(struct output *output, struct tone_range range, struct rect rect);

/* The steps that make the window's rows in `rect` of the base; 0: it does not serve. */
int sending_plan(const struct output *output, struct tone_range range, struct rect rect,
                 struct base_step steps[OUTPUT_MOST_STEPS]);

/* The gray levels of a rectangle of the buffer (8-bit channels), width bytes a row. */
void sending_levels(const struct output *output, struct rect rect, uint8_t *levels);

/* transport_put.c: what transports that copy have in common, memory of `bytes` for the buffer first
 * of all; as in struct transport. */
bool ordinary_obtain(struct output *output, size_t bytes, struct fault *fault);
void ordinary_release(struct output *output);
bool ordinary_fit(struct output *output, struct fault *fault);

/* transport_planes.c: bitmaps of r.width by r.height, their rows planes_stride bytes apart, to
 * (r.x, r.y) of a drawable. */
static inline size_t planes_stride(int width)
{
    return ((size_t)width + 31) / 32 * 4;
}
XImage planes_bitmap(int width, int height, uint8_t *bits, size_t stride); /* to be lent to Xlib */
void planes_put(struct output *output, Drawable to, GC gc, struct rect r, uint8_t *bits,
                size_t stride);

extern const struct transport transport_shm, transport_colormap, transport_render, transport_planes,
    transport_put;

#endif
