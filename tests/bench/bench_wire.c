/* What crosses the line to the X server, and how long it takes, through the tests' own proxy
 * (tests/support/wire): for each transport, bytes and turns of the line to the first picture, bytes
 * of a step of a window drag, of the exact frame after it and of a pan by 100 pixels; at 10 Mbit/s
 * the time to the first picture and from the last input to the final one. Beside it other viewers,
 * where they are installed: their start, and a key that changes all of the picture.
 * Usage: bench-wire XLIGHTBOX FILE */
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/installed.h"
#include "support/wire.h"

enum {
    RATE = 1250000,    /* bytes a second: 10 Mbit/s */
    STEP_MS = 60,      /* nothing for so long: a step of a drag is over ... */
    QUIET_MS = 700,    /* ... and all that follows it */
    LIMIT_MS = 150000, /* at most for anything */
    BYTES_TRIP_MS = 20,
    TURNS_TRIP_MS = 200, /* longer than what a viewer of ours does between two turns */
    DRAG_STEPS = 20,
    DRAG_MS = 10, /* between them */
    TRIPS = 3,
    STATE = 1024
};

static const int trips[TRIPS] = {20, 50, 100};

static Display *display;
static struct wire line;

struct program {
    const char *name;
    const char *words[16];
    bool ours;
    const char *key; /* of others: changes the tone, or turns the picture where they know no tone */
    bool late;       /* the first picture did not come in time */
    pid_t pid;
    Window window;
    struct wire_counts first;  /* when the first final picture was there */
    int64_t first_us, last_us; /* when it was, and the newest one */
    char state[STATE];
};

/* ---- pictures ---- */

static Window newest_window(void)
{
    Window root, parent, *children = NULL, newest = None;
    unsigned count = 0;
    XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count);
    if (count)
        newest = children[count - 1];
    XFree(children);
    return newest;
}

/* Our viewers say on the window what is shown, ... */
static bool read_state(struct program *program, char state[STATE])
{
    Atom type;
    int format;
    unsigned long items, left;
    unsigned char *data = NULL;
    program->window = newest_window();
    if (!program->window ||
        XGetWindowProperty(display, program->window,
                           XInternAtom(display, "_XLIGHTBOX_STATE", False), 0, 256, False,
                           XA_STRING, &type, &format, &items, &left, &data) ||
        !data)
        return false;
    snprintf(state, STATE, "%s", (const char *)data);
    XFree(data);
    return true;
}

/* ... and when it is final. */
static bool final_came(struct program *program)
{
    char state[STATE];
    if (!read_state(program, state))
        return false;
    bool came = strstr(state, " idle=1 ") && strcmp(state, program->state) != 0;
    memcpy(program->state, state, sizeof state);
    return came;
}

/* Of others only the line can tell, when it is quiet. */
static void note_pictures(struct program *program)
{
    struct wire_counts counts;
    bool final = program->ours && final_came(program);
    if (program->ours && !final)
        return;
    wire_count(&line, &counts);
    program->last_us = final ? clock_us() : (int64_t)counts.picture_us;
    if (program->first_us && final)
        return;
    program->first_us = program->last_us;
    program->first = counts;
}

/* ---- the line ---- */

/* Waits until nothing has crossed the line for so long; false when that does not come, or the
 * program ends. */
static bool settle(struct program *program, int quiet_ms)
{
    struct wire_counts counts;
    uint64_t seen = 0;
    int64_t began = clock_ms(), since = began;
    while (clock_ms() - began < LIMIT_MS) {
        wire_count(&line, &counts);
        note_pictures(program);
        if (counts.up + counts.down != seen)
            since = clock_ms();
        seen = counts.up + counts.down;
        if (counts.picture_us && clock_ms() - since >= quiet_ms)
            return true;
        if (waitpid(program->pid, NULL, WNOHANG) == program->pid) {
            program->pid = 0;
            return false;
        }
        poll(NULL, 0, 5);
    }
    return false;
}

static uint64_t bytes_until_quiet(struct program *program, int quiet_ms)
{
    struct wire_counts counts;
    settle(program, quiet_ms);
    wire_count(&line, &counts);
    wire_mark(&line);
    return counts.up;
}

/* ---- programs ---- */

static void run(const struct program *program)
{
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 1);
    dup2(nothing, 2);
    setenv("DISPLAY", line.display, 1);
    execvp(program->words[0], (char *const *)(uintptr_t)program->words);
    _exit(127);
}

