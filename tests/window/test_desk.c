/* Menus, tool row and side panel of a window, by mouse and by keys, with real ones; the entries of
 * menus have suites of their own (test_menus.c). Guards
 * app/desk.c, app/desk_state.c, app/desk_tone.c, app/commands_window.c, x11/fullscreen.c, and with
 * them ui/menu_draw.c, ui/menu_items.c, ui/tonepanel_draw.c and ui/tonepanel_places.c. */
#include "suite.h"

#include <X11/Xutil.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "afar.h"
#include "entries.h"
#include "harness.h"
#include "support/run.h"
#include "ui/canvas_memory.h"
#include "ui/tonepanel.h"

static bool start(struct viewer *viewer)
{
    server_resources("");
    setenv("XLIGHTBOX_LOG", "command", 1);
    bool good = VIEW(viewer, "-geometry", "1024x768+0+0", harness_film());
    unsetenv("XLIGHTBOX_LOG");
    return good;
}

static void finish(struct viewer *viewer)
{
    viewer_end(viewer);
    server_resources("Xlightbox*chrome: status\n");
}

static double told(const struct viewer *viewer, const char *name)
{
    char state[STATE_ROOM];
    return viewer_state(viewer, state) ? state_number(state, name) : -1e9;
}

/* ---- menus ---- */

/* Each has a letter, in its menu no other entry has the same, and its script is one of the command.
 */
static void entries_are_sound(void)
{
    entries_begin();
    for (int i = 0; i < MENU_MENUS; i++) {
        bool taken[128] = {false};
        const struct menu *menu = entries_of(i, 0);
        for (int j = 0; menu && j < menu->count; j++) {
            const struct menu_item *item = &menu->items[j];
            bool words = strchr(item->script, ' ');
            CU_ASSERT_FATAL(item->mnemonic >= 0);
            int letter = item->label[item->mnemonic] | 32;
            CU_ASSERT_FALSE(taken[letter]);
            if (taken[letter])
                printf("  %s: another has this letter\n", item->label);
            taken[letter] = true;
            CU_ASSERT(words ? item->command->most > 0 : item->command->least == 0);
        }
    }
    entries_end();
}

static void menus_come_and_go(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    point(400, 400);
    CU_ASSERT_FALSE(viewer_panel(&viewer));
    XDOTOOL("key", "F10");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    XDOTOOL("key", "Escape");
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    XDOTOOL("mousemove", "66", "12", "click", "1"); /* View, and it stays */
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    int64_t frame = viewer_frame(&viewer);
    XDOTOOL("mousemove", "100", "166", "click", "1"); /* its sixth entry turns right */
    CU_ASSERT(viewer_wait(&viewer, "rotate=90", frame));
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    XDOTOOL("mousemove", "66", "12", "click", "1");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    XDOTOOL("mousemove", "600", "600", "click", "1"); /* beside it: only that */
    CU_ASSERT(viewer_wait_panel(&viewer, false));
    CU_ASSERT(viewer_wait(&viewer, "rotate=90", -1));
    XDOTOOL("key", "alt+f", "q");
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
    server_resources("Xlightbox*chrome: status\n");
}

/* ---- what is around the image ---- */

static void tab_leaves_the_image_alone(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    point(400, 400);
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS));
    viewer_key(&viewer, "Tab");
    CU_ASSERT(entries_wait_image(&viewer, 0, 0, WIDTH, HEIGHT));
    viewer_key(&viewer, "Tab");
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS));
    CU_ASSERT(viewer_do(&viewer, "chrome panel off"));
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, WIDTH, HEIGHT - TOP - STATUS));
    CU_ASSERT(viewer_do(&viewer, "chrome menu"));
    CU_ASSERT(viewer_do(&viewer, "chrome tools"));
    CU_ASSERT(entries_wait_image(&viewer, 0, 0, WIDTH, HEIGHT - STATUS));
    XResizeWindow(server(), viewer.top, 320, 240);
    XSync(server(), False);
    CU_ASSERT(viewer_do(&viewer, "chrome on"));
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, 320, 240 - TOP - STATUS));
    finish(&viewer);
}

