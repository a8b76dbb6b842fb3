/* TIFF directories: see source/tiff_directory.h.
 *
 * Entries are fetched many at a time, so that walking a long chain of directories takes one or two
 * reads of the file for each. */
#include "source/tiff_directory.h"

#include <math.h>
#include <string.h>

#include "base/checked.h"

enum { ENTRIES_MAX = 65535 };

/* What a TIFF type's values are. Signed whole numbers count as such while not negative. */
enum value_kind { VALUE_NONE, VALUE_WHOLE, VALUE_SIGNED, VALUE_BYTES, VALUE_RATIO, VALUE_FLOAT };

static const struct {
    uint8_t bytes, kind;
    bool negative; /* numbers can be */
} types[] = {
    {0, VALUE_NONE, false},  {1, VALUE_WHOLE, false}, {1, VALUE_BYTES, false},
    {2, VALUE_WHOLE, false}, {4, VALUE_WHOLE, false}, {8, VALUE_RATIO, false},
    {1, VALUE_SIGNED, true}, {1, VALUE_BYTES, false}, {2, VALUE_SIGNED, true},
    {4, VALUE_SIGNED, true}, {8, VALUE_RATIO, true},  {4, VALUE_FLOAT, true},
    {8, VALUE_FLOAT, true},  {4, VALUE_WHOLE, false}, {0, VALUE_NONE, false},
    {0, VALUE_NONE, false},  {8, VALUE_WHOLE, false}, {8, VALUE_SIGNED, true},
    {8, VALUE_WHOLE, false},
};
enum { TYPES = sizeof types / sizeof *types };

static int entry_bytes(const struct tiff_file *file)
{
    return file->big_tiff ? 20 : 12;
}

bool tiff_directory_open(struct tiff_file *file, int64_t offset, struct tiff_directory *directory)
{
    int count_bytes = file->big_tiff ? 8 : 2;
    uint64_t entries, next;
    if (offset <= 0 || !tiff_file_number(file, offset, count_bytes, &entries) || !entries ||
        entries > ENTRIES_MAX)
        return false;
    directory->offset = offset;
    directory->first = offset + count_bytes;
    directory->entries = (int64_t)entries;
    directory->held = directory->held_count = 0;
    int64_t bytes = directory->entries * entry_bytes(file);
    if (!tiff_file_holds(file, directory->first, bytes))
        return false;
    bool more = tiff_file_number(file, directory->first + bytes, file->big_tiff ? 8 : 4, &next);
    directory->next = more && next <= INT64_MAX ? (int64_t)next : 0;
    return true;
}

bool tiff_directory_refuse(struct tiff_file *file, int64_t offset, struct fault *fault)
{
    uint64_t entries = 1;
    long long at = offset, size = file->size;
    if (offset <= 0)
        return fault_set(fault, FAULT_FORMAT, "broken: it holds no image");
    if (offset >= file->size)
        return fault_set(fault, FAULT_FORMAT,
                         "cut short: its directory should be at byte %lld, but the file has only "
                         "%lld bytes",
                         at, size);
    if (tiff_file_number(file, offset, file->big_tiff ? 8 : 2, &entries) && !entries)
        return fault_set(fault, FAULT_FORMAT, "broken: the directory at byte %lld is empty", at);
    return fault_set(fault, FAULT_FORMAT,
                     "broken or cut short: the directory at byte %lld of %lld cannot be read", at,
                     size);
}

/* The bytes of entry i; NULL when they cannot be read. */
static const uint8_t *raw_entry(struct tiff_file *file, struct tiff_directory *directory, int64_t i)
{
    int bytes = entry_bytes(file);
    if (i < 0 || i >= directory->entries)
        return NULL;
    if (i < directory->held || i >= directory->held + directory->held_count) {
        directory->held = i;
        directory->held_count = min64(directory->entries - i, TIFF_ENTRIES_AHEAD);
        if (!tiff_file_read(file, directory->first + i * bytes, directory->held_count * bytes,
                            directory->raw)) {
            directory->held_count = 0;
            return NULL;
        }
    }
    return directory->raw + (i - directory->held) * bytes;
}

struct tiff_entry tiff_directory_entry(struct tiff_file *file, struct tiff_directory *directory,
                                       int64_t i)
{
    struct tiff_entry none = {0, 0, 0, 0};
    const uint8_t *raw = raw_entry(file, directory, i);
    int count_bytes = file->big_tiff ? 8 : 4;
    if (!raw)
        return none;
    int type = (int)tiff_file_decode(file, raw + 2, 2);
    uint64_t count = tiff_file_decode(file, raw + 4, count_bytes);
    none.tag = (int)tiff_file_decode(file, raw, 2);
    if (type >= TYPES || !types[type].bytes || count > INT64_MAX / 8)
        return none;
    int64_t values = directory->first + i * entry_bytes(file) + 4 + count_bytes;
    if ((int64_t)count * types[type].bytes > count_bytes) {
        uint64_t offset = tiff_file_decode(file, raw + 4 + count_bytes, count_bytes);
        if (offset > INT64_MAX)
            return none;
        values = (int64_t)offset;
    }
    return (struct tiff_entry){none.tag, type, (int64_t)count, values};
}

