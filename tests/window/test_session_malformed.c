/* One viewer goes through every malformed file and shows a good one after; and each of them on the
 * command line: an end in time, a status, a sentence, never a signal. Guards app/session.c,
 * app/render.c and app/info.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiff.h>
#include <unistd.h>

#include "harness.h"
#include "support/json.h"
#include "support/malformed.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

#define LIMIT_SECONDS "20"

static const char *good_film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 700,
                                 .height = 500,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .compression = COMPRESSION_LZW,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("good.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

/* More files than the harness has words for: the viewer is started by a script that knows them. */
static char *start_by_script(void)
{
    enum { ROOM = 1 << 17 };
    static char real[512], script[ROOM];
    snprintf(real, sizeof real, "%s", program());
    int used = snprintf(script, ROOM, "#!/bin/sh\nexec '%s' \"$@\"", real);
    for (size_t i = 0; i < malformed_count; i++)
        used += snprintf(script + used, (size_t)(ROOM - used), " '%s'",
                         malformed_make(&malformed_cases[i]));
    used += snprintf(script + used, (size_t)(ROOM - used), " '%s'\n", good_film());
    const char *path = scratch_file("all.sh", script, (size_t)used);
    chmod(path, 0700);
    setenv("XLIGHTBOX", path, 1);
    return real;
}

/* Everything the viewer has said on standard error, taken in before its pipe fills. */
static char said[1 << 18];

static void listen(const struct viewer *viewer)
{
    size_t used = strlen(said);
    ssize_t count;
    while ((count = read(viewer->errors, said + used, sizeof said - 1 - used)) > 0)
        used += (size_t)count;
    said[used] = 0;
}

/* A line that names the file and holds the sentence. */
static bool was_told(const struct malformed_case *made)
{
    char name[64];
    snprintf(name, sizeof name, "/%s.tif: ", made->name);
    for (const char *at = said; (at = strstr(at, name)); at++) {
        const char *found = strstr(at, made->sentence), *end = strchr(at, '\n');
        if (found && (!end || found < end))
            return true;
    }
    return false;
}

static void check_told(void)
{
    for (size_t i = 0; i < malformed_count; i++) {
        const struct malformed_case *made = &malformed_cases[i];
        bool told = made->end != MALFORMED_REFUSED || was_told(made);
        CU_ASSERT(told);
        if (!told)
            printf("  nothing told of %s\n", made->name);
    }
}

/* Steps on to the last file; false when the viewer does not follow. */
static bool step_through(const struct viewer *viewer)
{
    char state[STATE_ROOM];
    for (size_t i = 0; i <= malformed_count; i++) {
        listen(viewer);
        if (!viewer_state(viewer, state))
            return false;
        if (strstr(state, " file=good.tif "))
            return true;
        if (!viewer_do(viewer, "file next")) {
            printf("  stuck after: %s\n", state);
            return false;
        }
    }
    return false;
}

static void check_good_picture(const struct viewer *viewer)
{
    struct pnm grabbed, rendered;
    struct run run;
    char size[32];
    const char *out = scratch_path("good.ppm");
    CU_ASSERT(viewer_wait_panel(viewer, false));
    CU_ASSERT(viewer_do(viewer, "zoom 1"));
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", "1", good_film());
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    CU_ASSERT(grabbed.width == rendered.width && grabbed.height == rendered.height &&
              !memcmp(grabbed.samples, rendered.samples,
                      (size_t)grabbed.width * (size_t)grabbed.height * 3));
    pnm_free(&grabbed);
    pnm_free(&rendered);
}

static void one_viewer_survives_them_all(void)
{
    struct viewer viewer;
    pid_t pids[16];
    char *real = start_by_script();
    bool started = VIEW(&viewer, "-geometry", "500x400", "--workers", "2");
    setenv("XLIGHTBOX", real, 1);
    if (!started)
        return;
    CU_ASSERT(step_through(&viewer));
    check_good_picture(&viewer);
    CU_ASSERT_EQUAL(viewer_workers(&viewer, pids), 2);
    listen(&viewer);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
    check_told();
}

/* Status 1 comes with a line that names the file. */
static bool ends_well(const struct malformed_case *made, const char *path, const struct run *run)
{
    bool whole = made->end == MALFORMED_SHOWN, either = made->end == MALFORMED_EITHER;
    bool refused = made->end == MALFORMED_REFUSED;
    bool told = strstr(run->err, path) && (!refused || strstr(run->err, made->sentence));
    return (run->status == 0 && (whole || either)) || (run->status == 1 && !whole && told);
}

static void complain(const struct malformed_case *made, const char *option, const struct run *run)
{
    printf("  %s %s: status %d: %.300s\n", option, made->name, run->status, run->err);
}

static void render_ends(const struct malformed_case *made, const char *path)
{
    struct run run;
    RUN(&run, "timeout", "-s", "KILL", LIMIT_SECONDS, program(), "--force", "--render",
        scratch_path("made.ppm"), "--size", "64x64", path);
    bool good = ends_well(made, path, &run);
    CU_ASSERT(good);
    if (!good)
        complain(made, "--render", &run);
}

/* What can be opened is told of, in sound JSON, whether or not its blocks can be read. */
static void info_ends(const struct malformed_case *made, const char *path)
{
    struct run run;
    RUN(&run, "timeout", "-s", "KILL", LIMIT_SECONDS, program(), "--info", "--json", path);
    bool refused = made->end == MALFORMED_REFUSED;
    bool good = refused ? ends_well(made, path, &run)
                        : run.status <= 1 && json_sound(run.out) &&
                              (run.status == 0 || strstr(run.err, path));
    CU_ASSERT(good);
    if (!good)
        complain(made, "--info --json", &run);
}

static void each_ends_on_the_command_line(void)
{
    for (size_t i = 0; i < malformed_count; i++) {
        const struct malformed_case *made = &malformed_cases[i];
        char path[512];
        snprintf(path, sizeof path, "%s", malformed_make(made));
        render_ends(made, path);
        info_ends(made, path);
        remove(path);
    }
}

SUITE("malformed session", {"one viewer survives them all", one_viewer_survives_them_all},
      {"each ends on the command line", each_ends_on_the_command_line})
