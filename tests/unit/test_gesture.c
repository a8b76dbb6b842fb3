/* The mouse on the image: numbers worked out by hand, and events in every order. An area of 1000 x
 * 500 pixels shows a page of 4000 x 2000 samples, fitted (zoom 1/4, centre 2000, 1000); the auto
 * window is 4000 wide, so a pixel is 4 units across and 8 units down. */
#include "suite.h"

#include <math.h>

#include "ui/gesture.h"

static struct gesture gesture;
static struct gesture_stage stage;
static struct keymap map;
static struct view view;
static struct window window;

static void set_stage(void)
{
    view_init(&view, 1000, 500, 4000, 2000);
    window = (struct window){.center = 2000, .width = 3000, .voi = VOI_LINEAR};
    stage = (struct gesture_stage){&view, &window, 4000, true, false, false, NULL, &map, NULL, 0};
    gesture_init(&gesture);
    keymap_from_commands(&map, &(struct command){.name = NULL}, NULL);
}

static int event(enum input_kind kind, int button, int x, int y, int64_t time)
{
    struct input input = {.kind = kind, .button = button, .x = x, .y = y, .time_ms = time};
    return gesture_input(&gesture, &input, &stage);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static bool tone_is(double width, double center)
{
    return near(window.width, width) && near(window.center, center);
}

static bool view_is(double zoom, double x, double y)
{
    return near(view.zoom, zoom) && near(view.center_x, x) && near(view.center_y, y);
}

static void left_drag_changes_the_window(void)
{
    set_stage();
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 1, 300, 200, 0), 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 350, 175, 10), GESTURE_TONE);
    CU_ASSERT(tone_is(3200, 1800));
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 350, 175, 20), 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 200, 300, 30), GESTURE_TONE);
    CU_ASSERT(tone_is(2600, 2800));
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 200, 300, 40), 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 0, 900, 400, 50), 0);
    CU_ASSERT(tone_is(2600, 2800));
    CU_ASSERT(view_is(0.25, 2000, 1000));
}

/* The whole width of the area is the auto window's width; outside of it the drag goes on. */
static void a_drag_goes_on_outside(void)
{
    set_stage();
    event(INPUT_PRESS, 1, 0, 0, 0);
    event(INPUT_MOTION, 1, 1000, 500, 10);
    CU_ASSERT(tone_is(7000, 6000));
    event(INPUT_LEAVE, 0, 0, 0, 15);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 1500, -250, 20), GESTURE_TONE);
    CU_ASSERT(tone_is(9000, 0));
    event(INPUT_MOTION, 1, -5000, 0, 30);
    CU_ASSERT(tone_is(1, 2000));
    event(INPUT_MOTION, 1, 0, 0, 40);
    CU_ASSERT(tone_is(3000, 2000));
}

static void up_is_always_brighter(void)
{
    for (int flipped = 0; flipped < 2; flipped++) {
        set_stage();
        stage.flipped = flipped;
        event(INPUT_PRESS, 1, 500, 400, 0);
        double before = window_fraction(&window, 2000);
        event(INPUT_MOTION, 1, 500, 390, 10);
        CU_ASSERT(tone_is(3000, flipped ? 2080 : 1920));
        double after = window_fraction(&window, 2000);
        CU_ASSERT(flipped ? after < before : after > before);
    }
}

static void whole_numbers_are_kept(void)
{
    set_stage();
    stage.auto_width = 130; /* 0.13 units a pixel across, 0.26 down */
    window.center = 100.5;
    window.width = 50;
    event(INPUT_PRESS, 1, 0, 0, 0);
    event(INPUT_MOTION, 1, 12, 0, 10); /* 51.56 */
    CU_ASSERT(tone_is(52, 100.5));
    event(INPUT_MOTION, 1, 0, 7, 20); /* 102.32 */
    CU_ASSERT(tone_is(50, 102));
    stage.whole_numbers = false;
    event(INPUT_MOTION, 1, 12, 7, 30);
    CU_ASSERT(tone_is(51.56, 102.32));
    event(INPUT_MOTION, 1, -900, 7, 35);
    CU_ASSERT(tone_is(1, 102.32));
    stage.whole_numbers = true;
    window.voi = VOI_LINEAR_EXACT;
    event(INPUT_MOTION, 1, -900, 0, 40);
    CU_ASSERT(tone_is(1, 100.5));
    CU_ASSERT_EQUAL(window.voi, VOI_LINEAR_EXACT);
    stage.auto_width = NAN;
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 50, 50, 50), 0);
}

