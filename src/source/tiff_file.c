/* The bytes of a TIFF file: see source/tiff_file.h.
 *
 * Owns the file descriptor and the map. Bytes are copied with pread: pages of a map count as memory
 * of the process, and one fault can bring in megabytes. The map is for what must not be copied
 * whole; what was read of it is dropped again after a mebibyte, the system keeps it cached. Knows
 * nothing of directories or samples. */
#include "source/tiff_file.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/geometry.h"

enum { MAGIC_CLASSIC = 42, MAGIC_BIG = 43, HEADER_CLASSIC = 8, HEADER_BIG = 16 };

/* One fault can map as many bytes on either side of the one that was read: a large folio of the
 * page cache comes whole. */
enum { FAULT_AROUND = 2 << 20, PART_BYTES = 128 << 10, PARTS_MAX = 4096 };

bool tiff_file_unmapped;

/* Makes every other part of the map differ in a property that has no effect here: a fault maps no
 * more than is alike, otherwise up to 2 MiB. */
static void part_map(uint8_t *map, size_t bytes)
{
#ifdef MADV_DONTDUMP
    size_t part = bytes / PARTS_MAX < PART_BYTES ? PART_BYTES : bytes / PARTS_MAX;
    part -= part % PART_BYTES;
    for (size_t at = part; at < bytes; at += 2 * part)
        madvise(map + at, bytes - at < part ? bytes - at : part, MADV_DONTDUMP);
#else
    (void)map, (void)bytes;
#endif
}

static void map_whole(struct tiff_file *file)
{
    if (tiff_file_unmapped || (uint64_t)file->size > SIZE_MAX / 2)
        return;
    void *map = mmap(NULL, (size_t)file->size, PROT_READ, MAP_SHARED, file->fd, 0);
    if (map == MAP_FAILED)
        return;
    file->map = map;
    file->mapped = (size_t)file->size;
    part_map(map, file->mapped);
}

static bool read_header(struct tiff_file *file, struct fault *fault)
{
    uint8_t order[2];
    uint64_t magic = 0, offset_bytes = 0, directory = 0;
    bool fine = tiff_file_read(file, 0, 2, order);
    file->big_endian = fine && order[0] == 'M';
    fine = fine && tiff_file_number(file, 2, 2, &magic);
    file->big_tiff = magic == MAGIC_BIG;
    if (file->size < (file->big_tiff ? HEADER_BIG : HEADER_CLASSIC))
        return fault_set(fault, FAULT_FORMAT, "cut short: the file has only %lld bytes",
                         (long long)file->size);
    if (file->big_tiff)
        fine = fine && tiff_file_number(file, 4, 2, &offset_bytes) && offset_bytes == 8 &&
               tiff_file_number(file, 8, 8, &directory);
    else
        fine = fine && magic == MAGIC_CLASSIC && tiff_file_number(file, 4, 4, &directory);
    if (!fine)
        return fault_set(fault, FAULT_FORMAT, "broken: its TIFF header makes no sense");
    file->first_directory = directory > INT64_MAX ? INT64_MAX : (int64_t)directory;
    return true;
}

bool tiff_file_open(struct tiff_file *file, int fd, struct fault *fault)
{
    struct stat status;
    *file = (struct tiff_file){.fd = fd};
    if (fstat(fd, &status) != 0)
        return fault_errno(fault, errno, "cannot be examined");
    file->size = status.st_size;
    file->written = status.st_mtim;
    map_whole(file);
    if (read_header(file, fault))
        return true;
    tiff_file_unmap(file);
    return false;
}

void tiff_file_unmap(struct tiff_file *file)
{
    if (file->map)
        munmap((void *)(uintptr_t)file->map, file->mapped);
    file->map = NULL;
    file->mapped = 0;
}

void tiff_file_close(struct tiff_file *file)
{
    tiff_file_unmap(file);
    close(file->fd);
}

void tiff_file_refresh(struct tiff_file *file)
{
    struct stat status;
    if (fstat(file->fd, &status) != 0)
        return;
    file->shrunk |= status.st_size < file->size;
    file->changed |=
        status.st_size == file->size && (status.st_mtim.tv_sec != file->written.tv_sec ||
                                         status.st_mtim.tv_nsec != file->written.tv_nsec);
    file->size = status.st_size;
    file->written = status.st_mtim;
}

bool tiff_file_holds(const struct tiff_file *file, int64_t offset, int64_t bytes)
{
    return offset >= 0 && bytes >= 0 && bytes <= file->size && offset <= file->size - bytes;
}

static void drop_range(struct tiff_file *file, int64_t from, int64_t to)
{
    int64_t page = sysconf(_SC_PAGESIZE);
    from = max64(from - FAULT_AROUND, 0);
    from -= from % page;
    to = min64(to + FAULT_AROUND, (int64_t)file->mapped);
    if (file->map && to > from)
        madvise((void *)(uintptr_t)(file->map + from), (size_t)(to - from), MADV_DONTNEED);
}

bool tiff_file_read(struct tiff_file *file, int64_t offset, int64_t bytes, void *copy)
{
    if (!tiff_file_holds(file, offset, bytes))
        return false;
    for (int64_t done = 0; done < bytes;) {
        ssize_t got = pread(file->fd, (char *)copy + done, (size_t)(bytes - done), offset + done);
        if (got <= 0 && !(got < 0 && errno == EINTR))
            return false;
        done += got > 0 ? got : 0;
    }
    return true;
}

const uint8_t *tiff_file_lend(struct tiff_file *file, int64_t offset, int64_t bytes)
{
    if (!file->map || !tiff_file_holds(file, offset, bytes) ||
        (uint64_t)(offset + bytes) > file->mapped)
        return NULL;
    tiff_file_touch(file, offset, bytes);
    return file->map + offset;
}

void tiff_file_touch(struct tiff_file *file, int64_t offset, int64_t bytes)
{
    int64_t from = min64(offset, file->lent.from);
    int64_t to = max64(offset + bytes, file->lent.to);
    if (to - from > TIFF_FILE_RESIDENT) {
        drop_range(file, file->lent.from, file->lent.to);
        from = offset;
        to = offset + bytes;
    }
    file->lent = (struct tiff_file_part){from, to};
}

void tiff_file_drop(struct tiff_file *file)
{
    drop_range(file, file->lent.from, file->lent.to);
}

void tiff_file_drop_all(struct tiff_file *file)
{
    drop_range(file, 0, (int64_t)file->mapped);
    file->lent = (struct tiff_file_part){0, 0};
}

uint64_t tiff_file_decode(const struct tiff_file *file, const uint8_t *raw, int bytes)
{
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++)
        number = number << 8 | raw[file->big_endian ? i : bytes - 1 - i];
    return number;
}

bool tiff_file_number(struct tiff_file *file, int64_t offset, int bytes, uint64_t *number)
{
    uint8_t raw[8];
    if (!tiff_file_read(file, offset, bytes, raw))
        return false;
    *number = tiff_file_decode(file, raw, bytes);
    return true;
}
