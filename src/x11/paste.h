/* What other programs give the viewer: the requestor's side of selections (ICCCM 2), whole or in
 * pieces, and the target's side of drag and drop (XDND, version 5). Owns a window that is never
 * seen, which answers come to, and the text until it is there. Private to x11.
 *
 * One thing is received at a time: what is asked for anew takes the place of what is on its way.
 * All that comes is others': its size is limited, its silence too, and it is text without a NUL or
 * it is nothing. */
#ifndef X11_PASTE_H
#define X11_PASTE_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xlib.h"

struct shell;

struct paste {
    Window window;                 /* None until something is asked for */
    const struct paste_try *tried; /* what is being asked for; NULL: nothing */
    bool in_pieces;
    char *text; /* LEDGER_UI; what came of it */
    size_t length, room;
    int64_t until_ms; /* clock_ms; then it is given up */
    Time time;
    Window source;  /* that drags; None: it was pasted, or nothing is dragged over */
    bool has_files; /* what is dragged */
    bool dropped;   /* `source` waits for the end of it */
};

void paste_fini(struct shell *shell);

void paste_notified(struct shell *shell, const XSelectionEvent *event);
void paste_property(struct shell *shell, const XPropertyEvent *event);

/* As offer_tend (offer.h). */
int64_t paste_tend(struct shell *shell);

/* Says that files can be dropped on the window. */
void drop_announce(struct shell *shell);
/* False: the message is none of drag and drop. */
bool drop_message(struct shell *shell, const XClientMessageEvent *event);

/* For drop.c: asks for what was dropped, at the time that its source names. */
void paste_dropped(struct shell *shell, Time time);
/* What is on its way is wanted no more. */
void paste_cancel(struct shell *shell);
/* For paste.c: the end of a drop. */
void drop_finish(struct shell *shell, bool taken);

#endif
