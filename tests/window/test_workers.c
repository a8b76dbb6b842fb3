/* Decoder processes that crash, stop or hang under a viewer: noticed, named, replaced, and the
 * picture completes. */
#include "suite.h"

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

static const char *film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 4000,
                                 .height = 3000,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 32,
                                 .compression = COMPRESSION_ADOBE_DEFLATE,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("workers.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

/* Whether two other processes now stand where `old` was. */
static bool replaced(const struct viewer *viewer, pid_t old)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        pid_t pids[16];
        int count = viewer_workers(viewer, pids);
        if (count == 2 && pids[0] != old && pids[1] != old)
            return true;
    }
    return false;
}

/* What the viewer has said on standard error so far, added to `said`. */
static void listen(const struct viewer *viewer, char *said, size_t room)
{
    size_t used = strlen(said);
    ssize_t count = read(viewer->errors, said + used, room - 1 - used);
    said[used + (count > 0 ? (size_t)count : 0)] = 0;
}

static bool hears(const struct viewer *viewer, const char *text)
{
    char said[4096] = "";
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        listen(viewer, said, sizeof said);
        if (strstr(said, text))
            return true;
    }
    printf("  heard only: %s\n", said);
    return false;
}

static void harm_an_idle_one(int signal_number, const char *named)
{
    struct viewer viewer;
    pid_t pids[16];
    char who[64];
    if (!VIEW(&viewer, film()))
        return;
    CU_ASSERT_EQUAL(viewer_workers(&viewer, pids), 2);
    kill(pids[0], signal_number);
    CU_ASSERT(replaced(&viewer, pids[0]));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    snprintf(who, sizeof who, "(pid %d) %s", (int)pids[0], named);
    CU_ASSERT(hears(&viewer, who));
    CU_ASSERT(viewer_do(&viewer, "zoom 1; center 500 500"));
    CU_ASSERT(viewer_do(&viewer, "zoom fit"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_crash_is_noticed(void)
{
    harm_an_idle_one(SIGSEGV, "crashed");
}

static void a_stop_is_noticed(void)
{
    harm_an_idle_one(SIGSTOP, "was stopped");
}

static void a_kill_is_noticed(void)
{
    harm_an_idle_one(SIGKILL, "");
}

/* Harms both while they decode for a new view; the picture then equals that of an unharmed run. */
static void harm_busy_ones(int signal_number)
{
    struct viewer viewer;
    struct pnm grabbed, rendered;
    struct run run;
    pid_t pids[16];
    char reply[256], size[32];
    const char *out = scratch_path("busy.ppm");
    if (!VIEW(&viewer, "--workers", "2", film()))
        return;
    for (int round = 0; round < 3; round++) {
        int64_t frame = viewer_frame(&viewer);
        int count = viewer_workers(&viewer, pids);
        CU_ASSERT(viewer_command(&viewer, round % 2 ? "zoom 0.5" : "zoom 1; center 1000 1000",
                                 reply, sizeof reply));
        for (int i = 0; i < count; i++)
            kill(pids[i], signal_number);
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        for (int i = 0; i < count; i++)
            CU_ASSERT(replaced(&viewer, pids[i]));
    }
    /* The message lies over the picture until its time is up. */
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    CU_ASSERT(viewer_do(&viewer, "zoom 1; center 1000 1000"));
    CU_ASSERT_FATAL(viewer_grab(&viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--render", out, "--size", size, "--zoom", "1", "--center", "1000,1000",
        film());
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    CU_ASSERT(!memcmp(grabbed.samples, rendered.samples,
                      (size_t)grabbed.width * (size_t)grabbed.height * 3));
    pnm_free(&grabbed);
    pnm_free(&rendered);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void pictures_complete_through_crashes(void)
{
    harm_busy_ones(SIGSEGV);
}

static void pictures_complete_through_stops(void)
{
    harm_busy_ones(SIGSTOP);
}

SUITE("workers", {"a crash is noticed", a_crash_is_noticed},
      {"a stop is noticed", a_stop_is_noticed}, {"a kill is noticed", a_kill_is_noticed},
      {"pictures complete through crashes", pictures_complete_through_crashes},
      {"pictures complete through stops", pictures_complete_through_stops})
