/* What the tone panel's list of presets and its option menu look like: see tonepanel_parts.h. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "tonepanel_parts.h"
#include "ui/text.h"

enum { LINE = 1, TEXT_PAD = 4, THUMB = 4, TAB = 12 };

/* ---- the list ---- */

static bool scrolls(const struct tonepanel *panel, struct canvas *canvas)
{
    return panel->look.preset_count > tone_list_rows(canvas);
}

static void draw_row(const struct tonepanel *panel, struct canvas *canvas, int place)
{
    struct rect list = tone_inner(tonepanel_spot(canvas, TONE_PRESETS));
    int row = panel->top + place, height = tone_row_height(canvas);
    struct rect r = {list.x, list.y + place * height,
                     list.width - (scrolls(panel, canvas) ? THUMB + 2 : 0), height};
    bool on = row == panel->look.preset, keyed = panel->focus == TONE_PRESETS && row == panel->row;
    enum ink back = on ? INK_SELECT : INK_PAPER;
    char values[40], cut[PRESET_NAME];
    canvas_fill(canvas, back, r);
    if (row >= panel->look.preset_count)
        return;
    const struct tone_preset *preset = &panel->look.presets[row];
    if (keyed)
        canvas_bevel(canvas, r, LINE, false);
    snprintf(values, sizeof values, "%g / %g", preset->width, preset->center);
    int right = canvas_text_width(canvas, values);
    int top = r.y + (height - tone_text_height(canvas)) / 2 + canvas->ascent;
    text_fit(canvas, preset->name, r.width - right - 3 * TEXT_PAD, cut, sizeof cut);
    canvas_text(canvas, INK_PRINT, back, r.x + TEXT_PAD, top, cut);
    canvas_text(canvas, INK_PRINT, back, r.x + r.width - right - TEXT_PAD, top, values);
}

/* How much of the list is seen, and where: a narrow trough at its right. */
static void draw_thumb(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect list = tone_inner(tonepanel_spot(canvas, TONE_PRESETS));
    int rows = tone_list_rows(canvas), count = panel->look.preset_count;
    if (!scrolls(panel, canvas))
        return;
    struct rect trough = {list.x + list.width - THUMB, list.y, THUMB, list.height};
    canvas_fill(canvas, INK_SELECT, trough);
    canvas_fill(canvas, INK_FOREGROUND,
                (struct rect){trough.x, list.y + list.height * panel->top / count, THUMB,
                              list.height * rows / count});
}

static void draw_note(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect list = tonepanel_spot(canvas, TONE_PRESETS);
    int row =
        panel->look.preset >= 0 && panel->focus != TONE_PRESETS ? panel->look.preset : panel->row;
    struct rect line = {list.x, list.y + list.height + 2, list.width, tone_text_height(canvas)};
    bool any = row < panel->look.preset_count;
    tone_draw_text(canvas, line, INK_DIM, INK_BACKGROUND, any ? panel->look.presets[row].note : "");
}

static void draw_buttons(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    static const struct {
        enum tone_spot spot;
        const char *word;
    } buttons[] = {{TONE_SAVE, N_("Save")}, {TONE_DELETE, N_("Delete")}};
    int down = panel->inside ? panel->armed : -1;
    for (int i = 0; i < 2; i++) {
        int spot = (int)buttons[i].spot;
        struct rect r = tonepanel_spot(canvas, buttons[i].spot);
        if (!rect_empty(r) && (whole || (down == spot) != (panel->down_drawn == spot)))
            tone_draw_button(canvas, r, down == spot, _(buttons[i].word));
    }
}

static bool list_differs(const struct tonepanel *panel)
{
    const struct tone_look *look = &panel->look, *drawn = &panel->drawn;
    bool focus = (panel->focus == TONE_PRESETS) != (panel->focus_drawn == TONE_PRESETS);
    return focus || panel->top != panel->top_drawn || panel->row != panel->row_drawn ||
           look->preset != drawn->preset || look->preset_count != drawn->preset_count ||
           look->listed != drawn->listed;
}

void tone_draw_presets(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    struct rect r = tonepanel_spot(canvas, TONE_PRESETS);
    if (rect_empty(r))
        return;
    if (whole) {
        int tall = tone_text_height(canvas);
        struct rect line = {r.x, r.y - tall - 2, r.width, tall};
        tone_draw_text(canvas, line, INK_FOREGROUND, INK_BACKGROUND, _("Presets: width / centre"));
        canvas_fill(canvas, INK_PAPER, tone_inner(r));
        canvas_bevel(canvas, r, TONE_SHADOW, true);
    }
    if (whole || list_differs(panel)) {
        for (int place = 0; place < tone_list_rows(canvas); place++)
            draw_row(panel, canvas, place);
        draw_thumb(panel, canvas);
        draw_note(panel, canvas);
    }
    if (!rect_empty(tonepanel_spot(canvas, TONE_NAME)) &&
        (whole || panel->fields_changed || tone_field_differs(panel, TONE_NAME)))
        tone_draw_field(panel, canvas, TONE_NAME, whole);
    draw_buttons(panel, canvas, whole);
}

/* ---- the option menu ---- */

static const char *const labels[COLORMAPS] = {N_("gray"),   N_("inverted"), N_("hot iron"),
                                              N_("PET"),    N_("spectrum"), N_("viridis"),
                                              N_("cividis")};

/* Raised, with Motif's little tab at its right. */
void tone_draw_option(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    struct rect r = tonepanel_spot(canvas, TONE_MAP), inner = tone_inner(r);
    const struct tone_look *look = &panel->look, *drawn = &panel->drawn;
    if (rect_empty(r) ||
        (!whole && look->window.map == drawn->window.map && look->gray == drawn->gray))
        return;
    if (whole)
        canvas_bevel(canvas, r, TONE_SHADOW, false);
    inner.x += TEXT_PAD;
    inner.width -= TEXT_PAD + TAB + 8;
    tone_draw_text(canvas, inner, look->gray ? INK_FOREGROUND : INK_BOTTOM_SHADOW, INK_BACKGROUND,
                   _(labels[look->window.map]));
    if (whole)
        canvas_bevel(canvas, (struct rect){r.x + r.width - TAB - 6, r.y + r.height / 2 - 4, TAB, 8},
                     TONE_SHADOW, false);
}

void tone_draw_options(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect first = tonepanel_option(canvas, 0);
    struct rect all = {first.x - TONE_SHADOW, first.y - TONE_SHADOW, first.width + 2 * TONE_SHADOW,
                       COLORMAPS * first.height + 2 * TONE_SHADOW};
    canvas_bevel(canvas, all, TONE_SHADOW, false);
    for (int row = 0; row < COLORMAPS; row++) {
        struct rect r = tonepanel_option(canvas, row);
        canvas_fill(canvas, INK_BACKGROUND, r);
        if (row == panel->popped)
            canvas_bevel(canvas, r, TONE_SHADOW, false);
        struct rect text = tone_inner(r);
        text.x += TEXT_PAD - TONE_SHADOW;
        text.width -= TEXT_PAD;
        tone_draw_text(canvas, text, INK_FOREGROUND, INK_BACKGROUND, _(labels[row]));
    }
}
