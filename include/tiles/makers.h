/* Makes the overviews of a page: confined processes read it, each a part of its own, and send back
 * packed tiles, which go to a file in the order they come. Everything runs from the loop. */
#ifndef TILES_MAKERS_H
#define TILES_MAKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/loop.h"
#include "source/copies.h"
#include "source/source.h"
#include "tiles/worker.h"

struct makers;

enum makers_outcome {
    MAKERS_DONE,      /* the file is complete, but not yet on the disk */
    MAKERS_NEEDLESS,  /* the page is small, or has overviews: nothing was written */
    MAKERS_FAILED,    /* the fault says why, without the file's name; the file is worth nothing */
    MAKERS_UNWRITTEN, /* likewise, and it is the overviews' file that the fault is about */
};

struct makers_task {
    int fd;           /* the page's file */
    int out;          /* an empty file, for the overviews */
    int scratch;      /* likewise, for what is reckoned with in between */
    const char *name; /* of the page's file, for sentences */
    struct source_choice choice;
    int count; /* processes, 1 .. COPIES_MAKERS */
    struct worker_terms terms;
    /* What the processes do; NULL: make overviews. For tests. */
    void (*process)(int socket, const struct worker_terms *terms);
};

/* Starts the processes, and returns at once; descriptors stay the caller's. `ended` is called once,
 * from the loop, and may not call makers_free. NULL with a fault. */
struct makers *makers_new(struct loop *loop, const struct makers_task *task,
                          void (*ended)(void *context, enum makers_outcome outcome,
                                        const struct fault *fault),
                          void *context, struct fault *fault);

/* Ends the processes, finished or not. NULL is allowed. */
void makers_free(struct makers *makers);

/* How much of the work is done, 0 .. 1. */
double makers_progress(const struct makers *makers);

/* What is made; all zeros until the page is known. */
const struct copies *makers_copies(const struct makers *makers);

/* Milliseconds that a process may be silent; tests lower it. */
extern int64_t makers_patience_ms;

#endif
