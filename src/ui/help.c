/* The help overlay: what each key does, by menu, and what the mouse does. Owns nothing; every row
 * of keys is made from the command table and the key map as they are at that moment. */
#include "ui/help.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"

#include "ui/menu.h"
#include "ui/text.h"
#include "ui/tool.h"

const struct help_row help_mouse[] = {
    {N_("Left drag"), N_("window x, brighter up")},
    {N_("Ctrl + drag"), N_("automatic window of a box")},
    {N_("Middle drag"), N_("move the picture")},
    {N_("Right drag"), N_("zoom (up = larger)")},
    {N_("Middle click"), N_("open the selected path")},
    {N_("Wheel"), N_("pages, or zoom (Ctrl)")},
    {N_("Double click"), N_("fit to the window")},
    {NULL, NULL},
};

static const char title[] = N_("Keys and mouse");
static const char closing[] = N_("Esc, ? or a click closes");

enum { HELP_DRAGS = 4 /* the first rows above */ };

enum {
    BORDER = 2,
    PAD = 8,
    RULE = 2,        /* an etched line */
    KEY_GAP = 12,    /* between keys and help */
    COLUMN_GAP = 24, /* between columns */
    SPACE = 4,       /* above and below the rows */
    LEGIBLE = 24,    /* characters that cut help keeps where another column is at stake */
    ITEMS = 192,
    TEXT = 160
};

/* A heading, or a row of keys and help. Keys' rows name a script: `command` with `argument`, or any
 * (command NULL). */
struct item {
    const char *heading, *script, *argument;
    const struct command *command;
    const struct help_row *mouse;
    const struct button_binding *button;
    int column, line; /* where it stands */
};

struct plan {
    struct item items[ITEMS];
    int count;
    int columns, lines; /* lines of each column */
    int key_width, help_width;
    int width, height;
};

static struct item *add_item(struct plan *plan)
{
    static const struct item nothing;
    if (plan->count == ITEMS)
        return NULL;
    plan->items[plan->count] = nothing;
    return &plan->items[plan->count++];
}

/* A script's one command, or NULL where it is more than that; *argument is what follows it. */
static const struct command *command_of(const struct command *table, const char *script,
                                        const char **argument)
{
    if (strpbrk(script, ";\n'\"\\#"))
        return NULL;
    size_t length = strcspn(script, " ");
    *argument = script + length + strspn(script + length, " ");
    for (; table->name; table++)
        if (strlen(table->name) == length && !strncmp(table->name, script, length))
            return table;
    return NULL;
}

static bool bound_before(const struct keymap *map, int index)
{
    for (int i = 0; i < index; i++)
        if (!strcmp(map->bindings[i].script, map->bindings[index].script))
            return true;
    return false;
}

/* A row for each script that the map binds to `command`; NULL: to none of the table's. */
static void add_rows(struct plan *plan, const struct command *table, const struct command *command,
                     const struct keymap *map)
{
    for (int i = 0; i < map->count; i++) {
        const char *argument = "";
        const char *script = map->bindings[i].script;
        if (!*script || command_of(table, script, &argument) != command || bound_before(map, i))
            continue;
        struct item *item = add_item(plan);
        if (item)
            *item = (struct item){.script = script, .argument = argument, .command = command};
    }
}

/* Starts a group; end_group takes the heading back when nothing came under it. */
static int begin_group(struct plan *plan, const char *heading)
{
    struct item *item = add_item(plan);
    if (item)
        item->heading = heading;
    return plan->count;
}

static void end_group(struct plan *plan, int first)
{
    if (plan->count == first && first > 0 && plan->items[first - 1].heading)
        plan->count--;
}

static bool menu_before(const struct command *table, const struct command *command)
{
    for (; table < command; table++)
        if (!strcmp(table->menu, command->menu))
            return true;
    return false;
}

/* The usual rows; where buttons or the level's sign are bound otherwise, their rows in place of the
 * first three. */
static void add_mouse(struct plan *plan, const struct keymap *map)
{
    bool other = map->buttons_changed || map->level_down;
    begin_group(plan, N_("Mouse"));
    for (int i = 0; other && i < map->button_count; i++) {
        struct item *item = add_item(plan);
        if (item)
            item->button = &map->buttons[i];
    }
    for (const struct help_row *row = help_mouse + (other ? HELP_DRAGS : 0); row->keys; row++) {
        struct item *item = add_item(plan);
        if (item)
            item->mouse = row;
    }
}

static void collect(struct plan *plan, const struct command *table, const struct keymap *map)
{
    plan->count = 0;
    for (const struct command *menu = table; menu->name; menu++) {
        if (menu_before(table, menu))
            continue;
        int first = begin_group(plan, menu->menu);
        for (const struct command *command = menu; command->name; command++)
            if (!strcmp(command->menu, menu->menu))
                add_rows(plan, table, command, map);
        end_group(plan, first);
    }
    int first = begin_group(plan, N_("Other keys"));
    add_rows(plan, table, NULL, map);
    end_group(plan, first);
    add_mouse(plan, map);
}

