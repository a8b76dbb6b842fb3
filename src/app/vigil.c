/* An eye on files: see vigil.h. Owns inotify's descriptor and what it has seen. */
#include "vigil.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#include <sys/vfs.h>
#endif

#include "base/ledger.h"

enum { LOOK_MS = 400, FILE_FOLDER = 0 };

bool vigil_by_turns;

static bool is_later(struct timespec a, struct timespec b)
{
    return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

static bool look_at(const struct vigil_folder *folder, const char *name, struct vigil_look *look)
{
    char path[PATH_MAX + VIGIL_NAME + 2];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return false;
    *look = (struct vigil_look){status.st_dev, status.st_ino, status.st_size, status.st_ctim};
    return true;
}

static bool same_look(const struct vigil_look *a, const struct vigil_look *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* ---- files that come ---- */

static struct vigil_coming *find_coming(struct vigil *vigil, int folder, const char *name)
{
    struct vigil_coming *empty = NULL;
    for (int i = 0; i < VIGIL_COMING; i++) {
        struct vigil_coming *coming = &vigil->coming[i];
        if (coming->folder == folder && !strcmp(coming->name, name))
            return coming;
        if (!coming->name[0])
            empty = coming;
    }
    if (empty && strlen(name) < sizeof empty->name) {
        *empty = (struct vigil_coming){.folder = folder};
        memcpy(empty->name, name, strlen(name) + 1);
        return empty;
    }
    return NULL;
}

static void tell(struct vigil *vigil, int folder, const char *name)
{
    if (folder != FILE_FOLDER)
        vigil->came(vigil->context, vigil->folders[folder].path, name);
    else if (!strcmp(name, vigil->file))
        vigil->came(vigil->context, NULL, name);
}

/* Twice the same look: it is there. Empty ones are still to be written. True: that was told. */
static bool look_again(struct vigil *vigil, int folder, const char *name)
{
    struct vigil_look look;
    struct vigil_coming *coming = find_coming(vigil, folder, name);
    if (!coming)
        return false;
    if (!look_at(&vigil->folders[folder], name, &look)) {
        coming->name[0] = 0;
        return true;
    }
    bool same = same_look(&look, &coming->look) && look.size > 0;
    if (same && coming->told)
        return true;
    coming->look = look;
    coming->told = same;
    if (same)
        tell(vigil, folder, name);
    return same;
}

/* ---- by turns ---- */

/* What has changed since all was known; once all of it was told that is known too. */
static void look_through(struct vigil *vigil, int number)
{
    struct vigil_folder *folder = &vigil->folders[number];
    struct timespec latest = folder->since;
    bool all = true;
    DIR *entries = opendir(folder->path);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        struct vigil_look look;
        bool wanted = number != FILE_FOLDER || !strcmp(entry->d_name, vigil->file);
        if (!wanted || strlen(entry->d_name) >= VIGIL_NAME ||
            !look_at(folder, entry->d_name, &look) || !is_later(look.changed, folder->since))
            continue;
        all &= look_again(vigil, number, entry->d_name);
        latest = is_later(look.changed, latest) ? look.changed : latest;
    }
    if (entries)
        closedir(entries);
    if (!all)
        return;
    folder->since = latest;
    for (int i = 0; i < VIGIL_COMING; i++)
        if (vigil->coming[i].folder == number)
            vigil->coming[i].name[0] = 0;
}

static void take_look(void *context);

static void look_later(struct vigil *vigil)
{
    bool due = false;
    for (int i = 0; i < vigil->count; i++)
        due |= vigil->folders[i].path[0] && vigil->folders[i].watch < 0;
    for (int i = 0; i < VIGIL_COMING; i++)
        due |= vigil->coming[i].name[0] != 0;
    if (due)
        loop_timer(vigil->loop, LOOK_MS, take_look, vigil);
}

static void take_look(void *context)
{
    struct vigil *vigil = context;
    for (int i = 0; i < VIGIL_COMING; i++) {
        struct vigil_coming *coming = &vigil->coming[i];
        if (!coming->name[0] || vigil->folders[coming->folder].watch < 0)
            continue;
        if (look_again(vigil, coming->folder, coming->name))
            coming->name[0] = 0;
    }
    for (int i = 0; i < vigil->count; i++)
        if (vigil->folders[i].path[0] && vigil->folders[i].watch < 0)
            look_through(vigil, i);
    look_later(vigil);
}

/* What is there already is known. */
static void know_all(struct vigil_folder *folder)
{
    DIR *entries = opendir(folder->path);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        struct vigil_look look;
        if (strlen(entry->d_name) < VIGIL_NAME && look_at(folder, entry->d_name, &look) &&
            is_later(look.changed, folder->since))
            folder->since = look.changed;
    }
    if (entries)
        closedir(entries);
}

/* ---- told by the system ---- */

#ifdef __linux__

