/* The decoder processes seen from the viewer: see tiles/crew.h. Owns the processes, their sockets
 * and one timer; knows which answers may follow which request, and nothing of what they mean.
 *
 * A worker's end goes one way only: whatever the reason, it is killed (or has died), is waited for,
 * and only then replaced. Until then it may still write into the arena, so nobody is told before
 * that its slots are free. One that the system does not let die (it sleeps in a read from a file
 * system that is gone) is replaced after CREW_UNDEAD_MS all the same: killed, it runs no
 * instruction of its own any more, and the system's reads go into buffers of its own, never into
 * the arena. */
#include "tiles/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/language.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "tiles/child_signal.h"
#include "tiles/sandbox.h"
#include "tiles/worker.h"

enum {
    TICK_MS = 250,        /* while somebody is busy, stopped or to be replaced */
    MESSAGES_A_TURN = 64, /* a worker that floods us must not hold up the viewer */
    QUICK_DEATHS = 5,     /* so many deaths without an answer are replaced at once */
    QUICK_MS = 10000,
    DELAY_MS = 250, /* doubled with each further one */
    DELAY_MAX_MS = 16000,
    UNDEAD = 64,       /* so many may linger; more wait for one to go */
    FAREWELL_MS = 500, /* for the last ones to die when the crew is freed */
    WHY = 160
};

struct crew_worker {
    pid_t pid;             /* 0: none at the moment */
    pid_t lost_pid;        /* the one that is to be reported as lost once replaced */
    int socket;            /* -1: none */
    uint32_t serial;       /* goes on rising when the worker is replaced */
    uint32_t request;      /* enum message_type of the request in hand, 0: none */
    bool faulted;          /* a fault has been told of this request */
    bool cancelled;        /* the request is to end: signs of life do not count any more */
    bool stopped, leaving; /* leaving: killed or hung up, to be waited for */
    bool killed;
    int64_t quiet_ms; /* since its last sign of life, the stop, the hang-up, the kill; in ticks */
    int64_t born_ms, restart_ms;
    int deaths; /* in a row, soon after birth and without an answer */
    char why[WHY];
};

struct crew {
    struct loop *loop;
    struct arena *arena;
    struct crew_events events;
    void *context;
    int size, child_fd;
    bool ticking;
    struct worker_terms terms;
    int64_t last_tick_ms;
    int undead_count;
    pid_t undead[UNDEAD]; /* killed, replaced, and still to be waited for */
    struct crew_worker workers[CREW_MAX];
};

static void tick(void *context);
static void worker_speaks(void *context, short revents);

static int number_of(const struct crew *crew, const struct crew_worker *worker)
{
    return (int)(worker - crew->workers);
}

static void start_ticking(struct crew *crew)
{
    if (crew->ticking)
        return;
    crew->ticking = true;
    crew->last_tick_ms = clock_ms();
    loop_timer(crew->loop, TICK_MS, tick, crew);
}

/* Forks with all signals held back, so that no handler of the viewer's runs in the child. */
static pid_t fork_worker(struct crew *crew, int socket, int number)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        worker_main(socket, number, crew->arena, &crew->terms);
    int err = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = err;
    return pid;
}

static bool start_worker(struct crew *crew, struct crew_worker *worker, struct fault *fault)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return fault_errno(fault, errno, "a socket for a decoder");
    pid_t pid = fork_worker(crew, ends[1], number_of(crew, worker));
    int err = errno;
    close(ends[1]);
    if (pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ||
        !loop_watch(crew->loop, ends[0], POLLIN, worker_speaks, crew)) {
        close(ends[0]);
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
        return fault_errno(fault, pid < 0 ? err : EMFILE, "starting a decoder");
    }
    worker->pid = pid;
    worker->socket = ends[0];
    worker->request = 0;
    worker->stopped = worker->leaving = worker->killed = false;
    worker->born_ms = clock_ms();
    worker->why[0] = 0;
    log_line(LOG_WORKER, "decoder %d is process %ld", number_of(crew, worker) + 1, (long)pid);
    return true;
}

static void close_socket(struct crew *crew, struct crew_worker *worker)
{
    if (worker->socket < 0)
        return;
    loop_unwatch(crew->loop, worker->socket);
    close(worker->socket);
    worker->socket = -1;
}

