/* The status line: nothing overlaps, nothing jumps, only what changed is drawn. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "golden/golden.h"
#include "ui/statusline.h"

static const int widths[] = {320, 400, 480, 640, 800, 1024, 1280, 1920};

enum { WIDTHS = sizeof widths / sizeof widths[0] };

/* Usually there is nothing to warn of and nothing to wait for, and no field for it. */
enum { FIRST = STATUS_WARNING + 1, USUAL = STATUS_FIELDS - 2 };

static const char *const texts[STATUS_FIELDS] = {
    "",       "x 1536 y 1280", "1023",
    "W 4095", "C 2048",        "30 %",
    "user",   "11.2 MiB",      "a_long_name_of_a_chest_radiograph_2024-03-01.tif [1/3]",
    "",
};

static struct statusline line;
static struct recorder recorder;

static void set_texts(void)
{
    statusline_init(&line);
    for (int i = 0; i < STATUS_FIELDS; i++)
        statusline_set(&line, (enum status_field)i, texts[i]);
}

static void start(int width)
{
    set_texts();
    recorder_init(&recorder, width, 1);
    recorder.canvas.height = statusline_height(&recorder.canvas);
}

/* Draws; what was drawn before is forgotten by the recorder. */
static void draw(bool whole)
{
    recorder.count = 0;
    statusline_draw(&line, &recorder.canvas, whole);
}

/* The field's recessed frame: the fills of the bottom shadow that are one pixel high and lie off
 * the bar's own bevel, in order from the left. */
static int find_frames(struct rect *frames)
{
    int count = 0;
    for (int i = 0; i < recorder.count; i++) {
        struct record *record = &recorder.records[i];
        if (!record->text[0] && record->ink == INK_BOTTOM_SHADOW && record->rect.height == 1 &&
            record->rect.y == 3)
            frames[count++] = record->rect;
    }
    return count;
}

static void fields_never_overlap(void)
{
    for (int width = 1; width <= 1920; width += width < 1100 ? 1 : 37) {
        struct rect frames[STATUS_FIELDS];
        start(width);
        draw(true);
        CU_ASSERT(recorder_tidy(&recorder));
        int count = find_frames(frames);
        for (int i = 0; i < count; i++) {
            CU_ASSERT(frames[i].x >= (i ? frames[i - 1].x + frames[i - 1].width + 2 : 3));
            CU_ASSERT(frames[i].x + frames[i].width <= width - 3);
        }
        int shown = 0;
        for (int i = 0; i < recorder.count; i++) {
            struct record *record = &recorder.records[i];
            if (!record->text[0])
                continue;
            struct rect frame = frames[shown++];
            CU_ASSERT(record->rect.x == frame.x + 5);
            CU_ASSERT(record->rect.x + record->rect.width <= frame.x + frame.width - 5);
            CU_ASSERT(record->rect.y == 5 && record->rect.height == 13);
        }
        CU_ASSERT_EQUAL(shown, count);
    }
}

static void fields_leave_from_the_right(void)
{
    int before = 0;
    for (int width = 20; width <= 1024; width++) {
        struct rect frames[STATUS_FIELDS];
        start(width);
        draw(true);
        int count = find_frames(frames);
        for (int i = FIRST; i < STATUS_NOTE; i++)
            CU_ASSERT_EQUAL(recorder_find(&recorder, texts[i]) != NULL, i < FIRST + count);
        CU_ASSERT(count >= before);
        before = count;
    }
    CU_ASSERT_EQUAL(before, USUAL);
    start(320);
    draw(true);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, texts[STATUS_ZOOM]));
    start(480);
    draw(true);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, texts[STATUS_MEMORY]));
}

