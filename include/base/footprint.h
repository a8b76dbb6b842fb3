/* The system's own figures for processes of ours: /proc/PID/smaps_rollup (Linux). */
#ifndef BASE_FOOTPRINT_H
#define BASE_FOOTPRINT_H

#include <stdbool.h>
#include <sys/types.h>

/* All in KiB. pss is the proportional share: summed over a family of processes it counts shared
 * pages once. */
struct footprint {
    long pss, anonymous, shared_memory, file;
};

/* Adds the figures of process `pid` to *sum. False where the system does not tell. Allocates
 * nothing. */
bool footprint_add(pid_t pid, struct footprint *sum);

/* The processes that this one has started and not yet buried; returns how many were written, 0
 * where the system does not tell. Allocates nothing. */
int footprint_children(pid_t *pids, int room);

/* Lets go of this process's pages of programs and libraries, most of which only its start needed:
 * what is used again comes back from the system's cache. Nothing in a process under a debugger,
 * whose breakpoints would go with them. */
void footprint_forget_start(void);

#endif
