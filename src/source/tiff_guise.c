/* Directories without sizes, for libtiff: see source/tiff_guise.h. Owns the bytes. */
#include "source/tiff_guise.h"

#include <string.h>

#include "base/ledger.h"

enum {
    ENTRIES_MOST = 1024, /* of a directory that gets a guise */
    STRIP_SIZES = 279,
    TILE_OFFSETS = 324,
    TILE_SIZES = 325,
};

static void put(const struct tiff_file *file, uint8_t *at, int bytes, uint64_t number)
{
    for (int i = 0; i < bytes; i++)
        at[file->big_endian ? bytes - 1 - i : i] = (uint8_t)(number >> 8 * i);
}

/* Puts an entry where its tag belongs among `count` others, which are sorted as the file has them.
 */
static void insert(const struct tiff_file *file, uint8_t *entries, int64_t count, int bytes,
                   const uint8_t *entry)
{
    uint64_t tag = tiff_file_decode(file, entry, 2);
    int64_t at = count;
    while (at > 0 && tiff_file_decode(file, entries + (at - 1) * bytes, 2) > tag)
        at--;
    memmove(entries + (at + 1) * bytes, entries + at * bytes, (size_t)((count - at) * bytes));
    memcpy(entries + at * bytes, entry, (size_t)bytes);
}

/* Changes `count` entries as they are in the file, behind which there is room for one more; returns
 * how many they are then. */
static int64_t change(const struct tiff_file *file, const struct tiff_layout *layout,
                      uint8_t *entries, int64_t count, int bytes)
{
    uint8_t sizes[TIFF_ENTRY_BYTES] = {0};
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *entry = entries + i * bytes;
        int tag = (int)tiff_file_decode(file, entry, 2);
        if (tag == layout->offsets.tag && !tiff_file_decode(file, sizes, 2))
            memcpy(sizes, entry, (size_t)bytes);
        if (tag != STRIP_SIZES && tag != TILE_SIZES)
            memmove(entries + kept++ * bytes, entry, (size_t)bytes);
    }
    put(file, sizes, 2, layout->offsets.tag == TILE_OFFSETS ? TILE_SIZES : STRIP_SIZES);
    insert(file, entries, kept, bytes, sizes);
    return kept + 1;
}

bool tiff_guise_begin(struct tiff_guise *guise, struct tiff_file *file,
                      const struct tiff_layout *layout, struct fault *fault)
{
    struct tiff_directory directory;
    int bytes = file->big_tiff ? 20 : 12, head = file->big_tiff ? 8 : 2;
    int64_t end = file->size + file->size % 2;
    tiff_guise_end(guise);
    if (!tiff_directory_open(file, layout->directory, &directory))
        return tiff_directory_refuse(file, layout->directory, fault);
    int64_t size = head + (directory.entries + 1) * bytes + 8;
    if (directory.entries > ENTRIES_MOST || (!file->big_tiff && end > UINT32_MAX - size))
        return fault_set(fault, FAULT_UNSUPPORTED,
                         "broken: it does not give the sizes of its %lld blocks",
                         (long long)layout->blocks);
    guise->bytes = ledger_alloc(LEDGER_SOURCE, (size_t)size, fault);
    if (!guise->bytes)
        return false;
    memset(guise->bytes, 0, (size_t)size); /* no directory follows */
    guise->size = (size_t)size;
    guise->offset = end;
    guise->directory = layout->directory;
    if (!tiff_file_read(file, directory.first, directory.entries * bytes, guise->bytes + head)) {
        tiff_guise_end(guise);
        return tiff_directory_refuse(file, layout->directory, fault);
    }
    int64_t count = change(file, layout, guise->bytes + head, directory.entries, bytes);
    put(file, guise->bytes, head, (uint64_t)count);
    return true;
}

void tiff_guise_end(struct tiff_guise *guise)
{
    ledger_free(LEDGER_SOURCE, guise->bytes, guise->size);
    *guise = (struct tiff_guise){0};
}

int64_t tiff_guise_read(const struct tiff_guise *guise, int64_t offset, int64_t bytes, void *copy)
{
    int64_t from = offset - guise->offset, count = min64(bytes, (int64_t)guise->size - from);
    if (count <= 0)
        return 0;
    memcpy(copy, guise->bytes + from, (size_t)count);
    return count;
}
