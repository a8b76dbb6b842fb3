/* What is shown while the hand is on the picture: by each transport, of pages of every kind, it is
 * the exact picture or next to it, and the exact one follows. Guards app/preview.c,
 * x11/transport_render.c and x11/transport_colormap.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "afar.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { MOVES = 6 };

/* ---- pages ---- */

static double holes(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)page, (void)sample;
    return (x / 40 + y / 30) % 5 == 0 ? recipe->nodata : (double)(100 + (x * 3 + y * 7) % 2000);
}

static double channels(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe, (void)page;
    return (double)((x * (sample + 1) + y * (3 - sample)) % 4000);
}

static const struct tiff_recipe recipes[] = {
    {.width = 1537, .height = 1283, .type = SAMPLE_U16, .pages = 3, .rows_per_strip = 16},
    {.width = 1301, .height = 1103, .type = SAMPLE_U16, .min_is_white = true, .rows_per_strip = 8},
    {.width = 311, .height = 207, .type = SAMPLE_U16},
    {.width = 311, .height = 207, .type = SAMPLE_U16, .min_is_white = true},
    {.width = 1201,
     .height = 1003,
     .bits = 16,
     .photometric = PHOTOMETRIC_MINISBLACK,
     .with_nodata = true,
     .nodata = 7,
     .number = holes,
     .rows_per_strip = 16},
    {.width = 1201,
     .height = 1003,
     .bits = 16,
     .samples = 3,
     .photometric = PHOTOMETRIC_RGB,
     .number = channels,
     .rows_per_strip = 16},
};
enum page_kind { FILM, WHITE, SMALL, SMALL_WHITE, HOLES, COLOURS, PAGE_KINDS };

static const char *page(enum page_kind kind)
{
    static char paths[PAGE_KINDS][512];
    if (!paths[kind][0]) {
        char name[32];
        snprintf(name, sizeof name, "preview-%d.tif", (int)kind);
        snprintf(paths[kind], sizeof paths[kind], "%s", scratch_path(name));
        CU_ASSERT_FATAL(tiff_make(paths[kind], &recipes[kind]));
    }
    return paths[kind];
}

