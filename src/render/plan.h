/* A view worked out pixel by pixel: which samples of which page, with what weights. */
#ifndef RENDER_PLAN_H
#define RENDER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"
#include "base/tile.h"
#include "render/view.h"

enum plan_mode {
    PLAN_ONE,   /* one pixel, one sample of the reduction */
    PLAN_AREA,  /* a pixel is the mean over its area, one sample or more on each axis */
    PLAN_REPEAT /* a sample is more than a pixel */
};

/* One window axis. Its arrays run in the page's order: pixel i is entry i, or count - 1 - i where
 * `reversed`. All samples are on the page. Only entries begin .. end - 1, the pixels on the page,
 * mean anything. */
struct plan_axis {
    struct view_axis axis; /* what was planned */
    bool reversed;
    int count;             /* window pixels */
    int begin, end;        /* entries */
    int taps;              /* planes of weights; 3 but for the very largest pages */
    int32_t *first, *last; /* samples that count; rising */
    int32_t *centre;       /* the sample under the pixel's centre */
    uint16_t *weights;     /* [tap * count + entry], of sample first + tap; 256 in all */
    void *block;
    size_t block_bytes;
};

struct plan {
    bool made;
    struct plan_axis across, down;
    enum plan_mode mode;
    int32_t page, reduction;
    enum sample_type type;
    int channels;
};

/* An empty plan is all zeros. On error the plan holds nothing to draw. *changed (only set on
 * success) is false when the plan was already this one. */
bool plan_make(struct plan *plan, const struct view *view, int32_t page, enum sample_type type,
               int channels, bool *changed, struct fault *fault);
void plan_fini(struct plan *plan);

/* The entries of window pixels from .. to - 1, cut to those on the page: *begin .. *end - 1. False
 * when none is left. */
bool plan_entries(const struct plan_axis *axis, int from, int to, int *begin, int *end);

/* The entry of a window pixel, and the pixel of an entry. */
static inline int plan_mirror(const struct plan_axis *axis, int i)
{
    return axis->reversed ? axis->count - 1 - i : i;
}

/* The first entry in begin .. end - 1 (or end) whose value in the rising array is at least `least`.
 */
int plan_search(const int32_t *rising, int begin, int end, int64_t least);

#endif
