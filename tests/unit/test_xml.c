/* XML in small pieces: elements, attributes, and every limit. Guards source/xml.h. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "source/xml.h"
#include "support/xml_string.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What came, as text: (name a=b text ... ). */
struct trace {
    struct xml_sink sink; /* first */
    char text[400];
    long elements;
};

static void add(struct trace *trace, const char *text, size_t length)
{
    size_t had = strlen(trace->text);
    snprintf(trace->text + had, sizeof trace->text - had, "%.*s", (int)length, text);
}

static void on_begin(struct xml_sink *sink, const char *element, const char *const *attributes)
{
    struct trace *trace = (struct trace *)sink;
    const char *value = xml_attribute(attributes, "a");
    trace->elements++;
    add(trace, "(", 1);
    add(trace, element, strlen(element));
    if (value) {
        add(trace, " a=", 3);
        add(trace, value, strlen(value));
    }
}

static void on_text(struct xml_sink *sink, const char *text, size_t length)
{
    add((struct trace *)sink, text, length);
}

static void on_end(struct xml_sink *sink, const char *element)
{
    (void)element;
    add((struct trace *)sink, ")", 1);
}

static bool parse(const char *text, size_t piece, struct trace *trace, struct fault *fault)
{
    struct xml_string string = xml_string(text, piece);
    *trace = (struct trace){{on_begin, on_text, on_end}, "", 0};
    return xml_parse(&string.text, &trace->sink, fault);
}

static void elements_come_one_by_one(void)
{
    static const char text[] =
        "<?xml version='1.0' encoding='UTF-8'?><!-- <no> --><x:one a=\"&lt;1&gt;\" b='2'>t&amp;\xc2"
        "\xb5<two y:a='3'/><![CDATA[<c>]]></x:one>";
    struct trace trace;
    struct fault fault;
    for (size_t piece = 1; piece < sizeof text; piece += 7) {
        CU_ASSERT(parse(text, piece, &trace, &fault));
        CU_ASSERT_STRING_EQUAL(trace.text, "(one a=<1>t&\xc2\xb5(two a=3)<c>)");
    }
    const char *const attributes[] = {"n:whole", "7", "half", "0.5", "word", "x", NULL};
    int whole = -1;
    double number;
    CU_ASSERT(xml_whole(attributes, "whole", 0, 7, &whole) && whole == 7);
    CU_ASSERT(xml_whole(attributes, "missing", 0, 7, &whole) && whole == 7);
    CU_ASSERT_FALSE(xml_whole(attributes, "whole", 0, 6, &whole));
    CU_ASSERT_FALSE(xml_whole(attributes, "half", 0, 6, &whole));
    CU_ASSERT_FALSE(xml_whole(attributes, "word", 0, 6, &whole));
    CU_ASSERT(xml_number(attributes, "half", &number) && number == 0.5);
    CU_ASSERT_FALSE(xml_number(attributes, "missing", &number));
}

static const struct {
    const char *text, *sentence;
} refusals[] = {
    {"<a><b></a>", "broken XML (line 1: mismatched tag)"},
    {"<a>\n<b>", "broken XML (line 2: no element found)"},
    {"", "broken XML (line 1: no element found)"},
    {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "XML with a document type, or too deep"},
    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "XML with a document type, or too deep"},
    {"<a>&x;</a>", "broken XML (line 1: undefined entity)"},
};

static void what_is_no_good_is_refused(void)
{
    struct trace trace;
    struct fault fault;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        CU_ASSERT_FALSE(parse(refusals[i].text, 5, &trace, &fault));
        CU_ASSERT_STRING_EQUAL(fault.text, refusals[i].sentence);
    }
}

/* `count` times `part` between `begin` and `end`. */
static char *repeated(const char *begin, const char *part, size_t count, const char *end)
{
    size_t length = strlen(part);
    char *text = malloc(strlen(begin) + count * length + strlen(end) + 1), *at = text;
    at += strlen(strcpy(at, begin));
    for (size_t i = 0; i < count; i++, at += length)
        memcpy(at, part, length);
    strcpy(at, end);
    return text;
}

static const struct {
    const char *begin, *part;
    size_t count;
    const char *end, *sentence;
} floods[] = {
    {"", "<a>", 64, "", "broken XML (line 1: no element found)"},
    {"", "<a>", 65, "", "XML with a document type, or too deep"},
    {"<a>", "<b/>", 1000000, "</a>", NULL},
    {"<a>", "<b/>", 1100000, "</a>", "XML of more than 4 MiB"},
    {"<a b='", "xxxxxxxx", 20000, "'/>", NULL},
    {"<a b='", "xxxxxxxx", 200000, "'/>", ""}, /* an attribute of 1.6 MB */
    {"<", "xxxxxxxx", 200000, "/>", ""},
};

static void floods_are_bounded(void)
{
    struct trace trace;
    struct fault fault = {0};
    ledger_reset();
    for (size_t i = 0; i < COUNT(floods); i++) {
        char *text = repeated(floods[i].begin, floods[i].part, floods[i].count, floods[i].end);
        bool fine = parse(text, 1 << 20, &trace, &fault);
        CU_ASSERT_EQUAL(fine, !floods[i].sentence);
        if (floods[i].sentence && floods[i].sentence[0])
            CU_ASSERT_STRING_EQUAL(fault.text, floods[i].sentence);
        free(text);
    }
    CU_ASSERT(ledger_line(LEDGER_SOURCE).peak < XML_MEMORY_MAX + (256 << 10));
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
    ledger_fail_after(3);
    CU_ASSERT_FALSE(parse("<a/>", 9, &trace, &fault));
    ledger_fail_after(0);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_SOURCE).current, 0);
}

static void without_expat_it_says_so(void)
{
    struct trace trace;
    struct fault fault;
    CU_ASSERT_FALSE(parse("<a/>", 9, &trace, &fault));
    CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "without expat"));
}

static const struct suite_test with[] = {{"elements come one by one", elements_come_one_by_one},
                                         {"what is no good is refused", what_is_no_good_is_refused},
                                         {"floods are bounded", floods_are_bounded},
                                         {NULL, NULL}};
static const struct suite_test without[] = {{"without expat it says so", without_expat_it_says_so},
                                            {NULL, NULL}};

__attribute__((constructor)) static void register_suite(void)
{
    suite_register("source/xml", xml_available() ? with : without);
}
