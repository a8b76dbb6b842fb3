/* The connection: see x11/connection.h. Owns the Display, the visual's colormap, and Xlib's error
 * handlers, of which a process has one set. */
#include "xlib.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ledger.h"
#include "base/log.h"

/* Writable, for Xlib's signature is older than const. */
static char atom_names[ATOMS][32] = {"WM_PROTOCOLS",
                                     "WM_DELETE_WINDOW",
                                     "_NET_WM_PING",
                                     "_NET_WM_NAME",
                                     "_NET_WM_ICON_NAME",
                                     "_NET_WM_PID",
                                     "_NET_WM_ICON",
                                     "_NET_WM_WINDOW_TYPE",
                                     "_NET_WM_WINDOW_TYPE_NORMAL",
                                     "UTF8_STRING",
                                     "WM_STATE",
                                     "_NET_WM_STATE",
                                     "_NET_WM_STATE_HIDDEN",
                                     "_XLIGHTBOX_STATE",
                                     "_XLIGHTBOX_COMMAND",
                                     "_XLIGHTBOX_RESULT",
                                     "_XLIGHTBOX_ERROR"};

/* Xlib's handlers carry no context, so the one connection of the process is known here. */
static struct connection *current;
static bool trapping;
static int trapped;

static int note_error(Display *display, XErrorEvent *event)
{
    if (trapping) {
        trapped = event->error_code;
        return 0;
    }
    char text[128];
    XGetErrorText(display, event->error_code, text, sizeof text);
    log_line(LOG_X11, "X error: %s (request %d.%d, resource 0x%lx)", text, event->request_code,
             event->minor_code, event->resourceid);
    return 0;
}

static int note_loss(Display *display)
{
    (void)display;
    if (current)
        current->lost(current->lost_context);
    return 0;
}

void trap_begin(struct connection *connection)
{
    XSync(connection->display, False);
    trapping = true;
    trapped = 0;
}

int trap_end(struct connection *connection)
{
    XSync(connection->display, False);
    trapping = false;
    return trapped;
}

static bool reached_locally(Display *display)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return getpeername(ConnectionNumber(display), (struct sockaddr *)&address, &length) == 0 &&
           address.ss_family == AF_UNIX;
}

static int bits_per_pixel(Display *display, int depth)
{
    int count = 0, bits = 0;
    XPixmapFormatValues *formats = XListPixmapFormats(display, &count);
    for (int i = 0; formats && i < count; i++)
        if (formats[i].depth == depth)
            bits = formats[i].bits_per_pixel;
    XFree(formats);
    return bits;
}

static bool take_visual(struct connection *connection, Visual *visual, int depth)
{
    Display *display = connection->display;
    struct pixel_format format = {depth,
                                  bits_per_pixel(display, depth),
                                  ImageByteOrder(display) == MSBFirst,
                                  (uint32_t)visual->red_mask,
                                  (uint32_t)visual->green_mask,
                                  (uint32_t)visual->blue_mask};
    if (!pixel_format_valid(&format))
        return false;
    connection->visual = visual;
    connection->depth = depth;
    connection->format = format;
    return true;
}

/* The default visual where it is TrueColor, else the deepest TrueColor one. */
static bool choose_visual(struct connection *connection, struct fault *fault)
{
    Display *display = connection->display;
    XVisualInfo wanted = {.screen = connection->screen, .class = TrueColor};
    int count = 0, best = -1;
    XVisualInfo *visuals =
        XGetVisualInfo(display, VisualScreenMask | VisualClassMask, &wanted, &count);
    VisualID usual = XVisualIDFromVisual(DefaultVisual(display, connection->screen));
    for (int i = 0; i < count; i++) {
        bool better = best < 0 || visuals[i].depth > visuals[best].depth;
        if (visuals[i].visualid == usual || (better && visuals[i].depth <= 24))
            best = i;
        if (visuals[i].visualid == usual)
            break;
    }
    bool taken = best >= 0 && take_visual(connection, visuals[best].visual, visuals[best].depth);
    XFree(visuals);
    if (!taken)
        return fault_set(fault, FAULT_DISPLAY,
                         "display %s has no TrueColor visual, which this version needs",
                         DisplayString(display));
    connection->own_colormap = XVisualIDFromVisual(connection->visual) != usual;
    connection->colormap = connection->own_colormap ? XCreateColormap(display, connection->root,
                                                                      connection->visual, AllocNone)
                                                    : DefaultColormap(display, connection->screen);
    return true;
}

struct connection *connection_open(const char *display, void (*lost)(void *context), void *context,
                                   struct fault *fault)
{
    Display *opened = XOpenDisplay(display);
    if (!opened) {
        const char *name = XDisplayName(display);
        fault_set(fault, FAULT_DISPLAY,
                  *name ? "cannot open the display %s" : "no display: DISPLAY is not set%s", name);
        return NULL;
    }
    struct connection *connection = ledger_alloc(LEDGER_UI, sizeof *connection, fault);
    if (!connection) {
        XCloseDisplay(opened);
        return NULL;
    }
    *connection = (struct connection){.display = opened,
                                      .screen = DefaultScreen(opened),
                                      .root = DefaultRootWindow(opened),
                                      .local = reached_locally(opened),
                                      .lost = lost,
                                      .lost_context = context};
    current = connection;
    XSetErrorHandler(note_error);
    XSetIOErrorHandler(note_loss);
    if (!choose_visual(connection, fault)) {
        connection_close(connection);
        return NULL;
    }
    char *names[ATOMS];
    for (int i = 0; i < ATOMS; i++)
        names[i] = atom_names[i];
    XInternAtoms(opened, names, ATOMS, False, connection->atoms);
    return connection;
}

void connection_close(struct connection *connection)
{
    if (!connection)
        return;
    if (connection->own_colormap)
        XFreeColormap(connection->display, connection->colormap);
    XCloseDisplay(connection->display);
    current = NULL;
    ledger_free(LEDGER_UI, connection, sizeof *connection);
}

int connection_fd(const struct connection *connection)
{
    return ConnectionNumber(connection->display);
}

void connection_screen_size(const struct connection *connection, int *width, int *height)
{
    *width = DisplayWidth(connection->display, connection->screen);
    *height = DisplayHeight(connection->display, connection->screen);
}

static unsigned long channel(unsigned long mask, unsigned value)
{
    unsigned long most = mask ? mask / (mask & -mask) : 0;
    return (value * most + 127) / 255 * (mask & -mask);
}

unsigned long connection_pixel(const struct connection *connection, struct rgb colour)
{
    const Visual *visual = connection->visual;
    return channel(visual->red_mask, colour.red) | channel(visual->green_mask, colour.green) |
           channel(visual->blue_mask, colour.blue);
}

void connection_parse_colour(const struct connection *connection, const char *text,
                             struct rgb *colour)
{
    XColor exact;
    if (text && XParseColor(connection->display, connection->colormap, text, &exact))
        *colour = (struct rgb){(uint8_t)(exact.red >> 8), (uint8_t)(exact.green >> 8),
                               (uint8_t)(exact.blue >> 8)};
}
