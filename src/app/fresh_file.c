/* Files that come into being whole: see fresh_file.h. Owns the file until it is in its place or
 * given up, and the temporary name where it has to have one. */
#include "fresh_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINK_NAME = 32, TRIES = 1000 };

bool fresh_file_named;

/* The folder of a path; "." where it names none. */
static void folder_of(const char *path, char folder[PATH_MAX])
{
    snprintf(folder, PATH_MAX, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    else
        snprintf(folder, PATH_MAX, ".");
}

/* What a file without a name can be linked by. */
static void link_name(int fd, char name[LINK_NAME])
{
    snprintf(name, LINK_NAME, "/proc/self/fd/%d", fd);
}

/* A file without a name: it is gone with its last descriptor, however the program ends. -1 where
 * the file system knows none, or it could not be given a name later. */
static int open_nameless(const char *path)
{
    char folder[PATH_MAX], name[LINK_NAME];
    if (fresh_file_named)
        return -1;
    folder_of(path, folder);
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    link_name(fd, name);
    if (!access(name, F_OK))
        return fd;
    close(fd);
    return -1;
}

/* Nobody may read the file who may not read the one it is like: where that one's group cannot be
 * had, the group gets what all others get. */
static mode_t like_mode(int fd, const struct stat *like)
{
    struct stat status;
    mode_t mode = like->st_mode;
    bool same = !fstat(fd, &status) && status.st_gid == like->st_gid;
    if (!same && fchown(fd, (uid_t)-1, like->st_gid))
        mode &= (mode & S_IRWXO) << 3 | (mode_t)~S_IRWXG;
    return mode;
}

static mode_t usual_mode(int fd, const struct stat *like)
{
    mode_t mask = umask(0);
    umask(mask);
    return (like ? like_mode(fd, like) : 0666) & 0666 & ~mask;
}

bool fresh_file_open(struct fresh_file *file, const char *path, const struct stat *like,
                     struct fault *fault)
{
    struct stat status;
    file->fd = -1;
    file->temporary[0] = 0;
    file->spare = false;
    if (!stat(path, &status) && S_ISDIR(status.st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is a directory", path);
    int length = snprintf(file->temporary, sizeof file->temporary, "%s.XXXXXX", path);
    if (length >= (int)sizeof file->temporary)
        return fault_errno(fault, ENAMETOOLONG, "%s", path);
    snprintf(file->path, sizeof file->path, "%s", path);
    file->fd = open_nameless(path);
    if (file->fd >= 0)
        file->temporary[0] = 0;
    else
        file->fd = mkostemp(file->temporary, O_CLOEXEC);
    if (file->fd < 0)
        return fault_errno(fault, errno, "%s", path);
    if (fchmod(file->fd, usual_mode(file->fd, like)))
        errno = 0; /* the file then stays private, which is no harm */
    return true;
}

/* Gives a file without a name its place at once where that is free, else a temporary name. */
static bool name_it(struct fresh_file *file)
{
    char name[LINK_NAME];
    link_name(file->fd, name);
    if (!linkat(AT_FDCWD, name, AT_FDCWD, file->path, AT_SYMLINK_FOLLOW))
        return true;
    for (int i = 0; errno == EEXIST && !file->spare && i < TRIES; i++) {
        int length = snprintf(file->temporary, sizeof file->temporary, "%s.%d-%d", file->path,
                              (int)getpid(), i);
        if (length >= (int)sizeof file->temporary)
            errno = ENAMETOOLONG;
        else if (!linkat(AT_FDCWD, name, AT_FDCWD, file->temporary, AT_SYMLINK_FOLLOW))
            return true;
        file->temporary[0] = 0;
    }
    return false;
}

/* Has the system write down that a name in a folder is another file's now. */
static void settle_folder(const char *path)
{
    char folder[PATH_MAX];
    folder_of(path, folder);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* Names the file by its place and by nothing else. */
static bool move_it(struct fresh_file *file)
{
    if (!file->spare)
        return !rename(file->temporary, file->path);
    if (link(file->temporary, file->path))
        return false;
    unlink(file->temporary);
    return true;
}

static bool put_in_place(struct fresh_file *file)
{
    if (fsync(file->fd) || (!file->temporary[0] && !name_it(file)))
        return false;
    if (file->temporary[0] && !move_it(file))
        return false;
    file->temporary[0] = 0;
    return true;
}

bool fresh_file_keep(struct fresh_file *file, struct fault *fault)
{
    bool kept = put_in_place(file);
    if (!kept)
        fault_errno(fault, errno, "%s", file->path);
    fresh_file_drop(file);
    if (kept)
        settle_folder(file->path);
    return kept;
}

void fresh_file_drop(struct fresh_file *file)
{
    if (file->fd >= 0) {
        close(file->fd);
        if (file->temporary[0])
            unlink(file->temporary);
    }
    file->fd = -1;
}
