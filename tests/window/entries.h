/* What is in the menus, where it lies in a window of 1024 x 768 with letters of 6 x 13, and how it
 * is chosen by hand: worked out by a menu bar in memory. */
#ifndef WINDOW_ENTRIES_H
#define WINDOW_ENTRIES_H

#include "harness.h"
#include "ui/menu.h"

/* Of the window, and of what is around the image. */
enum { WIDTH = 1024, HEIGHT = 768, BAR = 27, TOP = 58, SIDE = 224, STATUS = 23 };

void entries_begin(void);
void entries_end(void);

/* The entries of a menu, with so many of files shown last; NULL: it has none. Good until the next
 * call. */
const struct menu *entries_of(int which, int recent);

/* Points at a place of the viewer's window, wherever that is; and where that is on the screen. */
void entries_point(const struct viewer *viewer, int x, int y);
void entries_place(Window window, int x, int y, char at[2][12]);

/* Chooses an entry of the menu that was asked for last, all of which can be chosen. By mouse:
 * press, drag and release for every other one, else two clicks. By keys: F10 and arrows for every
 * other one, else letters. */
void entries_choose(const struct viewer *viewer, int item, bool keys);

/* Waits until the image lies so in the window; a width or height below 0 may be any. */
bool entries_wait_image(const struct viewer *viewer, int x, int y, int width, int height);

#endif
