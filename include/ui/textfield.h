/* A line of text to be typed in: recessed, with a caret. Any bytes but 0 may stand in it, for names
 * of files may have any; those that are no letters are shown as '?'. */
#ifndef UI_TEXTFIELD_H
#define UI_TEXTFIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/canvas.h"
#include "ui/input.h"

enum { TEXTFIELD_ROOM = 4200 };

struct textfield {
    char text[TEXTFIELD_ROOM];
    int caret; /* bytes before it */
};

/* The caret goes to the end. */
void textfield_set(struct textfield *field, const char *text);

int textfield_height(const struct canvas *canvas);

/* Into the text where the caret is, if there is room for all of it. */
void textfield_insert(struct textfield *field, const char *text, size_t length);

/* A key. False: it is none of a text's. */
bool textfield_key(struct textfield *field, const struct input *input);

/* The caret goes to where a field that lies in `rect` was pressed. */
void textfield_press(struct textfield *field, struct canvas *canvas, struct rect rect, int x);

/* The end of a text that is too long is what is seen, or what is about the caret, which is there
 * while the field has the keyboard. */
void textfield_draw(const struct textfield *field, struct canvas *canvas, struct rect rect,
                    bool focus);

#endif
