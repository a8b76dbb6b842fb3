/* The job of --render: pictures of all the files and pages that are asked for. */
#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "options.h"

enum { BATCH_JOBS = 64 };

/* Goes on after a file that cannot be shown. Sentences go to stderr and, where there were several
 * pictures to make, their sum. Returns the exit status. */
int batch_run(const struct options *options);

#endif
