/* The outbox: see outbox.h. */
#include "outbox.h"

#include <string.h>

#include "base/ledger.h"

static uint8_t *cell_row(const struct outbox *outbox, int row)
{
    return (uint8_t *)outbox->cells + (size_t)row * (size_t)outbox->columns;
}

static void set(struct outbox *outbox, uint8_t *cell, enum outbox_state state)
{
    outbox->count[*cell]--;
    outbox->count[state]++;
    *cell = (uint8_t)state;
}

static void set_all(struct outbox *outbox, enum outbox_state state)
{
    int cells = outbox->columns * outbox->rows;
    memset(outbox->cells, (int)state, (size_t)cells);
    memset(outbox->count, 0, sizeof outbox->count);
    outbox->count[state] = cells;
}

bool outbox_resize(struct outbox *outbox, int width, int height, struct fault *fault)
{
    int columns = (width + OUTBOX_WIDTH - 1) / OUTBOX_WIDTH;
    int rows = (height + OUTBOX_HEIGHT - 1) / OUTBOX_HEIGHT;
    /* Twice as many: a scroll lays them out anew behind the old ones. */
    size_t cells = 2 * (size_t)columns * (size_t)rows;
    if (!ledger_grow(LEDGER_FRAME, &outbox->cells, &outbox->size, cells, fault))
        return false;
    outbox->width = width;
    outbox->height = height;
    outbox->columns = columns;
    outbox->rows = rows;
    memset(outbox->strips, 0, sizeof outbox->strips);
    set_all(outbox, OUTBOX_DUE);
    return true;
}

void outbox_fini(struct outbox *outbox)
{
    ledger_free(LEDGER_FRAME, outbox->cells, outbox->size);
    memset(outbox, 0, sizeof *outbox);
}

/* The cells that a rectangle touches and that are better than `state`, or all of them. */
static void change(struct outbox *outbox, struct rect rect, enum outbox_state state, bool all)
{
    rect = rect_intersect(rect, (struct rect){0, 0, outbox->width, outbox->height});
    if (rect_empty(rect))
        return;
    int last_row = (rect.y + rect.height - 1) / OUTBOX_HEIGHT;
    int last = (rect.x + rect.width - 1) / OUTBOX_WIDTH;
    for (int row = rect.y / OUTBOX_HEIGHT; row <= last_row; row++)
        for (int column = rect.x / OUTBOX_WIDTH; column <= last; column++) {
            uint8_t *cell = cell_row(outbox, row) + column;
            if (all || *cell < state)
                set(outbox, cell, state);
        }
}

void outbox_damage(struct outbox *outbox, struct rect rect)
{
    change(outbox, rect, OUTBOX_DUE, false);
}

static void strips_to_cells(struct outbox *outbox)
{
    for (int i = 0; i < 2; i++)
        outbox_damage(outbox, outbox->strips[i]);
    memset(outbox->strips, 0, sizeof outbox->strips);
}

void outbox_settle(struct outbox *outbox, struct rect rect)
{
    strips_to_cells(outbox);
    change(outbox, rect, OUTBOX_LIKE, true);
}

static bool has_strip(const struct outbox *outbox)
{
    return !rect_empty(outbox->strips[0]) || !rect_empty(outbox->strips[1]);
}

bool outbox_has(const struct outbox *outbox, enum outbox_state least)
{
    return outbox->count[OUTBOX_DUE] || has_strip(outbox) ||
           (least == OUTBOX_LIKE && outbox->count[OUTBOX_LIKE]);
}

/* The first cell of row that is `least` or worse, seen from column `from`; -1: none. */
static int nearest_in_row(const struct outbox *outbox, int row, int from, enum outbox_state least)
{
    const uint8_t *cells = cell_row(outbox, row);
    for (int away = 0; away < outbox->columns; away++) {
        if (from - away >= 0 && cells[from - away] >= least)
            return from - away;
        if (from + away < outbox->columns && cells[from + away] >= least)
            return from + away;
    }
    return -1;
}

