/* Writes a picture of 8-bit gray or RGB as a TIFF file, row by row: nothing is held but a strip of
 * 64 KiB that libtiff packs. */
#ifndef SOURCE_TIFF_WRITE_H
#define SOURCE_TIFF_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct tiff_writer;

/* Begins a picture of width x height pixels (each side 1 .. 2^32-1) of 1 or 3 channels in the file
 * behind fd, which must be open for writing and seekable, empty, and stays the caller's. Compressed
 * with deflate where libtiff has it; a BigTIFF where the picture could exceed 4 GiB. `name` is for
 * sentences. */
struct tiff_writer *tiff_writer_open(int fd, const char *name, int64_t width, int64_t height,
                                     int channels, struct fault *fault);

/* Writes the next row from the top: `width` levels, 0 black and 255 white; or colours, a level for
 * each of red, green and blue. */
bool tiff_writer_row(struct tiff_writer *writer, const uint8_t *levels, struct fault *fault);

/* Completes the file and frees the writer, whatever happens. False when not all of it could be
 * written, or rows are missing. */
bool tiff_writer_close(struct tiff_writer *writer, struct fault *fault);

#endif
