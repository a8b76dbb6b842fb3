/* Rows of codes and levels: see render/rows.h. Owns the row buffers, of which there are those that
 * the plan's type and mode use; knows neither arenas nor pixel formats. */
#include "render/rows.h"

#include <string.h>

#include "base/ledger.h"

enum { ALIGN = 16 };

static void *take(uint8_t *base, size_t *used, size_t bytes)
{
    size_t at = *used;
    *used += (bytes + ALIGN - 1) / ALIGN * ALIGN;
    return base ? base + at : NULL;
}

/* Lays the buffers out from `base` on (NULL: nowhere yet); returns the bytes they take. */
static size_t carve(struct rows *rows, uint8_t *base)
{
    const struct plan_axis *across = &rows->plan->across;
    enum sample_type type = rows->plan->type;
    /* Columns may be read as far as their taps reach, whatever their weight. */
    bool words = rows->deep || !sample_is_narrow(type);
    size_t level = words ? sizeof(uint16_t) : sizeof(uint8_t);
    size_t pixels = (size_t)across->count, samples = KERNEL_SLACK + (size_t)across->taps, used = 0;
    if (across->begin < across->end)
        samples += (size_t)(across->last[across->end - 1] - across->first[across->begin]) + 1;
    if (sample_is_narrow(type)) {
        rows->sums = take(base, &used, samples * sizeof *rows->sums);
        rows->line = take(base, &used, samples * sizeof *rows->line);
        rows->codes = take(base, &used, pixels * sizeof *rows->codes);
    } else if (rows->plan->mode == PLAN_AREA) {
        rows->wide.high = take(base, &used, samples * sizeof(double));
        rows->wide.weight = take(base, &used, samples * sizeof(double));
        rows->wide.low = type == SAMPLE_F64 ? take(base, &used, samples * sizeof(double)) : NULL;
        rows->means = take(base, &used, pixels * sample_bytes(type));
    } else {
        rows->line_levels = take(base, &used, samples * level);
    }
    for (int plane = 0; plane < rows->plan->channels; plane++)
        rows->levels[plane] = take(base, &used, pixels * level);
    return used;
}

bool rows_reserve(struct rows *rows, const struct plan *plan, struct gather *gather,
                  struct fault *fault)
{
    rows->plan = plan;
    rows->gather = gather;
    if (!ledger_grow(LEDGER_VIEW, &rows->block, &rows->block_bytes, carve(rows, NULL), fault))
        return false;
    carve(rows, rows->block);
    return true;
}

void rows_fini(struct rows *rows)
{
    ledger_free(LEDGER_VIEW, rows->block, rows->block_bytes);
    *rows = (struct rows){0};
}

/* The line's runs side by side, as 16-bit codes. */
static void join_runs(const struct gather *gather, const struct run *runs, uint16_t *to)
{
    for (int i = 0; i < gather->run_count; to += runs[i++].count) {
        const uint8_t *narrow = runs[i].samples;
        if (gather->run_bytes == 2)
            memcpy(to, runs[i].samples, (size_t)runs[i].count * sizeof *to);
        else
            for (int j = 0; j < runs[i].count; j++)
                to[j] = narrow[j];
    }
}

static void reverse_words(uint16_t *codes, int n)
{
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        uint16_t code = codes[i];
        codes[i] = codes[j];
        codes[j] = code;
    }
}

static void reverse_bytes(uint8_t *levels, int n)
{
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        uint8_t level = levels[i];
        levels[i] = levels[j];
        levels[j] = level;
    }
}

static void add_line(const struct gather *gather, const struct run *runs, uint32_t weight,
                     uint32_t *sums)
{
    for (int i = 0; i < gather->run_count; i++)
        for (int j = 0; j < runs[i].count; j++)
            *sums++ += weight * (gather->run_bytes == 1 ? ((const uint8_t *)runs[i].samples)[j]
                                                        : ((const uint16_t *)runs[i].samples)[j]);
}

