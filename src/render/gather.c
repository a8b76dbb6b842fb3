/* Lines of samples from tiles: see render/gather.h. Owns the table of cells and the line buffers;
 * knows neither tone nor pixels.
 *
 * A line of an upright page is a row of its tiles and is lent as it lies there. Where the page lies
 * on its side a line is a column, which no cache likes: sixteen columns of codes, or as many of
 * wide samples as fill the same 32 bytes, are turned into lines at a time, and the two strips last
 * used are kept. */
#include "render/gather.h"

#include <string.h>

#include "base/ledger.h"
#include "render/frame.h"
#include "render/wide.h"

enum { TILE_SHIFT = 8, ALIGN = 64 };

/* What stands in for a tile, the best first: so many reductions above it, true or rough. */
static const struct {
    int8_t coarser;
    int8_t rough;
} stand_ins[FRAME_BEST] = {
    {0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}, {2, 1}, {3, 0}, {3, 1}, {4, 0},
    {4, 1}, {5, 0}, {5, 1}, {6, 0}, {6, 1}, {7, 0}, {7, 1}, {8, 0}, {8, 1},
};

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t axis_samples(const struct plan_axis *axis)
{
    return axis->begin < axis->end
               ? (size_t)(axis->last[axis->end - 1] - axis->first[axis->begin]) + 1
               : 0;
}

static size_t axis_tiles(const struct plan_axis *axis)
{
    return axis_samples(axis) / TILE_SIDE + 2;
}

static void carve(struct gather *gather, size_t cells, size_t runs, size_t line)
{
    uint8_t *at = gather->block;
    gather->cells = (struct cell *)(void *)at;
    at += aligned(cells);
    for (int slot = 0; slot < KERNEL_ROWS; slot++, at += runs)
        gather->runs[slot] = (struct run *)(void *)at;
    gather->strips = at;
    for (int slot = 0; slot < KERNEL_ROWS; slot++, at += line)
        gather->lines[slot] = at;
}

/* Where on its side, codes are held in two bytes whatever the type. */
static void choose_bytes(struct gather *gather)
{
    size_t bytes = sample_bytes(gather->plan->type);
    bool upright = gather->plan->across.axis.along_x;
    gather->bytes = bytes;
    gather->run_bytes = upright || bytes > 2 ? bytes : sizeof(uint16_t);
    gather->strip_shift = bytes == 8 ? 2 : bytes == 4 ? 3 : 4;
}

bool gather_reserve(struct gather *gather, const struct plan *plan, struct fault *fault)
{
    size_t across = axis_tiles(&plan->across);
    size_t cells = across * axis_tiles(&plan->down) * sizeof(struct cell);
    size_t runs = aligned(across * sizeof(struct run));
    gather->plan = plan;
    choose_bytes(gather);
    size_t line = aligned(axis_samples(&plan->across) * gather->run_bytes);
    /* The odd half cache line keeps the lines from sharing their places in the cache. */
    gather->strip_stride = line + ALIGN / 2;
    size_t strips = ((size_t)plan->channels * 2 << gather->strip_shift) * gather->strip_stride;
    size_t buffers = plan->across.axis.along_x ? line * KERNEL_ROWS : strips;
    if (!ledger_grow(LEDGER_VIEW, &gather->block, &gather->block_bytes,
                     aligned(cells) + runs * KERNEL_ROWS + buffers, fault))
        return false;
    carve(gather, cells, runs, line);
    return true;
}

void gather_fini(struct gather *gather)
{
    ledger_free(LEDGER_VIEW, gather->block, gather->block_bytes);
    *gather = (struct gather){0};
}

/* The key of stand-in i of a tile. */
static struct tile_key stand_in_key(struct tile_key key, int i)
{
    int up = stand_ins[i].coarser;
    int32_t rough = stand_ins[i].rough ? TILE_ROUGH : 0;
    return (struct tile_key){key.page, key.reduction + up + rough, key.column >> up, key.row >> up};
}

