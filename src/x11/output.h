/* The output buffer and its way to the server. Private to x11. */
#ifndef X11_OUTPUT_H
#define X11_OUTPUT_H

#include "xlib.h"

#include <X11/extensions/XShm.h>

#include "base/geometry.h"

struct output;

/* One way for the output buffer to reach the server; a row of the table in output.c. */
struct transport {
    const char *name;
    /* Obtains `bytes` for the buffer, output->memory. Fails with a fault where this way is not
     * open. */
    bool (*obtain)(struct output *output, size_t bytes, struct fault *fault);
    void (*release)(struct output *output);
    /* Sends a rectangle inside the image; returns at once, the server may read the buffer later. */
    void (*send)(struct output *output, struct rect rect);
};

struct output {
    struct connection *connection;
    Window window;
    GC gc;
    const struct transport *transport;
    bool forced; /* the user named the transport: no other is tried */
    void *memory;
    size_t bytes;
    XShmSegmentInfo segment;
    XImage *image;
    struct pixels pixels;
};

/* `transport` is "auto" or a name. The transport is chosen when the first buffer is made
 * (output_resize). */
void output_init(struct output *output, struct connection *connection, Window window,
                 const char *transport);
void output_fini(struct output *output);

/* A buffer of another size; memory is obtained anew only when it grows, or becomes less than half.
 * On failure there is no buffer. */
bool output_resize(struct output *output, int width, int height, struct fault *fault);

/* Lets go of buffer and memory until output_resize. */
void output_rest(struct output *output);

void output_send(struct output *output, struct rect rect);

const struct transport *transport_find(const char *name);

extern const struct transport transport_shm, transport_put;

#endif
