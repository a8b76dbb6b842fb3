/* Places among pages and channels: see places.h. Owns nothing; it must never know who goes there.
 */
#include "places.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "values.h"

/* What can be stepped along: `all` where 0 is a place too. */
struct range {
    const char *thing;
    int32_t current, most; /* from 1 */
    bool all;
};

static const char *const things[PAGE_AXES] = {"channel", "slice", "time point"};

static bool read_place(const struct range *range, const char *word, int32_t *place,
                       struct fault *fault)
{
    int64_t number;
    int32_t least = range->all ? 0 : 1;
    if (!strcmp(word, "next"))
        *place = range->current < range->most ? range->current + 1 : range->current;
    else if (!strcmp(word, "previous"))
        *place = range->current > least ? range->current - 1 : least;
    else if (range->all && !strcmp(word, "all"))
        *place = 0;
    else if (value_integer(word, 1, range->most, &number))
        *place = (int32_t)number;
    else
        return fault_set(fault, FAULT_USAGE, "'%s' is not next, previous%s or a %s from 1 to %d",
                         word, range->all ? ", all" : "", range->thing, range->most);
    return true;
}

/* The samples of each pixel as channels: 0 is the usual picture, which is all there is of gray
 * ones.
 */
static bool sample_channel(const struct page *page, const char *word, struct source_choice *choice,
                           struct fault *fault)
{
    struct range range = {"channel", page->channel, page->samples, true};
    int32_t channel;
    if (!read_place(&range, word, &channel, fault))
        return false;
    if (page->samples > 1 || page->channels > 1 || page->channel > 0)
        choice->channel = channel;
    return true;
}

bool place_along(const struct page *page, enum page_axis axis, const char *word,
                 struct source_choice *choice, struct fault *fault)
{
    int32_t position[PAGE_AXES], to;
    bool along = page_position(page, page->index, position) && page->axis_extent[axis] > 1;
    bool all = axis == AXIS_CHANNEL && page->channel > 0;
    if (!along && axis == AXIS_CHANNEL)
        return sample_channel(page, word, choice, fault);
    if (!along)
        return !strcmp(word, "1") ||
               fault_set(fault, FAULT_USAGE, "the file has no %ss", things[axis]);
    struct range range = {things[axis], position[axis] + 1, page->axis_extent[axis], all};
    if (!read_place(&range, word, &to, fault))
        return false;
    if (axis == AXIS_CHANNEL)
        choice->channel = 0;
    if (to > 0)
        choice->index += (to - 1 - position[axis]) * page->axis_stride[axis];
    return true;
}

bool place_series(const struct page *page, const char *word, int32_t *series, struct fault *fault)
{
    struct range range = {"series", page->series + 1, page->series_count, false};
    if (!read_place(&range, word, series, fault))
        return false;
    --*series;
    return true;
}

bool place_towards(const struct page *page, int32_t series, struct source_choice *choice)
{
    int64_t index = page->axis_first - (int64_t)1;
    if (series > page->series) {
        int64_t pages = 1;
        for (int axis = 0; axis < PAGE_AXES; axis++)
            pages *= page->axis_extent[axis];
        index = page->axis_first + pages;
    }
    bool further = series > page->series ? index > page->index : index < page->index;
    if (!further || index < 0 || index > INT32_MAX || (!page->counting && index >= page->count))
        return false;
    choice->index = (int32_t)index;
    return true;
}

__attribute__((format(printf, 3, 4))) static void add(char *text, size_t room, const char *format,
                                                      ...)
{
    va_list arguments;
    size_t used = strlen(text);
    if (used && used + 2 < room)
        used += (size_t)snprintf(text + used, room - used, "  ");
    va_start(arguments, format);
    vsnprintf(text + used, room - used, format, arguments);
    va_end(arguments);
}

void place_text(const struct page *page, char *text, size_t room)
{
    static const char *const names[PAGE_AXES] = {"channel", "slice", "time"};
    int32_t position[PAGE_AXES];
    bool placed = page_position(page, page->index, position);
    text[0] = 0;
    if (page->count > 1 || page->counting)
        add(text, room, "page %d of %d%s", page->index + 1, page->count, page->counting ? "+" : "");
    if (page->title[0])
        add(text, room, "%s", page->title);
    if (page->series_count > 1)
        add(text, room, "series %d/%d", page->series + 1, page->series_count);
    for (int axis = 0; placed && axis < PAGE_AXES; axis++)
        if (page->axis_extent[axis] > 1)
            add(text, room, "%s %d/%d", names[axis], position[axis] + 1, page->axis_extent[axis]);
    if (page->channel > 0)
        add(text, room, "%s %d/%d", page->axis_extent[AXIS_CHANNEL] > 1 ? "sample" : "channel",
            page->channel, page->samples);
}
