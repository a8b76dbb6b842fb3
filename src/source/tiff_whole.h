/* Whether a block that libtiff decoded is what was once encoded. Private to src/source. */
#ifndef SOURCE_TIFF_WHOLE_H
#define SOURCE_TIFF_WHOLE_H

#include <stdbool.h>
#include <stdint.h>

struct tiff_source;

/* Compares the checksum of a block of deflate; true of all others. The raw bytes, which must be the
 * caller's own where FillOrder is 2, are not good for anything afterwards. `decoded` is libtiff's
 * work, in this machine's byte order and aligned for its samples. */
bool tiff_is_whole(struct tiff_source *tiff, void *raw, int64_t raw_bytes, const void *decoded,
                   int64_t bytes);

#endif
