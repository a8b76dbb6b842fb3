/* Handlers of commands about the window: what is shown around the image, its colours, the whole
 * screen. See commands_parts.h. */
#include <string.h>

#include "commands_parts.h"
#include "session_parts.h"
#include "values.h"

static const char *const part_words[] = {"menu", "tools", "panel", "files", "status", NULL};
static const unsigned part_bits[] = {LAYOUT_MENU, LAYOUT_TOOLS, LAYOUT_SIDE, LAYOUT_FILES,
                                     LAYOUT_STATUS};

static bool show_part(struct session *session, unsigned part, int count, char **words,
                      struct fault *fault)
{
    unsigned parts = shell_parts(session->shell);
    bool shown = parts & part;
    if (!command_switch(count, words, &shown, fault))
        return false;
    desk_show(session, shown ? parts | part : parts & ~part);
    return true;
}

bool command_chrome(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    int part;
    (void)reply;
    if (count && value_choice(words[0], part_words, &part))
        return show_part(session, part_bits[part], count - 1, words + 1, fault);
    bool shown = shell_parts(session->shell) != 0;
    bool was = shown;
    if (count > 1 || !command_switch(count, words, &shown, fault))
        return command_refuse(fault, words[0], "on, off, or menu, tools, panel, files or status");
    if (count && shown)
        desk_show(session, LAYOUT_USUAL);
    else if (shown != was)
        desk_toggle(session);
    return true;
}

bool command_status(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    (void)reply;
    return show_part(context, LAYOUT_STATUS, count, words, fault);
}

bool command_fullscreen(void *context, int count, char **words, struct reply *reply,
                        struct fault *fault)
{
    struct session *session = context;
    bool full = shell_is_fullscreen(session->shell);
    (void)reply;
    if (!command_switch(count, words, &full, fault))
        return false;
    desk_fullscreen(session, full);
    return true;
}

bool command_scheme(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    int scheme;
    (void)count, (void)reply;
    if (!value_choice(words[0], desk_schemes, &scheme))
        return command_refuse(fault, words[0], "auto, gray or dark");
    session->desk.scheme = (enum desk_scheme)scheme;
    desk_use_scheme(session);
    return true;
}

bool command_histogram(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    int log = !session->desk.log;
    static const char *const scales[] = {"linear", "log", NULL};
    (void)reply;
    if (count && !value_choice(words[0], scales, &log))
        return command_refuse(fault, words[0], "linear or log");
    session->desk.log = log;
    desk_update(session);
    return true;
}

bool command_help(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)count, (void)words, (void)reply, (void)fault;
    session_toggle_help(context);
    return true;
}
