/* tiles/opener and tiles/opener_child: real processes, real files, and one that cannot be opened
 * for now: its lease is held here. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/borrow.h"
#include "support/lease.h"
#include "support/loader_rig.h"
#include "support/scratch.h"
#include "support/undead.h"
#include "tiles/opener.h"
#include "tiles/opener_child.h"

enum { LIMIT_MS = 20000, OPENS = 1000, SHORT_MS = 300 };

static struct loop loop;
static struct opener *opener;
static int opened, refused, losses, here;
static int files[MESSAGE_FDS];
static struct fault refusal;
static pid_t lost_pid;
static char lost_why[100];

static void on_opened(void *context, const int fds[MESSAGE_FDS])
{
    CU_ASSERT_PTR_EQUAL(context, &loop);
    packet_close(files);
    memcpy(files, fds, sizeof files);
    opened++;
}

static void on_refused(void *context, const struct fault *fault)
{
    (void)context;
    refusal = *fault;
    refused++;
}

static void on_lost(void *context, pid_t pid, const char *why)
{
    (void)context;
    CU_ASSERT_NOT_EQUAL(opener_pid(opener), pid);
    lost_pid = pid;
    snprintf(lost_why, sizeof lost_why, "%s", why);
    losses++;
}

/* From the scratch folder, where there is a file "a" with reduced copies, and "b". */
static void start(void)
{
    static const struct opener_events events = {on_opened, on_refused, on_lost};
    struct fault fault;
    char folder[512];
    snprintf(folder, sizeof folder, "%s", scratch_path("a"));
    scratch_file("a", "a", 1);
    scratch_file("a.ovr", "copies", 6);
    scratch_file("b", "b", 1);
    *strrchr(folder, '/') = 0;
    here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CU_ASSERT_EQUAL_FATAL(chdir(folder), 0);
    opened = refused = losses = 0;
    files[0] = files[1] = -1;
    loop_init(&loop);
    opener = opener_new(&loop, &events, &loop, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(opener);
}

static void finish(void)
{
    opener_free(opener);
    packet_close(files);
    CU_ASSERT_EQUAL(fchdir(here), 0);
    close(here);
    errno = 0;
    CU_ASSERT(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    opener_silence_ms = 10000;
}

static void turn_until(const int *counter, int value)
{
    int64_t end = clock_ms() + LIMIT_MS;
    while (*counter < value && clock_ms() < end)
        CU_ASSERT_TRUE_FATAL(loop_turn(&loop, 100, NULL));
    CU_ASSERT_EQUAL(*counter, value);
}

/* Whether the descriptor is that file, for reading. */
static bool is_file(int fd, const char *path)
{
    struct stat a, b;
    return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY &&
           fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

static void check_opened(const char *name, const char *path, bool copies)
{
    int before = opened;
    opener_ask(opener, name);
    CU_ASSERT_EQUAL(opened, before);
    turn_until(&opened, before + 1);
    CU_ASSERT(is_file(files[0], path));
    CU_ASSERT_EQUAL(files[1] >= 0, copies);
}

static void names_are_opened_as_the_viewer_would(void)
{
    char path[512], own[64];
    snprintf(path, sizeof path, "%s", scratch_path("a"));
    start();
    check_opened("a", path, true); /* of the folder it was forked in */
    CU_ASSERT(is_file(files[1], scratch_path("a.ovr")));
    check_opened(path, path, true);
    check_opened("b", scratch_path("b"), false);
    int fd = open(path, O_RDONLY | O_CLOEXEC), input = dup(STDIN_FILENO);
    snprintf(own, sizeof own, "/dev/fd/%d", fd);
    check_opened(own, path, false);
    snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
    check_opened(own, path, false);
    dup2(fd, STDIN_FILENO);
    check_opened("/dev/stdin", path, false);
    dup2(input, STDIN_FILENO);
    close(input);
    close(fd);
    CU_ASSERT_EQUAL(refused + losses, 0);
    finish();
}

static void what_cannot_be_opened_has_a_sentence(void)
{
    static char name[2 * PATH_MAX];
    char wanted[FAULT_TEXT];
    memset(name, 'x', sizeof name - 1);
    start();
    opener_ask(opener, name); /* too long for the system, and for the way there */
    turn_until(&refused, 1);
    CU_ASSERT_NSTRING_EQUAL(refusal.text, name, 100);
    opener_ask(opener, "c");
    turn_until(&refused, 2);
    snprintf(wanted, sizeof wanted, "c: %s", strerror(ENOENT));
    CU_ASSERT_STRING_EQUAL(refusal.text, wanted);
    CU_ASSERT_EQUAL(refusal.kind, FAULT_FILE);
    opener_ask(opener, "/dev/null");
    turn_until(&refused, 3);
    CU_ASSERT_STRING_EQUAL(refusal.text, "/dev/null: is not a regular file");
    CU_ASSERT_EQUAL(opened + losses, 0);
    finish();
}

/* Of several asked for at once the last one comes, and nothing when that was forgotten. */
static void the_last_one_asked_for_comes(void)
{
    start();
    opener_ask(opener, "a");
    opener_ask(opener, "c");
    check_opened("b", scratch_path("b"), false);
    opener_ask(opener, "a");
    opener_forget(opener);
    for (int64_t end = clock_ms() + 100; clock_ms() < end;)
        loop_turn(&loop, 10, NULL);
    CU_ASSERT(opened == 1 && refused == 0);
    check_opened("b", scratch_path("b"), false);
    finish();
}

/* A file whose file system does not answer is refused, and the next one opened by another. */
static void a_file_that_stalls_is_refused(void)
{
    start();
    pid_t first = opener_pid(opener);
    int lease = lease_hold(scratch_path("a"));
    opener_silence_ms = SHORT_MS;
    opener_ask(opener, "a");
    turn_until(&refused, lease >= 0);
    if (lease >= 0) {
        CU_ASSERT_STRING_EQUAL(refusal.text, "a: its file system does not answer");
        CU_ASSERT(losses == 1 && lost_pid == first);
        CU_ASSERT_STRING_EQUAL(lost_why, "did not answer for 0.3 s");
        check_opened("b", scratch_path("b"), false);
    }
    lease_give_up(lease);
    finish();
}

static void a_slow_file_is_waited_for(void)
{
    start();
    int lease = lease_hold(scratch_path("a"));
    opener_ask(opener, "a");
    for (int64_t end = clock_ms() + SHORT_MS; clock_ms() < end;)
        CU_ASSERT_TRUE_FATAL(loop_turn(&loop, 50, NULL));
    CU_ASSERT(lease < 0 || opened == 0);
    lease_give_up(lease);
    turn_until(&opened, 1);
    CU_ASSERT_EQUAL(losses + refused, 0);
    finish();
}

/* Nobody waits ten seconds for a file that nobody wants any more. */
static void one_that_stalls_does_not_hold_up_the_next(void)
{
    start();
    int lease = lease_hold(scratch_path("a"));
    opener_ask(opener, "a");
    loop_turn(&loop, 50, NULL);
    check_opened("b", scratch_path("b"), false);
    CU_ASSERT(refused == 0 && losses == (lease >= 0));
    lease_give_up(lease);
    finish();
}

/* It is not the file's fault that the opener was stopped before. */
static void one_that_had_not_begun_is_asked_for_again(void)
{
    start();
    opener_silence_ms = SHORT_MS;
    rig_stop(opener_pid(opener));
    check_opened("a", scratch_path("a"), true);
    CU_ASSERT(refused == 0 && losses == 1);
    finish();
}

static void killed_openers_are_replaced(void)
{
    start();
    kill(opener_pid(opener), SIGKILL); /* with nothing in hand */
    turn_until(&losses, 1);
    check_opened("a", scratch_path("a"), true);
    rig_stop(opener_pid(opener));
    opener_ask(opener, "b");
    kill(opener_pid(opener), SIGKILL); /* with something in hand */
    turn_until(&opened, 2);
    CU_ASSERT(losses == 2 && refused == 0);
    CU_ASSERT(is_file(files[0], scratch_path("b")));
    finish();
}

static void one_that_kills_again_and_again_is_refused(void)
{
    start();
    int lease = lease_hold(scratch_path("a"));
    opener_ask(opener, "a");
    for (int i = 0; i < 3 && lease >= 0; i++) {
        CU_ASSERT_EQUAL(refused, 0);
        kill(opener_pid(opener), SIGKILL);
        turn_until(&losses, i + 1);
    }
    if (lease >= 0) {
        turn_until(&refused, 1);
        CU_ASSERT_STRING_EQUAL(refusal.text, "a: cannot be opened: the opener ended by itself");
    }
    lease_give_up(lease);
    check_opened("a", scratch_path("a"), true);
    finish();
}

static void one_that_cannot_die_holds_up_nobody(void)
{
    start();
    pid_t victim = opener_pid(opener), tracer = undead_hold(victim);
    if (tracer > 0) {
        opener_silence_ms = SHORT_MS;
        kill(victim, SIGSTOP);
        check_opened("a", scratch_path("a"), true);
        CU_ASSERT_EQUAL(waitpid(victim, NULL, WNOHANG), 0); /* it is still there */
        opener_free(opener);
        CU_ASSERT_EQUAL(waitpid(victim, NULL, WNOHANG), 0);
        undead_let_go(tracer);
        CU_ASSERT_EQUAL(waitpid(victim, NULL, 0), victim);
        opener = NULL;
    }
    finish();
}

/* What nobody sends but a process that is not ours any more. */
static const struct nonsense {
    const char *what;
    struct opener_answer answer; /* serial: how far off the request's */
    size_t bytes;                /* 0: all of it */
    int fds;
} nonsenses[] = {
    {"half an answer", {.what = OPENER_REFUSED}, 8, 0},
    {"of another request", {.serial = 1, .what = OPENER_REFUSED}, 0, 0},
    {"no such word", {.what = OPENER_REFUSED + 1}, 0, 0},
    {"no descriptor", {.what = OPENER_OPENED}, 0, 0},
    {"a descriptor too many", {.what = OPENER_REFUSED}, 0, 1},
    {"a text without an end", {.what = OPENER_REFUSED, .fault = {FAULT_FILE, ""}}, 0, -1},
};

static void nonsense_is_not_believed(void)
{
    for (size_t i = 0; i < sizeof nonsenses / sizeof *nonsenses; i++) {
        const struct nonsense *nonsense = &nonsenses[i];
        struct opener_answer answer = nonsense->answer;
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        start();
        pid_t pid = opener_pid(opener);
        check_opened("b", scratch_path("b"), false);
        int socket = borrow_socket(pid);
        rig_stop(pid);
        opener_ask(opener, "a");
        answer.serial += 2;
        if (nonsense->fds < 0)
            memset(answer.fault.text, 'x', sizeof answer.fault.text);
        if (socket >= 0) {
            CU_ASSERT(packet_send(socket, &answer,
                                  nonsense->bytes ? nonsense->bytes : sizeof answer, &nothing,
                                  nonsense->fds > 0));
            turn_until(&losses, 1);
            CU_ASSERT_STRING_EQUAL(lost_why, "broke the protocol");
            CU_ASSERT_EQUAL(lost_pid, pid);
            turn_until(&opened, 2); /* by the next one */
            CU_ASSERT_EQUAL(refused, 0);
            close(socket);
        }
        close(nothing);
        finish();
    }
}

static int descriptors_of(pid_t pid)
{
    char name[64];
    snprintf(name, sizeof name, "/proc/%ld/fd", (long)pid);
    return rig_entries(name);
}

/* It has its socket and /dev/null, and closes what it opened after it has passed it on. */
static bool comes_to_rest(void)
{
    int64_t end = clock_ms() + LIMIT_MS;
    while (descriptors_of(opener_pid(opener)) != 4 && clock_ms() < end)
        loop_turn(&loop, 10, NULL);
    return descriptors_of(opener_pid(opener)) == 4;
}

static void nothing_is_left_behind(void)
{
    int before = rig_entries("/proc/self/fd");
    start();
    check_opened("b", scratch_path("b"), false);
    int ours = rig_entries("/proc/self/fd");
    for (int i = 0; i < OPENS; i++) {
        opener_ask(opener, i % 2 ? "a" : "b");
        turn_until(&opened, i + 2);
        opener_close(opener, files);
    }
    check_opened("b", scratch_path("b"), false);
    CU_ASSERT_EQUAL(rig_entries("/proc/self/fd"), ours);
    CU_ASSERT(comes_to_rest());
    CU_ASSERT_EQUAL(losses, 0);
    finish();
    CU_ASSERT_EQUAL(rig_entries("/proc/self/fd"), before);
    for (int i = 0; i < LOOP_TIMERS; i++)
        CU_ASSERT_PTR_NULL(loop.timers[i].due);
}

/* Stopped or not. */
static void it_ends_with_the_viewer(void)
{
    for (int stopped = 0; stopped < 2; stopped++) {
        int ends[2], status;
        pid_t pid = 0;
        CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        pid_t viewer = fork();
        if (viewer == 0) {
            start();
            check_opened("a", scratch_path("a"), true);
            pid = opener_pid(opener);
            if (!comes_to_rest() || write(ends[1], &pid, sizeof pid) != sizeof pid)
                _exit(1);
            if (stopped)
                rig_stop(pid);
            _exit(0);
        }
        close(ends[1]);
        CU_ASSERT(waitpid(viewer, &status, 0) == viewer && status == 0);
        CU_ASSERT_EQUAL_FATAL(read(ends[0], &pid, sizeof pid), sizeof pid);
        CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
        prctl(PR_SET_CHILD_SUBREAPER, 0);
        close(ends[0]);
    }
}

SUITE("opener", {"names are opened as the viewer would", names_are_opened_as_the_viewer_would},
      {"what cannot be opened has a sentence", what_cannot_be_opened_has_a_sentence},
      {"the last one asked for comes", the_last_one_asked_for_comes},
      {"a file that stalls is refused", a_file_that_stalls_is_refused},
      {"a slow file is waited for", a_slow_file_is_waited_for},
      {"one that stalls does not hold up the next", one_that_stalls_does_not_hold_up_the_next},
      {"one that had not begun is asked for again", one_that_had_not_begun_is_asked_for_again},
      {"killed openers are replaced", killed_openers_are_replaced},
      {"one that kills again and again is refused", one_that_kills_again_and_again_is_refused},
      {"one that cannot die holds up nobody", one_that_cannot_die_holds_up_nobody},
      {"nonsense is not believed", nonsense_is_not_believed},
      {"nothing is left behind", nothing_is_left_behind},
      {"it ends with the viewer", it_ends_with_the_viewer})
