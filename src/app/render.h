/* The job of --render: a picture in a file, without a display. */
#ifndef APP_RENDER_H
#define APP_RENDER_H

#include "options.h"

/* Writes the view of the one file to options->output. Returns the exit status; sentences go to
 * stderr. */
int render_run(const struct options *options);

#endif
