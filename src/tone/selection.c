/* Percentiles by radix: see tone/selection.h. Owns nothing; it must never know where samples lie.
 */
#include "tone/selection.h"

#include <math.h>
#include <string.h>

#include "base/order_key.h"

enum { STEP = 16 };

static const double percents[2] = {0.5, 99.5};

void selection_begin(struct selection *selection, enum sample_type type,
                     uint32_t (*bins)[SELECTION_BINS])
{
    int bits = sample_is_narrow(type) ? STEP : 8 * (int)sample_bytes(type);
    *selection =
        (struct selection){.type = type, .bins = bins, .shift = bits - STEP, .least = UINT64_MAX};
    memset(bins, 0, 2 * sizeof *bins);
}

static uint64_t key_of(enum sample_type type, const void *samples, ptrdiff_t i)
{
    if (sample_is_narrow(type))
        return (uint64_t)((int)sample_value(type, samples, i) - sample_least(type));
    return order_key(type, samples, i);
}

static void count(struct selection *selection, uint64_t key)
{
    uint64_t above = key >> selection->shift;
    for (int i = 0; i < 2; i++)
        if (above >> STEP == selection->known[i])
            selection->bins[i][above & (SELECTION_BINS - 1)]++;
}

void selection_add(struct selection *selection, const void *samples, ptrdiff_t from, int n)
{
    enum sample_type type = selection->type;
    bool first = selection->known[0] == 0 && selection->wanted[0] == 0;
    for (ptrdiff_t i = from; i < from + n; i++) {
        if (sample_is_float(type) && !isfinite(sample_value(type, samples, i)))
            continue;
        uint64_t key = key_of(type, samples, i);
        count(selection, key);
        if (!first)
            continue;
        selection->counted++;
        selection->least = key < selection->least ? key : selection->least;
        selection->most = key > selection->most ? key : selection->most;
    }
}

/* The bin that the wanted value lies in. */
static void settle(struct selection *selection, int i)
{
    uint64_t below = 0;
    uint64_t bin = 0;
    while (bin < SELECTION_BINS - 1 && below + selection->bins[i][bin] < selection->wanted[i])
        below += selection->bins[i][bin++];
    selection->wanted[i] -= below;
    selection->known[i] = selection->known[i] << STEP | bin;
}

bool selection_again(struct selection *selection)
{
    if (!selection->counted)
        return false;
    for (int i = 0; i < 2; i++) {
        if (!selection->wanted[i])
            selection->wanted[i] = (uint64_t)ceil(percents[i] * (double)selection->counted / 100);
        settle(selection, i);
    }
    selection->shift -= STEP;
    memset(selection->bins, 0, 2 * sizeof *selection->bins);
    return selection->shift >= 0;
}

static double stored(const struct selection *selection, uint64_t key)
{
    enum sample_type type = selection->type;
    return sample_is_narrow(type) ? (double)key + sample_least(type) : order_value(type, key);
}

struct window_counts selection_found(const struct selection *selection)
{
    return (struct window_counts){
        stored(selection, selection->known[0]), stored(selection, selection->known[1]),
        stored(selection, selection->least), stored(selection, selection->most)};
}
