/* The file list on a canvas in memory: which cells are asked for, keys and mouse, looks. */
#include "suite.h"

#include <string.h>

#include "golden/golden.h"
#include "ui/filmstrip.h"

enum { HEIGHT = 400, CELL = 96 + 9 + 13, TOP = 6 };

static struct filmstrip strip;
static struct canvas_memory memory;
static uint8_t levels[FILMSTRIP_PICTURE * FILMSTRIP_PICTURE];
static int asked_least, asked_most;
static bool bare; /* no pictures yet */

static void cell_of(void *context, int index, struct filmstrip_cell *cell)
{
    static char name[40];
    (void)context;
    asked_least = index < asked_least ? index : asked_least;
    asked_most = index > asked_most ? index : asked_most;
    snprintf(name, sizeof name, index == 2 ? "a name that is too long %d.tif" : "film%d.tif",
             index);
    cell->name = name;
    cell->levels = bare || index == 1 ? NULL : levels;
    cell->trouble = index == 1 ? "not a TIFF file\n(it looks like text)" : "";
}

static void begin(int height, int count, int shown)
{
    struct fault fault;
    struct scheme scheme = golden_scheme();
    CU_ASSERT_FATAL(canvas_memory_init(&memory, 1, height, &scheme, &fault));
    int width = filmstrip_width(&memory.canvas);
    canvas_memory_fini(&memory);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    for (int i = 0; i < FILMSTRIP_PICTURE * FILMSTRIP_PICTURE; i++)
        levels[i] = (uint8_t)(i % FILMSTRIP_PICTURE * 2);
    filmstrip_init(&strip, cell_of, NULL);
    filmstrip_set(&strip, &memory.canvas, count, shown);
    bare = false;
    asked_least = 1000;
    asked_most = -1;
}

static enum filmstrip_answer press_key(const char *key)
{
    struct input input = {.kind = INPUT_KEY};
    snprintf(input.key, sizeof input.key, "%s", key);
    return filmstrip_input(&strip, &input, &memory.canvas);
}

static enum filmstrip_answer mouse(enum input_kind kind, int button, int x, int y)
{
    struct input input = {.kind = kind, .button = button, .x = x, .y = y};
    return filmstrip_input(&strip, &input, &memory.canvas);
}

static void cells_that_are_seen_are_asked_for(void)
{
    int first;
    begin(HEIGHT, 500, 250);
    CU_ASSERT_EQUAL(filmstrip_seen(&strip, &memory.canvas, &first), 3);
    CU_ASSERT(first <= 250 && first + 3 > 250);
    filmstrip_draw(&strip, &memory.canvas, true);
    CU_ASSERT_EQUAL(asked_least, first);
    CU_ASSERT_EQUAL(asked_most, first + 2);
    canvas_memory_fini(&memory);
    begin(4300, 500, 0); /* of 8K: not more than there are pictures kept of */
    CU_ASSERT_EQUAL(filmstrip_seen(&strip, &memory.canvas, &first), FILMSTRIP_CELLS);
    canvas_memory_fini(&memory);
}

static void keys_go_and_open(void)
{
    begin(HEIGHT, 10, 4);
    CU_ASSERT_EQUAL(press_key("Down"), FILMSTRIP_NOT_MINE);
    filmstrip_focus(&strip, &memory.canvas, true);
    CU_ASSERT_EQUAL(strip.row, 4);
    CU_ASSERT_EQUAL(press_key("Down"), FILMSTRIP_CHANGED);
    CU_ASSERT_EQUAL(strip.row, 5);
    press_key("End");
    CU_ASSERT_EQUAL(strip.row, 9);
    CU_ASSERT_EQUAL(strip.top, 7);
    press_key("Next");
    CU_ASSERT_EQUAL(strip.row, 9);
    press_key("Prior");
    CU_ASSERT_EQUAL(strip.row, 6);
    CU_ASSERT_EQUAL(press_key("Return"), FILMSTRIP_CHOSE);
    press_key("Home");
    CU_ASSERT_EQUAL(strip.top, 0);
    CU_ASSERT_EQUAL(press_key("i"), FILMSTRIP_NOT_MINE);
    CU_ASSERT_EQUAL(press_key("Escape"), FILMSTRIP_CHANGED);
    CU_ASSERT_FALSE(strip.focus);
    canvas_memory_fini(&memory);
    begin(HEIGHT, 0, -1);
    filmstrip_focus(&strip, &memory.canvas, true);
    CU_ASSERT_EQUAL(press_key("Down"), FILMSTRIP_NOT_MINE);
    CU_ASSERT_EQUAL(press_key("Return"), FILMSTRIP_TOOK);
    canvas_memory_fini(&memory);
}

