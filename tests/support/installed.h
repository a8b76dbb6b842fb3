/* Programs that may be there or not. */
#ifndef SUPPORT_INSTALLED_H
#define SUPPORT_INSTALLED_H

#include <stdbool.h>

/* Whether the search path has a program of that name. */
bool installed(const char *name);

#endif
