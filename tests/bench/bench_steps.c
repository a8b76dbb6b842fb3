/* Window/level steps per second in a real window, beside what the X server takes at most
 * (XShmPutImage and its completion, nothing else) and beside memcpy of as many bytes; all in one
 * run, in turns, so that a noisy machine is noisy for each. Usage: bench-steps FILE */
#include <X11/Xlib.h>
#include <X11/extensions/XShm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "app/options.h"
#include "app/session.h"
#include "base/clock.h"

enum { ROUNDS = 7, ROUND_MS = 400 };

/* ---- the viewer ---- */

static bool settle(struct session *session)
{
    struct fault fault;
    for (int64_t limit = clock_ms() + 20000; clock_ms() < limit;) {
        if (!loop_turn(&session->loop, 20, &fault))
            return false;
        if (session->announced_idle && !shell_unanswered(session->shell))
            return true;
    }
    return false;
}

static double steps_per_second(struct session *session)
{
    struct fault fault;
    struct pollfd server = {connection_fd(session->connection), POLLIN, 0};
    int64_t start = clock_us(), end = start + ROUND_MS * 1000;
    long steps = 0;
    while (clock_us() < end) {
        int64_t frame = session->frame;
        scene_use_window(&session->scene, 800 + steps * 7 % 1500, 1000 + steps * 3 % 900);
        session_tone_changed(session);
        for (;;) {
            if (!loop_turn(&session->loop, 0, &fault))
                return 0;
            if (session->frame != frame && !shell_unanswered(session->shell))
                break;
            if (!shell_queued(session->shell))
                poll(&server, 1, 1000);
        }
        steps++;
    }
    return (double)steps * 1e6 / (double)(clock_us() - start);
}

/* ---- the bare request ---- */

struct bare {
    Display *display;
    Window window;
    GC gc;
    XImage *image;
    XShmSegmentInfo segment;
    int width, height, completion;
};

static bool bare_begin(struct bare *bare, int width, int height)
{
    *bare = (struct bare){.display = XOpenDisplay(NULL), .width = width, .height = height};
    if (!bare->display || !XShmQueryExtension(bare->display))
        return false;
    int screen = DefaultScreen(bare->display);
    bare->image = XShmCreateImage(bare->display, DefaultVisual(bare->display, screen),
                                  (unsigned)DefaultDepth(bare->display, screen), ZPixmap, NULL,
                                  &bare->segment, (unsigned)width, (unsigned)height);
    size_t bytes = (size_t)bare->image->bytes_per_line * (size_t)height;
    bare->segment.shmid = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
    bare->segment.shmaddr = bare->image->data = shmat(bare->segment.shmid, NULL, 0);
    XShmAttach(bare->display, &bare->segment);
    bare->window = XCreateSimpleWindow(bare->display, DefaultRootWindow(bare->display), 0, 0,
                                       (unsigned)width, (unsigned)height, 0, 0, 0);
    XSelectInput(bare->display, bare->window, ExposureMask);
    XMapRaised(bare->display, bare->window);
    XEvent event;
    XWindowEvent(bare->display, bare->window, ExposureMask, &event);
    shmctl(bare->segment.shmid, IPC_RMID, NULL);
    bare->gc = XCreateGC(bare->display, bare->window, 0, NULL);
    bare->completion = XShmGetEventBase(bare->display) + ShmCompletion;
    memset(bare->image->data, 0x40, bytes);
    return true;
}

static double puts_per_second(struct bare *bare)
{
    int64_t start = clock_us(), end = start + ROUND_MS * 1000;
    long puts = 0;
    while (clock_us() < end) {
        XEvent event = {.type = 0};
        XShmPutImage(bare->display, bare->window, bare->gc, bare->image, 0, 0, 0, 0,
                     (unsigned)bare->width, (unsigned)bare->height, True);
        while (event.type != bare->completion)
            XNextEvent(bare->display, &event);
        puts++;
    }
    return (double)puts * 1e6 / (double)(clock_us() - start);
}

static double copies_per_second(struct bare *bare, void *copy)
{
    size_t bytes = (size_t)bare->image->bytes_per_line * (size_t)bare->height;
    int64_t start = clock_us(), end = start + ROUND_MS * 1000;
    long copies = 0;
    while (clock_us() < end) {
        memcpy(copy, bare->image->data, bytes);
        __asm__ volatile("" ::"r"(copy) : "memory");
        copies++;
    }
    return (double)copies * 1e6 / (double)(clock_us() - start);
}

/* ---- both, in turns ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, ascending);
    return values[ROUNDS / 2];
}

static void compare(struct session *session, struct bare *bare, void *copy, const char *zoom)
{
    double steps[ROUNDS], puts[ROUNDS], copies[ROUNDS], ratio[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        steps[i] = steps_per_second(session);
        puts[i] = puts_per_second(bare);
        copies[i] = copies_per_second(bare, copy);
        ratio[i] = steps[i] / puts[i];
    }
    printf("%4d x %-4d  zoom %-5s %9.0f %14.0f %9.0f %18.2f\n", bare->width, bare->height, zoom,
           median(steps), median(puts), median(copies), median(ratio));
    fflush(stdout);
}

static bool measure(char *file, const char *geometry, const char *zoom)
{
    static struct session session;
    struct options options;
    struct fault fault;
    struct bare bare;
    char copies[6][32] = {"xlightbox", "-geometry", "", "--no-status", "--zoom", ""};
    char *words[] = {copies[0], copies[1], copies[2], copies[3], copies[4], copies[5], file, NULL};
    int count = 7;
    bool good = false;
    snprintf(copies[2], sizeof copies[2], "%s+0+0", geometry);
    snprintf(copies[5], sizeof copies[5], "%s", zoom);
    struct resources *resources = resources_new(&count, words);
    if (!options_parse(&options, count, words, &fault) ||
        !session_begin(&session, &options, resources, count, words, &fault) || !settle(&session)) {
        fprintf(stderr, "bench-steps: %s\n", fault.text);
        return false;
    }
    const struct pixels *pixels = shell_pixels(session.shell);
    void *copy = malloc(pixels->stride * (size_t)pixels->height);
    if (copy && bare_begin(&bare, pixels->width, pixels->height)) {
        memset(copy, 1, pixels->stride * (size_t)pixels->height);
        compare(&session, &bare, copy, zoom);
        XCloseDisplay(bare.display);
        shmdt(bare.segment.shmaddr);
        good = true;
    }
    free(copy);
    session_end(&session);
    resources_free(resources);
    return good;
}

int main(int count, char **words)
{
    if (count != 2) {
        fprintf(stderr, "usage: bench-steps FILE\n");
        return 2;
    }
    printf("window/level steps a second (medians of %d rounds)\n", ROUNDS);
    printf("%-24s %9s %14s %9s %18s\n", "", "steps", "XShmPutImage", "memcpy", "steps / put image");
    bool good = measure(words[1], "1024x768", "1") && measure(words[1], "1024x768", "fit") &&
                measure(words[1], "1920x1080", "1") && measure(words[1], "1920x1080", "fit");
    return !good;
}
