/* The tone panel: drags, scales, fields, lists and keys against windows worked out by hand; that
 * what changed alone leaves the same pixels as all of it; how much a drag draws; looks. Guards
 * ui/tonepanel.c, ui/tonepanel_fields.c, tonepanel_places.c, tonepanel_draw.c, tonepanel_list.c
 * and tonepanel_presets.c. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "golden/golden.h"
#include "tone/preset.h"
#include "ui/tonepanel.h"

enum { TALL = 686, PRESETS = 13, SEEN = 10 };

static struct tonepanel panel;
static struct canvas_memory memory;

static const struct tone_preset rows[PRESETS] = {
    {"file", 4000, 2000, "named by the file (ImageJ)", false},
    {"mine", 333, 44, "yours", true},
    {"a-name-of-thirty-one-characters", 1500.25, -600.5, "yours, HU", true},
    {"brain", 80, 40, "in HU, from OHIF", false},
    {"lung", 1500, -600, "in HU, from OHIF", false},
    {"abdomen", 400, 40, "in HU, from OHIF", false},
    {"bone", 2000, 350, "in HU, from Weasis", false},
    {"liver", 150, 90, "in HU, from OHIF", false},
    {"mediastinum", 400, 80, "in HU, from Weasis", false},
    {"subdural", 215, 75, "in HU, from Radiopaedia", false},
    {"stroke", 40, 40, "in HU, from Radiopaedia", false},
    {"temporal-bone", 2800, 600, "in HU, from Radiopaedia", false},
    {"last", 1, 0, "yours", true},
};

/* Values 0 .. 1999, ten for each column. */
static struct tone_look sample_look(double width, double center)
{
    struct tone_look look = {.open = true,
                             .counted = true,
                             .least = 0,
                             .most = 1999,
                             .log = true,
                             .window = {.width = width, .center = center},
                             .whole = true,
                             .black = 0.25,
                             .white = 0.125,
                             .presets = rows,
                             .preset_count = PRESETS,
                             .gray = true,
                             .preset = -1};
    for (int i = 0; i < TONE_COLUMNS; i++)
        look.heights[i] = (uint8_t)(TONE_TALL - abs(i - 60) / 2);
    return look;
}

static void begin(int height)
{
    struct fault fault;
    struct scheme scheme = golden_scheme();
    struct canvas_memory probe;
    CU_ASSERT_FATAL(canvas_memory_init(&probe, 1, 1, &scheme, &fault));
    int width = tonepanel_width(&probe.canvas);
    canvas_memory_fini(&probe);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    tonepanel_init(&panel);
    panel.look = sample_look(1000, 800); /* 300 .. 1300 */
    tonepanel_draw(&panel, &memory.canvas, true);
}

static enum tone_answer at(enum input_kind kind, int x, int y)
{
    struct input input = {.kind = kind, .button = 1, .x = x, .y = y};
    return tonepanel_input(&panel, &input, &memory.canvas);
}

static enum tone_answer press_key(const char *key, unsigned modifiers)
{
    struct input input = {.kind = INPUT_KEY, .modifiers = modifiers};
    snprintf(input.key, sizeof input.key, "%s", key);
    return tonepanel_input(&panel, &input, &memory.canvas);
}

static void drag(enum tone_grip grip, int by)
{
    int x, y;
    tonepanel_handle(&panel, &memory.canvas, grip, &x, &y);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, x, y), TONE_CHANGED);
    CU_ASSERT_EQUAL(panel.grip, grip);
    CU_ASSERT_EQUAL(at(INPUT_MOTION, x + by, y + 50), TONE_WINDOW);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, x + by, y + 50), TONE_WINDOW);
    CU_ASSERT_EQUAL(panel.grip, TONE_NO_GRIP);
}

