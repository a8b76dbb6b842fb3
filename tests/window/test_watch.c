/* The ledger as its user sees it: commands, signal, trace, panel and the report at the end, with
 * sums compared with the system's own. Guards app/watch.c, app/figures.c and
 * app/commands_memory.c. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/json.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 2000,
                                 .height = 1500,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("watched.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

static char reply[20000];

static bool says(const char *words)
{
    return strstr(reply, words) != NULL;
}

static bool ask(const struct viewer *viewer, const char *script)
{
    return viewer_command(viewer, script, reply, sizeof reply);
}

/* The number behind `name` in the reply. */
static double told(const char *name)
{
    const char *at = strstr(reply, name);
    return at ? strtod(at + strlen(name), NULL) : -1;
}

static long lines_with(const char *text, const char *words)
{
    long count = 0;
    for (; (text = strstr(text, words)); text += strlen(words))
        count++;
    return count;
}

/* The report against the test's own reading of /proc, at rest: what moves between the two readings
 * is the share of libraries. */
static bool sums_agree(const struct viewer *viewer)
{
    long before = viewer_footprint(viewer);
    CU_ASSERT(ask(viewer, "memory report json"));
    double told_kib = told("{\"footprint_kib\":");
    long after = viewer_footprint(viewer);
    long least = before < after ? before : after, most = before < after ? after : before;
    return told_kib >= (double)least - 64 && told_kib <= (double)most + 64;
}

static void the_sum_is_the_systems(void)
{
    struct viewer viewer;
    pid_t pids[16];
    char words[64];
    long segment;
    if (!VIEW(&viewer, film()))
        return;
    bool agreed = false;
    for (int left = 20; left && !agreed; left--)
        agreed = sums_agree(&viewer);
    CU_ASSERT(agreed);
    CU_ASSERT(json_sound(reply));
    CU_ASSERT_EQUAL(shared_segments(viewer.pid, &segment), 1);
    CU_ASSERT_EQUAL(told("\"shared_bytes\":"), (double)segment);
    CU_ASSERT_EQUAL(told("\"frame\":{\"current\":"), (double)segment);
    CU_ASSERT(told("\"most_kib\":") >= told("{\"footprint_kib\":"));
    int count = viewer_workers(&viewer, pids);
    CU_ASSERT_EQUAL(lines_with(reply, "\"pid\":"), count + 2);
    CU_ASSERT(says("{\"name\":\"viewer\",") && says("{\"name\":\"opener\","));
    for (int i = 0; i < count; i++) {
        snprintf(words, sizeof words, "\"pid\":%d,", pids[i]);
        CU_ASSERT(says(words));
    }
    CU_ASSERT(says("\"name\":\"decoder 1\"") && says("\"source\":{\"current\":"));
    CU_ASSERT(ask(&viewer, "memory report"));
    CU_ASSERT(says("\ndecoder 1       now KiB") && says("\nfootprint "));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void the_server_shares_nothing_without_shm(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "--transport", "put", film()))
        return;
    CU_ASSERT(ask(&viewer, "memory report"));
    CU_ASSERT(says("it shares no memory with the viewer"));
    CU_ASSERT(ask(&viewer, "memory report json"));
    CU_ASSERT_EQUAL(told("\"share_kib\":"), 0);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void snapshots_differ_by_what_was_done(void)
{
    static const char *const refused[] = {"memory",
                                          "memory nothing",
                                          "memory report xml",
                                          "memory snapshot",
                                          "memory diff",
                                          "memory diff nowhere",
                                          "memory diff a nowhere",
                                          "memory large 3",
                                          "memory hud perhaps"};
    struct viewer viewer;
    if (!VIEW(&viewer, film()))
        return;
    CU_ASSERT(ask(&viewer, "memory snapshot a") && !reply[0]);
    CU_ASSERT(ask(&viewer, "memory diff a a") && says("no difference"));
    CU_ASSERT(viewer_do(&viewer, "zoom 1"));
    CU_ASSERT(ask(&viewer, "memory snapshot b") && !reply[0]);
    CU_ASSERT(ask(&viewer, "memory diff a b"));
    CU_ASSERT(says("viewer       tiles ") && !says("frame") && says("all          footprint "));
    CU_ASSERT(ask(&viewer, "memory diff a") && says("viewer       tiles "));
    CU_ASSERT(ask(&viewer, "memory large"));
    CU_ASSERT(says("\nframe  ") && says("   viewer\n") && says("\ntiles  "));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CU_ASSERT(ask(&viewer, refused[i]) && says("error: "));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void the_signal_prints_all(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "--json", film()))
        return;
    kill(viewer.pid, SIGUSR1);
    CU_ASSERT(viewer_hears(&viewer, " at most so far\n"));
    CU_ASSERT(strstr(viewer.said, "\ndecoder 2 ") && strstr(viewer.said, "\nX server "));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Three windows in a script are three changes; what is no change of the window by the user (the
 * first picture, a zoom) is none. */