static unsigned long pixel_at(Window window, int x, int y)
{
    XSync(server(), False);
    XImage *image = XGetImage(server(), window, x, y, 1, 1, AllPlanes, ZPixmap);
    unsigned long pixel = image ? XGetPixel(image, 0, 0) & 0xffffff : 0;
    if (image)
        XDestroyImage(image);
    return pixel;
}

static bool wait_pixel(Window window, int x, int y, unsigned long pixel)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (pixel_at(window, x, y) == pixel)
            return true;
    return false;
}

/* This screen is 1280 x 1024, and nobody manages it. */
static void the_full_screen_is_dark(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    point(400, 400);
    CU_ASSERT(wait_pixel(viewer.top, 500, 5, 0xb0b0b0));
    viewer_key(&viewer, "F11");
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, 1280 - SIDE, 1024 - TOP - STATUS));
    CU_ASSERT(wait_pixel(viewer.top, 500, 5, 0x2c2c2c));
    viewer_key(&viewer, "F11");
    CU_ASSERT(entries_wait_image(&viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS));
    CU_ASSERT(wait_pixel(viewer.top, 500, 5, 0xb0b0b0));
    CU_ASSERT(viewer_do(&viewer, "scheme dark; invert"));
    CU_ASSERT(wait_pixel(viewer.top, 500, 5, 0x2c2c2c));
    finish(&viewer);
}

static void a_kiosk_is_the_image_alone(void)
{
    struct viewer viewer;
    server_resources("");
    if (VIEW(&viewer, "--kiosk", harness_film())) {
        CU_ASSERT(entries_wait_image(&viewer, 0, 0, 1280, 1024));
        viewer_key(&viewer, "F11");
        finish(&viewer);
    }
}

static void place_of(const struct viewer *viewer, int *x, int *y)
{
    Window child;
    XTranslateCoordinates(server(), viewer->top, DefaultRootWindow(server()), 0, 0, x, y, &child);
}

static bool wait_place(const struct viewer *viewer, int x, int y)
{
    int now_x = -1, now_y = -1;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        place_of(viewer, &now_x, &now_y);
        if (now_x == x && now_y == y)
            return true;
    }
    printf("  the window is at %d,%d, not at %d,%d\n", now_x, now_y, x, y);
    return false;
}

/* A window that its manager is still framing moves away from under the pointer. */
static bool opens_view_menu(const struct viewer *viewer, const char *window)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit;) {
        XDOTOOL("mousemove", "--window", window, "66", "12", "click", "1");
        for (int64_t until = now_ms() + 2000; now_ms() < until; pause_ms(10))
            if (viewer_panel(viewer))
                return true;
    }
    return false;
}

/* By mouse and by keys, in a frame. */
static void menus_work(const struct viewer *viewer)
{
    char window[32];
    int64_t frame = viewer_frame(viewer);
    snprintf(window, sizeof window, "%lu", viewer->top);
    CU_ASSERT(opens_view_menu(viewer, window));
    XDOTOOL("mousemove", "--window", window, "100", "166", "click", "1");
    CU_ASSERT(viewer_wait(viewer, "rotate=90", frame));
    XDOTOOL("key", "F10");
    CU_ASSERT(viewer_wait_panel(viewer, true));
    XDOTOOL("key", "Escape");
    CU_ASSERT(viewer_wait_panel(viewer, false));
}

/* All of the screen and nothing else, with the keyboard; and back to where it was. */
static void the_screen_is_full(const struct viewer *viewer)
{
    int x, y;
    place_of(viewer, &x, &y);
    XDOTOOL("key", "F11");
    CU_ASSERT(entries_wait_image(viewer, 0, TOP, 1280 - SIDE, 1024 - TOP - STATUS));
    CU_ASSERT(wait_place(viewer, 0, 0));
    CU_ASSERT(viewer_do(viewer, "zoom 1"));
    int64_t frame = viewer_frame(viewer);
    XDOTOOL("mousemove", "400", "400", "click", "1", "key", "i");
    CU_ASSERT(viewer_wait(viewer, "invert=1", frame));
    XDOTOOL("key", "F11");
    CU_ASSERT(entries_wait_image(viewer, 0, TOP, WIDTH - SIDE, HEIGHT - TOP - STATUS));
    CU_ASSERT(wait_place(viewer, x, y));
    CU_ASSERT(viewer_do(viewer, "zoom 2"));
}

