/* The window's picture is --render's, byte for byte: every view, every transport, after resizing
 * and covering. Guards app/framing.c and app/scene.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 1537,
                                 .height = 1283,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .compression = COMPRESSION_LZW,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("film.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

/* Renders what the state says is shown, without any of the viewer's own state. */
static bool render_state(const char *state, const char *file, int width, int height,
                         const char *turned, struct pnm *picture)
{
    char window[32], level[32], zoom[32], center[64], size[32];
    struct run run;
    const char *out = scratch_path("state.ppm"), *at = strstr(state, "center=");
    snprintf(window, sizeof window, "%.10g", state_number(state, "window"));
    snprintf(level, sizeof level, "%.10g", state_number(state, "level"));
    snprintf(zoom, sizeof zoom, "%.10g", state_number(state, "zoom"));
    snprintf(center, sizeof center, "%.*s", (int)strcspn(at + 7, " "), at + 7);
    snprintf(size, sizeof size, "%dx%d", width, height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--window", window, "--level",
        level, "--zoom", zoom, "--center", center, turned,
        state_number(state, "invert") == 1 ? "--invert" : "--workers=2", file);
    CU_ASSERT_EQUAL(run.status, 0);
    return run.status == 0 && pnm_read(picture, out);
}

static long differing(const struct pnm *a, const struct pnm *b)
{
    size_t bytes = (size_t)a->width * (size_t)a->height * 3;
    long count = 0;
    if (a->width != b->width || a->height != b->height)
        return -1;
    for (size_t i = 0; i < bytes; i++)
        count += a->samples[i] != b->samples[i];
    return count;
}

/* What is on the screen equals what --render makes of the same words. */
static void compare_words(const struct viewer *viewer, const char *zoom, const char *turned)
{
    struct pnm grabbed, rendered;
    struct run run;
    char size[32];
    const char *out = scratch_path("words.ppm");
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", zoom, turned,
        film());
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    CU_ASSERT_EQUAL(differing(&grabbed, &rendered), 0);
    pnm_free(&grabbed);
    pnm_free(&rendered);
}

static void compare_state(const struct viewer *viewer, const char *turned)
{
    char state[STATE_ROOM];
    struct pnm grabbed, rendered;
    CU_ASSERT_FATAL(viewer_state(viewer, state) && viewer_grab(viewer, &grabbed));
    if (render_state(state, film(), grabbed.width, grabbed.height, turned, &rendered)) {
        CU_ASSERT_EQUAL(differing(&grabbed, &rendered), 0);
        pnm_free(&rendered);
    }
    pnm_free(&grabbed);
}

static void walk_through_views(const char *transport, const char *visual)
{
    static const struct {
        const char *script, *turned;
    } steps[] = {{"zoom 1", "--rotate=0"},
                 {"window 700 1500", "--rotate=0"},
                 {"zoom 0.5", "--rotate=0"},
                 {"zoom 37%; center 700 650.5", "--rotate=0"},
                 {"rotate 90", "--rotate=90"},
                 {"invert on; zoom 3", "--rotate=90"},
                 {"rotate 180; zoom 0.29", "--rotate=180"},
                 {"rotate 270; zoom 2.5", "--rotate=270"},
                 {"rotate 0; flip h; zoom 1.7", "--flip=h"},
                 {"zoom fill", "--flip=h"}};
    struct viewer viewer;
    char wanted[32];
    snprintf(wanted, sizeof wanted, "transport=%s", transport);
    if (!VIEW(&viewer, "-geometry", "700x540+10+10", "--transport", transport, film(), visual))
        return;
    CU_ASSERT(viewer_wait(&viewer, wanted, -1));
    compare_words(&viewer, "fit", "--rotate=0");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (viewer_do(&viewer, steps[i].script))
            compare_state(&viewer, steps[i].turned);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void shm_shows_what_render_writes(void)
{
    walk_through_views("shm", NULL);
}

static void put_shows_what_render_writes(void)
{
    walk_through_views("put", NULL);
}

static void render_shows_what_render_writes(void)
{
    if (has_render())
        walk_through_views("render", NULL);
}

static void planes_show_what_render_writes(void)
{
    walk_through_views("planes", NULL);
}

static void cells_show_what_render_writes(void)
{
    walk_through_views("colormap", "--visual=directcolor");
}

static void every_start_option_shows_what_render_writes(void)
{
    static const char *const starts[][2] = {{"--zoom=fill", "--rotate=90"},
                                            {"--zoom=1", "--flip=hv"},
                                            {"--zoom=12.5%", "--rotate=180"}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct viewer viewer;
        if (!VIEW(&viewer, "-geometry", "501x403", "--no-status", starts[i][0], starts[i][1],
                  film()))
            continue;
        compare_words(&viewer, starts[i][0] + 7, starts[i][1]);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

static void resizing_shows_the_new_size(void)
{
    struct viewer viewer;
    static const int sizes[][2] = {{900, 700}, {320, 240}, {1200, 900}, {161, 900}};
    if (!VIEW(&viewer, "-geometry", "640x480", film()))
        return;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t frame = viewer_frame(&viewer);
        XResizeWindow(server(), viewer.top, (unsigned)sizes[i][0], (unsigned)sizes[i][1]);
        XSync(server(), False);
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        int width, height;
        CU_ASSERT(viewer_image_size(&viewer, &width, &height));
        CU_ASSERT_EQUAL(width, sizes[i][0]);
        compare_words(&viewer, "fit", "--rotate=0");
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void what_was_covered_comes_back(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "640x480+0+0", film()))
        return;
    for (int i = 0; i < 8; i++) {
        int64_t frame = viewer_frame(&viewer);
        Window cover = XCreateSimpleWindow(server(), DefaultRootWindow(server()), 40 * i, 30 * i,
                                           300, 200, 0, 0, 0xffffff);
        XSetWindowAttributes attributes = {.override_redirect = True};
        XChangeWindowAttributes(server(), cover, CWOverrideRedirect, &attributes);
        XMapRaised(server(), cover);
        XSync(server(), False);
        XDestroyWindow(server(), cover);
        XSync(server(), False);
        CU_ASSERT(viewer_wait(&viewer, "", frame));
    }
    compare_words(&viewer, "fit", "--rotate=0");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_tiny_budget_shows_the_same(void)
{
    struct viewer viewer;
    if (VIEW(&viewer, "-geometry", "640x480", "--memory", "1", "--workers", "1", film())) {
        compare_words(&viewer, "fit", "--rotate=0");
        CU_ASSERT(viewer_do(&viewer, "zoom 0.6; pan 100 50"));
        compare_state(&viewer, "--rotate=0");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

SUITE("picture", {"shm shows what --render writes", shm_shows_what_render_writes},
      {"put shows what --render writes", put_shows_what_render_writes},
      {"render shows what --render writes", render_shows_what_render_writes},
      {"planes show what --render writes", planes_show_what_render_writes},
      {"cells show what --render writes", cells_show_what_render_writes},
      {"every start option", every_start_option_shows_what_render_writes},
      {"resizing", resizing_shows_the_new_size},
      {"what was covered comes back", what_was_covered_comes_back},
      {"a tiny budget shows the same", a_tiny_budget_shows_the_same})
