/* The tone panel's behaviour: mouse and keys. See ui/tonepanel.h. */
#include "tonepanel_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = 8 /* beside a handle's middle */ };

void tonepanel_init(struct tonepanel *panel)
{
    *panel = (struct tonepanel){.focus = -1,
                                .focus_drawn = -1,
                                .armed = -1,
                                .down_drawn = -1,
                                .popped = -1,
                                .popped_drawn = -1};
    panel->look.preset = panel->drawn.preset = -1;
}

/* ---- what is asked for ---- */

static enum tone_answer ask_window(struct tonepanel *panel, double width, double center)
{
    panel->width = panel->look.whole ? fmax(floor(width + 0.5), 1) : width;
    panel->center = panel->look.whole ? floor(center + 0.5) : center;
    return panel->width > 0 ? TONE_WINDOW : TONE_TOOK;
}

enum tone_answer tone_run(struct tonepanel *panel, const char *script)
{
    snprintf(panel->script, sizeof panel->script, "%s", script);
    return TONE_SCRIPT;
}

/* Two decimals: what is typed and what a scale gives are alike. */
enum tone_answer tone_ask_power(struct tonepanel *panel, double power)
{
    power = floor(power * 100 + 0.5) / 100;
    panel->power = fmin(fmax(power, WINDOW_GAMMA_LEAST), WINDOW_GAMMA_MOST);
    return TONE_POWER;
}

static enum tone_answer activate(struct tonepanel *panel, int spot)
{
    static const char *const scripts[TONE_SPOTS] = {[TONE_LINEAR] = "voi linear",
                                                    [TONE_LINEAR_EXACT] = "voi linear-exact",
                                                    [TONE_SIGMOID] = "voi sigmoid",
                                                    [TONE_INVERT] = "invert",
                                                    [TONE_AUTO] = "auto",
                                                    [TONE_LOG] = "histogram",
                                                    [TONE_LOCK] = "lock"};
    if (spot == TONE_PRESETS)
        return tone_use_preset(panel, panel->row);
    if (spot == TONE_SAVE || spot == TONE_DELETE)
        return spot == TONE_SAVE ? tone_save_preset(panel) : tone_delete_preset(panel);
    if (spot == TONE_MAP && panel->look.gray) {
        tone_open_options(panel);
        return TONE_CHANGED;
    }
    return spot >= 0 && scripts[spot] ? tone_run(panel, scripts[spot]) : TONE_TOOK;
}

/* ---- drags ---- */

static enum tone_grip grip_at(const struct tonepanel *panel, struct canvas *canvas, int x,
                              int *distance)
{
    static const enum tone_grip grips[] = {TONE_LOW, TONE_HIGH, TONE_MIDDLE};
    enum tone_grip nearest = TONE_NO_GRIP;
    *distance = REACH + 1;
    for (int i = 0; i < 3; i++) {
        int at, y;
        tonepanel_handle(panel, canvas, grips[i], &at, &y);
        if (abs(x - at) < abs(*distance)) {
            *distance = x - at;
            nearest = grips[i];
        }
    }
    return nearest;
}

static enum tone_answer drag_handle(struct tonepanel *panel, struct canvas *canvas, int x)
{
    const struct tone_look *look = &panel->look;
    const struct window *then = &panel->before;
    double value = tone_value_at(look, tone_column_at(tone_bars(canvas), x - panel->grip_x));
    double low = then->center - then->width / 2, high = then->center + then->width / 2;
    double least = look->whole ? 1 : (look->most - look->least) / 1000;
    if (panel->grip == TONE_LOW)
        return ask_window(panel, fmax(high - value, least), (fmin(value, high - least) + high) / 2);
    if (panel->grip == TONE_HIGH)
        return ask_window(panel, fmax(value - low, least), (low + fmax(value, low + least)) / 2);
    return ask_window(panel, then->width, value);
}

static int slider_left(const struct tonepanel *panel, struct canvas *canvas, enum tone_spot scale)
{
    struct rect trough = tone_inner(tonepanel_spot(canvas, scale));
    return trough.x +
           (int)(tone_scale_place(&panel->look, scale) * (trough.width - TONE_SLIDER) + 0.5);
}

static enum tone_answer set_scale(struct tonepanel *panel, enum tone_spot scale, double place)
{
    double value = tone_scale_value(&panel->look, scale, fmin(fmax(place, 0), 1));
    const struct window *window = &panel->look.window;
    if (scale == TONE_GAMMA_SCALE)
        return tone_ask_power(panel, value);
    return scale == TONE_WIDTH_SCALE ? ask_window(panel, value, window->center)
                                     : ask_window(panel, window->width, value);
}

