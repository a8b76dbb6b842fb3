/* What the file selection dialog saves: the window's picture, the view or stored samples, each by
 * the command of that name. */
#ifndef APP_SAVING_H
#define APP_SAVING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct session;

enum saving_kind { SAVING_NOTHING, SAVING_SCREENSHOT, SAVING_RENDER, SAVING_EXPORT };

struct saving {
    enum saving_kind kind;  /* SAVING_NOTHING: the dialog opens files */
    char doubted[PATH_MAX]; /* is there already; named once more, it is replaced */
};

/* Of the dialog. */
const char *saving_title(enum saving_kind kind);

/* What names end with: ".png". */
const char *saving_ending(enum saving_kind kind);

/* A name for what is saved of the file shown, without a folder. */
void saving_name(const struct session *session, enum saving_kind kind, char *name, size_t room);

/* Begins to write; a message tells if that fails. False: it cannot be written there, or is there
 * already and was not named before. */
bool saving_start(struct session *session, struct saving *saving, const char *path,
                  struct fault *fault);

#endif
