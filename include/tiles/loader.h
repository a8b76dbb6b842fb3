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
#include "tiles/arena.h"

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
    /* The histogram of arena_shared is complete: 65,536 bins by code. It holds until the next page
     * or file. */
    void (*counted)(void *context);
    /* The code at (x, y), in answer to the last loader_probe. */
    void (*probed)(void *context, int64_t x, int64_t y, uint32_t code);
    /* Something the user should know: a block that cannot be decoded, a worker that was replaced.
     * The viewer goes on. */
    void (*trouble)(void *context, const struct fault *fault);
};

/* workers: 0 = the default (2). slots_max as arena_new's. */
struct loader *loader_new(struct loop *loop, int workers, int32_t slots_max,
                          const struct loader_events *events, void *context, struct fault *fault);
void loader_free(struct loader *loader);

/* Opens `path` here (a directory, a device, an empty or unreadable file is refused at once, with a
 * sentence) and has the workers open the passed descriptor and select page `index` (0-based);
 * `opened` or `failed` follows. What was wanted of an earlier file is forgotten, and its tiles. */
bool loader_open(struct loader *loader, const char *path, int32_t index, struct fault *fault);
bool loader_select(struct loader *loader, int32_t index, struct fault *fault);
void loader_close(struct loader *loader); /* no file open; tile memory goes back to the system */

const struct page *loader_page(const struct loader *loader); /* NULL while none is open */
struct arena *loader_arena(struct loader *loader);

/* Replaces the list of wanted tiles, most wanted first (it is copied; those beyond arena_capacity
 * are passed over). Ready ones among them are kept from eviction; the missing ones are loaded;
 * loads under way that are on no list any more are cancelled. Never call it from within `tile`. */
void loader_want(struct loader *loader, const struct tile_key *keys, int count);

/* Wanted tiles that are not ready yet, plus 1 while statistics wanted are not complete. */
int loader_pending(const struct loader *loader);

/* Has the page's statistics counted (once for each page; asking again is free). */
void loader_count(struct loader *loader);
bool loader_counted(const struct loader *loader);

/* Asks for one full-resolution sample; a later call replaces one not yet answered. Passed over
 * where it would mean decoding more than a few MiB (page.whole). */
void loader_probe(struct loader *loader, int64_t x, int64_t y);

/* Process ids of the workers; returns how many were written. */
int loader_pids(const struct loader *loader, pid_t *pids, int room);

/* Lets the workers let go of buffers and file pages (called when the picture is final). */
void loader_rest(struct loader *loader);

#endif
