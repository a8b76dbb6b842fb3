/* A file being looked at: what a window and a picture written to a file have in common. From the
 * options to tiles, tone and view. */
#ifndef APP_SCENE_H
#define APP_SCENE_H

#include <stdbool.h>

#include "base/loop.h"
#include "economy.h"
#include "options.h"
#include "painter.h"
#include "places.h"
#include "render/frame.h"
#include "render/view.h"
#include "source/page.h"
#include "tiles/loader.h"
#include "tone/curve.h"
#include "tone/window.h"

/* Who said what the window is. */
enum window_from { FROM_AUTO, FROM_FILE, FROM_PRESET, FROM_USER, FROM_REGION, FROM_LOCK };

/* What happens to a scene; members may be NULL. */
struct scene_events {
    void (*opened)(void *context); /* a page is there: view and window are set */
    void (*failed)(void *context, const struct fault *fault);
    void (*tile)(void *context);  /* a tile came: paint on */
    void (*toned)(void *context); /* the auto window became final */
    void (*probed)(void *context, int64_t x, int64_t y, const double *values);
    void (*pages)(void *context); /* how many pages there are is known better */
    void (*fact)(void *context, const struct fact *fact);
    void (*trouble)(void *context, const struct fault *fault);
};

struct scene {
    const struct options *options;
    struct loop *loop;
    struct loader *loader;
    struct frame *frame;
    struct curve *curve;
    struct painter painter;
    const struct scene_events *events;
    void *context;

    const char *path;   /* the file shown, or the one that could not be; lent */
    const char *coming; /* the file asked for last, once it has been; lent */
    bool opening;       /* nothing of it has been shown */
    bool reloading;     /* it is the file shown before, to be read anew */
    bool open;          /* a page is shown; the rest is about it */
    bool placed;        /* a page has been shown before: its view and tone stay when paging */
    struct page page;
    struct source_choice choice; /* what led to it */
    struct view view;
    struct window window;
    enum window_from from;
    enum voi voi; /* the function asked for; the window's may differ where that one cannot serve */
    bool voi_given;              /* asked for by the user */
    bool auto_given;             /* the auto window was asked for by the user */
    const struct preset *preset; /* FROM_PRESET */
    bool half_given;             /* the options name the width or the centre alone */
    bool kept;                   /* the auto window is that of an earlier page, ... */
    int32_t kept_page;           /* ... this one, 0-based */
    bool each_window;            /* each page starts with a window of its own */
    bool locked;                 /* no page and no file has another window than the one before */
    double gamma;                /* to start with, ... */
    enum colormap map;           /* ... likewise */
    bool window_final;           /* false while an auto window waits for the statistics */
    struct modality modality;
    struct statistics statistics; /* of the page, once they are counted */
    double auto_width;            /* modality units, for the speed of drags */

    struct source_choice asked; /* what the loader was asked for last */
    struct place_wish wish;     /* what that page is only a step to */
    int32_t series;             /* sought, 0-based; -1: none */
    bool held; /* a page was asked for and nothing of it shown: another one asked for waits ... */
    bool waiting; /* ... as this one does */
    struct source_choice ahead;
    bool passing;   /* more pages are to come at once: what can wait until the last does */
    bool alike;     /* the page is of the same kind and size as the one shown before */
    bool strayed;   /* the loader has another page than `choice` meanwhile */
    bool misplaced; /* the refusal under way is of words that name no place in the file */

    char last_trouble[FAULT_TEXT];
    char last_notice[PAGE_NOTICE];
    bool damaged;                      /* part of a page could not be decoded */
    bool refused;                      /* the last file or page asked for could not be shown ... */
    struct fault refusal;              /* ... and why */
    int painted_width, painted_height; /* what is painted at a time: the arena's budget follows */
    int64_t painted_tiles;             /* the most it needs; 0: not known */
    struct economy economy;
    bool starved; /* there was no memory for some tiles of the view: they will not come */
};

/* Starts the decoders. */
bool scene_init(struct scene *scene, struct loop *loop, const struct options *options,
                const struct scene_events *events, void *context, struct fault *fault);
void scene_fini(struct scene *scene);

/* What was shown before is of no account: the next file or page starts as the options say, and
 * scene_wait waits for it. */
