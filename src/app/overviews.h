/* --build-overviews: writes FILE.ovr beside each file, without a display. */
#ifndef APP_OVERVIEWS_H
#define APP_OVERVIEWS_H

#include "options.h"

/* What is made goes to stdout, a line for each file; how far it is and what is wrong, to stderr.
 * Returns the exit status: 0 when every file has the overviews it needs. */
int overviews_run(const struct options *options);

#endif
