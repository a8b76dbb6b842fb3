/* The asking client's side of commands: see x11/remote.h. Owns a connection and a window of its
 * own, which is never seen. */
#include "x11/remote.h"

#include "xlib.h"

#include <X11/Xatom.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/ledger.h"

enum { VIEWERS = 32, DEPTH = 6, PIECE = 32 * 1024, ANSWER_MOST = 1 << 20 };

struct remote {
    Display *display;
    Window own, viewer;
    Atom protocol, command, result, error;
    unsigned char *answer; /* Xlib's */
};

/* Windows go while they are looked at; what came of a request is seen in what it returns. */
static int pass_error(Display *display, XErrorEvent *event)
{
    (void)display, (void)event;
    return 0;
}

/* ---- finding ---- */

struct found {
    Window windows[VIEWERS];
    int count;
};

static bool is_viewer(const struct remote *remote, Window window)
{
    Atom type = None;
    int format;
    unsigned long count, left;
    unsigned char *data = NULL;
    if (XGetWindowProperty(remote->display, window, remote->protocol, 0, 0, False, AnyPropertyType,
                           &type, &format, &count, &left, &data))
        return false;
    if (data)
        XFree(data);
    return type != None;
}

/* Under a window manager's frame, or in another program's window, as well. */
static void look(const struct remote *remote, Window from, int depth, struct found *found)
{
    Window root, parent, *children = NULL;
    unsigned count = 0;
    if (!XQueryTree(remote->display, from, &root, &parent, &children, &count))
        return;
    for (unsigned i = 0; i < count; i++) {
        if (!is_viewer(remote, children[i])) {
            if (depth > 1)
                look(remote, children[i], depth - 1, found);
        } else if (found->count < VIEWERS) {
            found->windows[found->count++] = children[i];
        }
    }
    if (children)
        XFree(children);
}

/* Says which there are. */
static bool refuse_several(const struct found *found, struct fault *fault)
{
    char names[160];
    size_t used = 0;
    for (int i = 0; i < found->count && used < sizeof names - 16; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, " 0x%lx", found->windows[i]);
    return fault_set(fault, FAULT_FILE, "%d viewers are open: choose one with --id, of%s",
                     found->count, names);
}

static bool find_viewer(struct remote *remote, unsigned long id, struct fault *fault)
{
    struct found found = {.count = 0};
    const char *name = DisplayString(remote->display);
    if (id) {
        remote->viewer = (Window)id;
        return is_viewer(remote, remote->viewer) ||
               fault_set(fault, FAULT_FILE, "the window 0x%lx is no viewer on display %s", id,
                         name);
    }
    look(remote, DefaultRootWindow(remote->display), DEPTH, &found);
    if (found.count == 0)
        return fault_set(fault, FAULT_FILE, "no viewer is open on display %s", name);
    remote->viewer = found.windows[0];
    return found.count == 1 || refuse_several(&found, fault);
}

struct remote *remote_open(const char *display, unsigned long id, struct fault *fault)
{
    Display *opened = display_open(display, fault);
    if (!opened)
        return NULL;
    struct remote *remote = ledger_alloc(LEDGER_UI, sizeof *remote, fault);
    if (!remote) {
        XCloseDisplay(opened);
        return NULL;
    }
    XSetErrorHandler(pass_error);
    *remote = (struct remote){.display = opened,
                              .protocol = XInternAtom(opened, "_XLIGHTBOX_PROTOCOL", False),
                              .command = XInternAtom(opened, "_XLIGHTBOX_COMMAND", False),
                              .result = XInternAtom(opened, "_XLIGHTBOX_RESULT", False),
                              .error = XInternAtom(opened, "_XLIGHTBOX_ERROR", False)};
    if (find_viewer(remote, id, fault))
        return remote;
    remote_close(remote);
    return NULL;
}

void remote_close(struct remote *remote)
{
    if (!remote)
        return;
    if (remote->answer)
        XFree(remote->answer);
    XCloseDisplay(remote->display);
    ledger_free(LEDGER_UI, remote, sizeof *remote);
}

/* ---- asking ---- */

/* In pieces, for requests have a limit. */
static void write_commands(struct remote *remote, const char *script)
{
    size_t length = strlen(script);
    XChangeProperty(remote->display, remote->own, remote->command, XA_STRING, 8, PropModeReplace,
                    NULL, 0);
    for (size_t at = 0; at < length; at += PIECE) {
        int count = length - at < PIECE ? (int)(length - at) : PIECE;
        XChangeProperty(remote->display, remote->own, remote->command, XA_STRING, 8, PropModeAppend,
                        (const unsigned char *)script + at, count);
    }
}

static void send_message(struct remote *remote)
{
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = remote->viewer,
                                .message_type = remote->command,
                                .format = 32}};
    event.xclient.data.l[0] = (long)remote->own;
    XSendEvent(remote->display, remote->viewer, False, NoEventMask, &event);
}

/* Waits for the answer, or for the viewer's end. */
static bool hear(struct remote *remote)
{
    for (;;) {
        XEvent event;
        XNextEvent(remote->display, &event);
        if (event.type == PropertyNotify && event.xproperty.window == remote->own &&
            event.xproperty.atom == remote->result && event.xproperty.state == PropertyNewValue)
            return true;
        if (event.type == DestroyNotify && event.xdestroywindow.window == remote->viewer)
            return false;
    }
}

/* The text of a property of our window; Xlib's memory, NULL: it is not there. */
static unsigned char *take_text(struct remote *remote, Atom property)
{
    Atom type = None;
    int format;
    unsigned long count, left;
    unsigned char *data = NULL;
    XGetWindowProperty(remote->display, remote->own, property, 0, ANSWER_MOST / 4, True,
                       AnyPropertyType, &type, &format, &count, &left, &data);
    if (type != None)
        return data;
    if (data)
        XFree(data);
    return NULL;
}

static bool take_answer(struct remote *remote, struct fault *fault)
{
    unsigned char *error = take_text(remote, remote->error);
    remote->answer = take_text(remote, remote->result);
    if (!error)
        return true;
    fault_set(fault, FAULT_USAGE, "%s", (const char *)error);
    XFree(error);
    return false;
}

bool remote_ask(struct remote *remote, const char *script, const char **text, struct fault *fault)
{
    bool fine;
    if (remote->answer)
        XFree(remote->answer);
    remote->answer = NULL;
    remote->own = XCreateSimpleWindow(remote->display, DefaultRootWindow(remote->display), 0, 0, 1,
                                      1, 0, 0, 0);
    XSelectInput(remote->display, remote->own, PropertyChangeMask);
    XSelectInput(remote->display, remote->viewer, StructureNotifyMask);
    write_commands(remote, script);
    send_message(remote);
    /* One that went before its end was asked to be told will never answer. */
    if (is_viewer(remote, remote->viewer) && hear(remote))
        fine = take_answer(remote, fault);
    else
        fine = fault_set(fault, FAULT_DISPLAY, "the viewer went away without an answer");
    XDestroyWindow(remote->display, remote->own);
    *text = remote->answer ? (const char *)remote->answer : "";
    return fine;
}
