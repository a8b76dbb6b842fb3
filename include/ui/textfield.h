/* A line of text to be typed in: recessed, with a caret, a part of it selected. Any bytes but 0 may
 * stand in it, for names of files may have any; those that are no letters are shown as '?'. */
#ifndef UI_TEXTFIELD_H
#define UI_TEXTFIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/canvas.h"
#include "ui/input.h"

enum { TEXTFIELD_ROOM = 4200, TEXTFIELD_PAD = 3 /* within its shadow, beside the text */ };

struct textfield {
    char text[TEXTFIELD_ROOM];
    int caret; /* bytes before it */
    int mark;  /* the other end of what is selected; the caret: nothing is */
    int64_t pressed_ms;
    bool pressed; /* once, so that another press soon is a double click */
};

/* The caret goes to the end, and nothing is selected. */
void textfield_set(struct textfield *field, const char *text);

int textfield_height(const struct canvas *canvas);

/* Bytes of what is selected, and where it begins; 0: nothing is. */
size_t textfield_selected(const struct textfield *field, const char **from);

/* In the place of what is selected, or where the caret is, if there is room for all of it. */
void textfield_insert(struct textfield *field, const char *text, size_t length);

/* A key. With Shift, what moves the caret selects; Control and a: all. False: it is none of a
 * text's. */
bool textfield_key(struct textfield *field, const struct input *input);

/* The caret goes to where a field that lies in `rect` was pressed; with Shift that selects, and the
 * second press of a double click selects the name between two slashes. Motions with the button held
 * select too. */
void textfield_press(struct textfield *field, struct canvas *canvas, struct rect rect,
                     const struct input *input);
void textfield_drag(struct textfield *field, struct canvas *canvas, struct rect rect, int x);

/* The end of a text that is too long is what is seen, or what is about the caret, which is there
 * while the field has the keyboard. */
void textfield_draw(const struct textfield *field, struct canvas *canvas, struct rect rect,
                    bool focus);

#endif
