/* What there is to know of a TIFF file and its current page, for people: a fact for each tag that
 * tells something, for overviews, mask and structure, and for what other programs wrote.
 *
 * Every text is cut and made printable before it leaves. Owns nothing. */
#include "source/tiff_extras.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "source/words.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum shape { SHAPE_TEXT, SHAPE_NUMBERS, SHAPE_WORDS, SHAPE_BYTES };
enum { NUMBERS_TOLD = 6, WALKED_MOST = 1 << 16 /* directories, to say how many there are */ };

struct word {
    uint64_t code;
    const char *word;
};

static const struct word fill_orders[] = {
    {1, "highest bit first"}, {2, "lowest bit first"}, {0, NULL}};
static const struct word orientations[] = {
    {1, "upright"},
    {2, "mirrored left to right"},
    {3, "turned by 180 degrees"},
    {4, "mirrored top to bottom"},
    {5, "rows are columns, the first at the left"},
    {6, "to be turned clockwise"},
    {7, "rows are columns, the first at the right, from the bottom"},
    {8, "to be turned anticlockwise"},
    {0, NULL}};
static const struct word planes[] = {
    {1, "samples of a pixel together"}, {2, "a plane for each sample"}, {0, NULL}};
static const struct word predictors[] = {
    {1, "none"}, {2, "horizontal"}, {3, "floating point"}, {0, NULL}};
static const struct word formats[] = {
    {1, "unsigned"}, {2, "signed"},          {3, "floating point"},
    {4, "not told"}, {5, "complex integer"}, {6, "complex floating point"},
    {0, NULL}};
static const struct word extras[] = {
    {0, "of no kind"}, {1, "alpha, multiplied in"}, {2, "alpha"}, {0, NULL}};
static const struct word kinds[] = {{0, "full image"},
                                    {1, "reduced image"},
                                    {2, "page of several"},
                                    {3, "reduced page of several"},
                                    {4, "mask"},
                                    {5, "reduced mask"},
                                    {0, NULL}};
static const struct word units[] = {{1, "none"}, {2, "inch"}, {3, "centimetre"}, {0, NULL}};
static const struct word positions[] = {{1, "centred"}, {2, "cosited"}, {0, NULL}};
static const struct word inks[] = {{1, "CMYK"}, {2, "others"}, {0, NULL}};

static const struct {
    int tag;
    const char *name;
    enum shape shape;
    const struct word *words;
} facts[] = {
    {269, "document", SHAPE_TEXT, NULL},
    {285, "page name", SHAPE_TEXT, NULL},
    {270, "description", SHAPE_TEXT, NULL},
    {305, "software", SHAPE_TEXT, NULL},
    {271, "make", SHAPE_TEXT, NULL},
    {272, "model", SHAPE_TEXT, NULL},
    {306, "date", SHAPE_TEXT, NULL},
    {315, "artist", SHAPE_TEXT, NULL},
    {316, "computer", SHAPE_TEXT, NULL},
    {33432, "copyright", SHAPE_TEXT, NULL},
    {254, "kind", SHAPE_WORDS, kinds},
    {297, "page number", SHAPE_NUMBERS, NULL},
    {262, "photometric code", SHAPE_NUMBERS, NULL},
    {258, "bits", SHAPE_NUMBERS, NULL},
    {339, "sample format", SHAPE_WORDS, formats},
    {338, "extra samples", SHAPE_WORDS, extras},
    {340, "least sample", SHAPE_NUMBERS, NULL},
    {341, "greatest sample", SHAPE_NUMBERS, NULL},
    {284, "planes", SHAPE_WORDS, planes},
    {317, "predictor", SHAPE_WORDS, predictors},
    {266, "fill order", SHAPE_WORDS, fill_orders},
    {274, "orientation", SHAPE_WORDS, orientations},
    {282, "resolution across", SHAPE_NUMBERS, NULL},
    {283, "resolution down", SHAPE_NUMBERS, NULL},
    {296, "resolution unit", SHAPE_WORDS, units},
    {530, "chroma subsampling", SHAPE_NUMBERS, NULL},
    {531, "chroma position", SHAPE_WORDS, positions},
    {532, "reference black and white", SHAPE_NUMBERS, NULL},
    {332, "inks", SHAPE_WORDS, inks},
    {333, "ink names", SHAPE_TEXT, NULL},
    {320, "palette", SHAPE_BYTES, NULL},
    {347, "JPEG tables", SHAPE_BYTES, NULL},
    {34675, "ICC profile", SHAPE_BYTES, NULL},
    {700, "XMP", SHAPE_BYTES, NULL},
    {34377, "Photoshop data", SHAPE_BYTES, NULL},
    {33723, "IPTC data", SHAPE_BYTES, NULL},
    {42113, "GDAL no-data", SHAPE_TEXT, NULL},
};

