/* The crew of decoders: real processes, killed, stopped, silent or talking nonsense. */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "base/loop.h"
#include "support/borrow.h"
#include "support/undead.h"
#include "tiles/child_signal.h"
#include "tiles/crew.h"

enum { LIMIT_MS = 30000 };

static struct loop loop;
static struct arena *arena;
static struct crew *crew;
static struct message last_answer;
static int answers, losses, kill_on_loss;
static pid_t lost_pid;
static char lost_why[200];

static void answer(void *context, int number, const struct message *message)
{
    CU_ASSERT_PTR_EQUAL(context, &loop);
    CU_ASSERT(number >= 0 && number < crew_size(crew));
    last_answer = *message;
    answers++;
}

static void lost(void *context, int number, pid_t pid, const char *why)
{
    CU_ASSERT_PTR_EQUAL(context, &loop);
    CU_ASSERT_NOT_EQUAL(crew_pid(crew, number), pid);
    CU_ASSERT_FALSE(crew_is_busy(crew, number));
    lost_pid = pid;
    snprintf(lost_why, sizeof lost_why, "%s", why);
    losses++;
    if (losses < kill_on_loss)
        kill(crew_pid(crew, number), SIGKILL);
}

static void start(int workers)
{
    static const struct crew_events events = {answer, lost};
    struct fault fault;
    loop_init(&loop);
    answers = losses = kill_on_loss = 0;
    lost_why[0] = 0;
    arena = arena_new(8, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    crew = crew_new(&loop, arena, workers, &(struct worker_terms){0}, &events, &loop, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(crew);
}

/* One that was there before the crew. */
static void old_handler(int number)
{
    (void)number;
}

static void finish(void)
{
    crew_free(crew);
    arena_free(arena);
    errno = 0;
    CU_ASSERT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    struct sigaction now;
    sigaction(SIGCHLD, NULL, &now);
    CU_ASSERT(now.sa_handler == SIG_DFL || now.sa_handler == old_handler);
}

/* Turns the loop until *counter has reached `value`. */
static void turn_until(const int *counter, int value)
{
    int64_t end = clock_ms() + LIMIT_MS;
    while (*counter < value && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&loop, 100, NULL));
    CU_ASSERT_FATAL(*counter >= value);
}

static bool ask(int number, enum message_type type)
{
    struct message message = {.type = type};
    return crew_ask(crew, number, &message, NULL, 0);
}

/* Waits until the process really is stopped, and leaves the news to the crew. */
static void stop_process(pid_t pid)
{
    siginfo_t info;
    kill(pid, SIGSTOP);
    CU_ASSERT_EQUAL_FATAL(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

/* A lone worker that has answered once, and its own end of its socket pair, to speak and to listen
 * in its name. -1 where the system does not lend it. */
static int start_and_borrow_socket(void)
{
    start(1);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 1);
    return borrow_socket(crew_pid(crew, 0));
}

static int count_entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count - 2;
}

static void requests_are_answered(void)
{
    start(2);
    CU_ASSERT_EQUAL(crew_size(crew), 2);
    CU_ASSERT_NOT_EQUAL(crew_pid(crew, 0), crew_pid(crew, 1));
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_FALSE(crew_is_busy(crew, 1));
        CU_ASSERT(ask(1, MESSAGE_REST));
        CU_ASSERT(crew_is_busy(crew, 1));
        CU_ASSERT_FALSE(crew_is_busy(crew, 0));
        turn_until(&answers, i + 1);
        CU_ASSERT_EQUAL(last_answer.type, MESSAGE_DONE);
        CU_ASSERT_EQUAL(last_answer.serial, (uint32_t)i + 1);
    }
    CU_ASSERT_EQUAL(losses, 0);
    finish();
}

