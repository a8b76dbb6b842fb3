/* View geometry: see render/view.h. A view is plain data of the caller's; nothing here knows of
 * tiles' contents or of pixels in memory. */
#include "render/view.h"

#include <math.h>

enum { POINT = 32 }; /* bits of an axis's fixed point */

static const int64_t PART = (1LL << POINT) - 1, HALF = 1LL << (POINT - 1);

/* A window axis as it lies on the upright page. */
struct direction {
    bool along_x;
    int sign; /* -1: the page runs backwards */
};

static struct direction window_direction(const struct view *view, int which)
{
    static const struct direction upright[4][2] = {
        {{true, 1}, {false, 1}},
        {{false, -1}, {true, 1}},
        {{true, -1}, {false, -1}},
        {{false, 1}, {true, -1}},
    };
    struct direction direction = upright[view->turns & 3][which];
    if (view->mirrored && direction.along_x)
        direction.sign = -direction.sign;
    return direction;
}

/* How the upright page lies in the file: with its x axis along the stored y axis where `lying`; an
 * axis that is `back` is stored from its far end. TIFF 6.0, Orientation: which sides of the upright
 * page the stored row 0 and column 0 are. */
struct lie {
    bool lying, back_x, back_y;
};

static const struct lie *view_lie(const struct view *view)
{
    static const struct lie lies[9] = {
        [2] = {false, true, false}, [3] = {false, true, true}, [4] = {false, false, true},
        [5] = {true, false, false}, [6] = {true, true, false}, [7] = {true, true, true},
        [8] = {true, false, true},
    };
    return &lies[view->orientation > 0 && view->orientation < 9 ? view->orientation : 0];
}

static double zoom_for(const struct view *view, bool all)
{
    bool lying = view->turns & 1;
    double across = view->width / (double)(lying ? view->page_height : view->page_width);
    double down = view->height / (double)(lying ? view->page_width : view->page_height);
    double zoom = all ? fmin(across, down) : fmax(across, down);
    return fmin(zoom, VIEW_ZOOM_MAX);
}

/* Steps of a wheel multiply up to a hair beside 1 or 2 or 1/2; there the picture is sharper. */
static double snap_zoom(double zoom)
{
    double near = zoom >= 1 ? round(zoom) : ldexp(1, (int)lround(log2(zoom)));
    return fabs(zoom - near) < 1e-9 * near ? near : zoom;
}

static double clamp_zoom(const struct view *view, double zoom)
{
    double least = fmin(VIEW_ZOOM_MIN, zoom_for(view, true));
    if (!(zoom > least))
        return least;
    return zoom < VIEW_ZOOM_MAX ? snap_zoom(zoom) : VIEW_ZOOM_MAX;
}

/* NaN becomes `low`. */
static double clamp_point(double value, double low, double high)
{
    return value > high ? high : value > low ? value : low;
}

static void center_page(struct view *view)
{
    view->center_x = (double)view->page_width / 2;
    view->center_y = (double)view->page_height / 2;
}

/* FIT and FILL follow; a free view only keeps to its limits. */
static void follow(struct view *view)
{
    switch (view->mode) {
    case VIEW_FIT:
        view_fit(view);
        break;
    case VIEW_FILL:
        view_fill(view);
        break;
    case VIEW_FREE:
        view->zoom = clamp_zoom(view, view->zoom);
        break;
    }
}

void view_init(struct view *view, int width, int height, int64_t page_width, int64_t page_height)
{
    *view = (struct view){.width = width,
                          .height = height,
                          .page_width = page_width,
                          .page_height = page_height,
                          .orientation = 1};
    view_fit(view);
}

void view_resize(struct view *view, int width, int height)
{
    view->width = width;
    view->height = height;
    follow(view);
}

