/* The sample that an auto window is made from: see source/statistics.h.
 *
 * A function of the file alone: neither the screen nor the budget nor the order of reading has a
 * part in it. */
#include "source/statistics.h"

enum { ASK_SAMPLES = 1 << 16 /* samples read between two looks at dropped */ };

struct counter {
    struct row_sink sink; /* first */
    uint32_t *histogram;
    size_t code_bytes;
    struct area area; /* that the grid is laid over */
    int64_t step;
    int64_t counted;
    bool (*dropped)(void *context);
    void *context;
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

static bool keep_on(struct counter *c, int64_t samples)
{
    c->unasked += samples;
    if (samples && c->unasked < ASK_SAMPLES)
        return true;
    c->unasked = 0;
    c->stopped = c->dropped && c->dropped(c->context);
    return !c->stopped;
}

static bool take_run(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes)
{
    struct counter *c = (struct counter *)sink;
    const uint8_t *bytes = codes;
    const uint16_t *words = codes;
    int64_t row = y - c->area.y - first_of(c->area.height, c->step);
    int64_t column = c->area.x + first_of(c->area.width, c->step);
    if (n && row >= 0 && row % c->step == 0) {
        int64_t from = x <= column ? column - x : (c->step - (x - column) % c->step) % c->step;
        for (int64_t i = from; i < n; i += c->step, c->counted++)
            c->histogram[c->code_bytes == 1 ? bytes[i] : words[i]]++;
    }
    return keep_on(c, n);
}

/* Reads only the rows that the grid lies on, unless those are all. */
static bool count_direct(struct counter *c, struct source *source, struct fault *fault)
{
    struct area row = c->area;
    if (c->step == 1)
        return source_read(source, c->area, &c->sink, fault);
    bool fine = true;
    row.height = 1;
    for (row.y = first_of(c->area.height, c->step); row.y < c->area.height && !c->stopped;
         row.y += c->step) {
        fine = source_read(source, row, &c->sink, fine ? fault : NULL) && fine;
        if (!fine)
            keep_on(c, row.width);
    }
    return fine;
}

static bool count_blocks(struct counter *c, struct source *source, const struct choice *choice,
                         struct fault *fault)
{
    bool fine = true;
    for (int64_t i = 0; i < choice->count && !c->stopped; i++) {
        c->area = chosen_area(choice, i);
        fine = source_read(source, c->area, &c->sink, fine ? fault : NULL) && fine;
    }
    return fine;
}

bool statistics_count(struct source *source, uint32_t *histogram, bool (*dropped)(void *context),
                      void *context, bool *complete, struct fault *fault)
{
    const struct page *page = &source->page;
    *complete = false;
    if (page->width <= 0)
        return fault_set(fault, FAULT_USAGE, "no page of the file is selected");
    bool few = page->direct || page->blocks <= STATISTICS_BLOCKS;
    struct choice choice = {page, few ? 1 : STATISTICS_BLOCKS};
    struct counter counter = {.sink.row = take_run,
                              .histogram = histogram,
                              .code_bytes = sample_bytes((enum sample_type)page->type),
                              .area = {0, 0, page->width, page->height},
                              .step = least_step(&choice),
                              .dropped = dropped,
                              .context = context};
    bool fine = page->direct ? count_direct(&counter, source, fault)
                             : count_blocks(&counter, source, &choice, fault);
    *complete = !counter.stopped;
    return fine || counter.stopped || counter.counted > 0;
}