static enum tone_answer drag_slider(struct tonepanel *panel, struct canvas *canvas, int x)
{
    enum tone_spot scale = (enum tone_spot)panel->gripped;
    struct rect trough = tone_inner(tonepanel_spot(canvas, scale));
    return set_scale(panel, scale,
                     (x - panel->grip_x - trough.x) / (double)(trough.width - TONE_SLIDER));
}

/* A press beside the slider moves it there by a tenth of the scale, as Motif's page increment. */
static enum tone_answer press_scale(struct tonepanel *panel, struct canvas *canvas, int spot, int x)
{
    int left = slider_left(panel, canvas, (enum tone_spot)spot);
    double place = tone_scale_place(&panel->look, (enum tone_spot)spot);
    if (x < left || x >= left + TONE_SLIDER)
        return set_scale(panel, (enum tone_spot)spot, place + (x < left ? -0.1 : 0.1));
    panel->grip = TONE_SLIDE;
    panel->gripped = spot;
    panel->grip_x = x - left;
    return TONE_CHANGED;
}

static enum tone_answer press_histogram(struct tonepanel *panel, struct canvas *canvas, int x)
{
    int distance;
    panel->grip = grip_at(panel, canvas, x, &distance);
    panel->gripped = TONE_HISTOGRAM;
    panel->grip_x = panel->grip == TONE_NO_GRIP ? 0 : distance;
    panel->before = panel->look.window;
    if (panel->grip != TONE_NO_GRIP)
        return TONE_CHANGED;
    panel->grip = TONE_MIDDLE; /* elsewhere the centre comes to the pointer */
    return drag_handle(panel, canvas, x);
}

/* ---- keys ---- */

static void go_to(struct tonepanel *panel, struct canvas *canvas, int step)
{
    int spot = panel->focus < 0 && step < 0 ? 0 : panel->focus;
    tone_end_typing(panel);
    for (int i = 0; i < TONE_SPOTS; i++) {
        spot = (spot + step + TONE_SPOTS) % TONE_SPOTS;
        if (!rect_empty(tonepanel_spot(canvas, (enum tone_spot)spot)))
            break;
    }
    panel->focus = spot;
}

void tonepanel_focus(struct tonepanel *panel, struct canvas *canvas, bool on)
{
    tone_end_typing(panel);
    panel->focus = -1;
    if (on)
        go_to(panel, canvas, 1);
}

void tonepanel_laid(struct tonepanel *panel, struct canvas *canvas)
{
    if (panel->focus >= 0 && rect_empty(tonepanel_spot(canvas, (enum tone_spot)panel->focus)))
        tonepanel_focus(panel, canvas, false);
    if (rect_empty(tonepanel_spot(canvas, TONE_MAP)))
        panel->popped = -1;
}

static enum tone_answer nudge_histogram(struct tonepanel *panel, int step)
{
    const struct window *window = &panel->look.window;
    double by = tone_value_at(&panel->look, step) - tone_value_at(&panel->look, 0);
    if (panel->look.whole)
        by = step * fmax(fabs(by), 1);
    return ask_window(panel, window->width, window->center + by);
}

static enum tone_answer arrow_key(struct tonepanel *panel, struct canvas *canvas, int step,
                                  bool vertical)
{
    int spot = panel->focus;
    if (tone_is_scale(spot))
        return set_scale(panel, (enum tone_spot)spot,
                         tone_scale_place(&panel->look, (enum tone_spot)spot) +
                             (vertical ? -step : step) / 100.0);
    if (spot == TONE_HISTOGRAM)
        return nudge_histogram(panel, vertical ? -step : step);
    if (tone_is_radio(spot)) {
        panel->focus = TONE_LINEAR + (spot - TONE_LINEAR + step + 3) % 3;
        return activate(panel, panel->focus);
    }
    return spot == TONE_PRESETS ? tone_step_list(panel, canvas, step) : TONE_CHANGED;
}

