/* The job of --remote: commands for a viewer that is open. */
#ifndef APP_ASK_H
#define APP_ASK_H

#include "options.h"
#include "x11/resources.h"

/* Prints what the commands print; sentences go to stderr. Returns the exit status: 1 where a
 * command failed or there is no viewer, 3 where there is no display. */
int ask_run(const struct options *options, const struct resources *resources);

#endif
