/* Keys to command scripts. A key is written "Ctrl+Shift+Page_Down": modifiers Ctrl, Shift, Alt,
 * then a keysym name as X names it. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>

#include "base/fault.h"
#include "ui/command.h"
#include "ui/input.h"

enum { KEYMAP_BINDINGS = 128, KEYMAP_SCRIPT = 64 };

struct key_binding {
    unsigned modifiers;
    char key[24];
    char script[KEYMAP_SCRIPT];
};

struct keymap {
    struct key_binding bindings[KEYMAP_BINDINGS];
    int count;
};

/* Binds, or binds anew. False (with a fault) for a key that cannot be read or a full map. */
bool keymap_bind(struct keymap *map, const char *key, const char *script, struct fault *fault);

/* All default keys of a command table. */
bool keymap_from_commands(struct keymap *map, const struct command *table, struct fault *fault);

/* The script for a key input, or NULL. A binding with the very modifiers comes first; Shift alone
 * is passed over when none matches (its keysym already tells). */
const char *keymap_find(const struct keymap *map, const struct input *input);

/* The keys bound to a script, for people: "f, =" (symbols for plus, minus, equal, question and so
 * on). */
void keymap_describe(const struct keymap *map, const char *script, char *text, int room);

#endif
