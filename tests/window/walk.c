/* A user's way through an image: see walk.h. Owns nothing. */
#include "walk.h"

#include <CUnit/CUnit.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/scratch.h"
#include "support/tiff_maker.h"

#define ZOOM_STEP 1.25

enum { LONGEST_MS = 15 * 60 * 1000, ZOOMS_MAX = 60, PANS = 100, WINDOWS = 200 };

/* Waits without asserting: pictures of 100 GB take their time. */
static long peak_until(const struct viewer *viewer, int64_t frame, bool final, long peak)
{
    char state[STATE_ROOM];
    for (int64_t limit = now_ms() + LONGEST_MS; now_ms() < limit;) {
        bool there = viewer_state(viewer, state) && (!final || strstr(state, " idle=1 ")) &&
                     state_number(state, "frame") > (double)frame;
        long now = viewer_footprint(viewer);
        peak = now > peak ? now : peak;
        if (there)
            return peak;
    }
    CU_FAIL("no final picture");
    return peak;
}

static long command_until(const struct viewer *viewer, const char *command, bool final, long peak)
{
    char reply[256];
    int64_t frame = viewer_frame(viewer);
    CU_ASSERT(viewer_command(viewer, command, reply, sizeof reply));
    return peak_until(viewer, frame, final, peak);
}

long walk_command(const struct viewer *viewer, const char *command, long peak)
{
    return command_until(viewer, command, true, peak);
}

long walk_glance(const struct viewer *viewer, const char *command, long peak)
{
    return command_until(viewer, command, false, peak);
}

long walk_short(const struct viewer *viewer, long peak)
{
    static const char *const steps[] = {
        "zoom 1",          "zoom 16",   "zoom 4",        "zoom 0.6", "zoom 0.51",
        "pan 300 0",       "pan 0 300", "pan -500 -500", "zoom 0.4", "zoom 0.26",
        "window 900 1800", "invert",    "zoom fit"};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        peak = walk_command(viewer, steps[i], peak);
    return peak;
}

/* Zooms step by step until `zoom` is reached or passed. */
static long zoom_until(const struct viewer *viewer, const char *command, double zoom, bool huge,
                       long peak)
{
    char state[STATE_ROOM];
    for (int i = 0; i < ZOOMS_MAX && viewer_state(viewer, state); i++) {
        double now = state_number(state, "zoom");
        bool in = command[5] == 'i', all = (in ? now * ZOOM_STEP : now / ZOOM_STEP) < 0.99;
        if (in ? now >= zoom : now <= zoom)
            break;
        peak = command_until(viewer, command, !(huge && all), peak);
    }
    return peak;
}

long walk_long(const struct viewer *viewer, bool huge, long peak)
{
    char command[64], state[STATE_ROOM];
    CU_ASSERT_FATAL(viewer_state(viewer, state));
    double fit = state_number(state, "zoom");
    peak = zoom_until(viewer, "zoom in", 16, huge, peak);
    peak = zoom_until(viewer, "zoom out", 1, huge, peak);
    for (int i = 0; i < PANS; i++) {
        snprintf(command, sizeof command, "pan %d %d", (i % 7 - 3) * 150 + 20,
                 (i % 5 - 2) * 170 + 30);
        peak = walk_command(viewer, command, peak);
    }
    for (int i = 0; i < WINDOWS; i++) {
        snprintf(command, sizeof command, "window %d %d", 500 + i * 13, 1000 + i * 7);
        peak = walk_command(viewer, command, peak);
    }
    peak = zoom_until(viewer, "zoom out", fit, huge, peak);
    return command_until(viewer, "zoom fit; invert", !huge, peak);
}

bool walk_hollow(const char *path, uint64_t side)
{
    unsigned char bytes[16 + 8 + 9 * 20 + 8] = {'I', 'I', 43, 0, 8, 0, 0, 0, 16,
                                                0,   0,   0,  0, 0, 0, 0, 9};
    const uint64_t tags[9][3] = {{256, 4, side}, {257, 4, side}, {258, 3, 16},
                                 {259, 3, 1},    {262, 3, 1},    {273, 16, 65536},
                                 {277, 3, 1},    {278, 4, side}, {279, 16, side * side * 2}};
    for (int i = 0; i < 9; i++) {
        unsigned char *at = bytes + 24 + 20 * i;
        at[0] = (unsigned char)tags[i][0];
        at[1] = (unsigned char)(tags[i][0] >> 8);
        at[2] = (unsigned char)tags[i][1];
        at[4] = 1;
        for (int byte = 0; byte < 8; byte++)
            at[12 + byte] = (unsigned char)(tags[i][2] >> 8 * byte);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool made = fd >= 0 && write(fd, bytes, sizeof bytes) == sizeof bytes &&
                ftruncate(fd, (off_t)(65536 + side * side * 2)) == 0;
    if (fd >= 0)
        close(fd);
    return made;
}

const char *walk_film(int width, int height)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4], name[64];
    struct tiff_recipe recipe = {.width = width,
                                 .height = height,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .value = tiff_value_plain};
    snprintf(name, sizeof name, "film-%dx%d.tif", width, height);
    snprintf(path, sizeof paths[0], "%s", scratch_path(name));
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    return path;
}