/* The rare row of more than KERNEL_ROWS lines. */
static void add_lines(struct rows *rows, int plane, int entry)
{
    const struct plan_axis *down = &rows->plan->down;
    memset(rows->sums, 0, (size_t)rows->gather->length * sizeof *rows->sums);
    for (int tap = 0; tap < down->taps && down->first[entry] + tap <= down->last[entry]; tap++)
        add_line(rows->gather, gather_line(rows->gather, plane, down->first[entry] + tap, 0),
                 down->weights[tap * down->count + entry], rows->sums);
}

static void weigh_lines(struct rows *rows, int plane, int entry)
{
    const struct plan_axis *down = &rows->plan->down;
    struct gather *gather = rows->gather;
    struct weighing weighing = {.count = down->last[entry] - down->first[entry] + 1};
    const struct run *runs[KERNEL_ROWS];
    if (weighing.count > KERNEL_ROWS) {
        add_lines(rows, plane, entry);
        return;
    }
    for (int tap = 0; tap < weighing.count; tap++) {
        runs[tap] = gather_line(gather, plane, down->first[entry] + tap, tap);
        weighing.weights[tap] = down->weights[tap * down->count + entry];
    }
    uint32_t *sums = rows->sums;
    for (int i = 0; i < gather->run_count; sums += runs[0][i++].count) {
        for (int tap = 0; tap < weighing.count; tap++)
            weighing.rows[tap] = runs[tap][i].samples;
        gather->kernels->weigh_rows(&weighing, gather->run_bytes, runs[0][i].count, sums);
    }
}

static struct columns columns_from(const struct plan_axis *across, int begin)
{
    const int32_t *first = across->first + begin;
    return (struct columns){first, first[0], across->weights + begin, (size_t)across->count,
                            across->taps};
}

const uint16_t *rows_codes(struct rows *rows, int plane, int begin, int end, int entry)
{
    const struct plan_axis *across = &rows->plan->across, *down = &rows->plan->down;
    struct gather *gather = rows->gather;
    struct columns columns = columns_from(across, begin);
    switch (rows->plan->mode) {
    case PLAN_ONE:
        join_runs(gather, gather_line(gather, plane, down->first[entry], 0), rows->codes);
        break;
    case PLAN_AREA:
        weigh_lines(rows, plane, entry);
        gather->kernels->weigh_columns(&columns, rows->sums, end - begin, rows->codes);
        break;
    case PLAN_REPEAT:
        join_runs(gather, gather_line(gather, plane, down->first[entry], 0), rows->line);
        for (int i = 0; i < end - begin; i++)
            rows->codes[i] = rows->line[columns.first[i] - columns.base];
        break;
    }
    if (across->reversed)
        reverse_words(rows->codes, end - begin);
    return rows->codes;
}

enum kind { LEVELS_PLAIN, LEVELS_COLOUR, LEVELS_DEEP }; /* all but the first are words */

static void tone(const struct curve *curve, enum kind kind, const void *samples, int n,
                 void *levels)
{
    switch (kind) {
    case LEVELS_PLAIN:
        curve_levels(curve, samples, n, levels);
        break;
    case LEVELS_COLOUR:
        curve_colour_levels(curve, samples, n, levels);
        break;
    case LEVELS_DEEP:
        curve_deep_levels(curve, samples, n, levels);
        break;
    }
}

/* The levels of a line of wide samples. */
static void tone_line(const struct rows *rows, const struct curve *curve, enum kind kind, int plane,
                      int32_t v, uint8_t *levels)
{
    const struct run *runs = gather_line(rows->gather, plane, v, 0);
    size_t bytes = kind == LEVELS_PLAIN ? 1 : sizeof(uint16_t);
    for (int i = 0; i < rows->gather->run_count; levels += (size_t)runs[i++].count * bytes)
        tone(curve, kind, runs[i].samples, runs[i].count, levels);
}

static void repeat_levels(const struct rows *rows, bool words, const int32_t *first, int n,
                          void *levels)
{
    const uint8_t *line = rows->line_levels;
    const uint16_t *line_of_words = rows->line_levels;
    uint8_t *to = levels;
    uint16_t *words_to = levels;
    for (int i = 0; i < n && words; i++)
        words_to[i] = line_of_words[first[i] - first[0]];
    for (int i = 0; i < n && !words; i++)
        to[i] = line[first[i] - first[0]];
}

