/* The whole screen: by EWMH where a window manager says that it can, else by the window's own size
 * and place. Owns the place to go back to. */
#include "shell_parts.h"

#include <X11/Xatom.h>

enum { ADD = 1, REMOVE = 0, FROM_APPLICATION = 1 };

/* Whether a window manager is there and knows full screens; asked when it matters, for managers
 * come and go. */
static bool managed(struct shell *shell)
{
    const Atom *atoms = shell->connection->atoms;
    Display *display = shell->connection->display;
    Atom type;
    int format;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    bool knows = false;
    XGetWindowProperty(display, shell->connection->root, atoms[ATOM_NET_SUPPORTED], 0, 1024, False,
                       XA_ATOM, &type, &format, &count, &left, &data);
    const unsigned long *items = (const unsigned long *)(const void *)data;
    for (unsigned long i = 0; items && format == 32 && i < count; i++)
        knows |= items[i] == atoms[ATOM_NET_WM_STATE_FULLSCREEN];
    if (data)
        XFree(data);
    return knows;
}

static void ask_manager(struct shell *shell, bool full)
{
    const struct connection *connection = shell->connection;
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = shell->top,
                                .message_type = connection->atoms[ATOM_NET_WM_STATE],
                                .format = 32}};
    event.xclient.data.l[0] = full ? ADD : REMOVE;
    event.xclient.data.l[1] = (long)connection->atoms[ATOM_NET_WM_STATE_FULLSCREEN];
    event.xclient.data.l[3] = FROM_APPLICATION;
    XSendEvent(connection->display, connection->root, False,
               SubstructureRedirectMask | SubstructureNotifyMask, &event);
}

static void note_place(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    int x = 0, y = 0;
    Window child;
    XTranslateCoordinates(connection->display, shell->top, connection->root, 0, 0, &x, &y, &child);
    shell->before_fullscreen = (struct rect){x, y, shell->width, shell->height};
}

static void fill_screen(struct shell *shell)
{
    struct connection *connection = shell->connection;
    int width, height;
    connection_screen_size(connection, &width, &height);
    XMoveResizeWindow(connection->display, shell->top, 0, 0, (unsigned)width, (unsigned)height);
    XRaiseWindow(connection->display, shell->top);
}

void shell_fullscreen(struct shell *shell, bool full)
{
    struct rect r = shell->before_fullscreen;
    bool kiosk = shell->fullscreen && rect_empty(r);
    if (full == shell->fullscreen || shell->host || kiosk)
        return;
    shell->fullscreen = full;
    if (full) {
        note_place(shell);
        shell->owns_fullscreen = !managed(shell);
    }
    if (!shell->owns_fullscreen)
        ask_manager(shell, full);
    else if (full)
        fill_screen(shell);
    else
        XMoveResizeWindow(shell->connection->display, shell->top, r.x, r.y, (unsigned)r.width,
                          (unsigned)r.height);
    XFlush(shell->connection->display);
}

bool shell_is_fullscreen(const struct shell *shell)
{
    return shell->fullscreen;
}

void shell_begin_kiosk(struct shell *shell, struct placement *place)
{
    connection_screen_size(shell->connection, &place->width, &place->height);
    place->x = place->y = 0;
    place->user_position = place->user_size = true;
    shell->fullscreen = true;
}

/* A window manager reads it when the window is mapped. */
void shell_note_kiosk(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    unsigned long full = connection->atoms[ATOM_NET_WM_STATE_FULLSCREEN];
    XChangeProperty(connection->display, shell->top, connection->atoms[ATOM_NET_WM_STATE], XA_ATOM,
                    32, PropModeReplace, (const unsigned char *)&full, 1);
}
