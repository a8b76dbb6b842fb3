/* What the tone panel looks like: see ui/tonepanel.h. What changed alone is drawn, inks one after
 * the other, for each change of ink is a request of its own. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "tonepanel_parts.h"
#include "ui/bevel.h"
#include "ui/text.h"

enum { LINE = 1, TEXT_PAD = 4 };

void tone_draw_text(struct canvas *canvas, struct rect r, enum ink ink, enum ink back,
                    const char *text)
{
    char cut[64];
    int width = text_fit(canvas, text, r.width, cut, sizeof cut);
    int top = r.y + (r.height - canvas->ascent - canvas->descent) / 2;
    canvas_text(canvas, ink, back, r.x, top + canvas->ascent, cut);
    canvas_fill(canvas, back,
                (struct rect){r.x + width, top, r.width - width, canvas->ascent + canvas->descent});
}

/* ---- the histogram ---- */

static int bar_top(const struct tonepanel *panel, struct rect box, int column)
{
    return box.y + box.height - panel->look.heights[column];
}

/* Behind the bars of columns [from, to): runs of equal bars are one rectangle. */
static void draw_ground(const struct tonepanel *panel, struct canvas *canvas, int from, int to,
                        enum ink ink)
{
    struct rect box = tone_bars(canvas);
    for (int at = from; at < to;) {
        int end = at + 1;
        while (end < to && panel->look.heights[end] == panel->look.heights[at])
            end++;
        int x = tone_column_x(box, at);
        canvas_fill(
            canvas, ink,
            (struct rect){x, box.y, tone_column_x(box, end) - x, bar_top(panel, box, at) - box.y});
        at = end;
    }
}

static void draw_bars(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect box = tone_bars(canvas);
    for (int at = 0; at < TONE_COLUMNS;) {
        int end = at + 1;
        while (end < TONE_COLUMNS && panel->look.heights[end] == panel->look.heights[at])
            end++;
        int x = tone_column_x(box, at), top = bar_top(panel, box, at);
        canvas_fill(canvas, INK_DIM,
                    (struct rect){x, top, tone_column_x(box, end) - x, box.y + box.height - top});
        at = end;
    }
}

static void draw_between(const struct tonepanel *panel, struct canvas *canvas, int a, int b,
                         enum ink ink)
{
    draw_ground(panel, canvas, a < b ? a : b, a < b ? b : a, ink);
}

/* What the window's edges left, and what they came over. */
static void move_edges(const struct tonepanel *panel, struct canvas *canvas)
{
    int low, middle, high, low_was, middle_was, high_was;
    tone_columns(&panel->look, &low, &middle, &high);
    tone_columns(&panel->drawn, &low_was, &middle_was, &high_was);
    if (low > low_was)
        draw_between(panel, canvas, low_was, low, INK_SELECT);
    if (high < high_was)
        draw_between(panel, canvas, high, high_was, INK_SELECT);
    if (low < low_was)
        draw_between(panel, canvas, low, low_was < high ? low_was : high, INK_PAPER);
    if (high > high_was)
        draw_between(panel, canvas, high_was > low ? high_was : low, high, INK_PAPER);
}

static void draw_handles(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect ruler = tone_ruler(canvas), box = tone_bars(canvas);
    int columns[3];
    tone_columns(&panel->look, &columns[0], &columns[1], &columns[2]);
    canvas_fill(canvas, INK_BACKGROUND, ruler);
    if (!panel->look.counted)
        return;
    for (int i = 0; i < 3; i += 2)
        canvas_fill(canvas, INK_FOREGROUND,
                    (struct rect){tone_column_x(box, columns[i]) - TONE_GRIP_WIDTH / 2, ruler.y + 1,
                                  TONE_GRIP_WIDTH, ruler.height - 4});
    int x = tone_column_x(box, columns[1]) - TONE_GRIP_WIDTH / 2;
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){x + 2, ruler.y + 1, 3, ruler.height - 4});
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){x, ruler.y + 5, TONE_GRIP_WIDTH, 3});
}

