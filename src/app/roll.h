/* The files beside the one shown, and the panel that lists them: those of the command line where it
 * named several, else the images of the folder that the file shown lies in. */
#ifndef APP_ROLL_H
#define APP_ROLL_H

#include <limits.h>
#include <stdbool.h>

#include "folder.h"
#include "ui/filmstrip.h"

struct session;

struct roll {
    struct filmstrip strip;
    struct folder folder; /* of the panel */
    bool given;           /* the files are those of the command line */
    struct folder beside; /* of the command folder, while it looks for the next */
    int step;             /* how far to go there; to its first, or last: INT_MIN, INT_MAX */
    bool looking;
    struct fault fault; /* why that came to nothing */
};

/* Once the files are known. */
void roll_begin(struct session *session);
void roll_end(struct session *session);

/* Another file is shown, or the panel: what it lists follows. */
void roll_update(struct session *session);
/* Draws the panel, all of it or what changed. */
void roll_draw(struct session *session, bool whole);
/* An input in the panel's coordinates, or a key; true: it was the panel's. */
bool roll_input(struct session *session, const struct input *input);
void roll_focus(struct session *session, bool on);

/* A file whose small picture is seen in the panel, and not known; false: none. */
bool roll_wants(struct session *session, char path[PATH_MAX]);

/* Goes so many files further in the folder of the file shown, in natural order; while that is being
 * looked for, further yet. `roll.looking` says that it is. */
bool roll_step(struct session *session, int step, struct fault *fault);

#endif
