/* The hand on mouse and keys: real ones (XTEST) and ones sent to the window, as scripts do. Guards
 * app/hand.c, app/bindings.c, app/commands.c, app/chrome.c and, with the ui layer, what they do
 * together. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "support/run.h"

static double told(const struct viewer *viewer, const char *name)
{
    char state[STATE_ROOM];
    return viewer_state(viewer, state) ? state_number(state, name) : -1e9;
}

/* xdotool with a script of its own words; the pointer is moved in window coordinates. */
static void hand(const struct viewer *viewer, const char *const *words)
{
    const char *all[48] = {"xdotool"};
    char window[32];
    struct run run;
    int count = 1;
    int64_t frame = viewer_frame(viewer);
    snprintf(window, sizeof window, "%lu", viewer->top);
    for (; *words && count < 46; words++)
        all[count++] = strcmp(*words, "WINDOW") ? *words : window;
    run_words(&run, all);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT(viewer_wait(viewer, "", frame));
}
#define HAND(viewer, ...) hand(viewer, (const char *const[]){__VA_ARGS__, NULL})

/* The zoom that fits the page of 1200 x 900 into the image area. */
static double fitting(const struct viewer *viewer)
{
    int width = 1, height = 1;
    viewer_image_size(viewer, &width, &height);
    return fmin(width / 1200.0, height / 900.0);
}

static bool start(struct viewer *viewer)
{
    return VIEW(viewer, "-geometry", "800x620+0+0", harness_film());
}

static void left_drag_is_window_and_level(void)
{
    struct viewer viewer;
    int width, height;
    if (!start(&viewer))
        return;
    viewer_image_size(&viewer, &width, &height);
    double whole = told(&viewer, "window"), level = told(&viewer, "level");
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "500", "300", "mouseup", "1");
    CU_ASSERT_EQUAL(told(&viewer, "window"), round(whole + 200 * whole / width));
    CU_ASSERT(fabs(told(&viewer, "level") - level) <= 0.5);
    level = told(&viewer, "level");
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "300", "200", "mouseup", "1");
    /* Up is brighter: a lower centre. */
    CU_ASSERT_EQUAL(told(&viewer, "level"), round(level - 100 * whole / height));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void up_is_brighter_when_inverted_too(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    CU_ASSERT(viewer_do(&viewer, "invert on"));
    double level = told(&viewer, "level");
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "300", "200", "mouseup", "1");
    CU_ASSERT(told(&viewer, "level") > level + 100);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void middle_drag_pans_and_wheel_zooms(void)
{
    struct viewer viewer;
    double x, y;
    char state[STATE_ROOM];
    if (!start(&viewer))
        return;
    CU_ASSERT(viewer_do(&viewer, "wheel zoom; zoom 2; center 600 450"));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "2", "mousemove",
         "--window", "WINDOW", "400", "260", "mouseup", "2");
    viewer_state(&viewer, state);
    CU_ASSERT_EQUAL(sscanf(strstr(state, "center="), "center=%lf,%lf", &x, &y), 2);
    CU_ASSERT_EQUAL(x, 550);
    CU_ASSERT_EQUAL(y, 470);
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "click", "4");
    CU_ASSERT_EQUAL(told(&viewer, "zoom"), 2.5);
    HAND(&viewer, "click", "5", "click", "5");
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), 1.6, 1e-9);
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "3", "mousemove",
         "--window", "WINDOW", "300", "200", "mouseup", "3");
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), 3.2, 1e-9);
    HAND(&viewer, "mousemove", "--window", "WINDOW", "200", "200", "click", "--repeat", "2",
         "--delay", "30", "1");
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), fitting(&viewer), 1e-9);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Each key of the issue, sent to the window, with what the state must say then. */
static void keys_do_what_the_table_says(void)
{
    static const struct {
        const char *before, *key, *then;
    } rows[] = {{"window 5 5", "1", "window=80 level=40 "},
                {"window 5 5", "4", "window=2000 level=350 "},
                {"window 5 5", "9", "window=2800 level=600 "},
                {"invert off; zoom 2", "i", "invert=1 "},
                {"zoom fit", "z", "zoom=1 "},
                {"zoom 2", "plus", "zoom=2.5 "},
                {"zoom 2", "minus", "zoom=1.6 "},
                {"zoom 2", "KP_Add", "zoom=2.5 "},
                {"zoom 2; center 600 450", "Left", "center=568,450 "},
                {"zoom 2; center 600 450", "Down", "center=600,482 "},
                {"rotate 0; zoom 2", "r", "rotate=90 "},
                {"rotate 0; zoom 2", "shift+r", "rotate=270 "},
                {"rotate 90; zoom 2", "Escape", "rotate=0 "},
                {"zoom 2", "Next", "page=2/3 "},
                {"zoom 2", "End", "page=3/3 "},
                {"zoom 2", "Home", "page=1/3 "}};
    struct viewer viewer;
    if (!start(&viewer))
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CU_ASSERT(viewer_do(&viewer, rows[i].before));
        int64_t frame = viewer_frame(&viewer);
        viewer_key(&viewer, rows[i].key);
        CU_ASSERT(viewer_wait(&viewer, rows[i].then, frame));
    }
    for (int i = 0; i < 2; i++) {
        CU_ASSERT(viewer_do(&viewer, "zoom 2"));
        int64_t frame = viewer_frame(&viewer);
        viewer_key(&viewer, i ? "equal" : "f");
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), fitting(&viewer), 1e-9);
    }
    CU_ASSERT(viewer_do(&viewer, "page 1; auto"));
    double window = told(&viewer, "window");
    CU_ASSERT(viewer_do(&viewer, "window 5 5"));
    int64_t frame = viewer_frame(&viewer);
    viewer_key(&viewer, "0");
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    CU_ASSERT_EQUAL(told(&viewer, "window"), window);
    struct run run;
    char name[32];
    snprintf(name, sizeof name, "%lu", viewer.top);
    /* The window goes at the press: xdotool finds none to send the release to, which is no failure
     * here. */
    RUN(&run, "xdotool", "key", "--window", name, "q");
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
}

