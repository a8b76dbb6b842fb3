/* When memory is given back, and taken again: see relief.h. What the budget then is, economy.c
 * decides. */
#include "relief.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "session_parts.h"
#include "values.h"

enum {
    COVERED_MS = 60000, /* a window that is covered for so long rests */
    ASK_MS = 10000,     /* while the system does not call by itself, or memory is short */
    ASK_LEAST_MS = 2000,
    CALM_ANSWERS = 3, /* so many make room for more tiles again */
    SQUEEZE_MOST = 3
};

static void drop_tiles(struct session *session)
{
    struct loader *loader = session->scene.loader;
    loader_prefetch(loader, NULL, 0);
    loader_want(loader, NULL, 0);
    arena_set_budget(loader_arena(loader), 0);
    arena_drop_all(loader_arena(loader));
    loader_rest(loader);
}

/* `resized` follows, and comes here again when there is no memory still. */
bool relief_retry(struct session *session)
{
    if (session->relief.retrying)
        return false;
    session->relief.retrying = true;
    drop_tiles(session);
    shell_wake(session->shell);
    session->relief.retrying = false;
    scene_set_budget(&session->scene);
    return true;
}

/* ---- a window that is not seen ---- */

static void fall_asleep(struct session *session)
{
    session->relief.resting = true;
    drop_tiles(session);
    loader_count(session->scene.loader); /* no pass over the page for tiles will serve it */
    shell_rest(session->shell);
    if (!session->choosing.open)
        thumbs_forget(&session->thumbs);
    log_line(LOG_TILES, "the window is not to be seen: memory is given back");
}

static void wake_up(struct session *session)
{
    session->relief.resting = session->asked = false;
    session->first = true;
    session->opened_ms = clock_ms();
    scene_set_budget(&session->scene);
    shell_wake(session->shell);
    thumbs_turn(&session->thumbs);
    session_view_changed(session);
    log_line(LOG_TILES, "the window is to be seen again");
}

static void settle(struct session *session)
{
    bool rest = session->relief.hidden || session->relief.covered;
    if (rest && !session->relief.resting)
        fall_asleep(session);
    else if (!rest && session->relief.resting)
        wake_up(session);
}

void relief_hidden(struct session *session, bool hidden)
{
    session->relief.hidden = hidden;
    settle(session);
}

static void covered_long(void *context)
{
    struct session *session = context;
    session->relief.covered = true;
    settle(session);
}

static int64_t covered_ms(const struct session *session)
{
    int64_t seconds;
    const char *text = resources_text(session->resources, "coveredSeconds", "CoveredSeconds");
    return text && value_integer(text, 0, 86400, &seconds) ? seconds * 1000 : COVERED_MS;
}

void relief_covered(struct session *session, bool covered)
{
    if (covered) {
        loop_timer(&session->loop, covered_ms(session), covered_long, session);
        return;
    }
    loop_timer_cancel(&session->loop, covered_long, session);
    session->relief.covered = false;
    settle(session);
}

/* ---- a machine that is short of memory ---- */

static void ask(void *context);

static void squeeze(struct session *session, int change)
{
    struct economy *economy = &session->scene.economy;
    int before = economy->squeeze;
    economy->squeeze = (int)clamp64(before + change, 0, SQUEEZE_MOST);
    session->relief.calm = 0;
    if (economy->squeeze == before)
        return;
    log_line(LOG_TILES, "memory is %s: tiles at 1/%d", change > 0 ? "short" : "there again",
             1 << economy->squeeze);
    if (session->relief.resting)
        return;
    scene_set_budget(&session->scene);
    if (change > 0)
        loader_rest(session->scene.loader);
}

static void ask_later(struct session *session)
{
    if (session->scene.economy.squeeze || pressure_fd(&session->relief.pressure) < 0)
        loop_timer(&session->loop, ASK_MS, ask, session);
}

static void ask(void *context)
{
    struct session *session = context;
    struct pressure_figures figures = pressure_ask(&session->relief.pressure);
    session->relief.asked_ms = clock_ms();
    if (pressure_is_high(&figures))
        squeeze(session, 1);
    else if (++session->relief.calm >= CALM_ANSWERS)
        squeeze(session, -1);
    ask_later(session);
}

/* The call alone says little (the first comes without a reason): the figures count. While processes
 * wait it comes every 2 s. */
static void processes_wait(void *context, short revents)
{
    struct session *session = context;
    if (!(revents & POLLPRI))
        loop_unwatch(&session->loop, pressure_fd(&session->relief.pressure));
    ask(session);
}

void relief_note(struct session *session, size_t footprint)
{
    struct arena *arena = loader_arena(session->scene.loader);
    size_t tiles = (size_t)arena_used(arena) * arena_slot_bytes(arena);
    if (session->relief.resting)
        return;
    if (economy_note(&session->scene.economy, footprint, tiles))
        scene_set_budget(&session->scene);
    if (clock_ms() - session->relief.asked_ms >= ASK_LEAST_MS)
        ask(session);
}

void relief_begin(struct session *session)
{
    struct pressure *pressure = &session->relief.pressure;
    pressure_open(pressure, &pressure_usual);
    if (pressure_fd(pressure) >= 0)
        loop_watch(&session->loop, pressure_fd(pressure), POLLPRI, processes_wait, session);
    ask_later(session);
}

void relief_end(struct session *session)
{
    struct pressure *pressure = &session->relief.pressure;
    if (!pressure->places.stall)
        return;
    loop_unwatch(&session->loop, pressure_fd(pressure));
    pressure_close(pressure);
}