static int between(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* The row nearest to `from` with such a cell, and the cell. */
static int nearest(const struct outbox *outbox, int from, int column, enum outbox_state least,
                   int *found)
{
    for (int away = 0; away < outbox->rows; away++)
        for (int side = 0; side < (away ? 2 : 1); side++) {
            int row = side ? from - away : from + away;
            if (row < 0 || row >= outbox->rows)
                continue;
            *found = nearest_in_row(outbox, row, column, least);
            if (*found >= 0)
                return row;
        }
    return -1;
}

static void take_strip(struct rect *strip, int most, struct rect *rect)
{
    int rows = most / strip->width;
    *rect = *strip;
    rect->height = between(rows, strip->height);
    if (rect->height == 0)
        rect->height = 1;
    strip->y += rect->height;
    strip->height -= rect->height;
}

bool outbox_take(struct outbox *outbox, enum outbox_state least, enum outbox_state now, int most,
                 int x, int y, struct rect *rect)
{
    if (has_strip(outbox)) {
        take_strip(&outbox->strips[rect_empty(outbox->strips[0])], most, rect);
        change(outbox, *rect, now, false);
        return true;
    }
    if (!outbox_has(outbox, least))
        return false;
    int column = 0, row = nearest(outbox, between(y / OUTBOX_HEIGHT, outbox->rows - 1),
                                  between(x / OUTBOX_WIDTH, outbox->columns - 1), least, &column);
    uint8_t *cells = cell_row(outbox, row);
    int first = column, end = column + 1, room = most / (OUTBOX_WIDTH * OUTBOX_HEIGHT);
    while (first > 0 && end - first < room && cells[first - 1] >= least)
        first--;
    while (end < outbox->columns && end - first < room && cells[end] >= least)
        end++;
    for (int i = first; i < end; i++)
        set(outbox, &cells[i], now);
    *rect = rect_intersect((struct rect){first * OUTBOX_WIDTH, row * OUTBOX_HEIGHT,
                                         (end - first) * OUTBOX_WIDTH, OUTBOX_HEIGHT},
                           (struct rect){0, 0, outbox->width, outbox->height});
    return true;
}

/* The worst of the old cells that a rectangle touches, as far as there are any. */
static enum outbox_state worst(const struct outbox *outbox, struct rect rect)
{
    enum outbox_state state = OUTBOX_SENT;
    rect = rect_intersect(rect, (struct rect){0, 0, outbox->width, outbox->height});
    if (rect_empty(rect))
        return state;
    for (int y = rect.y / OUTBOX_HEIGHT; y <= (rect.y + rect.height - 1) / OUTBOX_HEIGHT; y++)
        for (int x = rect.x / OUTBOX_WIDTH; x <= (rect.x + rect.width - 1) / OUTBOX_WIDTH; x++)
            if (cell_row(outbox, y)[x] > state)
                state = cell_row(outbox, y)[x];
    return state;
}

void outbox_scroll(struct outbox *outbox, int dx, int dy)
{
    int cells = outbox->columns * outbox->rows;
    uint8_t *moved = (uint8_t *)outbox->cells + cells;
    struct rect whole = {0, 0, outbox->width, outbox->height};
    strips_to_cells(outbox);
    memset(outbox->count, 0, sizeof outbox->count);
    for (int i = 0; i < cells; i++) {
        struct rect from = rect_intersect((struct rect){i % outbox->columns * OUTBOX_WIDTH,
                                                        i / outbox->columns * OUTBOX_HEIGHT,
                                                        OUTBOX_WIDTH, OUTBOX_HEIGHT},
                                          whole);
        from.x -= dx;
        from.y -= dy;
        moved[i] = (uint8_t)worst(outbox, from);
        outbox->count[moved[i]]++;
    }
    memcpy(outbox->cells, moved, (size_t)cells);
    outbox->strips[0] =
        (struct rect){dx > 0 ? 0 : whole.width + dx, 0, dx > 0 ? dx : -dx, whole.height};
    outbox->strips[1] = (struct rect){dx > 0 ? dx : 0, dy > 0 ? 0 : whole.height + dy,
                                      whole.width - outbox->strips[0].width, dy > 0 ? dy : -dy};
}

void outbox_beside_strips(const struct outbox *outbox, int y, int *from, int *to)
{
    for (int i = 0; i < 2; i++) {
        struct rect strip = outbox->strips[i];
        int end = strip.x + strip.width;
        if (y < strip.y || y >= strip.y + strip.height || end <= *from || strip.x >= *to)
            continue;
        if (strip.x <= *from)
            *from = end;
        else
            *to = strip.x;
    }
}
