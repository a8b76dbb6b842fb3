/* The tools under the hand, with places worked out by hand. An area of 1000 x 500 pixels shows a
 * page of 4000 x 2000 samples, fitted: a pixel is 4 samples, and its middle 2 samples on. Guards
 * ui/tool.c, ui/tool_measure.c and ui/tool_view.c. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "ui/gesture.h"

static struct gesture gesture;
static struct gesture_stage stage;
static struct keymap map;
static struct view view;
static struct window window;

static void set_stage(const char *tool)
{
    view_init(&view, 1000, 500, 4000, 2000);
    window = (struct window){.center = 2000, .width = 3000, .voi = VOI_LINEAR};
    stage = (struct gesture_stage){&view, &window,         4000, true, false,
                                   false, tool_find(tool), &map, NULL, 0};
    CU_ASSERT_PTR_NOT_NULL_FATAL(stage.tool);
    gesture_init(&gesture);
    keymap_from_commands(&map, &(struct command){.name = NULL}, NULL);
}

static unsigned modifiers;

static int event(enum input_kind kind, int button, int x, int y, int64_t time)
{
    struct input input = {
        .kind = kind, .modifiers = modifiers, .button = button, .x = x, .y = y, .time_ms = time};
    return gesture_input(&gesture, &input, &stage);
}

static int drag(int from_x, int from_y, int to_x, int to_y)
{
    event(INPUT_PRESS, 1, from_x, from_y, 0);
    event(INPUT_MOTION, 1, (from_x + to_x) / 2, to_y, 10);
    event(INPUT_MOTION, 1, to_x, to_y, 20);
    return event(INPUT_RELEASE, 1, to_x, to_y, 30);
}

static bool draft_is(enum measure_kind kind, double x0, double y0, double x1, double y1)
{
    const struct measure *draft = &gesture.draft;
    return draft->kind == kind && draft->x[0] == x0 && draft->y[0] == y0 && draft->x[1] == x1 &&
           draft->y[1] == y1;
}

static void names_are_unique(void)
{
    for (const struct tool *tool = tools; tool->name; tool++) {
        CU_ASSERT(tool_find(tool->name) == tool);
        CU_ASSERT_PTR_NOT_NULL(tool->move);
        CU_ASSERT(*tool->label && *tool->help && tool->help[strlen(tool->help) - 1] != '.');
    }
    CU_ASSERT_PTR_NULL(tool_find("hammer"));
    CU_ASSERT_STRING_EQUAL(tools[0].name, "window");
}

static void a_distance_is_dragged(void)
{
    set_stage("distance");
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 1, 100, 50, 0), GESTURE_DRAFT);
    CU_ASSERT(gesture.drafting);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 300, 100, 10), GESTURE_DRAFT);
    CU_ASSERT(draft_is(MEASURE_DISTANCE, 402, 202, 1202, 402));
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 300, 100, 20), 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 50, 20, 30), GESTURE_DRAFT + GESTURE_PLACED);
    CU_ASSERT(draft_is(MEASURE_DISTANCE, 402, 202, 202, 82));
    CU_ASSERT_FALSE(gesture.drafting);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 0, 60, 30, 40), 0);
    CU_ASSERT(window.width == 3000 && view.zoom == 0.25);
}

static void regions_are_of_whole_samples_in_order(void)
{
    set_stage("rectangle");
    view_zoom_about(&view, 0.3, 0, 0);
    CU_ASSERT(drag(300, 200, 101, 77) & GESTURE_PLACED);
    const struct measure *draft = &gesture.draft;
    CU_ASSERT(draft->x[0] < draft->x[1] && draft->y[0] < draft->y[1]);
    for (int i = 0; i < 2; i++)
        CU_ASSERT(draft->x[i] == floor(draft->x[i]) && draft->y[i] == floor(draft->y[i]));
    set_stage("ellipse");
    CU_ASSERT(drag(100, 50, 300, 100) & GESTURE_PLACED);
    CU_ASSERT(draft_is(MEASURE_ELLIPSE, 402, 202, 1202, 402));
}

static void shift_makes_straight_and_square(void)
{
    modifiers = MODIFIER_SHIFT;
    set_stage("distance");
    drag(100, 50, 300, 100);
    CU_ASSERT(draft_is(MEASURE_DISTANCE, 402, 202, 1202, 202));
    set_stage("ellipse");
    drag(300, 50, 100, 100);
    CU_ASSERT(draft_is(MEASURE_ELLIPSE, 1002, 202, 1202, 402));
    modifiers = 0;
}

static void shapes_stay_on_the_page(void)
{
    set_stage("rectangle");
    drag(900, 400, 1400, 900);
    CU_ASSERT(draft_is(MEASURE_RECTANGLE, 3602, 1602, 4000, 2000));
}

/* A click with nothing in it is no measurement, and two fit as ever. */
static void a_click_is_no_distance(void)
{
    set_stage("distance");
    view_zoom_about(&view, 2, 100, 100);
    CU_ASSERT_EQUAL(drag(100, 50, 102, 51) & GESTURE_PLACED, 0);
    CU_ASSERT(drag(100, 50, 102, 51) & GESTURE_VIEW);
    CU_ASSERT_EQUAL(view.mode, VIEW_FIT);
}

