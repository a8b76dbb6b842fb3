/* Folders, files that change and files that come; windows at their place, in other programs', and
 * by other names. Guards app/arrivals.c and, with others, app/files.c, app/vigil.c and x11/embed.c.
 */
#include "suite.h"

#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *film(const char *name, int width)
{
    struct tiff_recipe recipe = {.width = width,
                                 .height = 600,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .pages = 3,
                                 .value = tiff_value_plain};
    const char *path = scratch_path(name);
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    return path;
}

static const char *folder(const char *name)
{
    const char *path = scratch_path(name);
    CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
    return path;
}

static bool answers(const struct viewer *viewer, const char *script, const char *wanted)
{
    static char reply[8192];
    bool right = viewer_command(viewer, script, reply, sizeof reply) && strstr(reply, wanted);
    if (!right)
        printf("  %s: %s", script, reply);
    return right;
}

/* ---- files ---- */

static void a_folder_is_gone_through_in_natural_order(void)
{
    struct viewer viewer;
    const char *path = folder("order");
    film("order/f10.tif", 310);
    film("order/f9.tif", 309);
    film("order/f1.tif", 301);
    if (!VIEW(&viewer, "-geometry", "400x300", path))
        return;
    CU_ASSERT(viewer_wait(&viewer, " file=f1.tif ", -1));
    CU_ASSERT(answers(&viewer, "file next; wait idle; state", "\nsize=309x600\n"));
    CU_ASSERT(answers(&viewer, "file last; wait idle; state", "\nsize=310x600\n"));
    CU_ASSERT(answers(&viewer, "state", "\nfile_number=3/3\n"));
    char script[600];
    snprintf(script, sizeof script, "open '%s'; wait idle; state", film("elsewhere.tif", 333));
    CU_ASSERT(answers(&viewer, script, "\nfile=elsewhere.tif\n"));
    CU_ASSERT(answers(&viewer, "state", "\nfile_number=4/4\n"));
    CU_ASSERT(answers(&viewer, script, "\nfile_number=4/4\n"));
    CU_ASSERT(
        answers(&viewer, "open /nonexistent.tif; wait idle", "error: column 24 (wait): /nonex"));
    viewer_end(&viewer);
}

static void an_empty_folder_is_refused(void)
{
    struct run run;
    server();
    RUN(&run, program(), folder("empty"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/empty: has no images in it"));
    RUN(&run, program(), "--info", scratch_path("empty"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/empty: has no images in it"));
}

static void a_file_that_changes_is_read_anew(void)
{
    struct viewer viewer;
    char path[512];
    snprintf(path, sizeof path, "%s", film("watched.tif", 400));
    if (!VIEW(&viewer, "-geometry", "400x300", "--watch", path))
        return;
    CU_ASSERT(viewer_do(&viewer, "page 2; zoom 3; center 100 90; window 123 456"));
    CU_ASSERT_EQUAL(rename(film("watched.new.tif", 500), path), 0);
    CU_ASSERT(viewer_wait(&viewer, " size=500x600 ", -1));
    CU_ASSERT(viewer_wait(&viewer, " page=2/3 ", -1));
    CU_ASSERT(viewer_wait(&viewer, " window=123 level=456 zoom=3 center=100,90 ", -1));
    film("watched.tif", 450); /* written in its place */
    CU_ASSERT(viewer_wait(&viewer, " size=450x600 ", -1));
    CU_ASSERT(viewer_wait(&viewer, " zoom=3 center=100,90 ", -1));
    viewer_end(&viewer);
}

static void images_that_come_are_shown(void)
{
    struct viewer viewer;
    char path[512];
    snprintf(path, sizeof path, "%s", folder("live"));
    film("live/a1.tif", 401);
    if (!VIEW(&viewer, "-geometry", "400x300", "--follow", path))
        return;
    CU_ASSERT(viewer_wait(&viewer, " file=a1.tif ", -1));
    film("live/a2.tif", 402);
    CU_ASSERT(viewer_wait(&viewer, " file=a2.tif ", -1));
    CU_ASSERT_EQUAL(rename(film("later.tif", 403), scratch_path("live/a0.tif")), 0);
    CU_ASSERT(viewer_wait(&viewer, " file=a0.tif ", -1));
    CU_ASSERT(answers(&viewer, "state", "\nfile_number=3/3\n"));
    viewer_end(&viewer);
}

/* The first of all may come late. */
static void the_first_image_is_waited_for(void)
{
    struct run run;
    server();
    setenv("X", program(), 1);
    setenv("D", folder("late"), 1);
    setenv("F", film("first.tif", 404), 1);
    RUN(&run, "sh", "-c",
        "$X --follow -e 'state; quit' $D & cp $F $D/x.part; mv $D/x.part $D/x.tif; "
        "wait $!");
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "\nsize=404x600\n"));
    RUN(&run, program(), "--follow", film("first.tif", 404));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "--follow: no folder is named"));
}

