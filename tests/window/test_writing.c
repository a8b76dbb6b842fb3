/* Files that the window's commands write: screenshots against what the server shows, renderings
 * against --render, exported samples against what was stored. Guards app/writing.c, app/bands.c,
 * app/exporting.c, app/commands_picture.c and x11/capture.c. */
#include "config.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include "base/geometry.h"
#include "harness.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static bool start(struct viewer *viewer)
{
    return VIEW(viewer, "-geometry", "640x500+0+0", harness_film());
}

/* Runs commands in which %s is the file; their answer must be empty. */
static void write_file(const struct viewer *viewer, const char *words, const char *file)
{
    char script[1024], reply[512] = "?";
    const char *at = strstr(words, "%s");
    snprintf(script, sizeof script, "%.*s%s%s", at ? (int)(at - words) : 0, words, at ? file : "",
             at ? at + 2 : words);
    CU_ASSERT(viewer_command(viewer, script, reply, sizeof reply));
    CU_ASSERT_STRING_EQUAL(reply, "");
}

static void refused(const struct viewer *viewer, const char *script, const char *sentence)
{
    char reply[1024] = "";
    CU_ASSERT(viewer_command(viewer, script, reply, sizeof reply));
    CU_ASSERT(!strncmp(reply, "error: ", 7) && strstr(reply, sentence));
    if (!strstr(reply, sentence))
        printf("  %s: %s", script, reply);
}

/* How many samples differ in the first `rows` rows; -1: the pictures are not of one width. */
static long differing(const struct pnm *a, const struct pnm *b, int rows)
{
    long count = 0;
    if (a->width != b->width)
        return -1;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < a->width; x++)
            count += pnm_at(a, x, y) != pnm_at(b, x, y);
    return count;
}

static void same_pictures(const char *a, const char *b)
{
    struct pnm first, second;
    CU_ASSERT_FATAL(pnm_read(&first, a) && pnm_read(&second, b));
    CU_ASSERT_EQUAL(first.height, second.height);
    CU_ASSERT_EQUAL(differing(&first, &second, first.height), 0);
    pnm_free(&first);
    pnm_free(&second);
}

/* ---- screenshots ---- */

static void a_screenshot_is_what_is_seen(void)
{
    struct viewer viewer, top;
    struct pnm seen, written;
    const char *path = scratch_path("shot.ppm");
    if (!start(&viewer))
        return;
    write_file(&viewer, "window 900 700; zoom 1.3; flip h; screenshot '%s' image", path);
    CU_ASSERT_FATAL(viewer_grab(&viewer, &seen) && pnm_read(&written, path));
    CU_ASSERT_EQUAL(seen.height, written.height);
    CU_ASSERT_EQUAL(differing(&seen, &written, seen.height), 0);
    pnm_free(&seen);
    pnm_free(&written);
    CU_ASSERT(viewer_do(&viewer, "status off"));
    CU_ASSERT(viewer_command(&viewer, "help", (char[64]){0}, 64));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    top = viewer;
    top.image = viewer.top;
    write_file(&viewer, "screenshot '%s' force", path);
    CU_ASSERT_FATAL(viewer_grab(&top, &seen) && pnm_read(&written, path));
    CU_ASSERT_EQUAL(written.height, 500);
    CU_ASSERT_EQUAL(differing(&seen, &written, 500), 0);
    pnm_free(&seen);
    pnm_free(&written);
    viewer_end(&viewer);
}

/* The status line is in it, and what other programs lay over the window is not. */
static void a_screenshot_is_the_windows_own(void)
{
    struct viewer viewer, top;
    struct pnm seen, written;
    const char *path = scratch_path("own.ppm");
    if (!start(&viewer))
        return;
    top = viewer;
    top.image = viewer.top;
    CU_ASSERT_FATAL(viewer_grab(&top, &seen));
    Window cover =
        XCreateSimpleWindow(server(), DefaultRootWindow(server()), 0, 0, 640, 500, 0, 0, 0xffffff);
    XSetWindowAttributes attributes = {.override_redirect = True};
    XChangeWindowAttributes(server(), cover, CWOverrideRedirect, &attributes);
    XMapRaised(server(), cover);
    XSync(server(), False);
    write_file(&viewer, "screenshot '%s'", path);
    CU_ASSERT_FATAL(pnm_read(&written, path));
    CU_ASSERT_EQUAL(written.height, 500);
    CU_ASSERT_EQUAL(differing(&seen, &written, 470), 0);
    CU_ASSERT_EQUAL(pnm_at(&written, 2, 498), pnm_at(&seen, 2, 498));
    CU_ASSERT(pnm_at(&written, 2, 498) > 100);
    XDestroyWindow(server(), cover);
    pnm_free(&seen);
    pnm_free(&written);
    viewer_end(&viewer);
}

