/* Drawing: see render/frame.h. Owns the plan of the view and its row buffers; knows neither files
 * nor screens.
 *
 * A pixel row of one narrow channel goes from the tiles' rows through (where the zoom asks for it)
 * a row of weighted sums and a row of codes to the tone kernel, which writes pixels into the
 * caller's buffer; wide samples and colours go by way of rows of levels. Nothing larger than a row
 * lies between. What a kernel need not know is put right afterwards, in the rows concerned: what is
 * outside the page, what is absent, what could not be decoded. */
#include "render/frame.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "render/dither_blocks.h"
#include "render/frame_kernels.h"
#include "render/gather.h"
#include "render/plan.h"
#include "render/rows.h"

enum { TILE_SHIFT = 8, HATCH_PERIOD = 16, HATCH_WIDTH = 2, HATCH_LEVEL = 255 };

struct frame {
    struct plan plan;
    struct gather gather;
    struct rows rows;
    struct toner toner;
    const struct kernels *kernels;
    unsigned dither_x, dither_y; /* how far dither has moved */
    struct dither dither;        /* for coarse formats */
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
    rows_fini(&frame->rows);
    ledger_free(LEDGER_VIEW, frame, sizeof *frame);
}

void frame_deepen(struct frame *frame)
{
    frame->rows.deep = true;
    frame->plan.made = false;
}

bool frame_moves(const struct frame *frame, int dx, int dy)
{
    return !dither_coarse(&frame->dither.format) ||
           (dx % DITHER_BLOCK == 0 && dy % DITHER_BLOCK == 0);
}

void frame_move_dither(struct frame *frame, int dx, int dy)
{
    frame->dither_x += (unsigned)dx;
    frame->dither_y += (unsigned)dy;
}

void frame_use_kernels(struct frame *frame, const struct kernels *kernels)
{
    frame->kernels = kernels;
}

