/* From a source to finished tiles: see source/reduce.h.
 *
 * Owns the sums and the list of tiles under way. A span is worked off in pieces of the page:
 *
 * - strips: what the wanted tiles of one row of tiles have of the page; its rows come from the top.
 * - blocks that begin and end on whole cells of 2^k samples: one block at a time. In both cases
 *   only the reduced row under way needs sums.
 * - other blocks (k of 5 and more): bands across a row of blocks, with sums and counts of samples
 *   for every reduced row they touch; the row that two bands share is carried over.
 *
 * Sums lie row by row, the channels of a row behind each other. A reduced sample that lacks any of
 * its samples is lost (reduction_lose). */
#include "source/reduce.h"

#include <string.h>

#include "base/ledger.h"
#include "source/reduce_sums.h"

enum {
    GROUP_COLUMNS = 512, /* tiles side by side in one pass at most */
    GROUP_TILES = 4096,
    BAND_ROWS = 64,       /* reduced rows of a band at most, beside the shared ones */
    SUMS_BYTES = 1 << 20, /* of a pass's sums and counts at most */
    ASK_SAMPLES = 1 << 16 /* samples between two looks at orders->dropped */
};

struct tile_state {
    void *place;  /* NULL: not wanted */
    int64_t left; /* reduced samples not written yet */
    bool sound;
};

struct reducer {
    struct row_sink sink; /* first */
    struct source *source;
    struct tile_orders *orders;
    struct row_sink *listener;
    struct fault *fault;
    struct reduction reduction;
    int channels;
    size_t sample_size, sum_size;
    int64_t width, height; /* of the reduced page */
    int32_t span_columns;
    int32_t first_order; /* the order of the group's first tile */
    struct tile_span group;
    struct tile_state *tiles; /* of the group, row by row */
    void *sums;
    size_t sums_bytes;
    uint64_t *counts; /* bands: samples of each channel that came for each cell */
    size_t counts_bytes;

    /* The piece under way, in reduced samples. */
    int64_t column, cells;
    int64_t row;       /* the one that sums are of (bands: of the first sums) */
    int64_t delivered; /* samples of it that came, of each channel */
    struct area piece; /* in samples */

    int64_t unasked; /* samples since orders->dropped was asked */
    bool failed, dropped;
};

/* How many source samples cell c, or row c, of a page `size` samples long is made of. */
static int64_t cell_size(const struct reducer *r, int64_t c, int64_t size)
{
    return min64((int64_t)1 << r->reduction.k, size - (c << r->reduction.k));
}

static void hear(const struct reducer *r, int64_t x, int64_t y, int64_t n, const void *samples)
{
    if (r->listener)
        r->listener->row(r->listener, x, y, n, samples);
}

static bool keep_on(struct reducer *r, int64_t samples)
{
    r->orders->read += samples;
    r->unasked += samples;
    if (samples && r->unasked < ASK_SAMPLES)
        return true;
    r->unasked = 0;
    r->dropped = r->orders->dropped(r->orders);
    return !r->dropped;
}

/* Tiles. */

static struct tile_state *tile_at(struct reducer *r, int64_t tile_column, int64_t tile_row)
{
    return &r->tiles[(tile_row - r->group.row) * r->group.columns + tile_column - r->group.column];
}

static int32_t order_of(const struct reducer *r, const struct tile_state *tile)
{
    int32_t i = (int32_t)(tile - r->tiles);
    return r->first_order + i / r->group.columns * r->span_columns + i % r->group.columns;
}

static void announce(struct reducer *r, const struct tile_state *tile)
{
    r->orders->done(r->orders, order_of(r, tile), tile->sound);
}

/* A part of a reduced row that lies in one wanted tile: cells [column, column + cells). */
struct segment {
    struct tile_state *tile;
    int64_t column, cells;
    char *samples; /* where those of the first channel go */
};

static void *plane_of(const struct reducer *r, const struct segment *segment, int channel)
{
    return segment->samples + channel * TILE_SAMPLES * (int64_t)r->sample_size;
}

/* Steps through the segments of cells [column, end) of a reduced row; false at the end. Begin with
 * segment->column = column and segment->cells = 0. */
