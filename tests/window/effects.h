/* What each entry of the menus is for, and how a test knows that it came about. */
#ifndef WINDOW_EFFECTS_H
#define WINDOW_EFFECTS_H

#include "harness.h"

/* A command's answer that then holds a text, or after '!' does not any more; else the same picture
 * as after another command; else a place of the image in the window; else what a function finds. */
struct effect {
    const char *script; /* of the entry */
    const char *before; /* commands that make room for it; NULL: none */
    const char *ask, *wanted;
    const char *same;
    int image[4]; /* x, y, width, height */
    bool (*came)(struct viewer *viewer, bool keys);
    const char *after;
};

/* NULL: nobody has said what the entry is for. */
const struct effect *effect_of(const char *script);

/* The files that entries are tried on, made at the first call: the first two are the command
 * line's. */
enum effect_file { EFFECT_STACK, EFFECT_OTHER, EFFECT_BETWEEN, EFFECT_RENEWED, EFFECT_FILES };
const char *effect_file(enum effect_file which);

/* Before an entry is chosen, when its effect must not be there; and waits for it afterwards. */
void effect_prepare(struct viewer *viewer, const struct effect *effect);
bool effect_comes(struct viewer *viewer, const struct effect *effect, bool keys);

/* Commands, and the final picture that they lead to. */
void effect_command(const struct viewer *viewer, const char *script);
/* Waits until a command's answer holds a text, or after '!' does not. */
bool effect_answers(const struct viewer *viewer, const char *ask, const char *wanted);
bool effect_pixel(const struct viewer *viewer, int x, int y, unsigned long pixel);

/* The viewer's dialog, once it is there and has the focus; and once it is gone. */
Window effect_dialog(const struct viewer *viewer);
bool effect_no_dialog(const struct viewer *viewer);

#endif
