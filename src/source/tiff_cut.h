/* A file whose last strip is cut off, as libtiff must see it to decode what is left. Private to
 * src/source.
 *
 * libtiff refuses a strip that ends beyond the file. It is lent a private map of the file in which
 * the table says how many bytes there are; the file itself is never written. */
#ifndef SOURCE_TIFF_CUT_H
#define SOURCE_TIFF_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "source/tiff_directory.h"

/* All zero: none. */
struct tiff_cut {
    uint8_t *map; /* of the whole file, read-only */
    int64_t bytes;
    int64_t block; /* the one that was mended */
    int count;
    struct tiff_mend {
        int64_t offset;
        int bytes;
        uint8_t value[8];
    } mends[TIFF_ROWS_MAX];
};

/* Maps the file, or forgets what was mended; false when the system will not map it. */
bool tiff_cut_begin(struct tiff_cut *cut, const struct tiff_file *file, int64_t block);

/* Has value `number` of the entry read `value`, which must be less than what is there. */
bool tiff_cut_mend(struct tiff_cut *cut, const struct tiff_file *file,
                   const struct tiff_entry *entry, int64_t number, int64_t value);

/* Gives pages of the map that were read back to the system. */
void tiff_cut_drop(struct tiff_cut *cut);
void tiff_cut_end(struct tiff_cut *cut);

#endif
