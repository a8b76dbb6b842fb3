/* Resizing in step with the window manager: see sync.h. Owns the counter, which goes with the
 * connection. */
#include "shell_parts.h"

#include <X11/Xatom.h>

static void announce(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    Atom protocol = connection->atoms[ATOM_NET_WM_SYNC_REQUEST];
    unsigned long counter = shell->sync.counter;
    XChangeProperty(connection->display, shell->top,
                    connection->atoms[ATOM_NET_WM_SYNC_REQUEST_COUNTER], XA_CARDINAL, 32,
                    PropModeReplace, (const unsigned char *)&counter, 1);
    XChangeProperty(connection->display, shell->top, connection->atoms[ATOM_WM_PROTOCOLS], XA_ATOM,
                    32, PropModeAppend, (const unsigned char *)&protocol, 1);
}

void sync_begin(struct shell *shell)
{
    Display *display = shell->connection->display;
    int event, error, major, minor;
    XSyncValue zero;
    if (shell->sync.begun || !shell->output.transport || !shell->output.transport->direct)
        return;
    shell->sync.begun = true;
    if (shell->host || !shell_supports(shell, ATOM_NET_WM_SYNC_REQUEST) ||
        !XSyncQueryExtension(display, &event, &error) || !XSyncInitialize(display, &major, &minor))
        return;
    XSyncIntToValue(&zero, 0);
    shell->sync.counter = XSyncCreateCounter(display, zero);
    announce(shell);
    XFlush(display);
}

static void show(struct shell *shell)
{
    XSyncSetCounter(shell->connection->display, shell->sync.counter, shell->sync.value);
    XFlush(shell->connection->display);
    shell->sync.wanted = false;
}

void sync_asked(struct shell *shell, const XClientMessageEvent *event)
{
    struct sync *sync = &shell->sync;
    if (!sync->counter || event->format != 32)
        return;
    XSyncIntsToValue(&sync->value, (unsigned)event->data.l[2], (int)event->data.l[3]);
    sync->wanted = true;
    sync->configured = false;
}

void sync_configured(struct shell *shell, bool other)
{
    shell->sync.configured = true;
    if (shell->sync.wanted && !other)
        show(shell);
}

void sync_painted(struct shell *shell)
{
    if (shell->sync.wanted && shell->sync.configured && !shell->layout_due)
        show(shell);
}
