/* Painting cell by cell: see painter.h. Owns the cells' states and the list of tiles wanted. */
#include "painter.h"

#include <string.h>

#include "base/ledger.h"
#include "stand_in.h"
#include "tile_list.h"

/* A cell's state: STALE, or 1 + the quality (frame_quality) it is painted in. */
enum { CELL_STALE, CELL_EMPTY, CELL_FINAL = 1 + FRAME_BEST };

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

bool painter_covers(const struct painter *painter)
{
    const uint8_t *cells = painter->cells;
    for (int i = 0; i < painter->columns * painter->rows; i++)
        if (cells[i] <= CELL_EMPTY)
            return false;
    return true;
}

double painter_share(const struct painter *painter)
{
    int cells = painter->columns * painter->rows;
    return cells ? 1 - (double)painter->left / cells : 1;
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

static void draw(const struct painting *painting, struct rect rect)
{
    if (painting->before)
        painting->before(painting->context, rect);
    frame_draw(painting->frame, painting->arena, painting->curve, rect, painting->pixels,
               painting->left, painting->top);
    if (painting->drawn)
        painting->drawn(painting->context, rect);
}

/* Paints `count` neighbouring cells from (row, first) on, which fill `rect`. */
static void paint_cells(struct painter *painter, const struct painting *painting, int row,
                        int first, int count, struct rect rect, int state)
{
    int band = painting->band ? painting->band : rect.height;
    for (int y = 0; y < rect.height; y += band)
        draw(painting, (struct rect){rect.x, rect.y + y, rect.width,
                                     rect.height - y < band ? rect.height - y : band});
    memset(cell_row(painter, row) + first, state, (size_t)count);
    if (state == CELL_FINAL)
        painter->left -= count;
}

void painter_renew(struct painter *painter, struct rect rect)
{
    for (int row = 0; row < painter->rows; row++)
        for (int column = 0; column < painter->columns; column++) {
            uint8_t *cell = &cell_row(painter, row)[column];
            if (*cell == CELL_EMPTY &&
                !rect_empty(rect_intersect(rect, cells_rect(painter, row, column, 1))))
                *cell = CELL_STALE;
        }
}

void painter_stale(struct painter *painter, struct rect rect)
{
    for (int row = 0; row < painter->rows; row++)
        for (int column = 0; column < painter->columns; column++) {
            uint8_t *cell = &cell_row(painter, row)[column];
            if (rect_empty(rect_intersect(rect, cells_rect(painter, row, column, 1))))
                continue;
            painter->left += *cell == CELL_FINAL;
            *cell = CELL_STALE;
        }
}

/* What a cell would become if painted now; what it is already when that is no better. */
static int next_state(const struct painter *painter, const struct painting *painting, int row,
                      int column, bool provisional)
{
    int now = cell_row(painter, row)[column];
    if (now == CELL_FINAL)
        return now;
    struct rect rect = cells_rect(painter, row, column, 1);
    int state = CELL_EMPTY + frame_quality(painting->frame, painting->arena, rect);
    return state > now && (provisional || state == CELL_FINAL) ? state : now;
}

/* Neighbouring cells that become the same are painted as one rectangle. */
static void step_row(struct painter *painter, const struct painting *painting, int row,
                     bool provisional)
{
    const uint8_t *cells = cell_row(painter, row);
    int column = 0;
    while (column < painter->columns) {
        int first = column;
        int state = next_state(painter, painting, row, column, provisional);
        bool change = state != cells[column++];
        while (column < painter->columns && change && cells[column] != state &&
               next_state(painter, painting, row, column, provisional) == state)
            column++;
        if (change)
            paint_cells(painter, painting, row, first, column - first,
                        cells_rect(painter, row, first, column - first), state);
    }
}

static bool row_is(const struct painter *painter, int row, int state)
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
           frame_quality(painting->frame, painting->arena,
                         cells_rect(painter, row + count, 0, painter->columns)) == FRAME_BEST)
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

/* True when some cell shows nothing and would not if it were painted now. */
static bool any_empty(const struct painter *painter, const struct painting *painting)
{
    for (int cell = 0; cell < painter->columns * painter->rows; cell++) {
        int row = cell / painter->columns, column = cell % painter->columns;
        if (cell_row(painter, row)[column] <= CELL_EMPTY &&
            !frame_quality(painting->frame, painting->arena, cells_rect(painter, row, column, 1)))
            return true;
    }
    return false;
}

/* True when they are all that is wanted. */
static bool list_stand_ins(const struct painter *painter, const struct painting *painting,
                           struct tile_span span, struct tile_list *list)
{
    bool passing = painting->passing;
    int32_t reduction = !painting->page ? -1
                        : passing       ? stand_in_passing(painting->page, span)
                                        : stand_in_choose(painting->page, span);
    if (reduction >= 0 && (passing || any_empty(painter, painting)))
        tile_list_span(list, stand_in_span(span, reduction));
    return passing && list->count > 0;
}

/* The tiles about the middle of the area. */
static struct tile_span middle_tiles(const struct painter *painter, const struct painting *painting,
                                     struct tile_span span)
{
    struct rect area = painter->area;
    int width = area.width / 8 + 1, height = area.height / 8 + 1;
    struct rect rect = {area.x + (area.width - width) / 2, area.y + (area.height - height) / 2,
                        width, height};
    struct tile_span middle = frame_needs(painting->frame, rect);
    return middle.columns && middle.rows ? middle : span;
}

/* The cells of rows in the middle come first: where blocks are strips, each row of them is decoded
 * once. */
static void list_cells(const struct painter *painter, const struct painting *painting,
                       struct tile_list *list)
{
    for (int i = 0; i < painter->rows; i++) {
        int row = (painter->rows - 1) / 2 + (i & 1 ? (i + 1) / 2 : -i / 2);
        for (int column = 0; column < painter->columns; column++)
            if (cell_row(painter, row)[column] != CELL_FINAL &&
                !tile_list_span(list,
                                frame_needs(painting->frame, cells_rect(painter, row, column, 1))))
                return;
    }
}

const struct tile_key *painter_wants(struct painter *painter, const struct painting *painting,
                                     int *count)
{
    struct tile_span span = frame_needs(painting->frame, painter->area);
    struct tile_list list = {.room = arena_capacity(painting->arena)};
    void *keys = painter->keys;
    *count = 0;
    if (!ledger_grow(LEDGER_VIEW, &keys, &painter->keys_size,
                     (size_t)list.room * sizeof *painter->keys, NULL))
        return NULL;
    painter->keys = list.keys = keys;
    if (list_stand_ins(painter, painting, span, &list)) {
        *count = list.count;
        return painter->keys;
    }
    if ((int64_t)span.columns * span.rows <= list.room)
        tile_list_around(&list, span, middle_tiles(painter, painting, span));
    else
        list_cells(painter, painting, &list);
    *count = list.count;
    return painter->keys;
}
