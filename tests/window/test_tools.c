/* Tools under a real hand, and overlays in a real window: what is dragged is measured, what is
 * drawn over the picture is what is drawn of it anew in a file, by every transport, whatever moved
 * it there. Guards app/overlays.c, app/loupe.c and, in app/session.c, the tools. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"

static bool ask(const struct viewer *viewer, const char *script, char reply[4096])
{
    return viewer_command(viewer, script, reply, 4096);
}

/* The number behind " NAME=". */
static double said(const char *reply, const char *name)
{
    char key[40];
    double value = -1e99;
    snprintf(key, sizeof key, " %s=", name);
    const char *at = strstr(reply, key);
    if (at)
        sscanf(at + strlen(key), "%lf", &value);
    return value;
}

/* xdotool on the window; then until `measurements` says `text`. */
static void hand(const struct viewer *viewer, const char *const *words)
{
    const char *all[40] = {"xdotool"};
    char window[32];
    struct run run;
    int count = 1;
    snprintf(window, sizeof window, "%lu", viewer->top);
    for (; *words && count < 38; words++)
        all[count++] = strcmp(*words, "WINDOW") ? *words : window;
    run_words(&run, all);
    CU_ASSERT_EQUAL(run.status, 0);
}
#define HAND(viewer, ...) hand(viewer, (const char *const[]){__VA_ARGS__, NULL})

static bool wait_list(const struct viewer *viewer, const char *text, char reply[4096])
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(20))
        if (ask(viewer, "measurements", reply) && strstr(reply, text) && !strstr(reply, "waits"))
            return true;
    return false;
}

static void drag(const struct viewer *viewer, const char *tool)
{
    char script[80], reply[4096];
    snprintf(script, sizeof script, "clear measurements; tool %s; wait idle", tool);
    CU_ASSERT(ask(viewer, script, reply));
    HAND(viewer, "mousemove", "--window", "WINDOW", "100", "100", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "150", "130", "mousemove", "--window", "WINDOW", "300", "220",
         "mouseup", "1");
}

static bool start(struct viewer *viewer, const char *transport)
{
    return VIEW(viewer, "-geometry", "700x520+0+0", "--transport", transport, "--zoom", "2",
                "--center", "300,250", harness_film());
}

