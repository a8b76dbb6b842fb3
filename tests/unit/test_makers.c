/* Processes that make overviews, and what is believed of what they send. Guards tiles/makers.c and
 * tiles/maker.c; that what they make is right is the program's test (test_overviews.c). */
#include "suite.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ledger.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"
#include "tiles/maker.h"
#include "tiles/makers.h"

enum { SIDE = 4100, COPIES = 5, PATIENCE_MS = 200 };

struct rig {
    struct loop loop;
    struct makers_task task;
    enum makers_outcome outcome;
    int ends;
    struct fault fault;
};

static void ended(void *context, enum makers_outcome outcome, const struct fault *fault)
{
    struct rig *rig = context;
    rig->outcome = outcome;
    rig->ends++;
    if (fault)
        rig->fault = *fault;
    loop_stop(&rig->loop);
}

static int fresh(const char *name)
{
    return open(scratch_path(name), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void rig_init(struct rig *rig, int64_t width, int64_t height)
{
    const char *path = scratch_path("makers.tif");
    const struct tiff_recipe recipe = {.width = width,
                                       .height = height,
                                       .type = SAMPLE_U16,
                                       .rows_per_strip = 64,
                                       .value = tiff_value_plain};
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    *rig = (struct rig){.task = {.fd = open(path, O_RDONLY | O_CLOEXEC),
                                 .out = fresh("makers.out"),
                                 .scratch = fresh("makers.scratch"),
                                 .name = "makers.tif",
                                 .count = 2}};
    loop_init(&rig->loop);
}

static void rig_run(struct rig *rig)
{
    struct makers *makers = makers_new(&rig->loop, &rig->task, ended, rig, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(makers);
    CU_ASSERT(loop_run(&rig->loop, NULL));
    CU_ASSERT_EQUAL(rig->ends, 1);
    CU_ASSERT(rig->outcome != MAKERS_DONE || makers_progress(makers) == 1);
    makers_free(makers);
}

static void rig_fini(struct rig *rig)
{
    close(rig->task.fd);
    close(rig->task.out);
    close(rig->task.scratch);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_OUTPUT).current, 0);
}

static void pages_are_worked_off(void)
{
    struct rig rig;
    struct stat status;
    for (int count = 1; count <= 3; count++) {
        rig_init(&rig, SIDE, 600);
        rig.task.count = count;
        rig_run(&rig);
        CU_ASSERT_EQUAL(rig.outcome, MAKERS_DONE);
        CU_ASSERT(!fstat(rig.task.out, &status) && status.st_size > 0);
        rig_fini(&rig);
    }
    rig_init(&rig, 256, 256);
    rig_run(&rig);
    CU_ASSERT_EQUAL(rig.outcome, MAKERS_NEEDLESS);
    CU_ASSERT(!fstat(rig.task.out, &status) && status.st_size == 0);
    rig_fini(&rig);
}

/* A full disk, as far as the makers' giver of work can tell. */
static void what_cannot_be_written_is_told(void)
{
    struct rig rig;
    rig_init(&rig, SIDE, 600);
    close(rig.task.out);
    rig.task.out = open("/dev/full", O_RDWR | O_CLOEXEC);
    rig_run(&rig);
    CU_ASSERT_EQUAL(rig.outcome, MAKERS_UNWRITTEN);
    CU_ASSERT_PTR_EQUAL(strstr(rig.fault.text, "cannot be written: "), rig.fault.text);
    rig_fini(&rig);
}

/* Makers that a file has taken over. */

static int trick; /* which row */

static const struct trick {
    struct maker_head head;
    int sent; /* bytes of payload, beside what the head tells; -1: as it tells */
    const char *sentence;
} tricks[] = {
    {{.kind = MAKER_TILE, .k = 0, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = COPIES + 1, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .x = 9, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .x = -1, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .y = 99, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .y = -1, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 9 << 20}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = INT64_MAX}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = -9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 8}, -1, "not asked for"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 9, .at = 9}, -1, "not asked for"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 9}, 8, "not asked for"},
    {{.kind = MAKER_TILE, .k = 1, .bytes = 0, .whole = 9}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .x = 513, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .x = 512, .bytes = 8}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .x = -1, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .y = 75, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .y = -1, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 1, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = -1, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_SUMS, .k = 0, .bytes = 5}, -1, "not asked for"},
    {{.kind = MAKER_KINDS, .bytes = 4}, -1, "not asked for"},
    {{.kind = MAKER_TILE, .k = 1, .form = 1, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_TILE, .k = 1, .form = -1, .bytes = 9, .whole = 9}, -1, "that there is not"},
    {{.kind = MAKER_COLOURS, .bytes = 2}, -1, "not asked for"},
};

enum { TRICKS = sizeof tricks / sizeof *tricks };

