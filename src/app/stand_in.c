/* What is shown until the tiles of a view are there: see stand_in.h. Owns the estimate of what
 * tiles cost; it knows the page's layout only, and nothing is measured. */
#include "stand_in.h"

#include <math.h>

#include "base/geometry.h"

/* ROUGH_UP: rough tiles have so many reductions more than the true ones; SHARE: they must cost so
 * many times less. */
enum { ROUGH_UP = 2, SHARE = 4 };

/* The coarsest overview from which tiles of reduction k are made; 0: the page itself. */
static int made_from(const struct page *page, int k)
{
    while (k > 0 && !(page->reductions >> k & 1))
        k--;
    return k;
}

/* Strips are decoded in their whole width. */
double stand_in_cost(const struct page *page, struct tile_span span)
{
    int from = made_from(page, span.reduction);
    double side = ldexp(TILE_SIDE, span.reduction - from);
    bool strips = !from && !page->tiled && !page->direct;
    double across = (double)reduced_size(page->width, from);
    double down = (double)reduced_size(page->height, from);
    return (strips ? across : fmin(across, span.columns * side)) * fmin(down, span.rows * side);
}

struct tile_span stand_in_span(struct tile_span span, int32_t reduction)
{
    int up = tile_level(reduction) - span.reduction;
    struct tile_span coarse = {span.page, reduction, span.column >> up, span.row >> up, 0, 0};
    coarse.columns = ((span.column + span.columns - 1) >> up) - coarse.column + 1;
    coarse.rows = ((span.row + span.rows - 1) >> up) - coarse.row + 1;
    return coarse;
}

static bool is_few(struct tile_span span)
{
    return (int64_t)span.columns * span.rows <= STAND_IN_TILES;
}

static int32_t choose_overview(const struct page *page, struct tile_span span)
{
    for (int32_t k = span.reduction + 1; k <= TILE_REDUCTION_MAX; k++)
        if (page->reductions >> k & 1 && is_few(stand_in_span(span, k)))
            return k;
    return -1;
}

static int32_t choose_rough(struct tile_span span)
{
    int32_t k = span.reduction + ROUGH_UP;
    while (k <= TILE_REDUCTION_MAX && !is_few(stand_in_span(span, k)))
        k++;
    return k <= TILE_REDUCTION_MAX ? TILE_ROUGH + k : -1;
}

/* Where so many samples must be read for the true tiles, or more. */
static int32_t choose_from(const struct page *page, struct tile_span span, double least)
{
    double samples = span.columns > 0 ? stand_in_cost(page, span) : 0;
    if (samples < least)
        return -1;
    int32_t overview = choose_overview(page, span);
    double block = page->direct ? 0 : (double)page->block_width * (double)page->block_height;
    bool pays =
        !page->whole && !made_from(page, span.reduction) && block * SHARE * SHARE <= samples;
    return overview >= 0 ? overview : pays ? choose_rough(span) : -1;
}

int32_t stand_in_choose(const struct page *page, struct tile_span span)
{
    return choose_from(page, span, STAND_IN_SAMPLES);
}

int32_t stand_in_passing(const struct page *page, struct tile_span span)
{
    return choose_from(page, span, STAND_IN_PASSING);
}
