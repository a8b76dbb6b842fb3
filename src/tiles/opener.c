/* The opener seen from the viewer: see tiles/opener.h. Owns the process, its socket and a timer;
 * knows nothing of what files are for. What runs in the process is src/tiles/opener_child.c. */
#include "tiles/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/language.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "tiles/opener_child.h"

enum {
    TICK_MS = 250,
    LINGER_MS = 2000, /* between two looks at processes that do not die */
    LOSSES_MAX = 3,
    DEAD = 16, /* so many may linger; more wait for one to go */
    FAREWELL_MS = 500
};

int64_t opener_silence_ms = 10000;

struct opener {
    struct loop *loop;
    struct opener_events events;
    void *context;
    pid_t pid;
    int socket;        /* -1: no process */
    bool busy;         /* it has a request in hand ... */
    bool begun;        /* ... and is at it */
    uint32_t serial;   /* of the request sent last */
    bool waited_for;   /* somebody waits for what is in request.path ... */
    bool sent;         /* ... and that is the request in hand */
    int losses;        /* of processes that had it in hand */
    int64_t quiet_ms;  /* since the request was sent, begun or forsaken; in ticks */
    int64_t ticked_ms; /* when the timer rang last */
    int dead_count;
    pid_t dead[DEAD]; /* killed, and still to be waited for */
    size_t path_bytes;
    struct opener_request request;
};

static void tick(void *context);
static void opener_speaks(void *context, short revents);
static void send_request(struct opener *opener);

/* Forks with all signals held back, so that no handler of the viewer's runs in the child. */
static pid_t fork_opener(int socket)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        opener_main(socket);
    int err = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = err;
    return pid;
}

static void stop(struct opener *opener)
{
    if (!opener->pid)
        return;
    kill(opener->pid, SIGKILL);
    loop_unwatch(opener->loop, opener->socket);
    close(opener->socket);
    opener->socket = -1;
    opener->dead[opener->dead_count++] = opener->pid;
    opener->pid = 0;
    opener->busy = false;
}

static bool start(struct opener *opener, struct fault *fault)
{
    int ends[2];
    if (opener->dead_count == DEAD)
        return fault_set(fault, FAULT_FILE, "too many file systems do not answer");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return fault_errno(fault, errno, "a socket for the opener");
    pid_t pid = fork_opener(ends[1]);
    int err = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return fault_errno(fault, err, "starting the opener");
    }
    opener->pid = pid;
    opener->socket = ends[0];
    opener->busy = false;
    log_line(LOG_WORKER, "the opener is process %ld", (long)pid);
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 &&
        loop_watch(opener->loop, ends[0], POLLIN, opener_speaks, opener))
        return true;
    stop(opener);
    return fault_set(fault, FAULT_WORKER, "the poll loop has no room for the opener");
}

static void start_ticking(struct opener *opener, int64_t ms)
{
    opener->ticked_ms = clock_ms();
    loop_timer(opener->loop, ms, tick, opener);
}

static void bury(struct opener *opener)
{
    int kept = 0;
    for (int i = 0; i < opener->dead_count; i++)
        if (waitpid(opener->dead[i], NULL, WNOHANG) == 0)
            opener->dead[kept++] = opener->dead[i];
    opener->dead_count = kept;
}

__attribute__((format(printf, 3, 4))) static void refuse(struct opener *opener,
                                                         enum fault_kind kind, const char *format,
                                                         ...)
{
    struct fault fault = {.kind = kind};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault.text, sizeof fault.text, language_text(format), arguments);
    va_end(arguments);
    opener->waited_for = false;
    opener->events.refused(opener->context, &fault);
}

/* Puts another in its place. What it had in hand is lost: asked for again, unless `guilty`, which
 * means that the file is the reason. */
static void replace(struct opener *opener, const char *why, bool guilty)
{
    pid_t pid = opener->pid;
    bool was_waited_for = opener->waited_for && opener->sent;
    uint32_t serial = opener->serial;
    stop(opener);
    start(opener, NULL);
    start_ticking(opener, TICK_MS);
    log_line(LOG_WORKER, "process %ld %s", (long)pid, why);
    opener->events.lost(opener->context, pid, why);
    if (!opener->waited_for || opener->serial != serial)
        return; /* the listener has changed its mind */
    if (was_waited_for && guilty)
        refuse(opener, FAULT_FILE, "%s: its file system does not answer", opener->request.path);
    else if (was_waited_for && ++opener->losses >= LOSSES_MAX)
        refuse(opener, FAULT_FILE, "%s: cannot be opened: the opener %s", opener->request.path,
               why);
    else
        send_request(opener);
}

static void send_request(struct opener *opener)
{
    struct fault fault = {0};
    if (opener->socket < 0 && !start(opener, &fault)) {
        refuse(opener, FAULT_FILE, "%s: cannot be opened: %s", opener->request.path, fault.text);
        return;
    }
    opener->request.serial = ++opener->serial;
    opener->busy = opener->sent = true;
    opener->begun = false;
    opener->quiet_ms = 0;
    start_ticking(opener, TICK_MS);
    /* What cannot be sent to is gone: its socket tells so in the next turn. */
    packet_send(opener->socket, &opener->request,
                offsetof(struct opener_request, path) + opener->path_bytes, NULL, 0);
}

