/* The window's manners: what ICCCM, EWMH and scripts ask of it; bad files in a session; signals; a
 * server that goes away. Guards app/session.c, app/state.c, app/signals.c, app/report.c,
 * app/commands_memory.c and app/restart.c. */
#include "suite.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tiffio.h>
#include <unistd.h>

#include "harness.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static const char *film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 600,
                                 .height = 500,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("a film.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

static const char *other_film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 3000,
                                 .height = 2000,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 16,
                                 .compression = COMPRESSION_ADOBE_DEFLATE,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("other.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

static void xprop(const struct viewer *viewer, struct run *run)
{
    char window[32];
    snprintf(window, sizeof window, "%lu", viewer->top);
    RUN(run, "xprop", "-id", window);
}

static void properties_are_as_documented(void)
{
    static const char *const said[] = {
        "WM_CLASS(STRING) = \"xlightbox\", \"Xlightbox\"",
        "WM_NAME(STRING) = \"a film.tif [1/1] - xlightbox\"",
        "_NET_WM_NAME(UTF8_STRING) = \"a film.tif [1/1] - xlightbox\"",
        "WM_DELETE_WINDOW",
        "WM_TAKE_FOCUS",
        "WM_SAVE_YOURSELF",
        "Client accepts input or input focus: True",
        "_NET_WM_PING",
        "WM_CLIENT_MACHINE(STRING)",
        "_NET_WM_PID(CARDINAL)",
        "_NET_WM_ICON(CARDINAL)",
        "_XLIGHTBOX_STATE(STRING)",
        "program specified minimum size"};
    struct viewer viewer;
    struct run run;
    if (!VIEW(&viewer, film()))
        return;
    xprop(&viewer, &run);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        CU_ASSERT_PTR_NOT_NULL(strstr(run.out, said[i]));
        if (!strstr(run.out, said[i]))
            printf("  lacks %s\n", said[i]);
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    CU_ASSERT_STRING_EQUAL(viewer.said, ""); /* nothing is said where all is well */
}

static void the_state_is_as_documented(void)
{
    static const char pattern[] =
        "^frame=[0-9]+ idle=1 file=a%20film\\.tif page=1/1 size=600x500 window=[0-9.]+ "
        "level=[0-9.]+ zoom=[0-9.]+ center=300,250 rotate=0 invert=0 transport=(shm|put) "
        "pending=0$";
    struct viewer viewer;
    char state[STATE_ROOM];
    regex_t expression;
    if (!VIEW(&viewer, film()))
        return;
    CU_ASSERT_FATAL(!regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB));
    CU_ASSERT(viewer_state(&viewer, state));
    CU_ASSERT_EQUAL(regexec(&expression, state, 0, NULL, 0), 0);
    regfree(&expression);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void send_protocol(const struct viewer *viewer, const char *name, long time)
{
    Display *display = server();
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = viewer->top,
                                .message_type = XInternAtom(display, "WM_PROTOCOLS", False),
                                .format = 32}};
    event.xclient.data.l[0] = (long)XInternAtom(display, name, False);
    event.xclient.data.l[1] = time;
    XSendEvent(display, viewer->top, False, NoEventMask, &event);
    XSync(display, False);
}

