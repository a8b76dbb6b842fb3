/* The atoms of a connection, asked for in one go and not waited for. Private to x11. */
#ifndef X11_ATOMS_H
#define X11_ATOMS_H

#include <stdbool.h>

#include "base/fault.h"

struct connection;

/* Asks for them. They are known once any later request has been answered. False: no memory. */
bool atoms_ask(struct connection *connection, struct fault *fault);

/* Waits for those that are not known yet; where a later answer has come, for none. */
void atoms_wait(struct connection *connection);

/* After the connection was closed. */
void atoms_fini(struct connection *connection);

#endif
