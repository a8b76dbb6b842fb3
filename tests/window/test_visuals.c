/* The picture on servers of every depth and class of visuals is --render's by that server's rules,
 * read back through the server's own colormap: byte for byte, as 1,024 levels, or on the mean of 16
 * x 16 pixels. Guards x11/visual.c, and with x11/visual_cells.c how cells are come by. */
#include "suite.h"

#include <X11/Xutil.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "harness.h"
#include "support/installed.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

enum { WIDTH = 640, HEIGHT = 480, PIXELS = WIDTH * HEIGHT, WINDOW = 30000, LEVEL = 15500 };

/* Gentle slopes, and flat squares of every level. */
static int32_t slope(int64_t x, int64_t y, int page)
{
    (void)page;
    if ((x / 64 + y / 64) % 3 == 1)
        return (int32_t)((x / 64 * 2917 + y / 64 * 1789) % 31000);
    return (int32_t)(x * 31 + y * 23);
}

static double slope_channel(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                            int sample)
{
    (void)recipe, (void)page;
    return sample == 0   ? (double)(x * 3 / 8)
           : sample == 1 ? (double)(y / 2)
                         : (double)((x + y) / 5);
}

static const char *film(bool colour)
{
    static char paths[2][512];
    struct tiff_recipe gray = {
        .width = WIDTH, .height = HEIGHT, .type = SAMPLE_U16, .rows_per_strip = 16, .value = slope};
    struct tiff_recipe rgb = {.width = WIDTH,
                              .height = HEIGHT,
                              .bits = 8,
                              .samples = 3,
                              .photometric = PHOTOMETRIC_RGB,
                              .rows_per_strip = 16,
                              .number = slope_channel};
    if (!paths[colour][0]) {
        const char *name = colour ? "colours.tif" : "slopes.tif";
        snprintf(paths[colour], sizeof paths[colour], "%s", scratch_path(name));
        CU_ASSERT_FATAL(tiff_make(paths[colour], colour ? &rgb : &gray));
    }
    return paths[colour];
}

/* What --render writes, three channels of it. */
static bool render(bool colour, bool invert, const char *center, struct pnm *picture)
{
    struct run run;
    const char *out = scratch_path("visual.ppm");
    if (colour)
        RUN(&run, program(), "--force", "--render", out, "--zoom=1", film(true));
    else
        RUN(&run, program(), "--force", "--render", out, "--zoom=1", "--size=640x480", "--center",
            center, "--window=30000", "--level=15500", invert ? "--invert" : "--strict",
            film(false));
    CU_ASSERT_EQUAL(run.status, 0);
    return run.status == 0 && pnm_read(picture, out) && picture->width == WIDTH;
}

/* The image's pixels, and what the colormap shows for them, in 16 bits. */
static struct {
    int class, depth;
    bool usual_colormap;
    unsigned long masks[3], pixels[PIXELS];
    unsigned short colours[3][PIXELS];
} seen;

static bool see(const struct viewer *viewer)
{
    XWindowAttributes a;
    XColor row[WIDTH];
    XSync(server(), False);
    XGetWindowAttributes(server(), viewer->image, &a);
    XImage *image = XGetImage(server(), viewer->image, 0, 0, WIDTH, HEIGHT, AllPlanes, ZPixmap);
    CU_ASSERT_PTR_NOT_NULL(image);
    if (!image)
        return false;
    seen.class = a.visual->class;
    seen.depth = a.depth;
    seen.usual_colormap = a.colormap == DefaultColormapOfScreen(a.screen);
    seen.masks[0] = a.visual->red_mask;
    seen.masks[1] = a.visual->green_mask;
    seen.masks[2] = a.visual->blue_mask;
    for (int i = 0; i < PIXELS; i++) {
        row[i % WIDTH].pixel = seen.pixels[i] = XGetPixel(image, i % WIDTH, i / WIDTH);
        if (i % WIDTH < WIDTH - 1)
            continue;
        XQueryColors(server(), a.colormap, row, WIDTH);
        for (int x = 0; x < WIDTH; x++) {
            seen.colours[0][i - WIDTH + 1 + x] = row[x].red;
            seen.colours[1][i - WIDTH + 1 + x] = row[x].green;
            seen.colours[2][i - WIDTH + 1 + x] = row[x].blue;
        }
    }
    XDestroyImage(image);
    return true;
}

static int differing(const struct pnm *rendered)
{
    int wrong = 0;
    for (int i = 0; i < 3 * PIXELS; i++)
        wrong += seen.colours[i % 3][i / 3] != rendered->samples[i] * 257;
    return wrong;
}

