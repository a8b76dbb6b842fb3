/* The decoder process by itself, spoken to over its socket: what it answers, and how it ends. What
 * it drops first (tiles/sandbox.c) is looked at from outside in test_crew. */
#include "suite.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <tiff.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/tiff_maker.h"
#include "tiles/message.h"
#include "tiles/sandbox.h"
#include "tiles/worker.h"

enum { LIMIT_MS = 30000, NUMBER = 5 };

static char path[200];
static struct arena *arena;
static int viewer_end = -1;
static pid_t pid;
static struct message answer;

static void start(void)
{
    int ends[2];
    arena = arena_new(64, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    pid = fork();
    CU_ASSERT_FATAL(pid >= 0);
    if (pid == 0)
        worker_main(ends[1], NUMBER, arena, &(struct worker_terms){0});
    close(ends[1]);
    viewer_end = ends[0];
}

/* Closes the viewer's end; returns the process's status. */
static int finish(void)
{
    int status = -1;
    close(viewer_end);
    CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
    arena_free(arena);
    return status;
}

static void make_file(int64_t width, int64_t height, enum sample_type type)
{
    struct tiff_recipe recipe = {.width = width,
                                 .height = height,
                                 .type = type,
                                 .compression = COMPRESSION_ADOBE_DEFLATE,
                                 .rows_per_strip = 64,
                                 .pages = 2,
                                 .value = type == SAMPLE_U8 ? tiff_value_byte : tiff_value_plain};
    const char *place = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/worker-%ld.tif", place ? place : "/tmp", (long)getpid());
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
}

static void tell_passing(struct message *message, uint32_t serial, const int *fds, int count)
{
    message->magic = MESSAGE_MAGIC;
    message->serial = serial;
    CU_ASSERT_FATAL(message_send(viewer_end, message, fds, count));
}

static void tell(struct message *message, uint32_t serial)
{
    tell_passing(message, serial, NULL, 0);
}

static uint32_t hear(uint32_t serial)
{
    struct pollfd polled = {viewer_end, POLLIN, 0};
    CU_ASSERT_EQUAL_FATAL(poll(&polled, 1, LIMIT_MS), 1);
    CU_ASSERT_EQUAL_FATAL(message_receive(viewer_end, &answer, NULL), MESSAGE_RECEIVED);
    CU_ASSERT_FATAL(message_check_answer(&answer, serial, NULL));
    return answer.type;
}

static uint32_t ask(enum message_type type, uint32_t serial)
{
    struct message message = {.type = type};
    tell(&message, serial);
    return hear(serial);
}

static uint32_t ask_open(uint32_t serial)
{
    struct message message = {.type = MESSAGE_OPEN, .body.open.name = "the file"};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    CU_ASSERT_FATAL(fd >= 0);
    tell_passing(&message, serial, &fd, 1);
    close(fd);
    return hear(serial);
}

/* Columns by rows tiles at full size, each into the slot of its index. */
static void tell_wanted(uint32_t serial, int32_t page, int32_t columns, int32_t rows)
{
    struct message message = {.type = MESSAGE_TILES_WANTED,
                              .body.wanted.span = {.page = page, .columns = columns, .rows = rows}};
    for (int32_t i = 0; i < MESSAGE_TILES; i++)
        message.body.wanted.slots[i] = i < columns * rows ? i : -1;
    tell(&message, serial);
}

static void requests_out_of_turn_get_a_fault(void)
{
    static const enum message_type early[] = {MESSAGE_OPEN, MESSAGE_SELECT, MESSAGE_STATISTICS,
                                              MESSAGE_PROBE, MESSAGE_COUNT};
    start();
    for (uint32_t i = 0; i < sizeof early / sizeof *early; i++)
        CU_ASSERT_EQUAL(ask(early[i], i), MESSAGE_FAULT);
    tell_wanted(9, 0, 1, 1);
    CU_ASSERT_EQUAL(hear(9), MESSAGE_FAULT);
    CU_ASSERT_EQUAL(hear(9), MESSAGE_DONE);
    CU_ASSERT_EQUAL(ask(MESSAGE_INFORM, 8), MESSAGE_DONE);
    CU_ASSERT_EQUAL(ask(MESSAGE_REST, 10), MESSAGE_DONE);
    CU_ASSERT_EQUAL(ask(MESSAGE_CLOSE, 11), MESSAGE_DONE);
    CU_ASSERT_EQUAL(finish(), 0);
}

static void tiles_come_for_the_selected_page_only(void)
{
    make_file(300, 300, SAMPLE_U8);
    start();
    CU_ASSERT_EQUAL_FATAL(ask_open(1), MESSAGE_PAGE);
    CU_ASSERT_EQUAL(answer.body.page.count, 2);
    tell_wanted(2, 1, 1, 1);
    CU_ASSERT_EQUAL(hear(2), MESSAGE_FAULT);
    CU_ASSERT_EQUAL(hear(2), MESSAGE_DONE);
    tell_wanted(3, 0, 2, 2);
    for (int i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(hear(3), MESSAGE_TILE);
    CU_ASSERT_EQUAL(hear(3), MESSAGE_DONE);
    arena_recut(arena, 1); /* the worker has cut by what it read */
    const uint8_t *codes = arena_slot(arena, 1);
    CU_ASSERT_EQUAL(codes[7 * TILE_SIDE + 3], tiff_value_byte(TILE_SIDE + 3, 7, 0));
    struct message message = {.type = MESSAGE_SELECT, .body.open.choice.index = 2};
    tell(&message, 4);
    CU_ASSERT_EQUAL(hear(4), MESSAGE_FAULT);
    message.body.open.choice.index = 1;
    tell(&message, 5);
    CU_ASSERT_EQUAL(hear(5), MESSAGE_PAGE);
    CU_ASSERT_EQUAL(answer.body.page.index, 1);
    CU_ASSERT_EQUAL(ask(MESSAGE_CLOSE, 6), MESSAGE_DONE);
    CU_ASSERT_EQUAL(ask(MESSAGE_PROBE, 7), MESSAGE_FAULT);
    CU_ASSERT_EQUAL(finish(), 0);
    unlink(path);
}

static void pages_and_facts_are_told(void)
{
    make_file(300, 300, SAMPLE_U8);
    start();
    CU_ASSERT_EQUAL_FATAL(ask_open(1), MESSAGE_PAGE);
    CU_ASSERT_EQUAL(ask(MESSAGE_COUNT, 2), MESSAGE_PAGES);
    CU_ASSERT(answer.body.pages.count == 2 && !answer.body.pages.counting);
    struct message message = {.type = MESSAGE_INFORM};
    tell(&message, 3);
    while (hear(3) == MESSAGE_FACT)
        CU_ASSERT(answer.body.fact.name[0]);
    CU_ASSERT_EQUAL(answer.type, MESSAGE_DONE);
    CU_ASSERT_EQUAL(finish(), 0);
    unlink(path);
}

static void cancelled_requests_end_early(void)
{
    /* the mark, the request's serial, and whether that is one of those cancelled */
    static const struct {
        uint32_t mark, serial;
        bool cancelled;
    } cases[] = {{10, 11, false},
                 {11, 11, true},
                 {12, 11, true},
                 {0xffffffff, 1, false},
                 {0xffffffff, 0xfffffffe, true},
                 {1, 0xffffffff, true},
                 {0x7fffffff, 0xfffffff0, false}};
    make_file(1024, 1024, SAMPLE_U16);
    start();
    CU_ASSERT_EQUAL_FATAL(ask_open(1), MESSAGE_PAGE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int tiles = 0;
        arena_shared(arena)->cancelled[NUMBER] = cases[i].mark;
        tell_wanted(cases[i].serial, 0, 4, 4);
        while (hear(cases[i].serial) != MESSAGE_DONE)
            tiles += answer.type == MESSAGE_TILE;
        CU_ASSERT_EQUAL(tiles < 16, cases[i].cancelled);
        struct message message = {.type = MESSAGE_STATISTICS};
        tell(&message, cases[i].serial);
        while (hear(cases[i].serial) == MESSAGE_ALIVE)
            continue;
        CU_ASSERT_EQUAL(answer.type, MESSAGE_COUNTED);
        CU_ASSERT_EQUAL(answer.body.counted.complete, !cases[i].cancelled);
    }
    CU_ASSERT_EQUAL(finish(), 0);
    unlink(path);
}

/* Stops the worker after the first row of tiles and lets it go on a while later: the next thing it
 * does should be to show that it is alive. False when it did not (it may have been too quick for
 * that).
 */
static bool alive_after_a_pause(uint32_t serial)
{
    siginfo_t info;
    int signs = 0, tiles = 0;
    tell_wanted(serial, 0, 8, 8);
    while (tiles < 8)
        tiles += hear(serial) == MESSAGE_TILE;
    kill(pid, SIGSTOP);
    waitid(P_PID, (id_t)pid, &info, WSTOPPED);
    struct pollfd polled = {viewer_end, POLLIN, 0};
    while (poll(&polled, 1, 0) == 1)
        if (hear(serial) == MESSAGE_DONE) {
            kill(pid, SIGCONT);
            return false;
        }
    for (int64_t end = clock_ms() + 250; clock_ms() < end;)
        poll(NULL, 0, 50);
    kill(pid, SIGCONT);
    while (hear(serial) != MESSAGE_DONE)
        signs += answer.type == MESSAGE_ALIVE;
    return signs > 0;
}

/* The worker gets what time this process leaves it on the same processor, so that it can be stopped
 * in the middle of its work. */
static void share_processor(cpu_set_t *before)
{
    struct sched_param none = {0};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    CU_ASSERT_EQUAL(sched_getaffinity(0, sizeof *before, before), 0);
    CU_ASSERT_EQUAL(sched_setaffinity(0, sizeof one, &one), 0);
    CU_ASSERT_EQUAL(sched_setaffinity(pid, sizeof one, &one), 0);
    /* By its number: musl has the name, and refuses. */
    CU_ASSERT_EQUAL(syscall(SYS_sched_setscheduler, pid, SCHED_IDLE, &none), 0);
}

static void long_requests_show_signs_of_life(void)
{
    uint32_t serial = 1;
    cpu_set_t before;
    make_file(2048, 2048, SAMPLE_U16);
    start();
    CU_ASSERT_EQUAL_FATAL(ask_open(1), MESSAGE_PAGE);
    share_processor(&before);
    do
        serial++;
    while (!alive_after_a_pause(serial) && serial < 20);
    CU_ASSERT(serial < 20);
    CU_ASSERT_EQUAL(sched_setaffinity(0, sizeof before, &before), 0);
    CU_ASSERT_EQUAL(finish(), 0);
    unlink(path);
}

static void a_request_has_its_processor_time(void)
{
    struct sandbox_limits before = sandbox_limits;
    make_file(4096, 4096, SAMPLE_U16);
    sandbox_limits.silent_ms = 20;
    start();
    sandbox_limits = before;
    struct message message = {.type = MESSAGE_OPEN, .body.open.name = "the file"};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    tell_passing(&message, 1, &fd, 1);
    close(fd);
    message = (struct message){.type = MESSAGE_TILES_WANTED,
                               .body.wanted.span = {0, 4, 0, 0, 1, 1}}; /* all of it in one */
    tell(&message, 2);
    while (message_receive(viewer_end, &answer, NULL) == MESSAGE_RECEIVED &&
           answer.type != MESSAGE_DONE)
        continue;
    int status = finish();
    CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF);
    unlink(path);
}

/* So many requests that together they take more than one of them may. */
static void each_request_has_its_own(void)
{
    struct sandbox_limits before = sandbox_limits;
    struct timespec used = {0};
    clockid_t clock;
    make_file(300, 300, SAMPLE_U16);
    sandbox_limits.request_ms = 500;
    start();
    sandbox_limits = before;
    CU_ASSERT_EQUAL_FATAL(ask_open(1), MESSAGE_PAGE);
    CU_ASSERT_EQUAL_FATAL(clock_getcpuclockid(pid, &clock), 0);
    for (uint32_t serial = 2; used.tv_sec < 1; serial++) {
        tell_wanted(serial, 0, 2, 2);
        while (hear(serial) != MESSAGE_DONE)
            continue;
        CU_ASSERT_EQUAL_FATAL(clock_gettime(clock, &used), 0);
    }
    CU_ASSERT_EQUAL(finish(), 0);
    unlink(path);
}

static void a_viewer_that_talks_nonsense_is_left(void)
{
    struct message message = {.magic = MESSAGE_MAGIC, .type = MESSAGE_DONE};
    start();
    CU_ASSERT(message_send(viewer_end, &message, NULL, 0));
    struct pollfd polled = {viewer_end, POLLIN, 0};
    CU_ASSERT_EQUAL(poll(&polled, 1, LIMIT_MS), 1);
    CU_ASSERT_EQUAL(message_receive(viewer_end, &answer, NULL), MESSAGE_CLOSED);
    int status = finish();
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

/* In between stands a viewer that dies: its worker must not outlive it. */
static void a_worker_dies_with_its_viewer(void)
{
    int ends[2], tube[2];
    CU_ASSERT_EQUAL_FATAL(pipe(tube), 0);
    pid_t viewer = fork();
    CU_ASSERT_FATAL(viewer >= 0);
    if (viewer == 0) {
        pid_t self = -1;
        if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0 && (self = fork()) == 0)
            worker_main(ends[1], 0, arena_new(8, NULL), &(struct worker_terms){0});
        viewer_end = ends[0];
        if (ask(MESSAGE_REST, 1) == MESSAGE_DONE && write(tube[1], &self, sizeof self) > 0)
            kill(self, SIGSTOP); /* so that it cannot end for want of a viewer */
        raise(SIGKILL);
    }
    pid_t worker = 0;
    int status;
    close(tube[1]);
    CU_ASSERT_EQUAL(read(tube[0], &worker, sizeof worker), (ssize_t)sizeof worker);
    waitpid(viewer, &status, 0);
    int64_t end = clock_ms() + LIMIT_MS;
    char name[64], state = 0;
    do {
        snprintf(name, sizeof name, "/proc/%ld/stat", (long)worker);
        FILE *file = fopen(name, "r");
        state = 'Z';
        if (file) {
            CU_ASSERT(fscanf(file, "%*d (%*[^)]) %c", &state) <= 1);
            fclose(file);
        }
    } while (state != 'Z' && state != 'X' && clock_ms() < end);
    CU_ASSERT(state == 'Z' || state == 'X');
    close(tube[0]);
}

SUITE("worker", {"requests out of turn get a fault", requests_out_of_turn_get_a_fault},
      {"tiles come for the selected page only", tiles_come_for_the_selected_page_only},
      {"pages and facts are told", pages_and_facts_are_told},
      {"cancelled requests end early", cancelled_requests_end_early},
      {"long requests show signs of life", long_requests_show_signs_of_life},
      {"a request has its processor time", a_request_has_its_processor_time},
      {"each request has its own", each_request_has_its_own},
      {"a viewer that talks nonsense is left", a_viewer_that_talks_nonsense_is_left},
      {"a worker dies with its viewer", a_worker_dies_with_its_viewer})
