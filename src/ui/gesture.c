/* What the mouse does on the image: buttons to tools, the wheel and the double click, as rows of
 * tables. Owns the drag under way; it must never know how a view or a window becomes a picture. */
#include "ui/gesture.h"

#include <stdlib.h>
#include <string.h>

#include "tool_parts.h"

enum { LEFT = 1, MIDDLE = 2, WHEEL_UP = 4, WHEEL_DOWN = 5 };

void gesture_init(struct gesture *gesture)
{
    *gesture = (struct gesture){.click_time = INT64_MIN};
}

void gesture_cancel(struct gesture *gesture)
{
    gesture->button = 0;
    gesture->drafting = false;
    gesture->click_time = INT64_MIN;
}

bool gesture_key(struct gesture *gesture, const struct input *input)
{
    if (!gesture->drafting || strcmp(input->key, "Escape") != 0)
        return false;
    gesture_cancel(gesture);
    return true;
}

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
        tool_zoom_at_pixel(stage->view, stage->view->zoom * wheel->factor, input->x, input->y);
}

/* NULL: the button drags nothing. */
static const struct tool *tool_of(const struct input *input, const struct gesture_stage *stage)
{
    const char *name = keymap_find_tool(stage->map, input);
    if (name && !strcmp(name, "tool"))
        return stage->tool ? stage->tool : tools;
    return name ? tool_find(name) : NULL;
}

static void press(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    const struct tool *tool = tool_of(input, stage);
    for (int i = 0; i < WHEELS; i++)
        if (wheels[i].button == input->button)
            turn_wheel(gesture, &wheels[i], input, stage);
    if (!tool)
        return;
    gesture->button = input->button;
    gesture->tool = tool;
    gesture->press_x = input->x;
    gesture->press_y = input->y;
    gesture->view_then = *stage->view;
    gesture->window_then = *stage->window;
    gesture->moved = gesture->drafting = false;
    gesture->dragged_pages = 0;
    if (tool->press)
        tool->press(gesture, input, stage);
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
    gesture->tool->move(gesture, input, stage);
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
    const struct tool *tool = gesture->tool;
    bool clicked = gesture->button == LEFT && !gesture->moved && !tool->clicks;
    gesture->pastes = gesture->button == MIDDLE && !gesture->moved;
    gesture->button = 0;
    if (tool->release)
        tool->release(gesture, input, stage);
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

static bool shape_differs(const struct measure *a, const struct measure *b)
{
    return memcmp(a->x, b->x, sizeof a->x) != 0 || memcmp(a->y, b->y, sizeof a->y) != 0;
}

/* The motion's own button is passed over: clients that send a press of theirs do not hold a real
 * button. A press of the drag's own button begins anew: its release was lost. */
int gesture_input(struct gesture *gesture, const struct input *input, struct gesture_stage *stage)
{
    struct window window = *stage->window;
    struct view view = *stage->view;
    struct measure draft = gesture->draft;
    bool drafting = gesture->drafting;
    gesture->placed = gesture->boxed = gesture->pastes = false;
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
           (view_differs(&view, stage->view) ? GESTURE_VIEW : 0) +
           (drafting != gesture->drafting || shape_differs(&draft, &gesture->draft) ? GESTURE_DRAFT
                                                                                    : 0) +
           (gesture->placed ? GESTURE_PLACED : 0) + (gesture->pastes ? GESTURE_PASTE : 0) +
           (gesture->boxed ? GESTURE_BOX : 0);
}
