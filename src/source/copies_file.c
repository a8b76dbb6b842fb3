/* A file of overviews: see source/copies_file.h. Owns nothing: bytes go to the file at once. */
#include "source/copies_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tiff.h>
#include <unistd.h>

#include "source/tile_packer.h"

enum { TAG_NODATA = 42113, NODATA_TEXT = 32, ENTRIES = 18, VALUES = 128 };

/* Beyond this, offsets of 32 bits might not do. */
static const int64_t classic_max = 4000000000;

bool copies_file_write(int fd, int64_t offset, const void *bytes, size_t count, struct fault *fault)
{
    for (size_t done = 0; done < count;) {
        ssize_t wrote =
            pwrite(fd, (const char *)bytes + done, count - done, (off_t)offset + (off_t)done);
        if (wrote < 0 && errno != EINTR)
            return fault_errno(fault, errno, "cannot be written");
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* A directory under way: its entries, and the values that do not fit one. */
struct directory {
    const struct copies_file *file;
    struct copies copies; /* in its form */
    int64_t offset;       /* of the directory */
    int entries;
    size_t used, values_used;
    uint8_t bytes[8 + ENTRIES * 20 + 8];
    uint8_t values[VALUES];
};

static void append(struct directory *directory, const void *bytes, size_t count)
{
    memcpy(directory->bytes + directory->used, bytes, count);
    directory->used += count;
}

/* A number of so many bytes, in this machine's order. */
static void append_number(struct directory *directory, uint64_t number, size_t bytes)
{
    uint16_t u16 = (uint16_t)number;
    uint32_t u32 = (uint32_t)number;
    append(directory,
           bytes == 2   ? (void *)&u16
           : bytes == 4 ? (void *)&u32
                        : (void *)&number,
           bytes);
}

static size_t word(const struct directory *directory)
{
    return directory->file->big ? 8 : 4;
}

static void begin_entry(struct directory *directory, int tag, int type, int64_t count)
{
    directory->entries++;
    append_number(directory, (uint64_t)tag, 2);
    append_number(directory, (uint64_t)type, 2);
    append_number(directory, (uint64_t)count, word(directory));
}

/* Bytes of a whole directory of ENTRIES entries or fewer; values follow it. */
static int64_t directory_room(bool big)
{
    return big ? 8 + ENTRIES * 20 + 8 : 2 + ENTRIES * 12 + 4;
}

/* An entry of values as they lie in memory. */
static void add_values(struct directory *directory, int tag, int type, int64_t count,
                       const void *values, size_t bytes)
{
    uint8_t inside[8] = {0};
    begin_entry(directory, tag, type, count);
    if (bytes <= word(directory)) {
        memcpy(inside, values, bytes);
        append(directory, inside, word(directory));
        return;
    }
    append_number(directory,
                  (uint64_t)(directory->offset + directory_room(directory->file->big)) +
                      directory->values_used,
                  word(directory));
    memcpy(directory->values + directory->values_used, values, bytes);
    directory->values_used += (bytes + 7) / 8 * 8;
}

static void add_long(struct directory *directory, int tag, int64_t value)
{
    uint32_t number = (uint32_t)value;
    add_values(directory, tag, TIFF_LONG, 1, &number, sizeof number);
}

static void add_short(struct directory *directory, int tag, int count, uint16_t value)
{
    const uint16_t values[COPIES_CHANNELS] = {value, value, value, value};
    add_values(directory, tag, TIFF_SHORT, count, values, (size_t)count * sizeof *values);
}

/* Levels are shared by all directories. */
static void add_colours(struct directory *directory)
{
    if (!directory->copies.indexed)
        return;
    begin_entry(directory, TIFFTAG_COLORMAP, TIFF_SHORT, INT64_C(3) << directory->copies.indexed);
    append_number(directory, (uint64_t)directory->file->colours, word(directory));
}

static void add_alpha(struct directory *directory)
{
    int alpha = directory->copies.alpha;
    if (alpha)
        add_short(directory, TIFFTAG_EXTRASAMPLES, 1,
                  alpha == PAGE_ASSOCIATED ? EXTRASAMPLE_ASSOCALPHA : EXTRASAMPLE_UNASSALPHA);
}

/* The tables of tiles: a single value lies in the entry itself. Returns where the values go. */
static int64_t add_table(struct directory *directory, int tag, int type, int64_t count, int64_t at)
{
    int64_t inside = directory->offset + (int64_t)directory->used + 4 + (int64_t)word(directory);
    begin_entry(directory, tag, type, count);
    append_number(directory, count == 1 ? 0 : (uint64_t)at, word(directory));
    return count == 1 ? inside : at;
}

static int64_t tiles_of(const struct copies *copies, int k)
{
    return copies_across(copies, k) * copies_down(copies, k);
}

static void add_nodata(struct directory *directory)
{
    char text[NODATA_TEXT];
    double nodata = directory->copies.nodata;
    if (!directory->copies.has_nodata)
        return;
    int length = isnan(nodata) ? snprintf(text, sizeof text, "nan")
                               : snprintf(text, sizeof text, "%.17g", nodata);
    add_values(directory, TAG_NODATA, TIFF_ASCII, length + 1, text, (size_t)length + 1);
}

/* To GDAL the largest copy is what the others are overviews of, and so is its mask. */
static int64_t kind_of(const struct copies *copies, int k)
{
    if (!copies->masked)
        return FILETYPE_REDUCEDIMAGE;
    return k == 1 ? FILETYPE_MASK : FILETYPE_MASK | FILETYPE_REDUCEDIMAGE;
}

/* Of copy k in a form; the tables of offsets and counts are to lie at `tables`. */
static void add_entries(struct copies_file *file, struct directory *directory, int form, int k,
                        int64_t tables)
{
    const struct copies *copies = &directory->copies;
    struct tile_packing packing = tile_packing(copies);
    int64_t tiles = tiles_of(copies, k);
    int offset_type = file->big ? TIFF_LONG8 : TIFF_LONG;
    const uint16_t page[2] = {(uint16_t)copies->page, 0};
    add_long(directory, TIFFTAG_SUBFILETYPE, kind_of(copies, k));
    add_long(directory, TIFFTAG_IMAGEWIDTH, reduced_size(copies->width, k));
    add_long(directory, TIFFTAG_IMAGELENGTH, reduced_size(copies->height, k));
    add_short(directory, TIFFTAG_BITSPERSAMPLE, copies->channels, (uint16_t)copies->bits);
    add_short(directory, TIFFTAG_COMPRESSION, 1, packing.compression);
    add_short(directory, TIFFTAG_PHOTOMETRIC, 1, packing.photometric);
    add_short(directory, TIFFTAG_SAMPLESPERPIXEL, 1, (uint16_t)copies->channels);
    add_short(directory, TIFFTAG_PLANARCONFIG, 1, PLANARCONFIG_CONTIG);
    if (copies->page)
        add_values(directory, TIFFTAG_PAGENUMBER, TIFF_SHORT, 2, page, sizeof page);
    if (packing.predictor != PREDICTOR_NONE)
        add_short(directory, TIFFTAG_PREDICTOR, 1, packing.predictor);
    add_colours(directory);
    add_long(directory, TIFFTAG_TILEWIDTH, copies->tile_width);
    add_long(directory, TIFFTAG_TILELENGTH, copies->tile_height);
    file->tables[form][k].offsets =
        add_table(directory, TIFFTAG_TILEOFFSETS, offset_type, tiles, tables);
    file->tables[form][k].counts = add_table(directory, TIFFTAG_TILEBYTECOUNTS, TIFF_LONG, tiles,
                                             tables + tiles * (int64_t)word(directory));
    add_alpha(directory);
    add_short(directory, TIFFTAG_SAMPLEFORMAT, copies->channels, packing.sample_format);
    add_nodata(directory);
}

/* Writes the directory of copy k in a form where the file ends. */
static bool write_directory(struct copies_file *file, int form, int k, struct fault *fault)
{
    struct directory directory = {
        .file = file, .copies = copies_form(&file->copies, form), .offset = file->end};
    bool last = k == file->copies.count && form == copies_forms(&file->copies) - 1;
    int64_t values = file->end + directory_room(file->big), tables = values + VALUES;
    int64_t next = tables + tiles_of(&file->copies, k) * (int64_t)(word(&directory) + 4);
    next = (next + 7) / 8 * 8;
    directory.used = file->big ? 8 : 2;
    add_entries(file, &directory, form, k, tables);
    append_number(&directory, last ? 0 : (uint64_t)next, word(&directory));
    size_t used = directory.used;
    directory.used = 0;
    append_number(&directory, (uint64_t)directory.entries, file->big ? 8 : 2);
    file->missing += tiles_of(&file->copies, k);
    file->end = next;
    return copies_file_write(file->fd, directory.offset, directory.bytes, used, fault) &&
           copies_file_write(file->fd, values, directory.values, sizeof directory.values, fault);
}

static bool write_header(struct copies_file *file, struct fault *fault)
{
    const uint16_t order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0x4d4d : 0x4949;
    const uint16_t big[4] = {order, 43, 8, 0}, classic[2] = {order, 42};
    file->colours = file->big ? 16 : 8;
    file->end = file->colours + (copies_file_colours(&file->copies) + 7) / 8 * 8;
    const uint32_t first = (uint32_t)file->end;
    const uint64_t first_of_big = (uint64_t)file->end;
    if (file->big)
        return copies_file_write(file->fd, 0, big, sizeof big, fault) &&
               copies_file_write(file->fd, 8, &first_of_big, sizeof first_of_big, fault);
    return copies_file_write(file->fd, 0, classic, sizeof classic, fault) &&
           copies_file_write(file->fd, 4, &first, sizeof first, fault);
}

int64_t copies_file_colours(const struct copies *copies)
{
    return copies->indexed ? (INT64_C(6) << copies->indexed) : 0;
}

/* The most bytes that the file can have. */
static int64_t most_bytes(const struct copies *copies)
{
    int64_t bytes = copies_file_colours(copies), tile = 0, level;
    for (int form = 0; form < copies_forms(copies); form++) {
        struct copies stored = copies_form(copies, form);
        tile += (int64_t)tile_packer_most(&stored) + 16;
    }
    for (int k = 1; k <= copies->count; k++)
        if (__builtin_mul_overflow(tiles_of(copies, k), tile, &level) ||
            __builtin_add_overflow(bytes, level, &bytes))
            return INT64_MAX;
    return bytes;
}

bool copies_file_begin(struct copies_file *file, int fd, const struct copies *copies,
                       struct fault *fault)
{
    *file = (struct copies_file){.fd = fd, .copies = *copies};
    file->big = most_bytes(copies) > classic_max;
    bool fine = write_header(file, fault);
    for (int form = 0; form < copies_forms(copies); form++)
        for (int k = 1; fine && k <= copies->count; k++)
            fine = write_directory(file, form, k, fault);
    return fine;
}

static bool is_tile(const struct copies *copies, int form, int k, int64_t column, int64_t row,
                    size_t bytes)
{
    if (form < 0 || form >= copies_forms(copies) || k < 1 || k > copies->count)
        return false;
    struct copies stored = copies_form(copies, form);
    return column >= 0 && column < copies_across(copies, k) && row >= 0 &&
           row < copies_down(copies, k) && bytes >= 1 && bytes <= tile_packer_most(&stored);
}

bool copies_file_place(struct copies_file *file, int form, int k, int64_t column, int64_t row,
                       size_t bytes, int64_t *offset, struct fault *fault)
{
    const struct copies *copies = &file->copies;
    if (!is_tile(copies, form, k, column, row, bytes))
        return fault_set(fault, FAULT_WORKER, "a tile of an overview that there is not");
    int64_t number = row * copies_across(copies, k) + column;
    uint32_t count = (uint32_t)bytes, classic = (uint32_t)file->end;
    size_t size = file->big ? sizeof file->end : sizeof classic;
    *offset = file->end;
    bool fine =
        copies_file_write(file->fd, file->tables[form][k].offsets + number * (int64_t)size,
                          file->big ? (void *)&file->end : (void *)&classic, size, fault) &&
        copies_file_write(file->fd, file->tables[form][k].counts + number * (int64_t)sizeof count,
                          &count, sizeof count, fault);
    file->end += (int64_t)bytes + (int64_t)(bytes & 1);
    file->missing--;
    return fine;
}

bool copies_file_complete(const struct copies_file *file, struct fault *fault)
{
    return file->missing == 0 ||
           fault_set(fault, FAULT_WORKER, "%lld tiles of its overviews are missing",
                     (long long)file->missing);
}
