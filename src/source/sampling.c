/* The sample of a page: see source/sampling.h.
 *
 * A function of the file alone: neither the screen nor the budget nor the order of reading has a
 * part in it. Knows nothing of what is made of the values. */
#include "source/sampling.h"

#include "source/statistics.h"

enum {
    ASK_SAMPLES = 1 << 16, /* samples read between two looks at dropped */
    FAR_BYTES = 1 << 16    /* between two values of a row: each is then read alone */
};

struct visit {
    struct row_sink sink; /* first */
    struct sample_visitor *visitor;
    int channels;
    size_t sample_size;
    struct area area; /* that the grid is laid over */
    int64_t step;
    int64_t unasked;
    bool stopped;
};

static int64_t first_of(int64_t size, int64_t step)
{
    return min64(step / 2, (size - 1) / 2);
}

static int64_t values_of(struct area area, int64_t step)
{
    return ceil_div(area.width, step) * ceil_div(area.height, step);
}

/* Which blocks are looked at: all, as one area, or 256 of them. */
struct choice {
    const struct page *page;
    int64_t count;
};

static struct area chosen_area(const struct choice *choice, int64_t i)
{
    const struct page *page = choice->page;
    struct area whole = {0, 0, page->width, page->height};
    if (choice->count == 1)
        return whole;
    /* floor((2i + 1) * blocks / 512) in parts, as the product may not fit. */
    int64_t odd = 2 * i + 1, all = 2 * choice->count;
    int64_t number = page->blocks / all * odd + page->blocks % all * odd / all;
    int64_t across = ceil_div(page->width, page->block_width);
    struct area block = {number % across * page->block_width, number / across * page->block_height,
                         page->block_width, page->block_height};
    return area_intersect(block, whole);
}

static bool step_is_enough(const struct choice *choice, int64_t step)
{
    int64_t values = 0;
    for (int64_t i = 0; i < choice->count && values <= STATISTICS_VALUES; i++)
        values += values_of(chosen_area(choice, i), step);
    return values <= STATISTICS_VALUES;
}

static int64_t least_step(const struct choice *choice)
{
    int64_t low = 1, high = PAGE_SIDE_MAX;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (step_is_enough(choice, middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool keep_on(struct visit *v, int64_t samples)
{
    v->unasked += samples;
    if (samples && v->unasked < ASK_SAMPLES)
        return true;
    v->unasked = 0;
    v->stopped = v->visitor->dropped(v->visitor);
    return !v->stopped;
}

static bool take_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *samples)
{
    struct visit *v = (struct visit *)sink;
    const char *at = samples;
    int64_t row = y - v->area.y - first_of(v->area.height, v->step);
    int64_t column = v->area.x + first_of(v->area.width, v->step);
    if (n && row >= 0 && row % v->step == 0) {
        int64_t from = x <= column ? column - x : (v->step - (x - column) % v->step) % v->step;
        for (int channel = 0; channel < v->channels; channel++, at += n * (int64_t)v->sample_size)
            v->visitor->take(v->visitor, at, from, n, v->step);
    }
    return keep_on(v, n);
}

/* Reads what the grid has of a row: all of the row, or value by value where they lie far apart. */
static bool visit_row(struct visit *v, struct source *source, int64_t y, struct fault *fault)
{
    bool alone = v->step >= FAR_BYTES / (int64_t)v->sample_size;
    struct area part = {alone ? first_of(v->area.width, v->step) : 0, y, alone ? 1 : v->area.width,
                        1};
    bool fine = true;
    for (; part.x < v->area.width && !v->stopped; part.x += alone ? v->step : part.width) {
        fine = source_read(source, part, &v->sink, fine ? fault : NULL) && fine;
        if (!fine)
            keep_on(v, part.width);
    }
    return fine;
}

/* Reads only the rows that the grid lies on, unless those are all. */
static bool visit_direct(struct visit *v, struct source *source, struct fault *fault)
{
    if (v->step == 1)
        return source_read(source, v->area, &v->sink, fault);
    bool fine = true;
    for (int64_t y = first_of(v->area.height, v->step); y < v->area.height && !v->stopped;
         y += v->step)
        fine = visit_row(v, source, y, fine ? fault : NULL) && fine;
    return fine;
}

static bool visit_blocks(struct visit *v, struct source *source, const struct choice *choice,
                         struct fault *fault)
{
    bool fine = true;
    for (int64_t i = 0; i < choice->count && !v->stopped; i++) {
        v->area = chosen_area(choice, i);
        fine = source_read(source, v->area, &v->sink, fine ? fault : NULL) && fine;
    }
    return fine;
}

bool sampling_visit(struct source *source, struct sample_visitor *visitor, bool *stopped,
                    struct fault *fault)
{
    const struct page *page = &source->page;
    bool few = page->direct || page->blocks <= STATISTICS_BLOCKS;
    struct choice choice = {page, few ? 1 : STATISTICS_BLOCKS};
    struct visit visit = {.sink.row = take_run,
                          .visitor = visitor,
                          .channels = page->channels,
                          .sample_size = sample_bytes((enum sample_type)page->type),
                          .area = {0, 0, page->width, page->height},
                          .step = least_step(&choice)};
    bool fine = page->direct ? visit_direct(&visit, source, fault)
                             : visit_blocks(&visit, source, &choice, fault);
    *stopped = visit.stopped;
    return fine;
}
