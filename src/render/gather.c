/* Lines of codes from tiles: see render/gather.h. Owns the table of cells and the line buffers;
 * knows neither tone nor pixels.
 *
 * A line of an upright page is a row of its tiles and is lent as it lies there. Where the page lies
 * on its side a line is a column, which no cache likes: sixteen columns at a time are turned into
 * lines, and the two strips last used are kept. */
#include "render/gather.h"

#include <string.h>

#include "base/ledger.h"

enum { COARSER_MAX = 8, TILE_SHIFT = 8, STRIP_SHIFT = 4, ALIGN = 64 };

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
    gather->strips = (uint16_t *)(void *)at;
    for (int slot = 0; slot < KERNEL_ROWS; slot++, at += line)
        gather->lines[slot] = at;
}

bool gather_reserve(struct gather *gather, const struct plan *plan, struct fault *fault)
{
    size_t across = axis_tiles(&plan->across);
    size_t cells = across * axis_tiles(&plan->down) * sizeof(struct cell);
    size_t runs = aligned(across * sizeof(struct run));
    size_t line = aligned(axis_samples(&plan->across) * sizeof(uint16_t));
    bool upright = plan->across.axis.along_x;
    /* The odd half cache line keeps sixteen lines from sharing their places in the cache. */
    size_t stride = line + ALIGN / 2;
    size_t buffers = upright ? line * KERNEL_ROWS : stride * KERNEL_COLUMNS * 2;
    gather->plan = plan;
    gather->strip_stride = stride / sizeof(uint16_t);
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

static struct cell look_up(struct arena *arena, struct tile_key key)
{
    struct cell cell = {0};
    for (int32_t up = 0; up <= COARSER_MAX && key.reduction + up <= TILE_REDUCTION_MAX; up++) {
        struct tile_key above = {key.page, key.reduction + up, key.column >> up, key.row >> up};
        cell.codes = arena_find(arena, above, &cell.sound);
        cell.coarser = up;
        if (!cell.codes)
            continue;
        arena_touch(arena, above);
        return cell;
    }
    return cell;
}

int gather_begin(struct gather *gather, const struct kernels *kernels, struct arena *arena,
                 struct tile_span span, int32_t low, int length)
{
    bool upright = gather->plan->across.axis.along_x;
    int missing = 0;
    gather->kernels = kernels;
    gather->span = span;
    gather->flawed = false;
    gather->low = low;
    gather->length = length;
    gather->code_bytes = upright ? sample_bytes(gather->plan->type) : sizeof(uint16_t);
    gather->run_count = upright ? span.columns : 1;
    gather->strip_held[0] = gather->strip_held[1] = -1;
    for (int32_t i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = {span.page, span.reduction, span.column + i % span.columns,
                               span.row + i / span.columns};
        gather->cells[i] = look_up(arena, key);
        missing += !gather->cells[i].codes || gather->cells[i].coarser;
        gather->flawed |= !gather->cells[i].codes || !gather->cells[i].sound;
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

static uint16_t cell_code(const struct cell *cell, size_t bytes, int32_t x, int32_t y)
{
    int32_t column = (x >> cell->coarser) % TILE_SIDE, row = (y >> cell->coarser) % TILE_SIDE;
    int32_t i = row * TILE_SIDE + column;
    if (!cell->codes)
        return 0;
    return bytes == 1 ? ((const uint8_t *)cell->codes)[i] : ((const uint16_t *)cell->codes)[i];
}

uint16_t gather_code(const struct gather *gather, int32_t u, int32_t v)
{
    bool upright = gather->plan->across.axis.along_x;
    return cell_code(gather_cell(gather, u, v), sample_bytes(gather->plan->type), upright ? u : v,
                     upright ? v : u);
}

/* n codes of page row y from column x on, as they lie in the tile or enlarged into `spare`. */
static const void *cell_row(const struct cell *cell, size_t bytes, int32_t x, int32_t y, int n,
                            uint8_t *spare)
{
    if (cell->codes && !cell->coarser)
        return (const uint8_t *)cell->codes +
               (size_t)(y % TILE_SIDE * TILE_SIDE + x % TILE_SIDE) * bytes;
    for (int i = 0; i < n; i++) {
        uint16_t code = cell_code(cell, bytes, x + i, y);
        if (bytes == 1)
            spare[i] = (uint8_t)code;
        else
            memcpy(spare + 2 * (size_t)i, &code, sizeof code);
    }
    return spare;
}

/* How many samples from u on lie in the same tile and in the line; done of the line are passed. */
static int piece(const struct gather *gather, int32_t u, int done)
{
    int in_tile = TILE_SIDE - u % TILE_SIDE, left = gather->length - done;
    return in_tile < left ? in_tile : left;
}

static const struct run *upright_line(struct gather *gather, int32_t v, int slot)
{
    struct run *runs = gather->runs[slot];
    int done = 0;
    for (int i = 0; i < gather->run_count; i++) {
        int32_t u = gather->low + done;
        int n = piece(gather, u, done);
        uint8_t *spare = gather->lines[slot] + (size_t)done * gather->code_bytes;
        runs[i].codes = cell_row(gather_cell(gather, u, v), gather->code_bytes, u, v, n, spare);
        runs[i].count = n;
        done += n;
    }
    return runs;
}

/* Turns page columns x .. x + 15, of samples y .. y + n - 1 in one tile, into lines. */
static void turn_piece(const struct gather *gather, const struct cell *cell, int32_t x, int32_t y,
                       int n, uint16_t *lines)
{
    size_t bytes = sample_bytes(gather->plan->type);
    if (cell->codes && !cell->coarser) {
        const uint8_t *codes = cell_row(cell, bytes, x, y, n, NULL);
        gather->kernels->transpose(codes, bytes, n, lines, gather->strip_stride);
        return;
    }
    for (int column = 0; column < KERNEL_COLUMNS; column++)
        for (int i = 0; i < n; i++)
            lines[(size_t)column * gather->strip_stride + (size_t)i] =
                cell_code(cell, bytes, x + column, y + i);
}

static const struct run *turned_line(struct gather *gather, int32_t v, int slot)
{
    int32_t strip = v >> STRIP_SHIFT;
    uint16_t *lines = gather->strips + (size_t)(strip & 1) * KERNEL_COLUMNS * gather->strip_stride;
    if (gather->strip_held[strip & 1] != strip) {
        for (int done = 0, n; done < gather->length; done += n) {
            int32_t u = gather->low + done;
            n = piece(gather, u, done);
            turn_piece(gather, gather_cell(gather, u, v), strip << STRIP_SHIFT, u, n, lines + done);
        }
        gather->strip_held[strip & 1] = strip;
    }
    const uint16_t *line = lines + (size_t)(v % KERNEL_COLUMNS) * gather->strip_stride;
    *gather->runs[slot] = (struct run){line, gather->length};
    return gather->runs[slot];
}

const struct run *gather_line(struct gather *gather, int32_t v, int slot)
{
    return gather->plan->across.axis.along_x ? upright_line(gather, v, slot)
                                             : turned_line(gather, v, slot);
}