static void draw_ends(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect ruler = tone_ruler(canvas), box = tonepanel_spot(canvas, TONE_HISTOGRAM);
    char least[32] = "", most[32] = "";
    int tall = canvas->ascent + canvas->descent;
    if (rect_empty(box))
        return;
    if (panel->look.counted) {
        snprintf(least, sizeof least, "%.6g", panel->look.least);
        snprintf(most, sizeof most, "%.6g", panel->look.most);
        language_numbers(least);
        language_numbers(most);
    }
    struct rect line = {box.x, ruler.y + ruler.height, box.width, tall};
    int right = canvas_text_width(canvas, most);
    line.width -= right;
    tone_draw_text(canvas, line, INK_DIM, INK_BACKGROUND, least);
    canvas_text(canvas, INK_DIM, INK_BACKGROUND, line.x + line.width, line.y + canvas->ascent,
                most);
}

static void draw_histogram(const struct tonepanel *panel, struct canvas *canvas)
{
    struct rect box = tonepanel_spot(canvas, TONE_HISTOGRAM);
    int low, middle, high;
    if (rect_empty(box))
        return;
    tone_columns(&panel->look, &low, &middle, &high);
    canvas_bevel(canvas, box, TONE_SHADOW, true);
    if (!panel->look.counted) {
        canvas_fill(canvas, INK_SELECT, tone_inner(box));
    } else {
        draw_ground(panel, canvas, 0, low, INK_SELECT);
        draw_ground(panel, canvas, high, TONE_COLUMNS, INK_SELECT);
        draw_ground(panel, canvas, low, high, INK_PAPER);
        draw_bars(panel, canvas);
    }
    draw_handles(panel, canvas);
    draw_ends(panel, canvas);
}

/* ---- fields and scales ---- */

/* With what stands before it. */
static void draw_field(const struct tonepanel *panel, struct canvas *canvas, enum tone_spot spot,
                       bool whole, bool changed)
{
    struct rect r = tonepanel_spot(canvas, spot);
    if (rect_empty(r))
        return;
    if (whole) {
        struct rect label = {0, r.y, 0, r.height};
        label.x = tonepanel_spot(canvas, TONE_HISTOGRAM).x;
        label.width = r.x - label.x - TEXT_PAD;
        tone_draw_text(canvas, label, INK_FOREGROUND, INK_BACKGROUND,
                       spot == TONE_WIDTH    ? _("Width")
                       : spot == TONE_CENTER ? _("Centre")
                                             : _("Gamma"));
    }
    if (whole || changed || tone_field_differs(panel, (int)spot))
        tone_draw_field(panel, canvas, (int)spot, whole);
}

static int slider_at(const struct tone_look *look, struct rect trough, enum tone_spot spot)
{
    return trough.x + (int)(tone_scale_place(look, spot) * (trough.width - TONE_SLIDER) + 0.5);
}

/* Raised, with a line in its middle. */
static void draw_slider(struct canvas *canvas, struct rect r)
{
    int middle = r.x + r.width / 2;
    canvas_fill(canvas, INK_BACKGROUND, r);
    canvas_bevel(canvas, r, TONE_SHADOW, false);
    canvas_fill(canvas, INK_BOTTOM_SHADOW, (struct rect){middle, r.y + 2, 1, r.height - 4});
}

static void draw_scale(const struct tonepanel *panel, struct canvas *canvas, enum tone_spot spot,
                       bool whole)
{
    struct rect r = tonepanel_spot(canvas, spot), trough = tone_inner(r);
    int x = slider_at(&panel->look, trough, spot), was = slider_at(&panel->drawn, trough, spot);
    if (rect_empty(r) || (x == was && !whole))
        return;
    if (whole) {
        canvas_bevel(canvas, r, TONE_SHADOW, true);
        canvas_fill(canvas, INK_SELECT, trough);
    } else {
        canvas_fill(canvas, INK_SELECT, (struct rect){was, trough.y, TONE_SLIDER, trough.height});
    }
    draw_slider(canvas, (struct rect){x, trough.y, TONE_SLIDER, trough.height});
}

