/* --info for people: a line for each thing there is to know. */
#include "info.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "describe.h"

enum { NAME = 17 };

__attribute__((format(printf, 2, 3))) static void print_line(const char *name, const char *format,
                                                             ...)
{
    va_list arguments;
    printf("  %-*s ", NAME, name);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

static void print_size(const struct scene *scene)
{
    const struct page *page = &scene->page;
    int64_t width, height;
    scene_upright_size(scene, &width, &height);
    if (scene_lies(scene))
        print_line("size", "%" PRId64 " x %" PRId64 " (stored as %" PRId64 " x %" PRId64 ")", width,
                   height, page->width, page->height);
    else
        print_line("size", "%" PRId64 " x %" PRId64, width, height);
    if (page->orientation != 1)
        print_line("turned upright", "%s (Orientation %d%s)",
                   describe_orientation(page->orientation), page->orientation,
                   scene->options->raw_orientation ? ", not applied" : "");
}

static void print_type(const struct page *page)
{
    char type[64], alone[32] = "";
    describe_type(page, type, sizeof type);
    if (page->channel > 0)
        snprintf(alone, sizeof alone, ", sample %d alone", page->channel);
    print_line("type", "%s, %s%s%s", type, page->photometric, alone,
               page->masked ? ", with transparency" : "");
    if (page->has_nodata)
        print_line("no data", "%.10g", page->nodata);
    if (page->slope != 1 || page->intercept != 0 || page->unit[0])
        print_line("rescale", "stored value x %.10g + %.10g%s%s", page->slope, page->intercept,
                   page->unit[0] ? " " : "", page->unit);
}

static void print_place(const struct page *page)
{
    static const char *const names[PAGE_AXES] = {"channel", "slice", "time"};
    int32_t position[PAGE_AXES];
    bool placed = page_position(page, page->index, position);
    print_line("page", "%d of %d", page->index + 1, page->count);
    if (page->title[0])
        print_line("title", "%s", page->title);
    if (page->series_count > 1)
        print_line("series", "%d of %d", page->series + 1, page->series_count);
    for (int axis = 0; placed && axis < PAGE_AXES; axis++)
        if (page->axis_extent[axis] > 1)
            print_line(names[axis], "%d of %d", position[axis] + 1, page->axis_extent[axis]);
}

static void print_layout(const struct page *page)
{
    char blocks[64];
    describe_blocks(page, blocks, sizeof blocks);
    print_line("layout", "%s, %s, %s, %s endian", page->compression, blocks,
               page->big_tiff ? "BigTIFF" : "TIFF", page->big_endian ? "big" : "little");
    if (page->overviews > 0)
        print_line("overviews", "%d", page->overviews);
}

/* Along the axes of the page as it is shown. */
static void print_spacing(const struct scene *scene)
{
    const struct page *page = &scene->page;
    bool lies = scene_lies(scene);
    char depth[32] = "";
    if (page->spacing_z > 0)
        snprintf(depth, sizeof depth, " x %.6g", page->spacing_z);
    if (page->spacing_x > 0)
        print_line("spacing", "%.6g x %.6g%s mm (%s)", lies ? page->spacing_y : page->spacing_x,
                   lies ? page->spacing_x : page->spacing_y, depth, page->spacing_source);
    else
        print_line("spacing", "not told");
}

static void begin(const struct scene *scene, const char *path)
{
    char source[64];
    const struct page *page = &scene->page;
    scene_window_source(scene, TOLD_PEOPLE, source, sizeof source);
    for (const char *at = path; *at; at++)
        putchar((unsigned char)*at < 32 || *at == 127 ? '?' : *at);
    putchar('\n');
    print_size(scene);
    print_type(page);
    print_place(page);
    print_layout(page);
    print_spacing(scene);
    print_line("window", "width %.10g, centre %.10g (%s)", scene->window.width,
               scene->window.center, source);
    if (page->notice[0])
        print_line("notice", "%s", page->notice);
}

static void fact(const char *name, const char *text, bool first)
{
    (void)first;
    print_line(name, "%s", text);
}

static void end(void)
{
}

const struct info_style info_text = {begin, fact, end};
