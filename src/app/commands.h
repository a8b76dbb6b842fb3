/* The command table: every command of the viewer, once. Its handlers work on a struct session. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "ui/command.h"

extern const struct command command_table[];

#endif
