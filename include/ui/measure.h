/* What can be measured of a page: places, distances and regions, as shapes in image coordinates
 * (render/view.h) and the numbers that came of them.
 *
 * A sample belongs to a region when its centre lies in it: in a rectangle from its left and upper
 * sides up to, and without, the others; in an ellipse, its edge included. A probe is the one sample
 * that holds its point. */
#ifndef UI_MEASURE_H
#define UI_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/geometry.h"
#include "base/moments.h"
#include "render/view.h"
#include "tone/window.h"

enum measure_kind {
    MEASURE_PROBE,
    MEASURE_DISTANCE,
    MEASURE_RECTANGLE,
    MEASURE_ELLIPSE,
    MEASURE_KINDS
};

/* WAITS: its samples are still to be read. FAILED: they cannot be. */
enum measure_state { MEASURE_WAITS, MEASURE_DONE, MEASURE_FAILED };

/* Where it lies: lent names, and the channel that is shown alone (0: the usual picture). */
struct measure_place {
    const char *path;
    int32_t page, channel;
};

/* What numbers are told in. */
struct measure_terms {
    double spacing_x, spacing_y; /* of the upright page's samples, in `unit`; 0: not known */
    char unit[16];
    char source[40]; /* who says so: "TIFF resolution", "calibrated" */
    struct modality modality;
    char value_unit[24]; /* of modality values, or "" */
};

struct measure {
    enum measure_kind kind;
    enum measure_state state;
    int number;        /* by which it is named, from 1; 0: it is only being drawn */
    double x[2], y[2]; /* the ends of a distance; a region's corners; a probe's point twice */
    struct measure_place place;
    struct measure_terms terms; /* the file's, of that page */
    int channels;               /* 1 or 3 */
    struct moments moments[3];  /* of stored values; a probe's value is its mean */
};

const char *measure_name(enum measure_kind kind); /* "distance" */
bool measure_needs_samples(enum measure_kind kind);

/* A region's corners in order, upper left first; regions of a hand are of whole samples. */
void measure_order(struct measure *measure);
void measure_snap(struct measure *measure);

/* The corner or end that the middle of a pixel lies at, for the hand to take: bit 0 of it is x's
 * index, bit 1 y's; -1: none. */
int measure_corner(const struct measure *measure, const struct view *view, int px, int py);
/* That one becomes the second, whose opposite stays where it is. */
void measure_take(struct measure *measure, int corner);

/* Whether the sample (x, y) belongs to a region or probe. */
bool measure_holds(const struct measure *measure, int64_t x, int64_t y);

/* The smallest area of a page with all samples that belong; empty where none does. */
struct area measure_area(const struct measure *measure, int64_t page_width, int64_t page_height);

/* Length of a distance, and sides of a region: in samples, and (`terms`) in their unit. */
double measure_samples(const struct measure *measure);
double measure_length(const struct measure *measure, const struct measure_terms *terms);
/* What the samples of a region cover: how many there are times the spacings, or 1. */
double measure_covered(const struct measure *measure, const struct measure_terms *terms);

/* Spacings by which a distance has that length; its sides keep their ratio, where it is known.
 * False: it has no length. */
bool measure_calibrate(const struct measure *measure, double length, const char *unit,
                       struct measure_terms *terms);

/* Modality values of a channel. The least is the least of these. */
struct measure_values {
    double mean, deviation, least, most;
};
struct measure_values measure_values(const struct measure *measure, int channel,
                                     const struct measure_terms *terms);

/* What is written beside it: lines of text, the first of which it always has. Returns how many. */
enum { MEASURE_LINES = 6, MEASURE_TEXT = 104 };
int measure_lines(const struct measure *measure, const struct measure_terms *terms,
                  char lines[MEASURE_LINES][MEASURE_TEXT]);

/* "12.3 mm", or in a unit a thousand times smaller or larger where that reads better. */
void measure_length_text(double length, const char *unit, char *text, size_t room);

#endif
