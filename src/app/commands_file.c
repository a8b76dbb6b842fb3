/* The commands `open` and `reload`: another file, and the one shown as it is now. Owns nothing. */
#include "commands_parts.h"
#include "session.h"

bool command_open(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    int place = files_find(&session->files, words[0]);
    (void)count, (void)reply;
    if (place < 0)
        place = files_add(&session->files, words[0], fault);
    return place >= 0 && session_open_file(session, place, 0, fault);
}

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
