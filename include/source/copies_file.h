/* A file of overviews in GDAL's convention: a TIFF with a directory for each reduced copy, the
 * largest first (form by form), all of them tiled. Written by hand: tables are filled in as tiles
 * come, in any order, so that nothing but this struct is held however many there are. */
#ifndef SOURCE_COPIES_FILE_H
#define SOURCE_COPIES_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/copies.h"

struct copies_file {
    int fd;   /* the caller's */
    bool big; /* BigTIFF */
    struct copies copies;
    int64_t end;     /* where what comes next goes */
    int64_t missing; /* tiles */
    int64_t colours; /* where the palette's levels lie */
    struct {
        int64_t offsets, counts; /* where its tables lie */
    } tables[COPIES_FORMS][COPIES_MAX + 1];
};

/* Writes the header and directories into the empty file behind fd. */
bool copies_file_begin(struct copies_file *file, int fd, const struct copies *copies,
                       struct fault *fault);

/* Makes room for the packed bytes of a tile of copy k in a form, and enters it in the tables. They
 * are to be written at *offset. */
bool copies_file_place(struct copies_file *file, int form, int k, int64_t column, int64_t row,
                       size_t bytes, int64_t *offset, struct fault *fault);

/* Bytes of the palette's levels: of red, green and blue so many as indices have values. */
int64_t copies_file_colours(const struct copies *copies);

/* Writes all bytes at an offset of the file behind fd. */
bool copies_file_write(int fd, int64_t offset, const void *bytes, size_t count,
                       struct fault *fault);

/* True when all tiles have come. */
bool copies_file_complete(const struct copies_file *file, struct fault *fault);

#endif
