/* The text of the property _XLIGHTBOX_STATE, and of the command state. */
#ifndef APP_STATE_H
#define APP_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"

enum { STATE_LENGTH = 1024 };

/* frame=17 idle=1 file=NAME page=1/3 size=3072x2560 window=400 level=40 zoom=0.25 center=1536,1280
 * rotate=0 invert=0 transport=shm pending=0. NAME is the file's last path component, with blanks,
 * control characters and '%' as %XX. */
void state_text(const struct session *session, bool idle, char *text, size_t room);

/* The same and all else that there is to know, a line "NAME=VALUE" for each, or an object of JSON
 * on one line. */
void state_tell(const struct session *session, bool json, struct reply *reply);

/* The last component of a path. */
const char *file_name(const char *path);
/* Bytes of a name before its ending. */
int file_stem(const char *name);

#endif
