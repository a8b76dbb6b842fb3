/* A folder for this test program's files, made at the first call and removed with all that is in it
 * at exit. */
#ifndef SUPPORT_SCRATCH_H
#define SUPPORT_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

const char *scratch(void);

/* The path of a file in that folder. The text holds until the sixteenth call after this one. */
const char *scratch_path(const char *name);
/* Writes bytes as a file there; returns its path. */
const char *scratch_file(const char *name, const void *bytes, size_t count);

/* Changes bytes of a file in place, or cuts it. */
void scratch_patch(const char *path, int64_t offset, const void *bytes, size_t count);
void scratch_cut(const char *path, int64_t size);
int64_t scratch_size(const char *path);

/* How many files there have this name and something behind it. */
int scratch_beside(const char *name);

#endif