/* Ten values a pixel. */
static void handles_move_edges_and_centre(void)
{
    begin(TALL);
    drag(TONE_LOW, 20);
    CU_ASSERT(panel.width == 800 && panel.center == 900);
    drag(TONE_HIGH, -10);
    CU_ASSERT(panel.width == 900 && panel.center == 750);
    drag(TONE_MIDDLE, 30);
    CU_ASSERT(panel.width == 1000 && panel.center == 1100);
    drag(TONE_LOW, 500); /* no further than the other edge */
    CU_ASSERT(panel.width == 1 && panel.center == 1300);
    canvas_memory_fini(&memory);
}

static void a_press_brings_the_centre(void)
{
    begin(TALL);
    struct rect box = tonepanel_spot(&memory.canvas, TONE_HISTOGRAM);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, box.x + 2 + 160, box.y + 20), TONE_WINDOW);
    CU_ASSERT(panel.width == 1000 && panel.center == 1600);
    at(INPUT_RELEASE, box.x + 2 + 160, box.y + 20);
    canvas_memory_fini(&memory);
}

/* Centres run from the least to the most value, widths from 1 to twice that by logarithms. */
static void scales_give_values(void)
{
    begin(TALL);
    struct rect scale = tonepanel_spot(&memory.canvas, TONE_CENTER_SCALE);
    int way = scale.width - 4 - 24;
    int left = scale.x + 2 + (int)(0.4 * way + 0.5);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, left + 12, scale.y + 8), TONE_CHANGED);
    at(INPUT_MOTION, left + 12 + 30, scale.y + 8);
    CU_ASSERT(panel.width == 1000);
    CU_ASSERT(fabs(panel.center - 2000.0 * (left - scale.x - 2 + 30) / way) <= 0.5);
    at(INPUT_MOTION, -500, scale.y + 8);
    CU_ASSERT_EQUAL(panel.center, 0);
    at(INPUT_RELEASE, 5000, 0);
    CU_ASSERT_EQUAL(panel.center, 2000);
    struct rect wide = tonepanel_spot(&memory.canvas, TONE_WIDTH_SCALE);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, wide.x + 3, wide.y + 8), TONE_WINDOW); /* a tenth down */
    CU_ASSERT(fabs(panel.width - 1000 / pow(4000, 0.1)) <= 1);
    at(INPUT_RELEASE, wide.x + 3, wide.y + 8);
    canvas_memory_fini(&memory);
}

static void fields_take_numbers(void)
{
    begin(TALL);
    struct rect field = tonepanel_spot(&memory.canvas, TONE_CENTER);
    at(INPUT_PRESS, field.x + 9, field.y + 9);
    at(INPUT_RELEASE, field.x + 9, field.y + 9);
    CU_ASSERT_EQUAL(panel.focus, TONE_CENTER);
    press_key("minus", 0);
    press_key("4", 0);
    press_key("1", 0);
    press_key("BackSpace", 0);
    press_key("period", 0);
    press_key("5", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_WINDOW);
    CU_ASSERT(panel.width == 1000 && panel.center == -4.5);
    press_key("minus", 0);
    press_key("minus", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_CHANGED); /* no number: nothing */
    press_key("Tab", MODIFIER_SHIFT);
    press_key("Tab", MODIFIER_SHIFT);
    CU_ASSERT_EQUAL(panel.focus, TONE_WIDTH);
    press_key("0", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_CHANGED);
    press_key("3", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_WINDOW);
    CU_ASSERT(panel.width == 3 && panel.center == 800);
    CU_ASSERT_EQUAL(press_key("x", 0), TONE_NOT_MINE);
    canvas_memory_fini(&memory);
}

/* The number there is can be changed in its middle, as any text. */
static void numbers_are_edited(void)
{
    begin(TALL);
    panel.focus = TONE_WIDTH; /* 1000 */
    press_key("Home", 0);
    press_key("Right", 0);
    press_key("Delete", 0);
    press_key("2", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_WINDOW);
    CU_ASSERT_EQUAL(panel.width, 1200);
    press_key("End", 0);
    press_key("Left", MODIFIER_SHIFT);
    press_key("Left", MODIFIER_SHIFT);
    press_key("5", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_WINDOW);
    CU_ASSERT_EQUAL(panel.width, 105);
    press_key("End", 0);
    press_key("9", 0);
    press_key("a", MODIFIER_CONTROL);
    press_key("7", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_WINDOW);
    CU_ASSERT_EQUAL(panel.width, 7);
    CU_ASSERT_EQUAL(press_key("o", MODIFIER_CONTROL), TONE_NOT_MINE);
    for (int i = 0; i < 2 * TONE_TYPED; i++)
        press_key("1", 0);
    CU_ASSERT_EQUAL(strlen(panel.entry.text), TONE_TYPED - 1);
    canvas_memory_fini(&memory);
}