/* Adds to a text that is `room` long; what does not fit is left out. */
__attribute__((format(printf, 3, 4))) static void add(char *text, size_t room, const char *format,
                                                      ...)
{
    va_list arguments;
    size_t had = strlen(text);
    va_start(arguments, format);
    vsnprintf(text + had, room - had, format, arguments);
    va_end(arguments);
}

static const char *find_word(const struct word *words, uint64_t code)
{
    for (; words->word; words++)
        if (words->code == code)
            return words->word;
    return NULL;
}

static void tell_text(struct tiff_file *file, const struct tiff_entry *entry, char *text)
{
    char raw[4 * FACT_TEXT];
    tiff_entry_text(file, entry, raw, sizeof raw);
    words_plain(raw, text, FACT_TEXT);
}

static void tell_values(struct tiff_file *file, const struct tiff_entry *entry,
                        const struct word *words, char *text)
{
    uint64_t code;
    double number;
    for (int64_t i = 0; i < min64(entry->count, NUMBERS_TOLD); i++) {
        const char *word = NULL, *comma = text[0] ? ", " : "";
        if (words && tiff_entry_value(file, entry, i, &code))
            word = find_word(words, code);
        if (word)
            add(text, FACT_TEXT, "%s%s", comma, word);
        else if (tiff_entry_number(file, entry, i, &number))
            add(text, FACT_TEXT, "%s%.10g", comma, number);
    }
    if (text[0] && entry->count > NUMBERS_TOLD)
        add(text, FACT_TEXT, " and so on (%lld)", (long long)entry->count);
}

static void tell_tag(struct tiff_file *file, size_t i, const struct tiff_entry *entry,
                     struct fact_sink *sink)
{
    char text[FACT_TEXT] = "";
    switch (facts[i].shape) {
    case SHAPE_TEXT:
        tell_text(file, entry, text);
        break;
    case SHAPE_NUMBERS:
    case SHAPE_WORDS:
        tell_values(file, entry, facts[i].words, text);
        break;
    case SHAPE_BYTES:
        if (entry->count)
            add(text, FACT_TEXT, "%lld bytes", (long long)tiff_entry_bytes(entry));
        break;
    }
    if (text[0])
        sink->fact(sink, facts[i].name, "%s", text);
}

static void tell_tags(struct tiff_source *tiff, struct fact_sink *sink)
{
    struct tiff_directory directory;
    if (!tiff_directory_open(&tiff->file, tiff->layout.directory, &directory))
        return;
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct tiff_entry entry =
            tiff_directory_find(&tiff->file, &directory, facts[i].tag, INT64_MAX);
        tell_tag(&tiff->file, i, &entry, sink);
    }
}

/* Structure. */

static void tell_structure(struct tiff_source *tiff, struct fact_sink *sink)
{
    char name[FACT_NAME];
    const struct tiff_index *index = &tiff->index;
    sink->fact(sink, "directories", "%d%s, %d of them in the chain%s", index->every,
               index->done && !index->more ? "" : " or more", index->walked,
               index->all ? "; none calls itself a full image" : "");
    if (index->images)
        sink->fact(sink, "stack", "%d images behind one directory", index->images);
    for (int i = 0; i < tiff->copy_count; i++) {
        const struct tiff_copy *copy = &tiff->copies[i];
        snprintf(name, sizeof name, "overview %d", i + 1);
        sink->fact(sink, name, "%llu x %llu, the directory at byte %lld%s%s%s",
                   (unsigned long long)copy->width, (unsigned long long)copy->height,
                   (long long)copy->directory, copy->beside ? " of the file beside" : "",
                   copy->mask ? ", with a mask" : "", copy->resampled ? ", resampled" : "");
    }
    if (tiff->has_beside && !tiff->copy_count)
        sink->fact(sink, "overviews beside", "none that fits this page");
    if (tiff->mask)
        sink->fact(sink, "mask", "%d-bit, the directory at byte %lld", tiff->mask->source.page.bits,
                   (long long)tiff->mask->layout.directory);
}

