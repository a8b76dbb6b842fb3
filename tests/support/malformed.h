/* Hostile and broken TIFF files, one for each row of a table: what it is, how far a reader gets
 * with it, and the sentence that says why no further. */
#ifndef SUPPORT_MALFORMED_H
#define SUPPORT_MALFORMED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/tiff_raw.h"

enum malformed_end {
    MALFORMED_REFUSED, /* the first page is not shown */
    MALFORMED_PARTLY,  /* it is, but for blocks that cannot be had */
    MALFORMED_SHOWN,   /* all of it */
    MALFORMED_EITHER   /* partly or all, as this libtiff sees it */
};

enum { MALFORMED_EDITS = 10, MALFORMED_SIDE = 16 };

struct malformed_case {
    const char *name; /* of the file, without ".tif" */
    enum malformed_end end;
    const char *sentence; /* a part of the fault's; of the notice where the page is shown */
    /* Makes the file instead of the sound image, which is the start of most. */
    void (*build)(struct raw_tiff *raw, const struct malformed_case *made);
    /* Entries that replace those of the sound image; of type MALFORMED_DROP: they are left out. */
    struct raw_entry edits[MALFORMED_EDITS];
    uint16_t text_tag;
    const char *text;
    bool big_tiff;
    int32_t pages;    /* 0: one, or of no interest */
    const char *fact; /* that is told of the file; NULL: of no interest */
};

#define MALFORMED_DROP 0xffff

extern const struct malformed_case malformed_cases[];
extern const size_t malformed_count;

/* Writes the file; returns its path, which holds until the sixteenth call after this one. */
const char *malformed_make(const struct malformed_case *made);

/* What the sound image holds: MALFORMED_SIDE each way, of 16-bit samples. Where an edited one is
 * shown with that size and type, it is shown right. */
uint16_t malformed_value(int64_t x, int64_t y);

/* The sound image, up to its directory's entries: its strip is at MALFORMED_STRIP (in a BigTIFF at
 * MALFORMED_STRIP_BIG), eight zeros follow it. malformed_edit: the edits and the text. */
enum {
    MALFORMED_STRIP = 8,
    MALFORMED_STRIP_BIG = 16,
    MALFORMED_ZEROS = 8 + 2 * MALFORMED_SIDE * MALFORMED_SIDE
};
void malformed_image(struct raw_tiff *raw);
void malformed_edit(struct raw_tiff *raw, const struct malformed_case *made);

/* support/malformed_build.c */
typedef void malformed_build(struct raw_tiff *raw, const struct malformed_case *made);
malformed_build malformed_header, malformed_odd_place, malformed_no_entries, malformed_cut,
    malformed_link_cut, malformed_loop, malformed_backwards, malformed_late, malformed_children,
    malformed_unsorted, malformed_doubled, malformed_palette, malformed_nan, malformed_bomb_strip,
    malformed_bomb_rows, malformed_endless_text, malformed_broken_copy, malformed_broken_mask;

#endif
