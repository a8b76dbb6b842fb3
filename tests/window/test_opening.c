/* Files on their way to the window: what is told before there is one is seen in it, a file system
 * that stalls keeps nobody from it, a sentence goes with what it was about, and another file is
 * shown at the place where the one before was. Guards app/session.c, app/chrome.c's messages,
 * app/state.c and app/scene.c. */
#include "suite.h"

#include <X11/Xlib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "support/lease.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

#define WINDOW "-geometry", "500x400"

static char first[512], second[512], broken[512];

static void make(char path[512], const char *name, int64_t width, int64_t height)
{
    struct tiff_recipe recipe = {.width = width,
                                 .height = height,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .value = tiff_value_plain};
    snprintf(path, 512, "%s", scratch_path(name));
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
}

static void make_files(void)
{
    static const char text[] = "no picture at all";
    make(first, "first.tif", 300, 200);
    make(second, "second.tif", 600, 1000);
    snprintf(broken, sizeof broken, "%s", scratch_file("broken.tif", text, sizeof text));
}

static void title_of(const struct viewer *viewer, char title[256])
{
    char *name = NULL;
    XFetchName(server(), viewer->top, &name);
    snprintf(title, 256, "%s", name ? name : "");
    if (name)
        XFree(name);
}

static void what_was_told_before_the_window_is_seen_in_it(void)
{
    struct viewer viewer;
    make_files();
    if (!VIEW(&viewer, WINDOW, broken, first))
        return;
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(viewer_hears(&viewer, "broken.tif"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
    if (!VIEW(&viewer, WINDOW, first))
        return;
    CU_ASSERT(!viewer_panel(&viewer));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* A sentence about a file that was passed over is seen over the one that is shown instead, and goes
 * with the next that was asked for; so it is with reading anew. */
static void a_sentence_goes_with_what_it_was_about(void)
{
    struct viewer viewer;
    make_files();
    if (!VIEW(&viewer, WINDOW, first, broken, second))
        return;
    CU_ASSERT(viewer_do(&viewer, "file next"));
    CU_ASSERT(viewer_wait(&viewer, " file=second.tif ", -1));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(viewer_do(&viewer, "file first"));
    CU_ASSERT(viewer_wait(&viewer, " file=first.tif ", -1));
    CU_ASSERT(!viewer_panel(&viewer));
    CU_ASSERT(viewer_do(&viewer, "file next"));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(viewer_do(&viewer, "reload"));
    CU_ASSERT(viewer_wait(&viewer, " file=second.tif ", -1));
    CU_ASSERT(!viewer_panel(&viewer));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

static bool answers(const struct viewer *viewer, const char *script, const char *error)
{
    char reply[1024] = "nothing";
    bool answered = viewer_command(viewer, script, reply, sizeof reply);
    bool right = *error ? !strncmp(reply, "error: ", 7) && strstr(reply, error) : !*reply;
    return answered && right;
}

/* The answer comes when there is one to give, and the state tells of it then. */
static void who_asks_for_a_file_hears_what_became_of_it(void)
{
    struct viewer viewer;
    char state[STATE_ROOM];
    make_files();
    if (!VIEW(&viewer, WINDOW, first, broken, second))
        return;
    CU_ASSERT(answers(&viewer, "file 2", "broken.tif: not a TIFF"));
    CU_ASSERT(viewer_state(&viewer, state) && strstr(state, " file=first.tif page=1/1 "));
    CU_ASSERT(answers(&viewer, "file 3", ""));
    CU_ASSERT(viewer_state(&viewer, state) && strstr(state, " file=second.tif page=1/1 "));
    CU_ASSERT(answers(&viewer, "file previous", ""));
    CU_ASSERT(viewer_state(&viewer, state) && strstr(state, " file=first.tif page=1/1 "));
    CU_ASSERT(answers(&viewer, "file next; zoom 3", ""));
    CU_ASSERT(viewer_state(&viewer, state) && strstr(state, " file=second.tif page=1/1 "));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

/* The picture stays where it is still that of the file that was opened, and goes where there is no
 * such file any more; either way it is said. */
static void reading_anew_what_is_gone_is_told(void)
{
    struct viewer viewer;
    static const char text[] = "no picture any more";
    make_files();
    if (!VIEW(&viewer, WINDOW, first))
        return;
    CU_ASSERT_EQUAL(unlink(first), 0);
    CU_ASSERT(answers(&viewer, "reload", "the picture is the old one"));
    CU_ASSERT(viewer_wait(&viewer, " file=first.tif page=1/1 size=300x200 ", -1));
    scratch_file("first.tif", text, sizeof text);
    CU_ASSERT(answers(&viewer, "reload", "first.tif: not a TIFF"));
    CU_ASSERT(viewer_wait(&viewer, " file=first.tif page=0/0 size=0x0 ", -1));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    make(first, "first.tif", 400, 250);
    CU_ASSERT(answers(&viewer, "reload", ""));
    CU_ASSERT(viewer_wait(&viewer, " file=first.tif page=1/1 size=400x250 ", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

/* All commands that could trip over there being nothing. */
static const char *const commands[] = {
    "window 100 50",
    "level 3",
    "auto",
    "preset lung",
    "voi sigmoid",
    "invert",
    "zoom fit",
    "zoom in",
    "zoom 3",
    "zoom fill",
    "pan left",
    "center 3 4",
    "rotate left",
    "flip h",
    "flip v",
    "reset",
    "stack next",
    "page 2",
    "channel 1",
    "slice next",
    "time next",
    "series 1",
    "cine on",
    "reload",
    "overviews build",
    "status",
    "status",
    "memory hud",
    "memory report json",
    "help",
    "help",
    "memory large",
    "memory hud",
};

static bool stalled(struct viewer *viewer, const char *const *words)
{
    char title[256], state[STATE_ROOM] = "";
    if (!viewer_begin(viewer, words))
        return false;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit && !*state; pause_ms(2))
        viewer_state(viewer, state);
    CU_ASSERT_PTR_NOT_NULL(strstr(state, " idle=0 file=first.tif page=0/0 size=0x0 "));
    title_of(viewer, title);
    CU_ASSERT_STRING_EQUAL(title, "first.tif - xlightbox");
    return true;
}

static void a_stalled_file_system_keeps_nobody_from_the_window(void)
{
    struct viewer viewer;
    char reply[4096], title[256];
    make_files();
    int lease = lease_hold(first);
    if (lease < 0)
        return;
    if (stalled(&viewer, (const char *const[]){WINDOW, first, NULL})) {
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
            CU_ASSERT(viewer_command(&viewer, commands[i], reply, sizeof reply));
        lease_give_up(lease);
        CU_ASSERT(viewer_wait(&viewer, " file=first.tif page=1/1 size=300x200 ", -1));
        CU_ASSERT(viewer_wait(&viewer, " center=150,100 rotate=0 ", -1)); /* as at any start */
        title_of(&viewer, title);
        CU_ASSERT_STRING_EQUAL(title, "first.tif [1/1] - xlightbox");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

static void a_stalled_viewer_can_be_ended(void)
{
    struct viewer viewer;
    make_files();
    for (int by_signal = 0; by_signal < 2; by_signal++) {
        int lease = lease_hold(first);
        if (lease < 0 || !stalled(&viewer, (const char *const[]){WINDOW, first, second, NULL}))
            return;
        if (by_signal)
            kill(viewer.pid, SIGTERM);
        CU_ASSERT_EQUAL(by_signal ? viewer_wait_end(&viewer) : viewer_end(&viewer), 1);
        lease_give_up(lease);
    }
}

/* The window is there already when it shows that there is nothing to be shown. */
static void a_stalled_file_that_is_none_ends_the_viewer(void)
{
    struct viewer viewer;
    make_files();
    int lease = lease_hold(first);
    if (lease < 0 || !stalled(&viewer, (const char *const[]){WINDOW, first, broken, NULL}))
        return;
    CU_ASSERT_EQUAL(ftruncate(lease, 0), 0);
    lease_give_up(lease);
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(viewer.said, "first.tif"));
    CU_ASSERT_PTR_NOT_NULL(strstr(viewer.said, "broken.tif"));
}

/* The state claims nothing of a picture that is gone. */
static void a_file_that_has_become_none_leaves_nothing(void)
{
    struct viewer viewer;
    struct pnm black;
    char title[256];
    make_files();
    if (!VIEW(&viewer, WINDOW, first))
        return;
    CU_ASSERT(viewer_do(&viewer, "status off"));
    CU_ASSERT_EQUAL(rename(broken, first), 0);
    CU_ASSERT(answers(&viewer, "reload", "not a TIFF"));
    CU_ASSERT(viewer_wait(&viewer, " file=first.tif page=0/0 size=0x0 ", -1));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    title_of(&viewer, title);
    CU_ASSERT_STRING_EQUAL(title, "first.tif - xlightbox");
    CU_ASSERT_FATAL(viewer_grab(&viewer, &black));
    size_t lit = 0, bytes = (size_t)black.width * 3 * (size_t)(black.height - 100);
    for (size_t i = 0; i < bytes; i++)
        lit += black.samples[(size_t)black.width * 300 + i] != 0;
    CU_ASSERT_EQUAL(lit, 0);
    pnm_free(&black);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

/* Twice as wide and five times as high; read anew with another size the point itself stays. */
static void another_size_is_seen_at_the_same_place(void)
{
    struct viewer viewer;
    make_files();
    if (!VIEW(&viewer, WINDOW, "--zoom", "1", "--center", "90,150", first, second))
        return;
    CU_ASSERT(viewer_do(&viewer, "file next"));
    CU_ASSERT(viewer_wait(&viewer, " size=600x1000 ", -1));
    CU_ASSERT(viewer_wait(&viewer, " zoom=1 center=180,750 ", -1));
    make(second, "second.tif", 700, 800);
    CU_ASSERT(viewer_do(&viewer, "reload"));
    CU_ASSERT(viewer_wait(&viewer, " size=700x800 ", -1));
    CU_ASSERT(viewer_wait(&viewer, " zoom=1 center=180,750 ", -1));
    CU_ASSERT(viewer_do(&viewer, "center 350 400; file previous"));
    CU_ASSERT(viewer_wait(&viewer, " center=150,100 ", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("opening",
      {"who asks for a file hears what became of it", who_asks_for_a_file_hears_what_became_of_it},
      {"reading anew what is gone is told", reading_anew_what_is_gone_is_told},
      {"what was told before the window is seen in it",
       what_was_told_before_the_window_is_seen_in_it},
      {"a sentence goes with what it was about", a_sentence_goes_with_what_it_was_about},
      {"a stalled file system keeps nobody from the window",
       a_stalled_file_system_keeps_nobody_from_the_window},
      {"a stalled viewer can be ended", a_stalled_viewer_can_be_ended},
      {"a stalled file that is none ends the viewer", a_stalled_file_that_is_none_ends_the_viewer},
      {"a file that has become none leaves nothing", a_file_that_has_become_none_leaves_nothing},
      {"another size is seen at the same place", another_size_is_seen_at_the_same_place})
