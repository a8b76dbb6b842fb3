/* A file that comes into being whole or not at all: written in the folder it is meant for, without
 * a name where the file system can do that (then nothing of it is left even when the program is
 * killed), else under a name of its own, and put in its place when it is complete. */
#ifndef APP_FRESH_FILE_H
#define APP_FRESH_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/fault.h"

struct fresh_file {
    int fd;                   /* open for reading and writing; -1: none */
    char path[PATH_MAX];      /* the place */
    char temporary[PATH_MAX]; /* the name meanwhile; "": none */
    bool spare;               /* for the caller to set: a file that is there stays */
};

/* Whoever the umask allows may read it; but nobody who may not read the file that `like` is of
 * (NULL: no such file). Sentences name the place. */
bool fresh_file_open(struct fresh_file *file, const char *path, const struct stat *like,
                     struct fault *fault);

/* Puts the file in its place, on the disk; whatever was there before is gone (with `spare` that is
 * an error). On error the place is as it was. Closes it either way. */
bool fresh_file_keep(struct fresh_file *file, struct fault *fault);

/* Removes it; nothing to one that was kept or could not be opened. */
void fresh_file_drop(struct fresh_file *file);

/* Has files written under a name of their own everywhere; for tests. */
extern bool fresh_file_named;

#endif
