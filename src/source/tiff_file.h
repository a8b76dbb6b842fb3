/* The bytes of a TIFF file: its map, bounds and byte order, and which of its pages are resident.
 *
 * Private to src/source. Offsets and sizes are bytes from the start of the file; every access is
 * checked against the file's true size. */
#ifndef SOURCE_TIFF_FILE_H
#define SOURCE_TIFF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/fault.h"

enum { TIFF_FILE_RESIDENT = 1 << 20 }; /* bytes of the map that may stay resident, about */

/* A part of the map that may be resident. */
struct tiff_file_part {
    int64_t from, to;
};

struct tiff_file {
    int fd;
    int64_t size;            /* when last looked at */
    struct timespec written; /* its last change, the same */
    bool changed;            /* it was written to without becoming shorter or longer */
    const uint8_t *map;      /* NULL where the system would not map it */
    size_t mapped;
    struct tiff_file_part lent; /* what was read of the map since it was dropped */
    bool shrunk; /* found shorter: who reads from the map must look anew how far it goes */
    bool big_endian, big_tiff;
    int64_t first_directory; /* as the header says, unchecked */
};

/* For tests: true = files opened from now on are not mapped. */
extern bool tiff_file_unmapped;

/* Maps the file behind fd and reads its header. On error the fd stays the caller's; the fault lacks
 * the file's name. */
bool tiff_file_open(struct tiff_file *file, int fd, struct fault *fault);
void tiff_file_unmap(struct tiff_file *file);
void tiff_file_close(struct tiff_file *file); /* closes the fd too */

/* Looks at the file's size and last change again: what was cut off counts as not there from now on,
 * what was added as there (but is not in the map). */
void tiff_file_refresh(struct tiff_file *file);

bool tiff_file_holds(const struct tiff_file *file, int64_t offset, int64_t bytes);

/* Copies bytes; false when they are not all there. */
bool tiff_file_read(struct tiff_file *file, int64_t offset, int64_t bytes, void *copy);

/* A pointer into the map, good until the file is closed; NULL when there is no map or the bytes are
 * not all there. */
const uint8_t *tiff_file_lend(struct tiff_file *file, int64_t offset, int64_t bytes);

/* Notes that a part is about to be read, and drops what was read before once both are far apart. */
void tiff_file_touch(struct tiff_file *file, int64_t offset, int64_t bytes);

/* Drops the pages of the part last noted; they come back when they are read again. */
void tiff_file_drop(struct tiff_file *file);
void tiff_file_drop_all(struct tiff_file *file);

/* The unsigned number of 1 .. 8 bytes at `raw`, which are in the file's byte order. */
uint64_t tiff_file_decode(const struct tiff_file *file, const uint8_t *raw, int bytes);

/* An unsigned number of 1, 2, 4 or 8 bytes in the file's byte order. */
bool tiff_file_number(struct tiff_file *file, int64_t offset, int bytes, uint64_t *number);

#endif