/* DESIGN's level by DICOM's words (PS3.3 C.11.2.1.2): round(1023 y). */
static unsigned long deep_level(int i, bool invert)
{
    double x = slope(i % WIDTH, i / WIDTH, 0), c = LEVEL, w = WINDOW;
    double y = x <= c - 0.5 - (w - 1) / 2  ? 0
               : x > c - 0.5 + (w - 1) / 2 ? 1
                                           : (x - (c - 0.5)) / (w - 1) + 0.5;
    unsigned long level = (unsigned long)floor(1023 * y + 0.5);
    return invert ? 1023 - level : level;
}

static int differing_deep(bool invert)
{
    int wrong = 0;
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < 3; c++) {
            unsigned long mask = seen.masks[c];
            wrong += (seen.pixels[i] & mask) / (mask & -mask) != deep_level(i, invert);
        }
    return wrong;
}

/* How far blocks of 16 x 16 are off on the mean, at most: a channel, or the luma (3). */
static double worst_mean(const struct pnm *rendered, int channel)
{
    static const int luma[3] = {299, 587, 114};
    static double sums[HEIGHT / 16][WIDTH / 16];
    double worst = 0;
    memset(sums, 0, sizeof sums);
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < 3; c++)
            if (channel == 3 || c == channel)
                sums[i / WIDTH / 16][i % WIDTH / 16] +=
                    (seen.colours[c][i] / 257.0 - rendered->samples[3 * i + c]) *
                    (channel == 3 ? luma[c] / 1000.0 : 1);
    for (int i = 0; i < PIXELS / 256; i++)
        worst = fmax(worst, fabs(sums[i / (WIDTH / 16)][i % (WIDTH / 16)] / 256));
    return worst;
}

enum rule { EXACT, DEEP, MEAN, MEAN_LUMA };

static void compare(const struct viewer *viewer, enum rule rule, bool colour, bool invert)
{
    struct pnm rendered;
    char state[STATE_ROOM] = "", center[64];
    const char *at = viewer_state(viewer, state) ? strstr(state, "center=") : NULL;
    snprintf(center, sizeof center, "%.*s", at ? (int)strcspn(at + 7, " ") : 0, at ? at + 7 : "");
    if (!at || !see(viewer) || !render(colour, invert, center, &rendered))
        return;
    if (rule == EXACT)
        CU_ASSERT_EQUAL(differing(&rendered), 0);
    if (rule == DEEP && !strcmp(center, "320,240"))
        CU_ASSERT_EQUAL(differing_deep(invert), 0);
    for (int channel = 0; channel < 3 && rule == MEAN; channel++)
        CU_ASSERT(worst_mean(&rendered, channel) <= 1);
    if (rule == MEAN_LUMA)
        CU_ASSERT(worst_mean(&rendered, 3) <= 1);
    pnm_free(&rendered);
}

static bool use_server(const char *screen, const char *class)
{
    const char *words[] = {"-screen", "0", screen, "-cc", class, NULL};
    if (!class)
        words[3] = NULL;
    bool good = server_other(words);
    CU_ASSERT(good);
    return good;
}

static bool show(struct viewer *viewer, const char *transport, const char *more, bool colour)
{
    const char *words[] = {"-geometry",   "640x480+0+0", "--no-status", "--zoom=1",
                           "--transport", transport,     film(colour),  NULL,
                           NULL,          NULL,          NULL};
    int count = 7;
    if (!colour) {
        words[count++] = "--window=30000";
        words[count++] = "--level=15500";
    }
    words[count] = more;
    return viewer_start(viewer, words);
}