static const char *const button_names[] = {N_("left drag"), N_("middle drag"), N_("right drag")};

/* "Ctrl + drag", and what its tool is called. */
static void button_texts(const struct button_binding *binding, const struct keymap *map, char *keys,
                         char *help)
{
    const struct tool *tool = tool_find(binding->tool);
    bool window = tool == tools || !strcmp(binding->tool, "tool");
    snprintf(keys, TEXT, "%s%s%s%s", binding->modifiers & MODIFIER_CONTROL ? "Ctrl + " : "",
             binding->modifiers & MODIFIER_SHIFT ? "Shift + " : "",
             binding->modifiers & MODIFIER_ALT ? "Alt + " : "",
             _(button_names[binding->button - 1]));
    snprintf(help, TEXT, "%s",
             window && map->level_down ? _("window x, brighter down")
             : window                  ? _("window x, brighter up")
             : tool                    ? _(tool->label)
                                       : "-");
}

/* What the menu calls it, which is short; false where it stands in none. */
static bool menu_text(const struct item *item, char *help)
{
    struct menu_item entries[MENU_ITEMS];
    int count = menu_items(item->command, entries, MENU_ITEMS);
    for (int i = 0; i < count; i++)
        if (!strcmp(entries[i].script, item->script)) {
            snprintf(help, TEXT, "%s", entries[i].label);
            return true;
        }
    return false;
}

