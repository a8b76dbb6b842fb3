/* The tone panel's list of presets, what saves and deletes them, and its option menu: mouse and
 * keys. See tonepanel_parts.h. */
#include <stdio.h>
#include <string.h>

#include "tonepanel_parts.h"

/* ---- the list ---- */

static int last_top(const struct tonepanel *panel, struct canvas *canvas)
{
    int top = panel->look.preset_count - tone_list_rows(canvas);
    return top > 0 ? top : 0;
}

/* What can be saved under its name again has it in the field. */
static void choose(struct tonepanel *panel, int row)
{
    const struct tone_preset *preset = &panel->look.presets[row];
    panel->row = row;
    panel->fields_changed |= preset->own;
    if (preset->own)
        textfield_set(&panel->name, preset->name);
}

enum tone_answer tone_use_preset(struct tonepanel *panel, int row)
{
    char script[64];
    if (row < 0 || row >= panel->look.preset_count)
        return TONE_TOOK;
    choose(panel, row);
    snprintf(script, sizeof script, "preset %s", panel->look.presets[row].name);
    return tone_run(panel, script);
}

enum tone_answer tone_press_list(struct tonepanel *panel, struct canvas *canvas, int y)
{
    struct rect list = tone_inner(tonepanel_spot(canvas, TONE_PRESETS));
    if (y < list.y || y >= list.y + list.height)
        return TONE_TOOK;
    return tone_use_preset(panel, panel->top + (y - list.y) / tone_row_height(canvas));
}

static void scroll_to(struct tonepanel *panel, struct canvas *canvas, int top)
{
    int last = last_top(panel, canvas);
    panel->top = top < 0 ? 0 : top > last ? last : top;
}

void tone_fit_list(struct tonepanel *panel, struct canvas *canvas)
{
    int count = panel->look.preset_count;
    if (panel->row >= count)
        panel->row = count > 0 ? count - 1 : 0;
    scroll_to(panel, canvas, panel->top);
}

enum tone_answer tone_wheel_list(struct tonepanel *panel, struct canvas *canvas, int step)
{
    if (!tone_list_rows(canvas))
        return TONE_TOOK;
    scroll_to(panel, canvas, panel->top + step);
    return TONE_CHANGED;
}

enum tone_answer tone_step_list(struct tonepanel *panel, struct canvas *canvas, int step)
{
    int row = panel->row + step, rows = tone_list_rows(canvas);
    if (row < 0 || row >= panel->look.preset_count)
        return TONE_CHANGED;
    choose(panel, row);
    if (row < panel->top)
        scroll_to(panel, canvas, row);
    if (row >= panel->top + rows)
        scroll_to(panel, canvas, row - rows + 1);
    return TONE_CHANGED;
}

/* ---- names ---- */

enum tone_answer tone_save_preset(struct tonepanel *panel)
{
    char script[64];
    if (!panel->name.text[0])
        return TONE_TOOK;
    snprintf(script, sizeof script, "preset save %.*s", PRESET_NAME - 1, panel->name.text);
    return tone_run(panel, script);
}

enum tone_answer tone_delete_preset(struct tonepanel *panel)
{
    char script[64];
    if (panel->row >= panel->look.preset_count || !panel->look.presets[panel->row].own)
        return TONE_TOOK;
    snprintf(script, sizeof script, "preset delete %s", panel->look.presets[panel->row].name);
    textfield_set(&panel->name, "");
    panel->fields_changed = true;
    return tone_run(panel, script);
}

/* ---- the option menu, as Motif's: press, drag and release, or click and click ---- */

void tone_open_options(struct tonepanel *panel)
{
    panel->popped = (int)panel->look.window.map;
    panel->pop_held = false;
}

static int option_at(struct canvas *canvas, int x, int y)
{
    for (int row = 0; row < COLORMAPS; row++) {
        struct rect r = tonepanel_option(canvas, row);
        if (rect_holds(r, x, y))
            return row;
    }
    return -1;
}

static enum tone_answer take_option(struct tonepanel *panel, int row)
{
    char script[64];
    panel->popped = -1;
    if (row < 0)
        return TONE_CHANGED;
    snprintf(script, sizeof script, "colormap %s", colormap_names[row]);
    return tone_run(panel, script);
}

static enum tone_answer option_key(struct tonepanel *panel, const char *key)
{
    int step = !strcmp(key, "Down") ? 1 : !strcmp(key, "Up") ? -1 : 0;
    if (!strcmp(key, "Return") || !strcmp(key, "space"))
        return take_option(panel, panel->popped);
    if (!strcmp(key, "Escape"))
        return take_option(panel, -1);
    panel->popped = (panel->popped + step + COLORMAPS) % COLORMAPS;
    return step ? TONE_CHANGED : TONE_TOOK;
}

/* The release of a click leaves it open, over the row that was on. */
enum tone_answer tone_option_input(struct tonepanel *panel, const struct input *input,
                                   struct canvas *canvas)
{
    int row = option_at(canvas, input->x, input->y);
    switch (input->kind) {
    case INPUT_KEY:
        return option_key(panel, input->key);
    case INPUT_PRESS:
        return input->button == 1 ? take_option(panel, row) : TONE_TOOK;
    case INPUT_MOTION:
        if (row < 0 || row == panel->popped)
            return TONE_TOOK;
        panel->popped = row;
        return TONE_CHANGED;
    case INPUT_RELEASE:
        if (!panel->pop_held || row < 0 || row == (int)panel->look.window.map) {
            panel->pop_held = false;
            return TONE_TOOK;
        }
        return take_option(panel, row);
    case INPUT_LEAVE:
        break;
    }
    return TONE_NOT_MINE;
}
