/* Painting cell by cell: see painter.h. Owns the cells' states and the list of tiles wanted. */
#include "painter.h"

#include <string.h>

#include "base/ledger.h"

enum cell_state { CELL_STALE, CELL_PROVISIONAL, CELL_FINAL };

bool painter_begin(struct painter *painter, struct rect area, struct fault *fault)
{
    int columns = (area.width + PAINTER_CELL - 1) / PAINTER_CELL;
    int rows = (area.height + PAINTER_CELL - 1) / PAINTER_CELL;
    size_t cells = (size_t)columns * (size_t)rows;
    if (!ledger_grow(LEDGER_VIEW, &painter->cells, &painter->cells_size, cells, fault))
        return false;
    memset(painter->cells, CELL_STALE, cells);
    painter->area = area;
    painter->columns = columns;
    painter->rows = rows;
    painter->left = columns * rows;
    return true;
}

void painter_fini(struct painter *painter)
{
    ledger_free(LEDGER_VIEW, painter->cells, painter->cells_size);
    ledger_free(LEDGER_VIEW, painter->keys, painter->keys_size);
    memset(painter, 0, sizeof *painter);
}

bool painter_done(const struct painter *painter)
{
    return painter->left == 0;
}

static uint8_t *cell_row(const struct painter *painter, int row)
{
    return (uint8_t *)painter->cells + (size_t)row * (size_t)painter->columns;
}

static struct rect cells_rect(const struct painter *painter, int row, int first, int count)
{
    struct rect r = {painter->area.x + first * PAINTER_CELL, painter->area.y + row * PAINTER_CELL,
                     count * PAINTER_CELL, PAINTER_CELL};
    return rect_intersect(r, painter->area);
}

static struct tile_key span_tile(const struct tile_span *span, int i)
{
    return (struct tile_key){span->page, span->reduction, span->column + i % span->columns,
                             span->row + i / span->columns};
}

static bool all_there(const struct painting *painting, struct rect rect)
{
    struct tile_span span = frame_needs(painting->frame, rect);
    for (int i = 0; i < span.columns * span.rows; i++)
        if (!arena_find(painting->arena, span_tile(&span, i), NULL))
            return false;
    return true;
}

/* Paints `count` neighbouring cells from (row, first) on, which fill `rect`. */
static void paint_cells(struct painter *painter, const struct painting *painting, int row,
                        int first, int count, struct rect rect, enum cell_state state)
{
    frame_draw(painting->frame, painting->arena, painting->curve, rect, painting->pixels,
               painting->left, painting->top);
    memset(cell_row(painter, row) + first, state, (size_t)count);
    if (state == CELL_FINAL)
        painter->left -= count;
    if (painting->drawn)
        painting->drawn(painting->context, rect);
}

/* What a cell would become if painted now; what it is already when nothing is to be done. */
static enum cell_state next_state(const struct painter *painter, const struct painting *painting,
                                  int row, int column, bool provisional)
{
    enum cell_state now = (enum cell_state)cell_row(painter, row)[column];
    if (now != CELL_FINAL && all_there(painting, cells_rect(painter, row, column, 1)))
        return CELL_FINAL;
    return provisional && now == CELL_STALE ? CELL_PROVISIONAL : now;
}

/* Neighbouring cells that become the same are painted as one rectangle. */
static void step_row(struct painter *painter, const struct painting *painting, int row,
                     bool provisional)
{
    const uint8_t *cells = cell_row(painter, row);
    int column = 0;
    while (column < painter->columns) {
        int first = column;
        enum cell_state state = next_state(painter, painting, row, column, provisional);
        bool change = state != cells[column++];
        while (column < painter->columns && change && cells[column] != state &&
               next_state(painter, painting, row, column, provisional) == state)
            column++;
        if (change)
            paint_cells(painter, painting, row, first, column - first,
                        cells_rect(painter, row, first, column - first), state);
    }
}

static bool row_is(const struct painter *painter, int row, enum cell_state state)
{
    const uint8_t *cells = cell_row(painter, row);
    for (int column = 0; column < painter->columns; column++)
        if (cells[column] != state)
            return false;
    return true;
}

/* How many rows of cells from `row` on, PAINTER_BAND at most, are stale and can be painted whole.
 */
static int ready_rows(const struct painter *painter, const struct painting *painting, int row)
{
    int count = 0;
    while (count < PAINTER_BAND && row + count < painter->rows &&
           row_is(painter, row + count, CELL_STALE) &&
           all_there(painting, cells_rect(painter, row + count, 0, painter->columns)))
        count++;
    return count;
}

static void paint_rows(struct painter *painter, const struct painting *painting, int row, int count)
{
    struct rect rect = rect_union(cells_rect(painter, row, 0, painter->columns),
                                  cells_rect(painter, row + count - 1, 0, painter->columns));
    paint_cells(painter, painting, row, 0, count * painter->columns, rect, CELL_FINAL);
}

void painter_step(struct painter *painter, const struct painting *painting, bool provisional)
{
    int row = 0;
    while (row < painter->rows && painter->left) {
        int ready = ready_rows(painter, painting, row);
        if (ready)
            paint_rows(painter, painting, row, ready);
        else if (!row_is(painter, row, CELL_FINAL))
            step_row(painter, painting, row, provisional);
        row += ready ? ready : 1;
    }
}

static bool listed(const struct tile_key *keys, int count, struct tile_key key)
{
    for (int i = count - 1; i >= 0; i--)
        if (tile_key_equal(keys[i], key))
            return true;
    return false;
}

/* Adds the tiles of a rectangle that are not listed; false when the list is full. */
static bool list_tiles(struct painter *painter, const struct painting *painting, struct rect rect,
                       int room, int *count)
{
    struct tile_span span = frame_needs(painting->frame, rect);
    for (int i = 0; i < span.columns * span.rows; i++) {
        struct tile_key key = span_tile(&span, i);
        if (listed(painter->keys, *count, key))
            continue;
        if (*count == room)
            return false;
        painter->keys[(*count)++] = key;
    }
    return true;
}

const struct tile_key *painter_wants(struct painter *painter, const struct painting *painting,
                                     int *count)
{
    struct tile_span span = frame_needs(painting->frame, painter->area);
    int64_t needed = (int64_t)span.columns * span.rows;
    int room = arena_capacity(painting->arena);
    void *keys = painter->keys;
    *count = 0;
    if (!ledger_grow(LEDGER_VIEW, &keys, &painter->keys_size, (size_t)room * sizeof *painter->keys,
                     NULL))
        return NULL;
    painter->keys = keys;
    if (needed <= room) {
        for (int i = 0; i < needed; i++)
            painter->keys[(*count)++] = span_tile(&span, i);
        return painter->keys;
    }
    for (int cell = 0; cell < painter->columns * painter->rows; cell++) {
        int row = cell / painter->columns, column = cell % painter->columns;
        if (cell_row(painter, row)[column] != CELL_FINAL &&
            !list_tiles(painter, painting, cells_rect(painter, row, column, 1), room, count))
            break;
    }
    return painter->keys;
}
