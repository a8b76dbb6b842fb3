/* DICOM window functions: see tone/window.h. Owns nothing; knows no file, no geometry and no stored
 * type. */
#include "tone/window.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const char *const names[VOI_FUNCTIONS] = {"linear", "linear-exact", "sigmoid"};

/* A window reaching beyond a double's range yields NaN: that is black. */
static double fraction(double y)
{
    return y > 1 ? 1 : y > 0 ? y : 0;
}

static double function_fraction(const struct window *window, double x)
{
    double c = window->center, w = window->width;
    switch (window->voi) {
    case VOI_LINEAR:
        if (x <= c - 0.5 - (w - 1) / 2)
            return 0;
        if (x > c - 0.5 + (w - 1) / 2)
            return 1;
        return fraction((x - (c - 0.5)) / (w - 1) + 0.5);
    case VOI_LINEAR_EXACT:
        if (x <= c - w / 2)
            return 0;
        if (x > c + w / 2)
            return 1;
        return fraction((x - c) / w + 0.5);
    case VOI_SIGMOID:
        return fraction(1 / (1 + exp(-4 * (x - c) / w)));
    case VOI_FUNCTIONS:
        break;
    }
    return 0;
}

bool window_bends(const struct window *window)
{
    return window->gamma != 0 && window->gamma != 1;
}

double window_fraction(const struct window *window, double x)
{
    double y = function_fraction(window, x);
    return window_bends(window) ? pow(y, window->gamma) : y;
}

bool window_flips(const struct window *window)
{
    return window->invert != (window->map == COLORMAP_INVERTED);
}

static double tamed(double value)
{
    return isnan(value) ? 0 : fmax(-DBL_MAX, fmin(value, DBL_MAX));
}

static double least_width(const struct window *window)
{
    return window->voi == VOI_LINEAR ? 1 : fmax(DBL_MIN, 1e-15 * fabs(window->center));
}

void window_fix(struct window *window)
{
    window->center = tamed(window->center);
    window->width = fmax(tamed(window->width), least_width(window));
}

struct window window_from_range(double low, double high, enum voi voi)
{
    return (struct window){
        .center = (low + high + 1) / 2, .width = high - low + 1, .voi = voi, .invert = false};
}

/* LINEAR's centers lie half a unit beside values, where a double still can. */
static bool has_halves(double value)
{
    return fabs(value) < 0x1p52;
}

struct window window_from_values(double low, double high, bool integral, enum voi voi)
{
    struct window window = window_from_range(low, high, voi);
    if (!integral || !has_halves(low) || !has_halves(high)) {
        window.voi = voi == VOI_LINEAR ? VOI_LINEAR_EXACT : voi;
        window.center = low / 2 + high / 2;
        window.width = high > low ? high - low : low == 0 ? 1 : 1e-6 * fabs(low);
    } else if (low == high) {
        window.center = voi == VOI_LINEAR ? low + 0.5 : low;
        window.width = 2;
    }
    window_fix(&window);
    return window;
}

static bool whole(double value)
{
    return value == floor(value);
}

struct window window_from_stored(double a, double b, struct modality modality, bool integral,
                                 enum voi voi)
{
    double x = a * modality.slope + modality.intercept, y = b * modality.slope + modality.intercept;
    return window_from_values(fmin(x, y), fmax(x, y),
                              integral && whole(modality.slope) && whole(modality.intercept), voi);
}

struct window window_from_counts(const struct window_counts *counts, struct modality modality,
                                 bool integral, enum voi voi)
{
    bool same = counts->low == counts->high;
    return window_from_stored(same ? counts->least : counts->low,
                              same ? counts->most : counts->high, modality, integral, voi);
}

const char *voi_name(enum voi voi)
{
    return names[voi];
}

bool voi_parse(const char *name, enum voi *voi)
{
    for (int i = 0; i < VOI_FUNCTIONS; i++) {
        if (strcmp(name, names[i]))
            continue;
        *voi = (enum voi)i;
        return true;
    }
    return false;
}
