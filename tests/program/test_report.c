/* How figures of memory read, with figures made up here. Guards app/report.c, app/snapshots.c and
 * the words of app/figures.h. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "app/report.h"
#include "app/snapshots.h"
#include "base/ledger.h"
#include "support/json.h"

static struct reply reply;

static void begin(void)
{
    memset(&reply, 0, sizeof reply);
}

/* A viewer and a decoder, and what they hold. */
static struct figures family(void)
{
    struct figures figures = {.count = 2,
                              .sum = {7000, 3000, 3500, 500},
                              .server_bytes = 2 << 20,
                              .server_kib = 1024,
                              .footprint = 8024,
                              .most = 9000,
                              .taken_ms = 10000,
                              .tiles = 3,
                              .tiles_most = 60,
                              .tile_bytes = 131072};
    struct process_figures *viewer = &figures.processes[0], *decoder = &figures.processes[1];
    *viewer =
        (struct process_figures){.name = "viewer", .pid = 41, .footprint = {5000, 1000, 3500, 500}};
    viewer->ledger.lines[LEDGER_FRAME] = (struct ledger_line){2 << 20, 3 << 20, 1};
    viewer->ledger.total = (struct ledger_line){2 << 20, 3 << 20, 1};
    viewer->ledger.large_count = 1;
    viewer->ledger.large[0] = (struct ledger_block){2 << 20, 7500, LEDGER_FRAME};
    *decoder =
        (struct process_figures){.name = "decoder 1", .pid = 42, .footprint = {2000, 2000, 0, 0}};
    decoder->ledger.lines[LEDGER_SPILL] = (struct ledger_line){0, 5120, 0};
    decoder->ledger.total = (struct ledger_line){0, 5120, 0};
    decoder->ledger.large_more = 4;
    return figures;
}

static bool says(const char *words)
{
    return strstr(reply.text, words) != NULL;
}

static void each_form_tells_all(void)
{
    struct figures figures = family();
    begin();
    report_text(&figures, &reply);
    CU_ASSERT(says("frame            2048.0     3072.0        1\n"));
    CU_ASSERT(
        says("decoder 1       now KiB   peak KiB   blocks\nspill               0.0        5.0"));
    CU_ASSERT(!says("source"));
    CU_ASSERT(says("viewer             41       5000       1000       3500        500\n"));
    CU_ASSERT(says("sum                         7000       3000       3500        500\n"));
    CU_ASSERT(says("X server                    1024   its half of the frame, 2048.0 KiB"));
    CU_ASSERT(says("footprint                   8024   9000 at most"));
    begin();
    report_json(&figures, &reply);
    CU_ASSERT(json_sound(reply.text));
    CU_ASSERT(says("{\"footprint_kib\":8024,\"most_kib\":9000,\"sum\":{\"pss_kib\":7000,"
                   "\"anonymous_kib\":3000,\"shared_kib\":3500,\"file_kib\":500},"));
    CU_ASSERT(says("\"frame\":{\"current\":2097152,\"peak\":3145728,\"blocks\":1}"));
    CU_ASSERT(says("\"server\":{\"shared_bytes\":2097152,\"share_kib\":1024}"));
    begin();
    report_trace(&figures, 20, &reply);
    CU_ASSERT_STRING_EQUAL(
        reply.text, "memory 20 viewer pss=5000 anonymous=1000 shared=3500 file=500 frame=2048\n"
                    "memory 20 decoder-1 pss=2000 anonymous=2000 shared=0 file=0\n"
                    "memory 20 footprint 8024 most 9000\n");
    begin();
    report_large(&figures, &reply);
    CU_ASSERT(says("frame            2048.0        2.5   viewer\nand 4 more of decoder 1\n"));
    CU_ASSERT(says("tiles             384.0              all: 3 slots of 128 KiB\n"));
}