static void clipped_text(const struct tone_look *look, char *text, size_t room)
{
    text[0] = 0;
    if (look->counted)
        snprintf(text, room, _("black %.1f %%  white %.1f %%"), look->black * 100,
                 look->white * 100);
    language_numbers(text);
}

static void draw_clipped(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    struct rect r = tone_clipped(canvas);
    char text[64], was[64];
    clipped_text(&panel->look, text, sizeof text);
    clipped_text(&panel->drawn, was, sizeof was);
    if (!rect_empty(r) && (whole || strcmp(text, was) != 0))
        tone_draw_text(canvas, r, INK_FOREGROUND, INK_BACKGROUND, text);
}

/* ---- buttons ---- */

static void draw_marked(struct canvas *canvas, enum tone_spot spot, bool on, const char *label)
{
    struct rect r = tonepanel_spot(canvas, spot);
    int y = r.y + (r.height - bevel_mark(canvas)) / 2;
    if (rect_empty(r))
        return;
    (tone_is_radio((int)spot) ? bevel_diamond : bevel_square)(canvas, r.x + 2, y, on);
    r.x += bevel_mark(canvas) + 8;
    r.width -= bevel_mark(canvas) + 8 + 2;
    tone_draw_text(canvas, r, INK_FOREGROUND, INK_BACKGROUND, label);
}

void tone_draw_button(struct canvas *canvas, struct rect r, bool down, const char *word)
{
    enum ink back = down ? INK_SELECT : INK_BACKGROUND;
    char cut[64];
    int x = r.x + (r.width - text_fit(canvas, word, r.width - 2 * TEXT_PAD, cut, sizeof cut)) / 2;
    int top = r.y + (r.height - canvas->ascent - canvas->descent) / 2;
    canvas_fill(canvas, back, r);
    canvas_text(canvas, INK_FOREGROUND, back, x, top + canvas->ascent, cut);
    canvas_bevel(canvas, r, TONE_SHADOW, down);
}

static void draw_auto(const struct tonepanel *panel, struct canvas *canvas, bool held)
{
    struct rect r = tonepanel_spot(canvas, TONE_AUTO);
    if (!rect_empty(r))
        tone_draw_button(canvas, r, panel->look.automatic || held, _("Automatic"));
}

static void draw_buttons(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    const struct tone_look *look = &panel->look, *drawn = &panel->drawn;
    static const char *const names[] = {N_("linear"), N_("linear, exact"), N_("sigmoid")};
    bool down = panel->armed == TONE_AUTO && panel->inside;
    bool was_down = panel->down_drawn == TONE_AUTO;
    for (int i = 0; i < VOI_FUNCTIONS; i++) {
        bool on = look->window.voi == (enum voi)i, was = drawn->window.voi == (enum voi)i;
        if (whole || on != was)
            draw_marked(canvas, (enum tone_spot)(TONE_LINEAR + i), on, _(names[i]));
    }
    if (whole || look->window.invert != drawn->window.invert)
        draw_marked(canvas, TONE_INVERT, look->window.invert, _("inverted"));
    if (whole || look->log != drawn->log)
        draw_marked(canvas, TONE_LOG, look->log, _("log"));
    if (whole || look->locked != drawn->locked)
        draw_marked(canvas, TONE_LOCK, look->locked, _("fixed for all pages and files"));
    if (whole || look->automatic != drawn->automatic || down != was_down)
        draw_auto(panel, canvas, down);
}

/* ---- all ---- */

/* Motif's highlight: a frame around what has the keyboard. */
static void draw_focus(struct canvas *canvas, int spot, enum ink ink)
{
    struct rect r =
        spot < 0 ? (struct rect){0, 0, 0, 0} : tonepanel_spot(canvas, (enum tone_spot)spot);
    if (rect_empty(r))
        return;
    r = (struct rect){r.x - 1, r.y - 1, r.width + 2, r.height + 2};
    canvas_fill(canvas, ink, (struct rect){r.x, r.y, r.width, LINE});
    canvas_fill(canvas, ink, (struct rect){r.x, r.y + r.height - LINE, r.width, LINE});
    canvas_fill(canvas, ink, (struct rect){r.x, r.y, LINE, r.height});
    canvas_fill(canvas, ink, (struct rect){r.x + r.width - LINE, r.y, LINE, r.height});
}

