/* Folders of the user's own: see home.h. Owns nothing. */
#include "home.h"

#include <stdio.h>
#include <stdlib.h>

bool home_path(const char *variable, const char *usual, const char *within, char path[PATH_MAX])
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    bool given = folder && *folder == '/';
    if (!given && (!home || *home != '/'))
        return false;
    int used =
        snprintf(path, PATH_MAX, "%s%s%s", given ? folder : home, given ? "" : usual, within);
    return used < PATH_MAX;
}
