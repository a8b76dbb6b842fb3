/* What the files of command handlers share. Private to src/app/commands*.c, one file for each
 * subject; the table is in commands.c. */
#ifndef APP_COMMANDS_PARTS_H
#define APP_COMMANDS_PARTS_H

#include <stdbool.h>

#include "base/fault.h"
#include "commands.h"

/* Fills the fault: 'word' is not `wanted`. Returns false. */
bool command_refuse(struct fault *fault, const char *word, const char *wanted);

/* "on", "off" or, with no word, the other of the two. */
bool command_switch(int count, char **words, bool *value, struct fault *fault);

/* "next", "previous", "first", "last" or a number from 1, of `count` things of which `current`
 * (0-based) is shown; with `more`, there may be more than `count`. */
bool command_place(const char *word, int current, int count, bool more, const char *thing,
                   int *place, struct fault *fault);

/* Handlers, as struct command has them; `context` is the session. */
bool command_memory(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);

#endif
