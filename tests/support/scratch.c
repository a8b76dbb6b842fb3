/* Scratch files for tests: see support/scratch.h. Owns the folder. */
#include "support/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];
static pid_t owner;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    if (getpid() == owner)
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch(void)
{
    if (folder[0])
        return folder;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/xlightbox-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder))
        abort();
    owner = getpid();
    atexit(remove_folder);
    return folder;
}

const char *scratch_path(const char *name)
{
    static char paths[16][512];
    static int next;
    char *path = paths[next++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", scratch(), name);
    return path;
}

const char *scratch_file(const char *name, const void *bytes, size_t count)
{
    const char *path = scratch_path(name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file))
        abort();
    return path;
}

void scratch_patch(const char *path, int64_t offset, const void *bytes, size_t count)
{
    int fd = open(path, O_WRONLY);
    if (fd < 0 || pwrite(fd, bytes, count, offset) != (ssize_t)count)
        abort();
    close(fd);
}

void scratch_cut(const char *path, int64_t size)
{
    if (truncate(path, size))
        abort();
}

int64_t scratch_size(const char *path)
{
    struct stat status;
    return stat(path, &status) ? -1 : status.st_size;
}

int scratch_beside(const char *name)
{
    int count = 0;
    size_t length = strlen(name);
    DIR *listing = opendir(scratch());
    for (struct dirent *entry; listing && (entry = readdir(listing));)
        count += !strncmp(entry->d_name, name, length) && entry->d_name[length];
    if (listing)
        closedir(listing);
    return count;
}
