/* Menus on a canvas in memory: what the table makes of them, mouse and keys as Motif has them,
 * looks. */
#include "suite.h"

#include <string.h>

#include "golden/golden.h"
#include "ui/menu.h"

static const struct command table[] = {
    {"open", "FILE", "", "Ctrl+o", "File", "_Open|Open _again:last", 0, 1, sample_run},
    {"quit", "", "", "q", "File", "-_Quit", 0, 0, sample_run},
    {"zoom", "fit|fill|in", "", "f:fit plus:in", "View", "*(_Fit:fit|(F_ill:fill|-Zoom i_n:in", 1,
     1, sample_run},
    {"pan", "left", "", "Left:left", "View", "", 1, 1, sample_run},
    {"invert", "", "", "i", "Tone", "*[_Invert", 0, 0, sample_run},
    {"help", "", "", "F1", "Help", "_Keys", 0, 0, sample_run},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static struct menu menu;
static struct keymap map;
static struct canvas_memory bar;
static const struct rect room = {0, 0, 320, 240};

static enum menu_state state_of(void *context, const struct menu_item *item)
{
    (void)context;
    if (!strcmp(item->script, "open last"))
        return MENU_INSENSITIVE;
    return !strcmp(item->script, "zoom fit") ? MENU_ON : MENU_OFF;
}

static void begin(void)
{
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(keymap_from_commands(&map, table, &fault));
    menu_init(&menu, table, &map, state_of, NULL);
    CU_ASSERT_FATAL(canvas_memory_init(&bar, room.width, 1, &scheme, &fault));
    int height = menu_bar_height(&bar.canvas);
    canvas_memory_fini(&bar);
    CU_ASSERT_FATAL(canvas_memory_init(&bar, room.width, height, &scheme, &fault));
    menu_draw_bar(&menu, &bar.canvas, true);
}

static void end(void)
{
    canvas_memory_fini(&bar);
}

static enum menu_answer at(enum input_kind kind, int x, int y)
{
    struct input input = {.kind = kind, .button = 1, .x = x, .y = y};
    return menu_input(&menu, &input, &bar.canvas, room, true);
}

static enum menu_answer press_key(const char *key, unsigned modifiers)
{
    struct input input = {.kind = INPUT_KEY, .modifiers = modifiers};
    snprintf(input.key, sizeof input.key, "%s", key);
    return menu_input(&menu, &input, &bar.canvas, room, true);
}

/* The middle of an item of the open menu, found by asking every pixel. */
static void find_item(int item, int *x, int *y)
{
    struct rect place = menu_pulldown(&menu, &bar.canvas, room);
    *x = place.x + place.width / 2;
    for (*y = place.y; *y < place.y + place.height; ++*y) {
        at(INPUT_MOTION, *x, *y);
        if (menu.item == item) {
            *y += 8;
            return;
        }
    }
    CU_FAIL("there is no such item");
}

static void items_are_the_tables(void)
{
    struct menu_item items[MENU_ITEMS];
    CU_ASSERT_EQUAL(menu_items(&table[2], items, MENU_ITEMS), 3);
    CU_ASSERT_STRING_EQUAL(items[0].label, "Fit");
    CU_ASSERT_STRING_EQUAL(items[1].label, "Fill");
    CU_ASSERT_STRING_EQUAL(items[1].script, "zoom fill");
    CU_ASSERT_EQUAL(items[1].mnemonic, 1);
    CU_ASSERT(items[0].mark == MENU_RADIO && items[0].tool && !items[1].tool);
    CU_ASSERT(items[2].line_before && items[2].mark == MENU_PLAIN);
    CU_ASSERT_EQUAL(menu_items(&table[3], items, MENU_ITEMS), 0);
    CU_ASSERT_EQUAL(menu_items(&table[4], items, MENU_ITEMS), 1);
    CU_ASSERT_STRING_EQUAL(items[0].script, "invert");
    CU_ASSERT_EQUAL(menu_items(&table[2], items, 2), 2);
}

static void press_drag_and_release_choose(void)
{
    int x, y;
    begin();
    CU_ASSERT_EQUAL(at(INPUT_PRESS, 200, 100), MENU_NOT_MINE);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, 20, 12), MENU_CHANGED);
    CU_ASSERT_EQUAL(menu.open, 0);
    find_item(2, &x, &y);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, x, y), MENU_CHOSE);
    CU_ASSERT_STRING_EQUAL(menu.chosen, "quit");
    CU_ASSERT_EQUAL(menu.open, -1);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, 20, 12), MENU_CHANGED);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, 200, 200), MENU_CHANGED); /* beside it: nothing */
    CU_ASSERT_EQUAL(menu.open, -1);
    end();
}