/* ---- renderings ---- */

static void a_rendering_is_what_render_writes(void)
{
    struct run run;
    struct viewer viewer;
    const char *ours = scratch_path("ours.pgm"), *theirs = scratch_path("theirs.pgm");
    if (!start(&viewer))
        return;
    write_file(&viewer, "window 900 700; render '%s' 333x222", ours);
    RUN(&run, program(), "--force", "--render", theirs, "--size", "333x222", "--window", "900",
        "--level", "700", harness_film());
    same_pictures(ours, theirs);
    write_file(&viewer, "zoom 0.7; center 400 300; rotate 90; page 2; render '%s' scale 3 force",
               ours);
    char size[32];
    int width, height;
    CU_ASSERT(viewer_image_size(&viewer, &width, &height));
    snprintf(size, sizeof size, "%dx%d", 3 * width, 3 * height);
    RUN(&run, program(), "--force", "--render", theirs, "--size", size, "--window", "900",
        "--level", "700", "--zoom", "2.1", "--center", "400,300", "--rotate", "90", "--page", "2",
        harness_film());
    CU_ASSERT_EQUAL(run.status, 0);
    same_pictures(ours, theirs);
    CU_ASSERT(viewer_wait(&viewer, " page=2/3 ", -1)); /* the window is as it was */
    CU_ASSERT(viewer_wait(&viewer, " zoom=0.7 ", -1));
    viewer_end(&viewer);
}

static void what_cannot_be_written_is_said(void)
{
    char script[600];
    struct viewer viewer;
    if (!start(&viewer))
        return;
    write_file(&viewer, "render '%s' 10x10", scratch_path("there.pgm"));
    snprintf(script, sizeof script, "render '%s' 20x20", scratch_path("there.pgm"));
    refused(&viewer, script, "there.pgm: is there already (force replaces it)");
    CU_ASSERT_EQUAL(scratch_size(scratch_path("there.pgm")), 13 + 100);
    strcat(script, " force");
    CU_ASSERT(viewer_do(&viewer, "zoom 1"));
    write_file(&viewer, script, "");
    CU_ASSERT_EQUAL(scratch_size(scratch_path("there.pgm")), 13 + 400);
    refused(&viewer, "screenshot /nonexistent/a.pgm", "a.pgm: No such file or directory");
    refused(&viewer, "screenshot a.gif", "pictures are written as");
    refused(&viewer, "export a.png", "a.png: stored samples are written as .tif");
    refused(&viewer, "export /nonexistent/a.tif", "a.tif: No such file");
    refused(&viewer, "export a.tif 1200,0,10x10", "a.tif: nothing of the page lies there");
    refused(&viewer, "export a.tif 1,2", "'1,2' is not X,Y,WxH, page or force");
    refused(&viewer, "render a.pgm scale", "'scale' is not a scale above 0");
    refused(&viewer, "render a.pgm sideways", "'sideways' is not WxH");
    refused(&viewer, "zoom 8; render a.pgm scale 100", "a.pgm: no zoom of 800: 64 is the most");
    refused(&viewer, "render a.pgm 1000000x10 scale 2", "2000000 x 20 pixels are too many");
    CU_ASSERT_EQUAL(symlink("/dev/full", scratch_path("full.pgm")), 0);
    snprintf(script, sizeof script, "zoom 1; render '%s'", scratch_path("full.pgm"));
    refused(&viewer, script, "full.pgm: No space left on device");
    viewer_end(&viewer);
}

/* Who goes on to another page, or ends the viewer, gets no half of a picture. */
static void what_is_broken_off_leaves_no_trace(void)
{
    struct run run;
    struct viewer viewer;
    setenv("X", program(), 1);
    setenv("BIG", scratch_path("big.pgm"), 1);
    if (!start(&viewer))
        return;
    RUN(&run, "sh", "-c",
        "$X --remote 'memory snapshot go; zoom 50; render '$BIG' 30000x30000' & "
        "until $X --remote 'memory diff go' >/dev/null 2>&1; do :; done; "
        "$X --remote 'page 2'; wait $!");
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "another page came while it was being written"));
    RUN(&run, "sh", "-c",
        "$X --remote 'memory snapshot on; zoom 50; render '$BIG' 30000x30000' & "
        "until $X --remote 'memory diff on' >/dev/null 2>&1; do :; done; "
        "$X --remote quit; wait $!");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "the viewer has ended"));
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
    CU_ASSERT(access(getenv("BIG"), F_OK) != 0);
    CU_ASSERT_EQUAL(scratch_beside("big.pgm"), 0);
}

