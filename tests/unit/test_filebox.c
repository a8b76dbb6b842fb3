/* The file selection box and what it is made of (ui/scrollbar.h, ui/textfield.h, ui/listbox.h,
 * ui/filebox.c, ui/filebox_draw.c), on a canvas in memory: by keys alone, by mouse, looks. */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "ui/filebox.h"

static const char *const folders[] = {"..", "2025", "old films"};
static const char *const files[] = {
    "chest.tif",         "hand left.tif",
    "new\nline\xff.tif", "slice1.tif",
    "slice2.tif",        "slice10.tif",
    "spine.tif",         "a name that is so long that it is cut in the middle, patient 7.tif",
    "zygoma.tif",        "zz1.tif",
    "zz2.tif",           "zz3.tif",
    "zz4.tif",           "zz5.tif",
    "zz6.tif",           "zz7.tif",
    "zz8.tif",           "zz9.tif",
    "zz10.tif",          "zz11.tif"};
enum { FOLDERS = 3, FILES = 20 };

static struct filebox box;
static struct canvas_memory memory;
static int64_t now;

static const char *folder_name(const void *context, int row)
{
    (void)context;
    return folders[row];
}

static const char *file_name(const void *context, int row)
{
    (void)context;
    return files[row];
}

static void begin(int width, int height)
{
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    filebox_init(&box, folder_name, file_name, NULL);
    box.folders.count = FOLDERS;
    box.files.count = FILES;
    filebox_set_filter(&box, "/films/*.tif");
    filebox_set_selection(&box, "/films/");
    filebox_set_note(&box, "2 directories, 20 files");
}

static void begin_usual(void)
{
    struct canvas_memory probe;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    int width, height;
    CU_ASSERT_FATAL(canvas_memory_init(&probe, 1, 1, &scheme, &fault));
    filebox_size(&probe.canvas, &width, &height);
    canvas_memory_fini(&probe);
    begin(width, height);
}

static enum filebox_answer press_key(const char *key, const char *text, unsigned modifiers)
{
    struct input input = {.kind = INPUT_KEY, .modifiers = modifiers, .time_ms = now};
    snprintf(input.key, sizeof input.key, "%s", key);
    snprintf(input.text, sizeof input.text, "%s", text);
    return filebox_input(&box, &input, &memory.canvas);
}

static void type_in(const char *text)
{
    for (; *text; text++) {
        char letter[2] = {*text, 0};
        press_key(letter, letter, 0);
    }
}

static enum filebox_answer mouse(enum input_kind kind, int button, int x, int y)
{
    struct input input = {.kind = kind, .button = button, .x = x, .y = y, .time_ms = now};
    return filebox_input(&box, &input, &memory.canvas);
}

static enum filebox_answer click(struct rect r, int x, int y)
{
    enum filebox_answer down = mouse(INPUT_PRESS, 1, r.x + x, r.y + y);
    enum filebox_answer up = mouse(INPUT_RELEASE, 1, r.x + x, r.y + y);
    return down == FILEBOX_CHANGED || down == FILEBOX_TOOK ? up : down;
}

/* Row `row` of a list, with letters of 13 lines. */
static enum filebox_answer click_row(enum filebox_spot list, int row)
{
    return click(filebox_spot(&memory.canvas, list), 20, 2 + 17 * row + 8);
}

static void keys_go_everywhere(void)
{
    static const enum filebox_spot order[] = {FILEBOX_SELECTION, FILEBOX_OK,       FILEBOX_APPLY,
                                              FILEBOX_CANCEL,    FILEBOX_FILTER,   FILEBOX_FOLDERS,
                                              FILEBOX_FILES,     FILEBOX_SELECTION};
    begin_usual();
    CU_ASSERT_EQUAL(box.focus, FILEBOX_FILES);
    for (int i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(press_key("Tab", "", 0), FILEBOX_CHANGED);
        CU_ASSERT_EQUAL(box.focus, order[i]);
    }
    press_key("Tab", "", MODIFIER_SHIFT);
    CU_ASSERT_EQUAL(box.focus, FILEBOX_FILES);
    CU_ASSERT_EQUAL(press_key("Escape", "", 0), FILEBOX_CLOSED);
    canvas_memory_fini(&memory);
}

