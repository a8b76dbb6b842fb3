/* What a TIFF page's directory tells beside its samples: the window to show, what samples mean,
 * physical size, the axes that pages are laid out along, names.
 *
 * Entries are read by source/tiff_directory, never by libtiff. Of several programs that tell the
 * same thing one is trusted: OME, ImageJ, GeoTIFF, Aperio, TIFF's own tags, in this order. Owns
 * nothing. */
#include "source/tiff_extras.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/language.h"

#include "source/words.h"

enum { TAG_GDAL_METADATA = 42112, TAG_GDAL_NODATA = 42113 };

static struct tiff_entry entry_of(struct tiff_source *tiff, int64_t offset, int tag)
{
    struct tiff_directory directory;
    if (!tiff_directory_open(&tiff->file, offset, &directory))
        return (struct tiff_entry){tag, 0, 0, 0};
    return tiff_directory_find(&tiff->file, &directory, tag, INT64_MAX);
}

void tiff_description(struct tiff_source *tiff, int64_t directory, char text[TIFF_DESCRIPTION])
{
    struct tiff_entry entry = entry_of(tiff, directory ? directory : tiff->file.first_directory,
                                       TIFFTAG_IMAGEDESCRIPTION);
    tiff_entry_text(&tiff->file, &entry, text, TIFF_DESCRIPTION);
}

int32_t tiff_sample_of(const struct page *page)
{
    return page->channel > 0 ? page->channel - 1 : 0;
}

__attribute__((format(printf, 2, 3))) static void add_notice(struct page *page, const char *format,
                                                             ...)
{
    va_list arguments;
    size_t had = strlen(page->notice);
    if (had && had + 2 < sizeof page->notice)
        page->notice[had++] = ' ';
    va_start(arguments, format);
    vsnprintf(page->notice + had, sizeof page->notice - had, language_text(format), arguments);
    va_end(arguments);
    language_whole(page->notice);
}

/* Programs. */

struct entry_text {
    struct xml_text text; /* first */
    struct tiff_file *file;
    struct tiff_entry entry;
    int64_t done;
};

/* The terminating 0 is no XML. */
static size_t read_text(struct xml_text *text, char *to, size_t room)
{
    struct entry_text *from = (struct entry_text *)text;
    int64_t bytes = min64(from->entry.count - from->done, (int64_t)room);
    if (bytes <= 0 || tiff_entry_bytes(&from->entry) != from->entry.count ||
        !tiff_file_read(from->file, from->entry.offset + from->done, bytes, to))
        return 0;
    from->done += bytes;
    const char *end = memchr(to, 0, (size_t)bytes);
    if (!end)
        return (size_t)bytes;
    from->done = from->entry.count;
    return (size_t)(end - to);
}

enum tiff_told tiff_ome(struct tiff_source *tiff, int32_t page, struct ome *ome,
                        struct fault *fault)
{
    char description[TIFF_DESCRIPTION];
    struct entry_text text = {{read_text},
                              &tiff->file,
                              entry_of(tiff, tiff->file.first_directory, TIFFTAG_IMAGEDESCRIPTION),
                              0};
    if (!tiff->ome_told || !ome_turn(&tiff->ome, page)) {
        tiff->ome_told = false;
        *ome = (struct ome){.channel = -1};
        tiff_description(tiff, 0, description);
        if (!ome_recognise(description))
            return TOLD_NOTHING;
        if (!ome_parse(&text.text, page, ome, fault))
            return TOLD_BADLY;
        tiff->ome = *ome;
        tiff->ome_told = true;
    }
    *ome = tiff->ome;
    return TOLD;
}

enum tiff_told tiff_gdal(struct tiff_source *tiff, int64_t directory, int32_t sample,
                         struct gdal *gdal, struct fact_sink *sink, struct fault *fault)
{
    struct entry_text text = {
        {read_text}, &tiff->file, entry_of(tiff, directory, TAG_GDAL_METADATA), 0};
    *gdal = (struct gdal){.slope = 1};
    if (!text.entry.count)
        return TOLD_NOTHING;
    return gdal_parse(&text.text, sample, gdal, sink, fault) ? TOLD : TOLD_BADLY;
}

