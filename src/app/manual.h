/* What the program says of itself, all from the tables: --help, --list-commands and the manual
 * page. */
#ifndef APP_MANUAL_H
#define APP_MANUAL_H

#include "ui/help.h"

extern const struct help_row manual_x_options[]; /* several in one row: "-bg COLOUR, -fg COLOUR" */

void manual_help(void); /* --help */
void manual_commands(void);
void manual_commands_json(void); /* --list-commands */
void manual_page(void);          /* the manual page, troff with man macros */

#endif
