/* The command `overviews`: copies of the page shown, made in the background. Owns nothing. */
#include <string.h>

#include "commands_parts.h"
#include "session.h"

bool command_overviews(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    (void)count, (void)reply;
    if (!strcmp(words[0], "build"))
        return building_start(session, fault);
    if (strcmp(words[0], "stop"))
        return command_refuse(fault, words[0], "build or stop");
    return building_stop(session) || fault_set(fault, FAULT_USAGE, "no overviews are being made");
}
