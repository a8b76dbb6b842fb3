/* Drawing: see render/frame.h. Owns the plan of the view and its row buffers; knows neither files
 * nor screens.
 *
 * A pixel row goes from the tiles' rows through (where the zoom asks for it) a row of weighted sums
 * and a row of codes to the tone kernel, which writes pixels into the caller's buffer; nothing
 * larger than a row lies between. What a kernel need not know is put right afterwards, in the rows
 * concerned: what is outside the page, what is absent, what could not be decoded. */
#include "render/frame.h"

#include <string.h>

#include "base/ledger.h"
#include "render/frame_kernels.h"
#include "render/gather.h"
#include "render/plan.h"

enum { TILE_SHIFT = 8, HATCH_PERIOD = 16, HATCH_WIDTH = 2, HATCH_LEVEL = 255 };

struct frame {
    struct plan plan;
    struct gather gather;
    struct toner toner;
    const struct kernels *kernels;
    uint32_t *sums;  /* one row across, and KERNEL_SLACK */
    uint16_t *codes; /* of the pixels */
    uint16_t *line;  /* of the samples */
    void *rows;      /* the block they lie in */
    size_t rows_bytes;
};

/* One frame_draw. */
struct drawing {
    struct frame *frame;
    const struct pixels *pixels;
    struct rect rect;
    int left, top;
    int begin, end;       /* entries across */
    int32_t drawn_line;   /* the line that the pixel row above shows; -1: none to copy */
    const uint8_t *drawn; /* that pixel row */
};

struct frame *frame_new(struct fault *fault)
{
    struct frame *frame = ledger_alloc(LEDGER_VIEW, sizeof *frame, fault);
    if (!frame)
        return NULL;
    frame->kernels = kernels_best();
    toner_format(&frame->toner, &pixel_format_gray8);
    return frame;
}

void frame_free(struct frame *frame)
{
    if (!frame)
        return;
    plan_fini(&frame->plan);
    gather_fini(&frame->gather);
    ledger_free(LEDGER_VIEW, frame->rows, frame->rows_bytes);
    ledger_free(LEDGER_VIEW, frame, sizeof *frame);
}

void frame_use_kernels(struct frame *frame, const struct kernels *kernels)
{
    frame->kernels = kernels;
}

static bool reserve_rows(struct frame *frame, struct fault *fault)
{
    const struct plan_axis *across = &frame->plan.across;
    size_t samples = KERNEL_SLACK, pixels = (size_t)across->count;
    if (across->begin < across->end)
        samples += (size_t)(across->last[across->end - 1] - across->first[across->begin]) + 1;
    if (!ledger_grow(LEDGER_VIEW, &frame->rows, &frame->rows_bytes,
                     samples * (sizeof(uint32_t) + sizeof(uint16_t)) + pixels * sizeof(uint16_t),
                     fault))
        return false;
    frame->sums = frame->rows;
    frame->line = (uint16_t *)(frame->sums + samples);
    frame->codes = frame->line + samples;
    return true;
}

bool frame_plan(struct frame *frame, const struct view *view, int32_t page, enum sample_type type,
                struct fault *fault)
{
    bool changed;
    if (!plan_make(&frame->plan, view, page, type, &changed, fault))
        return false;
    if (changed)
        frame->plan.made =
            gather_reserve(&frame->gather, &frame->plan, fault) && reserve_rows(frame, fault);
    return frame->plan.made;
}

/* The tiles first .. first + count - 1 along an axis that entries begin .. end - 1 need. */
static int32_t tiles_along(const struct plan_axis *axis, int begin, int end, int32_t *first)
{
    *first = axis->first[begin] >> TILE_SHIFT;
    return (axis->last[end - 1] >> TILE_SHIFT) - *first + 1;
}

struct tile_span frame_needs(const struct frame *frame, struct rect rect)
{
    const struct plan *plan = &frame->plan;
    struct tile_span span = {.page = plan->page, .reduction = plan->reduction};
    int a, b, c, d;
    if (!plan->made || !plan_entries(&plan->across, rect.x, rect.x + rect.width, &a, &b) ||
        !plan_entries(&plan->down, rect.y, rect.y + rect.height, &c, &d))
        return span;
    if (plan->across.axis.along_x) {
        span.columns = tiles_along(&plan->across, a, b, &span.column);
        span.rows = tiles_along(&plan->down, c, d, &span.row);
    } else {
        span.columns = tiles_along(&plan->down, c, d, &span.column);
        span.rows = tiles_along(&plan->across, a, b, &span.row);
    }
    return span;
}

