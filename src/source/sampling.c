/* The sample of a page: see source/sampling.h.
 *
 * A function of the file alone: neither the screen nor the budget nor the order of reading has a
 * part in it. Knows nothing of what is made of the values. */
#include "source/sampling.h"

enum {
    ASK_SAMPLES = 1 << 16, /* samples read between two looks at dropped */
    FAR_BYTES = 1 << 16    /* between two values of a row: each is then read alone */
};

struct visit {
    struct row_sink sink; /* first */
    struct sample_visitor *visitor;
    struct sample_grid grid;
    struct area part; /* that the grid is laid over */
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

static struct area whole_page(const struct page *page)
{
    return (struct area){0, 0, page->width, page->height};
}

static struct area block_area(const struct page *page, int64_t number)
{
    int64_t across = ceil_div(page->width, page->block_width);
    struct area block = {number % across * page->block_width, number / across * page->block_height,
                         page->block_width, page->block_height};
    return area_intersect(block, whole_page(page));
}

/* Which blocks are looked at: all, as one area, or 256 of them. */
static int64_t chosen_block(const struct sample_grid *grid, int64_t i)
{
    /* floor((2i + 1) * blocks / 512) in parts, as the product may not fit. */
    int64_t odd = 2 * i + 1, all = 2 * grid->blocks;
    return grid->page->blocks / all * odd + grid->page->blocks % all * odd / all;
}

static struct area chosen_area(const struct sample_grid *grid, int64_t i)
{
    return grid->blocks == 1 ? whole_page(grid->page)
                             : block_area(grid->page, chosen_block(grid, i));
}

int64_t sampling_values(const struct sample_grid *grid)
{
    int64_t values = 0;
    for (int64_t i = 0; i < grid->blocks && values <= STATISTICS_VALUES; i++)
        values += values_of(chosen_area(grid, i), grid->step);
    return values;
}

static int64_t least_step(struct sample_grid grid)
{
    int64_t low = 1, high = PAGE_SIDE_MAX;
    while (low < high) {
        grid.step = (low + high) / 2;
        if (sampling_values(&grid) <= STATISTICS_VALUES)
            high = grid.step;
        else
            low = grid.step + 1;
    }
    return low;
}

struct sample_grid sampling_grid(const struct page *page)
{
    bool few = page->direct || page->blocks <= STATISTICS_BLOCKS;
    struct sample_grid grid = {page, few ? 1 : STATISTICS_BLOCKS, 1};
    grid.step = least_step(grid);
    return grid;
}

/* Chosen numbers rise. */
static bool is_chosen(const struct sample_grid *grid, int64_t number)
{
    int64_t low = 0, high = grid->blocks;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (chosen_block(grid, middle) < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < grid->blocks && chosen_block(grid, low) == number;
}

void sampling_part(const struct sample_grid *grid, int64_t x, int64_t y, struct area *block,
                   struct area *part)
{
    const struct page *page = grid->page;
    int64_t across = ceil_div(page->width, page->block_width);
    int64_t number = y / page->block_height * across + x / page->block_width;
    *block = block_area(page, number);
    *part = grid->blocks == 1         ? whole_page(page)
            : is_chosen(grid, number) ? *block
                                      : (struct area){0, 0, 0, 0};
}

void sampling_take(const struct sample_grid *grid, struct area part, struct sample_visitor *visitor,
                   int64_t x, int64_t y, int64_t n, const void *samples)
{
    const char *at = samples;
    int64_t size = (int64_t)sample_bytes((enum sample_type)grid->page->type);
    int64_t row = y - part.y - first_of(part.height, grid->step);
    int64_t column = part.x + first_of(part.width, grid->step);
    if (row < 0 || row % grid->step)
        return;
    int64_t from = x <= column ? column - x : (grid->step - (x - column) % grid->step) % grid->step;
    for (int channel = 0; channel < grid->page->channels; channel++, at += n * size)
        visitor->take(visitor, at, from, n, grid->step);
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
    if (n)
        sampling_take(&v->grid, v->part, v->visitor, x, y, n, samples);
    return keep_on(v, n);
}

/* Reads what the grid has of a row: all of the row, or value by value where they lie far apart. */
static bool visit_row(struct visit *v, struct source *source, int64_t y, struct fault *fault)
{
    int64_t step = v->grid.step, width = v->part.width;
    bool alone = step >= FAR_BYTES / (int64_t)sample_bytes((enum sample_type)source->page.type);
    struct area part = {alone ? first_of(width, step) : 0, y, alone ? 1 : width, 1};
    bool fine = true;
    for (; part.x < width && !v->stopped; part.x += alone ? step : part.width) {
        fine = source_read(source, part, &v->sink, fine ? fault : NULL) && fine;
        if (!fine)
            keep_on(v, part.width);
    }
    return fine;
}

/* Reads only the rows that the grid lies on, unless those are all. */
static bool visit_direct(struct visit *v, struct source *source, struct fault *fault)
{
    int64_t step = v->grid.step, height = v->part.height;
    if (step == 1)
        return source_read(source, v->part, &v->sink, fault);
    bool fine = true;
    for (int64_t y = first_of(height, step); y < height && !v->stopped; y += step)
        fine = visit_row(v, source, y, fine ? fault : NULL) && fine;
    return fine;
}

static bool visit_blocks(struct visit *v, struct source *source, struct fault *fault)
{
    bool fine = true;
    for (int64_t i = 0; i < v->grid.blocks && !v->stopped; i++) {
        v->part = chosen_area(&v->grid, i);
        fine = source_read(source, v->part, &v->sink, fine ? fault : NULL) && fine;
    }
    return fine;
}

bool sampling_visit(struct source *source, struct sample_visitor *visitor, bool *stopped,
                    struct fault *fault)
{
    const struct page *page = &source->page;
    struct visit visit = {.sink.row = take_run,
                          .visitor = visitor,
                          .grid = sampling_grid(page),
                          .part = whole_page(page)};
    bool fine =
        page->direct ? visit_direct(&visit, source, fault) : visit_blocks(&visit, source, fault);
    *stopped = visit.stopped;
    return fine;
}
