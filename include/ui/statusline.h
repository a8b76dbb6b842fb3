/* The status line: recessed fields on a raised bar. Fields are texts; only those whose text changed
 * are drawn. */
#ifndef UI_STATUSLINE_H
#define UI_STATUSLINE_H

#include <stdbool.h>

#include "ui/canvas.h"

enum status_field {
    STATUS_WARNING,  /* "no sandbox"; takes no room while it is empty */
    STATUS_POSITION, /* "x 1536 y 1280" */
    STATUS_VALUE,    /* "1023", "1023 = -1 HU" or "255 128 0" */
    STATUS_WINDOW,   /* "W 4095" */
    STATUS_LEVEL,    /* "C 2048" */
    STATUS_ZOOM,     /* "30 %" */
    STATUS_SOURCE,   /* where the window came from: "auto", "file (ImageJ)", "preset brain" */
    STATUS_MEMORY,   /* "11.2 MiB" */
    STATUS_NOTE,     /* takes what is left: the file's name, which gives way to what stands behind
                        a tab: page, cine */
    STATUS_PROGRESS, /* "reading 43 %" and a bar, at the right end; no room while it is empty */
    STATUS_FIELDS
};

enum { STATUS_TEXT = 192 };

struct statusline {
    char text[STATUS_FIELDS][STATUS_TEXT];
    char drawn[STATUS_FIELDS][STATUS_TEXT];
    double share, share_drawn; /* of the progress bar that is filled, 0 .. 1 */
    int width_drawn;
};

void statusline_init(struct statusline *line);
int statusline_height(const struct canvas *canvas);

/* Sets a field's text; true when it differs from what is shown. */
bool statusline_set(struct statusline *line, enum status_field field, const char *text);

/* Sets STATUS_PROGRESS and how much of its bar is filled. */
bool statusline_progress(struct statusline *line, const char *text, double share);

/* Draws all (after an expose or a resize: `whole`) or what changed. Never overlaps: fields that
 * have no room are left out from the right, long notes are cut in the middle. */
void statusline_draw(struct statusline *line, struct canvas *canvas, bool whole);

/* "Shortens a long na…f it" to at most `most` characters by cutting the middle ("..."). */
void text_cut_middle(const char *text, int most, char *cut, int room);

#endif
