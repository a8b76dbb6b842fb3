/* Files to codes. A source is an open file of a format some class knows; it lives in a decoder
 * process (or in a test).
 *
 * Codes are stored values less the least value of their type (base/sample.h), in host byte order, 1
 * or 2 bytes each. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "source/page.h"

struct source;

/* Receives what a source reads: a run of n codes, which cover samples (x .. x+n-1, y) of the page.
 * Returns false to stop the reading (not an error: source_read then returns true). With n = 0 (and
 * codes NULL) it is only told that rows above those wanted are being decoded: a sign of life, and a
 * place to stop. */
struct row_sink {
    bool (*row)(struct row_sink *sink, int64_t x, int64_t y, int64_t n, const void *codes);
};

/* One for each format; the registry (source/registry.c) asks them in order. Duties stand on the
 * members. */
struct source_class {
    const char *name; /* "TIFF" */

    /* True when a file that starts with these bytes (at most 16) is this class's to open, broken or
     * not. */
    bool (*recognise)(const unsigned char *head, size_t bytes);

    /* Takes `fd` over on success only. `name` is for sentences. The first page is selected; where
     * that one is refused but there are others, none is (page.width is 0) until select is called.
     */
    struct source *(*open)(int fd, const char *name, struct fault *fault);
    void (*close)(struct source *source);

    /* Makes page `index` (0-based) the current one and describes it. On error the current page
     * stays as it was or none is current; either way select may be called again. */
    bool (*select)(struct source *source, int32_t index, struct page *page, struct fault *fault);

    /* Reads `area` of the current page into the sink, each sample exactly once. Runs lie inside the
     * area. Strips come row by row from the top, tiles block by block (rows of blocks from the top,
     * blocks from the left, each block's rows from the top). Holds at most one decoded block, 4 MiB
     * at most. On a block that cannot be decoded it goes on with the rest and returns false at the
     * end, the fault naming the first such block. */
    bool (*read)(struct source *source, struct area area, struct row_sink *sink,
                 struct fault *fault);

    /* Lets go of file pages and buffers that only speed up the next read. */
    void (*rest)(struct source *source);
};

/* Every source struct starts with this. */
struct source {
    const struct source_class *class;
    struct page page; /* the current one */
};

/* Opens the regular file behind fd (owned by the source from then on; closed on error too). A file
 * of no known kind gets a sentence that says what it looks like (text, empty, PNG, ...). */
struct source *source_open(int fd, const char *name, struct fault *fault);
void source_close(struct source *source);
bool source_select(struct source *source, int32_t index, struct page *page, struct fault *fault);
bool source_read(struct source *source, struct area area, struct row_sink *sink,
                 struct fault *fault);
void source_rest(struct source *source);

/* The code of one sample. */
bool source_probe(struct source *source, int64_t x, int64_t y, uint32_t *code, struct fault *fault);

#endif
