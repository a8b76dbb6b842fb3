/* A real server and viewer for tests: see harness.h. */
#include "config.h"
#include "harness.h"

#include <CUnit/CUnit.h>
#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "support/run.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"

static struct host usual, other, *current;

static struct wire wire;
static const char
    *viewers_display; /* the display that viewers are given, where it is not the server's */

bool has_render(void)
{
#ifdef HAVE_XRENDER
    return true;
#else
    return false;
#endif
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void pause_ms(int ms)
{
    poll(NULL, 0, ms);
}

/* ---- servers ---- */

void server_resources(const char *text)
{
    host_resources(server(), text);
}

static void use(struct host *host)
{
    wire_end();
    current = host;
    setenv("DISPLAY", host->name, 1);
}

static void stop_all(void)
{
    wire_end();
    host_stop(&other);
    host_stop(&usual);
}

Display *server(void)
{
    static const char *const words[] = {"-screen", "0", "1280x1024x24", NULL};
    if (!usual.pid) {
        atexit(stop_all);
        if (!host_start(&usual, "Xvfb", words)) {
            fprintf(stderr, "no Xvfb could be started (scripts/bootstrap installs it)\n");
            exit(1);
        }
        use(&usual);
    }
    return current->display;
}

bool server_of(const char *name, const char *const *arguments)
{
    server();
    server_usual(); /* which others may show themselves on */
    if (!host_start(&other, name, arguments))
        return false;
    use(&other);
    return true;
}

bool server_other(const char *const *arguments)
{
    return server_of("Xvfb", arguments);
}

void server_usual(void)
{
    server();
    host_stop(&other);
    use(&usual);
}

static struct wire *begin_line(bool local)
{
    server();
    wire_end();
    if (!wire_open(&wire, current->name)) {
        fprintf(stderr, "no port for a line could be had\n");
        exit(1);
    }
    viewers_display = local ? wire.local : wire.display;
    return &wire;
}

struct wire *wire_begin(void)
{
    return begin_line(false);
}

struct wire *wire_begin_local(void)
{
    return begin_line(true);
}

void wire_end(void)
{
    wire_close(&wire);
    viewers_display = NULL;
}

/* ---- the viewer ---- */

static Atom atom(const char *name)
{
    return XInternAtom(server(), name, False);
}

static bool read_property(Window window, const char *name, char *text, size_t room)
{
    Atom type;
    int format;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    text[0] = 0;
    if (XGetWindowProperty(server(), window, atom(name), 0, 4096, False, AnyPropertyType, &type,
                           &format, &count, &left, &data) ||
        !data)
        return false;
    snprintf(text, room, "%s", (const char *)data);
    XFree(data);
    return count > 0;
}

static pid_t owner_of(Window window)
{
    Atom type;
    int format;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    pid_t pid = 0;
    if (!XGetWindowProperty(server(), window, atom("_NET_WM_PID"), 0, 1, False, XA_CARDINAL, &type,
                            &format, &count, &left, &data) &&
        data && count == 1)
        pid = (pid_t) * (unsigned long *)data;
    if (data)
        XFree(data);
    return pid;
}

/* The viewer's top-level window, wherever a window manager has put it. */
static Window find_window(Window from, pid_t pid, int depth)
{
    Window root, parent, *children = NULL, found = None;
    unsigned count = 0;
    if (owner_of(from) == pid)
        return from;
    if (depth == 0 || !XQueryTree(server(), from, &root, &parent, &children, &count))
        return None;
    for (unsigned i = 0; i < count && !found; i++)
        found = find_window(children[i], pid, depth - 1);
    if (children)
        XFree(children);
    return found;
}

static Window find_image(Window top)
{
    Window root, parent, *children = NULL, found = None;
    unsigned count = 0;
    if (!XQueryTree(server(), top, &root, &parent, &children, &count))
        return None;
    for (unsigned i = 0; i < count && !found; i++) {
        char *name = NULL;
        if (XFetchName(server(), children[i], &name) && !strcmp(name, "image"))
            found = children[i];
        if (name)
            XFree(name);
    }
    if (children)
        XFree(children);
    return found;
}

enum { WORDS = 512 }; /* of a command line */

static void run_viewer(const char *const *words, int errors)
{
    const char *all[WORDS] = {program()};
    int count = 1;
    for (; *words && count < WORDS - 1; words++)
        all[count++] = *words;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (viewers_display)
        setenv("DISPLAY", viewers_display, 1);
    dup2(errors, 2);
    execvp(all[0], (char *const *)(uintptr_t)all);
    _exit(127);
}

const char *harness_film(void)
{
    static char path[512];
    struct tiff_recipe recipe = {.width = 1200,
                                 .height = 900,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 64,
                                 .pages = 3,
                                 .pixels_per_cm = 40,
                                 .value = tiff_value_plain};
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", scratch_path("three-pages.tif"));
        CU_ASSERT_FATAL(tiff_make(path, &recipe));
    }
    return path;
}

