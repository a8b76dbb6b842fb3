/* What a decoder may not do, tried in a process that has become one; and that every compression
 * libtiff has is decoded by one all the same (tiles/sandbox.c, tiles/sandbox_seccomp.c). */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/system_calls.h"
#include "support/codec_file.h"
#include "support/loader_rig.h"
#include "support/scratch.h"
#include "tiles/message.h"
#include "tiles/sandbox.h"
#include "tiles/worker.h"

enum outcome { WORKS, REFUSED, BY_SIGSYS, BY_SIGPROF, BY_SIGABRT, SOMETHING_ELSE };

/* What the attempts need, made before. */
static pid_t parent;
static int own_socket, passed = -1;
static const char *victim;

static enum outcome outcome_of(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) <= REFUSED)
        return (enum outcome)WEXITSTATUS(status);
    if (!WIFSIGNALED(status))
        return SOMETHING_ELSE;
    switch (WTERMSIG(status)) {
    case SIGSYS:
        return BY_SIGSYS;
    case SIGPROF:
        return BY_SIGPROF;
    case SIGABRT:
        return BY_SIGABRT;
    default:
        return SOMETHING_ELSE;
    }
}

/* Has a child enter the sandbox as a decoder does, and try. The descriptor of a large file comes
 * with a message. */
static enum outcome outcome_on_terms(bool (*attempt)(void), struct worker_terms terms)
{
    struct message message = {.type = MESSAGE_OPEN};
    int ends[2], status = 0, fd = open(victim, O_RDONLY);
    CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    CU_ASSERT(fd >= 0 && message_send(ends[0], &message, &fd, 1));
    parent = getpid();
    pid_t pid = fork();
    CU_ASSERT_FATAL(pid >= 0);
    if (pid == 0) {
        int fds[MESSAGE_FDS];
        own_socket = sandbox_enter(ends[1], &terms);
        if (message_receive(own_socket, &message, fds) == MESSAGE_RECEIVED)
            passed = fds[0];
        _exit(attempt() ? WORKS : REFUSED);
    }
    close(ends[0]);
    close(ends[1]);
    close(fd);
    CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
    return outcome_of(status);
}

static enum outcome outcome_in_sandbox(bool (*attempt)(void), bool unconfined)
{
    return outcome_on_terms(attempt, (struct worker_terms){.unconfined = unconfined});
}

