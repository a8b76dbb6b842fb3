/* The tools that change window and view: see ui/tool.h. Owns nothing; it must never know how a view
 * or a window becomes a picture. */
#include <math.h>
#include <stdlib.h>

#include "tool_parts.h"

/* Of the auto window, where values are not whole numbers: so that a drag finds back from there. */
enum { NARROWEST_PART = 1000 };

/* A box of fewer pixels is a slip of the hand. So many lead to the next page. */
enum { BOX_LEAST = 4, PAGE_PIXELS = 12 };

/* What was not moved keeps what it had, so that the way back to the press restores it. */
static double moved_by(double then, double by, bool whole_number)
{
    return by != 0 && whole_number ? floor(then + by + 0.5) : then + by;
}

/* The window of the press, moved as the pointer was. What else changed meanwhile (invert by a key)
 * stays. */
void tool_window_move(struct gesture *gesture, const struct input *input,
                      struct gesture_stage *stage)
{
    if (!isfinite(stage->auto_width))
        return;
    const struct window *then = &gesture->window_then;
    double wider = (input->x - gesture->press_x) * stage->auto_width / stage->view->width;
    double down = (input->y - gesture->press_y) * stage->auto_width / stage->view->height;
    double darker = stage->map->level_down ? -down : down;
    struct window *window = stage->window;
    window->width = moved_by(then->width, wider, stage->whole_numbers);
    if (wider != 0)
        window->width =
            fmax(window->width, stage->whole_numbers ? 1 : stage->auto_width / NARROWEST_PART);
    window->center =
        moved_by(then->center, stage->flipped ? -darker : darker, stage->whole_numbers);
    window_fix(window);
}

/* The view of the press, but for what else changed meanwhile (its sizes, turns). */
static void restore_view(struct view *view, const struct view *then)
{
    view->mode = then->mode;
    view->zoom = then->zoom;
    view->center_x = then->center_x;
    view->center_y = then->center_y;
}

void tool_pan_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    int dx = input->x - gesture->press_x, dy = input->y - gesture->press_y;
    restore_view(stage->view, &gesture->view_then);
    if (dx || dy)
        view_pan(stage->view, dx, dy);
}

void tool_zoom_at_pixel(struct view *view, double zoom, int x, int y)
{
    view_zoom_about(view, zoom, x + 0.5, y + 0.5);
}

void tool_zoom_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    int dy = input->y - gesture->press_y;
    restore_view(stage->view, &gesture->view_then);
    if (dy)
        tool_zoom_at_pixel(stage->view, stage->view->zoom * exp2(-dy / (double)GESTURE_ZOOM_PIXELS),
                           gesture->press_x, gesture->press_y);
}

void tool_page_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    int pages = (input->y - gesture->press_y) / PAGE_PIXELS;
    (void)stage;
    gesture->pages += pages - gesture->dragged_pages;
    gesture->dragged_pages = pages;
}

/* Its corners lie on the page, so that it stays there when the view changes under the hand. */
void tool_box_move(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    struct measure *draft = &gesture->draft;
    *draft = (struct measure){.kind = MEASURE_RECTANGLE};
    view_to_image(stage->view, gesture->press_x, gesture->press_y, &draft->x[0], &draft->y[0]);
    view_to_image(stage->view, input->x, input->y, &draft->x[1], &draft->y[1]);
    gesture->drafting = true;
}

static bool is_box(const struct gesture *gesture, const struct input *input)
{
    return abs(input->x - gesture->press_x) >= BOX_LEAST &&
           abs(input->y - gesture->press_y) >= BOX_LEAST;
}

void tool_auto_release(struct gesture *gesture, const struct input *input,
                       struct gesture_stage *stage)
{
    (void)stage;
    gesture->drafting = false;
    gesture->boxed = is_box(gesture, input);
}

void tool_box_release(struct gesture *gesture, const struct input *input,
                      struct gesture_stage *stage)
{
    int across = abs(input->x - gesture->press_x), down = abs(input->y - gesture->press_y);
    struct view *view = stage->view;
    const struct measure *draft = &gesture->draft;
    gesture->drafting = false;
    if (!is_box(gesture, input))
        return;
    double by = fmin((double)view->width / across, (double)view->height / down);
    view_zoom_about(view, view->zoom * by, 0, 0);
    view_center(view, (draft->x[0] + draft->x[1]) / 2, (draft->y[0] + draft->y[1]) / 2);
}
