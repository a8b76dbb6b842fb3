/* The files shown last, the newest first: in memory, and where the user wants so (the resource
 * recent) in a file of the user's alone, which all viewers share. Paths are absolute; those with a
 * line end in them are not kept. */
#ifndef APP_RECENT_H
#define APP_RECENT_H

#include <stdbool.h>

#include "child.h"
#include "ui/menu.h"

struct session;

enum { RECENT = 8 };

struct recent {
    char *paths[RECENT]; /* LEDGER_UI; NULL: no more */
    bool kept;           /* in the file, too */
    bool due, clearing;  /* the file is to be written, or to go */
    struct child child;  /* does so: the disk may take its time */
    char *file;          /* LEDGER_UI; NULL: there is no place for it */
};

/* `kept`: reads the file. */
void recent_begin(struct session *session, bool kept);
/* Waits a little until the file is written. */
void recent_end(struct session *session);

/* Another file is shown. */
void recent_note(struct session *session);
/* Forgets all, in the file too, whether it is kept or not. */
void recent_clear(struct session *session);
int recent_count(const struct recent *recent);

/* Its entries of the menu; menu.more. */
int recent_items(void *session, const struct command *command, struct menu_item *items, int room);

#endif
