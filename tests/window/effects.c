/* What entries are for, see effects.h. */
#include "effects.h"

#include <CUnit/CUnit.h>
#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entries.h"
#include "other.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

/* ---- files ---- */

enum { PAGES = 8, FILE_WIDTH = 600, FILE_HEIGHT = 450, RENEWED_WIDTH = 640, LARGE_WIDTH = 2400 };

static char folder[500];
static const struct tiff_recipe plain;

static void make(const char *name, int64_t width, const struct tiff_recipe *more)
{
    char path[600];
    struct tiff_recipe recipe = *more;
    recipe.width = width;
    recipe.height = FILE_HEIGHT;
    recipe.type = SAMPLE_U16;
    recipe.rows_per_strip = 64;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
}

static const char *const names[EFFECT_FILES] = {[EFFECT_STACK] = "a.tif",
                                                [EFFECT_BETWEEN] = "b.tif",
                                                [EFFECT_OTHER] = "c.tif",
                                                [EFFECT_RENEWED] = "d.tif"};

#define SERIES(name, first)                                                                \
    "<Image ID='Image:" name "'><Pixels DimensionOrder='XYZCT' Type='uint16' SizeX='600' " \
    "SizeY='450' SizeZ='2' SizeC='2' SizeT='1'><TiffData IFD='" first "' PlaneCount='4'/>" \
    "</Pixels></Image>"

const char *effect_file(enum effect_file which)
{
    static char path[600];
    static const struct tiff_recipe stack = {.pages = PAGES,
                                             .description = "<OME>" SERIES("0", "0")
                                                 SERIES("1", "4") "</OME>"},
                                    channels = {.bits = 16,
                                                .samples = 3,
                                                .extra = {1, 1}}; /* unspecified ones */
    if (!folder[0]) {
        snprintf(folder, sizeof folder, "%s", scratch_path("entries"));
        mkdir(folder, 0755);
        make(names[EFFECT_STACK], FILE_WIDTH, &stack);
        make(names[EFFECT_OTHER], FILE_WIDTH, &channels);
        make(names[EFFECT_BETWEEN], LARGE_WIDTH, &plain);
        make(names[EFFECT_RENEWED], FILE_WIDTH, &plain);
    }
    snprintf(path, sizeof path, "%s/%s", folder, names[which]);
    return path;
}

/* ---- what can be asked ---- */

void effect_command(const struct viewer *viewer, const char *script)
{
    char all[800], reply[400];
    snprintf(all, sizeof all, "%s; wait idle", script);
    CU_ASSERT(viewer_command(viewer, all, reply, sizeof reply));
}

static bool answer_holds(const struct viewer *viewer, const char *ask, const char *wanted)
{
    char reply[4096] = "";
    bool not = *wanted == '!';
    return viewer_command(viewer, ask, reply, sizeof reply) &&
           not != (strstr(reply, wanted + not ) != NULL);
}

bool effect_answers(const struct viewer *viewer, const char *ask, const char *wanted)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (answer_holds(viewer, ask, wanted))
            return true;
    return false;
}

bool effect_pixel(const struct viewer *viewer, int x, int y, unsigned long pixel)
{
    bool good = false;
    for (int64_t limit = now_ms() + PATIENCE_MS; !good && now_ms() < limit; pause_ms(5)) {
        XImage *image = XGetImage(server(), viewer->top, x, y, 1, 1, AllPlanes, ZPixmap);
        good = image && (XGetPixel(image, 0, 0) & 0xffffff) == pixel;
        if (image)
            XDestroyImage(image);
    }
    return good;
}

/* ---- pictures ---- */

static XImage *picture_before;

/* The image and the side panel. */
static XImage *grab(const struct viewer *viewer)
{
    XImage *image =
        XGetImage(server(), viewer->top, 0, TOP, WIDTH, HEIGHT - TOP - STATUS, AllPlanes, ZPixmap);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image);
    return image;
}