bool tiff_geo(struct tiff_source *tiff, int64_t directory, struct geo *geo)
{
    struct tiff_directory opened;
    return tiff_directory_open(&tiff->file, directory, &opened) &&
           geo_read(&tiff->file, &opened, geo);
}

bool tiff_imagej(struct tiff_source *tiff, int64_t directory, struct imagej *imagej)
{
    char description[TIFF_DESCRIPTION];
    tiff_description(tiff, directory, description);
    if (imagej_parse(description, imagej))
        return true;
    tiff_description(tiff, 0, description);
    return imagej_parse(description, imagej);
}

/* No-data. */

/* The number that samples are compared with; false when no sample can be that. */
static bool fit_nodata(const struct tiff_layout *layout, double *nodata)
{
    bool is_float = layout->format == SAMPLEFORMAT_IEEEFP;
    if (is_float && layout->bits == 32 && fabs(*nodata) <= (double)__FLT_MAX__)
        *nodata = (double)(float)*nodata;
    if (is_float)
        return true;
    bool is_signed = layout->format == SAMPLEFORMAT_INT;
    if (layout->bits < 1 || layout->bits > 64 || layout->format > SAMPLEFORMAT_VOID)
        return false;
    double codes = ldexp(1, (int)layout->bits), least = is_signed ? -codes / 2 : 0;
    return *nodata >= least && *nodata < least + codes && *nodata == floor(*nodata);
}

enum nodata { NODATA_NONE, NODATA_FITS, NODATA_UNFIT, NODATA_NO_NUMBER };

/* What GDAL_NODATA says, as plain text, and its value where samples can be that. */
static enum nodata read_nodata(struct tiff_source *tiff, const struct tiff_layout *layout,
                               char plain[64], double *nodata)
{
    char text[64];
    struct tiff_entry entry = entry_of(tiff, layout->directory, TAG_GDAL_NODATA);
    tiff_entry_text(&tiff->file, &entry, text, sizeof text);
    words_plain(text, plain, sizeof text);
    if (!plain[0])
        return NODATA_NONE;
    if (!strcasecmp(plain + (plain[0] == '-'), "nan")) {
        *nodata = (double)NAN;
        return layout->format == SAMPLEFORMAT_IEEEFP ? NODATA_FITS : NODATA_UNFIT;
    }
    if (!words_number(plain, nodata))
        return NODATA_NO_NUMBER;
    return fit_nodata(layout, nodata) ? NODATA_FITS : NODATA_UNFIT;
}

void tiff_page_nodata(struct tiff_source *tiff, const struct tiff_layout *layout, struct page *page)
{
    char plain[64];
    double nodata;
    if (read_nodata(tiff, layout, plain, &nodata) != NODATA_FITS)
        return;
    page->has_nodata = 1;
    page->nodata = nodata;
}

/* A no-data value that cannot be one is left out, which the user should know. */
static void say_nodata(struct tiff_source *tiff, const struct tiff_layout *layout,
                       struct page *page)
{
    char plain[64];
    double nodata;
    switch (read_nodata(tiff, layout, plain, &nodata)) {
    case NODATA_NONE:
    case NODATA_FITS:
        break;
    case NODATA_UNFIT:
        add_notice(page, "The no-data value %.40s is left out: no sample can be that.", plain);
        break;
    case NODATA_NO_NUMBER:
        add_notice(page, "The no-data value \"%.40s\" is left out: it is no number.", plain);
        break;
    }
}

/* The window, and what samples mean. */

/* Takes low and high as the page's window when they are one. */
static bool take_window(struct page *page, enum window_origin origin, double low, double high)
{
    if (!isfinite(low) || !isfinite(high) || low >= high)
        return false;
    page->window_origin = origin;
    page->window_low = low;
    page->window_high = high;
    return true;
}

/* A value of SMin or SMaxSampleValue: the page's sample's, or the first where there is only one. */
static bool sample_limit(struct tiff_source *tiff, const struct page *page, int64_t directory,
                         int tag, int32_t channel, double *limit)
{
    struct tiff_entry entry = entry_of(tiff, directory, tag);
    int64_t i = page->channel ? tiff_sample_of(page) : channel;
    return tiff_entry_number(&tiff->file, &entry, i < entry.count ? i : 0, limit);
}

