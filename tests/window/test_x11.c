/* The x11 layer by itself, in this process, against a real server. Guards x11/connection.c,
 * x11/atoms.c, x11/resources.c, x11/shell.c with x11/manners.c, x11/events.c and x11/panel.c,
 * x11/output.c with the transports that carry any picture. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ledger.h"
#include "harness.h"
#include "support/scratch.h"
#include "ui/statusline.h"
#include "x11/atoms.h"
#include "x11/connection.h"
#include "x11/output.h"
#include "x11/resources.h"
#include "x11/shell.h"
#include "x11/xlib.h"

static struct {
    int inputs, resizes, exposures, panels, acknowledged, closes;
    int width, height; /* the image's, as it was foretold */
    struct input last;
    char command[64];
} heard;

static void hear_input(void *context, const struct input *input)
{
    (void)context;
    heard.inputs++;
    heard.last = *input;
}

static void hear_resize(void *context)
{
    (void)context;
    heard.resizes++;
}

static void hear_exposure(void *context, struct rect rect)
{
    (void)context;
    heard.exposures += !rect_empty(rect);
}

static bool draw_no_levels(void *context, struct rect band, struct tone_range range,
                           const struct pixels *pixels)
{
    (void)context, (void)band, (void)range, (void)pixels;
    return false;
}

static void hear_panel(void *context, enum panel panel)
{
    (void)context, (void)panel;
    heard.panels++;
}

static void hear_fence(void *context)
{
    (void)context;
    heard.acknowledged++;
}

static void hear_command(void *context, const char *script, unsigned long window)
{
    (void)context, (void)window;
    snprintf(heard.command, sizeof heard.command, "%s", script);
}

static bool take_nothing(void *context, const struct input *input)
{
    (void)context, (void)input;
    return false;
}

static void hear_nothing(void *context, bool now)
{
    (void)context, (void)now;
}

static void hear_close(void *context)
{
    (void)context;
    heard.closes++;
}

static void hear_place(void *context, int width, int height)
{
    (void)context;
    heard.width = width;
    heard.height = height;
}

static const struct shell_events events = {
    hear_input, take_nothing, hear_resize,  hear_exposure, draw_no_levels, hear_panel,
    hear_fence, hear_command, hear_nothing, hear_nothing,  hear_close,     hear_input,
    hear_close, NULL,         NULL,         NULL,          hear_place};

static void lose(void *context)
{
    (void)context;
    abort();
}

static struct connection *connection;
static struct resources *resources;
static struct shell *shell;

static bool until(const int *counter, int count)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(1)) {
        shell_drain(shell);
        if (*counter >= count)
            return true;
    }
    return false;
}

