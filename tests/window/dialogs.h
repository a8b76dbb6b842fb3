/* The dialogs, worked by hand: what is asked for by the file selection box, the tone panel's
 * fields, list and option menu, and what comes over the image. */
#ifndef WINDOW_DIALOGS_H
#define WINDOW_DIALOGS_H

#include "harness.h"

/* Each opened, filled in, confirmed, and cancelled; the viewer shows the files of effects.h, the
 * first one when it begins and ends. Without `keys` by mouse alone, but for what is typed. */
void dialogs_work(struct viewer *viewer, bool keys);

#endif