/* ---- windows ---- */

static void windows_are_where_they_are_asked_to_be(void)
{
    static const struct {
        const char *geometry, *place;
    } rows[] = {{"400x300+10+20", "geometry=400x300+10+20"},
                {"400x300-0-0", "geometry=400x300+880+724"},
                {"400x300-30+7", "geometry=400x300+850+7"},
                {"300x200+-5-10", "geometry=300x200-5+814"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run;
        server();
        RUN(&run, program(), "-geometry", rows[i].geometry, "--print-geometry", "-e", "quit",
            film("place.tif", 300));
        CU_ASSERT_EQUAL(run.status, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, rows[i].place));
        if (!strstr(run.out, rows[i].place))
            printf("  %s: %s", rows[i].geometry, run.out);
    }
}

static void names_are_what_they_are_asked_to_be(void)
{
    struct viewer viewer;
    XClassHint hint = {0};
    char *name = NULL;
    if (!VIEW(&viewer, "--class", "Kiosk", "--title", "Room 4", film("names.tif", 300)))
        return;
    CU_ASSERT(XGetClassHint(server(), viewer.top, &hint));
    CU_ASSERT_STRING_EQUAL(hint.res_name, "xlightbox");
    CU_ASSERT_STRING_EQUAL(hint.res_class, "Kiosk");
    CU_ASSERT(XFetchName(server(), viewer.top, &name));
    CU_ASSERT_STRING_EQUAL(name, "Room 4");
    XFree(hint.res_name);
    XFree(hint.res_class);
    XFree(name);
    viewer_end(&viewer);
}

static Window parent_of(Window window)
{
    Window root, parent = None, *children = NULL;
    unsigned count;
    if (XQueryTree(server(), window, &root, &parent, &children, &count) && children)
        XFree(children);
    return parent;
}

static void a_window_lives_in_another_one(void)
{
    struct viewer viewer;
    struct run run;
    char id[32], size[64];
    Window host =
        XCreateSimpleWindow(server(), DefaultRootWindow(server()), 5, 5, 420, 330, 0, 0, 0x808080);
    XMapWindow(server(), host);
    XSync(server(), False);
    snprintf(id, sizeof id, "0x%lx", host);
    if (!VIEW(&viewer, "--embed", id, film("embedded.tif", 300)))
        return;
    CU_ASSERT_EQUAL(parent_of(viewer.top), host);
    CU_ASSERT(answers(&viewer, "status off; wait idle; state", "\nview=420x330\n"));
    XResizeWindow(server(), host, 500, 400);
    XSync(server(), False);
    int64_t limit = now_ms() + PATIENCE_MS;
    int width = 0, height = 0;
    while (viewer_image_size(&viewer, &width, &height) && width != 500 && now_ms() < limit)
        pause_ms(2);
    snprintf(size, sizeof size, "\nview=%dx%d\n", 500, 400);
    CU_ASSERT(answers(&viewer, "wait idle; state", size));
    RUN(&run, program(), "--remote", "state"); /* it is found there, too */
    CU_ASSERT_EQUAL(run.status, 0);
    XDestroyWindow(server(), host);
    XSync(server(), False);
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
    RUN(&run, program(), "--embed", id, film("embedded.tif", 300));
    CU_ASSERT_EQUAL(run.status, 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "there is no window"));
}

SUITE("arrivals",
      {"a folder is gone through in natural order", a_folder_is_gone_through_in_natural_order},
      {"an empty folder is refused", an_empty_folder_is_refused},
      {"a file that changes is read anew", a_file_that_changes_is_read_anew},
      {"images that come are shown", images_that_come_are_shown},
      {"the first image is waited for", the_first_image_is_waited_for},
      {"windows are where they are asked to be", windows_are_where_they_are_asked_to_be},
      {"names are what they are asked to be", names_are_what_they_are_asked_to_be},
      {"a window lives in another one", a_window_lives_in_another_one})
