/* The tool row: see ui/toolrow.h. */
#include "ui/toolrow.h"

enum { SHADOW = 2, PAD_X = 6, PAD_Y = 2, GAP = 2, GROUP_GAP = 8, MARGIN = 3 };

void toolrow_init(struct toolrow *row, const struct command *table,
                  enum menu_state (*state)(void *context, const struct menu_item *item),
                  void *context)
{
    *row = (struct toolrow){.armed = -1, .armed_drawn = -1, .state = state, .context = context};
    for (; table->name; table++) {
        struct menu_item items[MENU_ITEMS];
        int count = menu_items(table, items, MENU_ITEMS);
        for (int i = 0; i < count && row->count < TOOLROW_BUTTONS; i++)
            if (items[i].tool)
                row->items[row->count++] = items[i];
    }
    toolrow_refresh(row);
}

int toolrow_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent + 2 * (PAD_Y + SHADOW) + 2 * (SHADOW + MARGIN);
}

bool toolrow_refresh(struct toolrow *row)
{
    bool changed = false;
    for (int i = 0; i < row->count; i++) {
        row->states[i] = row->state(row->context, &row->items[i]);
        changed |= row->states[i] != row->drawn[i];
    }
    return changed;
}

/* Empty where there is no room for it. */
static struct rect button_rect(const struct toolrow *row, struct canvas *canvas, int button)
{
    int x = SHADOW + MARGIN, y = SHADOW + MARGIN;
    struct rect r = {0, 0, 0, 0};
    for (int i = 0; i <= button; i++) {
        bool apart = i && row->items[i].command != row->items[i - 1].command;
        x += i ? r.width + (apart ? GROUP_GAP : GAP) : 0;
        r = (struct rect){x, y,
                          canvas_text_width(canvas, row->items[i].label) + 2 * (PAD_X + SHADOW),
                          canvas->height - 2 * y};
    }
    if (r.x + r.width > canvas->width - SHADOW - MARGIN)
        r.width = 0;
    return r;
}

static int button_at(const struct toolrow *row, struct canvas *canvas, int x, int y)
{
    for (int i = 0; i < row->count; i++) {
        struct rect r = button_rect(row, canvas, i);
        if (rect_holds(r, x, y))
            return i;
    }
    return -1;
}

enum menu_answer toolrow_input(struct toolrow *row, const struct input *input,
                               struct canvas *canvas)
{
    int button = button_at(row, canvas, input->x, input->y);
    if (input->kind == INPUT_PRESS && input->button == 1) {
        row->armed = button >= 0 && row->states[button] != MENU_INSENSITIVE ? button : -1;
        row->inside = true;
        return MENU_CHANGED;
    }
    if (row->armed < 0)
        return MENU_TOOK;
    row->inside = button == row->armed;
    if (input->kind != INPUT_RELEASE)
        return MENU_CHANGED;
    row->chosen = row->items[row->armed].script;
    row->armed = -1;
    return row->inside ? MENU_CHOSE : MENU_CHANGED;
}

static void draw_button(const struct toolrow *row, struct canvas *canvas, int i, bool whole)
{
    struct rect r = button_rect(row, canvas, i);
    bool down = row->states[i] == MENU_ON || (i == row->armed && row->inside);
    enum ink back = down ? INK_SELECT : INK_BACKGROUND;
    enum ink ink = row->states[i] == MENU_INSENSITIVE ? INK_BOTTOM_SHADOW : INK_FOREGROUND;
    if (rect_empty(r))
        return;
    if (down || !whole)
        canvas_fill(canvas, back, r);
    canvas_text(canvas, ink, back, r.x + SHADOW + PAD_X, r.y + SHADOW + PAD_Y + canvas->ascent,
                row->items[i].label);
    canvas_bevel(canvas, r, SHADOW, down);
}

void toolrow_draw(struct toolrow *row, struct canvas *canvas, bool whole)
{
    struct rect all = {0, 0, canvas->width, canvas->height};
    int armed = row->inside ? row->armed : -1;
    if (whole) {
        canvas_fill(canvas, INK_BACKGROUND, all);
        canvas_bevel(canvas, all, SHADOW, false);
    }
    for (int i = 0; i < row->count; i++) {
        bool pressed = (i == armed) != (i == row->armed_drawn);
        if (whole || pressed || row->states[i] != row->drawn[i])
            draw_button(row, canvas, i, whole);
        row->drawn[i] = row->states[i];
    }
    row->armed_drawn = armed;
}
