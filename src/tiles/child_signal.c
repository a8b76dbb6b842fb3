/* SIGCHLD through pipes: see tiles/child_signal.h. Owns the handler and the pipes; knows of no
 * process and waits for none. */
#include "tiles/child_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { LISTENERS = 4 };

/* Both ends of each listener's pipe, + 1; 0 = free. */
static struct {
    int read_end;
    volatile sig_atomic_t write_end;
} listeners[LISTENERS];
static int open_count;
static struct sigaction before;

static void notice(int number)
{
    (void)number;
    int kept = errno;
    for (int i = 0; i < LISTENERS; i++)
        if (listeners[i].write_end && write((int)listeners[i].write_end - 1, "", 1) < 0)
            continue; /* full: it is readable already */
    errno = kept;
}

int child_signal_open(struct fault *fault)
{
    int i = 0, ends[2];
    while (i < LISTENERS && listeners[i].write_end)
        i++;
    if (i == LISTENERS) {
        fault_set(fault, FAULT_WORKER, "too many crews of decoders");
        return -1;
    }
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        fault_errno(fault, errno, "a pipe for signals");
        return -1;
    }
    listeners[i].read_end = ends[0] + 1;
    listeners[i].write_end = ends[1] + 1;
    if (open_count++ == 0) {
        struct sigaction action = {.sa_handler = notice, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(SIGCHLD, &action, &before);
    }
    return ends[0];
}

void child_signal_close(int fd)
{
    for (int i = 0; fd >= 0 && i < LISTENERS; i++) {
        if (listeners[i].read_end != fd + 1)
            continue;
        if (--open_count == 0)
            sigaction(SIGCHLD, &before, NULL);
        int write_end = (int)listeners[i].write_end - 1;
        listeners[i].write_end = 0;
        listeners[i].read_end = 0;
        close(write_end);
        close(fd);
    }
}

void child_signal_drain(int fd)
{
    char bytes[64];
    while (read(fd, bytes, sizeof bytes) > 0)
        continue;
}