static void the_trace_counts_changes(void)
{
    struct viewer viewer;
    char script[64];
    if (!VIEW(&viewer, "--memory-trace", "4", film()))
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 1"));
    for (int i = 0; i < 5; i++) {
        snprintf(script, sizeof script, "window %d 2000", 1000 + i);
        CU_ASSERT(viewer_do(&viewer, script));
    }
    CU_ASSERT(viewer_hears(&viewer, "memory 4 footprint "));
    CU_ASSERT_PTR_NULL(strstr(viewer.said, "memory 8"));
    CU_ASSERT(viewer_do(&viewer, "window 900; level 1700; invert"));
    CU_ASSERT(viewer_hears(&viewer, "memory 8 footprint "));
    CU_ASSERT(viewer_do(&viewer, "window 9; window 8; window 7; window 6; window 5; window 4; "
                                 "window 3; window 2; window 3; window 4; window 5"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_EQUAL(lines_with(viewer.said, " footprint "), 4);
    CU_ASSERT_EQUAL(lines_with(viewer.said, " viewer pss="), 4);
    CU_ASSERT_EQUAL(lines_with(viewer.said, " decoder-2 pss="), 4);
    CU_ASSERT_PTR_NOT_NULL(strstr(viewer.said, "memory 16 footprint "));
}

static void the_report_at_the_end_is_whole(void)
{
    struct run run;
    server();
    RUN(&run, program(), "--memory-report", "--json", "-e", "zoom 1; quit", film());
    CU_ASSERT(run.status == 0 && json_sound(run.out) && strstr(run.out, "\"decoder 1\""));
    RUN(&run, program(), "--memory-report", "-e", "quit", film());
    CU_ASSERT(run.status == 0 && strstr(run.out, " at most so far\n"));
    RUN(&run, program(), "--memory-trace", "2", "-e", "window 5; window 6; quit", film());
    CU_ASSERT(run.status == 0 && !strncmp(run.err, "memory 2 viewer pss=", 20));
    RUN(&run, program(), "--memory-report", "--json", "--render", scratch_path("watched.pgm"),
        film());
    CU_ASSERT(run.status == 0 && json_sound(run.out) && strstr(run.out, "\"output\""));
    RUN(&run, program(), "--memory-report", "--json", "--size", "8x6", "--render", "-", film());
    CU_ASSERT(run.status == 0 && json_sound(run.err) && !strncmp(run.out, "P5\n8 6\n", 7));
}

/* Where something else is on stdout. */
static void jobs_without_a_window_report_too(void)
{
    struct run run;
    RUN(&run, program(), "--info", "--json", "--memory-report", film(), film());
    CU_ASSERT(run.status == 0 && json_sound(run.err) && strstr(run.err, "\"decoder 1\""));
    CU_ASSERT_PTR_NULL(strstr(run.out, "decoder"));
    RUN(&run, program(), "--info", "--memory-report", film());
    CU_ASSERT(run.status == 0 && strstr(run.err, " at most so far\n"));
    RUN(&run, program(), "--build-overviews", "--json", "--memory-report", film());
    CU_ASSERT(run.status == 0 && json_sound(run.err) && strstr(run.err, "\"helper 1\""));
    CU_ASSERT_PTR_NULL(strstr(run.out, "helper"));
}

/* The panel's place: over the upper right corner, below a message. */
static bool panel_at(const struct viewer *viewer, int *top)
{
    Window root, parent, *children = NULL;
    unsigned count = 0;
    bool found = false;
    int width, height;
    XWindowAttributes one;
    viewer_image_size(viewer, &width, &height);
    XQueryTree(server(), viewer->top, &root, &parent, &children, &count);
    for (unsigned i = 0; i < count; i++)
        if (children[i] != viewer->image && XGetWindowAttributes(server(), children[i], &one) &&
            one.map_state == IsViewable && one.x > 100 && one.x + one.width == width - 8) {
            found = true;
            *top = one.y;
        }
    if (children)
        XFree(children);
    return found;
}

static void the_panel_comes_and_goes(void)
{
    struct viewer viewer;
    int top = -1, below = -1;
    if (!VIEW(&viewer, "-geometry", "800x620", film()))
        return;
    viewer_key(&viewer, "m");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(panel_at(&viewer, &top) && top == 8);
    CU_ASSERT(viewer_do(&viewer, "zoom 1; window 500 900"));
    CU_ASSERT(ask(&viewer, "memory hud off") && !reply[0]);
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    CU_ASSERT(ask(&viewer, "nonsense") && ask(&viewer, "memory hud on"));
    CU_ASSERT(panel_at(&viewer, &below) && below > top);
    XResizeWindow(server(), viewer.top, 700, 500);
    CU_ASSERT(viewer_wait(&viewer, "", viewer_frame(&viewer)));
    CU_ASSERT(panel_at(&viewer, &below));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

SUITE("watch", {"the sum is the system's", the_sum_is_the_systems},
      {"the server shares nothing without shm", the_server_shares_nothing_without_shm},
      {"snapshots differ by what was done", snapshots_differ_by_what_was_done},
      {"the signal prints all", the_signal_prints_all},
      {"the trace counts changes", the_trace_counts_changes},
      {"the report at the end is whole", the_report_at_the_end_is_whole},
      {"jobs without a window report too", jobs_without_a_window_report_too},
      {"the panel comes and goes", the_panel_comes_and_goes})
