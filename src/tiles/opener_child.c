/* The opener's process: see opener_child.h. Owns nothing but its socket; never reads a file and
 * knows nothing of images. */
#include "tiles/opener_child.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "tiles/message.h"
#include "tiles/sandbox.h"
#include "tiles/worker.h"

enum { NAME_ROOM = PATH_MAX + 64 };

static bool check_kind(const struct stat *status, const char *path, struct fault *fault)
{
    if (S_ISDIR(status->st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is a directory", path);
    if (!S_ISREG(status->st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is not a regular file", path);
    if (status->st_size == 0)
        return fault_set(fault, FAULT_FILE, "%s: is empty", path);
    return true;
}

/* Names of the viewer's own descriptors mean those of this process here. */
static void name_for_us(const char *path, char *name)
{
    static const struct {
        const char *begin, *meant;
    } own[] = {{"/dev/stdin", "0"}, {"/dev/fd/", ""}, {"/proc/self/fd/", ""}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        size_t length = strlen(own[i].begin);
        if (!strncmp(path, own[i].begin, length) && (!*own[i].meant || !path[length])) {
            snprintf(name, NAME_ROOM, "/proc/%ld/fd/%s%s", (long)getppid(), own[i].meant,
                     path + length);
            return;
        }
    }
    snprintf(name, NAME_ROOM, "%s", path);
}

/* Returns a descriptor or -1. Asks what it is before it opens, as opening a device may have
 * effects, and again after, as it may be another thing by then. */
static int open_regular(const char *path, struct fault *fault)
{
    struct stat status;
    char name[NAME_ROOM];
    name_for_us(path, name);
    if (stat(name, &status) != 0) {
        fault_errno(fault, errno, "%s", path);
        return -1;
    }
    if (!check_kind(&status, path, fault))
        return -1;
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0)
        fault_errno(fault, errno, "%s", path);
    else if (check_kind(&status, path, fault))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void tell(int socket, struct opener_answer *answer, const int fds[MESSAGE_FDS])
{
    int count = fds[0] < 0 ? 0 : fds[1] < 0 ? 1 : 2;
    if (!packet_send(socket, answer, sizeof *answer, fds, count))
        _exit(0);
}

static void serve(int socket, const struct opener_request *request)
{
    struct opener_answer answer = {.serial = request->serial, .what = OPENER_BEGUN};
    char overviews[PATH_MAX + 8];
    int fds[MESSAGE_FDS] = {-1, -1};
    tell(socket, &answer, fds);
    fds[0] = open_regular(request->path, &answer.fault);
    answer.what = fds[0] < 0 ? OPENER_REFUSED : OPENER_OPENED;
    snprintf(overviews, sizeof overviews, "%s.ovr", request->path);
    if (fds[0] >= 0)
        fds[1] = open_regular(overviews, NULL);
    tell(socket, &answer, fds);
    packet_close(fds);
}

void opener_main(int socket)
{
    struct opener_request request;
    int fds[MESSAGE_FDS];
    size_t bytes;
    socket = sandbox_enter(socket, &(struct worker_terms){.unconfined = true});
#ifdef __linux__
    prctl(PR_SET_NAME, "xlightbox-open");
#endif
    while (packet_receive(socket, &request, sizeof request, &bytes, fds) == MESSAGE_RECEIVED) {
        packet_close(fds);
        if (bytes < offsetof(struct opener_request, path) || bytes >= sizeof request)
            _exit(1);
        request.path[bytes - offsetof(struct opener_request, path)] = 0;
        if (request.serial)
            serve(socket, &request);
    }
    _exit(0);
}