/* The first reason stays: what follows is a consequence. */
static void end_worker(struct crew *crew, struct crew_worker *worker, const char *why)
{
    if (!worker->pid)
        return;
    if (!worker->why[0])
        snprintf(worker->why, sizeof worker->why, "%s", why);
    kill(worker->pid, SIGKILL);
    close_socket(crew, worker);
    if (!worker->killed)
        worker->quiet_ms = 0;
    worker->leaving = worker->killed = true;
    start_ticking(crew);
}

/* The socket is closed at the other end: the process's end will be reported in a moment, and its
 * status says why. One that only closed its socket is killed at a later tick. */
static void hung_up(struct crew *crew, struct crew_worker *worker)
{
    close_socket(crew, worker);
    worker->leaving = true;
    worker->quiet_ms = 0;
    start_ticking(crew);
}

static bool break_protocol(struct crew *crew, struct crew_worker *worker, const char *what)
{
    char why[WHY];
    snprintf(why, sizeof why, _("broke the protocol: %.120s"), what);
    end_worker(crew, worker, why);
    return false;
}

/* Checks one packet against the request in hand and passes it on. False when the worker is to be
 * listened to no more. */
static bool take_answer(struct crew *crew, struct crew_worker *worker, struct message *message)
{
    struct fault fault;
    if (!worker->request)
        return break_protocol(crew, worker, _("it spoke without being asked"));
    if (!message_check_answer(message, worker->serial, &fault))
        return break_protocol(crew, worker, fault.text);
    uint32_t type = message->type;
    bool last;
    if (!message_fits(worker->request, type, &last) || (type == MESSAGE_FAULT && worker->faulted))
        return break_protocol(crew, worker, _("an answer that does not fit the request"));
    worker->faulted |= type == MESSAGE_FAULT;
    if (!worker->cancelled)
        worker->quiet_ms = 0;
    worker->deaths = 0;
    if (last)
        worker->request = 0;
    crew->events.answer(crew->context, number_of(crew, worker), message);
    return worker->socket >= 0;
}

static void listen_to(struct crew *crew, struct crew_worker *worker, int most)
{
    struct message message;
    for (int i = 0; i < most && worker->socket >= 0; i++) {
        enum message_received received = message_receive(worker->socket, &message, NULL);
        if (received == MESSAGE_CLOSED)
            hung_up(crew, worker);
        if (received != MESSAGE_RECEIVED || !take_answer(crew, worker, &message))
            return;
    }
}

/* One of the sockets is readable. Reading the others as well costs a system call each and spares
 * the loop a context for each worker. */
static void worker_speaks(void *context, short revents)
{
    struct crew *crew = context;
    (void)revents;
    for (int i = 0; i < crew->size; i++)
        listen_to(crew, &crew->workers[i], MESSAGES_A_TURN);
}

static void put_why(struct crew_worker *worker, int status)
{
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (worker->why[0])
        return;
    if (signal_number == SIGSYS)
        snprintf(worker->why, sizeof worker->why,
                 _("was killed: it tried something forbidden (SIGSYS)"));
    else if (signal_number == SIGPROF || signal_number == SIGXCPU)
        snprintf(worker->why, sizeof worker->why, _("used more than %g s of processor time"),
                 (double)sandbox_limits.silent_ms / 1000);
    else if (signal_number)
        snprintf(worker->why, sizeof worker->why, _("crashed (signal %d, %s)"), signal_number,
                 strsignal(signal_number));
    else if (WIFEXITED(status) && WEXITSTATUS(status) == SANDBOX_REFUSED)
        snprintf(worker->why, sizeof worker->why,
                 _("could not be confined (--no-sandbox does without)"));
    else
        snprintf(worker->why, sizeof worker->why, _("ended by itself"));
}

static int64_t restart_delay(const struct crew_worker *worker)
{
    int64_t delay = 0;
    for (int i = QUICK_DEATHS; i <= worker->deaths && delay < DELAY_MAX_MS; i++)
        delay = delay ? 2 * delay : DELAY_MS;
    return delay;
}

/* Starts another in the place of one that is gone, and only then tells of the loss; tries again
 * later when that fails. */