static void only_what_changed_is_drawn(void)
{
    for (int i = 0; i < WIDTHS; i++) {
        start(widths[i]);
        draw(false); /* the first time all is drawn */
        CU_ASSERT_PTR_NOT_NULL_FATAL(recorder_find(&recorder, "1023"));
        struct rect value = recorder_find(&recorder, "1023")->rect;
        draw(false);
        CU_ASSERT_EQUAL(recorder.count, 0);
        CU_ASSERT_FALSE(statusline_set(&line, STATUS_VALUE, "1023"));
        CU_ASSERT(statusline_set(&line, STATUS_VALUE, "77"));
        draw(false);
        CU_ASSERT_EQUAL(recorder.count, 2);
        struct record *text = &recorder.records[0], *rest = &recorder.records[1];
        CU_ASSERT_STRING_EQUAL(text->text, "77");
        CU_ASSERT(text->rect.x == value.x && text->rect.y == value.y);
        CU_ASSERT(!rest->text[0] && rest->ink == INK_BACKGROUND);
        CU_ASSERT(rest->rect.x == text->rect.x + text->rect.width);
        CU_ASSERT(rest->rect.x + rest->rect.width >= value.x + value.width);
        CU_ASSERT_FALSE(statusline_set(&line, STATUS_VALUE, "77"));
    }
}

/* It comes first, so that no narrowness drops it, and takes no room when there is none. */
static void a_warning_stands_before_all(void)
{
    for (int i = 0; i < WIDTHS; i++) {
        struct rect frames[STATUS_FIELDS], moved[STATUS_FIELDS];
        start(widths[i]);
        draw(true);
        find_frames(frames);
        statusline_set(&line, STATUS_WARNING, "no sandbox");
        draw(false);
        CU_ASSERT(recorder_tidy(&recorder));
        CU_ASSERT_PTR_NOT_NULL_FATAL(recorder_find(&recorder, "no sandbox"));
        CU_ASSERT(find_frames(moved) > 1 && moved[0].x == frames[0].x);
        CU_ASSERT_EQUAL(moved[1].x, frames[0].x + moved[0].width + 2);
        statusline_set(&line, STATUS_WARNING, "");
        draw(false);
        find_frames(moved);
        CU_ASSERT(!memcmp(frames, moved, sizeof frames[0]));
    }
}

/* Within the templates no text moves another one. */
static void changing_values_do_not_jump(void)
{
    static const char *const others[STATUS_FIELDS] = {"",    "x 0 y 9999", "", "W 1", "C 0",
                                                      "6 %", "auto",       "", "",    ""};
    for (int i = 0; i < WIDTHS; i++) {
        struct rect frames[STATUS_FIELDS], moved[STATUS_FIELDS];
        start(widths[i]);
        draw(true);
        int count = find_frames(frames);
        for (int field = 0; field < STATUS_FIELDS; field++)
            statusline_set(&line, (enum status_field)field, others[field]);
        draw(false);
        CU_ASSERT_EQUAL(find_frames(moved), 0); /* no frame needed to be drawn */
        draw(true);
        CU_ASSERT_EQUAL(find_frames(moved), count);
        CU_ASSERT(!memcmp(frames, moved, (size_t)count * sizeof frames[0]));
    }
}

static void long_values_are_never_cut(void)
{
    static const char value[] = "65535 = -12345.678 (of a rescaled radiograph)";
    start(1024);
    draw(true);
    statusline_set(&line, STATUS_VALUE, value);
    draw(false);
    CU_ASSERT(recorder_tidy(&recorder));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, value));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "W 4095")); /* it moved: drawn anew */
    statusline_set(&line, STATUS_VALUE, "1");
    draw(false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "W 4095"));
}

static struct canvas_memory memory_bar(int width)
{
    struct canvas_memory memory;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, 23, &scheme, &fault));
    CU_ASSERT_EQUAL(statusline_height(&memory.canvas), 23);
    return memory;
}