static bool wait_for_window(struct viewer *viewer)
{
    int64_t limit = now_ms() + PATIENCE_MS;
    while (now_ms() < limit) {
        for (int screen = 0; screen < ScreenCount(server()) && !viewer->top; screen++)
            viewer->top = find_window(RootWindow(server(), screen), viewer->pid, 3);
        viewer->image = viewer->top ? find_image(viewer->top) : None;
        if (viewer->image)
            return true;
        if (waitpid(viewer->pid, NULL, WNOHANG) == viewer->pid) {
            viewer->pid = 0;
            return false;
        }
        pause_ms(2);
    }
    return false;
}

bool viewer_begin(struct viewer *viewer, const char *const *words)
{
    int errors[2];
    server();
    memset(viewer, 0, sizeof *viewer);
    if (pipe2(errors, O_CLOEXEC))
        return false;
    fcntl(errors[0], F_SETFL, O_NONBLOCK);
    viewer->errors = errors[0];
    viewer->pid = fork();
    if (viewer->pid == 0)
        run_viewer(words, errors[1]);
    close(errors[1]);
    bool good = wait_for_window(viewer);
    if (good)
        XSelectInput(server(), viewer->top, PropertyChangeMask);
    CU_ASSERT(good);
    if (!good && viewer->pid)
        kill(viewer->pid, SIGKILL);
    return good;
}

bool viewer_start(struct viewer *viewer, const char *const *words)
{
    if (!viewer_begin(viewer, words))
        return false;
    bool good = viewer_wait(viewer, "", -1);
    CU_ASSERT(good);
    if (!good && viewer->pid)
        kill(viewer->pid, SIGKILL);
    return good;
}

static void listen_to(struct viewer *viewer)
{
    size_t used = strlen(viewer->said);
    ssize_t count = read(viewer->errors, viewer->said + used, sizeof viewer->said - 1 - used);
    viewer->said[used + (count > 0 ? (size_t)count : 0)] = 0;
}

bool viewer_hears(struct viewer *viewer, const char *text)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5)) {
        listen_to(viewer);
        if (strstr(viewer->said, text))
            return true;
    }
    printf("  waited for \"%s\", but heard: %s\n", text, viewer->said);
    return false;
}

int viewer_wait_end(struct viewer *viewer)
{
    int status = 0;
    int64_t limit = now_ms() + PATIENCE_MS;
    while (waitpid(viewer->pid, &status, WNOHANG) == 0) {
        if (now_ms() > limit) {
            CU_FAIL("the viewer does not end");
            kill(viewer->pid, SIGKILL);
        }
        pause_ms(2);
    }
    listen_to(viewer);
    close(viewer->errors);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int viewer_end(struct viewer *viewer)
{
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = viewer->top,
                                .message_type = atom("WM_PROTOCOLS"),
                                .format = 32}};
    event.xclient.data.l[0] = (long)atom("WM_DELETE_WINDOW");
    XSendEvent(server(), viewer->top, False, NoEventMask, &event);
    XSync(server(), False);
    return viewer_wait_end(viewer);
}

/* ---- its state ---- */

bool viewer_state(const struct viewer *viewer, char state[STATE_ROOM])
{
    return read_property(viewer->top, "_XLIGHTBOX_STATE", state, STATE_ROOM);
}

double state_number(const char *state, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = state; (at = strstr(at, name)); at += length)
        if ((at == state || at[-1] == ' ') && at[length] == '=')
            return strtod(at + length + 1, NULL);
    return -1e9;
}

int64_t viewer_frame(const struct viewer *viewer)
{
    char state[STATE_ROOM];
    return viewer_state(viewer, state) ? (int64_t)state_number(state, "frame") : -1;
}

bool viewer_wait(const struct viewer *viewer, const char *text, int64_t after)
{
    char state[STATE_ROOM];
    int64_t limit = now_ms() + PATIENCE_MS;
    while (now_ms() < limit) {
        if (viewer_state(viewer, state) && strstr(state, " idle=1 ") && strstr(state, text) &&
            (int64_t)state_number(state, "frame") > after)
            return true;
        struct pollfd fd = {ConnectionNumber(server()), POLLIN, 0};
        if (!XPending(server()))
            poll(&fd, 1, 100);
        while (XPending(server())) {
            XEvent event;
            XNextEvent(server(), &event);
        }
    }
    printf("  waited for \"%s\" after frame %ld, but: %s\n", text, (long)after, state);
    return false;
}

void xdotool(const char *const *words)
{
    const char *all[40] = {"xdotool"};
    struct run run;
    for (int i = 0; words[i] && i < 38; i++)
        all[i + 1] = words[i];
    run_words(&run, all);
    CU_ASSERT_EQUAL(run.status, 0);
}

void point(int x, int y)
{
    char at[2][12];
    snprintf(at[0], sizeof at[0], "%d", x);
    snprintf(at[1], sizeof at[1], "%d", y);
    XDOTOOL("mousemove", at[0], at[1]);
}