/* What is dragged, and whether the server makes the steps of it. */
static const struct kind {
    const char *name;
    enum page_kind page;
    const char *words[3];
    bool steps;
    const char *script; /* what makes the second word so, once the picture is there */
} kinds[] = {{"as it is", FILM, {"--zoom=1"}, true, NULL},
             {"small, MinIsWhite", SMALL_WHITE, {"--zoom=1.5", "--rotate=180"}, true, NULL},
             {"colours", COLOURS, {"--zoom=1", "--window=3000", "--level=1500"}, false, NULL},
             {"a colour map", FILM, {"--zoom=1", "--colormap=pet"}, false, "colormap pet"},
             {"enlarged and turned", FILM, {"--zoom=2.3", "--rotate=90", "--flip=h"}, true, NULL},
             {"no-data", HOLES, {"--zoom=1"}, true, NULL},
             {"inverted", FILM, {"--zoom=1", "--invert"}, true, NULL},
             {"sigmoid", FILM, {"--zoom=1", "--voi=sigmoid"}, false, NULL},
             {"reduced", FILM, {"--zoom=0.37"}, true, NULL},
             {"the second page", FILM, {"--page=2", "--zoom=1"}, true, NULL},
             {"MinIsWhite", WHITE, {"--zoom=1"}, true, NULL},
             {"small", SMALL, {"--zoom=1"}, true, NULL}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct way {
    const char *name, *visual, *screen;
    int kinds;     /* of the table above */
    int base;      /* bytes a pixel of what steps are made of; 0: there are none */
    int steps;     /* at least */
    bool dithered; /* equal on the mean alone */
} ways[] = {{"render", NULL, NULL, KINDS, 1, MOVES, false},
            {"planes", NULL, NULL, 4, 0, 0, false},
            {"put", NULL, NULL, 3, 0, 0, false},
            {"colormap", "--visual=directcolor", NULL, 4, 1, 1, false},
            {"colormap", "--private-colormap", "1280x1024x8", 7, 1, 1, true}};

static double off_by(const struct way *way, const struct pnm *a, const struct pnm *b)
{
    return way->dithered ? afar_worst_mean(a, b) : afar_worst(a, b);
}

/* The picture while the exact one has not been told of; false: it has. */
static bool grab_preview(const struct viewer *viewer, int64_t frame, struct pnm *picture)
{
    char state[STATE_ROOM];
    return afar_wait_frame(viewer, frame) && viewer_grab(viewer, picture) &&
           viewer_state(viewer, state) && strstr(state, " idle=0 ");
}

static int steps_of(const struct viewer *viewer)
{
    char reply[512] = "";
    viewer_command(viewer, "transport report json", reply, sizeof reply);
    const char *at = strstr(reply, "\"steps\":");
    return at ? atoi(at + 8) : -1;
}

/* Moves the pointer with the button held; how far what the server shows at once is from what is
 * seen in the end. (Elsewhere a likeness may come first, of fewer bits or rows.) */
static double worst_of_moves(const struct way *way, const struct viewer *viewer, int *previews)
{
    double worst = 0;
    for (int i = 1; i <= MOVES; i++) {
        struct pnm meanwhile = {0}, exact;
        int64_t frame = viewer_frame(viewer);
        int steps = steps_of(viewer);
        afar_move(viewer, 500 + (i % 2 ? 9 * i : -7 * i), 350 + (i % 3 ? 5 * i : -6 * i));
        bool preview = grab_preview(viewer, frame, &meanwhile) && steps_of(viewer) > steps;
        CU_ASSERT(viewer_wait(viewer, "", frame));
        if (viewer_grab(viewer, &exact)) {
            if (preview)
                worst = fmax(worst, off_by(way, &meanwhile, &exact));
            *previews += preview;
            pnm_free(&exact);
        }
        pnm_free(&meanwhile);
    }
    return worst;
}

/* The same by a viewer that never showed another window. */
static void check_exact(const struct way *way, const struct kind *kind, const struct viewer *viewer)
{
    char state[STATE_ROOM], window[32], level[32];
    struct pnm here, there;
    struct viewer other;
    const char *words[16] = {"-geometry", "1024x768+0+0", "--transport",   "put",
                             window,      level,          page(kind->page)};
    int count = 7;
    for (int i = 0; i < 2 && kind->words[i] && kind->page != COLOURS; i++)
        words[count++] = kind->words[i];
    if (kind->page == COLOURS)
        words[count++] = kind->words[0];
    else if (kind->words[2])
        words[count++] = kind->words[2];
    words[count] = way->visual;
    if (!viewer_state(viewer, state) || !viewer_grab(viewer, &here))
        return;
    snprintf(window, sizeof window, "--window=%.10g", state_number(state, "window"));
    snprintf(level, sizeof level, "--level=%.10g", state_number(state, "level"));
    if (viewer_start(&other, words) && viewer_grab(&other, &there)) {
        CU_ASSERT_EQUAL(afar_worst(&here, &there), 0);
        pnm_free(&there);
        CU_ASSERT_EQUAL(viewer_end(&other), 0);
    }
    pnm_free(&here);
}

static void check(const struct way *way, const struct kind *kind)
{
    struct viewer viewer;
    struct wire *line = wire_begin();
    int previews = 0;
    const char *words[16] = {"-geometry", "1024x768+0+0",   "--transport",
                             way->name,   page(kind->page), "--strict"};
    int count = 6;
    for (int i = 0; i < 3 && kind->words[i]; i++)
        if (i != 1 || !kind->script)
            words[count++] = kind->words[i];
    words[count] = way->visual;
    if (!viewer_start(&viewer, words))
        return;
    if (way->base && (kind->steps || kind->script))
        afar_wait_base(&viewer, line, way->base);
    CU_ASSERT(!kind->script || viewer_do(&viewer, kind->script));
    afar_press(&viewer, 1, 500, 350);
    double worst = worst_of_moves(way, &viewer, &previews);
    int steps = steps_of(&viewer);
    printf("  %s, %s: %d previews off by %.2f, %d steps\n", way->name, kind->name, previews, worst,
           steps);
    CU_ASSERT(worst <= 2 || !steps);
    CU_ASSERT(steps >= (way->base && kind->steps ? way->steps : 0));
    CU_ASSERT(steps == 0 || (way->base && kind->steps));
    afar_release(&viewer, 1);
    check_exact(way, kind, &viewer);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
}

static void check_way(const struct way *way)
{
    const char *const words[] = {"-screen", "0", way->screen, NULL};
    if (!strcmp(way->name, "render") && !has_render())
        return;
    if (way->screen && !server_other(words))
        return;
    for (int i = 0; i < way->kinds; i++)
        check(way, &kinds[i]);
    wire_end();
    if (way->screen)
        server_usual();
}

static void by_render(void)
{
    check_way(&ways[0]);
}

static void by_pixels_and_planes(void)
{
    check_way(&ways[1]);
    check_way(&ways[2]);
}

static void by_cells(void)
{
    check_way(&ways[3]);
    check_way(&ways[4]);
}

/* The server turns over a picture, but for one with no-data, which stays black. */
static void by_inversion(void)
{
    static const enum page_kind pages[] = {FILM, HOLES};
    for (int i = 0; i < 2 && has_render(); i++) {
        struct viewer viewer;
        struct run run;
        char window[32];
        struct wire *line = wire_begin();
        if (!VIEW(&viewer, "-geometry", "1024x768+0+0", "--transport", "render", "--zoom=1",
                  page(pages[i])))
            return;
        afar_wait_base(&viewer, line, 1);
        int64_t frame = viewer_frame(&viewer);
        int steps = steps_of(&viewer);
        snprintf(window, sizeof window, "%lu", viewer.top);
        RUN(&run, "xdotool", "key", "--window", window, "i");
        CU_ASSERT(viewer_wait(&viewer, " invert=1 ", frame));
        CU_ASSERT_EQUAL(steps_of(&viewer) > steps, pages[i] == FILM);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        wire_end();
    }
}

SUITE("preview", {"by render", by_render}, {"by inversion", by_inversion},
      {"by pixels and planes", by_pixels_and_planes}, {"by cells", by_cells})
