/* Lack of memory, as the system tells of it: see base/pressure.h. Owns one descriptor; reads, and
 * knows nothing of who holds what. */
#include "base/pressure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KIB = 1024,
    MIB = 1024 * KIB,
    TEXT = 8192, /* of these files more is not read */
    STALLED_HIGH = 10,
    MACHINE_LOW = 256 * MIB,
    CGROUP_LOW = 64 * MIB
};

/* Stalls of a tenth: windows of whole 2 s are what the system grants to anybody. */
static const char trigger[] = "some 200000 2000000";

const struct pressure_places pressure_usual = {
    .stall = "/proc/pressure/memory",
    .meminfo = "/proc/meminfo",
    .cgroup = "/proc/self/cgroup",
    .unified = "/sys/fs/cgroup",
    .memory = "/sys/fs/cgroup/memory",
};

/* The names of the two versions' files. */
static const struct version {
    const char *limit, *used, *file, *idle_file;
} versions[] = {
    {"memory.max", "memory.current", "active_file ", "inactive_file "},
    {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_active_file ",
     "total_inactive_file "},
};

void pressure_open(struct pressure *pressure, const struct pressure_places *places)
{
    *pressure = (struct pressure){.places = *places, .fd = -1};
    int fd = open(places->stall, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (write(fd, trigger, sizeof trigger) == sizeof trigger)
        pressure->fd = fd;
    else
        close(fd);
}

void pressure_close(struct pressure *pressure)
{
    if (pressure->fd >= 0)
        close(pressure->fd);
    pressure->fd = -1;
}

int pressure_fd(const struct pressure *pressure)
{
    return pressure->fd;
}

static bool read_text(const char *path, char text[TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, text, TEXT - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[length > 0 ? length : 0] = 0;
    return length > 0;
}

/* The number behind `name`, which begins a line; -1: there is none. */
static int64_t number_after(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncmp(line, name, length))
            return strtoll(line + length, NULL, 10);
    }
    return -1;
}

static int64_t times_kib(int64_t number)
{
    return number < 0 ? -1 : number * KIB;
}

/* "max", and numbers near 2^63, are no limit. */
static int64_t limit_of(const char *text)
{
    int64_t limit = strtoll(text, NULL, 10);
    return limit > 0 && limit < INT64_MAX / 2 ? limit : -1;
}

static bool read_of(const char *folder, const char *name, char text[TEXT])
{
    char path[PRESSURE_PATH];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length < (int)sizeof path && read_text(path, text);
}

/* Takes a cgroup's limit where it leaves less than those before. */
static void take_limit(const char *folder, const struct version *version,
                       struct pressure_figures *figures)
{
    char text[TEXT];
    int64_t limit = read_of(folder, version->limit, text) ? limit_of(text) : -1;
    if (limit < 0 || !read_of(folder, version->used, text))
        return;
    int64_t room = limit - strtoll(text, NULL, 10);
    if (read_of(folder, "memory.stat", text)) {
        int64_t file = number_after(text, version->file);
        int64_t idle = number_after(text, version->idle_file);
        room += (file > 0 ? file : 0) + (idle > 0 ? idle : 0);
    }
    if (figures->limit >= 0 && room >= figures->room)
        return;
    figures->limit = limit;
    figures->room = room > 0 ? room : 0;
}

/* From the cgroup up to the topmost. In a container the path may be that of outside: then what is
 * mounted is ours. */
static void ask_cgroups(const char *mount, const char *path, const struct version *version,
                        struct pressure_figures *figures)
{
    char folder[PRESSURE_PATH];
    if (snprintf(folder, sizeof folder, "%s%s", mount, path) >= (int)sizeof folder)
        return;
    size_t root = strlen(mount);
    for (int level = 0; level < PRESSURE_LEVELS; level++) {
        take_limit(folder, version, figures);
        char *slash = strrchr(folder, '/');
        if (!slash || slash < folder + root)
            return;
        *slash = 0;
    }
}

/* A line is "NUMBER:CONTROLLERS:PATH"; of version 2 it has no controllers. */
static void ask_line(const struct pressure_places *places, char *line,
                     struct pressure_figures *figures)
{
    char *controllers = strchr(line, ':');
    char *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path)
        return;
    *path++ = 0;
    controllers++;
    if (!*controllers)
        ask_cgroups(places->unified, path, &versions[0], figures);
    else if (!strcmp(controllers, "memory") || strstr(controllers, "memory,") ||
             strstr(controllers, ",memory"))
        ask_cgroups(places->memory, path, &versions[1], figures);
}

struct pressure_figures pressure_ask(const struct pressure *pressure)
{
    const struct pressure_places *places = &pressure->places;
    struct pressure_figures figures = {-1, -1, -1, -1, -1};
    char text[TEXT], *rest = text;
    if (read_text(places->meminfo, text)) {
        figures.total = times_kib(number_after(text, "MemTotal:"));
        figures.available = times_kib(number_after(text, "MemAvailable:"));
    }
    if (read_text(places->stall, text)) {
        const char *average = strstr(text, "avg10=");
        figures.stalled = average ? strtod(average + strlen("avg10="), NULL) : -1;
    }
    if (read_text(places->cgroup, text))
        for (char *line; (line = strsep(&rest, "\n"));)
            ask_line(places, line, &figures);
    return figures;
}

static bool is_low(int64_t left, int64_t part, int64_t most)
{
    return left >= 0 && left < (part < most ? part : most);
}

/* Then those who wait do so for memory of their own cgroup, and ours would not help them. */
static bool is_plenty(const struct pressure_figures *figures)
{
    return figures->available >= 0 && figures->available >= figures->total / 2 &&
           (figures->limit < 0 || figures->room >= figures->limit / 2);
}

bool pressure_is_high(const struct pressure_figures *figures)
{
    return (figures->stalled >= STALLED_HIGH && !is_plenty(figures)) ||
           is_low(figures->available, figures->total / 16, MACHINE_LOW) ||
           (figures->limit >= 0 && is_low(figures->room, figures->limit / 8, CGROUP_LOW));
}
