/* Tools: what a drag or a click of the left button does to the picture, one const entry each. They
 * are small state machines over a struct gesture (ui/gesture.h), which the middle and the right
 * button share. */
#ifndef UI_TOOL_H
#define UI_TOOL_H

#include <stdbool.h>

#include "ui/input.h"
#include "ui/measure.h"

struct gesture;
struct gesture_stage;

enum tool_cursor { CURSOR_CROSSHAIR, CURSOR_MOVE, CURSOR_ZOOM, CURSOR_PENCIL, CURSOR_SHAPES };

struct tool {
    const char *name;  /* as the command `tool` has it */
    const char *label; /* for people */
    const char *help;  /* one line, no full stop */
    enum tool_cursor cursor;
    bool follows; /* the loupe is about the pointer while this tool is chosen */
    bool clicks;  /* a click does something: two of them do not fit the picture */
    /* What begins, goes on and ends with a button; the gesture knows where it was pressed. A drag
     * is worked out from there, so the way does not matter. `press` and `release` may be NULL. */
    void (*press)(struct gesture *gesture, const struct input *input, struct gesture_stage *stage);
    void (*move)(struct gesture *gesture, const struct input *input, struct gesture_stage *stage);
    void (*release)(struct gesture *gesture, const struct input *input,
                    struct gesture_stage *stage);
    enum measure_kind kind; /* of the shape that it draws, if it draws one that stays */
};

/* Ends with a name of NULL. The first is the usual one. */
extern const struct tool tools[];

const struct tool *tool_find(const char *name); /* NULL: there is none */

#endif
