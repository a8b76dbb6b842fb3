/* What is in a folder: its folders, and those of its files that a filter lets through, in natural
 * order. Read by a process of its own, so that neither a slow file system nor sorting holds up a
 * frame; kept in bounded memory (LEDGER_UI), whatever there is.
 *
 * A filter is a path: a folder (its images are meant: files_is_image), or a folder and a pattern as
 * the shell has them ("films/ct*.tif", upper and lower case alike; "films/" and a star: all files).
 * Hidden names are there only where the pattern begins with a point. Only folders and regular files
 * count, and nothing is opened. */
#ifndef APP_FOLDER_H
#define APP_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"

enum folder_kind { FOLDER_FOLDERS, FOLDER_FILES, FOLDER_KINDS };

/* So many names, and bytes of them, at most; those beyond are counted. */
enum { FOLDER_NAMES = 100000, FOLDER_BYTES = 4 << 20, FOLDER_PATTERN = 256 };

struct folder {
    struct child child;
    void (*changed)(void *context); /* more is known; `reading` says whether that was all */
    void *context;
    char filter[PATH_MAX + FOLDER_PATTERN]; /* as it was asked for */
    bool reading;
    char path[PATH_MAX]; /* of the folder, absolute; "": not known */
    char pattern[FOLDER_PATTERN];
    char trouble[FAULT_TEXT]; /* why it cannot be read; "": it can */
    int64_t left_out;         /* names there was no room for */
    int count[FOLDER_KINDS];
    /* Names one behind the other, each with a 0; where each begins, folders before files. */
    char *names;
    uint32_t *places;
    size_t names_size, places_size, used;
    char word[PATH_MAX + 1]; /* what was heard of the next one */
    size_t word_used;
};

void folder_init(struct folder *folder, struct loop *loop, void (*changed)(void *context),
                 void *context);
void folder_fini(struct folder *folder);

/* Reads by another filter, in place of what was known. `changed` follows, never from within. */
bool folder_read(struct folder *folder, const char *filter, struct fault *fault);
/* Leaves off, and forgets. */
void folder_clear(struct folder *folder);

/* Lent until the folder is read anew. */
const char *folder_name(const struct folder *folder, enum folder_kind kind, int index);

/* Where a file's name is among them, -1: nowhere. */
int folder_find(const struct folder *folder, const char *name);

/* folder_reader.c: what runs in the process; `argument` is the filter. Says words with a 0 behind
 * each, the first letter telling what it is: p the folder's path, m the pattern, e trouble, d a
 * folder, f a file, x how many were left out; then a single z. */
void folder_reader(void *argument, int out);

#endif