static bool next_segment(struct reducer *r, int64_t row, int64_t end, struct segment *segment)
{
    for (segment->column += segment->cells; segment->column < end;
         segment->column += segment->cells) {
        int64_t tile_column = segment->column / TILE_SIDE;
        segment->cells = min64((tile_column + 1) * TILE_SIDE, end) - segment->column;
        segment->tile = tile_at(r, tile_column, row / TILE_SIDE);
        if (!segment->tile->place)
            continue;
        int64_t at = row % TILE_SIDE * TILE_SIDE + segment->column % TILE_SIDE;
        segment->samples = (char *)segment->tile->place + at * (int64_t)r->sample_size;
        return true;
    }
    return false;
}

static void settle(struct reducer *r, const struct segment *segment, bool sound)
{
    struct tile_state *tile = segment->tile;
    tile->left -= segment->cells;
    tile->sound &= sound;
    if (!tile->left)
        announce(r, tile);
}

/* The sums of a reduced row, `row` rows below the first that sums are of. */
static void *sums_of_row(const struct reducer *r, int64_t row, int channel)
{
    return (char *)r->sums + (row * r->channels + channel) * r->cells * (int64_t)r->sum_size;
}

/* Means of cells whose sums are complete. The last cell of the page may be narrower than others. */
static void write_means(struct reducer *r, int64_t row, const struct segment *segment)
{
    const struct page *page = &r->source->page;
    int64_t rows = cell_size(r, row, page->height);
    int64_t last = segment->column + segment->cells - 1;
    int64_t last_size = cell_size(r, last, page->width);
    int64_t full = segment->cells - (last_size < (int64_t)1 << r->reduction.k);
    int64_t first = segment->column - r->column;
    for (int channel = 0; channel < r->channels; channel++) {
        const void *sums = sums_of_row(r, row - r->row, channel);
        char *means = plane_of(r, segment, channel);
        reduction_means(&r->reduction, sums, first, full, rows << r->reduction.k, means);
        if (full < segment->cells)
            reduction_means(&r->reduction, sums, first + full, 1, rows * last_size,
                            means + full * (int64_t)r->sample_size);
    }
}

/* Cells [first, first + n) of a segment could not be decoded. */
static void lose(struct reducer *r, const struct segment *segment, int64_t first, int64_t n)
{
    int64_t at =
        (segment->samples - (const char *)segment->tile->place) / (int64_t)r->sample_size + first;
    if (r->orders->marks)
        tile_mark(r->orders->marks(r->orders, order_of(r, segment->tile)), at, n);
    for (int channel = 0; channel < r->channels; channel++)
        reduction_lose(&r->reduction,
                       (char *)plane_of(r, segment, channel) + first * (int64_t)r->sample_size, n);
}

/* Pieces whose rows come in order. */

static void clear_sums(struct reducer *r)
{
    if (r->sums)
        memset(r->sums, 0, (size_t)r->cells * (size_t)r->channels * r->sum_size);
}

static void finish_row(struct reducer *r)
{
    int64_t rows = cell_size(r, r->row, r->source->page.height);
    bool sound = r->delivered == rows * r->piece.width;
    struct segment segment = {.column = r->column};
    while (next_segment(r, r->row, r->column + r->cells, &segment)) {
        if (!sound)
            lose(r, &segment, 0, segment.cells);
        else if (r->reduction.k)
            write_means(r, r->row, &segment);
        settle(r, &segment, sound);
    }
    if (sound && r->orders->growing.columns && r->orders->growing.rows == r->row % TILE_SIDE)
        r->orders->growing.rows++;
    clear_sums(r);
    r->delivered = 0;
}

static void finish_rows_above(struct reducer *r, int64_t row)
{
    for (; r->row < row; r->row++)
        finish_row(r);
}

static void copy_run(struct reducer *r, int64_t x, int64_t y, int64_t n, const char *samples)
{
    int64_t size = (int64_t)r->sample_size;
    struct segment segment = {.column = x};
    while (next_segment(r, y, x + n, &segment))
        for (int channel = 0; channel < r->channels; channel++)
            memcpy(plane_of(r, &segment, channel),
                   samples + (channel * n + segment.column - x) * size,
                   (size_t)(segment.cells * size));
}

/* Adds a run to the sums of a row, `row` rows below the first; it begins `from` samples right of
 * the first cell. */
