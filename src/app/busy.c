/* The progress bar: what the status line says of work that takes long. Owns when it is shown, how
 * often it is drawn anew, and that it never goes back within one view. */
#include <stdio.h>

#include "base/language.h"
#include "base/clock.h"
#include "session_parts.h"

/* Shorter work is not mentioned; a thin client draws no more than ten bars a second. */
enum { SHOW_MS = 300, STEP_MS = 100 };

static const char *const words[] = {[LOADER_RESTS] = "",
                                    [LOADER_OPENS] = N_("opening"),
                                    [LOADER_DECODES] = N_("decoding"),
                                    [LOADER_READS] = N_("reading"),
                                    [LOADER_MEASURES] = N_("measuring"),
                                    [LOADER_COUNTS] = N_("counting pages")};

static void show(struct session *session, enum loader_task task, double share)
{
    char text[STATUS_TEXT];
    bool known = task == LOADER_DECODES || task == LOADER_READS || task == LOADER_MEASURES;
    if (known)
        snprintf(text, sizeof text, "%s %d %%", _(words[task]), (int)(share * 100));
    else
        snprintf(text, sizeof text, "%s", _(words[task]));
    session->status_changed |= statusline_progress(&session->status, text, known ? share : 0);
}

/* A list of wishes that cannot hold all that is seen tells nothing of the rest. */
static double share_of_view(const struct session *session, const struct loader_progress *progress)
{
    const struct painter *painter = &session->scene.painter;
    if (progress->task == LOADER_READS && !framing_fits(&session->scene))
        return painter_share(painter);
    return progress->share;
}

static void tick(void *context)
{
    busy_update(context);
}

static void note(struct busy *busy, enum loader_task task, double share)
{
    if (task != busy->task)
        busy->share = 0;
    if (share > busy->share)
        busy->share = share;
    busy->task = task;
}

void busy_view_changed(struct session *session)
{
    session->busy.share = 0;
}

void busy_update(struct session *session)
{
    struct busy *busy = &session->busy;
    struct loader_progress progress;
    int64_t now = clock_ms();
    loader_progress(session->scene.loader, &progress);
    if (session->opening)
        progress.task = LOADER_OPENS;
    /* A bar that came and went with each picture of a cine would tell nothing. */
    if (progress.task == LOADER_RESTS || session->cine.on) {
        *busy = (struct busy){0};
        show(session, LOADER_RESTS, 0);
        loop_timer_cancel(&session->loop, tick, session);
        return;
    }
    if (!busy->since_ms)
        busy->since_ms = now;
    note(busy, progress.task, share_of_view(session, &progress));
    if (now - busy->since_ms >= SHOW_MS && now - busy->shown_ms >= STEP_MS) {
        busy->shown_ms = now;
        show(session, busy->task, busy->share);
    }
    loop_timer(&session->loop, STEP_MS, tick, session);
}
