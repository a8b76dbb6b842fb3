/* Whether the machine, or the cgroup this process lives in, is short of memory (Linux). */
#ifndef BASE_PRESSURE_H
#define BASE_PRESSURE_H

#include <stdbool.h>
#include <stdint.h>

enum { PRESSURE_PATH = 512, PRESSURE_LEVELS = 16 };

/* Where the system tells; other places for tests. */
struct pressure_places {
    const char *stall;   /* /proc/pressure/memory */
    const char *meminfo; /* /proc/meminfo */
    const char *cgroup;  /* /proc/self/cgroup */
    const char *unified; /* /sys/fs/cgroup: cgroups, version 2 ... */
    const char *memory;  /* /sys/fs/cgroup/memory: ... and the memory controller of version 1 */
};
extern const struct pressure_places pressure_usual;

/* What is told now; -1 where it is not. */
struct pressure_figures {
    double stalled;           /* percent of the last 10 s in which some process waited for memory */
    int64_t total, available; /* bytes of the machine's memory */
    int64_t limit, room;      /* bytes of the tightest cgroup around this process, and what is left
                                 of them once file pages that can go have gone */
};

struct pressure {
    struct pressure_places places; /* lent */
    int fd;                        /* see pressure_fd */
};

/* Allocates nothing, needs no server, never fails: what is not there is not told. */
void pressure_open(struct pressure *pressure, const struct pressure_places *places);
void pressure_close(struct pressure *pressure);

/* A descriptor that poll(2) reports POLLPRI on when processes have waited for memory for a tenth of
 * two seconds; -1 where the system grants none. */
int pressure_fd(const struct pressure *pressure);

/* Reads some small files of /proc and /sys. */
struct pressure_figures pressure_ask(const struct pressure *pressure);

/* True when memory is short: processes wait for it and less than half is left, or less than a
 * sixteenth of the machine's (256 MiB at most) or an eighth of the cgroup's (64 MiB at most). */
bool pressure_is_high(const struct pressure_figures *figures);

#endif
