/* The list: see ui/listbox.h. */
#include "ui/listbox.h"

#include <string.h>
#include <strings.h>

#include "ui/gesture.h"
#include "ui/text.h"

enum { SHADOW = 2, PAD = 3, ROW_PAD = 2, TYPING_MS = 1000, NAME = 300 };

void listbox_init(struct listbox *list, const char *(*name)(const void *context, int row),
                  const void *context)
{
    *list = (struct listbox){.name = name, .context = context};
    listbox_clear(list);
}

void listbox_clear(struct listbox *list)
{
    list->count = list->top = 0;
    list->row = list->clicked = -1;
    list->typed[0] = 0;
    list->drags = list->drawn.known = false;
    scrollbar_init(&list->bar);
}

int listbox_row_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent + 2 * ROW_PAD;
}

static struct rect rows_rect(struct rect rect)
{
    return (struct rect){rect.x + SHADOW, rect.y + SHADOW,
                         rect.width - 2 * SHADOW - SCROLLBAR_WIDTH, rect.height - 2 * SHADOW};
}

static struct rect bar_rect(struct rect rect)
{
    return (struct rect){rect.x + rect.width - SCROLLBAR_WIDTH, rect.y, SCROLLBAR_WIDTH,
                         rect.height};
}

static struct scroll_range range_of(const struct listbox *list, const struct canvas *canvas,
                                    struct rect rect)
{
    int shown = rows_rect(rect).height / listbox_row_height(canvas);
    return (struct scroll_range){list->top, shown > 1 ? shown : 1, list->count, 1};
}

static void show_row(struct listbox *list, const struct scroll_range *range)
{
    if (list->row >= 0 && list->row < list->top)
        list->top = list->row;
    else if (list->row >= list->top + range->shown)
        list->top = list->row - range->shown + 1;
    list->top = scroll_clamp(range, list->top);
}

void listbox_choose(struct listbox *list, struct canvas *canvas, struct rect rect, int row)
{
    struct scroll_range range = range_of(list, canvas, rect);
    list->row = row < list->count ? row : list->count - 1;
    show_row(list, &range);
}

/* ---- keys ---- */

static enum listbox_answer go_to(struct listbox *list, const struct scroll_range *range, int row)
{
    row = row < 0 ? 0 : row >= list->count ? list->count - 1 : row;
    if (row == list->row)
        return LISTBOX_TOOK;
    list->row = row;
    show_row(list, range);
    return LISTBOX_CHOSE;
}

/* The next name that begins so, from the one chosen on and around the end; -1: none does. */
static int find_typed(const struct listbox *list)
{
    size_t length = strlen(list->typed);
    int from = list->row < 0 ? 0 : list->row;
    for (int i = 0; i < list->count; i++) {
        int row = (from + i) % list->count;
        if (!strncasecmp(list->name(list->context, row), list->typed, length))
            return row;
    }
    return -1;
}

static enum listbox_answer type_in(struct listbox *list, const struct scroll_range *range,
                                   const struct input *input)
{
    if (input->time_ms - list->typed_ms > TYPING_MS)
        list->typed[0] = 0;
    size_t length = strlen(list->typed);
    if (!input->text[0] || length + strlen(input->text) >= sizeof list->typed)
        return LISTBOX_NOT_MINE;
    list->typed_ms = input->time_ms;
    memcpy(list->typed + length, input->text, strlen(input->text) + 1);
    int row = find_typed(list);
    return row < 0 ? LISTBOX_TOOK : go_to(list, range, row);
}

static enum listbox_answer key(struct listbox *list, const struct scroll_range *range,
                               const struct input *input)
{
    int page = range->shown > 1 ? range->shown - 1 : 1, end = list->count;
    const struct {
        const char *key;
        int step;
    } steps[] = {{"Down", 1},      {"Up", -1},     {"Next", page},
                 {"Prior", -page}, {"Home", -end}, {"End", end}};
    if (input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT) || list->count == 0)
        return LISTBOX_NOT_MINE;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!strcmp(input->key, steps[i].key))
            return go_to(list, range,
                         list->row < 0 && steps[i].step > 0 && steps[i].step < end
                             ? 0
                             : list->row + steps[i].step);
    return type_in(list, range, input);
}

/* ---- the mouse ---- */

static int row_at(const struct listbox *list, const struct canvas *canvas, struct rect rect, int y)
{
    int from_top = y - rows_rect(rect).y;
    int row = from_top < 0 ? list->top - 1 : list->top + from_top / listbox_row_height(canvas);
    return row < 0 ? 0 : row < list->count ? row : list->count - 1;
}

static enum listbox_answer press(struct listbox *list, const struct scroll_range *range, int row,
                                 const struct input *input)
{
    bool twice = row == list->clicked && input->time_ms - list->click_ms < GESTURE_DOUBLE_CLICK_MS;
    list->clicked = twice ? -1 : row;
    list->click_ms = input->time_ms;
    if (twice)
        return LISTBOX_ACTED;
    list->drags = true;
    return go_to(list, range, row) == LISTBOX_CHOSE ? LISTBOX_CHOSE : LISTBOX_CHANGED;
}

