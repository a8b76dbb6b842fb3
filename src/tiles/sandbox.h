/* What a decoder process gives up before it looks at a file. */
#ifndef TILES_SANDBOX_H
#define TILES_SANDBOX_H

/* Drops whatever the process inherited and does not need: descriptors, core dumps, privileges to
 * gain, signals' handlers, a heap that grows without giving back; arranges that it dies with its
 * parent. Returns the number the socket has from now on; ends the process when something that must
 * hold cannot be had. */
int sandbox_enter(int socket);

#endif
