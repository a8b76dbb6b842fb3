/* Scripts under way: see scripts.h. Owns their texts and answers. */
#include "scripts.h"

#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "commands.h"
#include "session_parts.h"

/* ---- room ---- */

static struct script_run *free_run(struct scripts *scripts, struct fault *fault)
{
    for (int i = 0; i < SCRIPTS; i++) {
        if (!scripts->runs[i])
            scripts->runs[i] = ledger_alloc(LEDGER_UI, sizeof *scripts->runs[i], fault);
        if (!scripts->runs[i] || scripts->runs[i]->stage == RUN_FREE)
            return scripts->runs[i];
    }
    fault_set(fault, FAULT_USAGE, "%d scripts are waiting already", SCRIPTS);
    return NULL;
}

static const char *copy_text(struct script_run *run, const char *text, struct fault *fault)
{
    size_t bytes = strlen(text) + 1;
    char *to = run->short_text;
    if (bytes > sizeof run->short_text) {
        to = run->long_text = ledger_alloc(LEDGER_UI, bytes, fault);
        run->long_bytes = bytes;
    }
    if (to)
        memcpy(to, text, bytes);
    return to;
}

static void release(struct session *session, struct script_run *run)
{
    if (run->held)
        run->let_go(session, run);
    if (run->long_text)
        ledger_free(LEDGER_UI, run->long_text, run->long_bytes);
    run->long_text = NULL;
    run->stage = RUN_FREE;
}

/* ---- running ---- */

static void answer(struct session *session, struct script_run *run)
{
    run->asker->answer(session, run);
    release(session, run);
}

/* Who reads the answer may read the state next: it must tell of what the commands changed. */
static void finish(struct session *session, struct script_run *run)
{
    bool changed = session->view_changed || session->tone_changed;
    if (!run->good)
        session_message(session, run->fault.text);
    run->stage = RUN_SETTLES;
    if (!changed || !session->scene.open || session->loop.stopped)
        answer(session, run);
}

/* The file that commands asked for last is there; or it will not be. */
static enum script_wait file_came(struct session *session, struct script_run *run,
                                  struct fault *fault)
{
    enum script_wait refused = wait_refused(session, run, fault);
    return refused == WAIT_ON && !session->file_asked ? WAIT_MET : refused;
}

/* The answer to who asked for a file tells whether it came. */
static void wait_for_file(struct session *session, struct script_run *run)
{
    run->met = file_came;
    run->until_ms = 0;
    run->refusals = session->refusals;
}

static void go_on(struct session *session, struct script_run *run)
{
    struct scripts *scripts = &session->scripts;
    scripts->current = run;
    run->stage = RUN_WAITS;
    session->asks_file = false;
    enum script_end end =
        script_go_on(&run->script, command_table, session, &run->reply, &run->fault);
    scripts->current = NULL;
    run->good = end != SCRIPT_FAILED;
    if (end == SCRIPT_WAITS && session->loop.stopped)
        return; /* scripts_end answers it */
    if (session->view_changed || session->tone_changed)
        preview_note_hand(session);
    if (end == SCRIPT_DONE && session->asks_file && !run->asker->hurried && !session->loop.stopped)
        wait_for_file(session, run);
    else if (end != SCRIPT_WAITS)
        finish(session, run);
}

/* An earlier one of the same asker that is not over. */
static bool is_preceded(const struct scripts *scripts, const struct script_run *run)
{
    bool found = false;
    for (int i = 0; i < SCRIPTS; i++) {
        const struct script_run *other = scripts->runs[i];
        found |= other && other->stage != RUN_FREE && other->asker == run->asker &&
                 other->number < run->number;
    }
    return found && run->asker->in_turn;
}

/* Who asks for more does not wait for a file that does not come: what was answered only then is
 * answered now. */
static void hurry(struct session *session, const struct script_asker *asker)
{
    struct scripts *scripts = &session->scripts;
    for (int i = 0; i < SCRIPTS && asker->in_turn; i++) {
        struct script_run *run = scripts->runs[i];
        if (run && run->asker == asker && run->stage == RUN_WAITS && run->met == file_came)
            answer(session, run);
    }
}

