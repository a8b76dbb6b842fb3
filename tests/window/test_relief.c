/* Memory that is given back, and the ceiling for all processes: while the window is not to be seen
 * its tiles, its output buffer and the decoders' buffers go, and come again with it. Guards
 * app/relief.c, app/economy.c, base/pressure.c and x11/events.c. */
#include "suite.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "base/sanitized.h"
#include "harness.h"
#include "large_maker.h"
#include "support/run.h"
#include "support/scratch.h"
#include "walk.h"

#define GEOMETRY "-geometry", "1024x768"

enum { RESTING_KIB = 2600 }; /* all processes' own memory: no frame, no tile, no block */

static const char *compressed(void)
{
    static char path[512];
    static const struct large_recipe recipe = {
        4000,        4000,
        16,          .photometric = PHOTOMETRIC_MINISBLACK,
        .tile = 512, .compression = COMPRESSION_ADOBE_DEFLATE};
    snprintf(path, sizeof path, "%s", scratch_path("compressed.tif"));
    CU_ASSERT_FATAL(large_make(path, &recipe));
    return path;
}

/* Waits until the viewer has an output buffer, or none. */
static void wait_for_buffer(const struct viewer *viewer, bool there)
{
    long bytes;
    int64_t limit = now_ms() + PATIENCE_MS;
    while ((shared_segments(viewer->pid, &bytes) > 0) != there && now_ms() < limit)
        pause_ms(2);
    CU_ASSERT_EQUAL(shared_segments(viewer->pid, &bytes) > 0, there);
}

static void wait_for_less(const struct viewer *viewer, long most)
{
    long now = viewer_own_memory(viewer);
    int64_t limit = now_ms() + PATIENCE_MS;
    for (; now > most && now_ms() < limit; now = viewer_own_memory(viewer))
        pause_ms(5);
    CU_ASSERT(now <= most);
    if (now > most)
        printf("  %ld KiB of memory, not %ld\n", now, most);
}

static void write_long(const struct viewer *viewer, const char *property, const char *type,
                       unsigned long value)
{
    Display *display = server();
    XChangeProperty(display, viewer->top, XInternAtom(display, property, False),
                    XInternAtom(display, type, False), 32, PropModeReplace,
                    (const unsigned char *)&value, 1);
    XSync(display, False);
}

static void unmap(const struct viewer *viewer)
{
    XUnmapWindow(server(), viewer->top);
    XSync(server(), False);
}

static void map(const struct viewer *viewer)
{
    XMapWindow(server(), viewer->top);
    XSync(server(), False);
}

static void iconify(const struct viewer *viewer)
{
    write_long(viewer, "WM_STATE", "WM_STATE", IconicState);
}

static void deiconify(const struct viewer *viewer)
{
    write_long(viewer, "WM_STATE", "WM_STATE", NormalState);
}

static void hide(const struct viewer *viewer)
{
    write_long(viewer, "_NET_WM_STATE", "ATOM",
               XInternAtom(server(), "_NET_WM_STATE_HIDDEN", False));
}

static void unhide(const struct viewer *viewer)
{
    XDeleteProperty(server(), viewer->top, XInternAtom(server(), "_NET_WM_STATE", False));
    XSync(server(), False);
}

static Window curtain;

static void cover(const struct viewer *viewer)
{
    XSetWindowAttributes attributes = {.override_redirect = True};
    (void)viewer;
    curtain =
        XCreateWindow(server(), DefaultRootWindow(server()), 0, 0, 1280, 1024, 0, CopyFromParent,
                      InputOutput, CopyFromParent, CWOverrideRedirect, &attributes);
    XMapRaised(server(), curtain);
    XSync(server(), False);
}

static void uncover(const struct viewer *viewer)
{
    (void)viewer;
    XDestroyWindow(server(), curtain);
    XSync(server(), False);
}

static const struct way {
    const char *name;
    void (*away)(const struct viewer *viewer), (*back)(const struct viewer *viewer);
} ways[] = {{"unmapped", unmap, map},
            {"iconified", iconify, deiconify},
            {"called hidden", hide, unhide},
            {"covered", cover, uncover}};

