/* The command `memory`: what is told of memory. Owns nothing. */
#include "commands_parts.h"

#include <string.h>

#include "base/language.h"

#include "report.h"
#include "session.h"

static bool run_hud(struct session *session, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    bool shown = watch_shown(session);
    (void)reply;
    if (!command_switch(count, words, &shown, fault))
        return false;
    watch_show(session, shown);
    return true;
}

static bool run_report(struct session *session, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    if (count && strcmp(words[0], "json"))
        return command_refuse(fault, words[0], "json");
    const struct figures *figures = watch_take(session);
    if (count)
        report_json(figures, reply);
    else
        report_text(figures, reply);
    return true;
}

static bool run_large(struct session *session, int count, char **words, struct reply *reply,
                      struct fault *fault)
{
    (void)count, (void)words, (void)fault;
    report_large(watch_take(session), reply);
    return true;
}

static bool run_snapshot(struct session *session, int count, char **words, struct reply *reply,
                         struct fault *fault)
{
    struct figures *kept = snapshots_keep(&session->watch.snapshots, words[0], fault);
    (void)count, (void)reply;
    if (kept)
        *kept = *watch_take(session);
    return kept != NULL;
}

static bool run_diff(struct session *session, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    const struct snapshots *snapshots = &session->watch.snapshots;
    const struct figures *before = snapshots_find(snapshots, words[0], fault);
    if (!before)
        return false;
    const struct figures *after =
        count > 1 ? snapshots_find(snapshots, words[1], fault) : watch_take(session);
    if (after)
        report_difference(before, after, reply);
    return after != NULL;
}

static const struct subject {
    const char *name;
    int least, most; /* words that follow */
    bool (*run)(struct session *session, int count, char **words, struct reply *reply,
                struct fault *fault);
} subjects[] = {{"hud", 0, 1, run_hud},
                {"report", 0, 1, run_report},
                {"large", 0, 0, run_large},
                {"snapshot", 1, 1, run_snapshot},
                {"diff", 1, 2, run_diff}};

bool command_memory(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const struct subject *subject = &subjects[i];
        if (strcmp(words[0], subject->name))
            continue;
        if (count - 1 < subject->least || count - 1 > subject->most)
            return fault_set(fault, FAULT_USAGE, "memory %s takes %d%s words, not %d",
                             subject->name, subject->least,
                             subject->most > subject->least ? _(" or one more") : "", count - 1);
        return subject->run(context, count - 1, words + 1, reply, fault);
    }
    return command_refuse(fault, words[0], "hud, report, large, snapshot or diff");
}
