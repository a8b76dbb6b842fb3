/* The memory ledger: every allocation of this process that can exceed 4 KiB is entered here under a
 * label.
 *
 * It knows the current and peak bytes and the number of blocks of each label, which blocks are
 * large and since when, and refuses what would break the limit. Memory mapped elsewhere (a shared
 * segment, an arena's slots in use) is entered with ledger_enter/ledger_leave. One ledger for each
 * process; workers start with an empty one of their own (ledger_reset). */
#ifndef BASE_LEDGER_H
#define BASE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

enum ledger_label {
    LEDGER_FRAME,      /* the output buffer */
    LEDGER_TILES,      /* the arena's slots in use, and their index */
    LEDGER_VIEW,       /* axis plans and row buffers */
    LEDGER_TONE,       /* tone tables */
    LEDGER_SOURCE,     /* decoders' block and row buffers (workers) */
    LEDGER_SPILL,      /* what lies in a decoder's temporary file, and its map */
    LEDGER_UI,         /* canvases, key maps, snapshots of the figures below */
    LEDGER_OUTPUT,     /* rows of a picture being written */
    LEDGER_THUMBNAILS, /* small pictures of files */
    LEDGER_LABELS
};

struct ledger_line {
    size_t current, peak; /* bytes */
    long blocks;
};

/* Blocks of so many bytes or more are told of one by one, LEDGER_LARGE of them. */
enum { LEDGER_LARGE_BYTES = 1 << 20, LEDGER_LARGE = 16 };

struct ledger_block {
    size_t bytes;
    int64_t since_ms; /* clock_ms when it was entered */
    uint32_t label;   /* enum ledger_label */
};

/* A whole ledger, to be copied: it leads to no memory. */
struct ledger_figures {
    struct ledger_line lines[LEDGER_LABELS], total;
    struct ledger_block large[LEDGER_LARGE]; /* the oldest first */
    int32_t large_count;
    int32_t large_more; /* large blocks that found no room in `large` */
};

/* Zeroed memory, aligned to 64 bytes at least. Blocks of 64 KiB or more are mapped, so that freeing
 * gives them back to the system. NULL with a fault of kind FAULT_MEMORY. */
void *ledger_alloc(enum ledger_label label, size_t bytes, struct fault *fault);

/* `bytes` as it was allocated. NULL is allowed. */
void ledger_free(enum ledger_label label, void *block, size_t bytes);

/* Makes *block at least `bytes` large, contents lost when it grows; *size is what it has. */
bool ledger_grow(enum ledger_label label, void **block, size_t *size, size_t bytes,
                 struct fault *fault);

bool ledger_enter(enum ledger_label label, size_t bytes, struct fault *fault);
void ledger_leave(enum ledger_label label, size_t bytes);

struct ledger_line ledger_line(enum ledger_label label);
struct ledger_line ledger_total(void);
struct ledger_figures ledger_figures(void);

/* Makes figures that another process wrote fit to be shown and added up: labels and counts in
 * range, no negative number, no more than LEDGER_MOST bytes, no block from the future. */
void ledger_tame(struct ledger_figures *figures);
#define LEDGER_MOST (SIZE_MAX >> (sizeof(size_t) > 4 ? 20 : 5)) /* sums stay in a size_t */

const char *ledger_label_name(enum ledger_label label);

/* Bytes that all labels together may reach; 0 = no limit. */
void ledger_set_limit(size_t bytes);

void ledger_reset(void);

/* Ledger of one block made to fail: the n-th allocation from now on (1 = the next) is refused. For
 * tests; 0 = none. */
void ledger_fail_after(long n);

#endif
