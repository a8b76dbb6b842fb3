/* Which tiles the hand will want next: see foresight.h. Owns the memory of the last step; knows
 * nothing of which tiles are there. */
#include "foresight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stand_in.h"

/* As the commands zoom. */
#define STEP 1.25

static int sign(double value)
{
    return (value > 0) - (value < 0);
}

static bool same_page(const struct view *a, const struct view *b)
{
    return a->page_width == b->page_width && a->page_height == b->page_height &&
           a->orientation == b->orientation && a->turns == b->turns && a->mirrored == b->mirrored;
}

void foresight_see(struct foresight *foresight, const struct view *view)
{
    const struct view *last = &foresight->last;
    int across = sign(view->center_x - last->center_x);
    int down = sign(view->center_y - last->center_y), zoom = sign(view->zoom - last->zoom);
    bool resized = view->width != last->width || view->height != last->height;
    if (!same_page(view, last) || resized)
        foresight->across = foresight->down = foresight->zoom = 0;
    else if (zoom || across || down)
        *foresight = (struct foresight){.zoom = zoom,
                                        .across = zoom ? 0 : across,
                                        .down = zoom ? 0 : down,
                                        .page = foresight->page};
    foresight->last = *view;
}

/* Along the one axis on which two pages are so little apart; PAGE_AXES: along none. */
static int axis_between(const struct page *page, int32_t from, int32_t to, int32_t *places)
{
    int32_t a[PAGE_AXES], b[PAGE_AXES];
    int found = PAGE_AXES, apart = 0;
    if (!page_position(page, from, a) || !page_position(page, to, b))
        return PAGE_AXES;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        if (a[axis] == b[axis])
            continue;
        apart++;
        found = axis;
        *places = b[axis] - a[axis];
    }
    return apart == 1 && abs(*places) <= FORESIGHT_STEPS ? found : PAGE_AXES;
}

void foresight_see_page(struct foresight *foresight, const struct page *page)
{
    int32_t from = foresight->page, places = 0;
    if (page->index == from)
        return;
    int axis = axis_between(page, from, page->index, &places);
    int64_t apart = (int64_t)page->index - from;
    foresight->page = page->index;
    foresight->along = axis < PAGE_AXES;
    foresight->across = foresight->down = foresight->zoom = 0;
    foresight->step = 0;
    if (foresight->along)
        foresight->step = sign(places) * page->axis_stride[axis];
    else if (llabs(apart) <= FORESIGHT_STEPS)
        foresight->step = sign((double)apart);
}

int32_t foresight_page(const struct foresight *foresight, const struct page *page)
{
    int64_t next = (int64_t)page->index + foresight->step;
    int32_t places = 0;
    bool there = next >= 0 && (next < page->count || (page->counting && next < INT32_MAX));
    if (!foresight->step || !there)
        return -1;
    bool leaves =
        foresight->along && axis_between(page, page->index, (int32_t)next, &places) == PAGE_AXES;
    return leaves ? -1 : (int32_t)next;
}

/* The stored page's tiles in a view. */
static struct tile_span tiles_of(const struct view *view, int32_t page)
{
    struct tile_span span = {.page = page, .reduction = view_reduction(view)};
    int64_t low[2] = {INT64_MAX, INT64_MAX}, high[2] = {-1, -1};
    for (int corner = 0; corner < 4; corner++) {
        double x, y;
        int64_t at[2];
        view_to_image(view, corner & 1 ? view->width - 0.5 : 0.5,
                      corner & 2 ? view->height - 0.5 : 0.5, &x, &y);
        view_to_stored(view, (int64_t)fmin(fmax(x, 0), (double)(view->page_width - 1)),
                       (int64_t)fmin(fmax(y, 0), (double)(view->page_height - 1)), &at[0], &at[1]);
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = min64(low[axis], (at[axis] >> span.reduction) / TILE_SIDE);
            high[axis] = max64(high[axis], (at[axis] >> span.reduction) / TILE_SIDE);
        }
    }
    span.column = (int32_t)low[0];
    span.row = (int32_t)low[1];
    span.columns = (int32_t)(high[0] - low[0] + 1);
    span.rows = (int32_t)(high[1] - low[1] + 1);
    return span;
}

/* Tiles that stand in for others are not foreseen. */
struct tile_list foresight_tiles(struct foresight *foresight, const struct page *page,
                                 int32_t index, const struct tile_key *wanted, int count, int room)
{
    struct tile_list list = {foresight->keys, 0, FORESIGHT_TILES};
    struct tile_span now = tiles_of(&foresight->last, page->index);
    if (page->whole || stand_in_cost(page, now) > FORESIGHT_SAMPLES)
        return list;
    list.room = room < FORESIGHT_TILES ? room : FORESIGHT_TILES;
    for (int i = 0; i < count && list.count < list.room; i++) {
        struct tile_key key = wanted[i];
        key.page = index;
        if (key.reduction == now.reduction)
            list.keys[list.count++] = key;
    }
    return list;
}

static struct view next_view(const struct foresight *foresight)
{
    struct view next = foresight->last;
    double ring = ldexp(TILE_SIDE, view_reduction(&next));
    double zoom = foresight->zoom > 0 ? next.zoom * STEP : next.zoom / STEP;
    if (foresight->zoom)
        view_zoom_about(&next, zoom, next.width / 2.0, next.height / 2.0);
    else
        view_center(&next, next.center_x + foresight->across * ring,
                    next.center_y + foresight->down * ring);
    return next;
}

static bool holds(const struct tile_span *span, struct tile_key key)
{
    return key.reduction == span->reduction && key.column >= span->column &&
           key.column < span->column + span->columns && key.row >= span->row &&
           key.row < span->row + span->rows;
}

struct tile_list foresight_list(struct foresight *foresight, const struct page *page, int room)
{
    struct tile_list list = {foresight->keys, 0, FORESIGHT_TILES};
    if (page->whole || !(foresight->across || foresight->down || foresight->zoom))
        return list;
    struct view next = next_view(foresight);
    struct tile_span now = tiles_of(&foresight->last, page->index);
    struct tile_span then = tiles_of(&next, page->index);
    int32_t tiles = then.columns * then.rows;
    if (tiles > FORESIGHT_TILES || stand_in_cost(page, then) > FORESIGHT_SAMPLES)
        return list;
    tile_list_around(&list, then, then);
    int kept = 0;
    for (int i = 0; i < list.count && kept < room; i++)
        if (!holds(&now, list.keys[i]))
            list.keys[kept++] = list.keys[i];
    list.count = kept;
    return list;
}