/* The first stand-in that is there; FRAME_BEST when none is. */
static int find_stand_in(const struct arena *arena, struct tile_key key, struct cell *cell)
{
    int i = 0;
    for (; i < FRAME_BEST; i++) {
        *cell = (struct cell){.coarser = stand_ins[i].coarser, .rows = TILE_SIDE};
        cell->samples = arena_find(arena, stand_in_key(key, i), &cell->sound);
        if (cell->samples)
            break;
    }
    if (cell->samples && !cell->sound)
        cell->lost = arena_lost(arena, stand_in_key(key, i));
    return i;
}

/* What there is of a tile that is being made, where nothing stands in for it. */
static void find_growing(const struct arena *arena, struct tile_key key, struct cell *cell)
{
    *cell = (struct cell){.sound = true};
    cell->samples = arena_growing(arena, key, &cell->rows);
}

int gather_quality(const struct arena *arena, struct tile_span span)
{
    int worst = 0;
    struct cell cell;
    for (int32_t i = 0; i < span.columns * span.rows && worst < FRAME_BEST; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        int found = find_stand_in(arena, key, &cell);
        worst = found > worst ? found : worst;
    }
    return FRAME_BEST - worst;
}

int gather_begin(struct gather *gather, const struct kernels *kernels, struct arena *arena,
                 struct tile_span span, int32_t low, int length)
{
    int missing = 0;
    gather->kernels = kernels;
    gather->span = span;
    gather->flawed = false;
    gather->low = low;
    gather->length = length;
    gather->run_count = gather->plan->across.axis.along_x ? span.columns : 1;
    for (int plane = 0; plane < GATHER_PLANES; plane++)
        gather->strip_held[plane][0] = gather->strip_held[plane][1] = -1;
    for (int32_t i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        int found = find_stand_in(arena, key, &gather->cells[i]);
        if (found < FRAME_BEST)
            arena_touch(arena, stand_in_key(key, found));
        else
            find_growing(arena, key, &gather->cells[i]);
        missing += found > 0;
        gather->flawed |= gather->cells[i].rows < TILE_SIDE || !gather->cells[i].sound;
    }
    return missing;
}

const struct cell *gather_cell(const struct gather *gather, int32_t u, int32_t v)
{
    bool upright = gather->plan->across.axis.along_x;
    int32_t column = ((upright ? u : v) >> TILE_SHIFT) - gather->span.column;
    int32_t row = ((upright ? v : u) >> TILE_SHIFT) - gather->span.row;
    return &gather->cells[row * gather->span.columns + column];
}

/* The number in a plane of what stands for page sample (x, y). */
static int64_t cell_index(const struct cell *cell, int32_t x, int32_t y)
{
    int32_t column = (x >> cell->coarser) % TILE_SIDE, row = (y >> cell->coarser) % TILE_SIDE;
    return row * TILE_SIDE + column;
}

/* Where page sample (x, y) of a plane lies in the cell; zeros where nothing is there. */
static const uint8_t *cell_sample(const struct cell *cell, size_t bytes, int plane, int32_t x,
                                  int32_t y)
{
    static const uint8_t nothing[sizeof(double)];
    size_t i = (size_t)plane * TILE_SAMPLES + (size_t)cell_index(cell, x, y);
    return cell->samples ? (const uint8_t *)cell->samples + i * bytes : nothing;
}

bool gather_is_lost(const struct gather *gather, int32_t u, int32_t v)
{
    const struct cell *cell = gather_cell(gather, u, v);
    bool upright = gather->plan->across.axis.along_x;
    int32_t x = upright ? u : v, y = upright ? v : u;
    if (!sample_is_float(gather->plan->type))
        return cell->lost && tile_is_marked(cell->lost, cell_index(cell, x, y));
    for (int plane = 0; plane < gather->plan->channels; plane++)
        if (sample_is_lost(gather->plan->type, cell_sample(cell, gather->bytes, plane, x, y), 0))
            return true;
    return false;
}

