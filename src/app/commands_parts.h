/* What the files of command handlers share. Private to src/app/commands*.c, one file for each
 * subject; the table is in commands.c. */
#ifndef APP_COMMANDS_PARTS_H
#define APP_COMMANDS_PARTS_H

#include <stdbool.h>

#include "base/fault.h"
#include "commands.h"

/* Fills the fault: 'word' is not `wanted`. Returns false. */
bool command_refuse(struct fault *fault, const char *word, const char *wanted);

/* "on", "off" or, with no word, the other of the two. */
bool command_switch(int count, char **words, bool *value, struct fault *fault);

/* Handlers, as struct command has them; `context` is the session. */
bool command_auto(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_preset(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_lock(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_reload(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_open(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_folder(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_recent(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_memory(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_stack(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_page(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_channel(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault);
bool command_slice(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_time(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_series(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_cine(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_wheel(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_page_window(void *context, int count, char **words, struct reply *reply,
                         struct fault *fault);
bool command_screenshot(void *context, int count, char **words, struct reply *reply,
                        struct fault *fault);
bool command_render(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_export(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_wait(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_state(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);

bool command_chrome(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_status(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_fullscreen(void *context, int count, char **words, struct reply *reply,
                        struct fault *fault);
bool command_scheme(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault);
bool command_histogram(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault);
bool command_help(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_transport(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault);
bool command_overviews(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault);
bool command_probe(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_distance(void *context, int count, char **words, struct reply *reply,
                      struct fault *fault);
bool command_rectangle(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault);
bool command_ellipse(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault);
bool command_measurements(void *context, int count, char **words, struct reply *reply,
                          struct fault *fault);
bool command_clear(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_calibrate(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault);
bool command_loupe(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_copy(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_paste(void *context, int count, char **words, struct reply *reply,
                   struct fault *fault);
bool command_tool(void *context, int count, char **words, struct reply *reply, struct fault *fault);
bool command_overlay(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault);

#endif
