/* The viewer's top-level window: its manners towards window managers, its children, the output
 * buffer and the fence.
 *
 * Children: "image" (the picture and nothing else) and panels that widgets draw on: around it menu
 * bar, tool row, side panel, file list and status line, where ui/layout.h puts them; over it the
 * message line, the memory panel and the help; over all of them a menu's pull-down. A dialog is a
 * panel in a window of its own, transient for this one. */
#ifndef X11_SHELL_H
#define X11_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "render/pixels.h"
#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/layout.h"
#include "ui/tool.h"
#include "x11/connection.h"
#include "x11/resources.h"

struct shell;

enum panel {
    PANEL_MENU,
    PANEL_TOOLS,
    PANEL_SIDE,
    PANEL_FILES,
    PANEL_STATUS,
    PANEL_MESSAGE,
    PANEL_HUD,
    PANEL_HELP,
    PANEL_PULLDOWN,
    PANEL_DIALOG,
    PANELS
};

/* Colours of the panels. */
enum shell_scheme { SCHEME_GRAY, SCHEME_DARK };

/* The values that are black and white under a window, those between them in proportion (with
 * `flip`, white and black). low < high; else it is no such window. */
struct tone_range {
    double low, high;
    bool flip;
};

/* Forms of the picture for other programs. */
enum shell_form { FORM_PNG, FORM_PPM };

/* What came of asking another program for text: some, a list of files (text/uri-list), none, more
 * than is taken, or no answer. */
enum shell_gift { GIFT_TEXT, GIFT_FILES, GIFT_NOTHING, GIFT_TOO_MUCH, GIFT_SILENCE };

struct shell_events {
    /* Of the image area; presses within it alone. */
    void (*input)(void *context, const struct input *input);
    /* The same before it, in the top-level window's coordinates, and of all of that. True: it is
     * not for the image. */
    bool (*chrome)(void *context, const struct input *input);
    /* The image area has another size; the output buffer's contents are lost. */
    void (*resized)(void *context);
    /* Part of the image area will be sent again. */
    void (*exposed)(void *context, struct rect rect);
    /* Draw the gray levels (8 bits a pixel) of a band of the picture, as wide as the image area,
     * under another window. False: it cannot be drawn now. */
    bool (*levels)(void *context, struct rect band, struct tone_range range,
                   const struct pixels *pixels);
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
    /* Of the dialog's window, in its coordinates; and the user closed it. */
    void (*dialog)(void *context, const struct input *input);
    void (*dialog_closed)(void *context);
    /* Another program asks for the picture: shell_give_picture answers, now or later. */
    void (*picture_asked)(void *context, enum shell_form form, int ticket);
    /* Text that was pasted or dropped, of whoever: UTF-8 where it is sound; NULL with the other
     * gifts. True: it is taken. */
    bool (*given)(void *context, enum shell_gift gift, const char *text);
    /* A session manager wants to know how to start the viewer again as it is: shell_command_line
     * answers. */
    void (*save_asked)(void *context);
    /* In shell_new: the image area will be of that size, once the server has been asked how to fill
     * it. */
    void (*placed)(void *context, int width, int height);
};

struct shell_options {
    const char *transport; /* "auto", "shm" or "put" */
    unsigned parts;        /* of ui/layout.h that are wanted around the image */
    bool kiosk;            /* the whole screen from the start */
    enum shell_scheme scheme;
    const char *class;   /* WM_CLASS's; NULL: Xlightbox */
    unsigned long embed; /* a window to be in, whose size is followed; 0: none */
    int count;           /* the command line, for WM_COMMAND */
    char **words;
};

/* Makes the window and maps it (iconic where the resource says so). Size and place come from the
 * resource geometry, else 1024 x 768 or what the screen has room for; embedded, the size of the
 * window it is in. */
struct shell *shell_new(struct connection *connection, const struct resources *resources,
                        const struct shell_options *options, const struct shell_events *events,
                        void *context, struct fault *fault);
void shell_free(struct shell *shell);

