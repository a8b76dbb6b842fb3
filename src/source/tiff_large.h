/* Compressed blocks far larger than a tile: what they need, and those that are decoded into the
 * decoder's temporary file. Private to src/source/tiff_*.c. */
#ifndef SOURCE_TIFF_LARGE_H
#define SOURCE_TIFF_LARGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"

struct tiff_layout;
struct tiff_reading;

/* Bytes of a decoded row, and of a decoded block, of all planes that go together; INT64_MAX when
 * that does not fit. */
int64_t tiff_large_row(const struct tiff_layout *layout);
int64_t tiff_large_block(const struct tiff_layout *layout);

/* True for blocks that are not to be held in memory. */
bool tiff_is_large(const struct tiff_layout *layout);

/* True for large blocks, and for others whose codec's library holds as much again, where there is a
 * temporary file: they are decoded into it. */
bool tiff_large_is_filed(const struct tiff_layout *layout);

/* True for codecs that decode whole blocks alone, and rows of units, which libtiff does not give
 * one by one. */
bool tiff_large_is_whole(const struct tiff_layout *layout);

/* Refuses blocks that neither memory nor the temporary file has room for. */
bool tiff_large_check(const struct tiff_layout *layout, struct fault *fault);

/* Reads what `part` has of a block that is decoded whole, or row by row where its rows alone are
 * large. The first does nothing but take layout.filed back where the file has no room for a block
 * that is not large. */
void tiff_large_read(struct tiff_reading *reading, int64_t block, struct area part);
void tiff_large_read_rows(struct tiff_reading *reading, int64_t block, struct area part);

#endif
