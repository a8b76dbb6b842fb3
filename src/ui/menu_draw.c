/* What the menu bar and its pull-downs look like, and where their parts lie: see ui/menu.h. */
#include "menu_parts.h"

#include <string.h>

#include "ui/bevel.h"
#include "ui/text.h"

enum {
    SHADOW = 2,  /* of bar, pull-down, and what is highlighted */
    TITLE_X = 8, /* beside a title's text */
    TEXT_Y = 3,  /* above and below texts, without the shadow */
    LEFT = 6,    /* of an item's text, or mark */
    MARK_GAP = 6,
    KEY_GAP = 18, /* between labels and keys */
    LINE = 6,     /* the height of a line between items */
    KEYS = 48
};

static int text_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent;
}

static int row_height(const struct canvas *canvas)
{
    return text_height(canvas) + 2 * (TEXT_Y + SHADOW);
}

int menu_bar_height(const struct canvas *bar)
{
    return row_height(bar) + 2 * SHADOW;
}

/* ---- the bar ---- */

static int title_width(struct canvas *bar, int which)
{
    char title[MENU_LABEL];
    menu_title(which, title);
    return canvas_text_width(bar, title) + 2 * (TITLE_X + SHADOW);
}

/* Help stands at the right end, where there is room between it and the others. */
static struct rect title_rect(const struct menu *menu, struct canvas *bar, int which)
{
    int x = SHADOW;
    int height = bar->height - 2 * SHADOW;
    for (int i = 0; i < which; i++)
        x += menu_stands(menu, i) ? title_width(bar, i) : 0;
    int width = title_width(bar, which);
    if (which == MENU_MENUS - 1 && bar->width - SHADOW - width > x)
        x = bar->width - SHADOW - width;
    return (struct rect){x, SHADOW, width, height};
}

int menu_title_at(const struct menu *menu, struct canvas *bar, int x, int y)
{
    for (int i = 0; i < MENU_MENUS; i++) {
        struct rect r = title_rect(menu, bar, i);
        if (menu_stands(menu, i) && x >= r.x && x < r.x + r.width && y >= 0 && y < bar->height)
            return i;
    }
    return -1;
}

static void underline(struct canvas *canvas, const char *text, int letter, int x, int baseline,
                      enum ink ink)
{
    char before[MENU_LABEL];
    if (letter < 0)
        return;
    text_copy(before, (size_t)letter + 1, text);
    int left = canvas_text_width(canvas, before);
    text_copy(before, (size_t)letter + 2, text);
    canvas_fill(canvas, ink,
                (struct rect){x + left, baseline + 1, canvas_text_width(canvas, before) - left, 1});
}

static void draw_frame(struct canvas *canvas, struct rect rect, bool lit)
{
    if (lit)
        canvas_bevel(canvas, rect, SHADOW, false);
    for (int i = 0; i < SHADOW && !lit; i++) {
        struct rect r = {rect.x + i, rect.y + i, rect.width - 2 * i, rect.height - 2 * i};
        canvas_fill(canvas, INK_BACKGROUND, (struct rect){r.x, r.y, r.width, 1});
        canvas_fill(canvas, INK_BACKGROUND, (struct rect){r.x, r.y + r.height - 1, r.width, 1});
        canvas_fill(canvas, INK_BACKGROUND, (struct rect){r.x, r.y, 1, r.height});
        canvas_fill(canvas, INK_BACKGROUND, (struct rect){r.x + r.width - 1, r.y, 1, r.height});
    }
}

static void draw_title(const struct menu *menu, struct canvas *bar, int which)
{
    struct rect r = title_rect(menu, bar, which);
    int x = r.x + SHADOW + TITLE_X, baseline = r.y + SHADOW + TEXT_Y + bar->ascent;
    if (r.x + r.width > bar->width - SHADOW)
        return;
    char title[MENU_LABEL];
    int letter = menu_title(which, title);
    canvas_text(bar, INK_FOREGROUND, INK_BACKGROUND, x, baseline, title);
    underline(bar, title, letter, x, baseline, INK_FOREGROUND);
}

void menu_draw_bar(struct menu *menu, struct canvas *bar, bool whole)
{
    struct rect all = {0, 0, bar->width, bar->height};
    if (whole) {
        canvas_fill(bar, INK_BACKGROUND, all);
        canvas_bevel(bar, all, SHADOW, false);
    }
    for (int i = 0; i < MENU_MENUS; i++) {
        if (!menu_stands(menu, i))
            continue;
        if (whole)
            draw_title(menu, bar, i);
        bool lit = i == menu->open;
        if (lit != (i == menu->drawn_open && !whole))
            draw_frame(bar, title_rect(menu, bar, i), lit);
    }
    menu->drawn_open = menu->open;
}

/* ---- the pull-down ---- */

struct columns {
    bool marks;
    int labels, keys; /* widths */
    int width;        /* of a column */
    int lines;        /* pixels that a column's items may take */
    int count;
};

static int item_height(const struct menu *menu, const struct canvas *canvas, int item)
{
    return row_height(canvas) + (menu->items[item].line_before && item ? LINE : 0);
}

/* The height of all, where a column may be `most` high; *columns of them. */
static int flow(const struct menu *menu, const struct canvas *canvas, int most, int *columns)
{
    int height = 0, tallest = 0;
    *columns = 1;
    for (int i = 0; i < menu->count; i++) {
        int more = item_height(menu, canvas, i);
        if (height && height + more > most) {
            ++*columns;
            height = 0;
        }
        height += more;
        tallest = height > tallest ? height : tallest;
    }
    return tallest;
}

