/* The opener: a process that opens files, so that a file system which does not answer holds up
 * nobody else. Seen from the viewer: asked, watched, replaced.
 *
 * One that dies or breaks the protocol is replaced, and what it had in hand asked again, three
 * times at most. One that says nothing for opener_silence_ms is replaced too: a file that it was
 * at by then is refused, one that it had not come to is asked for again. A file that nobody waits
 * for any more has OPENER_FORSAKEN_MS to come before the next one is opened by another process. */
#ifndef TILES_OPENER_H
#define TILES_OPENER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/loop.h"
#include "tiles/message.h"

enum { OPENER_FORSAKEN_MS = 1000 };
extern int64_t opener_silence_ms; /* 10 s; tests lower it */

struct opener;

struct opener_events {
    /* The file asked for last is open for reading. fds[0] is a regular file that was not empty,
     * fds[1] that of its reduced copies (its name and ".ovr") or -1; both are the receiver's. */
    void (*opened)(void *context, const int fds[MESSAGE_FDS]);
    /* It cannot be opened; nothing is being opened any more. */
    void (*refused)(void *context, const struct fault *fault);
    /* The opener (process `pid`) is gone, another is in its place or will be when there is
     * something to open; `why` as in "did not answer for 10 s". */
    void (*lost)(void *context, pid_t pid, const char *why);
};

/* Forks the process. Call it early: what the viewer has not yet opened, it need not drop. */
struct opener *opener_new(struct loop *loop, const struct opener_events *events, void *context,
                          struct fault *fault);
/* Ends it; leaves no zombie but of one that the system does not let die. NULL is allowed. */
void opener_free(struct opener *opener);

pid_t opener_pid(const struct opener *opener); /* 0: there is none at the moment */

/* Asks for a file; what was asked for before is forgotten. A relative name is one of the folder
 * that the viewer was in when the process was forked. `opened` or `refused` follows, never from
 * within. */
void opener_ask(struct opener *opener, const char *path);
void opener_forget(struct opener *opener); /* nothing follows */

/* Has descriptors closed there, and sets them to -1: the last reference to a file on a network can
 * take its time. -1 is passed over. */
void opener_close(struct opener *opener, int fds[MESSAGE_FDS]);

#endif
