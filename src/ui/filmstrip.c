/* The file list: see ui/filmstrip.h. */
#include "ui/filmstrip.h"

#include <stdio.h>
#include <string.h>

#include "ui/text.h"

enum { SHADOW = 2, MARGIN = 4, EDGE = 3 /* of a cell, around its picture */, NAME = 300 };

void filmstrip_init(struct filmstrip *strip,
                    void (*cell)(void *context, int index, struct filmstrip_cell *cell),
                    void *context)
{
    *strip = (struct filmstrip){.cell = cell, .context = context, .shown = -1, .row = -1};
    scrollbar_init(&strip->bar);
}

static int cell_width(void)
{
    return FILMSTRIP_PICTURE + 2 * EDGE;
}

static int cell_height(const struct canvas *canvas)
{
    return FILMSTRIP_PICTURE + 3 * EDGE + canvas->ascent + canvas->descent;
}

int filmstrip_width(const struct canvas *canvas)
{
    (void)canvas;
    return cell_width() + 2 * (SHADOW + MARGIN) + SCROLLBAR_WIDTH;
}

static struct rect bar_rect(const struct canvas *canvas)
{
    return (struct rect){canvas->width - SHADOW - SCROLLBAR_WIDTH, SHADOW, SCROLLBAR_WIDTH,
                         canvas->height - 2 * SHADOW};
}

static struct scroll_range range_of(const struct filmstrip *strip, const struct canvas *canvas)
{
    int shown = (canvas->height - 2 * (SHADOW + MARGIN)) / cell_height(canvas);
    shown = shown < 1 ? 1 : shown > FILMSTRIP_CELLS ? FILMSTRIP_CELLS : shown;
    return (struct scroll_range){strip->top, shown, strip->count, 1};
}

int filmstrip_seen(const struct filmstrip *strip, const struct canvas *canvas, int *first)
{
    int shown = range_of(strip, canvas).shown, left = strip->count - strip->top;
    *first = strip->top;
    return left < shown ? left : shown;
}

struct rect filmstrip_rect(const struct filmstrip *strip, const struct canvas *canvas, int index)
{
    int first, seen = filmstrip_seen(strip, canvas, &first);
    if (index < first || index >= first + seen)
        return (struct rect){0, 0, 0, 0};
    return (struct rect){SHADOW + MARGIN, SHADOW + MARGIN + (index - first) * cell_height(canvas),
                         cell_width(), cell_height(canvas)};
}

static void show_cell(struct filmstrip *strip, const struct canvas *canvas, int index)
{
    struct scroll_range range = range_of(strip, canvas);
    if (index >= 0 && index < strip->top)
        strip->top = index;
    else if (index >= strip->top + range.shown)
        strip->top = index - range.shown + 1;
    strip->top = scroll_clamp(&range, strip->top);
}

void filmstrip_set(struct filmstrip *strip, struct canvas *canvas, int count, int shown)
{
    bool another = shown != strip->shown || count != strip->count;
    strip->count = count;
    strip->shown = shown;
    if (strip->row >= count || (another && shown >= 0))
        strip->row = shown;
    show_cell(strip, canvas, another ? shown : -1);
}

void filmstrip_focus(struct filmstrip *strip, struct canvas *canvas, bool on)
{
    strip->focus = on;
    if (on && strip->row < 0)
        strip->row = strip->shown >= 0 ? strip->shown : strip->count ? 0 : -1;
    if (on)
        show_cell(strip, canvas, strip->row);
}

/* ---- input ---- */

static enum filmstrip_answer key(struct filmstrip *strip, const struct input *input,
                                 struct canvas *canvas)
{
    int page = range_of(strip, canvas).shown, end = strip->count;
    const struct {
        const char *key;
        int step;
    } steps[] = {{"Down", 1},      {"Up", -1},     {"Next", page},
                 {"Prior", -page}, {"Home", -end}, {"End", end}};
    if (!strip->focus || input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT))
        return FILMSTRIP_NOT_MINE;
    if (!strcmp(input->key, "Escape")) {
        strip->focus = false;
        return FILMSTRIP_CHANGED;
    }
    if (!strcmp(input->key, "Return") || !strcmp(input->key, "space"))
        return strip->row >= 0 ? FILMSTRIP_CHOSE : FILMSTRIP_TOOK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (strcmp(input->key, steps[i].key) || strip->count == 0)
            continue;
        int row = strip->row + steps[i].step;
        strip->row = row < 0 ? 0 : row < end ? row : end - 1;
        show_cell(strip, canvas, strip->row);
        return FILMSTRIP_CHANGED;
    }
    return FILMSTRIP_NOT_MINE;
}

static enum filmstrip_answer scroll(struct filmstrip *strip, const struct input *input,
                                    struct canvas *canvas)
{
    struct scroll_range range = range_of(strip, canvas);
    bool held = scrollbar_holds(&strip->bar);
    strip->top = scrollbar_input(&strip->bar, bar_rect(canvas), &range, input);
    if (held != scrollbar_holds(&strip->bar))
        strip->drawn.known = false;
    return strip->top != range.top || !strip->drawn.known ? FILMSTRIP_CHANGED : FILMSTRIP_TOOK;
}

