/* Signals made into events of the loop, so that none is lost and nothing happens inside a handler.
 */
#ifndef APP_SIGNALS_H
#define APP_SIGNALS_H

#include <stdbool.h>

#include "base/loop.h"

/* Has `end` called for SIGINT, SIGTERM and SIGHUP, and `report` for SIGUSR1, from the loop. False
 * when no pipe can be had. */
bool signals_begin(struct loop *loop, void (*end)(void *context), void (*report)(void *context),
                   void *context);
void signals_end(struct loop *loop); /* nothing, where signals_begin did not succeed */

#endif
