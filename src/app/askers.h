/* Where scripts come from, and where their answers go: keys, the options -e and -f, standard input,
 * and other clients of the X server. */
#ifndef APP_ASKERS_H
#define APP_ASKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct session;

/* What is read of standard input, and the script of -f. */
struct askers {
    char *script; /* LEDGER_UI */
    size_t script_bytes;
    char *input; /* LEDGER_UI: what was read of lines that were not run yet */
    size_t used;
    bool busy, ended; /* a line is being run; there will be no more */
};

/* Reads the script of -f, if there is one. */
bool askers_read(struct session *session, struct fault *fault);

/* The first picture is complete: begins with -e, -f and standard input. */
void askers_begin(struct session *session);
/* Runs lines of standard input that are there; true when there were some. */
bool askers_turn(struct session *session);
void askers_end(struct session *session);

void askers_key(struct session *session, const char *script);

/* Commands of another client: window 0 means the viewer's own property. */
void askers_client(struct session *session, const char *script, unsigned long window);

#endif
