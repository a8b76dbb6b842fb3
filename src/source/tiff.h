/* An open TIFF file: what the parts of the TIFF class share. Private to src/source/tiff_*.c. */
#ifndef SOURCE_TIFF_H
#define SOURCE_TIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "source/edge.h"
#include "source/ome.h"
#include "source/resample.h"
#include "source/source.h"
#include "source/tiff_client.h"
#include "source/tiff_cut.h"
#include "source/tiff_directory.h"
#include "source/tiff_file.h"
#include "source/tiff_guise.h"
#include "source/tiff_index.h"
#include "source/tiff_store.h"
#include "source/tiff_unpack.h"

enum {
    TIFF_BLOCK_MAX = 4 << 20,  /* bytes of a decoded block, or row, that may be held */
    TIFF_RAW_KEPT = 1 << 18,   /* bytes of an encoded block whose memory serves the next one too, */
    TIFF_RAW_STEP = 1 << 15,   /* and in what steps it grows */
    TIFF_RAW_MAX = 1 << 20,    /* bytes of an encoded block that are copied; more are lent */
    TIFF_RUN_BYTES = 16 << 10, /* runs that are converted on the way are this long at most */
    TIFF_RUN_PIXELS = 1024,    /* and this where it takes more than swapping bytes */
    TIFF_COPIES = 24,          /* overviews of a page that are used */
};

/* An overview of the current page. */
struct tiff_copy {
    int64_t directory, mask; /* offsets; mask 0: none */
    uint64_t width, height;
    int reduction;  /* that it serves though its size is not exactly that one's; 0: none */
    bool resampled; /* for that, else its size is that one's rounded down */
    bool beside;    /* in the file of overviews */
    bool levels;    /* means of a palette's colours, which the page has indices of */
    bool unlike;    /* found to be of other samples than the page */
};

/* How stored samples of the current page become those of tiles. */
struct tiff_conversion {
    bool plain;    /* tiles hold what is stored, but for byte order and sign */
    bool swapped;  /* lines are in the file's byte order, which is not this machine's */
    bool reversed; /* bits of each byte the other way round (FillOrder 2) */
    uint16_t flip; /* plain samples, xor: signed to unsigned */
    struct tiff_unpack unpack;
    struct colour colour;
    uint16_t *palette; /* LEDGER_SOURCE */
    size_t palette_bytes;
    _Alignas(8) uint8_t rows[TIFF_ROWS_MAX][TIFF_RUN_PIXELS * 4]; /* of a run, before colours */
    _Alignas(8) uint8_t spread[3][TIFF_RUN_PIXELS * 2];           /* Y, Cb, Cr of units */
};

struct tiff_source {
    struct source source; /* first */
    struct tiff_client client;
    struct tiff_file file;
    bool borrowed;           /* the file is another source's */
    bool of_beside;          /* and is that source's `beside` */
    struct tiff_file beside; /* of overviews */
    bool has_beside;
    struct tiff_index index;
    bool every;     /* all directories count as pages */
    int32_t number; /* the current page's directory in the chain, 0-based, as others count them; -1:
                       not to be counted so */
    struct tiff_layout layout; /* of the current page */
    TIFF *tiff;
    TIFF *lanes[TIFF_ROWS_MAX - 1]; /* for the strips of lines 1, 2, ... of the form, or NULL */
    struct tiff_copy copies[TIFF_COPIES]; /* of the current page */
    int copy_count;
    struct tiff_source *mask; /* whose page is the transparency mask of this one's, or NULL */
    struct area mask_held;    /* the part of the mask that is in memory */
    void *mask_samples;       /* LEDGER_SOURCE */
    size_t mask_size;
    struct fault mask_fault;         /* about the part that is held */
    bool mask_missed;                /* samples were lost for it in the reading under way */
    struct tiff_source *overview;    /* the copy used last, or NULL */
    struct edge_source edge;         /* over it, where its size was rounded down */
    struct resample_source resample; /* over it, where its size is no power of two */
    struct ome ome;                  /* of the page asked for last, where it has been asked for */
    bool ome_told;
    struct tiff_cut cut;     /* lent to libtiff instead, where a strip is cut off */
    struct tiff_guise guise; /* of the current page's directory, where it tells no sizes */
    bool mapping;            /* libtiff was lent the map */
    int64_t first_directory; /* of the handle, as libtiff reads the header */
    int64_t position;        /* of libtiff's reads in the file */
    char name[256];          /* for sentences */

