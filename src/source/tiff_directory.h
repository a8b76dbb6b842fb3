/* TIFF directories read by ourselves, before libtiff sees them: entries, their values, and the
 * layout of an image.
 *
 * Private to src/source. Nothing here allocates or trusts a number from the file. */
#ifndef SOURCE_TIFF_DIRECTORY_H
#define SOURCE_TIFF_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "source/tiff_file.h"
#include "source/tiff_form.h"

/* One entry of a directory: where its values lie. count is 0 when the entry is missing, or of a
 * type that TIFF does not know. */
struct tiff_entry {
    int tag, type;
    int64_t count;
    int64_t offset;
};

enum { TIFF_ENTRIES_AHEAD = 64, TIFF_ENTRY_BYTES = 20 };

/* A directory being read; some of its entries at a time are held. */
struct tiff_directory {
    int64_t offset;
    int64_t first;   /* offset of the first entry */
    int64_t entries; /* 1 .. 65535 */
    int64_t next;    /* where the next directory should be, 0 = none; unchecked */
    int64_t held;    /* the first entry held */
    int64_t held_count;
    uint8_t raw[TIFF_ENTRIES_AHEAD * TIFF_ENTRY_BYTES];
};

/* What a directory says of its image's layout; numbers are as stored, or TIFF's defaults. */
struct tiff_layout {
    int64_t directory; /* offset */
    int64_t shift;     /* bytes that the blocks lie behind where the table of offsets says */
    uint64_t width, height, bits, samples, format, photometric, compression, fill_order;
    uint64_t orientation, planar, rows_per_strip, tile_width, tile_height;
    bool tells_width, tells_height, tells_tiles; /* the tags are there and can be read */
    struct tiff_entry offsets, sizes; /* of the blocks; one that cannot be read has count 0 */
    bool sized;                       /* sizes need not be guessed; made by tiff_page_describe */
    /* Made from these by tiff_layout_blocks. */
    bool tiled;
    int64_t block_width, block_height, across, blocks; /* across, blocks: of one plane */
    /* Made by tiff_page_describe. */
    bool at_once; /* blocks are decoded whole, not row by row */
    bool filed;   /* and into the decoder's temporary file */
    struct tiff_form form;
};

/* False when it is not whole within the file, or has no entries. */
bool tiff_directory_open(struct tiff_file *file, int64_t offset, struct tiff_directory *directory);

/* Says why the directory at an offset cannot be opened; false. */
bool tiff_directory_refuse(struct tiff_file *file, int64_t offset, struct fault *fault);

struct tiff_entry tiff_directory_entry(struct tiff_file *file, struct tiff_directory *directory,
                                       int64_t i);

/* The first entry of that tag, among the first `most` entries. */
struct tiff_entry tiff_directory_find(struct tiff_file *file, struct tiff_directory *directory,
                                      int tag, int64_t most);

/* Value i of an entry; false when it is not there or is no whole number. */
bool tiff_entry_value(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                      uint64_t *value);

/* The same for numbers of all types; false too when it is not finite. */
bool tiff_entry_number(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                       double *number);

/* Copies an entry of letters or bytes up to its first 0, or to `room` - 1 bytes, and terminates
 * it. Returns the length. */
size_t tiff_entry_text(struct tiff_file *file, const struct tiff_entry *entry, char *text,
                       size_t room);

/* Bytes that an entry's values take in the file. */
int64_t tiff_entry_bytes(const struct tiff_entry *entry);

bool tiff_layout_read(struct tiff_file *file, int64_t directory, struct tiff_layout *layout,
                      struct fault *fault);

/* Cuts the image, whose sides are known to be 1 .. PAGE_SIDE_MAX, into blocks. */
bool tiff_layout_blocks(struct tiff_layout *layout, struct fault *fault);

/* Bytes from block `number` of the tables, which lies in the file, to what comes next there:
 * another block, the directory, or the file's end. */
int64_t tiff_layout_room(struct tiff_file *file, const struct tiff_layout *layout, int64_t number);

/* Block `number`, cut to the page. */
struct area tiff_layout_block(const struct tiff_layout *layout, int64_t number);

#endif
