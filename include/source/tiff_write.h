/* Writes a picture of gray or RGB, of 8 or 16 bits, as a TIFF file, row by row: nothing is held but
 * a strip of 64 KiB that libtiff packs. */
#ifndef SOURCE_TIFF_WRITE_H
#define SOURCE_TIFF_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct tiff_writer;

struct tiff_picture {
    int64_t width, height;       /* each side 1 .. 2^32-1 */
    int channels, bits;          /* 1 or 3; 8 or 16 */
    double spacing_x, spacing_y; /* mm for a pixel; 0: not known */
    int page, pages;             /* which of the source's it shows, from 1; 0: not known */
    const char *source, *about;  /* the file's name, and what is to be said of the view; NULL: not
                                    known */
};

/* Begins a picture in the file behind fd, which must be open for writing and seekable, empty, and
 * stays the caller's. Compressed with deflate where libtiff has it; a BigTIFF where the picture
 * could exceed 4 GiB. `name` is for sentences. */
struct tiff_writer *tiff_writer_open(int fd, const char *name, const struct tiff_picture *picture,
                                     struct fault *fault);

/* Writes the next row from the top: `width` levels, 0 black; or colours, a level for each of red,
 * green and blue. Bytes, or words of this machine where the picture has 16 bits. */
bool tiff_writer_row(struct tiff_writer *writer, const void *levels, struct fault *fault);

/* Completes the file and frees the writer, whatever happens. False when not all of it could be
 * written, or rows are missing. */
bool tiff_writer_close(struct tiff_writer *writer, struct fault *fault);

#endif
