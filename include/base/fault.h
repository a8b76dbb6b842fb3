/* What went wrong, in words a user can act on.
 *
 * A function that can fail takes a `struct fault *`, sets it once where the failure is known, and
 * returns false or NULL. Callers on the way up may add context (a file's name) in front. Nobody
 * below app and ui prints. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_FILE,        /* the system could not open, read or write it */
    FAULT_FORMAT,      /* not a file of a kind we know, or a broken one */
    FAULT_UNSUPPORTED, /* a sound file of a kind this version does not show */
    FAULT_MEMORY,      /* the system or the ledger's limit refused memory */
    FAULT_WORKER,      /* a decoder process crashed, hung or broke the protocol */
    FAULT_DISPLAY,     /* the X server cannot be reached or lacks something */
    FAULT_USAGE,       /* the user's words are off */
    FAULT_KINDS
};

enum { FAULT_TEXT = 400 };

struct fault {
    enum fault_kind kind;
    char text[FAULT_TEXT]; /* one sentence, no final newline; cut, never overrun */
};

/* Both return false, so that `return fault_set(...)` reads well. `fault` may be NULL: then nothing
 * is kept. fault_errno appends ": " and the words of error number `err`. The format is translated
 * here (base/language); words among the arguments are not. */
bool fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool fault_errno(struct fault *fault, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "CONTEXT: " in front of the text there is; returns false. */
bool fault_context(struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
