/* What a page of a file is, as plain data of fixed size: it crosses the wire between a decoder
 * process and the viewer. */
#ifndef SOURCE_PAGE_H
#define SOURCE_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sample.h"

/* Where a window that the file names comes from. WINDOW_IDENTITY: a colour picture's levels as they
 * are. */
enum window_origin {
    WINDOW_NONE,
    WINDOW_TIFF_TAGS,
    WINDOW_IMAGEJ,
    WINDOW_IDENTITY,
    WINDOW_ORIGINS
};

/* TIFF's SampleFormat, VOID counting as UINT. */
enum sample_format {
    FORMAT_UINT,
    FORMAT_INT,
    FORMAT_FLOAT,
    FORMAT_COMPLEX_INT,
    FORMAT_COMPLEX_FLOAT,
    SAMPLE_FORMATS
};

/* Alpha that comes apart: colours are multiplied by it already, or they are not. Or what comes are
 * inks as they are stored, cyan, magenta and yellow in the place of colours, and black as one more.
 */
enum page_alpha { PAGE_OPAQUE, PAGE_ASSOCIATED, PAGE_UNASSOCIATED, PAGE_INKS, PAGE_ALPHAS };

/* The axes that pages can be laid out along. */
enum page_axis { AXIS_CHANNEL, AXIS_SLICE, AXIS_TIME, PAGE_AXES };

enum { PAGE_SIDE_MAX = INT32_MAX, PAGE_NAME = 24, PAGE_TITLE = 64, PAGE_NOTICE = 160 };

struct page {
    int64_t width, height; /* samples, as stored, 1 .. PAGE_SIDE_MAX */
    int32_t index, count;  /* 0-based; pages shown as images (overviews and masks are not) */
    int32_t counting;      /* 1: count is what is known so far, more may follow */
    int32_t type;          /* enum sample_type: what tiles hold */
    int32_t channels;      /* planes of a tile: 1, or 3 = red, green, blue of type U8, U16, F32 */
    int32_t integral;      /* 1: whole numbers, also where the type is a floating one; whether
                              their means are rounded, see page_rounds */
    int32_t bits;          /* stored bits of a sample, 1 .. 128 */
    int32_t format;        /* enum sample_format, as stored */
    int32_t samples;       /* of each pixel in the file, 1 .. 65535 */
    int32_t channel;       /* 0: the usual picture; N: sample N of each pixel alone */
    int32_t min_is_white;  /* 0 or 1; of one channel only */
    int32_t tiled;         /* 1: blocks are TIFF tiles, 0: strips */
    int64_t block_width, block_height; /* of a block (strip or tile), in samples */
    int64_t blocks;                    /* how many for one plane */
    int32_t direct;                    /* 1: rows can be read from the file, nothing is decoded */
    int32_t whole; /* 1: one block is so large that a pass over it should serve all tiles wanted
                      (see loader) */
    int64_t dictionary;           /* bytes that the codec's library remembers of what it decoded;
                                 0: none, or it is not told */
    int32_t filed;                /* 1: blocks are decoded into a temporary file, not into memory */
    int32_t big_tiff, big_endian; /* 0 or 1 */
    int32_t orientation;          /* TIFF's Orientation tag, 1 where missing or senseless */
    int32_t overviews;            /* reduced copies found for this page */
    int32_t reductions; /* bit k: tiles of reduction k cost little, as a copy gives them */
    int32_t masked;     /* 1: a transparency mask or alpha channel is applied */
    int32_t alpha; /* enum page_alpha: what runs have behind the channels (source_choice.apart) */
    int32_t window_origin;          /* enum window_origin: who names window_low and window_high */
    double window_low, window_high; /* stored values shown black and white; low < high */
    double slope, intercept; /* modality value = stored * slope + intercept; 1 and 0 usually */
    int32_t has_nodata;      /* 1: stored values equal to nodata are no-data */
    double nodata;
    double spacing_x, spacing_y, spacing_z; /* mm for a sample, as stored; 0 = not told */
    /* Pages laid out along axes: at axis positions p the index is axis_first + the sum of p[a] *
     * axis_stride[a], 0 <= p[a] < axis_extent[a]. Extents are 1 where there is no such axis. */
    int32_t axis_first, axis_extent[PAGE_AXES], axis_stride[PAGE_AXES];
    int32_t series, series_count;   /* of images that belong together (OME), 0-based; 0 of 1 */
    char compression[PAGE_NAME];    /* "deflate", "LZW", "none", ... always terminated */
    char photometric[PAGE_NAME];    /* "MinIsBlack", "RGB", "YCbCr", ... */
    char spacing_source[PAGE_NAME]; /* "TIFF resolution", ... or "" */
    char unit[PAGE_NAME];           /* of modality values: "HU", "m", ... or "" */
    char title[PAGE_TITLE];         /* what the file calls the page or its channel, or "" */
    char notice[PAGE_NOTICE];       /* a sentence the user should read on opening, or "" */
};

/* True when every field is one that this program may use without further checks; else a fault that
 * names the field. */
bool page_check(const struct page *page, struct fault *fault);

/* True when two descriptions are of the same page; how many pages are known so far may differ. */
bool page_same(const struct page *a, const struct page *b);

/* Bytes of one sample of all channels in a tile. */
static inline size_t page_sample_bytes(const struct page *page)
{
    return sample_bytes((enum sample_type)page->type) * (size_t)page->channels;
}

/* True where the means of a page's samples are whole numbers like them: those of gray of fewer than
 * 8 bits are not, while colours of so few are held as 0 .. 255. */
static inline bool page_rounds(const struct page *page)
{
    bool levels = page->channels == 3 && page->format == FORMAT_UINT;
    return sample_is_narrow((enum sample_type)page->type) ||
           (page->integral && (page->bits >= 8 || levels));
}

/* True when the page stands on its side until it is turned upright. */
static inline bool page_lies(const struct page *page)
{
    return page->orientation >= 5;
}

/* Where along its axes page `index` lies; false when it is none of theirs. */
bool page_position(const struct page *page, int32_t index, int32_t position[PAGE_AXES]);

const char *window_origin_name(enum window_origin origin);

#endif