struct tiff_entry tiff_directory_find(struct tiff_file *file, struct tiff_directory *directory,
                                      int tag, int64_t most)
{
    for (int64_t i = 0; i < min64(directory->entries, most); i++) {
        struct tiff_entry entry = tiff_directory_entry(file, directory, i);
        if (entry.tag == tag)
            return entry;
    }
    return (struct tiff_entry){tag, 0, 0, 0};
}

/* Values. */

/* Value i as it is stored, not yet interpreted. */
static bool raw_value(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                      uint8_t raw[8])
{
    int64_t offset;
    if (i < 0 || i >= entry->count)
        return false;
    return checked_add64(entry->offset, i * types[entry->type].bytes, &offset) &&
           tiff_file_read(file, offset, types[entry->type].bytes, raw);
}

static int64_t signed_value(uint64_t value, int bytes)
{
    int unused = 64 - 8 * bytes;
    return (int64_t)(value << unused) >> unused;
}

bool tiff_entry_value(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                      uint64_t *value)
{
    uint8_t raw[8];
    int kind = types[entry->type].kind, bytes = types[entry->type].bytes;
    if ((kind != VALUE_WHOLE && kind != VALUE_SIGNED) || !raw_value(file, entry, i, raw))
        return false;
    *value = tiff_file_decode(file, raw, bytes);
    return kind == VALUE_WHOLE || signed_value(*value, bytes) >= 0;
}