void view_page(struct view *view, int64_t page_width, int64_t page_height)
{
    double across = (double)page_width / (double)view->page_width;
    double down = (double)page_height / (double)view->page_height;
    view->page_width = page_width;
    view->page_height = page_height;
    follow(view);
    if (view->mode == VIEW_FREE)
        view_center(view, view->center_x * across, view->center_y * down);
}

void view_orient(struct view *view, int orientation)
{
    view->orientation = orientation;
}

void view_to_stored(const struct view *view, int64_t x, int64_t y, int64_t *stored_x,
                    int64_t *stored_y)
{
    const struct lie *lie = view_lie(view);
    int64_t along = lie->back_x ? view->page_width - 1 - x : x;
    int64_t down = lie->back_y ? view->page_height - 1 - y : y;
    *stored_x = lie->lying ? down : along;
    *stored_y = lie->lying ? along : down;
}

void view_from_stored(const struct view *view, int64_t stored_x, int64_t stored_y, int64_t *x,
                      int64_t *y)
{
    const struct lie *lie = view_lie(view);
    int64_t along = lie->lying ? stored_y : stored_x;
    int64_t down = lie->lying ? stored_x : stored_y;
    *x = lie->back_x ? view->page_width - 1 - along : along;
    *y = lie->back_y ? view->page_height - 1 - down : down;
}

void view_fit(struct view *view)
{
    view->mode = VIEW_FIT;
    view->zoom = zoom_for(view, true);
    center_page(view);
}

void view_fill(struct view *view)
{
    view->mode = VIEW_FILL;
    view->zoom = zoom_for(view, false);
    center_page(view);
}

/* Adds to the centre the way that (dx, dy) window pixels are on the page, before any rounding. */
static void shift_center(struct view *view, double dx, double dy, double zoom)
{
    struct direction across = window_direction(view, 0), down = window_direction(view, 1);
    double x = across.along_x ? across.sign * dx : down.sign * dy;
    double y = across.along_x ? down.sign * dy : across.sign * dx;
    view->center_x += x / zoom;
    view->center_y += y / zoom;
}

void view_zoom_about(struct view *view, double zoom, double px, double py)
{
    double dx = px - view->width / 2.0, dy = py - view->height / 2.0;
    /* The unrounded place is kept, so that zooming to and fro does not creep. */
    shift_center(view, dx, dy, view->zoom);
    view->zoom = clamp_zoom(view, zoom);
    shift_center(view, -dx, -dy, view->zoom);
    view->mode = VIEW_FREE;
}

void view_pan(struct view *view, double dx, double dy)
{
    double x = view->center_x, y = view->center_y;
    shift_center(view, -dx, -dy, view->zoom);
    /* Zooming may have put the centre off the page: then it goes no further. */
    view->center_x = clamp_point(view->center_x, fmin(x, 0), fmax(x, (double)view->page_width));
    view->center_y = clamp_point(view->center_y, fmin(y, 0), fmax(y, (double)view->page_height));
    view->mode = VIEW_FREE;
}

void view_center(struct view *view, double x, double y)
{
    view->center_x = clamp_point(x, 0, (double)view->page_width);
    view->center_y = clamp_point(y, 0, (double)view->page_height);
    view->mode = VIEW_FREE;
}

void view_turn(struct view *view, int quarters)
{
    view->turns = (view->turns + quarters) & 3;
    follow(view);
}

void view_flip_horizontal(struct view *view)
{
    view->turns = -view->turns & 3;
    view->mirrored = !view->mirrored;
}

void view_flip_vertical(struct view *view)
{
    view->turns = (2 - view->turns) & 3;
    view->mirrored = !view->mirrored;
}

int view_reduction(const struct view *view)
{
    int reduction = 0;
    while (reduction < TILE_REDUCTION_MAX && ldexp(view->zoom, reduction + 1) <= 1)
        reduction++;
    reduction += view->coarser;
    return reduction < TILE_REDUCTION_MAX ? reduction : TILE_REDUCTION_MAX;
}

