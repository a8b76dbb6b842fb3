/* The command machinery: one table names every command once; scripts of commands are parsed and run
 * here.
 *
 * The rows and their handlers are app's. Keys, menus, options, properties, standard input, help and
 * the manual are made from the same table and go through the same parser.
 *
 * A script is commands with ';' or a line end between them, of any length. Words are separated by
 * blanks; 'single' quotes keep all as it is, "double" quotes and a backslash keep blanks and ';';
 * '#' at the start of a word comments out the rest of the line. */
#ifndef UI_COMMAND_H
#define UI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* COMMAND_LENGTH: of one command, its end counted. */
enum { COMMAND_WORDS = 16, COMMAND_LENGTH = 4096, REPLY_LENGTH = 20480 };

/* What a command answers: lines of text, cut, never overrun. */
struct reply {
    char text[REPLY_LENGTH];
    size_t length;
    bool cut;   /* there was more */
    bool waits; /* for a command to set: it is not done yet, and what follows it runs later */
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
    const char *menu;  /* the menu it stands in: "File", "View", "Image", "Tone", "Tools", "Window",
                          "Help" */
    const char *items; /* its entries there, as ui/menu.h reads them; "" = none */
    int least, most;   /* how many arguments */
    bool (*run)(void *context, int count, char **words, struct reply *reply, struct fault *fault);
};

/* words[0..count-1] are the arguments. A table ends with a name of NULL. */
const struct command *command_find(const struct command *table, const char *name);

/* A script under way. The text is lent until it is over. */
struct script {
    const char *text, *at; /* the whole, and what is left */
    const char *began;     /* the last command that was read, ... */
    char name[24]; /* ... its name, cut, and what a fault is at where that is another place */
    const char *wrong;
};

enum script_end { SCRIPT_DONE, SCRIPT_FAILED, SCRIPT_WAITS };

void script_begin(struct script *script, const char *text);

/* Runs commands until the script is done, one fails, or one waits: then again when that one is
 * done. The fault of one that fails says where it stands: its column and, where the script has
 * several lines, its line, both from 1 (nothing of a single command); of a quote that is not closed
 * that is the quote's. Answers are added to `reply`; a script whose answers do not fit has
 * failed. */
enum script_end script_go_on(struct script *script, const struct command *table, void *context,
                             struct reply *reply, struct fault *fault);

/* The same place in front of the fault of a command that waited. Returns false. */
bool script_place_fault(const struct script *script, struct fault *fault);

#endif
