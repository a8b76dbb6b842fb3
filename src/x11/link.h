/* The line to the server, as measured: how much is on its way, how fast it goes, how long an answer
 * takes. What is sent is marked by an empty change of a property of the image window, which the
 * server tells of when it has come so far. Private to x11. */
#ifndef X11_LINK_H
#define X11_LINK_H

#include <stddef.h>

#include "xlib.h"

enum { LINK_MARKS = 64 };

struct link {
    struct connection *connection;
    Window window;
    struct link_mark {
        uint64_t sent; /* link.sent when it was made */
        int64_t at_us;
        bool busy; /* an earlier one was unanswered then */
    } marks[LINK_MARKS];
    int first, count; /* unanswered marks, a ring */
    uint64_t sent;    /* bytes of requests, as the transports reckon them */
    uint64_t answered;
    uint64_t fence_sent; /* `sent` at the last fence, and when that was; 0: it has come back */
    int64_t fence_us;
    int64_t answered_us;
    uint64_t sample_bytes; /* being added up for the next figure of the rate */
    int64_t sample_us;
    double rate;      /* bytes a second, the server's work included; 0: not known yet */
    int64_t delay_us; /* the least time to an answer; 0: not known yet */
};

void link_init(struct link *link, struct connection *connection, Window window);

/* Requests of so many bytes were made. */
void link_note(struct link *link, size_t bytes);

/* Marks what has been sent. Nothing when too many marks are unanswered. */
void link_mark(struct link *link, int64_t now_us);

/* The server has come to the oldest mark. */
void link_answer(struct link *link, int64_t now_us);

/* Another change of a property that the server will tell of, the frame's state, was written; it has
 * come back. */
void link_fence(struct link *link, int64_t now_us);
void link_fence_answer(struct link *link, int64_t now_us);

/* True while more may be sent: what is on its way keeps the line busy until its answer comes, and
 * no more than that, so that what is sent next is not late. */
bool link_has_room(const struct link *link);

/* How long so many bytes take; 0 while the rate is not known. */
int64_t link_time_us(const struct link *link, size_t bytes);

#endif
