/* SIGCHLD as a readable descriptor that a poll loop can watch. */
#ifndef TILES_CHILD_SIGNAL_H
#define TILES_CHILD_SIGNAL_H

#include "base/fault.h"

/* A non-blocking descriptor that becomes readable whenever a child process ends, stops or goes on.
 * The first one installs the signal handler. -1 with a fault. */
int child_signal_open(struct fault *fault);

/* The last one puts back the handler that was there before. -1 is allowed. */
void child_signal_close(int fd);

/* Empties it. */
void child_signal_drain(int fd);

#endif
