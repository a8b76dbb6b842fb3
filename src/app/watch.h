/* What the session keeps to show its own memory: the figures read last, snapshots, the panel (HUD)
 * and the count of window changes for the trace. */
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "figures.h"
#include "snapshots.h"
#include "ui/hud.h"

struct session;

struct watch {
    struct figures figures; /* as read last */
    struct snapshots snapshots;
    struct hud hud;
    int64_t hud_ms;   /* when its rows were set */
    int64_t changes;  /* of the window, by hand and by commands */
    int64_t traced;   /* so many of them have been reported */
    int64_t frame_us; /* what the last frame took, from planning it to its announcement */
};

void watch_fini(struct session *session);

/* Reads the figures anew; never within a frame. */
const struct figures *watch_take(struct session *session);

/* Prints the whole report, as options.json wants it or, with `text`, as text. */
void watch_report(struct session *session, FILE *file, bool text);

/* The window was changed by the user: every options.memory_trace-th time figures go to stderr once
 * the loop is free. Takes no memory and waits for nothing. */
void watch_count_window(struct session *session);

/* The panel. What is cheap follows frames, twice a second at most; /proc is not read while a drag
 * is under way. */
void watch_show(struct session *session, bool shown);
bool watch_shown(const struct session *session);
void watch_place(struct session *session); /* for the window's size, below the message line */
void watch_draw(struct session *session);  /* all of it */
void watch_later(struct session *session); /* after a frame */

#endif