/* The way of a drag is a part of the auto window, whatever size its values have. */
static void fractions_of_any_size_are_dragged(void)
{
    static const double sizes[] = {1e-9, 1e-3, 1, 1e9};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double size = sizes[i];
        set_stage();
        stage.whole_numbers = false;
        stage.auto_width = 4 * size;
        window = (struct window){.center = 2 * size, .width = 4 * size, .voi = VOI_LINEAR_EXACT};
        event(INPUT_PRESS, 1, 500, 250, 0);
        event(INPUT_MOTION, 1, 750, 125, 10); /* a quarter of the area each way */
        CU_ASSERT(near(window.width / size, 5) && near(window.center / size, 1));
        event(INPUT_MOTION, 1, -2000, 250, 20);
        CU_ASSERT(near(window.width / size, 0.004) && near(window.center / size, 2));
        event(INPUT_MOTION, 1, 500, 250, 30);
        CU_ASSERT(window.width == 4 * size && window.center == 2 * size);
    }
}

/* A key may invert in the middle of a drag, a resize may come: neither is undone. */
static void what_others_change_in_a_drag_stays(void)
{
    set_stage();
    event(INPUT_PRESS, 1, 0, 0, 0);
    window.invert = true;
    event(INPUT_MOTION, 1, 10, 0, 10);
    CU_ASSERT(window.invert);
    set_stage();
    event(INPUT_PRESS, 2, 0, 0, 0);
    event(INPUT_MOTION, 2, 1, 0, 5);
    view_resize(&view, 800, 600);
    view_turn(&view, 1);
    event(INPUT_MOTION, 2, 8, 0, 10);
    CU_ASSERT(view.width == 800 && view.height == 600 && view.turns == 1);
    CU_ASSERT(view_is(0.25, 2000, 1000 + 8 / 0.25));
}

static void middle_drag_pans(void)
{
    set_stage();
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 2, 100, 100, 0), 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 2, 300, 300, 10), GESTURE_VIEW);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 2, 140, 80, 20), GESTURE_VIEW);
    CU_ASSERT(view_is(0.25, 1840, 1080));
    CU_ASSERT_EQUAL(view.mode, VIEW_FREE);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 2, 100, 100, 30), GESTURE_VIEW);
    CU_ASSERT(view_is(0.25, 2000, 1000));
    CU_ASSERT_EQUAL(view.mode, VIEW_FIT);
    CU_ASSERT(tone_is(3000, 2000));
}

/* Modifiers that have no row of their own leave a button as it is. */
static void buttons_are_bound(void)
{
    struct fault fault;
    struct input press = {
        .kind = INPUT_PRESS, .modifiers = MODIFIER_SHIFT, .button = 1, .x = 100, .y = 100};
    set_stage();
    CU_ASSERT(keymap_bind_button(&map, "Button3", "window", &fault));
    CU_ASSERT(keymap_bind_button(&map, "Button2", "none", &fault));
    CU_ASSERT(keymap_bind_button(&map, "Shift+Button1", "pan", &fault));
    event(INPUT_PRESS, 3, 300, 200, 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 3, 350, 175, 10), GESTURE_TONE);
    CU_ASSERT(tone_is(3200, 1800));
    event(INPUT_PRESS, 2, 300, 200, 20);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 2, 350, 175, 30), 0);
    gesture_input(&gesture, &press, &stage);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 140, 80, 40), GESTURE_VIEW);
    CU_ASSERT(view_is(0.25, 1840, 1080));
    press.modifiers = MODIFIER_ALT;
    gesture_input(&gesture, &press, &stage);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 140, 80, 50), GESTURE_TONE);
    press.modifiers = MODIFIER_CONTROL;
    gesture_input(&gesture, &press, &stage);
    CU_ASSERT(event(INPUT_RELEASE, 1, 140, 80, 50) & GESTURE_BOX);
}

static void the_level_turns_over(void)
{
    set_stage();
    map.level_down = true;
    event(INPUT_PRESS, 1, 300, 200, 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 350, 175, 10), GESTURE_TONE);
    CU_ASSERT(tone_is(3200, 2200));
}

