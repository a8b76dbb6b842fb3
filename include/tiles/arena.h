/* The tile arena: one shared anonymous mapping cut into equal slots of one tile. The only cache
 * there is.
 *
 * The mapping is made before the workers are forked, so that they write tiles straight into it; the
 * index of what lies where is the viewer's own memory. Address space is reserved once; only slots
 * below the budget are ever used, and what is dropped is given back to the system. A slot is free,
 * loading (a worker writes into it; it is pinned) or ready. */
#ifndef TILES_ARENA_H
#define TILES_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/ledger.h"
#include "base/tile.h"
#include "source/statistics.h"

struct arena;

enum { ARENA_WORKERS = 64 }; /* the most there may be */

/* What a worker is at that it cannot be stopped in, and what of its page it has kept of such. */
struct arena_block {
    int32_t busy;           /* 0: it is at nothing of that kind */
    int32_t share;          /* thousandths of it that are done, 0 .. 1000 */
    struct area area, kept; /* in samples of the page; kept: all of it lies in there */
};

/* What the workers and the viewer share beside the tiles: it lies at the start of the mapping. */
struct arena_shared {
    uint32_t cancelled[ARENA_WORKERS]; /* by worker number: requests with this serial or an older
                                          one are dropped. Atomic access. */
    struct statistics seen; /* the statistics under way: least and most so far. A worker writes it:
                               anything may stand there. */
    struct ledger_figures ledgers[ARENA_WORKERS]; /* by worker number, as each last wrote its own:
                                                     arena_ledger makes them fit to be used */
    struct arena_block blocks[ARENA_WORKERS];     /* by worker number, as each tells: arena_block */
    int64_t sampled;           /* values put down in the shared sample. Atomic access. */
    uint32_t histogram[65536]; /* the statistics by code, or in steps (source/statistics.h) */
};

/* Reserves address space for `slots_max` slots of 65,536 * 2 bytes (fewer where the system refuses,
 * but 8 of the largest kind at least). */
struct arena *arena_new(int32_t slots_max, struct fault *fault);
void arena_free(struct arena *arena);

/* Forgets every tile and cuts the mapping into slots of 65,536 * sample_bytes bytes, all channels
 * counted together (page_sample_bytes). Only while no worker holds a request. */
void arena_recut(struct arena *arena, size_t sample_bytes);

/* Uses at most `bytes` for slots from now on (8 slots at least, and no more than reserved); the
 * least recently used unpinned tiles beyond it go, and their memory with them. */
void arena_set_budget(struct arena *arena, size_t bytes);
/* From now on the memory of dropped tiles and of the histogram is kept for those to come, as far as
 * the budget goes: for pictures made one after another, each of which would take it anew at once.
 * The ledger counts tiles as before. */
void arena_hoard(struct arena *arena);
int32_t arena_capacity(const struct arena *arena); /* slots the budget allows */
int32_t arena_used(const struct arena *arena);     /* slots that hold something */
size_t arena_slot_bytes(const struct arena *arena);

/* The samples of a ready tile, row stride 256, plane after plane, or NULL. *sound (may be NULL) is
 * false for one with undecodable parts. The pointer holds until the next call that takes or drops
 * slots. arena_touch makes it most recently used. */
const void *arena_find(const struct arena *arena, struct tile_key key, bool *sound);
void arena_touch(struct arena *arena, struct tile_key key);
/* The marks of a ready tile that is not sound, as the worker left them; they hold as long as its
 * samples do. NULL for all others. */
const uint8_t *arena_lost(const struct arena *arena, struct tile_key key);
bool arena_is_loading(const struct arena *arena, struct tile_key key);
/* The samples of a tile that is loading, of which *rows rows from the top are there already; NULL
 * where there are none. */
const void *arena_growing(const struct arena *arena, struct tile_key key, int32_t *rows);

/* Takes a slot for a tile that is not there and pins it as loading; the least recently used tile
 * for which `keep` (may be NULL) says no makes room. Returns the slot's number, or -1 when all are
 * pinned or kept. */
int32_t arena_begin(struct arena *arena, struct tile_key key,
                    bool (*keep)(void *context, struct tile_key key), void *context);
/* So many rows of it are there; returns how many were before. */
int32_t arena_grow(struct arena *arena, int32_t slot, int32_t rows);
/* Ends a loading: ready (sound or not), or dropped. */
void arena_end(struct arena *arena, int32_t slot, bool sound);
void arena_abandon(struct arena *arena, int32_t slot);

/* Gives all ready tiles' memory (not loading ones') back to the system, beyond what is hoarded. */
void arena_drop_all(struct arena *arena);

/* The same of those that are ready but not sound; returns how many there were. */
int arena_drop_unsound(struct arena *arena);

/* For workers, whose copy of the index is as old as they are: takes over the cut that arena_recut
 * made in the viewer, and touches nothing else. */
void arena_follow(struct arena *arena, size_t sample_bytes);

/* For workers: where a slot lies; NULL when the number is none. */
void *arena_slot(const struct arena *arena, int32_t slot);

/* Where the marks of a slot lie, TILE_MARK_BYTES that are 0 when a loading begins; NULL when the
 * number is none. They are to be touched only where something is lost: the memory is taken then.
 */
uint8_t *arena_marks(const struct arena *arena, int32_t slot);
struct arena_shared *arena_shared(const struct arena *arena);

/* The ledger of worker `number` as it was with its last answer or sign of life; all zeros when
 * there is none. */
struct ledger_figures arena_ledger(const struct arena *arena, int number);

/* What worker `number` says it is at; numbers that no page has stand for all of it. */
struct arena_block arena_block(const struct arena *arena, int number);

/* Gives the histogram's memory back to the system (it reads as zeros afterwards). */
void arena_clear_histogram(struct arena *arena);

#endif
