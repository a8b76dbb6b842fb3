/* The kinds of files in the window: the same pictures as --render's, steps along axes and channels
 * by commands and keys, and sessions that outlive whatever they are given. Guards app/framing.c,
 * app/scene_place.c and app/places.c, app/commands.c. */
#include "suite.h"

#include <X11/Xutil.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "config.h"
#include "harness.h"
#include "support/tiff_maker.h"
#include "support/malformed.h"
#include "support/run.h"
#include "support/scratch.h"

static double byte_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    (void)recipe;
    return (x * 3 + y * 5 + (x * y >> 4) + sample * 85 + page * 31) & 255;
}

static double fraction_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                          int sample)
{
    (void)recipe, (void)sample, (void)page;
    return (x + y) % 23 == 0 ? NAN : (x * 37 + y * 101) % 1999 / 1999.0;
}

static uint16_t palette[3][256];

static const struct {
    const char *name;
    struct tiff_recipe recipe;
} kinds[] = {
    {"rgb.tif",
     {.width = 620,
      .height = 410,
      .bits = 8,
      .samples = 3,
      .photometric = PHOTOMETRIC_RGB,
      .rows_per_strip = 16,
      .number = byte_of}},
    {"planar.tif",
     {.width = 620,
      .height = 410,
      .bits = 16,
      .samples = 3,
      .photometric = PHOTOMETRIC_RGB,
      .orientation = 6,
      .separate = true,
      .compression = COMPRESSION_LZW,
      .rows_per_strip = 16,
      .number = byte_of}},
    {"float.tif",
     {.width = 700,
      .height = 300,
      .bits = 32,
      .format = SAMPLEFORMAT_IEEEFP,
      .photometric = PHOTOMETRIC_MINISBLACK,
      .orientation = 8,
      .rows_per_strip = 16,
      .number = fraction_of}},
    {"palette.tif",
     {.width = 400,
      .height = 300,
      .bits = 8,
      .photometric = PHOTOMETRIC_PALETTE,
      .rows_per_strip = 16,
      .palette = (const uint16_t (*)[256])palette,
      .number = byte_of}},
    {"fax.tif",
     {.width = 1728,
      .height = 1000,
      .bits = 1,
      .photometric = PHOTOMETRIC_MINISWHITE,
      .orientation = 3,
      .compression = COMPRESSION_CCITTFAX4,
      .rows_per_strip = 16,
      .number = byte_of}},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *kind(int i)
{
    for (int j = 0; j < 256; j++) {
        palette[0][j] = (uint16_t)(257 * (j * 7 & 255));
        palette[1][j] = (uint16_t)(257 * (255 - j));
        palette[2][j] = (uint16_t)(j << 8);
    }
    CU_ASSERT_FATAL(tiff_make(scratch_path(kinds[i].name), &kinds[i].recipe));
    return scratch_path(kinds[i].name);
}

/* What is on the screen equals what --render makes of the same words. */
static void compare(const struct viewer *viewer, const char *file, const char *zoom,
                    const char *word)
{
    struct pnm grabbed, rendered;
    struct run run;
    char size[32];
    const char *out = scratch_path("words.ppm");
    CU_ASSERT_FATAL(viewer_grab(viewer, &grabbed));
    snprintf(size, sizeof size, "%dx%d", grabbed.width, grabbed.height);
    RUN(&run, program(), "--force", "--render", out, "--size", size, "--zoom", zoom, word, file);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    if (*run.err)
        printf("  said: %s", run.err);
    CU_ASSERT_FATAL(run.status == 0 && pnm_read(&rendered, out));
    CU_ASSERT_FATAL(rendered.width == grabbed.width && rendered.channels == 3);
    CU_ASSERT(!memcmp(grabbed.samples, rendered.samples,
                      (size_t)grabbed.width * (size_t)grabbed.height * 3));
    pnm_free(&grabbed);
    pnm_free(&rendered);
}

static void every_kind_shows_what_render_writes(void)
{
    static const char *const transports[] = {"shm", "put"};
    for (int i = 0; i < KINDS; i++) {
        const char *file = kind(i);
        struct viewer viewer;
        if (!VIEW(&viewer, "-geometry", "520x420", "--transport", transports[i % 2], file))
            continue;
        compare(&viewer, file, "fit", "--rotate=0");
        CU_ASSERT(viewer_do(&viewer, "zoom 1.5"));
        compare(&viewer, file, "1.5", "--rotate=0");
        CU_ASSERT(viewer_do(&viewer, "reset; zoom 0.4; flip h"));
        compare(&viewer, file, "0.4", "--flip=h");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        CU_ASSERT_STRING_EQUAL(viewer.said, "");
    }
}

/* Sizes and points are the upright page's: 410 x 620 here. */
static void the_state_is_of_the_upright_page(void)
{
    struct viewer viewer;
    const char *file = kind(1);
    if (VIEW(&viewer, file)) {
        CU_ASSERT(viewer_wait(&viewer, "size=410x620 ", -1));
        CU_ASSERT(viewer_wait(&viewer, "center=205,310 rotate=0 ", -1));
        CU_ASSERT(viewer_do(&viewer, "zoom 4; center 5 600"));
        CU_ASSERT(viewer_wait(&viewer, "center=5,600 ", -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    if (VIEW(&viewer, "--orientation", "raw", file)) {
        CU_ASSERT(viewer_wait(&viewer, "size=620x410 ", -1));
        compare(&viewer, file, "fit", "--orientation=raw");
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

static void channels_of_a_pixel_are_stepped_through(void)
{
    static const char *const steps[][2] = {{"k", "--channel=1"},
                                           {"k", "--channel=2"},
                                           {"shift+k", "--channel=1"},
                                           {"a", "--channel=all"},
                                           {"k", "--channel=1"}};
    struct viewer viewer;
    char reply[512];
    const char *file = kind(0);
    if (!VIEW(&viewer, "-geometry", "520x420", file))
        return;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int64_t frame = viewer_frame(&viewer);
        viewer_key(&viewer, steps[i][0]);
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        compare(&viewer, file, "fit", steps[i][1]);
    }
    CU_ASSERT(viewer_command(&viewer, "channel 4", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "all or a channel from 1 to 3"));
    CU_ASSERT(viewer_command(&viewer, "slice next", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "no slices"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* An ImageJ hyperstack of 2 channels, 3 slices and 2 time points, and keys that walk in it. */
static void axes_are_walked_along(void)
{
    static const struct {
        const char *key, *then;
    } rows[] = {{"k", "page=2/12 "},       {"greater", "page=4/12 "}, {"greater", "page=6/12 "},
                {"t", "page=12/12 "},      {"less", "page=10/12 "},   {"shift+k", "page=9/12 "},
                {"shift+t", "page=3/12 "}, {"Home", "page=1/12 "},    {"Next", "page=3/12 "},
                {"End", "page=5/12 "},     {"Prior", "page=3/12 "}};
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .bits = 8,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .pages = 12,
                                 .description = "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\n"
                                                "frames=2\nhyperstack=true\nmode=grayscale\n",
                                 .number = byte_of};
    struct viewer viewer;
    char reply[512];
    const char *file = scratch_path("stack.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    if (!VIEW(&viewer, file))
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        viewer_key(&viewer, rows[i].key);
        CU_ASSERT(viewer_wait(&viewer, rows[i].then, -1));
    }
    CU_ASSERT(viewer_command(&viewer, "slice 3; time 2; channel 2", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=12/12 ", -1));
    CU_ASSERT(viewer_command(&viewer, "slice 4", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "a slice from 1 to 3"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (VIEW(&viewer, "--slice", "2", "--time", "2", file)) {
        CU_ASSERT(viewer_wait(&viewer, "page=9/12 ", -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* The state calls nothing final before it knows how many pages there are. */
static void pages_are_counted_to_the_end(void)
{
    struct tiff_recipe recipe = {.width = 20,
                                 .height = 20,
                                 .bits = 8,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .pages = 3000,
                                 .number = byte_of};
    struct viewer viewer;
    char reply[512], state[STATE_ROOM];
    const char *file = scratch_path("many.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    if (!VIEW(&viewer, file))
        return;
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT_PTR_NOT_NULL(strstr(state, "page=1/3000 "));
    CU_ASSERT(viewer_command(&viewer, "page last", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=3000/3000 ", -1));
    CU_ASSERT(viewer_command(&viewer, "page next", reply, sizeof reply));
    CU_ASSERT_STRING_EQUAL(reply, "");
    CU_ASSERT(viewer_command(&viewer, "page 3001", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "from 1 to 3000"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (VIEW(&viewer, "--page", "2500", file)) {
        CU_ASSERT(viewer_wait(&viewer, "page=2500/3000 ", -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* Steps that are asked for at once add up, whatever comes of each. */
static void quick_steps_add_up(void)
{
    struct viewer viewer;
    char reply[512];
    const char *file = scratch_path("many.tif");
    if (!VIEW(&viewer, file))
        return;
    CU_ASSERT(viewer_command(&viewer, "page next; page next; page next", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=4/3000 ", -1));
    CU_ASSERT(viewer_command(&viewer, "page 10; page previous", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=9/3000 ", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

#ifdef HAVE_EXPAT
/* Three series of 2, 3 and 1 pages; each step leads to a series' first page. */
static void series_are_walked_to(void)
{
    static const char description[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME "
        "xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\">"
        "<Image ID=\"Image:0\" Name=\"first\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYZCT\" "
        "Type=\"uint8\" SizeX=\"60\" SizeY=\"50\" SizeZ=\"2\" SizeC=\"1\" SizeT=\"1\">"
        "<TiffData IFD=\"0\" PlaneCount=\"2\"/></Pixels></Image>"
        "<Image ID=\"Image:1\" Name=\"second\"><Pixels ID=\"Pixels:1\" DimensionOrder=\"XYZCT\" "
        "Type=\"uint8\" SizeX=\"60\" SizeY=\"50\" SizeZ=\"3\" SizeC=\"1\" SizeT=\"1\">"
        "<TiffData IFD=\"2\" PlaneCount=\"3\"/></Pixels></Image>"
        "<Image ID=\"Image:2\" Name=\"third\"><Pixels ID=\"Pixels:2\" DimensionOrder=\"XYZCT\" "
        "Type=\"uint8\" SizeX=\"60\" SizeY=\"50\" SizeZ=\"1\" SizeC=\"1\" SizeT=\"1\">"
        "<TiffData IFD=\"5\" PlaneCount=\"1\"/></Pixels></Image></OME>";
    static const struct {
        const char *script, *then;
    } rows[] = {{"series 3", "page=6/6 "},
                {"series previous", "page=3/6 "},
                {"slice 3", "page=5/6 "},
                {"series 1", "page=1/6 "},
                {"series next", "page=3/6 "}};
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .bits = 8,
                                 .photometric = PHOTOMETRIC_MINISBLACK,
                                 .pages = 6,
                                 .description = description,
                                 .number = byte_of};
    struct viewer viewer;
    char reply[512];
    const char *file = scratch_path("series.ome.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    if (VIEW(&viewer, file)) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            CU_ASSERT(viewer_command(&viewer, rows[i].script, reply, sizeof reply));
            CU_ASSERT(viewer_wait(&viewer, rows[i].then, -1));
        }
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    if (VIEW(&viewer, "--series", "2", "--slice", "2", file)) {
        CU_ASSERT(viewer_wait(&viewer, "page=4/6 ", -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

#endif

/* A channel that the next page has not: shown whole. Windows that the program chose are chosen anew
 * where the type changes. */
static void pages_of_other_kinds_follow(void)
{
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .bits = 8,
                                 .samples = 3,
                                 .photometric = PHOTOMETRIC_RGB,
                                 .number = byte_of};
    struct viewer viewer;
    char reply[512];
    char first[512], second[512];
    snprintf(first, sizeof first, "%s", scratch_path("first.tif"));
    snprintf(second, sizeof second, "%s", scratch_path("second.tif"));
    CU_ASSERT_FATAL(tiff_make(first, &recipe));
    recipe.bits = 32;
    recipe.samples = 1;
    recipe.format = SAMPLEFORMAT_IEEEFP;
    recipe.photometric = PHOTOMETRIC_MINISBLACK;
    recipe.number = fraction_of;
    CU_ASSERT_FATAL(tiff_make(second, &recipe));
    if (!VIEW(&viewer, first, second))
        return;
    CU_ASSERT(viewer_wait(&viewer, "window=256 level=128 ", -1));
    CU_ASSERT(viewer_do(&viewer, "window 100 50"));
    CU_ASSERT(viewer_command(&viewer, "channel 2", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "window=100 level=50 ", -1));
    CU_ASSERT(viewer_command(&viewer, "file next", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "file=second.tif", -1));
    char state[STATE_ROOM];
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT(state_number(state, "window") > 0.9 && state_number(state, "window") < 1);
    CU_ASSERT(viewer_command(&viewer, "file previous", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "window=256 level=128 ", -1));
    CU_ASSERT(viewer_do(&viewer, "auto"));
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT(state_number(state, "window") < 256);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static double far_of(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page, int sample)
{
    return byte_of(recipe, x, y, page, sample) + 500;
}

/* Colours whose values are no levels from 0 to 1 have their window back after others, too, and a
 * width that was given. */
static void colours_far_off_begin_anew_with_their_window(void)
{
    static const char *const words[] = {"--rotate=0", "--window=80"};
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .bits = 32,
                                 .format = SAMPLEFORMAT_IEEEFP,
                                 .samples = 3,
                                 .photometric = PHOTOMETRIC_RGB,
                                 .number = far_of};
    struct viewer viewer;
    char state[STATE_ROOM], wanted[64];
    const char *file = scratch_path("far.tif");
    CU_ASSERT_FATAL(tiff_make(file, &recipe));
    for (int half = 0; half < 2; half++) {
        if (!VIEW(&viewer, words[half], file))
            continue;
        CU_ASSERT(viewer_state(&viewer, state));
        CU_ASSERT(state_number(state, "level") > 550 && state_number(state, "level") < 700);
        CU_ASSERT(half ? state_number(state, "window") == 80 : state_number(state, "window") > 200);
        snprintf(wanted, sizeof wanted, "%.*s", (int)strcspn(strstr(state, "window="), "z"),
                 strstr(state, "window="));
        CU_ASSERT(viewer_do(&viewer, "window 5 5"));
        CU_ASSERT(viewer_do(&viewer, "reset"));
        CU_ASSERT(viewer_wait(&viewer, wanted, -1));
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

/* The bar's left end, as it is drawn. */
static bool grab_bar(const struct viewer *viewer, uint32_t pixels[100])
{
    XWindowAttributes a;
    XGetWindowAttributes(server(), viewer->top, &a);
    XImage *image = XGetImage(server(), viewer->top, 0, a.height - 10, 100, 1, AllPlanes, ZPixmap);
    for (int x = 0; image && x < 100; x++)
        pixels[x] = (uint32_t)XGetPixel(image, x, 0);
    if (image)
        XDestroyImage(image);
    return image != NULL;
}

static void no_sandbox_is_said_in_the_status_line(void)
{
    struct viewer viewer;
    uint32_t with[100], without[100];
    const char *file = kind(3);
    if (!VIEW(&viewer, file))
        return;
    CU_ASSERT(grab_bar(&viewer, with));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (!VIEW(&viewer, "--no-sandbox", file))
        return;
    CU_ASSERT(grab_bar(&viewer, without));
    CU_ASSERT(memcmp(with, without, sizeof with) != 0);
    compare(&viewer, file, "fit", "--no-sandbox");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Files that are none, or not whole, one after the other, and a good one after them all. */
static void a_session_outlives_bad_files(void)
{
    char paths[8][512];
    const char *words[12] = {NULL};
    static const int sizes[] = {0, 3, 8, 60, 200, 1000};
    struct viewer viewer;
    char reply[512];
    int count = 0;
    snprintf(paths[count++], sizeof paths[0], "%s", kind(0));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char name[32];
        snprintf(name, sizeof name, "cut-%zu.tif", i);
        CU_ASSERT_FATAL(tiff_make(scratch_path(name), &kinds[4].recipe));
        scratch_cut(scratch_path(name), sizes[i]);
        snprintf(paths[count++], sizeof paths[0], "%s", scratch_path(name));
    }
    snprintf(paths[count++], sizeof paths[0], "%s", kind(2));
    for (int i = 0; i < count; i++)
        words[i] = paths[i];
    if (!viewer_start(&viewer, words))
        return;
    for (int turn = 0; turn < 2; turn++) {
        CU_ASSERT(viewer_command(&viewer, "file next", reply, sizeof reply));
        CU_ASSERT(viewer_wait(&viewer, "file=float.tif", -1));
        CU_ASSERT(viewer_wait_panel(&viewer, true));
        CU_ASSERT(viewer_command(&viewer, "file previous", reply, sizeof reply));
        CU_ASSERT(viewer_wait(&viewer, "file=rgb.tif", -1));
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

/* Until the file is shown, if not all of it yet, or refused. */
static bool wait_decided(const struct viewer *viewer, const char *path, int64_t after)
{
    char state[STATE_ROOM], name[300];
    snprintf(name, sizeof name, "file=%s ", strrchr(path, '/') + 1);
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2)) {
        if (!viewer_state(viewer, state))
            return false;
        if (strstr(state, name) || (strstr(state, " idle=1 ") && viewer_frame(viewer) > after))
            return true;
    }
    return false;
}

/* One session is given each malformed file there is, and a good one after each. Whatever comes of
 * them, the viewer is the same process and shows what it should. */
static void a_session_outlives_every_malformed_file(void)
{
    enum { MOST = 400, ROOM = 256 };
    static char paths[MOST][ROOM];
    const char *words[MOST + 1] = {NULL};
    struct viewer viewer;
    char script[32], reply[512];
    int count = 0;
    snprintf(paths[count++], ROOM, "%s", kind(0));
    for (size_t i = 0; i < malformed_count && count < MOST; i++)
        snprintf(paths[count++], ROOM, "%s", malformed_make(&malformed_cases[i]));
    for (int i = 0; i < count; i++)
        words[i] = paths[i];
    if (!viewer_start(&viewer, words))
        return;
    for (int i = 1; i < count; i++) {
        int64_t frame = viewer_frame(&viewer);
        snprintf(script, sizeof script, "file %d", i + 1);
        CU_ASSERT(viewer_command(&viewer, script, reply, sizeof reply));
        CU_ASSERT_PTR_NULL(strstr(reply, "from 1 to"));
        bool back = wait_decided(&viewer, paths[i], frame) &&
                    viewer_command(&viewer, "file 1; zoom fit", reply, sizeof reply) &&
                    viewer_wait(&viewer, "file=rgb.tif page=1/1 size=620x410 ", -1);
        CU_ASSERT(back);
        if (!back)
            printf("  at %s\n", paths[i]);
    }
    CU_ASSERT(viewer_do(&viewer, "window 256 128"));
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    compare(&viewer, paths[0], "fit", "--rotate=0");
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

SUITE("window kinds",
      {"every kind shows what --render writes", every_kind_shows_what_render_writes},
      {"the state is of the upright page", the_state_is_of_the_upright_page},
      {"channels of a pixel", channels_of_a_pixel_are_stepped_through},
      {"axes are walked along", axes_are_walked_along},
      {"pages are counted to the end", pages_are_counted_to_the_end},
      {"quick steps add up", quick_steps_add_up},
#ifdef HAVE_EXPAT
      {"series are walked to", series_are_walked_to},
#endif
      {"pages of other kinds follow", pages_of_other_kinds_follow},
      {"colours far off begin anew with their window",
       colours_far_off_begin_anew_with_their_window},
      {"no sandbox is said", no_sandbox_is_said_in_the_status_line},
      {"a session outlives bad files", a_session_outlives_bad_files},
      {"a session outlives every malformed file", a_session_outlives_every_malformed_file})
