/* From a source to rough tiles: see source/rough.h.
 *
 * Owns the choice of blocks and the list of tiles under way. A span is worked off in fields: the
 * cells that are filled from one reading, of a row of a direct page or of a chosen block. A cell's
 * sample is the one nearest to its middle within what is read. */
#include "source/rough.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "source/reduce_sums.h"

/* FAR_BYTES: samples of a row that lie so far apart are read one by one. */
enum { ASK_SAMPLES = 1 << 16, FAR_BYTES = 1 << 16, TRIES = 3 };

/* Cells, from column and row `left` and `top` to before `right` and `bottom`, and the part of the
 * page that they take their samples from. */
struct field {
    int64_t left, top, right, bottom;
    struct area from;
};

struct rougher {
    struct row_sink sink; /* first */
    struct source *source;
    struct tile_orders *orders;
    struct tile_span span;
    struct reduction reduction;
    int channels;
    size_t sample_size;
    void **places; /* of the span's tiles, row by row; NULL: not wanted */
    struct field field;
    int64_t row;    /* the field's first row of cells that is not filled yet */
    int64_t filled; /* cells of the field */
    int64_t unasked;
    bool sound, dropped;
};

/* The sample that a cell takes along an axis, of those in [first, first + size). */
static int64_t taken(const struct rougher *r, int64_t cell, int64_t first, int64_t size)
{
    int64_t middle = (cell << r->reduction.k) + (((int64_t)1 << r->reduction.k) >> 1);
    return clamp64(middle, first, first + size - 1);
}

static bool keep_on(struct rougher *r, int64_t samples)
{
    r->unasked += samples;
    if (samples && r->unasked < ASK_SAMPLES)
        return true;
    r->unasked = 0;
    r->dropped = r->orders->dropped(r->orders);
    return !r->dropped;
}

/* Where a cell's sample of the first channel goes; NULL where its tile is not wanted. */
static char *place_of(const struct rougher *r, int64_t column, int64_t row)
{
    int64_t tile =
        (row / TILE_SIDE - r->span.row) * r->span.columns + column / TILE_SIDE - r->span.column;
    int64_t at = row % TILE_SIDE * TILE_SIDE + column % TILE_SIDE;
    char *samples = r->places[tile];
    return samples ? samples + at * (int64_t)r->sample_size : NULL;
}

