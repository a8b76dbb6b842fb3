/* The file selection dialog and the file list, by keys alone and by mouse: app/choosing.c,
 * app/thumbs.c, app/roll.c, app/recent.c, x11/dialog.c, x11/levels.c. What it shows is compared
 * with the same box drawn in memory. */
#include "suite.h"

#include <X11/Xutil.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "effects.h"
#include "harness.h"
#include "other.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"
#include "ui/canvas_memory.h"
#include "ui/filebox.h"

/* What is where: above, in and below the folder of the films. */
static const char *const folders[] = {"..", "sub"};
static const char *const films[] = {"a1.tif", "a2.tif", "a10.tif", "bad.tif"};
static const char *const all[] = {"a1.tif", "a2.tif", "a10.tif", "bad.tif", "notes.txt"};
static const char *const inner[] = {"inner.tif"};

static char place[600];

static void make_film(const char *name, tiff_value *value)
{
    char path[700];
    struct tiff_recipe recipe = {
        .width = 300, .height = 200, .type = SAMPLE_U16, .rows_per_strip = 64, .value = value};
    snprintf(path, sizeof path, "%s/%s", place, name);
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
}

static void make_text(const char *name)
{
    char path[700];
    snprintf(path, sizeof path, "%s/%s", place, name);
    FILE *file = fopen(path, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs("plain text and nothing else\n", file);
    fclose(file);
}

static const char *film(const char *name)
{
    static char path[700];
    if (!place[0]) {
        snprintf(place, sizeof place, "%s", scratch_path("films"));
        mkdir(place, 0755);
        snprintf(path, sizeof path, "%s/sub", place);
        mkdir(path, 0755);
        make_film("a1.tif", tiff_value_plain);
        make_film("a2.tif", tiff_value_plain);
        make_film("a10.tif", tiff_value_plain);
        make_film("sub/inner.tif", tiff_value_plain);
        make_text("bad.tif");
        make_text("notes.txt");
        snprintf(path, sizeof path, "%s/fifo.tif", place);
        CU_ASSERT_FATAL(mkfifo(path, 0644) == 0);
    }
    snprintf(path, sizeof path, "%s/%s", place, name);
    return path;
}

/* None: it is not there. */
static Window wait_window(const struct viewer *viewer, bool there)
{
    Window found = there ? effect_dialog(viewer) : None;
    if (there ? !found : !effect_no_dialog(viewer))
        CU_FAIL("the dialog does not come or go");
    return found;
}

/* ---- the same box in memory ---- */

static struct filebox box;
static struct canvas_memory memory;
static struct {
    const char *const *files;
    const char *const *folders;
} names;

static const char *folder_row(const void *context, int row)
{
    (void)context;
    return names.folders[row];
}

static const char *file_row(const void *context, int row)
{
    (void)context;
    return names.files[row];
}

/* Of letters of 6 x 13, in the size that the dialog has by itself. */
static void begin_box(const char *filter, const char *const *files, int count, int row)
{
    struct fault fault;
    struct scheme scheme = scheme_from(scheme_usual[0].background, scheme_usual[0].foreground);
    int width, height;
    char text[900];
    names.files = files;
    names.folders = folders;
    CU_ASSERT_FATAL(canvas_memory_init(&memory, 1, 1, &scheme, &fault));
    filebox_size(&memory.canvas, &width, &height);
    canvas_memory_fini(&memory);
    CU_ASSERT_FATAL(canvas_memory_init(&memory, width, height, &scheme, &fault));
    filebox_init(&box, folder_row, file_row, NULL);
    box.folders.count = files == inner ? 1 : 2;
    box.files.count = count;
    box.files.row = row;
    filebox_set_filter(&box, filter);
    snprintf(text, sizeof text, "%.*s%s", (int)(strrchr(filter, '/') + 1 - filter), filter,
             row < 0 ? "" : files[row]);
    filebox_set_selection(&box, text);
    snprintf(text, sizeof text, "directories: %d, %s: %d", files != inner,
             filter[strlen(filter) - 1] == '/' ? "images" : "files", count);
    filebox_set_note(&box, text);
}

static bool same(XImage *image, bool with_picture)
{
    struct rect picture = filebox_picture(&memory.canvas);
    int width = memory.canvas.width;
    for (int y = 0; y < memory.canvas.height; y++)
        for (int x = 0; x < width; x++) {
            struct rgb c = memory.pixels[y * width + x];
            bool within = x >= picture.x && x < picture.x + picture.width && y >= picture.y &&
                          y < picture.y + picture.height;
            unsigned long wanted = (unsigned long)(c.red << 16 | c.green << 8 | c.blue);
            if ((with_picture || !within) && (XGetPixel(image, x, y) & 0xffffff) != wanted)
                return false;
        }
    return true;
}

static bool serving; /* another program has something to be pasted */
/* Until the dialog looks like the box. */
static bool wait_look(Window window, bool with_picture)
{
    bool good = false;
    filebox_draw(&box, &memory.canvas, true);
    for (int64_t limit = now_ms() + PATIENCE_MS; !good && now_ms() < limit; pause_ms(10)) {
        if (serving)
            other_serve();
        XImage *image = XGetImage(server(), window, 0, 0, (unsigned)memory.canvas.width,
                                  (unsigned)memory.canvas.height, AllPlanes, ZPixmap);
        good = image && same(image, with_picture);
        if (image)
            XDestroyImage(image);
    }
    return good;
}

static bool looks(Window window, const char *filter, const char *const *files, int count, int row)
{
    begin_box(filter, files, count, row);
    bool good = wait_look(window, false);
    canvas_memory_fini(&memory);
    return good;
}

static const char *filter_of(const char *pattern)
{
    static char text[700];
    snprintf(text, sizeof text, "%s/%s", place, pattern);
    return text;
}

/* ---- by keys alone ---- */

static bool start(struct viewer *viewer, const char *name)
{
    bool good = VIEW(viewer, "-geometry", "1024x768+0+0", film(name));
    if (good)
        XDOTOOL("mousemove", "500", "400");
    return good;
}

static void keys_open_files(void)
{
    struct viewer viewer;
    if (!start(&viewer, "a1.tif"))
        return;
    XDOTOOL("key", "ctrl+o");
    Window window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 0));
    int64_t frame = viewer_frame(&viewer);
    XDOTOOL("type", "a10");
    XDOTOOL("key", "Return");
    CU_ASSERT(viewer_wait(&viewer, "file=a10.tif ", frame));
    wait_window(&viewer, false);
    XDOTOOL("key", "ctrl+o"); /* the keyboard is the viewer's again */
    window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 2));
    XDOTOOL("key", "shift+Tab", "Down", "Down", "Return"); /* the second of the directories */
    begin_box(filter_of("sub/"), inner, 1, -1);
    box.focus = FILEBOX_FOLDERS;
    CU_ASSERT(wait_look(window, true));
    canvas_memory_fini(&memory);
    frame = viewer_frame(&viewer);
    XDOTOOL("key", "Tab", "Down", "Return");
    CU_ASSERT(viewer_wait(&viewer, "file=inner.tif ", frame));
    XDOTOOL("key", "ctrl+o");
    window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of("sub/"), inner, 1, 0)); /* where it was */
    XDOTOOL("key", "BackSpace");
    CU_ASSERT(looks(window, filter_of(""), films, 4, -1));
    XDOTOOL("key", "Tab", "Tab", "Tab", "Tab", "Tab", "ctrl+u");
    XDOTOOL("type", filter_of("*"));
    XDOTOOL("key", "Return");
    begin_box(filter_of("*"), all, 5, -1); /* no fifo */
    box.focus = FILEBOX_FILTER;
    CU_ASSERT(wait_look(window, true));
    canvas_memory_fini(&memory);
    XDOTOOL("key", "Escape");
    wait_window(&viewer, false);
    CU_ASSERT(viewer_wait(&viewer, "file=inner.tif ", -1));
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
}

