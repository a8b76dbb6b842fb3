/* A child process's own end of its socket pair, to speak in its place. */
#ifndef SUPPORT_BORROW_H
#define SUPPORT_BORROW_H

#include <sys/types.h>

/* -1 where the system does not lend it. */
int borrow_socket(pid_t pid);

#endif
