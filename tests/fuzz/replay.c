/* Gives a fuzz target the files of a folder, one after the other, without libFuzzer: what once
 * broke the program is tried again in every `make check`.
 *
 *     fuzz-source FOLDER
 *
 * prints "cases of source: N passed, N failed". A case fails by a crash, a sanitizer's report, or
 * SIGALRM after LIMIT seconds. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

enum { LIMIT = 60 };

static char *read_whole(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    if (!file || fseek(file, 0, SEEK_END))
        goto out;
    long end = ftell(file);
    rewind(file);
    data = end < 0 ? NULL : malloc((size_t)end + 1);
    *bytes = data ? fread(data, 1, (size_t)end, file) : 0;
out:
    if (file)
        fclose(file);
    return data;
}

/* Each case has a process of its own: one that crashes takes no others along. */
static bool try_case(const char *folder, const char *name)
{
    char path[1024];
    size_t bytes = 0;
    int status = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    pid_t pid = fork();
    if (pid == 0) {
        char *data = read_whole(path, &bytes);
        alarm(LIMIT);
        if (!data)
            _exit(1);
        LLVMFuzzerTestOneInput((const uint8_t *)data, bytes);
        free(data);
        exit(0);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
        return true;
    printf("  %s breaks it (status %d)\n", path, status);
    return false;
}

int main(int count, char **words)
{
    const char *folder = count == 2 ? words[1] : "";
    const char *target = strrchr(words[0], '-');
    struct dirent **entries;
    int found = scandir(folder, &entries, NULL, alphasort), passed = 0, failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < found; i++) {
        bool counts = entries[i]->d_name[0] != '.';
        bool fine = counts && try_case(folder, entries[i]->d_name);
        passed += fine;
        failed += counts && !fine;
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
    failed += passed + failed == 0; /* no cases: the folder is wrong */
    printf("cases of %s: %d passed, %d failed\n", target ? target + 1 : "?", passed, failed);
    return failed > 0;
}
