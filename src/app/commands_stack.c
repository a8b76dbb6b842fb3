/* The commands that go from page to page: along axes, by themselves, and what the wheel has to do
 * with it. Owns nothing. */
#include "commands_parts.h"

#include <string.h>

#include "base/clock.h"
#include "session.h"
#include "values.h"

bool command_stack(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)count, (void)reply;
    return session_stack(context, words[0], fault);
}

bool command_page(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)count, (void)reply;
    return session_page(context, words[0], fault);
}

bool command_channel(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    (void)count, (void)reply;
    return session_step(context, AXIS_CHANNEL, words[0], fault);
}

bool command_slice(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)count, (void)reply;
    return session_step(context, AXIS_SLICE, words[0], fault);
}

bool command_time(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    (void)count, (void)reply;
    return session_step(context, AXIS_TIME, words[0], fault);
}

bool command_series(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    const struct page *page = &session->scene.page;
    int32_t series;
    (void)count, (void)reply;
    if (!session->scene.open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    if (!place_series(page, words[0], &series, fault))
        return false;
    return series == page->series || session_open_series(session, series, fault);
}

bool command_cine(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    struct cine *cine = &session->cine;
    const char *word = count ? words[0] : cine->on ? "off" : "on";
    double rate;
    (void)reply;
    if (!strcmp(word, "off")) {
        session_stop_cine(session);
        return true;
    }
    if (!strcmp(word, "loop") || !strcmp(word, "bounce")) {
        cine_set_bounce(cine, clock_ms(), *word == 'b');
        return true;
    }
    if (value_rate(word, &rate))
        cine_set_rate(cine, clock_ms(), rate);
    else if (strcmp(word, "on"))
        return command_refuse(fault, word,
                              "on, off, loop, bounce or pages for a second, 0.1 to 100");
    return cine->on || session_play(session, fault);
}

bool command_wheel(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    int use;
    (void)count, (void)reply;
    if (!value_choice(words[0], wheel_uses, &use))
        return command_refuse(fault, words[0], "auto, page or zoom");
    session->wheel = (enum wheel_use)use;
    return true;
}

bool command_page_window(void *context, int count, char **words, struct reply *reply,
                         struct fault *fault)
{
    struct session *session = context;
    int each;
    (void)count, (void)reply;
    if (!value_choice(words[0], page_windows, &each))
        return command_refuse(fault, words[0], "keep or auto");
    session->scene.each_window = each;
    return true;
}
