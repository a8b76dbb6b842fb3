/* The steps of decoding, for the parts of the TIFF class that decode. Private to
 * src/source/tiff_*.c.
 */
#ifndef SOURCE_TIFF_DECODE_H
#define SOURCE_TIFF_DECODE_H

#include <stdbool.h>
#include <stdint.h>

struct tiff_reading;
struct tiff_source;

/* Notes which lines of a block the file leaves out; false with a fault noted. */
bool tiff_note_absent(struct tiff_reading *reading, int64_t block);

/* Has libtiff in a strip, above row y of the page or at it. */
bool tiff_enter_strip(struct tiff_reading *reading, int64_t block, int64_t y);

/* Decodes libtiff's next row; its lines go to `lines`, one behind the other. */
bool tiff_decode_row(struct tiff_reading *reading, int64_t block, void *lines);

/* Bytes of each of a block's lines when it is decoded whole. */
int64_t tiff_decoded_bytes(const struct tiff_source *tiff, int64_t block);

/* Bytes from row to row of line i of such a block (of units: of rows of those). libtiff's JPEG has
 * those of thin planes lie as far apart as others. */
int64_t tiff_decoded_row(const struct tiff_source *tiff, int i);

/* Decodes a block whole; its lines' bytes go to `lines`, one behind the other. */
bool tiff_decode_block(struct tiff_reading *reading, int64_t block, void *lines);

#endif