static bool same_picture(const struct pnm *a, const struct pnm *b)
{
    return a->width == b->width && a->height == b->height &&
           !memcmp(a->samples, b->samples, (size_t)a->width * (size_t)a->height * 3);
}

/* Meanwhile it answers, and says that nothing is left to do. */
static void a_window_not_seen_gives_memory_back(void)
{
    struct viewer viewer;
    struct pnm before, after;
    if (!VIEW(&viewer, GEOMETRY, "-xrm", "*coveredSeconds: 0", compressed()))
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 0.6"));
    CU_ASSERT_FATAL(viewer_grab(&viewer, &before));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        long shown = viewer_own_memory(&viewer);
        ways[i].away(&viewer);
        wait_for_buffer(&viewer, false);
        CU_ASSERT(shown > 2 * RESTING_KIB);
        wait_for_less(&viewer, RESTING_KIB);
        printf("  %s: %ld KiB of memory, shown %ld\n", ways[i].name, viewer_own_memory(&viewer),
               shown);
        CU_ASSERT(viewer_do(&viewer, "zoom 2"));
        CU_ASSERT(viewer_do(&viewer, "zoom 0.6"));
        wait_for_buffer(&viewer, false);
        int64_t frame = viewer_frame(&viewer);
        ways[i].back(&viewer);
        CU_ASSERT(viewer_wait(&viewer, " zoom=0.6 ", frame));
        CU_ASSERT_FATAL(viewer_grab(&viewer, &after));
        CU_ASSERT(same_picture(&before, &after));
        pnm_free(&after);
    }
    pnm_free(&before);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
}

/* Files and pages come while nobody looks, and are shown when somebody does. */
static void files_open_while_it_is_not_seen(void)
{
    struct viewer viewer;
    struct pnm hidden, plain;
    const char *small = walk_film(640, 480), *film = walk_film(900, 700);
    if (!VIEW(&viewer, GEOMETRY, small, film))
        return;
    unmap(&viewer);
    wait_for_buffer(&viewer, false);
    CU_ASSERT(viewer_do(&viewer, "file next"));
    CU_ASSERT(viewer_wait(&viewer, "film-900x700.tif", -1));
    wait_for_buffer(&viewer, false);
    int64_t frame = viewer_frame(&viewer);
    map(&viewer);
    CU_ASSERT(viewer_wait(&viewer, "film-900x700.tif", frame));
    CU_ASSERT_FATAL(viewer_grab(&viewer, &hidden));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (!VIEW(&viewer, GEOMETRY, film))
        return;
    CU_ASSERT_FATAL(viewer_grab(&viewer, &plain));
    CU_ASSERT(same_picture(&hidden, &plain));
    pnm_free(&hidden);
    pnm_free(&plain);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

#define GRAY .photometric = PHOTOMETRIC_MINISBLACK

/* Under a limit each kind is shown, coarser where it must be, or refused with a sentence; and all
 * processes together never have more. */
static const struct limited {
    const char *name, *limit;
    struct large_recipe recipe;
    bool refused;
} limited[] = {
    {.name = "16 bits, deflate",
     .limit = "12M",
     .recipe = {4000, 4000, 16, GRAY, .rows_per_strip = 16, .compression = 8}},
    {.name = "tiles of 512 KiB, LZW",
     .limit = "12M",
     .recipe = {4000, 4000, 16, GRAY, .tile = 512, .noisy = true, .compression = COMPRESSION_LZW}},
    {.name = "RGB of floats",
     .limit = "16M",
     .recipe = {2400, 1900, 32, .samples = 3, .photometric = PHOTOMETRIC_RGB, .rows_per_strip = 16,
                .format = SAMPLEFORMAT_IEEEFP}},
    {.name = "tiles of 3.9 MiB, deflate",
     .limit = "24M",
     .recipe = {4000, 3000, 8, .samples = 3, .photometric = PHOTOMETRIC_RGB, .tile = 1168,
                .noisy = true, .compression = COMPRESSION_ADOBE_DEFLATE}},
    {.name = "the same with too little",
     .limit = "12M",
     .recipe = {4000, 3000, 8, .samples = 3, .photometric = PHOTOMETRIC_RGB, .tile = 1168,
                .noisy = true, .compression = COMPRESSION_ADOBE_DEFLATE},
     .refused = true},
};

static long kib_of(const char *limit)
{
    return strtol(limit, NULL, 10) * 1024;
}

static void see_refused(const struct limited *row, const char *path)
{
    struct run run;
    RUN(&run, program(), "-geometry", "1024x768", "--memory-limit", row->limit, path);
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "limited.tif: showing it can take "));
}