static bool are_same(const XImage *a, const XImage *b)
{
    return !memcmp(a->data, b->data, (size_t)a->bytes_per_line * (size_t)a->height);
}

static bool is_as_before(const struct viewer *viewer)
{
    XImage *now = grab(viewer);
    bool same = are_same(now, picture_before);
    XDestroyImage(now);
    return same;
}

/* What is drawn beside the picture may be drawn after it, and a message may still go away: until
 * the two differ. */
static bool keep_before(const struct viewer *viewer, const struct effect *effect)
{
    bool differ = false;
    for (int64_t limit = now_ms() + PATIENCE_MS; !differ && now_ms() < limit;) {
        if (picture_before)
            XDestroyImage(picture_before);
        effect_command(viewer, effect->same);
        XImage *other = grab(viewer);
        effect_command(viewer, effect->before);
        picture_before = grab(viewer);
        differ = !are_same(other, picture_before);
        XDestroyImage(other);
    }
    return differ;
}

/* Another than before, which the command that does the same then leaves as it is. */
static bool picture_comes(const struct viewer *viewer, const struct effect *effect)
{
    int64_t limit = now_ms() + PATIENCE_MS;
    bool good = false;
    while (is_as_before(viewer) && now_ms() < limit)
        pause_ms(5);
    while (!good && !is_as_before(viewer) && now_ms() < limit) {
        XImage *now = grab(viewer);
        effect_command(viewer, effect->same);
        XImage *other = grab(viewer);
        good = are_same(now, other);
        XDestroyImage(now);
        XDestroyImage(other);
    }
    return good && !is_as_before(viewer);
}

/* ---- the dialog ---- */

static Window find_transient(Window from, Window of, int depth)
{
    Window root, parent, *children = NULL, found = None, owner = None;
    unsigned count = 0;
    if (XGetTransientForHint(server(), from, &owner) && owner == of)
        return from;
    if (depth == 0 || !XQueryTree(server(), from, &root, &parent, &children, &count))
        return None;
    for (unsigned i = 0; i < count && !found; i++)
        found = find_transient(children[i], of, depth - 1);
    if (children)
        XFree(children);
    return found;
}

Window effect_dialog(const struct viewer *viewer)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        Window found = find_transient(DefaultRootWindow(server()), viewer->top, 3);
        if (found)
            return manager_focus(found) ? found : None;
    }
    return None;
}

bool effect_no_dialog(const struct viewer *viewer)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (!find_transient(DefaultRootWindow(server()), viewer->top, 3))
            return true;
    return false;
}

/* ---- what is found by other means ---- */

/* It goes away as a window manager would have it. */
static bool dialog_came(struct viewer *viewer, bool keys)
{
    Window dialog = effect_dialog(viewer);
    XEvent event = {.xclient = {.type = ClientMessage, .window = dialog, .format = 32}};
    event.xclient.message_type = XInternAtom(server(), "WM_PROTOCOLS", False);
    event.xclient.data.l[0] = (long)XInternAtom(server(), "WM_DELETE_WINDOW", False);
    (void)keys;
    if (!dialog)
        return false;
    XSendEvent(server(), dialog, False, NoEventMask, &event);
    XSync(server(), False);
    return effect_no_dialog(viewer);
}

/* Written anew before the entry is chosen; without it nothing is read. */
static bool renewed_came(struct viewer *viewer, bool keys)
{
    (void)keys;
    return effect_answers(viewer, "state", "size=640x450\n");
}

static bool copy_came(struct viewer *viewer, bool keys)
{
    struct other_data data = {.count = 0};
    bool good = false;
    (void)keys;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (other_owner("CLIPBOARD") == viewer->top)
            break;
    if (other_ask("CLIPBOARD", "UTF8_STRING", &data))
        good = data.bytes && strstr((const char *)data.bytes, "50 pixels");
    if (!good)
        printf("  what is copied: %s\n", data.bytes ? (const char *)data.bytes : "nothing");
    other_free(&data);
    return good;
}