/* Nothing of the image area has been exposed yet, and nothing says that it will not be soon: what
 * is sent may be lost, and sent again. */
bool shell_unseen(const struct shell *shell);

/* Where the window and the image area are, for people and programs: "window=0x400001
 * geometry=1024x768+10+20 image=0x400002 view=1024x745", the place that of the screen. */
void shell_geometry(struct shell *shell, char *text, size_t room);

/* True when `name` is a transport that this program has. */
bool shell_transport_known(const char *name);
const char *shell_transport(const struct shell *shell); /* the one in use */

/* How pictures reach the server, and what that has cost. */
struct shell_line {
    const char *transport;
    const char *passed_over; /* transports that were tried before it, and why they do not serve */
    int64_t bands, likenesses, steps, warps, scrolls; /* sent; of a transport that copies */
    uint64_t bytes, frame_bytes; /* of requests for pictures, about; the last frame's */
    double rate;                 /* bytes a second; 0: not known */
    size_t server_bytes;         /* that the server keeps for us */
    int64_t delay_us, step_us;   /* to an answer; a step on the server; 0: not known */
};
struct shell_line shell_line(const struct shell *shell);

void shell_title(struct shell *shell, const char *title);

/* Sees to it that panels and overlays can show the letters of a text, where the server has any for
 * them; asks it where there are new ones. Not within a frame. True: what is shown of it is to be
 * drawn again. */
bool shell_letters(struct shell *shell, const char *text);

/* Shows these parts of ui/layout.h around the image, as far as there is room; the image area gets
 * or gives it (`resized` follows). */
void shell_show_parts(struct shell *shell, unsigned parts);
unsigned shell_parts(const struct shell *shell); /* that are wanted */
/* Where they are; empty: left out. */
const struct layout *shell_layout_now(const struct shell *shell);
void shell_size(const struct shell *shell, int *width, int *height); /* of the top-level window */

/* The whole screen, by the window manager's means or, without one, by the window's own; or back. */
void shell_fullscreen(struct shell *shell, bool full);
bool shell_is_fullscreen(const struct shell *shell);

/* Other colours; `panel_exposed` follows for all that are shown. */
void shell_use_scheme(struct shell *shell, enum shell_scheme scheme);
enum shell_scheme shell_scheme_now(const struct shell *shell);

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

/* True when the output buffer is copied to the server. Then what is drawn in it leaves it with
 * shell_pump, and goes on with drawing in bands of SHELL_BAND rows at most, between shell_before
 * and shell_drawn. Else shell_drawn shows it, and flushes, so that the server works while more is
 * drawn. */
enum { SHELL_BAND = 16 };
bool shell_copies(const struct shell *shell);
void shell_before(struct shell *shell, struct rect rect);
void shell_drawn(struct shell *shell, struct rect rect);

/* What is drawn from now on: gray or not, under which window where it is a linear one, whether it
 * is what was drawn before, but for the window, and whether all of it turns over when the window
 * does (no-data stays black). */
void shell_tone(struct shell *shell, bool gray, struct tone_range range, bool same, bool flips);

/* The pointer's shape over the image area. */
void shell_cursor(struct shell *shell, enum tool_cursor shape);

/* The pixel of the image area that the user looks at. */
void shell_focus(struct shell *shell, int x, int y);

/* Sends of what was drawn as much as the line takes. With `hand` likenesses will do: the user's
 * hand moves. True when nothing is left that should be sent now; else
 * there is more to do whenever shell_drain has taken something. */
bool shell_pump(struct shell *shell, bool hand);

/* True when the server shows what the buffer holds and no likeness of it. */
bool shell_exact(const struct shell *shell);

/* False while the server may yet refuse what was sent. */
bool shell_proven(const struct shell *shell);

/* Has the server show its picture under another window, within `rect`; the buffer's contents
 * follow as for shell_drawn. False: it cannot, or that would not pay. */
bool shell_step(struct shell *shell, struct tone_range range, struct rect rect);

/* What is drawn from now on is seen through another view, whose number is returned; and the number
 * of the view that the server's copy for steps is of, -1: it has none. */
