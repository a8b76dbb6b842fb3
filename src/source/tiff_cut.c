/* Files whose last strip is cut off: see source/tiff_cut.h. Owns the map. A page of it that is
 * changed is copied by the system; all others stay the file's. */
#include "source/tiff_cut.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void tiff_cut_end(struct tiff_cut *cut)
{
    if (cut->map)
        munmap(cut->map, (size_t)cut->bytes);
    *cut = (struct tiff_cut){0};
}

bool tiff_cut_begin(struct tiff_cut *cut, const struct tiff_file *file, int64_t block)
{
    tiff_cut_end(cut);
    void *map = mmap(NULL, (size_t)file->size, PROT_READ, MAP_PRIVATE, file->fd, 0);
    if (map == MAP_FAILED)
        return false;
    *cut = (struct tiff_cut){.map = map, .bytes = file->size, .block = block};
    return true;
}

/* The pages that a mend lies in may be written for a moment: what may be written counts as memory
 * of the process. */
static bool apply(struct tiff_cut *cut, const struct tiff_mend *mend)
{
    int64_t page = sysconf(_SC_PAGESIZE);
    int64_t from = mend->offset - mend->offset % page;
    size_t bytes = (size_t)(mend->offset + mend->bytes - from);
    if (mprotect(cut->map + from, bytes, PROT_READ | PROT_WRITE) != 0)
        return false;
    memcpy(cut->map + mend->offset, mend->value, (size_t)mend->bytes);
    return mprotect(cut->map + from, bytes, PROT_READ) == 0;
}

bool tiff_cut_mend(struct tiff_cut *cut, const struct tiff_file *file,
                   const struct tiff_entry *entry, int64_t number, int64_t value)
{
    int bytes = (int)(tiff_entry_bytes(entry) / entry->count);
    struct tiff_mend mend = {.offset = entry->offset + number * bytes, .bytes = bytes};
    if (cut->count == TIFF_ROWS_MAX || mend.offset > cut->bytes - bytes)
        return false;
    for (int i = 0; i < bytes; i++)
        mend.value[file->big_endian ? bytes - 1 - i : i] = (uint8_t)(value >> 8 * i);
    cut->mends[cut->count++] = mend;
    return apply(cut, &mend);
}

void tiff_cut_drop(struct tiff_cut *cut)
{
    madvise(cut->map, (size_t)cut->bytes, MADV_DONTNEED);
    for (int i = 0; i < cut->count; i++)
        apply(cut, &cut->mends[i]);
}
