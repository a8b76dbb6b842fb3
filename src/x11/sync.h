/* _NET_WM_SYNC_REQUEST (EWMH): a window manager that resizes the window waits for each picture of
 * the new size, so that the window never outruns what is in it. Only where pictures are in shared
 * memory: over a network the manager would wait for the line at each step, while resizes are merged
 * here anyway. Private to x11. */
#ifndef X11_SYNC_H
#define X11_SYNC_H

#include <X11/Xlib.h>
#include <X11/extensions/sync.h>
#include <stdbool.h>

struct shell;

struct sync {
    bool begun;           /* it was found out whether there is one to be synchronized with */
    XSyncCounter counter; /* None: there is not */
    XSyncValue value;     /* what the manager wants to see in it, ... */
    bool wanted;          /* ... and has not yet; */
    bool configured;      /* the size it is about has come */
};

/* Once the first picture is there: asks the server, which is on this machine then. */
void sync_begin(struct shell *shell);

/* The manager is about to give another size. */
void sync_asked(struct shell *shell, const XClientMessageEvent *event);

/* A size has come, the one there was or (`other`) another; a picture of it has been sent. */
void sync_configured(struct shell *shell, bool other);
void sync_painted(struct shell *shell);

#endif