static bool histogram_differs(const struct tonepanel *panel)
{
    const struct tone_look *a = &panel->look, *b = &panel->drawn;
    return a->open != b->open || a->counted != b->counted || a->least != b->least ||
           a->most != b->most || memcmp(a->heights, b->heights, sizeof a->heights) != 0;
}

static bool window_differs(const struct tonepanel *panel)
{
    const struct window *a = &panel->look.window, *b = &panel->drawn.window;
    return a->width != b->width || a->center != b->center;
}

static void draw_map(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    struct rect r = tonepanel_spot(canvas, TONE_MAP);
    int left = tonepanel_spot(canvas, TONE_HISTOGRAM).x;
    if (whole && !rect_empty(r))
        tone_draw_text(canvas, (struct rect){left, r.y, r.x - left - TEXT_PAD, r.height},
                       INK_FOREGROUND, INK_BACKGROUND, _("Colours"));
    tone_draw_option(panel, canvas, whole);
}

static void note_drawn(struct tonepanel *panel)
{
    panel->drawn = panel->look;
    panel->focus_drawn = panel->focus;
    panel->row_drawn = panel->row;
    panel->top_drawn = panel->top;
    panel->down_drawn = panel->inside ? panel->armed : -1;
    panel->fields_changed = false;
    panel->popped_drawn = panel->popped;
}

static void draw_values(const struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    const struct window *window = &panel->look.window, *was = &panel->drawn.window;
    bool opened = panel->look.open != panel->drawn.open;
    draw_field(panel, canvas, TONE_WIDTH, whole, opened || window->width != was->width);
    draw_field(panel, canvas, TONE_CENTER, whole, opened || window->center != was->center);
    draw_field(panel, canvas, TONE_GAMMA, whole, opened || window->gamma != was->gamma);
    draw_scale(panel, canvas, TONE_GAMMA_SCALE, whole);
    draw_scale(panel, canvas, TONE_WIDTH_SCALE, whole);
    draw_scale(panel, canvas, TONE_CENTER_SCALE, whole);
    draw_clipped(panel, canvas, whole);
}

void tonepanel_draw(struct tonepanel *panel, struct canvas *canvas, bool whole)
{
    whole |= panel->popped < 0 && panel->popped_drawn >= 0; /* what the option menu hid */
    tone_fit_list(panel, canvas);
    if (whole) {
        struct rect all = {0, 0, canvas->width, canvas->height};
        canvas_fill(canvas, INK_BACKGROUND, all);
        canvas_bevel(canvas, all, TONE_SHADOW, false);
        struct rect title = tonepanel_spot(canvas, TONE_LOG);
        title.width = title.x - tonepanel_spot(canvas, TONE_HISTOGRAM).x;
        title.x -= title.width;
        tone_draw_text(canvas, title, INK_FOREGROUND, INK_BACKGROUND, _("Histogram"));
    }
    if (whole || histogram_differs(panel)) {
        draw_histogram(panel, canvas);
    } else if (window_differs(panel) && panel->look.counted) {
        move_edges(panel, canvas);
        draw_handles(panel, canvas);
    }
    draw_values(panel, canvas, whole);
    draw_buttons(panel, canvas, whole);
    draw_map(panel, canvas, whole);
    tone_draw_presets(panel, canvas, whole);
    if (!whole && panel->focus != panel->focus_drawn)
        draw_focus(canvas, panel->focus_drawn, INK_BACKGROUND);
    if (whole || panel->focus != panel->focus_drawn)
        draw_focus(canvas, panel->focus, INK_FOREGROUND);
    if (panel->popped >= 0)
        tone_draw_options(panel, canvas);
    note_drawn(panel);
}