static uint8_t *pixel_at(const struct drawing *drawing, int x, int y)
{
    size_t bytes = (size_t)drawing->pixels->format.bits_per_pixel / 8;
    return drawing->pixels->base + (size_t)(y - drawing->top) * drawing->pixels->stride +
           (size_t)(x - drawing->left) * bytes;
}

static void fill(const struct drawing *drawing, int x, int y, int n, int level)
{
    uint8_t levels[16];
    memset(levels, level, sizeof levels);
    const struct toner *toner = &drawing->frame->toner;
    for (int end = x + n; x < end; x += 16)
        pixels_pack(&toner->format, toner->palette, levels, end - x < 16 ? end - x : 16,
                    pixel_at(drawing, x, y));
}

/* The line's runs side by side, as 16-bit codes. */
static void join_runs(const struct gather *gather, const struct run *runs, uint16_t *to)
{
    for (int i = 0; i < gather->run_count; to += runs[i++].count) {
        const uint8_t *narrow = runs[i].codes;
        if (gather->code_bytes == 2)
            memcpy(to, runs[i].codes, (size_t)runs[i].count * sizeof *to);
        else
            for (int j = 0; j < runs[i].count; j++)
                to[j] = narrow[j];
    }
}

static void reverse(uint16_t *codes, int n)
{
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        uint16_t code = codes[i];
        codes[i] = codes[j];
        codes[j] = code;
    }
}

static void add_line(const struct gather *gather, const struct run *runs, uint32_t weight,
                     uint32_t *sums)
{
    for (int i = 0; i < gather->run_count; i++)
        for (int j = 0; j < runs[i].count; j++)
            *sums++ += weight * (gather->code_bytes == 1 ? ((const uint8_t *)runs[i].codes)[j]
                                                         : ((const uint16_t *)runs[i].codes)[j]);
}

/* The rare row of more than KERNEL_ROWS lines. */
static void add_lines(struct frame *frame, int entry)
{
    const struct plan_axis *down = &frame->plan.down;
    memset(frame->sums, 0, (size_t)frame->gather.length * sizeof *frame->sums);
    for (int tap = 0; tap < down->taps && down->first[entry] + tap <= down->last[entry]; tap++)
        add_line(&frame->gather, gather_line(&frame->gather, down->first[entry] + tap, 0),
                 down->weights[tap * down->count + entry], frame->sums);
}

static void weigh_lines(struct frame *frame, int entry)
{
    const struct plan_axis *down = &frame->plan.down;
    struct gather *gather = &frame->gather;
    struct weighing weighing = {.count = down->last[entry] - down->first[entry] + 1};
    const struct run *runs[KERNEL_ROWS];
    if (weighing.count > KERNEL_ROWS) {
        add_lines(frame, entry);
        return;
    }
    for (int tap = 0; tap < weighing.count; tap++) {
        runs[tap] = gather_line(gather, down->first[entry] + tap, tap);
        weighing.weights[tap] = down->weights[tap * down->count + entry];
    }
    uint32_t *sums = frame->sums;
    for (int i = 0; i < gather->run_count; sums += runs[0][i++].count) {
        for (int tap = 0; tap < weighing.count; tap++)
            weighing.rows[tap] = runs[tap][i].codes;
        frame->kernels->weigh_rows(&weighing, gather->code_bytes, runs[0][i].count, sums);
    }
}

/* Tile rows straight to pixels. */
static void tone_runs(const struct frame *frame, const struct run *runs, uint8_t *to)
{
    size_t bytes = (size_t)frame->toner.format.bits_per_pixel / 8;
    for (int i = 0; i < frame->gather.run_count; to += (size_t)runs[i++].count * bytes)
        frame->kernels->tone(&frame->toner, runs[i].codes, frame->gather.code_bytes, runs[i].count,
                             to);
}