bool filmstrip_repeats(const struct filmstrip *strip)
{
    return scrollbar_repeats(&strip->bar);
}

bool filmstrip_again(struct filmstrip *strip, const struct canvas *canvas)
{
    struct scroll_range range = range_of(strip, canvas);
    strip->top = scrollbar_again(&strip->bar, bar_rect(canvas), &range);
    return strip->top != range.top;
}

enum filmstrip_answer filmstrip_input(struct filmstrip *strip, const struct input *input,
                                      struct canvas *canvas)
{
    if (input->kind == INPUT_KEY)
        return key(strip, input, canvas);
    for (int i = strip->top; input->kind == INPUT_PRESS && input->button == 1 && i < strip->count;
         i++) {
        struct rect r = filmstrip_rect(strip, canvas, i);
        if (rect_empty(r))
            break;
        if (!rect_holds(r, input->x, input->y))
            continue;
        strip->row = i;
        return FILMSTRIP_CHOSE;
    }
    return scroll(strip, input, canvas);
}

/* ---- looks ---- */

static void draw_trouble(struct canvas *canvas, struct rect r, const char *text)
{
    int y = r.y, step = canvas->ascent + canvas->descent;
    char plain[FILMSTRIP_TROUBLE], line[FILMSTRIP_TROUBLE];
    text_plain(plain, sizeof plain, text);
    canvas_fill(canvas, INK_PAPER, r);
    for (const char *at = plain, *next; *plain && at && y + step <= r.y + r.height; at = next) {
        int length = text_wrap(canvas, at, r.width - 4, &next);
        snprintf(line, sizeof line, "%.*s", length, at);
        canvas_text(canvas, INK_PRINT, INK_PAPER, r.x + 2, y + canvas->ascent, line);
        y += step;
    }
}

/* That of the file shown is sunken on another ground; keys frame theirs. */
static void draw_cell(const struct filmstrip *strip, struct canvas *canvas, int index,
                      const struct filmstrip_cell *cell)
{
    struct rect r = filmstrip_rect(strip, canvas, index);
    struct rect picture = {r.x + EDGE, r.y + EDGE, FILMSTRIP_PICTURE, FILMSTRIP_PICTURE};
    enum ink back = index == strip->shown ? INK_SELECT : INK_BACKGROUND;
    char plain[NAME], cut[NAME];
    text_plain(plain, sizeof plain, cell->name);
    int width = text_fit(canvas, plain, FILMSTRIP_PICTURE, cut, sizeof cut);
    canvas_fill(canvas, back, r);
    canvas_text(canvas, INK_FOREGROUND, back, r.x + (r.width - width) / 2,
                picture.y + picture.height + EDGE + canvas->ascent, cut);
    if (index == strip->shown)
        canvas_bevel(canvas, r, 1, true);
    if (cell->levels)
        canvas_levels(canvas, picture, cell->levels, FILMSTRIP_PICTURE);
    else
        draw_trouble(canvas, picture, cell->trouble);
    if (index != strip->row || !strip->focus)
        return;
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){r.x, r.y, r.width, 1});
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){r.x, r.y + r.height - 1, r.width, 1});
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){r.x, r.y, 1, r.height});
    canvas_fill(canvas, INK_FOREGROUND, (struct rect){r.x + r.width - 1, r.y, 1, r.height});
}

static bool marked_otherwise(const struct filmstrip *strip, int index)
{
    bool keyed = strip->focus && index == strip->row;
    bool was_keyed = strip->drawn.focus && index == strip->drawn.row;
    return (index == strip->shown) != (index == strip->drawn.shown) || keyed != was_keyed;
}

static void draw_cells(struct filmstrip *strip, struct canvas *canvas, bool all)
{
    int first, seen = filmstrip_seen(strip, canvas, &first);
    for (int i = 0; i < seen; i++) {
        struct filmstrip_cell cell = {"", "", NULL};
        strip->cell(strip->context, first + i, &cell);
        bool pictured = cell.levels || cell.trouble[0];
        if (all || pictured != strip->drawn.pictured[i] || marked_otherwise(strip, first + i))
            draw_cell(strip, canvas, first + i, &cell);
        strip->drawn.pictured[i] = pictured;
    }
}

void filmstrip_draw(struct filmstrip *strip, struct canvas *canvas, bool whole)
{
    struct rect all = {0, 0, canvas->width, canvas->height};
    struct scroll_range range = range_of(strip, canvas);
    bool others = whole || !strip->drawn.known || strip->drawn.count != strip->count ||
                  strip->drawn.top != strip->top;
    if (others) {
        canvas_fill(canvas, INK_BACKGROUND, all);
        canvas_bevel(canvas, all, SHADOW, false);
        scrollbar_draw(&strip->bar, canvas, bar_rect(canvas), &range);
    }
    draw_cells(strip, canvas, others);
    strip->drawn.known = true;
    strip->drawn.focus = strip->focus;
    strip->drawn.count = strip->count;
    strip->drawn.shown = strip->shown;
    strip->drawn.row = strip->row;
    strip->drawn.top = strip->top;
}
