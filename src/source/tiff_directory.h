/* TIFF directories read by ourselves, before libtiff sees them: which are pages, and the layout of
 * one.
 *
 * Private to src/source. Nothing here allocates or trusts a number from the file. */
#ifndef SOURCE_TIFF_DIRECTORY_H
#define SOURCE_TIFF_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "source/tiff_file.h"

/* Pages of a file in the order of its chain of directories. */
struct tiff_chain {
    int32_t directories; /* distinct ones that can be reached */
    int32_t pages;       /* those shown as images */
    bool all;            /* no directory calls itself a full image, so all count as pages */
};

/* One entry of a directory: where its values lie. count is 0 when the entry is missing. */
struct tiff_entry {
    int type;
    int64_t count;
    int64_t offset;
};

/* What a directory says of its image's layout; numbers are as stored, or TIFF's defaults. */
struct tiff_layout {
    int64_t directory; /* offset */
    uint64_t width, height, bits, samples, format, photometric, compression, fill_order;
    uint64_t orientation, planar, rows_per_strip, tile_width, tile_height;
    struct tiff_entry offsets, sizes; /* of the blocks; a missing one has count 0 */
    /* Made from these by tiff_layout_blocks. */
    bool tiled;
    bool at_once; /* set by tiff_page_describe: blocks are decoded whole, not row by row */
    int64_t block_width, block_height, across, blocks;
};

/* Walks the chain; stops at what is broken with what is known. False when not even the first
 * directory is there. */
bool tiff_chain_walk(struct tiff_file *file, struct tiff_chain *chain, struct fault *fault);

/* Where page `index` (0-based, below chain->pages) begins; 0 when it is not there any more. */
int64_t tiff_chain_find(struct tiff_file *file, const struct tiff_chain *chain, int32_t index);

bool tiff_layout_read(struct tiff_file *file, int64_t directory, struct tiff_layout *layout,
                      struct fault *fault);

/* Cuts the image, whose sides are known to be 1 .. PAGE_SIDE_MAX, into blocks. */
bool tiff_layout_blocks(struct tiff_layout *layout, struct fault *fault);

/* Value i of an entry; false when it is not there or is no whole number. */
bool tiff_entry_value(struct tiff_file *file, const struct tiff_entry *entry, int64_t i,
                      uint64_t *value);

/* Block `number`, cut to the page. */
struct area tiff_layout_block(const struct tiff_layout *layout, int64_t number);

#endif
