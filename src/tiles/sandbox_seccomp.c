/* The system calls a decoder process keeps: see tiles/sandbox.h. Owns the list, and nothing else;
 * knows neither messages nor files. Whatever is not on the list ends the process by SIGSYS.
 *
 * What the list is made for: libtiff, libjpeg-turbo, libwebp, liblzma, zstd, jbig, LERC and expat
 * over descriptors that are open already, glibc's and musl's malloc and abort. */
#include "tiles/sandbox.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef MAP_GROWSDOWN
#define MAP_GROWSDOWN 0
#endif

/* By name: a system that has no call of a name keeps none. */
static const char *const kept[] = {"read",
                                   "pread64",
                                   "readv",
                                   "preadv",
                                   "lseek",
                                   "_llseek",
                                   "fstat",
                                   "fstat64",
                                   "close",
                                   "dup",
                                   "munmap",
                                   "mremap",
                                   "madvise",
                                   "brk",
                                   "exit",
                                   "exit_group",
                                   "futex",
                                   "futex_time64",
                                   "sched_yield",
                                   "clock_gettime",
                                   "clock_getres",
                                   "gettimeofday",
                                   "time",
                                   "clock_gettime64",
                                   "getpid",
                                   "gettid",
                                   "getrandom",
                                   "getrusage",
                                   "rt_sigreturn",
                                   "sigreturn",
                                   "restart_syscall",
                                   "rt_sigprocmask",
                                   "sysinfo",
                                   "sched_getaffinity"};

/* An argument's bits under the mask must be these. */
struct condition {
    unsigned argument;
    uint64_t mask, bits;
};

enum { CONDITIONS = 3 };

struct rule {
    const char *name;
    struct condition conditions[CONDITIONS]; /* unused ones have no mask */
};

#define WHOLE UINT32_MAX

static bool add_rule(scmp_filter_ctx filter, uint32_t action, const struct rule *rule)
{
    struct scmp_arg_cmp conditions[CONDITIONS];
    unsigned count = 0;
    int number = seccomp_syscall_resolve_name(rule->name);
    if (number == __NR_SCMP_ERROR)
        return true;
    for (; count < CONDITIONS && rule->conditions[count].mask; count++) {
        const struct condition *condition = &rule->conditions[count];
        conditions[count] = (struct scmp_arg_cmp){condition->argument, SCMP_CMP_MASKED_EQ,
                                                  condition->mask, condition->bits};
    }
    return seccomp_rule_add_array(filter, action, number, count, conditions) == 0;
}

static bool keep_plain(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (!add_rule(filter, SCMP_ACT_ALLOW, &(struct rule){.name = kept[i]}))
            return false;
    return true;
}

/* Memory is private (else it would not count against its limit), or a file's, and only the
 * temporary file's for writing; never executable, and never a stack that grows by itself. abort may
 * say why on descriptor 2, which is /dev/null, and end its own process. */
