/* The base: a copy of the picture's gray levels that the server keeps, from which it can make the
 * picture under other windows by itself. It is cut into bands, each drawn under a window of its
 * own. Here is only what is known of it. Private to x11; knows no X. */
#ifndef X11_BASE_H
#define X11_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "x11/shell.h"

enum { BASE_BAND = 16 };

/* low == high: the server has nothing. */
struct base_band {
    struct tone_range range;
    int64_t view;
};

struct base {
    int height, count; /* of the window; of bands */
    void *bands;       /* struct base_band for each */
    size_t size;
    int64_t view;            /* the number of the view that is shown */
    struct tone_range shown; /* what the window shows of it whole; low == high: another thing */
    bool wanted;             /* bands are to be drawn under `range` */
    struct tone_range range;
};

bool base_resize(struct base *base, int height, struct fault *fault);
void base_fini(struct base *base);

/* The picture is another one: nothing of the base serves it. */
void base_clear(struct base *base);

bool base_same(struct tone_range a, struct tone_range b);

/* True of what is no range of a linear window, or of no band. */
bool base_is_nothing(struct tone_range range);

/* Another view is shown: what the server has of the one before serves for likenesses alone. */
void base_turn(struct base *base);

/* Of the view that is shown. */
struct tone_range base_range(const struct base *base, int band);
void base_set(struct base *base, int band, struct tone_range range);

/* The view and the window that all bands are of; false: there is no such. */
bool base_whole(const struct base *base, struct base_band *all);

/* A window so much wider than `range` that drags stay within it for a while; `bounds` are the least
 * and the greatest value there is. */
struct tone_range base_wider(struct tone_range range, struct tone_range bounds);

/* True when levels under `base` make those under `range`, to about 2 of 255. */
bool base_suits(struct tone_range base, struct tone_range range);

/* The wanted band nearest to a row of the window that is not there yet; -1: none. */
int base_missing(const struct base *base, int row);

/* Where black and white of `range` lie among the levels of `base`, 0 .. 1; true when reversed. */
bool base_levels(struct tone_range base, struct tone_range range, double *low, double *high);

#endif
