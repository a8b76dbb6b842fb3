/* Overviews of any ratio: see source/resample.h.
 *
 * Rows of a copy in strips come in order, so that two rows of sums go down the page. A tiled copy
 * is resampled block by block, so that each of its tiles is decoded few times. Owns sums while it
 * reads. */
#include "source/resample.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "base/tile.h"

enum {
    GRAY_WIDTH = 256, /* of a block of a tiled copy */
    COLOUR_WIDTH = 128,
    BLOCK_HEIGHT = 128,
    RUN = 512, /* samples delivered at once */
};

struct resampling {
    struct row_sink sink; /* first */
    struct resample_source *resample;
    struct row_sink *given;
    struct area area; /* of samples made, that sums are for */
    int64_t rows;     /* that there are sums for at once */
    int64_t row;      /* the first of these */
    double *sums;     /* row by row, the channels of a row behind each other */
    double *weights;  /* likewise: of samples that are no NaN */
    uint64_t *covers; /* row by row: steps of area that came */
    bool stopped;
};

/* Sides. */

static int64_t common(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct resample_side side_of(int64_t page, int64_t copies, int k)
{
    int64_t to = copies << k, step = common(page, to);
    return (struct resample_side){copies, reduced_size(page, k), page / step, to / step};
}

/* How long sample i of those made is. */
static int64_t length_of(const struct resample_side *side, int64_t i)
{
    return min64(side->to, side->copies * side->from - i * side->to);
}

/* The samples of the copy that samples [first, first + n) are made of. */
static void reach(const struct resample_side *side, int64_t *first, int64_t *n)
{
    int64_t end =
        *first + *n == side->made ? side->copies : ceil_div((*first + *n) * side->to, side->from);
    *first = *first * side->to / side->from;
    *n = end - *first;
}

/* Where the samples of a copy go, one after the other: `left` of the present one's sample made is
 * still free when it comes. */
struct cursor {
    int64_t made, left;
};

static struct cursor cursor_at(const struct resample_side *side, int64_t copy)
{
    int64_t begin = copy * side->from, made = begin / side->to;
    return (struct cursor){made, (made + 1) * side->to - begin};
}

static void step_on(const struct resample_side *side, struct cursor *at)
{
    at->left -= side->from;
    if (at->left > 0)
        return;
    at->left += side->to;
    at->made++;
}

/* Sums. */

static int64_t channels_of(const struct resampling *r)
{
    return r->resample->inner->page.channels;
}

/* The place of a row's first cell; rows go round. */
static int64_t row_at(const struct resampling *r, int64_t row, int64_t channel)
{
    return (row % r->rows * channels_of(r) + channel) * r->area.width;
}

static bool is_inside(const struct resampling *r, int64_t cell)
{
    return cell >= 0 && cell < r->area.width;
}

/* Adds a run of one channel to the sums at `place`; `height` of each sample counts. */
static void add_channel(struct resampling *r, int64_t place, int64_t height, int64_t x, int64_t n,
                        const void *samples, int64_t first)
{
    const struct resample_side *across = &r->resample->across;
    enum sample_type type = (enum sample_type)r->resample->inner->page.type;
    int32_t least = sample_is_narrow(type) ? sample_least(type) : 0;
    double *sums = r->sums + place, *weights = r->weights + place;
    struct cursor at = cursor_at(across, x);
    for (int64_t i = 0; i < n; i++, step_on(across, &at)) {
        double value = sample_value(type, samples, first + i) - least;
        int64_t here = min64(at.left, across->from);
        double weight = (double)here * (double)height;
        double rest = (double)(across->from - here) * (double)height;
        int64_t cell = at.made - r->area.x;
        if (isnan(value))
            continue;
        if (is_inside(r, cell)) {
            sums[cell] += weight * value;
            weights[cell] += weight;
        }
        if (rest > 0 && is_inside(r, cell + 1)) {
            sums[cell + 1] += rest * value;
            weights[cell + 1] += rest;
        }
    }
}

static void add_covers(struct resampling *r, int64_t row, int64_t height, int64_t x, int64_t n)
{
    const struct resample_side *across = &r->resample->across;
    uint64_t *covers = r->covers + row % r->rows * r->area.width;
    struct cursor at = cursor_at(across, x);
    for (int64_t i = 0; i < n; i++, step_on(across, &at)) {
        int64_t here = min64(at.left, across->from), cell = at.made - r->area.x;
        if (is_inside(r, cell))
            covers[cell] += (uint64_t)here * (uint64_t)height;
        if (is_inside(r, cell + 1))
            covers[cell + 1] += (uint64_t)(across->from - here) * (uint64_t)height;
    }
}

/* Adds a run to a row of samples made, of which `height` of each sample of the run is part. */
static void add_run(struct resampling *r, int64_t row, int64_t height, int64_t x, int64_t n,
                    const void *samples)
{
    if (row < r->row || row >= r->area.y + r->area.height || !height)
        return;
    for (int64_t channel = 0; channel < channels_of(r); channel++)
        add_channel(r, row_at(r, row, channel), height, x, n, samples, channel * n);
    add_covers(r, row, height, x, n);
}

/* Delivering. */

static double within(double mean, double least, double most)
{
    return mean > least ? (mean < most ? mean : most) : least;
}

static void store(const struct page *page, double mean, int64_t i, void *run)
{
    enum sample_type type = (enum sample_type)page->type;
    if (page_rounds(page))
        mean = floor(mean + 0.5);
    switch (type) {
    case SAMPLE_U8:
    case SAMPLE_I8:
        ((uint8_t *)run)[i] = (uint8_t)within(mean, 0, UINT8_MAX);
        break;
    case SAMPLE_U16:
    case SAMPLE_I16:
        ((uint16_t *)run)[i] = (uint16_t)within(mean, 0, UINT16_MAX);
        break;
    case SAMPLE_U32:
        ((uint32_t *)run)[i] = (uint32_t)within(mean, 0, UINT32_MAX);
        break;
    case SAMPLE_I32:
        ((int32_t *)run)[i] = (int32_t)within(mean, INT32_MIN, INT32_MAX);
        break;
    case SAMPLE_F32:
        ((float *)run)[i] = (float)mean;
        break;
    case SAMPLE_F64:
        ((double *)run)[i] = mean;
        break;
    case SAMPLE_TYPES:
        break;
    }
}

/* True when all of cell `column` of the first row came. */
static bool is_covered(const struct resampling *r, int64_t column)
{
    uint64_t whole = (uint64_t)length_of(&r->resample->across, column) *
                     (uint64_t)length_of(&r->resample->down, r->row);
    return r->covers[r->row % r->rows * r->area.width + column - r->area.x] == whole;
}

static void deliver_run(struct resampling *r, int64_t x, int64_t n)
{
    _Alignas(8) char run[RUN * 3 * sizeof(double)];
    for (int64_t channel = 0; channel < channels_of(r); channel++) {
        int64_t place = row_at(r, r->row, channel) + x - r->area.x;
        for (int64_t i = 0; i < n; i++) {
            double weight = r->weights[place + i];
            store(&r->resample->source.page, weight > 0 ? r->sums[place + i] / weight : (double)NAN,
                  channel * n + i, run);
        }
    }
    r->stopped |= !r->given->row(r->given, x, r->row, n, run);
}

/* Delivers what came wholly of the first row, and clears its sums for one below. */
static void finish_row(struct resampling *r)
{
    int64_t end = r->area.x + r->area.width;
    size_t cells = (size_t)r->area.width, planes = (size_t)channels_of(r);
    for (int64_t x = r->area.x; x < end && !r->stopped;) {
        int64_t n = 0;
        while (n < RUN && x + n < end && is_covered(r, x + n))
            n++;
        if (n)
            deliver_run(r, x, n);
        x += max64(n, 1);
    }
    memset(r->sums + row_at(r, r->row, 0), 0, cells * planes * sizeof *r->sums);
    memset(r->weights + row_at(r, r->row, 0), 0, cells * planes * sizeof *r->weights);
    memset(r->covers + r->row % r->rows * r->area.width, 0, cells * sizeof *r->covers);
    r->row++;
}

/* Reading. */

static bool take_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct resampling *r = (struct resampling *)sink;
    const struct resample_side *down = &r->resample->down;
    if (!n) {
        r->stopped |= !r->given->row(r->given, r->area.x, r->row, 0, NULL);
        return !r->stopped;
    }
    struct cursor at = cursor_at(down, y);
    int64_t here = min64(at.left, down->from), rest = down->from - here;
    int64_t last = min64(at.made + (rest > 0), r->area.y + r->area.height - 1);
    while (last >= r->row + r->rows && !r->stopped)
        finish_row(r);
    add_run(r, at.made, here, x, n, samples);
    add_run(r, at.made + 1, rest, x, n, samples);
    return !r->stopped;
}

