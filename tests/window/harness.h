/* A real X server, a real viewer on it, real keys and clicks; states are waited for on the state
 * property, never slept for. */
#ifndef WINDOW_HARNESS_H
#define WINDOW_HARNESS_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/pnm.h"
#include "support/wire.h"

enum { STATE_ROOM = 1024, PATIENCE_MS = 60000 };

struct viewer {
    pid_t pid;
    Window top, image;
    int errors;      /* a descriptor that reads its standard error */
    char said[8192]; /* what was read of it, and all there was when the viewer ended */
};

/* The tests' own connection to the server, which is started at the first call (1280 x 1024, 24
 * bits) and ended at exit. $DISPLAY is set to it. */
Display *server(void);

/* Starts another server with these further arguments; the tests and later viewers use it until
 * server_usual(). */
bool server_other(const char *const *arguments);
void server_usual(void);
/* The server's X resources. Every server starts with "Xlightbox*chrome: status": most tests are
 * about the picture and where it lies in the window, and menus and panels have a suite of their
 * own. */
void server_resources(const char *text);
/* The same of another program than Xvfb. */
bool server_of(const char *name, const char *const *arguments);

/* Starts another server with that window manager; 0, and the usual server, where it is not
 * installed. */
pid_t manager_start(const char *name);
void manager_stop(pid_t pid);
/* Waits until a window is seen and keys go to it: a state with idle=1 can come before, and what is
 * typed until then is lost. */
bool manager_focus(Window window);

/* A line to the server in use: viewers started from now on go through it, by its TCP address or,
 * `local`, as through a socket of this machine; the tests' own connection does not. Until wire_end
 * or another server. */
struct wire *wire_begin(void);
struct wire *wire_begin_local(void);
void wire_end(void);

/* A file of three plain pages of 1200 x 900 samples of 16 bits, 40 of them to the centimetre. */
const char *harness_film(void);

/* Starts the viewer and waits for its window alone; else as the next. */
bool viewer_begin(struct viewer *viewer, const char *const *words);

/* Starts the viewer and waits for its first final picture. The words end with NULL. False (with a
 * failed assertion) when that does not come. */
bool viewer_start(struct viewer *viewer, const char *const *words);
#define VIEW(viewer, ...) viewer_start(viewer, (const char *const[]){__VA_ARGS__, NULL})

/* Ends it as a window manager would (WM_DELETE_WINDOW); returns the exit status, 128 + signal. */
int viewer_end(struct viewer *viewer);
/* Waits for its end. */
int viewer_wait_end(struct viewer *viewer);

/* The state property now. */
bool viewer_state(const struct viewer *viewer, char state[STATE_ROOM]);
/* The number that follows "NAME=" in a state. */
double state_number(const char *state, const char *name);

/* Waits until the state holds `text` and idle=1, in a frame later than `after` (-1: any). */
bool viewer_wait(const struct viewer *viewer, const char *text, int64_t after);
int64_t viewer_frame(const struct viewer *viewer);

/* The user's hand: xdotool with these words on the tests' server; and the pointer to a place. */
void xdotool(const char *const *words);
#define XDOTOOL(...) xdotool((const char *const[]){__VA_ARGS__, NULL})
void point(int x, int y);

/* Does something and waits for the final frame after it. */
void viewer_key(const struct viewer *viewer,
                const char *key); /* sent to the window, as xdotool key --window */
void viewer_send(const struct viewer *viewer, const char *script);        /* waits for nothing */
bool viewer_reply(const struct viewer *viewer, char *reply, size_t room); /* to that */
bool viewer_command(const struct viewer *viewer, const char *script, char *reply, size_t room);
bool viewer_do(const struct viewer *viewer,
               const char *script); /* a command that changes the picture, and its final frame */

/* Waits until it has said that on its standard error. */
bool viewer_hears(struct viewer *viewer, const char *text);

/* The image area's pixels (three channels). */
bool viewer_grab(const struct viewer *viewer, struct pnm *picture);
bool viewer_image_size(const struct viewer *viewer, int *width, int *height);

/* Its decoder processes, and the one that opens files (0: none); DESIGN's footprint of all in KiB.
 */
int viewer_workers(const struct viewer *viewer, pid_t pids[16]);
pid_t viewer_opener(const struct viewer *viewer);
long viewer_footprint(const struct viewer *viewer);

/* How many System V segments a process has made that are still there, and their bytes. */
int shared_segments(pid_t creator, long *bytes);

/* The footprint without files mapped in: the share of libraries changes with whatever else runs. */
long viewer_own_memory(const struct viewer *viewer);

/* Waits until a child of the viewer's window with something drawn in it is mapped over the image (a
 * message or the help). */
bool viewer_wait_panel(const struct viewer *viewer, bool shown);
bool viewer_panel(const struct viewer *viewer); /* whether there is one now */

/* Whether the program was built with libXrender. */
bool has_render(void);

/* Milliseconds, for limits on waiting. */
int64_t now_ms(void);
void pause_ms(int ms); /* between two looks at something that has no event */

#endif
