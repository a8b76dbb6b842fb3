/* Stored samples to a TIFF file: see source/tiff_samples.h.
 *
 * The file is laid out at once: header, directory, what entries point to, the tables of strips,
 * samples. Numbers are in this machine's order. Owns nothing. */
#include "source/tiff_samples.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/geometry.h"

enum {
    ENTRIES = 24,
    VALUES = 2048, /* bytes of what entries point to */
    STRIP_BYTES = 256 * 1024,
    PIECE = 512 /* entries of a strips' table that are written at a time */
};

/* Types of entries. */
enum { ASCII = 2, SHORT = 3, LONG = 4, RATIONAL = 5, DOUBLE = 12, LONG8 = 16 };

/* Beyond this offsets of 32 bits might not do. */
static const int64_t classic_max = 4000000000;

struct entry {
    uint16_t tag, type;
    uint64_t count;
    const void *data;
    size_t bytes;
};

/* What is being laid out. */
struct layout {
    const struct tiff_samples_terms *terms;
    bool big;
    int64_t row_bytes, rows, strips; /* of a strip; how many there are */
    struct entry entries[ENTRIES];
    int count;
    uint8_t values[VALUES];
    size_t used;
    int64_t offsets_at, counts_at, samples_at;
};

static const size_t type_bytes[] = {
    [ASCII] = 1, [SHORT] = 2, [LONG] = 4, [RATIONAL] = 8, [DOUBLE] = 8, [LONG8] = 8};

/* ---- entries: in the order of their tags ---- */

static void add(struct layout *layout, int tag, int type, uint64_t count, const void *data)
{
    size_t bytes = (size_t)count * type_bytes[type];
    uint8_t *copy = layout->values + layout->used;
    if (layout->count == ENTRIES || layout->used + bytes + 8 > VALUES)
        return;
    memcpy(copy, data, bytes);
    layout->used += (bytes + 7) / 8 * 8;
    layout->entries[layout->count++] =
        (struct entry){(uint16_t)tag, (uint16_t)type, count, copy, bytes};
}

static void add_short(struct layout *layout, int tag, int value)
{
    const uint16_t word = (uint16_t)value;
    add(layout, tag, SHORT, 1, &word);
}

static void add_long(struct layout *layout, int tag, int64_t value)
{
    const uint32_t number = (uint32_t)value;
    add(layout, tag, LONG, 1, &number);
}

static void add_text(struct layout *layout, int tag, const char *text)
{
    if (text && *text)
        add(layout, tag, ASCII, strlen(text) + 1, text);
}

/* The same for each channel. */
static void add_shorts(struct layout *layout, int tag, int value)
{
    const uint16_t word = (uint16_t)value, words[3] = {word, word, word};
    add(layout, tag, SHORT, (uint64_t)layout->terms->channels, words);
}

static void add_doubles(struct layout *layout, int tag, double value)
{
    const double values[3] = {value, value, value};
    add(layout, tag, DOUBLE, (uint64_t)layout->terms->channels, values);
}

/* Pixels for a centimetre, as a fraction of 32-bit numbers. */
static void add_resolution(struct layout *layout, int tag, double spacing)
{
    double value = 10 / spacing;
    uint32_t parts[2] = {0, 1};
    while (value < 4e8 && parts[1] < 100000000) {
        value *= 10;
        parts[1] *= 10;
    }
    parts[0] = (uint32_t)(value + 0.5);
    add(layout, tag, RATIONAL, 1, parts);
}

/* The table itself is written later. */
static void add_table(struct layout *layout, int tag)
{
    if (layout->count < ENTRIES)
        layout->entries[layout->count++] = (struct entry){(uint16_t)tag, layout->big ? LONG8 : LONG,
                                                          (uint64_t)layout->strips, NULL, 0};
}

static void add_picture(struct layout *layout)
{
    const struct tiff_samples_terms *terms = layout->terms;
    add_long(layout, 256, terms->width);
    add_long(layout, 257, terms->height);
    add_shorts(layout, 258, (int)sample_bytes(terms->type) * 8);
    add_short(layout, 259, 1);
    add_short(layout, 262, terms->channels == 3 ? 2 : !terms->min_is_white);
    add_text(layout, 269, terms->source);
    add_table(layout, 273);
    add_short(layout, 274, terms->orientation);
    add_short(layout, 277, terms->channels);
    add_long(layout, 278, layout->rows);
    add_table(layout, 279);
}