static void a_probe_is_clicked(void)
{
    set_stage("probe");
    view_zoom_about(&view, 2, 100, 100);
    CU_ASSERT(drag(100, 50, 100, 50) & GESTURE_PLACED);
    int changed = drag(100, 50, 101, 50);
    CU_ASSERT(changed & GESTURE_PLACED);
    CU_ASSERT_EQUAL(changed & GESTURE_VIEW, 0); /* two clicks are two probes */
    CU_ASSERT_EQUAL(gesture.draft.x[0], gesture.draft.x[1]);
    set_stage("probe");
    CU_ASSERT_EQUAL(drag(1200, 50, 1200, 50) & GESTURE_PLACED, 0);
}

static struct measure placed;

/* The event's press finds `placed` at its corner, as app looks for it. */
static int take(int from_x, int from_y, int to_x, int to_y)
{
    stage.corner = measure_corner(&placed, &view, from_x, from_y);
    stage.under = stage.corner < 0 ? NULL : &placed;
    return drag(from_x, from_y, to_x, to_y);
}

/* A pixel is 4 samples: 400,800 lies at the corner of pixels 100,200. */
static void corners_and_ends_are_taken(void)
{
    set_stage("rectangle");
    placed = (struct measure){.kind = MEASURE_RECTANGLE, .state = MEASURE_DONE, .number = 7};
    placed.x[0] = 400, placed.x[1] = 800, placed.y[0] = 800, placed.y[1] = 1200;
    static const int corners[4][2] = {{100, 200}, {200, 200}, {100, 300}, {200, 300}};
    static const double moved[4][4] = {{602, 1002, 800, 1200},
                                       {400, 1002, 602, 1200},
                                       {602, 800, 800, 1002},
                                       {400, 800, 602, 1002}};
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(measure_corner(&placed, &view, corners[i][0], corners[i][1]), i);
        CU_ASSERT_EQUAL(take(corners[i][0] + 3, corners[i][1] - 4, 150, 250),
                        GESTURE_DRAFT + GESTURE_PLACED);
        CU_ASSERT(gesture.draft.number == 7 && gesture.draft.state == MEASURE_WAITS);
        CU_ASSERT(draft_is(MEASURE_RECTANGLE, moved[i][0], moved[i][1], moved[i][2], moved[i][3]));
    }
    CU_ASSERT_EQUAL(measure_corner(&placed, &view, 107, 200), -1);
    CU_ASSERT_EQUAL(measure_corner(&placed, &view, 150, 250), -1);
    CU_ASSERT_EQUAL(take(100, 200, 101, 201) & GESTURE_PLACED, 0); /* a click moves nothing */
    CU_ASSERT_FALSE(gesture.drafting);
    event(INPUT_PRESS, 1, 100, 200, 0);
    CU_ASSERT(gesture.drafting);
    CU_ASSERT(gesture_key(&gesture, &(struct input){.kind = INPUT_KEY, .key = "Escape"}));
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 400, 400, 10) & GESTURE_PLACED, 0);
    set_stage("distance"); /* takes no rectangles */
    CU_ASSERT(take(100, 200, 150, 250) & GESTURE_PLACED);
    CU_ASSERT_EQUAL(gesture.draft.number, 0);
    placed.kind = MEASURE_DISTANCE;
    CU_ASSERT_EQUAL(measure_corner(&placed, &view, 200, 200), -1);
    CU_ASSERT(take(100, 200, 150, 250) & GESTURE_PLACED);
    CU_ASSERT(draft_is(MEASURE_DISTANCE, 800, 1200, 602, 1002));
}