static bool keep_some(scmp_filter_ctx filter, int socket)
{
    const uint64_t kind = MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN;
    const struct condition inert = {2, PROT_EXEC, 0}, read_only = {2, PROT_EXEC | PROT_WRITE, 0},
                           of_file = {3, kind | MAP_ANONYMOUS, MAP_SHARED},
                           on_socket = {0, WHOLE, (uint64_t)socket},
                           on_stderr = {0, WHOLE, STDERR_FILENO};
    const struct rule rules[] = {
#ifdef __s390__
        {"mmap", {{0}}}, /* its arguments lie in memory there, where no filter looks */
#endif
        {"mmap", {inert, {3, kind, MAP_PRIVATE}}},
        {"mmap2", {inert, {3, kind, MAP_PRIVATE}}},
        {"mmap", {read_only, of_file}},
        {"mmap2", {read_only, of_file}},
        {"mprotect", {inert}},
        {"fcntl", {{1, WHOLE, F_DUPFD_CLOEXEC}}},
        {"fcntl64", {{1, WHOLE, F_DUPFD_CLOEXEC}}},
        {"fcntl", {{1, WHOLE, F_GETFL}}},
        {"fcntl64", {{1, WHOLE, F_GETFL}}},
        {"newfstatat", {{3, AT_EMPTY_PATH, AT_EMPTY_PATH}}}, /* how fstat is made */
        {"fstatat64", {{3, AT_EMPTY_PATH, AT_EMPTY_PATH}}},
        {"statx", {{2, AT_EMPTY_PATH, AT_EMPTY_PATH}}},
        {"sendmsg", {on_socket}},
        {"recvmsg", {on_socket}},
        {"setitimer", {{0, WHOLE, ITIMER_PROF}}},
        {"setitimer", {{0, WHOLE, ITIMER_REAL}}}, /* of source/spill.c */
        {"write", {on_stderr}},
        {"writev", {on_stderr}},
        {"tgkill", {{0, WHOLE, (uint64_t)getpid()}, {2, WHOLE, SIGABRT}}},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!add_rule(filter, SCMP_ACT_ALLOW, &rules[i]))
            return false;
    return true;
}

static bool keep_spill(scmp_filter_ctx filter, int spill)
{
    const uint64_t kind = MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN | MAP_ANONYMOUS;
    const struct condition inert = {2, PROT_EXEC, 0}, of_file = {3, kind, MAP_SHARED},
                           on_spill = {0, WHOLE, (uint64_t)spill},
                           of_spill = {4, WHOLE, (uint64_t)spill};
    const struct rule rules[] = {
        {"pwrite64", {on_spill}},
        {"ftruncate", {on_spill}},
        {"ftruncate64", {on_spill}},
        {"fallocate", {on_spill}},
        {"mmap", {inert, of_file, of_spill}},
        {"mmap2", {inert, of_file, of_spill}},
    };
    for (size_t i = 0; spill >= 0 && i < sizeof rules / sizeof *rules; i++)
        if (!add_rule(filter, SCMP_ACT_ALLOW, &rules[i]))
            return false;
    return true;
}

static bool keep_sample(scmp_filter_ctx filter, int sample)
{
    const struct rule rule = {"pwrite64", {{0, WHOLE, (uint64_t)sample}}};
    return sample < 0 || add_rule(filter, SCMP_ACT_ALLOW, &rule);
}

/* Libraries look at /proc/cpuinfo and the like (libjpeg-turbo on ARM, say), or for other libraries
 * (Debian's old liblzma for a still older one), and do without: opening to read, and looking for
 * what has a name, are refused with an error. */
static bool refuse_some(scmp_filter_ctx filter)
{
    const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    const struct rule rules[] = {
        {"open", {{1, writing, O_RDONLY}}},
        {"openat", {{2, writing, O_RDONLY}}},
        {"stat", {{0}}},
        {"stat64", {{0}}},
        {"newfstatat", {{3, AT_EMPTY_PATH, 0}}},
        {"fstatat64", {{3, AT_EMPTY_PATH, 0}}},
        {"statx", {{2, AT_EMPTY_PATH, 0}}},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!add_rule(filter, SCMP_ACT_ERRNO(EACCES), &rules[i]))
            return false;
    return true;
}

#ifndef SCMP_ACT_KILL_PROCESS /* libseccomp before 2.4 */
#define SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL
#endif

bool sandbox_filter(int socket, int spill, int sample)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        filter = seccomp_init(SCMP_ACT_KILL); /* before Linux 4.14 */
    bool done = filter && keep_plain(filter) && keep_some(filter, socket) &&
                keep_spill(filter, spill) && keep_sample(filter, sample) && refuse_some(filter) &&
                seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return done;
}

#else

bool sandbox_filter(int socket, int spill, int sample)
{
    (void)socket, (void)spill, (void)sample;
    return true;
}

#endif