bool frame_plan(struct frame *frame, const struct view *view, int32_t page, enum sample_type type,
                int channels, struct fault *fault)
{
    struct plan *plan = &frame->plan;
    bool changed;
    if (!plan_make(plan, view, page, type, channels, &changed, fault))
        return false;
    if (changed)
        plan->made = gather_reserve(&frame->gather, plan, fault) &&
                     rows_reserve(&frame->rows, plan, &frame->gather, fault);
    return plan->made;
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

int frame_quality(const struct frame *frame, const struct arena *arena, struct rect rect)
{
    return gather_quality(arena, frame_needs(frame, rect));
}

/* The pixels along an axis that show any of samples low .. low + size - 1. */
static int pixels_along(const struct plan_axis *axis, int64_t low, int64_t size, int *first)
{
    int begin = plan_search(axis->last, axis->begin, axis->end, low);
    int end = plan_search(axis->first, axis->begin, axis->end, low + size);
    *first = plan_mirror(axis, axis->reversed ? end - 1 : begin);
    return end > begin ? end - begin : 0;
}

struct rect frame_shows(const struct frame *frame, int32_t page, int32_t reduction,
                        struct area samples)
{
    const struct plan *plan = &frame->plan;
    bool upright = plan->across.axis.along_x;
    struct rect rect = {0};
    if (!plan->made || page != plan->page || reduction != plan->reduction)
        return rect;
    rect.width = pixels_along(&plan->across, upright ? samples.x : samples.y,
                              upright ? samples.width : samples.height, &rect.x);
    rect.height = pixels_along(&plan->down, upright ? samples.y : samples.x,
                               upright ? samples.height : samples.width, &rect.y);
    return rect;
}

static uint8_t *row_at(const struct drawing *drawing, int y)
{
    return drawing->pixels->base + (size_t)(y - drawing->top) * drawing->pixels->stride;
}

/* For formats of whole bytes. */
static uint8_t *pixel_at(const struct drawing *drawing, int x, int y)
{
    size_t bytes = (size_t)drawing->pixels->format.bits_per_pixel / 8;
    return row_at(drawing, y) + (size_t)(x - drawing->left) * bytes;
}

/* Packs n pixels from (x, y) on: of gray levels, or of three channels'. */
static void pack(const struct drawing *drawing, const uint8_t *const levels[3], int channels, int n,
                 int x, int y)
{
    const struct frame *frame = drawing->frame;
    const struct toner *toner = &frame->toner;
    if (!toner->plain || (channels == 3 && toner->format.ramp)) {
        struct pixel_place place = {row_at(drawing, y), x - drawing->left,
                                    (unsigned)x - frame->dither_x, (unsigned)y - frame->dither_y};
        dither_pack(&toner->dither, levels, channels, n, &place);
    } else if (channels == 1) {
        pixels_pack(&toner->format, toner->grays, levels[0], n, pixel_at(drawing, x, y));
    } else {
        pixels_pack_rgb(&toner->format, levels, n, pixel_at(drawing, x, y));
    }
}

static void fill(const struct drawing *drawing, int x, int y, int n, int level)
{
    uint8_t levels[16];
    const uint8_t *const rows[3] = {levels};
    memset(levels, level, sizeof levels);
    for (int end = x + n; x < end; x += 16)
        pack(drawing, rows, 1, end - x < 16 ? end - x : 16, x, y);
}

/* Tile rows straight to pixels. */
static void tone_runs(const struct frame *frame, const struct run *runs, uint8_t *to)
{
    size_t bytes = (size_t)frame->toner.format.bits_per_pixel / 8;
    for (int i = 0; i < frame->gather.run_count; to += (size_t)runs[i++].count * bytes)
        frame->kernels->tone(&frame->toner, runs[i].samples, frame->gather.run_bytes, runs[i].count,
                             to);
}

/* By way of a row of levels for each channel. */
static void draw_levels(const struct drawing *d, int entry, int x, int y)
{
    struct frame *frame = d->frame;
    const uint8_t *levels[GATHER_PLANES];
    for (int plane = 0; plane < frame->plan.channels; plane++)
        levels[plane] =
            rows_levels(&frame->rows, frame->toner.curve, plane, d->begin, d->end, entry);
    pack(d, levels, frame->plan.channels, d->end - d->begin, x, y);
}

static void draw_deep(const struct drawing *d, int entry, uint8_t *to)
{
    struct frame *frame = d->frame;
    const uint16_t *levels[GATHER_PLANES];
    for (int plane = 0; plane < frame->plan.channels; plane++)
        levels[plane] =
            rows_deep_levels(&frame->rows, frame->toner.curve, plane, d->begin, d->end, entry);
    pixels_pack_deep(&frame->toner.format, levels, frame->plan.channels, d->end - d->begin, to);
}

/* Levels to the colours of a map; what has no data is as dark as ever. */
static void find_colours(enum colormap map, int level, uint8_t colour[3])
{
    memset(colour, CURVE_NODATA_LEVEL, 3);
    if (level != CURVE_NODATA)
        colormap_colour(map, (uint8_t)level, colour);
}

/* A gray page through a colour map, where no kernel makes its pixels: by way of rows of red, green
 * and blue, so many pixels at a time. */
static void draw_coloured(const struct drawing *d, int entry, int x, int y)
{
    enum { CHUNK = 256 };
    struct frame *frame = d->frame;
    const struct curve *curve = frame->toner.curve;
    bool narrow = sample_is_narrow(frame->plan.type);
    const uint8_t *levels =
        narrow ? rows_levels(&frame->rows, curve, 0, d->begin, d->end, entry) : NULL;
    const uint16_t *words =
        narrow ? NULL : rows_colour_levels(&frame->rows, curve, d->begin, d->end, entry);
    uint8_t planes[3][CHUNK];
    const uint8_t *const rows[3] = {planes[0], planes[1], planes[2]};
    for (int done = 0, n = d->end - d->begin; done < n; done += CHUNK) {
        int some = n - done < CHUNK ? n - done : CHUNK;
        for (int i = 0; i < some; i++) {
            uint8_t colour[3];
            find_colours(curve->map, narrow ? levels[done + i] : words[done + i], colour);
            for (int channel = 0; channel < 3; channel++)
                planes[channel][i] = colour[channel];
        }
        pack(d, rows, 3, some, x + done, y);
    }
}

/* Pixels from (x, y) on. */
static void draw_line(const struct drawing *d, int entry, int x, int y)
{
    struct frame *frame = d->frame;
    const struct plan *plan = &frame->plan;
    const struct toner *toner = &frame->toner;
    bool coloured = toner->map != COLORMAP_GRAY;
    bool by_kernel = sample_is_narrow(plan->type) && toner->plain && !toner->format.ramp;
    if (coloured && !by_kernel)
        draw_coloured(d, entry, x, y);
    else if (!coloured && frame->rows.deep && pixel_format_deep(&toner->format))
        draw_deep(d, entry, pixel_at(d, x, y));
    else if (plan->channels > 1 || !sample_is_narrow(plan->type) || !toner->plain)
        draw_levels(d, entry, x, y);
    else if (plan->mode == PLAN_ONE && !plan->across.reversed)
        tone_runs(frame, gather_line(&frame->gather, 0, plan->down.first[entry], 0),
                  pixel_at(d, x, y));
    else
        frame->kernels->tone(toner, rows_codes(&frame->rows, 0, d->begin, d->end, entry),
                             sizeof(uint16_t), d->end - d->begin, pixel_at(d, x, y));
}

/* Fills the pixels of entries begin .. end - 1 in window row y. */
static void fill_entries(const struct drawing *d, int begin, int end, int y, int level)
{
    const struct plan_axis *across = &d->frame->plan.across;
    if (begin < end)
        fill(d, plan_mirror(across, across->reversed ? end - 1 : begin), y, end - begin, level);
}

/* In a tile that is not sound, what could not be decoded alone is hatched. */
static void hatch_entries(const struct drawing *d, int begin, int end, int32_t v, int y)
{
    const struct plan_axis *across = &d->frame->plan.across;
    for (int entry = begin; entry < end; entry++) {
        int x = plan_mirror(across, entry);
        if ((x + y) % HATCH_PERIOD < HATCH_WIDTH &&
            gather_is_lost(&d->frame->gather, across->centre[entry], v))
            fill(d, x, y, 1, HATCH_LEVEL);
    }
}

/* The first sample across that a row lacks of a cell, which begins at (low, v); of a tile that is
 * being made some rows are there. */
static int64_t first_absent(const struct drawing *d, const struct cell *cell, int64_t low,
                            int32_t v, int entry)
{
    const struct plan *plan = &d->frame->plan;
    if (!cell->samples || cell->rows == TILE_SIDE || !plan->across.axis.along_x)
        return low + cell->rows;
    return plan->down.last[entry] < v + cell->rows ? low + TILE_SIDE : low;
}

/* The part of row y that the tile with samples (u, v) in it concerns. What is absent is gray where
 * any sample of a pixel is absent, so that no pixel mixes codes with nothing. */
static void mark_cell(const struct drawing *d, int32_t u, int32_t v, int entry, int y)
{
    const struct plan_axis *across = &d->frame->plan.across, *down = &d->frame->plan.down;
    const struct cell *cell = gather_cell(&d->frame->gather, u, v);
    int64_t low = u >> TILE_SHIFT << TILE_SHIFT, high = low + TILE_SIDE;
    int64_t absent = first_absent(d, cell, low, v, entry);
    int32_t centre = down->centre[entry];
    if (absent < high)
        fill_entries(d, plan_search(across->last, d->begin, d->end, absent),
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
            mark_cell(d, i << TILE_SHIFT, tile << TILE_SHIFT, entry, y);
}

static void draw_row(struct drawing *d, int y)
{
    struct frame *frame = d->frame;
    const struct plan_axis *across = &frame->plan.across, *down = &frame->plan.down;
    int entry = plan_mirror(down, y);
    int first = across->reversed ? across->count - d->end : d->begin, n = d->end - d->begin;
    bool whole = frame->toner.plain;
    uint8_t *row = whole ? pixel_at(d, d->rect.x, y) : NULL;
    if (d->begin == d->end || entry < down->begin || entry >= down->end) {
        fill(d, d->rect.x, y, d->rect.width, FRAME_OUTSIDE_LEVEL);
        return;
    }
    if (whole && frame->plan.mode == PLAN_REPEAT && d->drawn_line == down->first[entry]) {
        memcpy(row, d->drawn,
               (size_t)d->rect.width * ((size_t)frame->toner.format.bits_per_pixel / 8));
        return;
    }
    fill(d, d->rect.x, y, first - d->rect.x, FRAME_OUTSIDE_LEVEL);
    draw_line(d, entry, first, y);
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
           a->blue == b->blue && a->bits_msb_first == b->bits_msb_first && a->unit == b->unit &&
           a->ramp == b->ramp;
}

/* A page of colours has its own. */
static enum colormap map_of(const struct frame *frame)
{
    return frame->plan.channels == 1 ? frame->toner.curve->map : COLORMAP_GRAY;
}

static int draw_rect(struct frame *frame, struct arena *arena, struct rect rect,
                     const struct pixels *pixels, int left, int top)
{
    const struct plan_axis *across = &frame->plan.across;
    struct drawing d = {
        .frame = frame, .pixels = pixels, .rect = rect, .left = left, .top = top, .drawn_line = -1};
    int missing = 0;
    if (!format_equal(&frame->toner.format, &pixels->format))
        toner_format(&frame->toner, &pixels->format);
    if (frame->toner.map != map_of(frame))
        toner_colours(&frame->toner, map_of(frame));
    struct tile_span span = frame_needs(frame, rect);
    if (span.columns > 0) {
        plan_entries(across, rect.x, rect.x + rect.width, &d.begin, &d.end);
        int32_t low = across->first[d.begin];
        missing = gather_begin(&frame->gather, frame->kernels, arena, span, low,
                               across->last[d.end - 1] - low + 1);
    }
    for (int y = rect.y; y < rect.y + rect.height; y++)
        draw_row(&d, y);
    return missing;
}

static struct rect whole_blocks(struct rect r)
{
    int right = r.x + r.width + DITHER_BLOCK - 1, bottom = r.y + r.height + DITHER_BLOCK - 1;
    r.x -= r.x % DITHER_BLOCK;
    r.y -= r.y % DITHER_BLOCK;
    return (struct rect){r.x, r.y, (right - right % DITHER_BLOCK) - r.x,
                         (bottom - bottom % DITHER_BLOCK) - r.y};
}

/* Blocks of dither are made of a sheet of levels. */
static int draw_blocks(struct frame *frame, struct arena *arena, struct rect rect,
                       const struct pixels *pixels, int left, int top)
{
    uint8_t levels[3 * DITHER_BLOCK * DITHER_WIDEST];
    struct pixels sheet = {.base = levels};
    int missing = 0;
    bool colours = frame->plan.channels == 3 || map_of(frame) != COLORMAP_GRAY;
    sheet.format = colours ? pixel_format_rgb24 : pixel_format_gray8;
    if (!format_equal(&frame->dither.format, &pixels->format))
        dither_prepare(&frame->dither, &pixels->format);
    for (int y = 0; y < rect.height; y += DITHER_BLOCK)
        for (int x = 0; x < rect.width; x += DITHER_WIDEST) {
            sheet.width = rect.width - x < DITHER_WIDEST ? rect.width - x : DITHER_WIDEST;
            sheet.height = rect.height - y < DITHER_BLOCK ? rect.height - y : DITHER_BLOCK;
            sheet.stride = (size_t)sheet.width * (size_t)(sheet.format.bits_per_pixel / 8);
            struct rect part = {rect.x + x, rect.y + y, sheet.width, sheet.height};
            missing += draw_rect(frame, arena, part, &sheet, part.x, part.y);
            dither_blocks(&frame->dither, &sheet, part, pixels, left, top);
        }
    return missing;
}

int frame_draw(struct frame *frame, struct arena *arena, const struct curve *curve,
               struct rect rect, const struct pixels *pixels, int left, int top)
{
    bool blocks = dither_coarse(&pixels->format);
    if (!frame->plan.made)
        return 0;
    if (blocks)
        rect = whole_blocks(rect);
    rect = rect_intersect(rect, (struct rect){left, top, pixels->width, pixels->height});
    rect =
        rect_intersect(rect, (struct rect){0, 0, frame->plan.across.count, frame->plan.down.count});
    if (rect_empty(rect))
        return 0;
    frame->toner.curve = curve;
    int missing = blocks ? draw_blocks(frame, arena, rect, pixels, left, top)
                         : draw_rect(frame, arena, rect, pixels, left, top);
    frame->toner.curve = NULL;
    return missing;
}

/* Where sample (u, v) of the plan's reduction lies, in the first plane; NULL when it is not there.
 */
static const uint8_t *find_sample(const struct frame *frame, struct arena *arena, int32_t u,
                                  int32_t v)
{
    bool upright = frame->plan.across.axis.along_x;
    int32_t x = upright ? u : v, y = upright ? v : u;
    struct tile_key key = {frame->plan.page, frame->plan.reduction, x >> TILE_SHIFT,
                           y >> TILE_SHIFT};
    const uint8_t *samples = arena_find(arena, key, NULL);
    size_t i = (size_t)(y % TILE_SIDE * TILE_SIDE + x % TILE_SIDE);
    return samples ? samples + i * sample_bytes(frame->plan.type) : NULL;
}

/* The sum over column u of entries a across and b down, in a plane: one for each of wide_sums's. */
static bool sum_column(const struct frame *frame, struct arena *arena, int plane, int32_t u, int b,
                       double sums[3])
{
    const struct plan_axis *down = &frame->plan.down;
    enum sample_type type = frame->plan.type;
    struct wide_sums column = {&sums[0], &sums[1], &sums[2]};
    sums[0] = sums[1] = sums[2] = 0;
    for (int32_t v = down->first[b]; v <= down->last[b]; v++) {
        const uint8_t *sample = find_sample(frame, arena, u, v);
        if (!sample)
            return false;
        double value = sample_value(type, sample, (ptrdiff_t)plane * TILE_SAMPLES);
        wide_weigh_row(SAMPLE_F64, &value, 1, down->weights[(v - down->first[b]) * down->count + b],
                       &column);
    }
    return true;
}

/* As rows are drawn: lines first, then columns, and the mean in the samples' own type. */
static bool entry_value(const struct frame *frame, struct arena *arena, int plane, int a, int b,
                        double *value)
{
    const struct plan_axis *across = &frame->plan.across;
    enum sample_type type = frame->plan.type;
    double all[3] = {0}, column[3];
    for (int32_t u = across->first[a]; u <= across->last[a]; u++) {
        uint32_t weight = across->weights[(u - across->first[a]) * across->count + a];
        if (!sum_column(frame, arena, plane, u, b, column))
            return false;
        for (int i = 0; i < 3; i++)
            all[i] += weight * column[i];
    }
    double mean = all[0] / all[2] + all[1] / all[2];
    *value = type == SAMPLE_F32 ? (float)mean : type == SAMPLE_F64 ? mean : floor(mean + 0.5);
    return true;
}

bool frame_values(const struct frame *frame, struct arena *arena, int px, int py, double values[3])
{
    int a, b, end;
    if (!frame->plan.made || !plan_entries(&frame->plan.across, px, px + 1, &a, &end) ||
        !plan_entries(&frame->plan.down, py, py + 1, &b, &end))
        return false;
    for (int plane = 0; plane < frame->plan.channels; plane++)
        if (!entry_value(frame, arena, plane, a, b, &values[plane]))
            return false;
    return true;
}
