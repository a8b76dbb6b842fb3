/* One open file and the tiles wanted of it: the viewer's way to samples.
 *
 * Owns the arena, the crew and the file descriptor. The caller says which tiles it wants, most
 * wanted first; the loader groups them into rectangles for the workers, asks again after a worker
 * was lost, and tells when tiles come. All calls return at once. */
#ifndef TILES_LOADER_H
#define TILES_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fault.h"
#include "base/loop.h"
#include "base/tile.h"
#include "source/page.h"
#include "source/source.h"
#include "source/statistics.h"
#include "tiles/arena.h"
#include "tiles/worker.h"

struct loader;

struct loader_events {
    /* The page asked for by loader_open or loader_select is there. The page is known to be sound
     * (page_check). */
    void (*opened)(void *context, const struct page *page);
    /* It could not be opened or selected; after loader_open no file is open, after loader_select
     * the old page stays. */
    void (*failed)(void *context, const struct fault *fault);
    /* A wanted tile became ready. */
    void (*tile)(void *context, struct tile_key key);
    /* The statistics are complete: what they come to, and the histogram of arena_shared
     * (source/statistics.h), which holds until the next page or file. */
    void (*counted)(void *context, const struct statistics *statistics);
    /* The stored values at (x, y), one for each channel, in answer to the last loader_probe. */
    void (*probed)(void *context, int64_t x, int64_t y, const double *values);
    /* How many pages the file has became known better; loader_page says it too. */
    void (*pages)(void *context, int32_t count, bool counting);
    /* One of the answers to loader_inform; NULL after the last. */
    void (*fact)(void *context, const struct fact *fact);
    /* Something the user should know: a block that cannot be decoded, a worker that was replaced.
     * The viewer goes on. */
    void (*trouble)(void *context, const struct fault *fault);
};

/* workers: 0 = the default (2). slots_max as arena_new's. */
struct loader *loader_new(struct loop *loop, int workers, int32_t slots_max,
                          const struct worker_terms *terms, const struct loader_events *events, void *context, struct fault *fault);
void loader_free(struct loader *loader);

/* Opens `path` here (a directory, a device, an empty or unreadable file is refused at once, with a
 * sentence), and `path`.ovr where there is one, and has the workers open the passed descriptors and
 * select the chosen page; `opened` or `failed` follows. What was wanted of an earlier file is
 * forgotten, and its tiles. */
bool loader_open(struct loader *loader, const char *path, struct source_choice choice,
                 struct fault *fault);
bool loader_select(struct loader *loader, struct source_choice choice, struct fault *fault);
void loader_close(struct loader *loader); /* no file open; tile memory goes back to the system */

const struct page *loader_page(const struct loader *loader); /* NULL while none is open */
struct arena *loader_arena(struct loader *loader);

/* Replaces the list of wanted tiles, most wanted first (it is copied; those beyond arena_capacity
 * are passed over). Ready ones among them are kept from eviction; the missing ones are loaded;
 * loads under way that are on no list any more are cancelled. Never call it from within `tile`. */
void loader_want(struct loader *loader, const struct tile_key *keys, int count);

/* Wanted tiles that are not ready yet, plus 1 while statistics wanted are not complete, plus 1
 * while pages are counted. */
int loader_pending(const struct loader *loader);

/* Larger blocks are decoded by one worker alone, so that no two of them are held. */
enum { LOADER_SHARED_BLOCK = 768 << 10 };

/* Bytes of blocks that the workers may hold at a time, encoded and decoded; *block: of one that is
 * decoded. Both are 0 where rows are read or decoded one by one. */
size_t loader_held(const struct loader *loader, size_t *block);

/* Has the page's statistics counted (once for each page; asking again is free). */
void loader_count(struct loader *loader);
bool loader_counted(const struct loader *loader);

/* What the statistics have come to so far: finite, in order, and within what the page's samples can
 * be. While they are under way `low` and `high` are the least and the most. False when there are
 * none yet, or no value was found. */
bool loader_seen(const struct loader *loader, struct statistics *statistics);

/* Asks for one full-resolution sample; a later call replaces one not yet answered. Passed over
 * where it would mean decoding more than a few MiB (page.whole). */
void loader_probe(struct loader *loader, int64_t x, int64_t y);

/* Has a worker tell what else there is to know of the file and the page; `fact` follows, at most
 * MESSAGE_FACTS times and then with NULL, also where a worker was lost over it. Passed over while
 * no page is open. */
void loader_inform(struct loader *loader);

/* Process ids of the workers; returns how many were written. */
int loader_pids(const struct loader *loader, pid_t *pids, int room);

/* Lets the workers let go of buffers and file pages (called when the picture is final). */
void loader_rest(struct loader *loader);

#endif
