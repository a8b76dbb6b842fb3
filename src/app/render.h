/* The jobs that need no display: --render and --info. */
#ifndef APP_RENDER_H
#define APP_RENDER_H

#include "options.h"

/* Writes the view of the one file to options->output. Returns the exit status; sentences go to
 * stderr. */
int render_run(const struct options *options);

/* Prints what each file is. Returns the exit status. */
int info_run(const struct options *options);

#endif