/* ---- by mouse ---- */

static void click_by(Window window, struct rect r, int x, int y, const char *times,
                     const char *button)
{
    char at[2][12], id[24];
    snprintf(id, sizeof id, "%lu", window);
    snprintf(at[0], sizeof at[0], "%d", r.x + x);
    snprintf(at[1], sizeof at[1], "%d", r.y + y);
    XDOTOOL("mousemove", "--window", id, at[0], at[1], "click", "--repeat", times, "--delay", "30",
            button);
}

static void click(Window window, struct rect r, int x, int y, const char *times)
{
    click_by(window, r, x, y, times, "1");
}

static struct rect spot(enum filebox_spot which)
{
    begin_box(filter_of(""), films, 4, -1);
    struct rect r = filebox_spot(&memory.canvas, which);
    canvas_memory_fini(&memory);
    return r;
}

static void the_mouse_opens_files(void)
{
    struct viewer viewer;
    server_resources("");
    if (!start(&viewer, "a1.tif"))
        return;
    XDOTOOL("mousemove", "20", "12", "click", "1");
    CU_ASSERT(viewer_wait_panel(&viewer, true));
    XDOTOOL("mousemove", "40", "40", "click", "1"); /* its first entry */
    Window window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 0));
    int64_t frame = viewer_frame(&viewer);
    click(window, spot(FILEBOX_FILES), 20, 2 + 17 + 8, "2");
    CU_ASSERT(viewer_wait(&viewer, "file=a2.tif ", frame));
    wait_window(&viewer, false);
    viewer_send(&viewer, "open");
    window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 1));
    click(window, spot(FILEBOX_FILES), 20, 2 + 2 * 17 + 8, "1");
    CU_ASSERT(looks(window, filter_of(""), films, 4, 2));
    frame = viewer_frame(&viewer);
    click(window, spot(FILEBOX_OK), 20, 10, "1");
    CU_ASSERT(viewer_wait(&viewer, "file=a10.tif ", frame));
    viewer_send(&viewer, "open");
    window = wait_window(&viewer, true);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 2));
    click(window, spot(FILEBOX_FOLDERS), 20, 2 + 17 + 8, "2");
    begin_box(filter_of("sub/"), inner, 1, -1);
    box.focus = FILEBOX_FOLDERS;
    CU_ASSERT(wait_look(window, true));
    canvas_memory_fini(&memory);
    click(window, spot(FILEBOX_CANCEL), 20, 10, "1");
    wait_window(&viewer, false);
    viewer_end(&viewer);
    server_resources("Xlightbox*chrome: status\n");
}

