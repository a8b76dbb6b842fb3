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
#include "tiles/burden.h"
#include "tiles/worker.h"

struct loader;

struct loader_events {
    /* The page asked for by loader_open or loader_select is there. The page is known to be sound
     * (page_check). */
    void (*opened)(void *context, const struct page *page);
    /* It could not be opened or selected; after loader_open no file is open, after loader_select
     * the old page stays. */
    void (*failed)(void *context, const struct fault *fault);
    /* The file asked for by loader_open is none to begin with (it is missing, a directory, a
     * device, empty or unreadable, or its file system does not answer): the one before stays as it
     * was. */
    void (*refused)(void *context, const struct fault *fault);
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
    /* The file has changed, and tiles that were not sound were dropped: they are missing again. */
    void (*renewed)(void *context);
    /* Of the tiles of `span`, a row of them that is being made, rows [from, to) are there (see
     * arena_growing). May be NULL. */
    void (*grown)(void *context, struct tile_span span, int32_t from, int32_t to);
};

/* workers: 0 = the default (2). slots_max as arena_new's. */
struct loader *loader_new(struct loop *loop, int workers, int32_t slots_max,
                          const struct worker_terms *terms, const struct loader_events *events,
                          void *context, struct fault *fault);
void loader_free(struct loader *loader);

/* Has the opener open `path`, and `path`.ovr where there is one, and then the workers the passed
 * descriptors, and selects the chosen page; `opened`, `failed` or `refused` follows. Until the
 * descriptors are there the file before stays open (loader_coming); then what was wanted of it is
 * forgotten, and its tiles. False: there is no memory, or the choice is none. */
bool loader_open(struct loader *loader, const char *path, struct source_choice choice,
                 struct fault *fault);
/* While a file is coming: of that one. */
bool loader_select(struct loader *loader, struct source_choice choice, struct fault *fault);
bool loader_coming(const struct loader *loader);
bool loader_changed(const struct loader *loader); /* the open file, since it was opened */
void loader_close(struct loader *loader); /* no file open; tile memory goes back to the system */

const struct page *loader_page(const struct loader *loader); /* NULL while none is open */
struct arena *loader_arena(struct loader *loader);

/* Replaces the list of wanted tiles, most wanted first (it is copied; those beyond arena_capacity
 * are passed over). Ready ones among them are kept from eviction; the missing ones are loaded;
 * loads under way that are on no list any more are cancelled. Never call it from within `tile`. */
void loader_want(struct loader *loader, const struct tile_key *keys, int count);

/* Replaces the list of tiles that may be wanted next. They are loaded while no wanted one is
 * missing, as far as the arena has room beyond the wanted ones, and given up at once when one is.
 * Nobody is told of them. */
void loader_prefetch(struct loader *loader, const struct tile_key *keys, int count);

/* The same for the page that may be selected next, in place of that list: while nothing else is to
 * be done one worker selects it and loads the tiles, where they lie as those of the page shown do
 * (one that is not sound is not kept). What goes wrong with it nobody is told. loader_select of it
 * is then answered at once. It holds until the next page or file, and another list. */
void loader_foresee(struct loader *loader, struct source_choice choice, const struct tile_key *keys,
                    int count);

/* What is being done, and how much of it is done already: 0 .. 1, by the samples that the wanted
 * tiles are made of. 0 where that is not known (LOADER_OPENS, LOADER_COUNTS). LOADER_DECODES: a
 * block of 32 MiB or more is decoded in one go, before anything can be made of it. */
enum loader_task {
    LOADER_RESTS,
    LOADER_OPENS,
    LOADER_DECODES,
    LOADER_READS,
    LOADER_MEASURES,
    LOADER_COUNTS
};
struct loader_progress {
    enum loader_task task;
    double share;
};
void loader_progress(const struct loader *loader, struct loader_progress *progress);

/* Wanted tiles that are not ready yet, plus 1 while statistics wanted are not complete, plus 1
 * while pages are counted, plus 1 while what could not be decoded waits to be asked for again, plus
 * 1 while what is wrong with tiles that came is still to be told. */
int loader_pending(const struct loader *loader);
int loader_missing(const struct loader *loader);  /* the tiles alone */
bool loader_starved(const struct loader *loader); /* not one of them can be given room */

/* What decoding the page shown takes; nothing while none is. */
struct burden loader_burden(const struct loader *loader);
int loader_workers(const struct loader *loader); /* decoders */

/* Has the page's statistics counted (once for each page; asking again is free). */
void loader_count(struct loader *loader);
/* The same, for who will want tiles next: where a pass over the page for them can serve the
 * statistics too, these wait for it. */
void loader_count_along(struct loader *loader);
bool loader_counted(const struct loader *loader);

/* What the statistics have come to so far: finite, in order, and within what the page's samples can
 * be. While they are under way `low` and `high` are the least and the most. False when there are
 * none yet, or no value was found. */
bool loader_seen(const struct loader *loader, struct statistics *statistics);

/* What the 0.5th and the 99.5th percentile are about, of narrow gray: from rough tiles of the whole
 * page. False where these are not there. */
bool loader_guess(const struct loader *loader, double *low, double *high);

/* Asks for one full-resolution sample; a later call replaces one not yet answered. Passed over
 * where it would mean decoding more than a few MiB (page.whole). */
void loader_probe(struct loader *loader, int64_t x, int64_t y);

/* Has a worker tell what else there is to know of the file and the page; `fact` follows, at most
 * MESSAGE_FACTS times and then with NULL, also where a worker was lost over it. Passed over while
 * no page is open. */
void loader_inform(struct loader *loader);

/* Process ids of the workers, and then the opener's; returns how many were written. */
int loader_pids(const struct loader *loader, pid_t *pids, int room);
/* The number of the worker with that process id (arena_ledger's), -1: it is none. */
int loader_number(const struct loader *loader, pid_t pid);

/* Lets the workers let go of buffers and file pages (called when the picture is final). */
void loader_rest(struct loader *loader);

#endif