/* openbox knows full screens, the others do not: they are left for that long. */
static void managers_are_worked_with(void)
{
    static const char *const managers[] = {"openbox", "mwm", "twm"};
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++) {
        struct viewer viewer;
        pid_t pid = manager_start(managers[i]);
        if (!pid)
            continue;
        if (start(&viewer)) {
            menus_work(&viewer);
            the_screen_is_full(&viewer);
            finish(&viewer);
        }
        if (VIEW(&viewer, "--kiosk", harness_film())) {
            CU_ASSERT(wait_place(&viewer, 0, 0));
            CU_ASSERT(entries_wait_image(&viewer, 0, 0, 1280, 1024));
            finish(&viewer);
        }
        manager_stop(pid);
    }
}

/* ---- the side panel ---- */

static struct rect spot(enum tone_spot which)
{
    static struct canvas_memory side;
    struct fault fault;
    struct scheme scheme = scheme_from(scheme_usual[0].background, scheme_usual[0].foreground);
    CU_ASSERT_FATAL(canvas_memory_init(&side, SIDE, HEIGHT - TOP - STATUS, &scheme, &fault));
    struct rect r = tonepanel_spot(&side.canvas, which);
    canvas_memory_fini(&side);
    r.x += WIDTH - SIDE;
    r.y += TOP;
    return r;
}

/* The centre comes to the value that lies under the pointer: of the film's least and most. */
static void the_histogram_sets_the_window(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    struct rect box = spot(TONE_HISTOGRAM);
    double width = told(&viewer, "window");
    int64_t frame = viewer_frame(&viewer);
    point(box.x + 2 + 50, box.y + 30);
    XDOTOOL("mousedown", "1");
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    double first = told(&viewer, "level");
    frame = viewer_frame(&viewer);
    point(box.x + 2 + 150, box.y + 30);
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    XDOTOOL("mouseup", "1");
    double second = told(&viewer, "level");
    CU_ASSERT(fabs(first / second - 50 / 150.0) < 0.02); /* the least value is 0 or nearly so */
    CU_ASSERT_EQUAL(told(&viewer, "window"), width);
    finish(&viewer);
}

/* Letters of 12 x 24: the panel is 404 wide, and the histogram as wide as what is under it. */
static void large_letters_have_a_wide_histogram(void)
{
    enum { SIDE_LARGE = 404, BARS = 380, Y = 160 };
    struct viewer viewer;
    double levels[3];
    int width, height, left = WIDTH - SIDE_LARGE + 12;
    server_resources("Xlightbox*fontScale: 2\n");
    if (!VIEW(&viewer, "-geometry", "1024x768+0+0", harness_film()))
        return;
    CU_ASSERT(viewer_image_size(&viewer, &width, &height));
    CU_ASSERT_EQUAL(width, WIDTH - SIDE_LARGE);
    for (int i = 0; i < 3; i++) {
        int64_t frame = viewer_frame(&viewer);
        point(left + (i + 1) * BARS / 4, Y);
        XDOTOOL("click", "1");
        CU_ASSERT(viewer_wait(&viewer, "", frame));
        levels[i] = told(&viewer, "level");
    }
    CU_ASSERT(levels[0] > 0 && fabs(levels[1] / levels[0] - 2) < 0.02);
    CU_ASSERT(fabs(levels[2] / levels[0] - 3) < 0.03);
    finish(&viewer);
}

