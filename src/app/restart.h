/* The command line by which a session manager starts the viewer again: the same options, file,
 * page, window and view. */
#ifndef APP_RESTART_H
#define APP_RESTART_H

struct session;

/* For shell_events: writes it (WM_COMMAND). */
void restart_save(void *context);

#endif