static bool is_remote(const char *path)
{
    static const unsigned kinds[] = {0x6969,     0x517b,     0xff534d42,
                                     0xfe534d42, 0x65735546, 0x01021997};
    struct statfs status;
    if (statfs(path, &status))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((unsigned)status.f_type == kinds[i])
            return true;
    return false;
}

/* A new name may be that of a whole file (a link) or of one that is still to be written. */
static void note_event(struct vigil *vigil, const struct inotify_event *event)
{
    for (int i = 0; i < vigil->count; i++) {
        bool whole = event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO);
        bool wanted = event->len && vigil->folders[i].path[0] &&
                      vigil->folders[i].watch == event->wd &&
                      (i != FILE_FOLDER || !strcmp(event->name, vigil->file));
        struct vigil_coming *coming = wanted ? find_coming(vigil, i, event->name) : NULL;
        if (whole && coming)
            coming->name[0] = 0;
        if (whole && wanted)
            tell(vigil, i, event->name);
    }
}

static void take_events(void *context, short revents)
{
    struct vigil *vigil = context;
    _Alignas(struct inotify_event) char bytes[4096];
    (void)revents;
    ssize_t count = read(vigil->fd, bytes, sizeof bytes);
    for (ssize_t at = 0; at < count;) {
        const struct inotify_event *event =
            (const struct inotify_event *)(const void *)(bytes + at);
        note_event(vigil, event);
        at += (ssize_t)(sizeof *event + event->len);
    }
    look_later(vigil);
}

static void begin_telling(struct vigil *vigil)
{
    vigil->fd = vigil_by_turns ? -1 : inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (vigil->fd >= 0)
        loop_watch(vigil->loop, vigil->fd, POLLIN, take_events, vigil);
}

static int ask_for(struct vigil *vigil, const char *path)
{
    if (vigil->fd < 0 || is_remote(path))
        return -1;
    return inotify_add_watch(vigil->fd, path, IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE);
}

static void ask_no_more(struct vigil *vigil, int watch)
{
    if (watch >= 0)
        inotify_rm_watch(vigil->fd, watch);
}

#else

static void begin_telling(struct vigil *vigil)
{
    vigil->fd = -1;
}

static int ask_for(struct vigil *vigil, const char *path)
{
    (void)vigil, (void)path;
    return -1;
}

static void ask_no_more(struct vigil *vigil, int watch)
{
    (void)vigil, (void)watch;
}

#endif

/* ---- what is watched ---- */

static void watch_folder(struct vigil *vigil, struct vigil_folder *folder)
{
    folder->watch = ask_for(vigil, folder->path);
    folder->since = (struct timespec){0};
    if (folder->watch < 0)
        know_all(folder);
    look_later(vigil);
}

bool vigil_init(struct vigil *vigil, struct loop *loop,
                void (*came)(void *context, const char *folder, const char *name), void *context,
                struct fault *fault)
{
    *vigil = (struct vigil){.loop = loop, .came = came, .context = context, .fd = -1, .count = 1};
    vigil->folders = ledger_alloc(LEDGER_UI, VIGIL_FOLDERS * sizeof *vigil->folders, fault);
    if (!vigil->folders)
        return false;
    begin_telling(vigil);
    return true;
}

void vigil_fini(struct vigil *vigil)
{
    if (!vigil->folders)
        return;
    loop_timer_cancel(vigil->loop, take_look, vigil);
    if (vigil->fd >= 0) {
        loop_unwatch(vigil->loop, vigil->fd);
        close(vigil->fd);
    }
    ledger_free(LEDGER_UI, vigil->folders, VIGIL_FOLDERS * sizeof *vigil->folders);
    vigil->folders = NULL;
}

bool vigil_add_folder(struct vigil *vigil, const char *path)
{
    struct vigil_folder *folder = &vigil->folders[vigil->count];
    if (vigil->count == VIGIL_FOLDERS || strlen(path) >= sizeof folder->path)
        return false;
    memcpy(folder->path, path, strlen(path) + 1);
    vigil->count++;
    watch_folder(vigil, folder);
    return true;
}

/* Other folders may share the watch of the system. */
static void leave_file_folder(struct vigil *vigil)
{
    bool shared = false;
    struct vigil_folder *folder = &vigil->folders[FILE_FOLDER];
    for (int i = 1; i < vigil->count; i++)
        shared |= vigil->folders[i].watch == folder->watch;
    if (folder->path[0] && !shared)
        ask_no_more(vigil, folder->watch);
    folder->path[0] = 0;
}

void vigil_set_file(struct vigil *vigil, const char *path)
{
    struct vigil_folder *folder = &vigil->folders[FILE_FOLDER];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 1;
    leave_file_folder(vigil);
    vigil->file[0] = 0;
    if (length >= sizeof folder->path || strlen(name) >= sizeof vigil->file)
        return;
    memcpy(vigil->file, name, strlen(name) + 1);
    memcpy(folder->path, slash ? path : ".", length);
    folder->path[length] = 0;
    if (!length)
        memcpy(folder->path, "/", 2);
    watch_folder(vigil, folder);
}
