/* The memory panel: what the viewer takes and how much of its means is in use, a few rows over a
 * corner of the picture. */
#ifndef UI_HUD_H
#define UI_HUD_H

#include <stdbool.h>

#include "ui/canvas.h"

enum hud_row {
    HUD_FOOTPRINT, /* "10.9 MiB, 11.8 at most" */
    HUD_VIEWER,    /* "5.2 MiB" */
    HUD_DECODERS,  /* "3.8 MiB in 2, others 0.3" */
    HUD_SERVER,    /* "1.5 MiB" */
    HUD_TILES,     /* "62 of 66, 7.8 MiB" */
    HUD_FRAME,     /* "3.0 MiB, shm" */
    HUD_LINE,      /* "1.20 MB/s, 20 ms, 0.8 KB" (of the last frame), or "none to cross" */
    HUD_TIME,      /* "6.1 ms" */
    HUD_ROWS
};

enum { HUD_TEXT = 64 };

struct hud {
    char text[HUD_ROWS][HUD_TEXT];
    char drawn[HUD_ROWS][HUD_TEXT];
};

void hud_init(struct hud *hud);

/* Sets a row's text, cut where it is too long; true when it differs from what is drawn. */
bool hud_set(struct hud *hud, enum hud_row row, const char *text);

/* The size that every row fits into; it depends on the font alone. */
void hud_size(struct canvas *canvas, int *width, int *height);

/* Draws all (after an expose or a resize: `whole`) or the rows that changed. On a canvas smaller
 * than hud_size texts are cut and rows left out; nothing is drawn outside. */
void hud_draw(struct hud *hud, struct canvas *canvas, bool whole);

#endif
