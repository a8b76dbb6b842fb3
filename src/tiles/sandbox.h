/* What a decoder process gives up before it looks at a file, and what it may use up. */
#ifndef TILES_SANDBOX_H
#define TILES_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sanitized.h"
#include "config.h"

/* Sanitizers reserve terabytes, and look for leaks at the end with a thread that traces the others:
 * there memory, files, processes and system calls stay unlimited. */
#if defined HAVE_SECCOMP && !SANITIZED
enum { SANDBOX_FILTERS = true };
#else
enum { SANDBOX_FILTERS = false };
#endif

/* SANDBOX_REFUSED: the status that a process ends with when the system does not take from it what
 * it should have lost. */
/* The descriptors of the temporary file (source/spill.h) and of the shared sample. */
enum { SANDBOX_REFUSED = 71, SANDBOX_DESCRIPTORS = 64, SANDBOX_SPILL = 4, SANDBOX_SAMPLE = 5 };

struct worker_terms;

/* Read when a process enters; tests lower them before. */
struct sandbox_limits {
    size_t memory;      /* bytes of private memory that can be written to, what was inherited too;
                           maps of files and the arena do not count; where the terms tell none */
    int64_t silent_ms;  /* processor time between two signs of progress */
    int64_t request_ms; /* processor time of one request, however lively */
};
extern struct sandbox_limits sandbox_limits;

/* Drops whatever the process inherited and does not need: descriptors, core dumps, privileges to
 * gain, signals' handlers, a heap that grows without giving back; arranges that it dies with its
 * parent, and lends it a temporary file of its own as far as the terms allow. Then, unless it is to
 * be unconfined: its memory, processor time and files are limited, and of system calls it keeps
 * what decoding needs. Opening, creating, connecting, starting, making executable or signalling
 * anything else, and writing to any other file, is refused or ends the process by SIGSYS; processor
 * time beyond its limit by SIGPROF. Returns the number the socket has from now on; ends the process
 * when something that must hold cannot be had. */
int sandbox_enter(int socket, const struct worker_terms *terms);

/* Starts a request's processor time anew; tells of progress within it, which starts that of
 * silent_ms anew. Nothing to the unconfined. */
void sandbox_begin_request(void);
void sandbox_progress(void);

/* sandbox_seccomp.c: takes away all system calls but those that decoding needs, sending and
 * receiving on `socket` and writing to `spill` and `sample` (-1: none) among them. False where the
 * system does not. */
bool sandbox_filter(int socket, int spill, int sample);

#endif
