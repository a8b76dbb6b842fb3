/* Giving memory back: while the window is not to be seen, and while the machine is short of it. */
#ifndef APP_RELIEF_H
#define APP_RELIEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pressure.h"

struct session;

struct relief {
    bool hidden, covered; /* the window; `covered` once that has lasted */
    bool resting;         /* no tiles, no output buffer: nothing is painted */
    bool retrying;        /* relief_retry is under way */
    struct pressure pressure;
    int64_t asked_ms; /* when the system was asked last */
    int calm;         /* answers in a row that memory is not short */
};

/* Once the window is there. */
void relief_begin(struct session *session);
void relief_end(struct session *session);

/* What the window system tells. */
void relief_hidden(struct session *session, bool hidden);
void relief_covered(struct session *session, bool covered);

/* The viewer has come to rest, and all processes hold so many bytes. */
void relief_note(struct session *session, size_t footprint);

/* There was no memory for an output buffer: gives the tiles' back and tries again. False when that
 * was done already. */
bool relief_retry(struct session *session);

#endif
