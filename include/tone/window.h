/* DICOM window functions: from a modality value to the fraction of full brightness. PS3.3
 * C.11.2.1.2 and C.11.2.1.3. And what follows them: gamma, inversion, a colour map.
 *
 * Nothing here knows of files or geometry. */
#ifndef TONE_WINDOW_H
#define TONE_WINDOW_H

#include <stdbool.h>

#include "base/fault.h"
#include "tone/colormap.h"

enum voi { VOI_LINEAR, VOI_LINEAR_EXACT, VOI_SIGMOID, VOI_FUNCTIONS };

/* In modality units. width >= 1 for LINEAR, > 0 for the others (window_fix sees to it). */
struct window {
    double center, width;
    enum voi voi;
    bool invert; /* flips the display level; MinIsWhite pages flip it once more */
    /* The fraction y is shown as y^gamma, as ImageJ, napari and scikit-image have it: below 1 what
     * is dark becomes brighter. WINDOW_GAMMA_LEAST .. _MOST; 0 is 1. */
    double gamma;
    enum colormap map; /* from the level, flipped or not, to a colour */
};

#define WINDOW_GAMMA_LEAST 0.1
#define WINDOW_GAMMA_MOST 10.0

/* modality value = stored value * slope + intercept; slope is not 0. */
struct modality {
    double slope, intercept;
};

/* The fraction y in [0, 1] that a modality value is shown with, to the power of gamma, before
 * inversion:
 * LINEAR        x <= c-0.5-(w-1)/2: 0;  x > c-0.5+(w-1)/2: 1;  else (x-(c-0.5))/(w-1)+0.5
 * LINEAR_EXACT  x <= c-w/2: 0;  x > c+w/2: 1;  else (x-c)/w+0.5
 * SIGMOID       1/(1+exp(-4(x-c)/w)) */
double window_fraction(const struct window *window, double x);

/* Whether it flips display levels: inverted, or shown through the inverted colour map, not both. */
bool window_flips(const struct window *window);

/* Whether it has a gamma other than 1. */
bool window_bends(const struct window *window);

/* Raises a width that is too small (or not a number) to the least one that the function allows: 1
 * for LINEAR, else what a double can tell from the center. A center that is not a number becomes 0;
 * what is infinite, the largest number. */
void window_fix(struct window *window);

/* The window that shows modality values low as black and high as white under LINEAR: width
 * high-low+1, center (low+high+1)/2. low <= high. */
struct window window_from_range(double low, double high, enum voi voi);

/* The window that shows modality values low as black and high as white, low <= high. Whole numbers:
 * window_from_range. Others (`integral` false), whose values may all lie between 0 and 1, and whole
 * numbers from 2^52, beside which a double has no halves: width high-low, center in the middle;
 * LINEAR, which has no such widths, becomes LINEAR_EXACT. Where low is high that value is medium
 * gray, whatever the function: the width is 2 for whole numbers below 2^52, else a millionth of the
 * value (1 for 0). Always as window_fix leaves it. */
struct window window_from_values(double low, double high, bool integral, enum voi voi);

/* The same for two stored values in either order. `integral`: stored values are whole numbers;
 * modality values count as such only when slope and intercept are as well. */
struct window window_from_stored(double a, double b, struct modality modality, bool integral,
                                 enum voi voi);

/* The same for what was counted of a page: from `low` to `high`, its percentiles, or where these
 * are one value, which hides all others, from the least to the greatest. */
struct window_counts {
    double low, high, least, most; /* stored values */
};
struct window window_from_counts(const struct window_counts *counts, struct modality modality,
                                 bool integral, enum voi voi);

/* "linear", "linear-exact", "sigmoid"; voi_parse returns false for another name. */
const char *voi_name(enum voi voi);
bool voi_parse(const char *name, enum voi *voi);

#endif
