/* The output buffer: one XImage of the window's size, reused for every frame. Owns it and its
 * memory. */
#include "output.h"

#include <stdio.h>
#include <string.h>

#include "base/checked.h"
#include "base/log.h"

/* In the order of preference for "auto": RENDER serves no cells of a colormap, but DirectColor,
 * where its copy of the picture is the smaller one. */
static const struct transport *const transports[] = {
    &transport_shm, &transport_render, &transport_colormap, &transport_planes, &transport_put};

enum { TRANSPORTS = sizeof transports / sizeof *transports };

const struct transport *transport_find(const char *name)
{
    for (int i = 0; i < TRANSPORTS; i++)
        if (!strcmp(transports[i]->name, name))
            return transports[i];
    return NULL;
}

void output_init(struct output *output, struct connection *connection, Window window,
                 const char *transport, const struct output_events *events, void *context)
{
    memset(output, 0, sizeof *output);
    output->connection = connection;
    output->window = output->target = window;
    output->events = events;
    output->context = context;
    output->transport = transport_find(transport);
    output->forced = output->transport != NULL;
    /* These colours have a bitmap's ones set bits and its zeros clear them, in the planes of the
     * plane mask. */
    XGCValues values = {.foreground = ~0ul, .background = 0, .graphics_exposures = False};
    output->gc = XCreateGC(connection->display, window,
                           GCForeground | GCBackground | GCGraphicsExposures, &values);
    values.graphics_exposures = True;
    output->scroll_gc = XCreateGC(connection->display, window, GCGraphicsExposures, &values);
    link_init(&output->link, connection, window);
}

static void drop_image(struct output *output)
{
    if (!output->image)
        return;
    output->image->data = NULL; /* the memory is ours to release, not Xlib's */
    XDestroyImage(output->image);
    output->image = NULL;
}

static void drop_memory(struct output *output)
{
    if (output->memory)
        output->transport->release(output);
    output->memory = NULL;
    output->bytes = 0;
}

void output_rest(struct output *output)
{
    drop_image(output);
    drop_memory(output);
    sending_fini(output);
    output->pixels = (struct pixels){0};
}

void output_fini(struct output *output)
{
    output_rest(output);
    if (output->gc)
        XFreeGC(output->connection->display, output->gc);
    if (output->scroll_gc)
        XFreeGC(output->connection->display, output->scroll_gc);
    output->gc = output->scroll_gc = NULL;
}

static void note_refusal(struct output *output, const struct transport *transport,
                         const struct fault *fault)
{
    size_t used = strlen(output->passed_over), room = sizeof output->passed_over - used;
    snprintf(output->passed_over + used, room, "%s%s: %s", used ? "; " : "", transport->name,
             fault->text);
    log_line(LOG_X11, "transport %s: %s", transport->name, fault->text);
}

/* Memory from the transport in use or, where none is yet, from the first one that serves. */
static bool obtain_memory(struct output *output, size_t bytes, struct fault *fault)
{
    if (output->transport && output->transport->obtain(output, bytes, fault))
        return true;
    if (output->forced)
        return false;
    output->passed_over[0] = 0;
    for (int i = 0; i < TRANSPORTS; i++) {
        if (transports[i] == output->transport)
            continue;
        if (output->unusable & 1u << i)
            fault_set(fault, FAULT_DISPLAY, "the X server refused what it asked for");
        else if (transports[i]->obtain(output, bytes, fault)) {
            output->transport = transports[i];
            log_line(LOG_X11, "transport %s", transports[i]->name);
            *fault = (struct fault){.kind = FAULT_NONE}; /* of those tried before */
            return true;
        }
        note_refusal(output, transports[i], fault);
    }
    return false;
}

static size_t row_bytes(const struct connection *connection, int width)
{
    int bits = connection->format.bits_per_pixel;
    return (((size_t)width * (size_t)bits + 31) / 32) * 4;
}

static bool make_image(struct output *output, int width, int height, struct fault *fault)
{
    struct connection *connection = output->connection;
    Display *display = connection->display;
    unsigned w = (unsigned)width, h = (unsigned)height, depth = (unsigned)connection->depth;
    if (output->transport->direct)
        output->image = XShmCreateImage(display, connection->visual, depth, ZPixmap, output->memory,
                                        &output->segment, w, h);
    else
        output->image = XCreateImage(display, connection->visual, depth, ZPixmap, 0, output->memory,
                                     w, h, 32, (int)row_bytes(connection, width));
    if (!output->image)
        return fault_set(fault, FAULT_DISPLAY, "no image of %d x %d pixels could be made", width,
                         height);
    size_t stride = (size_t)output->image->bytes_per_line;
    if (stride * h > output->bytes) {
        drop_image(output);
        return fault_set(fault, FAULT_DISPLAY, "the server pads rows to %zu bytes", stride);
    }
    output->pixels = (struct pixels){output->memory, stride, width, height, connection->format};
    return true;
}

bool output_resize(struct output *output, int width, int height, struct fault *fault)
{
    size_t bytes;
    drop_image(output);
    if (!checked_mul(row_bytes(output->connection, width), (size_t)height, &bytes))
        return fault_set(fault, FAULT_MEMORY, "a window of %d x %d pixels is too large", width,
                         height);
    if (bytes > output->bytes || bytes < output->bytes / 2) {
        drop_memory(output);
        output->first = NextRequest(output->connection->display);
        if (!obtain_memory(output, bytes, fault))
            return false;
        output->bytes = bytes;
    }
    if (!make_image(output, width, height, fault) || !sending_resize(output, fault)) {
        output_rest(output);
        return false;
    }
    output->tried = 0;
    output_doubt(output);
    return true;
}

void output_doubt(struct output *output)
{
    output->asked = NextRequest(output->connection->display);
    output->proven = false;
}

void output_reached(struct output *output, unsigned long serial)
{
    output->proven |= output->image && serial >= output->asked;
}

/* Nothing comes after the last one. */
bool output_refused(const struct output *output)
{
    return output->image && output->transport != transports[TRANSPORTS - 1] &&
           connection_refused() >= output->first;
}

void output_abandon(struct output *output)
{
    for (int i = 0; i < TRANSPORTS; i++)
        if (transports[i] == output->transport)
            output->unusable |= 1u << i;
    log_line(LOG_X11, "transport %s: the server refused it", output->transport->name);
    output_rest(output);
    output->transport = NULL;
    output->forced = false;
}