static void begin(const char *transport)
{
    struct fault fault;
    char copies[5][32] = {"xlightbox", "-geometry", "400x300+0+0", "-bg", "#102030"};
    char *words[] = {copies[0], copies[1], copies[2], copies[3], copies[4], NULL};
    int count = 5;
    struct shell_options options = {
        .transport = transport, .parts = LAYOUT_STATUS, .count = 1, .words = words};
    server();
    memset(&heard, 0, sizeof heard);
    connection = connection_open(NULL, NULL, lose, NULL, &fault);
    resources = resources_new(&count, words);
    CU_ASSERT_FATAL(connection && resources);
    resources_merge(resources, connection);
    shell = shell_new(connection, resources, &options, &events, NULL, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(shell);
    CU_ASSERT(heard.width == shell_pixels(shell)->width);
    CU_ASSERT(heard.height == shell_pixels(shell)->height);
    CU_ASSERT(until(&heard.exposures, 1));
}

static void end(void)
{
    shell_free(shell);
    resources_free(resources);
    connection_close(connection);
}

static unsigned long pixel_at(Window window, int x, int y)
{
    XImage *image = XGetImage(server(), window, x, y, 1, 1, AllPlanes, ZPixmap);
    unsigned long pixel = image ? XGetPixel(image, 0, 0) & 0xffffff : 0xdeadbeef;
    if (image)
        XDestroyImage(image);
    return pixel;
}

/* The shell's windows are found as a script would: by their places under the root. */
static Window newest_top(void)
{
    Window root, parent, *children = NULL, top = None;
    unsigned count = 0;
    XQueryTree(server(), DefaultRootWindow(server()), &root, &parent, &children, &count);
    if (count)
        top = children[count - 1];
    XFree(children);
    return top;
}

static void pump(void)
{
    int64_t limit = now_ms() + PATIENCE_MS;
    while (!shell_pump(shell, false) && now_ms() < limit)
        shell_drain(shell);
    CU_ASSERT(shell_exact(shell));
}

static void fill(const struct pixels *pixels)
{
    for (int y = 0; y < pixels->height; y++)
        for (int x = 0; x < pixels->width; x++)
            ((uint32_t *)(void *)(pixels->base + (size_t)y * pixels->stride))[x] =
                (uint32_t)(x << 8 | (y & 255));
}

/* All come with an answer to something else, each where it belongs. */
static void atoms_are_not_waited_for(void)
{
    static const struct {
        enum atom_name which;
        const char *name;
    } some[] = {{ATOM_WM_PROTOCOLS, "WM_PROTOCOLS"},
                {ATOM_STATE, "_XLIGHTBOX_STATE"},
                {ATOM_PPM, "image/x-portable-pixmap"},
                {ATOM_WM_SAVE_YOURSELF, "WM_SAVE_YOURSELF"}};
    struct wire_counts opened, later;
    struct fault fault;
    struct wire *line = wire_begin();
    struct connection *other = connection_open(line->display, NULL, lose, NULL, &fault);
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    wire_count(line, &opened);
    CU_ASSERT_EQUAL(other->atoms[0], None);
    XSync(other->display, False);
    wire_count(line, &later);
    CU_ASSERT_EQUAL(later.waits, opened.waits + 1);
    for (int i = 0; i < ATOMS; i++)
        CU_ASSERT_NOT_EQUAL(other->atoms[i], None);
    atoms_wait(other);
    atoms_wait(other);
    wire_count(line, &later);
    CU_ASSERT_EQUAL(later.waits, opened.waits + 1);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        CU_ASSERT_EQUAL(other->atoms[some[i].which], XInternAtom(server(), some[i].name, True));
    connection_close(other);
    other = connection_open(line->display, NULL, lose, NULL, &fault); /* without an answer yet */
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    atoms_wait(other);
    CU_ASSERT_NOT_EQUAL(other->atoms[ATOMS - 1], None);
    connection_close(other);
    wire_end();
}

static void each_transport_carries_pixels(void)
{
    static const char *const names[] = {"shm", "put", "planes", "render"};
    for (size_t i = 0; i < 4; i++) {
        if (!strcmp(names[i], "render") && !has_render())
            continue;
        begin(names[i]);
        CU_ASSERT_STRING_EQUAL(shell_transport(shell), names[i]);
        const struct pixels *pixels = shell_pixels(shell);
        CU_ASSERT(pixels->width == 400 && pixels->height < 300);
        CU_ASSERT(ledger_line(LEDGER_FRAME).current >= pixels->stride * (size_t)pixels->height);
        pump(); /* from the start all is due */
        fill(pixels);
        shell_drawn(shell, (struct rect){10, 20, 100, 50});
        pump();
        shell_announce(shell, "frame=1 idle=1 ");
        CU_ASSERT_EQUAL(shell_unanswered(shell), 1);
        CU_ASSERT(until(&heard.acknowledged, 1));
        CU_ASSERT_EQUAL(shell_unanswered(shell), 0);
        Window top = newest_top();
        CU_ASSERT_EQUAL(pixel_at(top, 10, 20), 10 << 8 | 20);
        CU_ASSERT_EQUAL(pixel_at(top, 109, 69), 109 << 8 | 69);
        CU_ASSERT_NOT_EQUAL(pixel_at(top, 200, 150), 200 << 8 | 150);
        end();
        CU_ASSERT_EQUAL(ledger_line(LEDGER_FRAME).current, 0);
    }
}

/* It stays as it is for sizes between a half and the whole of it. */
static void the_buffer_is_made_anew_only_when_it_must(void)
{
    static const struct {
        int width, height, change;
    } steps[] = {{360, 260, 0}, {200, 150, -1}, {800, 600, 1}};
    begin("shm");
    Window top = newest_top();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        size_t before = ledger_line(LEDGER_FRAME).current;
        int resizes = heard.resizes;
        XResizeWindow(server(), top, (unsigned)steps[i].width, (unsigned)steps[i].height);
        XSync(server(), False);
        CU_ASSERT(until(&heard.resizes, resizes + 1));
        CU_ASSERT_EQUAL(shell_pixels(shell)->width, steps[i].width);
        size_t after = ledger_line(LEDGER_FRAME).current;
        CU_ASSERT_EQUAL((after > before) - (after < before), steps[i].change);
    }
    end();
}

