/* Stacks in the window: the wheel, steps that come faster than pages, windows that stay, cine, and
 * ten thousand pages. Guards app/stack.c and app/commands_stack.c. */
#include "suite.h"

#include <X11/Xutil.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* Each page is brighter than the one before. */
static int32_t brighter(int64_t x, int64_t y, int page)
{
    return (int32_t)(1000 * page + (x * 7 + y * 3) % 500) & 0xffff;
}

static const char *stack(const char *name, int pages, const char *description)
{
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .type = SAMPLE_U16,
                                 .pages = pages,
                                 .description = description,
                                 .value = brighter};
    CU_ASSERT_FATAL(tiff_make(scratch_path(name), &recipe));
    return scratch_path(name);
}

static double told(const struct viewer *viewer, const char *name)
{
    char state[STATE_ROOM];
    return viewer_state(viewer, state) ? state_number(state, name) : -1e9;
}

static bool comes_to(const struct viewer *viewer, int page, int pages)
{
    char text[32];
    snprintf(text, sizeof text, "page=%d/%d ", page, pages);
    return viewer_wait(viewer, text, -1);
}

/* Real clicks, or real keys held down meanwhile. */
static void hand(const char *const *words)
{
    const char *all[16] = {"xdotool"};
    struct run run;
    for (int i = 0; words[i] && i < 14; i++)
        all[i + 1] = words[i];
    run_words(&run, all);
    CU_ASSERT_EQUAL(run.status, 0);
}
#define HAND(...) hand((const char *const[]){__VA_ARGS__, NULL})

static void point_at(const struct viewer *viewer)
{
    char window[32];
    snprintf(window, sizeof window, "%lu", viewer->top);
    HAND("mousemove", "--window", window, "100", "100");
}