/* One that moves less than a hand trembles. */
static void middle_click_pastes(void)
{
    set_stage();
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 2, 100, 100, 0), 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 2, 100, 100, 10), GESTURE_PASTE);
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 2, 100, 100, 20), 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 2, 110, 100, 30), GESTURE_VIEW);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 2, 100, 100, 40), GESTURE_VIEW);
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 1, 100, 100, 50), 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 100, 100, 60), 0);
}

/* The sample in the middle of the pressed pixel, (1002, 502), stays where it is. */
static void right_drag_zooms_about_the_press(void)
{
    set_stage();
    event(INPUT_PRESS, 3, 250, 125, 0);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 3, 700, 25, 10), GESTURE_VIEW);
    CU_ASSERT(view_is(0.5, 1501, 751));
    event(INPUT_MOTION, 3, 0, 325, 20);
    CU_ASSERT(view_is(0.0625, 1002 + 249.5 * 16, 502 + 124.5 * 16));
    event(INPUT_MOTION, 3, 0, 75, 30);
    CU_ASSERT(near(view.zoom, 0.25 * sqrt(2)));
    CU_ASSERT(near(view.center_x, 1002 + 249.5 / view.zoom));
    event(INPUT_MOTION, 3, 250, -30000, 40);
    CU_ASSERT(near(view.zoom, VIEW_ZOOM_MAX));
    CU_ASSERT(near(view.center_x, 1002 + 249.5 / 64));
    event(INPUT_RELEASE, 3, 250, 125, 50);
    CU_ASSERT(view_is(0.25, 2000, 1000));
}

/* On a stack it pages, so many as there were notches, and zooms with Ctrl all the same. */
static void the_wheel_pages_through_stacks(void)
{
    struct input input = {.kind = INPUT_PRESS, .button = 5, .x = 499, .y = 249};
    set_stage();
    stage.paged = true;
    for (int i = 0; i < 10; i++)
        CU_ASSERT_EQUAL(event(INPUT_PRESS, 5, 10, 10, i), 0);
    CU_ASSERT_EQUAL(gesture.pages, 10);
    event(INPUT_PRESS, 4, 10, 10, 11);
    CU_ASSERT_EQUAL(gesture.pages, 9);
    CU_ASSERT(view_is(0.25, 2000, 1000));
    gesture.pages = 0;
    input.modifiers = MODIFIER_CONTROL;
    CU_ASSERT_EQUAL(gesture_input(&gesture, &input, &stage), GESTURE_VIEW);
    CU_ASSERT(gesture.pages == 0 && near(view.zoom, 0.2));
    /* Not within a drag. */
    event(INPUT_PRESS, 1, 300, 200, 20);
    event(INPUT_PRESS, 5, 300, 200, 21);
    CU_ASSERT_EQUAL(gesture.pages, 0);
}

static void the_wheel_zooms_about_the_pointer(void)
{
    set_stage();
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 4, 499, 249, 0), GESTURE_VIEW);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 4, 499, 249, 1), 0);
    CU_ASSERT(view_is(0.3125, 1999.6, 999.6));
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 5, 499, 249, 2), GESTURE_VIEW);
    CU_ASSERT(view_is(0.25, 2000, 1000));
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 0, 10, 10, 3), 0);
    CU_ASSERT_EQUAL(gesture.button, 0);
}

static int click_at(int x, int y, int64_t time)
{
    int changed = event(INPUT_PRESS, 1, x, y, time);
    return changed | event(INPUT_RELEASE, 1, x, y, time + 30);
}

static void a_double_click_fits(void)
{
    set_stage();
    view_zoom_about(&view, 2, 10, 10);
    CU_ASSERT_EQUAL(click_at(100, 100, 1000), 0);
    CU_ASSERT_EQUAL(click_at(104, 96, 1400), GESTURE_VIEW);
    CU_ASSERT_EQUAL(view.mode, VIEW_FIT);
    CU_ASSERT(view_is(0.25, 2000, 1000));
    CU_ASSERT(tone_is(3000, 2000));
    view_zoom_about(&view, 2, 10, 10);
    CU_ASSERT_EQUAL(click_at(100, 100, 1500), 0); /* a third click begins anew */
    CU_ASSERT_EQUAL(click_at(100, 100, 1600), GESTURE_VIEW);
}

