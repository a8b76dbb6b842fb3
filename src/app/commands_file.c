/* The command `reload`: the file shown, as it is now. Owns nothing. */
#include "commands_parts.h"
#include "session.h"

bool command_reload(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    (void)count, (void)words, (void)reply;
    if (!session_reload(session, fault))
        return false;
    session->message_old = true;
    return true;
}