static void a_worker_keeps_nothing_it_does_not_need(void)
{
    char path[64], line[256];
    int held = open("/dev/null", O_RDONLY);
    start(1);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 1);
    snprintf(path, sizeof path, "/proc/%ld/fd", (long)crew_pid(crew, 0));
    CU_ASSERT_EQUAL(count_entries(path), 4);
    snprintf(path, sizeof path, "/proc/%ld/status", (long)crew_pid(crew, 0));
    FILE *status = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(status);
    unsigned long long caught = 1, blocked = 1, ignored = 0;
    int privileges = 0;
    while (fgets(line, sizeof line, status)) {
        sscanf(line, "SigCgt: %llx", &caught);
        sscanf(line, "SigBlk: %llx", &blocked);
        sscanf(line, "SigIgn: %llx", &ignored);
        sscanf(line, "NoNewPrivs: %d", &privileges);
    }
    fclose(status);
    CU_ASSERT_EQUAL(caught & ~(3ull << 31), 0); /* 32 and 33 are glibc's own, before 2.34 caught */
    CU_ASSERT_EQUAL(blocked, 0);
    for (int i = 0; i < 3; i++)
        CU_ASSERT(ignored & 1ull << ((const int[]){SIGINT, SIGTERM, SIGPIPE}[i] - 1));
    CU_ASSERT_EQUAL(privileges, 1);
    finish();
    close(held);
}

static void replaced_after(int signal_number, bool busy, const char *why)
{
    pid_t pid = crew_pid(crew, 0), other = crew_pid(crew, 1);
    losses = answers = 0;
    if (busy) {
        stop_process(pid); /* so that it cannot have answered before the signal comes */
        CU_ASSERT(ask(0, MESSAGE_REST));
    }
    kill(pid, signal_number);
    kill(pid, busy ? SIGCONT : 0);
    turn_until(&losses, 1);
    CU_ASSERT_STRING_EQUAL(lost_why, why);
    CU_ASSERT_EQUAL(lost_pid, pid);
    CU_ASSERT_EQUAL(answers, 0);
    CU_ASSERT_NOT_EQUAL(crew_pid(crew, 0), pid);
    CU_ASSERT_EQUAL(crew_pid(crew, 1), other);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 1);
    CU_ASSERT_EQUAL(last_answer.type, MESSAGE_DONE);
    CU_ASSERT_EQUAL(losses, 1);
}

static void killed_and_crashed_workers_are_replaced(void)
{
    start(2);
    for (int busy = 0; busy < 2; busy++) {
        replaced_after(SIGKILL, busy, "crashed (signal 9, Killed)");
        replaced_after(SIGSEGV, busy, "crashed (signal 11, Segmentation fault)");
        replaced_after(SIGABRT, busy, "crashed (signal 6, Aborted)");
        /* what the sandbox ends it by */
        replaced_after(SIGSYS, busy, "was killed: it tried something forbidden (SIGSYS)");
        replaced_after(SIGPROF, busy, "used more than 60 s of processor time");
    }
    finish();
}

static void a_stopped_worker_is_replaced(void)
{
    start(2);
    for (int busy = 0; busy < 2; busy++) {
        pid_t pid = crew_pid(crew, 0);
        losses = answers = 0;
        stop_process(pid);
        if (busy)
            CU_ASSERT(ask(0, MESSAGE_REST));
        turn_until(&losses, 1);
        CU_ASSERT_STRING_EQUAL(lost_why, "was stopped");
        CU_ASSERT_EQUAL(lost_pid, pid);
        CU_ASSERT(ask(0, MESSAGE_REST));
        turn_until(&answers, 1);
    }
    finish();
}

static void a_worker_that_goes_on_in_time_stays(void)
{
    start(1);
    pid_t pid = crew_pid(crew, 0);
    stop_process(pid);
    CU_ASSERT(ask(0, MESSAGE_REST));
    loop_turn(&loop, 10, NULL);
    kill(pid, SIGCONT);
    turn_until(&answers, 1);
    for (int64_t end = clock_ms() + CREW_STOPPED_MS + 600; clock_ms() < end;)
        loop_turn(&loop, 50, NULL); /* past every tick that could take it for stopped */
    CU_ASSERT_EQUAL(losses, 0);
    CU_ASSERT_EQUAL(crew_pid(crew, 0), pid);
    finish();
}

static void a_silent_worker_is_replaced(void)
{
    int socket = start_and_borrow_socket();
    if (socket >= 0) {
        pid_t pid = crew_pid(crew, 0);
        struct message stolen;
        stop_process(pid);
        CU_ASSERT(ask(0, MESSAGE_OPEN)); /* as one does that waits for a file system */
        CU_ASSERT_EQUAL(message_receive(socket, &stolen, NULL), MESSAGE_RECEIVED);
        kill(pid, SIGCONT);
        turn_until(&losses, 1);
        CU_ASSERT_STRING_EQUAL(lost_why, "did not answer for 4 s");
        CU_ASSERT_EQUAL(lost_pid, pid);
        close(socket);
    }
    finish();
}

