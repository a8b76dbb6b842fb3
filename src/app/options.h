/* The command line: one table of options, from which parsing, --help and the manual are made. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "render/view.h"
#include "source/page.h"
#include "tone/preset.h"
#include "tone/window.h"

/* What the wheel does; and whether each page has a window of its own. By the names of these words.
 */
enum wheel_use { WHEEL_AUTO, WHEEL_PAGE, WHEEL_ZOOM };
extern const char *const wheel_uses[];
extern const char *const page_windows[]; /* "keep", "auto" */

/* What is around the image. */
enum chrome { CHROME_ON, CHROME_STATUS, CHROME_OFF };
extern const char *const chromes[]; /* "on", "status", "off" */

enum job {
    JOB_VIEW,
    JOB_RENDER,
    JOB_INFO,
    JOB_BUILD,
    JOB_REMOTE,
    JOB_HELP,
    JOB_VERSION,
    JOB_COMMANDS,
    JOB_MANUAL,
    JOB_COMPLETION
};

struct options {
    enum job job;
    unsigned jobs; /* those of files that were asked for, 1 << JOB_... */
    char **files;  /* lent from the argument vector */
    int file_count;
    /* tone */
    bool has_width, has_center;
    double width, center;
    const struct preset *preset;
    bool auto_window;
    bool has_voi;
    enum voi voi;
    bool invert;
    double gamma; /* 0 = not given */
    bool has_map;
    enum colormap map;
    bool rescaled;
    struct modality modality;
    /* view */
    enum view_mode zoom_mode;
    double zoom;
    bool zoom_given, has_point;
    double point_x, point_y;
    int turns;
    bool flip_horizontal, flip_vertical;
    int page;                     /* 0-based */
    const char *along[PAGE_AXES]; /* "3" (from 1), or "all" channels; NULL = not given */
    const char *series;           /* likewise */
    bool every_directory;
    bool raw_orientation;
    int wheel, page_window; /* indices of wheel_uses and page_windows; -1 = not given */
    bool overlay_given;
    unsigned overlay; /* 1 << enum overlay_part */
    double cine;      /* pages for a second to start with, 0 = none */
    /* output and means */
    const char *output;          /* a pattern where it has a percent sign */
    int size_width, size_height; /* 0 = not given */
    bool strict, force;
    int bits;          /* of a level in it, 8 or 16 */
    const char *pages; /* that --render makes pictures of (pattern.h); NULL: `page` */
    int jobs_at_once;  /* processes that do so */
    bool json;
    size_t memory;       /* 0 = as much as the window needs */
    size_t memory_limit; /* of all processes together, 0 = none */
    int64_t spill;       /* bytes of a decoder's temporary file, 0 = none */
    int workers;         /* 0 = as many as fit the machine */
    bool no_sandbox;
    const char *transport;
    const char *visual; /* NULL = the best */
    bool private_colormap;
    bool memory_report;
    int memory_trace;            /* window changes from one report to the next, 0 = none */
    const char *commands;        /* -e */
    const char *script;          /* -f: a file of commands */
    bool commands_in;            /* commands come on standard input */
    const char *remote;          /* commands for a viewer that is open, ... */
    unsigned long remote_window; /* ... this one; 0: the one there is */
    int chrome;                  /* enum chrome; -1 = not given */
    bool kiosk;
    bool lock;           /* the window stays for every page and file */
    bool watch, follow;  /* the file shown for changes; folders for files that come */
    bool print_geometry; /* where the window is, once it is seen */
    unsigned long embed; /* the window of another program to be in; 0: none */
    const char *title;   /* NULL: file and page */
    const char *class;   /* WM_CLASS's; NULL: Xlightbox */
    int shell;           /* of which the completion is asked for, an index of completion_shells */
};

/* One option. `argument` is NULL where it takes none. */
struct option_row {
    const char *name; /* without the dashes; one letter is a short option */
    const char *argument;
    const char *help;
    const char *group;
    bool (*set)(struct options *options, const char *value, struct fault *fault);
};

/* Ends with a name of NULL. */
extern const struct option_row option_rows[];

/* Reads words[1..count-1], from which the X toolkit options have been taken. A fault is of kind
 * FAULT_USAGE. Reorders words. */
bool options_parse(struct options *options, int count, char **words, struct fault *fault);

#endif
