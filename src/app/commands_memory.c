/* The command `memory`: what is told of memory. Owns nothing. */
#include "commands_parts.h"

#include <string.h>

#include "report.h"
#include "session.h"

bool command_memory(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    const struct session *session = context;
    (void)count;
    if (strcmp(words[0], "report"))
        return command_refuse(fault, words[0], "report");
    report_memory(&session->scene, reply);
    return true;
}