static void measure(const struct menu *menu, struct canvas *canvas, int most,
                    struct columns *columns)
{
    memset(columns, 0, sizeof *columns);
    for (int i = 0; i < menu->count; i++) {
        char keys[KEYS];
        keymap_describe(menu->map, menu->items[i].script, keys, sizeof keys);
        int label = canvas_text_width(canvas, menu->items[i].label);
        int key = canvas_text_width(canvas, keys);
        columns->labels = label > columns->labels ? label : columns->labels;
        columns->keys = key > columns->keys ? key : columns->keys;
        columns->marks |= menu->items[i].mark != MENU_PLAIN;
    }
    columns->width = 2 * (SHADOW + LEFT) + columns->labels +
                     (columns->marks ? bevel_mark(canvas) + MARK_GAP : 0) +
                     (columns->keys ? KEY_GAP + columns->keys : 0);
    columns->lines = flow(menu, canvas, most, &columns->count);
}

struct rect menu_pulldown(const struct menu *menu, struct canvas *bar, struct rect room)
{
    struct columns columns;
    if (menu->open < 0)
        return (struct rect){0, 0, 0, 0};
    measure(menu, bar, room.height - bar->height - 2 * SHADOW, &columns);
    struct rect title = title_rect(menu, bar, menu->open);
    struct rect r = {title.x, bar->height, columns.count * columns.width + 2 * SHADOW,
                     columns.lines + 2 * SHADOW};
    if (r.x + r.width > room.width)
        r.x = room.width - r.width;
    if (r.x < 0)
        r.x = 0;
    return rect_intersect(r, room);
}

/* Where an item lies in the pull-down, with the line before it. */
static struct rect item_rect(const struct menu *menu, const struct canvas *canvas,
                             const struct columns *columns, int item)
{
    struct rect r = {SHADOW, SHADOW, columns->width, 0};
    for (int i = 0; i <= item; i++) {
        r.y += r.height;
        r.height = item_height(menu, canvas, i);
        if (r.y > SHADOW && r.y + r.height > SHADOW + columns->lines) {
            r.x += columns->width;
            r.y = SHADOW;
        }
    }
    return r;
}

int menu_item_at(const struct menu *menu, struct canvas *canvas, struct rect pulldown, int x, int y)
{
    struct columns columns;
    measure(menu, canvas, pulldown.height - 2 * SHADOW, &columns);
    for (int i = 0; i < menu->count; i++) {
        struct rect r = item_rect(menu, canvas, &columns, i);
        if (rect_holds(r, x, y))
            return i;
    }
    return -1;
}

/* An item without the line before it. */
static struct rect body(const struct menu *menu, const struct canvas *canvas, struct rect r,
                        int item)
{
    int line = item_height(menu, canvas, item) - row_height(canvas);
    return (struct rect){r.x, r.y + line, r.width, r.height - line};
}

static void draw_item(const struct menu *menu, struct canvas *canvas, const struct columns *columns,
                      int item)
{
    const struct menu_item *about = &menu->items[item];
    struct rect whole = item_rect(menu, canvas, columns, item);
    struct rect r = body(menu, canvas, whole, item);
    int x = r.x + SHADOW + LEFT, baseline = r.y + SHADOW + TEXT_Y + canvas->ascent;
    int mark_y = r.y + (r.height - bevel_mark(canvas)) / 2;
    enum ink ink = menu->states[item] == MENU_INSENSITIVE ? INK_BOTTOM_SHADOW : INK_FOREGROUND;
    char keys[KEYS];
    if (r.y > whole.y) {
        canvas_fill(canvas, INK_BOTTOM_SHADOW, (struct rect){r.x, whole.y + 2, r.width, 1});
        canvas_fill(canvas, INK_TOP_SHADOW, (struct rect){r.x, whole.y + 3, r.width, 1});
    }
    if (about->mark == MENU_RADIO)
        bevel_diamond(canvas, x, mark_y, menu->states[item] == MENU_ON);
    else if (about->mark == MENU_TOGGLE)
        bevel_square(canvas, x, mark_y, menu->states[item] == MENU_ON);
    x += columns->marks ? bevel_mark(canvas) + MARK_GAP : 0;
    canvas_text(canvas, ink, INK_BACKGROUND, x, baseline, about->label);
    underline(canvas, about->label, about->mnemonic, x, baseline, ink);
    keymap_describe(menu->map, about->script, keys, sizeof keys);
    canvas_text(canvas, ink, INK_BACKGROUND, r.x + r.width - SHADOW - LEFT - columns->keys,
                baseline, keys);
}

static void draw_highlight(const struct menu *menu, struct canvas *canvas,
                           const struct columns *columns, int item, bool lit)
{
    if (item < 0 || item >= menu->count)
        return;
    struct rect r = item_rect(menu, canvas, columns, item);
    draw_frame(canvas, body(menu, canvas, r, item), lit);
}

void menu_draw_pulldown(struct menu *menu, struct canvas *canvas, bool whole)
{
    struct columns columns;
    struct rect all = {0, 0, canvas->width, canvas->height};
    if (menu->open < 0)
        return;
    measure(menu, canvas, canvas->height - 2 * SHADOW, &columns);
    if (whole) {
        canvas_fill(canvas, INK_BACKGROUND, all);
        canvas_bevel(canvas, all, SHADOW, false);
        for (int i = 0; i < menu->count; i++)
            draw_item(menu, canvas, &columns, i);
    } else if (menu->drawn_item != menu->item) {
        draw_highlight(menu, canvas, &columns, menu->drawn_item, false);
    }
    if (whole || menu->drawn_item != menu->item)
        draw_highlight(menu, canvas, &columns, menu->item, true);
    menu->drawn_item = menu->item;
}
