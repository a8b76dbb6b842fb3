/* Decoded rows in the temporary file: see source/tiff_store.h. Owns the band being gathered and the
 * cells read last. Never knows what the bytes of a row mean. */
#include "source/tiff_store.h"

#include <string.h>

#include "base/checked.h"
#include "base/ledger.h"
#include "source/spill.h"
#include "source/tiff.h"

enum { CELL_BYTES = 512, CELL_ROWS = 8, BAND_BYTES = 512 << 10 };

/* How a page's strips lie in their parts: bands one behind the other, in a band the lines, in a
 * line its cells from the left, in a cell its rows. */
struct shape {
    int64_t line_bytes, cells; /* of a line */
    int lines, rows;           /* rows: of a band */
    int64_t band_bytes;
};

static struct shape shape_of(const struct tiff_source *tiff)
{
    const struct tiff_form *form = &tiff->layout.form;
    struct shape shape = {.line_bytes = tiff_form_line_bytes(form, tiff->layout.block_width),
                          .lines = tiff_form_lines(form),
                          .rows = CELL_ROWS};
    shape.cells = ceil_div(shape.line_bytes, CELL_BYTES);
    int64_t row_bytes = shape.cells * CELL_BYTES * shape.lines;
    while (shape.rows > 1 && row_bytes * shape.rows > BAND_BYTES)
        shape.rows /= 2;
    shape.band_bytes = row_bytes * shape.rows;
    return shape;
}

/* Where cell `cell` of a line begins in its band. */
static int64_t cell_at(const struct shape *shape, int line, int64_t cell)
{
    return (line * shape->cells + cell) * shape->rows * CELL_BYTES;
}

static int64_t cell_length(const struct shape *shape, int64_t cell)
{
    return min64(CELL_BYTES, shape->line_bytes - cell * CELL_BYTES);
}

static bool is_gathering(const struct tiff_source *tiff)
{
    const struct tiff_store *store = &tiff->store;
    return store->gathered && store->part->serial == store->serial;
}

/* A disk that is full ends the part above the band. */
static void write_band(struct tiff_source *tiff, const struct shape *shape)
{
    struct tiff_store *store = &tiff->store;
    int64_t at = (store->gathered - 1) * shape->band_bytes;
    if (!store->dirty || !is_gathering(tiff))
        return;
    store->dirty = false;
    if (spill_write(store->part, at, store->band, shape->band_bytes))
        return;
    store->part->filled = (store->gathered - 1) * shape->rows;
    store->part->bytes = at;
    store->gathered = 0;
}

struct spill_part *tiff_store_part(struct tiff_source *tiff, int64_t block)
{
    struct shape shape = shape_of(tiff);
    struct spill_part *part = spill_find(tiff, block);
    int64_t rows = tiff_layout_block(&tiff->layout, block).height, bytes;
    if (part)
        return part;
    if (!checked_mul64(ceil_div(rows, shape.rows), shape.band_bytes, &bytes))
        bytes = INT64_MAX;
    return spill_take(tiff, block, bytes, shape.band_bytes);
}

/* Has the band of a row in memory, with the rows of it that were written before. */
static bool begin_band(struct tiff_source *tiff, struct spill_part *part, const struct shape *shape,
                       int64_t row)
{
    struct tiff_store *store = &tiff->store;
    int64_t number = row / shape->rows;
    if (is_gathering(tiff) && store->part == part && store->gathered == number + 1)
        return true;
    write_band(tiff, shape);
    store->gathered = 0;
    store->part = part;
    store->serial = part->serial;
    if (!ledger_grow(LEDGER_SPILL, &store->band, &store->band_size, (size_t)shape->band_bytes,
                     NULL))
        return false;
    if (row % shape->rows &&
        !spill_read(part, number * shape->band_bytes, store->band, shape->band_bytes))
        return false;
    store->gathered = number + 1;
    store->dirty = false;
    return true;
}

static void gather_row(struct tiff_source *tiff, const struct shape *shape, int64_t row)
{
    for (int i = 0; i < shape->lines; i++)
        for (int64_t c = 0; c < shape->cells; c++)
            memcpy((uint8_t *)tiff->store.band + cell_at(shape, i, c) +
                       row % shape->rows * CELL_BYTES,
                   (const uint8_t *)tiff->buffer + i * shape->line_bytes + c * CELL_BYTES,
                   (size_t)cell_length(shape, c));
}