static void answer(int socket, enum message_type type, uint32_t serial, struct message *message)
{
    message->magic = MESSAGE_MAGIC;
    message->type = type;
    message->serial = serial;
    if (!message_send(socket, message, NULL, 0))
        _exit(0);
}

/* Opens the file as it should; returns the first order. */
static struct maker_order begin(int socket)
{
    struct message request, reply = {.magic = 0};
    struct maker_order order;
    int fds[MESSAGE_FDS];
    if (message_receive(socket, &request, fds) != MESSAGE_RECEIVED)
        _exit(0);
    struct source *source = source_open(fds[0], -1, "trick", NULL);
    if (!source || !source_select(source, &request.body.open.choice, &reply.body.page, NULL))
        _exit(0);
    answer(socket, MESSAGE_PAGE, request.serial, &reply);
    if (recv(socket, &order, sizeof order, 0) != (ssize_t)sizeof order)
        _exit(0);
    return order;
}

static void play_trick(int socket, const struct worker_terms *terms)
{
    static struct maker_packet packet;
    const struct trick *row = &tricks[trick];
    (void)terms;
    begin(socket);
    packet.head = row->head;
    packet.head.magic = MAKER_MAGIC;
    send(socket, &packet,
         sizeof packet.head + (size_t)(row->sent < 0 ? row->head.bytes : row->sent), MSG_NOSIGNAL);
    for (;;)
        pause();
}

/* Says that all is done, and sends nothing. */
static void be_lazy(int socket, const struct worker_terms *terms)
{
    struct maker_order order = begin(socket);
    (void)terms;
    do {
        struct message done = {.magic = 0};
        answer(socket, MESSAGE_DONE, order.serial, &done);
    } while (recv(socket, &order, sizeof order, 0) == (ssize_t)sizeof order);
    _exit(0);
}

/* Ends a job within a tile. */
static void stop_short(int socket, const struct worker_terms *terms)
{
    static struct maker_packet packet;
    struct maker_order order = begin(socket);
    struct message done = {.magic = 0};
    (void)terms;
    packet.head = (struct maker_head){
        .magic = MAKER_MAGIC, .kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 10};
    send(socket, &packet, sizeof packet.head + 9, MSG_NOSIGNAL);
    answer(socket, MESSAGE_DONE, order.serial, &done);
    for (;;)
        pause();
}

static void speak_early(int socket, const struct worker_terms *terms)
{
    static struct maker_packet packet = {
        {.magic = MAKER_MAGIC, .kind = MAKER_TILE, .k = 1, .bytes = 9, .whole = 9}, {0}};
    (void)terms;
    send(socket, &packet, sizeof packet.head + 9, MSG_NOSIGNAL);
    for (;;)
        pause();
}

static void crash(int socket, const struct worker_terms *terms)
{
    (void)terms;
    begin(socket);
    raise(SIGKILL); /* of all signals, one that leaves neither a core nor a sanitizer's report */
    _exit(0);
}

static void leave(int socket, const struct worker_terms *terms)
{
    (void)terms;
    begin(socket);
    _exit(7);
}

static void hang_up(int socket, const struct worker_terms *terms)
{
    (void)terms;
    begin(socket);
    close(socket);
    for (;;)
        pause();
}

static void be_silent(int socket, const struct worker_terms *terms)
{
    (void)terms;
    begin(socket);
    for (;;)
        pause();
}

static void fails_with(void (*process)(int socket, const struct worker_terms *terms),
                       const char *sentence)
{
    struct rig rig;
    rig_init(&rig, SIDE, 600);
    rig.task.process = process;
    rig_run(&rig);
    CU_ASSERT_EQUAL(rig.outcome, MAKERS_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(rig.fault.text, sentence));
    if (!strstr(rig.fault.text, sentence))
        printf("  said: %s\n", rig.fault.text);
    rig_fini(&rig);
}

static void nothing_is_believed(void)
{
    for (trick = 0; trick < TRICKS; trick++)
        fails_with(play_trick, tricks[trick].sentence);
    fails_with(be_lazy, "of its overviews are missing");
    fails_with(stop_short, "not asked for");
    fails_with(speak_early, "not asked for");
}

static void losses_are_told(void)
{
    int64_t patience = makers_patience_ms;
    fails_with(crash, "was killed by signal 9");
    fails_with(leave, "ended with status 7");
    fails_with(hang_up, "was killed by signal 9");
    makers_patience_ms = PATIENCE_MS;
    fails_with(be_silent, "has been silent");
    makers_patience_ms = patience;
}

SUITE("makers", {"pages are worked off", pages_are_worked_off},
      {"what cannot be written is told", what_cannot_be_written_is_told},
      {"nothing is believed", nothing_is_believed}, {"losses are told", losses_are_told})
