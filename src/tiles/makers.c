/* The makers of overviews and their work: see tiles/makers.h. Owns the processes and their sockets,
 * the order of jobs and the tables of the file; decodes nothing and believes nothing that it is
 * sent. */
#include "tiles/makers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "source/cascade.h"
#include "source/copies_file.h"
#include "tiles/maker.h"

enum { TICK_MS = 1000, PACKETS = 16 /* read from one maker before the next has its turn */ };

int64_t makers_patience_ms = 60000;

struct hand {
    struct makers *makers;
    pid_t pid; /* 0: none */
    int socket;
    uint32_t serial;
    bool opening, busy;
    struct area job;
    int64_t done; /* samples of it */
    int64_t heard_ms;
    int64_t tile_at, tile_left; /* of the tile that is coming */
};

struct makers {
    struct loop *loop;
    struct makers_task task;
    void (*ended)(void *context, enum makers_outcome outcome, const struct fault *fault);
    void *context;
    bool over;
    struct page page; /* width 0: not known */
    struct copies copies;
    struct copies_file file;

    /* The pass under way: of the page, or of the sums of copy `base`. */
    int base;
    struct copies_cut cut;
    int64_t jobs, next_job;
    int64_t sums_in, sums_out; /* where sums lie in the scratch file */
    double done, all;          /* samples of all passes */

    struct hand hands[COPIES_MAKERS];
    bool unwritten; /* the file of overviews could not be */
    union {
        struct message message;
        struct maker_packet packet;
    } received;
};

static void end(struct makers *makers, enum makers_outcome outcome, const struct fault *fault)
{
    if (makers->over)
        return;
    makers->over = true;
    makers->ended(makers->context, outcome, fault);
}

static void fail(struct makers *makers, const struct fault *fault)
{
    end(makers, makers->unwritten ? MAKERS_UNWRITTEN : MAKERS_FAILED, fault);
}

/* Jobs. */

static void send_order(struct hand *hand)
{
    const struct makers *makers = hand->makers;
    struct maker_order order = {.magic = MAKER_MAGIC,
                                .serial = ++hand->serial,
                                .copies = makers->copies,
                                .base = makers->base,
                                .area = hand->job,
                                .cut_width = makers->cut.width,
                                .band = makers->cut.band,
                                .sums_at = makers->sums_in};
    hand->busy = true;
    hand->done = 0;
    hand->heard_ms = clock_ms();
    /* One that is gone is heard of through its socket. */
    send(hand->socket, &order, sizeof order, MSG_NOSIGNAL);
}

static void begin_pass(struct makers *makers, int base)
{
    const struct copies *copies = &makers->copies;
    makers->base = base;
    makers->jobs = copies_jobs(&makers->cut);
    makers->next_job = 0;
    makers->sums_in = makers->sums_out;
    if (base)
        makers->sums_out += reduced_size(copies->width, base) * reduced_size(copies->height, base) *
                            copies->channels * (int64_t)cascade_sum_bytes(copies, base);
}

static bool anyone_busy(const struct makers *makers)
{
    for (int i = 0; i < makers->task.count; i++)
        if (makers->hands[i].busy)
            return true;
    return false;
}

static void next_pass(struct makers *makers)
{
    struct fault fault;
    int base = makers->base + CASCADE_LEVELS;
    if (base < makers->copies.count) {
        copies_cut_sums(&makers->copies, base, &makers->cut);
        begin_pass(makers, base);
    } else if (copies_file_complete(&makers->file, &fault)) {
        end(makers, MAKERS_DONE, NULL);
    } else {
        fail(makers, &fault);
    }
}

static void dispatch(struct makers *makers)
{
    if (!makers->copies.count || makers->over)
        return;
    if (makers->next_job == makers->jobs && !anyone_busy(makers))
        next_pass(makers);
    for (int i = 0; !makers->over && i < makers->task.count; i++) {
        struct hand *hand = &makers->hands[i];
        if (hand->opening || hand->busy || makers->next_job == makers->jobs)
            continue;
        hand->job = copies_job(&makers->cut, makers->next_job++);
        send_order(hand);
    }
}

/* What makers send. */

/* Tells the system's troubles with the file of overviews from a maker's errors. Returns false. */
static bool not_written(struct makers *makers, const struct fault *fault)
{
    makers->unwritten = fault->kind == FAULT_FILE;
    return false;
}

/* Decoders begin most sentences with the name they were given, which the caller puts there too. */
static const char *without_name(const char *text, const char *name)
{
    size_t length = strnlen(name, MESSAGE_NAME - 1);
    return !strncmp(text, name, length) && !strncmp(text + length, ": ", 2) ? text + length + 2
                                                                            : text;
}

