/* What the X server shows by itself while the user's hand moves: the picture under another window,
 * made of a copy that it keeps, and the picture moved. */
#ifndef APP_PREVIEW_H
#define APP_PREVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "render/pixels.h"
#include "render/view.h"
#include "tone/curve.h"
#include "x11/shell.h"

struct session;

enum { PREVIEW_VIEWS = 16 };

struct preview {
    int64_t hand_ms;   /* when the hand last changed the view or the window; 0: never */
    struct view drawn; /* what the output buffer was last painted for ... */
    int32_t page;      /* ... of this page */
    bool known;        /* and it still holds that */
    bool gray;         /* without colours */
    bool moved; /* the view changed last by moving the picture: what the server keeps for steps is
                   not renewed for each such change, but when a drag begins */
    /* Views by their numbers, as far as the server's copy may be of them. */
    struct preview_view {
        int64_t number;
        int32_t page;
        struct view view;
    } views[PREVIEW_VIEWS];
    bool turned;             /* the frame under way is seen through another view */
    bool stepped;            /* the frame under way changes the window alone */
    struct curve *curve;     /* of what the server keeps, ... */
    struct tone_range range; /* ... under this window ... */
    int32_t curve_page;      /* ... of this page, 1-based */
};

void preview_fini(struct session *session);

/* Another page is there: nothing that was shown serves it. */
void preview_forget(struct session *session);

/* The user changed the view or the window. */
void preview_note_hand(struct session *session);
/* True until the hand has rested for a moment. */
bool preview_hand(const struct session *session);

/* Before a frame is painted for the view and the window as they are, which of them changed: tells
 * the shell what it will be, and moves there what only moves. `window`: that is all that changed.
 */
void preview_begin(struct session *session, bool view, bool window);
/* After it was: where the window alone changed, the server may show that. */
void preview_end(struct session *session);

/* A window/level drag begins. */
void preview_press(struct session *session);

/* Some time after the picture is final the server is given what it needs for such changes. */
void preview_rest(struct session *session);

/* shell_events.levels */
bool preview_levels(void *session, struct rect band, struct tone_range range,
                    const struct pixels *pixels);

#endif
