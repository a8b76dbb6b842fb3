/* Sums of sums: see source/cascade.h. Owns the sums of a band, and the rows of tiles that are not
 * complete; knows no file.
 *
 * Sums lie row by row, the channels of a row behind each other. Means lie channel by channel, as
 * many rows as a tile has. */
#include "source/cascade.h"

#include <string.h>

#include "base/ledger.h"
#include "source/reduce_sums.h"
#include "source/reduce_wide.h"
#include "source/weighted.h"

struct level {
    struct reduction reduction;
    size_t sum_size;
    int64_t width, height; /* of the whole copy */
    int64_t x, cells;      /* what the area has of a row */
    char *sums, *means;
};

struct cascade {
    struct copies copies;
    int base, count; /* reductions base + 1 .. base + count */
    int64_t band_rows;
    struct cascade_sink *sink;
    struct area area, band;
    size_t sample_size, bytes, first_sums; /* first_sums: bytes of the first level's sums */
    struct level levels[CASCADE_LEVELS];
    struct weighted weighted;
};

static int levels_of(const struct copies *copies, int base)
{
    return copies->count - base < CASCADE_LEVELS ? copies->count - base : CASCADE_LEVELS;
}

static struct reduction reduction_of(const struct copies *copies, int k)
{
    return (struct reduction){k, (enum sample_type)copies->type, copies->integral};
}

size_t cascade_sum_bytes(const struct copies *copies, int k)
{
    struct reduction reduction = reduction_of(copies, k);
    return reduction_sum_bytes(&reduction);
}

