/* The menu bar's behaviour: what is open and highlighted, by mouse and keys. See ui/menu.h; what it
 * looks like is menu_draw.c's. */
#include "menu_parts.h"

#include <ctype.h>
#include <string.h>

#include "base/language.h"

/* Without the underscore, what the rows of commands name; the letter behind it opens the menu with
 * Alt. */
static const char *const marked[MENU_MENUS] = {
    N_("_File"), N_("_View"), N_("_Image"), N_("_Tone"), N_("T_ools"), N_("_Window"), N_("_Help")};

int menu_title(int which, char title[MENU_LABEL])
{
    const char *text = _(marked[which]);
    return menu_label(text, strlen(text), title);
}

void menu_init(struct menu *menu, const struct command *table, const struct keymap *map,
               enum menu_state (*state)(void *context, const struct menu_item *item), void *context)
{
    *menu = (struct menu){.table = table, .map = map, .state = state, .context = context};
    menu->open = menu->item = menu->drawn_open = menu->drawn_item = -1;
}

static bool is_of(const struct command *command, int which)
{
    char title[MENU_LABEL];
    menu_label(marked[which], strlen(marked[which]), title);
    return !strcmp(command->menu, title);
}

static bool has_items(const struct menu *menu, int which)
{
    for (const struct command *command = menu->table; command->name; command++)
        if (command->items && *command->items && is_of(command, which))
            return true;
    return false;
}

bool menu_stands(const struct menu *menu, int which)
{
    return has_items(menu, which);
}

static void collect(struct menu *menu)
{
    menu->count = 0;
    for (const struct command *command = menu->table; command->name; command++) {
        if (!is_of(command, menu->open))
            continue;
        if (menu->more)
            menu->count += menu->more(menu->context, command, menu->items + menu->count,
                                      MENU_ITEMS - menu->count);
        menu->count += menu_items(command, menu->items + menu->count, MENU_ITEMS - menu->count);
    }
    for (int i = 0; i < menu->count; i++)
        menu->states[i] = menu->state(menu->context, &menu->items[i]);
}

static bool can_choose(const struct menu *menu, int item)
{
    return item >= 0 && item < menu->count && menu->states[item] != MENU_INSENSITIVE;
}

/* From `item` on, `step` further, around the end; -1 where nothing can be chosen. */
static int next_item(const struct menu *menu, int item, int step)
{
    for (int i = 0; i < menu->count; i++) {
        item = (item + step + menu->count) % menu->count;
        if (can_choose(menu, item))
            return item;
    }
    return -1;
}

static void open_menu(struct menu *menu, int which, bool first)
{
    menu->open = which;
    menu->item = -1;
    collect(menu);
    if (first)
        menu->item = next_item(menu, -1, 1);
}

void menu_close(struct menu *menu)
{
    menu->open = menu->item = -1;
    menu->dragging = false;
}

static enum menu_answer choose(struct menu *menu)
{
    if (!can_choose(menu, menu->item))
        return MENU_TOOK;
    menu->chosen = menu->items[menu->item].script;
    menu_close(menu);
    return MENU_CHOSE;
}

/* ---- keys ---- */

static bool is_letter(const char *key, char letter)
{
    return key[0] && !key[1] && tolower((unsigned char)key[0]) == tolower((unsigned char)letter);
}

static void open_beside(struct menu *menu, int step)
{
    int which = menu->open;
    do
        which = (which + step + MENU_MENUS) % MENU_MENUS;
    while (!has_items(menu, which) && which != menu->open);
    open_menu(menu, which, true);
}

static enum menu_answer opening_key(struct menu *menu, const struct input *input)
{
    if (!strcmp(input->key, "F10") && !input->modifiers) {
        menu->open = MENU_MENUS - 1;
        open_beside(menu, 1);
        return MENU_CHANGED;
    }
    for (int i = 0; i < MENU_MENUS && input->modifiers == MODIFIER_ALT; i++) {
        char title[MENU_LABEL];
        int letter = menu_title(i, title);
        if (has_items(menu, i) && letter >= 0 && is_letter(input->key, title[letter])) {
            open_menu(menu, i, true);
            return MENU_CHANGED;
        }
    }
    return MENU_NOT_MINE;
}