static void return_does_what_it_is_for(void)
{
    static const struct {
        enum filebox_spot spot;
        enum filebox_answer answer;
    } rows[] = {{FILEBOX_FILTER, FILEBOX_FILTERED}, {FILEBOX_FOLDERS, FILEBOX_ENTERED},
                {FILEBOX_FILES, FILEBOX_OPENED},    {FILEBOX_SELECTION, FILEBOX_OPENED},
                {FILEBOX_OK, FILEBOX_OPENED},       {FILEBOX_APPLY, FILEBOX_FILTERED},
                {FILEBOX_CANCEL, FILEBOX_CLOSED}};
    begin_usual();
    box.folders.row = 1;
    for (int i = 0; i < 7; i++) {
        box.focus = rows[i].spot;
        CU_ASSERT_EQUAL(press_key("Return", "", 0), rows[i].answer);
    }
    CU_ASSERT_EQUAL(press_key("space", " ", 0), FILEBOX_CLOSED);
    box.focus = FILEBOX_FOLDERS;
    box.folders.row = -1;
    CU_ASSERT_EQUAL(press_key("Return", "", 0), FILEBOX_TOOK);
    CU_ASSERT_EQUAL(press_key("BackSpace", "", 0), FILEBOX_UP);
    filebox_set_selection(&box, "");
    box.focus = FILEBOX_OK;
    CU_ASSERT_EQUAL(press_key("Return", "", 0), FILEBOX_TOOK);
    canvas_memory_fini(&memory);
}

static void lists_go_by_arrows_and_letters(void)
{
    begin_usual();
    CU_ASSERT_EQUAL(press_key("Down", "", 0), FILEBOX_CHOSE);
    CU_ASSERT_EQUAL(box.files.row, 0);
    press_key("End", "", 0);
    CU_ASSERT_EQUAL(box.files.row, FILES - 1);
    CU_ASSERT_EQUAL(box.files.top, FILES - 14);
    CU_ASSERT_EQUAL(press_key("Down", "", 0), FILEBOX_TOOK);
    press_key("Prior", "", 0);
    CU_ASSERT_EQUAL(box.files.row, FILES - 1 - 13);
    now += 5000;
    type_in("SL");
    CU_ASSERT_EQUAL(box.files.row, 3);
    type_in("ice10");
    CU_ASSERT_EQUAL(box.files.row, 5);
    now += 500; /* goes on */
    CU_ASSERT_EQUAL(press_key("q", "q", 0), FILEBOX_TOOK);
    CU_ASSERT_EQUAL(box.files.row, 5);
    now += 1500;
    type_in("c");
    CU_ASSERT_EQUAL(box.files.row, 0);
    CU_ASSERT_EQUAL(press_key("o", "o", MODIFIER_CONTROL), FILEBOX_NOT_MINE);
    canvas_memory_fini(&memory);
}

static void fields_are_typed_in(void)
{
    begin_usual();
    box.focus = FILEBOX_SELECTION;
    type_in("ab");
    press_key("odiaeresis", "\xc3\xb6", 0);
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/films/ab\xc3\xb6");
    press_key("Left", "", 0);
    press_key("BackSpace", "", 0);
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/films/a\xc3\xb6");
    press_key("Delete", "", 0);
    press_key("Home", "", 0);
    press_key("BackSpace", "", 0);
    type_in("x");
    press_key("End", "", 0);
    press_key("Right", "", 0);
    type_in("y");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "x/films/ay");
    press_key("u", "u", MODIFIER_CONTROL);
    CU_ASSERT_STRING_EQUAL(box.selection.text, "");
    for (int i = 0; i < TEXTFIELD_ROOM + 10; i++)
        type_in("n");
    CU_ASSERT_EQUAL(strlen(box.selection.text), TEXTFIELD_ROOM - 1);
    filebox_draw(&box, &memory.canvas, true);
    struct rect field = filebox_spot(&memory.canvas, FILEBOX_FILTER);
    click(field, 2 + 3 + 6 * 6 + 3, 10);
    CU_ASSERT_EQUAL(box.focus, FILEBOX_FILTER);
    CU_ASSERT_EQUAL(box.filter.caret, 6);
    canvas_memory_fini(&memory);
}