static void real_keys_count_too(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "key", "plus");
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), fitting(&viewer) * 1.25, 1e-9);
    HAND(&viewer, "key", "i");
    CU_ASSERT_EQUAL(told(&viewer, "invert"), 1);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void help_comes_and_goes(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    viewer_key(&viewer, "F1");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    viewer_key(&viewer, "Escape");
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    viewer_key(&viewer, "question");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    viewer_key(&viewer, "question");
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    double window = told(&viewer, "window");
    viewer_key(&viewer, "F1");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "400", "300", "mousedown", "1",
         "mousemove_relative", "60", "0", "mouseup", "1"); /* it goes, and nothing beneath it */
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    CU_ASSERT_EQUAL(told(&viewer, "window"), window);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void commands_answer(void)
{
    struct viewer viewer;
    char reply[4096];
    if (!VIEW(&viewer, "-geometry", "800x620+0+0", "-e", "zoom 3; window 100 50", harness_film()))
        return;
    CU_ASSERT(viewer_wait(&viewer, "window=100 level=50 zoom=3 ", -1));
    CU_ASSERT(viewer_command(&viewer, "zom 2", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "zom"));
    CU_ASSERT(viewer_command(&viewer, "page 9", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "1 to 3"));
    CU_ASSERT(viewer_command(&viewer, "memory report", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "tiles"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* By resources; a line that cannot be read is told of, and the others count. */
static void keys_and_buttons_are_bound(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "800x620+0+0", "-xrm",
              "*bindings: Ctrl<Key>j: zoom 2; rotate 90\\n! nothing\\nEsc: quit\\nj: jump\\ni:none",
              "-xrm", "*mouse: Button1: pan\\nCtrl+Button1: window\\nButton9: pan", "-xrm",
              "*levelDrag: down", harness_film()))
        return;
    viewer_key(&viewer, "ctrl+j");
    CU_ASSERT(viewer_wait(&viewer, "zoom=2 ", -1));
    CU_ASSERT(viewer_wait(&viewer, "rotate=90", -1));
    double level = told(&viewer, "level");
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "320", "300", "mouseup", "1");
    CU_ASSERT_EQUAL(told(&viewer, "level"), level);
    viewer_key(&viewer, "i"); /* does nothing any more */
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "300", "keydown", "ctrl", "mousedown",
         "1", "mousemove", "--window", "WINDOW", "300", "250", "mouseup", "1", "keyup", "ctrl");
    CU_ASSERT(told(&viewer, "level") > level);
    CU_ASSERT_EQUAL(told(&viewer, "invert"), 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said,
                           "xlightbox: the resource bindings: 'Esc' is not a key (write Escape)\n"
                           "xlightbox: the resource bindings: 'jump' is not a command\n"
                           "xlightbox: the resource mouse: 'Button9' is not a button (write "
                           "Button1 to Button3)\n");
}

SUITE("hand", {"left drag is window and level", left_drag_is_window_and_level},
      {"up is brighter when inverted too", up_is_brighter_when_inverted_too},
      {"middle drag, wheel, right drag, double click", middle_drag_pans_and_wheel_zooms},
      {"keys do what the table says", keys_do_what_the_table_says},
      {"real keys count too", real_keys_count_too}, {"help comes and goes", help_comes_and_goes},
      {"commands answer", commands_answer},
      {"keys and buttons are bound", keys_and_buttons_are_bound})