static struct area area_of_copy(const struct resample_source *resample, struct area area)
{
    reach(&resample->across, &area.x, &area.width);
    reach(&resample->down, &area.y, &area.height);
    return area;
}

/* Resamples an area for which there is room. */
static bool resample_area(struct resampling *r, struct area area, struct fault *fault)
{
    r->area = area;
    r->row = area.y;
    memset(r->sums, 0, (size_t)(r->rows * area.width * channels_of(r)) * sizeof *r->sums);
    memset(r->weights, 0, (size_t)(r->rows * area.width * channels_of(r)) * sizeof *r->weights);
    memset(r->covers, 0, (size_t)(r->rows * area.width) * sizeof *r->covers);
    bool fine = source_read(r->resample->inner, area_of_copy(r->resample, area), &r->sink, fault);
    while (r->row < area.y + area.height && !r->stopped)
        finish_row(r);
    return fine;
}

static bool resample_blocks(struct resampling *r, struct area area, struct fault *fault)
{
    const struct page *page = &r->resample->source.page;
    int64_t width = page->block_width, height = page->block_height;
    bool fine = true;
    for (int64_t y = area.y / height * height; y < area.y + area.height; y += height)
        for (int64_t x = area.x / width * width; x < area.x + area.width && !r->stopped; x += width)
            fine &= resample_area(r, area_intersect(area, (struct area){x, y, width, height}),
                                  fine ? fault : NULL);
    return fine;
}

