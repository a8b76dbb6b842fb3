/* Where scripts come from: see askers.h. Owns what was read of them. */
#include "askers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ledger.h"
#include "session_parts.h"

enum { SCRIPT_MOST = 1 << 20, INPUT_BYTES = 64 * 1024, EXIT_FAILED = 1 };

/* What a sentence is on one line: words of the script in it may have line ends. */
static const char *one_line(struct fault *fault)
{
    for (char *c = fault->text; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    return fault->text;
}

static void print_answer(struct script_run *run)
{
    fputs(run->reply.text, stdout);
    if (!run->good)
        fprintf(stderr, "error: %s\n", one_line(&run->fault));
    fflush(stdout);
}

/* ---- keys ---- */

static void answer_key(struct session *session, struct script_run *run)
{
    (void)session;
    print_answer(run);
}

void askers_key(struct session *session, const char *script)
{
    static const struct script_asker asker = {answer_key, false, true};
    struct fault fault;
    if (!scripts_start(session, script, &asker, 0, &fault))
        session_message(session, fault.text);
}

/* ---- options ---- */

/* A script in a file is a program: where a command fails it ends, and the viewer with it. */
static void answer_file(struct session *session, struct script_run *run)
{
    print_answer(run);
    if (run->good)
        return;
    session->exit_status = EXIT_FAILED;
    session_quit(session);
}

static void begin_file(struct session *session)
{
    static const struct script_asker asker = {answer_file, false, false};
    struct fault fault;
    if (session->askers.script &&
        !scripts_start(session, session->askers.script, &asker, 0, &fault))
        session_message(session, fault.text);
}

static void answer_option(struct session *session, struct script_run *run)
{
    print_answer(run);
    begin_file(session);
}

static bool read_all(struct session *session, int fd, const char *path, struct fault *fault)
{
    struct askers *askers = &session->askers;
    size_t used = 0;
    ssize_t count = 1;
    while (used < SCRIPT_MOST && (count > 0 || (count < 0 && errno == EINTR))) {
        count = read(fd, askers->script + used, SCRIPT_MOST - used);
        used += count > 0 ? (size_t)count : 0;
    }
    if (count < 0)
        return fault_errno(fault, errno, "%s", path);
    if (used == SCRIPT_MOST)
        return fault_set(fault, FAULT_USAGE, "%s: a script of more than 1 MiB", path);
    if (memchr(askers->script, 0, used))
        return fault_set(fault, FAULT_USAGE, "%s: is no script: it has zero bytes", path);
    askers->script[used] = 0;
    return true;
}

bool askers_read(struct session *session, struct fault *fault)
{
    struct askers *askers = &session->askers;
    const char *path = session->options->script;
    if (!path)
        return true;
    askers->script = ledger_alloc(LEDGER_UI, SCRIPT_MOST, fault);
    if (!askers->script)
        return false;
    askers->script_bytes = SCRIPT_MOST;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_errno(fault, errno, "%s", path);
    bool read = read_all(session, fd, path, fault);
    close(fd);
    return read;
}

/* ---- standard input ---- */

static void answer_line(struct session *session, struct script_run *run)
{
    fputs(run->reply.text, stdout);
    if (run->good)
        puts("ok");
    else
        printf("error: %s\n", one_line(&run->fault));
    if (fflush(stdout))
        session_quit(session); /* nobody listens any more */
    session->exit_status = run->good ? session->exit_status : EXIT_FAILED;
    session->askers.busy = false;
}

static void input_came(void *context, short revents)
{
    struct session *session = context;
    struct askers *askers = &session->askers;
    (void)revents;
    ssize_t count =
        read(STDIN_FILENO, askers->input + askers->used, INPUT_BYTES - 1 - askers->used);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    askers->ended = count <= 0;
    askers->used += count > 0 ? (size_t)count : 0;
}

static void run_line(struct session *session, const char *line)
{
    static const struct script_asker asker = {answer_line, false, false};
    struct fault fault;
    session->askers.busy = true;
    if (scripts_start(session, line, &asker, 0, &fault))
        return;
    printf("error: %s\n", fault.text);
    fflush(stdout);
    session->askers.busy = false;
}

/* A line that fills the room is taken for one, and refused for its length. */
static bool next_line(struct session *session)
{
    static char line[INPUT_BYTES];
    struct askers *askers = &session->askers;
    char *end = memchr(askers->input, '\n', askers->used);
    size_t length = end ? (size_t)(end - askers->input) : askers->used;
    bool whole = end || (askers->used && askers->ended) || askers->used == INPUT_BYTES - 1;
    if (askers->busy || !whole)
        return false;
    size_t taken = length + (end != NULL);
    memcpy(line, askers->input, length);
    line[length] = 0;
    memmove(askers->input, askers->input + taken, askers->used - taken);
    askers->used -= taken;
    run_line(session, line);
    return true;
}

/* More is read when what was is done, so that who writes waits too. */
bool askers_turn(struct session *session)
{
    struct askers *askers = &session->askers;
    bool any = false;
    if (!askers->input)
        return false;
    while (!session->loop.stopped && next_line(session))
        any = true;
    if (!askers->busy && askers->ended)
        session_quit(session);
    if (askers->busy || askers->ended)
        loop_unwatch(&session->loop, STDIN_FILENO);
    else
        loop_watch(&session->loop, STDIN_FILENO, POLLIN, input_came, session);
    return any;
}

static void begin_input(struct session *session)
{
    struct askers *askers = &session->askers;
    struct fault fault;
    if (!session->options->commands_in)
        return;
    askers->input = ledger_alloc(LEDGER_UI, INPUT_BYTES, &fault);
    if (!askers->input)
        session_message(session, fault.text);
}

void askers_begin(struct session *session)
{
    static const struct script_asker asker = {answer_option, false, false};
    struct fault fault;
    const char *commands = session->options->commands;
    begin_input(session);
    if (!commands)
        begin_file(session);
    else if (!scripts_start(session, commands, &asker, 0, &fault))
        session_message(session, fault.text);
}

void askers_end(struct session *session)
{
    struct askers *askers = &session->askers;
    if (askers->script)
        ledger_free(LEDGER_UI, askers->script, askers->script_bytes);
    if (askers->input)
        ledger_free(LEDGER_UI, askers->input, INPUT_BYTES);
    askers->script = askers->input = NULL;
}

/* ---- other clients ---- */

/* On the viewer's own property the fault is part of the text. */
static void answer_property(struct session *session, struct script_run *run)
{
    static char text[REPLY_LENGTH + FAULT_TEXT + 16];
    snprintf(text, sizeof text, "%s%s%s%s", run->reply.text,
             run->good ? "" : "error: ", run->good ? "" : one_line(&run->fault),
             run->good ? "" : "\n");
    shell_answer(session->shell, 0, text, NULL);
}

static void answer_client(struct session *session, struct script_run *run)
{
    shell_answer(session->shell, run->client, run->reply.text,
                 run->good ? NULL : one_line(&run->fault));
}

void askers_client(struct session *session, const char *script, unsigned long window)
{
    static const struct script_asker property = {answer_property, true, false};
    static const struct script_asker client = {answer_client, false, false};
    struct fault fault;
    if (!scripts_start(session, script, window ? &client : &property, window, &fault))
        shell_answer(session->shell, window, "", fault.text);
}
