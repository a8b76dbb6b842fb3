/* What a window gives other programs through the selections: a text, and the picture that the
 * window shows, drawn anew when it is asked for, into a file without a name. One at a time, while
 * the window is at rest. */
#ifndef APP_SHARING_H
#define APP_SHARING_H

#include <stdbool.h>

#include "writing.h"
#include "x11/shell.h"

enum { SHARING_MOST = 16 };

struct sharing {
    struct sharing_wish {
        enum shell_form form;
        int ticket;
    } wishes[SHARING_MOST]; /* the first is being drawn */
    int count;
    struct writing *writing; /* NULL: it has not begun */
    int fd;                  /* what it goes into */
};

/* For shell_events: a picture is wanted. */
void sharing_asked(void *context, enum shell_form form, int ticket);

/* Once in each turn: goes on with the picture. True when one was given away. */
bool sharing_turn(struct session *session);
void sharing_end(struct session *session);

#endif