static bool paste_came(struct viewer *viewer, bool keys)
{
    char state[STATE_ROOM];
    (void)keys;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(2)) {
        other_serve();
        if (viewer_state(viewer, state) && strstr(state, "file=b.tif ") &&
            strstr(state, " idle=1 "))
            return true;
    }
    return false;
}

static bool overviews_came(struct viewer *viewer, bool keys)
{
    char path[700];
    (void)viewer, (void)keys;
    snprintf(path, sizeof path, "%s.ovr", effect_file(EFFECT_BETWEEN));
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (!access(path, F_OK))
            return !unlink(path);
    return false;
}

/* A message, the help or the memory panel; the help goes away as it came. */
static bool panel_came(struct viewer *viewer, bool keys)
{
    (void)keys;
    return viewer_wait_panel(viewer, true);
}

static bool help_came(struct viewer *viewer, bool keys)
{
    if (!viewer_wait_panel(viewer, true))
        return false;
    if (keys)
        XDOTOOL("key", "Escape");
    else
        viewer_send(viewer, "help");
    return viewer_wait_panel(viewer, false);
}

static bool dark_came(struct viewer *viewer, bool keys)
{
    (void)keys;
    return effect_pixel(viewer, 500, 5, 0x2c2c2c);
}

static bool gray_came(struct viewer *viewer, bool keys)
{
    (void)keys;
    return effect_pixel(viewer, 500, 5, 0xb0b0b0);
}

/* ---- the table ---- */

#define STATE(script, before, wanted)                          \
    {                                                          \
        script, before, "state", wanted, NULL, {0}, NULL, NULL \
    }
#define TOOL(name, before)                                                                  \
    {                                                                                       \
        "tool " name, "tool " before, "tool", "* " name " ", NULL, {0}, NULL, "tool window" \
    }
#define PICTURE(script, before, same)                     \
    {                                                     \
        script, before, NULL, NULL, same, {0}, NULL, NULL \
    }
#define PLACE(script, x, y, width, height)                                                       \
    {                                                                                            \
        script, NULL, NULL, NULL, NULL, {x, y, width, height}, NULL, "fullscreen off; chrome on" \
    }
#define FOUND(script, before, came, after)                 \
    {                                                      \
        script, before, NULL, NULL, NULL, {0}, came, after \
    }
#define PRESET(name, wanted) STATE("preset " name, "window 1000 500", wanted)

