/* Another program on the server in use, as selections and drag and drop know them (ICCCM 2, XDND
 * 5), written without the code under test. It has a window of its own. */
#ifndef WINDOW_OTHER_H
#define WINDOW_OTHER_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

struct other_data {
    char type[40];        /* the property's type, "" where the owner refused */
    unsigned char *bytes; /* malloc'd; a NUL behind them */
    size_t count;         /* in bytes; atoms and numbers have sizeof(long) each */
    int pieces;           /* 0: it came whole */
};

void other_begin(void);
void other_end(void);
Window other_window(void);

/* The owner of a selection. */
Window other_owner(const char *selection);

/* What the owner of a selection says when it is asked for a target. */
bool other_ask(const char *selection, const char *target, struct other_data *data);
/* The same of several targets at once (MULTIPLE), each into a property of its target's name: a bit
 * for each that was answered, the first the lowest; -1: the request was refused. */
int other_ask_several(const char *selection, const char *const *targets);
void other_free(struct other_data *data);
/* Asks, and goes away after the first word of a long answer. */
void other_ask_and_go(const char *selection, const char *target);

/* Owns a selection; other_serve answers with that text where that target is asked for, with
 * `pieces` a few bytes at a time. */
void other_own(const char *selection, const char *target, const char *text, bool pieces);
void other_disown(const char *selection);
/* Takes what came for it; to be called until what is waited for is there. */
void other_serve(void);

/* Drags something of these types over a window and lets it go: what the window's status and end
 * said of it (1: taken, 0: not, -1: nothing), while the text is served as above. */
struct other_drop {
    int status, finished;
    bool copies; /* the action told both times */
};
struct other_drop other_drop(Window target, const char *const *types, const char *text);

#endif
