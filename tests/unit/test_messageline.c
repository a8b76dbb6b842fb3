/* The message line: wrapped sentences, whole words, nothing outside. */
#include "suite.h"

#include <string.h>

#include "golden/golden.h"
#include "ui/messageline.h"

static const char sentence[] = "chest.tif: a decoder process crashed (signal 11) and was replaced";

static struct recorder recorder;

static void draw(const char *text, int width, int height)
{
    recorder_init(&recorder, width, height);
    messageline_draw(&recorder.canvas, text);
}

/* The lines drawn, joined with '/'. */
static const char *drawn(void)
{
    static char joined[2000];
    joined[0] = 0;
    for (int i = 0; i < recorder.count; i++)
        if (recorder.records[i].text[0]) {
            strcat(joined, joined[0] ? "/" : "");
            strcat(joined, recorder.records[i].text);
        }
    return joined;
}

/* Room for n characters of 6 pixels beside 18 of border. */
static int wide(int characters)
{
    return 18 + 6 * characters;
}

static void sentences_are_wrapped_at_blanks(void)
{
    static const struct {
        const char *text;
        int characters;
        const char *lines;
    } cases[] = {
        {"one two three", 13, "one two three"},
        {"one two three", 12, "one two/three"},
        {"one two three", 7, "one two/three"},
        {"one two three", 6, "one/two/three"},
        {"one  two\nthree ", 6, "one/two/three"},
        {"one two three", 4, "one/two/thre/e"},
        {"unbreakable", 4, "unbr/eaka/ble"},
        {"a unbreakable", 4, "a/unbr/eaka/ble"},
        {"one", 0, "o/n/e"},
        {"", 10, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int width = wide(cases[i].characters);
        recorder_init(&recorder, width, 1);
        int height = messageline_height(&recorder.canvas, cases[i].text, width);
        int lines = 1;
        for (const char *c = cases[i].lines; *c; c++)
            lines += *c == '/';
        CU_ASSERT_EQUAL(height, lines * 15 + 10);
        draw(cases[i].text, width, height);
        CU_ASSERT_STRING_EQUAL(drawn(), cases[i].lines);
    }
}

static void every_size_is_tidy(void)
{
    for (int width = wide(10); width <= 1920; width += 31) {
        recorder_init(&recorder, width, 1);
        int height = messageline_height(&recorder.canvas, sentence, width);
        draw(sentence, width, height);
        CU_ASSERT(recorder_tidy(&recorder));
        char joined[300];
        strcpy(joined, drawn());
        for (char *c = joined; *c; c++)
            *c = *c == '/' ? ' ' : *c;
        CU_ASSERT_STRING_EQUAL(joined, sentence);
    }
    for (int size = 1; size < 30; size++) {
        draw(sentence, 400, size);
        for (int i = 0; i < recorder.count; i++)
            CU_ASSERT(!recorder.records[i].text[0] ||
                      recorder.records[i].rect.y + recorder.records[i].rect.height <= size);
    }
}

static void what_has_no_room_is_cut_visibly(void)
{
    draw("one two three four five six", wide(9), 2 * 15 + 10);
    CU_ASSERT_STRING_EQUAL(drawn(), "one two/thr...six");
    CU_ASSERT(recorder_tidy(&recorder));
}

static void it_looks_right(void)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, 240, 40, &scheme, &fault));
    CU_ASSERT_EQUAL(messageline_height(&memory.canvas, sentence, 240), 40);
    messageline_draw(&memory.canvas, sentence);
    CU_ASSERT(golden_check("messageline", &memory));
    canvas_memory_fini(&memory);
}

SUITE("messageline", {"sentences are wrapped at blanks", sentences_are_wrapped_at_blanks},
      {"every size is tidy", every_size_is_tidy},
      {"what has no room is cut visibly", what_has_no_room_is_cut_visibly},
      {"it looks right", it_looks_right})
