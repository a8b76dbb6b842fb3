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

#include "session_parts.h"
#include "state.h"

enum { NUMBER = 16 };

/* How far it is, or what else a line says: these begin with the program's name and the path, where
 * the file's name will do. */
static void take_line(struct session *session)
{
    struct building *building = &session->building;
    const char *text = building->line;
    size_t path = strlen(building->path);
    if (!strncmp(text, "xlightbox: ", 11))
        text += 11;
    if (!strncmp(text, building->path, path)) {
        if (sscanf(text + path, ": overviews %d %%", &building->percent) == 1) {
            chrome_update(session);
            return;
        }
        text += path - strlen(file_name(building->path));
    }
    session_message(session, text);
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
    bool made = let_go(session) == 0;
    struct fault fault;
    if (made && session->scene.open && !strcmp(session->scene.path, building->path) &&
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
    _exit(127);
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
    chrome_update(session);
    loop_watch(&session->loop, building->fd, POLLIN, hear, session);
    return true;
}

void building_text(const struct session *session, char *text, size_t room)
{
    const struct building *building = &session->building;
    text[0] = 0;
    if (building->pid)
        snprintf(text, room, "  overviews %d %%", building->percent);
}

bool building_stop(struct session *session)
{
    if (!session->building.pid)
        return false;
    kill(session->building.pid, SIGTERM);
    let_go(session);
    return true;
}
