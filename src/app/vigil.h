/* An eye on files: the one that is shown, and folders in which others may come. Told by the system
 * where it does so (inotify), else looked at every now and then: also on file systems on which
 * other machines write, for of these the system tells nothing. */
#ifndef APP_VIGIL_H
#define APP_VIGIL_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/loop.h"

enum { VIGIL_FOLDERS = 16, VIGIL_NAME = 256, VIGIL_COMING = 32 };

/* How a file looked. */
struct vigil_look {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed; /* its status: renaming counts */
};

/* A folder that is watched; the first one is that of the file. */
struct vigil_folder {
    char path[PATH_MAX];   /* "": none */
    int watch;             /* inotify's; -1: looked at by turns */
    struct timespec since; /* by turns: what changed later is news */
};

/* A file that seems to come: seen, and to be looked at again. */
struct vigil_coming {
    int folder;
    char name[VIGIL_NAME]; /* "": free */
    struct vigil_look look;
    bool told;
};

struct vigil {
    struct loop *loop;
    /* A file has come, or is another one now, and nobody writes it as far as can be seen. `folder`
     * is as it was given; NULL: it is the file watched. */
    void (*came)(void *context, const char *folder, const char *name);
    void *context;
    int fd;                       /* inotify's; -1: none */
    struct vigil_folder *folders; /* LEDGER_UI */
    int count;
    char file[VIGIL_NAME]; /* in the first folder; "": none is watched */
    struct vigil_coming coming[VIGIL_COMING];
};

/* False: there is no memory. */
bool vigil_init(struct vigil *vigil, struct loop *loop,
                void (*came)(void *context, const char *folder, const char *name), void *context,
                struct fault *fault);
void vigil_fini(struct vigil *vigil);

/* Watches a folder. False: there are too many. */
bool vigil_add_folder(struct vigil *vigil, const char *path);
/* Watches one file, in place of the one before. */
void vigil_set_file(struct vigil *vigil, const char *path);

/* Has every folder looked at by turns; for tests. */
extern bool vigil_by_turns;

#endif
