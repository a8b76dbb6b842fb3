#include "support/installed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool installed(const char *name)
{
    char path[512];
    const char *all = getenv("PATH");
    while (all && *all) {
        size_t length = strcspn(all, ":");
        snprintf(path, sizeof path, "%.*s/%s", (int)length, all, name);
        if (!access(path, X_OK))
            return true;
        all += length + (all[length] == ':');
    }
    return false;
}
