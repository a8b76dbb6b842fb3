/* The poll loop: the viewer's one thread waits here and nowhere else.
 *
 * All tables are inside the struct and of fixed size, so a turn allocates nothing. Callbacks may
 * add and remove watches and timers, their own included. */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

enum { LOOP_WATCHES = 64, LOOP_TIMERS = 24 };

typedef void loop_ready(void *context, short revents);
typedef void loop_due(void *context);
typedef bool loop_prepare(void *context);

struct loop_watch {
    int fd; /* -1: free */
    short events;
    loop_ready *ready;
    void *context;
};

struct loop_timer {
    int64_t due_ms;
    loop_due *due; /* NULL: free */
    void *context;
};

struct loop {
    struct loop_watch watches[LOOP_WATCHES];
    struct loop_timer timers[LOOP_TIMERS];
    loop_prepare *prepare;
    void *prepare_context;
    bool stopped;
};

void loop_init(struct loop *loop);

/* Calls `ready` when poll(2) reports `events` (or an error or hang-up) on fd. One watch for each
 * fd; watching an fd again changes its watch. False when the table is full. */
bool loop_watch(struct loop *loop, int fd, short events, loop_ready *ready, void *context);
void loop_unwatch(struct loop *loop, int fd);

/* Calls `due` once, `ms` milliseconds from now; setting the same (due, context) again moves it. */
bool loop_timer(struct loop *loop, int64_t ms, loop_due *due, void *context);
void loop_timer_cancel(struct loop *loop, loop_due *due, void *context);

/* Called at the start of each turn; true = there is more to do, so poll must not sleep. For queues
 * that poll(2) cannot see into, as Xlib's. */
void loop_set_prepare(struct loop *loop, loop_prepare *prepare, void *context);

/* One turn: prepare, poll for at most max_wait_ms (-1: until something happens), timers, callbacks.
 */
bool loop_turn(struct loop *loop, int64_t max_wait_ms, struct fault *fault);

/* Turns until loop_stop is called. */
bool loop_run(struct loop *loop, struct fault *fault);
void loop_stop(struct loop *loop);

#endif