/* Programs. */

static void tell_ome(struct tiff_source *tiff, struct fact_sink *sink)
{
    struct ome ome;
    struct fault fault;
    char name[FACT_NAME];
    switch (tiff_ome(tiff, tiff->number, &ome, &fault)) {
    case TOLD_NOTHING:
        return;
    case TOLD_BADLY:
        sink->fact(sink, "OME", "%s", fault.text);
        return;
    case TOLD:
        break;
    }
    sink->fact(sink, "OME", "%d series%s", ome.series_count,
               ome.elsewhere ? "; other files belong to them" : "");
    if (!ome.found)
        return;
    sink->fact(sink, "OME series", "%d: %s", ome.series + 1, ome.name[0] ? ome.name : "no name");
    sink->fact(sink, "OME axes", "%d channels, %d slices, %d times, in the order %s%s",
               ome.axis_whole[AXIS_CHANNEL], ome.axis_whole[AXIS_SLICE], ome.axis_whole[AXIS_TIME],
               ome.order, ome.has_axes ? "" : "; pages do not follow them");
    if (ome.has_axes && memcmp(ome.axis_whole, ome.axis_extent, sizeof ome.axis_whole) != 0)
        sink->fact(sink, "OME planes here", "%d channels, %d slices, %d times",
                   ome.axis_extent[AXIS_CHANNEL], ome.axis_extent[AXIS_SLICE],
                   ome.axis_extent[AXIS_TIME]);
    for (int i = 0; i < ome.channel_count; i++) {
        snprintf(name, sizeof name, "OME channel %d", i + 1);
        sink->fact(sink, name, "%s", ome.channels[i][0] ? ome.channels[i] : "no name");
    }
}

static void tell_imagej(struct tiff_source *tiff, struct fact_sink *sink)
{
    struct imagej imagej;
    if (!tiff_imagej(tiff, tiff->layout.directory, &imagej))
        return;
    sink->fact(sink, "ImageJ", "version %s", imagej.version);
    sink->fact(sink, "ImageJ stack", "%d images: %d channels, %d slices, %d frames", imagej.images,
               imagej.channels, imagej.slices, imagej.frames);
    if (imagej.unit[0])
        sink->fact(sink, "ImageJ unit", "%s", imagej.unit);
    if (imagej.has_window)
        sink->fact(sink, "ImageJ window", "%.10g to %.10g", imagej.low, imagej.high);
    if (imagej.has_line)
        sink->fact(sink, "ImageJ calibration", "%.10g + %.10g x %s", imagej.intercept, imagej.slope,
                   imagej.value_unit);
}

static void tell_geo(struct tiff_source *tiff, struct fact_sink *sink)
{
    struct geo geo;
    struct gdal gdal;
    struct fault fault;
    if (tiff_gdal(tiff, tiff->layout.directory, tiff_sample_of(&tiff->source.page), &gdal, sink,
                  &fault) == TOLD_BADLY)
        sink->fact(sink, "GDAL", "%s", fault.text);
    if (!tiff_geo(tiff, tiff->layout.directory, &geo))
        return;
    if (geo.model[0] || geo.citation[0])
        sink->fact(sink, "GeoTIFF model", "%s%s%s", geo.model,
                   geo.model[0] && geo.citation[0] ? ": " : "", geo.citation);
    if (geo.scale_x > 0)
        sink->fact(sink, "GeoTIFF scale", "%.10g x %.10g %s", geo.scale_x, geo.scale_y, geo.unit);
    if (geo.has_tie)
        sink->fact(sink, "GeoTIFF tie point", "column %.10g, row %.10g is at %.12g, %.12g",
                   geo.tie[0], geo.tie[1], geo.tie[3], geo.tie[4]);
}

void tiff_inform(struct source *source, struct fact_sink *sink)
{
    struct tiff_source *tiff = (struct tiff_source *)source;
    tiff_file_refresh(&tiff->file);
    while (tiff->index.walked < WALKED_MOST && tiff_index_walk(&tiff->index, &tiff->file))
        ;
    tell_structure(tiff, sink);
    if (source->page.width <= 0)
        return;
    tell_tags(tiff, sink);
    tell_imagej(tiff, sink);
    tell_ome(tiff, sink);
    tell_geo(tiff, sink);
    tiff_file_drop_all(&tiff->file);
}