static enum tone_answer key(struct tonepanel *panel, const struct input *input,
                            struct canvas *canvas)
{
    static const struct {
        const char *key;
        int step;
        bool vertical;
    } arrows[] = {{"Right", 1, false}, {"Left", -1, false}, {"Down", 1, true}, {"Up", -1, true}};
    bool field = tone_is_field(panel->focus), control = input->modifiers & MODIFIER_CONTROL;
    if (panel->focus < 0 || input->modifiers & MODIFIER_ALT || (control && !field))
        return TONE_NOT_MINE;
    if (!strcmp(input->key, "Escape")) {
        tonepanel_focus(panel, canvas, false);
        return TONE_CHANGED;
    }
    if (!strcmp(input->key, "Tab")) {
        go_to(panel, canvas, input->modifiers & MODIFIER_SHIFT ? -1 : 1);
        return TONE_CHANGED;
    }
    enum tone_answer answer = field ? tone_field_key(panel, input) : TONE_NOT_MINE;
    if (answer != TONE_NOT_MINE || control)
        return answer;
    for (int i = 0; i < 4; i++)
        if (!strcmp(input->key, arrows[i].key))
            return arrow_key(panel, canvas, arrows[i].step, arrows[i].vertical);
    if (!strcmp(input->key, "Return") || !strcmp(input->key, "space"))
        return activate(panel, panel->focus);
    return TONE_NOT_MINE;
}

/* ---- the mouse ---- */

static int spot_at(struct canvas *canvas, int x, int y)
{
    for (int i = 0; i < TONE_SPOTS; i++)
        if (rect_holds(tonepanel_spot(canvas, (enum tone_spot)i), x, y))
            return i;
    return rect_holds(tone_ruler(canvas), x, y) ? TONE_HISTOGRAM : -1;
}

static enum tone_answer press(struct tonepanel *panel, struct canvas *canvas,
                              const struct input *input)
{
    int x = input->x, y = input->y, spot = spot_at(canvas, x, y);
    tone_end_typing(panel);
    panel->focus = tone_is_field(spot) ? spot : -1;
    if (spot == TONE_HISTOGRAM)
        return panel->look.counted ? press_histogram(panel, canvas, x) : TONE_TOOK;
    if (tone_is_scale(spot))
        return press_scale(panel, canvas, spot, x);
    if (spot == TONE_PRESETS)
        return tone_press_list(panel, canvas, y);
    if (spot == TONE_MAP) {
        activate(panel, spot);
        panel->pop_held = panel->popped >= 0;
        return TONE_CHANGED;
    }
    if (tone_is_field(spot)) {
        tone_press_field(panel, canvas, input);
        return TONE_CHANGED;
    }
    panel->armed = spot;
    panel->inside = true;
    return TONE_CHANGED;
}

static enum tone_answer move(struct tonepanel *panel, struct canvas *canvas, int x, int y)
{
    if (panel->grip == TONE_SLIDE)
        return drag_slider(panel, canvas, x);
    if (panel->grip != TONE_NO_GRIP)
        return drag_handle(panel, canvas, x);
    if (panel->marking)
        return tone_drag_field(panel, canvas, x);
    bool inside = panel->armed >= 0 && spot_at(canvas, x, y) == panel->armed;
    bool changed = inside != panel->inside;
    panel->inside = inside;
    return changed ? TONE_CHANGED : TONE_TOOK;
}

static enum tone_answer release(struct tonepanel *panel, struct canvas *canvas, int x, int y)
{
    int armed = panel->armed;
    enum tone_answer answer = TONE_CHANGED;
    if (panel->grip != TONE_NO_GRIP)
        answer = move(panel, canvas, x, y);
    panel->grip = TONE_NO_GRIP;
    panel->armed = -1;
    panel->marking = false;
    if (armed >= 0 && spot_at(canvas, x, y) == armed)
        return activate(panel, armed);
    return answer;
}

enum tone_answer tonepanel_input(struct tonepanel *panel, const struct input *input,
                                 struct canvas *canvas)
{
    if (panel->popped >= 0)
        return tone_option_input(panel, input, canvas);
    switch (input->kind) {
    case INPUT_KEY:
        return key(panel, input, canvas);
    case INPUT_PRESS:
        if (input->button == 4 || input->button == 5)
            return tone_wheel_list(panel, canvas, input->button == 4 ? -1 : 1);
        return input->button == 1 && panel->look.open ? press(panel, canvas, input) : TONE_TOOK;
    case INPUT_MOTION:
        return move(panel, canvas, input->x, input->y);
    case INPUT_RELEASE:
        return input->button == 1 ? release(panel, canvas, input->x, input->y) : TONE_TOOK;
    case INPUT_LEAVE:
        break;
    }
    return TONE_NOT_MINE;
}