static void a_large_rendering_takes_little_memory(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    long before = viewer_footprint(&viewer);
    write_file(&viewer, "zoom 4; render '%s' 20000x3000", scratch_path("large.pgm"));
    long after = viewer_footprint(&viewer);
    printf("  footprint %ld KiB, after a rendering of 57 MiB %ld KiB\n", before, after);
    CU_ASSERT(after < before + 4096);
    CU_ASSERT_EQUAL(scratch_size(scratch_path("large.pgm")), 60000000 + 18);
    viewer_end(&viewer);
}

/* ---- exports ---- */

static double read_sample(const void *row, int bits, int format, int64_t i)
{
    if (format == SAMPLEFORMAT_IEEEFP)
        return bits == 32 ? (double)((const float *)row)[i] : ((const double *)row)[i];
    if (bits == 8)
        return format == SAMPLEFORMAT_INT ? ((const int8_t *)row)[i] : ((const uint8_t *)row)[i];
    if (bits == 16)
        return format == SAMPLEFORMAT_INT ? ((const int16_t *)row)[i] : ((const uint16_t *)row)[i];
    return format == SAMPLEFORMAT_INT ? ((const int32_t *)row)[i]
                                      : (double)((const uint32_t *)row)[i];
}

/* The file holds columns x.. and rows y.. of what the recipe says. */
static void holds(const char *path, const struct tiff_recipe *recipe, int page, struct area area)
{
    uint16_t bits = 0, format = 1, samples = 0;
    uint32_t width = 0, height = 0;
    static uint64_t row[4096];
    long wrong = 0;
    TIFF *tiff = TIFFOpen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetField(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetField(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    CU_ASSERT(width == area.width && height == area.height && samples == 1);
    CU_ASSERT_EQUAL(bits, recipe->bits ? recipe->bits : 8 * (int)sample_bytes(recipe->type));
    for (uint32_t y = 0; y < height && y < area.height; y++) {
        CU_ASSERT_FATAL(TIFFReadScanline(tiff, row, y, 0) == 1);
        for (int64_t x = 0; x < area.width; x++) {
            double stored = recipe->bits
                                ? tiff_number_plain(recipe, area.x + x, area.y + y, page, 0)
                                : recipe->value(area.x + x, area.y + y, page);
            wrong += read_sample(row, bits, format, x) != stored;
        }
    }
    TIFFClose(tiff);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void an_export_is_what_was_stored(void)
{
    struct viewer viewer;
    struct tiff_recipe recipe = {.type = SAMPLE_U16, .value = tiff_value_plain};
    char out[512];
    snprintf(out, sizeof out, "%s", scratch_path("export.tif"));
    if (!start(&viewer))
        return;
    write_file(&viewer, "export '%s' page", out);
    holds(out, &recipe, 0, (struct area){0, 0, 1200, 900});
    write_file(&viewer, "page 3; flip v; rotate 90; export '%s' 250,500,301x77 force", out);
    holds(out, &recipe, 2, (struct area){250, 500, 301, 77});
    write_file(&viewer, "export '%s' 1190,890,100x100 force", out);
    holds(out, &recipe, 2, (struct area){1190, 890, 10, 10});
    write_file(&viewer, "reset; zoom 2; center 600 450; status off; wait idle; export '%s' force",
               out);
    holds(out, &recipe, 2, (struct area){440, 325, 320, 250});
    viewer_end(&viewer);
}

static void every_type_is_exported_as_it_is(void)
{
    static const struct {
        int bits, format;
        bool with_nodata;
    } kinds[] = {{8, SAMPLEFORMAT_UINT, false},   {8, SAMPLEFORMAT_INT, false},
                 {16, SAMPLEFORMAT_INT, false},   {16, SAMPLEFORMAT_INT, true},
                 {16, SAMPLEFORMAT_UINT, true},   {32, SAMPLEFORMAT_UINT, false},
                 {32, SAMPLEFORMAT_INT, true},    {32, SAMPLEFORMAT_IEEEFP, false},
                 {64, SAMPLEFORMAT_IEEEFP, false}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct viewer viewer;
        struct tiff_recipe recipe = {.width = 300,
                                     .height = 270,
                                     .bits = kinds[i].bits,
                                     .format = kinds[i].format,
                                     .photometric = PHOTOMETRIC_MINISBLACK,
                                     .with_nodata = kinds[i].with_nodata,
                                     .nodata = 17};
        char out[512];
        snprintf(out, sizeof out, "%s", scratch_path("kind-out.tif"));
        CU_ASSERT_FATAL(tiff_make(scratch_path("kind.tif"), &recipe));
        if (!VIEW(&viewer, "-geometry", "300x200", scratch_path("kind.tif")))
            continue;
        write_file(&viewer, "export '%s' page force", out);
        holds(out, &recipe, 0, (struct area){0, 0, 300, 270});
        viewer_end(&viewer);
    }
}

static double full_or_small(const struct tiff_recipe *recipe, int64_t x, int64_t y, int page,
                            int sample)
{
    (void)recipe, (void)page;
    return (x + y + sample) % 3 ? 4294967295.0 : (double)(x * 16777259 + y);
}

/* Tiles hold 32-bit colours as floats: they are exported as such, the largest too. */
static void deep_colours_are_exported_as_floats(void)
{
    struct viewer viewer;
    struct tiff_recipe recipe = {.width = 100,
                                 .height = 90,
                                 .bits = 32,
                                 .samples = 3,
                                 .photometric = PHOTOMETRIC_RGB,
                                 .number = full_or_small};
    static float row[300];
    uint16_t format = 0;
    long wrong = 0;
    char out[512];
    snprintf(out, sizeof out, "%s", scratch_path("deep-out.tif"));
    CU_ASSERT_FATAL(tiff_make(scratch_path("deep.tif"), &recipe));
    if (!VIEW(&viewer, "-geometry", "300x200", scratch_path("deep.tif")))
        return;
    write_file(&viewer, "export '%s' page", out);
    viewer_end(&viewer);
    TIFF *tiff = TIFFOpen(out, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    CU_ASSERT(TIFFScanlineSize(tiff) == (tmsize_t)sizeof row);
    CU_ASSERT(TIFFGetField(tiff, TIFFTAG_SAMPLEFORMAT, &format) && format == SAMPLEFORMAT_IEEEFP);
    for (int y = 0; y < 90 && TIFFReadScanline(tiff, row, (uint32_t)y, 0) == 1; y++)
        for (int i = 0; i < 300; i++)
            wrong += row[i] != (float)full_or_small(&recipe, i / 3, y, 0, i % 3);
    TIFFClose(tiff);
    CU_ASSERT_EQUAL(wrong, 0);
}

/* What the file says of its samples is said of the exported ones; the window is the one shown. */
static void an_export_keeps_what_is_known(void)
{
    struct run before, after;
    struct viewer viewer;
    struct tiff_recipe recipe = {.width = 300,
                                 .height = 270,
                                 .bits = 16,
                                 .photometric = PHOTOMETRIC_MINISWHITE,
                                 .orientation = 6,
                                 .pixels_per_cm = 37.5,
                                 .with_nodata = true,
                                 .nodata = 99};
    const char *in = scratch_path("known.tif"), *out = scratch_path("known-out.tif");
    CU_ASSERT_FATAL(tiff_make(in, &recipe));
    if (!VIEW(&viewer, "-geometry", "300x200", "--rescale", "2,-1024", "--window", "600", "--level",
              "41", in))
        return;
    write_file(&viewer, "export '%s' page", out);
    viewer_end(&viewer);
    RUN(&before, program(), "--info", "--rescale", "2,-1024", "--window", "600", "--level", "41",
        in);
    RUN(&after, program(), "--info", out);
    CU_ASSERT_EQUAL(after.status, 0);
    static const char *const lines[] = {"  size ", "  type ", "  spacing ", "  orientation "};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *a = strstr(before.out, lines[i]), *b = strstr(after.out, lines[i]);
        CU_ASSERT_FATAL(a != NULL && b != NULL);
        CU_ASSERT_EQUAL(strcspn(a, "\n"), strcspn(b, "\n"));
        CU_ASSERT_EQUAL(strncmp(a, b, strcspn(a, "\n")), 0);
    }
#ifdef HAVE_EXPAT /* it is told in GDAL's metadata */
    CU_ASSERT_PTR_NOT_NULL(strstr(after.out, "width 600, centre 41"));
    CU_ASSERT_PTR_NOT_NULL(strstr(after.out, "-1024"));
#endif
    CU_ASSERT_PTR_NOT_NULL(strstr(after.out, "99"));
}

SUITE("writing", {"a screenshot is what is seen", a_screenshot_is_what_is_seen},
      {"a screenshot is the window's own", a_screenshot_is_the_windows_own},
      {"a rendering is what --render writes", a_rendering_is_what_render_writes},
      {"what cannot be written is said", what_cannot_be_written_is_said},
      {"what is broken off leaves no trace", what_is_broken_off_leaves_no_trace},
      {"a large rendering takes little memory", a_large_rendering_takes_little_memory},
      {"an export is what was stored", an_export_is_what_was_stored},
      {"every type is exported as it is", every_type_is_exported_as_it_is},
      {"deep colours are exported as floats", deep_colours_are_exported_as_floats},
      {"an export keeps what is known", an_export_keeps_what_is_known})
