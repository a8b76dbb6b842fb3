/* What shells complete, from the tables of options and commands. */
#ifndef APP_COMPLETION_H
#define APP_COMPLETION_H

extern const char *const completion_shells[]; /* "bash", "zsh", "fish", NULL */

/* Prints the script for completion_shells[shell] to standard output. */
void completion_print(int shell);

#endif
