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
#include "support/undead.h"

enum { MESSAGE_ROWS = 100 };

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
    CU_ASSERT(viewer_hears(&viewer, who));
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

/* The picture is that of an undisturbed run, below the message that lies over it for a while. */
static void check_picture(const struct viewer *viewer, const char *zoom, const char *center)
{
    struct pnm grabbed, rendered;
    struct run run;
    char size[32];
    const char *out = scratch_path("workers.ppm");
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", zoom, "--center",
        center, film());
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    size_t row = (size_t)grabbed.width * 3, below = MESSAGE_ROWS * row;
    CU_ASSERT_FATAL(grabbed.height == rendered.height && grabbed.height > 2 * MESSAGE_ROWS);
    CU_ASSERT(!memcmp(grabbed.samples + below, rendered.samples + below,
                      (size_t)grabbed.height * row - below));
    pnm_free(&grabbed);
    pnm_free(&rendered);
}

/* Harms both while they decode for a new view; the picture then equals that of an unharmed run. */
static void harm_busy_ones(int signal_number)
{
    struct viewer viewer;
    pid_t pids[16];
    char reply[256];
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
    CU_ASSERT(viewer_do(&viewer, "zoom 1; center 1000 1000"));
    check_picture(&viewer, "1", "1000,1000");
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

/* Decoders that wait for a file system which is gone: they do nothing, and cannot even die. */
static int stall(const struct viewer *viewer, pid_t tracers[16])
{
    pid_t pids[16];
    int count = viewer_workers(viewer, pids), held = 0;
    for (int i = 0; i < count; i++) {
        tracers[held] = undead_hold(pids[i]);
        held += tracers[held] > 0;
        kill(pids[i], SIGSTOP);
    }
    return held;
}

static void end_stall(const pid_t *tracers, int count)
{
    for (int i = 0; i < count; i++)
        undead_let_go(tracers[i]);
}

/* Waits until the state says so, final or not. */
static bool follows(const struct viewer *viewer, const char *text)
{
    char state[STATE_ROOM] = "";
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2))
        if (viewer_state(viewer, state) && strstr(state, text))
            return true;
    printf("  waited for \"%s\", but: %s\n", text, state);
    return false;
}

/* Keys and a command, each of which must be seen in the state. The film's middle is 2000, 1500. */
static void use_hand(const struct viewer *viewer)
{
    char reply[256];
    viewer_key(viewer, "z");
    CU_ASSERT(follows(viewer, " zoom=1 center=2000,1500 "));
    viewer_key(viewer, "Right");
    CU_ASSERT(follows(viewer, " zoom=1 center=2064,1500 "));
    viewer_key(viewer, "i");
    CU_ASSERT(follows(viewer, " invert=1 "));
    viewer_key(viewer, "i");
    CU_ASSERT(follows(viewer, " invert=0 "));
    CU_ASSERT(viewer_command(viewer, "window 500 900", reply, sizeof reply));
    CU_ASSERT(follows(viewer, " window=500 level=900 "));
}

/* Without the release, for which there is no window any more. */
static void press_q(const struct viewer *viewer)
{
    struct run run;
    char window[32];
    snprintf(window, sizeof window, "%lu", viewer->top);
    RUN(&run, "xdotool", "keydown", "--window", window, "q");
}

/* Nothing of all this needs a decoder; nor does the end. */
static void the_hand_is_followed_while_decoders_stall(void)
{
    for (int opening = 0; opening < 2; opening++) {
        struct viewer viewer;
        pid_t tracers[16];
        if (!VIEW(&viewer, film(), film()))
            return;
        int count = stall(&viewer, tracers);
        if (opening)
            viewer_send(&viewer, "file next"); /* the answer waits for the file */
        use_hand(&viewer);
        if (count) /* else the system lets us stop them for a second only */
            CU_ASSERT(follows(&viewer, " idle=0 "));
        press_q(&viewer);
        CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
        end_stall(tracers, count);
    }
}

static void pictures_complete_after_a_stall(void)
{
    struct viewer viewer;
    pid_t tracers[16], pids[16];
    if (!VIEW(&viewer, "--workers", "2", film()))
        return;
    int count = viewer_workers(&viewer, pids);
    int held = stall(&viewer, tracers);
    use_hand(&viewer);
    if (held)
        CU_ASSERT(viewer_hears(&viewer, "did not answer for 4 s and was replaced"));
    CU_ASSERT(viewer_wait(&viewer, " zoom=1 center=2064,1500 ", -1));
    end_stall(tracers, held);
    for (int i = 0; i < count; i++)
        CU_ASSERT(replaced(&viewer, pids[i]));
    CU_ASSERT(viewer_do(&viewer, "auto"));
    check_picture(&viewer, "1", "2064,1500");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("workers", {"a crash is noticed", a_crash_is_noticed},
      {"a stop is noticed", a_stop_is_noticed}, {"a kill is noticed", a_kill_is_noticed},
      {"pictures complete through crashes", pictures_complete_through_crashes},
      {"pictures complete through stops", pictures_complete_through_stops},
      {"the hand is followed while decoders stall", the_hand_is_followed_while_decoders_stall},
      {"pictures complete after a stall", pictures_complete_after_a_stall})
