/* The poll loop: see base/loop.h. Owns no file descriptor: closing is for whoever opened. */
#include "base/loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"

void loop_init(struct loop *loop)
{
    memset(loop, 0, sizeof *loop);
    for (int i = 0; i < LOOP_WATCHES; i++)
        loop->watches[i].fd = -1;
}

static struct loop_watch *find_watch(struct loop *loop, int fd)
{
    for (int i = 0; i < LOOP_WATCHES; i++)
        if (loop->watches[i].fd == fd)
            return &loop->watches[i];
    return NULL;
}

bool loop_watch(struct loop *loop, int fd, short events, loop_ready *ready, void *context)
{
    struct loop_watch *watch = find_watch(loop, fd);
    if (!watch)
        watch = find_watch(loop, -1);
    if (!watch)
        return false;
    *watch = (struct loop_watch){fd, events, ready, context};
    return true;
}

void loop_unwatch(struct loop *loop, int fd)
{
    struct loop_watch *watch = fd >= 0 ? find_watch(loop, fd) : NULL;
    if (watch)
        watch->fd = -1;
}

bool loop_timer(struct loop *loop, int64_t ms, loop_due *due, void *context)
{
    struct loop_timer *slot = NULL;
    for (int i = 0; i < LOOP_TIMERS; i++) {
        struct loop_timer *timer = &loop->timers[i];
        if (timer->due == due && timer->context == context) {
            slot = timer;
            break;
        }
        if (!timer->due && !slot)
            slot = timer;
    }
    if (!slot)
        return false;
    *slot = (struct loop_timer){clock_ms() + ms, due, context};
    return true;
}

void loop_timer_cancel(struct loop *loop, loop_due *due, void *context)
{
    for (int i = 0; i < LOOP_TIMERS; i++)
        if (loop->timers[i].due == due && loop->timers[i].context == context)
            loop->timers[i].due = NULL;
}

void loop_set_prepare(struct loop *loop, loop_prepare *prepare, void *context)
{
    loop->prepare = prepare;
    loop->prepare_context = context;
}

/* How long poll may sleep: until the next timer, max_wait_ms at most. */
static int wait_ms(const struct loop *loop, int64_t max_wait_ms)
{
    int64_t wait = max_wait_ms;
    int64_t now = clock_ms();
    for (int i = 0; i < LOOP_TIMERS; i++) {
        if (!loop->timers[i].due)
            continue;
        int64_t left = loop->timers[i].due_ms - now;
        if (left < 0)
            left = 0;
        if (wait < 0 || left < wait)
            wait = left;
    }
    return wait > 1000000 ? 1000000 : (int)wait;
}

static void run_timers(struct loop *loop)
{
    int64_t now = clock_ms();
    for (int i = 0; i < LOOP_TIMERS; i++) {
        struct loop_timer timer = loop->timers[i];
        if (!timer.due || timer.due_ms > now)
            continue;
        loop->timers[i].due = NULL;
        timer.due(timer.context);
    }
}

bool loop_turn(struct loop *loop, int64_t max_wait_ms, struct fault *fault)
{
    bool busy = loop->prepare && loop->prepare(loop->prepare_context);
    if (loop->stopped)
        return true;
    struct pollfd polled[LOOP_WATCHES];
    int count = 0;
    for (int i = 0; i < LOOP_WATCHES; i++)
        if (loop->watches[i].fd >= 0)
            polled[count++] = (struct pollfd){loop->watches[i].fd, loop->watches[i].events, 0};
    int ready = poll(polled, (nfds_t)count, busy ? 0 : wait_ms(loop, max_wait_ms));
    if (ready < 0 && errno != EINTR)
        return fault_errno(fault, errno, "waiting for events");
    for (int i = 0; ready > 0 && i < count; i++) {
        struct loop_watch *watch = polled[i].revents ? find_watch(loop, polled[i].fd) : NULL;
        if (watch)
            watch->ready(watch->context, polled[i].revents);
    }
    run_timers(loop);
    return true;
}

bool loop_run(struct loop *loop, struct fault *fault)
{
    loop->stopped = false;
    while (!loop->stopped)
        if (!loop_turn(loop, -1, fault))
            return false;
    return true;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}