static bool open_to_read(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool state_of_file(void)
{
    struct stat found;
    return stat("/etc/passwd", &found) == 0;
}

static bool open_to_write(void)
{
    return open(victim, O_RDWR) >= 0;
}

static bool create_file(void)
{
    return openat(AT_FDCWD, scratch_path("made"), O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool open_beneath(void)
{
    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0) >= 0;
}

static bool remove_file(void)
{
    return unlink(victim) == 0;
}

static bool rename_file(void)
{
    return rename(victim, scratch_path("renamed")) == 0;
}

static bool make_folder(void)
{
    return mkdir(scratch_path("folder"), 0700) == 0;
}

static bool look_for_file(void)
{
    return access("/etc/passwd", R_OK) == 0;
}

static bool grow_file(void)
{
    return ftruncate(passed, 5) == 0;
}

static bool write_file(void)
{
    return write(passed, "x", 1) == 1;
}

static bool make_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool connect_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/tmp/.X11-unix/X0"};
    return connect(own_socket, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool send_elsewhere(void)
{
    struct msghdr nothing = {0};
    int other = dup(own_socket);
    return other >= 0 && sendmsg(other, &nothing, 0) >= 0;
}

static bool start_process(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool start_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return false;
}

static bool signal_parent(void)
{
    return kill(parent, 0) == 0;
}

static bool abort_parent(void)
{
    return syscall(SYS_tgkill, parent, parent, SIGABRT) == 0;
}

static bool trace_parent(void)
{
    return ptrace(PTRACE_SEIZE, parent, NULL, NULL) == 0;
}

static bool ask_for_tracing(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool read_parent(void)
{
    return syscall(SYS_process_vm_readv, parent, NULL, 0, NULL, 0, 0) == 0;
}

static bool map(size_t bytes, int protection, int flags)
{
    return mmap(NULL, bytes, protection, flags | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool map_executable(void)
{
    return map(4096, PROT_READ | PROT_EXEC, MAP_PRIVATE);
}

static bool make_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

/* Memory that would not count against the limit. */
static bool map_shared(void)
{
    return map(4096, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static bool map_stack(void)
{
    return map(4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_GROWSDOWN);
}

static bool make_memory_file(void)
{
    return memfd_create("memory", 0) >= 0;
}

static bool ignore_the_clock(void)
{
    return signal(SIGPROF, SIG_IGN) != SIG_ERR;
}

static bool raise_limits(void)
{
    struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_DATA, &more) == 0;
}

static bool control_device(void)
{
    return ioctl(STDIN_FILENO, TIOCSTI, "x") == 0;
}

static bool make_ring(void)
{
    return syscall(SYS_io_uring_setup, 1, NULL) >= 0;
}

static bool leave_namespace(void)
{
    return syscall(SYS_unshare, 0) == 0;
}

static bool allocate(size_t bytes)
{
    char *volatile block = malloc(bytes);
    for (size_t at = 0; block && at < bytes; at += 4096)
        block[at] = 1;
    return block != NULL;
}

static bool allocate_too_much(void)
{
    return allocate((size_t)300 << 20);
}

static bool map_too_much(void)
{
    return map((size_t)300 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

/* Reserved first, and made writable after. */
static bool unlock_too_much(void)
{
    size_t bytes = (size_t)300 << 20;
    void *block = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block != MAP_FAILED && mprotect(block, bytes, PROT_READ | PROT_WRITE) == 0;
}

static bool allocate_much(void)
{
    return allocate((size_t)100 << 20);
}

/* What an address space of 32 bits has room for, else all. */
static const int64_t MAPPED_FILE = sizeof(size_t) < 8 ? INT64_C(1) << 30 : INT64_MAX;

static bool map_large_file(void)
{
    struct stat status;
    if (fstat(passed, &status) != 0)
        return false;
    size_t length = (size_t)(MAPPED_FILE < status.st_size ? MAPPED_FILE : status.st_size);
    const char *bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, passed, 0);
    char byte = 1;
    return bytes != MAP_FAILED && bytes[length - 1] == 0 &&
           pread(passed, &byte, 1, status.st_size / 2) == 1 && byte == 0;
}

static bool open_many(void)
{
    int count = 0;
    while (count < SANDBOX_DESCRIPTORS && dup(passed) >= 0)
        count++;
    return count == SANDBOX_DESCRIPTORS;
}

static bool duplicate(void)
{
    int first = dup(passed), second = fcntl(passed, F_DUPFD_CLOEXEC, 0);
    return first >= 0 && second > first && close(first) == 0 && lseek(second, 9, SEEK_SET) == 9;
}

static bool give_up(void)
{
    abort();
}

static int64_t processor_ms(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static volatile bool tired; /* never */

static bool spin_for_ever(void)
{
    while (!tired)
        continue;
    return true;
}

static bool spin_for_ever_in_good_spirits(void)
{
    while (!tired)
        sandbox_progress();
    return true;
}

static bool spin_in_good_spirits(void)
{
    while (processor_ms() < 800)
        sandbox_progress();
    return true;
}

static bool spin_over_requests(void)
{
    for (int64_t until = 200; until <= 1000; until += 200) {
        sandbox_begin_request();
        while (processor_ms() < until)
            continue;
    }
    return true;
}

/* Behind socketcall, which glibc uses there, a filter does not see the descriptor. */
#ifdef __i386__
#define ELSEWHERE REFUSED
#else
#define ELSEWHERE BY_SIGSYS
#endif

/* What is tried; `filter`: where system calls are filtered only. */
static const struct attempt {
    const char *what;
    bool (*attempt)(void);
    enum outcome expected;
    bool filter;
} attempts[] = {
    {"opening a file to read", open_to_read, REFUSED, true},
    {"looking at a file", state_of_file, REFUSED, true},
    {"opening a file to write", open_to_write, BY_SIGSYS, true},
    {"creating a file", create_file, BY_SIGSYS, true},
    {"opening in the new way", open_beneath, BY_SIGSYS, true},
    {"removing a file", remove_file, BY_SIGSYS, true},
    {"renaming a file", rename_file, BY_SIGSYS, true},
    {"making a folder", make_folder, BY_SIGSYS, true},
    {"looking for a file", look_for_file, BY_SIGSYS, true},
    {"growing a file", grow_file, BY_SIGSYS, true},
    {"writing to a file", write_file, BY_SIGSYS, true},
    {"making a socket", make_socket, BY_SIGSYS, true},
    {"connecting", connect_socket, BY_SIGSYS, true},
    {"sending elsewhere", send_elsewhere, ELSEWHERE, true},
    {"starting a process", start_process, BY_SIGSYS, true},
    {"starting a program", start_program, BY_SIGSYS, true},
    {"signalling the viewer", signal_parent, BY_SIGSYS, true},
    {"aborting the viewer", abort_parent, BY_SIGSYS, true},
    {"tracing the viewer", trace_parent, BY_SIGSYS, true},
    {"having itself traced", ask_for_tracing, BY_SIGSYS, true},
    {"reading the viewer's memory", read_parent, BY_SIGSYS, true},
    {"mapping executable memory", map_executable, BY_SIGSYS, true},
    {"making memory executable", make_executable, BY_SIGSYS, true},
    {"mapping shared memory", map_shared, BY_SIGSYS, true},
    {"mapping a stack", map_stack, BY_SIGSYS, true},
    {"making a memory file", make_memory_file, BY_SIGSYS, true},
    {"ignoring the clock", ignore_the_clock, BY_SIGSYS, true},
    {"raising its limits", raise_limits, BY_SIGSYS, true},
    {"controlling a device", control_device, BY_SIGSYS, true},
    {"making a ring", make_ring, BY_SIGSYS, true},
    {"leaving its namespace", leave_namespace, BY_SIGSYS, true},
    {"opening many descriptors", open_many, REFUSED, false},
    {"duplicating a descriptor", duplicate, WORKS, false},
    {"allocating 100 MiB", allocate_much, WORKS, false},
    {"mapping a file of 8 GiB", map_large_file, WORKS, false},
    {"aborting", give_up, BY_SIGABRT, false},
};

static void check_outcome(const char *what, enum outcome outcome, enum outcome expected)
{
    CU_ASSERT_EQUAL(outcome, expected);
    if (outcome != expected)
        printf("  %s: outcome %d\n", what, (int)outcome);
}

static void make_victim(void)
{
    victim = scratch_file("victim", "victim", 6);
    CU_ASSERT_EQUAL_FATAL(truncate(victim, INT64_C(1) << 33), 0);
}

static void what_is_not_decoding_is_prevented(void)
{
    make_victim();
    if (!SANDBOX_FILTERS)
        printf("  this build filters no system calls: those tests are left out\n");
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        if (SANDBOX_FILTERS || !attempts[i].filter)
            check_outcome(attempts[i].what, outcome_in_sandbox(attempts[i].attempt, false),
                          attempts[i].expected);
    CU_ASSERT_EQUAL(access(victim, F_OK), 0);
    CU_ASSERT_EQUAL(access(scratch_path("made"), F_OK), -1);
    CU_ASSERT_EQUAL(unlink(victim), 0);
}

/* The temporary file. */

enum { SPILL_MOST = 1 << 20 };

static bool write_spill(void)
{
    char byte = 0;
    return pwrite(SANDBOX_SPILL, "x", 1, SPILL_MOST - 1) == 1 &&
           pread(SANDBOX_SPILL, &byte, 1, SPILL_MOST - 1) == 1 && byte == 'x';
}

static bool map_spill(void)
{
    volatile char *map =
        ftruncate(SANDBOX_SPILL, SPILL_MOST) == 0
            ? mmap(NULL, SPILL_MOST, PROT_READ | PROT_WRITE, MAP_SHARED, SANDBOX_SPILL, 0)
            : MAP_FAILED;
    return map != MAP_FAILED && ++map[5] == 1;
}

static bool write_beyond(void)
{
    return pwrite(SANDBOX_SPILL, "x", 1, SPILL_MOST) == 1;
}

static bool grow_beyond(void)
{
    return ftruncate(SANDBOX_SPILL, SPILL_MOST + 1) == 0 ||
           fallocate(SANDBOX_SPILL, 0, SPILL_MOST, 1) == 0;
}

static bool execute_spill(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, SANDBOX_SPILL, 0) != MAP_FAILED;
}

static bool write_there(void)
{
    return pwrite(passed, "x", 1, 0) == 1;
}

static bool map_to_write(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, passed, 0) != MAP_FAILED;
}

static bool allocate_there(void)
{
    return fallocate(passed, 0, 0, 1) == 0;
}

static bool map_little(void)
{
    return map((size_t)40 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

static bool write_sample(void)
{
    return pwrite(SANDBOX_SAMPLE, "x", 1, 0) == 1;
}

static bool empty_sample(void)
{
    return ftruncate(SANDBOX_SAMPLE, 0) == 0;
}

/* The file that decoders share can be added to, and no more. */
static void what_is_shared_can_only_grow(void)
{
    int fd = open(scratch_path("shared"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const struct worker_terms with = {.spill = SPILL_MOST, .sample = fd}, alone = {.sample = fd},
                              without = {.spill = SPILL_MOST};
    make_victim();
    check_outcome("writing to the shared file", outcome_on_terms(write_sample, with), WORKS);
    CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_END), 1);
    if (SANDBOX_FILTERS) {
        check_outcome("emptying it", outcome_on_terms(empty_sample, with), BY_SIGSYS);
        check_outcome("writing where nothing may be kept", outcome_on_terms(write_sample, alone),
                      REFUSED);
        check_outcome("writing where none is", outcome_on_terms(write_sample, without), BY_SIGSYS);
    }
    unlink(victim);
    close(fd);
}

/* `filtered`: where system calls are filtered; `with`: a temporary file of SPILL_MOST. */
static void what_is_spilled_is_bounded(void)
{
    static const struct {
        const char *what;
        bool (*attempt)(void);
        bool with;
        enum outcome expected;
        bool filtered;
    } rows[] = {
        {"writing to the temporary file", write_spill, true, WORKS, false},
        {"mapping it", map_spill, true, WORKS, false},
        {"writing beyond its cap", write_beyond, true, REFUSED, true},
        {"growing it beyond", grow_beyond, true, REFUSED, true},
        {"executing it", execute_spill, true, BY_SIGSYS, true},
        {"writing to another file", write_there, true, BY_SIGSYS, true},
        {"mapping another to write", map_to_write, true, BY_SIGSYS, true},
        {"allocating another's blocks", allocate_there, true, BY_SIGSYS, true},
        {"growing another file", grow_file, true, BY_SIGSYS, true},
        {"opening a file", open_to_write, true, BY_SIGSYS, true},
        {"writing where there is none", write_spill, false, BY_SIGSYS, true},
        {"mapping where there is none", map_to_write, false, BY_SIGSYS, true},
    };
    make_victim();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (SANDBOX_FILTERS || !rows[i].filtered)
            check_outcome(
                rows[i].what,
                outcome_on_terms(rows[i].attempt,
                                 (struct worker_terms){.spill = rows[i].with ? SPILL_MOST : 0}),
                rows[i].expected);
    check_outcome("little memory",
                  outcome_on_terms(map_little, (struct worker_terms){.memory = (size_t)48 << 20}),
                  SANITIZED ? WORKS : REFUSED);
    unlink(victim);
}

static void memory_is_limited(void)
{
    make_victim();
    enum outcome expected = SANITIZED ? WORKS : REFUSED;
    check_outcome("malloc", outcome_in_sandbox(allocate_too_much, false), expected);
    check_outcome("mmap", outcome_in_sandbox(map_too_much, false), expected);
    check_outcome("mprotect", outcome_in_sandbox(unlock_too_much, false), expected);
    unlink(victim);
}

static void processor_time_is_limited(void)
{
    struct sandbox_limits before = sandbox_limits;
    make_victim();
    sandbox_limits.silent_ms = 100;
    check_outcome("silence", outcome_in_sandbox(spin_for_ever, false), BY_SIGPROF);
    sandbox_limits.silent_ms = 400;
    sandbox_limits.request_ms = 200;
    check_outcome("too much in all", outcome_in_sandbox(spin_for_ever_in_good_spirits, false),
                  BY_SIGPROF);
    sandbox_limits.request_ms = 100000;
    check_outcome("progress", outcome_in_sandbox(spin_in_good_spirits, false), WORKS);
    sandbox_limits.request_ms = 400;
    check_outcome("requests", outcome_in_sandbox(spin_over_requests, false), WORKS);
    sandbox_limits = before;
    unlink(victim);
}

static void the_unconfined_keep_their_rights(void)
{
    static bool (*const rights[])(void) = {open_to_read,   create_file,         make_socket,
                                           start_process,  allocate_too_much,   open_many,
                                           map_executable, spin_in_good_spirits};
    struct sandbox_limits before = sandbox_limits;
    make_victim();
    sandbox_limits.silent_ms = sandbox_limits.request_ms = 100;
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        CU_ASSERT_EQUAL(outcome_in_sandbox(rights[i], true), WORKS);
    sandbox_limits = before;
    unlink(victim);
}

/* True when the file was opened and all its tiles are there, and sound. */
static bool decodes(const char *name)
{
    struct fault fault = {0};
    int before = rig.opened + rig.failed;
    CU_ASSERT_FATAL(loader_open(rig.loader, rig.path, (struct source_choice){.index = 0}, &fault));
    for (int64_t end = clock_ms() + RIG_LIMIT_MS;
         rig.opened + rig.failed == before && clock_ms() < end;)
        CU_ASSERT_FATAL(loop_turn(&rig.loop, 100, NULL));
    bool fine = loader_page(rig.loader) != NULL;
    rig.key_count = 0;
    if (fine)
        rig_add_keys(0);
    loader_want(rig.loader, rig.keys, rig.key_count);
    loader_count(rig.loader);
    rig_turn_until_complete();
    for (int i = 0; i < rig.key_count; i++) {
        bool sound = false;
        fine &= arena_find(loader_arena(rig.loader), rig.keys[i], &sound) && sound;
    }
    if (!fine || rig.troubles)
        printf("  %s: %s %s\n", name, rig.failed ? rig.failure.text : "", rig.all_troubles);
    return fine && !rig.troubles;
}

static void every_compression_is_decoded(void)
{
    for (size_t i = 0; i < codec_count; i++) {
        rig_start(1);
        bool made = codec_make(rig.path, &codecs[i]);
        if (!made)
            printf("  this libtiff lacks %s\n", codecs[i].name);
        CU_ASSERT(!made || decodes(codecs[i].name));
        rig_finish();
    }
}

SUITE("sandbox", {"what is not decoding is prevented", what_is_not_decoding_is_prevented},
      {"what is spilled is bounded", what_is_spilled_is_bounded},
      {"what is shared can only grow", what_is_shared_can_only_grow},
      {"memory is limited", memory_is_limited},
      {"processor time is limited", processor_time_is_limited},
      {"the unconfined keep their rights", the_unconfined_keep_their_rights},
      {"every compression is decoded", every_compression_is_decoded})