static void the_mouse_opens_and_scrolls(void)
{
    begin(HEIGHT, 10, 0);
    CU_ASSERT_EQUAL(mouse(INPUT_PRESS, 1, 40, TOP + CELL + 20), FILMSTRIP_CHOSE);
    CU_ASSERT_EQUAL(strip.row, 1);
    filmstrip_draw(&strip, &memory.canvas, true);
    CU_ASSERT_EQUAL(mouse(INPUT_PRESS, 5, 40, 40), FILMSTRIP_CHANGED);
    CU_ASSERT_EQUAL(strip.top, 3);
    CU_ASSERT_EQUAL(mouse(INPUT_PRESS, 1, 40, TOP + 20), FILMSTRIP_CHOSE);
    CU_ASSERT_EQUAL(strip.row, 3);
    mouse(INPUT_PRESS, 1, memory.canvas.width - 10, HEIGHT - 8); /* the lower arrow */
    CU_ASSERT_EQUAL(strip.top, 4);
    for (int top = 5; top <= 7; top++) {
        CU_ASSERT(filmstrip_repeats(&strip) && filmstrip_again(&strip, &memory.canvas));
        CU_ASSERT_EQUAL(strip.top, top);
    }
    CU_ASSERT_FALSE(filmstrip_again(&strip, &memory.canvas)); /* the end */
    mouse(INPUT_RELEASE, 1, memory.canvas.width - 10, HEIGHT - 8);
    CU_ASSERT_FALSE(filmstrip_repeats(&strip));
    canvas_memory_fini(&memory);
}

static void only_what_changed_is_drawn(void)
{
    static struct recorder recorder;
    begin(HEIGHT, 10, 0);
    recorder_init(&recorder, memory.canvas.width, HEIGHT);
    bare = true;
    filmstrip_draw(&strip, &recorder.canvas, true);
    CU_ASSERT(recorder_tidy(&recorder));
    recorder.count = 0;
    filmstrip_draw(&strip, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 0);
    bare = false; /* the pictures came */
    filmstrip_draw(&strip, &recorder.canvas, false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "film0.tif"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "film1.tif"));
    recorder.count = 0;
    filmstrip_set(&strip, &recorder.canvas, 10, 1);
    filmstrip_draw(&strip, &recorder.canvas, false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "film0.tif"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "film1.tif"));
    canvas_memory_fini(&memory);
}

static void it_looks_right(void)
{
    begin(HEIGHT, 10, 0);
    filmstrip_focus(&strip, &memory.canvas, true);
    press_key("Down");
    press_key("Down");
    filmstrip_draw(&strip, &memory.canvas, true);
    CU_ASSERT(golden_check("filmstrip", &memory));
    canvas_memory_fini(&memory);
}

SUITE("filmstrip", {"cells that are seen are asked for", cells_that_are_seen_are_asked_for},
      {"keys go and open", keys_go_and_open},
      {"the mouse opens and scrolls", the_mouse_opens_and_scrolls},
      {"only what changed is drawn", only_what_changed_is_drawn},
      {"it looks right", it_looks_right})