static void add_wide_line(const struct rows *rows, int plane, int32_t v, uint32_t weight)
{
    const struct run *runs = gather_line(rows->gather, plane, v, 0);
    struct wide_sums sums = rows->wide;
    for (int i = 0; i < rows->gather->run_count; i++) {
        wide_weigh_row(rows->plan->type, runs[i].samples, runs[i].count, weight, &sums);
        sums.high += runs[i].count;
        sums.weight += runs[i].count;
        sums.low = sums.low ? sums.low + runs[i].count : NULL;
    }
}

static void weigh_wide(struct rows *rows, int plane, int begin, int end, int entry)
{
    const struct plan_axis *down = &rows->plan->down;
    struct columns columns = columns_from(&rows->plan->across, begin);
    size_t bytes = (size_t)rows->gather->length * sizeof(double);
    memset(rows->wide.high, 0, bytes);
    memset(rows->wide.weight, 0, bytes);
    if (rows->wide.low)
        memset(rows->wide.low, 0, bytes);
    for (int32_t v = down->first[entry]; v <= down->last[entry]; v++)
        add_wide_line(rows, plane, v,
                      down->weights[(v - down->first[entry]) * down->count + entry]);
    wide_weigh_columns(&columns, &rows->wide, end - begin, rows->plan->type, rows->means);
}

static void wide_levels(struct rows *rows, const struct curve *curve, enum kind kind, int plane,
                        int begin, int end, int entry)
{
    bool words = kind != LEVELS_PLAIN;
    const int32_t *first = rows->plan->across.first + begin;
    int32_t line = rows->plan->down.first[entry];
    void *levels = rows->levels[plane];
    switch (rows->plan->mode) {
    case PLAN_ONE:
        tone_line(rows, curve, kind, plane, line, levels);
        break;
    case PLAN_AREA:
        weigh_wide(rows, plane, begin, end, entry);
        tone(curve, kind, rows->means, end - begin, levels);
        break;
    case PLAN_REPEAT:
        tone_line(rows, curve, kind, plane, line, rows->line_levels);
        repeat_levels(rows, words, first, end - begin, levels);
        break;
    }
    if (rows->plan->across.reversed && words)
        reverse_words(levels, end - begin);
    else if (rows->plan->across.reversed)
        reverse_bytes(levels, end - begin);
}

/* Codes are 16 bits wide in a row, whatever the type. */
static void narrow_levels(struct rows *rows, const struct curve *curve, int plane, int begin,
                          int end, int entry)
{
    const uint16_t *codes = rows_codes(rows, plane, begin, end, entry);
    uint8_t *levels = rows->levels[plane];
    for (int i = 0; i < end - begin; i++)
        levels[i] = curve->level[codes[i]];
}

const uint8_t *rows_levels(struct rows *rows, const struct curve *curve, int plane, int begin,
                           int end, int entry)
{
    if (sample_is_narrow(rows->plan->type))
        narrow_levels(rows, curve, plane, begin, end, entry);
    else
        wide_levels(rows, curve, LEVELS_PLAIN, plane, begin, end, entry);
    return rows->levels[plane];
}

const uint16_t *rows_colour_levels(struct rows *rows, const struct curve *curve, int begin, int end,
                                   int entry)
{
    wide_levels(rows, curve, LEVELS_COLOUR, 0, begin, end, entry);
    return rows->levels[0];
}

const uint16_t *rows_deep_levels(struct rows *rows, const struct curve *curve, int plane, int begin,
                                 int end, int entry)
{
    if (sample_is_narrow(rows->plan->type))
        curve_deep_levels(curve, rows_codes(rows, plane, begin, end, entry), end - begin,
                          rows->levels[plane]);
    else
        wide_levels(rows, curve, LEVELS_DEEP, plane, begin, end, entry);
    return rows->levels[plane];
}
