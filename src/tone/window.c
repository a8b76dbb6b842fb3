/* DICOM window functions: see tone/window.h. Owns nothing; knows no file, no geometry and no stored
 * type. */
#include "tone/window.h"

#include <math.h>
#include <string.h>

static const char *const names[VOI_FUNCTIONS] = {"linear", "linear-exact", "sigmoid"};
static const double least_width[VOI_FUNCTIONS] = {1, 1e-6, 1e-6};

/* A window reaching beyond a double's range yields NaN: that is black. */
static double fraction(double y)
{
    return y > 1 ? 1 : y > 0 ? y : 0;
}

double window_fraction(const struct window *window, double x)
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

void window_fix(struct window *window)
{
    if (!(window->width >= least_width[window->voi]))
        window->width = least_width[window->voi];
    if (isnan(window->center))
        window->center = 0;
}

struct window window_from_range(double low, double high, enum voi voi)
{
    return (struct window){
        .center = (low + high + 1) / 2, .width = high - low + 1, .voi = voi, .invert = false};
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