static void a_shape_follows_the_turned_page(void)
{
    set_stage("distance");
    view_turn(&view, 2); /* (x, y) of the window is the page's far corner less that */
    drag(100, 50, 300, 100);
    CU_ASSERT(draft_is(MEASURE_DISTANCE, 3598, 1798, 2798, 1598));
}

static void escape_gives_up(void)
{
    struct input escape = {.kind = INPUT_KEY, .key = "Escape"}, other = {.key = "x"};
    set_stage("distance");
    CU_ASSERT_FALSE(gesture_key(&gesture, &escape));
    event(INPUT_PRESS, 1, 100, 50, 0);
    event(INPUT_MOTION, 1, 300, 100, 10);
    CU_ASSERT_FALSE(gesture_key(&gesture, &other));
    CU_ASSERT(gesture_key(&gesture, &escape));
    CU_ASSERT_FALSE(gesture.drafting);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 300, 100, 30), 0);
}

static void other_buttons_stay_what_they_are(void)
{
    set_stage("distance");
    event(INPUT_PRESS, 2, 300, 200, 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 2, 320, 210, 10), GESTURE_VIEW);
    CU_ASSERT_EQUAL(view.center_x, 2000 - 80);
    event(INPUT_RELEASE, 2, 320, 210, 20);
    event(INPUT_PRESS, 3, 300, 200, 30);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 3, 300, 100, 40), GESTURE_VIEW);
    CU_ASSERT_DOUBLE_EQUAL(view.zoom, 0.5, 1e-12);
    CU_ASSERT_FALSE(gesture.drafting);
}

static void the_left_button_pans_or_zooms_when_told(void)
{
    set_stage("pan");
    drag(300, 200, 320, 210);
    CU_ASSERT(view.center_x == 2000 - 80 && view.center_y == 1000 - 40 && window.width == 3000);
    set_stage("zoom");
    drag(300, 200, 300, 100);
    CU_ASSERT_DOUBLE_EQUAL(view.zoom, 0.5, 1e-12);
}

/* A box of 250 x 100 pixels from (100, 50): four times as wide as it is, five as high. */
static void a_box_fills_the_window(void)
{
    set_stage("zoom-box");
    event(INPUT_PRESS, 1, 100, 50, 0);
    CU_ASSERT(event(INPUT_MOTION, 1, 350, 150, 10) & GESTURE_DRAFT);
    CU_ASSERT(gesture.drafting && draft_is(MEASURE_RECTANGLE, 400, 200, 1400, 600));
    int changed = event(INPUT_RELEASE, 1, 350, 150, 20);
    CU_ASSERT(changed & GESTURE_VIEW && !(changed & GESTURE_PLACED));
    CU_ASSERT_FALSE(gesture.drafting);
    CU_ASSERT_EQUAL(view.zoom, 1);
    CU_ASSERT(view.center_x == 900 && view.center_y == 400);
    set_stage("zoom-box");
    CU_ASSERT_EQUAL(drag(100, 50, 140, 52) & GESTURE_VIEW, 0);
    CU_ASSERT_EQUAL(view.zoom, 0.25);
}

/* Twelve pixels to the page, from where it was pressed. */
static void pages_are_dragged(void)
{
    set_stage("page");
    event(INPUT_PRESS, 1, 100, 100, 0);
    event(INPUT_MOTION, 1, 100, 149, 10);
    CU_ASSERT_EQUAL(gesture.pages, 4);
    event(INPUT_MOTION, 1, 100, 87, 20);
    CU_ASSERT_EQUAL(gesture.pages, -1);
    event(INPUT_RELEASE, 1, 100, 100, 30);
    CU_ASSERT_EQUAL(gesture.pages, 0);
}

SUITE("tool", {"pages are dragged", pages_are_dragged}, {"names are unique", names_are_unique},
      {"a distance is dragged", a_distance_is_dragged},
      {"regions are of whole samples, in order", regions_are_of_whole_samples_in_order},
      {"Shift makes straight and square", shift_makes_straight_and_square},
      {"shapes stay on the page", shapes_stay_on_the_page},
      {"a click is no distance", a_click_is_no_distance},
      {"a probe is clicked", a_probe_is_clicked},
      {"corners and ends are taken", corners_and_ends_are_taken},
      {"a shape follows the turned page", a_shape_follows_the_turned_page},
      {"Escape gives up", escape_gives_up},
      {"other buttons stay what they are", other_buttons_stay_what_they_are},
      {"the left button pans or zooms when told", the_left_button_pans_or_zooms_when_told},
      {"a box fills the window", a_box_fills_the_window})
