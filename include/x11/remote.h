/* A viewer that is open, seen from another program: finding it, and having it run commands. Its
 * window has the property _XLIGHTBOX_PROTOCOL, 1.
 *
 * The commands are put on a window of the asking client's own, in _XLIGHTBOX_COMMAND, and the
 * viewer is sent a message of that name with the window's number. It answers on the same window, in
 * _XLIGHTBOX_ERROR (a sentence, where a command failed) and then _XLIGHTBOX_RESULT (what was
 * printed): however many ask at once, each has the answer to what it asked. */
#ifndef X11_REMOTE_H
#define X11_REMOTE_H

#include <stdbool.h>

#include "base/fault.h"

struct remote;

/* The viewer on the display (NULL: $DISPLAY): that of window `id` or, with id 0, the one there is.
 * NULL with a fault: of kind FAULT_DISPLAY where the server cannot be reached, FAULT_FILE where
 * there is no viewer, or several and none is named. Once per process: X errors and the end of the
 * server end in `remote`. */
struct remote *remote_open(const char *display, unsigned long id, struct fault *fault);
void remote_close(struct remote *remote);

/* Runs commands there and waits until they are answered. *text is what they printed (lent until the
 * next call, never NULL), whether they failed or not; the fault, of kind FAULT_USAGE, the viewer's
 * sentence where one failed, or of kind FAULT_DISPLAY where the viewer went away. */
bool remote_ask(struct remote *remote, const char *script, const char **text, struct fault *fault);

#endif
