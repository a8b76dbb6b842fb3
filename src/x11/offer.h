/* What the viewer offers other programs: the owner's side of the selections PRIMARY and CLIPBOARD
 * (ICCCM 2). A text in both, and in CLIPBOARD the picture, which is made when it is asked for and
 * goes in pieces (INCR) where it is large. Owns the text, and the files of pictures under way.
 * Private to x11.
 *
 * Nothing here waits: requestors are served as their events come, those that fall silent are let go
 * of by offer_tend, and requests about windows that are gone only leave a line in the log. */
#ifndef X11_OFFER_H
#define X11_OFFER_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stdint.h>

struct shell;

enum { OFFER_TEXT = 4096, OFFER_REQUESTS = 8, OFFER_PARTS = 16, OFFER_SELECTIONS = 2 };

/* A property that a requestor wants filled. */
struct offer_part {
    enum { PART_REFUSED, PART_DONE, PART_WAITS, PART_GOES } stage; /* WAITS: for a picture */
    Atom target, property;
    int fd;           /* PART_GOES: the picture; ours */
    int64_t at, size; /* of it */
};

struct offer_request {
    bool used, answered;
    int number; /* so that a picture comes to who asked for it */
    Window requestor;
    Atom selection, target, property;
    Time time;
    int count;
    struct offer_part parts[OFFER_PARTS]; /* several with MULTIPLE */
    int64_t until_ms;                     /* clock_ms; then it is let go of */
};

struct offer {
    char text[OFFER_TEXT]; /* UTF-8 */
    bool png;              /* pictures can be had as PNG too */
    bool taking;           /* the time to own selections from is on its way */
    bool owned[OFFER_SELECTIONS];
    Time since;
    int numbers; /* the last request's */
    struct offer_request requests[OFFER_REQUESTS];
};

void offer_fini(struct shell *shell);

void offer_asked(struct shell *shell, const XSelectionRequestEvent *event);
void offer_lost(struct shell *shell, const XSelectionClearEvent *event);
/* A property of a window that is not the viewer's, or of the viewer's own top-level one. */
void offer_property(struct shell *shell, const XPropertyEvent *event);
void offer_gone(struct shell *shell, Window window);

/* Lets go of requests that have waited too long; milliseconds until the next would have, -1: there
 * is none. */
int64_t offer_tend(struct shell *shell);

#endif