int64_t shell_new_view(struct shell *shell);
int64_t shell_kept_view(const struct shell *shell);

/* Has the server show a likeness: its copy as it would be seen through another view, under a
 * window. The window's pixel (x, y) is the copy's (warp[0] x + warp[1] y + warp[2], warp[3] x +
 * warp[4] y + warp[5]). False: as for shell_step. */
bool shell_warp(struct shell *shell, struct tone_range range, const double warp[6]);

/* Moves the picture in the buffer and on the server. False: it must be drawn. */
bool shell_scroll(struct shell *shell, int dx, int dy);

/* Prepares the server for shell_step, once nothing else is to be sent. Values lie within `bounds`
 * (low == high: not known). */
void shell_want_base(struct shell *shell, struct tone_range bounds);

/* Writes _XLIGHTBOX_STATE, the fence: `acknowledged` comes when the server has read it. */
void shell_announce(struct shell *shell, const char *state);

/* Writes it anew for a frame that has been acknowledged: no fence. */
void shell_confirm(struct shell *shell, const char *state);

/* Fences that have not come back. */
int shell_unanswered(const struct shell *shell);

/* Writes _XLIGHTBOX_RESULT on another client's window, with `trouble` (NULL: none) before it in
 * _XLIGHTBOX_ERROR, or on the viewer's own (window 0). */
void shell_answer(struct shell *shell, unsigned long window, const char *text, const char *trouble);

/* Writes WM_COMMAND. */
void shell_command_line(struct shell *shell, char **words, int count);

/* Makes the viewer the owner of the selections PRIMARY and CLIPBOARD: a text (cut at some 4,000
 * bytes), and in CLIPBOARD the picture, as PNG too where that can be made (`png`). True from
 * shell_offers: it is. */
void shell_offer(struct shell *shell, const char *text, bool png);
bool shell_offers(const struct shell *shell);

/* The picture that was asked for with that ticket: `size` bytes of a file, which is closed when
 * they have gone; -1: there is none. */
void shell_give_picture(struct shell *shell, int ticket, int fd, int64_t size);

/* Asks for what there is to be pasted; `given` follows. */
void shell_paste(struct shell *shell, bool from_primary);

/* Lets go of other programs that have been silent for too long. Milliseconds until it is to be
 * called again, -1: not yet. */
int64_t shell_tend(struct shell *shell);

/* A panel's canvas; its size is valid while it is shown. */
struct canvas *shell_canvas(struct shell *shell, enum panel panel);

/* Shows a panel at a place of the image area, the pull-down at one of the top-level window, or
 * hides it. `panel_exposed` follows the showing. Not for the parts around the image. */
void shell_place_panel(struct shell *shell, enum panel panel, struct rect rect);
void shell_hide_panel(struct shell *shell, enum panel panel);
bool shell_panel_shown(const struct shell *shell, enum panel panel);
/* It is shown, and lies over that place of the image area. */
bool shell_panel_covers(const struct shell *shell, enum panel panel, int x, int y);

/* Shows a dialog of that size in the middle of the window (PANEL_DIALOG; one at a time), or brings
 * the one that is open to the front; `panel_exposed` follows, also when it has another size. */
struct dialog_wish {
    const char *title;
    int width, height, least_width, least_height;
};
void shell_open_dialog(struct shell *shell, const struct dialog_wish *wish);
void shell_close_dialog(struct shell *shell);

/* A picture of the panels as they are (the dialog left out), whatever lies over the window: `draw`
 * is called for each that is shown, and draws it whole. Between begin and end shell_capture_rows
 * puts what they have in rows [y, y + rows) of the top-level window over `levels`: red, green and
 * blue, rows `stride` bytes apart. */
bool shell_capture_begin(struct shell *shell, void (*draw)(void *context, enum panel panel),
                         void *context, struct fault *fault);
bool shell_capture_rows(struct shell *shell, int y, int rows, uint8_t *levels, size_t stride,
                        struct fault *fault);
void shell_capture_end(struct shell *shell);

void shell_flush(struct shell *shell);

#endif