static enum listbox_answer scroll(struct listbox *list, const struct scroll_range *range,
                                  struct rect rect, const struct input *input)
{
    bool held = scrollbar_holds(&list->bar);
    list->top = scrollbar_input(&list->bar, bar_rect(rect), range, input);
    bool changed = list->top != range->top || held != scrollbar_holds(&list->bar);
    list->drawn.known &= held == scrollbar_holds(&list->bar);
    return changed ? LISTBOX_CHANGED : LISTBOX_TOOK;
}

enum listbox_answer listbox_input(struct listbox *list, struct canvas *canvas, struct rect rect,
                                  const struct input *input)
{
    struct scroll_range range = range_of(list, canvas, rect);
    bool on_bar = input->x >= bar_rect(rect).x;
    if (input->kind == INPUT_KEY)
        return key(list, &range, input);
    if (list->drags && input->kind == INPUT_MOTION)
        return go_to(list, &range, row_at(list, canvas, rect, input->y));
    if (list->drags && input->kind == INPUT_RELEASE) {
        list->drags = false;
        return LISTBOX_TOOK;
    }
    if (input->kind == INPUT_PRESS && input->button == 1 && !on_bar) {
        int below = (input->y - rows_rect(rect).y) / listbox_row_height(canvas);
        return below < range.shown && list->top + below < list->count
                   ? press(list, &range, list->top + below, input)
                   : LISTBOX_TOOK;
    }
    return scroll(list, &range, rect, input);
}

bool listbox_repeats(const struct listbox *list)
{
    return scrollbar_repeats(&list->bar);
}

bool listbox_again(struct listbox *list, const struct canvas *canvas, struct rect rect)
{
    struct scroll_range range = range_of(list, canvas, rect);
    list->top = scrollbar_again(&list->bar, bar_rect(rect), &range);
    return list->top != range.top;
}

/* ---- looks ---- */

static struct rect row_rect(const struct listbox *list, struct canvas *canvas, struct rect rect,
                            int row)
{
    struct rect rows = rows_rect(rect);
    int tall = listbox_row_height(canvas);
    return (struct rect){rows.x, rows.y + (row - list->top) * tall, rows.width, tall};
}

/* The row chosen stands on another ground, and has a frame while the list has the keyboard. */
static void draw_row(const struct listbox *list, struct canvas *canvas, struct rect rect, int row,
                     bool focus)
{
    struct rect r = row_rect(list, canvas, rect, row);
    bool chosen = row == list->row;
    enum ink back = chosen ? INK_SELECT : INK_PAPER;
    char plain[NAME], cut[NAME];
    text_plain(plain, sizeof plain, list->name(list->context, row));
    text_fit(canvas, plain, r.width - 2 * PAD, cut, sizeof cut);
    canvas_fill(canvas, back, r);
    canvas_text(canvas, INK_PRINT, back, r.x + PAD, r.y + ROW_PAD + canvas->ascent, cut);
    if (chosen && focus)
        canvas_bevel(canvas, r, 1, false);
}

static void draw_rows(const struct listbox *list, struct canvas *canvas, struct rect rect,
                      const struct scroll_range *range, bool focus)
{
    canvas_fill(canvas, INK_PAPER, rows_rect(rect));
    for (int row = list->top; row < list->count && row < list->top + range->shown; row++)
        draw_row(list, canvas, rect, row, focus);
}

static bool seen(const struct listbox *list, const struct scroll_range *range, int row)
{
    return row >= list->top && row < list->top + range->shown && row < list->count;
}

void listbox_draw(struct listbox *list, struct canvas *canvas, struct rect rect, bool focus,
                  bool whole)
{
    struct rect box = {rect.x, rect.y, rect.width - SCROLLBAR_WIDTH, rect.height};
    struct scroll_range range = range_of(list, canvas, rect);
    bool known = !whole && list->drawn.known && list->drawn.count == list->count &&
                 list->drawn.top == list->top;
    if (rows_rect(rect).height < listbox_row_height(canvas) || rows_rect(rect).width < PAD)
        return;
    if (!known) {
        canvas_bevel(canvas, box, SHADOW, true);
        draw_rows(list, canvas, rect, &range, focus);
        scrollbar_draw(&list->bar, canvas, bar_rect(rect), &range);
    } else if (list->drawn.row != list->row || list->drawn.focus != focus) {
        if (seen(list, &range, list->drawn.row) && list->drawn.row != list->row)
            draw_row(list, canvas, rect, list->drawn.row, focus);
        if (seen(list, &range, list->row))
            draw_row(list, canvas, rect, list->row, focus);
    }
    list->drawn.top = list->top;
    list->drawn.row = list->row;
    list->drawn.count = list->count;
    list->drawn.focus = focus;
    list->drawn.known = true;
}