/* Through a new line; false when it ends at once, as one that is not installed does. */
static bool begin(struct program *program, int round_trip_ms, int64_t rate)
{
    if (!wire_open(&line, DisplayString(display)))
        return false;
    wire_hide(&line,
              "MIT-SHM"); /* who tries it there would find the server on this machine after all */
    wire_line(&line, round_trip_ms, rate, rate);
    program->first_us = program->last_us = 0;
    program->state[0] = 0;
    program->pid = fork();
    if (program->pid == 0)
        run(program);
    return settle(program, QUIET_MS + 2 * round_trip_ms);
}

static void end(struct program *program)
{
    if (program->pid) {
        kill(program->pid, SIGTERM);
        waitpid(program->pid, NULL, 0);
    }
    wire_close(&line);
    XSync(display, True);
}

static void send_pointer(const struct program *program, int type, unsigned button, int x, int y)
{
    XEvent event = {.xbutton = {.type = type,
                                .window = program->window,
                                .root = DefaultRootWindow(display),
                                .x = x,
                                .y = y,
                                .time = (Time)clock_ms(),
                                .same_screen = True}};
    unsigned held = button == 1 ? Button1Mask : Button2Mask;
    event.xbutton.state = type == ButtonPress ? 0 : held;
    if (type == MotionNotify)
        event.xmotion.is_hint = NotifyNormal;
    else
        event.xbutton.button = button;
    XSendEvent(display, program->window, False, NoEventMask, &event);
    XFlush(display);
}

