/* An open TIFF file: what the parts of the TIFF class share. Private to src/source/tiff_*.c. */
#ifndef SOURCE_TIFF_H
#define SOURCE_TIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "source/source.h"
#include "source/tiff_client.h"
#include "source/tiff_directory.h"
#include "source/tiff_file.h"

enum {
    TIFF_BLOCK_MAX = 4 << 20,  /* bytes of a decoded block, or row, that may be held */
    TIFF_RAW_MAX = 1 << 20,    /* bytes of an encoded block that are copied; more are lent */
    TIFF_RUN_BYTES = 16 << 10, /* runs that are converted on the way are this long at most */
};

struct tiff_source {
    struct source source; /* first */
    struct tiff_client client;
    struct tiff_file file;
    struct tiff_chain chain;
    struct tiff_layout layout; /* of the current page */
    TIFF *tiff;
    bool mapping;     /* libtiff was lent the map */
    int64_t position; /* of libtiff's reads in the file */
    char name[256];   /* for sentences */

    /* How stored samples become codes. */
    bool swapped;  /* the file's byte order is not this machine's */
    bool reversed; /* bits of each byte the other way round (FillOrder 2) */
    uint16_t flip; /* xor: signed to unsigned */

    /* Decoding. */
    void *buffer; /* a row of a strip, or a whole block; LEDGER_SOURCE */
    size_t buffer_size;
    int64_t decoded;       /* the block whose codes are in the buffer; -1 none */
    int64_t strip;         /* the one that libtiff is in; -1 none */
    int64_t next_row;      /* of the page, that libtiff decodes next in it */
    int64_t dropped_bytes; /* decoded since file pages were dropped */
    bool stale;            /* libtiff's state is not to be trusted: read the directory anew */

    uint16_t run[TIFF_RUN_BYTES / 2];
};

extern const struct source_class tiff_class;

/* tiff_page.c: fills `page` from a layout, or refuses the page with a sentence. `tiff` stands at
 * its directory when tiff_page_extras is called. */
bool tiff_page_describe(struct tiff_source *tiff, struct tiff_layout *layout, int32_t index,
                        struct page *page, struct fault *fault);
void tiff_page_extras(struct tiff_source *tiff, struct page *page);

/* True when libtiff reads the directory as we did, so that what it writes fits our buffers. */
bool tiff_page_agrees(TIFF *tiff, const struct tiff_layout *layout);

/* tiff_open.c: has libtiff read the current page's directory (again). */
bool tiff_reselect(struct tiff_source *tiff, const struct tiff_layout *layout, struct fault *fault);

/* The same with a new handle, which is lent the map or not. */
bool tiff_reopen(struct tiff_source *tiff, bool mapping, struct fault *fault);

/* A reading under way, and its parts by kind of page. Each reads what `area` has of one block;
 * false = a fault about it was set, unless there was one already; reading->stopped = the sink has
 * enough. */
struct tiff_reading {
    struct tiff_source *tiff;
    struct area area;
    struct row_sink *sink;
    struct fault *fault;
    bool failed, stopped;
};
void tiff_read_direct(struct tiff_reading *reading, int64_t block, struct area part);
void tiff_read_strip(struct tiff_reading *reading, int64_t block, struct area part);
void tiff_read_whole(struct tiff_reading *reading, int64_t block, struct area part);

/* Notes a bad block; the first one's sentence is kept. */
void tiff_bad_block(struct tiff_reading *reading, int64_t block, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