static void the_mouse_chooses_and_acts(void)
{
    begin_usual();
    now += 5000;
    CU_ASSERT_EQUAL(click_row(FILEBOX_FILES, 3), FILEBOX_CHOSE);
    CU_ASSERT_EQUAL(box.files.row, 3);
    now += 200;
    CU_ASSERT_EQUAL(click_row(FILEBOX_FILES, 3), FILEBOX_OPENED);
    now += 200;
    CU_ASSERT_EQUAL(click_row(FILEBOX_FOLDERS, 1), FILEBOX_TOOK);
    now += 600; /* too late for two */
    CU_ASSERT_EQUAL(click_row(FILEBOX_FOLDERS, 1), FILEBOX_TOOK);
    now += 100;
    CU_ASSERT_EQUAL(click_row(FILEBOX_FOLDERS, 1), FILEBOX_ENTERED);
    CU_ASSERT_EQUAL(click_row(FILEBOX_FOLDERS, 9), FILEBOX_TOOK); /* below them all */
    CU_ASSERT_EQUAL(box.folders.row, 1);
    struct rect cancel = filebox_spot(&memory.canvas, FILEBOX_CANCEL);
    CU_ASSERT_EQUAL(click(cancel, 5, 5), FILEBOX_CLOSED);
    mouse(INPUT_PRESS, 1, cancel.x + 5, cancel.y + 5);
    mouse(INPUT_MOTION, 1, cancel.x - 5, cancel.y + 5);
    CU_ASSERT_FALSE(box.inside);
    CU_ASSERT_EQUAL(mouse(INPUT_RELEASE, 1, cancel.x - 5, cancel.y + 5), FILEBOX_CHANGED);
    canvas_memory_fini(&memory);
}

static void lists_scroll(void)
{
    begin_usual();
    struct rect list = filebox_spot(&memory.canvas, FILEBOX_FILES);
    int bar = list.x + list.width - 8;
    mouse(INPUT_PRESS, 5, list.x + 20, list.y + 20);
    CU_ASSERT_EQUAL(box.files.top, 3);
    mouse(INPUT_PRESS, 4, list.x + 20, list.y + 20);
    CU_ASSERT_EQUAL(box.files.top, 0);
    mouse(INPUT_PRESS, 1, bar, list.y + list.height - 6); /* the lower arrow */
    CU_ASSERT_EQUAL(box.files.top, 1);
    mouse(INPUT_RELEASE, 1, bar, list.y + list.height - 6);
    mouse(INPUT_PRESS, 1, bar, list.y + 40); /* the slider, to the end and beyond */
    mouse(INPUT_MOTION, 1, bar, list.y + 1000);
    CU_ASSERT_EQUAL(box.files.top, FILES - 14);
    mouse(INPUT_MOTION, 1, bar, list.y + 40);
    mouse(INPUT_RELEASE, 1, bar, list.y + 40);
    CU_ASSERT_EQUAL(box.files.top, 1);
    mouse(INPUT_PRESS, 1, list.x + 20, list.y + 10);
    mouse(INPUT_MOTION, 1, list.x + 20, list.y + 10 + 3 * 17); /* rows are dragged over */
    CU_ASSERT_EQUAL(box.files.row, 4);
    mouse(INPUT_MOTION, 1, list.x + 20, list.y - 100);
    CU_ASSERT_EQUAL(box.files.row, 0);
    CU_ASSERT_EQUAL(box.files.top, 0);
    mouse(INPUT_RELEASE, 1, list.x + 20, list.y - 100);
    canvas_memory_fini(&memory);
}