/* The first cell of [low, high) that takes its sample at `at` or behind it, along an axis. */
static int64_t first_cell(const struct rougher *r, int64_t low, int64_t high, int64_t at,
                          int64_t first, int64_t size)
{
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (taken(r, middle, first, size) < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The cells of a row that have their samples in a run. */
static void fill_row(struct rougher *r, int64_t row, int64_t x, int64_t n, const char *samples)
{
    const struct field *field = &r->field;
    const struct area *from = &field->from;
    int64_t size = (int64_t)r->sample_size;
    int64_t column = first_cell(r, field->left, field->right, x, from->x, from->width);
    for (; column < field->right; column++) {
        int64_t at = taken(r, column, from->x, from->width) - x;
        if (at >= n)
            return;
        char *place = place_of(r, column, row);
        for (int channel = 0; place && channel < r->channels; channel++)
            memcpy(place + channel * TILE_SAMPLES * size, samples + (channel * n + at) * size,
                   (size_t)size);
        r->filled++;
    }
}

static bool take_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct rougher *r = (struct rougher *)sink;
    const struct area *from = &r->field.from;
    if (n) {
        while (r->row < r->field.bottom && taken(r, r->row, from->y, from->height) < y)
            r->row++;
        for (int64_t row = r->row;
             row < r->field.bottom && taken(r, row, from->y, from->height) == y; row++)
            fill_row(r, row, x, n, samples);
    }
    return keep_on(r, n);
}

/* Fills a field; false when part of what it needs could not be read. */
static bool fill_field(struct rougher *r, struct field field)
{
    const struct area *from = &field.from;
    int64_t top = taken(r, field.top, from->y, from->height);
    int64_t bottom = taken(r, field.bottom - 1, from->y, from->height) + 1;
    r->field = field;
    r->row = field.top;
    r->filled = 0;
    source_read(r->source, (struct area){from->x, top, from->width, bottom - top}, &r->sink, NULL);
    return r->filled == (field.right - field.left) * (field.bottom - field.top);
}

/* Marks the cells of a field as lost. */
static void mark_field(struct rougher *r, const struct field *field)
{
    for (int64_t row = field->top; row < field->bottom && r->orders->marks; row++)
        for (int64_t column = field->left, n; column < field->right; column += n) {
            int64_t tile = (row / TILE_SIDE - r->span.row) * r->span.columns + column / TILE_SIDE -
                           r->span.column;
            n = min64(field->right, (column / TILE_SIDE + 1) * TILE_SIDE) - column;
            if (r->places[tile])
                tile_mark(r->orders->marks(r->orders, (int32_t)tile),
                          row % TILE_SIDE * TILE_SIDE + column % TILE_SIDE, n);
        }
}

static void note(struct rougher *r, bool fine, const struct field *field)
{
    if (!fine)
        mark_field(r, field);
    r->sound &= fine;
    r->orders->read += (field->right - field->left) * (field->bottom - field->top);
}

/* The cells that the page has of the span. */
static struct field cells_of(const struct rougher *r)
{
    const struct page *page = &r->source->page;
    int k = r->reduction.k;
    int64_t left = (int64_t)r->span.column * TILE_SIDE, top = (int64_t)r->span.row * TILE_SIDE;
    return (struct field){
        left,
        top,
        min64(left + (int64_t)r->span.columns * TILE_SIDE, reduced_size(page->width, k)),
        min64(top + (int64_t)r->span.rows * TILE_SIDE, reduced_size(page->height, k)),
        {0, 0, page->width, page->height}};
}

/* Direct pages: row by row, or one by one where a row's samples lie far apart. */
static void fill_direct(struct rougher *r, struct field all)
{
    int64_t apart = (int64_t)r->sample_size << r->reduction.k;
    for (int64_t row = all.top; row < all.bottom && !r->dropped; row++) {
        struct field field = {all.left, row, all.right, row + 1, all.from};
        int64_t x = taken(r, all.left, 0, all.from.width);
        field.from.x = x;
        field.from.width = taken(r, all.right - 1, 0, all.from.width) + 1 - x;
        if (apart < FAR_BYTES) {
            note(r, fill_field(r, field), &field);
            continue;
        }
        for (int64_t column = all.left; column < all.right && !r->dropped; column++) {
            field.left = column;
            field.right = column + 1;
            field.from.x = taken(r, column, 0, all.from.width);
            field.from.width = 1;
            note(r, fill_field(r, field), &field);
        }
    }
}

/* Compressed pages. */

/* A range of blocks along an axis: [first, first + count), of `size` samples each. */
struct range {
    int64_t first, count, size;
};

static struct range blocks_along(const struct rougher *r, int64_t low, int64_t high, int64_t size,
                                 int64_t page_size)
{
    int k = r->reduction.k;
    int64_t first = (low << k) / size, last = (min64(high << k, page_size) - 1) / size;
    return (struct range){first, last - first + 1, size};
}

/* How many of the blocks are looked at, across and down: such that they lie about as far from each
 * other both ways. */
static void choose_counts(struct range across, struct range down, int64_t *columns, int64_t *rows)
{
    double block = (double)across.size * (double)down.size;
    double most = fmax(ROUGH_BLOCKS_LEAST, fmin(ROUGH_BLOCKS, (double)ROUGH_SAMPLES / block));
    double height = (double)down.count * (double)down.size;
    double ratio = height / ((double)across.count * (double)across.size);
    *rows = clamp64((int64_t)sqrt(most * ratio), 1, down.count);
    *columns = clamp64((int64_t)(most / (double)*rows), 1, across.count);
    *rows = clamp64((int64_t)(most / (double)*columns), 1, down.count);
}

/* The cells of [low, high) whose middles lie in the samples [from, to), which are a share of all:
 * the last share has what lies beyond the page as well. */
static void share_cells(const struct rougher *r, int64_t from, int64_t to, int64_t page_size,
                        int64_t *low, int64_t *high)
{
    int64_t end = *high;
    *high = to < page_size ? first_cell(r, *low, end, to, 0, page_size) : end;
    *low = first_cell(r, *low, end, from, 0, page_size);
}

/* Fills the cells of a share of blocks, columns [a.first, ...) by rows [b.first, ...), from the one
 * in its middle, or another where that one cannot be decoded. */
static void fill_share(struct rougher *r, struct field all, struct range a, struct range b)
{
    static const int parts[TRIES] = {2, 1, 3};
    struct field field = all;
    bool fine = false;
    share_cells(r, a.first * a.size, (a.first + a.count) * a.size, all.from.width, &field.left,
                &field.right);
    share_cells(r, b.first * b.size, (b.first + b.count) * b.size, all.from.height, &field.top,
                &field.bottom);
    if (field.left >= field.right || field.top >= field.bottom)
        return;
    for (int i = 0; i < TRIES && !fine && !r->dropped; i++) {
        struct area block = {(a.first + (a.count - 1) * parts[i] / 4) * a.size,
                             (b.first + (b.count - 1) * parts[i] / 4) * b.size, a.size, b.size};
        field.from = area_intersect(block, all.from);
        fine = fill_field(r, field);
    }
    note(r, fine, &field);
}

static void fill_coded(struct rougher *r, struct field all)
{
    const struct page *page = &r->source->page;
    struct range across = blocks_along(r, all.left, all.right, page->block_width, page->width);
    struct range down = blocks_along(r, all.top, all.bottom, page->block_height, page->height);
    int64_t columns, rows;
    choose_counts(across, down, &columns, &rows);
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns && !r->dropped; column++) {
            int64_t left = across.count * column / columns, top = down.count * row / rows;
            int64_t right = across.count * (column + 1) / columns;
            int64_t bottom = down.count * (row + 1) / rows;
            fill_share(r, all, (struct range){across.first + left, right - left, across.size},
                       (struct range){down.first + top, bottom - top, down.size});
        }
}

