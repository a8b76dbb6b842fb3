/* The viewer's top-level window: its manners towards window managers, its children, the output
 * buffer and the fence.
 *
 * Children: "image" (upper left corner at 0, 0, the picture and nothing else) and, over or under
 * it, panels that widgets draw on: the status line below it, the message line, the memory panel and
 * the help over it.
 */
#ifndef X11_SHELL_H
#define X11_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "render/pixels.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "x11/connection.h"
#include "x11/resources.h"

struct shell;

enum panel { PANEL_STATUS, PANEL_MESSAGE, PANEL_HUD, PANEL_HELP, PANELS };

struct shell_events {
    void (*input)(void *context, const struct input *input);
    /* The image area has another size; the output buffer's contents are lost. */
    void (*resized)(void *context);
    /* Part of the image area must be sent again. */
    void (*exposed)(void *context, struct rect rect);
    /* A panel must be drawn again, whole. */
    void (*panel_exposed)(void *context, enum panel panel);
    /* The server has taken all that was sent before the oldest unanswered shell_announce. */
    void (*acknowledged)(void *context);
    /* _XLIGHTBOX_COMMAND was written, or another client's `window` asks (x11/remote.h; 0: none
     * does); the answer goes to shell_answer. */
    void (*command)(void *context, const char *script, unsigned long window);
    /* The window is not to be seen (iconified, or on another desk), or is again. */
    void (*hidden)(void *context, bool hidden);
    /* Other windows lie over all of it, or not any more. */
    void (*covered)(void *context, bool covered);
    /* The user closed the window (WM_DELETE_WINDOW). */
    void (*closed)(void *context);
};

struct shell_options {
    const char *transport; /* "auto", "shm" or "put" */
    bool status;           /* room for the status line */
    const char *class;     /* WM_CLASS's; NULL: Xlightbox */
    unsigned long embed;   /* a window to be in, whose size is followed; 0: none */
    int count;             /* the command line, for WM_COMMAND */
    char **words;
};

/* Makes the window, unmapped. Size and place come from the resource geometry, else 1024 x 768 or
 * what the screen has room for; embedded, the size of the window it is in. */
struct shell *shell_new(struct connection *connection, const struct resources *resources,
                        const struct shell_options *options, const struct shell_events *events,
                        void *context, struct fault *fault);
void shell_free(struct shell *shell);

/* Maps it (iconic where the resource says so). The first expose follows. */
void shell_map(struct shell *shell);

/* Where the window and the image area are, for people and programs: "window=0x400001
 * geometry=1024x768+10+20 image=0x400002 view=1024x745", the place that of the screen. */
void shell_geometry(struct shell *shell, char *text, size_t room);

/* True when `name` is a transport that this program has. */
bool shell_transport_known(const char *name);
const char *shell_transport(const struct shell *shell); /* the one in use */

void shell_title(struct shell *shell, const char *title);

/* Shows or hides the status line; the image area gets or gives the room (`resized` follows). */
void shell_show_status(struct shell *shell, bool shown);
bool shell_status_shown(const struct shell *shell);
int shell_status_height(const struct shell *shell); /* 0 while it is hidden */

/* Takes everything that has arrived and calls the events; true when there was something. Never
 * waits. Motion that is followed by more motion of the same buttons is passed over. */
bool shell_drain(struct shell *shell);

/* True when events have been read from the server that shell_drain has not taken. */
bool shell_queued(struct shell *shell);

/* The output buffer: the image area's pixels. Not to be written between shell_announce and its
 * `acknowledged`. */
const struct pixels *shell_pixels(const struct shell *shell);

/* Lets go of the output buffer: there are no pixels until shell_wake makes another (`resized`
 * follows). Waits for the server once. */
void shell_rest(struct shell *shell);
void shell_wake(struct shell *shell);

/* Sends a rectangle of the output buffer, and flushes, so that the server works while more is
 * computed. */
void shell_send(struct shell *shell, struct rect rect);

/* Writes _XLIGHTBOX_STATE, the fence: `acknowledged` comes when the server has read it. */
void shell_announce(struct shell *shell, const char *state);

/* Fences that have not come back. */
int shell_unanswered(const struct shell *shell);

/* Writes _XLIGHTBOX_RESULT on another client's window, with `trouble` (NULL: none) before it in
 * _XLIGHTBOX_ERROR, or on the viewer's own (window 0). */
void shell_answer(struct shell *shell, unsigned long window, const char *text, const char *trouble);

/* A panel's canvas (valid while shown; the status line's always). */
struct canvas *shell_canvas(struct shell *shell, enum panel panel);

/* Shows a panel over the image area, or hides it. `panel_exposed` follows the showing. Not for
 * PANEL_STATUS. */
void shell_place_panel(struct shell *shell, enum panel panel, struct rect rect);
void shell_hide_panel(struct shell *shell, enum panel panel);
bool shell_panel_shown(const struct shell *shell, enum panel panel);

/* A picture of the panels as they are, whatever lies over the window: `draw` is called for each
 * that is shown, and draws it whole. Between begin and end shell_capture_rows puts what they have
 * in rows [y, y + rows) of the top-level window over `levels`: red, green and blue, rows `stride`
 * bytes apart. */
bool shell_capture_begin(struct shell *shell, void (*draw)(void *context, enum panel panel),
                         void *context, struct fault *fault);
bool shell_capture_rows(struct shell *shell, int y, int rows, uint8_t *levels, size_t stride,
                        struct fault *fault);
void shell_capture_end(struct shell *shell);

void shell_flush(struct shell *shell);

#endif