bool scripts_start(struct session *session, const char *text, const struct script_asker *asker,
                   unsigned long client, struct fault *fault)
{
    struct scripts *scripts = &session->scripts;
    hurry(session, asker);
    struct script_run *run = free_run(scripts, fault);
    const char *copy = run ? copy_text(run, text, fault) : NULL;
    if (!copy)
        return false;
    log_line(LOG_COMMAND, "%s", text);
    run->asker = asker;
    run->client = client;
    run->number = ++scripts->count;
    run->reply.length = 0;
    run->reply.text[0] = 0;
    run->reply.cut = false;
    run->good = true;
    run->stage = RUN_BEGINS;
    script_begin(&run->script, copy);
    if (!is_preceded(scripts, run))
        go_on(session, run);
    return true;
}

/* ---- waiting ---- */

static void wake(void *context)
{
    (void)context; /* the turn that follows asks again */
}

struct script_run *scripts_wait(struct session *session, double seconds,
                                enum script_wait (*met)(struct session *, struct script_run *,
                                                        struct fault *))
{
    struct script_run *run = session->scripts.current;
    int64_t wait_ms = (int64_t)(seconds * 1000) + 1;
    run->met = met;
    run->seconds = seconds;
    run->until_ms = seconds > 0 ? clock_ms() + wait_ms : 0;
    run->refusals = session->refusals;
    run->reply.waits = true;
    return run;
}

static enum script_wait ask(struct session *session, struct script_run *run)
{
    enum script_wait wait = run->met(session, run, &run->fault);
    if (wait != WAIT_ON || !run->until_ms || clock_ms() < run->until_ms)
        return wait;
    fault_set(&run->fault, FAULT_USAGE, "%s: not within %g s", run->script.name, run->seconds);
    return WAIT_FAILED;
}

static bool take_turn(struct session *session, struct script_run *run)
{
    if (run->stage == RUN_BEGINS && !is_preceded(&session->scripts, run)) {
        go_on(session, run);
        return true;
    }
    enum script_wait wait = run->stage == RUN_WAITS ? ask(session, run) : WAIT_ON;
    if (wait == WAIT_MET)
        go_on(session, run);
    if (wait == WAIT_FAILED) {
        if (run->met != file_came)
            script_place_fault(&run->script, &run->fault);
        run->good = false;
        finish(session, run);
    }
    return wait != WAIT_ON;
}

static void set_alarm(struct session *session)
{
    int64_t first = 0;
    for (int i = 0; i < SCRIPTS; i++) {
        const struct script_run *run = session->scripts.runs[i];
        bool limited = run && run->stage == RUN_WAITS && run->until_ms;
        if (limited && (!first || run->until_ms < first))
            first = run->until_ms;
    }
    if (first)
        loop_timer(&session->loop, max64(first - clock_ms(), 0), wake, session);
}

bool scripts_turn(struct session *session)
{
    bool any = false;
    for (int i = 0; i < SCRIPTS && !session->loop.stopped; i++)
        if (session->scripts.runs[i])
            any |= take_turn(session, session->scripts.runs[i]);
    set_alarm(session);
    return any;
}

void scripts_taken_up(struct session *session)
{
    for (int i = 0; i < SCRIPTS; i++)
        if (session->scripts.runs[i] && session->scripts.runs[i]->stage == RUN_SETTLES)
            session->scripts.runs[i]->stage = RUN_SHOWN;
}

void scripts_announced(struct session *session)
{
    for (int i = 0; i < SCRIPTS; i++)
        if (session->scripts.runs[i] && session->scripts.runs[i]->stage == RUN_SHOWN)
            answer(session, session->scripts.runs[i]);
}

static void give_up(struct session *session, struct script_run *run)
{
    if (run->stage == RUN_FREE)
        return;
    if (run->stage != RUN_SETTLES && run->stage != RUN_SHOWN)
        run->good = fault_set(&run->fault, FAULT_USAGE, "the viewer has ended");
    answer(session, run);
}

void scripts_end(struct session *session)
{
    for (int i = 0; i < SCRIPTS; i++) {
        struct script_run *run = session->scripts.runs[i];
        if (!run)
            continue;
        give_up(session, run);
        ledger_free(LEDGER_UI, run, sizeof *run);
        session->scripts.runs[i] = NULL;
    }
}
