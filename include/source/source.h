/* Files to samples. A source is an open file of a format some class knows; it lives in a decoder
 * process (or in a test).
 *
 * Samples come as tiles hold them (base/sample.h): codes or values of the page's type, in host byte
 * order. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "source/page.h"

struct source;

/* Receives what a source reads: runs of n samples (x .. x+n-1, y) of the page, as stored, one run
 * for each channel of the page, one behind the other (the second begins at sample n). Returns false
 * to stop the reading (not an error: source_read then returns true). With n = 0 (and codes NULL) it
 * is only told that rows above those wanted are being decoded: a sign of life, and a place to stop.
 */
struct row_sink {
    bool (*row)(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes);
};

/* What is to be seen of a file: plain data, it crosses the wire. */
struct source_choice {
    int32_t index;   /* page, 0-based */
    int32_t channel; /* 0: the page's usual picture; N: sample N of each pixel alone, as gray */
    int32_t every;   /* 1: overviews, masks and SubIFDs count as pages too */
    int32_t apart;   /* 1: samples for copies of the page: alpha comes as one more run behind the
                        channels', which are not multiplied by it (page.alpha) */
};

/* Something the file says about itself or the current page, for people: --info prints them. Plain
 * printable ASCII, terminated. */
enum { FACT_NAME = 32, FACT_TEXT = 400 };
struct fact {
    char name[FACT_NAME]; /* "software", "overview 2", "OME channel 1" */
    char text[FACT_TEXT];
};
struct fact_sink {
    void (*fact)(struct fact_sink *sink, const char *name, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
};

/* One for each format; the registry (source/registry.c) asks them in order. Duties stand on the
 * members. */
struct source_class {
    const char *name; /* "TIFF" */

    /* True when a file that starts with these bytes (at most 16) is this class's to open, broken or
     * not. */
    bool (*recognise)(const unsigned char *head, size_t bytes);

    /* Takes `fd`, and `overviews` (the file of reduced copies beside it, or -1), over on success
     * only. `name` is for sentences. The first page is selected; where that one is refused but
     * there are others, none is (page.width is 0) until select is called. */
    struct source *(*open)(int fd, int overviews, const char *name, struct fault *fault);
    void (*close)(struct source *source);

    /* Makes the chosen page the current one and describes it. On error the current page stays as it
     * was or none is current; either way select may be called again. */
    bool (*select)(struct source *source, const struct source_choice *choice, struct page *page,
                   struct fault *fault);

    /* Reads `area` of the current page into the sink, each sample exactly once. Runs lie inside the
     * area. Strips come row by row from the top, tiles block by block (rows of blocks from the top,
     * blocks from the left, each block's rows from the top). Holds at most one decoded block, 4 MiB
     * at most. On a block that cannot be decoded it goes on with the rest and returns false at the
     * end, the fault naming the first such block. */
    bool (*read)(struct source *source, struct area area, struct row_sink *sink,
                 struct fault *fault);

    /* The colours of the current page's indices, as the file has them: how many, and of red, green
     * and blue so many levels of 16 bits, which last until select. 0 where there are none. */
    int32_t (*colours)(struct source *source, const uint16_t *levels[3]);

    /* A source, owned by this one, whose current page is this one's at exactly that reduction (an
     * overview the file brings along); NULL when there is none. It has the page's type, channels
     * and no-data, and lasts until this source selects, rests, closes or is asked for another. */
    struct source *(*reduced)(struct source *source, int reduction);

    /* Goes on counting the file's pages, into source->page.count, until `dropped` (asked now and
     * then) says stop or source->page.counting is 0. */
    void (*count)(struct source *source, bool (*dropped)(void *context), void *context);

    /* Tells what else there is to know of the file and the current page. */
    void (*inform)(struct source *source, struct fact_sink *sink);

    /* True, with a fault that says so, when the file was written over since it was opened or asked
     * about: what was read before and what is read now may be of two pictures. May be NULL. */
    bool (*changed)(struct source *source, struct fault *fault);

    /* Lets go of file pages and buffers that only speed up the next read. */
    void (*rest)(struct source *source);
};

/* Every source struct starts with this. */
struct source {
    const struct source_class *class;
    struct page page; /* the current one */
};

/* Opens the regular file behind fd, with the file of its overviews behind `overviews` or -1 (both
 * owned by the source from then on; closed on error too). A file of no known kind gets a sentence
 * that says what it looks like (text, empty, PNG, ...). */
struct source *source_open(int fd, int overviews, const char *name, struct fault *fault);
void source_close(struct source *source);
bool source_select(struct source *source, const struct source_choice *choice, struct page *page,
                   struct fault *fault);
bool source_read(struct source *source, struct area area, struct row_sink *sink,
                 struct fault *fault);
struct source *source_reduced(struct source *source, int reduction);
void source_count(struct source *source, bool (*dropped)(void *context), void *context);
void source_inform(struct source *source, struct fact_sink *sink);
int32_t source_colours(struct source *source, const uint16_t *levels[3]);
bool source_changed(struct source *source, struct fault *fault);
void source_rest(struct source *source);

/* The stored values of one sample, one for each channel of the page. */
bool source_probe(struct source *source, int64_t x, int64_t y, double values[3],
                  struct fault *fault);

#endif
