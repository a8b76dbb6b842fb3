/* System calls that the C library of an old system has no name for; their numbers are the same on
 * all machines. */
#ifndef SUPPORT_SYSTEM_CALLS_H
#define SUPPORT_SYSTEM_CALLS_H

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef HAVE_MEMFD_CREATE
#define MFD_CLOEXEC 1u
#define memfd_create(name, flags) (int)syscall(SYS_memfd_create, name, flags)
#endif

#endif
