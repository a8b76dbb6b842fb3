/* What the viewer and its helpers hold at one moment: every process's ledger and what the system
 * says of it. */
#ifndef APP_FIGURES_H
#define APP_FIGURES_H

#include <stddef.h>
#include <sys/types.h>

#include "base/footprint.h"
#include "base/ledger.h"
#include "scene.h"
#include "tiles/crew.h"

enum { FIGURES_PROCESSES = CREW_MAX + 10, FIGURES_NAME = 24 };

struct process_figures {
    char name[FIGURES_NAME]; /* "viewer", "decoder 1"; "opener", "helper 1", which keep no ledger */
    int decoder;             /* which one, from 1; 0: it is none */
    pid_t pid;
    struct footprint footprint;
    struct ledger_figures ledger;
};

struct figures {
    struct process_figures processes[FIGURES_PROCESSES]; /* the viewer first */
    int count;
    struct footprint sum;  /* of all processes */
    size_t server_bytes;   /* memory of ours that the X server has mapped too */
    long server_kib;       /* the part of it that the system counts as the server's */
    long footprint;        /* KiB: sum.pss and server_kib */
    long most;             /* the largest footprint that was read so far */
    int64_t taken_ms;      /* clock_ms */
    int tiles, tiles_most; /* slots of the arena in use, and that the budget allows */
    size_t tile_bytes;     /* of one slot */
};

/* Reads all of it, from /proc too: not within a frame. server_bytes as above. Allocates nothing.
 * `scene` NULL: there are no tiles, and all processes are helpers. */
void figures_take(struct figures *figures, const struct scene *scene, size_t server_bytes);

#endif
