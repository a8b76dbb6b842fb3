/* An X server for tests: see host.h. */
#include "host.h"

#include <X11/Xatom.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static int pass_error(Display *display, XErrorEvent *event)
{
    (void)display, (void)event; /* windows come and go under the tests' hands */
    return 0;
}

static void run_server(int number, const char *name, const char *const *more)
{
    char fd[16];
    const char *words[32] = {name, "-displayfd", fd, "-nolisten", "tcp", "-noreset"};
    int count = 6;
    snprintf(fd, sizeof fd, "%d", number);
    for (; *more && count < 31; more++)
        words[count++] = *more;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *log = getenv("SERVER_LOG");
    int told = open(log ? log : "/dev/null", O_WRONLY | O_APPEND);
    dup2(told, 1);
    dup2(told, 2);
    execvp(name, (char *const *)(uintptr_t)words);
    _exit(127);
}

void host_stop(struct host *host)
{
    if (!host->pid)
        return;
    if (host->display)
        XCloseDisplay(host->display);
    kill(host->pid, SIGTERM);
    waitpid(host->pid, NULL, 0);
    memset(host, 0, sizeof *host);
}

void host_resources(Display *display, const char *text)
{
    XChangeProperty(display, RootWindow(display, 0), XA_RESOURCE_MANAGER, XA_STRING, 8,
                    PropModeReplace, (const unsigned char *)text, (int)strlen(text));
    XSync(display, False);
}

/* "5\n": to the end, which servers write on its own, and die of when nobody reads it. */
static bool read_number(int end, char *number, size_t room)
{
    size_t length = 0;
    ssize_t count;
    while (length + 1 < room && !memchr(number, '\n', length) &&
           (count = read(end, number + length, room - 1 - length)) > 0)
        length += (size_t)count;
    number[strcspn(number, "\n")] = 0;
    return length > 0;
}

static bool try_server(struct host *host, const char *name, const char *const *more)
{
    int ends[2];
    char number[8] = "";
    if (pipe(ends))
        return false;
    host->pid = fork();
    if (host->pid == 0) {
        close(ends[0]);
        run_server(ends[1], name, more);
    }
    close(ends[1]);
    bool up = read_number(ends[0], number, sizeof number);
    close(ends[0]);
    snprintf(host->name, sizeof host->name, ":%s", number);
    host->display = up ? XOpenDisplay(host->name) : NULL;
    XSetErrorHandler(pass_error);
    if (host->display)
        host_resources(host->display, getenv("CHROME") ? "" : "Xlightbox*chrome: status\n");
    else
        host_stop(host);
    return host->display != NULL;
}

/* Servers look for a free number and then take it: another may have taken it in between. */
bool host_start(struct host *host, const char *name, const char *const *more)
{
    for (int pause = 0; pause < 20; pause++) {
        pause_ms(pause * 20);
        if (try_server(host, name, more))
            return true;
    }
    return false;
}
