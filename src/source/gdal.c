/* GDAL's metadata and GeoTIFF's keys: see source/gdal.h. The metadata's items are those that GDAL's
 * GTiff driver writes; keys and codes are those of OGC's GeoTIFF 1.1 (19-008r4). Owns nothing. */
#include "source/gdal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/checked.h"
#include "source/words.h"

enum {
    ITEMS_TOLD = 64,
    TAG_PIXEL_SCALE = 33550,
    TAG_TIE_POINTS = 33922,
    TAG_TRANSFORMATION = 34264,
    TAG_KEYS = 34735,
    TAG_DOUBLES = 34736,
    TAG_LETTERS = 34737,
    KEYS_MAX = 256,
};

/* GDAL_METADATA. */

struct items {
    struct xml_sink sink; /* first */
    struct gdal *gdal;
    struct fact_sink *facts;
    int32_t sample;
    int told;
    bool in_item;
    char name[FACT_NAME], role[16], text[FACT_TEXT];
};

static void begin_item(struct xml_sink *sink, const char *element, const char *const *attributes)
{
    struct items *items = (struct items *)sink;
    const char *role = xml_attribute(attributes, "role");
    const char *name = xml_attribute(attributes, "name");
    int sample = items->sample;
    items->in_item = !strcmp(element, "Item") && name &&
                     xml_whole(attributes, "sample", 0, UINT16_MAX, &sample) &&
                     sample == items->sample;
    items->text[0] = 0;
    words_plain(name ? name : "", items->name, sizeof items->name);
    words_plain(role ? role : "", items->role, sizeof items->role);
}

static void take_text(struct xml_sink *sink, const char *text, size_t length)
{
    struct items *items = (struct items *)sink;
    size_t had = strlen(items->text);
    if (items->in_item)
        snprintf(items->text + had, sizeof items->text - had, "%.*s",
                 length < FACT_TEXT ? (int)length : FACT_TEXT, text);
}

static void take_number(const char *text, double *number, struct gdal *gdal)
{
    double value;
    if (!words_number(text, &value))
        return;
    *number = value;
    gdal->has_line = true;
}

static void end_item(struct xml_sink *sink, const char *element)
{
    struct items *items = (struct items *)sink;
    struct gdal *gdal = items->gdal;
    char name[FACT_NAME + 8], plain[FACT_TEXT];
    (void)element;
    if (!items->in_item)
        return;
    items->in_item = false;
    if (!strcmp(items->role, "scale"))
        take_number(items->text, &gdal->slope, gdal);
    else if (!strcmp(items->role, "offset"))
        take_number(items->text, &gdal->intercept, gdal);
    else if (!strcmp(items->role, "unittype"))
        words_plain(items->text, gdal->unit, sizeof gdal->unit);
    else if (!strcmp(items->role, "description"))
        words_plain(items->text, gdal->title, sizeof gdal->title);
    if (!items->facts || items->told++ >= ITEMS_TOLD)
        return;
    snprintf(name, sizeof name, "GDAL %s", items->name);
    words_plain(items->text, plain, sizeof plain);
    items->facts->fact(items->facts, name, "%s", plain);
}

bool gdal_parse(struct xml_text *text, int32_t sample, struct gdal *gdal, struct fact_sink *sink,
                struct fault *fault)
{
    struct items items = {
        .sink = {begin_item, take_text, end_item}, .gdal = gdal, .facts = sink, .sample = sample};
    *gdal = (struct gdal){.slope = 1};
    bool fine = xml_parse(text, &items.sink, fault);
    if (gdal->slope == 0) {
        gdal->has_line = false;
        gdal->slope = 1;
        gdal->intercept = 0;
    }
    return fine;
}

/* GeoTIFF. */

enum { MODEL_PROJECTED = 1, MODEL_GEOGRAPHIC = 2, UNIT_METRE = 9001 };

static const struct {
    uint16_t code;
    const char *name;
    double mm;
} lengths[] = {
    {UNIT_METRE, "metre", 1000},
    {9002, "foot", 304.8},
    {9003, "US survey foot", 1200000.0 / 3937},
    {9036, "kilometre", 1e6},
};

/* EPSG codes of projected systems in metres: those of UTM and others in common use. */
static const struct {
    uint16_t first, last;
} metric_systems[] = {
    {2056, 2056},   {2154, 2154},   {2176, 2180},   {2443, 2461},   {3003, 3004},   {3006, 3018},
    {3034, 3051},   {3067, 3067},   {3395, 3395},   {3857, 3857},   {5514, 5514},   {6669, 6687},
    {7846, 7859},   {20348, 20358}, {21413, 21423}, {21781, 21781}, {23028, 23038}, {25828, 25838},
    {26701, 26722}, {26901, 26923}, {27700, 27700}, {28348, 28358}, {28992, 28992}, {31254, 31259},
    {31281, 31287}, {31370, 31370}, {31466, 31469}, {31965, 31985}, {32201, 32260}, {32301, 32360},
    {32401, 32460}, {32501, 32560}, {32601, 32660}, {32701, 32760},
};

