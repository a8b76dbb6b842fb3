/* Figures of the system: see base/footprint.h. */
#include "base/footprint.h"

#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long figure(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

/* What a file of /proc says, as far as there is room; false where there is none. */
static bool read_text(const char *path, char *text, size_t room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, text, room - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    return length > 0;
}

bool footprint_add(pid_t pid, struct footprint *sum)
{
    char path[64], text[2048];
    snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)pid);
    if (!read_text(path, text, sizeof text))
        return false;
    sum->pss += figure(text, "\nPss:");
    sum->anonymous += figure(text, "\nPss_Anon:");
    sum->shared_memory += figure(text, "\nPss_Shmem:");
    sum->file += figure(text, "\nPss_File:");
    return true;
}

int footprint_children(pid_t *pids, int room)
{
    char text[2048];
    int count = 0;
    if (!read_text("/proc/thread-self/children", text, sizeof text))
        return 0;
    for (char *at = text, *end; count < room; at = end) {
        long pid = strtol(at, &end, 10);
        if (pid <= 0 || *end != ' ') /* each is followed by a blank: what is not, is cut */
            break;
        pids[count++] = (pid_t)pid;
    }
    return count;
}

/* Code is never written to, so that a page of it is always the file's. */
static int forget_code(struct dl_phdr_info *object, size_t size, void *context)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)size, (void)context;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = (uintptr_t)(object->dlpi_addr + part->p_vaddr);
        uintptr_t end = start + part->p_filesz;
        start -= start % page;
        if (part->p_type == PT_LOAD && (part->p_flags & (PF_X | PF_W)) == PF_X)
            madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void footprint_forget_start(void)
{
    char text[2048];
    if (read_text("/proc/self/status", text, sizeof text) && figure(text, "\nTracerPid:") == 0)
        dl_iterate_phdr(forget_code, NULL);
}
