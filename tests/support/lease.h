/* Files that cannot be opened for now, as on a file system that does not answer: whoever opens one
 * sleeps until its lease is given up. */
#ifndef SUPPORT_LEASE_H
#define SUPPORT_LEASE_H

/* Returns what to give up, or -1 (and says so) where the system has no leases. */
int lease_hold(const char *path);
void lease_give_up(int lease);

#endif
