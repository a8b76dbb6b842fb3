/* How much memory the family of processes may take, and what is left of it for tiles: the one place
 * that decides the arena's budget. */
#ifndef APP_ECONOMY_H
#define APP_ECONOMY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "render/view.h"
#include "tiles/burden.h"

enum {
    ECONOMY_LEAST = 12 << 20, /* the least limit that shows a plain page in the usual window */
    ECONOMY_FRAME = 1024 * 748 * 4, /* bytes of the usual window's output buffer */
    ECONOMY_SLOT = TILE_SAMPLES * 2 /* bytes of a tile of 16-bit gray */
};

struct economy {
    size_t limit; /* bytes for all processes together, 0: none */
    size_t arena; /* bytes asked for the arena, 0: what the window needs */
    int squeeze;  /* how often the machine's lack of memory has halved the arena */
    size_t over;  /* what was found to be held beyond the account; only under a limit */
    size_t held;  /* what the account says is held beside the tiles at most */
    bool scarce;  /* tiles are fewer than they would be without the limit */
};

/* What is to be shown, and how. */
struct economy_case {
    int width, height; /* pixels painted at a time */
    size_t frame;      /* bytes of the output buffer */
    int workers;       /* decoders */
    struct burden burden;
    size_t slot;   /* bytes of a tile */
    int64_t tiles; /* that what is painted at a time needs at most; 0: not known */
    size_t ledger; /* bytes in the viewer's ledger beside frame and tiles */
};

/* How many 16-bit tiles an area of this size needs at its worst zoom, just above a power of two:
 * two samples for a pixel, and one more tile each way. */
int64_t economy_slots(int64_t width, int64_t height);

/* How many decoders there should be, of those asked for (0: the usual number). */
int economy_workers(const struct economy *economy, int asked);

/* Bytes of private memory that a decoder may have, 0: as without a limit. */
size_t economy_decoder(const struct economy *economy);

/* Bytes for the arena. Without a limit what the known number of tiles takes, else what 16-bit gray
 * needs for the area at its worst zoom, whatever the page's samples are, as far as that keeps the
 * family within 16 MiB and one block of the file (for windows larger than 1024 x 768: as much more
 * as frame and tiles of that window take more); or what was asked for. A limit holds in any case.
 */
size_t economy_budget(struct economy *economy, const struct economy_case *what);

/* Bytes that the viewer's ledger may reach under the limit; 0: any. */
size_t economy_ledger(const struct economy *economy, const struct economy_case *what);

/* False, with a sentence that begins with `name`, where the limit leaves too little to show it. */
bool economy_serves(const struct economy *economy, const struct economy_case *what,
                    const char *name, struct fault *fault);

/* Takes up what the system says all processes hold at rest, `tiles` bytes of it in the arena. True
 * when the budget is to be worked out anew. */
bool economy_note(struct economy *economy, size_t footprint, size_t tiles);

/* By how many reductions coarser than the view asks for tiles must be for `capacity` of them to do;
 * 0 unless tiles are scarce. */
int economy_coarser(const struct economy *economy, const struct view *view, int32_t capacity);

#endif
