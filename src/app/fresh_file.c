/* Files that come into being whole: see fresh_file.h. Owns the temporary file until it is renamed
 * or removed. */
#include "fresh_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

bool fresh_file_open(struct fresh_file *file, const char *path, struct fault *fault)
{
    struct stat status;
    file->fd = -1;
    file->temporary[0] = 0;
    if (!stat(path, &status) && S_ISDIR(status.st_mode))
        return fault_set(fault, FAULT_FILE, "%s: is a directory", path);
    int length = snprintf(file->temporary, sizeof file->temporary, "%s.XXXXXX", path);
    snprintf(file->path, sizeof file->path, "%s", path);
    errno = ENAMETOOLONG;
    if (length < (int)sizeof file->temporary)
        file->fd = mkostemp(file->temporary, O_CLOEXEC);
    if (file->fd < 0)
        return fault_errno(fault, errno, "%s", path);
    if (fchmod(file->fd, usual_mode()))
        errno = 0; /* the file then stays private, which is no harm */
    return true;
}

/* Has the system write down that a name in a folder is another file's now. */
static void settle_folder(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

bool fresh_file_keep(struct fresh_file *file, struct fault *fault)
{
    bool kept = !fsync(file->fd) && !rename(file->temporary, file->path);
    if (!kept)
        fault_errno(fault, errno, "%s", file->path);
    else
        file->temporary[0] = 0;
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
