/* The menu's inside, shared by menu.c and menu_draw.c. Private to ui. */
#ifndef UI_MENU_PARTS_H
#define UI_MENU_PARTS_H

#include "ui/menu.h"

/* A title in the user's language, and which byte of it is the letter that opens it with Alt; -1:
 * none. */
int menu_title(int which, char title[MENU_LABEL]);

/* A label without its underscore, and where that was; -1: nowhere. */
int menu_label(const char *text, size_t length, char label[MENU_LABEL]);

bool menu_stands(const struct menu *menu, int which); /* it has items */

/* menu_draw.c: the title or the item at a place of the bar or of the pull-down; -1: none. */
int menu_title_at(const struct menu *menu, struct canvas *bar, int x, int y);
int menu_item_at(const struct menu *menu, struct canvas *canvas, struct rect pulldown, int x,
                 int y);

#endif
