/* An X server that a test program starts and ends, with a connection to it. */
#ifndef WINDOW_HOST_H
#define WINDOW_HOST_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <sys/types.h>

struct host {
    pid_t pid; /* 0: none */
    Display *display;
    char name[16]; /* ":5" */
};

/* `name` is looked for in $PATH; `more`: its further arguments, the last of which is NULL. It takes
 * a number that is free. What it says goes to the end of the file $SERVER_LOG, if there is one. */
bool host_start(struct host *host, const char *name, const char *const *more);
void host_stop(struct host *host);

/* As xrdb does. */
void host_resources(Display *display, const char *text);

#endif
