/* The promise: a few megabytes whatever the file, and a window step that takes nothing. Not under
 * sanitizers, whose own memory would be measured. */
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "base/sanitized.h"
#include "harness.h"
#include "large_maker.h"
#include "support/run.h"
#include "support/scratch.h"
#include "walk.h"

enum { LIMIT_KIB = 16 * 1024 };

/* The peak over opening after a small file, what `more` says (NULL: nothing), and a short walk. */
static long peak_of(const char *path, const char *const *more)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "1024x768", walk_film(64, 48), path))
        return -1;
    long peak = walk_command(&viewer, "file next", 0);
    for (; more && *more; more++)
        peak = walk_command(&viewer, *more, peak);
    peak = walk_short(&viewer, peak);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, "");
    if (*viewer.said)
        printf("  said: %s", viewer.said);
    return peak;
}

static void the_footprint_does_not_follow_the_file(void)
{
    const char *hollow = scratch_path("hollow.tif");
    CU_ASSERT_FATAL(walk_hollow(hollow, 32768));
    long small = peak_of(walk_film(3072, 2560), NULL);
    long medium = peak_of(walk_film(9700, 8090), NULL);
    long large = peak_of(hollow, NULL);
    printf("  footprint, peak: 15.7 MB %ld KiB, 157 MB %ld KiB, 2 GiB %ld KiB\n", small, medium,
           large);
    CU_ASSERT(small > 0 && small <= LIMIT_KIB);
    CU_ASSERT(medium <= small + small / 10);
    CU_ASSERT(large <= small + small / 10);
}

#define GRAY .photometric = PHOTOMETRIC_MINISBLACK
#define RGB .samples = 3, .photometric = PHOTOMETRIC_RGB
#define ROWS(count) .rows_per_strip = count

static const char *const through_pages[] = {"page last", "page 15000", "page first", NULL};

static const struct kind {
    const char *name;
    struct large_recipe recipe;
    const char *const *more;
} kinds[] = {
    {.name = "one strip of 30,000 rows, 16 bits, deflate",
     .recipe = {4000, 30000, 16, GRAY, .compression = COMPRESSION_ADOBE_DEFLATE}},
    {.name = "100,000 strips of a row, 16 bits", .recipe = {300, 100000, 16, GRAY, ROWS(1)}},
    {.name = "100,000 strips of a row, 16 bits, deflate",
     .recipe = {300, 100000, 16, GRAY, ROWS(1), .compression = COMPRESSION_ADOBE_DEFLATE}},
    {.name = "100,000 strips of a row, 16 bits, LZW",
     .recipe = {300, 100000, 16, GRAY, ROWS(1), .compression = COMPRESSION_LZW}},
    {.name = "one strip of 20,000 x 20,000, 1 bit, fax G4",
     .recipe = {20000, 20000, 1, .compression = COMPRESSION_CCITTFAX4}},
    {.name = "tiles of 2 MiB, 16 bits, LZW",
     .recipe = {4000, 4000, 16, GRAY, .tile = 1024, .noisy = true, .compression = COMPRESSION_LZW}},
    {.name = "tiles of 1 MiB, floats, LZW",
     .recipe = {4000, 4000, 32, GRAY, .tile = 512, .format = SAMPLEFORMAT_IEEEFP,
                .compression = COMPRESSION_LZW}},
    {.name = "tiles of 2 MiB, 16 bits, LERC",
     .recipe = {4000, 4000, 16, GRAY, .tile = 1024, .noisy = true, .compression = 34887}},
    {.name = "strips of 256 KiB that get no smaller, LZW",
     .recipe = {8192, 4000, 16, GRAY, ROWS(16), .compression = COMPRESSION_LZW}},
    {.name = "tiles of 3.9 MiB, RGB, deflate",
     .recipe = {4000, 3000, 8, RGB, .tile = 1168, .noisy = true,
                .compression = COMPRESSION_ADOBE_DEFLATE}},
    {.name = "tiles of 0.9 MiB, YCbCr, JPEG",
     .recipe = {4000, 3000, 8, 3, .photometric = PHOTOMETRIC_YCBCR, .tile = 560,
                .compression = COMPRESSION_JPEG}},
    {.name = "planes, RGB of 16 bits", .recipe = {2400, 1900, 16, RGB, ROWS(16), .separate = true}},
    {.name = "RGB of 16 bits, LZW",
     .recipe = {2400, 1900, 16, RGB, ROWS(16), .compression = COMPRESSION_LZW}},
    {.name = "RGB of floats",
     .recipe = {2400, 1900, 32, RGB, ROWS(16), .format = SAMPLEFORMAT_IEEEFP}},
    {.name = "floats of 64 bits",
     .recipe = {2400, 1900, 64, GRAY, ROWS(16), .format = SAMPLEFORMAT_IEEEFP}},
    {.name = "complex floats of 64 bits",
     .recipe = {2400, 1900, 64, GRAY, ROWS(16), .format = SAMPLEFORMAT_COMPLEXIEEEFP}},
    {.name = "palette", .recipe = {2400, 1900, 8, .photometric = PHOTOMETRIC_PALETTE, ROWS(16)}},
    {.name = "30,000 pages, PackBits",
     .recipe = {700, 500, 16, GRAY, .compression = COMPRESSION_PACKBITS, .pages = 30000},
     .more = through_pages},
    {.name = "RGB of 16 bits with a mask, LZW",
     .recipe = {2400, 1900, 16, RGB, .tile = 256, .compression = COMPRESSION_LZW, .masked = true}},
    {.name = "RGB with a mask", .recipe = {2400, 1900, 8, RGB, ROWS(16), .masked = true}},
};