static void there_is_no_row_below_the_last_seen(void)
{
    begin_usual();
    int width = memory.canvas.width, height = memory.canvas.height + 7;
    canvas_memory_fini(&memory);
    begin(width, height);
    struct rect list = filebox_spot(&memory.canvas, FILEBOX_FILES);
    CU_ASSERT_FATAL((list.height - 4) % 17 > 4);
    int rows = (list.height - 4) / 17;
    click_row(FILEBOX_FILES, 1);
    now += 10000;
    click(list, 20, 2 + 17 * rows + 3);
    CU_ASSERT_EQUAL(box.files.row, 1);
    click_row(FILEBOX_FILES, rows - 1);
    CU_ASSERT_EQUAL(box.files.row, rows - 1);
    CU_ASSERT_EQUAL(box.files.top, 0);
    canvas_memory_fini(&memory);
}

/* Twenty names, of which fourteen are seen. */
static void held_arrows_and_troughs_repeat(void)
{
    begin_usual();
    struct rect list = filebox_spot(&memory.canvas, FILEBOX_FILES);
    int bar = list.x + list.width - 8, down = list.y + list.height - 6;
    CU_ASSERT_FALSE(filebox_repeats(&box));
    mouse(INPUT_PRESS, 1, bar, down);
    for (int top = 1; top < FILES - 14; top++) {
        CU_ASSERT_EQUAL(box.files.top, top);
        CU_ASSERT(filebox_repeats(&box) && filebox_again(&box, &memory.canvas));
    }
    CU_ASSERT_FALSE(filebox_again(&box, &memory.canvas)); /* the end */
    mouse(INPUT_RELEASE, 1, bar, down);
    CU_ASSERT_FALSE(filebox_repeats(&box));
    mouse(INPUT_PRESS, 1, bar, list.y + 22); /* the trough above the slider: a page */
    CU_ASSERT_EQUAL(box.files.top, 0);
    CU_ASSERT(filebox_repeats(&box) && !filebox_again(&box, &memory.canvas));
    mouse(INPUT_RELEASE, 1, bar, list.y + 22);
    box.files.count = 200; /* page by page the slider comes under the pointer, and stays there */
    mouse(INPUT_PRESS, 1, bar, list.y + list.height / 2);
    for (int pages = 0; pages < 20 && filebox_again(&box, &memory.canvas); pages++)
        ;
    CU_ASSERT(box.files.top > 93 - 14 && box.files.top < 93 + 14);
    mouse(INPUT_RELEASE, 1, bar, list.y + list.height / 2);
    canvas_memory_fini(&memory);
}