static void differences_are_told_and_nothing_else(void)
{
    struct figures before = family(), after = family();
    begin();
    report_difference(&before, &after, &reply);
    CU_ASSERT(says("no difference"));
    after.processes[0].ledger.lines[LEDGER_FRAME].current -= 512;
    after.processes[1].footprint.anonymous = 2300;
    strcpy(after.processes[1].name, "decoder 2");
    after.footprint = 8000;
    begin();
    report_difference(&before, &after, &reply);
    const char *lines = strchr(reply.text, '\n') + 1;
    CU_ASSERT_STRING_EQUAL(lines,
                           "viewer       frame              2048.0       2047.5         -0.5\n"
                           "decoder 2    pss                   0.0       2000.0      +2000.0\n"
                           "decoder 2    anonymous             0.0       2300.0      +2300.0\n"
                           "decoder 1    pss                2000.0          0.0      -2000.0\n"
                           "decoder 1    anonymous          2000.0          0.0      -2000.0\n"
                           "all          footprint          8024.0       8000.0        -24.0\n");
}

/* As many processes as there can be, each with the largest figures: no report is cut. */
static void the_largest_family_fits(void)
{
    struct figures figures = family();
    const long most = 99999999; /* KiB */
    struct footprint large = {most, most, most, most};
    figures.count = FIGURES_PROCESSES;
    figures.sum = large;
    figures.footprint = figures.most = figures.server_kib = most;
    for (int i = 0; i < FIGURES_PROCESSES; i++) {
        struct process_figures *process = &figures.processes[i];
        snprintf(process->name, sizeof process->name, "decoder %d", i);
        process->pid = 4194304;
        process->footprint = large;
        memset(&process->ledger, 0x7f, sizeof process->ledger);
        ledger_tame(&process->ledger);
        if (i > CREW_MAX)
            process->ledger = (struct ledger_figures){0}; /* only decoders write theirs */
    }
    static void (*const forms[])(const struct figures *,
                                 struct reply *) = {report_text, report_json, report_large};
    static const char *const ends[] = {"at most so far\n", "}]}\n", "KiB\n"};
    for (int i = 0; i < 3; i++) {
        begin();
        forms[i](&figures, &reply);
        CU_ASSERT(reply.length < sizeof reply.text - 1);
        CU_ASSERT_STRING_EQUAL(reply.text + reply.length - strlen(ends[i]), ends[i]);
        CU_ASSERT(i != 1 || json_sound(reply.text));
    }
}

static void snapshots_are_kept_by_name(void)
{
    static struct snapshots snapshots;
    struct fault fault = {0};
    char name[SNAPSHOT_NAME + 1];
    struct ledger_line before = ledger_line(LEDGER_UI);
    CU_ASSERT_PTR_NULL(snapshots_find(&snapshots, "a", &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "'a' is no snapshot; there are none");
    for (int i = 0; i < SNAPSHOTS; i++) {
        snprintf(name, sizeof name, "s%d", i);
        struct figures *kept = snapshots_keep(&snapshots, name, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(kept);
        kept->count = i;
    }
    CU_ASSERT_EQUAL(snapshots_find(&snapshots, "s7", &fault)->count, 7);
    CU_ASSERT_PTR_NULL(snapshots_keep(&snapshots, "one more", &fault));
    CU_ASSERT_STRING_EQUAL(fault.text, "there are 16 snapshots already: use one's name again");
    CU_ASSERT_PTR_EQUAL(snapshots_keep(&snapshots, "s7", &fault),
                        snapshots_find(&snapshots, "s7", &fault));
    CU_ASSERT_PTR_NULL(snapshots_find(&snapshots, "", &fault));
    CU_ASSERT(strstr(fault.text, "there are: s0 s1 ") && strstr(fault.text, " s15"));
    snapshots_fini(&snapshots);
    CU_ASSERT_EQUAL(ledger_line(LEDGER_UI).current, before.current);
    memset(name, 'n', SNAPSHOT_NAME);
    name[SNAPSHOT_NAME] = 0;
    CU_ASSERT_PTR_NULL(snapshots_keep(&snapshots, name, &fault));
    CU_ASSERT_PTR_NULL(snapshots_keep(&snapshots, "", &fault));
    ledger_fail_after(1);
    CU_ASSERT_PTR_NULL(snapshots_keep(&snapshots, "a", &fault));
    CU_ASSERT_PTR_NULL(snapshots_find(&snapshots, "a", &fault));
    ledger_fail_after(0);
}

SUITE("report", {"each form tells all", each_form_tells_all},
      {"differences are told and nothing else", differences_are_told_and_nothing_else},
      {"the largest family fits", the_largest_family_fits},
      {"snapshots are kept by name", snapshots_are_kept_by_name})
