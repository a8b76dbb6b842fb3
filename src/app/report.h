/* The memory ledger for people. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "scene.h"
#include "ui/command.h"

/* Each label's current and peak bytes and blocks, then what the system says of the viewer and each
 * worker. */
void report_memory(const struct scene *scene, struct reply *reply);

#endif
