/* The base's bookkeeping: see base.h. */
#include "base.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"

/* A base may be so many times as wide as a window made of it: more, and its steps show. */
#define COARSEST 2.0
#define WIDER 0.4  /* of the window, on either side, ... */
#define BEYOND 0.2 /* ... and beyond all values, whither windows are drawn too */

bool base_resize(struct base *base, int height, struct fault *fault)
{
    int count = (height + BASE_BAND - 1) / BASE_BAND;
    if (!ledger_grow(LEDGER_FRAME, &base->bands, &base->size,
                     (size_t)count * sizeof(struct base_band), fault))
        return false;
    base->height = height;
    base->count = count;
    base_clear(base);
    return true;
}

void base_fini(struct base *base)
{
    ledger_free(LEDGER_FRAME, base->bands, base->size);
    memset(base, 0, sizeof *base);
}

void base_clear(struct base *base)
{
    if (base->bands)
        memset(base->bands, 0, (size_t)base->count * sizeof(struct base_band));
    base->wanted = false;
}

void base_turn(struct base *base)
{
    base->view++;
    base->wanted = false;
}

static struct base_band *band_of(const struct base *base, int band)
{
    return (struct base_band *)base->bands + band;
}

bool base_is_nothing(struct tone_range range)
{
    return !(range.low < range.high);
}

bool base_same(struct tone_range a, struct tone_range b)
{
    return a.low == b.low && a.high == b.high && a.flip == b.flip;
}

struct tone_range base_range(const struct base *base, int band)
{
    const struct base_band *have = band_of(base, band);
    return have->view == base->view ? have->range : (struct tone_range){0};
}

void base_set(struct base *base, int band, struct tone_range range)
{
    *band_of(base, band) = (struct base_band){range, base->view};
}

bool base_whole(const struct base *base, struct base_band *all)
{
    if (!base->count)
        return false;
    *all = *band_of(base, 0);
    for (int i = 1; i < base->count; i++)
        if (band_of(base, i)->view != all->view || !base_same(band_of(base, i)->range, all->range))
            return false;
    return !base_is_nothing(all->range);
}

struct tone_range base_wider(struct tone_range range, struct tone_range bounds)
{
    double width = range.high - range.low;
    struct tone_range wide = {range.low - width * WIDER, range.high + width * WIDER, range.flip};
    if (bounds.low < bounds.high) {
        wide.low = fmax(wide.low, fmin(range.low, bounds.low) - width * BEYOND);
        wide.high = fmin(wide.high, fmax(range.high, bounds.high) + width * BEYOND);
    }
    return wide;
}

bool base_suits(struct tone_range base, struct tone_range range)
{
    double width = base.high - base.low, slack = width / 512;
    return width > 0 && range.low >= base.low - slack && range.high <= base.high + slack &&
           width <= COARSEST * (range.high - range.low);
}

int base_missing(const struct base *base, int row)
{
    int from = row / BASE_BAND;
    if (!base->wanted)
        return -1;
    for (int away = 0; away < base->count; away++) {
        int above = from - away, below = from + away;
        if (above >= 0 && above < base->count && !base_same(base_range(base, above), base->range))
            return above;
        if (below >= 0 && below < base->count && !base_same(base_range(base, below), base->range))
            return below;
    }
    return -1;
}

static double within(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

bool base_levels(struct tone_range base, struct tone_range range, double *low, double *high)
{
    double width = base.high - base.low;
    double black = within((range.low - base.low) / width);
    double white = within((range.high - base.low) / width);
    *low = base.flip ? 1 - white : black;
    *high = base.flip ? 1 - black : white;
    return base.flip != range.flip;
}
