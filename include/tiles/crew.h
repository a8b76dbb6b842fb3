/* The decoder processes seen from the viewer: started, watched, asked, replaced. Knows nothing of
 * what is asked.
 *
 * A worker that dies, is stopped, breaks the protocol, shows no sign of life for CREW_SILENCE_MS
 * with a request in hand (opening included), or has not ended so long after the request was
 * cancelled, is killed and another started in its place; whoever asked hears of it through `lost`
 * and asks again. One that is killed and does not die within CREW_UNDEAD_MS is waited for no
 * longer. */
#ifndef TILES_CREW_H
#define TILES_CREW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/loop.h"
#include "tiles/arena.h"
#include "tiles/message.h"
#include "tiles/worker.h"

enum { CREW_MAX = 16, CREW_SILENCE_MS = 4000, CREW_STOPPED_MS = 1000, CREW_UNDEAD_MS = 1000 };

struct crew;

/* `why` of a worker that was told to end a request and took too long about it. */
#define CREW_SLOW "did not stop in time"

/* `why` of one that was at something that cannot be stopped and that nobody wants any more. */
#define CREW_DROPPED "was at a block that nobody wants any more"

struct crew_events {
    /* A checked answer of worker `number`, signs of life among them. */
    void (*answer)(void *context, int number, const struct message *message);
    /* Worker `number` (process pid) is gone with its request, a new one is in its place; `why` as
     * in "crashed (signal 11, Segmentation fault)", "did not answer for 4 s" or "used more than
     * 60 s of processor time". */
    void (*lost)(void *context, int number, pid_t pid, const char *why);
};

/* Forks `workers` (1 .. CREW_MAX) processes that share `arena`. Call early: what the viewer has not
 * yet opened, workers need not drop. */
struct crew *crew_new(struct loop *loop, struct arena *arena, int workers,
                      const struct worker_terms *terms, const struct crew_events *events,
                      void *context, struct fault *fault);
/* Ends all workers; leaves no zombie but of one that the system does not let die. */
void crew_free(struct crew *crew);

int crew_size(const struct crew *crew);
pid_t crew_pid(const struct crew *crew, int number); /* 0 between its end and its replacement */
bool crew_is_busy(const struct crew *crew, int number);

/* Kills worker `number` for a reason that only the asker can see (an answer that does not fit the
 * request, or is not wanted any more); `lost` follows. `why` as there. With CREW_DROPPED its end
 * does not count against it. */
void crew_replace(struct crew *crew, int number, const char *why);

/* Gives an idle worker a request: message->type and body are the caller's, the header is filled in
 * here. The worker is busy until the request's last answer. The `count` descriptors of pass_fds are
 * passed on (and stay the caller's here). False when it could not be sent (the worker is then
 * replaced). */
bool crew_ask(struct crew *crew, int number, struct message *message, const int *pass_fds,
              int count);

/* Tells worker `number` to end what it is doing now; its last answer still comes, or it is lost. */
void crew_cancel(struct crew *crew, int number);

#endif
