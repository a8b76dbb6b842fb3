/* Runs programs for tests: see run.h. */
#include "support/run.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void start(const char *const *words, int out, int err)
{
    char *copies[64];
    int count = 0;
    while (words[count] && count < 63) {
        copies[count] = strdup(words[count]);
        count++;
    }
    copies[count] = NULL;
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(out, 1);
    dup2(err, 2);
    execvp(copies[0], copies);
    _exit(127);
}

/* Takes what has come on one pipe; false at its end. Beyond the room it is read and thrown away. */
static bool take(int fd, char *text, size_t room, size_t *used)
{
    char rest[4096];
    bool fits = *used + 1 < room;
    ssize_t count = read(fd, fits ? text + *used : rest, fits ? room - 1 - *used : sizeof rest);
    if (count > 0 && fits)
        *used += (size_t)count;
    text[*used] = 0;
    return count > 0;
}

static void collect(struct run *run, int out, int err)
{
    size_t used[2] = {0, 0};
    struct pollfd fds[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        poll(fds, 2, -1);
        if (fds[0].revents && !take(out, run->out, sizeof run->out, &used[0]))
            fds[0].fd = -1;
        if (fds[1].revents && !take(err, run->err, sizeof run->err, &used[1]))
            fds[1].fd = -1;
    }
}

void run_words(struct run *run, const char *const *words)
{
    int out[2], err[2], status;
    memset(run, 0, sizeof *run);
    if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
        abort();
    pid_t pid = fork();
    if (pid == 0)
        start(words, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    collect(run, out[0], err[0]);
    close(out[0]);
    close(err[0]);
    waitpid(pid, &status, 0);
    run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

const char *program(void)
{
    const char *named = getenv("XLIGHTBOX");
    return named ? named : "./xlightbox";
}
