/* A decoder process's farewell to its inheritance, and its limits: see tiles/sandbox.h. Owns the
 * clock of its processor time; knows nothing of messages, tiles or files. */
#include "tiles/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "source/spill.h"
#include "tiles/worker.h"

enum { SOCKET = 3, HEAP_STEP = 64 * 1024 };

struct sandbox_limits sandbox_limits = {
    .memory = (size_t)256 << 20, .silent_ms = 60000, .request_ms = 600000};

static struct {
    bool limited;
    int64_t begun_us, ends_us; /* processor time when the request came, when the clock rings */
} processor;

/* What a terminal, a closed socket or who ends a whole process group sends is the viewer's to
 * answer; a temporary file that would grow beyond its limit only fails to. */
static const int ignored[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE,
                              SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGXFSZ};

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

/* The temporary file comes while files can still be opened; empty, it costs nothing. */
static bool make_spill(int64_t most)
{
    int fd = most > 0 ? spill_open() : -1;
    bool made = fd >= 0 && (fd == SANDBOX_SPILL || dup2(fd, SANDBOX_SPILL) >= 0);
    if (made)
        fcntl(SANDBOX_SPILL, F_SETFD, FD_CLOEXEC);
    return made;
}

/* What is inherited: the socket, and the file of samples, which may lie in the other's place. */
static bool keep_inherited(int socket, int sample)
{
    int aside = sample > 0 ? fcntl(sample, F_DUPFD, SANDBOX_SAMPLE + 1) : -1;
    if (socket != SOCKET && dup2(socket, SOCKET) < 0)
        _exit(1);
    bool kept = aside >= 0 && dup2(aside, SANDBOX_SAMPLE) >= 0;
    if (kept)
        close(SANDBOX_SPILL);
    close_from(kept ? SANDBOX_SAMPLE + 1 : SOCKET + 1);
    return kept;
}

struct files {
    bool spill, sample;
};

static struct files keep_only(int socket, const struct worker_terms *terms)
{
    struct files files = {.sample = keep_inherited(socket, terms->sample)};
    files.spill = make_spill(terms->spill);
    int nothing = open("/dev/null", O_RDWR);
    int last = SANITIZED ? STDOUT_FILENO : STDERR_FILENO; /* a sanitizer's report is to be seen */
    for (int fd = STDIN_FILENO; fd <= last; fd++)
        if (nothing < 0 || dup2(nothing, fd) < 0)
            close(fd);
    if (!files.spill)
        close(SANDBOX_SPILL);
    close_from(files.sample ? SANDBOX_SAMPLE + 1 : SANDBOX_SPILL + 1);
    return files;
}

static void limit(int resource, rlim_t most)
{
    struct rlimit both;
    if (getrlimit((__typeof__(RLIMIT_CORE))resource, &both) != 0)
        _exit(SANDBOX_REFUSED);
    if (both.rlim_max > most)
        both.rlim_max = most;
    both.rlim_cur = both.rlim_max;
    if (setrlimit((__typeof__(RLIMIT_CORE))resource, &both) != 0)
        _exit(SANDBOX_REFUSED);
}

static void limit_resources(size_t memory, int64_t spill)
{
    limit(RLIMIT_NOFILE, SANDBOX_DESCRIPTORS);
    if (SANITIZED)
        return;
    limit(RLIMIT_DATA, memory);
    limit(RLIMIT_FSIZE, (rlim_t)spill);
    limit(RLIMIT_NPROC, 0);
}

static int64_t processor_us(void)
{
    struct timespec used = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

/* What ends the whole request is set once: setting it anew would each time put it off by a tick. */
void sandbox_progress(void)
{
    int64_t now = processor.limited ? processor_us() : 0;
    int64_t ends = now + sandbox_limits.silent_ms * 1000;
    if (ends > processor.begun_us + sandbox_limits.request_ms * 1000)
        ends = processor.begun_us + sandbox_limits.request_ms * 1000;
    if (!processor.limited || ends == processor.ends_us)
        return;
    int64_t us = ends > now ? ends - now : 1; /* 0 would stop the clock */
    struct itimerval clock = {.it_value = {us / 1000000, us % 1000000}};
    setitimer(ITIMER_PROF, &clock, NULL);
    processor.ends_us = ends;
}

void sandbox_begin_request(void)
{
    processor.begun_us = processor_us();
    processor.ends_us = 0;
    sandbox_progress();
}

/* Last of all: what went before needs more than what is left. */
static void confine(size_t memory, int64_t spill, struct files files)
{
    limit_resources(memory, spill);
    processor.limited = true;
    sandbox_begin_request();
#ifdef __OpenBSD__
    if (unveil(NULL, NULL) != 0 || pledge("stdio recvfd", NULL) != 0)
        _exit(SANDBOX_REFUSED);
#endif
    if (SANDBOX_FILTERS && !sandbox_filter(SOCKET, files.spill ? SANDBOX_SPILL : -1,
                                           files.sample ? SANDBOX_SAMPLE : -1))
        _exit(SANDBOX_REFUSED);
}

int sandbox_enter(int socket, const struct worker_terms *terms)
{
    size_t memory = terms->memory ? terms->memory : sandbox_limits.memory;
    reset_signals();
    die_with_parent(socket);
    struct files files = keep_only(socket, terms);
    int64_t spill = files.spill ? terms->spill : 0;
    spill_use(SANDBOX_SPILL, spill, memory);
    limit(RLIMIT_CORE, 0);
#ifdef __linux__
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(SANDBOX_REFUSED);
#endif
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, HEAP_STEP);
    mallopt(M_TRIM_THRESHOLD, HEAP_STEP);
    mallopt(M_TOP_PAD, 0);
#endif
    if (!terms->unconfined)
        confine(memory, spill, files);
    return SOCKET;
}
