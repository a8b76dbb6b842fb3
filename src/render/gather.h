/* From tiles to lines of samples, in the window's directions. */
#ifndef RENDER_GATHER_H
#define RENDER_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/tile.h"
#include "render/kernel.h"
#include "render/plan.h"
#include "tiles/arena.h"

/* What stands in a tile's place. */
struct cell {
    const void *samples; /* plane after plane; NULL: nothing is there */
    const uint8_t *lost; /* its marks; NULL: it is sound, or nothing is there */
    int32_t rows;        /* that are there: TILE_SIDE, but of a tile that is being made */
    int32_t coarser;     /* how many reductions above the plan's; 0: the tile itself */
    bool sound;
};

/* Consecutive samples of a line. */
struct run {
    const void *samples;
    int count;
};

enum { GATHER_PLANES = 3 };

/* All pointers lead into one block of LEDGER_VIEW memory, or into the arena (between gather_begin
 * and the end of the drawing only). */
struct gather {
    const struct plan *plan;
    const struct kernels *kernels;
    struct tile_span span; /* the tiles of this drawing */
    struct cell *cells;    /* of the span, row by row */
    bool flawed;           /* some cell is empty or not sound */
    int32_t low;           /* lines start at this sample of the axis across */
    int length;            /* samples of a line */
    size_t bytes;          /* of a sample in a tile */
    size_t run_bytes;      /* of a sample in a run: codes of pages on their side are always 2 */
    int run_count;
    struct run *runs[KERNEL_ROWS];
    uint8_t *lines[KERNEL_ROWS]; /* for what is not simply there; upright pages */
    uint8_t *strips;             /* two strips of lines for each plane; pages on their side */
    size_t strip_stride;         /* bytes of a line of a strip */
    int strip_shift;             /* a strip has 2^strip_shift lines */
    int32_t strip_held[GATHER_PLANES][2];
    void *block;
    size_t block_bytes;
};

/* Memory for every drawing of the plan. */
bool gather_reserve(struct gather *gather, const struct plan *plan, struct fault *fault);
void gather_fini(struct gather *gather);

/* Looks up the span's tiles, once each; lines will be the samples low .. low + length - 1. Returns
 * how many tiles are not there. */
int gather_begin(struct gather *gather, const struct kernels *kernels, struct arena *arena,
                 struct tile_span span, int32_t low, int length);

/* How well the worst tile of a span could be drawn: as frame_quality. */
int gather_quality(const struct arena *arena, struct tile_span span);

/* True when sample (u, v), as above, is one that could not be decoded, provided that its tile is
 * not sound: it is marked so, or (floating types) its number says so in any plane. */
bool gather_is_lost(const struct gather *gather, int32_t u, int32_t v);

/* The samples of line `v`, a sample of the axis down, in a plane: gather->run_count runs, cut alike
 * in every line. They hold until the same slot (0 .. KERNEL_ROWS - 1) is asked for again. Lines
 * held at the same time lie, with narrow types, less than KERNEL_COLUMNS apart in one plane; with
 * wide ones there is but one. */
const struct run *gather_line(struct gather *gather, int plane, int32_t v, int slot);

/* The cell that holds sample (u across, v down); the span holds it. */
const struct cell *gather_cell(const struct gather *gather, int32_t u, int32_t v);

#endif
