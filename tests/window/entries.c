/* The menus' entries, see entries.h. */
#include "entries.h"

#include <CUnit/CUnit.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "ui/canvas_memory.h"

static struct canvas_memory bar;
static struct keymap map;
static struct menu menu;
static int recent_files, menu_asked;
static const struct rect room = {0, 0, WIDTH, HEIGHT};

static enum menu_state all_off(void *context, const struct menu_item *item)
{
    (void)context, (void)item;
    return MENU_OFF;
}

static int more(void *context, const struct command *command, struct menu_item *items, int most)
{
    int count = strcmp(command->name, "recent") ? 0 : recent_files;
    for (int i = 0; i < count && i < most; i++)
        items[i] = (struct menu_item){.command = command, .line_before = i == 0, .label = "1"};
    (void)context;
    return count;
}

void entries_begin(void)
{
    struct fault fault;
    struct scheme scheme = scheme_from(scheme_usual[0].background, scheme_usual[0].foreground);
    CU_ASSERT_FATAL(keymap_from_commands(&map, command_table, &fault));
    CU_ASSERT_FATAL(canvas_memory_init(&bar, WIDTH, BAR, &scheme, &fault));
    menu_init(&menu, command_table, &map, all_off, NULL);
    menu.more = more;
}

void entries_end(void)
{
    canvas_memory_fini(&bar);
}

static void in_memory(enum input_kind kind, int x, int y)
{
    struct input input = {.kind = kind, .button = 1, .x = x, .y = y};
    menu_input(&menu, &input, &bar.canvas, room, true);
}

/* Opens it in memory, and tells where its title is. */
static bool find_title(int which, int *x)
{
    menu_close(&menu);
    for (*x = 4; *x < WIDTH; *x += 3) {
        in_memory(INPUT_PRESS, *x, 12);
        if (menu.open == which)
            return true;
        menu_close(&menu);
    }
    return false;
}

static bool find_item(int item, int *x, int *y)
{
    struct rect place = menu_pulldown(&menu, &bar.canvas, room);
    for (*x = place.x + 30; *x < place.x + place.width; *x += 60)
        for (*y = place.y; *y < place.y + place.height; *y += 1) {
            in_memory(INPUT_MOTION, *x, *y);
            if (menu.item == item) {
                *y += 8;
                return true;
            }
        }
    return false;
}

const struct menu *entries_of(int which, int recent)
{
    int x;
    recent_files = recent;
    menu_asked = which;
    return find_title(which, &x) ? &menu : NULL;
}

/* ---- the hand ---- */

void entries_place(Window window, int x, int y, char at[2][12])
{
    Window child;
    XTranslateCoordinates(server(), window, DefaultRootWindow(server()), x, y, &x, &y, &child);
    snprintf(at[0], 12, "%d", x);
    snprintf(at[1], 12, "%d", y);
}

void entries_point(const struct viewer *viewer, int x, int y)
{
    char at[2][12];
    entries_place(viewer->top, x, y, at);
    XDOTOOL("mousemove", at[0], at[1]);
}

static void choose_by_mouse(const struct viewer *viewer, int item)
{
    int title = 0, x = 0, y = 0;
    char from[2][12], to[2][12];
    CU_ASSERT(find_title(menu_asked, &title));
    CU_ASSERT(find_item(item, &x, &y));
    entries_place(viewer->top, title, 12, from);
    entries_place(viewer->top, x, y, to);
    if (item % 2)
        XDOTOOL("mousemove", from[0], from[1], "mousedown", "1", "mousemove", to[0], to[1],
                "mouseup", "1");
    else
        XDOTOOL("mousemove", from[0], from[1], "click", "1", "mousemove", to[0], to[1], "click",
                "1");
}

static void add(const char **words, int *count, const char *key, int times)
{
    for (; times > 0; times--)
        words[(*count)++] = key;
}

static void choose_by_arrows(int item)
{
    const char *words[MENU_ITEMS + MENU_MENUS] = {"key", "F10"};
    int count = 2, down = item <= menu.count / 2;
    add(words, &count, "Right", menu_asked);
    add(words, &count, down ? "Down" : "Up", down ? item : menu.count - item);
    words[count++] = "Return";
    words[count] = NULL;
    xdotool(words);
}

static void choose_by_letters(int item)
{
    static const char titles[MENU_MENUS + 1] = "fvitowh";
    char opens[] = "alt+f", letter[2] = "";
    opens[4] = titles[menu_asked];
    letter[0] = (char)tolower((unsigned char)menu.items[item].label[menu.items[item].mnemonic]);
    XDOTOOL("key", opens, letter);
}

void entries_choose(const struct viewer *viewer, int item, bool keys)
{
    if (!keys)
        choose_by_mouse(viewer, item);
    else if (item % 2)
        choose_by_letters(item);
    else
        choose_by_arrows(item);
}

bool entries_wait_image(const struct viewer *viewer, int x, int y, int width, int height)
{
    XWindowAttributes a = {0};
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        XGetWindowAttributes(server(), viewer->image, &a);
        if (a.x == x && a.y == y && (width < 0 || a.width == width) &&
            (height < 0 || a.height == height))
            return true;
    }
    printf("  the image is at %d,%d %dx%d\n", a.x, a.y, a.width, a.height);
    return false;
}
