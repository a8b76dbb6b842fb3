/* The connection: see x11/connection.h. Owns the Display, a colormap of its own, and Xlib's error
 * handlers, of which a process has one set. */
#include "xlib.h"

#include <X11/XKBlib.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "atoms.h"
#include "base/language.h"
#include "base/ledger.h"
#include "base/log.h"

enum { FIRST_EXTENSION = 128 };

/* Xlib's handlers carry no context, so what they need is known here, from before there is a
 * connection. */
static bool trapping;
static int trapped;
static unsigned long refused; /* the serial of the newest request for pictures that was */
static struct {
    void (*lost)(void *context);
    void *context;
} owner;

static int note_error(Display *display, XErrorEvent *event)
{
    if (trapping) {
        trapped = event->error_code;
        return 0;
    }
    int code = event->request_code;
    if (code >= FIRST_EXTENSION || code == X_CreatePixmap || code == X_CopyArea ||
        code == X_PutImage)
        refused = event->serial;
    char text[128];
    XGetErrorText(display, event->error_code, text, sizeof text);
    log_line(LOG_X11, "X error: %s (request %d.%d, resource 0x%lx)", text, event->request_code,
             event->minor_code, event->resourceid);
    return 0;
}

static int note_loss(Display *display)
{
    (void)display;
    if (owner.lost)
        owner.lost(owner.context);
    return 0;
}

unsigned long connection_refused(void)
{
    return refused;
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

/* Xlib would ask for the keyboard extension while it connects (the core protocol's map of the keys
 * serves as well, and is fetched at the first key), and for a compression of fonts with the first
 * font: three turns of the line. */
static void ask_for_less(void)
{
    XkbIgnoreExtension(True);
    setenv("XF86BIGFONT_DISABLE", "1", 0);
}

Display *display_open(const char *display, struct fault *fault)
{
    Display *opened = XOpenDisplay(display);
    const char *name = XDisplayName(display);
    if (!opened)
        fault_set(fault, FAULT_DISPLAY,
                  *name ? N_("cannot open the display %s") : N_("no display: DISPLAY is not set%s"),
                  name);
    return opened;
}

struct connection *connection_open(const char *display, const struct connection_wish *wish,
                                   void (*lost)(void *context), void *context, struct fault *fault)
{
    ask_for_less();
    owner.lost = lost;
    owner.context = context;
    XSetErrorHandler(note_error);
    XSetIOErrorHandler(note_loss);
    Display *opened = display_open(display, fault);
    if (!opened)
        return NULL;
    struct connection *connection = ledger_alloc(LEDGER_UI, sizeof *connection, fault);
    if (!connection) {
        XCloseDisplay(opened);
        return NULL;
    }
    *connection = (struct connection){.display = opened,
                                      .screen = DefaultScreen(opened),
                                      .root = DefaultRootWindow(opened),
                                      .local = reached_locally(opened)};
    if (!atoms_ask(connection, fault) || !visual_choose(connection, wish, fault)) {
        connection_close(connection);
        return NULL;
    }
    return connection;
}

void connection_close(struct connection *connection)
{
    if (!connection)
        return;
    if (connection->own_colormap)
        XFreeColormap(connection->display, connection->colormap);
    XCloseDisplay(connection->display);
    atoms_fini(connection);
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

unsigned long connection_pixel(struct connection *connection, struct rgb colour)
{
    const uint8_t levels[3] = {colour.red, colour.green, colour.blue};
    return connection->format.ramp ? visual_ink(connection, colour)
                                   : pixel_value_rgb(&connection->format, levels);
}

void connection_parse_colour(const struct connection *connection, const char *text,
                             struct rgb *colour)
{
    XColor exact;
    if (text && XParseColor(connection->display, connection->colormap, text, &exact))
        *colour = (struct rgb){(uint8_t)(exact.red >> 8), (uint8_t)(exact.green >> 8),
                               (uint8_t)(exact.blue >> 8)};
}
