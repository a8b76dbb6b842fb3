/* The tone panel's fields: width, centre and gamma, and the name of a preset. See
 * tonepanel_parts.h. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "tonepanel_parts.h"

static void field_text(const struct tonepanel *panel, int spot, char *text, size_t room)
{
    const struct window *window = &panel->look.window;
    double value = spot == TONE_WIDTH     ? window->width
                   : spot == TONE_CENTER  ? window->center
                   : window_bends(window) ? window->gamma
                                          : 1;
    text[0] = 0;
    if (panel->look.open)
        snprintf(text, room, "%.8g", value);
}

static void fill(const struct tonepanel *panel, int spot, struct textfield *field)
{
    char text[TONE_TYPED];
    field_text(panel, spot, text, sizeof text);
    textfield_set(field, text);
    field->mark = 0;
}

void tone_end_typing(struct tonepanel *panel)
{
    panel->fields_changed |= panel->typing;
    panel->typing = panel->marking = false;
}

static enum tone_answer enter(struct tonepanel *panel)
{
    char *end;
    const char *text = panel->typing ? panel->entry.text : "";
    double value = strtod(text, &end);
    bool good = *text && !*end && isfinite(value);
    const struct window *window = &panel->look.window;
    bool width = panel->focus == TONE_WIDTH;
    tone_end_typing(panel);
    if (good && panel->focus == TONE_GAMMA)
        return tone_ask_power(panel, value);
    if (!good || (width && value <= 0))
        return TONE_CHANGED;
    panel->width = width ? value : window->width;
    panel->center = width ? window->center : value;
    return TONE_WINDOW;
}

/* What keys by these names put into the field; 0: nothing. */
static char letter_of(const char *key, bool name)
{
    static const struct {
        const char *key;
        char number, name;
    } others[] = {{"period", '.', '.'},
                  {"comma", '.', 0},
                  {"minus", '-', '-'},
                  {"plus", '+', 0},
                  {"underscore", 0, '_'}};
    bool plain = !key[1] && (name ? isalnum((unsigned char)key[0])
                                  : isdigit((unsigned char)key[0]) || key[0] == 'e');
    if (plain)
        return key[0];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(others[i].key, key))
            return name ? others[i].name : others[i].number;
    return 0;
}

static bool edits(const struct input *input)
{
    static const char *const keys[] = {"BackSpace", "Delete", "Left", "Right", "Home", "End"};
    if (input->modifiers & MODIFIER_CONTROL)
        return !strcmp(input->key, "a") || !strcmp(input->key, "u");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strcmp(input->key, keys[i]))
            return true;
    return false;
}

static bool is_full(const struct textfield *field, bool name)
{
    const char *from;
    size_t room = name ? PRESET_NAME : TONE_TYPED;
    return strlen(field->text) - textfield_selected(field, &from) + 1 >= room;
}

/* A number that is typed into begins with the one there is, all of it selected. */
enum tone_answer tone_field_key(struct tonepanel *panel, const struct input *input)
{
    bool name = panel->focus == TONE_NAME, control = input->modifiers & MODIFIER_CONTROL;
    struct textfield *field = name ? &panel->name : &panel->entry;
    struct input typed = *input;
    if (!strcmp(input->key, "Return"))
        return name ? tone_save_preset(panel) : enter(panel);
    typed.text[0] = control ? 0 : letter_of(input->key, name);
    typed.text[1] = 0;
    if (!edits(input) && !typed.text[0])
        return TONE_NOT_MINE;
    if (!name && !panel->typing)
        fill(panel, panel->focus, field);
    panel->typing |= !name;
    panel->fields_changed = true;
    if (!edits(input) && is_full(field, name))
        return TONE_TOOK;
    textfield_key(field, &typed);
    return TONE_CHANGED;
}

void tone_press_field(struct tonepanel *panel, struct canvas *canvas, const struct input *input)
{
    panel->fields_changed = true;
    if (panel->focus != TONE_NAME)
        return;
    panel->marking = true;
    textfield_press(&panel->name, canvas, tonepanel_spot(canvas, TONE_NAME), input);
}

enum tone_answer tone_drag_field(struct tonepanel *panel, struct canvas *canvas, int x)
{
    panel->fields_changed = true;
    textfield_drag(&panel->name, canvas, tonepanel_spot(canvas, TONE_NAME), x);
    return TONE_CHANGED;
}

/* ---- looks ---- */

bool tone_field_differs(const struct tonepanel *panel, int spot)
{
    bool focus = panel->focus == spot;
    return focus != (panel->focus_drawn == spot) || (focus && panel->fields_changed);
}

/* With the keyboard as what is typed into, else as its text alone: that takes few bytes while the
 * window is dragged. */
void tone_draw_field(const struct tonepanel *panel, struct canvas *canvas, int spot, bool whole)
{
    struct rect r = tonepanel_spot(canvas, (enum tone_spot)spot), inner = tone_inner(r);
    char text[2 * TONE_TYPED];
    bool name = spot == TONE_NAME, hint = name && !panel->name.text[0];
    if (panel->focus == spot) {
        struct textfield field = name ? panel->name : panel->entry;
        if (!name && !panel->typing)
            fill(panel, spot, &field);
        textfield_draw(&field, canvas, r, true);
        return;
    }
    if (whole || panel->focus_drawn == spot) {
        canvas_fill(canvas, INK_PAPER, inner);
        canvas_bevel(canvas, r, TONE_SHADOW, true);
    }
    field_text(panel, spot, text, TONE_TYPED);
    language_numbers(text);
    const char *shown = hint ? _("name") : name ? panel->name.text : text;
    inner.x += TEXTFIELD_PAD;
    inner.width -= 2 * TEXTFIELD_PAD;
    tone_draw_text(canvas, inner, hint ? INK_DIM : INK_PRINT, INK_PAPER, shown);
}
