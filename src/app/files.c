/* The files that are shown: see files.h. Owns their names. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/ledger.h"

enum { ROOM_FIRST = 16 };

bool files_is_folder(const char *path)
{
    struct stat status;
    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

bool files_is_image(const char *name)
{
    static const char *const endings[] = {".tif", ".tiff", ".btf", ".tf8",
                                          ".svs", ".ndpi", ".scn", ".lsm"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && dot > name && *name != '.' && i < sizeof endings / sizeof *endings;
         i++)
        if (!strcasecmp(dot, endings[i]))
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares the numbers that both begin with, and steps over them. */
static int compare_numbers(const char **a, const char **b)
{
    size_t length_a, length_b;
    while (**a == '0' && is_digit((*a)[1]))
        ++*a;
    while (**b == '0' && is_digit((*b)[1]))
        ++*b;
    length_a = strspn(*a, "0123456789");
    length_b = strspn(*b, "0123456789");
    int order = length_a != length_b ? (length_a > length_b ? 1 : -1) : strncmp(*a, *b, length_a);
    *a += length_a;
    *b += length_b;
    return order;
}

int files_compare(const char *a, const char *b)
{
    const char *whole_a = a, *whole_b = b;
    while (*a && *b) {
        if (is_digit(*a) && is_digit(*b)) {
            int order = compare_numbers(&a, &b);
            if (order)
                return order;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    if (*a || *b)
        return *a ? 1 : -1;
    return strcmp(whole_a, whole_b);
}

int files_find(const struct files *files, const char *name)
{
    for (int i = 0; i < files->count; i++)
        if (!strcmp(files->names[i], name))
            return i;
    return -1;
}

static bool make_room(struct files *files, struct fault *fault)
{
    int room = files->room ? 2 * files->room : ROOM_FIRST;
    if (files->count < files->room)
        return true;
    char **names = ledger_alloc(LEDGER_UI, (size_t)room * sizeof *names, fault);
    if (!names)
        return false;
    if (files->names) {
        memcpy(names, files->names, (size_t)files->count * sizeof *names);
        ledger_free(LEDGER_UI, files->names, (size_t)files->room * sizeof *names);
    }
    files->names = names;
    files->room = room;
    return true;
}

int files_add(struct files *files, const char *name, struct fault *fault)
{
    size_t bytes = strlen(name) + 1;
    char *copy = make_room(files, fault) ? ledger_alloc(LEDGER_UI, bytes, fault) : NULL;
    if (!copy)
        return -1;
    memcpy(copy, name, bytes);
    files->names[files->count] = copy;
    return files->count++;
}

static int by_name(const void *a, const void *b)
{
    return files_compare(*(char *const *)a, *(char *const *)b);
}

bool files_join(const char *folder, const char *name, char *path, size_t room)
{
    size_t length = strlen(folder);
    const char *slash = length && folder[length - 1] == '/' ? "" : "/";
    int used = snprintf(path, room, "%s%s%s", folder, slash, name);
    return used >= 0 && (size_t)used < room;
}

static bool add_image(struct files *files, const char *folder, const char *name,
                      struct fault *fault)
{
    char path[PATH_MAX];
    return !files_is_image(name) || !files_join(folder, name, path, sizeof path) ||
           files_is_folder(path) || files_add(files, path, fault) >= 0;
}

static bool add_folder(struct files *files, const char *path, struct fault *fault)
{
    int first = files->count;
    bool good = true;
    DIR *folder = opendir(path);
    if (!folder)
        return fault_errno(fault, errno, "%s", path);
    for (struct dirent *entry; good && (entry = readdir(folder));)
        good = add_image(files, path, entry->d_name, fault);
    closedir(folder);
    if (files->count > first)
        qsort(files->names + first, (size_t)(files->count - first), sizeof *files->names, by_name);
    if (files->count == first && !files->empty)
        files->empty = path;
    return good;
}

bool files_init(struct files *files, char *const *words, int count, struct fault *fault)
{
    *files = (struct files){0};
    for (int i = 0; i < count; i++) {
        bool good = files_is_folder(words[i]) ? add_folder(files, words[i], fault)
                                              : files_add(files, words[i], fault) >= 0;
        if (!good)
            return false;
    }
    return true;
}

int files_take(struct files *files, const char *word, struct fault *fault)
{
    int first = files_find(files, word);
    const char *empty = files->empty;
    if (first >= 0)
        return first;
    if (!files_is_folder(word))
        return files_add(files, word, fault);
    first = files->count;
    bool good = add_folder(files, word, fault);
    files->empty = empty; /* the word is lent for this call alone */
    if (good && files->count == first)
        good = fault_set(fault, FAULT_FILE, "%s: has no images in it", word);
    return good ? first : -1;
}

void files_fini(struct files *files)
{
    for (int i = 0; i < files->count; i++)
        ledger_free(LEDGER_UI, files->names[i], strlen(files->names[i]) + 1);
    if (files->names)
        ledger_free(LEDGER_UI, files->names, (size_t)files->room * sizeof *files->names);
    *files = (struct files){0};
}
