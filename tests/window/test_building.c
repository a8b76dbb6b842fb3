/* Overviews made from the window: it goes on meanwhile, takes them up when they are there, and
 * leaves nothing behind when it ends before. Guards app/building.c and app/commands_overviews.c. */
#include "suite.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>
#include <unistd.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *large(const char *name, int64_t width, int64_t height)
{
    const struct tiff_recipe recipe = {.width = width,
                                       .height = height,
                                       .type = SAMPLE_U16,
                                       .compression = COMPRESSION_ADOBE_DEFLATE,
                                       .tile_width = 256,
                                       .tile_height = 256,
                                       .value = tiff_value_wide};
    CU_ASSERT_FATAL(tiff_make(scratch_path(name), &recipe));
    return scratch_path(name);
}

/* The process that makes overviews of a file, or 0. */
static pid_t builder_of(const char *path)
{
    pid_t found = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        char name[300], words[1024] = "";
        snprintf(name, sizeof name, "/proc/%s/cmdline", entry->d_name);
        FILE *file = isdigit((unsigned char)*entry->d_name) ? fopen(name, "r") : NULL;
        size_t count = file ? fread(words, 1, sizeof words - 1, file) : 0;
        if (file)
            fclose(file);
        for (size_t i = 0; i + 1 < count; i++)
            words[i] = words[i] ? words[i] : ' ';
        if (strstr(words, " --build-overviews ") && strstr(words, path))
            found = (pid_t)atoi(entry->d_name);
    }
    if (folder)
        closedir(folder);
    return found;
}

static bool building_becomes(const char *path, bool on)
{
    int64_t until = now_ms() + PATIENCE_MS;
    while ((builder_of(path) != 0) != on && now_ms() < until)
        pause_ms(5);
    return (builder_of(path) != 0) == on;
}

static void copies_are_made_and_taken_up(void)
{
    struct viewer viewer;
    static struct run run;
    char reply[256];
    const char *path = large("made.tif", 2100, 1700);
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", path))
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 0.3"));
    int64_t frame = viewer_frame(&viewer);
    CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
    CU_ASSERT_STRING_EQUAL(reply, "");
    CU_ASSERT(viewer_wait(&viewer, "zoom=0.3 ", frame)); /* read anew, seen as before */
    CU_ASSERT_EQUAL(scratch_beside("made.tif"), 1);
    CU_ASSERT(viewer_wait_panel(&viewer, false)); /* no alert */
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
    RUN(&run, program(), "--info", path);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "overview 4"));
}

static void the_window_goes_on_and_can_stop_it(void)
{
    struct viewer viewer;
    char reply[256];
    const char *path = large("stopped.tif", 4500, 4500);
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", path))
        return;
    CU_ASSERT(viewer_command(&viewer, "overviews stop", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "no overviews are being made"));
    CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
    CU_ASSERT(building_becomes(path, true));
    CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "overviews of stopped.tif are being made"));
    CU_ASSERT(viewer_do(&viewer, "window 999 500"));
    CU_ASSERT_EQUAL(access(scratch_path("stopped.tif.ovr"), F_OK), -1);
    CU_ASSERT(viewer_command(&viewer, "overviews stop", reply, sizeof reply));
    CU_ASSERT_STRING_EQUAL(reply, "");
    CU_ASSERT(building_becomes(path, false)); /* its makers notice that it is gone */
    CU_ASSERT_EQUAL(scratch_beside("stopped.tif"), 0);
    CU_ASSERT(viewer_command(&viewer, "overviews start", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "'start' is not build or stop"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Its end, however it comes, is theirs. */
static void it_ends_with_the_viewer(void)
{
    static const int signals[] = {0, SIGTERM, SIGKILL};
    const char *path = large("ended.tif", 4500, 4500);
    for (int i = 0; i < 3; i++) {
        struct viewer viewer;
        char reply[256];
        if (!VIEW(&viewer, "-geometry", "400x300+0+0", path))
            return;
        CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
        CU_ASSERT(building_becomes(path, true));
        if (signals[i]) {
            kill(viewer.pid, signals[i]);
            viewer_wait_end(&viewer);
        } else {
            CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        }
        CU_ASSERT(building_becomes(path, false));
        CU_ASSERT_EQUAL(scratch_beside("ended.tif"), 0);
    }
}

/* A maker that is killed says nothing; the viewer does. */
static void a_sudden_end_is_told(void)
{
    struct viewer viewer;
    char reply[256];
    const char *path = large("killed.tif", 4500, 4500);
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", path))
        return;
    CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
    CU_ASSERT(building_becomes(path, true));
    kill(builder_of(path), SIGKILL);
    CU_ASSERT(viewer_hears(&viewer, "xlightbox: killed.tif: no overviews: what made them was "
                                    "killed by signal 9 (Killed)\n"));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* A file that they cannot be made of: the viewer says why. */
static void refusals_are_shown(void)
{
    struct viewer viewer;
    char reply[256];
    const struct tiff_recipe recipe = {.width = 900,
                                       .height = 800,
                                       .bits = 8,
                                       .samples = 3,
                                       .photometric = PHOTOMETRIC_CIELAB,
                                       .rows_per_strip = 50};
    CU_ASSERT_FATAL(tiff_make(scratch_path("few.tif"), &recipe));
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", scratch_path("few.tif")))
        return;
    CU_ASSERT(viewer_command(&viewer, "overviews build", reply, sizeof reply));
    CU_ASSERT(viewer_hears(&viewer, "few.tif: no overviews are made of CIELab pages"));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT_EQUAL(scratch_beside("few.tif"), 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("building", {"copies are made and taken up", copies_are_made_and_taken_up},
      {"the window goes on and can stop it", the_window_goes_on_and_can_stop_it},
      {"it ends with the viewer", it_ends_with_the_viewer},
      {"a sudden end is told", a_sudden_end_is_told}, {"refusals are shown", refusals_are_shown})