/* A bar that grows is all that is drawn; one that comes or goes concerns the note at most. */
static void progress_keeps_to_the_right_end(void)
{
    for (int width = 960; width <= 1920; width += 320) {
        start(width);
        statusline_set(&line, STATUS_NOTE, "chest.tif");
        draw(true);
        CU_ASSERT_PTR_NOT_NULL_FATAL(recorder_find(&recorder, "chest.tif"));
        struct rect note = recorder_find(&recorder, "chest.tif")->rect;
        CU_ASSERT(statusline_progress(&line, "reading 9 %", 0.09));
        draw(false);
        CU_ASSERT(recorder_tidy(&recorder));
        CU_ASSERT_PTR_NOT_NULL_FATAL(recorder_find(&recorder, "reading 9 %"));
        for (int i = 0; i < recorder.count; i++)
            CU_ASSERT(recorder.records[i].rect.x >= note.x - 5);
        struct rect words = recorder_find(&recorder, "reading 9 %")->rect;
        CU_ASSERT_FALSE(statusline_progress(&line, "reading 9 %", 0.09));
        CU_ASSERT(statusline_progress(&line, "reading 9 %", 0.5));
        CU_ASSERT(statusline_progress(&line, "reading 100 %", 1));
        draw(false);
        CU_ASSERT(recorder.count > 0 && recorder.count <= 4);
        for (int i = 0; i < recorder.count; i++)
            CU_ASSERT(recorder.records[i].rect.x >= words.x);
        statusline_progress(&line, "", 0);
        draw(false);
        CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "chest.tif"));
        for (int i = 0; i < recorder.count; i++)
            CU_ASSERT(recorder.records[i].rect.x >= note.x - 5);
    }
}

/* Whatever changed in between, the bar looks as if drawn whole. */
static void changes_end_in_the_same_picture(void)
{
    unsigned random = 1;
    for (int i = 0; i < WIDTHS; i++) {
        struct canvas_memory parts = memory_bar(widths[i]), whole = memory_bar(widths[i]);
        set_texts();
        for (int turn = 0; turn < 40; turn++) {
            struct statusline copy;
            random = random * 1664525 + 1013904223;
            char text[64];
            snprintf(text, sizeof text, "%.*s", (int)(random >> 27),
                     "0123456789 = 01234567890123456789");
            enum status_field field = (enum status_field)((random >> 16) % STATUS_FIELDS);
            if (field == STATUS_PROGRESS)
                statusline_progress(&line, text, (random >> 8 & 255) / 255.0);
            else
                statusline_set(&line, field, text);
            statusline_draw(&line, &parts.canvas, false);
            copy = line;
            statusline_draw(&copy, &whole.canvas, true);
            CU_ASSERT(
                !memcmp(parts.pixels, whole.pixels, sizeof(struct rgb) * (size_t)(widths[i] * 23)));
        }
        canvas_memory_fini(&parts);
        canvas_memory_fini(&whole);
    }
}

static void another_width_draws_all(void)
{
    start(800);
    draw(true);
    recorder.canvas.width = 700;
    draw(false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "1023"));
    CU_ASSERT(recorder_tidy(&recorder));
}

static void texts_that_are_too_long_for_a_field_are_kept_whole_characters(void)
{
    char text[2 * STATUS_TEXT + 1];
    statusline_init(&line);
    for (int i = 0; i < 2 * STATUS_TEXT; i += 2)
        memcpy(text + i, "\xc3\xa4", 3);
    statusline_set(&line, STATUS_NOTE, text);
    CU_ASSERT_EQUAL(strlen(line.text[STATUS_NOTE]), STATUS_TEXT - 2);
}