/* ---- small pictures, and files that are none ---- */

/* As --render makes it. */
static bool render_small(const char *path, uint8_t *levels)
{
    struct run run;
    char out[700], size[32];
    struct pnm picture;
    snprintf(out, sizeof out, "%s", scratch_path("small.pgm"));
    snprintf(size, sizeof size, "%dx%d", FILEBOX_PICTURE, FILEBOX_PICTURE);
    RUN(&run, program(), "--render", out, "--force", "--size", size, path);
    if (run.status || !pnm_read(&picture, out))
        return false;
    for (int i = 0; i < FILEBOX_PICTURE * FILEBOX_PICTURE; i++)
        levels[i] = picture.samples[i];
    pnm_free(&picture);
    return true;
}

static void files_have_small_pictures(void)
{
    struct viewer viewer;
    static uint8_t levels[FILEBOX_PICTURE * FILEBOX_PICTURE];
    char reply[200], path[700];
    if (!start(&viewer, "a1.tif"))
        return;
    CU_ASSERT_FATAL(render_small(film("a1.tif"), levels));
    CU_ASSERT(viewer_command(&viewer, "open", reply, sizeof reply));
    Window window = wait_window(&viewer, true);
    begin_box(filter_of(""), films, 4, 0);
    filebox_set_picture(&box, levels, "");
    CU_ASSERT(wait_look(window, true));
    canvas_memory_fini(&memory);
    XDOTOOL("key", "End");
    begin_box(filter_of(""), films, 4, 3);
    filebox_set_picture(&box, NULL, "not a TIFF file (it looks like text)");
    CU_ASSERT(wait_look(window, true));
    canvas_memory_fini(&memory);
    make_film("a11.tif", tiff_value_plain);
    snprintf(path, sizeof path, "%s", film("a11.tif"));
    XDOTOOL("key", "Tab", "ctrl+u");
    XDOTOOL("type", "a11.tif"); /* of that directory */
    CU_ASSERT_EQUAL(unlink(path), 0);
    XDOTOOL("key", "Return");
    CU_ASSERT(viewer_wait_panel(&viewer, true)); /* a message: it is gone */
    CU_ASSERT(viewer_wait(&viewer, "file=a1.tif ", -1));
    viewer_end(&viewer);
}

/* ---- the file list, and the next in the directory ---- */

