/* OME-XML: see source/ome.h. The vocabulary is the OME model's (schema 2016-06, and older ones as
 * far as they are alike); how planes lie in a TIFF file is told by TiffData.
 *
 * One series at a time is held while the XML goes by, so that thousands of them take no memory. */
#include "source/ome.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "source/words.h"

enum { UUID_ROOM = 64, PLANES_MAX = 1 << 26 };

/* A TiffData element. */
struct planes {
    int directory, first_z, first_c, first_t, count;
    bool fine; /* its numbers are */
    char uuid[UUID_ROOM];
};

/* What was told of the planes that lie in this file: their number, the sum of their ranks, the box
 * of axes that holds them, and sums weighed by chance over runs of them. */
struct told {
    int64_t planes, ranks;
    int32_t from[PAGE_AXES], last[PAGE_AXES], first_directory;
    uint64_t weights, directories, at[PAGE_AXES];
};

struct parsing {
    struct xml_sink sink; /* first */
    struct ome *ome;      /* the answer */
    struct ome now;       /* the series being read */
    int page;             /* asked for */
    int size_z, size_c, size_t_, samples, declared;
    bool sizes_fine, in_planes, in_uuid;
    struct planes planes;
    int total, stride_z, stride_c, stride_t;
    struct told told;
    bool any, sound, elsewhere; /* TiffData there are; those of this file are as they must be */
    int64_t before;             /* planes of the series before */
    int32_t low, high;          /* pages that no series before has: low <= page < high */
    int32_t now_low, now_high;  /* the same of this series, where it does not have the page */
    char uuid[UUID_ROOM];
};

bool ome_recognise(const char *description)
{
    const char *at = description[0] == '<' ? description + 1 : "";
    for (; (at = strstr(at, "OME")); at++)
        if ((at[-1] == '<' || at[-1] == ':') && at[3] && strchr(" \t\r\n>", at[3]))
            return true;
    return false;
}

static void copy_attribute(const char *const *attributes, const char *name, char *to, size_t room)
{
    const char *value = xml_attribute(attributes, name);
    words_plain(value ? value : "", to, room);
}

static void begin_image(struct parsing *parsing, const char *const *attributes)
{
    parsing->now = (struct ome){.series = parsing->ome->series_count, .channel = -1};
    copy_attribute(attributes, "Name", parsing->now.name, OME_NAME);
    parsing->samples = 1;
    parsing->declared = 0;
    parsing->sizes_fine = parsing->any = false;
    parsing->now_low = INT32_MIN;
    parsing->now_high = INT32_MAX;
}

static double physical_size(const char *const *attributes, const char *size, const char *unit)
{
    double length;
    const char *name = xml_attribute(attributes, unit);
    if (!xml_number(attributes, size, &length))
        return 0;
    length *= words_length_mm(name ? name : "um");
    return isfinite(length) && length > 0 ? length : 0;
}

static void begin_pixels(struct parsing *parsing, const char *const *attributes)
{
    struct ome *now = &parsing->now;
    parsing->told = (struct told){.first_directory = INT32_MAX};
    parsing->sound = true;
    now->has_axes = false;
    memset(now->axis_from, 0, sizeof now->axis_from);
    parsing->size_z = parsing->size_c = parsing->size_t_ = 1;
    parsing->sizes_fine = xml_whole(attributes, "SizeZ", 1, PLANES_MAX, &parsing->size_z) &&
                          xml_whole(attributes, "SizeC", 1, PLANES_MAX, &parsing->size_c) &&
                          xml_whole(attributes, "SizeT", 1, PLANES_MAX, &parsing->size_t_);
    copy_attribute(attributes, "DimensionOrder", now->order, sizeof now->order);
    now->spacing[0] = physical_size(attributes, "PhysicalSizeX", "PhysicalSizeXUnit");
    now->spacing[1] = physical_size(attributes, "PhysicalSizeY", "PhysicalSizeYUnit");
    now->spacing[2] = physical_size(attributes, "PhysicalSizeZ", "PhysicalSizeZUnit");
}

