/* A directory that does not tell the sizes of its blocks, as libtiff must see it lest it refuse the
 * image. Private to src/source/tiff_*.c. */
#ifndef SOURCE_TIFF_GUISE_H
#define SOURCE_TIFF_GUISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "source/tiff_directory.h"
#include "source/tiff_file.h"

struct tiff_guise {
    uint8_t *bytes; /* LEDGER_SOURCE; NULL: there is none */
    size_t size;
    int64_t offset;    /* where libtiff is told that they lie, behind the file's end */
    int64_t directory; /* whose guise it is */
};

/* Makes the directory of a layout once more, with the table of offsets as that of sizes, too, which
 * libtiff then is never to ask for. It refers to values where they lie in the file. */
bool tiff_guise_begin(struct tiff_guise *guise, struct tiff_file *file,
                      const struct tiff_layout *layout, struct fault *fault);
void tiff_guise_end(struct tiff_guise *guise);

/* Copies what there is of `bytes` bytes at an offset; how many. */
int64_t tiff_guise_read(const struct tiff_guise *guise, int64_t offset, int64_t bytes, void *copy);

#endif
