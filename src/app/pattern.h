/* Names of pictures made from a pattern, and ranges of pages: for the jobs that make many. */
#ifndef APP_PATTERN_H
#define APP_PATTERN_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

/* What a picture is of. */
struct pattern_place {
    const char *path;    /* the file's */
    int64_t page, index; /* from 1: of the file; of the file among the files */
};

/* A pattern is text with %n: the file's name without folder and ending, %p: the page, %i: the
 * file's number, %%: a percent sign. %4p and %4i have four digits at least. False: something else
 * follows a %, or pictures of several files (`files`) or pages would get the same name. */
bool pattern_check(const char *pattern, bool files, bool pages, struct fault *fault);
bool pattern_fill(const char *pattern, const struct pattern_place *place, char out[PATH_MAX],
                  struct fault *fault);

/* "all", or "1-3,5,8-": the least page after `after` in it, INT32_MAX where there is none. *open:
 * it and all that follow are in it, as far as there are pages. */
int32_t pages_next(const char *ranges, int32_t after, bool *open);
bool pages_valid(const char *ranges);

#endif