static void find_window(struct tiff_source *tiff, int64_t directory, const struct imagej *imagej,
                        struct page *page)
{
    double low = INFINITY, high = -INFINITY, limit;
    if (imagej->has_window && take_window(page, WINDOW_IMAGEJ, imagej->low, imagej->high))
        return;
    for (int32_t channel = 0; channel < page->channels; channel++) {
        if (!sample_limit(tiff, page, directory, TIFFTAG_SMINSAMPLEVALUE, channel, &limit))
            return;
        low = fmin(low, limit);
        if (!sample_limit(tiff, page, directory, TIFFTAG_SMAXSAMPLEVALUE, channel, &limit))
            return;
        high = fmax(high, limit);
    }
    take_window(page, WINDOW_TIFF_TAGS, low, high);
}

static void find_meaning(struct tiff_source *tiff, int64_t directory, const struct imagej *imagej,
                         struct page *page)
{
    struct gdal gdal;
    struct fault fault;
    enum tiff_told told = tiff_gdal(tiff, directory, tiff_sample_of(page), &gdal, NULL, &fault);
    if (told == TOLD_BADLY)
        add_notice(page, "GDAL's metadata are left out: %.90s.", fault.text);
    if (gdal.has_line) {
        page->slope = gdal.slope;
        page->intercept = gdal.intercept;
    } else if (imagej->has_line) {
        page->slope = imagej->slope;
        page->intercept = imagej->intercept;
    }
    bool unit = strcmp(imagej->value_unit, "Gray Value") != 0;
    snprintf(page->unit, sizeof page->unit, "%s",
             gdal.unit[0] ? gdal.unit
             : unit       ? imagej->value_unit
                          : "");
    snprintf(page->title, sizeof page->title, "%s", gdal.title);
}

/* Physical size. */

struct spacing {
    char source[PAGE_NAME];
    double x, y, z; /* mm */
};

/* Millimetres from samples for each unit of length. */
static bool read_resolution(struct tiff_source *tiff, int64_t directory, double mm,
                            struct spacing *spacing)
{
    double x, y;
    struct tiff_entry across = entry_of(tiff, directory, TIFFTAG_XRESOLUTION);
    struct tiff_entry down = entry_of(tiff, directory, TIFFTAG_YRESOLUTION);
    if (!tiff_entry_number(&tiff->file, &across, 0, &x) ||
        !tiff_entry_number(&tiff->file, &down, 0, &y) || x <= 0 || y <= 0 || mm <= 0)
        return false;
    spacing->x = mm / x;
    spacing->y = mm / y;
    return isfinite(spacing->x) && isfinite(spacing->y);
}

static bool tiff_spacing(struct tiff_source *tiff, int64_t directory, struct spacing *spacing)
{
    uint64_t unit = RESUNIT_INCH;
    struct tiff_entry entry = entry_of(tiff, directory, TIFFTAG_RESOLUTIONUNIT);
    tiff_entry_value(&tiff->file, &entry, 0, &unit);
    *spacing = (struct spacing){"TIFF resolution", 0, 0, 0};
    return read_resolution(tiff, directory,
                           unit == RESUNIT_INCH         ? 25.4
                           : unit == RESUNIT_CENTIMETER ? 10
                                                        : 0,
                           spacing);
}

static double columns_of(struct tiff_source *tiff, int64_t directory)
{
    double columns = 0;
    struct tiff_entry entry = entry_of(tiff, directory, TIFFTAG_IMAGEWIDTH);
    tiff_entry_number(&tiff->file, &entry, 0, &columns);
    return columns;
}

/* Columns of the scan that Aperio's levels were made from: the first directory's, unless that is a
 * level taken out of its file, which says "[left,top COLUMNSxROWS] ... -> 500x375". */
static double aperio_columns(struct tiff_source *tiff)
{
    char text[TIFF_DESCRIPTION];
    double columns = columns_of(tiff, tiff->file.first_directory);
    tiff_description(tiff, 0, text);
    text[strcspn(text, "|")] = 0;
    const char *part = strchr(text, '[');
    if (part && strstr(part, "->"))
        words_number_after(part, " ", &columns);
    return columns;
}

/* Each level repeats the scan's micrometres for each pixel. The label and the macro were not taken
 * through its lens. */
