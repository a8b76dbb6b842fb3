/* Processes that cannot die, as those that sleep in a read from a file system that is gone. */
#ifndef SUPPORT_UNDEAD_H
#define SUPPORT_UNDEAD_H

#include <sys/types.h>

/* From now on the victim's end is told to nobody: traced by another, a dead process cannot be
 * waited for, and a signal stops it without anybody hearing. Returns the tracer; -1 (and says so)
 * where the system has none. */
pid_t undead_hold(pid_t victim);

void undead_let_go(pid_t tracer);

#endif
