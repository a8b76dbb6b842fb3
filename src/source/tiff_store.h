/* Rows of strips far larger than a tile, which are decoded row by row: once decoded they are kept
 * in the decoder's temporary file. Private to src/source/tiff_*.c.
 *
 * They lie there in cells of 512 bytes by some rows, so that a column of tiles is in few places of
 * the disk. A strip is kept from its top as far as the file has room. */
#ifndef SOURCE_TIFF_STORE_H
#define SOURCE_TIFF_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spill_part;
struct tiff_source;

/* All zero: nothing is held. */
struct tiff_store {
    struct spill_part *part; /* of the strip gathered last; another's by now where serial differs */
    uint64_t serial;
    void *band; /* rows that are gathered; LEDGER_SPILL */
    size_t band_size;
    int64_t gathered; /* the band's number + 1; 0: none */
    bool dirty;
    void *window; /* cells read last; LEDGER_SPILL */
    size_t window_size;
    uint64_t window_serial;
    int64_t window_band, window_cell, window_cells; /* the last 0: none */
};

/* The strip's part of the file, made where there was none; NULL without one. */
struct spill_part *tiff_store_part(struct tiff_source *tiff, int64_t block);

/* Keeps row `row` of the strip, whose lines are in tiff->buffer, where it is the next one to be
 * kept and there is room. */
void tiff_store_keep(struct tiff_source *tiff, int64_t block, int64_t row);

/* Brings bytes [from, to) of the lines of a row that is kept (row < part->filled) back into
 * tiff->buffer. False, and nothing of the strip is kept any more, where the file cannot be read. */
bool tiff_store_fetch(struct tiff_source *tiff, int64_t block, int64_t row, int64_t from,
                      int64_t to);

/* Frees memory; what is kept stays. */
void tiff_store_rest(struct tiff_source *tiff);

/* The same, and nothing is kept any more of this source's. */
void tiff_store_end(struct tiff_source *tiff);

#endif