/* Bands of one row are as lines lie in the buffer, but for the end of the last cell. */
static bool write_row(struct tiff_source *tiff, const struct spill_part *part,
                      const struct shape *shape, int64_t row)
{
    bool fine = true;
    for (int i = 0; fine && i < shape->lines; i++)
        fine =
            spill_write(part, row * shape->band_bytes + cell_at(shape, i, 0),
                        (const uint8_t *)tiff->buffer + i * shape->line_bytes, shape->line_bytes);
    return fine;
}

void tiff_store_keep(struct tiff_source *tiff, int64_t block, int64_t row)
{
    struct shape shape = shape_of(tiff);
    struct tiff_store *store = &tiff->store;
    struct spill_part *part = spill_find(tiff, block);
    if (!part || part->filled != row || row / shape.rows >= part->bytes / shape.band_bytes)
        return;
    if (shape.rows == 1) {
        part->filled += write_row(tiff, part, &shape, row);
        return;
    }
    if (!begin_band(tiff, part, &shape, row))
        return;
    gather_row(tiff, &shape, row);
    store->dirty = true;
    part->filled = row + 1;
    if (store->window_serial == part->serial && store->window_band == row / shape.rows)
        store->window_cells = 0;
    if (part->filled % shape.rows == 0 ||
        part->filled == tiff_layout_block(&tiff->layout, block).height)
        write_band(tiff, &shape);
}

/* Has cells of all lines of a band in memory. */
static bool need_window(struct tiff_source *tiff, const struct spill_part *part,
                        const struct shape *shape, int64_t band, int64_t cell, int64_t cells)
{
    struct tiff_store *store = &tiff->store;
    int64_t piece = cells * shape->rows * CELL_BYTES;
    if (store->window_serial == part->serial && store->window_band == band &&
        store->window_cell == cell && store->window_cells == cells)
        return true;
    if (store->dirty && store->serial == part->serial && store->gathered == band + 1)
        write_band(tiff, shape);
    store->window_cells = 0;
    bool fine = ledger_grow(LEDGER_SPILL, &store->window, &store->window_size,
                            (size_t)(piece * shape->lines), NULL);
    for (int i = 0; fine && i < shape->lines; i++)
        fine = spill_read(part, band * shape->band_bytes + cell_at(shape, i, cell),
                          (uint8_t *)store->window + i * piece, piece);
    store->window_serial = part->serial;
    store->window_band = band;
    store->window_cell = cell;
    store->window_cells = fine ? cells : 0;
    return fine;
}

static bool fetch_cells(struct tiff_source *tiff, const struct spill_part *part,
                        const struct shape *shape, int64_t row, int64_t from, int64_t to)
{
    const struct tiff_store *store = &tiff->store;
    int64_t first = from / CELL_BYTES, cells = ceil_div(to, CELL_BYTES) - first;
    if (!need_window(tiff, part, shape, row / shape->rows, first, cells) || row >= part->filled)
        return false;
    for (int i = 0; i < shape->lines; i++)
        for (int64_t c = first; c < first + cells; c++)
            memcpy((uint8_t *)tiff->buffer + i * shape->line_bytes + c * CELL_BYTES,
                   (const uint8_t *)store->window +
                       ((i * cells + c - first) * shape->rows + row % shape->rows) * CELL_BYTES,
                   (size_t)cell_length(shape, c));
    return true;
}

bool tiff_store_fetch(struct tiff_source *tiff, int64_t block, int64_t row, int64_t from,
                      int64_t to)
{
    struct shape shape = shape_of(tiff);
    struct spill_part *part = spill_find(tiff, block);
    bool fine = part && row < part->filled;
    if (fine && shape.rows > 1)
        fine = fetch_cells(tiff, part, &shape, row, from, to);
    for (int i = 0; fine && shape.rows == 1 && i < shape.lines; i++)
        fine = spill_read(part, row * shape.band_bytes + cell_at(&shape, i, 0) + from,
                          (uint8_t *)tiff->buffer + i * shape.line_bytes + from, to - from);
    if (!fine && part)
        spill_drop(part);
    return fine;
}

void tiff_store_rest(struct tiff_source *tiff)
{
    struct tiff_store *store = &tiff->store;
    struct shape shape;
    if (store->dirty) {
        shape = shape_of(tiff);
        write_band(tiff, &shape);
    }
    ledger_free(LEDGER_SPILL, store->band, store->band_size);
    ledger_free(LEDGER_SPILL, store->window, store->window_size);
    *store = (struct tiff_store){.part = NULL};
}

void tiff_store_end(struct tiff_source *tiff)
{
    spill_drop_all(tiff);
    tiff->store.dirty = false;
    tiff_store_rest(tiff);
}