static void keys_reach_every_spot(void)
{
    bool reached[TONE_SPOTS] = {false};
    begin(TALL);
    CU_ASSERT_EQUAL(press_key("Tab", 0), TONE_NOT_MINE);
    tonepanel_focus(&panel, &memory.canvas, true);
    for (int i = 0; i < TONE_SPOTS; i++, press_key("Tab", 0))
        reached[panel.focus] = true;
    for (int i = 0; i < TONE_SPOTS; i++)
        CU_ASSERT(reached[i]);
    CU_ASSERT_EQUAL(panel.focus, TONE_LOG);
    CU_ASSERT_EQUAL(press_key("space", 0), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "histogram");
    press_key("Tab", MODIFIER_SHIFT);
    CU_ASSERT_EQUAL(panel.focus, TONE_DELETE);
    for (int i = 0; i < 3; i++)
        press_key("Tab", MODIFIER_SHIFT);
    CU_ASSERT_EQUAL(panel.focus, TONE_PRESETS);
    for (int i = 0; i < 4; i++)
        press_key("Down", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset lung");
    CU_ASSERT_EQUAL(press_key("Escape", 0), TONE_CHANGED);
    CU_ASSERT_EQUAL(panel.focus, -1);
    CU_ASSERT_EQUAL(press_key("Escape", 0), TONE_NOT_MINE);
    canvas_memory_fini(&memory);
}

static void buttons_run_commands(void)
{
    static const struct {
        enum tone_spot spot;
        const char *script;
    } buttons[] = {{TONE_LINEAR_EXACT, "voi linear-exact"},
                   {TONE_SIGMOID, "voi sigmoid"},
                   {TONE_INVERT, "invert"},
                   {TONE_AUTO, "auto"},
                   {TONE_LOCK, "lock"}};
    begin(TALL);
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        struct rect r = tonepanel_spot(&memory.canvas, buttons[i].spot);
        CU_ASSERT(r.height >= 16 && r.width >= 16);
        at(INPUT_PRESS, r.x + 5, r.y + 5);
        CU_ASSERT_EQUAL(at(INPUT_RELEASE, r.x + 5, r.y + 5), TONE_SCRIPT);
        CU_ASSERT_STRING_EQUAL(panel.script, buttons[i].script);
    }
    struct rect list = tonepanel_spot(&memory.canvas, TONE_PRESETS);
    int row = (list.height - 4) / SEEN;
    CU_ASSERT(row >= 16 && list.height == SEEN * row + 4);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, list.x + 30, list.y + 2 + 7 * row + 3), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset liver");
    canvas_memory_fini(&memory);
}

/* By the wheel to its end, by keys to its end and back. */
static void the_list_scrolls(void)
{
    begin(TALL);
    struct rect list = tonepanel_spot(&memory.canvas, TONE_PRESETS);
    struct input wheel = {.kind = INPUT_PRESS, .button = 5, .x = list.x + 9, .y = list.y + 9};
    for (int i = 0; i < 9; i++)
        tonepanel_input(&panel, &wheel, &memory.canvas);
    CU_ASSERT_EQUAL(panel.top, PRESETS - SEEN);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, list.x + 30, list.y + list.height - 9), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset last");
    at(INPUT_RELEASE, list.x + 30, list.y + list.height - 9);
    panel.focus = TONE_PRESETS;
    for (int i = 0; i < 2 * PRESETS; i++)
        press_key("Up", 0);
    CU_ASSERT(panel.row == 0 && panel.top == 0);
    for (int i = 0; i < SEEN; i++)
        press_key("Down", 0);
    CU_ASSERT(panel.row == SEEN && panel.top == 1);
    canvas_memory_fini(&memory);
}

