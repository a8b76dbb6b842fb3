/* The icon: a film with two dark lungs on a lit box. Owns nothing. */
#include "ui/icon.h"

#include <math.h>
#include <stdbool.h>

static bool outside(double x, double y, double margin)
{
    return x < margin || x >= 64 - margin || y < margin || y >= 64 - margin;
}

static bool in_lung(double x, double y, double middle)
{
    return (x - middle) * (x - middle) * 9 + (y - 33) * (y - 33) * 2 < 480;
}

uint32_t icon_argb(int side, int x_pixel, int y_pixel)
{
    double x = (2 * x_pixel + 1) * 32.0 / side, y = (2 * y_pixel + 1) * 32.0 / side;
    if (outside(x, y, 4))
        return 0xff30343a;
    if (outside(x, y, 9))
        return 0xffd8dee6;
    if (in_lung(x, y, 23) || in_lung(x, y, 41))
        return fmod(y - floor(x / 6), 8) < 2 ? 0xff59606a : 0xff15181c;
    if (x >= 30 && x < 34)
        return fmod(y, 5) < 3 ? 0xfff4f6f8 : 0xffb4bac2;
    return 0xff868d96;
}
