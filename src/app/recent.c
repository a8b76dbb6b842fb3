/* The files shown last: see recent.h. Owns their paths, and the process that writes them. */
#include "recent.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "fresh_file.h"
#include "home.h"
#include "session_parts.h"
#include "state.h"
#include "ui/statusline.h"

enum { NAME_CHARACTERS = 32, FAREWELL_MS = 1000 };

/* ---- paths ---- */

static char *copy(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *made = ledger_alloc(LEDGER_UI, bytes, NULL);
    if (made)
        memcpy(made, text, bytes);
    return made;
}

static void drop(char **text)
{
    if (*text)
        ledger_free(LEDGER_UI, *text, strlen(*text) + 1);
    *text = NULL;
}

static void drop_all(struct recent *recent)
{
    for (int i = 0; i < RECENT; i++)
        drop(&recent->paths[i]);
}

int recent_count(const struct recent *recent)
{
    int count = 0;
    while (count < RECENT && recent->paths[count])
        count++;
    return count;
}

static int find(const struct recent *recent, const char *path)
{
    for (int i = 0; i < RECENT && recent->paths[i]; i++)
        if (!strcmp(recent->paths[i], path))
            return i;
    return -1;
}

/* One that there is no room for goes. */
static void put_first(struct recent *recent, const char *path)
{
    int at = find(recent, path);
    char *taken = at >= 0 ? recent->paths[at] : copy(path);
    if (!taken)
        return;
    if (at < 0) {
        at = RECENT - 1;
        drop(&recent->paths[at]);
    }
    memmove(&recent->paths[1], &recent->paths[0], (size_t)at * sizeof(char *));
    recent->paths[0] = taken;
}

static void put_last(struct recent *recent, const char *path)
{
    int count = recent_count(recent);
    if (count < RECENT && find(recent, path) < 0)
        recent->paths[count] = copy(path);
}

/* ---- the file ---- */

static void read_file(struct recent *recent)
{
    char line[PATH_MAX + 1];
    FILE *file = recent->file ? fopen(recent->file, "re") : NULL;
    for (int i = 0; file && i < RECENT && fgets(line, sizeof line, file); i++) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '/')
            put_last(recent, line);
    }
    if (file)
        fclose(file);
}

static void make_folders(const char *path)
{
    char folder[PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        mkdir(folder, 0700);
    }
}

/* In the process: this viewer's before those that others have written meanwhile. */
static void write_file(void *argument, int out)
{
    struct recent *recent = argument;
    struct fresh_file file;
    (void)out;
    umask(077);
    if (recent->clearing) {
        unlink(recent->file);
        return;
    }
    make_folders(recent->file);
    read_file(recent);
    if (!fresh_file_open(&file, recent->file, NULL, NULL))
        return;
    bool good = true;
    for (int i = 0; i < RECENT && recent->paths[i]; i++)
        good &= dprintf(file.fd, "%s\n", recent->paths[i]) > 0;
    if (good)
        fresh_file_keep(&file, NULL);
    else
        fresh_file_drop(&file);
}

static void begin_writing(struct recent *recent)
{
    if (recent->child.pid || !recent->due || !recent->file)
        return;
    recent->due = false;
    child_start(&recent->child, write_file, recent, NULL);
}

static void written(void *context, const char *bytes, size_t count)
{
    struct recent *recent = context;
    (void)count;
    if (bytes)
        return;
    recent->clearing = false;
    begin_writing(recent);
}

static char *place_of_file(void)
{
    char path[PATH_MAX];
    bool known = home_path("XDG_STATE_HOME", "/.local/state", "/xlightbox/recent", path);
    return known ? copy(path) : NULL;
}

/* ---- what the session calls ---- */

void recent_begin(struct session *session, bool kept)
{
    struct recent *recent = &session->recent;
    bool shown = recent->paths[0]; /* before the settings were known */
    recent->kept = kept;
    recent->file = place_of_file();
    child_init(&recent->child, &session->loop, written, recent);
    if (kept)
        read_file(recent);
    recent->due = kept && shown;
    begin_writing(recent);
}

void recent_end(struct session *session)
{
    struct recent *recent = &session->recent;
    int64_t limit = clock_ms() + FAREWELL_MS;
    while (recent->child.loop && (recent->child.pid || recent->due) && recent->file &&
           clock_ms() < limit) {
        begin_writing(recent);
        struct pollfd end = {recent->child.fd, POLLIN, 0};
        char byte;
        if (poll(&end, 1, FAREWELL_MS) > 0 && read(end.fd, &byte, 1) == 0) {
            child_stop(&recent->child);
            recent->clearing = false;
        }
    }
    if (recent->child.loop)
        child_stop(&recent->child);
    drop_all(recent);
    drop(&recent->file);
}

void recent_note(struct session *session)
{
    struct recent *recent = &session->recent;
    const char *shown = session->files.names[session->shown];
    char path[PATH_MAX], here[PATH_MAX] = "";
    bool absolute = *shown == '/';
    if (!absolute && !getcwd(here, sizeof here))
        return;
    int used = snprintf(path, sizeof path, "%s%s%s", here, absolute ? "" : "/", shown);
    bool newest = recent->paths[0] && !strcmp(recent->paths[0], path);
    if (used >= (int)sizeof path || strchr(path, '\n') || newest)
        return;
    put_first(recent, path);
    recent->due = recent->kept;
    begin_writing(recent);
}

void recent_clear(struct session *session)
{
    struct recent *recent = &session->recent;
    drop_all(recent);
    child_stop(&recent->child);
    recent->clearing = recent->due = true;
    begin_writing(recent);
}

int recent_items(void *context, const struct command *command, struct menu_item *items, int room)
{
    const struct session *session = context;
    int count = recent_count(&session->recent);
    if (strcmp(command->name, "recent") != 0)
        return 0;
    for (int i = 0; i < count && i < room; i++) {
        char name[MENU_LABEL - 4];
        text_cut_middle(file_name(session->recent.paths[i]), NAME_CHARACTERS, name, sizeof name);
        items[i] = (struct menu_item){.command = command, .mnemonic = 0, .line_before = i == 0};
        snprintf(items[i].label, sizeof items[i].label, "%d %s", i + 1, name);
        snprintf(items[i].script, sizeof items[i].script, "recent %d", i + 1);
    }
    return count < room ? count : room;
}
