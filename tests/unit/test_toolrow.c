/* The tool row: which buttons there are, when they act, how they look. */
#include "suite.h"

#include <string.h>

#include "golden/golden.h"
#include "ui/toolrow.h"

static const struct command table[] = {
    {"zoom", "", "", "", "View", "*(_Fit:fit|(F_ill:fill|*Actual:1", 1, 1, sample_run},
    {"invert", "", "", "", "Tone", "*[_Invert", 0, 0, sample_run},
    {"play", "", "", "", "Image", "*_Play", 0, 0, sample_run},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static struct toolrow row;
static struct canvas_memory memory;
static const char *lit = "zoom fit";

static enum menu_state state_of(void *context, const struct menu_item *item)
{
    (void)context;
    if (!strcmp(item->script, "play"))
        return MENU_INSENSITIVE;
    return !strcmp(item->script, lit) ? MENU_ON : MENU_OFF;
}

static void begin(int width)
{
    struct fault fault;
    struct scheme scheme = golden_scheme();
    struct canvas_memory probe;
    CU_ASSERT_FATAL(canvas_memory_init(&probe, 1, 1, &scheme, &fault));
    int height = toolrow_height(&probe.canvas);
    canvas_memory_fini(&probe);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    toolrow_init(&row, table, state_of, NULL);
    toolrow_draw(&row, &memory.canvas, true);
}

static enum menu_answer at(enum input_kind kind, int x)
{
    struct input input = {.kind = kind, .button = 1, .x = x, .y = memory.canvas.height / 2};
    return toolrow_input(&row, &input, &memory.canvas);
}

static void a_button_acts_on_release(void)
{
    begin(300);
    CU_ASSERT_EQUAL(row.count, 4);
    at(INPUT_PRESS, 50); /* Actual */
    CU_ASSERT_EQUAL(row.armed, 1);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, 50), MENU_CHOSE);
    CU_ASSERT_STRING_EQUAL(row.chosen, "zoom 1");
    at(INPUT_PRESS, 50);
    at(INPUT_MOTION, 150);
    CU_ASSERT_FALSE(row.inside);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, 150), MENU_CHANGED);
    at(INPUT_PRESS, 180); /* Play, which cannot be */
    CU_ASSERT_EQUAL(row.armed, -1);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, 180), MENU_TOOK);
    canvas_memory_fini(&memory);
}

static void only_what_changed_is_drawn(void)
{
    static struct recorder recorder;
    begin(300);
    recorder_init(&recorder, 300, memory.canvas.height);
    CU_ASSERT_FALSE(toolrow_refresh(&row));
    toolrow_draw(&row, &recorder.canvas, false);
    CU_ASSERT_EQUAL(recorder.count, 0);
    lit = "invert";
    CU_ASSERT(toolrow_refresh(&row));
    toolrow_draw(&row, &recorder.canvas, false);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Fit"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Invert"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "Actual"));
    lit = "zoom fit";
    canvas_memory_fini(&memory);
}

static void a_narrow_row_has_fewer(void)
{
    static struct recorder recorder;
    for (int width = 20; width < 300; width += 7) {
        begin(width);
        recorder_init(&recorder, width, memory.canvas.height);
        toolrow_draw(&row, &recorder.canvas, true);
        CU_ASSERT(recorder_tidy(&recorder));
        canvas_memory_fini(&memory);
    }
}

static void it_looks_right(void)
{
    begin(240);
    at(INPUT_PRESS, 50);
    toolrow_draw(&row, &memory.canvas, false);
    CU_ASSERT(golden_check("toolrow", &memory));
    canvas_memory_fini(&memory);
}

SUITE("toolrow", {"a button acts on release", a_button_acts_on_release},
      {"only what changed is drawn", only_what_changed_is_drawn},
      {"a narrow row has fewer", a_narrow_row_has_fewer}, {"it looks right", it_looks_right})
