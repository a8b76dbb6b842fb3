/* Overviews made while the viewer goes on: a process of this program's own with --build-overviews,
 * whose progress and result the status line shows; its troubles are messages, on standard error
 * too. Ends with the viewer. */
#ifndef APP_BUILDING_H
#define APP_BUILDING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fault.h"

struct session;

struct building {
    pid_t pid; /* 0: nothing is being made */
    int fd;    /* what it says */
    char path[PATH_MAX];
    char line[FAULT_TEXT]; /* so far */
    size_t used;
    int percent;             /* how much is done */
    bool failed;             /* it has said why nothing comes of it */
    char result[FAULT_TEXT]; /* what has come of the last one; "": told long enough */
};

/* For the page that is shown; when it is done, and that file is shown still, it is read anew. */
bool building_start(struct session *session, struct fault *fault);

/* "  overviews 30 %", for a while after the end "  a.tif.ovr: 3 overviews, 1.2 MiB", or "". */
void building_text(const struct session *session, char *text, size_t room);

/* Ends it, which leaves nothing behind; false when nothing is being made. */
bool building_stop(struct session *session);

#endif
