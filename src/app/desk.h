/* The reading desk: menu bar, tool row and side panel of a window. Owns the widgets; knows what
 * their entries do by the command table alone. */
#ifndef APP_DESK_H
#define APP_DESK_H

#include <stdbool.h>

#include "ui/input.h"
#include "ui/menu.h"
#include "ui/tonepanel.h"
#include "ui/toolrow.h"
#include "x11/shell.h"

struct session;

enum desk_scheme { DESK_AUTO, DESK_GRAY, DESK_DARK };
extern const char *const desk_schemes[]; /* "auto", "gray", "dark" */

enum { DESK_PRESETS = 32 };

struct desk {
    struct menu menu;
    struct toolrow tools;
    struct tonepanel tone;
    enum panel held;                          /* what a button was pressed on, PANELS: nothing */
    bool histogram_known;                     /* of the page shown */
    bool log;                                 /* its heights are logarithms */
    struct tone_preset presets[DESK_PRESETS]; /* as the panel lists them */
    unsigned parts_before; /* that were shown before all were hidden; 0: none were */
    enum desk_scheme scheme;
};

void desk_begin(struct session *session);

/* shell_events.chrome. */
bool desk_input(void *session, const struct input *input);

/* A page is there, or none any more. */
void desk_opened(struct session *session);

/* Takes up what has changed, and draws what of it is seen. */
void desk_update(struct session *session);
/* One of its panels, whole. */
void desk_draw(struct session *session, enum panel panel);
/* For another size of the window. */
void desk_layout(struct session *session);

/* Everything but the image is hidden, or what was shown before again. */
void desk_toggle(struct session *session);
void desk_show(struct session *session, unsigned parts);
void desk_fullscreen(struct session *session, bool full);
/* The colours that are asked for, or follow from the full screen. */
void desk_use_scheme(struct session *session);
enum shell_scheme desk_scheme_for(enum desk_scheme wish, bool full);

/* desk_state.c: what an item of the menus says of itself. */
enum menu_state desk_state(void *session, const struct menu_item *item);

/* desk_tone.c: what the tone panel shows of the scene. */
/* The file's values are not in Hounsfield units, or nothing says so: they lack their offset. */
bool desk_lacks_units(const struct session *session);
void desk_look(struct session *session, struct tone_look *look);

#endif