static size_t aligned(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/* Bytes of the sums and of the means of level i, for areas so wide. */
static size_t sums_bytes(const struct copies *copies, int base, int i, int64_t width, int64_t band)
{
    int64_t cells = reduced_size(width, i + 1), rows = reduced_size(band, i + 1);
    return aligned((size_t)(cells * rows * copies->channels) *
                   cascade_sum_bytes(copies, base + i + 1));
}

static size_t means_bytes(const struct copies *copies, int i, int64_t width)
{
    int64_t samples = reduced_size(width, i + 1) * copies->tile_height * copies->channels;
    return aligned((size_t)samples * sample_bytes((enum sample_type)copies->type));
}

size_t cascade_bytes(const struct copies *copies, int base, int64_t width, int64_t band)
{
    size_t bytes = aligned(sizeof(struct cascade));
    for (int i = 0; i < levels_of(copies, base); i++)
        bytes += sums_bytes(copies, base, i, width, band) + means_bytes(copies, i, width);
    return bytes;
}

struct cascade *cascade_new(const struct copies *copies, int base, int64_t width, int64_t band,
                            struct cascade_sink *sink, struct fault *fault)
{
    size_t bytes = cascade_bytes(copies, base, width, band);
    struct cascade *cascade = ledger_alloc(LEDGER_SOURCE, bytes, fault);
    if (!cascade)
        return NULL;
    char *at = (char *)cascade + aligned(sizeof *cascade);
    *cascade = (struct cascade){.copies = *copies,
                                .base = base,
                                .count = levels_of(copies, base),
                                .band_rows = band,
                                .sink = sink,
                                .sample_size = sample_bytes((enum sample_type)copies->type),
                                .bytes = bytes,
                                .first_sums = sums_bytes(copies, base, 0, width, band)};
    for (int i = 0; i < cascade->count; i++) {
        int k = base + i + 1;
        cascade->levels[i] = (struct level){.reduction = reduction_of(copies, k),
                                            .sum_size = cascade_sum_bytes(copies, k),
                                            .width = reduced_size(copies->width, k),
                                            .height = reduced_size(copies->height, k),
                                            .sums = at,
                                            .means = at + sums_bytes(copies, base, i, width, band)};
        at = cascade->levels[i].means + means_bytes(copies, i, width);
    }
    return cascade;
}

void cascade_free(struct cascade *cascade)
{
    if (cascade)
        ledger_free(LEDGER_SOURCE, cascade, cascade->bytes);
}

void cascade_start(struct cascade *cascade, struct area area)
{
    cascade->area = area;
    cascade->band = (struct area){area.x, area.y, area.width, 0};
    for (int i = 0; i < cascade->count; i++) {
        cascade->levels[i].x = area.x >> (i + 1);
        cascade->levels[i].cells = reduced_size(area.width, i + 1);
    }
}

bool cascade_band(struct cascade *cascade, struct area *band)
{
    int64_t y = cascade->band.y + cascade->band.height;
    int64_t left = cascade->area.y + cascade->area.height - y;
    cascade->band.y = y;
    cascade->band.height = min64(left, cascade->band_rows);
    *band = cascade->band;
    memset(cascade->levels[0].sums, 0, left > 0 ? cascade->first_sums : 0);
    return left > 0;
}

/* Row `row` of the band's sums. */
static char *sums_row(const struct cascade *cascade, const struct level *level, int64_t row,
                      int channel)
{
    return level->sums +
           (row * cascade->copies.channels + channel) * level->cells * (int64_t)level->sum_size;
}

/* A run of what means are taken of. */
static void add_run(struct cascade *cascade, int64_t x, int64_t y, int64_t n, const void *samples)
{
    const struct level *level = &cascade->levels[0];
    for (int channel = 0; channel < cascade->copies.channels; channel++)
        reduction_add(&level->reduction,
                      sums_row(cascade, level, (y - cascade->band.y) >> 1, channel),
                      x - cascade->area.x,
                      (const char *)samples + channel * n * (int64_t)cascade->sample_size, n);
}

void cascade_add(struct cascade *cascade, int64_t x, int64_t y, int64_t n, const void *samples)
{
    enum sample_type from = (enum sample_type)cascade->copies.from;
    if (!copies_weighted(&cascade->copies)) {
        add_run(cascade, x, y, n, samples);
        return;
    }
    for (int64_t done = 0, count; done < n; done += count) {
        count = min64(n - done, WEIGHTED_RUN);
        weighted_run(&cascade->weighted, from, samples, n, done, count);
        add_run(cascade, x + done, y, count, cascade->weighted.values);
    }
}

/* Sums of two cells of a row are added to one of the next reduction. */
#define DEFINE_PAIRS(NAME, FROM, TO)                                        \
    static void NAME(TO *restrict to, const FROM *restrict from, int64_t n) \
    {                                                                       \
        int64_t pairs = n / 2;                                              \
        for (; pairs >= 8; pairs -= 8, to += 8, from += 16)                 \
            for (int i = 0; i < 8; i++)                                     \
                to[i] += (TO)from[2 * i] + from[2 * i + 1];                 \
        for (; pairs > 0; pairs--, to++, from += 2)                         \
            *to += (TO)from[0] + from[1];                                   \
        if (n % 2)                                                          \
            *to += *from;                                                   \
    }

DEFINE_PAIRS(pairs_32, uint32_t, uint32_t)
DEFINE_PAIRS(pairs_64, uint64_t, uint64_t)
DEFINE_PAIRS(pairs_widened, uint32_t, uint64_t)

static void pairs_wide(struct reduce_wide_sum *restrict to,
                       const struct reduce_wide_sum *restrict from, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        to[i / 2].sum += from[i].sum;
        to[i / 2].valid += from[i].valid;
    }
}

static void add_pairs(const struct cascade *cascade, const struct level *level, void *to,
                      const void *from, size_t from_size, int64_t n)
{
    if (!sample_is_narrow((enum sample_type)cascade->copies.type))
        pairs_wide(to, from, n);
    else if (level->sum_size == sizeof(uint32_t))
        pairs_32(to, from, n);
    else if (from_size == sizeof(uint64_t))
        pairs_64(to, from, n);
    else
        pairs_widened(to, from, n);
}

void cascade_add_sums(struct cascade *cascade, int channel, int64_t y, const void *sums)
{
    const struct level *level = &cascade->levels[0];
    add_pairs(cascade, level, sums_row(cascade, level, (y - cascade->band.y) >> 1, channel), sums,
              cascade_sum_bytes(&cascade->copies, cascade->base), cascade->area.width);
}

/* Means. */

/* How many samples of the page a cell has along one side. */
static int64_t cell_size(const struct level *level, int64_t cell, int64_t page_size)
{
    int k = level->reduction.k;
    return min64((int64_t)1 << k, page_size - (cell << k));
}

