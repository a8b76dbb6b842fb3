/* Folders of the user's own, as the XDG base directory specification names them. */
#ifndef APP_HOME_H
#define APP_HOME_H

#include <limits.h>
#include <stdbool.h>

/* The environment's `variable` followed by `within`; where that is unset or relative, HOME followed
 * by `usual` and `within`. False where neither names a folder, or the path is too long. */
bool home_path(const char *variable, const char *usual, const char *within, char path[PATH_MAX]);

#endif