static void aperio_spacing(struct tiff_source *tiff, int64_t directory, struct spacing *spacing)
{
    char text[TIFF_DESCRIPTION];
    double microns, columns = columns_of(tiff, directory);
    tiff_description(tiff, directory, text);
    *spacing = (struct spacing){"Aperio", 0, 0, 0};
    if (strncmp(text, "Aperio", 6) || strstr(text, "\nlabel ") || strstr(text, "\nmacro ") ||
        !words_number_after(text, "|MPP = ", &microns) || columns <= 0)
        return;
    double mm = microns / 1000 * (aperio_columns(tiff) / columns);
    if (isfinite(mm))
        spacing->x = spacing->y = mm;
}

static bool differ(double a, double b)
{
    return fabs(a - b) > 0.01 * fmax(fabs(a), fabs(b));
}

/* Takes the first of `count` spacings that has a size, and says where another differs. */
static void take_spacing(struct page *page, const struct spacing *spacings, int count)
{
    const struct spacing *best = NULL;
    for (int i = 0; i < count; i++) {
        const struct spacing *other = &spacings[i];
        if (page->spacing_z <= 0)
            page->spacing_z = other->z;
        if (other->x <= 0 || other->y <= 0)
            continue;
        if (!best) {
            best = other;
        } else if (differ(best->x, other->x) || differ(best->y, other->y)) {
            add_notice(page,
                       "Sizes of a sample differ: %.6g x %.6g mm (%s, used), %.6g x %.6g mm (%s).",
                       best->x, best->y, best->source, other->x, other->y, other->source);
            break;
        }
    }
    if (!best)
        return;
    page->spacing_x = best->x;
    page->spacing_y = best->y;
    snprintf(page->spacing_source, sizeof page->spacing_source, "%s", best->source);
}

/* The view shows a pixel for a sample, however long and wide that is. */
static void say_aspect(struct tiff_source *tiff, int64_t directory, struct page *page)
{
    struct spacing ratio;
    if (page->spacing_x > 0) {
        if (differ(page->spacing_x, page->spacing_y))
            add_notice(page,
                       "Samples are not square (%.4g x %.4g mm) and are shown as if they were.",
                       page->spacing_x, page->spacing_y);
    } else if (read_resolution(tiff, directory, 1, &ratio) && differ(ratio.x, ratio.y)) {
        add_notice(page, "Samples are not square (%.4g : %.4g) and are shown as if they were.",
                   ratio.x / fmin(ratio.x, ratio.y), ratio.y / fmin(ratio.x, ratio.y));
    }
}

static void find_spacing(struct tiff_source *tiff, int64_t directory, const struct ome *ome,
                         const struct imagej *imagej, struct page *page)
{
    struct geo geo;
    struct spacing spacings[5] = {
        {"OME", ome->spacing[0], ome->spacing[1], ome->spacing[2]},
        {"ImageJ", 0, 0, imagej->spacing_z},
        {"GeoTIFF", 0, 0, 0},
    };
    if (!read_resolution(tiff, directory, imagej->unit_mm, &spacings[1]))
        spacings[1].x = spacings[1].y = 0;
    if (tiff_geo(tiff, directory, &geo)) {
        spacings[2].x = geo.spacing_x;
        spacings[2].y = geo.spacing_y;
        if (geo.system)
            snprintf(spacings[2].source, PAGE_NAME, "GeoTIFF, EPSG %d", geo.system);
    }
    aperio_spacing(tiff, directory, &spacings[3]);
    /* Where ImageJ names the unit, the tags do no more than repeat it. */
    if (!tiff_spacing(tiff, directory, &spacings[4]))
        spacings[4].x = spacings[4].y = 0;
    take_spacing(page, spacings, 5);
    say_aspect(tiff, directory, page);
}

/* Axes and names. */

/* The last page along the axes is there, as far as is known yet. */
static bool axes_fit(const struct page *page, const int32_t *extent, const int32_t *stride,
                     int32_t first)
{
    int64_t last = first;
    for (int axis = 0; axis < PAGE_AXES; axis++)
        last += ((int64_t)extent[axis] - 1) * stride[axis];
    return last < (page->counting ? INT32_MAX : page->count);
}