/* What is of interest among the keys. */
struct keys {
    uint64_t model, unit, system;
    double unit_metres;
    uint64_t citation, citation_length; /* in the letters; 0 letters = none */
};

/* The value of a key in a table of its own. */
static void take_elsewhere(struct tiff_file *file, struct tiff_directory *directory,
                           const uint64_t key[4], struct keys *keys)
{
    bool projection = key[0] == 3073, general = key[0] == 1026 || key[0] == 2049;
    if (key[1] == TAG_LETTERS && (projection || (general && !keys->citation_length))) {
        keys->citation = key[3];
        keys->citation_length = key[2];
    }
    if (key[1] == TAG_DOUBLES && key[0] == 3077) {
        struct tiff_entry doubles = tiff_directory_find(file, directory, TAG_DOUBLES, INT64_MAX);
        tiff_entry_number(file, &doubles, (int64_t)key[3], &keys->unit_metres);
    }
}

static void read_keys(struct tiff_file *file, struct tiff_directory *directory, struct keys *keys)
{
    struct tiff_entry entry = tiff_directory_find(file, directory, TAG_KEYS, INT64_MAX);
    uint64_t count = 0;
    if (!tiff_entry_value(file, &entry, 3, &count))
        return;
    for (int64_t i = 1; i <= (int64_t)count && i <= KEYS_MAX; i++) {
        uint64_t key[4];
        for (int j = 0; j < 4; j++)
            if (!tiff_entry_value(file, &entry, 4 * i + j, &key[j]))
                return;
        if (key[1])
            take_elsewhere(file, directory, key, keys);
        else if (key[0] == 1024)
            keys->model = key[3];
        else if (key[0] == 3072)
            keys->system = key[3];
        else if (key[0] == 3076)
            keys->unit = key[3];
    }
}

static void read_citation(struct tiff_file *file, struct tiff_directory *directory,
                          const struct keys *keys, struct geo *geo)
{
    char text[sizeof geo->citation];
    struct tiff_entry letters = tiff_directory_find(file, directory, TAG_LETTERS, INT64_MAX);
    if (!keys->citation_length || keys->citation >= (uint64_t)letters.count)
        return;
    if (!checked_add64(letters.offset, (int64_t)keys->citation, &letters.offset))
        return;
    letters.count = min64(letters.count - (int64_t)keys->citation, (int64_t)keys->citation_length);
    tiff_entry_text(file, &letters, text, sizeof text);
    text[strcspn(text, "|")] = 0;
    words_plain(text, geo->citation, sizeof geo->citation);
}

static bool numbers(struct tiff_file *file, struct tiff_directory *directory, int tag, double *to,
                    int count)
{
    struct tiff_entry entry = tiff_directory_find(file, directory, tag, INT64_MAX);
    for (int i = 0; i < count; i++)
        if (!tiff_entry_number(file, &entry, i, &to[i]))
            return false;
    return true;
}

static void read_scale(struct tiff_file *file, struct tiff_directory *directory, struct geo *geo)
{
    double scale[3], matrix[16];
    if (numbers(file, directory, TAG_PIXEL_SCALE, scale, 2)) {
        geo->scale_x = fabs(scale[0]);
        geo->scale_y = fabs(scale[1]);
    } else if (numbers(file, directory, TAG_TRANSFORMATION, matrix, 16)) {
        geo->scale_x = hypot(matrix[0], matrix[4]);
        geo->scale_y = hypot(matrix[1], matrix[5]);
    }
}

static bool is_metric(uint64_t system)
{
    for (size_t i = 0; i < sizeof metric_systems / sizeof *metric_systems; i++)
        if (system >= metric_systems[i].first && system <= metric_systems[i].last)
            return true;
    return false;
}

/* Degrees are no lengths: what they come to depends on where one is. */
static double unit_mm(const struct keys *keys, struct geo *geo)
{
    if (keys->model != MODEL_PROJECTED)
        return 0;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (lengths[i].code == keys->unit) {
            geo->unit = lengths[i].name;
            return lengths[i].mm;
        }
    if (keys->unit || keys->unit_metres > 0)
        return keys->unit_metres * 1000;
    if (!is_metric(keys->system))
        return 0;
    geo->unit = "metre";
    geo->system = (int)keys->system;
    return 1000;
}

bool geo_read(struct tiff_file *file, struct tiff_directory *directory, struct geo *geo)
{
    struct keys keys = {.model = 0};
    *geo = (struct geo){.model = "", .unit = ""};
    read_keys(file, directory, &keys);
    read_citation(file, directory, &keys, geo);
    read_scale(file, directory, geo);
    geo->has_tie = numbers(file, directory, TAG_TIE_POINTS, geo->tie, 6);
    geo->model = keys.model == MODEL_PROJECTED    ? "projected"
                 : keys.model == MODEL_GEOGRAPHIC ? "geographic"
                                                  : "";
    double mm = unit_mm(&keys, geo);
    double x = geo->scale_x * mm, y = geo->scale_y * mm;
    if (isfinite(x) && isfinite(y) && x > 0 && y > 0) {
        geo->spacing_x = x;
        geo->spacing_y = y;
    }
    return keys.model || geo->scale_x > 0 || geo->has_tie;
}
