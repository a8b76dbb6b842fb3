/* When and what is painted: turns changes into frames, at most one unanswered at a time.
 *
 * A frame is painted from what is there, sent, and announced by the state property, which is also
 * the fence: the next one waits until it has come back. Where the server may yet refuse the
 * picture, the property says that it is final only then. */
#include "session_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "state.h"

enum {
    FIRST_PATIENCE_MS = 150, /* so long the first frame of a page waits for being whole, ... */
    PASSING_PATIENCE_MS =
        300, /* ... and of one that is only passed through, as the one before stays */
    /* Where the picture crosses a line, what is shown first costs time that what comes next must
     * wait for. */
    FIRST_AFAR_MS = 500,
    VIEW_AFAR_MS = 100,
    UNSEEN_PATIENCE_MS = 2000, /* so long it waits for the window to be seen at all */
    REPAINT_MS = 25            /* while tiles come, frames follow each other no faster */
};

static void before(void *context, struct rect rect)
{
    struct session *session = context;
    shell_before(session->shell, rect);
}

static void drawn(void *context, struct rect rect)
{
    struct session *session = context;
    overlays_draw(session, rect, shell_pixels(session->shell));
    loupe_draw(session, rect, shell_pixels(session->shell));
    shell_drawn(session->shell, rect);
}

/* All that the picture is to be has been sent. */
static bool final(const struct session *session)
{
    const struct scene *scene = &session->scene;
    if (session->opening || session->scene.passing)
        return false;
    bool painted = painter_done(&scene->painter) || session->relief.resting || scene->starved;
    if (session->sending || (session->shell && !shell_exact(session->shell)))
        return false;
    bool changed = session->view_changed || session->tone_changed;
    return !scene->open || (painted && !changed && scene->window_final &&
                            (session->writing || loader_pending(scene->loader) == 0));
}

/* And the server has it. */
static bool idle(const struct session *session)
{
    return final(session) && (!session->shell || shell_proven(session->shell));
}

void framing_damage(struct session *session, struct rect rect)
{
    if (rect_empty(rect))
        return;
    painter_stale(&session->scene.painter, rect);
    session->exposed = true;
}

static void wake(void *context)
{
    (void)context; /* the turn that follows asks again whether to paint */
}

/* While more is to come, wait a little so that one frame shows much of it; how long, 0 = paint now.
 */
static int64_t patience(const struct session *session)
{
    int64_t unseen = session->opened_ms + UNSEEN_PATIENCE_MS - clock_ms();
    if (shell_unseen(session->shell) && unseen > 0)
        return unseen;
    bool missing = loader_missing(session->scene.loader) > 0;
    bool afar = shell_copies(session->shell);
    if (session->first) {
        int patience = session->scene.passing ? PASSING_PATIENCE_MS
                       : afar                 ? FIRST_AFAR_MS
                                              : FIRST_PATIENCE_MS;
        bool complete = !missing && session->scene.window_final;
        return complete ? 0 : session->opened_ms + patience - clock_ms();
    }
    if (afar && session->view_changed && missing)
        return session->view_ms + VIEW_AFAR_MS - clock_ms();
    if (session->view_changed || session->tone_changed || !missing)
        return 0;
    return session->painted_ms + REPAINT_MS - clock_ms();
}

/* Where pages pass by themselves, the next is wanted sooner than it could be foreseen. */
static void foresee(struct session *session, const struct tile_key *keys, int count, int room)
{
    struct foresight *foresight = &session->foresight;
    const struct scene *scene = &session->scene;
    struct source_choice choice = scene->choice;
    foresight_see_page(foresight, &scene->page);
    foresight_see(foresight, &scene->view);
    choice.index = scene->passing ? -1 : foresight_page(foresight, &scene->page);
    if (choice.index < 0) {
        struct tile_list ahead = foresight_list(foresight, &scene->page, room);
        loader_prefetch(scene->loader, ahead.keys, ahead.count);
        return;
    }
    struct tile_list ahead =
        foresight_tiles(foresight, &scene->page, choice.index, keys, count, room);
    loader_foresee(scene->loader, choice, ahead.keys, ahead.count);
}

/* Also what may be wanted next, as far as there is room for it. */
static void want_tiles(struct session *session, const struct painting *painting)
{
    struct scene *scene = &session->scene;
    int count;
    const struct tile_key *keys = painter_wants(&scene->painter, painting, &count);
    loupe_want(session, keys, count);
    foresee(session, keys, count, arena_capacity(painting->arena) - count);
}

/* A plan for the view as it is (the one there is when nothing changed), every cell to be painted
 * anew. */
static bool lay_out(struct session *session)
{
    struct scene *scene = &session->scene;
    struct fault fault;
    struct rect area = {0, 0, scene->view.width, scene->view.height};
    scene->starved = false;
    if (scene_plan(scene, &fault) && painter_begin(&scene->painter, area, &fault))
        return true;
    session_message(session, fault.text);
    return false;
}

bool framing_fits(const struct scene *scene)
{
    struct rect area = {0, 0, scene->view.width, scene->view.height};
    struct tile_span span = frame_needs(scene->frame, area);
    return (int64_t)span.columns * span.rows <= arena_capacity(loader_arena(scene->loader));
}

/* True when what has been counted since the last frame gives another window. */
static bool window_moved(struct scene *scene)
{
    struct window before = scene->window;
    scene_refresh_window(scene);
    return scene->window.width != before.width || scene->window.center != before.center;
}

/* What has changed is in the picture that is sent next. */
static void taken_up(struct session *session)
{
    session->view_changed = session->tone_changed = false;
    scripts_taken_up(session);
}

/* Takes up what changed. A window that is not final begins the painting anew only where no tile
 * must be loaded again for it: with a small budget that would never end. */