void viewer_key(const struct viewer *viewer, const char *key)
{
    struct run run;
    char window[32];
    snprintf(window, sizeof window, "%lu", viewer->top);
    RUN(&run, "xdotool", "key", "--window", window, key);
    CU_ASSERT_EQUAL(run.status, 0);
    if (run.status)
        printf("  xdotool key %s: %d, %s\n", key, run.status, run.err);
}

void viewer_send(const struct viewer *viewer, const char *script)
{
    XDeleteProperty(server(), viewer->top, atom("_XLIGHTBOX_RESULT"));
    XChangeProperty(server(), viewer->top, atom("_XLIGHTBOX_COMMAND"), XA_STRING, 8,
                    PropModeReplace, (const unsigned char *)script, (int)strlen(script));
    XSync(server(), False);
}

bool viewer_reply(const struct viewer *viewer, char *reply, size_t room)
{
    int64_t limit = now_ms() + PATIENCE_MS;
    while (now_ms() < limit) {
        Atom type = None;
        int format;
        unsigned long count, left;
        unsigned char *data = NULL;
        XGetWindowProperty(server(), viewer->top, atom("_XLIGHTBOX_RESULT"), 0, 4096, False,
                           AnyPropertyType, &type, &format, &count, &left, &data);
        if (type != None) {
            snprintf(reply, room, "%s", data ? (const char *)data : "");
            XFree(data);
            return true;
        }
        pause_ms(1);
    }
    return false;
}

bool viewer_command(const struct viewer *viewer, const char *script, char *reply, size_t room)
{
    viewer_send(viewer, script);
    return viewer_reply(viewer, reply, room);
}

bool viewer_do(const struct viewer *viewer, const char *script)
{
    char reply[256];
    int64_t frame = viewer_frame(viewer);
    bool good = viewer_command(viewer, script, reply, sizeof reply) && !reply[0] &&
                viewer_wait(viewer, "", frame);
    if (reply[0])
        printf("  %s: %s", script, reply);
    CU_ASSERT(good);
    return good;
}

/* ---- its processes ---- */

static int family(const struct viewer *viewer, pid_t pids[16])
{
    char path[64], text[512];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", viewer->pid, viewer->pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    char *at = fgets(text, sizeof text, file) ? text : NULL;
    fclose(file);
    while (at && count < 16) {
        char *end;
        long pid = strtol(at, &end, 10);
        if (end == at)
            break;
        pids[count++] = (pid_t)pid;
        at = end;
    }
    return count;
}

static bool is_opener(pid_t pid)
{
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "r");
    bool told = file && fgets(name, sizeof name, file);
    if (file)
        fclose(file);
    return told && !strcmp(name, "xlightbox-open\n");
}

int viewer_workers(const struct viewer *viewer, pid_t pids[16])
{
    int count = family(viewer, pids), kept = 0;
    for (int i = 0; i < count; i++)
        if (!is_opener(pids[i]))
            pids[kept++] = pids[i];
    return kept;
}

pid_t viewer_opener(const struct viewer *viewer)
{
    pid_t pids[16];
    for (int i = family(viewer, pids); i > 0; i--)
        if (is_opener(pids[i - 1]))
            return pids[i - 1];
    return 0;
}

/* A process's proportional share, and the part of it that is files mapped in. */
static void add_shares(pid_t pid, long *pss, long *files)
{
    char path[64], line[256];
    long share;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "Pss: %ld", &share) == 1)
            *pss += share;
        if (sscanf(line, "Pss_File: %ld", &share) == 1)
            *files += share;
    }
    if (file)
        fclose(file);
}

int shared_segments(pid_t creator, long *bytes)
{
    char line[512];
    int count = 0;
    FILE *file = fopen("/proc/sysvipc/shm", "r");
    *bytes = 0;
    while (file && fgets(line, sizeof line, file)) {
        long key, id, mode, size, pid;
        if (sscanf(line, "%ld %ld %lo %ld %ld", &key, &id, &mode, &size, &pid) != 5 ||
            pid != creator)
            continue;
        CU_ASSERT_EQUAL(mode & 0777, 0600);
        count++;
        *bytes += size;
    }
    if (file)
        fclose(file);
    return count;
}

static void family_shares(const struct viewer *viewer, long *pss, long *files)
{
    pid_t pids[16];
    int count = family(viewer, pids);
    shared_segments(viewer->pid, pss);
    *pss /= 2048; /* the half of the shared frame that the system counts as the server's */
    *files = 0;
    add_shares(viewer->pid, pss, files);
    for (int i = 0; i < count; i++)
        add_shares(pids[i], pss, files);
}

long viewer_footprint(const struct viewer *viewer)
{
    long pss, files;
    family_shares(viewer, &pss, &files);
    return pss;
}

long viewer_own_memory(const struct viewer *viewer)
{
    long pss, files;
    family_shares(viewer, &pss, &files);
    return pss - files;
}