static bool resample_read(struct source *source, struct area area, struct row_sink *sink,
                          struct fault *fault)
{
    struct resample_source *resample = (struct resample_source *)source;
    bool tiled = source->page.tiled, fine = false;
    struct resampling r = {.sink = {take_run}, .resample = resample, .given = sink};
    r.rows = tiled ? min64(area.height, source->page.block_height) : 2;
    int64_t across = tiled ? min64(area.width, source->page.block_width) : area.width;
    size_t cells = (size_t)r.rows * (size_t)across, covers_bytes = cells * sizeof *r.covers;
    size_t sums_bytes = cells * (size_t)source->page.channels * sizeof *r.sums;
    r.sums = ledger_alloc(LEDGER_SOURCE, sums_bytes, fault);
    r.weights = r.sums ? ledger_alloc(LEDGER_SOURCE, sums_bytes, fault) : NULL;
    r.covers = r.weights ? ledger_alloc(LEDGER_SOURCE, covers_bytes, fault) : NULL;
    if (r.covers)
        fine = tiled ? resample_blocks(&r, area, fault) : resample_area(&r, area, fault);
    ledger_free(LEDGER_SOURCE, r.covers, covers_bytes);
    ledger_free(LEDGER_SOURCE, r.weights, sums_bytes);
    ledger_free(LEDGER_SOURCE, r.sums, sums_bytes);
    return fine || r.stopped;
}

static void resample_close(struct source *source)
{
    (void)source;
}

static bool resample_select(struct source *source, const struct source_choice *choice,
                            struct page *page, struct fault *fault)
{
    (void)source, (void)choice, (void)page;
    return fault_set(fault, FAULT_USAGE, "an overview has no pages");
}

static struct source *resample_reduced(struct source *source, int reduction)
{
    (void)source, (void)reduction;
    return NULL;
}

static void resample_count(struct source *source, bool (*dropped)(void *context), void *context)
{
    (void)source, (void)dropped, (void)context;
}

static void resample_inform(struct source *source, struct fact_sink *sink)
{
    source_inform(((struct resample_source *)source)->inner, sink);
}

static void resample_rest(struct source *source)
{
    source_rest(((struct resample_source *)source)->inner);
}

static const struct source_class resample_class = {.name = "resample",
                                                   .close = resample_close,
                                                   .select = resample_select,
                                                   .read = resample_read,
                                                   .reduced = resample_reduced,
                                                   .count = resample_count,
                                                   .inform = resample_inform,
                                                   .rest = resample_rest};

void resample_init(struct resample_source *resample, struct source *inner, int64_t width,
                   int64_t height, int k)
{
    resample->inner = inner;
    resample->across = side_of(width, inner->page.width, k);
    resample->down = side_of(height, inner->page.height, k);
    resample->source.class = &resample_class;
    resample->source.page = inner->page;
    struct page *page = &resample->source.page;
    page->width = resample->across.made;
    page->height = resample->down.made;
    page->block_width = !page->tiled ? page->width : page->channels > 1 ? COLOUR_WIDTH : GRAY_WIDTH;
    if (page->tiled)
        page->block_height = BLOCK_HEIGHT;
    page->blocks =
        ceil_div(page->width, page->block_width) * ceil_div(page->height, page->block_height);
}