static void the_wheel_pages_and_ctrl_zooms(void)
{
    struct viewer viewer;
    char reply[256];
    if (!VIEW(&viewer, "-geometry", "300x260+0+0", stack("wheel.tif", 40, NULL)))
        return;
    point_at(&viewer);
    HAND("click", "5");
    CU_ASSERT(comes_to(&viewer, 2, 40));
    HAND("click", "--repeat", "10", "--delay", "0", "5");
    CU_ASSERT(comes_to(&viewer, 12, 40));
    HAND("click", "4");
    CU_ASSERT(comes_to(&viewer, 11, 40));
    HAND("click", "--repeat", "60", "--delay", "0", "5");
    CU_ASSERT(comes_to(&viewer, 40, 40));
    double zoom = told(&viewer, "zoom");
    int64_t frame = viewer_frame(&viewer);
    HAND("keydown", "ctrl", "click", "4", "keyup", "ctrl");
    CU_ASSERT(viewer_wait(&viewer, "page=40/40 ", frame));
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), zoom * 1.25, 1e-6);
    CU_ASSERT(viewer_command(&viewer, "wheel zoom", reply, sizeof reply));
    frame = viewer_frame(&viewer);
    HAND("click", "5");
    CU_ASSERT(viewer_wait(&viewer, "page=40/40 ", frame));
    CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "zoom"), zoom, 1e-6);
    CU_ASSERT(viewer_command(&viewer, "wheel sideways", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "'sideways' is not auto, page or zoom"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The resource counts, but for what the command line says; of one page the wheel zooms. */
static void the_wheel_is_set_by_resource_and_option(void)
{
    static const struct {
        const char *words[4];
        int pages;
        bool zooms;
    } rows[] = {{{"-xrm", "Xlightbox*wheel: zoom", NULL}, 3, true},
                {{"-xrm", "Xlightbox*wheel: zoom", "--wheel=page", NULL}, 3, false},
                {{NULL}, 1, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *words[8] = {"-geometry", "300x260+0+0"};
        struct viewer viewer;
        int count = 2;
        for (int j = 0; rows[i].words[j]; j++)
            words[count++] = rows[i].words[j];
        words[count] = stack("set.tif", rows[i].pages, NULL);
        if (!viewer_start(&viewer, words))
            continue;
        double zoom = told(&viewer, "zoom");
        int64_t frame = viewer_frame(&viewer);
        point_at(&viewer);
        HAND("click", "5");
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        CU_ASSERT((told(&viewer, "zoom") < zoom) == rows[i].zooms);
        CU_ASSERT_EQUAL(told(&viewer, "page"), rows[i].zooms ? 1 : 2);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* Notches, sent to the window at once: the viewer sleeps until all have arrived. */
static void send_notches(const struct viewer *viewer, int notches)
{
    XEvent event = {.xbutton = {.type = ButtonPress,
                                .display = server(),
                                .window = viewer->top,
                                .root = DefaultRootWindow(server()),
                                .x = 50,
                                .y = 50,
                                .same_screen = True,
                                .button = Button5}};
    kill(viewer->pid, SIGSTOP);
    for (int i = 0; i < notches; i++)
        XSendEvent(server(), viewer->top, True, ButtonPressMask, &event);
    XSync(server(), False);
    kill(viewer->pid, SIGCONT);
}

static void notches_that_come_together_are_one_load(void)
{
    struct viewer viewer;
    setenv("XLIGHTBOX_LOG", "frame", 1);
    bool there = VIEW(&viewer, "-geometry", "300x260", stack("wheel.tif", 40, NULL));
    unsetenv("XLIGHTBOX_LOG");
    if (!there)
        return;
    send_notches(&viewer, 10);
    CU_ASSERT(comes_to(&viewer, 11, 40));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    for (int page = 2; page <= 10; page++) {
        char text[32];
        snprintf(text, sizeof text, "page=%d/40 ", page);
        CU_ASSERT_PTR_NULL(strstr(viewer.said, text));
    }
}

/* While one page is on its way to the screen, the last of the others that were asked for comes
 * next; and that one page is seen. */
static void the_latest_page_wins(void)
{
    struct viewer viewer;
    pid_t workers[16];
    char reply[256];
    setenv("XLIGHTBOX_LOG", "frame", 1);
    bool there = VIEW(&viewer, "-geometry", "300x260", stack("wheel.tif", 40, NULL));
    unsetenv("XLIGHTBOX_LOG");
    if (!there)
        return;
    int count = viewer_workers(&viewer, workers);
    for (int i = 0; i < count; i++)
        kill(workers[i], SIGSTOP);
    CU_ASSERT(viewer_command(&viewer, "page 2; page 3; page last; page 4; stack +2", reply,
                             sizeof reply));
    for (int i = 0; i < count; i++)
        kill(workers[i], SIGCONT);
    CU_ASSERT(comes_to(&viewer, 6, 40));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(viewer.said, "page=2/40 "));
    CU_ASSERT_PTR_NULL(strstr(viewer.said, "page=3/40 "));
    CU_ASSERT_PTR_NULL(strstr(viewer.said, "page=4/40 "));
    CU_ASSERT_PTR_NULL(strstr(viewer.said, "page=40/40 "));
}

/* An auto window stays, unless each page is to have its own; one's own stays, and goes then. */
static void windows_stay_or_are_each_pages_own(void)
{
    static const struct {
        const char *script;
        double level;
    } rows[] = {{"page 3", 0},
                {"page-window auto; page 4", 3},
                {"page 2", 1},
                {"page-window keep; page 9", 1},
                {"auto", 8},
                {"page 8", 8},
                {"window 77 4100; page 5", 3.85},
                {"page-window auto; page 6", 5}};
    struct viewer viewer;
    char reply[256];
    if (!VIEW(&viewer, "-geometry", "300x260", stack("wheel.tif", 40, NULL)))
        return;
    double first = told(&viewer, "level"), width = told(&viewer, "window");
    CU_ASSERT(first > 200 && first < 300);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CU_ASSERT(viewer_do(&viewer, rows[i].script));
        CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "level"), first + 1000 * rows[i].level, 5);
        CU_ASSERT((told(&viewer, "window") == width) == (i != 6));
    }
    CU_ASSERT(viewer_command(&viewer, "page-window never", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "keep or auto"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (VIEW(&viewer, "--page-window", "auto", "-geometry", "300x260", scratch_path("wheel.tif"))) {
        CU_ASSERT(viewer_do(&viewer, "page 3"));
        CU_ASSERT_DOUBLE_EQUAL(told(&viewer, "level"), first + 2000, 5);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* In the middle of the picture, at zoom 4, under LINEAR with width 8000 and centre 4000. */
static int level_of_middle(int page)
{
    double x = brighter(30, 25, page - 1);
    return (int)(255 * ((x - 3999.5) / 7999 + 0.5) + 0.5);
}

static int grabbed_level(const struct viewer *viewer)
{
    struct pnm picture = {0};
    if (!viewer_grab(viewer, &picture))
        return -1;
    int level = pnm_at(&picture, picture.width / 2 + 2, picture.height / 2 + 2);
    pnm_free(&picture);
    return level;
}

/* With all decoders stopped the page that follows comes nevertheless, and is right. */
static void the_next_page_is_there_before_it_is_asked_for(void)
{
    static const struct {
        const char *key;
        int page, then;
    } steps[] = {{"Next", 2, 3}, {"Next", 3, 4}, {"Prior", 2, 1}};
    struct viewer viewer;
    char text[64], state[STATE_ROOM];
    setenv("XLIGHTBOX_LOG", "tiles,frame", 1);
    bool there = VIEW(&viewer, "-geometry", "300x260", stack("next.tif", 40, NULL));
    unsetenv("XLIGHTBOX_LOG");
    if (!there)
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 4; window 8000 4000"));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        viewer_key(&viewer, steps[i].key);
        CU_ASSERT(comes_to(&viewer, steps[i].page, 40));
        snprintf(text, sizeof text, "page %d was read ahead", steps[i].then);
        if (i == 1)
            CU_ASSERT(viewer_hears(&viewer, text));
    }
    CU_ASSERT(viewer_hears(&viewer, text));
    pid_t workers[16];
    int count = viewer_workers(&viewer, workers);
    for (int i = 0; i < count; i++)
        kill(workers[i], SIGSTOP);
    viewer_key(&viewer, "Prior");
    for (int64_t end = now_ms() + PATIENCE_MS; now_ms() < end; pause_ms(2))
        if (viewer_state(&viewer, state) && state_number(state, "page") == 1)
            break;
    CU_ASSERT_EQUAL(grabbed_level(&viewer), level_of_middle(1));
    for (int i = 0; i < count; i++)
        kill(workers[i], SIGCONT);
    CU_ASSERT(comes_to(&viewer, 1, 40));
    CU_ASSERT_EQUAL(grabbed_level(&viewer), level_of_middle(1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    const char *late = strstr(viewer.said, "stopped"), *back = strstr(viewer.said, "page=3/40 ");
    const char *shown = back ? strstr(back, "page=1/40 ") : NULL;
    CU_ASSERT(shown && (!late || shown < late));
}

/* Waits for so many other pages than the one shown, none of them final. */
static bool plays(const struct viewer *viewer, int pages)
{
    char state[STATE_ROOM];
    double page = told(viewer, "page");
    for (int64_t end = now_ms() + PATIENCE_MS; pages > 0 && now_ms() < end; pause_ms(2)) {
        if (!viewer_state(viewer, state) || state_number(state, "page") == page)
            continue;
        bool first = page < 1; /* the window is new */
        page = state_number(state, "page");
        if (first)
            continue;
        pages--;
        CU_ASSERT_PTR_NOT_NULL(strstr(state, " idle=0 "));
    }
    return pages == 0;
}

static void cine_plays_until_it_is_stopped(void)
{
    static const char *const stops[] = {"c", "Escape", "Home", NULL};
    struct viewer viewer;
    char reply[256];
    if (!VIEW(&viewer, "-geometry", "300x260", stack("wheel.tif", 40, NULL)))
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 3; window 40000 20000"));
    for (int i = 0; stops[i]; i++) {
        if (i == 1)
            CU_ASSERT(viewer_command(&viewer, "cine bounce; cine 40", reply, sizeof reply));
        if (i != 1)
            viewer_key(&viewer, "c");
        CU_ASSERT(plays(&viewer, 3));
        /* It goes on while the hand is elsewhere, and a drag goes on from page to page. */
        viewer_key(&viewer, "plus");
        point_at(&viewer);
        HAND("mousedown", "1");
        CU_ASSERT(plays(&viewer, 2));
        HAND("mousemove_relative", "30", "0");
        HAND("mouseup", "1");
        CU_ASSERT(plays(&viewer, 2));
        CU_ASSERT(told(&viewer, "window") > 40000);
        CU_ASSERT(viewer_command(&viewer, "window 40000", reply, sizeof reply));
        viewer_key(&viewer, "minus");
        viewer_key(&viewer, stops[i]);
        CU_ASSERT(viewer_wait(&viewer, i == 2 ? "page=1/40 " : "zoom=3 ", -1));
        CU_ASSERT_EQUAL(told(&viewer, "window"), 40000);
    }
    CU_ASSERT(viewer_command(&viewer, "cine 1000", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "pages for a second, 0.1 to 100"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
}

/* Time points before slices; from the option on; and no more than there is. */
static void cine_goes_along_time(void)
{
    struct viewer viewer;
    char reply[256], state[STATE_ROOM];
    const char *file =
        stack("times.tif", 12, "ImageJ=1.53t\nimages=12\nslices=3\nframes=4\nhyperstack=true\n");
    const char *const words[] = {"--slice", "2", "--cine", "50", file, NULL};
    if (viewer_begin(&viewer, words)) {
        for (int seen = 0; seen < 8; seen++) {
            CU_ASSERT(plays(&viewer, 1) && viewer_state(&viewer, state));
            CU_ASSERT_EQUAL((int)state_number(state, "page") % 3, 2);
        }
        CU_ASSERT(viewer_command(&viewer, "cine off", reply, sizeof reply));
        CU_ASSERT(viewer_wait(&viewer, "", -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    if (VIEW(&viewer, stack("one.tif", 1, NULL))) {
        CU_ASSERT(viewer_command(&viewer, "cine", reply, sizeof reply));
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, "nothing to play"));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* Also where the last is asked for before anyone knows how many there are. */
static void ten_thousand_pages_are_walked_in_jumps(void)
{
    struct viewer viewer;
    const char *many = stack("many.tif", 10000, NULL);
    if (!VIEW(&viewer, scratch_path("one.tif"), many))
        return;
    CU_ASSERT(viewer_do(&viewer, "file 2; page last"));
    CU_ASSERT(comes_to(&viewer, 10000, 10000));
    CU_ASSERT(viewer_do(&viewer, "page -9000"));
    CU_ASSERT(comes_to(&viewer, 1000, 10000));
    CU_ASSERT(viewer_do(&viewer, "stack first; page +20; page -5"));
    CU_ASSERT(comes_to(&viewer, 16, 10000));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("stack", {"the wheel pages and Ctrl zooms", the_wheel_pages_and_ctrl_zooms},
      {"the wheel is set by resource and option", the_wheel_is_set_by_resource_and_option},
      {"notches that come together are one load", notches_that_come_together_are_one_load},
      {"the latest page wins", the_latest_page_wins},
      {"windows stay or are each page's own", windows_stay_or_are_each_pages_own},
      {"the next page is there before it is asked for",
       the_next_page_is_there_before_it_is_asked_for},
      {"cine plays until it is stopped", cine_plays_until_it_is_stopped},
      {"cine goes along time", cine_goes_along_time},
      {"ten thousand pages are walked in jumps", ten_thousand_pages_are_walked_in_jumps})
