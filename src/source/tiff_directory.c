/* TIFF directories: see source/tiff_directory.h.
 *
 * The chain of directories is walked without libtiff, whose own walk would read every directory
 * whole. A chain may be a loop, so its length is found with Brent's algorithm, in constant memory.
 */
#include "source/tiff_directory.h"

#include <stddef.h>

#include "base/checked.h"

enum {
    DIRECTORIES_MAX = 65535 * 16,
    ENTRIES_MAX = 65535,
    KIND_ENTRIES = 64, /* the kind of a directory is looked for in so many entries: the tags that
                          tell come first */
    TAG_SUBFILE = 254,
    TAG_OLD_SUBFILE = 255,
    SUBFILE_REDUCED = 1,
    SUBFILE_MASK = 4,
    OLD_SUBFILE_REDUCED = 2,
};

/* Bytes of a value by TIFF type; 0: not a whole number. Signed types count while not negative. */
static const uint8_t type_bytes[] = {0, 1, 0, 2, 4, 0, 1, 0, 2, 4, 0, 0, 0, 4, 0, 0, 8, 8, 8};
static const uint8_t type_signed[] = {0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0};

struct directory {
    int64_t first; /* offset of the first entry */
    int64_t entries;
    int64_t next; /* offset of the next directory, 0 = none */
};

/* False when it is not whole within the file, or has no entries. */
static bool open_directory(struct tiff_file *file, int64_t offset, struct directory *directory)
{
    int count_bytes = file->big_tiff ? 8 : 2;
    uint64_t entries, next;
    if (offset <= 0 || !tiff_file_number(file, offset, count_bytes, &entries) || !entries ||
        entries > ENTRIES_MAX)
        return false;
    directory->first = offset + count_bytes;
    directory->entries = (int64_t)entries;
    int64_t bytes = directory->entries * (file->big_tiff ? 20 : 12);
    if (!tiff_file_holds(file, directory->first, bytes))
        return false;
    bool more = tiff_file_number(file, directory->first + bytes, file->big_tiff ? 8 : 4, &next);
    directory->next = more && next <= INT64_MAX ? (int64_t)next : 0;
    return true;
}

static uint16_t entry_tag(struct tiff_file *file, const struct directory *directory, int64_t i)
{
    uint64_t tag = 0;
    tiff_file_number(file, directory->first + i * (file->big_tiff ? 20 : 12), 2, &tag);
    return (uint16_t)tag;
}

static struct tiff_entry entry_at(struct tiff_file *file, const struct directory *directory,
                                  int64_t i)
{
    int64_t at = directory->first + i * (file->big_tiff ? 20 : 12);
    int count_bytes = file->big_tiff ? 8 : 4;
    uint64_t type = 0, count = 0, offset = 0;
    struct tiff_entry none = {0, 0, 0};
    if (!tiff_file_number(file, at + 2, 2, &type) ||
        !tiff_file_number(file, at + 4, count_bytes, &count))
        return none;
    if (type >= sizeof type_bytes || !type_bytes[type] || count > INT64_MAX / 8)
        return none;
    int64_t values = at + 4 + count_bytes;
    if ((int64_t)count * type_bytes[type] > count_bytes) {
        if (!tiff_file_number(file, values, count_bytes, &offset) || offset > INT64_MAX)
            return none;
        values = (int64_t)offset;
    }
    return (struct tiff_entry){(int)type, (int64_t)count, values};
}

bool tiff_entry_value(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                      uint64_t *value)
{
    if (i < 0 || i >= entry->count)
        return false;
    int bytes = type_bytes[entry->type];
    int64_t offset;
    if (!checked_add64(entry->offset, i * bytes, &offset) ||
        !tiff_file_number(file, offset, bytes, value))
        return false;
    return !type_signed[entry->type] || !(*value >> (8 * bytes - 1));
}

/* The chain. */

static int64_t step(struct tiff_file *file, int64_t offset)
{
    struct directory directory;
    if (!open_directory(file, offset, &directory))
        return 0;
    return open_directory(file, directory.next, &(struct directory){0}) ? directory.next : 0;
}

static int64_t steps_on(struct tiff_file *file, int64_t offset, int32_t steps)
{
    while (steps-- > 0 && offset)
        offset = step(file, offset);
    return offset;
}

/* How many directories come before the first that was met already, the loop being `length` long. */
static int32_t before_loop(struct tiff_file *file, int32_t length)
{
    int64_t slow = file->first_directory;
    int64_t fast = steps_on(file, slow, length);
    int32_t steps = 0;
    for (; slow != fast; steps++) {
        slow = step(file, slow);
        fast = step(file, fast);
    }
    return steps;
}

