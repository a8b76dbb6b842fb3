/* The files that are shown one after the other: those of the command line, the images of folders
 * named there, and what comes later. */
#ifndef APP_FILES_H
#define APP_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* LEDGER_UI. Names stay where they are until files_fini. */
struct files {
    char **names;
    int count, room;
    const char *empty; /* the first of the words that is a folder without images; NULL: none is */
};

/* Takes words; a folder stands for the images in it (files_is_image), in natural order. False: a
 * folder cannot be read. files_fini must follow either way. */
bool files_init(struct files *files, char *const *words, int count, struct fault *fault);
void files_fini(struct files *files);

/* Where a name is among them, -1: nowhere. */
int files_find(const struct files *files, const char *name);
/* Adds one; returns its place, -1: there is no memory. */
int files_add(struct files *files, const char *name, struct fault *fault);
/* Takes one word more, as files_init does, unless it is there. The place of the first file it
 * stands for, -1: there is none. */
int files_take(struct files *files, const char *word, struct fault *fault);

bool files_is_folder(const char *path);
/* By the ending, and not hidden. */
bool files_is_image(const char *name);

/* "a2" before "a10": numbers count as such. Below, above or 0. */
int files_compare(const char *a, const char *b);

/* "FOLDER/NAME"; false: it is too long for the room. */
bool files_join(const char *folder, const char *name, char *path, size_t room);

#endif
