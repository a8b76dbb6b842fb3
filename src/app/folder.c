/* A folder's names, as the process that reads them tells: see folder.h. Owns the names. */
#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ledger.h"
#include "base/language.h"

enum { NAMES_FIRST = 16384, PLACES_FIRST = 1024 };

static void forget(struct folder *folder)
{
    ledger_free(LEDGER_UI, folder->names, folder->names_size);
    ledger_free(LEDGER_UI, folder->places, folder->places_size);
    folder->names = NULL;
    folder->places = NULL;
    folder->names_size = folder->places_size = folder->used = folder->word_used = 0;
    folder->count[FOLDER_FOLDERS] = folder->count[FOLDER_FILES] = 0;
    folder->path[0] = folder->pattern[0] = folder->trouble[0] = 0;
    folder->left_out = 0;
    folder->reading = false;
}

/* Twice as large, what is there kept. */
static bool widen(void **block, size_t *size, size_t first)
{
    size_t wider = *size ? 2 * *size : first;
    void *other = ledger_alloc(LEDGER_UI, wider, NULL);
    if (!other)
        return false;
    if (*block)
        memcpy(other, *block, *size);
    ledger_free(LEDGER_UI, *block, *size);
    *block = other;
    *size = wider;
    return true;
}

static bool make_room(struct folder *folder, size_t bytes, size_t count)
{
    while (folder->used + bytes > folder->names_size) {
        void *names = folder->names;
        if (!widen(&names, &folder->names_size, NAMES_FIRST))
            return false;
        folder->names = names;
    }
    if ((count + 1) * sizeof *folder->places > folder->places_size) {
        void *places = folder->places;
        if (!widen(&places, &folder->places_size, PLACES_FIRST * sizeof *folder->places))
            return false;
        folder->places = places;
    }
    return true;
}

static void add_name(struct folder *folder, enum folder_kind kind, const char *name)
{
    size_t bytes = strlen(name) + 1;
    int count = folder->count[FOLDER_FOLDERS] + folder->count[FOLDER_FILES];
    bool late = kind == FOLDER_FOLDERS && folder->count[FOLDER_FILES];
    if (late || !make_room(folder, bytes, (size_t)count)) {
        folder->left_out++;
        return;
    }
    folder->places[count] = (uint32_t)folder->used;
    memcpy(folder->names + folder->used, name, bytes);
    folder->used += bytes;
    folder->count[kind]++;
}

static void take_word(struct folder *folder, const char *word)
{
    const char *text = word + 1;
    if (*word == 'p')
        snprintf(folder->path, sizeof folder->path, "%s", text);
    else if (*word == 'm')
        snprintf(folder->pattern, sizeof folder->pattern, "%s", text);
    else if (*word == 'e')
        snprintf(folder->trouble, sizeof folder->trouble, "%s", text);
    else if (*word == 'x')
        folder->left_out += strtoll(text, NULL, 10);
    else if (*word == 'd' || *word == 'f')
        add_name(folder, *word == 'd' ? FOLDER_FOLDERS : FOLDER_FILES, text);
    else if (*word == 'z')
        folder->reading = false;
}

static void heard(void *context, const char *bytes, size_t count)
{
    struct folder *folder = context;
    for (size_t i = 0; i < count; i++) {
        if (folder->word_used + 1 < sizeof folder->word || !bytes[i])
            folder->word[folder->word_used++] = bytes[i];
        if (bytes[i])
            continue;
        folder->word_used = 0;
        take_word(folder, folder->word);
    }
    if (!bytes && folder->reading) {
        folder->reading = false;
        snprintf(folder->trouble, sizeof folder->trouble, "%.200s: %s", folder->filter,
                 _("what read it ended too soon"));
    }
    folder->changed(folder->context);
}

void folder_init(struct folder *folder, struct loop *loop, void (*changed)(void *context),
                 void *context)
{
    *folder = (struct folder){.changed = changed, .context = context};
    child_init(&folder->child, loop, heard, folder);
}

void folder_fini(struct folder *folder)
{
    if (folder->child.loop)
        folder_clear(folder);
}

void folder_clear(struct folder *folder)
{
    child_stop(&folder->child);
    forget(folder);
}

bool folder_read(struct folder *folder, const char *filter, struct fault *fault)
{
    folder_clear(folder);
    snprintf(folder->filter, sizeof folder->filter, "%s", filter);
    folder->reading = child_start(&folder->child, folder_reader, folder->filter, fault);
    return folder->reading;
}

const char *folder_name(const struct folder *folder, enum folder_kind kind, int index)
{
    int place = index + (kind == FOLDER_FILES ? folder->count[FOLDER_FOLDERS] : 0);
    return folder->names + folder->places[place];
}

int folder_find(const struct folder *folder, const char *name)
{
    for (int i = 0; i < folder->count[FOLDER_FILES]; i++)
        if (!strcmp(folder_name(folder, FOLDER_FILES, i), name))
            return i;
    return -1;
}