static void add_run(struct reducer *r, int64_t row, int64_t from, int64_t n, const char *samples)
{
    for (int channel = 0; channel < r->channels; channel++)
        reduction_add(&r->reduction, sums_of_row(r, row, channel), from,
                      samples + channel * n * (int64_t)r->sample_size, n);
}

static bool take_ordered(struct row_sink *sink, int64_t x, int64_t y, int64_t n,
                         const void *samples)
{
    struct reducer *r = (struct reducer *)sink;
    if (n) {
        hear(r, x, y, n, samples);
        finish_rows_above(r, y >> r->reduction.k);
        if (r->reduction.k)
            add_run(r, 0, x - r->piece.x, n, samples);
        else
            copy_run(r, x, y, n, samples);
        r->delivered += n;
    }
    return keep_on(r, n);
}

/* Reads an area, keeping the first fault. False when nobody wants the rest. */
static bool read_area(struct reducer *r, struct area area)
{
    if (!source_read(r->source, area, &r->sink, r->failed ? NULL : r->fault))
        r->failed = true;
    return !r->dropped;
}

/* A piece begins on a whole cell, and ends on one or at the page's edge. */
static bool reduce_piece(struct reducer *r, struct area piece)
{
    int k = r->reduction.k;
    r->piece = piece;
    r->column = piece.x >> k;
    r->cells = ((piece.x + piece.width - 1) >> k) - r->column + 1;
    r->row = piece.y >> k;
    r->delivered = 0;
    r->sink.row = take_ordered;
    clear_sums(r);
    if (!read_area(r, piece))
        return false;
    finish_rows_above(r, ((piece.y + piece.height - 1) >> k) + 1);
    return true;
}

/* The part of the page, in samples, that tiles [column, column + columns) by [row, row + rows) are
 * made of. */
static struct area page_area(const struct reducer *r, struct tile_span span)
{
    int k = r->reduction.k;
    const struct page *page = &r->source->page;
    int64_t left = min64((int64_t)span.column * TILE_SIDE, r->width) << k;
    int64_t top = min64((int64_t)span.row * TILE_SIDE, r->height) << k;
    int64_t right = min64(((int64_t)span.column + span.columns) * TILE_SIDE, r->width) << k;
    int64_t bottom = min64(((int64_t)span.row + span.rows) * TILE_SIDE, r->height) << k;
    struct area area = {left, top, right - left, bottom - top};
    return area_intersect(area, (struct area){0, 0, page->width, page->height});
}

static bool reduce_strips(struct reducer *r)
{
    for (int32_t row = 0; row < r->group.rows; row++) {
        const struct tile_state *tiles = &r->tiles[(int64_t)row * r->group.columns];
        int32_t first = 0, last = r->group.columns - 1;
        while (first <= last && !tiles[first].place)
            first++;
        while (last > first && !tiles[last].place)
            last--;
        if (first > last)
            continue;
        struct tile_span wanted = r->group;
        wanted.column += first;
        wanted.columns = last - first + 1;
        wanted.row += row;
        wanted.rows = 1;
        struct area piece = page_area(r, wanted);
        r->orders->growing =
            (struct tile_rows){r->first_order / r->span_columns + row,
                               r->first_order % r->span_columns + first, wanted.columns, 0};
        if (piece.width > 0 && piece.height > 0 && !reduce_piece(r, piece))
            return false;
        r->orders->growing = (struct tile_rows){0};
    }
    return true;
}

static bool is_wanted(struct reducer *r, struct area piece)
{
    int shift = r->reduction.k;
    int64_t left = (piece.x >> shift) / TILE_SIDE, top = (piece.y >> shift) / TILE_SIDE;
    int64_t right = ((piece.x + piece.width - 1) >> shift) / TILE_SIDE;
    int64_t bottom = ((piece.y + piece.height - 1) >> shift) / TILE_SIDE;
    for (int64_t row = top; row <= bottom; row++)
        for (int64_t column = left; column <= right; column++)
            if (tile_at(r, column, row)->place)
                return true;
    return false;
}