    struct tiff_conversion conversion;

    /* Decoding. */
    void *buffer; /* a row of a strip, or a whole block; LEDGER_SOURCE */
    size_t buffer_size;
    void *raw; /* an encoded block of up to TIFF_RAW_KEPT bytes; LEDGER_SOURCE */
    size_t raw_size;
    int64_t decoded;              /* the block whose codes are in the buffer; -1 none */
    int64_t strip;                /* the one that libtiff is in; -1 none */
    int64_t next_row;             /* of the page, that libtiff decodes next in it */
    uint32_t sums[TIFF_ROWS_MAX]; /* of its lines' rows so far, before they were compressed */
    int64_t dropped_bytes;        /* decoded since file pages were dropped */
    uint32_t absent;      /* lines of that block, or strip, that the file leaves out, as bits */
    int64_t rows_decoded; /* by libtiff, in all: tests look at it */
    struct tiff_store store;
    bool stale; /* libtiff's state is not to be trusted: read the directory anew */

    _Alignas(8) uint16_t run[TIFF_RUN_BYTES / 2];
};

extern const struct source_class tiff_class;

/* tiff_page.c: fills `page` from a layout, or refuses the page with a sentence. The caller has set
 * page->masked, has_nodata and nodata, which decide the type and are kept; the rest of what the
 * page comes with is overwritten. Which of how many pages it is the caller adds. */
bool tiff_page_describe(struct tiff_source *tiff, struct tiff_layout *layout,
                        const struct source_choice *choice, struct page *page, struct fault *fault);

/* tiff_extras.c: adds to a described page what its directory tells beside samples: window, spacing,
 * names, axes. A window that the file names replaces WINDOW_IDENTITY. */
void tiff_page_extras(struct tiff_source *tiff, const struct tiff_layout *layout,
                      struct page *page);

/* Sets has_nodata and nodata of a page to come. */
void tiff_page_nodata(struct tiff_source *tiff, const struct tiff_layout *layout,
                      struct page *page);

/* tiff_facts.c */
void tiff_inform(struct source *source, struct fact_sink *sink);

/* tiff_mask.c: opens the transparency mask of a page, whose layout is given, among the members of
 * its family; NULL where there is none, or with a notice on the page where it cannot be read. */
struct tiff_source *tiff_mask_open(struct tiff_source *tiff, const struct tiff_place *place,
                                   const struct tiff_layout *layout, struct page *page);

/* Makes samples (x .. x+n-1, y), a run as a row_sink gets it, NaN (0 in the narrow types of
 * colours) where the page's transparency mask is 0. False, and tiff->mask_missed, where the mask
 * cannot be decoded: the run then counts as lost, and is not delivered. */
bool tiff_mask_apply(struct tiff_source *tiff, int64_t x, int64_t y, int64_t n, void *samples);

void tiff_mask_forget(struct tiff_source *tiff);

/* A source for the mask in a directory of `file`. */
struct tiff_source *tiff_mask_at(struct tiff_source *tiff, const struct tiff_file *file,
                                 int64_t directory, struct fault *fault);

/* The directory of a mask of that size that goes with member `of`; 0 where there is none. */
int64_t tiff_mask_of(const struct tiff_family *family, int of, uint64_t width, uint64_t height);

/* tiff_overviews.c: finds the copies of the page whose layout is given. */
void tiff_overviews_find(struct tiff_source *tiff, const struct tiff_place *place,
                         const struct source_choice *choice, const struct tiff_layout *layout,
                         const struct page *page);
struct source *tiff_reduced(struct source *source, int reduction);
int32_t tiff_overviews_mask(const struct tiff_source *tiff,
                            const struct page *page); /* page.reductions */

/* tiff_open.c: a source of one page, the directory at an offset of `file`, which stays the
 * caller's. It has the mask (0: none) and the no-data of `like`. */
struct tiff_source *tiff_child_open(struct tiff_source *tiff, const struct tiff_file *file,
                                    const struct tiff_copy *copy, const struct page *like,
                                    struct fault *fault);
