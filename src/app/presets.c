/* The user's presets: see presets.h. Owns their list, one for the program: options ask for it
 * before there is a session. */
#include "presets.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fresh_file.h"
#include "home.h"
#include "values.h"

enum { LINE = 160 };

static struct own_preset list[PRESETS_OWN];
static bool read_once;
static char trouble[PATH_MAX + 80];

static const char heading[] = "# Presets of xlightbox, a line each: NAME WIDTH CENTER [UNIT]\n";

/* ---- the list ---- */

static struct own_preset *find_own(const char *name)
{
    for (int i = 0; i < PRESETS_OWN; i++)
        if (list[i].used && !strcmp(list[i].name, name))
            return &list[i];
    return NULL;
}

static bool is_name(const char *name)
{
    static const char *const words[] = {"save", "delete", "list", "file"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i], name))
            return false;
    if (!*name || strlen(name) >= PRESET_NAME)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("-_.", *name))
            return false;
    return true;
}

/* The place that had the name last, else one that had none, else one that is free: who has a preset
 * in use has not another one all of a sudden. */
static struct own_preset *find_place(const char *name)
{
    struct own_preset *fresh = NULL, *spare = NULL;
    for (int i = 0; i < PRESETS_OWN; i++) {
        if (!strcmp(list[i].name, name))
            return &list[i];
        if (!list[i].used && !*list[i].name && !fresh)
            fresh = &list[i];
        if (!list[i].used && !spare)
            spare = &list[i];
    }
    return fresh ? fresh : spare;
}

/* False where there is no room, or no such preset can be. */
static bool put(const char *name, double width, double center, const char *unit, bool saved)
{
    struct own_preset *own = find_place(name);
    if (!own || !is_name(name) || preset_find(name) || !(width > 0))
        return false;
    *own = (struct own_preset){.used = true, .saved = saved};
    snprintf(own->name, sizeof own->name, "%s", name);
    snprintf(own->unit, sizeof own->unit, "%s", unit);
    own->preset = (struct preset){own->name, width, center, "user"};
    return true;
}

/* "NAME WIDTH CENTER [UNIT]"; what is empty is fine. */
static bool read_line(char *line, bool saved)
{
    double width, center;
    char *words[5] = {NULL}, *rest = line;
    int count = 0;
    line[strcspn(line, "#\n")] = 0;
    for (char *word; (word = strsep(&rest, " \t")) && count < 5;)
        if (*word)
            words[count++] = word;
    if (count == 0)
        return true;
    return (count == 3 || count == 4) && value_number(words[1], &width) &&
           value_number(words[2], &center) &&
           put(words[0], width, center, words[3] ? words[3] : "", saved);
}

bool presets_take(const char *text)
{
    char line[LINE];
    bool good = true;
    while (*text) {
        size_t length = strcspn(text, ",\n");
        snprintf(line, sizeof line, "%.*s", (int)(length < LINE ? length : LINE - 1), text);
        good &= length < LINE && read_line(line, false);
        text += length + (text[length] != 0);
    }
    return good;
}

/* ---- the file ---- */

static bool find_folder(char folder[PATH_MAX], const char *within)
{
    return home_path("XDG_CONFIG_HOME", "/.config", within, folder);
}

/* Anew: what another viewer has saved since is there, what it has deleted not. */
static bool read_file(struct fault *fault)
{
    char path[PATH_MAX], line[LINE];
    int number = 0, wrong = 0;
    read_once = true;
    if (!find_folder(path, "/xlightbox/presets"))
        return fault_set(fault, FAULT_FILE, "neither HOME nor XDG_CONFIG_HOME names a folder");
    for (int i = 0; i < PRESETS_OWN; i++)
        list[i].used &= !list[i].saved;
    FILE *file = fopen(path, "r");
    if (!file)
        return errno == ENOENT || fault_errno(fault, errno, "%s", path);
    while (fgets(line, sizeof line, file)) {
        number++;
        if (!read_line(line, true) && !wrong)
            wrong = number;
    }
    fclose(file);
    return !wrong || fault_set(fault, FAULT_FILE,
                               "%s: line %d is no preset (NAME WIDTH CENTER [UNIT])", path, wrong);
}

static void know(void)
{
    struct fault fault;
    char folder[PATH_MAX];
    if (!read_once && find_folder(folder, "") && !read_file(&fault))
        snprintf(trouble, sizeof trouble, "%s", fault.text);
    read_once = true;
}

static bool make_folder(char path[PATH_MAX], struct fault *fault)
{
    static const char *const parts[] = {"", "/xlightbox"};
    for (int i = 0; i < 2; i++)
        if (!find_folder(path, parts[i]) || (mkdir(path, 0700) && errno != EEXIST))
            return fault_errno(fault, errno, "%s", path);
    return find_folder(path, "/xlightbox/presets");
}

static bool write_lines(int fd)
{
    FILE *file = fdopen(dup(fd), "w");
    if (!file)
        return false;
    fputs(heading, file);
    for (int i = 0; i < PRESETS_OWN; i++) {
        char width[NUMBER_TEXT], center[NUMBER_TEXT];
        const struct own_preset *own = &list[i];
        if (!own->used || !own->saved)
            continue;
        number_text(own->preset.width, width);
        number_text(own->preset.center, center);
        fprintf(file, "%s %s %s%s%s\n", own->name, width, center, *own->unit ? " " : "", own->unit);
    }
    bool good = !ferror(file);
    return !fclose(file) && good;
}

static bool write_file(struct fault *fault)
{
    char path[PATH_MAX];
    struct fresh_file fresh;
    if (!make_folder(path, fault) || !fresh_file_open(&fresh, path, NULL, fault))
        return false;
    if (write_lines(fresh.fd))
        return fresh_file_keep(&fresh, fault);
    fault_errno(fault, errno, "%s", path);
    fresh_file_drop(&fresh);
    return false;
}

/* ---- what is asked for ---- */

const struct preset *presets_find(const char *name)
{
    know();
    const struct preset *preset = preset_find(name);
    const struct own_preset *own = preset ? NULL : find_own(name);
    return own ? &own->preset : preset;
}

const struct own_preset *presets_own(int place)
{
    know();
    return &list[place];
}

const char *presets_trouble(void)
{
    return *trouble ? trouble : NULL;
}

bool presets_save(const char *name, double width, double center, const char *unit,
                  struct fault *fault)
{
    char word[PRESET_UNIT];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(unit, " \t#"), unit);
    if (!read_file(fault))
        return false;
    if (preset_find(name))
        return fault_set(fault, FAULT_USAGE, "'%s' is a preset of the program's own", name);
    if (!is_name(name))
        return fault_set(fault, FAULT_USAGE,
                         "'%s' is no name of a preset: up to 31 letters, digits, - _ and .", name);
    if (!put(name, width, center, word, true))
        return fault_set(fault, FAULT_USAGE, "there are %d presets of your own: delete some",
                         PRESETS_OWN);
    if (write_file(fault))
        return true;
    find_own(name)->used = false;
    return false;
}

bool presets_delete(const char *name, struct fault *fault)
{
    if (!read_file(fault))
        return false;
    struct own_preset *own = find_own(name);
    if (!own)
        return fault_set(fault, FAULT_USAGE, "'%s' is none of your presets", name);
    if (!own->saved)
        return fault_set(fault, FAULT_USAGE, "'%s' is a preset of the X resources", name);
    own->used = false;
    return write_file(fault);
}
