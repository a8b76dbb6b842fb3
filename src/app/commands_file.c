/* The commands `open`, `folder`, `recent` and `reload`: another file, by name, by the dialog or
 * beside the one shown, and the one shown as it is now. Owns nothing. */
#include "commands_parts.h"
#include <limits.h>
#include <string.h>

#include "session_parts.h"
#include "values.h"

bool command_open(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)reply;
    if (count)
        return session_open_path(context, words[0], fault);
    choosing_open(context, SAVING_NOTHING);
    return true;
}

/* The folder is read; then the file comes, or does not. */
static enum script_wait wait_folder(struct session *session, struct script_run *run,
                                    struct fault *fault)
{
    enum script_wait refused = wait_refused(session, run, fault);
    if (session->roll.looking || refused != WAIT_ON)
        return session->roll.looking ? WAIT_ON : refused;
    if (session->roll.fault.kind != FAULT_NONE) {
        *fault = session->roll.fault;
        return WAIT_FAILED;
    }
    return session->file_asked ? WAIT_ON : WAIT_MET;
}

bool command_folder(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    static const char *const ways[] = {"next", "previous", "first", "last", NULL};
    static const int steps[] = {1, -1, INT_MIN, INT_MAX};
    struct session *session = context;
    int way;
    int64_t step = 0;
    bool signed_number = (*words[0] == '+' || *words[0] == '-') &&
                         value_integer(words[0] + 1, 1, INT32_MAX / 2, &step);
    (void)count, (void)reply;
    if (value_choice(words[0], ways, &way))
        step = steps[way];
    else if (!signed_number)
        return command_refuse(fault, words[0], "next, previous, first, last, +N or -N");
    else if (*words[0] == '-')
        step = -step;
    if (!roll_step(session, (int)step, fault))
        return false;
    scripts_wait(session, 0, wait_folder);
    return true;
}

bool command_recent(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    char *const *paths = session->recent.paths;
    int known = recent_count(&session->recent);
    int64_t number;
    for (int i = 0; count == 0 && i < known; i++)
        reply_add(reply, "%s\n", paths[i]);
    if (count && !strcmp(words[0], "clear"))
        recent_clear(session);
    else if (count && !value_integer(words[0], 1, known, &number))
        return command_refuse(fault, words[0], "clear, or the number of a file shown last");
    else if (count)
        return session_open_path(session, paths[number - 1], fault);
    return true;
}

bool command_reload(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    (void)count, (void)words, (void)reply;
    if (!session_reload(session, fault))
        return false;
    session->message_old = true;
    thumbs_forget(&session->thumbs); /* the others may be others now, too */
    thumbs_turn(&session->thumbs);
    return true;
}
