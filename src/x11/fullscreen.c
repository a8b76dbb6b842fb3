/* The whole screen: by EWMH where a window manager says that it can; without one by the window's
 * own size and place; and where one knows nothing of full screens (mwm, twm) by leaving its care
 * for that long. Owns the place to go back to. */
#include "shell_parts.h"

#include <X11/Xatom.h>

enum { ADD = 1, REMOVE = 0, FROM_APPLICATION = 1 };

/* Asked when it matters, for managers come and go. */
bool shell_supports(const struct shell *shell, enum atom_name what)
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
        knows |= items[i] == atoms[what];
    if (data)
        XFree(data);
    return knows;
}

static bool has_manager(const struct shell *shell)
{
    XWindowAttributes root;
    return XGetWindowAttributes(shell->connection->display, shell->connection->root, &root) &&
           root.all_event_masks & SubstructureRedirectMask;
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

/* The frame's place where there is one: that is what a manager is told. */
static void note_place(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    Window window = shell->top, root, parent = shell->parent, *children = NULL;
    int x = 0, y = 0;
    unsigned width, height, border, depth, count;
    while (parent != connection->root && parent != None) {
        window = parent;
        if (!XQueryTree(connection->display, window, &root, &parent, &children, &count))
            parent = None;
        if (children)
            XFree(children);
        children = NULL;
    }
    XGetGeometry(connection->display, window, &root, &x, &y, &width, &height, &border, &depth);
    shell->before_fullscreen = (struct rect){x, y, shell->width, shell->height};
}

static void take_place(struct shell *shell)
{
    struct rect r = shell->before_fullscreen;
    if (shell->fullscreen) {
        r.x = r.y = 0;
        connection_screen_size(shell->connection, &r.width, &r.height);
    }
    XMoveResizeWindow(shell->connection->display, shell->top, r.x, r.y, (unsigned)r.width,
                      (unsigned)r.height);
    if (shell->fullscreen)
        XRaiseWindow(shell->connection->display, shell->top);
}

/* ---- leaving a manager's care, and coming back ---- */

static void begin_turn(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    shell->turn = TURN_LEAVES;
    XWithdrawWindow(connection->display, shell->top, connection->screen);
}

/* Once the manager has let go of the window, which it tells by giving it back to the root. */
void shell_note_turn(struct shell *shell)
{
    Display *display = shell->connection->display;
    XSetWindowAttributes attributes = {.override_redirect = shell->fullscreen};
    if (shell->turn == TURN_COMES && !shell->unmapped) {
        shell->turn = TURN_NONE;
        if (shell->fullscreen)
            shell_focus_at(shell, CurrentTime);
    }
    if (shell->turn != TURN_LEAVES || !shell->unmapped || shell->parent != shell->connection->root)
        return;
    shell->turn = TURN_COMES;
    XChangeWindowAttributes(display, shell->top, CWOverrideRedirect, &attributes);
    take_place(shell);
    if (!shell->fullscreen)
        shell_place_hints(shell, shell->before_fullscreen);
    XMapRaised(display, shell->top);
    XFlush(display);
}

void shell_fullscreen(struct shell *shell, bool full)
{
    bool kiosk = shell->fullscreen && rect_empty(shell->before_fullscreen);
    if (full == shell->fullscreen || shell->host || kiosk || shell->turn != TURN_NONE)
        return;
    shell->fullscreen = full;
    if (full) {
        note_place(shell);
        shell->owns_fullscreen = !shell_supports(shell, ATOM_NET_WM_STATE_FULLSCREEN);
        shell->leaves_manager = shell->owns_fullscreen && has_manager(shell);
    }
    if (!shell->owns_fullscreen)
        ask_manager(shell, full);
    else if (shell->leaves_manager)
        begin_turn(shell);
    else
        take_place(shell);
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
    shell->leaves_manager =
        !shell_supports(shell, ATOM_NET_WM_STATE_FULLSCREEN) && has_manager(shell);
    if (shell->leaves_manager)
        shell->turn = TURN_COMES;
}

/* A window manager reads it when the window is mapped. */
void shell_note_kiosk(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    unsigned long full = connection->atoms[ATOM_NET_WM_STATE_FULLSCREEN];
    XChangeProperty(connection->display, shell->top, connection->atoms[ATOM_NET_WM_STATE], XA_ATOM,
                    32, PropModeReplace, (const unsigned char *)&full, 1);
}
