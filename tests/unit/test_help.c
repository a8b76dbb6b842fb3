/* The help overlay: every command that has keys is listed, at every size, and nothing overlaps. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "golden/golden.h"
#include "ui/help.h"

static struct recorder recorder;
static struct keymap map;
static struct fault fault;

static void draw(int width, int height)
{
    recorder_init(&recorder, width, height);
    help_draw(&recorder.canvas, sample_commands, &map);
}

/* Draws into the size that help asks for. */
static void draw_fitting(int most_width, int most_height)
{
    int width, height;
    recorder_init(&recorder, most_width, most_height);
    help_size(&recorder.canvas, sample_commands, &map, most_width, most_height, &width, &height);
    CU_ASSERT(width <= most_width && height <= most_height);
    draw(width, height);
    CU_ASSERT(recorder_tidy(&recorder));
}

/* The row of keys and help, side by side on one line. */
static bool has_row(const char *keys, const char *help)
{
    for (int i = 0; i + 1 < recorder.count; i++) {
        const struct record *left = &recorder.records[i], *right = left + 1;
        if (!strcmp(left->text, keys) && !strcmp(right->text, help))
            return left->rect.y == right->rect.y && right->rect.x > left->rect.x;
    }
    return false;
}

/* One row for each bound script of the sample table, its texts made here. */
static int missing_rows(void)
{
    int missing = 0;
    for (int i = 0; i < map.count; i++) {
        char name[64], keys[100], help[200];
        const char *script = map.bindings[i].script;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(script, " "), script);
        const struct command *command = command_find(sample_commands, name);
        const char *argument = strchr(script, ' ');
        snprintf(help, sizeof help, "%s%s%s", command->help, argument ? ":" : "",
                 argument ? argument : "");
        keymap_describe(&map, script, keys, sizeof keys);
        missing += !has_row(keys, help);
    }
    for (const struct help_row *row = help_mouse; row->keys; row++)
        missing += !has_row(row->keys, row->help);
    return missing;
}

static const struct {
    int width, height;
} sizes[] = {{640, 480},  {640, 800},   {800, 600},  {1024, 768},  {1280, 720},
             {1400, 360}, {1280, 1024}, {1600, 900}, {1920, 1080}, {320, 1080}};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void every_command_with_keys_is_listed(void)
{
    CU_ASSERT_FATAL(keymap_from_commands(&map, sample_commands, &fault));
    for (int i = 0; i < SIZES; i++) {
        draw_fitting(sizes[i].width, sizes[i].height);
        CU_ASSERT_EQUAL(missing_rows(), 0);
        CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Esc, ? or a click closes"));
        CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Tone"));
        CU_ASSERT_PTR_NULL(recorder_find(&recorder, "Other keys"));
        CU_ASSERT_PTR_NULL(recorder_find(&recorder, "Gamma")); /* it has no keys */
        CU_ASSERT_EQUAL(recorder_find(&recorder, "f, =") != NULL, true);
    }
}

/* A canvas larger than asked for shows as much. */
static void the_whole_screen_does_no_harm(void)
{
    keymap_from_commands(&map, sample_commands, &fault);
    draw(1920, 1080);
    CU_ASSERT(recorder_tidy(&recorder));
    CU_ASSERT_EQUAL(missing_rows(), 0);
}

static void small_canvases_list_what_fits(void)
{
    static const char long_script[] = "zoom fit; auto; window 400 40; invert on";
    keymap_from_commands(&map, sample_commands, &fault);
    draw_fitting(320, 240);
    int texts = 0;
    for (int i = 0; i < recorder.count; i++)
        texts += recorder.records[i].text[0] != 0;
    CU_ASSERT(texts > 18);
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Read the file again"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Esc, ? or a click closes"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "Double click"));
    keymap_bind(&map, "F9", long_script, &fault);
    draw_fitting(560, 480); /* two columns, their help cut: worth more than one */
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Double click"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Window from the picture"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, long_script));
    for (int width = 4; width < 700; width += 13)
        for (int height = 4; height < 500; height += 5) {
            draw(width, height);
            CU_ASSERT(recorder_tidy(&recorder));
        }
}