static const struct effect effects[] = {
    STATE("zoom fit", "zoom 1", "mode=fit\n"),
    STATE("zoom fill", "zoom 1", "mode=fill\n"),
    STATE("zoom 1", "zoom 2", "zoom=1\n"),
    STATE("zoom in", "zoom 1", "zoom=1.25\n"),
    STATE("zoom out", "zoom 1", "zoom=0.8\n"),
    STATE("rotate right", "reset", "rotate=90\n"),
    STATE("rotate left", "reset", "rotate=270\n"),
    STATE("flip h", "reset", "mirrored=1\n"),
    STATE("flip v", "reset", "rotate=180\n"),
    STATE("reset", "zoom 3; rotate right", "rotate=0\n"),
    STATE("wheel auto", "wheel zoom", "wheel=auto\n"),
    STATE("wheel page", "wheel auto", "wheel=page\n"),
    STATE("wheel zoom", "wheel auto", "wheel=zoom\n"),
    PICTURE("overlay measurements",
            "zoom fit; clear measurements; distance 10,10 200,90; overlay measurements off",
            "overlay measurements on"),
    PICTURE("overlay scale", "overlay scale off", "overlay scale on"),
    PICTURE("overlay marks", "reset; rotate right; overlay marks off", "overlay marks on"),
    PICTURE("overlay corners", "overlay corners off", "overlay corners on"),
    PICTURE("overlay colorbar", "overlay colorbar off", "overlay colorbar on"),

    STATE("stack next", "stack first", "page=2/8\n"),
    STATE("stack previous", "stack last", "page=1/8\n"),
    STATE("stack first", "stack last", "page=1/8\n"),
    STATE("stack last", "stack first", "!page=1/8\n"),
    STATE("channel next", "channel 1", "channel=2/2\n"),
    {"channel all", "file 2; channel 2", "state", "channel=all\n", NULL, {0}, NULL, "file first"},
    STATE("series next", "series 1", "series=2/2\n"),
    STATE("series previous", "series 2", "series=1/2\n"),
    {"cine", "cine off", "state", "!cine=0\n", NULL, {0}, NULL, "cine off"},

    STATE("auto", "window 1000 500", "window_from=auto"),
    STATE("auto view", "auto", "window_from=auto of a region\n"),
    PRESET("brain", "window=80\nlevel=40\n"),
    PRESET("lung", "window=1500\nlevel=-600\n"),
    PRESET("abdomen", "window=400\nlevel=40\n"),
    PRESET("bone", "window=2000\nlevel=350\n"),
    PRESET("liver", "window=150\nlevel=90\n"),
    PRESET("mediastinum", "window=400\nlevel=80\n"),
    PRESET("subdural", "window=215\nlevel=75\n"),
    PRESET("stroke", "window=40\nlevel=40\n"),
    PRESET("temporal-bone", "window=2800\nlevel=600\n"),
    STATE("voi linear", "voi sigmoid", "voi=linear\n"),
    STATE("voi linear-exact", "voi linear", "voi=linear-exact\n"),
    STATE("voi sigmoid", "voi linear", "voi=sigmoid\n"),
    STATE("invert", "voi linear; invert off", "invert=1\n"),
    STATE("gamma 0.5", "invert off; gamma 1", "gamma=0.5\n"),
    STATE("gamma 1", "gamma 2", "!gamma=2\n"),
    STATE("gamma 2", "gamma 1", "gamma=2\n"),
    STATE("colormap gray", "gamma 1; colormap pet", "!colormap="),
    STATE("colormap inverted", "colormap gray", "colormap=inverted\n"),
    STATE("colormap hot-iron", "colormap gray", "colormap=hot-iron\n"),
    STATE("colormap pet", "colormap gray", "colormap=pet\n"),
    STATE("colormap spectrum", "colormap gray", "colormap=spectrum\n"),
    STATE("colormap viridis", "colormap gray", "colormap=viridis\n"),
    STATE("colormap cividis", "colormap gray", "colormap=cividis\n"),
    STATE("page-window keep", "page-window auto", "page_window=keep\n"),
    STATE("page-window auto", "page-window keep", "page_window=auto\n"),
    {"lock", "lock off", "state", "lock=1\n", NULL, {0}, NULL, "lock off"},
    PICTURE("histogram", "histogram linear", "histogram log"),

    TOOL("window", "pan"),
    TOOL("pan", "window"),
    TOOL("zoom", "window"),
    TOOL("zoom-box", "window"),
    TOOL("loupe", "window"),
    TOOL("auto-box", "window"),
    TOOL("probe", "window"),
    TOOL("distance", "window"),
    TOOL("rectangle", "window"),
    TOOL("ellipse", "window"),
    {"clear last",
     "clear measurements; distance 0,0 30,40; probe 6,8",
     "measurements",
     "!probe",
     NULL,
     {0},
     NULL,
     NULL},
    {"clear measurements",
     "clear measurements; distance 0,0 30,40",
     "measurements",
     "!distance",
     NULL,
     {0},
     NULL,
     NULL},

    PLACE("chrome", 0, 0, WIDTH, HEIGHT),
    PLACE("chrome menu", 0, TOP - BAR, WIDTH - SIDE, HEIGHT - TOP + BAR - STATUS),
    PLACE("chrome tools", 0, BAR, WIDTH - SIDE, HEIGHT - BAR - STATUS),
    PLACE("chrome panel", 0, TOP, WIDTH, HEIGHT - TOP - STATUS),
    PLACE("chrome files", 131, TOP, -1, HEIGHT - TOP - STATUS),
    PLACE("chrome status", 0, TOP, WIDTH - SIDE, HEIGHT - TOP),
    PLACE("fullscreen", 0, TOP, 1280 - SIDE, 1024 - TOP - STATUS),
    FOUND("scheme auto", "scheme dark", gray_came, NULL),
    FOUND("scheme gray", "scheme dark", gray_came, "scheme auto"),
    FOUND("scheme dark", "scheme gray", dark_came, "scheme auto"),

    FOUND("memory hud", NULL, panel_came, "memory hud off"),
    FOUND("help", NULL, help_came, NULL),

    FOUND("open", NULL, dialog_came, NULL),
    FOUND("screenshot", NULL, dialog_came, NULL),
    FOUND("render", NULL, dialog_came, NULL),
    FOUND("export", NULL, dialog_came, NULL),
    STATE("file next", "file first", "file=c.tif\n"),
    STATE("file previous", "file 2", "file=a.tif\n"),
    STATE("folder next", "file first", "file=b.tif\n"),
    STATE("folder previous", "file 2", "file=b.tif\n"),
    {"recent clear", "file first", "recent", "!/", NULL, {0}, NULL, NULL},
    FOUND("reload", NULL, renewed_came, "file first"),
    FOUND("copy", "file first; clear measurements; distance 0,0 30,40", copy_came, NULL),
    FOUND("paste", "file first", paste_came, "file first"),
    FOUND("overviews build", "file first; folder next", overviews_came, "file first"),
    FOUND("overviews stop", NULL, panel_came, NULL),
};