static void item_texts(const struct item *item, const struct keymap *map, char *keys, char *help)
{
    if (item->button) {
        button_texts(item->button, map, keys, help);
        return;
    }
    if (item->mouse) {
        snprintf(keys, TEXT, "%s", _(item->mouse->keys));
        snprintf(help, TEXT, "%s", _(item->mouse->help));
        return;
    }
    keymap_describe(map, item->script, keys, TEXT);
    if (!item->command)
        snprintf(help, TEXT, "%s", item->script);
    else if (menu_text(item, help))
        return;
    else if (*item->argument)
        snprintf(help, TEXT, "%s: %s", _(item->command->help), item->argument);
    else
        snprintf(help, TEXT, "%s", _(item->command->help));
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static void measure(struct plan *plan, struct canvas *canvas, const struct keymap *map)
{
    plan->key_width = plan->help_width = 0;
    for (int i = 0; i < plan->count; i++) {
        char keys[TEXT], help[TEXT];
        if (plan->items[i].heading)
            continue;
        item_texts(&plan->items[i], map, keys, help);
        plan->key_width = larger(plan->key_width, canvas_text_width(canvas, keys));
        plan->help_width = larger(plan->help_width, canvas_text_width(canvas, help));
    }
}

/* Lines from item `first` on that must stay in one column: a heading with one row, or with all. */
static int lines_together(const struct plan *plan, int first, bool whole_groups)
{
    int count = 1;
    if (!plan->items[first].heading)
        return count;
    while (first + count < plan->count && !plan->items[first + count].heading)
        count++;
    return whole_groups || count < 2 ? count : 2;
}

/* Gives every item its place in columns of `lines` lines; returns how many columns that takes. An
 * empty line stands before a heading. */
static int flow(struct plan *plan, int lines, bool whole_groups)
{
    int column = 0, line = 0;
    for (int i = 0; i < plan->count; i++) {
        struct item *item = &plan->items[i];
        if (item->heading && line)
            line++;
        if (line && line + lines_together(plan, i, whole_groups) > lines) {
            column++;
            line = 0;
        }
        item->column = column;
        item->line = line++;
    }
    return column + 1;
}

static int longest_group(const struct plan *plan)
{
    int longest = 0;
    for (int i = 0; i < plan->count; i++)
        longest = larger(longest, lines_together(plan, i, true));
    return longest;
}

static int column_width(const struct plan *plan)
{
    return plan->key_width + KEY_GAP + plan->help_width;
}

static int width_of(const struct plan *plan, int columns)
{
    return columns * column_width(plan) + (columns - 1) * COLUMN_GAP + 2 * (BORDER + PAD);
}

/* Everything but the rows: the title with its rule, the closing line, borders. */
static int height_around(const struct canvas *canvas)
{
    return 2 * (BORDER + PAD) + 2 * canvas_line_height(canvas) + RULE + 2 * SPACE;
}

/* The fewest lines that show everything in so many columns; groups are split only where they
 * must be. */
static bool try_columns(struct plan *plan, int columns, int most_width, int most_lines)
{
    if (width_of(plan, columns) > most_width)
        return false;
    for (int whole = 1; whole >= 0; whole--)
        for (int lines = 2; lines <= most_lines; lines++) {
            if (flow(plan, lines, whole) > columns || (whole && longest_group(plan) > lines))
                continue;
            plan->columns = columns;
            plan->lines = lines;
            return true;
        }
    return false;
}

/* As much as there is room for: texts are cut so that more columns fit, the last rows are left
 * out. */
static void make_do(struct plan *plan, struct canvas *canvas, int most_width, int most_lines)
{
    int inside = larger(0, most_width - 2 * (BORDER + PAD));
    int legible = smaller(plan->help_width, LEGIBLE * canvas_text_width(canvas, "0"));
    plan->columns = 4;
    int room;
    do {
        plan->columns--;
        room = (inside - (plan->columns - 1) * COLUMN_GAP) / plan->columns - KEY_GAP;
    } while (plan->columns > 1 && room - plan->key_width < legible);
    plan->key_width = smaller(plan->key_width, larger(0, room / 2));
    plan->help_width = smaller(plan->help_width, larger(0, room - plan->key_width));
    if (try_columns(plan, plan->columns, most_width, most_lines))
        return;
    plan->lines = larger(0, most_lines);
    flow(plan, plan->lines, false);
}

static void make_plan(struct plan *plan, struct canvas *canvas, const struct command *table,
                      const struct keymap *map, int most_width, int most_height)
{
    static const int preferred[] = {2, 3, 1};
    int line = canvas_line_height(canvas);
    int most_lines = (most_height - height_around(canvas)) / line;
    bool fits = false;
    collect(plan, table, map);
    measure(plan, canvas, map);
    for (int i = 0; i < 3 && !fits; i++)
        fits = try_columns(plan, preferred[i], most_width, most_lines);
    if (!fits)
        make_do(plan, canvas, most_width, most_lines);
    plan->width = width_of(plan, plan->columns);
    plan->height = height_around(canvas) + plan->lines * line;
}

void help_size(struct canvas *canvas, const struct command *table, const struct keymap *map,
               int most_width, int most_height, int *width, int *height)
{
    struct plan plan;
    make_plan(&plan, canvas, table, map, most_width, most_height);
    *width = plan.width < most_width ? plan.width : most_width;
    *height = plan.height < most_height ? plan.height : most_height;
}

static void draw_rule(struct canvas *canvas, int x, int y, int width)
{
    canvas_fill(canvas, INK_BOTTOM_SHADOW, (struct rect){x, y, width, 1});
    canvas_fill(canvas, INK_TOP_SHADOW, (struct rect){x, y + 1, width, 1});
}

/* Text at most `width` wide in the line whose top is `top`. */
static void draw_line(struct canvas *canvas, int x, int top, int width, const char *text)
{
    char fitting[TEXT];
    text_fit(canvas, text, width, fitting, sizeof fitting);
    canvas_text(canvas, INK_PRINT, INK_PAPER, x, top + canvas->ascent, fitting);
}

static void draw_item(struct canvas *canvas, const struct plan *plan, const struct item *item,
                      const struct keymap *map, int top)
{
    char keys[TEXT], help[TEXT];
    int x = BORDER + PAD + item->column * (column_width(plan) + COLUMN_GAP);
    int y = top + item->line * canvas_line_height(canvas);
    if (item->heading) {
        draw_line(canvas, x, y, column_width(plan), _(item->heading));
        draw_rule(canvas, x, y + canvas->ascent + canvas->descent, column_width(plan));
        return;
    }
    item_texts(item, map, keys, help);
    draw_line(canvas, x, y, plan->key_width, keys);
    draw_line(canvas, x + plan->key_width + KEY_GAP, y, plan->help_width, help);
}

void help_draw(struct canvas *canvas, const struct command *table, const struct keymap *map)
{
    struct plan plan;
    int line = canvas_line_height(canvas);
    int inside = canvas->width - 2 * (BORDER + PAD);
    int top = BORDER + PAD;
    make_plan(&plan, canvas, table, map, canvas->width, canvas->height);
    canvas_fill(canvas, INK_PAPER, (struct rect){0, 0, canvas->width, canvas->height});
    canvas_bevel(canvas, (struct rect){0, 0, canvas->width, canvas->height}, BORDER, false);
    if (canvas->height < height_around(canvas) || inside < 2 * KEY_GAP)
        return;
    draw_line(canvas, BORDER + PAD, top, inside, _(title));
    draw_rule(canvas, BORDER + PAD, top + line, inside);
    top += line + RULE + SPACE;
    for (int i = 0; i < plan.count; i++)
        if (plan.items[i].column < plan.columns && plan.items[i].line < plan.lines)
            draw_item(canvas, &plan, &plan.items[i], map, top);
    draw_line(canvas, BORDER + PAD, canvas->height - BORDER - PAD - line + 2, inside, _(closing));
}