static void fields_are_pasted_into_and_copied(void)
{
    static const struct {
        const char *key;
        unsigned modifiers;
        enum filebox_answer answer;
    } keys[] = {{"v", MODIFIER_CONTROL, FILEBOX_PASTED},
                {"Insert", MODIFIER_SHIFT, FILEBOX_PASTED},
                {"c", MODIFIER_CONTROL, FILEBOX_COPIED},
                {"Insert", MODIFIER_CONTROL, FILEBOX_COPIED}};
    begin_usual();
    CU_ASSERT_NOT_EQUAL(press_key("v", "", MODIFIER_CONTROL), FILEBOX_PASTED);
    box.focus = FILEBOX_SELECTION;
    for (int i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(press_key(keys[i].key, "", keys[i].modifiers), keys[i].answer);
    filebox_set_selection(&box, "/ac");
    press_key("Left", "", 0);
    filebox_paste(&box, "\nb\nd");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/abc");
    CU_ASSERT_EQUAL(box.selection.caret, 3);
    struct rect field = filebox_spot(&memory.canvas, FILEBOX_FILTER);
    CU_ASSERT_EQUAL(mouse(INPUT_PRESS, 2, field.x + 5 + 6, field.y + 9), FILEBOX_PASTED_CLICK);
    filebox_paste(&box, "home/");
    CU_ASSERT_STRING_EQUAL(box.filter.text, "/home/films/*.tif");
    canvas_memory_fini(&memory);
}

static const char *copied(void)
{
    static char text[TEXTFIELD_ROOM];
    filebox_copy(&box, text, sizeof text);
    return text;
}

static void parts_of_a_text_are_selected_by_keys(void)
{
    begin_usual();
    box.focus = FILEBOX_SELECTION;
    filebox_set_selection(&box, "/films/a\xc3\xb6.tif");
    CU_ASSERT_STRING_EQUAL(copied(), "/films/a\xc3\xb6.tif");
    for (int i = 0; i < 6; i++)
        press_key("Left", "", i < 4 ? 0 : MODIFIER_SHIFT);
    CU_ASSERT_STRING_EQUAL(copied(), "a\xc3\xb6");
    type_in("b");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/films/b.tif");
    press_key("End", "", MODIFIER_SHIFT);
    CU_ASSERT_STRING_EQUAL(copied(), ".tif");
    press_key("Right", "", MODIFIER_SHIFT); /* the end is there already */
    press_key("BackSpace", "", 0);
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/films/b");
    press_key("Home", "", MODIFIER_SHIFT);
    press_key("Right", "", 0); /* to where the selection ends */
    type_in("c");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/films/bc");
    press_key("a", "", MODIFIER_CONTROL);
    CU_ASSERT_STRING_EQUAL(copied(), "/films/bc");
    press_key("Left", "", 0);
    filebox_paste(&box, "/x");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "/x/films/bc");
    press_key("a", "", MODIFIER_CONTROL);
    filebox_paste(&box, "y\nz");
    CU_ASSERT_STRING_EQUAL(box.selection.text, "y");
    press_key("Home", "", MODIFIER_SHIFT);
    press_key("Delete", "", 0);
    CU_ASSERT_STRING_EQUAL(box.selection.text, "");
    canvas_memory_fini(&memory);
}

static void press_field(int letter, unsigned modifiers)
{
    struct rect field = filebox_spot(&memory.canvas, FILEBOX_SELECTION);
    struct input input = {.kind = INPUT_PRESS,
                          .button = 1,
                          .modifiers = modifiers,
                          .x = field.x + 2 + 3 + 6 * letter + 1,
                          .y = field.y + 9,
                          .time_ms = now};
    filebox_input(&box, &input, &memory.canvas);
}

/* Letters are 6 pixels wide. */
static void parts_of_a_text_are_selected_by_mouse(void)
{
    begin_usual();
    struct rect field = filebox_spot(&memory.canvas, FILEBOX_SELECTION);
    filebox_set_selection(&box, "/films/old/a.tif");
    now += 10000;
    press_field(2, 0);
    mouse(INPUT_MOTION, 1, field.x + 2 + 3 + 6 * 5 + 1, field.y + 40);
    mouse(INPUT_RELEASE, 1, field.x + 2 + 3 + 6 * 5 + 1, field.y + 40);
    mouse(INPUT_MOTION, 0, field.x + 2, field.y + 9);
    CU_ASSERT_STRING_EQUAL(copied(), "ilm");
    now += 10000;
    press_field(7, MODIFIER_SHIFT);
    mouse(INPUT_RELEASE, 1, field.x, field.y);
    CU_ASSERT_STRING_EQUAL(copied(), "ilms/");
    now += 10000;
    for (int i = 0; i < 2; i++) {
        press_field(9, 0);
        mouse(INPUT_RELEASE, 1, field.x, field.y);
        CU_ASSERT_STRING_EQUAL(copied(), i ? "old" : "/films/old/a.tif");
        now += 100;
    }
    filebox_draw(&box, &memory.canvas, true);
    const struct rgb *row = memory.pixels + (field.y + 5) * memory.canvas.width + field.x + 5;
    int seen = 0; /* the ground of what is selected, above its letters, and the caret */
    for (int x = 0; x < 16 * 6; x++)
        seen += memcmp(&row[x], &row[15 * 6 + 3], sizeof *row) != 0;
    CU_ASSERT_EQUAL(seen, 3 * 6 + 2);
    canvas_memory_fini(&memory);
}