static bool is_pictured(const struct viewer *viewer, int x, int y, const uint8_t *levels)
{
    bool good = true;
    XImage *image = XGetImage(server(), viewer->top, x, y, FILEBOX_PICTURE, FILEBOX_PICTURE,
                              AllPlanes, ZPixmap);
    for (int i = 0; image && i < FILEBOX_PICTURE * FILEBOX_PICTURE; i++)
        good &= (XGetPixel(image, i % FILEBOX_PICTURE, i / FILEBOX_PICTURE) & 0xff) == levels[i];
    if (image)
        XDestroyImage(image);
    return image && good;
}

/* Its cells are 118 high with letters of 13, and begin 6 below the tool row (58). */
static void the_list_shows_and_opens_files(void)
{
    struct viewer viewer;
    static uint8_t levels[FILEBOX_PICTURE * FILEBOX_PICTURE];
    char reply[200];
    server_resources("");
    if (!start(&viewer, "a1.tif"))
        return;
    CU_ASSERT_FATAL(render_small(film("a1.tif"), levels));
    int64_t frame = viewer_frame(&viewer);
    XDOTOOL("key", "F4");
    CU_ASSERT(viewer_wait(&viewer, "", frame));
    CU_ASSERT(viewer_command(&viewer, "wait idle", reply, sizeof reply));
    CU_ASSERT(is_pictured(&viewer, 6 + 3, 58 + 6 + 3, levels));
    frame = viewer_frame(&viewer);
    XDOTOOL("mousemove", "60", "330", "click", "1"); /* the third */
    CU_ASSERT(viewer_wait(&viewer, "file=a10.tif ", frame));
    frame = viewer_frame(&viewer);
    XDOTOOL("key", "F6", "F6", "Up", "Return");
    CU_ASSERT(viewer_wait(&viewer, "file=a2.tif ", frame));
    XDOTOOL("key", "Escape");
    frame = viewer_frame(&viewer);
    XDOTOOL("key", "bracketright");
    CU_ASSERT(viewer_wait(&viewer, "file=a10.tif ", frame));
    CU_ASSERT(viewer_command(&viewer, "folder first; wait idle; folder +1", reply, sizeof reply));
    CU_ASSERT(viewer_wait(&viewer, "file=a2.tif ", -1));
    CU_ASSERT(viewer_command(&viewer, "folder -2", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "there is no further file"));
    CU_ASSERT(viewer_command(&viewer, "folder last", reply, sizeof reply)); /* bad.tif */
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "not a TIFF"));
    CU_ASSERT(viewer_wait(&viewer, "file=a2.tif ", -1));
    viewer_end(&viewer);
    server_resources("Xlightbox*chrome: status\n");
}

/* Those of the command line, where it names several. */
static void the_list_has_the_files_given(void)
{
    struct viewer viewer;
    char paths[2][700];
    snprintf(paths[0], sizeof paths[0], "%s", film("a10.tif"));
    snprintf(paths[1], sizeof paths[1], "%s", film("sub/inner.tif"));
    server_resources("");
    if (VIEW(&viewer, "-geometry", "1024x768+0+0", paths[0], paths[1])) {
        CU_ASSERT(viewer_do(&viewer, "chrome files on"));
        int64_t frame = viewer_frame(&viewer);
        XDOTOOL("mousemove", "60", "220", "click", "1");
        CU_ASSERT(viewer_wait(&viewer, "file=inner.tif ", frame));
        viewer_end(&viewer);
    }
    server_resources("Xlightbox*chrome: status\n");
}

/* ---- the files shown last ---- */

static bool read_text(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "r");
    text[0] = 0;
    if (!file)
        return false;
    text[fread(text, 1, room - 1, file)] = 0;
    fclose(file);
    return true;
}