/* The codes of entries d->begin .. d->end - 1 in frame->codes; d->begin comes first. */
static void line_codes(const struct drawing *d, int entry)
{
    struct frame *frame = d->frame;
    const struct plan_axis *across = &frame->plan.across;
    const int32_t *first = across->first + d->begin;
    struct columns columns = {first, first[0], across->weights + d->begin, (size_t)across->count,
                              across->taps};
    switch (frame->plan.mode) {
    case PLAN_ONE:
        join_runs(&frame->gather, gather_line(&frame->gather, frame->plan.down.first[entry], 0),
                  frame->codes);
        break;
    case PLAN_AREA:
        weigh_lines(frame, entry);
        frame->kernels->weigh_columns(&columns, frame->sums, d->end - d->begin, frame->codes);
        break;
    case PLAN_REPEAT:
        join_runs(&frame->gather, gather_line(&frame->gather, frame->plan.down.first[entry], 0),
                  frame->line);
        for (int i = 0; i < d->end - d->begin; i++)
            frame->codes[i] = frame->line[first[i] - first[0]];
        break;
    }
}

static void draw_line(const struct drawing *d, int entry, uint8_t *to)
{
    struct frame *frame = d->frame;
    int n = d->end - d->begin;
    if (frame->plan.mode == PLAN_ONE && !frame->plan.across.reversed) {
        int32_t line = frame->plan.down.first[entry];
        tone_runs(frame, gather_line(&frame->gather, line, 0), to);
        return;
    }
    line_codes(d, entry);
    if (frame->plan.across.reversed)
        reverse(frame->codes, n);
    frame->kernels->tone(&frame->toner, frame->codes, sizeof *frame->codes, n, to);
}

/* Fills the pixels of entries begin .. end - 1 in window row y. */
static void fill_entries(const struct drawing *d, int begin, int end, int y, int level)
{
    const struct plan_axis *across = &d->frame->plan.across;
    if (begin < end)
        fill(d, plan_mirror(across, across->reversed ? end - 1 : begin), y, end - begin, level);
}

/* In a tile that is not sound, what could not be decoded has code 0: that alone is hatched. */
static void hatch_entries(const struct drawing *d, int begin, int end, int32_t v, int y)
{
    const struct plan_axis *across = &d->frame->plan.across;
    for (int entry = begin; entry < end; entry++) {
        int x = plan_mirror(across, entry);
        if ((x + y) % HATCH_PERIOD < HATCH_WIDTH &&
            gather_code(&d->frame->gather, across->centre[entry], v) == 0)
            fill(d, x, y, 1, HATCH_LEVEL);
    }
}

/* The part of row y that the tile with samples (u, v) in it concerns. What is absent is gray where
 * any sample of a pixel is absent, so that no pixel mixes codes with nothing. */
static void mark_cell(const struct drawing *d, int32_t u, int32_t v, int32_t centre, int y)
{
    const struct plan_axis *across = &d->frame->plan.across;
    const struct cell *cell = gather_cell(&d->frame->gather, u, v);
    int64_t low = u >> TILE_SHIFT << TILE_SHIFT, high = low + TILE_SIDE;
    if (!cell->codes)
        fill_entries(d, plan_search(across->last, d->begin, d->end, low),
                     plan_search(across->first, d->begin, d->end, high), y, FRAME_ABSENT_LEVEL);
    else if (!cell->sound && centre >> TILE_SHIFT == v >> TILE_SHIFT)
        hatch_entries(d, plan_search(across->centre, d->begin, d->end, low),
                      plan_search(across->centre, d->begin, d->end, high), centre, y);
}

static void mark_flaws(const struct drawing *d, int entry, int y)
{
    const struct plan *plan = &d->frame->plan;
    int32_t tile = plan->down.first[entry] >> TILE_SHIFT;
    int32_t last = plan->down.last[entry] >> TILE_SHIFT;
    int32_t first_across = plan->across.first[d->begin] >> TILE_SHIFT;
    int32_t last_across = plan->across.last[d->end - 1] >> TILE_SHIFT;
    for (; tile <= last; tile++)
        for (int32_t i = first_across; i <= last_across; i++)
            mark_cell(d, i << TILE_SHIFT, tile << TILE_SHIFT, plan->down.centre[entry], y);
}

