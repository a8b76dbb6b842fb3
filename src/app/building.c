/* Overviews made in the background: see building.h. Owns the process and the pipe it speaks into.
 */
#include "building.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/language.h"
#include "session_parts.h"
#include "state.h"

enum { NUMBER = 16, RESULT_MS = 8000, NO_PROGRAM = 127 };

static const char speaker[] = "xlightbox: "; /* before progress and troubles, not before results */

static void forget_result(void *context)
{
    struct session *session = context;
    session->building.result[0] = 0;
    chrome_update(session);
}

/* Good news does not come as an alert. */
static void show_result(struct session *session, const char *text)
{
    struct building *building = &session->building;
    snprintf(building->result, sizeof building->result, "%s", text);
    loop_timer(&session->loop, RESULT_MS, forget_result, session);
}

static void show_trouble(struct session *session, const char *line, const char *text)
{
    session->building.failed = true;
    fprintf(stderr, "%s%s\n", speaker, line);
    session_message(session, text);
}

/* How far it is, or what else a line says: these begin with the path, where the file's name will
 * do. */
static void take_line(struct session *session)
{
    struct building *building = &session->building;
    const char *line = building->line, *text;
    size_t path = strlen(building->path);
    bool result = strncmp(line, speaker, sizeof speaker - 1) != 0;
    line += result ? 0 : sizeof speaker - 1;
    bool of_file = !strncmp(line, building->path, path);
    if (of_file && sscanf(line + path, ": overviews %d %%", &building->percent) == 1) {
        chrome_update(session);
        return;
    }
    text = line + (of_file ? path - strlen(file_name(building->path)) : 0);
    if (result)
        show_result(session, text);
    else
        show_trouble(session, line, text);
}

static void take_bytes(struct session *session, const char *bytes, ssize_t count)
{
    struct building *building = &session->building;
    for (ssize_t i = 0; i < count; i++) {
        if (bytes[i] != '\n') {
            if (building->used < sizeof building->line - 1)
                building->line[building->used++] = bytes[i];
            continue;
        }
        building->line[building->used] = 0;
        building->used = 0;
        take_line(session);
    }
}

/* It has ended without a word. */
static void show_end(struct session *session, int status)
{
    char text[FAULT_TEXT];
    const char *name = file_name(session->building.path);
    if (WIFSIGNALED(status))
        snprintf(text, sizeof text,
                 _("%s: no overviews: what made them was killed by signal %d (%s)"), name,
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(text, sizeof text, _("%s: no overviews: %s"), name,
                 WEXITSTATUS(status) == NO_PROGRAM ? _("the program cannot be started again")
                                                   : _("what made them ended too soon"));
    show_trouble(session, text, text);
}

/* Returns the status it ended with. */
static int let_go(struct session *session)
{
    struct building *building = &session->building;
    int status = -1;
    loop_unwatch(&session->loop, building->fd);
    close(building->fd);
    waitpid(building->pid, &status, 0);
    building->pid = 0;
    chrome_update(session);
    return status;
}

static void hear(void *context, short revents)
{
    struct session *session = context;
    struct building *building = &session->building;
    char bytes[256];
    (void)revents;
    ssize_t count = read(building->fd, bytes, sizeof bytes);
    if (count > 0)
        take_bytes(session, bytes, count);
    if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    int status = let_go(session);
    struct fault fault;
    if (status && !building->failed)
        show_end(session, status);
    if (!status && session->scene.open && !strcmp(session->scene.path, building->path) &&
        !session_reload(session, &fault))
        session_message(session, fault.text);
}

/* The words of the command line. One process makes them: the others' time and memory are the
 * viewer's.
 */
static void run_program(const struct session *session, pid_t parent, int out)
{
    char page[NUMBER], path[PATH_MAX + 2];
    const char *words[] = {
        "xlightbox", "--build-overviews", "--workers", "1", "--page", page, path, NULL, NULL};
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (getppid() != parent || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(1);
    snprintf(page, sizeof page, "%d", session->scene.page.index + 1);
    snprintf(path, sizeof path, "%s%s", session->building.path[0] == '-' ? "./" : "",
             session->building.path);
    if (session->options->no_sandbox)
        words[7] = "--no-sandbox";
    unsetenv("XLIGHTBOX_LOG"); /* its lines would be taken for ours */
    execv("/proc/self/exe", (char *const *)(uintptr_t)words);
    execvp(program_invocation_name, (char *const *)(uintptr_t)words);
    _exit(NO_PROGRAM);
}

bool building_start(struct session *session, struct fault *fault)
{
    struct building *building = &session->building;
    int ends[2];
    if (!session->scene.open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    if (building->pid)
        return fault_set(fault, FAULT_USAGE, "overviews of %s are being made",
                         file_name(building->path));
    snprintf(building->path, sizeof building->path, "%s", session->scene.path);
    if (pipe2(ends, O_CLOEXEC))
        return fault_errno(fault, errno, "a pipe");
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        run_program(session, parent, ends[1]);
    close(ends[1]);
    if (pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK)) {
        close(ends[0]);
        return fault_errno(fault, errno, "a process that makes overviews");
    }
    building->pid = pid;
    building->fd = ends[0];
    building->used = 0;
    building->percent = 0;
    building->failed = false;
    building->result[0] = 0;
    chrome_update(session);
    loop_watch(&session->loop, building->fd, POLLIN, hear, session);
    return true;
}

void building_text(const struct session *session, char *text, size_t room)
{
    const struct building *building = &session->building;
    text[0] = 0;
    if (building->pid)
        snprintf(text, room, _("  overviews %d %%"), building->percent);
    else if (building->result[0])
        snprintf(text, room, "  %s", building->result);
}

bool building_stop(struct session *session)
{
    if (!session->building.pid)
        return false;
    kill(session->building.pid, SIGTERM);
    let_go(session);
    return true;
}