static bool reduce_blocks(struct reducer *r)
{
    int64_t width = r->source->page.block_width, height = r->source->page.block_height;
    struct area area = page_area(r, r->group);
    for (int64_t y = area.y / height * height; y < area.y + area.height; y += height)
        for (int64_t x = area.x / width * width; x < area.x + area.width; x += width) {
            struct area piece = area_intersect(area, (struct area){x, y, width, height});
            if (is_wanted(r, piece) && !reduce_piece(r, piece))
                return false;
        }
    return true;
}

/* Bands. */

static int64_t band_rows(const struct reducer *r)
{
    int64_t rows = (r->source->page.block_height >> r->reduction.k) + 2;
    return min64(rows, BAND_ROWS + 2);
}

static bool take_banded(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct reducer *r = (struct reducer *)sink;
    int k = r->reduction.k;
    if (!n)
        return keep_on(r, 0);
    int64_t row = (y >> k) - r->row, from = x - (r->column << k), to = from + n;
    uint64_t *counts = r->counts + row * r->cells;
    hear(r, x, y, n, samples);
    add_run(r, row, from, n, samples);
    for (int64_t c = from >> k; c << k < to; c++)
        counts[c] += (uint64_t)(min64((c + 1) << k, to) - max64(c << k, from));
    return keep_on(r, n);
}

/* Writes a segment, cell by cell where samples are missing; true when none are. */
static bool finish_banded(struct reducer *r, int64_t row, const struct segment *segment)
{
    const struct page *page = &r->source->page;
    const uint64_t *counts = r->counts + (row - r->row) * r->cells + segment->column - r->column;
    int64_t rows = cell_size(r, row, page->height);
    bool sound = true;
    write_means(r, row, segment);
    for (int64_t c = 0; c < segment->cells; c++) {
        int64_t size = cell_size(r, segment->column + c, page->width);
        if (counts[c] == (uint64_t)(rows * size))
            continue;
        sound = false;
        lose(r, segment, c, 1);
    }
    return sound;
}

/* Drops the first `gone` of `rows` rows of `bytes` bytes; zeros come in below. */
static void shift_rows(void *first, size_t rows, size_t gone, size_t bytes)
{
    size_t kept = (rows - gone) * bytes;
    memmove(first, (char *)first + gone * bytes, kept);
    memset((char *)first + kept, 0, gone * bytes);
}

/* Writes the rows above `row` and carries over what there is of `row` itself. */
static void finish_band(struct reducer *r, int64_t row)
{
    for (int64_t done = r->row; done < row; done++) {
        struct segment segment = {.column = r->column};
        while (next_segment(r, done, r->column + r->cells, &segment))
            settle(r, &segment, finish_banded(r, done, &segment));
    }
    size_t cells = (size_t)r->cells, rows = (size_t)band_rows(r), gone = (size_t)(row - r->row);
    shift_rows(r->sums, rows, gone, cells * (size_t)r->channels * r->sum_size);
    shift_rows(r->counts, rows, gone, cells * sizeof *r->counts);
    r->row = row;
}

static bool reduce_bands(struct reducer *r)
{
    int k = r->reduction.k;
    int64_t height = r->source->page.block_height;
    struct area area = page_area(r, r->group);
    int64_t end = area.y + area.height;
    r->column = area.x >> k;
    r->cells = ((area.x + area.width - 1) >> k) - r->column + 1;
    r->row = area.y >> k;
    r->sink.row = take_banded;
    memset(r->sums, 0, r->sums_bytes);
    memset(r->counts, 0, r->counts_bytes);
    for (int64_t y = area.y, next; y < end; y = next) {
        next = min64((y / height + 1) * height, y + ((int64_t)BAND_ROWS << k));
        next = min64(next, end);
        if (!read_area(r, (struct area){area.x, y, area.width, next - y}))
            return false;
        finish_band(r, next == end ? ((end - 1) >> k) + 1 : next >> k);
    }
    return true;
}

/* Groups. */

static bool is_banded(const struct reducer *r)
{
    const struct page *page = &r->source->page;
    int64_t inside = ((int64_t)1 << r->reduction.k) - 1;
    return page->tiled && ((page->block_width | page->block_height) & inside);
}

/* Bytes of sums and counts for each cell of a piece as wide as it. */
static size_t cell_sums(const struct reducer *r)
{
    size_t rows = is_banded(r) ? (size_t)band_rows(r) : 1;
    return r->reduction.k ? rows * (size_t)r->channels * r->sum_size : 0;
}

