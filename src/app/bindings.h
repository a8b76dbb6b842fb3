/* What keys and mouse are bound to beyond the usual: the resources bindings, mouse and levelDrag.
 */
#ifndef APP_BINDINGS_H
#define APP_BINDINGS_H

struct session;

/* Lines that cannot be read are told of and left out. */
void bindings_take(struct session *session);

#endif
