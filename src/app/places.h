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
    char along[PAGE_AXES][PLACE_WORD];
};

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
