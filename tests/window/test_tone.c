/* The tone in a window, by mouse and by keys: windows of boxes and of what is seen, gamma and
 * colour maps from the panel, presets that are saved, the lock. Guards app/regional.c,
 * app/tile_walk.c, app/presets.c, app/commands_tone.c, app/desk_tone.c, ui/tonepanel_list.c and
 * ui/tonepanel_presets.c. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/pnm.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"
#include "ui/canvas_memory.h"
#include "ui/tonepanel.h"

/* Of the window, and of what is around the image with letters of 6 x 13. */
enum { WIDTH = 1024, HEIGHT = 768, TOP = 58, SIDE = 224, STATUS = 23 };
/* Of the page, and the image's sample that is at the upper left, at zoom 1. */
enum { PAGE_WIDTH = 1200, PAGE_HEIGHT = 900, LEFT = 200, ABOVE = 107 };

static const char *film(const char *name, enum sample_type type)
{
    const char *path = scratch_path(name);
    struct tiff_recipe recipe = {.width = PAGE_WIDTH,
                                 .height = PAGE_HEIGHT,
                                 .type = type,
                                 .rows_per_strip = 64,
                                 .pages = 2,
                                 .value =
                                     type == SAMPLE_I16 ? tiff_value_signed : tiff_value_plain};
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    return path;
}

static double told(const struct viewer *viewer, const char *name)
{
    char state[STATE_ROOM];
    return viewer_state(viewer, state) ? state_number(state, name) : -1e9;
}

static struct rect place(enum tone_spot which, int option)
{
    struct canvas_memory side;
    struct fault fault;
    struct scheme scheme = scheme_from(scheme_usual[0].background, scheme_usual[0].foreground);
    CU_ASSERT_FATAL(canvas_memory_init(&side, SIDE, HEIGHT - TOP - STATUS, &scheme, &fault));
    struct rect r = which == TONE_SPOTS ? tonepanel_option(&side.canvas, option)
                                        : tonepanel_spot(&side.canvas, which);
    canvas_memory_fini(&side);
    CU_ASSERT(r.width > 0);
    return (struct rect){r.x + WIDTH - SIDE, r.y + TOP, r.width, r.height};
}

static void point_at(enum tone_spot which)
{
    struct rect r = place(which, 0);
    point(r.x + 6, r.y + 8);
}

/* ---- windows of regions ---- */