/* One that keeps saying that it is alive, though its request was cancelled. */
static void a_worker_that_does_not_stop_is_replaced(void)
{
    int socket = start_and_borrow_socket();
    if (socket >= 0) {
        pid_t pid = crew_pid(crew, 0);
        struct message sign = {.magic = MESSAGE_MAGIC, .type = MESSAGE_ALIVE, .serial = 2};
        struct message stolen;
        stop_process(pid);
        CU_ASSERT(ask(0, MESSAGE_STATISTICS));
        CU_ASSERT_EQUAL(message_receive(socket, &stolen, NULL), MESSAGE_RECEIVED);
        kill(pid, SIGCONT);
        crew_cancel(crew, 0);
        for (int64_t end = clock_ms() + LIMIT_MS; !losses && clock_ms() < end;) {
            CU_ASSERT(message_send(socket, &sign, NULL, 0) || losses || errno == EPIPE);
            crew_cancel(crew, 0); /* once more is no new beginning */
            loop_turn(&loop, 100, NULL);
        }
        CU_ASSERT_STRING_EQUAL(lost_why, CREW_SLOW);
        CU_ASSERT_EQUAL(lost_pid, pid);
        close(socket);
    }
    finish();
}

static void a_worker_that_cannot_die_is_replaced(void)
{
    start(2);
    pid_t victim = crew_pid(crew, 0), tracer = undead_hold(victim);
    if (tracer > 0) {
        crew_replace(crew, 0, "was not liked");
        CU_ASSERT(ask(1, MESSAGE_REST)); /* the other one goes on meanwhile */
        turn_until(&answers, 1);
        turn_until(&losses, 1);
        CU_ASSERT_EQUAL(lost_pid, victim);
        CU_ASSERT_STRING_EQUAL(lost_why, "was not liked");
        CU_ASSERT_EQUAL(waitpid(victim, NULL, WNOHANG), 0); /* it is still there */
        CU_ASSERT(ask(0, MESSAGE_REST));
        turn_until(&answers, 2);
        undead_let_go(tracer);
        for (int64_t end = clock_ms() + LIMIT_MS; !kill(victim, 0) && clock_ms() < end;)
            loop_turn(&loop, 100, NULL);
        CU_ASSERT_EQUAL(kill(victim, 0), -1); /* it was waited for once it could be */
    }
    finish();
}

static void a_worker_that_cannot_die_does_not_hold_up_the_end(void)
{
    start(2);
    pid_t victim = crew_pid(crew, 0), tracer = undead_hold(victim);
    crew_free(crew);
    if (tracer > 0) {
        CU_ASSERT_EQUAL(waitpid(victim, NULL, WNOHANG), 0);
        undead_let_go(tracer);
        CU_ASSERT_EQUAL(waitpid(victim, NULL, 0), victim);
    }
    crew = NULL;
    finish();
}

/* What a worker that was taken over by its file might say, once asked to rest. */
static const struct nonsense {
    uint32_t asked, type, serial_step; /* asked 0: nothing */
    int times;
    const char *why; /* how it begins */
} nonsenses[] = {
    {0, MESSAGE_DONE, 0, 1, "broke the protocol: it spoke without being asked"},
    {MESSAGE_REST, MESSAGE_DONE, 1, 1, "broke the protocol: an answer to request 3 instead of 2"},
    {MESSAGE_REST, MESSAGE_PROBED, 0, 1, "broke the protocol: an answer that does not fit"},
    {MESSAGE_REST, MESSAGE_REST, 0, 1, "broke the protocol: a message of type 8"},
    {MESSAGE_REST, MESSAGE_TYPES, 0, 1, "broke the protocol: a message of type"},
    {MESSAGE_TILES_WANTED, MESSAGE_FAULT, 0, 2, "broke the protocol: an answer that does not fit"},
    {MESSAGE_TILES_WANTED, MESSAGE_PAGE, 0, 1, "broke the protocol: a page's width is 0"},
};

static void speak(int socket, const struct nonsense *nonsense)
{
    struct message message = {
        .magic = MESSAGE_MAGIC, .type = nonsense->type, .serial = 2 + nonsense->serial_step};
    if (nonsense->type == MESSAGE_FAULT) {
        message.body.fault.kind = FAULT_FORMAT;
        message.body.fault.text[0] = '!';
    }
    for (int i = 0; i < nonsense->times; i++)
        CU_ASSERT(message_send(socket, &message, NULL, 0));
}