/* The width of a bar, the note, and what is to be read of it. */
static void a_place_outlives_the_name_of_the_file(void)
{
    static const struct {
        int width;
        const char *note, *shown;
    } rows[] = {
        {1024, "a_long_name_of_a_film.tif\tpage 16 of 40",
         "a_long_name_of_a_film.tif  page 16 of 40"},
        {640, "a_long_name_of_a_film.tif\tpage 16 of 40  cine 10/s",
         "a_l...if  page 16 of 40  cine 10/s"},
        {600, "a_long_name_of_a_film.tif\tpage 16 of 40  cine 10/s", "page 16 of 40  cine 10/s"},
        {520, "a_long_name_of_a_film.tif\tpage 16 of 40  cine 10/s", "page 16 of 40"},
        {640, "a.tif\tpage 1 of 2", "a.tif  page 1 of 2"},
        {490, "a_long_name_of_a_film.tif\tpage 16 of 40", "page 16"},
        {500, "\t", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        start(rows[i].width);
        statusline_set(&line, STATUS_NOTE, rows[i].note);
        draw(true);
        CU_ASSERT(recorder_tidy(&recorder));
        bool found = !*rows[i].shown || recorder_find(&recorder, rows[i].shown);
        CU_ASSERT(found);
        for (int at = 0; !found && at < recorder.count; at++)
            if (recorder.records[at].text[0])
                printf("  %d: '%s'\n", rows[i].width, recorder.records[at].text);
    }
}

static void texts_are_cut_in_the_middle(void)
{
    static const struct {
        const char *text;
        int most, room;
        const char *cut;
    } cases[] = {
        {"abcdefghij", 10, 64, "abcdefghij"},
        {"abcdefghij", 9, 64, "abc...hij"},
        {"abcdefghij", 8, 64, "abc...ij"},
        {"abcdefghij", 4, 64, "a..."},
        {"abcdefghij", 3, 64, "..."},
        {"abcdefghij", 1, 64, "."},
        {"abcdefghij", 0, 64, ""},
        {"abcdefghij", -5, 64, ""},
        {"abcdefghij", 10, 8, "ab...ij"},
        {"abcdefghij", 10, 1, ""},
        {"abcdefghij", 1000000000, 8, "ab...ij"},
        {"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc", 5, 64, "\xc3\xa4...\xc3\xbc"},
        {"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc", 6, 10, "\xc3\xa4...\xc3\xbc"},
        {"", 5, 64, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char cut[64];
        memset(cut, '#', sizeof cut);
        text_cut_middle(cases[i].text, cases[i].most, cut, cases[i].room);
        CU_ASSERT_STRING_EQUAL(cut, cases[i].cut);
    }
    char untouched = '#';
    text_cut_middle("abc", 2, &untouched, 0);
    CU_ASSERT_EQUAL(untouched, '#');
}

static void it_looks_right(void)
{
    static const int sizes[] = {320, 640};
    for (int i = 0; i < 2; i++) {
        char name[40];
        struct canvas_memory memory = memory_bar(sizes[i]);
        set_texts();
        statusline_draw(&line, &memory.canvas, true);
        snprintf(name, sizeof name, "statusline-%d", sizes[i]);
        CU_ASSERT(golden_check(name, &memory));
        canvas_memory_fini(&memory);
    }
}

static void progress_looks_right(void)
{
    struct canvas_memory memory = memory_bar(1024);
    set_texts();
    statusline_progress(&line, "reading 43 %", 0.43);
    statusline_draw(&line, &memory.canvas, true);
    CU_ASSERT(golden_check("statusline-progress", &memory));
    canvas_memory_fini(&memory);
}

SUITE("statusline", {"fields never overlap", fields_never_overlap},
      {"fields leave from the right", fields_leave_from_the_right},
      {"a warning stands before all", a_warning_stands_before_all},
      {"only what changed is drawn", only_what_changed_is_drawn},
      {"changing values do not jump", changing_values_do_not_jump},
      {"long values are never cut", long_values_are_never_cut},
      {"progress keeps to the right end", progress_keeps_to_the_right_end},
      {"progress looks right", progress_looks_right},
      {"changes end in the same picture", changes_end_in_the_same_picture},
      {"another width draws all", another_width_draws_all},
      {"long texts keep whole characters",
       texts_that_are_too_long_for_a_field_are_kept_whole_characters},
      {"a place outlives the name of the file", a_place_outlives_the_name_of_the_file},
      {"texts are cut in the middle", texts_are_cut_in_the_middle},
      {"it looks right", it_looks_right})
