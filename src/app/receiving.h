/* What other programs give a window: files that are pasted or dropped are added to its list, and
 * the first is opened. */
#ifndef APP_RECEIVING_H
#define APP_RECEIVING_H

#include <stdbool.h>

#include "x11/shell.h"

/* For shell_events. */
bool receiving_given(void *context, enum shell_gift gift, const char *text);

#endif