static void panels_are_drawn_on(void)
{
    begin("put");
    struct canvas *canvas = shell_canvas(shell, PANEL_STATUS);
    CU_ASSERT(canvas->width == 400 && canvas->height == statusline_height(canvas));
    CU_ASSERT(canvas_text_width(canvas, "abc") > 0);
    /* Two bytes of UTF-8 are one letter of the font. */
    CU_ASSERT_EQUAL(canvas_text_width(canvas, "\xc3\xa9"), canvas_text_width(canvas, "e"));
    canvas_fill(canvas, INK_BACKGROUND, (struct rect){0, 0, 400, canvas->height});
    shell_announce(shell, "frame=1 ");
    CU_ASSERT(until(&heard.acknowledged, 1));
    Window top = newest_top();
    CU_ASSERT_EQUAL(pixel_at(top, 200, 300 - canvas->height / 2), 0x102030);
    CU_ASSERT_FALSE(shell_panel_shown(shell, PANEL_MESSAGE));
    int panels = heard.panels;
    shell_place_panel(shell, PANEL_MESSAGE, (struct rect){5, 5, 100, 30});
    shell_flush(shell);
    CU_ASSERT(until(&heard.panels, panels + 1));
    CU_ASSERT(shell_panel_shown(shell, PANEL_MESSAGE));
    shell_hide_panel(shell, PANEL_MESSAGE);
    CU_ASSERT_FALSE(shell_panel_shown(shell, PANEL_MESSAGE));
    shell_show_parts(shell, 0);
    CU_ASSERT_FALSE(shell_panel_shown(shell, PANEL_STATUS));
    CU_ASSERT_EQUAL(shell_pixels(shell)->height, 300);
    end();
}

static void send_motion(Window top, unsigned state, int x)
{
    XEvent event = {.xmotion = {.type = MotionNotify, .window = top, .state = state, .x = x}};
    XSendEvent(server(), top, False, PointerMotionMask, &event);
}

/* Motion of the same buttons is merged; a change of buttons ends the run. */
static void motion_is_merged(void)
{
    begin("put");
    Window top = newest_top();
    int before = heard.inputs;
    for (int x = 0; x < 50; x++)
        send_motion(top, Button1Mask, x);
    for (int x = 50; x < 90; x++)
        send_motion(top, Button2Mask, x);
    XSync(server(), False);
    CU_ASSERT(until(&heard.inputs, before + 2));
    /* All were in the queue before the first was taken, unless the machine was slow. */
    CU_ASSERT(heard.inputs <= before + 90);
    CU_ASSERT(heard.last.kind == INPUT_MOTION && heard.last.button == 2 && heard.last.x == 89);
    end();
}

static void other_clients_are_heard(void)
{
    begin("put");
    Window top = newest_top();
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = top,
                                .message_type = XInternAtom(server(), "WM_PROTOCOLS", False),
                                .format = 32}};
    event.xclient.data.l[0] = (long)XInternAtom(server(), "WM_DELETE_WINDOW", False);
    XSendEvent(server(), top, False, NoEventMask, &event);
    XChangeProperty(server(), top, XInternAtom(server(), "_XLIGHTBOX_COMMAND", False),
                    XInternAtom(server(), "STRING", False), 8, PropModeReplace,
                    (const unsigned char *)"zoom 2", 6);
    XSync(server(), False);
    CU_ASSERT(until(&heard.closes, 1));
    for (int64_t limit = now_ms() + PATIENCE_MS; !heard.command[0] && now_ms() < limit;)
        shell_drain(shell);
    CU_ASSERT_STRING_EQUAL(heard.command, "zoom 2");
    end();
}

static void resources_come_in_their_order(void)
{
    char copies[9][48] = {"xlightbox", "--zoom", "2",     "-xrm",   "Xlightbox*background: gray40",
                          "-title",    "ward 7", "a.tif", "-iconic"};
    char *words[10] = {NULL};
    int count = 9;
    for (int i = 0; i < count; i++)
        words[i] = copies[i];
    struct resources *read = resources_new(&count, words);
    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    CU_ASSERT_EQUAL(count, 4);
    CU_ASSERT(!strcmp(words[1], "--zoom") && !strcmp(words[2], "2") && !strcmp(words[3], "a.tif"));
    CU_ASSERT_STRING_EQUAL(resources_text(read, "background", "Background"), "gray40");
    CU_ASSERT_STRING_EQUAL(resources_text(read, "title", "Title"), "ward 7");
    CU_ASSERT_STRING_EQUAL(resources_text(read, "iconic", "Iconic"), "on");
    CU_ASSERT_PTR_NULL(resources_text(read, "font", "Font"));
    CU_ASSERT_STRING_EQUAL(resources_name(read), "xlightbox");
    resources_free(read);
}