/* Scrolled to its end, then presets go: no rows are left empty, and a press takes what is seen. */
static void a_shorter_list_is_scrolled_back(void)
{
    begin(TALL);
    struct rect list = tonepanel_spot(&memory.canvas, TONE_PRESETS);
    struct input wheel = {.kind = INPUT_PRESS, .button = 5, .x = list.x + 9, .y = list.y + 9};
    for (int i = 0; i < 9; i++)
        tonepanel_input(&panel, &wheel, &memory.canvas);
    panel.row = PRESETS - 1;
    panel.look.preset_count = SEEN + 1;
    tonepanel_draw(&panel, &memory.canvas, false);
    CU_ASSERT_EQUAL(panel.top, 1);
    CU_ASSERT_EQUAL(panel.row, SEEN);
    panel.look.preset_count = 2;
    tonepanel_draw(&panel, &memory.canvas, false);
    CU_ASSERT(panel.top == 0 && panel.row == 1);
    at(INPUT_PRESS, list.x + 30, list.y + 9);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset file");
    panel.look.preset_count = 0;
    tonepanel_draw(&panel, &memory.canvas, false);
    CU_ASSERT(panel.top == 0 && panel.row == 0);
    canvas_memory_fini(&memory);
}

static enum tone_answer click(enum tone_spot spot)
{
    struct rect r = tonepanel_spot(&memory.canvas, spot);
    at(INPUT_PRESS, r.x + 5, r.y + 5);
    return at(INPUT_RELEASE, r.x + 5, r.y + 5);
}

