/* What widgets draw on: a few plain requests, with inks in place of colours. Implemented by x11
 * (requests to the server) and by ui/canvas_memory (pixels in memory, for tests and pictures). */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/geometry.h"

enum ink {
    INK_BACKGROUND,
    INK_FOREGROUND,
    INK_TOP_SHADOW,
    INK_BOTTOM_SHADOW,
    INK_SELECT, /* troughs and pressed things */
    INK_DIM,    /* less important text on INK_BACKGROUND */
    INK_PAPER,  /* background of overlays */
    INK_PRINT,  /* text on overlays */
    INK_ALERT,  /* background of a message line */
    INK_ALERT_PRINT,
    INKS
};

struct rgb {
    uint8_t red, green, blue;
};

/* All inks from one background (and foreground) colour, shadows the way Motif computes them
 * (XmCalculateColors' brightness thresholds). */
struct scheme {
    struct rgb ink[INKS];
};
struct scheme scheme_from(struct rgb background, struct rgb foreground);

/* The two that come with the program: Motif's gray, and dark for the reading room. */
enum { SCHEMES_USUAL = 2 };
extern const struct scheme_colours {
    const char *name;
    struct rgb background, foreground;
} scheme_usual[SCHEMES_USUAL];

struct canvas;

struct canvas_class {
    void (*fill)(struct canvas *canvas, enum ink ink, struct rect rect);
    /* Latin-1 or UTF-8 as the implementation can; the text's box, ascent + descent high, is painted
     * with `back` first. */
    void (*text)(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                 const char *text, int length);
    int (*text_width)(struct canvas *canvas, const char *text, int length);
    /* A small picture: gray levels, rows `stride` bytes apart. */
    void (*levels)(struct canvas *canvas, struct rect rect, const uint8_t *levels, size_t stride);
};

struct canvas {
    const struct canvas_class *class;
    int width, height;
    int ascent, descent; /* of the font */
};

void canvas_fill(struct canvas *canvas, enum ink ink, struct rect rect);
void canvas_text(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                 const char *text);
int canvas_text_width(struct canvas *canvas, const char *text);
int canvas_line_height(const struct canvas *canvas); /* ascent + descent + 2 */

void canvas_levels(struct canvas *canvas, struct rect rect, const uint8_t *levels, size_t stride);

/* A Motif bevel `thickness` pixels wide just inside rect: raised, or sunken. Corners are mitred. */
void canvas_bevel(struct canvas *canvas, struct rect rect, int thickness, bool sunken);

#endif