static void replace(struct crew *crew, struct crew_worker *worker)
{
    char why[WHY];
    memcpy(why, worker->why, sizeof why);
    if (!start_worker(crew, worker, NULL)) {
        worker->restart_ms = clock_ms() + DELAY_MAX_MS / 16;
        start_ticking(crew);
        return;
    }
    log_line(LOG_WORKER, "process %ld %s", (long)worker->lost_pid, why);
    crew->events.lost(crew->context, number_of(crew, worker), worker->lost_pid, why);
}

/* The process is no more. What it had sent before is still worth having. */
static void bury(struct crew *crew, struct crew_worker *worker, int status)
{
    worker->lost_pid = worker->pid;
    worker->leaving = true;
    put_why(worker, status);
    listen_to(crew, worker, INT16_MAX);
    close_socket(crew, worker);
    worker->pid = 0;
    worker->request = 0;
    if (strcmp(worker->why, CREW_DROPPED) != 0)
        worker->deaths = clock_ms() - worker->born_ms < QUICK_MS ? worker->deaths + 1 : 0;
    int64_t delay = restart_delay(worker);
    if (!delay) {
        replace(crew, worker);
        return;
    }
    worker->restart_ms = clock_ms() + delay;
    start_ticking(crew);
}

/* Asks the system what has become of a worker since last time. */
static void look_after(struct crew *crew, struct crew_worker *worker)
{
    pid_t pid = worker->pid;
    while (pid > 0 && worker->pid == pid) {
        int status = 0;
        pid_t changed = waitpid(pid, &status, WNOHANG | WUNTRACED | WCONTINUED);
        if (changed == 0)
            return;
        if (changed > 0 && (WIFSTOPPED(status) || WIFCONTINUED(status))) {
            worker->stopped = WIFSTOPPED(status);
            worker->quiet_ms = 0;
            start_ticking(crew);
        } else {
            bury(crew, worker, status);
        }
    }
}

static void wait_for_undead(struct crew *crew)
{
    int kept = 0;
    for (int i = 0; i < crew->undead_count; i++)
        if (waitpid(crew->undead[i], NULL, WNOHANG) == 0)
            crew->undead[kept++] = crew->undead[i];
    crew->undead_count = kept;
}

static void child_changed(void *context, short revents)
{
    struct crew *crew = context;
    (void)revents;
    child_signal_drain(crew->child_fd);
    for (int i = 0; i < crew->size; i++)
        look_after(crew, &crew->workers[i]);
    wait_for_undead(crew);
}

/* A worker's lot at a tick; true while there is a reason to look again. */
static bool check_worker(struct crew *crew, struct crew_worker *worker, int64_t passed)
{
    char why[WHY];
    if (!worker->pid) {
        if (clock_ms() >= worker->restart_ms)
            replace(crew, worker);
        return !worker->pid || worker->request;
    }
    look_after(crew, worker);
    listen_to(crew, worker, MESSAGES_A_TURN);
    if (!worker->request && !worker->stopped && !worker->leaving)
        return false;
    worker->quiet_ms += passed;
    if (worker->killed && worker->quiet_ms >= CREW_UNDEAD_MS && crew->undead_count < UNDEAD) {
        crew->undead[crew->undead_count++] = worker->pid;
        bury(crew, worker, 0);
    } else if (worker->leaving && worker->quiet_ms >= CREW_STOPPED_MS) {
        end_worker(crew, worker, _("broke the protocol: it closed its socket"));
    } else if (worker->stopped && worker->quiet_ms >= CREW_STOPPED_MS) {
        end_worker(crew, worker, _("was stopped"));
    } else if (worker->request && worker->quiet_ms >= CREW_SILENCE_MS) {
        snprintf(why, sizeof why, _("did not answer for %d s"), CREW_SILENCE_MS / 1000);
        end_worker(crew, worker, worker->cancelled ? CREW_SLOW : why);
    }
    return true;
}

/* Time is counted in ticks, each worth two at most: when the viewer itself was stopped for a while,
 * that is not held against the workers. */
static void tick(void *context)
{
    struct crew *crew = context;
    bool again = false;
    int64_t now = clock_ms();
    int64_t passed = now - crew->last_tick_ms;
    if (passed > 2 * TICK_MS)
        passed = 2 * TICK_MS;
    crew->ticking = false;
    for (int i = 0; i < crew->size; i++)
        again |= check_worker(crew, &crew->workers[i], passed);
    if (again)
        start_ticking(crew);
    crew->last_tick_ms = now;
}