static bool is_sound(const struct opener *opener, const struct opener_answer *answer, size_t bytes,
                     const int fds[MESSAGE_FDS])
{
    bool opened = answer->what == OPENER_OPENED;
    return bytes == sizeof *answer && opener->busy && answer->serial == opener->serial &&
           answer->what <= OPENER_REFUSED && opened == (fds[0] >= 0) &&
           memchr(answer->fault.text, 0, sizeof answer->fault.text);
}

/* False when there is nothing more to be heard of that process. */
static bool take_answer(struct opener *opener, const struct opener_answer *answer,
                        int fds[MESSAGE_FDS])
{
    if (answer->what == OPENER_BEGUN) {
        opener->begun = true;
        opener->quiet_ms = 0;
        return true;
    }
    opener->busy = false;
    if (!opener->waited_for) {
        opener_close(opener, fds);
    } else if (!opener->sent) {
        opener_close(opener, fds);
        send_request(opener);
    } else if (answer->what == OPENER_OPENED) {
        opener->waited_for = false;
        opener->events.opened(opener->context, fds);
    } else {
        refuse(opener, FAULT_FILE, "%s", answer->fault.text);
    }
    return false;
}

static void opener_speaks(void *context, short revents)
{
    struct opener *opener = context;
    struct opener_answer answer;
    int fds[MESSAGE_FDS];
    size_t bytes = 0;
    (void)revents;
    for (bool more = true; more;) {
        enum message_received received =
            packet_receive(opener->socket, &answer, sizeof answer, &bytes, fds);
        if (received == MESSAGE_NONE)
            return;
        if (received == MESSAGE_CLOSED) {
            replace(opener, _("ended by itself"), false);
            return;
        }
        if (!is_sound(opener, &answer, bytes, fds)) {
            packet_close(fds);
            replace(opener, _("broke the protocol"), false);
            return;
        }
        more = take_answer(opener, &answer, fds);
    }
}

/* Time is counted in ticks, each worth two at most: when the viewer itself was stopped for a while,
 * that is not held against the opener. */
static void tick(void *context)
{
    struct opener *opener = context;
    char why[64];
    int64_t passed = clock_ms() - opener->ticked_ms;
    bool forsaken = opener->busy && opener->waited_for && !opener->sent;
    opener->quiet_ms += passed < 2 * TICK_MS ? passed : 2 * TICK_MS;
    bury(opener);
    if (opener->busy || opener->dead_count)
        start_ticking(opener, opener->busy ? TICK_MS : LINGER_MS);
    if (forsaken && opener->quiet_ms >= OPENER_FORSAKEN_MS) {
        replace(opener, _("did not answer"), false);
    } else if (opener->busy && opener->waited_for && opener->quiet_ms >= opener_silence_ms) {
        snprintf(why, sizeof why, _("did not answer for %g s"), (double)opener_silence_ms / 1000);
        replace(opener, why, opener->begun);
    }
}

struct opener *opener_new(struct loop *loop, const struct opener_events *events, void *context,
                          struct fault *fault)
{
    struct opener *opener = ledger_alloc(LEDGER_TILES, sizeof *opener, fault);
    if (!opener)
        return NULL;
    opener->loop = loop;
    opener->events = *events;
    opener->context = context;
    opener->socket = -1;
    if (start(opener, fault))
        return opener;
    opener_free(opener);
    return NULL;
}

void opener_free(struct opener *opener)
{
    if (!opener)
        return;
    stop(opener);
    bury(opener);
    int64_t end = clock_ms() + FAREWELL_MS;
    for (; opener->dead_count && clock_ms() < end; bury(opener))
        poll(NULL, 0, 1);
    loop_timer_cancel(opener->loop, tick, opener);
    ledger_free(LEDGER_TILES, opener, sizeof *opener);
}

pid_t opener_pid(const struct opener *opener)
{
    return opener->pid;
}

void opener_ask(struct opener *opener, const char *path)
{
    opener->path_bytes = strnlen(path, PATH_MAX);
    memcpy(opener->request.path, path, opener->path_bytes);
    opener->request.path[opener->path_bytes] = 0;
    opener->losses = 0;
    if (opener->busy && opener->sent)
        opener->quiet_ms = 0;
    opener->waited_for = true;
    opener->sent = false;
    if (!opener->busy)
        send_request(opener);
}

void opener_forget(struct opener *opener)
{
    opener->waited_for = false;
}

void opener_close(struct opener *opener, int fds[MESSAGE_FDS])
{
    const struct opener_request farewell = {0};
    int count = fds[0] < 0 ? 0 : fds[1] < 0 ? 1 : 2;
    if (count && opener->socket >= 0)
        packet_send(opener->socket, &farewell, offsetof(struct opener_request, path), fds, count);
    packet_close(fds);
}