/* Learns where tiles go; until it is filled, all of them is lost. */
static void take_orders(struct rougher *r)
{
    for (int32_t i = 0; i < r->span.columns * r->span.rows; i++) {
        r->places[i] = r->orders->place(r->orders, i);
        if (r->places[i])
            reduction_lose(&r->reduction, r->places[i], (int64_t)r->channels * TILE_SAMPLES);
    }
}

static void fill_span(struct rougher *r)
{
    struct field all = cells_of(r);
    take_orders(r);
    if (all.left < all.right && all.top < all.bottom) {
        r->orders->all += (all.right - all.left) * (all.bottom - all.top);
        if (r->source->page.direct)
            fill_direct(r, all);
        else
            fill_coded(r, all);
    }
    for (int32_t i = 0; i < r->span.columns * r->span.rows && !r->dropped; i++)
        if (r->places[i])
            r->orders->done(r->orders, i, r->sound);
}

bool rough_tiles(struct source *source, struct tile_span span, struct tile_orders *orders,
                 struct fault *fault)
{
    const struct page *page = &source->page;
    enum sample_type type = (enum sample_type)page->type;
    if (!tile_is_rough(span.reduction) || !reduce_span_exists(source, span))
        return fault_set(fault, FAULT_USAGE, "rough tiles were asked for that no page has");
    size_t bytes = (size_t)span.columns * (size_t)span.rows * sizeof(void *);
    struct rougher r = {.sink.row = take_run,
                        .source = source,
                        .orders = orders,
                        .span = span,
                        .reduction = {tile_level(span.reduction), type, page->integral},
                        .channels = page->channels,
                        .sample_size = sample_bytes(type),
                        .places = ledger_alloc(LEDGER_SOURCE, bytes, fault),
                        .sound = true};
    if (!r.places)
        return false;
    fill_span(&r);
    ledger_free(LEDGER_SOURCE, r.places, bytes);
    return true;
}
