/* A process that does something for the viewer, says what comes of it into a pipe, and ends: what
 * may take long, or hold memory for a while. Nothing waits for it. */
#ifndef APP_CHILD_H
#define APP_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/loop.h"

struct child {
    struct loop *loop;
    /* What it has said; bytes NULL: it has ended, and nothing more comes. It may be stopped, and
     * another started, from within. */
    void (*heard)(void *context, const char *bytes, size_t count);
    void *context;
    pid_t pid; /* 0: there is none */
    int fd;
};

void child_init(struct child *child, struct loop *loop,
                void (*heard)(void *context, const char *bytes, size_t count), void *context);

/* Forks, in place of what there was. In the process, which has standard streams and the pipe alone,
 * `run` is called, which need not return. */
bool child_start(struct child *child, void (*run)(void *argument, int out), void *argument,
                 struct fault *fault);

/* Ends it, whatever it is at; nothing more is heard. */
void child_stop(struct child *child);

#endif
