/* A long day: thousands of commands and files leave the viewer as it was.
 *
 * A check takes hundreds; ENDURANCE=20000 says how many commands (a twentieth as many files are
 * opened). Memory is not measured under sanitizers. */
#include "suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "base/sanitized.h"
#include "harness.h"
#include "large_maker.h"
#include "support/scratch.h"
#include "walk.h"

enum {
    COMMANDS = 600,
    FIRST = 100,
    COMMANDS_A_FILE = 20,
    GROWTH_KIB = 64,
    SETTLING_KIB = 256, /* of some hundred commands, which settle nothing */
    FAMILY = 17,
    REPORT = 16384,
    VIEW_KIB = 512
};

static long commands_wanted(void)
{
    const char *wanted = getenv("ENDURANCE");
    return wanted && atol(wanted) > FIRST ? atol(wanted) : COMMANDS;
}

/* What must stay as it is. */
struct family {
    int count;
    pid_t pids[FAMILY];
    int descriptors[FAMILY];
    long own, view;   /* KiB without arena, files and the frame's tables, and those */
    long tiles, room; /* slots in use, and their most */
    char report[REPORT];
};

static int count_descriptors(pid_t pid)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static long number_behind(const char *text, const char *group, const char *name)
{
    const char *at = strstr(text, group);
    at = at ? strstr(at, name) : NULL;
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    return strtol(at + strlen(name), NULL, 10);
}

/* Two things are left out, and have bounds of their own: the arena, whose slots in use follow the
 * machine's lack of memory, and the frame's tables, which stay as large as the largest view so far
 * needed them. */
static void weigh(const struct viewer *viewer, struct family *family)
{
    CU_ASSERT_FATAL(
        viewer_command(viewer, "memory report json", family->report, sizeof family->report));
    family->view = number_behind(family->report, "\"view\":{", "\"current\":") / 1024;
    family->own = number_behind(family->report, "\"sum\":{", "\"anonymous_kib\":") - family->view;
    family->tiles = number_behind(family->report, "\"tiles\":{", "\"used\":");
    family->room = number_behind(family->report, "\"tiles\":{", "\"most\":");
}

static struct family family_of(const struct viewer *viewer)
{
    struct family family = {.pids = {viewer->pid}};
    weigh(viewer, &family);
    family.count = 1 + viewer_workers(viewer, family.pids + 1);
    for (int i = 0; i < family.count; i++)
        family.descriptors[i] = count_descriptors(family.pids[i]);
    return family;
}

/* The same processes, as many descriptors, no more memory. */
static void compare(const struct family *before, const struct family *after, const char *what)
{
    printf("  %s: own memory %ld KiB, at first %ld; %d processes\n", what, after->own, before->own,
           after->count);
    CU_ASSERT_EQUAL(before->count, after->count);
    for (int i = 0; i < before->count; i++) {
        CU_ASSERT_EQUAL(before->pids[i], after->pids[i]);
        CU_ASSERT_EQUAL(before->descriptors[i], after->descriptors[i]);
    }
    bool grown =
        !SANITIZED &&
        after->own > before->own + (commands_wanted() > COMMANDS ? GROWTH_KIB : SETTLING_KIB);
    CU_ASSERT_FALSE(grown);
    CU_ASSERT(after->tiles <= after->room);
    CU_ASSERT(after->view <= VIEW_KIB);
    if (grown)
        printf("  at first %s  now %s", before->report, after->report);
    fflush(stdout);
}

static const char *film_of(const char *name, const struct large_recipe *recipe)
{
    const char *path = scratch_path(name);
    CU_ASSERT_FATAL(large_make(path, recipe));
    return path;
}

static bool start(struct viewer *viewer)
{
    const struct large_recipe stack = {.width = 300,
                                       .height = 200,
                                       .bits = 16,
                                       .photometric = PHOTOMETRIC_MINISBLACK,
                                       .compression = COMPRESSION_PACKBITS,
                                       .pages = 40};
    const struct large_recipe tiles = {.width = 3000,
                                       .height = 2000,
                                       .bits = 8,
                                       .samples = 3,
                                       .photometric = PHOTOMETRIC_RGB,
                                       .compression = COMPRESSION_ADOBE_DEFLATE,
                                       .tile = 256};
    return VIEW(viewer, "-geometry", "700x500", film_of("stack.tif", &stack),
                film_of("tiles.tif", &tiles), walk_film(2000, 1500), walk_film(64, 48));
}

/* The same place and picture each time, so that what is measured can be compared. */
static void go_home(const struct viewer *viewer)
{
    static const char *const steps[] = {"file last", "file 3",   "reset",
                                        "zoom 1",    "zoom fit", "window 1000 500"};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        walk_command(viewer, steps[i], 0);
}

/* Commands in an order that only looks like chance; most do not wait for the picture of the one
 * before. */
static void use(const struct viewer *viewer, long count, uint32_t *seed)
{
    static const char *const steps[] = {
        "file next",    "file previous", "file first",     "page next", "page next",
        "page last",    "page 7",        "zoom in",        "zoom in",   "zoom out",
        "zoom fit",     "zoom 1",        "zoom 3.3",       "pan left",  "pan up",
        "pan 150 -210", "pan -90 40",    "window 900 700", "window 60", "level 1234",
        "auto",         "invert",        "rotate right",   "flip h",    "channel 1",
        "channel all",  "reset"};
    char reply[1024];
    for (long i = 0; i < count; i++) {
        *seed = *seed * 1664525 + 1013904223;
        const char *step = steps[(*seed >> 8) % (sizeof steps / sizeof *steps)];
        CU_ASSERT_FATAL(viewer_command(viewer, step, reply, sizeof reply));
    }
}

static void a_long_day_leaves_nothing_behind(void)
{
    struct viewer viewer;
    uint32_t seed = 20260101;
    if (!start(&viewer))
        return;
    use(&viewer, FIRST, &seed);
    go_home(&viewer);
    struct family before = family_of(&viewer);
    use(&viewer, commands_wanted() - FIRST, &seed);
    go_home(&viewer);
    struct family after = family_of(&viewer);
    compare(&before, &after, "a long day");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void files_leave_nothing_behind(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    go_home(&viewer);
    struct family before = family_of(&viewer);
    for (long i = 0; i < commands_wanted() / COMMANDS_A_FILE; i++)
        walk_command(&viewer, i % 4 < 2 ? "file previous" : "file next", 0);
    go_home(&viewer);
    struct family after = family_of(&viewer);
    compare(&before, &after, "many files");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
}

SUITE("endurance", {"a long day leaves nothing behind", a_long_day_leaves_nothing_behind},
      {"files leave nothing behind", files_leave_nothing_behind})
