/* Figures of the system: see base/footprint.h. */
#include "base/footprint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long figure(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

bool footprint_add(pid_t pid, struct footprint *sum)
{
    char path[64], text[2048];
    snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0)
        return false;
    text[length] = 0;
    sum->pss += figure(text, "\nPss:");
    sum->anonymous += figure(text, "\nPss_Anon:");
    sum->shared_memory += figure(text, "\nPss_Shmem:");
    sum->file += figure(text, "\nPss_File:");
    return true;
}
