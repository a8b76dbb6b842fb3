/* What runs in the opener's process, and what it is told and tells: one packet each over a
 * SOCK_SEQPACKET socket pair. Private to src/tiles. */
#ifndef TILES_OPENER_CHILD_H
#define TILES_OPENER_CHILD_H

#include <limits.h>
#include <stdint.h>

#include "base/fault.h"

/* As long as its path; not terminated on the way. Serial 0: close the descriptors that came with
 * it, and no answer. */
struct opener_request {
    uint32_t serial;
    char path[PATH_MAX + 1];
};

enum opener_word { OPENER_BEGUN, OPENER_OPENED, OPENER_REFUSED };

/* BEGUN, and then one of the others. With OPENED come one or two descriptors: the file, and that
 * of its reduced copies where there is one. */
struct opener_answer {
    uint32_t serial;
    uint32_t what;      /* enum opener_word */
    struct fault fault; /* REFUSED */
};

/* Serves requests until the socket is closed, then ends the process. Opens for reading and reads
 * nothing, so no file can make it do anything else: it keeps the right to open what the user may.
 */
void opener_main(int socket) __attribute__((noreturn));

#endif
