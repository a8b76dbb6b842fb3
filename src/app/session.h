/* One viewer: a scene in a window. Owns everything and decides what is painted when. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "askers.h"
#include "building.h"
#include "choosing.h"
#include "cine.h"
#include "desk.h"
#include "files.h"
#include "foresight.h"
#include "loupe.h"
#include "measuring.h"
#include "options.h"
#include "overlays.h"
#include "preview.h"
#include "recent.h"
#include "regional.h"
#include "relief.h"
#include "roll.h"
#include "scene.h"
#include "scripts.h"
#include "sharing.h"
#include "thumbs.h"
#include "ui/gesture.h"
#include "ui/keymap.h"
#include "ui/statusline.h"
#include "vigil.h"
#include "watch.h"
#include "x11/connection.h"
#include "x11/resources.h"
#include "x11/shell.h"

struct session {
    const struct options *options;
    char **words; /* the command line, lent */
    int word_count;
    struct loop loop;
    struct scene scene;
    struct connection *connection;
    struct resources *resources;
    struct shell *shell;
    struct keymap keymap;
    struct gesture gesture;
    struct statusline status;
    struct desk desk;

    struct files files;
    struct vigil vigil;
    int file;        /* of those */
    int shown;       /* the last that was opened */
    bool file_asked; /* the former has not come yet */
    int file_step;   /* which way to go on when that one cannot be shown: 1, -1, 0 = stay */
    int32_t page;    /* the page asked for ... */
    int page_step;   /* ... and which way to go on when it cannot be shown */
    bool to_last;    /* the last page was asked for, and they are still being counted */
    enum wheel_use wheel;
    struct cine cine;
    int32_t played; /* the place in the stack that it came to last */
    int files_failed;
    int refusals; /* files and pages asked for that could not be shown */
    int exit_status;

    /* What the next frame is about. */
    bool view_changed, tone_changed;
    bool tiles_came;
    bool exposed; /* the window was */
    bool sending; /* a frame was painted and has not left the buffer whole, ... */
    bool by_hand; /* ... and likenesses will do for it */
    struct preview preview;
    bool status_changed; /* the status line's texts, or all of it: status_exposed */
    bool status_exposed;
    int64_t frame;        /* frames announced */
    int64_t painted_ms;   /* when the last frame was */
    int64_t view_ms;      /* when the view changed after the last frame */
    int64_t opened_ms;    /* when the page was opened, then when its tiles were asked for: the first
                             frame waits a little to be whole */
    bool blank;           /* nothing is open any more: the image area is to be cleared */
    bool asked;           /* its tiles have been asked for */
    bool first;           /* no frame of this page has been painted */
    bool announced_final; /* all of the newest frame is as it shall be, ... */
    bool announced_idle;  /* ... and the server has it: what the state property says */
    bool opening;         /* a file or page was asked for and has not come yet */
    bool asks_file;       /* the commands being run have asked for a file */
    bool started;         /* the commands of the options have begun */
    bool late;            /* the first page has not come in time: the window comes without it */

    struct {
        bool inside;
        int x, y;
        bool known;                 /* values are that sample's */
        int64_t sample_x, sample_y; /* of the upright page */
        int64_t stored_x, stored_y; /* the same sample as it is stored */
        double values[3];
    } pointer;
    struct busy {
        enum loader_task task;
        double share;
        int64_t since_ms, shown_ms; /* clock_ms when it began, and was drawn last; 0: not yet */
    } busy;
    struct foresight foresight;
    char message[FAULT_TEXT + 80];
    bool message_old; /* about what was shown before the file that was asked for */
    struct relief relief;
    struct watch watch;
    struct building building;
    struct choosing choosing;
    struct thumbs thumbs;
    struct roll roll;
    struct recent recent;
    struct scripts scripts;
    struct askers askers;
    struct writing *writer; /* the file being written; NULL: none is */
    bool writing;           /* the loader's tiles are for that file, or for a measurement, not
                               for the window */
    bool writing_more;      /* it does not wait for any */
    struct measuring measuring;
    struct regional regional;
    struct overlay overlay; /* of the window, as it was drawn last */
    struct loupe loupe;
    struct sharing sharing;
    const struct tool *tool; /* the left button's */
};

/* Runs the viewer until the user ends it. Returns the exit status. `words` is the command line, for
 * WM_COMMAND. */
int session_run(const struct options *options, struct resources *resources, int count,
                char **words);

/* The parts of session_run, for who drives the loop otherwise (benchmarks). After session_begin the
 * window is mapped, with a page or one that is still to come; false: nothing can be shown, and the
 * fault, unless its kind is FAULT_NONE, says why. session_end must follow either way. */
bool session_begin(struct session *session, const struct options *options,
                   struct resources *resources, int count, char **words, struct fault *fault);
void session_end(struct session *session);

/* For the commands. The tone's counts as a change by the user (watch.h). */
void session_view_changed(struct session *session);
void session_tone_changed(struct session *session);
/* Until the window is there a message waits for it; the last one is shown. */
void session_message(struct session *session, const char *text);
void session_forget_message(struct session *session);

/* Opens the file of that index or, where it cannot be shown, the next one `step` further that can
 * (0: that one alone); where there is none, what was shown stays or is opened again. That takes
 * its time: each file that cannot be shown is told of. False: there is no such file. */
bool session_open_file(struct session *session, int index, int step, struct fault *fault);

/* The same of the file at a path, which is one of them from now on; that one alone. */
bool session_open_path(struct session *session, const char *path, struct fault *fault);

/* Reads the file shown anew, at the same place. */
bool session_reload(struct session *session, struct fault *fault);

/* Another page of the file, and as above: where it cannot be shown, the next that can `step`
 * further. */
bool session_open_page(struct session *session, int32_t index, int step, struct fault *fault);

/* To the page that a word names as place_read has it, of the file or of the stack that the page
 * lies in (slices, else time points, else pages). */
bool session_page(struct session *session, const char *word, struct fault *fault);
bool session_stack(struct session *session, const char *word, struct fault *fault);

/* Plays the stack (time points, else slices, else pages) until it is stopped, as any of these
 * steps does. */
bool session_play(struct session *session, struct fault *fault);
void session_stop_cine(struct session *session);

/* Along an axis, or to the first page of a series; and nothing else where that cannot be shown. */
bool session_step(struct session *session, enum page_axis axis, const char *word,
                  struct fault *fault);
bool session_open_series(struct session *session, int32_t series, struct fault *fault);
void session_toggle_help(struct session *session);
void session_quit(struct session *session);

#endif