/* GDAL's way to name a line, a unit and no-data. */
static void add_meaning(struct layout *layout)
{
    const struct tiff_samples_terms *terms = layout->terms;
    char text[400], nodata[40];
    bool line = terms->slope != 1 || terms->intercept != 0, unit = terms->unit && *terms->unit;
    size_t used = (size_t)snprintf(text, sizeof text, "<GDALMetadata>");
    if (line)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "<Item name=\"OFFSET\" sample=\"0\" role=\"offset\">%.17g</Item>"
                                 "<Item name=\"SCALE\" sample=\"0\" role=\"scale\">%.17g</Item>",
                                 terms->intercept, terms->slope);
    if (unit && !strpbrk(terms->unit, "<&>"))
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "<Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">%s</Item>",
                                 terms->unit);
    snprintf(text + used, sizeof text - used, "</GDALMetadata>");
    if (line || unit)
        add_text(layout, 42112, text);
    snprintf(nodata, sizeof nodata, "%.17g", terms->nodata);
    if (terms->has_nodata)
        add_text(layout, 42113, nodata);
}

static void add_origin(struct layout *layout)
{
    const struct tiff_samples_terms *terms = layout->terms;
    const uint16_t pages[2] = {(uint16_t)(terms->page - 1), (uint16_t)terms->pages};
    int format = sample_is_float(terms->type) ? 3 : sample_is_signed(terms->type) ? 2 : 1;
    bool sized = terms->spacing_x > 0 && terms->spacing_y > 0;
    if (sized) {
        add_resolution(layout, 282, terms->spacing_x);
        add_resolution(layout, 283, terms->spacing_y);
    }
    add_short(layout, 284, 1);
    if (sized)
        add_short(layout, 296, 3);
    if (terms->page > 0 && terms->pages <= UINT16_MAX)
        add(layout, 297, SHORT, 2, pages);
    add_shorts(layout, 339, format);
    if (terms->low < terms->high) {
        add_doubles(layout, 340, terms->low);
        add_doubles(layout, 341, terms->high);
    }
    add_meaning(layout);
}

/* ---- the file ---- */

static bool write_at(int fd, const char *name, const void *data, size_t bytes, int64_t at,
                     struct fault *fault)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t count =
            pwrite(fd, (const uint8_t *)data + done, bytes - done, (off_t)(at + (int64_t)done));
        if (count < 0 && errno != EINTR)
            return fault_errno(fault, errno, "%s: cannot be written", name);
        done += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static size_t entry_bytes(const struct layout *layout)
{
    return layout->big ? 20 : 12;
}

static void place_parts(struct layout *layout, int64_t *values_at)
{
    size_t header = layout->big ? 16 + 8 : 8 + 2, next = layout->big ? 8 : 4;
    int64_t table = layout->strips * (layout->big ? 8 : 4);
    *values_at =
        ((int64_t)(header + (size_t)layout->count * entry_bytes(layout) + next) + 7) / 8 * 8;
    layout->offsets_at = *values_at + (int64_t)layout->used;
    layout->counts_at = layout->offsets_at + (table + 7) / 8 * 8;
    layout->samples_at = (layout->counts_at + table + 15) / 16 * 16;
}

/* The first bytes: the magic number and where the directory lies, which follows. */
static size_t put_header(const struct layout *layout, uint8_t *to)
{
    const uint16_t one = 1, magic = layout->big ? 43 : 42, eight = 8,
                   count = (uint16_t)layout->count;
    const uint64_t many = (uint64_t)layout->count, at_big = 16;
    const uint32_t at = 8;
    memcpy(to, *(const uint8_t *)&one ? "II" : "MM", 2);
    memcpy(to + 2, &magic, 2);
    if (!layout->big) {
        memcpy(to + 4, &at, 4);
        memcpy(to + 8, &count, 2);
        return 10;
    }
    memcpy(to + 4, &eight, 2);
    memcpy(to + 8, &at_big, 8);
    memcpy(to + 16, &many, 8);
    return 24;
}

