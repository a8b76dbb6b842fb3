/* The scroll bar: see ui/scrollbar.h. */
#include "ui/scrollbar.h"

#include "ui/bevel.h"

enum { SHADOW = 2, LEAST = 8 /* of a slider */, WHEEL_STEPS = 3 };

void scrollbar_init(struct scrollbar *bar)
{
    *bar = (struct scrollbar){.held = 0};
}

int scroll_clamp(const struct scroll_range *range, int top)
{
    int last = range->count - range->shown;
    top = top > last ? last : top;
    return top < 0 ? 0 : top;
}

static struct rect arrow_rect(struct rect rect, bool up)
{
    int side = rect.width - 2 * SHADOW;
    if (side > rect.height / 3)
        side = rect.height / 3;
    return (struct rect){rect.x + SHADOW,
                         up ? rect.y + SHADOW : rect.y + rect.height - SHADOW - side,
                         rect.width - 2 * SHADOW, side};
}

/* Between the arrows. */
static struct rect trough_rect(struct rect rect)
{
    struct rect up = arrow_rect(rect, true), down = arrow_rect(rect, false);
    int top = up.y + up.height + 1;
    return (struct rect){up.x, top, up.width, down.y - 1 - top};
}

static struct rect slider_rect(struct rect rect, const struct scroll_range *range)
{
    struct rect trough = trough_rect(rect);
    if (range->count <= range->shown || range->count < 1)
        return trough;
    int tall = (int)((int64_t)trough.height * range->shown / range->count);
    tall = tall < LEAST ? LEAST : tall;
    if (tall > trough.height)
        tall = trough.height;
    int last = range->count - range->shown;
    trough.y += (int)((int64_t)(trough.height - tall) * range->top / last);
    trough.height = tall;
    return trough;
}

static int press(struct scrollbar *bar, struct rect rect, const struct scroll_range *range,
                 const struct input *input)
{
    struct rect slider = slider_rect(rect, range);
    for (int way = -1; way <= 1; way += 2)
        if (rect_holds(arrow_rect(rect, way < 0), input->x, input->y)) {
            bar->held = way;
            return scroll_clamp(range, range->top + way * range->step);
        }
    if (rect_holds(slider, input->x, input->y)) {
        bar->drags = true;
        bar->grip = input->y - slider.y;
        return range->top;
    }
    bar->pages = input->y < slider.y ? -1 : 1;
    bar->at = input->y;
    return scroll_clamp(range, range->top + bar->pages * range->shown);
}

static int drag(const struct scrollbar *bar, struct rect rect, const struct scroll_range *range,
                int y)
{
    struct rect trough = trough_rect(rect), slider = slider_rect(rect, range);
    int way = trough.height - slider.height, last = range->count - range->shown;
    if (way < 1 || last < 1)
        return range->top;
    return scroll_clamp(
        range, (int)(((int64_t)(y - bar->grip - trough.y) * last + way / 2) / (int64_t)way));
}

int scrollbar_input(struct scrollbar *bar, struct rect rect, const struct scroll_range *range,
                    const struct input *input)
{
    if (input->kind == INPUT_PRESS && (input->button == 4 || input->button == 5))
        return scroll_clamp(range,
                            range->top + (input->button == 4 ? -1 : 1) * WHEEL_STEPS * range->step);
    if (input->kind == INPUT_PRESS && input->button == 1 && rect_holds(rect, input->x, input->y))
        return press(bar, rect, range, input);
    if (input->kind == INPUT_MOTION && bar->drags)
        return drag(bar, rect, range, input->y);
    if (input->kind == INPUT_RELEASE)
        scrollbar_init(bar);
    return range->top;
}

bool scrollbar_repeats(const struct scrollbar *bar)
{
    return bar->held || bar->pages;
}

int scrollbar_again(const struct scrollbar *bar, struct rect rect, const struct scroll_range *range)
{
    struct rect slider = slider_rect(rect, range);
    bool short_of = bar->pages < 0 ? bar->at < slider.y : bar->at >= slider.y + slider.height;
    int page = short_of ? bar->pages * range->shown : 0;
    return scroll_clamp(range, range->top + bar->held * range->step + page);
}

bool scrollbar_holds(const struct scrollbar *bar)
{
    return scrollbar_repeats(bar) || bar->drags;
}

void scrollbar_draw(const struct scrollbar *bar, struct canvas *canvas, struct rect rect,
                    const struct scroll_range *range)
{
    struct rect inner = {rect.x + SHADOW, rect.y + SHADOW, rect.width - 2 * SHADOW,
                         rect.height - 2 * SHADOW};
    struct rect slider = slider_rect(rect, range);
    canvas_fill(canvas, INK_SELECT, inner);
    canvas_bevel(canvas, rect, SHADOW, true);
    bevel_arrow(canvas, arrow_rect(rect, true), true, bar->held < 0);
    bevel_arrow(canvas, arrow_rect(rect, false), false, bar->held > 0);
    canvas_fill(canvas, INK_BACKGROUND, slider);
    canvas_bevel(canvas, slider, SHADOW, false);
}