/* By the server's own keyboard: not everybody heeds what others send. */
static void press_key(const struct program *program)
{
    char tool[] = "xdotool", move[] = "mousemove", at[] = "300", key[] = "key";
    char *words[] = {tool, move, at, at, key, (char *)(uintptr_t)program->key, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        execvp(words[0], words);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static void ask(const struct program *program, const char *script)
{
    XChangeProperty(display, program->window, XInternAtom(display, "_XLIGHTBOX_COMMAND", False),
                    XA_STRING, 8, PropModeReplace, (const unsigned char *)script,
                    (int)strlen(script));
    XFlush(display);
}

/* ---- what is measured ---- */

/* Where the line is so fast that a decoder takes longer than a turn, words that nobody waits for
 * are answered meanwhile: a start of ours is counted on a slower one. */
static void print_turns(struct program *program)
{
    struct wire_counts first = program->first;
    if (program->ours) {
        end(program);
        begin(program, TURNS_TRIP_MS, 0);
        first = program->first;
        end(program);
        begin(program, BYTES_TRIP_MS, 0);
    }
    printf(" %6llu %6llu", (unsigned long long)first.first_turns,
           (unsigned long long)first.picture_turns);
}

static void print_bytes(struct program *program)
{
    if (!begin(program, BYTES_TRIP_MS, 0)) {
        printf("%-10s not here\n", program->name);
        end(program);
        return;
    }
    printf("%-10s %10llu", program->name, (unsigned long long)program->first.up);
    print_turns(program);
    if (program->ours) {
        wire_mark(&line);
        send_pointer(program, ButtonPress, 1, 300, 300);
        send_pointer(program, MotionNotify, 1, 310, 305);
        bytes_until_quiet(program, QUIET_MS);
        send_pointer(program, MotionNotify, 1, 330, 315);
        uint64_t step = bytes_until_quiet(program, STEP_MS);
        settle(program, QUIET_MS);
        uint64_t exact = bytes_until_quiet(program, QUIET_MS);
        send_pointer(program, ButtonRelease, 1, 330, 315);
        ask(program, "zoom 1");
        settle(program, QUIET_MS);
        send_pointer(program, ButtonPress, 2, 300, 300);
        bytes_until_quiet(program, QUIET_MS);
        send_pointer(program, MotionNotify, 2, 400, 300);
        uint64_t pan = bytes_until_quiet(program, QUIET_MS);
        printf(" %12llu %12llu %12llu", (unsigned long long)step, (unsigned long long)exact,
               (unsigned long long)pan);
    }
    if (program->key) {
        wire_mark(&line);
        press_key(program);
        printf(" %12llu", (unsigned long long)bytes_until_quiet(program, QUIET_MS));
    }
    printf("\n");
    fflush(stdout);
    end(program);
}

static double first_picture(struct program *program, int trip)
{
    int64_t began = clock_us();
    bool good = !program->late && begin(program, trip, RATE);
    program->late = !good;
    return good ? (double)(program->first_us - began) / 1e6 : -1;
}

/* One step of a drag; to the first picture that shows it, a likeness or not. */
static double seen_picture(struct program *program, int trip)
{
    char before[STATE], state[STATE];
    send_pointer(program, ButtonPress, 1, 300, 300);
    settle(program, QUIET_MS + 2 * trip);
    bool there = read_state(program, before);
    int64_t moved = clock_us();
    send_pointer(program, MotionNotify, 1, 306, 303);
    while (there && clock_us() - moved < 1000 * (int64_t)LIMIT_MS)
        if (read_state(program, state) && strcmp(state, before) != 0)
            break;
    double seconds = (double)(clock_us() - moved) / 1e6;
    send_pointer(program, ButtonRelease, 1, 306, 303);
    settle(program, QUIET_MS + 2 * trip);
    return seconds;
}

/* A drag of as many steps as a hand makes; from its last one to the picture that stays. */
static double last_picture(struct program *program, int trip)
{
    send_pointer(program, ButtonPress, 1, 300, 300);
    for (int i = 1; i <= DRAG_STEPS; i++) {
        poll(NULL, 0, DRAG_MS);
        send_pointer(program, MotionNotify, 1, 300 + 6 * i, 300 + 3 * i);
    }
    int64_t last = clock_us();
    send_pointer(program, ButtonRelease, 1, 300 + 6 * DRAG_STEPS, 300 + 3 * DRAG_STEPS);
    settle(program, QUIET_MS + 2 * trip);
    return (double)(program->last_us - last) / 1e6;
}

/* From a key to the picture that it makes. */
static double next_picture(struct program *program, int trip)
{
    press_key(program);
    int64_t pressed = clock_us();
    settle(program, QUIET_MS + 2 * trip);
    return (double)(program->last_us - pressed) / 1e6;
}

static void print_ours(struct program *program, double first, int trip)
{
    double seen = seen_picture(program, trip);
    printf(" %6.2f %6.2f %6.2f", first, seen, last_picture(program, trip));
}

static void print_times(struct program *program)
{
    printf("%-10s", program->name);
    for (int i = 0; i < TRIPS; i++) {
        double first = first_picture(program, trips[i]);
        if (first < 0)
            printf(" %20s", "-");
        else if (program->ours)
            print_ours(program, first, trips[i]);
        else if (program->key)
            printf(" %6.2f %6s %6.2f", first, "", next_picture(program, trips[i]));
        else
            printf(" %6.2f %13s", first, "");
        fflush(stdout);
        end(program);
    }
    printf("\n");
}

/* ---- who is measured ---- */

static int list_programs(struct program *programs, const char *viewer, const char *file)
{
    static const char *const names[] = {"auto", "render", "colormap", "planes", "put"};
    int count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        programs[count++] = (struct program){
            .name = names[i],
            .words = {viewer, "-geometry", "1024x768+0+0", "--transport", names[i], file,
                      strcmp(names[i], "colormap") ? NULL : "--visual=directcolor"},
            .ours = true};
    const struct program others[] = {
        {.name = "feh",
         .key = "greater",
         .words = {"feh", "--geometry", "1024x768+0+0", "--scale-down", file}},
        {.name = "display",
         .key = "slash",
         .words = {"display", "-resize", "1024x768", "-geometry", "+0+0", file}},
        {.name = "nsxiv",
         .key = "braceright",
         .words = {"nsxiv", "-g", "1024x768", "-s", "f", file}},
        {.name = "nip2", .words = {"nip2", file}},
        {.name = "ds9",
         .words = {"ds9", "-geometry", "1024x768", "-tiff", file, "-zoom", "to", "fit"}}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (installed(others[i].name))
            programs[count++] = others[i];
    return count;
}

static int pass_error(Display *unused, XErrorEvent *event)
{
    (void)unused, (void)event; /* windows of ended programs */
    return 0;
}

int main(int count, char **words)
{
    static struct program programs[16];
    if (count != 3) {
        fprintf(stderr, "usage: bench-wire XLIGHTBOX FILE\n");
        return 2;
    }
    display = XOpenDisplay(NULL);
    if (!display)
        return 3;
    XSetErrorHandler(pass_error);
    int number = list_programs(programs, words[1], words[2]);
    printf(
        "bytes to the server, 1024 x 768, and turns of the line until the picture begins and ends\n");
    printf("%-10s %10s %6s %6s %12s %12s %12s\n", "", "start", "turns", "to end", "window step",
           "exact after", "pan at 1:1");
    for (int i = 0; i < number; i++)
        print_bytes(&programs[i]);
    printf(
        "\nseconds to the first picture, from a step of a drag to what shows it, and from the last of "
        "many to the final picture (of others: from a key), 10 Mbit/s\n");
    printf("%-10s", "");
    for (int i = 0; i < TRIPS; i++)
        printf(" %17d ms", trips[i]);
    printf("\n");
    for (int i = 0; i < number; i++)
        print_times(&programs[i]);
    XCloseDisplay(display);
    return 0;
}