static int64_t strip_value(const struct layout *layout, bool offsets, int64_t strip)
{
    int64_t whole = layout->rows * layout->row_bytes;
    int64_t rows = min64(layout->rows, layout->terms->height - strip * layout->rows);
    return offsets ? layout->samples_at + strip * whole : rows * layout->row_bytes;
}

/* What an entry says where its data do not fit it: where they lie; of a table of one its value. */
static uint64_t entry_value(const struct layout *layout, const struct entry *entry,
                            int64_t values_at)
{
    bool offsets = entry->tag == 273;
    if (entry->data)
        return (uint64_t)(values_at + ((const uint8_t *)entry->data - layout->values));
    if (layout->strips == 1)
        return (uint64_t)strip_value(layout, offsets, 0);
    return (uint64_t)(offsets ? layout->offsets_at : layout->counts_at);
}

static void put_entry(const struct layout *layout, const struct entry *entry, int64_t values_at,
                      uint8_t *to)
{
    size_t room = layout->big ? 8 : 4, at = layout->big ? 12 : 8;
    const uint64_t value = entry_value(layout, entry, values_at);
    const uint32_t count32 = (uint32_t)entry->count, value32 = (uint32_t)value;
    memcpy(to, &entry->tag, 2);
    memcpy(to + 2, &entry->type, 2);
    memcpy(to + 4, layout->big ? (const void *)&entry->count : &count32, room);
    if (entry->data && entry->bytes <= room)
        memcpy(to + at, entry->data, entry->bytes);
    else
        memcpy(to + at, layout->big ? (const void *)&value : &value32, room);
}

static bool write_directory(const struct layout *layout, int fd, const char *name,
                            int64_t values_at, struct fault *fault)
{
    uint8_t bytes[24 + ENTRIES * 20 + 8] = {0};
    size_t used = put_header(layout, bytes);
    for (int i = 0; i < layout->count; i++, used += entry_bytes(layout))
        put_entry(layout, &layout->entries[i], values_at, bytes + used);
    used += layout->big ? 8 : 4;
    return write_at(fd, name, bytes, used, 0, fault) &&
           write_at(fd, name, layout->values, layout->used, values_at, fault);
}

static bool write_table(const struct layout *layout, int fd, const char *name, bool offsets,
                        struct fault *fault)
{
    uint64_t large[PIECE];
    uint32_t small[PIECE];
    size_t bytes = layout->big ? 8 : 4;
    int64_t at = offsets ? layout->offsets_at : layout->counts_at;
    for (int64_t strip = 0; strip < layout->strips;) {
        int count = (int)min64(PIECE, layout->strips - strip);
        for (int i = 0; i < count; i++) {
            large[i] = (uint64_t)strip_value(layout, offsets, strip + i);
            small[i] = (uint32_t)large[i];
        }
        if (!write_at(fd, name, layout->big ? (const void *)large : small, (size_t)count * bytes,
                      at + strip * (int64_t)bytes, fault))
            return false;
        strip += count;
    }
    return true;
}

bool tiff_samples_begin(struct tiff_samples *samples, int fd, const char *name,
                        const struct tiff_samples_terms *terms, struct fault *fault)
{
    struct layout layout = {.terms = terms};
    int64_t pixel = (int64_t)sample_bytes(terms->type) * terms->channels, values_at;
    layout.row_bytes = terms->width * pixel;
    layout.rows = clamp64(STRIP_BYTES / layout.row_bytes, 1, terms->height);
    layout.strips = ceil_div(terms->height, layout.rows);
    layout.big = layout.row_bytes > (classic_max - 8 * layout.strips) / terms->height;
    add_picture(&layout);
    add_origin(&layout);
    place_parts(&layout, &values_at);
    *samples = (struct tiff_samples){fd, name, terms->width, (size_t)pixel, layout.samples_at};
    return write_directory(&layout, fd, name, values_at, fault) &&
           write_table(&layout, fd, name, true, fault) &&
           write_table(&layout, fd, name, false, fault);
}

bool tiff_samples_put(const struct tiff_samples *samples, int64_t x, int64_t y, int64_t count,
                      const void *pixels, struct fault *fault)
{
    int64_t at = samples->start + (y * samples->width + x) * (int64_t)samples->pixel_bytes;
    return write_at(samples->fd, samples->name, pixels, (size_t)count * samples->pixel_bytes, at,
                    fault);
}