static char *means_row(const struct cascade *cascade, const struct level *level, int64_t row,
                       int channel)
{
    int64_t at = (channel * (int64_t)cascade->copies.tile_height + row) * level->cells;
    return level->means + at * (int64_t)cascade->sample_size;
}

/* The last cell of the page may be narrower than others. */
static void write_means(const struct cascade *cascade, const struct level *level, int64_t y,
                        int64_t row)
{
    int64_t rows = cell_size(level, y, cascade->copies.height);
    int64_t last = cell_size(level, level->x + level->cells - 1, cascade->copies.width);
    int64_t full = level->cells - (last < (int64_t)1 << level->reduction.k);
    for (int channel = 0; channel < cascade->copies.channels; channel++) {
        const void *sums = sums_row(cascade, level, row, channel);
        char *means = means_row(cascade, level, y % cascade->copies.tile_height, channel);
        reduction_means(&level->reduction, sums, 0, full, rows << level->reduction.k, means);
        if (full < level->cells)
            reduction_means(&level->reduction, sums, full, 1, rows * last,
                            means + full * (int64_t)cascade->sample_size);
    }
}

/* Gives the row of tiles that ends with row y to the sink. */
static bool give_tiles(const struct cascade *cascade, const struct level *level, int64_t y)
{
    const struct copies *copies = &cascade->copies;
    for (int64_t x = 0; x < level->cells; x += copies->tile_width) {
        struct cascade_tile tile = {.stride = level->cells,
                                    .columns = min64(copies->tile_width, level->cells - x),
                                    .rows = y % copies->tile_height + 1};
        for (int channel = 0; channel < copies->channels; channel++)
            tile.planes[channel] =
                means_row(cascade, level, 0, channel) + x * (int64_t)cascade->sample_size;
        if (!cascade->sink->tile(cascade->sink, level->reduction.k,
                                 (level->x + x) / copies->tile_width, y / copies->tile_height,
                                 &tile))
            return false;
    }
    return true;
}

static bool settle_level(const struct cascade *cascade, int i)
{
    const struct level *level = &cascade->levels[i];
    int64_t first = cascade->band.y >> (i + 1), rows = reduced_size(cascade->band.height, i + 1);
    for (int64_t row = 0; row < rows; row++) {
        int64_t y = first + row;
        write_means(cascade, level, y, row);
        bool complete = (y + 1) % cascade->copies.tile_height == 0 || y + 1 == level->height;
        if (complete && !give_tiles(cascade, level, y))
            return false;
    }
    return true;
}

/* The sums of level i from those of the one before. */
static void sum_level(const struct cascade *cascade, int i)
{
    const struct level *from = &cascade->levels[i - 1], *to = &cascade->levels[i];
    int64_t rows = reduced_size(cascade->band.height, i);
    memset(to->sums, 0,
           (size_t)(reduced_size(rows, 1) * cascade->copies.channels * to->cells) * to->sum_size);
    for (int64_t row = 0; row < rows; row++)
        for (int channel = 0; channel < cascade->copies.channels; channel++)
            add_pairs(cascade, to, sums_row(cascade, to, row / 2, channel),
                      sums_row(cascade, from, row, channel), from->sum_size, from->cells);
}

static bool give_sums(const struct cascade *cascade)
{
    const struct level *level = &cascade->levels[CASCADE_LEVELS - 1];
    int64_t y = cascade->band.y >> CASCADE_LEVELS;
    int64_t rows = reduced_size(cascade->band.height, CASCADE_LEVELS);
    for (int64_t row = 0; row < rows; row++)
        for (int channel = 0; channel < cascade->copies.channels; channel++)
            if (!cascade->sink->sums(cascade->sink, channel, level->x, y + row, level->cells,
                                     sums_row(cascade, level, row, channel)))
                return false;
    return true;
}

bool cascade_settle(struct cascade *cascade)
{
    for (int i = 0; i < cascade->count; i++) {
        if (i)
            sum_level(cascade, i);
        if (!settle_level(cascade, i))
            return false;
    }
    return cascade->copies.count <= cascade->base + CASCADE_LEVELS || give_sums(cascade);
}
