/* The side panel for window and level: histogram with the window on it, scales and fields, the
 * window function, invert, auto, gamma, colour map, lock, presets. Owns what is focused, dragged
 * and typed; must never know where values come from.
 *
 * In the histogram what is brighter behind the bars lies inside the window. Under it are three
 * handles: both edges and the centre. */
#ifndef UI_TONEPANEL_H
#define UI_TONEPANEL_H

#include <stdbool.h>
#include <stdint.h>

#include "tone/preset.h"
#include "tone/window.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/textfield.h"

enum { TONE_COLUMNS = 200, TONE_TALL = 96 /* of the highest bar */, TONE_TYPED = 24 };
enum { TONE_PRESET_NOTE = 64 };

/* An entry of the list of presets. */
struct tone_preset {
    char name[PRESET_NAME]; /* as the command `preset` takes it */
    double width, center;
    char note[TONE_PRESET_NOTE]; /* whose it is, and in which units */
    bool own;                    /* the user's: it can be deleted */
};

/* What it shows. */
struct tone_look {
    bool open;                     /* a page is shown */
    bool counted;                  /* heights, least, most and the shares are known */
    uint8_t heights[TONE_COLUMNS]; /* 0 .. TONE_TALL; columns are equal parts of least .. most */
    double least, most;            /* modality values */
    bool log;
    struct window window;
    bool whole;                        /* widths and centres are whole numbers */
    double black, white;               /* the share of values clipped at either end, 0 .. 1 */
    const struct tone_preset *presets; /* lent */
    int preset_count;
    int preset;      /* which of them, -1: none */
    bool automatic;  /* the window is the auto window */
    bool gray;       /* colour maps serve the page */
    bool locked;     /* the window stays for all pages and files */
    unsigned listed; /* another number when the presets are others */
};

/* The places that can have the focus, in the order of traversal. */
enum tone_spot {
    TONE_LOG,
    TONE_HISTOGRAM, /* and its handles */
    TONE_WIDTH,
    TONE_WIDTH_SCALE,
    TONE_CENTER,
    TONE_CENTER_SCALE,
    TONE_LINEAR,
    TONE_LINEAR_EXACT,
    TONE_SIGMOID,
    TONE_INVERT,
    TONE_AUTO,
    TONE_GAMMA,
    TONE_GAMMA_SCALE,
    TONE_MAP, /* an option menu */
    TONE_LOCK,
    TONE_PRESETS,
    TONE_NAME, /* of a preset to be saved */
    TONE_SAVE,
    TONE_DELETE,
    TONE_SPOTS
};

enum tone_grip { TONE_NO_GRIP, TONE_LOW, TONE_MIDDLE, TONE_HIGH, TONE_SLIDE };

struct tonepanel {
    struct tone_look look, drawn;
    int focus, focus_drawn; /* a spot, -1: none */
    enum tone_grip grip;    /* what is dragged, ... */
    int gripped;            /* ... on which spot, ... */
    int grip_x;             /* ... so far from its middle */
    struct window before;   /* ... and the window then */
    int armed;              /* the button held down, -1: none */
    bool inside;
    int down_drawn;         /* the button drawn as held down, -1: none */
    int row, row_drawn;     /* of the presets, that was chosen last or keys have come to */
    int top, top_drawn;     /* the first that is seen */
    struct textfield entry; /* while `typing`: the number in the field that has the keyboard */
    struct textfield name;
    bool typing, fields_changed;
    bool marking;             /* the button that was pressed on the name is held down */
    int popped, popped_drawn; /* the row highlighted of the open option menu, -1: it is closed */
    bool pop_held;            /* the button that opened it is held down */
    double width, center;     /* asked for, after TONE_WINDOW */
    double power;             /* likewise, after TONE_POWER */
    char script[64];          /* to run, after TONE_SCRIPT */
};

enum tone_answer { TONE_NOT_MINE, TONE_TOOK, TONE_CHANGED, TONE_WINDOW, TONE_POWER, TONE_SCRIPT };

void tonepanel_init(struct tonepanel *panel);
int tonepanel_width(struct canvas *canvas);

/* The canvas has another height: what has left has neither focus nor menu. */
void tonepanel_laid(struct tonepanel *panel, struct canvas *canvas);

/* Where a spot lies in the panel; empty: there is no room for it. In a low panel the scales leave
 * first, then the window function, gamma, lock, colour map and presets; histogram and fields stay.
 */
struct rect tonepanel_spot(struct canvas *canvas, enum tone_spot spot);
/* A row of the option menu for colour maps, while it is open. */
struct rect tonepanel_option(struct canvas *canvas, int row);
/* The middle of a handle of the histogram, in the panel. */
void tonepanel_handle(const struct tonepanel *panel, struct canvas *canvas, enum tone_grip grip,
                      int *x, int *y);

/* Gives it the keyboard, or takes it away. */
void tonepanel_focus(struct tonepanel *panel, struct canvas *canvas, bool on);

/* A press, motion or release in the panel's coordinates, or a key while it has the focus (Tab and
 * Shift+Tab go on, Escape gives the focus back, the rest is the spot's). */
enum tone_answer tonepanel_input(struct tonepanel *panel, const struct input *input,
                                 struct canvas *canvas);

/* The heights of the bars of a histogram of `bins` counts, least to most. */
void tone_heights(const uint32_t *counts, int bins, bool log, uint8_t heights[TONE_COLUMNS]);

/* All, or what changed since. */
void tonepanel_draw(struct tonepanel *panel, struct canvas *canvas, bool whole);

#endif