static enum menu_answer mnemonic_key(struct menu *menu, const struct input *input)
{
    for (int i = 0; i < menu->count; i++) {
        const struct menu_item *item = &menu->items[i];
        if (item->mnemonic >= 0 && is_letter(input->key, item->label[item->mnemonic]) &&
            can_choose(menu, i)) {
            menu->item = i;
            return choose(menu);
        }
    }
    return MENU_TOOK;
}

static enum menu_answer open_key(struct menu *menu, const struct input *input)
{
    static const struct {
        const char *key;
        int along, beside;
    } arrows[] = {{"Down", 1, 0}, {"Up", -1, 0}, {"Right", 0, 1}, {"Left", 0, -1}};
    if (opening_key(menu, input) == MENU_CHANGED && strcmp(input->key, "F10"))
        return MENU_CHANGED;
    if (!strcmp(input->key, "Escape") || !strcmp(input->key, "F10")) {
        menu_close(menu);
        return MENU_CHANGED;
    }
    for (int i = 0; i < 4; i++) {
        if (strcmp(input->key, arrows[i].key))
            continue;
        if (arrows[i].along)
            menu->item = next_item(menu, arrows[i].along < 0 && menu->item < 0 ? 0 : menu->item,
                                   arrows[i].along);
        else
            open_beside(menu, arrows[i].beside);
        return MENU_CHANGED;
    }
    if (!strcmp(input->key, "Return") || !strcmp(input->key, "space"))
        return choose(menu);
    return input->modifiers ? MENU_TOOK : mnemonic_key(menu, input);
}

/* ---- the mouse ---- */

static enum menu_answer press(struct menu *menu, int title, bool inside)
{
    bool open = menu->open >= 0;
    menu->was_open = title >= 0 && title == menu->open;
    if (title >= 0) {
        if (!menu->was_open)
            open_menu(menu, title, false);
        menu->dragging = true;
        return MENU_CHANGED;
    }
    if (!open)
        return MENU_NOT_MINE;
    menu->dragging = true;
    if (inside)
        return MENU_CHANGED;
    menu_close(menu);
    return MENU_CHANGED;
}

static enum menu_answer move_to(struct menu *menu, int title, bool inside, int item)
{
    if (title >= 0 && title != menu->open) {
        open_menu(menu, title, false);
        menu->was_open = false;
        return MENU_CHANGED;
    }
    if (!inside && !menu->dragging)
        return MENU_TOOK;
    menu->item = can_choose(menu, item) ? item : -1;
    return menu->item == menu->drawn_item ? MENU_TOOK : MENU_CHANGED;
}

/* On the title it was pressed on the menu stays, unless it was open before. */
static enum menu_answer release(struct menu *menu, int title, bool inside, int item)
{
    if (!menu->dragging)
        return MENU_TOOK;
    menu->dragging = false;
    if (inside) {
        menu->item = item;
        return choose(menu);
    }
    if (title == menu->open && !menu->was_open)
        return MENU_CHANGED;
    menu_close(menu);
    return MENU_CHANGED;
}

static enum menu_answer mouse(struct menu *menu, const struct input *input, struct canvas *bar,
                              struct rect room)
{
    int title = menu_title_at(menu, bar, input->x, input->y);
    struct rect pulldown = menu_pulldown(menu, bar, room);
    int x = input->x - pulldown.x, y = input->y - pulldown.y;
    bool inside = x >= 0 && y >= 0 && x < pulldown.width && y < pulldown.height;
    int item = inside ? menu_item_at(menu, bar, pulldown, x, y) : -1;
    switch (input->kind) {
    case INPUT_PRESS:
        if (menu->open < 0 && input->button != 1)
            return MENU_NOT_MINE;
        return input->button == 1 ? press(menu, title, inside) : MENU_TOOK;
    case INPUT_MOTION:
        return menu->open >= 0 ? move_to(menu, title, inside, item) : MENU_NOT_MINE;
    case INPUT_RELEASE:
        return menu->open >= 0 ? release(menu, title, inside, item) : MENU_NOT_MINE;
    case INPUT_KEY:
    case INPUT_LEAVE:
        break;
    }
    return menu->open >= 0 ? MENU_TOOK : MENU_NOT_MINE;
}

enum menu_answer menu_input(struct menu *menu, const struct input *input, struct canvas *bar,
                            struct rect room, bool shown)
{
    if (!shown)
        return MENU_NOT_MINE;
    if (input->kind != INPUT_KEY)
        return mouse(menu, input, bar, room);
    return menu->open >= 0 ? open_key(menu, input) : opening_key(menu, input);
}
