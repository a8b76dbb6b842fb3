/* What the mouse does on the image: drags, the wheel and the double click, as rows of a table.
 * Owns the drag under way; it must never know how a view or a window becomes a picture. */
#include "ui/gesture.h"

#include <math.h>
#include <stdlib.h>

/* Of the auto window, where values are not whole numbers: so that a drag finds back from there. */
enum { NARROWEST_PART = 1000 };

enum { LEFT = 1, MIDDLE, RIGHT, WHEEL_UP, WHEEL_DOWN };

void gesture_init(struct gesture *gesture)
{
    *gesture = (struct gesture){.click_time = INT64_MIN};
}

void gesture_cancel(struct gesture *gesture)
{
    gesture->button = 0;
    gesture->click_time = INT64_MIN;
}

/* What was not moved keeps what it had, so that the way back to the press restores it. */
static double moved_by(double then, double by, bool whole_number)
{
    return by != 0 && whole_number ? floor(then + by + 0.5) : then + by;
}

/* The window of the press, moved by (dx, dy) pixels. What else changed meanwhile (invert by a key)
 * stays. */
static void drag_tone(const struct gesture *gesture, int dx, int dy, struct gesture_stage *stage)
{
    if (!isfinite(stage->auto_width))
        return;
    const struct window *then = &gesture->window_then;
    double wider = dx * stage->auto_width / stage->view->width;
    double darker = dy * stage->auto_width / stage->view->height;
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

static void drag_pan(const struct gesture *gesture, int dx, int dy, struct gesture_stage *stage)
{
    restore_view(stage->view, &gesture->view_then);
    if (dx || dy)
        view_pan(stage->view, dx, dy);
}

/* The middle of a pixel, so that the sample under the pointer stays under it. */
static void zoom_at_pixel(struct view *view, double zoom, int x, int y)
{
    view_zoom_about(view, zoom, x + 0.5, y + 0.5);
}

static void drag_zoom(const struct gesture *gesture, int dx, int dy, struct gesture_stage *stage)
{
    (void)dx;
    restore_view(stage->view, &gesture->view_then);
    if (dy)
        zoom_at_pixel(stage->view, stage->view->zoom * exp2(-dy / (double)GESTURE_ZOOM_PIXELS),
                      gesture->press_x, gesture->press_y);
}

static const struct drag {
    int button;
    void (*move)(const struct gesture *gesture, int dx, int dy, struct gesture_stage *stage);
} drags[] = {{LEFT, drag_tone}, {MIDDLE, drag_pan}, {RIGHT, drag_zoom}};

enum { DRAGS = sizeof drags / sizeof drags[0] };

static const struct wheel {
    int button;
    double factor;
    int pages;
} wheels[] = {{WHEEL_UP, GESTURE_WHEEL_FACTOR, -1}, {WHEEL_DOWN, 1 / GESTURE_WHEEL_FACTOR, 1}};

enum { WHEELS = sizeof wheels / sizeof wheels[0] };

static void turn_wheel(struct gesture *gesture, const struct wheel *wheel,
                       const struct input *input, struct gesture_stage *stage)
{
    if (stage->paged && !(input->modifiers & MODIFIER_CONTROL))
        gesture->pages += wheel->pages;
    else
        zoom_at_pixel(stage->view, stage->view->zoom * wheel->factor, input->x, input->y);
}

static void press(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    for (int i = 0; i < WHEELS; i++)
        if (wheels[i].button == input->button)
            turn_wheel(gesture, &wheels[i], input, stage);
    for (int i = 0; i < DRAGS; i++) {
        if (drags[i].button != input->button)
            continue;
        gesture->button = input->button;
        gesture->press_x = input->x;
        gesture->press_y = input->y;
        gesture->view_then = *stage->view;
        gesture->window_then = *stage->window;
        gesture->moved = false;
    }
}

static bool is_near(const struct input *input, int x, int y)
{
    return abs(input->x - x) <= GESTURE_DOUBLE_CLICK_PIXELS &&
           abs(input->y - y) <= GESTURE_DOUBLE_CLICK_PIXELS;
}

static void drag_to(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    if (!is_near(input, gesture->press_x, gesture->press_y))
        gesture->moved = true;
    for (int i = 0; i < DRAGS; i++)
        if (drags[i].button == gesture->button)
            drags[i].move(gesture, input->x - gesture->press_x, input->y - gesture->press_y, stage);
}

/* A press and its release with no drag between: the second of two fits. */
static void click(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    int64_t last = gesture->click_time;
    bool second = last != INT64_MIN && input->time_ms >= last &&
                  input->time_ms - last <= GESTURE_DOUBLE_CLICK_MS &&
                  is_near(input, gesture->click_x, gesture->click_y);
    gesture->click_time = second ? INT64_MIN : input->time_ms;
    gesture->click_x = input->x;
    gesture->click_y = input->y;
    if (second)
        view_fit(stage->view);
}

static void release(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    drag_to(gesture, input, stage);
    bool clicked = gesture->button == LEFT && !gesture->moved;
    gesture->button = 0;
    if (clicked)
        click(gesture, input, stage);
    else
        gesture->click_time = INT64_MIN;
}

static bool tone_differs(const struct window *a, const struct window *b)
{
    return a->width != b->width || a->center != b->center;
}

static bool view_differs(const struct view *a, const struct view *b)
{
    return a->mode != b->mode || a->zoom != b->zoom || a->center_x != b->center_x ||
           a->center_y != b->center_y;
}

/* The motion's own button is passed over: clients that send a press of theirs do not hold a real
 * button. A press of the drag's own button begins anew: its release was lost. */
int gesture_input(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    struct window window = *stage->window;
    struct view view = *stage->view;
    bool ours = gesture->button && input->button == gesture->button;
    switch (input->kind) {
    case INPUT_PRESS:
        if (!gesture->button || ours)
            press(gesture, input, stage);
        break;
    case INPUT_MOTION:
        if (gesture->button)
            drag_to(gesture, input, stage);
        break;
    case INPUT_RELEASE:
        if (ours)
            release(gesture, input, stage);
        break;
    case INPUT_KEY:
    case INPUT_LEAVE:
        break;
    }
    return (tone_differs(&window, stage->window) ? GESTURE_TONE : 0) +
           (view_differs(&view, stage->view) ? GESTURE_VIEW : 0);
}
