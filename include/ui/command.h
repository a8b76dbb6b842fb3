/* The command machinery: one table names every command once; scripts of commands are parsed and run
 * here.
 *
 * The rows and their handlers are app's. Keys, menus, -e, the property, help, and the manual are
 * made from the same table.
 *
 * A script is commands with ';' or a line end between them. Words are separated by blanks; 'single'
 * quotes keep all as it is, "double" quotes and a backslash keep blanks and ';'; '#' at the start
 * of a word comments out the rest of the line. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

enum { COMMAND_WORDS = 16, COMMAND_LENGTH = 4096, REPLY_LENGTH = 20480 };

/* What a command answers: lines of text, cut, never overrun. */
struct reply {
    char text[REPLY_LENGTH];
    size_t length;
};

void reply_add(struct reply *reply, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct command {
    const char *name; /* "zoom" */
    const char
        *arguments; /* for people: "fit|fill|N|N%|in|out"; "" = none. Words in [] may be left out */
    const char *help; /* one line, no full stop */
    /* Default keys: words "KEY" or "KEY:ARGUMENT", KEY as keymap.h reads it: "f:fit z:1 plus:in".
     */
    const char *keys;
    const char *menu; /* where a menu would show it: "View", "Tone", "File", "Image", "Help" */
    int least, most;  /* how many arguments */
    bool (*run)(void *context, int count, char **words, struct reply *reply, struct fault *fault);
};

/* words[0..count-1] are the arguments. A table ends with a name of NULL. */
const struct command *command_find(const struct command *table, const char *name);

/* Runs a script up to the first command that fails; the fault then names the command and where it
 * stands (its number when there are several). */
bool command_run(const struct command *table, void *context, const char *script,
                 struct reply *reply, struct fault *fault);

#endif
