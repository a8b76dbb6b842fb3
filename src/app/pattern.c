/* Patterns of names and ranges of pages: see pattern.h. Owns nothing. */
#include "pattern.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

enum { DIGITS_MOST = 9 };

/* One % and what it means: its letter and its digits. Returns where it ends, NULL: it is none. */
static const char *read_mark(const char *at, char *letter, int *digits)
{
    char *end;
    long number = strtol(at + 1, &end, 10);
    bool counted = end > at + 1;
    *letter = *end;
    *digits = (int)number;
    if (!*end || !strchr("npi%", *end) || number < 0 || number > DIGITS_MOST || at[1] == '+' ||
        at[1] == ' ' || (counted && !strchr("pi", *end)))
        return NULL;
    return end + 1;
}

static bool has_mark(const char *pattern, const char *letters)
{
    char letter;
    int digits;
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at, '%')) {
        at = read_mark(at, &letter, &digits);
        if (!at)
            return false;
        if (strchr(letters, letter))
            return true;
    }
    return false;
}

bool pattern_check(const char *pattern, bool files, bool pages, struct fault *fault)
{
    char letter;
    int digits;
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at, '%')) {
        const char *end = read_mark(at, &letter, &digits);
        if (!end)
            return fault_set(fault, FAULT_USAGE,
                             "%s: %.2s is none of %%n (name), %%p (page), %%i (number) and %%%%",
                             pattern, at);
        at = end;
    }
    if (files && !has_mark(pattern, "ni"))
        return fault_set(fault, FAULT_USAGE,
                         "%s: pictures of several files need %%n (name) or %%i (number) in it",
                         pattern);
    if (pages && !has_mark(pattern, "p"))
        return fault_set(fault, FAULT_USAGE, "%s: pictures of several pages need %%p (page) in it",
                         pattern);
    return true;
}

static int put_mark(char letter, int digits, const struct pattern_place *place, char *to,
                    size_t room)
{
    const char *name = file_name(place->path);
    switch (letter) {
    case 'n':
        return snprintf(to, room, "%.*s", file_stem(name), name);
    case 'p':
        return snprintf(to, room, "%0*" PRId64, digits, place->page);
    case 'i':
        return snprintf(to, room, "%0*" PRId64, digits, place->index);
    default:
        return snprintf(to, room, "%%");
    }
}

bool pattern_fill(const char *pattern, const struct pattern_place *place, char out[PATH_MAX],
                  struct fault *fault)
{
    size_t used = 0;
    char letter;
    int digits;
    for (const char *at = pattern; *at && used < PATH_MAX;) {
        const char *end = *at == '%' ? read_mark(at, &letter, &digits) : NULL;
        if (end)
            used += (size_t)put_mark(letter, digits, place, out + used, PATH_MAX - used);
        else
            out[used++] = *at;
        at = end ? end : at + 1;
    }
    if (used >= PATH_MAX)
        return fault_set(fault, FAULT_FILE, "%s: makes a name that is too long", pattern);
    out[used] = 0;
    return true;
}

/* One range: its first and last page; INT32_MAX: open. Returns where it ends, NULL: it is none. */
static const char *read_range(const char *at, int32_t *first, int32_t *last)
{
    char *end;
    if (*at < '0' || *at > '9')
        return NULL;
    long long from = strtoll(at, &end, 10), to = from;
    if (*end == '-') {
        at = end + 1;
        to = *at >= '0' && *at <= '9' ? strtoll(at, &end, 10) : INT32_MAX;
        end = to == INT32_MAX && end < at ? (char *)(uintptr_t)at : end;
    }
    if (from < 1 || to < from || to > INT32_MAX || (*end && *end != ','))
        return NULL;
    *first = (int32_t)from;
    *last = (int32_t)to;
    return *end ? end + 1 : end;
}

bool pages_valid(const char *ranges)
{
    int32_t first, last;
    if (!strcmp(ranges, "all"))
        return true;
    const char *at = ranges;
    do {
        at = read_range(at, &first, &last);
    } while (at && *at);
    return at && at[-1] != ',';
}

int32_t pages_next(const char *ranges, int32_t after, bool *open)
{
    int32_t first, last, next = INT32_MAX;
    *open = !strcmp(ranges, "all");
    if (*open)
        return after + 1;
    for (const char *at = ranges; at && *at;) {
        at = read_range(at, &first, &last);
        int32_t page = first > after ? first : after + 1;
        if (!at || page > last)
            continue;
        *open |= last == INT32_MAX && page >= first && (page < next || next == INT32_MAX);
        next = page < next ? page : next;
    }
    return next;
}
