/* The line's measures: see link.h. Knows nothing of what is sent. */
#include "link.h"

#include <X11/Xatom.h>
#include <string.h>

/* More than a delay's worth is sent in a delay, so that a rate that was taken for too low shows. */
#define PROBING 1.25

enum {
    SAMPLE_BYTES = 48 << 10,  /* a rate from less says little, ... */
    SAMPLE_US = 2000,         /* ... and so do answers that came all at once */
    SMALL_BYTES = 2048,       /* less than this takes the line's delay and no more */
    FIRST_WINDOW = 128 << 10, /* on its way while nothing is known of the line */
    LEAST_WINDOW = 24 << 10,
    MOST_WINDOW = 8 << 20,
    QUEUE_US = 30000 /* so much more than the delay keeps a line busy */
};

void link_init(struct link *link, struct connection *connection, Window window)
{
    memset(link, 0, sizeof *link);
    link->connection = connection;
    link->window = window;
}

void link_note(struct link *link, size_t bytes)
{
    link->sent += bytes;
}

void link_mark(struct link *link, int64_t now_us)
{
    if (link->count == LINK_MARKS)
        return;
    struct link_mark *mark = &link->marks[(link->first + link->count) % LINK_MARKS];
    XChangeProperty(link->connection->display, link->window, link->connection->atoms[ATOM_MARK],
                    XA_INTEGER, 8, PropModeAppend, (const unsigned char *)"", 0);
    link->sent += sz_xChangePropertyReq;
    *mark = (struct link_mark){link->sent, now_us, link->count > 0};
    link->count++;
}

static void note_rate(struct link *link, uint64_t bytes, int64_t us)
{
    link->sample_bytes += bytes;
    link->sample_us += us;
    if (link->sample_bytes < SAMPLE_BYTES || link->sample_us < SAMPLE_US)
        return;
    double rate = (double)link->sample_bytes * 1e6 / (double)link->sample_us;
    link->rate = link->rate > 0 ? (link->rate + rate) / 2 : rate;
    link->sample_bytes = 0;
    link->sample_us = 0;
}

static void note_delay(struct link *link, int64_t us)
{
    link->delay_us = link->delay_us && link->delay_us < us ? link->delay_us : us;
}

void link_answer(struct link *link, int64_t now_us)
{
    if (!link->count)
        return;
    struct link_mark mark = link->marks[link->first];
    uint64_t bytes = mark.sent - link->answered;
    int64_t took = now_us - mark.at_us;
    link->first = (link->first + 1) % LINK_MARKS;
    link->count--;
    if (mark.busy)
        note_rate(link, bytes, now_us - link->answered_us);
    else if (bytes < SMALL_BYTES)
        note_delay(link, took);
    else if (took > link->delay_us)
        note_rate(link, bytes, took - link->delay_us);
    link->answered = mark.sent;
    link->answered_us = now_us;
}

void link_fence(struct link *link, int64_t now_us)
{
    link->fence_sent = link->sent;
    link->fence_us = now_us;
}

/* What was sent before it without a mark is answered, too. */
void link_fence_answer(struct link *link, int64_t now_us)
{
    if (!link->fence_us)
        return;
    if (!link->count && link->fence_sent > link->answered) {
        if (link->fence_sent - link->answered < SMALL_BYTES)
            note_delay(link, now_us - link->fence_us);
        link->answered = link->fence_sent;
        link->answered_us = now_us;
    }
    link->fence_us = 0;
}

bool link_has_room(const struct link *link)
{
    double window = FIRST_WINDOW;
    if (link->count == LINK_MARKS)
        return false;
    if (link->rate > 0 && link->delay_us)
        window = LEAST_WINDOW + link->rate * (PROBING * (double)link->delay_us + QUEUE_US) / 1e6;
    if (window > MOST_WINDOW)
        window = MOST_WINDOW;
    return (double)(link->sent - link->answered) < window;
}

int64_t link_time_us(const struct link *link, size_t bytes)
{
    return link->rate > 0 ? (int64_t)((double)bytes * 1e6 / link->rate) : 0;
}