static void only_what_changed_is_drawn(void)
{
    static struct recorder recorder;
    begin_usual();
    recorder_init(&recorder, memory.canvas.width, memory.canvas.height);
    filebox_draw(&box, &recorder.canvas, true);
    recorder.count = 0;
    filebox_draw(&box, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 0);
    press_key("Down", "", 0);
    filebox_draw(&box, &recorder.canvas, false);
    recorder.count = 0;
    press_key("Down", "", 0);
    filebox_draw(&box, &recorder.canvas, false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "chest.tif"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "hand left.tif"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "slice1.tif"));
    CU_ASSERT(recorder.count < 20);
    canvas_memory_fini(&memory);
}

/* From the least that is asked for to twice the usual size, and with what is smaller yet. */
static void nothing_overlaps(void)
{
    static struct recorder recorder;
    for (int width = 200; width < 1100; width += 61)
        for (int height = 160; height < 700; height += 37) {
            begin(width, height);
            recorder_init(&recorder, width, height);
            filebox_draw(&box, &recorder.canvas, true);
            CU_ASSERT(recorder_tidy(&recorder));
            canvas_memory_fini(&memory);
        }
    int least_width, least_height;
    begin(320, 240);
    filebox_least(&memory.canvas, &least_width, &least_height);
    CU_ASSERT(least_width <= 320 && least_height <= 240);
    CU_ASSERT_FALSE(rect_empty(filebox_spot(&memory.canvas, FILEBOX_FILES)));
    canvas_memory_fini(&memory);
}

static void it_looks_right(void)
{
    static uint8_t levels[FILEBOX_PICTURE * FILEBOX_PICTURE];
    for (int i = 0; i < FILEBOX_PICTURE * FILEBOX_PICTURE; i++)
        levels[i] = (uint8_t)(i % FILEBOX_PICTURE + i / FILEBOX_PICTURE);
    begin_usual();
    filebox_draw(&box, &memory.canvas, true);
    press_key("Down", "", 0);
    press_key("Down", "", 0);
    filebox_set_selection(&box, "/films/hand left.tif");
    filebox_set_picture(&box, levels, "");
    filebox_draw(&box, &memory.canvas, false);
    CU_ASSERT(golden_check("filebox", &memory));
    canvas_memory_fini(&memory);
    begin(320, 240);
    box.focus = FILEBOX_SELECTION;
    filebox_set_picture(&box, NULL, "is not a TIFF file");
    filebox_draw(&box, &memory.canvas, true);
    CU_ASSERT(golden_check("filebox-320", &memory));
    canvas_memory_fini(&memory);
}

SUITE("filebox", {"keys go everywhere", keys_go_everywhere},
      {"Return does what it is for", return_does_what_it_is_for},
      {"lists go by arrows and letters", lists_go_by_arrows_and_letters},
      {"fields are typed in", fields_are_typed_in},
      {"the mouse chooses and acts", the_mouse_chooses_and_acts}, {"lists scroll", lists_scroll},
      {"there is no row below the last seen", there_is_no_row_below_the_last_seen},
      {"held arrows and troughs repeat", held_arrows_and_troughs_repeat},
      {"fields are pasted into and copied", fields_are_pasted_into_and_copied},
      {"parts of a text are selected by keys", parts_of_a_text_are_selected_by_keys},
      {"parts of a text are selected by mouse", parts_of_a_text_are_selected_by_mouse},
      {"only what changed is drawn", only_what_changed_is_drawn},
      {"nothing overlaps", nothing_overlaps}, {"it looks right", it_looks_right})