const struct effect *effect_of(const char *script)
{
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (!strcmp(effects[i].script, script))
            return &effects[i];
    return NULL;
}

/* ---- before and after ---- */

static void prepare_others(const struct viewer *viewer, const struct effect *effect)
{
    static char path[600];
    char script[700];
    if (effect->came == paste_came) {
        snprintf(path, sizeof path, "%s", effect_file(EFFECT_BETWEEN));
        other_own("CLIPBOARD", "UTF8_STRING", path, false);
    }
    if (effect->came == renewed_came) {
        make(names[EFFECT_RENEWED], FILE_WIDTH, &plain);
        snprintf(script, sizeof script, "open %s", effect_file(EFFECT_RENEWED));
        effect_command(viewer, script);
        CU_ASSERT(effect_answers(viewer, "state", "size=600x450\n"));
        make(names[EFFECT_RENEWED], RENEWED_WIDTH, &plain);
    }
}

void effect_prepare(struct viewer *viewer, const struct effect *effect)
{
    prepare_others(viewer, effect);
    if (effect->before)
        effect_command(viewer, effect->before);
    bool there = effect->ask && answer_holds(viewer, effect->ask, effect->wanted);
    CU_ASSERT_FALSE(there);
    if (there)
        printf("  %s: its effect is there before it\n", effect->script);
    if (effect->same)
        CU_ASSERT(keep_before(viewer, effect));
}

bool effect_comes(struct viewer *viewer, const struct effect *effect, bool keys)
{
    bool good = false;
    if (effect->ask)
        good = effect_answers(viewer, effect->ask, effect->wanted);
    else if (effect->same)
        good = picture_comes(viewer, effect);
    else if (effect->came)
        good = effect->came(viewer, keys);
    else
        good = entries_wait_image(viewer, effect->image[0], effect->image[1], effect->image[2],
                                  effect->image[3]);
    if (effect->after)
        effect_command(viewer, effect->after);
    if (effect->image[3])
        CU_ASSERT(entries_wait_image(viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS));
    return good;
}