static bool take_page(struct hand *hand, const struct page *page, struct fault *fault)
{
    struct makers *makers = hand->makers;
    hand->opening = false;
    if (makers->page.width)
        return page_same(&makers->page, page) ||
               fault_set(fault, FAULT_FILE, "changes while it is read");
    makers->page = *page;
    if (!copies_plan(page, &makers->copies, fault))
        return false;
    if (!makers->copies.count) {
        end(makers, MAKERS_NEEDLESS, NULL);
        return true;
    }
    copies_cut_page(&makers->copies, page, makers->task.count, &makers->cut);
    for (int base = 0; base < makers->copies.count; base += CASCADE_LEVELS)
        makers->all +=
            (double)reduced_size(page->width, base) * (double)reduced_size(page->height, base);
    begin_pass(makers, 0);
    return copies_file_begin(&makers->file, makers->task.out, &makers->copies, fault) ||
           not_written(makers, fault);
}

static bool unexpected(struct fault *fault)
{
    return fault_set(fault, FAULT_WORKER, "its decoder answered what it was not asked for");
}

static bool take_message(struct hand *hand, struct fault *fault)
{
    struct makers *makers = hand->makers;
    struct message *message = &makers->received.message;
    if (!message_check_answer(message, hand->serial, fault))
        return false;
    if (message->type == MESSAGE_FAULT)
        return fault_set(fault, (enum fault_kind)message->body.fault.kind, "%s",
                         without_name(message->body.fault.text, makers->task.name));
    if (message->type == MESSAGE_PAGE && hand->opening)
        return take_page(hand, &message->body.page, fault);
    int64_t all = hand->job.width * hand->job.height;
    if (message->type == MESSAGE_ALIVE && hand->busy)
        hand->done = clamp64(message->body.alive.done, 0, all);
    else if (message->type == MESSAGE_DONE && hand->busy && !hand->tile_left) {
        makers->done += (double)all;
        hand->busy = false;
        hand->done = 0;
    } else
        return unexpected(fault);
    return true;
}

static bool take_tile(struct hand *hand, const struct maker_head *head, struct fault *fault)
{
    struct makers *makers = hand->makers;
    if (!head->at) {
        if (hand->tile_left)
            return unexpected(fault);
        hand->tile_left = head->whole;
        if (!copies_file_place(&makers->file, head->form, head->k, head->x, head->y,
                               (size_t)head->whole, &hand->tile_at, fault))
            return not_written(makers, fault);
    }
    if (head->bytes > hand->tile_left)
        return unexpected(fault);
    int64_t at = hand->tile_at;
    hand->tile_at += head->bytes;
    hand->tile_left -= head->bytes;
    return copies_file_write(makers->task.out, at, makers->received.packet.payload,
                             (size_t)head->bytes, fault) ||
           not_written(makers, fault);
}

static bool take_sums(struct makers *makers, const struct maker_head *head, struct fault *fault)
{
    const struct copies *copies = &makers->copies;
    int k = makers->base + CASCADE_LEVELS;
    int64_t size = (int64_t)cascade_sum_bytes(copies, k), n = head->bytes / size;
    int64_t width = reduced_size(copies->width, k), height = reduced_size(copies->height, k);
    if (k >= copies->count || head->bytes % size || head->k < 0 || head->k >= copies->channels ||
        head->x < 0 || head->x > width - n || head->y < 0 || head->y >= height)
        return unexpected(fault);
    int64_t at = (head->y * copies->channels + head->k) * width + head->x;
    return copies_file_write(makers->task.scratch, makers->sums_out + at * size,
                             makers->received.packet.payload, (size_t)head->bytes, fault) ||
           fault_context(fault, "the temporary file for sums of its samples");
}

/* Each maker sends them all. */
static bool take_colours(struct makers *makers, const struct maker_head *head, struct fault *fault)
{
    int64_t values = copies_file_colours(&makers->copies) / (int64_t)sizeof(uint16_t);
    int64_t n = head->bytes / (int64_t)sizeof(uint16_t);
    if (head->bytes % (int32_t)sizeof(uint16_t) || head->x < 0 || head->x > values - n)
        return unexpected(fault);
    return copies_file_write(makers->task.out,
                             makers->file.colours + head->x * (int64_t)sizeof(uint16_t),
                             makers->received.packet.payload, (size_t)head->bytes, fault) ||
           not_written(makers, fault);
}

static bool take_packet(struct hand *hand, ssize_t count, struct fault *fault)
{
    const struct maker_head *head = &hand->makers->received.packet.head;
    if (count == (ssize_t)sizeof(struct message) && head->magic == MESSAGE_MAGIC)
        return take_message(hand, fault);
    if (count < (ssize_t)sizeof *head || head->magic != MAKER_MAGIC || head->bytes < 1 ||
        head->bytes != count - (ssize_t)sizeof *head || !hand->busy)
        return unexpected(fault);
    if (head->kind == MAKER_TILE)
        return take_tile(hand, head, fault);
    if (head->kind == MAKER_COLOURS)
        return take_colours(hand->makers, head, fault);
    return head->kind == MAKER_SUMS ? take_sums(hand->makers, head, fault) : unexpected(fault);
}