static void begin_channel(struct parsing *parsing, const char *const *attributes)
{
    struct ome *now = &parsing->now;
    int samples = 1;
    if (xml_whole(attributes, "SamplesPerPixel", 1, UINT16_MAX, &samples) && !parsing->declared++)
        parsing->samples = samples;
    if (now->channel_count < OME_CHANNELS)
        copy_attribute(attributes, "Name", now->channels[now->channel_count++], OME_NAME);
}

/* Steps between planes along each axis, when the sizes are all known. */
static bool lay_out(struct parsing *parsing)
{
    struct ome *now = &parsing->now;
    int64_t total = 1;
    int channels = parsing->size_c / parsing->samples;
    if (channels < 1 || parsing->size_c % parsing->samples)
        channels = parsing->declared > 0 ? parsing->declared : 1;
    parsing->stride_z = parsing->stride_c = parsing->stride_t = 0;
    for (int i = 2; i < 5 && parsing->sizes_fine && strlen(now->order) == 5; i++) {
        int *stride = now->order[i] == 'Z'   ? &parsing->stride_z
                      : now->order[i] == 'C' ? &parsing->stride_c
                                             : &parsing->stride_t;
        int size = now->order[i] == 'Z'   ? parsing->size_z
                   : now->order[i] == 'C' ? channels
                                          : parsing->size_t_;
        *stride = (int)total;
        total *= size;
        if (total > PLANES_MAX)
            return false;
    }
    now->axis_extent[AXIS_CHANNEL] = channels;
    now->axis_extent[AXIS_SLICE] = parsing->size_z;
    now->axis_extent[AXIS_TIME] = parsing->size_t_;
    now->axis_stride[AXIS_CHANNEL] = parsing->stride_c;
    now->axis_stride[AXIS_SLICE] = parsing->stride_z;
    now->axis_stride[AXIS_TIME] = parsing->stride_t;
    memcpy(now->axis_whole, now->axis_extent, sizeof now->axis_whole);
    parsing->total = (int)total;
    return parsing->stride_z && parsing->stride_c && parsing->stride_t;
}

static void begin_planes(struct parsing *parsing, const char *const *attributes)
{
    struct planes *planes = &parsing->planes;
    bool placed = xml_attribute(attributes, "IFD");
    *planes = (struct planes){.count = placed ? 1 : PLANES_MAX};
    planes->fine = xml_whole(attributes, "IFD", 0, PLANES_MAX, &planes->directory) &&
                   xml_whole(attributes, "FirstZ", 0, PLANES_MAX, &planes->first_z) &&
                   xml_whole(attributes, "FirstC", 0, PLANES_MAX, &planes->first_c) &&
                   xml_whole(attributes, "FirstT", 0, PLANES_MAX, &planes->first_t) &&
                   xml_whole(attributes, "PlaneCount", 0, PLANES_MAX, &planes->count);
    parsing->in_planes = true;
}

static int32_t position(const struct ome *ome, int axis, int64_t rank)
{
    return (int32_t)(rank / ome->axis_stride[axis] % ome->axis_extent[axis]);
}

/* Where along the axes the plane of a rank lies. */
static void place_page(struct ome *ome, int64_t rank)
{
    int32_t *at[PAGE_AXES] = {
        [AXIS_CHANNEL] = &ome->channel, [AXIS_SLICE] = &ome->slice, [AXIS_TIME] = &ome->time};
    for (int axis = 0; axis < PAGE_AXES; axis++)
        *at[axis] = ome->axis_from[axis] + position(ome, axis, rank);
}

