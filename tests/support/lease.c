/* Leases on files: see support/lease.h. */
#include "support/lease.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int lease_hold(const char *path)
{
    int lease = open(path, O_RDWR | O_CLOEXEC);
    signal(SIGIO, SIG_IGN); /* by which the system asks for it back */
    if (lease >= 0 && fcntl(lease, F_SETLEASE, F_WRLCK) == 0)
        return lease;
    perror("  no lease");
    if (lease >= 0)
        close(lease);
    return -1;
}

void lease_give_up(int lease)
{
    if (lease < 0)
        return;
    fcntl(lease, F_SETLEASE, F_UNLCK);
    close(lease);
}