static void take_axes(struct page *page, const int32_t *extent, const int32_t *stride,
                      int32_t first)
{
    if (!axes_fit(page, extent, stride, first))
        return;
    memcpy(page->axis_extent, extent, sizeof page->axis_extent);
    memcpy(page->axis_stride, stride, sizeof page->axis_stride);
    page->axis_first = first;
}

/* ImageJ's order is XYCZT, whatever the file. */
static void take_imagej(struct page *page, const struct imagej *imagej)
{
    int64_t slices = (int64_t)imagej->channels * imagej->slices;
    if (slices > imagej->images || slices * imagej->frames != imagej->images)
        return;
    const int32_t extent[PAGE_AXES] = {imagej->channels, imagej->slices, imagej->frames};
    const int32_t stride[PAGE_AXES] = {1, imagej->channels, (int32_t)slices};
    take_axes(page, extent, stride, 0);
}

/* Adds a part to the title, unless it is empty or there is no room. */
__attribute__((format(printf, 2, 3))) static void add_title(struct page *page, const char *format,
                                                            ...)
{
    va_list arguments;
    size_t had = strlen(page->title), gap = had ? 2 : 0;
    if (had + gap + 1 >= sizeof page->title)
        return;
    va_start(arguments, format);
    vsnprintf(page->title + had + gap, sizeof page->title - had - gap, format, arguments);
    va_end(arguments);
    if (gap && page->title[had + gap])
        memcpy(page->title + had, ", ", 2);
}

/* The title says where a page lies along those axes of the series that pages do not follow: none of
 * them, or those of which this file has one position. */
static void take_ome(struct page *page, const struct ome *ome, bool numbered)
{
    static const char *const names[PAGE_AXES] = {"channel", "slice", "time"};
    const int32_t at[PAGE_AXES] = {ome->channel, ome->slice, ome->time};
    bool follows = ome->has_axes && numbered;
    bool named = at[AXIS_CHANNEL] >= 0 && at[AXIS_CHANNEL] < ome->channel_count &&
                 ome->channels[at[AXIS_CHANNEL]][0];
    page->series = ome->series;
    page->series_count = ome->series_count;
    add_title(page, "%s", ome->name);
    if (named)
        add_title(page, "%s", ome->channels[at[AXIS_CHANNEL]]);
    for (int axis = 0; axis < PAGE_AXES; axis++)
        if (ome->axis_whole[axis] > 1 && !(follows && ome->axis_extent[axis] > 1) &&
            !(named && axis == AXIS_CHANNEL))
            add_title(page, "%s %d", names[axis], at[axis] + 1);
    if (follows)
        take_axes(page, ome->axis_extent, ome->axis_stride, ome->axis_first);
}

static void find_title(struct tiff_source *tiff, int64_t directory, struct page *page)
{
    char text[2 * PAGE_TITLE];
    struct tiff_entry entry = entry_of(tiff, directory, TIFFTAG_PAGENAME);
    if (!page->title[0] && tiff_entry_text(&tiff->file, &entry, text, sizeof text))
        words_plain(text, page->title, sizeof page->title);
}

void tiff_page_extras(struct tiff_source *tiff, const struct tiff_layout *layout, struct page *page)
{
    int64_t directory = layout->directory;
    struct imagej imagej;
    struct ome ome = {.channel = -1};
    struct fault fault;
    if (!tiff_imagej(tiff, directory, &imagej))
        imagej = (struct imagej){.images = 0};
    if (tiff->number >= 0 && tiff_ome(tiff, tiff->number, &ome, &fault) == TOLD_BADLY) {
        ome = (struct ome){.channel = -1};
        add_notice(page, "OME's description is left out: %.90s.", fault.text);
    }
    if (ome.elsewhere)
        add_notice(page, "OME says that other files belong to this one; they are not opened.");
    say_nodata(tiff, layout, page);
    find_window(tiff, directory, &imagej, page);
    find_meaning(tiff, directory, &imagej, page);
    find_spacing(tiff, directory, &ome, &imagej, page);
    if (imagej.images && tiff->number >= 0)
        take_imagej(page, &imagej);
    if (ome.found) {
        page->title[0] = 0;
        take_ome(page, &ome, tiff->number == page->index);
    }
    find_title(tiff, directory, page);
}
