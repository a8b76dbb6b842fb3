/* A file that comes into being whole or not at all: written beside the place it is meant for, under
 * a name of its own, and put there when it is complete. */
#ifndef APP_FRESH_FILE_H
#define APP_FRESH_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "base/fault.h"

struct fresh_file {
    int fd;                   /* open for reading and writing; -1: none */
    char path[PATH_MAX];      /* the place */
    char temporary[PATH_MAX]; /* the name meanwhile */
};

/* Sentences name the place. */
bool fresh_file_open(struct fresh_file *file, const char *path, struct fault *fault);

/* Puts the file in its place, on the disk; whatever was there before is gone. On error the place is
 * as it was. Closes it either way. */
bool fresh_file_keep(struct fresh_file *file, struct fault *fault);

/* Removes it; nothing to one that was kept or could not be opened. */
void fresh_file_drop(struct fresh_file *file);

#endif