/* The window shows the page from (300 - 350, 250 - ...) / 2 on: told by the viewer's own size. */
static void each_tool_measures_what_is_dragged(void)
{
    struct viewer viewer;
    char reply[4096];
    int width, height;
    if (!start(&viewer, "auto"))
        return;
    viewer_image_size(&viewer, &width, &height);
    double left = floor(300 - width / 4.0 + 0.5), top = floor(250 - height / 4.0 + 0.5);
    drag(&viewer, "distance");
    CU_ASSERT(wait_list(&viewer, "distance", reply));
    CU_ASSERT_EQUAL(said(reply, "x"), left + 50.25);
    CU_ASSERT_EQUAL(said(reply, "y"), top + 50.25);
    CU_ASSERT_EQUAL(said(reply, "x2"), left + 150.25);
    CU_ASSERT_EQUAL(said(reply, "y2"), top + 110.25);
    /* 40 samples to the centimetre. */
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "length"), hypot(100, 60) / 4, 1e-5);
    drag(&viewer, "rectangle");
    CU_ASSERT(wait_list(&viewer, "rectangle", reply));
    CU_ASSERT(said(reply, "x") == left + 50 && said(reply, "y") == top + 50);
    CU_ASSERT(said(reply, "width") == 100 && said(reply, "height") == 60);
    CU_ASSERT_EQUAL(said(reply, "pixels"), 6000);
    drag(&viewer, "ellipse");
    CU_ASSERT(wait_list(&viewer, "ellipse", reply));
    CU_ASSERT(said(reply, "width") == 100 && said(reply, "height") == 60);
    CU_ASSERT_DOUBLE_EQUAL(said(reply, "pixels"), acos(-1) * 50 * 30, 20);
    CU_ASSERT(ask(&viewer, "tool probe", reply));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "60", "40", "click", "1");
    CU_ASSERT(wait_list(&viewer, "probe", reply));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void keys_choose_tools_and_give_up(void)
{
    struct viewer viewer;
    char reply[4096];
    if (!start(&viewer, "auto"))
        return;
    viewer_key(&viewer, "d");
    CU_ASSERT(ask(&viewer, "tool", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "* distance"));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "100", "100", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "300", "220", "key", "Escape", "mouseup", "1");
    CU_ASSERT(ask(&viewer, "measurements json", reply));
    CU_ASSERT_STRING_EQUAL(reply, "[]\n");
    CU_ASSERT(ask(&viewer, "tool hammer", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "'hammer' is not a tool"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_box_zooms(void)
{
    struct viewer viewer;
    char state[STATE_ROOM], reply[4096];
    int width, height;
    if (!start(&viewer, "auto"))
        return;
    viewer_image_size(&viewer, &width, &height);
    int64_t frame = viewer_frame(&viewer);
    drag(&viewer, "zoom-box");
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    CU_ASSERT(ask(&viewer, "wait idle", reply));
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT_DOUBLE_EQUAL(state_number(state, "zoom"), 2 * fmin(width / 200.0, height / 120.0),
                           1e-6);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static long differing(const struct pnm *a, const struct pnm *b)
{
    size_t bytes = (size_t)a->width * (size_t)a->height * 3;
    long count = 0;
    if (a->width != b->width || a->height != b->height)
        return -1;
    for (size_t i = 0; i < bytes; i++)
        count += a->samples[i] != b->samples[i];
    return count;
}

/* The window beside the same view drawn anew, with overlays or without. */
static long beside_file(const struct viewer *viewer, const char *with)
{
    struct pnm grabbed, drawn;
    char script[300], reply[4096];
    const char *out = scratch_path("anew.ppm");
    snprintf(script, sizeof script, "wait idle; render %s force %s", out, with);
    CU_ASSERT(ask(viewer, script, reply));
    CU_ASSERT_PTR_NULL(strstr(reply, "error"));
    if (!viewer_grab(viewer, &grabbed))
        return -1;
    long differ = pnm_read(&drawn, out) ? differing(&grabbed, &drawn) : -1;
    pnm_free(&grabbed);
    pnm_free(&drawn);
    return differ;
}

/* All of them, while the picture is moved, stepped, turned, paged and covered. */
static void check_transport(const char *transport)
{
    static const char *const steps[] = {"distance 200,180 390,300",
                                        "rectangle 220,200 60x40; overlay all on",
                                        "pan 37 -21",
                                        "pan left",
                                        "window 900 700",
                                        "ellipse 250,150 90x120",
                                        "rotate 90",
                                        "clear last",
                                        "zoom 3.7",
                                        "page 2",
                                        "page 1; overlay corners off",
                                        "calibrate 5 mm",
                                        "overlay measurements off"};
    struct viewer viewer;
    char reply[4096];
    if (!start(&viewer, transport))
        return;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        CU_ASSERT(ask(&viewer, steps[i], reply));
        CU_ASSERT_EQUAL(beside_file(&viewer, "overlay"), 0);
        CU_ASSERT(beside_file(&viewer, "") > 0);
    }
    CU_ASSERT(ask(&viewer, "overlay all off", reply));
    CU_ASSERT_EQUAL(beside_file(&viewer, ""), 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void every_transport_has_them(void)
{
    check_transport("shm");
    check_transport("put");
    check_transport("planes");
    if (has_render())
        check_transport("render");
}

/* The upper left corner of what was dragged from 100,100 to 300,220, taken 3 pixels beside it. */
static void a_placed_shape_is_taken_at_a_corner(void)
{
    struct viewer viewer;
    char reply[4096], placed[4096], script[200];
    if (!start(&viewer, "put"))
        return;
    drag(&viewer, "rectangle");
    CU_ASSERT(wait_list(&viewer, "rectangle", placed));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "103", "102", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "160", "160", "mousemove", "--window", "WINDOW", "400", "400", "key",
         "Escape", "mouseup", "1");
    CU_ASSERT_EQUAL(beside_file(&viewer, "overlay"), 0); /* given up: as it was */
    CU_ASSERT(wait_list(&viewer, "rectangle", reply));
    CU_ASSERT_STRING_EQUAL(reply, placed);
    HAND(&viewer, "mousemove", "--window", "WINDOW", "103", "102", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "400", "300", "mousemove", "--window", "WINDOW", "160", "160",
         "mouseup", "1");
    CU_ASSERT(wait_list(&viewer, "rectangle", reply));
    CU_ASSERT(said(reply, "x") == said(placed, "x") + 30 &&
              said(reply, "y") == said(placed, "y") + 30);
    CU_ASSERT(said(reply, "width") == 70 && said(reply, "height") == 30);
    CU_ASSERT(said(reply, "number") == said(placed, "number") && said(reply, "pixels") == 2100);
    CU_ASSERT_EQUAL(beside_file(&viewer, "overlay"), 0);
    double mean = said(reply, "mean");
    snprintf(script, sizeof script, "clear measurements; rectangle %.0f,%.0f 70x30; wait idle",
             said(reply, "x"), said(reply, "y"));
    CU_ASSERT(ask(&viewer, script, reply) && wait_list(&viewer, "rectangle", reply));
    CU_ASSERT_EQUAL(said(reply, "mean"), mean);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* A shape that is being drawn leaves nothing behind. */
static void a_drag_leaves_no_trace(void)
{
    struct viewer viewer;
    char reply[4096];
    if (!start(&viewer, "put"))
        return;
    CU_ASSERT(ask(&viewer, "tool ellipse", reply));
    HAND(&viewer, "mousemove", "--window", "WINDOW", "100", "100", "mousedown", "1", "mousemove",
         "--window", "WINDOW", "600", "420", "mousemove", "--window", "WINDOW", "140", "300",
         "mousemove", "--window", "WINDOW", "200", "160", "mouseup", "1");
    CU_ASSERT(wait_list(&viewer, "ellipse", reply));
    CU_ASSERT_EQUAL(beside_file(&viewer, "overlay"), 0);
    CU_ASSERT(ask(&viewer, "clear measurements", reply));
    CU_ASSERT_EQUAL(beside_file(&viewer, ""), 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The same words give --render the same picture; a picture of 16 bits has them, too. */
static void pictures_in_files_have_them(void)
{
    struct viewer viewer;
    struct pnm grabbed, drawn;
    struct run run;
    char size[32];
    const char *out = scratch_path("overlaid.ppm");
    if (!VIEW(&viewer, "-geometry", "500x420+0+0", "--overlay", "scale,marks,corners", "--rotate",
              "90", harness_film()))
        return;
    CU_ASSERT_FATAL(viewer_grab(&viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--overlay",
        "scale,marks,corners", "--rotate", "90", harness_film());
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(&drawn, out));
    CU_ASSERT_EQUAL(differing(&grabbed, &drawn), 0);
    pnm_free(&drawn);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--rotate", "90",
        harness_film());
    CU_ASSERT_FATAL(pnm_read(&drawn, out));
    CU_ASSERT(differing(&grabbed, &drawn) > 0);
    pnm_free(&drawn);
    pnm_free(&grabbed);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void the_resource_shows_them(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "500x420+0+0", "-xrm", "Xlightbox*overlay: scale",
              harness_film()))
        return;
    CU_ASSERT_EQUAL(beside_file(&viewer, "overlay"), 0);
    CU_ASSERT(beside_file(&viewer, "") > 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The middle of the loupe is what --render makes of that place at that zoom; beside it the picture
 * is what it was, and it goes when the pointer does. */
static void the_loupe_shows_what_is_under_it(void)
{
    struct viewer viewer;
    struct pnm grabbed, larger;
    struct run run;
    char reply[4096];
    const char *out = scratch_path("larger.ppm");
    long differ = 0;
    if (!VIEW(&viewer, "-geometry", "700x520+0+0", "--zoom", "1", "--center", "600,450", "--window",
              "4000", "--level", "2000", harness_film()))
        return;
    CU_ASSERT(ask(&viewer, "tool loupe; loupe 3", reply));
    int64_t frame = viewer_frame(&viewer);
    HAND(&viewer, "mousemove", "--window", "WINDOW", "300", "200");
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    CU_ASSERT_FATAL(viewer_grab(&viewer, &grabbed));
    /* Pixel (300, 200) shows that sample; its middle is the loupe's. */
    char center[64], size[32];
    int side = (grabbed.width < grabbed.height ? grabbed.width : grabbed.height) / 3;
    snprintf(size, sizeof size, "%dx%d", side, side);
    snprintf(center, sizeof center, "%g,%g", 600 - floor(grabbed.width / 2.0) + 300.5,
             450 - floor(grabbed.height / 2.0) + 200.5);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", "3", "--center",
        center, "--window", "4000", "--level", "2000", harness_film());
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&larger, out));
    for (int y = 3; y < side - 3; y++)
        for (int x = 3; x < side - 3; x++)
            differ +=
                pnm_at(&grabbed, 300 - side / 2 + x, 200 - side / 2 + y) != pnm_at(&larger, x, y);
    CU_ASSERT_EQUAL(differ, 0);
    pnm_free(&grabbed);
    pnm_free(&larger);
    CU_ASSERT(beside_file(&viewer, "") > 1000);
    CU_ASSERT(ask(&viewer, "tool window", reply));
    CU_ASSERT_EQUAL(beside_file(&viewer, ""), 0);
    CU_ASSERT(ask(&viewer, "loupe 0.5", reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "error"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("tools", {"each tool measures what is dragged", each_tool_measures_what_is_dragged},
      {"keys choose tools, and give up", keys_choose_tools_and_give_up},
      {"a box zooms", a_box_zooms}, {"every transport has them", every_transport_has_them},
      {"a drag leaves no trace", a_drag_leaves_no_trace},
      {"a placed shape is taken at a corner", a_placed_shape_is_taken_at_a_corner},
      {"the loupe shows what is under it", the_loupe_shows_what_is_under_it},
      {"pictures in files have them", pictures_in_files_have_them},
      {"the resource shows them", the_resource_shows_them})
