/* The menu bar and its pull-downs, made from the command table. Owns what is open and highlighted;
 * must never know what a command does.
 *
 * The menus stand in the order File, View, Image, Tone, Tools, Window, Help (at the right end), and
 * take the items of the table's rows in the table's order. A row's items are entries with '|'
 * between them (struct command):
 *
 *     MARKS LABEL [: ARGUMENT]
 *
 * MARKS are any of '(' (one of several: a diamond), '[' (on or off: a square), '*' (also a button
 * of the tool row) and '-' (a line before it). An underscore stands before the label's mnemonic. An
 * item runs the command, with its argument where it has one.
 *
 * Manners are Motif's: press, drag and release, or click and click; F10 and Alt with a title's
 * letter open, arrows move, Return, space and an item's letter choose, Escape closes. */
#ifndef UI_MENU_H
#define UI_MENU_H

#include <stdbool.h>

#include "ui/canvas.h"
#include "ui/command.h"
#include "ui/input.h"
#include "ui/keymap.h"

enum { MENU_ITEMS = 40, MENU_LABEL = 48, MENU_MENUS = 7 };

enum menu_mark { MENU_PLAIN, MENU_RADIO, MENU_TOGGLE };

/* What an item says of itself while its menu is open. */
enum menu_state { MENU_OFF, MENU_ON, MENU_INSENSITIVE };

struct menu_item {
    const struct command *command;
    char label[MENU_LABEL];     /* without the underscore */
    int mnemonic;               /* the letter's place in it, -1: none */
    char script[KEYMAP_SCRIPT]; /* what it runs */
    enum menu_mark mark;
    bool line_before, tool;
};

/* The items of one command, in order; returns how many were written. */
int menu_items(const struct command *command, struct menu_item *items, int room);

struct menu {
    const struct command *table;
    const struct keymap *map;
    /* Asked of each item when its menu opens. */
    enum menu_state (*state)(void *context, const struct menu_item *item);
    /* Items that a command has besides, before those of its row; returns how many. May be NULL. */
    int (*more)(void *context, const struct command *command, struct menu_item *items, int room);
    void *context;

    int open, item; /* the menu and the item highlighted, -1: none */
    bool dragging;  /* a button is held that opened it */
    bool was_open;  /* the press was on the title of the menu that was open already */
    int count;      /* items of the open menu */
    struct menu_item items[MENU_ITEMS];
    enum menu_state states[MENU_ITEMS];
    int drawn_open, drawn_item; /* what the canvases show */
    const char *chosen;         /* the script to run, after MENU_CHOSE */
};

void menu_init(struct menu *menu, const struct command *table, const struct keymap *map,
               enum menu_state (*state)(void *context, const struct menu_item *item),
               void *context);

int menu_bar_height(const struct canvas *bar);

/* What an input meant to it. MENU_NOT_MINE: it is for others. */
enum menu_answer { MENU_NOT_MINE, MENU_TOOK, MENU_CHANGED, MENU_CHOSE };

/* An input in the top-level window's coordinates; the bar lies at its upper left corner. `bar` is
 * its canvas; `room` the whole window, which the pull-down stays within. With `shown` false the bar
 * is not there, and keys open nothing. */
enum menu_answer menu_input(struct menu *menu, const struct input *input, struct canvas *bar,
                            struct rect room, bool shown);

void menu_close(struct menu *menu);

/* Where the open menu's pull-down lies in the top-level window; empty where none is open. Items
 * beyond the window's height stand in further columns. */
struct rect menu_pulldown(const struct menu *menu, struct canvas *bar, struct rect room);

/* Draw all (`whole`), or what is highlighted otherwise than last. */
void menu_draw_bar(struct menu *menu, struct canvas *bar, bool whole);
void menu_draw_pulldown(struct menu *menu, struct canvas *pulldown, bool whole);

#endif
