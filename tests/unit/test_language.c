/* The language where there is none (tests run under C), and what is done to texts in any. What
 * catalogues do is seen in tests/program/test_translation.c and tests/window/test_translation.c. */
#include "base/language.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static void test_english(void)
{
    char name[16] = "?";
    language_begin();
    language_name(name, sizeof name);
    CU_ASSERT_STRING_EQUAL(name, "");
    CU_ASSERT_STRING_EQUAL(_("page %d of %d%s"), "page %d of %d%s");
    CU_ASSERT_STRING_EQUAL(_(""), "");
    char numbers[] = "1.5 a.b 3.";
    language_numbers(numbers);
    CU_ASSERT_STRING_EQUAL(numbers, "1.5 a.b 3.");
}

static void test_columns(void)
{
    CU_ASSERT_EQUAL(language_columns(""), 0);
    CU_ASSERT_EQUAL(language_columns("window"), 6);
    CU_ASSERT_EQUAL(language_columns("Größe"), 5);
    CU_ASSERT_EQUAL(language_columns("窗宽 W"), 6);
}

static void test_cut_characters(void)
{
    static const struct {
        const char *cut, *whole;
    } cases[] = {{"", ""},
                 {"abc", "abc"},
                 {"ab\xc3", "ab"},
                 {"Gr\xc3\xb6", "Gr\xc3\xb6"},
                 {"\xe7\xaa\x97\xe5\xae", "\xe7\xaa\x97"},
                 {"\xe7\xaa\x97\xe5", "\xe7\xaa\x97"},
                 {"\xe7\xaa\x97", "\xe7\xaa\x97"},
                 {"\xf0\x9f\x98", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[16];
        snprintf(text, sizeof text, "%s", cases[i].cut);
        language_whole(text);
        CU_ASSERT_STRING_EQUAL(text, cases[i].whole);
    }
}

SUITE("language", {"English under C", test_english}, {"columns of a terminal", test_columns},
      {"characters that were cut", test_cut_characters});
