/* The decoder process: what runs in the child after fork. */
#ifndef TILES_WORKER_H
#define TILES_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tiles/arena.h"

/* On what terms decoders live; all zeros are good ones. */
struct worker_terms {
    bool unconfined; /* they keep the rights they were born with */
    size_t memory;   /* bytes of private memory, 0: 256 MiB */
    int64_t spill;   /* bytes that a decoder's temporary file may have, 0: none */
    int sample; /* the file of a page's sample (source/shared_sample.h), which they share, 0: none
                 */
};

/* Serves requests from `socket` until it is closed, then ends the process; never returns. Drops
 * everything else first: descriptors, core dumps, privileges to gain, signals' handlers; dies with
 * its parent. Unless unconfined it then limits itself: terms->memory of private memory (maps of
 * files and the arena do not count), 60 s of processor time without a sign of progress (an answer,
 * or MESSAGE_ALIVE, which is sent where rows arrive) and 600 s for one request, no file, network,
 * process or signal to others. `number` indexes arena_shared's cancelled[]. */
void worker_main(int socket, int number, struct arena *arena, const struct worker_terms *terms)
    __attribute__((noreturn));

#endif
