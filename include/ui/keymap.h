/* Keys to command scripts, and buttons of the mouse to tools. A key is written
 * "Ctrl+Shift+Page_Down": modifiers Ctrl, Shift, Alt, then a keysym name as X names it; or as Motif
 * writes it, "Ctrl Shift<Key>Page_Down". A button is Button1 (left) to Button3, with modifiers
 * likewise. */
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

enum { KEYMAP_BUTTONS = 12, KEYMAP_TOOL = 16 };

struct button_binding {
    unsigned modifiers;
    int button;
    char tool[KEYMAP_TOOL]; /* as ui/tool.h names it; "tool": the one chosen; "none" */
};

struct keymap {
    struct key_binding bindings[KEYMAP_BINDINGS];
    int count;
    struct button_binding buttons[KEYMAP_BUTTONS]; /* of drags */
    int button_count;
    bool buttons_changed; /* they are not the usual ones any more */
    bool level_down;      /* dragging down makes brighter; else up does */
};

/* Binds, or binds anew. False (with a fault) for a key that cannot be read or a full map. */
bool keymap_bind(struct keymap *map, const char *key, const char *script, struct fault *fault);

/* The same of a button and a tool's name. */
bool keymap_bind_button(struct keymap *map, const char *button, const char *tool,
                        struct fault *fault);

/* All default keys of a command table; and the usual buttons: left the tool chosen (with Ctrl the
 * auto window of a box), middle pan, right zoom. */
bool keymap_from_commands(struct keymap *map, const struct command *table, struct fault *fault);

/* The tool of a press, or NULL: that with the very modifiers, else that without any. */
const char *keymap_find_tool(const struct keymap *map, const struct input *input);

/* The script for a key input, or NULL. A binding with the very modifiers comes first; Shift alone
 * is passed over when none matches (its keysym already tells). */
const char *keymap_find(const struct keymap *map, const struct input *input);

/* The keys bound to a script, for people: "f, =" (symbols for plus, minus, equal, question and so
 * on). */
void keymap_describe(const struct keymap *map, const char *script, char *text, int room);

#endif
