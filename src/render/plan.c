/* Plans of views: see render/plan.h. A plan owns the arrays of its two axes; it is made anew only
 * when the view has changed, and knows nothing of arenas, tones and pixels.
 *
 * Positions are integers in 1/2^32 samples (1/2^33 at pixels' centres), counted from the axis's
 * whole sample, so that no result depends on floating point. */
#include "render/plan.h"

#include <string.h>

#include "base/ledger.h"

enum { WEIGHT = 256, POINT = 32 };

/* Twice the distance of pixel i's centre from the axis's whole sample. */
static int64_t doubled_centre(const struct view_axis *axis, int i)
{
    return 2 * axis->part + (2 * (int64_t)i + 1) * axis->step;
}

static int64_t extent(const struct view_axis *axis)
{
    return axis->step < 0 ? -axis->step : axis->step;
}

/* Where pixel i's centre lies: *sample, clamped to the page. A page thinner than a pixel counts as
 * one pixel wide, so that it is seen wherever it lies. */
static bool centre_on_page(const struct view_axis *axis, int i, int32_t *sample)
{
    int64_t doubled = doubled_centre(axis, i);
    int64_t at = axis->whole + (doubled >> (POINT + 1));
    int64_t thick = extent(axis) >> POINT;
    *sample = (int32_t)clamp64(at, 0, axis->samples - 1);
    if (at < 0 || at > thick)
        return at >= 0 && at < axis->samples;
    int64_t from_edge = (at << (POINT + 1)) + (doubled & ((2LL << POINT) - 1));
    return at < axis->samples || from_edge < 2 * extent(axis);
}

static int taps_for(const struct view_axis *axis, enum plan_mode mode)
{
    int64_t whole = (extent(axis) + (1LL << POINT) - 1) >> POINT;
    return mode != PLAN_AREA ? 1 : whole < 2 ? 3 : (int)whole + 1;
}

/* The weights of entry e. Samples off the page lend their weight to the page's edge; samples of no
 * weight are cut off at the front and at the back. */
static void weigh(struct plan_axis *plan, int e)
{
    const struct view_axis *axis = &plan->axis;
    int i = plan_mirror(plan, e);
    int64_t size = extent(axis);
    int64_t low = axis->part + (plan->reversed ? i + 1 : i) * axis->step;
    int64_t sample = axis->whole + (low >> POINT);
    int64_t covered = (1LL << POINT) - (low & ((1LL << POINT) - 1));
    int32_t first = -1, last = -1;
    for (int64_t before = 0; before < WEIGHT; sample++, covered += 1LL << POINT) {
        int64_t sum = (WEIGHT * min64(covered, size) + size / 2) / size;
        if (sum == before)
            continue;
        last = (int32_t)clamp64(sample, 0, axis->samples - 1);
        first = first < 0 ? last : first;
        plan->weights[(last - first) * plan->count + e] += (uint16_t)(sum - before);
        before = sum;
    }
    plan->first[e] = first;
    plan->last[e] = last;
}

/* Cuts the axis's block into its arrays; the weights are zeroed. */
static bool reserve(struct plan_axis *plan, struct fault *fault)
{
    size_t count = (size_t)plan->count, taps = (size_t)plan->taps;
    size_t bytes = count * (3 * sizeof(int32_t) + taps * sizeof(uint16_t));
    if (!ledger_grow(LEDGER_VIEW, &plan->block, &plan->block_bytes, bytes, fault))
        return false;
    plan->first = plan->block;
    plan->last = plan->first + count;
    plan->centre = plan->last + count;
    plan->weights = (uint16_t *)(plan->centre + count);
    memset(plan->weights, 0, count * taps * sizeof *plan->weights);
    return true;
}

static bool plan_axis_make(struct plan_axis *plan, struct view_axis axis, int count,
                           enum plan_mode mode, struct fault *fault)
{
    plan->axis = axis;
    plan->count = count;
    plan->reversed = axis.step < 0;
    plan->taps = taps_for(&axis, mode);
    plan->begin = plan->end = 0;
    if (!reserve(plan, fault))
        return false;
    for (int e = 0; e < count; e++) {
        if (!centre_on_page(&axis, plan_mirror(plan, e), &plan->centre[e]))
            continue;
        if (plan->end == 0)
            plan->begin = e;
        plan->end = e + 1;
        plan->first[e] = plan->last[e] = plan->centre[e];
        if (mode == PLAN_AREA)
            weigh(plan, e);
        else
            plan->weights[e] = WEIGHT;
    }
    return true;
}

static bool axis_equal(const struct plan_axis *plan, const struct view_axis *axis, int count)
{
    return plan->count == count && plan->axis.whole == axis->whole &&
           plan->axis.part == axis->part && plan->axis.step == axis->step &&
           plan->axis.samples == axis->samples && plan->axis.along_x == axis->along_x;
}

static enum plan_mode choose_mode(const struct view *view, const struct view_axis *across,
                                  const struct view_axis *down)
{
    if (extent(across) == 1LL << POINT && across->part == 0 && down->part == 0)
        return PLAN_ONE;
    return view->zoom < 1 ? PLAN_AREA : PLAN_REPEAT;
}

bool plan_make(struct plan *plan, const struct view *view, int32_t page, enum sample_type type,
               int channels, bool *changed, struct fault *fault)
{
    struct view_axis across = view_axis(view, 0), down = view_axis(view, 1);
    int32_t reduction = view_reduction(view);
    enum plan_mode mode = choose_mode(view, &across, &down);
    *changed = true;
    if (plan->made && plan->page == page && plan->type == type && plan->channels == channels &&
        plan->mode == mode && plan->reduction == reduction &&
        axis_equal(&plan->across, &across, view->width) &&
        axis_equal(&plan->down, &down, view->height)) {
        *changed = false;
        return true;
    }
    plan->page = page;
    plan->type = type;
    plan->channels = channels;
    plan->reduction = reduction;
    plan->mode = mode;
    plan->made = plan_axis_make(&plan->across, across, view->width, plan->mode, fault) &&
                 plan_axis_make(&plan->down, down, view->height, plan->mode, fault);
    return plan->made;
}

void plan_fini(struct plan *plan)
{
    ledger_free(LEDGER_VIEW, plan->across.block, plan->across.block_bytes);
    ledger_free(LEDGER_VIEW, plan->down.block, plan->down.block_bytes);
    *plan = (struct plan){0};
}

bool plan_entries(const struct plan_axis *axis, int from, int to, int *begin, int *end)
{
    int a = axis->reversed ? axis->count - to : from;
    int b = axis->reversed ? axis->count - from : to;
    *begin = a > axis->begin ? a : axis->begin;
    *end = b < axis->end ? b : axis->end;
    return *begin < *end;
}

int plan_search(const int32_t *rising, int begin, int end, int64_t least)
{
    while (begin < end) {
        int middle = begin + (end - begin) / 2;
        if (rising[middle] < least)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}