struct crew *crew_new(struct loop *loop, struct arena *arena, int workers,
                      const struct worker_terms *terms, const struct crew_events *events,
                      void *context, struct fault *fault)
{
    struct crew *crew = ledger_alloc(LEDGER_TILES, sizeof *crew, fault);
    if (!crew)
        return NULL;
    crew->loop = loop;
    crew->arena = arena;
    crew->terms = *terms;
    crew->events = *events;
    crew->context = context;
    for (int i = 0; i < CREW_MAX; i++)
        crew->workers[i].socket = -1;
    crew->child_fd = child_signal_open(fault);
    if (crew->child_fd < 0)
        goto out;
    if (!loop_watch(loop, crew->child_fd, POLLIN, child_changed, crew)) {
        fault_set(fault, FAULT_WORKER, "the poll loop has no room for decoders");
        goto out;
    }
    for (; crew->size < workers && crew->size < CREW_MAX; crew->size++)
        if (!start_worker(crew, &crew->workers[crew->size], fault))
            goto out;
    return crew;
out:
    crew_free(crew);
    return NULL;
}

/* Ones that do not die in time are left to the system. */
static void wait_for_all(struct crew *crew)
{
    int64_t end = clock_ms() + FAREWELL_MS;
    for (int alive = 1; alive && clock_ms() < end;) {
        struct pollfd news = {crew->child_fd, POLLIN, 0};
        alive = 0;
        for (int i = 0; i < crew->size; i++) {
            struct crew_worker *worker = &crew->workers[i];
            if (worker->pid > 0 && waitpid(worker->pid, NULL, WNOHANG) != 0)
                worker->pid = 0;
            alive += worker->pid > 0;
        }
        if (alive && poll(&news, 1, FAREWELL_MS / 10) > 0)
            child_signal_drain(crew->child_fd);
    }
    wait_for_undead(crew);
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    for (int i = 0; i < crew->size; i++)
        end_worker(crew, &crew->workers[i], _("is not needed any more"));
    wait_for_all(crew);
    loop_timer_cancel(crew->loop, tick, crew);
    loop_unwatch(crew->loop, crew->child_fd);
    child_signal_close(crew->child_fd);
    ledger_free(LEDGER_TILES, crew, sizeof *crew);
}

int crew_size(const struct crew *crew)
{
    return crew->size;
}

pid_t crew_pid(const struct crew *crew, int number)
{
    return crew->workers[number].pid;
}

bool crew_is_busy(const struct crew *crew, int number)
{
    const struct crew_worker *worker = &crew->workers[number];
    return worker->request || worker->leaving || !worker->pid;
}

void crew_replace(struct crew *crew, int number, const char *why)
{
    end_worker(crew, &crew->workers[number], why);
}

bool crew_ask(struct crew *crew, int number, struct message *message, const int *pass_fds,
              int count)
{
    struct crew_worker *worker = &crew->workers[number];
    if (worker->socket < 0)
        return false;
    message->magic = MESSAGE_MAGIC;
    message->serial = ++worker->serial;
    message->version = 0;
    /* Whatever was cancelled is over; without this a mark 2^31 requests old would read as new. */
    __atomic_store_n(&arena_shared(crew->arena)->cancelled[number], message->serial - 1,
                     __ATOMIC_RELAXED);
    if (!message_send(worker->socket, message, pass_fds, count)) {
        if (errno == EPIPE || errno == ECONNRESET)
            hung_up(crew, worker);
        else
            end_worker(crew, worker, _("did not take its orders"));
        return false;
    }
    worker->request = message->type;
    worker->faulted = worker->cancelled = false;
    if (!worker->stopped)
        worker->quiet_ms = 0;
    start_ticking(crew);
    return true;
}

void crew_cancel(struct crew *crew, int number)
{
    struct crew_worker *worker = &crew->workers[number];
    if (!worker->request || worker->cancelled)
        return;
    worker->cancelled = true;
    if (!worker->stopped && !worker->leaving)
        worker->quiet_ms = 0;
    __atomic_store_n(&arena_shared(crew->arena)->cancelled[number], worker->serial,
                     __ATOMIC_RELAXED);
}
