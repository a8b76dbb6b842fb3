/* Files that a window's commands write from what it shows: one at a time, while the window is at
 * rest; the window goes first. */
#ifndef APP_WRITING_H
#define APP_WRITING_H

#include <limits.h>
#include <stdbool.h>

#include "base/fault.h"
#include "base/geometry.h"
#include "scripts.h"

struct session;
struct writing;

enum writing_kind { WRITE_SCREENSHOT, WRITE_RENDER, WRITE_EXPORT };

struct writing_wish {
    enum writing_kind kind;
    char path[PATH_MAX];
    int into; /* a file that takes a screenshot in place of `path`, whose ending tells the format;
                 0: none */
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

/* For others, who hold it until it is done. As long as writing_may says so (no other file is being
 * written), writing_turn goes on; the window is at rest (`idle`), or what was begun waits. */
struct writing *writing_new(struct session *session, const struct writing_wish *wish,
                            struct fault *fault);
void writing_free(struct writing *writing);
bool writing_may(const struct session *session, const struct writing *writing);
enum script_wait writing_turn(struct writing *writing, bool idle, struct fault *fault);

#endif