/* Distinct directories of the chain, which has one at least (Brent). */
static int32_t count_directories(struct tiff_file *file)
{
    int64_t resting = file->first_directory;
    int64_t walking = step(file, resting);
    int32_t power = 1, length = 1;
    for (int32_t walked = 1; walking && walking != resting; walked++) {
        if (walked == DIRECTORIES_MAX)
            return walked;
        if (length == power) {
            resting = walking;
            power *= 2;
            length = 0;
        }
        walking = step(file, walking);
        length++;
        if (!walking)
            return walked + 1;
    }
    return walking ? before_loop(file, length) + length : 1;
}

/* True when a directory calls itself an overview or a mask. */
static bool is_helper(struct tiff_file *file, int64_t offset)
{
    struct directory directory;
    if (!open_directory(file, offset, &directory))
        return false;
    for (int64_t i = 0; i < min64(directory.entries, KIND_ENTRIES); i++) {
        uint16_t tag = entry_tag(file, &directory, i);
        if (tag != TAG_SUBFILE && tag != TAG_OLD_SUBFILE)
            continue;
        struct tiff_entry entry = entry_at(file, &directory, i);
        uint64_t kind;
        if (!tiff_entry_value(file, &entry, 0, &kind))
            continue;
        if (tag == TAG_SUBFILE)
            return kind & (SUBFILE_REDUCED | SUBFILE_MASK);
        if (kind == OLD_SUBFILE_REDUCED)
            return true;
    }
    return false;
}

static bool no_directory(struct tiff_file *file, struct fault *fault)
{
    if (file->first_directory < file->size && file->first_directory > 0)
        return fault_set(fault, FAULT_FORMAT,
                         "broken or cut short: the directory at byte %lld of "
                         "%lld cannot be read",
                         (long long)file->first_directory, (long long)file->size);
    if (file->first_directory > 0)
        return fault_set(fault, FAULT_FORMAT,
                         "cut short: its directory should be at byte %lld, but the file has only "
                         "%lld bytes",
                         (long long)file->first_directory, (long long)file->size);
    return fault_set(fault, FAULT_FORMAT, "broken: it holds no image");
}

bool tiff_chain_walk(struct tiff_file *file, struct tiff_chain *chain, struct fault *fault)
{
    if (!open_directory(file, file->first_directory, &(struct directory){0}))
        return no_directory(file, fault);
    *chain = (struct tiff_chain){.directories = count_directories(file)};
    int64_t offset = file->first_directory;
    for (int32_t i = 0; i < chain->directories; i++, offset = step(file, offset))
        chain->pages += !is_helper(file, offset);
    if (!chain->pages) {
        chain->pages = chain->directories;
        chain->all = true;
    }
    tiff_file_drop_all(file);
    return true;
}

int64_t tiff_chain_find(struct tiff_file *file, const struct tiff_chain *chain, int32_t index)
{
    int64_t offset = file->first_directory;
    for (int32_t i = 0; i < chain->directories && offset; i++, offset = step(file, offset))
        if ((chain->all || !is_helper(file, offset)) && index-- == 0)
            return offset;
    return 0;
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
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static uint64_t *number_at(struct tiff_layout *layout, int i)
{
    return (uint64_t *)((char *)layout + numbers[i].member);
}

/* Sets what `entry` tells; of an entry that comes twice the first counts, as in libtiff. */
static void take_entry(struct tiff_file *file, uint16_t tag, const struct tiff_entry *entry,
                       struct tiff_layout *layout, bool seen[NUMBERS])
{
    if ((tag == 273 || tag == 324) && !layout->offsets.count)
        layout->offsets = *entry;
    if ((tag == 279 || tag == 325) && !layout->sizes.count)
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
    struct directory opened;
    bool seen[NUMBERS] = {false};
    *layout = (struct tiff_layout){.directory = directory};
    for (int i = 0; i < NUMBERS; i++)
        *number_at(layout, i) = numbers[i].missing;
    if (!open_directory(file, directory, &opened))
        return fault_set(fault, FAULT_FORMAT,
                         "broken or cut short: the directory at byte %lld of "
                         "%lld cannot be read",
                         (long long)directory, (long long)file->size);
    for (int64_t i = 0; i < opened.entries; i++) {
        struct tiff_entry entry = entry_at(file, &opened, i);
        take_entry(file, entry_tag(file, &opened, i), &entry, layout, seen);
    }
    return true;
}

bool tiff_layout_blocks(struct tiff_layout *layout, struct fault *fault)
{
    int64_t width = (int64_t)layout->width, height = (int64_t)layout->height;
    layout->tiled = layout->tile_width || layout->tile_height;
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

struct area tiff_layout_block(const struct tiff_layout *layout, int64_t number)
{
    struct area page = {0, 0, (int64_t)layout->width, (int64_t)layout->height};
    struct area block = {number % layout->across * layout->block_width,
                         number / layout->across * layout->block_height, layout->block_width,
                         layout->block_height};
    return area_intersect(block, page);
}
