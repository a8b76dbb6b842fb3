/* Numbers and names in texts, and what ImageJ's description says. Guards source/words.h and
 * source/imagej.h. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "source/imagej.h"
#include "source/words.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    const char *text;
    bool fine;
    double number;
} numbers[] = {
    {"12", true, 12},     {" \n-3.5e2 x", true, -350},
    {"+.25", true, 0.25}, {"-3.4028234663852886e+38", true, -3.4028234663852886e+38},
    {"0x10", true, 0},    {"-9999", true, -9999},
    {"1e999", false, 0},  {"nan", false, 0},
    {"inf", false, 0},    {"-", false, 0},
    {"", false, 0},       {"e5", false, 0},
};

static void numbers_are_read(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        double number = -1;
        CU_ASSERT_EQUAL(words_number(numbers[i].text, &number), numbers[i].fine);
        CU_ASSERT(!numbers[i].fine || number == numbers[i].number);
    }
    double number;
    CU_ASSERT(words_number_after("a=1\nb= 2\n", "\nb=", &number) && number == 2);
    CU_ASSERT_FALSE(words_number_after("a=1", "b=", &number));
    char line[6];
    words_line_after("a=1\nb=letters\r\nc", "\nb=", line, sizeof line);
    CU_ASSERT_STRING_EQUAL(line, "lette");
    words_line_after("a=1", "b=", line, sizeof line);
    CU_ASSERT_STRING_EQUAL(line, "");
}

static const struct {
    const char *text, *plain;
} texts[] = {
    {"plain", "plain"},
    {"  two \t\r\n words\n", "two words"},
    {"\xc2\xb5m", "um"},
    {"\xce\xbcm \xe2\x84\xab \xc3\x85", "um A A"},
    {"\xb5m", "um"},
    {"gr\xc3\xbc\xc3\x9f\x01 \xf0\x9f\x98\x80", "gr?? ?"},
    {"\xff\xfe", "??"},
    {"\xc2", "?"},
    {"a text that is too long", "a text that i"},
    {"", ""},
};

static void texts_become_plain(void)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        char plain[14];
        words_plain(texts[i].text, plain, sizeof plain);
        CU_ASSERT_STRING_EQUAL(plain, texts[i].plain);
    }
}

static void units_of_length_are_known(void)
{
    static const struct {
        const char *unit;
        double mm;
    } units[] = {{"mm", 1},
                 {"\xc2\xb5m", 1e-3},
                 {"\\u00B5m", 1e-3},
                 {"micron", 1e-3},
                 {"nm", 1e-6},
                 {"inch", 25.4},
                 {"\xc3\x85", 1e-7},
                 {"cm", 10},
                 {"pixel", 0},
                 {"", 0},
                 {"reference frame", 0},
                 {"MM", 0},
                 {"millimeters of", 0}};
    for (size_t i = 0; i < COUNT(units); i++)
        CU_ASSERT_DOUBLE_EQUAL(words_length_mm(units[i].unit), units[i].mm, 1e-12);
}

static void imagej_descriptions_are_understood(void)
{
    struct imagej imagej;
    CU_ASSERT_FALSE(imagej_parse("by ImageJ=1.53t\n", &imagej));
    CU_ASSERT_FALSE(imagej_parse("", &imagej));
    CU_ASSERT(imagej_parse("ImageJ=1.53t\nimages=24\nchannels=2\nslices=4\nframes=3\n"
                           "hyperstack=true\nunit=\\u00B5m\nspacing=-2.5\nloop=false\nmin=-1.5\n"
                           "max=3E2\ncf=0\nc0=-32768\nc1=0.5\nvunit=HU\n",
                           &imagej));
    CU_ASSERT(imagej.images == 24 && imagej.channels == 2 && imagej.slices == 4 &&
              imagej.frames == 3);
    CU_ASSERT(imagej.has_window && imagej.low == -1.5 && imagej.high == 300);
    CU_ASSERT(imagej.has_line && imagej.slope == 0.5 && imagej.intercept == -32768);
    CU_ASSERT(imagej.unit_mm == 1e-3 && fabs(imagej.spacing_z - 2.5e-3) < 1e-12);
    CU_ASSERT_STRING_EQUAL(imagej.version, "1.53t");
    CU_ASSERT_STRING_EQUAL(imagej.value_unit, "HU");
    CU_ASSERT(imagej_parse("ImageJ=\nimages=0\nchannels=1e12\nunit=pixel\nspacing=1\nmin=5\nmax=5\n"
                           "cf=3\nc0=1\nc1=2\nzunit=mm\nframes=nan",
                           &imagej));
    CU_ASSERT(imagej.images == 1 && imagej.channels == 1 && imagej.frames == 1);
    CU_ASSERT(!imagej.has_window && !imagej.has_line && imagej.unit_mm == 0);
    CU_ASSERT(imagej.spacing_z == 1);
    CU_ASSERT(imagej_parse("ImageJ=1\ncf=0\nc0=1\nc1=0\n", &imagej) && !imagej.has_line);
}

SUITE("source/words", {"numbers are read", numbers_are_read},
      {"texts become plain", texts_become_plain},
      {"units of length are known", units_of_length_are_known},
      {"ImageJ's descriptions are understood", imagej_descriptions_are_understood})
