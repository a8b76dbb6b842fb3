/* The clock of a stack that plays by itself: see cine.h. The place follows the clock alone, so what
 * comes late is left out and nothing ever lags. */
#include "cine.h"

#include <math.h>

#include "base/geometry.h"

enum { LATELY_MS = 3000 };

void cine_init(struct cine *cine)
{
    *cine = (struct cine){.rate = CINE_RATE};
}

void cine_start(struct cine *cine, int64_t now_ms, int32_t at, int32_t count)
{
    cine->on = true;
    cine->count = count;
    cine->phase = at;
    cine->since_ms = now_ms;
    cine->shown = 0;
}

void cine_stop(struct cine *cine)
{
    cine->on = false;
}

/* How many places make a round. */
static int64_t round_of(const struct cine *cine)
{
    return cine->bounce ? 2 * (cine->count - (int64_t)1) : cine->count;
}

static int64_t steps_since(const struct cine *cine, int64_t now_ms)
{
    return (int64_t)floor((double)(now_ms - cine->since_ms) * cine->rate / 1000);
}

static int64_t phase_at(const struct cine *cine, int64_t now_ms)
{
    return (cine->phase + steps_since(cine, now_ms)) % round_of(cine);
}

static int32_t place_of(const struct cine *cine, int64_t phase)
{
    return (int32_t)(phase < cine->count ? phase : round_of(cine) - phase);
}

int32_t cine_place(const struct cine *cine, int64_t now_ms)
{
    return place_of(cine, phase_at(cine, now_ms));
}

int64_t cine_wait(const struct cine *cine, int64_t now_ms)
{
    double next = (double)(steps_since(cine, now_ms) + 1) * 1000 / cine->rate;
    return max64(1, (int64_t)ceil(next) - (now_ms - cine->since_ms));
}

/* The clock goes on from the place that is due now. */
static void wind(struct cine *cine, int64_t now_ms)
{
    if (!cine->on)
        return;
    cine->phase = phase_at(cine, now_ms);
    cine->since_ms = now_ms;
    cine->shown = 0;
}

void cine_set_rate(struct cine *cine, int64_t now_ms, double rate)
{
    wind(cine, now_ms);
    cine->rate = rate;
}

void cine_set_bounce(struct cine *cine, int64_t now_ms, bool bounce)
{
    wind(cine, now_ms);
    if (cine->on)
        cine->phase = place_of(cine, cine->phase);
    cine->bounce = bounce;
}

void cine_set_count(struct cine *cine, int64_t now_ms, int32_t count)
{
    wind(cine, now_ms);
    cine->phase = min64(place_of(cine, cine->phase), count - (int64_t)1);
    cine->count = count;
}

void cine_note_shown(struct cine *cine, int64_t now_ms)
{
    cine->shown_ms[cine->shown++ % CINE_SHOWN] = now_ms;
    if (cine->shown == 2 * CINE_SHOWN)
        cine->shown = CINE_SHOWN;
}

/* What was shown lately, and long ago not at all: a play that stands still has no rate. */
double cine_shown_rate(const struct cine *cine, int64_t now_ms)
{
    int most = cine->shown < CINE_SHOWN ? cine->shown : CINE_SHOWN, count = 0;
    int64_t first = now_ms, last = now_ms;
    for (int i = 1; i <= most; i++) {
        int64_t then = cine->shown_ms[(cine->shown - i) % CINE_SHOWN];
        if (now_ms - then > LATELY_MS)
            break;
        first = then;
        if (i == 1)
            last = then;
        count++;
    }
    return count > 1 && last > first ? (count - 1) * 1000.0 / (double)(last - first) : 0;
}