/* Screen, -cc, further option, and what is to come of it. */
static const struct server_row {
    const char *screen, *cc, *more;
    int class, depth;
    enum rule rule;
} rows[] = {
    {"800x600x24", NULL, NULL, TrueColor, 24, EXACT},
    {"800x600x24", NULL, "--visual=directcolor", DirectColor, 24, EXACT},
    {"800x600x24", NULL, "--visual=TrueColor:32", TrueColor, 32, EXACT},
    {"800x600x30", NULL, NULL, TrueColor, 30, DEEP},
    {"800x600x30", NULL, "--visual=directcolor:30", DirectColor, 30, DEEP},
    {"800x600x16", NULL, NULL, TrueColor, 16, MEAN},
    {"800x600x16", NULL, "--visual=directcolor", DirectColor, 16, MEAN},
    {"800x600x15", NULL, NULL, TrueColor, 15, MEAN},
    {"800x600x8", "0", NULL, StaticGray, 8, EXACT},
    {"800x600x8", "1", NULL, GrayScale, 8, MEAN},
    {"800x600x8", "1", "--private-colormap", GrayScale, 8, MEAN},
    {"800x600x8", "2", NULL, GrayScale, 8, MEAN},
    {"800x600x8", "2", "--visual=staticcolor", StaticColor, 8, MEAN},
    {"800x600x8", "3", NULL, PseudoColor, 8, MEAN},
    {"800x600x8", "3", "--private-colormap", PseudoColor, 8, MEAN},
    {"800x600x8", "3", "--visual=0x26", StaticGray, 8, EXACT},
    {"800x600x8", "4", NULL, GrayScale, 8, MEAN},
    {"800x600x8", "4", "--visual=truecolor:8", TrueColor, 8, MEAN},
    {"800x600x8", "5", "--visual=directcolor:8", DirectColor, 8, MEAN},
    {"800x600x8", "5", "--visual=pseudocolor", PseudoColor, 8, MEAN},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void check_row(const struct server_row *row, const char *transport)
{
    struct viewer viewer;
    if (!show(&viewer, transport, row->more, false))
        return;
    compare(&viewer, row->rule, false, false);
    CU_ASSERT_EQUAL(seen.class, row->class);
    CU_ASSERT_EQUAL(seen.depth, row->depth);
    CU_ASSERT(viewer_do(&viewer, "invert on"));
    compare(&viewer, row->rule, false, true);
    /* What is copied on the server fits what comes into view. */
    CU_ASSERT(viewer_do(&viewer, "pan 37 -22") && viewer_do(&viewer, "pan -3 9"));
    compare(&viewer, row->rule, false, true);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Over each transport that the visual has, and where the server tells of the other order of bytes
 * and bits. */
static void check_ways(const struct server_row *row)
{
    bool channels = row->class == TrueColor || row->class == DirectColor;
    check_row(row, "shm");
    check_row(row, "put");
    if (channels)
        check_row(row, "planes");
    if (row->more)
        return;
    wire_swap(wire_begin(), true);
    check_row(row, "put");
    if (channels)
        check_row(row, "planes");
    wire_end();
}

static void gray_pictures_are_right_on_every_visual(void)
{
    for (int i = 0; i < ROWS; i++) {
        bool again =
            i > 0 && !strcmp(rows[i].screen, rows[i - 1].screen) &&
            (rows[i].cc ? rows[i - 1].cc && !strcmp(rows[i].cc, rows[i - 1].cc) : !rows[i - 1].cc);
        if (!again && !use_server(rows[i].screen, rows[i].cc))
            continue;
        check_ways(&rows[i]);
    }
    server_usual();
}

/* Depths that servers of other kinds have, where they are installed. */
static void gray_pictures_are_right_on_other_servers(void)
{
    static const struct {
        const char *name, *words[7];
        struct server_row row;
    } servers[] = {
        {"Xtigervnc",
         {"-depth", "16", "-SecurityTypes", "None", "-rfbport=-1"},
         {.class = TrueColor, .depth = 16, .rule = MEAN}},
        {"Xtigervnc",
         {"-depth", "32", "-SecurityTypes", "None", "-rfbport=-1"},
         {.class = TrueColor, .depth = 32, .rule = EXACT}},
        {"Xephyr", {"-screen", "800x600x16"}, {.class = TrueColor, .depth = 16, .rule = MEAN}},
        {"Xephyr", {"-screen", "800x600x8"}, {.class = PseudoColor, .depth = 8, .rule = MEAN}},
    };
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        if (!installed(servers[i].name)) {
            printf("  no %s is installed\n", servers[i].name);
            continue;
        }
        bool good = server_of(servers[i].name, servers[i].words);
        CU_ASSERT(good);
        if (good)
            check_ways(&servers[i].row);
    }
    server_usual();
}

static void colours_are_right_or_show_their_luma(void)
{
    static const struct {
        const char *screen, *cc, *more;
        enum rule rule;
    } servers[] = {{"800x600x24", NULL, NULL, EXACT},
                   {"800x600x16", NULL, NULL, MEAN},
                   {"800x600x8", "3", NULL, MEAN_LUMA},
                   {"800x600x8", "0", NULL, MEAN_LUMA},
                   {"800x600x8", "4", "--visual=truecolor", MEAN}};
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct viewer viewer;
        if (!use_server(servers[i].screen, servers[i].cc) ||
            !show(&viewer, i % 2 ? "put" : "shm", servers[i].more, true))
            continue;
        compare(&viewer, servers[i].rule, true, false);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    server_usual();
}

static bool names_its_colormap(const struct viewer *viewer)
{
    Window *windows = NULL;
    int count = 0;
    bool named = XGetWMColormapWindows(server(), viewer->top, &windows, &count) && count == 1 &&
                 windows[0] == viewer->top;
    if (windows)
        XFree(windows);
    return named;
}

/* Nobody else would do it here, where no window manager is. */
static bool is_installed(Window window)
{
    XWindowAttributes a;
    int count = 0;
    bool installed = false;
    Colormap *all = XListInstalledColormaps(server(), window, &count);
    if (all && XGetWindowAttributes(server(), window, &a))
        for (int i = 0; i < count; i++)
            installed |= all[i] == a.colormap;
    if (all)
        XFree(all);
    return installed;
}

static void check_colormap(const char *more, bool shared)
{
    struct viewer viewer;
    if (!show(&viewer, "put", more, false))
        return;
    CU_ASSERT(is_installed(viewer.image));
    compare(&viewer, MEAN, false, false);
    CU_ASSERT_EQUAL(seen.usual_colormap, shared);
    CU_ASSERT_EQUAL(names_its_colormap(&viewer), !shared);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The screen's colormap serves as long as it has some cells; all of them come back at the end. */
static void colormaps_are_shared_while_there_is_room(void)
{
    unsigned long pixels[256];
    int taken = 0;
    if (!use_server("800x600x8", "3"))
        return;
    Colormap usual = DefaultColormap(server(), 0);
    check_colormap(NULL, true);
    check_colormap("--private-colormap", false);
    while (taken < 256 && XAllocColorCells(server(), usual, False, NULL, 0, pixels + taken, 1))
        taken++;
    CU_ASSERT(taken > 100);
    XFreeColors(server(), usual, pixels, 25, 0);
    check_colormap(NULL, false);
    XFreeColors(server(), usual, pixels + 25, 35, 0);
    check_colormap(NULL, true);
    CU_ASSERT(XAllocColorCells(server(), usual, False, NULL, 0, pixels, 60));
    server_usual();
}

static bool has_colour(const struct viewer *viewer, unsigned short red, unsigned short green,
                       unsigned short blue)
{
    XWindowAttributes a;
    XGetWindowAttributes(server(), viewer->top, &a);
    XImage *image = XGetImage(server(), viewer->top, 0, a.height - 12, 300, 1, AllPlanes, ZPixmap);
    bool found = false;
    for (int x = 0; image && x < 300 && !found; x++) {
        XColor colour = {.pixel = XGetPixel(image, x, 0)};
        XQueryColor(server(), a.colormap, &colour);
        found = colour.red == red && colour.green == green && colour.blue == blue;
    }
    if (image)
        XDestroyImage(image);
    return found;
}

/* On GrayScale a colour has its luma; (16, 48, 96) has 44. */
static void panels_have_their_colours(void)
{
    static const struct {
        const char *cc, *more;
        unsigned short red, green, blue;
    } servers[] = {{"3", NULL, 16, 48, 96},
                   {"3", "--private-colormap", 16, 48, 96},
                   {"1", NULL, 44, 44, 44},
                   {"0", NULL, 44, 44, 44}};
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct viewer viewer;
        if (!use_server("800x600x8", servers[i].cc) ||
            !VIEW(&viewer, "-bg", "#103060", film(false), servers[i].more))
            continue;
        CU_ASSERT(has_colour(&viewer, servers[i].red * 257, servers[i].green * 257,
                             servers[i].blue * 257));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    server_usual();
}

static void the_second_screen_serves(void)
{
    static const char *const words[] = {"-screen", "0",          "800x600x24", "-screen",
                                        "1",       "700x500x16", NULL};
    struct viewer viewer;
    char display[32];
    bool good = server_other(words) && ScreenCount(server()) == 2;
    CU_ASSERT(good);
    snprintf(display, sizeof display, "%.*s.1", (int)strcspn(DisplayString(server()), "."),
             DisplayString(server()));
    if (good && VIEW(&viewer, "-display", display, "-geometry", "640x480+0+0", "--no-status",
                     "--zoom=1", "--window=30000", "--level=15500", film(false))) {
        XWindowAttributes a;
        XGetWindowAttributes(server(), viewer.image, &a);
        CU_ASSERT(a.screen == ScreenOfDisplay(server(), 1));
        compare(&viewer, MEAN, false, false);
        CU_ASSERT_EQUAL(seen.depth, 16);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    server_usual();
}

static void a_visual_that_is_not_there_is_refused(void)
{
    static const char *const words[] = {"pseudocolor", "truecolor:16", "0x3fffff"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct run run;
        char sentence[96];
        server();
        RUN(&run, program(), "--visual", words[i], film(false));
        CU_ASSERT_EQUAL(run.status, 3);
        snprintf(sentence, sizeof sentence, "has no visual %s that can serve; it has truecolor:24",
                 words[i]);
        CU_ASSERT_PTR_NOT_NULL(strstr(run.err, sentence));
    }
}

SUITE("visuals",
      {"gray pictures are right on every visual", gray_pictures_are_right_on_every_visual},
      {"gray pictures are right on other servers", gray_pictures_are_right_on_other_servers},
      {"colours are right, or show their luma", colours_are_right_or_show_their_luma},
      {"colormaps are shared while there is room", colormaps_are_shared_while_there_is_room},
      {"panels have their colours", panels_have_their_colours},
      {"the second screen serves", the_second_screen_serves},
      {"a visual that is not there is refused", a_visual_that_is_not_there_is_refused})