static double float_value(uint64_t bits, int bytes)
{
    float single;
    double value;
    uint32_t low = (uint32_t)bits;
    if (bytes == 8) {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    memcpy(&single, &low, sizeof single);
    return (double)single;
}

static double ratio_value(const struct tiff_file *file, const uint8_t raw[8], bool negative)
{
    uint64_t over = tiff_file_decode(file, raw, 4), under = tiff_file_decode(file, raw + 4, 4);
    if (!under)
        return NAN;
    return negative ? (double)signed_value(over, 4) / (double)signed_value(under, 4)
                    : (double)over / (double)under;
}

bool tiff_entry_number(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                       double *number)
{
    uint8_t raw[8];
    int bytes = types[entry->type].bytes;
    if (!raw_value(file, entry, i, raw))
        return false;
    uint64_t bits = tiff_file_decode(file, raw, bytes);
    switch ((enum value_kind)types[entry->type].kind) {
    case VALUE_NONE:
    case VALUE_BYTES:
        return false;
    case VALUE_WHOLE:
        *number = (double)bits;
        break;
    case VALUE_SIGNED:
        *number = (double)signed_value(bits, bytes);
        break;
    case VALUE_RATIO:
        *number = ratio_value(file, raw, types[entry->type].negative);
        break;
    case VALUE_FLOAT:
        *number = float_value(bits, bytes);
        break;
    }
    return isfinite(*number);
}

size_t tiff_entry_text(struct tiff_file *file, const struct tiff_entry *entry, char *text,
                       size_t room)
{
    size_t length = (size_t)min64(entry->count, (int64_t)room - 1);
    if (types[entry->type].bytes != 1 ||
        !tiff_file_read(file, entry->offset, (int64_t)length, text))
        length = 0;
    text[length] = 0;
    return strlen(text);
}

int64_t tiff_entry_bytes(const struct tiff_entry *entry)
{
    return entry->count * types[entry->type].bytes;
}

/* The layout. */

/* Tags with one number of interest: where it goes, and its value when missing. */
static const struct {
    uint16_t tag;
    size_t member;
    uint64_t missing;
} numbers[] = {
    {256, offsetof(struct tiff_layout, width), 0},
    {257, offsetof(struct tiff_layout, height), 0},
    {258, offsetof(struct tiff_layout, bits), 1},
    {259, offsetof(struct tiff_layout, compression), 1},
    {262, offsetof(struct tiff_layout, photometric), 1},
    {266, offsetof(struct tiff_layout, fill_order), 1},
    {274, offsetof(struct tiff_layout, orientation), 1},
    {277, offsetof(struct tiff_layout, samples), 1},
    {278, offsetof(struct tiff_layout, rows_per_strip), UINT32_MAX},
    {284, offsetof(struct tiff_layout, planar), 1},
    {322, offsetof(struct tiff_layout, tile_width), 0},
    {323, offsetof(struct tiff_layout, tile_height), 0},
    {339, offsetof(struct tiff_layout, format), 1},
};
enum { OFFSETS_SEARCHED = 1 << 16 };
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static uint64_t *number_at(struct tiff_layout *layout, int i)
{
    return (uint64_t *)((char *)layout + numbers[i].member);
}

static bool is_whole(const struct tiff_entry *entry)
{
    return types[entry->type].kind == VALUE_WHOLE || types[entry->type].kind == VALUE_SIGNED;
}

/* True when the tag of that member was there. */
static bool was_seen(const bool seen[NUMBERS], size_t member)
{
    for (int i = 0; i < NUMBERS; i++)
        if (numbers[i].member == member)
            return seen[i];
    return false;
}

/* Sets what `entry` tells; of an entry that comes twice the first counts, as in libtiff. */
static void take_entry(struct tiff_file *file, const struct tiff_entry *entry,
                       struct tiff_layout *layout, bool seen[NUMBERS])
{
    int tag = entry->tag;
    if ((tag == 273 || tag == 324) && !layout->offsets.count)
        layout->offsets = is_whole(entry) ? *entry : (struct tiff_entry){tag, 0, 0, 0};
    if ((tag == 279 || tag == 325) && !layout->sizes.count && is_whole(entry))
        layout->sizes = *entry;
    for (int i = 0; i < NUMBERS; i++) {
        uint64_t value;
        if (numbers[i].tag != tag || seen[i] || !tiff_entry_value(file, entry, 0, &value))
            continue;
        *number_at(layout, i) = value;
        seen[i] = true;
    }
}

bool tiff_layout_read(struct tiff_file *file, int64_t directory, struct tiff_layout *layout,
                      struct fault *fault)
{
    struct tiff_directory opened;
    bool seen[NUMBERS] = {false};
    *layout = (struct tiff_layout){.directory = directory};
    for (int i = 0; i < NUMBERS; i++)
        *number_at(layout, i) = numbers[i].missing;
    if (!tiff_directory_open(file, directory, &opened))
        return tiff_directory_refuse(file, directory, fault);
    for (int64_t i = 0; i < opened.entries; i++) {
        struct tiff_entry entry = tiff_directory_entry(file, &opened, i);
        take_entry(file, &entry, layout, seen);
    }
    layout->tells_width = was_seen(seen, offsetof(struct tiff_layout, width));
    layout->tells_height = was_seen(seen, offsetof(struct tiff_layout, height));
    layout->tells_tiles = was_seen(seen, offsetof(struct tiff_layout, tile_width)) ||
                          was_seen(seen, offsetof(struct tiff_layout, tile_height));
    return true;
}

bool tiff_layout_blocks(struct tiff_layout *layout, struct fault *fault)
{
    int64_t width = (int64_t)layout->width, height = (int64_t)layout->height;
    layout->tiled = layout->tells_tiles;
    if (layout->tiled && (!layout->tile_width || !layout->tile_height ||
                          layout->tile_width > INT32_MAX || layout->tile_height > INT32_MAX))
        return fault_set(fault, FAULT_FORMAT, "broken: its tiles are %llu x %llu samples",
                         (unsigned long long)layout->tile_width,
                         (unsigned long long)layout->tile_height);
    if (!layout->tiled && !layout->rows_per_strip)
        return fault_set(fault, FAULT_FORMAT, "broken: its strips have 0 rows");
    layout->block_width = layout->tiled ? (int64_t)layout->tile_width : width;
    layout->block_height = layout->tiled ? (int64_t)layout->tile_height
                           : layout->rows_per_strip > layout->height
                               ? height
                               : (int64_t)layout->rows_per_strip;
    layout->across = ceil_div(width, layout->block_width);
    layout->blocks = layout->across * ceil_div(height, layout->block_height);
    return true;
}

int64_t tiff_layout_room(struct tiff_file *file, const struct tiff_layout *layout, int64_t number)
{
    uint64_t at = 0, next, end = (uint64_t)(file->size - layout->shift);
    tiff_entry_value(file, &layout->offsets, number, &at);
    if ((uint64_t)layout->directory > at && (uint64_t)layout->directory < end)
        end = (uint64_t)layout->directory;
    /* Mostly blocks lie in order. */
    bool ordered = tiff_entry_value(file, &layout->offsets, number + 1, &next) && next > at;
    if (ordered)
        return (int64_t)((next < end ? next : end) - at);
    for (int64_t i = 0; i < min64(layout->offsets.count, OFFSETS_SEARCHED); i++)
        if (tiff_entry_value(file, &layout->offsets, i, &next) && next > at && next < end)
            end = next;
    return (int64_t)(end - at);
}

struct area tiff_layout_block(const struct tiff_layout *layout, int64_t number)
{
    struct area page = {0, 0, (int64_t)layout->width, (int64_t)layout->height};
    struct area block = {number % layout->across * layout->block_width,
                         number / layout->across * layout->block_height, layout->block_width,
                         layout->block_height};
    return area_intersect(block, page);
}