static void fields_and_buttons_are_commands(void)
{
    struct viewer viewer;
    if (!start(&viewer))
        return;
    struct rect field = spot(TONE_WIDTH), list = spot(TONE_PRESETS);
    int64_t frame = viewer_frame(&viewer);
    point(field.x + 20, field.y + 10);
    XDOTOOL("click", "1", "type", "1234");
    XDOTOOL("key", "Return");
    CU_ASSERT(viewer_wait(&viewer, "window=1234 ", frame));
    frame = viewer_frame(&viewer);
    point(list.x + 20, list.y + 2 + 17 + 4);
    XDOTOOL("click", "1");
    CU_ASSERT(viewer_wait(&viewer, "window=1500 level=-600 ", frame));
    frame = viewer_frame(&viewer);
    XDOTOOL("key", "F6");
    XDOTOOL("key", "Tab", "Tab", "Tab", "Tab");
    XDOTOOL("type", "77");
    XDOTOOL("key", "Return");
    CU_ASSERT(viewer_wait(&viewer, "level=77 ", frame));
    XDOTOOL("key", "Escape"); /* gives the keyboard back and resets nothing */
    frame = viewer_frame(&viewer);
    XDOTOOL("key", "i");
    CU_ASSERT(viewer_wait(&viewer, "window=1500 level=77 ", frame));
    CU_ASSERT_EQUAL(told(&viewer, "invert"), 1);
    finish(&viewer);
}

/* ---- what it costs ---- */

static uint64_t bytes_of_start(struct wire *line, const char *geometry, const char *chrome,
                               long *own)
{
    struct viewer viewer;
    struct wire_counts counts = {0};
    wire_mark(line);
    if (VIEW(&viewer, "-geometry", geometry, "--chrome", chrome, "--transport", "put",
             afar_film())) {
        char reply[100];
        viewer_command(&viewer, "wait idle", reply, sizeof reply);
        wire_count(line, &counts);
        *own = viewer_own_memory(&viewer);
        viewer_end(&viewer);
    }
    return counts.up;
}

/* Beside a window whose image area is as large. */
static void chrome_costs_little(void)
{
    long plain = 0, full = 0;
    struct wire *line = wire_begin();
    uint64_t off = bytes_of_start(line, "800x687+0+0", "off", &plain);
    uint64_t on = bytes_of_start(line, "1024x768+0+0", "on", &full);
    CU_ASSERT(off > 0 && on - off < 40000);
    CU_ASSERT(full - plain < 300);
    printf("  chrome: %.0f bytes, %ld KiB\n", (double)on - (double)off, full - plain);
    wire_end();
}

/* Of one step of the same window with and without the panel. */
static uint64_t bytes_of_step(struct wire *line, const char *chrome)
{
    struct viewer viewer;
    struct wire_counts counts = {0};
    const char *size = strcmp(chrome, "on") ? "800x687+0+0" : "1024x768+0+0";
    if (VIEW(&viewer, "-geometry", size, "--chrome", chrome, "--transport", "put", afar_film())) {
        CU_ASSERT(viewer_do(&viewer, "window 20000 20000"));
        wire_mark(line);
        CU_ASSERT(viewer_do(&viewer, "window 20500 20300"));
        wire_count(line, &counts);
        viewer_end(&viewer);
    }
    return counts.up;
}

static void a_step_costs_less_than_a_kilobyte_more(void)
{
    struct wire *line = wire_begin();
    uint64_t off = bytes_of_step(line, "off"), on = bytes_of_step(line, "on");
    CU_ASSERT(off > 0 && on > off && on - off <= 1024);
    printf("  a step with the panel: %.0f bytes more\n", (double)on - (double)off);
    wire_end();
}

SUITE("desk", {"entries are sound", entries_are_sound}, {"menus come and go", menus_come_and_go},
      {"Tab leaves the image alone", tab_leaves_the_image_alone},
      {"the full screen is dark", the_full_screen_is_dark},
      {"a kiosk is the image alone", a_kiosk_is_the_image_alone},
      {"managers are worked with", managers_are_worked_with},
      {"the histogram sets the window", the_histogram_sets_the_window},
      {"large letters have a wide histogram", large_letters_have_a_wide_histogram},
      {"fields and buttons are commands", fields_and_buttons_are_commands},
      {"chrome costs little", chrome_costs_little},
      {"a step costs less than a kilobyte more", a_step_costs_less_than_a_kilobyte_more})