static void files_shown_last_are_kept(void)
{
    struct viewer viewer;
    struct stat status;
    char state[600], file[700], text[2000], wanted[2000], reply[2000], paths[2][700];
    snprintf(paths[0], sizeof paths[0], "%s", film("a1.tif"));
    snprintf(paths[1], sizeof paths[1], "%s", film("a2.tif"));
    snprintf(state, sizeof state, "%s", scratch_path("state"));
    snprintf(file, sizeof file, "%s/xlightbox/recent", state);
    setenv("XDG_STATE_HOME", state, 1);
    server_resources("Xlightbox*recent: on\n");
    if (start(&viewer, "a1.tif")) {
        CU_ASSERT(viewer_command(&viewer, "open /nowhere/at/all.tif", reply, sizeof reply));
        CU_ASSERT(viewer_do(&viewer, "folder next"));
        viewer_end(&viewer);
    }
    snprintf(wanted, sizeof wanted, "%s\n%s\n", paths[1], paths[0]);
    CU_ASSERT(read_text(file, text, sizeof text));
    CU_ASSERT_STRING_EQUAL(text, wanted);
    CU_ASSERT(stat(file, &status) == 0 && (status.st_mode & 0777) == 0600);
    if (start(&viewer, "a10.tif")) {
        int64_t frame = viewer_frame(&viewer);
        XDOTOOL("key", "alt+f", "3"); /* the third from the front */
        CU_ASSERT(viewer_wait(&viewer, "file=a1.tif ", frame));
        snprintf(wanted, sizeof wanted, "%s\n%s\n%s\n", paths[0], film("a10.tif"), paths[1]);
        CU_ASSERT(viewer_command(&viewer, "recent", reply, sizeof reply));
        CU_ASSERT_STRING_EQUAL(reply, wanted);
        CU_ASSERT(viewer_command(&viewer, "recent clear; recent", reply, sizeof reply));
        CU_ASSERT_STRING_EQUAL(reply, "");
        viewer_end(&viewer);
    }
    CU_ASSERT(stat(file, &status) != 0);
    server_resources(""); /* by itself nothing is written */
    if (start(&viewer, "a1.tif")) {
        CU_ASSERT(viewer_do(&viewer, "folder next"));
        CU_ASSERT(viewer_command(&viewer, "recent", reply, sizeof reply));
        CU_ASSERT_PTR_NOT_NULL(strstr(reply, paths[0]));
        viewer_end(&viewer);
    }
    CU_ASSERT(stat(file, &status) != 0);
    unsetenv("XDG_STATE_HOME");
    server_resources("Xlightbox*chrome: status\n");
}

/* ---- manners ---- */

static unsigned long first_atom(Window window, const char *name)
{
    Atom type;
    int format;
    unsigned long count = 0, left, value = 0;
    unsigned char *data = NULL;
    XGetWindowProperty(server(), window, XInternAtom(server(), name, False), 0, 1, False,
                       AnyPropertyType, &type, &format, &count, &left, &data);
    if (data && count)
        value = *(unsigned long *)(void *)data;
    if (data)
        XFree(data);
    return value;
}

static void close_window(Window window)
{
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = window,
                                .message_type = XInternAtom(server(), "WM_PROTOCOLS", False),
                                .format = 32}};
    event.xclient.data.l[0] = (long)XInternAtom(server(), "WM_DELETE_WINDOW", False);
    XSendEvent(server(), window, False, NoEventMask, &event);
    XSync(server(), False);
}

static void check_class(Window window)
{
    struct run run;
    char id[24];
    snprintf(id, sizeof id, "%lu", window);
    RUN(&run, "xprop", "-id", id, "WM_CLASS", "WM_CLIENT_MACHINE");
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "WM_CLASS(STRING) = \"desk\", \"Xlightbox\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "WM_CLIENT_MACHINE(STRING) = "));
}

static bool waits_for_text(const char *text)
{
    bool good = false;
    struct other_data data;
    for (int64_t limit = now_ms() + PATIENCE_MS; !good && now_ms() < limit; other_free(&data))
        good = other_ask("CLIPBOARD", "UTF8_STRING", &data) && data.bytes &&
               !strcmp((char *)data.bytes, text);
    return good;
}

/* By keys from CLIPBOARD into the selection, by the middle button from PRIMARY into the filter;
 * back again. */
