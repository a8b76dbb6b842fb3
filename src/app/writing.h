/* Files that a window's commands write from what it shows: one at a time, while the window is at
 * rest; the window goes first. */
#ifndef APP_WRITING_H
#define APP_WRITING_H

#include <limits.h>
#include <stdbool.h>

#include "base/fault.h"
#include "base/geometry.h"

struct session;

enum writing_kind { WRITE_SCREENSHOT, WRITE_RENDER, WRITE_EXPORT };

struct writing_wish {
    enum writing_kind kind;
    char path[PATH_MAX];
    bool force;
    bool image;        /* a screenshot of the picture alone */
    int bits;          /* 8 or 16 */
    int width, height; /* of a rendering; 0: the window's */
    double scale;      /* how much larger than in the window */
    bool overlay;      /* a rendering with what is drawn over the picture; screenshots have it */
    bool whole; /* an export of the whole page; else of `area` or, where that is empty, of what
                   is seen */
    struct area area; /* of the upright page */
};

/* For a command: it is done when the file is there. */
bool writing_start(struct session *session, const struct writing_wish *wish, struct fault *fault);

#endif