static void click_and_click_choose(void)
{
    int x, y;
    begin();
    at(INPUT_PRESS, 20, 12);
    at(INPUT_RELEASE, 20, 12);
    CU_ASSERT_EQUAL(menu.open, 0);
    find_item(0, &x, &y);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, x, y), MENU_CHANGED);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, x, y), MENU_CHOSE);
    CU_ASSERT_STRING_EQUAL(menu.chosen, "open");
    at(INPUT_PRESS, 20, 12);
    at(INPUT_RELEASE, 20, 12);
    at(INPUT_PRESS, 20, 12);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, 20, 12), MENU_CHANGED); /* the title again closes it */
    CU_ASSERT_EQUAL(menu.open, -1);
    at(INPUT_PRESS, 20, 12);
    at(INPUT_RELEASE, 20, 12);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, 200, 200), MENU_CHANGED);
    CU_ASSERT_EQUAL(menu.open, -1);
    end();
}

static void what_cannot_be_chosen_is_not(void)
{
    int x, y;
    begin();
    at(INPUT_PRESS, 20, 12);
    find_item(0, &x, &y);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, x, y + 21), MENU_TOOK);
    press_key("Escape", 0);
    press_key("F10", 0);
    CU_ASSERT_EQUAL(menu.item, 0);
    press_key("Down", 0);
    CU_ASSERT_EQUAL(menu.item, 2);
    CU_ASSERT_EQUAL(press_key("a", 0), MENU_TOOK);
    end();
}

static void keys_reach_everything(void)
{
    begin();
    CU_ASSERT_EQUAL(press_key("Down", 0), MENU_NOT_MINE);
    CU_ASSERT_EQUAL(press_key("x", MODIFIER_ALT), MENU_NOT_MINE);
    CU_ASSERT_EQUAL(press_key("F10", 0), MENU_CHANGED);
    CU_ASSERT(menu.open == 0 && menu.item == 0);
    press_key("Right", 0);
    CU_ASSERT_EQUAL(menu.open, 1);
    press_key("Left", 0);
    press_key("Left", 0);
    CU_ASSERT_EQUAL(menu.open, MENU_MENUS - 1);
    press_key("v", MODIFIER_ALT);
    CU_ASSERT_EQUAL(menu.open, 1);
    press_key("Up", 0);
    CU_ASSERT_EQUAL(menu.item, 2);
    press_key("Down", 0);
    CU_ASSERT_EQUAL(menu.item, 0);
    press_key("Down", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), MENU_CHOSE);
    CU_ASSERT_STRING_EQUAL(menu.chosen, "zoom fill");
    press_key("v", MODIFIER_ALT);
    CU_ASSERT_EQUAL(press_key("n", 0), MENU_CHOSE);
    CU_ASSERT_STRING_EQUAL(menu.chosen, "zoom in");
    press_key("F10", 0);
    CU_ASSERT_EQUAL(press_key("F10", 0), MENU_CHANGED);
    CU_ASSERT_EQUAL(menu.open, -1);
    end();
}

static void it_stays_in_the_window(void)
{
    for (int height = 100; height < 300; height += 10) {
        struct rect small = {0, 0, 320, height};
        begin();
        press_key("h", MODIFIER_ALT);
        struct rect place = menu_pulldown(&menu, &bar.canvas, small);
        CU_ASSERT(place.x + place.width <= 320 && place.y + place.height <= height);
        CU_ASSERT_EQUAL(place.y, bar.canvas.height);
        press_key("v", MODIFIER_ALT);
        place = menu_pulldown(&menu, &bar.canvas, small);
        CU_ASSERT(place.x >= 0 && place.x + place.width <= 320);
        CU_ASSERT(place.y + place.height <= height);
        end();
    }
}

static void draw(const char *name)
{
    struct canvas_memory pulldown;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    struct rect place = menu_pulldown(&menu, &bar.canvas, room);
    CU_ASSERT_FATAL(canvas_memory_init(&pulldown, place.width, place.height, &scheme, &fault));
    menu_draw_pulldown(&menu, &pulldown.canvas, true);
    CU_ASSERT(golden_check(name, &pulldown));
    press_key("Down", 0);
    menu_draw_pulldown(&menu, &pulldown.canvas, false);
    press_key("Up", 0);
    menu_draw_pulldown(&menu, &pulldown.canvas, false); /* and back leaves no trace */
    CU_ASSERT(golden_check(name, &pulldown));
    canvas_memory_fini(&pulldown);
}

static void they_look_right(void)
{
    begin();
    press_key("v", MODIFIER_ALT);
    menu_draw_bar(&menu, &bar.canvas, false);
    CU_ASSERT(golden_check("menubar", &bar));
    draw("pulldown");
    press_key("Escape", 0);
    menu_draw_bar(&menu, &bar.canvas, false);
    press_key("v", MODIFIER_ALT);
    menu_draw_bar(&menu, &bar.canvas, false);
    CU_ASSERT(golden_check("menubar", &bar));
    end();
}

SUITE("menu", {"items are the table's", items_are_the_tables},
      {"press, drag and release choose", press_drag_and_release_choose},
      {"click and click choose", click_and_click_choose},
      {"what cannot be chosen is not", what_cannot_be_chosen_is_not},
      {"keys reach everything", keys_reach_everything},
      {"it stays in the window", it_stays_in_the_window}, {"they look right", they_look_right})
