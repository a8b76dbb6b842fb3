/* Places among pages and channels: see places.h. Owns nothing; it must never know who goes there.
 */
#include "places.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/geometry.h"
#include "values.h"

static const char *const things[PAGE_AXES] = {N_("channel"), N_("slice"), N_("time point")};

/* So many steps from the current place, which end at the first or the last. */
static int32_t stepped(const struct place_range *range, int64_t steps)
{
    int64_t least = range->all ? 0 : 1, most = range->most;
    if (range->more && range->current >= most)
        most = range->current + (int64_t)1;
    return (int32_t)min64(max64(range->current + steps, least), most);
}

static bool read_word(const struct place_range *range, const char *word, int32_t *place)
{
    const struct {
        const char *word;
        int32_t place;
        bool there;
    } words[] = {{"next", stepped(range, 1), true},
                 {"previous", stepped(range, -1), true},
                 {"first", 1, true},
                 {"last", range->most, true},
                 {"all", 0, range->all}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].there && !strcmp(word, words[i].word)) {
            *place = words[i].place;
            return true;
        }
    return false;
}

bool place_read(const struct place_range *range, const char *word, int32_t *place,
                struct fault *fault)
{
    int64_t number;
    bool relative = *word == '+' || *word == '-';
    if (read_word(range, word, place))
        return true;
    if (relative && value_integer(word, -INT32_MAX, INT32_MAX, &number))
        *place = stepped(range, number);
    else if (!relative && value_integer(word, 1, range->more ? INT32_MAX : range->most, &number))
        *place = (int32_t)number;
    else
        return fault_set(fault, FAULT_USAGE,
                         "'%s' is not next, previous, first, last, +N, -N%s or a %s from 1 to %d%s",
                         word, range->all ? _(", all") : "", _(range->thing), range->most,
                         range->more ? "+" : "");
    return true;
}

int place_way(const char *word)
{
    int64_t number;
    if (*word != '+' && *word != '-' && value_integer(word, 1, INT32_MAX, &number))
        return 0;
    return *word == '-' || !strcmp(word, "previous") || !strcmp(word, "last") ? -1 : 1;
}

/* The samples of each pixel as channels: 0 is the usual picture, which is all there is of gray
 * ones.
 */
static bool sample_channel(const struct page *page, const char *word, struct source_choice *choice,
                           struct fault *fault)
{
    struct place_range range = {N_("channel"), page->channel, page->samples, true, false};
    int32_t channel;
    if (!place_read(&range, word, &channel, fault))
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
               fault_set(fault, FAULT_USAGE, "the file has no %ss", _(things[axis]));
    struct place_range range = {things[axis], position[axis] + 1, page->axis_extent[axis], all,
                                false};
    if (!place_read(&range, word, &to, fault))
        return false;
    if (axis == AXIS_CHANNEL)
        choice->channel = 0;
    if (to > 0)
        choice->index += (to - 1 - position[axis]) * page->axis_stride[axis];
    return true;
}

bool place_series(const struct page *page, const char *word, int32_t *series, struct fault *fault)
{
    struct place_range range = {N_("series"), page->series + 1, page->series_count, false, false};
    if (!place_read(&range, word, series, fault))
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

void place_track(const struct page *page, int32_t index, const enum page_axis *order,
                 struct place_track *track)
{
    int32_t position[PAGE_AXES];
    bool placed = page_position(page, index, position);
    for (; placed && *order < PAGE_AXES; order++) {
        enum page_axis axis = *order;
        if (page->axis_extent[axis] < 2)
            continue;
        int32_t stride = page->axis_stride[axis];
        *track = (struct place_track){index - position[axis] * stride, stride,
                                      page->axis_extent[axis], position[axis], false};
        return;
    }
    *track = (struct place_track){0, 1, page->count, index, page->counting != 0};
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
    static const char *const names[PAGE_AXES] = {N_("channel"), N_("slice"), N_("time")};
    int32_t position[PAGE_AXES];
    bool placed = page_position(page, page->index, position);
    text[0] = 0;
    if (page->count > 1 || page->counting)
        add(text, room, _("page %d of %d%s"), page->index + 1, page->count,
            page->counting ? "+" : "");
    if (page->title[0])
        add(text, room, "%s", page->title);
    if (page->series_count > 1)
        add(text, room, _("series %d/%d"), page->series + 1, page->series_count);
    for (int axis = 0; placed && axis < PAGE_AXES; axis++)
        if (page->axis_extent[axis] > 1)
            add(text, room, "%s %d/%d", _(names[axis]), position[axis] + 1,
                page->axis_extent[axis]);
    if (page->channel > 0)
        add(text, room, "%s %d/%d",
            page->axis_extent[AXIS_CHANNEL] > 1 ? _("sample") : _("channel"), page->channel,
            page->samples);
}
