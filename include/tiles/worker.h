/* The decoder process: what runs in the child after fork. */
#ifndef TILES_WORKER_H
#define TILES_WORKER_H

#include "tiles/arena.h"

/* Serves requests from `socket` until it is closed, then ends the process; never returns. Drops
 * everything else first: descriptors, core dumps, privileges to gain, signals' handlers; dies with
 * its parent. `number` indexes arena_shared's cancelled[]. */
void worker_main(int socket, int number, struct arena *arena) __attribute__((noreturn));

#endif