static void a_worker_that_talks_nonsense_is_replaced(void)
{
    for (size_t i = 0; i < sizeof nonsenses / sizeof *nonsenses; i++) {
        int socket = start_and_borrow_socket();
        if (socket >= 0) {
            stop_process(crew_pid(crew, 0));
            if (nonsenses[i].asked)
                CU_ASSERT(ask(0, (enum message_type)nonsenses[i].asked));
            speak(socket, &nonsenses[i]);
            turn_until(&losses, 1);
            CU_ASSERT_NSTRING_EQUAL(lost_why, nonsenses[i].why, strlen(nonsenses[i].why));
            close(socket);
        }
        finish();
    }
}

static void a_worker_that_hangs_up_is_replaced(void)
{
    for (int alive = 0; alive < 2; alive++) {
        int socket = start_and_borrow_socket();
        if (socket >= 0) {
            pid_t pid = crew_pid(crew, 0);
            if (alive) /* closed, but the process does not end */
                stop_process(pid);
            shutdown(socket, SHUT_RDWR);
            turn_until(&losses, 1);
            CU_ASSERT_STRING_EQUAL(lost_why, alive ? "broke the protocol: it closed its socket"
                                                   : "ended by itself");
            CU_ASSERT_EQUAL(lost_pid, pid);
            close(socket);
        }
        finish();
    }
}

/* Its end is noticed before its last words are read, as the signal's descriptor is the older one.
 */
static void last_words_count(void)
{
    int socket = start_and_borrow_socket();
    if (socket >= 0) {
        static const struct nonsense truth = {MESSAGE_REST, MESSAGE_DONE, 0, 1, ""};
        siginfo_t info;
        pid_t pid = crew_pid(crew, 0);
        stop_process(pid);
        CU_ASSERT(ask(0, MESSAGE_REST));
        speak(socket, &truth);
        close(socket);
        kill(pid, SIGKILL);
        CU_ASSERT_EQUAL(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
        turn_until(&losses, 1);
        CU_ASSERT_EQUAL(answers, 2);
    }
    finish();
}

static void the_asker_can_have_one_replaced(void)
{
    start(2);
    pid_t pid = crew_pid(crew, 1);
    CU_ASSERT(ask(1, MESSAGE_REST));
    crew_replace(crew, 1, "was not liked");
    CU_ASSERT(crew_is_busy(crew, 1));
    CU_ASSERT_FALSE(ask(1, MESSAGE_REST));
    turn_until(&losses, 1);
    CU_ASSERT_STRING_EQUAL(lost_why, "was not liked");
    CU_ASSERT_EQUAL(lost_pid, pid);
    CU_ASSERT(ask(1, MESSAGE_REST));
    turn_until(&answers, 1);
    finish();
}

/* Serials go on across a replacement: a mark for an earlier request must not cancel a later one. */
static void serials_rise_and_marks_are_of_the_past(void)
{
    start(1);
    struct arena_shared *shared = arena_shared(arena);
    CU_ASSERT(ask(0, MESSAGE_REST));
    CU_ASSERT_EQUAL(shared->cancelled[0], 0);
    crew_cancel(crew, 0);
    CU_ASSERT_EQUAL(shared->cancelled[0], 1);
    turn_until(&answers, 1);
    shared->cancelled[0] = 0x7fffffff; /* as left by one 2^31 requests ago */
    CU_ASSERT(ask(0, MESSAGE_REST));
    CU_ASSERT_EQUAL(shared->cancelled[0], 1);
    turn_until(&answers, 2);
    crew_cancel(crew, 0); /* idle: nothing to cancel */
    CU_ASSERT_EQUAL(shared->cancelled[0], 1);
    kill(crew_pid(crew, 0), SIGKILL);
    turn_until(&losses, 1);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 3);
    CU_ASSERT_EQUAL(last_answer.serial, 3);
    finish();
}

static void one_that_dies_again_and_again_must_wait(void)
{
    start(1);
    kill_on_loss = 7; /* each new one is killed as soon as it is there */
    kill(crew_pid(crew, 0), SIGKILL);
    bool waited = false;
    for (int64_t end = clock_ms() + LIMIT_MS; losses < 7 && clock_ms() < end;) {
        loop_turn(&loop, 100, NULL);
        if (crew_pid(crew, 0) == 0) {
            waited = true;
            CU_ASSERT(losses >= 4);
            CU_ASSERT(crew_is_busy(crew, 0));
            CU_ASSERT_FALSE(ask(0, MESSAGE_REST));
        }
    }
    CU_ASSERT(waited);
    CU_ASSERT_EQUAL(losses, 7);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 1);
    finish();
}

