/* The commands that are for scripts: waiting, and telling. Owns nothing. */
#include "commands_parts.h"

#include <string.h>

#include "base/language.h"

#include "session_parts.h"
#include "state.h"
#include "values.h"

enum { SECONDS_MOST = 1000000 };

enum script_wait wait_refused(struct session *session, const struct script_run *run,
                              struct fault *fault)
{
    if (session->refusals == run->refusals)
        return WAIT_ON;
    *fault = session->scene.refusal;
    return WAIT_FAILED;
}

enum script_wait wait_idle(struct session *session, struct script_run *run, struct fault *fault)
{
    enum script_wait refused = wait_refused(session, run, fault);
    return refused == WAIT_ON && framing_settled(session) ? WAIT_MET : refused;
}

/* And the dialog and the file list show all that they will. */
static enum script_wait wait_all(struct session *session, struct script_run *run,
                                 struct fault *fault)
{
    enum script_wait idle = wait_idle(session, run, fault);
    return idle == WAIT_MET && choosing_busy(session) ? WAIT_ON : idle;
}

static enum script_wait wait_frame(struct session *session, struct script_run *run,
                                   struct fault *fault)
{
    (void)fault;
    return session->frame >= run->frame && !shell_unanswered(session->shell) ? WAIT_MET : WAIT_ON;
}

static enum script_wait wait_file(struct session *session, struct script_run *run,
                                  struct fault *fault)
{
    enum script_wait refused = wait_refused(session, run, fault);
    bool there = session->scene.open && !session->opening && !session->file_asked;
    return refused == WAIT_ON && there ? WAIT_MET : refused;
}

bool command_wait(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    bool frame = !strcmp(words[0], "frame"), file = !strcmp(words[0], "file");
    int given = frame ? 2 : 1;
    int64_t number = 0;
    double seconds = 0;
    (void)reply;
    if (!frame && !file && strcmp(words[0], "idle"))
        return command_refuse(fault, words[0], "idle, frame or file");
    if (count < given || count > given + 1)
        return fault_set(fault, FAULT_USAGE, "wait %s takes %s and, last, a limit in seconds",
                         words[0], frame ? _("a number") : _("nothing"));
    if (frame && !value_integer(words[1], 0, INT64_MAX, &number))
        return command_refuse(fault, words[1], "the number of a frame");
    if (count > given &&
        (!value_number(words[given], &seconds) || !(seconds > 0) || seconds > SECONDS_MOST))
        return command_refuse(fault, words[given], "a limit in seconds");
    scripts_wait(session, seconds,
                 frame  ? wait_frame
                 : file ? wait_file
                        : wait_all)
        ->frame = number;
    return true;
}

bool command_state(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    bool json = count > 0;
    if (json && strcmp(words[0], "--json") && strcmp(words[0], "json"))
        return command_refuse(fault, words[0], "--json");
    state_tell(context, json, reply);
    return true;
}
