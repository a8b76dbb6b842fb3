/* A file being looked at: what a window and a picture written to a file have in common. From the
 * options to tiles, tone and view. */
#ifndef APP_SCENE_H
#define APP_SCENE_H

#include <stdbool.h>

#include "base/loop.h"
#include "options.h"
#include "painter.h"
#include "render/frame.h"
#include "render/view.h"
#include "source/page.h"
#include "tiles/loader.h"
#include "tone/curve.h"
#include "tone/window.h"

/* Who said what the window is. */
enum window_from { FROM_AUTO, FROM_FILE, FROM_PRESET, FROM_USER };

/* What happens to a scene; members may be NULL. */
struct scene_events {
    void (*opened)(void *context); /* a page is there: view and window are set */
    void (*failed)(void *context, const struct fault *fault);
    void (*tile)(void *context);  /* a tile came: paint on */
    void (*toned)(void *context); /* the auto window became final */
    void (*probed)(void *context, int64_t x, int64_t y, uint32_t code);
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

    bool open;   /* a page is shown; the rest is about it */
    bool placed; /* a page has been shown before: its view and tone stay when paging */
    struct page page;
    struct view view;
    struct window window;
    enum window_from from;
    const struct preset *preset; /* FROM_PRESET */
    bool half_given;             /* the options name the width or the centre alone */
    bool window_final;           /* false while an auto window waits for the statistics */
    struct modality modality;
    char last_trouble[FAULT_TEXT];
    bool damaged;                      /* part of a page could not be decoded */
    bool refused;                      /* the last file or page asked for could not be shown ... */
    struct fault refusal;              /* ... and why */
    int painted_width, painted_height; /* what is painted at a time: the arena's budget follows */
    double auto_width;                 /* modality units, for the speed of drags */
};

/* Starts the decoders. width, height: the image area to begin with. */
bool scene_init(struct scene *scene, struct loop *loop, const struct options *options,
                const struct scene_events *events, void *context, struct fault *fault);
void scene_fini(struct scene *scene);

/* Another size of the image area: view and default budget follow. */
void scene_resize(struct scene *scene, int width, int height);

/* The size of what is painted at a time, where that is not the whole view: the default budget
 * follows. */
void scene_expect(struct scene *scene, int width, int height);

/* The window from the percentiles, the file, a preset, or the user. */
void scene_auto(struct scene *scene);
void scene_use_preset(struct scene *scene, const struct preset *preset);
void scene_use_window(struct scene *scene, double width, double center);
/* What the page starts with: the options' window, else the file's, else auto. */
void scene_initial_window(struct scene *scene);
/* The view that the options ask for. */
void scene_initial_view(struct scene *scene);

/* "auto", "file (ImageJ)", "preset brain", "user". */
void scene_window_source(const struct scene *scene, char *text, size_t room);

double scene_modality(const struct scene *scene, uint32_t code);
bool scene_flipped(const struct scene *scene); /* more is darker */

/* Turns the loop until a page is there and its window final; false with the fault when it is
 * refused. For who has no window to serve meanwhile. */
bool scene_wait(struct scene *scene, struct fault *fault);

/* Plans the frame for the view as it is; compiles the curve for the window as it is. */
bool scene_plan(struct scene *scene, struct fault *fault);
void scene_tone(struct scene *scene);

struct painting scene_painting(struct scene *scene, const struct pixels *pixels, int left, int top);

/* The viewer's and its workers' memory, KiB. */
long scene_footprint(const struct scene *scene);

#endif
