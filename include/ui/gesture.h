/* What the mouse does on the image: which button runs which tool (ui/tool.h), the wheel and the
 * double click. As the key map has it (ui/keymap.h), usually
 *
 *   left drag     the tool chosen; at first window (x) and level (y; up = brighter): a drag across
 *                 the area changes by the auto window's width
 *   Ctrl + left   the auto window of a box
 *   middle drag   pan
 *   middle click  paste
 *   right drag    zoom about the point pressed; up = larger, GESTURE_ZOOM_PIXELS double the size
 *   wheel         pages of a stack, down = further; zoom about the pointer elsewhere, and with Ctrl
 *   double click  fit, with tools that do nothing at a click */
#ifndef UI_GESTURE_H
#define UI_GESTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "render/view.h"
#include "tone/window.h"
#include "ui/input.h"
#include "ui/keymap.h"
#include "ui/measure.h"
#include "ui/tool.h"

enum { GESTURE_ZOOM_PIXELS = 100 /* right drag: this many pixels double the size */ };
#define GESTURE_WHEEL_FACTOR 1.25
enum { GESTURE_DOUBLE_CLICK_MS = 400, GESTURE_DOUBLE_CLICK_PIXELS = 4 };

/* What a gesture works on; owned by app, changed in place. */
struct gesture_stage {
    struct view *view;
    struct window *window;
    double auto_width;  /* modality units: the speed of a window/level drag */
    bool whole_numbers; /* integer data: width and centre are rounded to whole numbers, width 1 at
                           least; else it stays above a small part of auto_width */
    bool flipped;       /* more is darker on this page (invert or MinIsWhite, not both) */
    bool paged;         /* the wheel pages */
    const struct tool *tool;     /* the one chosen; NULL: the usual one */
    const struct keymap *map;    /* which button has which tool, and which way is brighter */
    const struct measure *under; /* the shape whose corner or end lies under a press; NULL: none */
    int corner;                  /* of it (ui/measure.h) */
};

/* What changed, added up; 0 = nothing. PLACED: `draft` is a measurement that was made, or has its
 * number and another shape. BOX: it is a
 * region whose window is wanted. PASTE: what another program has selected is asked for. */
enum {
    GESTURE_TONE = 1,
    GESTURE_VIEW = 2,
    GESTURE_DRAFT = 4,
    GESTURE_PLACED = 8,
    GESTURE_PASTE = 16,
    GESTURE_BOX = 32
};

struct gesture {
    int button;              /* the drag under way, 0 = none, ... */
    const struct tool *tool; /* ... and its tool */
    int press_x, press_y;
    struct view view_then;
    struct window window_then;
    bool moved;
    bool drafting, placed; /* a shape is being drawn; it was given away, ... */
    bool boxed;            /* ... as a box */
    bool pastes;           /* the middle button was clicked */
    struct measure draft;  /* its corners in no order while it is drawn */
    int dragged_pages;     /* by the tool page, since the press */
    int pages; /* that the wheel or that tool went further, or back; whoever goes there takes them
                  off */
    int64_t click_time; /* of the last click, for double clicks; INT64_MIN: none */
    int click_x, click_y;
};

void gesture_init(struct gesture *gesture);

/* Takes one input of the mouse; returns what changed. A drag is worked out from where it began, so
 * the way there does not matter. */
int gesture_input(struct gesture *gesture, const struct input *input, struct gesture_stage *stage);

/* Ends a drag without a trace (a new page). */
void gesture_cancel(struct gesture *gesture);

/* A key while a button is held: Escape gives up what is being drawn. False: it is not for us. */
bool gesture_key(struct gesture *gesture, const struct input *input);

#endif