void tiff_child_close(struct tiff_source **child);

/* True when libtiff reads the directory as we did, so that what it writes fits our buffers. */
bool tiff_page_agrees(TIFF *tiff, const struct tiff_layout *layout, struct fault *fault);

/* tiff_open.c: has libtiff read the current page's directory (again); completes the layout's form
 * where only libtiff knows it. */
bool tiff_reselect(struct tiff_source *tiff, struct tiff_layout *layout, struct fault *fault);

/* Opens the lane of line i. */
bool tiff_lane_open(struct tiff_source *tiff, int i, struct fault *fault);

/* The same with a new handle, which is lent the map or not. */
bool tiff_reopen(struct tiff_source *tiff, bool mapping, struct fault *fault);

/* Lets go of the row or block that is held: a page and its overview do not hold one each. */
void tiff_free_buffer(struct tiff_source *tiff);

/* A reading under way. failed: a fault about a block was set; stopped: the sink has enough. */
struct tiff_reading {
    struct tiff_source *tiff;
    struct area area;
    struct row_sink *sink;
    struct fault *fault;
    bool failed, stopped;
};

/* tiff_read.c: reads what `part` has of a block. */
void tiff_read_block(struct tiff_reading *reading, int64_t block, struct area part);

/* Gives a run to the sink; false when that has enough. */
bool tiff_deliver(struct tiff_reading *reading, int64_t x, int64_t y, int64_t n,
                  const void *samples);

/* Where a block of a plane lies in the file. */
struct tiff_extent {
    int64_t offset, bytes; /* bytes: -1 where the file does not tell those of a lone block */
    bool absent;           /* left out by the writer: no-data, or 0 */
    bool guessed;          /* as many bytes as there are up to what follows */
};

/* The number in the file's tables of the block of line i of the form, whose sample is not -1. */
int64_t tiff_block_number(const struct tiff_source *tiff, int64_t block, int i);

/* Finds the block of line i of the form; false with a fault noted when it is not there. */
bool tiff_find_block(struct tiff_reading *reading, int64_t block, int i,
                     struct tiff_extent *extent);

/* Has a buffer of so many bytes; false with a fault noted. */
bool tiff_need_buffer(struct tiff_reading *reading, int64_t block, int64_t bytes);

/* Signed samples to codes, in place, where plain ones are signed. */
void tiff_flip_sign(const struct tiff_source *tiff, void *samples, int64_t n);

/* Decoded lines in the temporary file. */
struct tiff_spilled {
    const struct spill_part *part;
    int64_t at;        /* of row 0 of the block, from the part's beginning */
    int64_t row, line; /* bytes from row to row of a line (0: as tiff_decoded_row says), and from
                          line to line */
};

/* Reads what `part` has of a block that was decoded; tiff->absent says which lines there are not.
 */
void tiff_read_spilled(struct tiff_reading *reading, int64_t block,
                       const struct tiff_spilled *where, struct area part);

/* tiff_decode.c: the same for compressed blocks. */
void tiff_read_coded(struct tiff_reading *reading, int64_t block, struct area part);

/* tiff_rows.c: plans the conversion of the current page, or refuses it. */
bool tiff_rows_plan(struct tiff_source *tiff, struct fault *fault);
void tiff_rows_forget(struct tiff_source *tiff);
int32_t tiff_colours(struct source *source, const uint16_t *levels[3]);

/* A row of a block as it was decoded or lies in the file. */
struct tiff_lines {
    const uint8_t *line[TIFF_ROWS_MAX]; /* tiff_form_lines; NULL: all samples are 0 */
    int64_t x;      /* the pixel that lines begin with; the first one of a unit */
    int64_t bit;    /* of the first byte that it begins at */
    int64_t subrow; /* of the units */
    bool absent;    /* the block was left out */
};

/* Converts and delivers pixels (x .. x+n-1, y), which the lines hold; false when the sink has
 * enough. */
bool tiff_rows_deliver(struct tiff_reading *reading, const struct tiff_lines *lines, int64_t x,
                       int64_t y, int64_t n);

/* Notes a bad block; the first one's sentence is kept. */
void tiff_bad_block(struct tiff_reading *reading, int64_t block, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
