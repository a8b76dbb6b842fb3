/* The tools that measure: see ui/tool.h. A shape is drawn in the gesture (`draft`), or taken at a
 * corner or end where there is one of the tool's kind, and given away (`placed`) when the button
 * comes up. Owns nothing; it must never know of samples. */
#include <math.h>

#include "tool_parts.h"

static double clamp(double value, double most)
{
    return fmin(fmax(value, 0), most);
}

/* The image point in the middle of a pixel; on the page, its far edges included. */
static void point(const struct view *view, const struct input *input, double *x, double *y)
{
    view_to_image(view, input->x + 0.5, input->y + 0.5, x, y);
    *x = clamp(*x, (double)view->page_width);
    *y = clamp(*y, (double)view->page_height);
}

void tool_measure_press(struct gesture *gesture, const struct input *input,
                        struct gesture_stage *stage)
{
    struct measure *draft = &gesture->draft;
    const struct measure *under = stage->under;
    if (under && under->kind == gesture->tool->kind) {
        *draft = *under;
        draft->state = MEASURE_WAITS;
        measure_take(draft, stage->corner);
        gesture->drafting = true;
        return;
    }
    *draft = (struct measure){.kind = gesture->tool->kind};
    point(stage->view, input, &draft->x[0], &draft->y[0]);
    tool_measure_move(gesture, input, stage);
}

/* A distance along the nearer axis; the sides of a region alike. */
static void straighten(struct measure *draft)
{
    double dx = draft->x[1] - draft->x[0], dy = draft->y[1] - draft->y[0];
    double side = fmin(fabs(dx), fabs(dy));
    if (draft->kind != MEASURE_DISTANCE) {
        draft->x[1] = draft->x[0] + copysign(side, dx);
        draft->y[1] = draft->y[0] + copysign(side, dy);
    } else if (fabs(dx) > fabs(dy)) {
        draft->y[1] = draft->y[0];
    } else {
        draft->x[1] = draft->x[0];
    }
}

/* What is drawn is what will be: corners of regions on whole samples. */
void tool_measure_move(struct gesture *gesture, const struct input *input,
                       struct gesture_stage *stage)
{
    struct measure *draft = &gesture->draft;
    point(stage->view, input, &draft->x[1], &draft->y[1]);
    if (draft->kind == MEASURE_PROBE) {
        draft->x[0] = draft->x[1];
        draft->y[0] = draft->y[1];
    }
    if (input->modifiers & MODIFIER_SHIFT)
        straighten(draft);
    measure_snap(draft);
    gesture->drafting = true;
}

/* A probe is on the page; a shape has some size. */
static bool is_something(const struct measure *draft, const struct view *view)
{
    if (draft->kind == MEASURE_PROBE)
        return draft->x[0] < (double)view->page_width && draft->y[0] < (double)view->page_height;
    if (draft->kind == MEASURE_DISTANCE)
        return draft->x[0] != draft->x[1] || draft->y[0] != draft->y[1];
    return draft->x[0] != draft->x[1] && draft->y[0] != draft->y[1];
}

void tool_measure_release(struct gesture *gesture, const struct input *input,
                          struct gesture_stage *stage)
{
    (void)input;
    const struct measure *draft = &gesture->draft;
    bool moved = gesture->moved || (draft->kind == MEASURE_PROBE && !draft->number);
    gesture->drafting = false;
    gesture->placed = moved && is_something(draft, stage->view);
    measure_order(&gesture->draft);
}