/* A maker's socket is closed: it says why first, unless it was killed. */
static void lose(struct hand *hand)
{
    struct fault fault;
    int status = 0;
    kill(hand->pid, SIGKILL); /* it need not be ending, and if it is, that changes nothing */
    waitpid(hand->pid, &status, 0);
    hand->pid = 0;
    if (WIFSIGNALED(status))
        fault_set(&fault, FAULT_WORKER, "its decoder was killed by signal %d (%s)",
                  WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        fault_set(&fault, FAULT_WORKER, "its decoder ended with status %d", WEXITSTATUS(status));
    fail(hand->makers, &fault);
}

static void hear(void *context, short revents)
{
    struct hand *hand = context;
    struct makers *makers = hand->makers;
    struct fault fault;
    (void)revents;
    for (int i = 0; !makers->over && i < PACKETS; i++) {
        ssize_t count =
            recv(hand->socket, &makers->received, sizeof makers->received, MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (count < 0 && (errno == EINTR || errno == ECONNRESET))
            continue;
        if (count <= 0) {
            lose(hand);
            return;
        }
        hand->heard_ms = clock_ms();
        if (!take_packet(hand, count, &fault))
            fail(makers, &fault);
    }
    dispatch(makers);
}

/* Life. */

static void tick(void *context)
{
    struct makers *makers = context;
    struct fault fault;
    int64_t now = clock_ms();
    for (int i = 0; i < makers->task.count; i++) {
        const struct hand *hand = &makers->hands[i];
        if ((hand->opening || hand->busy) && now - hand->heard_ms >= makers_patience_ms) {
            fault_set(&fault, FAULT_WORKER, "its decoder has been silent for %lld s",
                      (long long)(makers_patience_ms / 1000));
            fail(makers, &fault);
        }
    }
    if (!makers->over)
        loop_timer(makers->loop, min64(TICK_MS, makers_patience_ms), tick, makers);
}

static bool ask_to_open(struct hand *hand, struct fault *fault)
{
    const struct makers_task *task = &hand->makers->task;
    const int pass[MESSAGE_FDS] = {task->fd, task->scratch};
    struct message request = {
        .magic = MESSAGE_MAGIC, .type = MESSAGE_OPEN, .serial = ++hand->serial};
    request.body.open.choice = task->choice;
    request.body.open.choice.apart = 1;
    snprintf(request.body.open.name, sizeof request.body.open.name, "%s", task->name);
    hand->opening = true;
    hand->heard_ms = clock_ms();
    return message_send(hand->socket, &request, pass, MESSAGE_FDS) ||
           fault_errno(fault, errno, "asking a decoder");
}

/* Forks with all signals held back, so that no handler of the caller's runs in the child. */
static pid_t fork_maker(const struct makers_task *task, int socket)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0 && task->process)
        task->process(socket, &task->terms);
    if (pid == 0)
        maker_main(socket, &task->terms);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

static bool start(struct hand *hand, struct fault *fault)
{
    struct makers *makers = hand->makers;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return fault_errno(fault, errno, "a socket for a decoder");
    hand->socket = ends[0];
    hand->pid = fork_maker(&makers->task, ends[1]);
    close(ends[1]);
    if (hand->pid < 0) {
        hand->pid = 0;
        return fault_errno(fault, EAGAIN, "starting a decoder");
    }
    if (!loop_watch(makers->loop, hand->socket, POLLIN, hear, hand))
        return fault_errno(fault, EMFILE, "starting a decoder");
    return ask_to_open(hand, fault);
}

static void stop(struct hand *hand)
{
    if (hand->socket >= 0) {
        loop_unwatch(hand->makers->loop, hand->socket);
        close(hand->socket);
    }
    if (hand->pid > 0) {
        kill(hand->pid, SIGKILL);
        waitpid(hand->pid, NULL, 0);
    }
}

struct makers *makers_new(struct loop *loop, const struct makers_task *task,
                          void (*ended)(void *context, enum makers_outcome outcome,
                                        const struct fault *fault),
                          void *context, struct fault *fault)
{
    struct makers *makers = ledger_alloc(LEDGER_OUTPUT, sizeof *makers, fault);
    if (!makers)
        return NULL;
    makers->loop = loop;
    makers->task = *task;
    makers->ended = ended;
    makers->context = context;
    bool fine = true;
    for (int i = 0; i < task->count; i++)
        makers->hands[i] = (struct hand){.makers = makers, .socket = -1};
    for (int i = 0; fine && i < task->count; i++)
        fine = start(&makers->hands[i], fault);
    if (fine && loop_timer(loop, min64(TICK_MS, makers_patience_ms), tick, makers))
        return makers;
    makers_free(makers);
    return NULL;
}

void makers_free(struct makers *makers)
{
    if (!makers)
        return;
    loop_timer_cancel(makers->loop, tick, makers);
    for (int i = 0; i < makers->task.count; i++)
        stop(&makers->hands[i]);
    ledger_free(LEDGER_OUTPUT, makers, sizeof *makers);
}

double makers_progress(const struct makers *makers)
{
    double done = makers->done;
    for (int i = 0; i < makers->task.count; i++)
        done += (double)makers->hands[i].done;
    return makers->all > 0 ? done / makers->all : 0;
}

const struct copies *makers_copies(const struct makers *makers)
{
    return &makers->copies;
}