/* Groups stay together where there is room, and a heading never stands alone. */
static void groups_stay_together(void)
{
    static const char *const menus[] = {"File", "Tone", "View", "Image", "Help", "Mouse"};
    keymap_from_commands(&map, sample_commands, &fault);
    draw_fitting(1024, 768);
    for (int i = 0; i < 6; i++) {
        const struct record *heading = recorder_find(&recorder, menus[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(heading);
        const struct record *row = heading + 3; /* after the rule's two lines */
        CU_ASSERT(row->rect.x == heading->rect.x && row->rect.y == heading->rect.y + 15);
    }
    CU_ASSERT_EQUAL(recorder_find(&recorder, "f, =")->rect.x,
                    recorder_find(&recorder, "F11")->rect.x);
    for (int height = 120; height < 700; height++) {
        draw(640, height);
        for (int i = 0; i < 6; i++) {
            const struct record *heading = recorder_find(&recorder, menus[i]);
            CU_ASSERT(!heading || (heading + 3)->rect.y == heading->rect.y + 15);
        }
    }
}

/* One group of 30 rows and the mouse's five: split in the middle the columns would be shorter. */
static void a_long_group_is_split_only_where_it_must_be(void)
{
    static const struct command table[] = {
        {"preset", "NAME", "Preset", "", "Tone", NULL, 1, 1, sample_run},
        {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
    };
    map.count = 0;
    for (int i = 0; i < 30; i++) {
        char key[24], script[30];
        snprintf(key, sizeof key, "key%d", i);
        snprintf(script, sizeof script, "preset own%d", i);
        keymap_bind(&map, key, script, &fault);
    }
    for (int i = 0; i < 2; i++) {
        recorder_init(&recorder, 800, i ? 400 : 600);
        help_draw(&recorder.canvas, table, &map);
        CU_ASSERT(recorder_tidy(&recorder));
        const struct record *first = recorder_find(&recorder, "key0");
        const struct record *last = recorder_find(&recorder, "key29");
        CU_ASSERT_FATAL(first && last && recorder_find(&recorder, "Wheel"));
        CU_ASSERT_EQUAL(first->rect.x == last->rect.x, i == 0);
    }
}

/* What stands in a menu is called as there. */
static void entries_have_their_menus_names(void)
{
    static const struct command table[] = {
        {"turn", "left|right", "Turn the picture", "r:right", "View", "Turn _right:right", 1, 1,
         sample_run},
        {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
    };
    CU_ASSERT_FATAL(keymap_from_commands(&map, table, &fault));
    keymap_bind(&map, "l", "turn left", &fault);
    recorder_init(&recorder, 800, 600);
    help_draw(&recorder.canvas, table, &map);
    CU_ASSERT(has_row("r", "Turn right"));
    CU_ASSERT(has_row("l", "Turn the picture: left"));
}

static void keys_of_ones_own_are_listed(void)
{
    keymap_from_commands(&map, sample_commands, &fault);
    keymap_bind(&map, "F5", "zoom fit; auto", &fault);
    keymap_bind(&map, "F6", "window 400 40", &fault);
    keymap_bind(&map, "F7", "unheard-of", &fault);
    keymap_bind(&map, "F8", "", &fault);
    keymap_bind(&map, "q", "next", &fault);
    draw_fitting(1280, 1024);
    CU_ASSERT(has_row("F5", "zoom fit; auto"));
    CU_ASSERT(has_row("F6", "Window width and centre: 400 40"));
    CU_ASSERT(has_row("F7", "unheard-of"));
    CU_ASSERT(has_row("n, q", "Next file"));
    CU_ASSERT(has_row("Ctrl+q", "Quit"));
    CU_ASSERT_PTR_NOT_NULL(recorder_find(&recorder, "Other keys"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "F8"));
}

static void a_full_map_is_no_harm(void)
{
    keymap_from_commands(&map, sample_commands, &fault);
    for (int i = map.count; i < KEYMAP_BINDINGS; i++) {
        char key[24], script[30];
        snprintf(key, sizeof key, "key%d", i);
        snprintf(script, sizeof script, "preset own%d", i);
        CU_ASSERT(keymap_bind(&map, key, script, &fault));
    }
    for (int i = 0; i < SIZES; i++)
        draw_fitting(sizes[i].width, sizes[i].height);
}

static void it_looks_right(void)
{
    struct canvas_memory memory;
    struct scheme scheme = golden_scheme();
    keymap_from_commands(&map, sample_commands, &fault);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, 302, 240, &scheme, &fault));
    help_draw(&memory.canvas, sample_commands, &map);
    CU_ASSERT(golden_check("help", &memory));
    canvas_memory_fini(&memory);
}

/* What is bound otherwise is told as it is. */
static void the_mouse_is_as_it_is_bound(void)
{
    keymap_from_commands(&map, sample_commands, &fault);
    CU_ASSERT(keymap_bind_button(&map, "Ctrl+Button1", "window", &fault));
    map.level_down = true;
    draw(1920, 1080);
    CU_ASSERT(recorder_tidy(&recorder));
    CU_ASSERT(has_row("Ctrl + left drag", "window x, brighter down"));
    CU_ASSERT(has_row("left drag", "window x, brighter down"));
    CU_ASSERT(has_row("right drag", "Zoom"));
    CU_ASSERT(has_row("Double click", "fit to the window"));
    CU_ASSERT_PTR_NULL(recorder_find(&recorder, "Right drag"));
}

SUITE("help", {"the mouse is as it is bound", the_mouse_is_as_it_is_bound},
      {"every command with keys is listed", every_command_with_keys_is_listed},
      {"the whole screen does no harm", the_whole_screen_does_no_harm},
      {"small canvases list what fits", small_canvases_list_what_fits},
      {"groups stay together", groups_stay_together},
      {"a long group is split only where it must be", a_long_group_is_split_only_where_it_must_be},
      {"entries have their menus' names", entries_have_their_menus_names},
      {"keys of one's own are listed", keys_of_ones_own_are_listed},
      {"a full map is no harm", a_full_map_is_no_harm}, {"it looks right", it_looks_right})
