/* Names from patterns and ranges of pages. Guards app/pattern.c. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "app/pattern.h"

static void names_are_filled_in(void)
{
    static const struct {
        const char *pattern, *path, *name;
    } rows[] = {{"a.png", "x/film.tif", "a.png"},
                {"out/%n-%p.png", "x/film.tif", "out/film-7.png"},
                {"%3p_%02i%%%n", "/a.b/film.ome.tif", "007_12%film.ome"},
                {"%n", ".hidden", ".hidden"},
                {"%n%n", "plain", "plainplain"},
                {"%9i", "a", "000000012"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[PATH_MAX];
        struct fault fault;
        struct pattern_place place = {rows[i].path, 7, 12};
        CU_ASSERT(pattern_check(rows[i].pattern, false, false, &fault));
        CU_ASSERT(pattern_fill(rows[i].pattern, &place, out, &fault));
        CU_ASSERT_STRING_EQUAL(out, rows[i].name);
    }
    static char longer[PATH_MAX];
    char out[PATH_MAX];
    struct fault fault;
    memset(longer, 'a', PATH_MAX - 2);
    strcpy(longer + PATH_MAX - 3, "%n");
    CU_ASSERT(pattern_fill(longer, &(struct pattern_place){"ab", 1, 1}, out, &fault));
    CU_ASSERT_FALSE(pattern_fill(longer, &(struct pattern_place){"abc", 1, 1}, out, &fault));
}

static void bad_patterns_are_refused(void)
{
    static const struct {
        const char *pattern;
        bool files, pages;
        const char *sentence;
    } rows[] = {{"a%q.png", false, false, "%q is none of"},
                {"a%", false, false, "% is none of"},
                {"%3n", false, false, "%3 is none of"},
                {"%-3p", false, false, "%- is none of"},
                {"%+3p", false, false, "%+ is none of"},
                {"%10p", false, false, "%1 is none of"},
                {"a.png", true, false, "several files need %n"},
                {"%p.png", true, false, "several files need %n"},
                {"%n.png", false, true, "several pages need %p"},
                {"%%p%n.png", true, true, "several pages need %p"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault fault = {FAULT_NONE, ""};
        CU_ASSERT_FALSE(pattern_check(rows[i].pattern, rows[i].files, rows[i].pages, &fault));
        CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, rows[i].sentence));
        CU_ASSERT_EQUAL(fault.kind, FAULT_USAGE);
    }
    struct fault fault;
    CU_ASSERT(pattern_check("%i-%p", true, true, &fault));
}

static void pages_come_in_order(void)
{
    static const struct {
        const char *ranges;
        int32_t pages[6]; /* ends with 0 */
        bool open;
    } rows[] = {{"all", {1, 2, 3, 4, 5, 6}, true},
                {"3", {3}, false},
                {"5,1-3,2", {1, 2, 3, 5}, false},
                {"4-", {4, 5, 6, 7, 8, 9}, true},
                {"2,7-,5", {2, 5, 7, 8, 9, 10}, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t page = 0;
        bool open = false;
        CU_ASSERT(pages_valid(rows[i].ranges));
        for (int j = 0; j < 6; j++) {
            page = pages_next(rows[i].ranges, page, &open);
            CU_ASSERT_EQUAL(page, rows[i].pages[j] ? rows[i].pages[j] : INT32_MAX);
            if (page == INT32_MAX)
                break;
        }
        CU_ASSERT_EQUAL(open, rows[i].open);
    }
    static const char *const bad[] = {"",    "0",   "1,",   "-3", "3-2",        "a",
                                      "1-b", "1 2", "1,,2", "+1", "99999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_FALSE(pages_valid(bad[i]));
}

SUITE("pattern", {"names are filled in", names_are_filled_in},
      {"bad patterns are refused", bad_patterns_are_refused},
      {"pages come in order", pages_come_in_order})
