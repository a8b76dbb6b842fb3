/* The help overlay: keys and what they do, from the command table and key map; and the mouse. Drawn
 * in columns as fit the canvas. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include "ui/canvas.h"
#include "ui/command.h"
#include "ui/keymap.h"

/* The size that shows everything, within width x height. */
void help_size(struct canvas *canvas, const struct command *table, const struct keymap *map,
               int most_width, int most_height, int *width, int *height);
void help_draw(struct canvas *canvas, const struct command *table, const struct keymap *map);

/* What the mouse does, as rows of two texts; ends with NULL. Shared with the manual. */
struct help_row {
    const char *keys, *help;
};
extern const struct help_row help_mouse[];

#endif