static void the_ping_is_answered(void)
{
    struct viewer viewer;
    XEvent event;
    if (!VIEW(&viewer, film()))
        return;
    Display *display = server();
    Window root = DefaultRootWindow(display);
    Atom ping = XInternAtom(display, "_NET_WM_PING", False);
    XSelectInput(display, root, SubstructureNotifyMask);
    send_protocol(&viewer, "_NET_WM_PING", 4711);
    bool answered = false;
    for (int64_t limit = now_ms() + PATIENCE_MS; !answered && now_ms() < limit;) {
        if (!XPending(display)) {
            pause_ms(2);
            continue;
        }
        XNextEvent(display, &event);
        answered = event.type == ClientMessage && event.xclient.window == root &&
                   event.xclient.data.l[0] == (long)ping && event.xclient.data.l[1] == 4711;
    }
    XSelectInput(display, root, NoEventMask);
    CU_ASSERT(answered);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void the_focus_is_taken(void)
{
    struct viewer viewer;
    Window focus = None;
    int revert;
    if (!VIEW(&viewer, film()))
        return;
    XSetInputFocus(server(), None, RevertToNone, CurrentTime);
    send_protocol(&viewer, "WM_TAKE_FOCUS", CurrentTime);
    for (int64_t limit = now_ms() + PATIENCE_MS; focus != viewer.top && now_ms() < limit;) {
        XGetInputFocus(server(), &focus, &revert);
        pause_ms(2);
    }
    CU_ASSERT_EQUAL(focus, viewer.top);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* The words of WM_COMMAND are run as a session manager runs them. */
static void the_session_is_saved(void)
{
    static const char *const told[] = {"file=other.tif", "window=400 ", "level=300 ", "zoom=1.5 ",
                                       "center=900,700 "};
    struct viewer viewer, again;
    char **words = NULL, state[STATE_ROOM];
    const char *all[32] = {NULL};
    int count = 0;
    char *title = NULL;
    if (!VIEW(&viewer, "--window", "99", "-geometry", "640x480", "-e", "zoom 3", film(),
              other_film(), "--title", "ward 7"))
        return;
    CU_ASSERT(viewer_do(&viewer, "file 2; wait file; window 400 300; zoom 1.5; center 900 700"));
    CU_ASSERT(viewer_wait(&viewer, "center=900,700 ", -1));
    Atom command = XInternAtom(server(), "WM_COMMAND", False);
    XSelectInput(server(), viewer.top, PropertyChangeMask);
    send_protocol(&viewer, "WM_SAVE_YOURSELF", CurrentTime);
    bool written = false;
    for (int64_t limit = now_ms() + PATIENCE_MS; !written && now_ms() < limit; pause_ms(2))
        while (!written && XPending(server())) {
            XEvent event;
            XNextEvent(server(), &event);
            written = event.type == PropertyNotify && event.xproperty.atom == command;
        }
    CU_ASSERT(written);
    CU_ASSERT(XGetCommand(server(), viewer.top, &words, &count));
    for (int i = 1; i < count && i < 31; i++)
        all[i - 1] = words[i];
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    if (viewer_start(&again, all)) {
        CU_ASSERT(viewer_wait(&again, "center=900,700 ", -1));
        CU_ASSERT(viewer_state(&again, state));
        for (size_t i = 0; i < sizeof told / sizeof *told; i++)
            CU_ASSERT_PTR_NOT_NULL(strstr(state, told[i]));
        XFetchName(server(), again.top, &title);
        CU_ASSERT_STRING_EQUAL(title, "ward 7");
        XFree(title);
        CU_ASSERT_EQUAL(viewer_end(&again), 0);
    }
    XFreeStringList(words);
}

static void geometry_is_kept_without_a_window_manager(void)
{
    struct viewer viewer;
    XWindowAttributes a;
    if (VIEW(&viewer, "-geometry", "500x400+123+45", film())) {
        XGetWindowAttributes(server(), viewer.top, &a);
        CU_ASSERT(a.x == 123 && a.y == 45 && a.width == 500 && a.height == 400);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    if (VIEW(&viewer, "-geometry", "500x400-20-30", film())) {
        XGetWindowAttributes(server(), viewer.top, &a);
        CU_ASSERT(a.x == 1280 - 500 - 20 && a.y == 1024 - 400 - 30);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
}

static void toolkit_options_and_resources_work(void)
{
    struct viewer viewer;
    struct run run;
    XWindowAttributes a;
    if (!VIEW(&viewer, "-name", "desk", "-title", "ward 7", "-xrm", "desk.geometry: 333x222+0+0",
              "-fn", "6x13", "-bg", "#334455", "-fg", "white", film()))
        return;
    xprop(&viewer, &run);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "WM_CLASS(STRING) = \"desk\", \"Xlightbox\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "WM_NAME(STRING) = \"ward 7\""));
    XGetWindowAttributes(server(), viewer.top, &a);
    CU_ASSERT(a.width == 333 && a.height == 222);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* A window manager that is still framing the window may pass a resize over: it is asked again. */
static bool resize_under_manager(const struct viewer *viewer, int width, int height)
{
    int now = 0, unused;
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(20)) {
        if (viewer_image_size(viewer, &now, &unused) && now == width)
            return viewer_wait(viewer, "", 1);
        XResizeWindow(server(), viewer->top, (unsigned)width, (unsigned)height);
        XSync(server(), False);
    }
    return false;
}

static void window_managers_are_lived_with(void)
{
    static const char *const managers[] = {"mwm", "openbox", "twm"};
    for (size_t i = 0; i < sizeof managers / sizeof *managers; i++) {
        struct viewer viewer;
        pid_t pid = manager_start(managers[i]);
        if (!pid)
            continue;
        if (VIEW(&viewer, "-geometry", "640x480", film())) {
            CU_ASSERT(resize_under_manager(&viewer, 700, 500));
            CU_ASSERT(viewer_do(&viewer, "zoom 2"));
            XIconifyWindow(server(), viewer.top, 0);
            XMapWindow(server(), viewer.top);
            CU_ASSERT(viewer_do(&viewer, "zoom 1"));
            CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
        }
        manager_stop(pid);
    }
}

static void a_bad_file_is_passed_over_and_told_of(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "/nonexistent.tif", scratch(), film()))
        return;
    CU_ASSERT(viewer_wait(&viewer, "file=a%20film.tif", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

static void only_bad_files_end_with_1(void)
{
    struct run run;
    server();
    CU_ASSERT_EQUAL(mkdir(scratch_path("no-images"), 0700), 0);
    RUN(&run, program(), "/nonexistent.tif", scratch_path("no-images"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/nonexistent.tif: No such file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/no-images: has no images in it"));
    FILE *text = fopen(scratch_path("note.tif"), "w");
    fputs("not a film\n", text);
    fclose(text);
    RUN(&run, program(), scratch_path("note.tif"));
    CU_ASSERT_EQUAL(run.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "not a TIFF file"));
}

/* A file that turns out to be none when it is stepped to: told of, and what was shown before comes
 * back. */
static void stepping_to_a_bad_file_comes_back(void)
{
    struct viewer viewer;
    char reply[512];
    FILE *text = fopen(scratch_path("last.tif"), "w");
    fputs("not a film either\n", text);
    fclose(text);
    if (!VIEW(&viewer, film(), "/nonexistent.tif", scratch_path("last.tif")))
        return;
    int64_t frame = viewer_frame(&viewer);
    CU_ASSERT(viewer_command(&viewer, "file next", reply, sizeof reply));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(viewer_wait(&viewer, "file=a%20film.tif", frame));
    CU_ASSERT(viewer_do(&viewer, "zoom 2"));
    CU_ASSERT(viewer_command(&viewer, "file 2", reply, sizeof reply));
    CU_ASSERT(viewer_hears(&viewer, "/nonexistent.tif: No such file"));
    CU_ASSERT(viewer_do(&viewer, "zoom 1"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
}

/* The state that can be read when the answer is there never calls the old picture final. */
static void answers_come_after_the_state(void)
{
    struct viewer viewer;
    char reply[512], state[STATE_ROOM];
    if (!VIEW(&viewer, film(), other_film()))
        return;
    for (int i = 0; i < 10; i++) {
        const char *name = i % 2 ? "file=a%20film.tif" : "file=other.tif";
        CU_ASSERT(
            viewer_command(&viewer, i % 2 ? "file previous" : "file next", reply, sizeof reply));
        CU_ASSERT(viewer_state(&viewer, state));
        CU_ASSERT(strstr(state, " idle=0 ") || strstr(state, name));
        CU_ASSERT(viewer_wait(&viewer, name, -1));
        CU_ASSERT(viewer_command(&viewer, i % 2 ? "window 300 200" : "window 400 300", reply,
                                 sizeof reply));
        CU_ASSERT(viewer_state(&viewer, state));
        CU_ASSERT_PTR_NOT_NULL(strstr(state, i % 2 ? "window=300 " : "window=400 "));
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* Nobody has floating-point numbers of 8 bits. */
static void write_page(TIFF *tiff, int format)
{
    static const uint8_t row[64];
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 64);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 48);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, format);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 48);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    for (uint32_t y = 0; y < 48; y++)
        TIFFWriteScanline(tiff, (void *)(uintptr_t)row, y, 0);
    TIFFWriteDirectory(tiff);
}

/* A page that cannot be shown is told of and passed over, forwards and backwards. */
static void pages_that_cannot_be_shown_are_passed_over(void)
{
    struct viewer viewer;
    const char *path = scratch_path("mixed.tif");
    char reply[512];
    TIFF *tiff = TIFFOpen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tiff);
    write_page(tiff, SAMPLEFORMAT_UINT);
    write_page(tiff, SAMPLEFORMAT_IEEEFP);
    write_page(tiff, SAMPLEFORMAT_UINT);
    TIFFClose(tiff);
    if (!VIEW(&viewer, path))
        return;
    CU_ASSERT(viewer_command(&viewer, "page next", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=3/3", -1));
    CU_ASSERT(viewer_command(&viewer, "page previous", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=1/3", -1));
    CU_ASSERT(viewer_command(&viewer, "page 2", reply, sizeof reply));
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    CU_ASSERT(viewer_wait(&viewer, "page=1/3", -1));
    CU_ASSERT(viewer_command(&viewer, "page next", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "page=3/3", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 1);
    int told = 0;
    for (const char *at = viewer.said; (at = strstr(at, "mixed.tif")); at++)
        told++;
    CU_ASSERT_EQUAL(told, 4); /* each time that it was tried */
}

static void a_final_picture_is_announced_once(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "800x600", other_film()))
        return;
    for (int i = 0; i < 6; i++) {
        CU_ASSERT(viewer_do(&viewer, i % 2 ? "zoom 0.3" : "zoom 1"));
        int64_t frame = viewer_frame(&viewer);
        pause_ms(60); /* longer than frames follow each other while tiles come */
        CU_ASSERT_EQUAL(viewer_frame(&viewer), frame);
    }
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void a_destroyed_window_ends_it(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, film()))
        return;
    XDestroyWindow(server(), viewer.top);
    XSync(server(), False);
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
}

static void sigusr1_prints_the_ledger(void)
{
    struct viewer viewer;
    char said[8192] = "";
    size_t used = 0;
    if (!VIEW(&viewer, film()))
        return;
    kill(viewer.pid, SIGUSR1);
    for (int64_t limit = now_ms() + PATIENCE_MS; !strstr(said, "sum ") && now_ms() < limit;) {
        ssize_t count = read(viewer.errors, said + used, sizeof said - 1 - used);
        used += count > 0 ? (size_t)count : 0;
        said[used] = 0;
        pause_ms(2);
    }
    CU_ASSERT(strstr(said, "tiles") && strstr(said, "decoder"));
    CU_ASSERT(viewer_do(&viewer, "zoom 2"));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

static void signals_end_it_and_its_decoders(void)
{
    struct viewer viewer;
    pid_t workers[16];
    if (!VIEW(&viewer, film()))
        return;
    int count = viewer_workers(&viewer, workers);
    CU_ASSERT_EQUAL(count, 2);
    kill(viewer.pid, SIGTERM);
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 0);
    for (int i = 0; i < count; i++) {
        int64_t limit = now_ms() + PATIENCE_MS;
        while (kill(workers[i], 0) == 0 && now_ms() < limit)
            pause_ms(2);
        CU_ASSERT_NOT_EQUAL(kill(workers[i], 0), 0);
    }
}

/* Shared-memory segments outlive processes unless they are marked for removal at once. */
static void a_killed_viewer_leaves_nothing_behind(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "--transport", "shm", film()))
        return;
    pid_t pid = viewer.pid;
    long bytes;
    CU_ASSERT(shared_segments(pid, &bytes) > 0);
    kill(pid, SIGKILL);
    CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 128 + SIGKILL);
    for (int64_t limit = now_ms() + PATIENCE_MS;
         shared_segments(pid, &bytes) > 0 && now_ms() < limit;)
        pause_ms(5);
    CU_ASSERT_EQUAL(shared_segments(pid, &bytes), 0);
}

static void a_server_that_goes_away_is_status_3(void)
{
    static const char *const screen[] = {"-screen", "0", "800x600x24", NULL};
    struct viewer viewer;
    CU_ASSERT_FATAL(server_other(screen));
    bool started = VIEW(&viewer, film());
    server_usual(); /* ends the other one under the viewer */
    if (started)
        CU_ASSERT_EQUAL(viewer_wait_end(&viewer), 3);
}

SUITE("manners", {"properties", properties_are_as_documented},
      {"the state property", the_state_is_as_documented}, {"_NET_WM_PING", the_ping_is_answered},
      {"WM_TAKE_FOCUS", the_focus_is_taken}, {"WM_SAVE_YOURSELF", the_session_is_saved},
      {"-geometry", geometry_is_kept_without_a_window_manager},
      {"toolkit options and resources", toolkit_options_and_resources_work},
      {"mwm, openbox and twm", window_managers_are_lived_with},
      {"a bad file is passed over", a_bad_file_is_passed_over_and_told_of},
      {"only bad files end with 1", only_bad_files_end_with_1},
      {"stepping to a bad file comes back", stepping_to_a_bad_file_comes_back},
      {"answers come after the state", answers_come_after_the_state},
      {"pages that cannot be shown", pages_that_cannot_be_shown_are_passed_over},
      {"a final picture is announced once", a_final_picture_is_announced_once},
      {"a destroyed window ends it", a_destroyed_window_ends_it},
      {"SIGUSR1 prints the ledger", sigusr1_prints_the_ledger},
      {"signals end it and its decoders", signals_end_it_and_its_decoders},
      {"a killed viewer leaves nothing", a_killed_viewer_leaves_nothing_behind},
      {"a server that goes away", a_server_that_goes_away_is_status_3})