static void a_limit_is_kept(void)
{
    for (size_t i = 0; i < sizeof limited / sizeof *limited; i++) {
        const struct limited *row = &limited[i];
        const char *path = scratch_path("limited.tif");
        struct viewer viewer;
        CU_ASSERT_FATAL(large_make(path, &row->recipe));
        if (row->refused) {
            server();
            see_refused(row, path);
            continue;
        }
        if (!VIEW(&viewer, GEOMETRY, "--memory-limit", row->limit, path))
            continue;
        long peak = walk_short(&viewer, 0);
        printf("  --memory-limit %s, %s: at most %ld KiB\n", row->limit, row->name, peak);
        CU_ASSERT(peak > 0 && peak <= kib_of(row->limit));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
}

/* What is drawn from coarser tiles is told of; closer up, where fewer tiles do, it is exact. */
static void coarser_pictures_are_told_of(void)
{
    struct viewer viewer;
    struct run run;
    struct pnm grabbed, rendered;
    char state[STATE_ROOM], size[32];
    const char *path = compressed(), *picture = scratch_path("exact.ppm");
    if (!VIEW(&viewer, GEOMETRY, "--memory-limit", "12M", "--preset", "lung", path))
        return;
    CU_ASSERT(viewer_do(&viewer, "zoom 0.51"));
    CU_ASSERT(viewer_wait(&viewer, " coarser=", -1));
    CU_ASSERT(viewer_do(&viewer, "zoom 4; center 2000 2000"));
    CU_ASSERT_FATAL(viewer_state(&viewer, state));
    CU_ASSERT_PTR_NULL(strstr(state, "coarser"));
    CU_ASSERT_FATAL(viewer_grab(&viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", picture, "--size", size, "--zoom", "4", "--center",
        "2000,2000", "--preset", "lung", path);
    CU_ASSERT_EQUAL(run.status, 0);
    CU_ASSERT_FATAL(pnm_read(&rendered, picture));
    bool same = rendered.width == grabbed.width && rendered.height == grabbed.height;
    for (int y = 0; same && y < rendered.height; y += 3)
        for (int x = 0; same && x < rendered.width; x++)
            same = pnm_at(&rendered, x, y) == pnm_at(&grabbed, x, y);
    CU_ASSERT(same);
    pnm_free(&grabbed);
    pnm_free(&rendered);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void too_small_a_limit_is_wrong_usage(void)
{
    struct run run;
    RUN(&run, program(), "--memory-limit", "11M", "film.tif");
    CU_ASSERT_EQUAL(run.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "--memory-limit: at least 12M are needed, not 11M"));
}

#if !SANITIZED
SUITE("relief", {"a window not seen gives memory back", a_window_not_seen_gives_memory_back},
      {"files open while it is not seen", files_open_while_it_is_not_seen},
      {"a limit is kept", a_limit_is_kept},
      {"coarser pictures are told of", coarser_pictures_are_told_of},
      {"too small a limit is wrong usage", too_small_a_limit_is_wrong_usage})
#else
SUITE("relief", {"files open while it is not seen", files_open_while_it_is_not_seen},
      {"too small a limit is wrong usage", too_small_a_limit_is_wrong_usage})
void (*const unused_without_measuring[])(void);
void (*const unused_without_measuring[])(void) = {a_window_not_seen_gives_memory_back,
                                                  a_limit_is_kept, coarser_pictures_are_told_of};
#endif