static void check_texts(Window window)
{
    struct rect r = spot(FILEBOX_FILTER);
    other_begin();
    serving = true;
    begin_box(filter_of(""), films, 4, 0);
    box.focus = FILEBOX_SELECTION;
    filebox_set_selection(&box, "/x/a2.tif");
    other_own("CLIPBOARD", "UTF8_STRING", "/x/a2.tif\nmore", false);
    XDOTOOL("key", "Tab", "ctrl+u", "ctrl+v");
    CU_ASSERT(wait_look(window, false));
    XDOTOOL("key", "ctrl+c");
    CU_ASSERT(waits_for_text("/x/a2.tif"));
    box.focus = FILEBOX_FILTER;
    filebox_set_filter(&box, "");
    other_own("PRIMARY", "STRING", filter_of(""), false);
    XDOTOOL("key", "shift+Tab", "shift+Tab", "shift+Tab", "ctrl+u");
    CU_ASSERT(wait_look(window, false));
    filebox_set_filter(&box, filter_of(""));
    click_by(window, r, 40, 10, "1", "2");
    CU_ASSERT(wait_look(window, false));
    canvas_memory_fini(&memory);
    serving = false;
    other_end();
}

static void it_has_a_dialogs_manners(void)
{
    struct viewer viewer;
    if (!VIEW(&viewer, "-geometry", "1024x768+0+0", "-name", "desk", film("a1.tif")))
        return;
    XDOTOOL("mousemove", "500", "400");
    viewer_send(&viewer, "open");
    Window window = wait_window(&viewer, true);
    CU_ASSERT_EQUAL(first_atom(window, "_NET_WM_WINDOW_TYPE"),
                    XInternAtom(server(), "_NET_WM_WINDOW_TYPE_DIALOG", False));
    CU_ASSERT_EQUAL(first_atom(window, "_NET_WM_PID"), (unsigned long)viewer.pid);
    check_class(window);
    CU_ASSERT(looks(window, filter_of(""), films, 4, 0));
    check_texts(window);
    XResizeWindow(server(), window, 320, 240);
    XSync(server(), False);
    viewer_send(&viewer, "open"); /* the same one again */
    CU_ASSERT_EQUAL(wait_window(&viewer, true), window);
    close_window(window);
    wait_window(&viewer, false);
    CU_ASSERT(viewer_wait(&viewer, "file=a1.tif ", -1));
    viewer_send(&viewer, "open");
    wait_window(&viewer, true);
    CU_ASSERT_EQUAL(viewer_end(&viewer), 0); /* with the dialog open */
}

static void try_manager(const char *name)
{
    struct viewer viewer;
    pid_t pid = manager_start(name);
    if (!pid)
        return;
    if (VIEW(&viewer, film("a1.tif"))) {
        viewer_send(&viewer, "open");
        Window window = wait_window(&viewer, true);
        CU_ASSERT(looks(window, filter_of(""), films, 4, 0));
        click(window, spot(FILEBOX_FILES), 20, 2 + 17 + 8, "1");
        int64_t frame = viewer_frame(&viewer);
        XDOTOOL("key", "Down", "Return");
        CU_ASSERT(viewer_wait(&viewer, "file=a10.tif ", frame));
        wait_window(&viewer, false);
        viewer_end(&viewer);
    }
    manager_stop(pid);
}

static void managers_give_it_the_keyboard(void)
{
    try_manager("openbox");
    try_manager("mwm");
}

/* ---- what it costs ---- */

static void it_costs_little(void)
{
    struct viewer viewer;
    struct wire *line = wire_begin();
    struct wire_counts before, after;
    if (VIEW(&viewer, "-geometry", "1024x768+0+0", "--transport", "put", film("a1.tif"))) {
        char reply[200];
        viewer_command(&viewer, "wait idle", reply, sizeof reply);
        wire_count(line, &before);
        viewer_send(&viewer, "open");
        Window window = wait_window(&viewer, true);
        CU_ASSERT(looks(window, filter_of(""), films, 4, 0));
        viewer_command(&viewer, "wait idle", reply, sizeof reply);
        wire_count(line, &after);
        CU_ASSERT(after.up - before.up < 30000);
        printf("  the dialog: %.0f bytes\n", (double)(after.up - before.up));
        viewer_end(&viewer);
    }
    wire_end();
}

SUITE("choosing", {"keys open files", keys_open_files},
      {"the mouse opens files", the_mouse_opens_files},
      {"files have small pictures", files_have_small_pictures},
      {"the list shows and opens files", the_list_shows_and_opens_files},
      {"the list has the files given", the_list_has_the_files_given},
      {"files shown last are kept", files_shown_last_are_kept},
      {"it has a dialog's manners", it_has_a_dialogs_manners},
      {"managers give it the keyboard", managers_give_it_the_keyboard},
      {"it costs little", it_costs_little})