static bool prepare(struct session *session)
{
    struct scene *scene = &session->scene;
    bool provisional =
        !scene->window_final && session->tiles_came && framing_fits(scene) && window_moved(scene);
    if (!session->view_changed && !session->tone_changed && !provisional)
        return true;
    if (!lay_out(session))
        return false;
    scene_tone(&session->scene);
    if (session->view_changed)
        busy_view_changed(session);
    taken_up(session);
    return true;
}

static void tell_state(struct session *session, void (*tell)(struct shell *, const char *))
{
    char state[STATE_LENGTH];
    session->announced_idle = idle(session);
    state_text(session, session->announced_idle, state, sizeof state);
    log_line(LOG_FRAME, "%s", state);
    tell(session->shell, state);
    if (session->announced_idle) {
        chrome_measure_later(session);
        preview_rest(session);
    }
}

void framing_announce(struct session *session)
{
    session->announced_final = final(session);
    session->frame++;
    session->painted_ms = clock_ms();
    tell_state(session, shell_announce);
    scripts_announced(session);
    busy_update(session);
    watch_later(session);
}

static void paint(struct session *session)
{
    struct scene *scene = &session->scene;
    const struct pixels *pixels = shell_pixels(session->shell);
    struct painting painting = scene_painting(scene, pixels, 0, 0);
    painting.page = &scene->page;
    painting.passing = scene->waiting;
    painting.before = before;
    painting.drawn = drawn;
    painting.band = shell_copies(session->shell) ? SHELL_BAND : 0;
    painting.context = session;
    session->exposed = false;
    overlays_refresh(session);
    loupe_begin(session);
    if (pixels->base)
        painter_step(&scene->painter, &painting, true);
    want_tiles(session, &painting);
    session->tiles_came = false;
    session->first = false;
}

void framing_begin_page(struct session *session)
{
    static const struct pixels none;
    if (!lay_out(session))
        return;
    struct scene *scene = &session->scene;
    const struct pixels *pixels = session->shell ? shell_pixels(session->shell) : &none;
    struct painting painting = scene_painting(scene, pixels, 0, 0);
    painting.page = &scene->page;
    painting.passing = scene->passing;
    want_tiles(session, &painting);
    session->opened_ms = clock_ms(); /* on a slow line the window comes long after the page */
    session->asked = true;
}

static bool needs_frame(const struct session *session)
{
    return session->view_changed || session->tone_changed || session->tiles_came ||
           session->exposed || (!session->sending && final(session) != session->announced_final);
}

/* Sends what the line takes; the frame is told of when all of it has gone. */
static void send_on(struct session *session)
{
    if (!shell_pump(session->shell, session->by_hand))
        return;
    session->sending = false;
    chrome_update(session);
    chrome_draw_status(session);
    framing_announce(session);
    if (session->scene.open)
        stack_painted(session);
}

bool framing_settled(const struct session *session)
{
    return session->announced_idle && !session->blank && !session->sending &&
           !needs_frame(session) && shell_unanswered(session->shell) == 0;
}

static void frame_turn(struct session *session)
{
    if (!session->asked)
        framing_begin_page(session);
    int64_t wait = patience(session);
    if (wait > 0) {
        loop_timer(&session->loop, wait, wake, session);
        return;
    }
    int64_t began = clock_us();
    bool view = session->view_changed, window = session->tone_changed && !session->tiles_came;
    if (!prepare(session))
        return;
    preview_begin(session, view, window);
    paint(session);
    preview_end(session);
    session->sending = true;
    session->by_hand = preview_hand(session);
    session->watch.frame_us = clock_us() - began;
    send_on(session);
}

/* Nobody looks: what is told is all there is to do. */
static void resting_turn(struct session *session)
{
    taken_up(session);
    session->tiles_came = session->first = session->blank = false;
    session->exposed = session->sending = false;
    if (!session->asked)
        loader_want(session->scene.loader, NULL, 0);
    session->asked = true;
    if (session->scene.open)
        chrome_update(session);
    framing_announce(session);
    stack_painted(session);
}

/* Nothing is open: no picture that is not one may stay. */
static void blank_turn(struct session *session)
{
    const struct pixels *pixels = shell_pixels(session->shell);
    if (pixels->base)
        memset(pixels->base, 0, pixels->stride * (size_t)pixels->height);
    shell_drawn(session->shell, (struct rect){0, 0, pixels->width, pixels->height});
    taken_up(session);
    session->preview.known = session->blank = false;
    session->exposed = session->by_hand = false;
    session->sending = true;
    send_on(session);
}

/* What is on its way is finished first where the hand moves, so that all of the window follows it;
 * the exact picture after that can be cut short. Tiles that came are painted at once. */
static bool may_paint(const struct session *session)
{
    bool changed = session->view_changed || session->tone_changed;
    return !session->sending || !changed || !session->by_hand;
}

/* Likenesses give way once the hand rests. */
static bool refine(struct session *session)
{
    if (!session->scene.open || preview_hand(session) || shell_exact(session->shell))
        return false;
    session->sending = true;
    session->by_hand = false;
    return true;
}

void framing_turn(struct session *session)
{
    if (!session->shell || shell_unanswered(session->shell) > 0)
        return;
    if (session->relief.resting && (session->blank || needs_frame(session)))
        resting_turn(session);
    else if (session->scene.open && needs_frame(session) && may_paint(session))
        frame_turn(session);
    else if (!session->scene.open && (session->blank || session->exposed))
        blank_turn(session);
    else if (session->sending || refine(session))
        send_on(session);
    else if (session->announced_final && !session->announced_idle && idle(session))
        tell_state(session, shell_confirm);
    else if (session->status_changed || session->status_exposed)
        chrome_draw_status(session);
    else
        shell_pump(session->shell, preview_hand(session));
}
