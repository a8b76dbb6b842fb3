/* The target's side of drag and drop (XDND, version 5): files are dropped on the window. What they
 * are called comes as selections do: see paste.h. */
#include "paste.h"

#include "shell_parts.h"

#include <X11/Xatom.h>

enum { VERSION = 5, VERSION_LEAST = 3, TYPES_MOST = 256 };

void drop_announce(struct shell *shell)
{
    unsigned long version = VERSION;
    XChangeProperty(shell->connection->display, shell->top,
                    shell->connection->atoms[ATOM_XDND_AWARE], XA_ATOM, 32, PropModeReplace,
                    (const unsigned char *)&version, 1);
}

static void answer(struct shell *shell, enum atom_name message, bool good, long action_place)
{
    const struct connection *connection = shell->connection;
    Window source = shell->paste.source;
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = source,
                                .message_type = connection->atoms[message],
                                .format = 32}};
    event.xclient.data.l[0] = (long)shell->top;
    event.xclient.data.l[1] = good;
    if (good)
        event.xclient.data.l[action_place] = (long)connection->atoms[ATOM_XDND_ACTION_COPY];
    XSendEvent(connection->display, source, False, NoEventMask, &event);
    XFlush(connection->display);
}

/* Where a source has more than three types it keeps them in a property. */
static bool lists_files(struct shell *shell, Window source)
{
    const Atom *atoms = shell->connection->atoms;
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    bool found = false;
    if (XGetWindowProperty(shell->connection->display, source, atoms[ATOM_XDND_TYPE_LIST], 0,
                           TYPES_MOST, False, XA_ATOM, &type, &format, &count, &left, &data))
        return false;
    const unsigned long *types = (const unsigned long *)(const void *)data;
    for (unsigned long i = 0; types && format == 32 && i < count; i++)
        found |= types[i] == atoms[ATOM_URI_LIST];
    if (data)
        XFree(data);
    return found;
}

static void entered(struct shell *shell, const long *l)
{
    struct paste *paste = &shell->paste;
    const long files = (long)shell->connection->atoms[ATOM_URI_LIST];
    long version = l[1] >> 24 & 0xff;
    bool more = l[1] & 1;
    if (paste->dropped)
        paste_cancel(shell);
    paste->source = version >= VERSION_LEAST ? (Window)l[0] : None;
    paste->has_files = l[2] == files || l[3] == files || l[4] == files ||
                       (more && lists_files(shell, (Window)l[0]));
}

static void dropped(struct shell *shell, const long *l)
{
    shell->paste.dropped = true;
    if (shell->paste.has_files)
        paste_dropped(shell, (Time)l[2]);
    else
        drop_finish(shell, false);
}

void drop_finish(struct shell *shell, bool taken)
{
    answer(shell, ATOM_XDND_FINISHED, taken, 2);
    shell->paste.dropped = false;
    shell->paste.source = None;
}

bool drop_message(struct shell *shell, const XClientMessageEvent *event)
{
    const Atom *atoms = shell->connection->atoms;
    const long *l = event->data.l;
    struct paste *paste = &shell->paste;
    Atom type = event->message_type;
    if (type != atoms[ATOM_XDND_ENTER] && type != atoms[ATOM_XDND_POSITION] &&
        type != atoms[ATOM_XDND_LEAVE] && type != atoms[ATOM_XDND_DROP])
        return false;
    if (event->format != 32)
        return true;
    if (type == atoms[ATOM_XDND_ENTER])
        entered(shell, l);
    else if (paste->source == None || (Window)l[0] != paste->source || paste->dropped)
        return true;
    else if (type == atoms[ATOM_XDND_POSITION])
        answer(shell, ATOM_XDND_STATUS, paste->has_files, 4);
    else if (type == atoms[ATOM_XDND_LEAVE])
        paste->source = None;
    else
        dropped(shell, l);
    return true;
}
