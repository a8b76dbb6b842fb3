/* The file selection dialog: what its box shows, and what is done with what is chosen there: a file
 * is opened, or written. Begins in the folder of the file shown, and later where it was left. */
#ifndef APP_CHOOSING_H
#define APP_CHOOSING_H

#include <limits.h>
#include <stdbool.h>

#include "folder.h"
#include "saving.h"
#include "ui/filebox.h"
#include "x11/shell.h"

struct session;

struct choosing {
    struct filebox box;
    struct folder folder;
    bool open;
    bool pastes;          /* what is to come from another program is for it */
    bool placed;          /* the folder's path is in the box */
    struct saving saving; /* what it is open for */
    /* Where it was left when it opened and when it saved; "": nowhere yet. */
    char filters[2][PATH_MAX + FOLDER_PATTERN];
};

void choosing_begin(struct session *session);
void choosing_end(struct session *session);

/* Opens the dialog, or brings it to the front: to open a file (SAVING_NOTHING), or to save one. */
void choosing_open(struct session *session, enum saving_kind kind);
void choosing_close(void *session);

/* The file whose small picture it wants to show; false: none. */
bool choosing_wants(const struct session *session, char path[PATH_MAX]);
/* There is another small picture. */
void choosing_pictured(struct session *session);

/* More of what it or the file list shows is to come. */
bool choosing_busy(const struct session *session);

/* What another program gives goes into its field; false: it did not ask for it. */
bool choosing_given(struct session *session, enum shell_gift gift, const char *text);

/* shell_events.dialog; drawing all. */
void choosing_input(void *session, const struct input *input);
void choosing_draw(struct session *session);

#endif