/* One sample, as it stands in a tile, to where it stands in a run. */
static void put_sample(uint8_t *to, size_t run_bytes, const uint8_t *from, size_t bytes)
{
    uint16_t code = *from;
    if (bytes == 8)
        memcpy(to, from, 8);
    else if (bytes == 4)
        memcpy(to, from, 4);
    else if (bytes == 2)
        memcpy(to, from, 2);
    else if (run_bytes == 2)
        memcpy(to, &code, 2);
    else
        *to = *from;
}

/* How many samples from u on lie in the same tile and in the line; done of the line are passed. */
static int piece(const struct gather *gather, int32_t u, int done)
{
    int in_tile = TILE_SIDE - u % TILE_SIDE, left = gather->length - done;
    return in_tile < left ? in_tile : left;
}

/* n samples of page row y from column x on, as they lie in the tile or enlarged into `spare`. */
static const void *cell_row(const struct cell *cell, size_t bytes, int plane, int32_t x, int32_t y,
                            int n, uint8_t *spare)
{
    if (cell->samples && !cell->coarser)
        return cell_sample(cell, bytes, plane, x, y);
    for (int i = 0; i < n; i++)
        put_sample(spare + (size_t)i * bytes, bytes, cell_sample(cell, bytes, plane, x + i, y),
                   bytes);
    return spare;
}

static const struct run *upright_line(struct gather *gather, int plane, int32_t v, int slot)
{
    struct run *runs = gather->runs[slot];
    int done = 0;
    for (int i = 0; i < gather->run_count; i++) {
        int32_t u = gather->low + done;
        int n = piece(gather, u, done);
        uint8_t *spare = gather->lines[slot] + (size_t)done * gather->bytes;
        runs[i].samples = cell_row(gather_cell(gather, u, v), gather->bytes, plane, u, v, n, spare);
        runs[i].count = n;
        done += n;
    }
    return runs;
}

/* Turns a strip of page columns from x on, of samples y .. y + n - 1 in one tile, into lines. */
static void turn_piece(const struct gather *gather, int plane, int32_t x, int32_t y, int n,
                       uint8_t *lines)
{
    const struct cell *cell = gather_cell(gather, y, x);
    size_t bytes = gather->bytes, run_bytes = gather->run_bytes, stride = gather->strip_stride;
    const uint8_t *samples = cell_sample(cell, bytes, plane, x, y);
    if (cell->samples && !cell->coarser) {
        if (bytes > 2)
            wide_transpose(samples, bytes, n, lines, stride);
        else
            gather->kernels->transpose(samples, bytes, n, (uint16_t *)(void *)lines,
                                       stride / sizeof(uint16_t));
        return;
    }
    for (int column = 0; column < 1 << gather->strip_shift; column++)
        for (int i = 0; i < n; i++)
            put_sample(lines + (size_t)column * stride + (size_t)i * run_bytes, run_bytes,
                       cell_sample(cell, bytes, plane, x + column, y + i), bytes);
}

static const struct run *turned_line(struct gather *gather, int plane, int32_t v, int slot)
{
    int32_t strip = v >> gather->strip_shift, *held = &gather->strip_held[plane][strip & 1];
    size_t number = (size_t)(plane * 2 + (strip & 1)) << gather->strip_shift;
    uint8_t *lines = gather->strips + number * gather->strip_stride;
    if (*held != strip) {
        for (int done = 0, n; done < gather->length; done += n) {
            int32_t u = gather->low + done;
            n = piece(gather, u, done);
            turn_piece(gather, plane, strip << gather->strip_shift, u, n,
                       lines + (size_t)done * gather->run_bytes);
        }
        *held = strip;
    }
    size_t line = (size_t)(v - (strip << gather->strip_shift));
    *gather->runs[slot] = (struct run){lines + line * gather->strip_stride, gather->length};
    return gather->runs[slot];
}

const struct run *gather_line(struct gather *gather, int plane, int32_t v, int slot)
{
    return gather->plan->across.axis.along_x ? upright_line(gather, plane, v, slot)
                                             : turned_line(gather, plane, v, slot);
}
