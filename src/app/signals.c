/* Signals as events: see signals.h. Owns a pipe, of which handlers know the writing end. */
#include "signals.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
static int ends[2] = {-1, -1};
static struct {
    void (*end)(void *context);
    void (*report)(void *context);
    void *context;
} calls;

enum { END_SECONDS = 3 };

static volatile sig_atomic_t limited, late_status;

static void end_now(int number)
{
    (void)number;
    _exit(late_status);
}

static void note(int number)
{
    char byte = (char)number;
    if (limited && number != SIGUSR1)
        alarm(END_SECONDS);
    /* A full pipe holds signals enough: one that finds no room says nothing new. */
    if (write(ends[1], &byte, 1) != 1)
        return;
}

static void take(void *context, short revents)
{
    char byte;
    (void)context, (void)revents;
    while (read(ends[0], &byte, 1) == 1)
        (byte == SIGUSR1 ? calls.report : calls.end)(calls.context);
}

static void install(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

bool signals_begin(struct loop *loop, void (*end)(void *context), void (*report)(void *context),
                   void *context)
{
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
        return false;
    calls.end = end;
    calls.report = report;
    calls.context = context;
    install(note);
    return loop_watch(loop, ends[0], POLLIN, take, NULL);
}

void signals_limit(int status, bool now)
{
    late_status = status;
    limited = true;
    signal(SIGALRM, end_now);
    if (now)
        alarm(END_SECONDS);
}

void signals_end(struct loop *loop)
{
    alarm(0);
    if (ends[0] < 0)
        return;
    install(SIG_DFL);
    loop_unwatch(loop, ends[0]);
    close(ends[0]);
    close(ends[1]);
    ends[0] = ends[1] = -1;
}
