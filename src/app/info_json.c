/* --info for programs: a JSON object on a line of its own for each file. */
#include "info.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "describe.h"
#include "json.h"
#include "values.h"

static void put(void *context, const char *bytes, size_t count)
{
    fwrite(bytes, 1, count, context);
}

static void print_string(const char *text)
{
    json_string(text, put, stdout);
}

static void print_text(const char *name, const char *text)
{
    printf(",\"%s\":", name);
    print_string(text);
}

static void print_integer(const char *name, int64_t value)
{
    printf(",\"%s\":%" PRId64, name, value);
}

/* JSON has no NaN. */
static void print_number(const char *name, double value)
{
    char text[NUMBER_TEXT];
    number_text(value, text);
    if (isfinite(value))
        printf(",\"%s\":%s", name, text);
    else
        printf(",\"%s\":null", name);
}

static void print_truth(const char *name, bool value)
{
    printf(",\"%s\":%s", name, value ? "true" : "false");
}

static void print_samples(const struct page *page)
{
    char type[64];
    describe_type(page, type, sizeof type);
    print_text("type", type);
    print_integer("bits", page->bits);
    print_truth("signed", page->format != FORMAT_UINT);
    print_text("sample_format", describe_format((enum sample_format)page->format));
    print_integer("samples", page->samples);
    print_integer("channel", page->channel);
    print_truth("colour", page->channels == 3);
    print_text("photometric", page->photometric);
    print_truth("masked", page->masked);
    if (page->has_nodata)
        print_number("nodata", page->nodata);
    print_number("slope", page->slope);
    print_number("intercept", page->intercept);
    print_text("unit", page->unit);
}

static void print_place(const struct page *page)
{
    static const char *const names[PAGE_AXES] = {"channel", "slice", "time"};
    int32_t position[PAGE_AXES];
    print_integer("page", page->index + (int64_t)1);
    print_integer("pages", page->count);
    print_text("title", page->title);
    printf(",\"series\":[%d,%d]", page->series + 1, page->series_count);
    if (!page_position(page, page->index, position))
        return;
    printf(",\"axes\":{");
    for (int axis = 0; axis < PAGE_AXES; axis++)
        printf("%s\"%s\":[%d,%d]", axis ? "," : "", names[axis], position[axis] + 1,
               page->axis_extent[axis]);
    printf("}");
}

static void print_layout(const struct page *page)
{
    print_text("compression", page->compression);
    print_truth("tiled", page->tiled);
    printf(",\"block\":[%" PRId64 ",%" PRId64 "]", page->block_width, page->block_height);
    print_integer("blocks", page->blocks);
    print_integer("overviews", page->overviews);
    print_truth("bigtiff", page->big_tiff);
    print_text("byte_order", page->big_endian ? "big" : "little");
}

static void print_spacing(const struct scene *scene)
{
    const struct page *page = &scene->page;
    bool lies = scene_lies(scene);
    if (!(page->spacing_x > 0))
        return;
    printf(",\"spacing_mm\":[%.10g,%.10g", lies ? page->spacing_y : page->spacing_x,
           lies ? page->spacing_x : page->spacing_y);
    if (page->spacing_z > 0)
        printf(",%.10g", page->spacing_z);
    printf("]");
    print_text("spacing_source", page->spacing_source);
}

static void begin(const struct scene *scene, const char *path)
{
    char source[64];
    const struct page *page = &scene->page;
    int64_t width, height;
    scene_upright_size(scene, &width, &height);
    scene_window_source(scene, TOLD_PROGRAMS, source, sizeof source);
    printf("{\"file\":");
    print_string(path);
    print_integer("width", width);
    print_integer("height", height);
    print_integer("orientation", page->orientation);
    print_text("orientation_text", describe_orientation(page->orientation));
    print_samples(page);
    print_place(page);
    print_layout(page);
    print_spacing(scene);
    print_number("window", scene->window.width);
    print_number("level", scene->window.center);
    print_text("window_source", source);
    print_text("notice", page->notice);
    printf(",\"facts\":{");
}

static void fact(const char *name, const char *text, bool first)
{
    if (!first)
        putchar(',');
    print_string(name);
    putchar(':');
    print_string(text);
}

static void end(void)
{
    printf("}}\n");
}

const struct info_style info_json = {begin, fact, end};