static void no_double_click(void)
{
    set_stage();
    view_zoom_about(&view, 2, 10, 10);
    click_at(100, 100, 1000);
    CU_ASSERT_EQUAL(click_at(100, 100, 1401), 0); /* too late */
    CU_ASSERT_EQUAL(click_at(105, 100, 1500), 0); /* too far */
    event(INPUT_PRESS, 1, 105, 100, 1550);        /* a drag between */
    event(INPUT_MOTION, 1, 150, 100, 1555);
    event(INPUT_MOTION, 1, 105, 100, 1560);
    event(INPUT_RELEASE, 1, 105, 100, 1565);
    CU_ASSERT_EQUAL(click_at(105, 100, 1570), 0);
    event(INPUT_PRESS, 3, 105, 100, 1580); /* another button between */
    event(INPUT_RELEASE, 3, 105, 100, 1585);
    CU_ASSERT_EQUAL(click_at(105, 100, 1590), 0);
    gesture_cancel(&gesture);
    CU_ASSERT_EQUAL(click_at(105, 100, 1650), 0);
    event(INPUT_RELEASE, 1, 105, 100, 1660); /* half a click */
    CU_ASSERT_EQUAL(view.mode, VIEW_FREE);
    CU_ASSERT_EQUAL(click_at(105, 100, 100), 0); /* a clock that went back */
    CU_ASSERT_EQUAL(view.mode, VIEW_FREE);
}

static void odd_event_orders_do_no_harm(void)
{
    set_stage();
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 700, 100, 0), 0); /* release without press */
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 100, 100, 5), 0);  /* a button pressed elsewhere */
    CU_ASSERT_EQUAL(event(INPUT_LEAVE, 0, 0, 0, 6), 0);
    CU_ASSERT_EQUAL(event(INPUT_KEY, 0, 0, 0, 7), 0);
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 9, 0, 0, 8), 0); /* a button we have nothing for */
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 9, 50, 50, 9), 0);
    event(INPUT_PRESS, 1, 100, 100, 10);
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 3, 100, 100, 20), 0); /* a second button */
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 4, 100, 100, 21), 0);
    event(INPUT_MOTION, 1, 200, 100, 30);
    CU_ASSERT(tone_is(3400, 2000) && view_is(0.25, 2000, 1000));
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 3, 150, 100, 40), 0);
    CU_ASSERT_EQUAL(gesture.button, 1);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 0, 300, 100, 50), GESTURE_TONE); /* sent by a client */
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 325, 100, 60), GESTURE_TONE);
    CU_ASSERT(tone_is(3900, 2000));
    event(INPUT_PRESS, 1, 0, 0, 70);
    CU_ASSERT_EQUAL(event(INPUT_PRESS, 1, 100, 0, 80), 0); /* its release was lost: begins anew */
    event(INPUT_MOTION, 1, 110, 0, 90);
    CU_ASSERT(tone_is(3940, 2000));
    gesture_cancel(&gesture);
    CU_ASSERT_EQUAL(event(INPUT_MOTION, 1, 500, 400, 100), 0);
    CU_ASSERT_EQUAL(event(INPUT_RELEASE, 1, 500, 400, 110), 0);
}

SUITE("gesture", {"left drag changes the window", left_drag_changes_the_window},
      {"a drag goes on outside", a_drag_goes_on_outside},
      {"up is always brighter", up_is_always_brighter},
      {"whole numbers are kept", whole_numbers_are_kept},
      {"fractions of any size are dragged", fractions_of_any_size_are_dragged},
      {"what others change in a drag stays", what_others_change_in_a_drag_stays},
      {"middle drag pans", middle_drag_pans}, {"middle click pastes", middle_click_pastes},
      {"buttons are bound", buttons_are_bound}, {"the level turns over", the_level_turns_over},
      {"right drag zooms about the press", right_drag_zooms_about_the_press},
      {"the wheel zooms about the pointer", the_wheel_zooms_about_the_pointer},
      {"the wheel pages through stacks", the_wheel_pages_through_stacks},
      {"a double click fits", a_double_click_fits}, {"no double click", no_double_click},
      {"odd event orders do no harm", odd_event_orders_do_no_harm})