static void draw_row(struct drawing *d, int y)
{
    struct frame *frame = d->frame;
    const struct plan_axis *across = &frame->plan.across, *down = &frame->plan.down;
    int entry = plan_mirror(down, y);
    int first = across->reversed ? across->count - d->end : d->begin, n = d->end - d->begin;
    uint8_t *row = pixel_at(d, d->rect.x, y);
    if (d->begin == d->end || entry < down->begin || entry >= down->end) {
        fill(d, d->rect.x, y, d->rect.width, FRAME_OUTSIDE_LEVEL);
        return;
    }
    if (frame->plan.mode == PLAN_REPEAT && d->drawn_line == down->first[entry]) {
        memcpy(row, d->drawn,
               (size_t)d->rect.width * ((size_t)frame->toner.format.bits_per_pixel / 8));
        return;
    }
    fill(d, d->rect.x, y, first - d->rect.x, FRAME_OUTSIDE_LEVEL);
    draw_line(d, entry, pixel_at(d, first, y));
    fill(d, first + n, y, d->rect.x + d->rect.width - first - n, FRAME_OUTSIDE_LEVEL);
    d->drawn = row;
    d->drawn_line = frame->gather.flawed ? -1 : down->first[entry];
    if (frame->gather.flawed)
        mark_flaws(d, entry, y);
}

static bool format_equal(const struct pixel_format *a, const struct pixel_format *b)
{
    return a->depth == b->depth && a->bits_per_pixel == b->bits_per_pixel &&
           a->msb_first == b->msb_first && a->red == b->red && a->green == b->green &&
           a->blue == b->blue;
}

int frame_draw(struct frame *frame, struct arena *arena, const struct curve *curve,
               struct rect rect, const struct pixels *pixels, int left, int top)
{
    const struct plan_axis *across = &frame->plan.across;
    struct drawing d = {.frame = frame, .pixels = pixels, .left = left, .top = top};
    int missing = 0;
    if (!frame->plan.made)
        return 0;
    d.rect = rect_intersect(rect, (struct rect){left, top, pixels->width, pixels->height});
    d.rect = rect_intersect(d.rect, (struct rect){0, 0, across->count, frame->plan.down.count});
    if (rect_empty(d.rect))
        return 0;
    d.drawn_line = -1;
    frame->toner.curve = curve;
    if (!format_equal(&frame->toner.format, &pixels->format))
        toner_format(&frame->toner, &pixels->format);
    struct tile_span span = frame_needs(frame, d.rect);
    if (span.columns > 0) {
        plan_entries(across, d.rect.x, d.rect.x + d.rect.width, &d.begin, &d.end);
        int32_t low = across->first[d.begin];
        missing = gather_begin(&frame->gather, frame->kernels, arena, span, low,
                               across->last[d.end - 1] - low + 1);
    }
    for (int y = d.rect.y; y < d.rect.y + d.rect.height; y++)
        draw_row(&d, y);
    frame->toner.curve = NULL;
    return missing;
}

/* The code of one sample of the plan's reduction. */
static bool sample_code(const struct frame *frame, struct arena *arena, int32_t u, int32_t v,
                        uint32_t *code)
{
    bool upright = frame->plan.across.axis.along_x;
    int32_t x = upright ? u : v, y = upright ? v : u;
    struct tile_key key = {frame->plan.page, frame->plan.reduction, x >> TILE_SHIFT,
                           y >> TILE_SHIFT};
    const void *codes = arena_find(arena, key, NULL);
    int32_t i = y % TILE_SIDE * TILE_SIDE + x % TILE_SIDE;
    if (!codes)
        return false;
    *code = sample_bytes(frame->plan.type) == 1 ? ((const uint8_t *)codes)[i]
                                                : ((const uint16_t *)codes)[i];
    return true;
}

bool frame_code(const struct frame *frame, struct arena *arena, int px, int py, uint32_t *code)
{
    const struct plan_axis *across = &frame->plan.across, *down = &frame->plan.down;
    int a, b, end;
    if (!frame->plan.made || !plan_entries(across, px, px + 1, &a, &end) ||
        !plan_entries(down, py, py + 1, &b, &end))
        return false;
    uint32_t sum = 32768;
    for (int32_t v = down->first[b]; v <= down->last[b]; v++)
        for (int32_t u = across->first[a]; u <= across->last[a]; u++) {
            uint32_t one, weight = across->weights[(u - across->first[a]) * across->count + a];
            if (!sample_code(frame, arena, u, v, &one))
                return false;
            sum += weight * down->weights[(v - down->first[b]) * down->count + b] * one;
        }
    *code = sum >> 16;
    return true;
}
