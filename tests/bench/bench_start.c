/* Time from exec to the first complete picture, beside that of a bare Xlib program that maps a
 * window of the same size and is told of its exposure; in turns, in one run. Usage: bench-start
 * XLIGHTBOX FILE [OTHER COMMAND...]   ("bench-start --bare" is the bare program) */
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { ROUNDS = 15, WIDTH = 1024, HEIGHT = 768 };

/* The bare program: maps a window; when it is exposed, says so in the property that the viewer
 * uses. */
static int be_bare(void)
{
    static const char done[] = "frame=1 idle=1 ";
    Display *display = XOpenDisplay(NULL);
    XEvent event;
    if (!display)
        return 3;
    Window window =
        XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, WIDTH, HEIGHT, 0, 0, 0);
    Atom state = XInternAtom(display, "_XLIGHTBOX_STATE", False);
    XSelectInput(display, window, ExposureMask);
    XMapWindow(display, window);
    XWindowEvent(display, window, ExposureMask, &event);
    XChangeProperty(display, window, state, XA_STRING, 8, PropModeReplace,
                    (const unsigned char *)done, (int)strlen(done));
    XFlush(display);
    pause();
    return 0;
}

static bool is_final(Display *display, Window window, Atom state)
{
    Atom type;
    int format;
    unsigned long count, left;
    unsigned char *data = NULL;
    bool final = false;
    XGetWindowProperty(display, window, state, 0, 256, False, XA_STRING, &type, &format, &count,
                       &left, &data);
    if (data) {
        final = strstr((const char *)data, " idle=1 ") != NULL;
        XFree(data);
    }
    return final;
}

static int pass_error(Display *display, XErrorEvent *event)
{
    (void)display, (void)event; /* windows of ended programs */
    return 0;
}

/* Starts the words and waits for the first final picture; microseconds, or -1. */
static int64_t time_of(Display *display, Atom state, char *const *words)
{
    int64_t start = clock_us(), end = -1;
    pid_t pid = fork();
    if (pid == 0) {
        execv(words[0], words);
        _exit(127);
    }
    while (end < 0 && clock_us() - start < 20000000) {
        XEvent event;
        XNextEvent(display, &event);
        if (event.type == CreateNotify) {
            XSelectInput(display, event.xcreatewindow.window, PropertyChangeMask);
            XFlush(display);
            if (is_final(display, event.xcreatewindow.window, state))
                end = clock_us();
        } else if (event.type == PropertyNotify && event.xproperty.atom == state &&
                   is_final(display, event.xproperty.window, state)) {
            end = clock_us();
        }
    }
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    XSync(display, True);
    return end < 0 ? -1 : end - start;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double median_ms(int64_t *times)
{
    qsort(times, ROUNDS, sizeof *times, ascending);
    return (double)times[ROUNDS / 2] / 1000;
}

int main(int count, char **words)
{
    char bare_option[] = "--bare", geometry[] = "-geometry", size[] = "1024x768+0+0";
    if (count == 2 && !strcmp(words[1], bare_option))
        return be_bare();
    if (count != 3) {
        fprintf(stderr, "usage: bench-start XLIGHTBOX FILE\n");
        return 2;
    }
    Display *display = XOpenDisplay(NULL);
    if (!display)
        return 3;
    XSetErrorHandler(pass_error);
    Atom state = XInternAtom(display, "_XLIGHTBOX_STATE", False);
    XSelectInput(display, DefaultRootWindow(display), SubstructureNotifyMask);
    int64_t ours[ROUNDS], bare[ROUNDS], more[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = time_of(display, state, (char *[]){words[1], geometry, size, words[2], NULL});
        bare[i] = time_of(display, state, (char *[]){words[0], bare_option, NULL});
        more[i] = ours[i] - bare[i];
    }
    printf("from exec to the first complete picture, ms (medians of %d): xlightbox %.1f, bare Xlib "
           "window %.1f, difference %.1f\n",
           ROUNDS, median_ms(ours), median_ms(bare), median_ms(more));
    return 0;
}