static void nothing_is_left_behind(void)
{
    struct sigaction mine = {.sa_handler = old_handler}, now;
    struct sigaction before;
    struct ledger_line tiles = ledger_line(LEDGER_TILES);
    int descriptors = count_entries("/proc/self/fd");
    sigaction(SIGCHLD, &mine, &before);
    start(3);
    kill(crew_pid(crew, 0), SIGKILL);
    turn_until(&losses, 1);
    stop_process(crew_pid(crew, 1));
    CU_ASSERT(ask(2, MESSAGE_REST));
    finish();
    for (int i = 0; i < LOOP_WATCHES; i++)
        CU_ASSERT_EQUAL(loop.watches[i].fd, -1);
    for (int i = 0; i < LOOP_TIMERS; i++)
        CU_ASSERT_PTR_NULL(loop.timers[i].due);
    CU_ASSERT_EQUAL(count_entries("/proc/self/fd"), descriptors);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_TILES).current, tiles.current);
    sigaction(SIGCHLD, NULL, &now);
    CU_ASSERT_PTR_EQUAL((void *)now.sa_handler, (void *)old_handler);
    sigaction(SIGCHLD, &before, NULL);
}

static void an_idle_crew_sleeps(void)
{
    start(2);
    CU_ASSERT(ask(0, MESSAGE_REST));
    turn_until(&answers, 1);
    for (int64_t end = clock_ms() + LIMIT_MS; loop.timers[0].due && clock_ms() < end;)
        loop_turn(&loop, 100, NULL);
    for (int i = 0; i < LOOP_TIMERS; i++)
        CU_ASSERT_PTR_NULL(loop.timers[i].due);
    finish();
}

static void child_signals_reach_every_listener(void)
{
    struct fault fault;
    char byte;
    int first = child_signal_open(&fault), second = child_signal_open(&fault);
    CU_ASSERT_FATAL(first >= 0 && second >= 0);
    CU_ASSERT_EQUAL(read(first, &byte, 1), -1);
    raise(SIGCHLD);
    CU_ASSERT_EQUAL(read(first, &byte, 1), 1);
    child_signal_drain(second);
    CU_ASSERT_EQUAL(read(second, &byte, 1), -1);
    child_signal_close(first);
    raise(SIGCHLD);
    CU_ASSERT_EQUAL(read(second, &byte, 1), 1);
    child_signal_close(second);
    int many[5];
    for (int i = 0; i < 5; i++)
        many[i] = child_signal_open(&fault);
    CU_ASSERT(many[3] >= 0 && many[4] == -1);
    for (int i = 0; i < 5; i++)
        child_signal_close(many[i]);
}

SUITE("crew", {"requests are answered", requests_are_answered},
      {"a worker keeps nothing it does not need", a_worker_keeps_nothing_it_does_not_need},
      {"killed and crashed workers are replaced", killed_and_crashed_workers_are_replaced},
      {"a stopped worker is replaced", a_stopped_worker_is_replaced},
      {"a worker that goes on in time stays", a_worker_that_goes_on_in_time_stays},
      {"a silent worker is replaced", a_silent_worker_is_replaced},
      {"a worker that does not stop is replaced", a_worker_that_does_not_stop_is_replaced},
      {"a worker that cannot die is replaced", a_worker_that_cannot_die_is_replaced},
      {"a worker that cannot die does not hold up the end",
       a_worker_that_cannot_die_does_not_hold_up_the_end},
      {"a worker that talks nonsense is replaced", a_worker_that_talks_nonsense_is_replaced},
      {"a worker that hangs up is replaced", a_worker_that_hangs_up_is_replaced},
      {"last words count", last_words_count},
      {"the asker can have one replaced", the_asker_can_have_one_replaced},
      {"serials rise, marks are of the past", serials_rise_and_marks_are_of_the_past},
      {"one that dies again and again must wait", one_that_dies_again_and_again_must_wait},
      {"nothing is left behind", nothing_is_left_behind},
      {"an idle crew sleeps", an_idle_crew_sleeps},
      {"child signals reach every listener", child_signals_reach_every_listener})