void scene_restart(struct scene *scene);

/* Opens a file; `path` is lent. The first one shown is opened where the options say, later ones at
 * their first page. `opened` or `failed` follows, as after the other two. */
bool scene_open(struct scene *scene, const char *path, struct fault *fault);
/* The file at `path` again, which was shown last: at the place where it was, view and tone stay.
 * Where that place is no more, at its first page. */
bool scene_reload(struct scene *scene, const char *path, struct fault *fault);
/* Another page, or other channels of it. While one is `held` it waits, and a later one takes its
 * place. */
bool scene_select(struct scene *scene, struct source_choice choice, struct fault *fault);
/* The page that a word names (place_read) of the file that is being opened. */
bool scene_page_later(struct scene *scene, const char *word, struct fault *fault);
/* What is asked for, or waits to be. */
struct source_choice scene_target(const struct scene *scene);
/* The page asked for was shown, or will not be: the one that waits is asked for. False when there
 * is none, or it cannot be. */
bool scene_go_ahead(struct scene *scene);
/* No more pages are to come at once: what waited until then is done. */
void scene_settle(struct scene *scene);
/* The first page of a series (0-based), which may take several steps. */
bool scene_seek(struct scene *scene, int32_t series, struct fault *fault);
/* Along an axis, as place_along: from the page that was asked for last. *stays: that is where it is
 * already. */
bool scene_step(struct scene *scene, enum page_axis axis, const char *word, bool *stays,
                struct fault *fault);

/* Another size of the image area: view and default budget follow. */
void scene_resize(struct scene *scene, int width, int height);

/* The size of what is painted at a time, where that is not the whole view, and the most tiles that
 * it needs (0: not known): the default budget follows. */
void scene_expect(struct scene *scene, int width, int height, int64_t tiles);

/* Works the arena's budget out anew. */
void scene_set_budget(struct scene *scene);
/* False, with a sentence, where the memory limit is too small for the page and the window. */
bool scene_affords(const struct scene *scene, struct fault *fault);

/* The page's size as it is seen before the view turns it. */
void scene_upright_size(const struct scene *scene, int64_t *width, int64_t *height);
bool scene_lies(const struct scene *scene); /* that is, sideways to what is stored */

/* View and window as the options (then the file) say. */
void scene_initial_view(struct scene *scene);
void scene_initial_window(struct scene *scene);

/* Changes of the window by the user. */
void scene_auto(struct scene *scene);
struct window scene_file_window(const struct scene *scene); /* where it names one */
bool scene_use_file(struct scene *scene); /* false: the file names none for the page */
void scene_use_preset(struct scene *scene, const struct preset *preset);
void scene_use_window(struct scene *scene, double width, double center);
/* The auto window of what was counted of a region. */
void scene_use_counts(struct scene *scene, const struct window_counts *counts);
void scene_use_function(struct scene *scene, enum voi voi);

/* What has been counted since changes the auto window; the statistics are final when the loader
 * says so. */
void scene_refresh_window(struct scene *scene);

/* Who is told: people in their language, programs in English. */
enum told { TOLD_PEOPLE, TOLD_PROGRAMS };

/* "auto", "auto of page 3", "auto of a region", "locked", "file (ImageJ)", "as stored", "preset
 * brain", "user"; while it is provisional "auto ..." */
void scene_window_source(const struct scene *scene, enum told to, char *text, size_t room);

double scene_modality(const struct scene *scene, double stored);
bool scene_whole(const struct scene *scene);   /* modality values are whole numbers */
bool scene_flipped(const struct scene *scene); /* more is darker */
int scene_channels(const struct scene *scene); /* of what is seen: 1, or 3 of colours */

/* Turns the loop until a page is there and its window final; false with the fault when it is
 * refused. For who has no window to serve meanwhile. */
bool scene_wait(struct scene *scene, struct fault *fault);

/* Plans the frame for the view as it is; compiles the curve for the window as it is. */
bool scene_plan(struct scene *scene, struct fault *fault);
void scene_tone(struct scene *scene);

/* The curve that the page has under another window. */
void scene_curve(const struct scene *scene, const struct window *window, struct curve *curve);

struct painting scene_painting(struct scene *scene, const struct pixels *pixels, int left, int top);

#endif