static size_t cell_counts(const struct reducer *r)
{
    return is_banded(r) ? (size_t)band_rows(r) * sizeof *r->counts : 0;
}

static int32_t group_columns(const struct reducer *r)
{
    size_t column_bytes = TILE_SIDE * (cell_sums(r) + cell_counts(r));
    return column_bytes ? (int32_t)clamp64(SUMS_BYTES / (int64_t)column_bytes, 1, GROUP_COLUMNS)
                        : GROUP_COLUMNS;
}

/* Learns where the group's tiles go. True when one is wanted. */
static bool take_orders(struct reducer *r)
{
    bool wanted = false;
    for (int32_t i = 0; i < r->group.columns * r->group.rows; i++) {
        struct tile_state *tile = &r->tiles[i];
        int64_t column = r->group.column + i % r->group.columns;
        int64_t row = r->group.row + i / r->group.columns;
        int64_t cells = clamp64(r->width - column * TILE_SIDE, 0, TILE_SIDE);
        int64_t rows = clamp64(r->height - row * TILE_SIDE, 0, TILE_SIDE);
        void *place = r->orders->place(r->orders, order_of(r, tile));
        *tile = (struct tile_state){place, cells * rows, true};
        wanted |= tile->place != NULL;
        if (tile->place && !tile->left)
            announce(r, tile);
    }
    return wanted;
}

static bool reduce_group(struct reducer *r)
{
    struct area area = page_area(r, r->group);
    if (!take_orders(r) || area.width <= 0 || area.height <= 0)
        return true;
    r->orders->all += area.width * area.height;
    if (is_banded(r))
        return reduce_bands(r);
    return r->source->page.tiled ? reduce_blocks(r) : reduce_strips(r);
}

static bool reduce_groups(struct reducer *r, struct tile_span span, int32_t columns, int32_t rows)
{
    for (int32_t row = 0; row < span.rows; row += rows)
        for (int32_t column = 0; column < span.columns; column += columns) {
            r->group = span;
            r->group.column += column;
            r->group.row += row;
            r->group.columns = (int32_t)min64(columns, span.columns - column);
            r->group.rows = (int32_t)min64(rows, span.rows - row);
            r->first_order = row * span.columns + column;
            if (!reduce_group(r))
                return true;
        }
    return !r->failed;
}

bool reduce_span_exists(const struct source *source, struct tile_span span)
{
    return source->page.width > 0 && tile_reduction_exists(span.reduction) && span.column >= 0 &&
           span.row >= 0 && span.columns >= 1 && span.rows >= 1 &&
           span.columns <= INT32_MAX - span.column && span.rows <= INT32_MAX - span.row &&
           (int64_t)span.columns * span.rows <= INT32_MAX;
}

/* The tiles of a span from one source, at the span's reduction of it. */
static bool reduce_source(struct source *source, struct tile_span span, struct tile_orders *orders,
                          struct fault *fault)
{
    const struct page *page = &source->page;
    enum sample_type type = (enum sample_type)page->type;
    struct reducer r = {
        .source = source,
        .orders = orders,
        .listener = orders->listener,
        .fault = fault,
        .reduction = {span.reduction, type, page_rounds(page)},
        .channels = page->channels,
        .sample_size = sample_bytes(type),
        .width = reduced_size(page->width, span.reduction),
        .height = reduced_size(page->height, span.reduction),
        .span_columns = span.columns,
    };
    r.sum_size = reduction_sum_bytes(&r.reduction);
    int32_t columns = (int32_t)min64(group_columns(&r), span.columns);
    int32_t rows = (int32_t)min64(GROUP_TILES / columns, span.rows);
    size_t tiles_bytes = (size_t)columns * (size_t)rows * sizeof *r.tiles;
    size_t cells = (size_t)columns * TILE_SIDE;
    bool fine = false;
    r.sums_bytes = cells * cell_sums(&r);
    r.counts_bytes = cells * cell_counts(&r);
    r.tiles = ledger_alloc(LEDGER_SOURCE, tiles_bytes, fault);
    if (!r.tiles)
        goto out;
    if (r.sums_bytes && !(r.sums = ledger_alloc(LEDGER_SOURCE, r.sums_bytes, fault)))
        goto out;
    if (r.counts_bytes && !(r.counts = ledger_alloc(LEDGER_SOURCE, r.counts_bytes, fault)))
        goto out;
    fine = reduce_groups(&r, span, columns, rows);
out:
    ledger_free(LEDGER_SOURCE, r.counts, r.counts_bytes);
    ledger_free(LEDGER_SOURCE, r.sums, r.sums_bytes);
    ledger_free(LEDGER_SOURCE, r.tiles, tiles_bytes);
    return fine;
}