/* Under everything else, however special others are; the first file along the path alone; and the
 * file that is installed says what the program does without one. */
static void app_defaults_are_the_least(void)
{
    static const char all[] = "*font: 9x15\n*wheel: zoom\n*foreground: red\n";
    char own[600], path[1300];
    mkdir(scratch_path("own"), 0700);
    mkdir(scratch_path("all"), 0700);
    scratch_file("own/Xlightbox", "*wheel: page\n", 13);
    scratch_file("all/Xlightbox", all, sizeof all - 1);
    snprintf(own, sizeof own, "%s", scratch_path("own"));
    snprintf(path, sizeof path, "/nowhere/%%L/%%N%%S:%s/%%N:data/%%N.ad", scratch_path("all"));
    setenv("XAPPLRESDIR", own, 1);
    setenv("XFILESEARCHPATH", path, 1);
    begin("put");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "background", "Background"), "#102030");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "wheel", "Wheel"), "page");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "font", "Font"), "9x15");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "foreground", "Foreground"), "red");
    CU_ASSERT_PTR_NULL(resources_text(resources, "coveredSeconds", "CoveredSeconds"));
    end();
    unsetenv("XAPPLRESDIR");
    setenv("XFILESEARCHPATH", "data/%N.ad", 1);
    begin("put");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "font", "Font"), "fixed");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "wheel", "Wheel"), "auto");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "pageWindow", "PageWindow"), "keep");
    CU_ASSERT_STRING_EQUAL(resources_text(resources, "coveredSeconds", "CoveredSeconds"), "60");
    end();
    unsetenv("XFILESEARCHPATH");
}

static void errors_of_the_server_are_caught(void)
{
    begin("put");
    trap_begin(connection);
    XMapWindow(connection->display, 0x7fffff);
    CU_ASSERT_EQUAL(trap_end(connection), BadWindow);
    trap_begin(connection);
    CU_ASSERT_EQUAL(trap_end(connection), 0);
    struct rgb colour = {1, 2, 3};
    connection_parse_colour(connection, "#ff8000", &colour);
    CU_ASSERT(colour.red == 255 && colour.green == 128 && colour.blue == 0);
    connection_parse_colour(connection, "no such colour", &colour);
    CU_ASSERT_EQUAL(colour.green, 128);
    CU_ASSERT_EQUAL(connection_pixel(connection, colour), 0xff8000);
    end();
    struct fault fault = {0};
    CU_ASSERT_PTR_NULL(connection_open(":987", NULL, lose, NULL, &fault));
    CU_ASSERT_EQUAL(fault.kind, FAULT_DISPLAY);
    CU_ASSERT(transport_find("put") == &transport_put && transport_find("shm") == &transport_shm);
    CU_ASSERT(shell_transport_known("auto") && !shell_transport_known("pigeon"));
}

/* Depths of 15 and 16 bits are packed by their masks; 8-bit servers without TrueColor are refused
 * with a sentence. */
static void other_depths_serve_or_are_refused(void)
{
    static const char *const sixteen[] = {"-screen", "0", "640x480x16", NULL};
    static const char *const thirty[] = {"-screen", "0", "640x480x30", NULL};
    static const char *const gray[] = {"-screen", "0", "640x480x8", "-cc", "0", NULL};
    struct fault fault = {0};
    for (int i = 0; i < 2; i++) {
        CU_ASSERT_FATAL(server_other(i ? thirty : sixteen));
        connection = connection_open(NULL, NULL, lose, NULL, &fault);
        CU_ASSERT_PTR_NOT_NULL_FATAL(connection);
        CU_ASSERT(connection->depth == (i ? 30 : 16));
        connection_close(connection);
    }
    CU_ASSERT_FATAL(server_other(gray));
    connection = connection_open(NULL, NULL, lose, NULL, &fault);
    CU_ASSERT(connection || strstr(fault.text, "TrueColor"));
    connection_close(connection);
    server_usual();
}

SUITE("x11", {"atoms are not waited for", atoms_are_not_waited_for},
      {"each transport carries pixels", each_transport_carries_pixels},
      {"the buffer is made anew only when it must", the_buffer_is_made_anew_only_when_it_must},
      {"panels are drawn on", panels_are_drawn_on}, {"motion is merged", motion_is_merged},
      {"other clients are heard", other_clients_are_heard},
      {"resources come in their order", resources_come_in_their_order},
      {"application defaults are the least", app_defaults_are_the_least},
      {"errors of the server are caught", errors_of_the_server_are_caught},
      {"other depths serve or are refused", other_depths_serve_or_are_refused})