/* Numbers without a pattern (Steele and others 2014, SplitMix). */
static uint64_t scatter(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

/* `count` planes from that of `rank` on, in directories from `directory` on. */
static void note_run(struct parsing *parsing, int64_t directory, int64_t rank, int64_t count)
{
    struct told *told = &parsing->told;
    const struct ome *now = &parsing->now;
    uint64_t weight = scatter((uint64_t)told->planes + UINT64_C(0x9e3779b97f4a7c15));
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        int64_t turn = (int64_t)now->axis_stride[axis] * now->axis_extent[axis];
        int32_t from = position(now, axis, rank), last = position(now, axis, rank + count - 1);
        bool around = rank / turn != (rank + count - 1) / turn;
        told->at[axis] += weight * (uint64_t)from;
        from = around ? 0 : from;
        last = around ? now->axis_extent[axis] - 1 : last;
        told->from[axis] = !told->planes || from < told->from[axis] ? from : told->from[axis];
        told->last[axis] = !told->planes || last > told->last[axis] ? last : told->last[axis];
    }
    told->weights += weight;
    told->directories += weight * (uint64_t)directory;
    if (directory < told->first_directory)
        told->first_directory = (int32_t)directory;
    told->planes += count;
    told->ranks += count * rank + count * (count - 1) / 2;
}

/* Sets the axes that this file's planes lie along, if they are all that the box of them can hold,
 * each once, and follow each other in the order told. An axis must begin here as in the series, or
 * have one position. */
static void find_axes(struct parsing *parsing)
{
    struct ome *now = &parsing->now;
    const struct told *told = &parsing->told;
    uint64_t directories = told->weights * (uint64_t)told->first_directory;
    int64_t planes = 1, ranks = 0;
    int32_t strides[PAGE_AXES] = {1, 1, 1};
    bool begins = true;
    for (int i = 2; i < 5; i++) {
        int axis = now->order[i] == 'Z'   ? AXIS_SLICE
                   : now->order[i] == 'C' ? AXIS_CHANNEL
                                          : AXIS_TIME;
        int32_t from = told->from[axis], extent = told->last[axis] - from + 1;
        strides[axis] = (int32_t)planes;
        directories += (uint64_t)planes * (told->at[axis] - told->weights * (uint64_t)from);
        ranks += (int64_t)now->axis_stride[axis] * (2 * from + extent - 1);
        planes *= extent;
        begins &= !from || extent == 1;
    }
    now->has_axes = parsing->sound && begins && told->planes == planes &&
                    2 * told->ranks == planes * ranks && told->directories == directories;
    if (!now->has_axes)
        return;
    now->axis_first = told->first_directory;
    for (int axis = 0; axis < PAGE_AXES; axis++) {
        now->axis_from[axis] = told->from[axis];
        now->axis_extent[axis] = told->last[axis] - told->from[axis] + 1;
        now->axis_stride[axis] = strides[axis];
    }
    parsing->total = (int)planes;
}

/* `count` planes from that of rank `rank` on lie in the directories from `directory` on. */
static void take_planes(struct parsing *parsing, int64_t directory, int64_t rank, int64_t count)
{
    struct ome *now = &parsing->now;
    if (parsing->told.planes <= parsing->total)
        note_run(parsing, directory, rank, count);
    if (parsing->page < directory || parsing->page >= directory + count) {
        if (parsing->page < directory && directory < parsing->now_high)
            parsing->now_high = (int32_t)directory;
        else if (parsing->page >= directory && directory + count > parsing->now_low)
            parsing->now_low = (int32_t)(directory + count);
        return;
    }
    now->found = true;
    place_page(now, rank + parsing->page - directory);
}

static void end_planes(struct parsing *parsing)
{
    const struct planes *planes = &parsing->planes;
    parsing->in_planes = false;
    bool strange = planes->uuid[0] && parsing->uuid[0] && strcmp(planes->uuid, parsing->uuid);
    parsing->elsewhere |= strange;
    parsing->any = true;
    if (strange)
        return;
    if (!planes->fine || !lay_out(parsing) || planes->first_z >= parsing->size_z ||
        planes->first_t >= parsing->size_t_ || planes->first_c >= parsing->size_c) {
        parsing->sound = false;
        return;
    }
    int channel = planes->first_c;
    if (channel >= parsing->now.axis_extent[AXIS_CHANNEL])
        channel /= parsing->samples;
    int64_t rank = (int64_t)planes->first_z * parsing->stride_z +
                   (int64_t)channel * parsing->stride_c +
                   (int64_t)planes->first_t * parsing->stride_t;
    int64_t count = planes->count < parsing->total - rank ? planes->count : parsing->total - rank;
    if (count > 0)
        take_planes(parsing, planes->directory, rank, count);
}