/* Overviews: each is tried in turn, the coarsest first and the page itself last, for the tiles that
 * the ones before could not make. */

struct trial {
    struct tile_orders orders; /* first: what the trial's source is given */
    struct tile_orders *given; /* by the caller */
    uint8_t *made;             /* a bit for each tile */
    bool last;                 /* announce what is not sound, too */
    bool short_of, dropped;
};

static void *place_unmade(struct tile_orders *orders, int32_t i)
{
    struct trial *trial = (struct trial *)orders;
    bool made = trial->made[i / 8] >> i % 8 & 1;
    return made ? NULL : trial->given->place(trial->given, i);
}

static uint8_t *trial_marks(struct tile_orders *orders, int32_t i)
{
    struct trial *trial = (struct trial *)orders;
    return trial->given->marks(trial->given, i);
}

static void take_made(struct tile_orders *orders, int32_t i, bool sound)
{
    struct trial *trial = (struct trial *)orders;
    if (!sound && !trial->last) {
        if (orders->marks)
            memset(orders->marks(orders, i), 0, TILE_MARK_BYTES);
        trial->short_of = true;
        return;
    }
    trial->made[i / 8] |= (uint8_t)(1 << i % 8);
    trial->given->done(trial->given, i, sound);
}

static bool ask_dropped(struct tile_orders *orders)
{
    struct trial *trial = (struct trial *)orders;
    trial->given->read = orders->read;
    trial->given->all = orders->all;
    trial->dropped = trial->given->dropped(trial->given);
    return trial->dropped;
}

/* The source of reduction j of the page, NULL when there is none that fits. */
static struct source *source_at(struct source *source, int j)
{
    const struct page *page = &source->page;
    if (!j)
        return source;
    struct source *reduced = source_reduced(source, j);
    bool fits = reduced && reduced->page.type == page->type &&
                reduced->page.channels == page->channels &&
                reduced->page.width == reduced_size(page->width, j) &&
                reduced->page.height == reduced_size(page->height, j);
    return fits ? reduced : NULL;
}

static bool reduce_trials(struct source *source, struct tile_span span, int first,
                          struct trial *trial, struct fault *fault)
{
    struct tile_span part = span;
    bool fine = false;
    for (int j = first; j >= 0 && !fine; j--) {
        struct source *from = source_at(source, j);
        if (!from)
            continue;
        part.reduction = span.reduction - j;
        trial->last = !j;
        trial->orders.listener = j ? NULL : trial->given->listener;
        trial->short_of = false;
        fine = reduce_source(from, part, &trial->orders, j ? NULL : fault);
        fine = fine && (trial->dropped || !trial->short_of);
    }
    return fine;
}

bool reduce_tiles(struct source *source, struct tile_span span, struct tile_orders *orders,
                  struct fault *fault)
{
    struct trial trial = {.orders = {.place = place_unmade,
                                     .marks = orders->marks ? trial_marks : NULL,
                                     .done = take_made,
                                     .dropped = ask_dropped,
                                     .read = orders->read,
                                     .all = orders->all},
                          .given = orders};
    if (tile_is_rough(span.reduction) || !reduce_span_exists(source, span))
        return fault_set(fault, FAULT_USAGE, "tiles were asked for that no page has");
    int first = span.reduction;
    while (first && !source_at(source, first))
        first--;
    if (!first)
        return reduce_source(source, span, orders, fault);
    size_t made_bytes = (size_t)span.columns * (size_t)span.rows / 8 + 1;
    trial.made = ledger_alloc(LEDGER_SOURCE, made_bytes, fault);
    bool fine = trial.made && reduce_trials(source, span, first, &trial, fault);
    ledger_free(LEDGER_SOURCE, trial.made, made_bytes);
    return fine;
}
