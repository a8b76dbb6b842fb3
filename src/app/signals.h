/* Signals made into events of the loop, so that none is lost and nothing happens inside a handler
 * (but for signals_limit). */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

#include <stdbool.h>

#include "base/loop.h"

/* Has `end` called for SIGINT, SIGTERM and SIGHUP, and `report` for SIGUSR1, from the loop. False
 * when no pipe can be had. */
bool signals_begin(struct loop *loop, void (*end)(void *context), void (*report)(void *context),
                   void *context);
/* The end of the limit too. Nothing more, where signals_begin did not succeed. */
void signals_end(struct loop *loop);

/* Who takes longer than 3 s to end, from now on or from the next signal that asks for it, is ended
 * with `status`: a server that does not read makes every request wait. */
void signals_limit(int status, bool now);

#endif