static void presets_are_saved_and_deleted(void)
{
    static const char *const keys[] = {"m", "Y", "minus", "2", "x", "BackSpace"};
    begin(TALL);
    CU_ASSERT_NOT_EQUAL(click(TONE_SAVE), TONE_SCRIPT); /* it has no name */
    click(TONE_NAME);
    CU_ASSERT_EQUAL(panel.focus, TONE_NAME);
    for (int i = 0; i < 6; i++)
        CU_ASSERT_EQUAL(press_key(keys[i], 0), TONE_CHANGED);
    CU_ASSERT_EQUAL(press_key("slash", 0), TONE_NOT_MINE);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset save mY-2");
    CU_ASSERT_EQUAL(click(TONE_SAVE), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset save mY-2");
    panel.row = 3; /* a built-in one stays */
    CU_ASSERT_NOT_EQUAL(click(TONE_DELETE), TONE_SCRIPT);
    panel.focus = TONE_PRESETS;
    press_key("Up", 0);
    press_key("Up", 0); /* its name comes into the field, to be saved under again */
    CU_ASSERT_EQUAL(click(TONE_SAVE), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset save mine");
    CU_ASSERT_EQUAL(click(TONE_DELETE), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "preset delete mine");
    canvas_memory_fini(&memory);
}

/* 0.1 to 10 by logarithms: the middle is 1. */
static void gamma_has_a_field_and_a_scale(void)
{
    begin(TALL);
    click(TONE_GAMMA);
    press_key("period", 0);
    press_key("4", 0);
    press_key("5", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_POWER);
    CU_ASSERT_DOUBLE_EQUAL(panel.power, 0.45, 1e-9);
    press_key("9", 0);
    press_key("9", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_POWER);
    CU_ASSERT_DOUBLE_EQUAL(panel.power, 10, 1e-9);
    struct rect scale = tonepanel_spot(&memory.canvas, TONE_GAMMA_SCALE);
    int middle = scale.x + scale.width / 2, way = scale.width - 4 - 24;
    CU_ASSERT_EQUAL(at(INPUT_PRESS, middle, scale.y + 8), TONE_CHANGED);
    CU_ASSERT_EQUAL(at(INPUT_MOTION, middle + way / 4, scale.y + 8), TONE_POWER);
    CU_ASSERT_DOUBLE_EQUAL(panel.power, pow(10, 0.5), 0.25);
    at(INPUT_RELEASE, -500, 0);
    CU_ASSERT_DOUBLE_EQUAL(panel.power, 0.1, 1e-9);
    panel.focus = TONE_GAMMA_SCALE;
    CU_ASSERT_EQUAL(press_key("Right", 0), TONE_POWER);
    CU_ASSERT_DOUBLE_EQUAL(panel.power, 1.05, 1e-9); /* 100^0.01 = 1.047 */
    canvas_memory_fini(&memory);
}

static void check_option(int row, const char *script)
{
    struct rect r = tonepanel_option(&memory.canvas, row);
    CU_ASSERT(r.height >= 16 && r.y >= 0 && r.y + r.height <= memory.canvas.height);
    at(INPUT_MOTION, r.x + 9, r.y + 5);
    CU_ASSERT_EQUAL(panel.popped, row);
    CU_ASSERT_EQUAL(at(INPUT_RELEASE, r.x + 9, r.y + 5), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, script);
    CU_ASSERT_EQUAL(panel.popped, -1);
}

/* Press, drag and release; click and click; keys. What it hid is there again. */
static void the_option_menu_chooses_a_map(void)
{
    begin(TALL);
    size_t bytes = (size_t)memory.canvas.width * TALL * sizeof(struct rgb);
    void *before = malloc(bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(before);
    memcpy(before, memory.pixels, bytes);
    struct rect button = tonepanel_spot(&memory.canvas, TONE_MAP);
    at(INPUT_PRESS, button.x + 5, button.y + 5);
    tonepanel_draw(&panel, &memory.canvas, false);
    CU_ASSERT(golden_check("tonepanel-option", &memory));
    check_option(3, "colormap pet");
    tonepanel_draw(&panel, &memory.canvas, false);
    CU_ASSERT(!memcmp(before, memory.pixels, bytes));
    free(before);
    click(TONE_MAP);
    CU_ASSERT_EQUAL(panel.popped, 0);
    struct rect r = tonepanel_option(&memory.canvas, 6);
    CU_ASSERT_EQUAL(at(INPUT_PRESS, r.x + 9, r.y + 5), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "colormap cividis");
    panel.focus = TONE_MAP;
    press_key("space", 0);
    press_key("Down", 0);
    press_key("Down", 0);
    CU_ASSERT_EQUAL(press_key("Return", 0), TONE_SCRIPT);
    CU_ASSERT_STRING_EQUAL(panel.script, "colormap hot-iron");
    press_key("space", 0);
    CU_ASSERT_EQUAL(press_key("Escape", 0), TONE_CHANGED);
    CU_ASSERT(panel.popped == -1 && panel.focus == TONE_MAP);
    panel.look.gray = false; /* colours have none */
    click(TONE_MAP);
    CU_ASSERT_EQUAL(panel.popped, -1);
    canvas_memory_fini(&memory);
}

/* A tenth of the columns each with one count more, and the last with a thousand. */
static void heights_are_worked_out(void)
{
    static uint32_t counts[65536];
    uint8_t heights[TONE_COLUMNS];
    for (int i = 0; i < 65536; i++)
        counts[i] = i >= 65208 ? 3 : 0; /* the last column: 327.68 bins, from 65208 on */
    counts[10] = 492;
    tone_heights(counts, 65536, false, heights);
    CU_ASSERT_EQUAL(heights[TONE_COLUMNS - 1], TONE_TALL);
    CU_ASSERT_EQUAL(heights[0], TONE_TALL / 2);
    CU_ASSERT_EQUAL(heights[1], 0);
    tone_heights(counts, 65536, true, heights);
    CU_ASSERT_EQUAL(heights[0], (int)ceil(TONE_TALL * log(493) / log(985)));
    tone_heights(counts + 10, 1, false, heights); /* one value: all columns */
    CU_ASSERT(heights[0] == TONE_TALL && heights[TONE_COLUMNS - 1] == TONE_TALL);
    tone_heights(counts + 11, 5, false, heights);
    CU_ASSERT(heights[0] == 0 && heights[TONE_COLUMNS - 1] == 0);
}

/* Windows one after the other, each drawn over the one before and then on a fresh canvas. */
static void changes_leave_what_all_would(void)
{
    static const double windows[][2] = {{1000, 800}, {400, 300}, {400, 1700}, {3000, 900},
                                        {1, 500},    {40, 5000}, {200, -100}, {1990, 1000}};
    struct canvas_memory fresh;
    struct fault fault;
    struct scheme scheme = golden_scheme();
    begin(TALL);
    size_t bytes = (size_t)memory.canvas.width * TALL * sizeof(struct rgb);
    CU_ASSERT_FATAL(canvas_memory_init(&fresh, memory.canvas.width, TALL, &scheme, &fault));
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        panel.look.window.width = windows[i][0];
        panel.look.window.center = windows[i][1];
        panel.look.window.voi = (enum voi)(i % 3);
        panel.look.window.invert = i % 2;
        panel.look.automatic = i % 4 > 1;
        panel.look.preset = (int)i - 1;
        panel.look.window.gamma = i < 3 ? 0 : (double)i;
        panel.look.window.map = (enum colormap)(i % COLORMAPS);
        panel.look.locked = i & 2;
        panel.look.gray = i != 5;
        panel.top = (int)i / 3;
        textfield_set(&panel.name, "abcdefgh");
        panel.name.text[i] = 0;
        panel.name.caret = panel.name.mark = (int)i;
        panel.fields_changed = true;
        panel.look.black = (double)i / 7;
        panel.look.log = i % 2;
        panel.row = (int)i / 2;
        panel.focus = (int)i * 2 - 1;
        tonepanel_draw(&panel, &memory.canvas, false);
        tonepanel_draw(&panel, &fresh.canvas, true);
        CU_ASSERT(!memcmp(memory.pixels, fresh.pixels, bytes));
    }
    canvas_memory_fini(&fresh);
    canvas_memory_fini(&memory);
}

/* In the X protocol: a rectangle takes 8 bytes and, where the ink changes, 28 more; a text 48 and
 * its letters. */
static int bytes_of(const struct recorder *recorder)
{
    int bytes = 0;
    for (int i = 0; i < recorder->count; i++) {
        const struct record *record = &recorder->records[i];
        bool again = i && !record->text[0] && !recorder->records[i - 1].text[0] &&
                     record->ink == recorder->records[i - 1].ink;
        bytes += record->text[0] ? 48 + (int)strlen(record->text) : again ? 8 : 36;
    }
    return bytes;
}

static void a_step_of_a_drag_is_small(void)
{
    static struct recorder recorder;
    begin(TALL);
    for (int step = -40; step <= 40; step += 10) {
        panel.look = sample_look(1000 + step * 3, 800 + step * 5);
        panel.look.black = 0.2 + step / 1000.0;
        recorder_init(&recorder, memory.canvas.width, TALL);
        tonepanel_draw(&panel, &recorder.canvas, false);
        CU_ASSERT(bytes_of(&recorder) <= 1024);
        if (bytes_of(&recorder) > 1024)
            printf("  %d bytes\n", bytes_of(&recorder));
    }
    recorder_init(&recorder, memory.canvas.width, TALL);
    tonepanel_draw(&panel, &recorder.canvas, true);
    CU_ASSERT(bytes_of(&recorder) <= 16384);
    canvas_memory_fini(&memory);
}

static void low_panels_are_not_left(void)
{
    static struct recorder recorder;
    for (int height = 60; height < TALL; height += 9) {
        begin(height);
        recorder_init(&recorder, memory.canvas.width, height);
        tonepanel_draw(&panel, &recorder.canvas, true);
        CU_ASSERT(recorder_tidy(&recorder));
        canvas_memory_fini(&memory);
    }
}

static int bottom_of(enum tone_spot spot)
{
    struct rect r = tonepanel_spot(&memory.canvas, spot);
    return rect_empty(r) ? 0 : r.y + r.height;
}

static bool is_there(enum tone_spot spot)
{
    return bottom_of(spot) > 0;
}

static int overlapping(void)
{
    int wrong = 0;
    for (int i = 0; i < TONE_SPOTS; i++)
        for (int j = 0; j < i; j++) {
            struct rect a = tonepanel_spot(&memory.canvas, (enum tone_spot)i);
            struct rect b = tonepanel_spot(&memory.canvas, (enum tone_spot)j);
            wrong += !rect_empty(rect_intersect(a, b));
        }
    return wrong;
}

/* What is wanted less than presets leaves before them, and the list is as high as there is room. */
static void low_panels_keep_what_is_wanted_most(void)
{
    static const enum tone_spot others[] = {TONE_MAP, TONE_LOCK, TONE_GAMMA, TONE_SIGMOID,
                                            TONE_WIDTH_SCALE};
    for (int height = 300; height < TALL; height += 7) {
        begin(height);
        CU_ASSERT(is_there(TONE_HISTOGRAM) && is_there(TONE_CENTER) && is_there(TONE_AUTO));
        CU_ASSERT(is_there(TONE_LOG) && is_there(TONE_WIDTH) && is_there(TONE_INVERT));
        CU_ASSERT_EQUAL(is_there(TONE_PRESETS), is_there(TONE_SAVE));
        CU_ASSERT_EQUAL(overlapping(), 0);
        for (int i = 0; i < TONE_SPOTS; i++)
            CU_ASSERT(bottom_of((enum tone_spot)i) <= height - 10);
        canvas_memory_fini(&memory);
    }
    int height = 300;
    for (bool found = false; !found && height < TALL; height++) {
        begin(height);
        found = is_there(TONE_PRESETS);
        for (int i = 0; found && i < 5; i++)
            CU_ASSERT(!is_there(others[i]));
        canvas_memory_fini(&memory);
    }
    CU_ASSERT(height < 395);
    begin(395); /* of a window of 640 x 480 */
    CU_ASSERT(is_there(TONE_PRESETS) && is_there(TONE_DELETE));
    CU_ASSERT(golden_check("tonepanel-low", &memory));
    canvas_memory_fini(&memory);
}

static void what_left_has_no_focus(void)
{
    begin(TALL);
    panel.focus = TONE_WIDTH_SCALE;
    panel.popped = 2;
    tonepanel_laid(&panel, &memory.canvas);
    CU_ASSERT(panel.focus == TONE_WIDTH_SCALE && panel.popped == 2);
    memory.canvas.height = 300;
    tonepanel_laid(&panel, &memory.canvas);
    CU_ASSERT_EQUAL(panel.focus, -1);
    memory.canvas.height = 260;
    tonepanel_laid(&panel, &memory.canvas);
    CU_ASSERT_EQUAL(panel.popped, -1);
    memory.canvas.height = TALL;
    canvas_memory_fini(&memory);
}

static void it_looks_right(void)
{
    begin(TALL);
    CU_ASSERT(golden_check("tonepanel", &memory));
    canvas_memory_fini(&memory);
}

SUITE("tonepanel", {"handles move edges and centre", handles_move_edges_and_centre},
      {"a press brings the centre", a_press_brings_the_centre},
      {"scales give values", scales_give_values}, {"fields take numbers", fields_take_numbers},
      {"numbers are edited", numbers_are_edited}, {"keys reach every spot", keys_reach_every_spot},
      {"buttons run commands", buttons_run_commands}, {"the list scrolls", the_list_scrolls},
      {"a shorter list is scrolled back", a_shorter_list_is_scrolled_back},
      {"presets are saved and deleted", presets_are_saved_and_deleted},
      {"gamma has a field and a scale", gamma_has_a_field_and_a_scale},
      {"the option menu chooses a map", the_option_menu_chooses_a_map},
      {"heights are worked out", heights_are_worked_out},
      {"changes leave what all would", changes_leave_what_all_would},
      {"a step of a drag is small", a_step_of_a_drag_is_small},
      {"low panels are not left", low_panels_are_not_left},
      {"low panels keep what is wanted most", low_panels_keep_what_is_wanted_most},
      {"what left has no focus", what_left_has_no_focus}, {"it looks right", it_looks_right})