/* 16 MiB, and what the file forces upon its reader: one of its blocks. */
static void the_footprint_does_not_follow_the_kind(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct kind *kind = &kinds[i];
        const char *path = scratch_path("large.tif");
        long limit = LIMIT_KIB + large_block_kib(&kind->recipe);
        if (kind->recipe.compression && !TIFFIsCODECConfigured((uint16_t)kind->recipe.compression))
            continue;
        CU_ASSERT_FATAL(large_make(path, &kind->recipe));
        long peak = peak_of(path, kind->more);
        printf("  footprint, peak, %s: %ld KiB of %ld\n", kind->name, peak, limit);
        CU_ASSERT(peak > 0 && peak <= limit);
    }
}

static void step_windows(const struct viewer *viewer, int count)
{
    char script[64], reply[256];
    for (int i = 0; i < count; i++) {
        int64_t frame = viewer_frame(viewer);
        snprintf(script, sizeof script, "window %d %d", 500 + i * 3 % 3000, 1000 + i * 7 % 2000);
        CU_ASSERT_FATAL(viewer_command(viewer, script, reply, sizeof reply));
        CU_ASSERT_FATAL(viewer_wait(viewer, "", frame));
    }
}

static void a_thousand_window_steps_grow_nothing(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "1024x768", walk_film(3072, 2560)))
        return;
    step_windows(&viewer, 10);
    long before = viewer_own_memory(&viewer);
    step_windows(&viewer, 990);
    long after = viewer_own_memory(&viewer);
    printf("  own memory after 10 steps %ld KiB, after 1,000 %ld KiB; footprint %ld KiB\n", before,
           after, viewer_footprint(&viewer));
    CU_ASSERT(after <= before + 4); /* the system rounds each process's share */
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static bool read_counts(const struct viewer *viewer, const char *path, long *ours, long *xcb)
{
    unlink(path);
    kill(viewer->pid, SIGUSR2);
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2)) {
        FILE *file = fopen(path, "r");
        int found = file ? fscanf(file, "%ld %ld\n", ours, xcb) : 0;
        if (file)
            fclose(file);
        if (found == 2)
            return true;
    }
    return false;
}

/* Steps by the hand: one drag, a thousand motions, each waited for. */
static void drag_about(const struct viewer *viewer, int count)
{
    Display *display = server();
    XEvent event = {.xmotion = {.type = MotionNotify,
                                .window = viewer->top,
                                .root = DefaultRootWindow(display),
                                .same_screen = True,
                                .state = Button1Mask,
                                .x = 400,
                                .y = 300}};
    for (int i = 0; i < count; i++) {
        int64_t frame = viewer_frame(viewer);
        event.xmotion.x = 300 + (i * 7 + 11) % 400;
        event.xmotion.y = 200 + (i * 5 + 3) % 300;
        XSendEvent(display, viewer->top, False, PointerMotionMask, &event);
        XFlush(display);
        if (i > 0)
            CU_ASSERT_FATAL(viewer_wait(viewer, "", frame));
    }
}

static void press(const struct viewer *viewer, int type)
{
    Display *display = server();
    XEvent event = {.xbutton = {.type = type,
                                .window = viewer->top,
                                .root = DefaultRootWindow(display),
                                .same_screen = True,
                                .button = 1,
                                .state = type == ButtonRelease ? Button1Mask : 0,
                                .x = 311,
                                .y = 203}};
    XSendEvent(display, viewer->top, False,
               type == ButtonRelease ? ButtonReleaseMask : ButtonPressMask, &event);
    XSync(display, False);
}

static void a_window_step_asks_for_no_memory(void)
{
    struct viewer viewer;
    long ours[2] = {-1, -2}, xcb[2];
    char preload[600], counts[600];
    snprintf(preload, sizeof preload, "%s/count-calls.so", getenv("XLIGHTBOX_BUILD"));
    snprintf(counts, sizeof counts, "%s", scratch_path("counts"));
    if (preload[0] != '/') {
        char *whole = realpath(preload, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(whole);
        snprintf(preload, sizeof preload, "%s", whole);
        free(whole);
    }
    const char *path = walk_film(3072, 2560);
    setenv("LD_PRELOAD", preload, 1);
    setenv("COUNT_CALLS", counts, 1);
    bool started = VIEW(&viewer, "-geometry", "1024x768", path);
    unsetenv("LD_PRELOAD");
    if (!started)
        return;
    press(&viewer, ButtonPress);
    drag_about(&viewer, 10);
    CU_ASSERT(read_counts(&viewer, counts, &ours[0], &xcb[0]));
    drag_about(&viewer, 1000);
    CU_ASSERT(read_counts(&viewer, counts, &ours[1], &xcb[1]));
    printf("  memory calls in 1,000 window steps: %ld (and %ld records of events in libxcb)\n",
           ours[1] - ours[0], xcb[1] - xcb[0]);
    CU_ASSERT(ours[0] > 0);
    CU_ASSERT_EQUAL(ours[1] - ours[0], 0);
    press(&viewer, ButtonRelease);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

#if !SANITIZED
SUITE("memory", {"the footprint does not follow the file", the_footprint_does_not_follow_the_file},
      {"the footprint does not follow the kind", the_footprint_does_not_follow_the_kind},
      {"a thousand window steps grow nothing", a_thousand_window_steps_grow_nothing},
      {"a window step asks for no memory", a_window_step_asks_for_no_memory})
#else
void (*const unused_under_sanitizers[])(void);
void (*const unused_under_sanitizers[])(void) = {
    the_footprint_does_not_follow_the_file, the_footprint_does_not_follow_the_kind,
    a_thousand_window_steps_grow_nothing, a_window_step_asks_for_no_memory};
#endif
