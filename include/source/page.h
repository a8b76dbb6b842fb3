/* What a page of a file is, as plain data of fixed size: it crosses the wire between a decoder
 * process and the viewer. */
#ifndef SOURCE_PAGE_H
#define SOURCE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"

/* Where a window that the file names comes from. */
enum window_origin { WINDOW_NONE, WINDOW_TIFF_TAGS, WINDOW_IMAGEJ, WINDOW_ORIGINS };

enum { PAGE_SIDE_MAX = INT32_MAX, PAGE_NAME = 24 };

struct page {
    int64_t width, height; /* samples, 1 .. PAGE_SIDE_MAX */
    int32_t index, count;  /* 0-based; pages shown as images (overviews and masks are not) */
    int32_t type;          /* enum sample_type */
    int32_t bits;          /* stored bits of a sample: 8 or 16 */
    int32_t min_is_white;  /* 0 or 1 */
    int32_t tiled;         /* 1: blocks are TIFF tiles, 0: strips */
    int64_t block_width, block_height; /* of a block (strip or tile), in samples */
    int64_t blocks;                    /* how many */
    int32_t direct; /* 1: rows can be read from the file map, nothing is decoded */
    int32_t whole;  /* 1: one block is so large that a pass over it should serve all tiles wanted
                       (see loader) */
    int32_t big_tiff, big_endian;   /* 0 or 1 */
    int32_t orientation;            /* TIFF's Orientation tag as stored, 1 where missing */
    int32_t window_origin;          /* enum window_origin: who names window_low and window_high */
    double window_low, window_high; /* stored values shown black and white; low < high */
    double spacing_x, spacing_y;    /* mm for a sample; 0 = not told */
    char compression[PAGE_NAME];    /* "deflate", "LZW", "none", ... always terminated */
    char spacing_source[PAGE_NAME]; /* "TIFF resolution", ... or "" */
};

/* True when every field is one that this program may use without further checks; else a fault that
 * names the field. */
bool page_check(const struct page *page, struct fault *fault);

const char *window_origin_name(enum window_origin origin);

#endif
