/* The tool row: a button for each item of the command table that is marked '*' (ui/menu.h), down
 * while its item is on. Owns what is pressed; must never know what a button does. */
#ifndef UI_TOOLROW_H
#define UI_TOOLROW_H

#include "ui/menu.h"

enum { TOOLROW_BUTTONS = 24 };

struct toolrow {
    int count;
    struct menu_item items[TOOLROW_BUTTONS];
    enum menu_state states[TOOLROW_BUTTONS], drawn[TOOLROW_BUTTONS];
    int armed;   /* the button pressed, -1: none, ... */
    bool inside; /* ... and the pointer is on it */
    int armed_drawn;
    enum menu_state (*state)(void *context, const struct menu_item *item);
    void *context;
    const char *chosen; /* the script to run, after MENU_CHOSE */
};

void toolrow_init(struct toolrow *row, const struct command *table,
                  enum menu_state (*state)(void *context, const struct menu_item *item),
                  void *context);
int toolrow_height(const struct canvas *canvas);

/* Asks for every button's state; true when one is not as drawn. */
bool toolrow_refresh(struct toolrow *row);

/* An input in the row's coordinates. A button acts when it is released on it. */
enum menu_answer toolrow_input(struct toolrow *row, const struct input *input,
                               struct canvas *canvas);

/* All, or the buttons that changed. Those there is no room for are left out at the right. */
void toolrow_draw(struct toolrow *row, struct canvas *canvas, bool whole);

#endif
