/* Where among a file's pages and channels something lies: along channels, slices and time points,
 * and among series. Counted from 1 wherever people see it. */
#ifndef APP_PLACES_H
#define APP_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "source/page.h"
#include "source/source.h"

/* What is to be found before a page is shown, in words ("3", "next", "all"); "": not asked for. */
enum { PLACE_WORD = 16 };
struct place_wish {
    char series[PLACE_WORD];
    char page[PLACE_WORD];
    char along[PAGE_AXES][PLACE_WORD];
};

/* Things in a row, of which one is current. */
struct place_range {
    const char *thing;     /* "page" */
    int32_t current, most; /* from 1; current may be 0 where `all` is a place too */
    bool all;              /* 0 = "all" is a place */
    bool more;             /* there may be more of them than `most` */
};

/* The place, from 1, that a word names: "next", "previous", "first", "last", "all", "3", or "+3"
 * and "-3" for so many steps; steps end at the first and the last. The fault, of kind FAULT_USAGE,
 * says what there is to choose from. */
bool place_read(const struct place_range *range, const char *word, int32_t *place,
                struct fault *fault);

/* Which way to go on from a place that cannot be had: 1, -1, or 0 for a number, which means that
 * place alone. */
int place_way(const char *word);

/* Pages that make a stack: page `at` of it (0-based) is the one that was asked about; page i of it
 * is page first + i * stride of the file. */
struct place_track {
    int32_t first, stride, count, at;
    bool more; /* there may be more than `count` */
};

/* The stack that page `index` of a file lies in, of which `page` is another: along the first of
 * these axes (ends with PAGE_AXES) that the file has, else all pages of it. */
void place_track(const struct page *page, int32_t index, const enum page_axis *order,
                 struct place_track *track);

/* Sees to the channel, slice or time point that `word` names, seen from `page`, which `choice` led
 * to: changes the choice. Channels are pages where the file lays them out so, else the samples of
 * each pixel. A fault of kind FAULT_USAGE says what there is to choose from. */
bool place_along(const struct page *page, enum page_axis axis, const char *word,
                 struct source_choice *choice, struct fault *fault);

/* The series that `word` names, 0-based. */
bool place_series(const struct page *page, const char *word, int32_t *series, struct fault *fault);

/* One step from page towards a series: to the page after or before all of the page's own. False
 * where there is no such page. */
bool place_towards(const struct page *page, int32_t series, struct source_choice *choice);

/* "page 3 of 12+  DAPI  channel 1/3  slice 2/5": what of it is worth saying; "+" while pages are
 * being counted. May be "". */
void place_text(const struct page *page, char *text, size_t room);

#endif
