/* Processes that do something for a while: see child.h. Owns the pipes; those that are killed are
 * waited for when they are gone, for a file system that does not answer keeps them. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/ledger.h"

enum { LEFT = 16, AT_ONCE = 16, BURY_MS = 200, PIECE = 4096, PIECES = 16 /* in one turn */ };

static pid_t left[LEFT + AT_ONCE];
static int left_count;

static void bury(void)
{
    int kept = 0;
    for (int i = 0; i < left_count; i++)
        if (waitpid(left[i], NULL, WNOHANG) == 0)
            left[kept++] = left[i];
    left_count = kept;
}

static void bury_later(void *context)
{
    struct child *child = context;
    bury();
    if (left_count)
        loop_timer(child->loop, BURY_MS, bury_later, child);
}

void child_init(struct child *child, struct loop *loop,
                void (*heard)(void *context, const char *bytes, size_t count), void *context)
{
    *child = (struct child){.loop = loop, .heard = heard, .context = context, .fd = -1};
}

static void keep_only(int out)
{
    long most = sysconf(_SC_OPEN_MAX);
    for (int fd = STDERR_FILENO + 1; fd < (most > 0 && most < 4096 ? most : 4096); fd++)
        if (fd != out)
            close(fd);
}

static void become(void (*run)(void *argument, int out), void *argument, int out, pid_t parent)
{
    static const int plain[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1, SIGCHLD};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        signal(plain[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(1);
    keep_only(out);
    ledger_reset();
    run(argument, out);
    _exit(0);
}

static void let_go(struct child *child)
{
    loop_unwatch(child->loop, child->fd);
    close(child->fd);
    left[left_count++] = child->pid;
    child->pid = 0;
    child->fd = -1;
    bury_later(child);
}

static void hear(void *context, short revents)
{
    struct child *child = context;
    char bytes[PIECE];
    (void)revents;
    pid_t pid = child->pid;
    for (int i = 0; i < PIECES && child->pid == pid; i++) {
        ssize_t count = read(child->fd, bytes, sizeof bytes);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (count > 0) {
            child->heard(child->context, bytes, (size_t)count);
            continue;
        }
        let_go(child);
        child->heard(child->context, NULL, 0);
        return;
    }
}

/* Forks with all signals held back, so that no handler of the viewer's runs in the child. */
static pid_t fork_child(void (*run)(void *argument, int out), void *argument, int out)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(run, argument, out, parent);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

bool child_start(struct child *child, void (*run)(void *argument, int out), void *argument,
                 struct fault *fault)
{
    int ends[2];
    child_stop(child);
    if (left_count >= LEFT)
        return fault_set(fault, FAULT_FILE, "too many file systems do not answer");
    if (pipe2(ends, O_CLOEXEC))
        return fault_errno(fault, errno, "a pipe");
    pid_t pid = fork_child(run, argument, ends[1]);
    int err = errno;
    close(ends[1]);
    if (pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK)) {
        close(ends[0]);
        return fault_errno(fault, err, "a process");
    }
    child->pid = pid;
    child->fd = ends[0];
    loop_watch(child->loop, child->fd, POLLIN, hear, child);
    return true;
}

void child_stop(struct child *child)
{
    if (!child->pid)
        return;
    kill(child->pid, SIGKILL);
    let_go(child);
}
