/* Whether a block that libtiff decoded is what was once encoded. Private to src/source. */
#ifndef SOURCE_TIFF_WHOLE_H
#define SOURCE_TIFF_WHOLE_H

#include <stdbool.h>
#include <stdint.h>

struct tiff_reading;
struct tiff_source;

/* Compares the checksum of a block of deflate; true of all others. The raw bytes, which must be the
 * caller's own where FillOrder is 2, are not good for anything afterwards. `decoded` is libtiff's
 * work, in this machine's byte order and aligned for its samples. */
bool tiff_is_whole(struct tiff_source *tiff, void *raw, int64_t raw_bytes, const void *decoded,
                   int64_t bytes);

/* The same of a strip that is decoded row by row: to be called above its first row, with each row
 * of line i of the form as libtiff left it, and behind the last one. What has been summed by then
 * is the strip's only where no row was left out. The last is false, too, and reading->stopped set,
 * where the sink has enough. */
void tiff_whole_begin(struct tiff_source *tiff);
void tiff_whole_add(struct tiff_source *tiff, int i, const void *line);
bool tiff_whole_end(struct tiff_reading *reading, int64_t block);

#endif