/* Where nothing is told, the planes of each series follow those of the one before. */
static void end_pixels(struct parsing *parsing)
{
    if (!lay_out(parsing))
        return;
    if (!parsing->any && parsing->before <= PLANES_MAX)
        take_planes(parsing, parsing->before, 0, parsing->total);
    parsing->before += parsing->total;
    if (parsing->told.planes > 0)
        find_axes(parsing);
}

static int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t lesser(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* The series is the page's: its other pages are of the same series where none before has them. */
static void take_series(struct parsing *parsing)
{
    struct ome *ome = parsing->ome;
    *ome = parsing->now;
    ome->same_first = parsing->page;
    ome->same_end = parsing->page + 1;
    if (!ome->has_axes)
        return;
    ome->same_first = greater(parsing->low, ome->axis_first);
    ome->same_end = lesser(parsing->high, ome->axis_first + parsing->total);
}

static void end_image(struct parsing *parsing)
{
    int32_t count = parsing->ome->series_count + 1;
    if (parsing->now.found && !parsing->ome->found) {
        take_series(parsing);
    } else {
        parsing->low = greater(parsing->low, parsing->now_low);
        parsing->high = lesser(parsing->high, parsing->now_high);
    }
    parsing->ome->series_count = count;
}

static void on_begin(struct xml_sink *sink, const char *element, const char *const *attributes)
{
    struct parsing *parsing = (struct parsing *)sink;
    if (!strcmp(element, "OME"))
        copy_attribute(attributes, "UUID", parsing->uuid, UUID_ROOM);
    else if (!strcmp(element, "BinaryOnly"))
        parsing->elsewhere = true;
    else if (!strcmp(element, "Image"))
        begin_image(parsing, attributes);
    else if (!strcmp(element, "Pixels"))
        begin_pixels(parsing, attributes);
    else if (!strcmp(element, "Channel"))
        begin_channel(parsing, attributes);
    else if (!strcmp(element, "TiffData"))
        begin_planes(parsing, attributes);
    parsing->in_uuid = parsing->in_planes && !strcmp(element, "UUID");
}

static void on_text(struct xml_sink *sink, const char *text, size_t length)
{
    struct parsing *parsing = (struct parsing *)sink;
    size_t had = strlen(parsing->planes.uuid);
    if (parsing->in_uuid)
        snprintf(parsing->planes.uuid + had, UUID_ROOM - had, "%.*s",
                 length < UUID_ROOM ? (int)length : UUID_ROOM, text);
}

static void on_end(struct xml_sink *sink, const char *element)
{
    struct parsing *parsing = (struct parsing *)sink;
    parsing->in_uuid = false;
    if (!strcmp(element, "TiffData"))
        end_planes(parsing);
    else if (!strcmp(element, "Pixels"))
        end_pixels(parsing);
    else if (!strcmp(element, "Image"))
        end_image(parsing);
}

bool ome_parse(struct xml_text *text, int32_t page, struct ome *ome, struct fault *fault)
{
    struct parsing parsing = {.sink = {on_begin, on_text, on_end},
                              .ome = ome,
                              .page = page,
                              .samples = 1,
                              .low = INT32_MIN,
                              .high = INT32_MAX};
    *ome = (struct ome){.channel = -1};
    bool fine = xml_parse(text, &parsing.sink, fault);
    ome->elsewhere = parsing.elsewhere;
    if (!ome->found) {
        ome->same_first = parsing.low;
        ome->same_end = parsing.high;
    }
    return fine;
}

bool ome_turn(struct ome *ome, int32_t page)
{
    if (page < ome->same_first || page >= ome->same_end)
        return false;
    if (ome->found && ome->has_axes)
        place_page(ome, page - ome->axis_first);
    return true;
}
