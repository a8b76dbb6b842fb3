/* The shell's inside, shared by shell.c, manners.c, events.c and panel.c. Private to x11. */
#ifndef X11_SHELL_PARTS_H
#define X11_SHELL_PARTS_H

#include "lettering.h"
#include "offer.h"
#include "output.h"
#include "paste.h"
#include "sync.h"
#include "x11/shell.h"

/* A canvas on a window of the server's. */
struct panel_window {
    struct canvas canvas; /* first: the canvas class finds the rest through it */
    struct shell *shell;
    Window window;
    Drawable drawable;          /* the window, or what it is captured in (capture.c) */
    struct rect rect, captured; /* in the top-level window; while shown, and when it was captured */
    bool shown;
};

struct shell {
    struct connection *connection;
    const struct shell_events *events;
    void *context;
    Window top, image;
    Window host; /* the window of another program that `top` is in; None */
    struct panel_window panels[PANELS];
    GC gc, fill_gc; /* of the panels */
    struct lettering lettering;
    unsigned long pixel[INKS];
    enum ink gc_foreground, gc_background, fill_ink; /* what the GCs have now; INKS = unknown */
    struct output output;
    int width, height; /* of the top-level window */
    struct layout_sizes sizes;
    struct layout place; /* the parts, as they are laid out */
    unsigned parts;      /* that are wanted */
    enum shell_scheme scheme;
    const struct resources *resources; /* the scheme's colours */
    bool fullscreen;
    struct rect before_fullscreen; /* where the window was, without a window manager */
    bool owns_fullscreen;          /* it was made so without one, ... */
    bool leaves_manager;           /* ... and there is one that could not */
    enum { TURN_NONE, TURN_LEAVES, TURN_COMES } turn; /* out of its care, or back */
    Window parent;                                    /* of `top` */
    int unanswered;
    unsigned long confirmed;              /* the request of the newest shell_confirm */
    bool unmapped, iconic, called_hidden; /* as the server, the window manager (ICCCM), and it
                                             (EWMH) tell; since the window was first mapped */
    bool hidden, covered;                 /* what was told last */
    bool exposed;                         /* the image area, at some time */
    bool painted;                         /* the output buffer as it is */
    bool resting;                         /* shell_rest: no output buffer */
    XEvent motion;                        /* the latest motion not yet told */
    bool motion_held;
    struct offer offer;
    struct paste paste;
    struct sync sync;
    bool layout_due; /* the top-level window has another size; laid out once, when all events are
                        taken */
};

/* embed.c: has the window begin in another program's, and follow that one's size. */
struct placement;
bool shell_embed(struct shell *shell, Window host, struct placement *place, struct fault *fault);
void shell_note_host(struct shell *shell, const XConfigureEvent *event);
void shell_take_focus(struct shell *shell);
void shell_focus_at(struct shell *shell, Time time);

/* manners.c */
struct placement {
    int x, y, width, height;
    int gravity;
    bool user_position, user_size;
};
struct placement shell_placement(struct shell *shell, const char *geometry);
void shell_introduce(struct shell *shell, const struct resources *resources,
                     const struct shell_options *options, const struct placement *placement);
void shell_icon(struct shell *shell);
void shell_name_machine(const struct shell *shell, Window window); /* WM_CLIENT_MACHINE */
/* The user wants it there, and to be seen. */
void shell_place_hints(struct shell *shell, struct rect place);

/* panel.c */
bool panels_letters(struct shell *shell, struct fault *fault); /* the panels' font, first of all */
void panels_init(struct shell *shell);
void panels_fini(struct shell *shell);
void panel_place(struct shell *shell, enum panel panel, struct rect rect);

void shell_name_window(struct shell *shell, Window window, const char *title);
bool shell_managed(const struct shell *shell); /* there is a window manager: asks the server */

/* dialog.c: what happens to its window. */
void dialog_note_size(struct shell *shell, const XConfigureEvent *event);
void dialog_note_map(struct shell *shell);

/* fullscreen.c; the window manager's _NET_SUPPORTED has that: waits for the server. */
bool shell_supports(const struct shell *shell, enum atom_name what);
void shell_begin_kiosk(struct shell *shell, struct placement *place);
void shell_note_kiosk(struct shell *shell);
/* The window was mapped or unmapped, or has another parent. */
void shell_note_turn(struct shell *shell);

/* shell.c */
void shell_layout(struct shell *shell);

#endif
