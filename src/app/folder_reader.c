/* What runs in the process that reads a folder: see folder.h. Owns the names until they are told;
 * ends with the process. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ledger.h"
#include "files.h"

struct found {
    char *bytes; /* FOLDER_BYTES of names */
    size_t used;
    uint32_t *places[FOLDER_KINDS]; /* FOLDER_NAMES each, where names begin */
    int count[FOLDER_KINDS];
    int64_t left_out;
};

static struct found found;
static FILE *speech;

static void say(char what, const char *text)
{
    putc(what, speech);
    fputs(text, speech);
    putc(0, speech);
}

static void refuse(const char *path, int err)
{
    struct fault fault;
    fault_errno(&fault, err, "%s", path);
    say('e', fault.text);
}

/* A folder alone, or a folder and a pattern; the folder is made absolute. False: it was said why
 * not. */
static bool split(const char *filter, char path[PATH_MAX], char pattern[FOLDER_PATTERN])
{
    char folder[PATH_MAX + FOLDER_PATTERN];
    const char *slash = strrchr(filter, '/');
    size_t length = slash ? (size_t)(slash + 1 - filter) : 0;
    bool whole = files_is_folder(filter);
    snprintf(folder, sizeof folder, "%.*s", (int)length, filter);
    snprintf(pattern, FOLDER_PATTERN, "%s", whole ? "" : filter + length);
    const char *meant = whole ? filter : *folder ? folder : ".";
    if (realpath(meant, path))
        return true;
    refuse(meant, errno);
    return false;
}

static bool passes(const char *name, enum folder_kind kind, const char *pattern)
{
    if (*name == '.' && *pattern != '.')
        return false;
    if (kind == FOLDER_FOLDERS)
        return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    return *pattern ? fnmatch(pattern, name, FNM_CASEFOLD | FNM_PERIOD) == 0 : files_is_image(name);
}

/* Of links the kind of what they lead to. False: it is neither a folder nor a regular file. */
static bool kind_of(const char *path, const struct dirent *entry, enum folder_kind *kind)
{
    char whole[PATH_MAX];
    struct stat status;
    if (entry->d_type == DT_REG || entry->d_type == DT_DIR) {
        *kind = entry->d_type == DT_DIR ? FOLDER_FOLDERS : FOLDER_FILES;
        return true;
    }
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
        return false;
    int used = snprintf(whole, sizeof whole, "%s/%s", path, entry->d_name);
    if (used >= (int)sizeof whole || stat(whole, &status))
        return false;
    *kind = S_ISDIR(status.st_mode) ? FOLDER_FOLDERS : FOLDER_FILES;
    return S_ISDIR(status.st_mode) || S_ISREG(status.st_mode);
}

static void add(const char *name, enum folder_kind kind)
{
    size_t bytes = strlen(name) + 1;
    if (found.count[FOLDER_FOLDERS] + found.count[FOLDER_FILES] >= FOLDER_NAMES ||
        found.used + bytes > FOLDER_BYTES) {
        found.left_out++;
        return;
    }
    memcpy(found.bytes + found.used, name, bytes);
    found.places[kind][found.count[kind]++] = (uint32_t)found.used;
    found.used += bytes;
}

static bool read_all(const char *path, const char *pattern)
{
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    errno = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        enum folder_kind kind = FOLDER_FILES;
        if (kind_of(path, entry, &kind) && passes(entry->d_name, kind, pattern))
            add(entry->d_name, kind);
    }
    int err = errno;
    closedir(folder);
    errno = err;
    return err == 0 || found.used > 0;
}

static int by_name(const void *a, const void *b)
{
    const uint32_t *first = a, *second = b;
    return files_compare(found.bytes + *first, found.bytes + *second);
}

static void tell(enum folder_kind kind)
{
    qsort(found.places[kind], (size_t)found.count[kind], sizeof *found.places[kind], by_name);
    for (int i = 0; i < found.count[kind]; i++)
        say(kind == FOLDER_FOLDERS ? 'd' : 'f', found.bytes + found.places[kind][i]);
}

/* All at once: what is not touched costs nothing. */
static bool obtain(void)
{
    found.bytes = ledger_alloc(LEDGER_UI, FOLDER_BYTES, NULL);
    for (int kind = 0; kind < FOLDER_KINDS; kind++)
        found.places[kind] = ledger_alloc(LEDGER_UI, FOLDER_NAMES * sizeof(uint32_t), NULL);
    return found.bytes && found.places[FOLDER_FOLDERS] && found.places[FOLDER_FILES];
}

static void tell_folder(const char *path, const char *pattern)
{
    char number[32];
    if (!obtain()) {
        refuse(path, ENOMEM);
        return;
    }
    if (!read_all(path, pattern)) {
        refuse(path, errno);
        return;
    }
    tell(FOLDER_FOLDERS);
    tell(FOLDER_FILES);
    snprintf(number, sizeof number, "%lld", (long long)found.left_out);
    say('x', number);
}

void folder_reader(void *argument, int out)
{
    char path[PATH_MAX], pattern[FOLDER_PATTERN];
    speech = fdopen(out, "w");
    if (!speech)
        _exit(1);
    if (split(argument, path, pattern)) {
        say('p', path);
        say('m', pattern);
        tell_folder(path, pattern);
    }
    say('z', "");
    fclose(speech);
}
