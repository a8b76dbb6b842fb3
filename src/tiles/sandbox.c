/* A decoder process's farewell to its inheritance: see tiles/sandbox.h. Knows nothing of messages,
 * tiles or files. */
#include "tiles/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "config.h"

#define SANITIZED 0
#ifdef __SANITIZE_ADDRESS__
#undef SANITIZED
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#undef SANITIZED
#define SANITIZED 1
#endif
#endif

enum { SOCKET = 3, HEAP_STEP = 64 * 1024 };

/* What a terminal or a closed socket sends is the viewer's to answer. */
static const int ignored[] = {SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1};

static void reset_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL);
    action.sa_handler = SIG_IGN;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        sigaction(ignored[i], &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The parent may have died before the kernel was told to end us with it: then whoever made the
 * socket pair is not our parent any more. */
static void die_with_parent(int socket)
{
#ifdef __linux__
    struct ucred maker = {0};
    socklen_t size = sizeof maker;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &maker, &size) == 0 && maker.pid != getppid())
        _exit(0);
#else
    (void)socket;
#endif
}

static void close_from(int first)
{
#ifdef HAVE_CLOSE_RANGE
    if (close_range((unsigned)first, ~0u, 0) == 0)
        return;
#endif
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur
                                                                              : 65536;
    for (int fd = first; fd < end; fd++)
        close(fd);
}

static void keep_only(int socket)
{
    if (socket != SOCKET && dup2(socket, SOCKET) < 0)
        _exit(1);
    int nothing = open("/dev/null", O_RDWR);
    int last = SANITIZED ? STDOUT_FILENO : STDERR_FILENO; /* a sanitizer's report is to be seen */
    for (int fd = STDIN_FILENO; fd <= last; fd++)
        if (nothing < 0 || dup2(nothing, fd) < 0)
            close(fd);
    close_from(SOCKET + 1);
}

int sandbox_enter(int socket)
{
    reset_signals();
    die_with_parent(socket);
    keep_only(socket);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
#ifdef __linux__
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(1);
#endif
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, HEAP_STEP);
    mallopt(M_TRIM_THRESHOLD, HEAP_STEP);
    mallopt(M_TOP_PAD, 0);
#endif
    return SOCKET;
}
