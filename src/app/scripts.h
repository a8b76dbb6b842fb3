/* Scripts under way: from wherever commands come, until they are answered. What a command waits for
 * holds up the rest of its script and nothing else. */
#ifndef APP_SCRIPTS_H
#define APP_SCRIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/command.h"

struct session;
struct script_run;

/* Who asked, and must be answered. */
struct script_asker {
    void (*answer)(struct session *session, struct script_run *run);
    bool in_turn; /* the next of its scripts begins when the one before it was answered, which it is
                     then if it only waits for a file that it asked for */
    bool hurried; /* it does not care whether the file comes that its script asks for */
};

enum script_wait { WAIT_ON, WAIT_MET, WAIT_FAILED };

enum { SCRIPTS = 16 }; /* at once */

struct script_run {
    const struct script_asker *asker;
    unsigned long client; /* the asker's */
    int64_t number;       /* the order they came in */
    enum { RUN_FREE, RUN_BEGINS, RUN_WAITS, RUN_SETTLES, RUN_SHOWN } stage;
    bool good; /* no command has failed */
    struct script script;
    struct reply reply;
    struct fault fault;
    /* RUN_WAITS: asked in each turn whether it is over. */
    enum script_wait (*met)(struct session *session, struct script_run *run, struct fault *fault);
    int64_t until_ms; /* clock_ms; 0: no limit */
    double seconds;   /* that limit in words */
    int64_t frame;    /* the one waited for */
    void *held;       /* what that takes, and who lets go of it where the script is given up */
    void (*let_go)(struct session *session, struct script_run *run);
    int refusals; /* files and pages that could not be shown, when it began */
    char short_text[COMMAND_LENGTH];
    char *long_text; /* where that is too short; LEDGER_UI */
    size_t long_bytes;
};

struct scripts {
    struct script_run *runs[SCRIPTS]; /* LEDGER_UI; kept for the next */
    struct script_run *current;       /* whose command is being run */
    int64_t count;
};

/* Runs a script (the text is copied) as far as it goes. It is answered when it is over and the
 * state property tells of what it changed: at once, or from scripts_turn. False: there are too many
 * at once, or no memory. */
bool scripts_start(struct session *session, const char *text, const struct script_asker *asker,
                   unsigned long client, struct fault *fault);

/* Goes on with those whose waiting is over; true when there were some. */
bool scripts_turn(struct session *session);

/* All that was changed so far is in the picture that the state property tells of next; and it has
 * been written. */
void scripts_taken_up(struct session *session);
void scripts_announced(struct session *session);

/* For a command: the rest of its script waits until `met` says so, or for so many seconds (0: for
 * ever). */
struct script_run *scripts_wait(struct session *session, double seconds,
                                enum script_wait (*met)(struct session *, struct script_run *,
                                                        struct fault *));

/* Answers those that are not over, for they never will be; frees all. */
void scripts_end(struct session *session);

#endif