/* Whether samples of the reduction and pixels coincide: `scaled` pixels for a sample. */
static bool whole_scale(double scaled)
{
    return scaled >= 1 && scaled == floor(scaled);
}

static void set_part(struct view_axis *axis, int64_t part)
{
    axis->whole += part >> POINT;
    axis->part = part & PART;
}

/* The same axis counted from the far end of a page of `size` samples, exactly. */
static void count_back(struct view_axis *axis, int64_t size, int reduction)
{
    int64_t size_part = size << (POINT - reduction) & PART;
    axis->whole = (size >> reduction) - axis->whole;
    set_part(axis, size_part - axis->part);
    axis->step = -axis->step;
}

/* Rounds the origin: half up, as seen on the upright page. */
static void round_origin(struct view_axis *axis, bool back)
{
    axis->whole += back ? axis->part > HALF : axis->part >= HALF;
    axis->part = 0;
}

struct view_axis view_axis(const struct view *view, int which)
{
    const struct lie *lie = view_lie(view);
    struct direction direction = window_direction(view, which);
    bool back = direction.along_x ? lie->back_x : lie->back_y;
    int reduction = view_reduction(view);
    double scaled = ldexp(view->zoom, reduction);
    int64_t size = direction.along_x ? view->page_width : view->page_height;
    double center = direction.along_x ? view->center_x : view->center_y;
    double half = (which ? view->height : view->width) / 2.0;
    double origin = ldexp(center - direction.sign * (half / view->zoom), -reduction);
    double whole = floor(origin);
    struct view_axis axis = {.whole = (int64_t)whole,
                             .part = (int64_t)ldexp(origin - whole, POINT),
                             .step =
                                 direction.sign * (int64_t)floor(ldexp(1 / scaled, POINT) + 0.5),
                             .samples = reduced_size(size, reduction),
                             .along_x = direction.along_x != lie->lying};
    if (back)
        count_back(&axis, size, reduction);
    if (whole_scale(scaled))
        round_origin(&axis, back);
    else if (back && axis.step % 2 == 0)
        /* Pixels' centres may fall between two samples: a hair keeps them on the upright side. */
        set_part(&axis, axis.part - 1);
    return axis;
}

static double axis_point(const struct view_axis *axis, double pixel)
{
    return (double)axis->whole + ldexp((double)axis->part + pixel * (double)axis->step, -POINT);
}

static double axis_pixel(const struct view_axis *axis, double point)
{
    double from_origin = point - (double)axis->whole - ldexp((double)axis->part, -POINT);
    return ldexp(from_origin, POINT) / (double)axis->step;
}

/* Counts a point of the upright page from where it is stored, and back again. */
static void turn_back(const struct view *view, double *x, double *y)
{
    const struct lie *lie = view_lie(view);
    *x = lie->back_x ? (double)view->page_width - *x : *x;
    *y = lie->back_y ? (double)view->page_height - *y : *y;
}

void view_to_image(const struct view *view, double px, double py, double *x, double *y)
{
    struct view_axis across = view_axis(view, 0), down = view_axis(view, 1);
    int reduction = view_reduction(view);
    double along = ldexp(axis_point(&across, px), reduction);
    double other = ldexp(axis_point(&down, py), reduction);
    bool along_x = window_direction(view, 0).along_x;
    *x = along_x ? along : other;
    *y = along_x ? other : along;
    turn_back(view, x, y);
}

void view_from_image(const struct view *view, double x, double y, double *px, double *py)
{
    struct view_axis across = view_axis(view, 0), down = view_axis(view, 1);
    int reduction = view_reduction(view);
    bool along_x = window_direction(view, 0).along_x;
    turn_back(view, &x, &y);
    *px = axis_pixel(&across, ldexp(along_x ? x : y, -reduction));
    *py = axis_pixel(&down, ldexp(along_x ? y : x, -reduction));
}