static int in_order(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

/* The 0.5th and the 99.5th percentile of sorted values, as LINEAR shows them black and white. */
static void check_window(const struct viewer *viewer, int x, int y, int width, int height)
{
    int n = width * height;
    int32_t *values = malloc((size_t)n * sizeof *values);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    for (int i = 0; i < n; i++)
        values[i] = tiff_value_plain(x + i % width, y + i / width, 0);
    qsort(values, (size_t)n, sizeof *values, in_order);
    int32_t low = values[(n + 199) / 200 - 1], high = values[(n * 199 + 199) / 200 - 1];
    CU_ASSERT_EQUAL(told(viewer, "window"), high - low + 1);
    CU_ASSERT_DOUBLE_EQUAL(told(viewer, "level"), (low + high + 1) / 2.0, 1e-9);
    free(values);
}

static void check_boxes(struct viewer *viewer)
{
    char reply[4096];
    CU_ASSERT(viewer_do(viewer, "zoom 1; center 600 450.5"));
    double before = told(viewer, "window");
    point(100, TOP + 100);
    XDOTOOL("keydown", "ctrl", "mousedown", "1");
    point(150, TOP + 130);
    point(200, TOP + 180);
    XDOTOOL("mouseup", "1", "keyup", "ctrl");
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (told(viewer, "window") != before)
            break;
    check_window(viewer, LEFT + 100, ABOVE + 100, 100, 80);
    CU_ASSERT(viewer_command(viewer, "auto view; wait idle; state", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "window_from=auto of a region\n"));
    check_window(viewer, LEFT, ABOVE, WIDTH - SIDE, HEIGHT - TOP - STATUS);
    CU_ASSERT(viewer_command(viewer, "auto 1190,10,50x33; wait idle", reply, sizeof reply));
    check_window(viewer, 1190, 10, 10, 33); /* what of it is on the page */
}

/* ---- the panel ---- */

/* Hot iron of y^0.5, as DICOM has both. */
static void check_colours(const struct viewer *viewer)
{
    struct pnm picture;
    int wrong = 0;
    if (!viewer_grab(viewer, &picture))
        return;
    CU_ASSERT_EQUAL_FATAL(picture.channels, 3);
    for (int i = 0; i < 200 * 150; i++) {
        int x = i % 200, y = i / 200;
        double value = tiff_value_plain(LEFT + x, ABOVE + y, 0);
        double part = fmin(fmax((value - 699.5) / 899 + 0.5, 0), 1);
        int level = (int)floor(255 * sqrt(part) + 0.5);
        const uint8_t *pixel = picture.samples + 3 * (y * picture.width + x);
        wrong += pixel[0] != (level < 128 ? 2 * level : 255);
        wrong += pixel[1] != (level < 128 ? 0 : level < 255 ? 2 * (level - 128) : 255);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    pnm_free(&picture);
}

static void check_panel(struct viewer *viewer)
{
    CU_ASSERT(viewer_do(viewer, "window 900 700"));
    int64_t frame = viewer_frame(viewer);
    point_at(TONE_GAMMA);
    XDOTOOL("click", "1", "type", "0.5");
    XDOTOOL("key", "Return");
    CU_ASSERT(viewer_wait(viewer, " gamma=0.5", frame));
    frame = viewer_frame(viewer);
    point_at(TONE_MAP);
    XDOTOOL("mousedown", "1");
    struct rect row = place(TONE_SPOTS, COLORMAP_HOT_IRON);
    point(row.x + 9, row.y + 8);
    XDOTOOL("mouseup", "1");
    CU_ASSERT(viewer_wait(viewer, " colormap=hot-iron", frame));
    check_colours(viewer);
    frame = viewer_frame(viewer);
    XDOTOOL("key", "F6");
    for (int i = 0; i < (int)TONE_MAP; i++)
        XDOTOOL("key", "Tab");
    XDOTOOL("key", "space", "Up", "Up", "Return");
    CU_ASSERT(viewer_wait(viewer, "", frame));
    char state[STATE_ROOM] = "colormap";
    CU_ASSERT(viewer_state(viewer, state) && !strstr(state, "colormap"));
    XDOTOOL("key", "Escape");
}

/* ---- presets ---- */

static bool saved(const char *text)
{
    char path[600], all[400] = "";
    snprintf(path, sizeof path, "%s/xlightbox/presets", getenv("XDG_CONFIG_HOME"));
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(all, 1, sizeof all - 1, file) : 0;
    if (file)
        fclose(file);
    all[length] = 0;
    return strstr(all, text);
}

static void check_presets(struct viewer *viewer)
{
    CU_ASSERT(viewer_do(viewer, "window 333 222"));
    int64_t frame = viewer_frame(viewer);
    point_at(TONE_NAME);
    XDOTOOL("click", "1", "type", "my-own");
    point_at(TONE_SAVE);
    XDOTOOL("click", "1");
    CU_ASSERT(viewer_wait(viewer, "", frame));
    CU_ASSERT(saved("\nmy-own 333 222\n"));
    CU_ASSERT(viewer_do(viewer, "window 900 700"));
    frame = viewer_frame(viewer);
    point_at(TONE_PRESETS);
    XDOTOOL("click", "1");
    CU_ASSERT(viewer_wait(viewer, "window=333 level=222 ", frame));
    frame = viewer_frame(viewer);
    point_at(TONE_DELETE);
    XDOTOOL("click", "1");
    CU_ASSERT(viewer_wait(viewer, "window=333 level=222 ", frame));
    CU_ASSERT(!saved("my-own") && saved("#"));
}

/* ---- the lock ---- */

static void check_lock(struct viewer *viewer)
{
    char reply[4096];
    CU_ASSERT(viewer_do(viewer, "auto; wait idle"));
    double width = told(viewer, "window"), level = told(viewer, "level");
    point_at(TONE_LOCK);
    XDOTOOL("click", "1");
    CU_ASSERT(viewer_command(viewer, "page 2; wait idle; file next; wait idle; state", reply,
                             sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "lock=1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "window_from=locked\n"));
    CU_ASSERT(told(viewer, "window") == width && told(viewer, "level") == level);
    CU_ASSERT(viewer_do(viewer, "lock off; file previous; wait idle; auto; file next; wait idle"));
    CU_ASSERT(told(viewer, "level") != level); /* signed values lie elsewhere */
    CU_ASSERT(viewer_command(viewer, "auto 1200,0,5x5", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "nothing of the page lies there"));
    CU_ASSERT(viewer_command(viewer, "auto here", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "'here' is not view or X,Y,WxH"));
}

static void locked_from_the_start(const char *first, const char *other, bool option)
{
    struct viewer viewer;
    char reply[4096];
    server_resources(option ? "" : "Xlightbox*lock: on\n");
    if (!VIEW(&viewer, "-geometry", "400x300+0+0", first, other, option ? "--lock" : "--invert"))
        return;
    double width = told(&viewer, "window"), level = told(&viewer, "level");
    CU_ASSERT(viewer_command(&viewer, "file next; wait idle; state", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "lock=1\n"));
    CU_ASSERT(told(&viewer, "window") == width && told(&viewer, "level") == level);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void the_tone_is_in_the_hand(void)
{
    struct viewer viewer;
    char folder[600];
    snprintf(folder, sizeof folder, "%s/config", scratch());
    setenv("XDG_CONFIG_HOME", folder, 1);
    server_resources("");
    const char *first = film("tone.tif", SAMPLE_U16), *other = film("tone-other.tif", SAMPLE_I16);
    if (VIEW(&viewer, "-geometry", "1024x768+0+0", first, other)) {
        check_boxes(&viewer);
        check_panel(&viewer);
        check_presets(&viewer);
        check_lock(&viewer);
        viewer_end(&viewer);
    }
    locked_from_the_start(first, other, true);
    locked_from_the_start(first, other, false);
    server_resources("Xlightbox*chrome: status\n");
    unsetenv("XDG_CONFIG_HOME");
}

SUITE("tone", {"the tone is in the hand", the_tone_is_in_the_hand})
