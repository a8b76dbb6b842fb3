/* Paging: what keys, the wheel and the clock ask for, and which page comes when.
 *
 * One page at a time is on its way. What is asked for meanwhile waits until something of that page
 * has been shown, and the latest takes the place of earlier ones: so every page that is reached is
 * seen, and nothing falls behind. Must never know how a page becomes tiles. */
#include "session_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/clock.h"

/* HELD_MS: a page that shows nothing by then gives way to the one that waits. */
enum { HELD_MS = 400 };

static const enum page_axis by_hand[] = {AXIS_SLICE, AXIS_TIME, PAGE_AXES};
static const enum page_axis by_clock[] = {AXIS_TIME, AXIS_SLICE, PAGE_AXES};

/* The stack that the page asked for lies in; false where there is none, or not yet. */
static bool stack_of(const struct session *session, const enum page_axis *order,
                     struct place_track *track)
{
    const struct scene *scene = &session->scene;
    if (!scene->open || scene->opening)
        return false;
    place_track(&scene->page, scene_target(scene).index, order, track);
    return true;
}

bool stack_wheel_pages(const struct session *session)
{
    const struct scene *scene = &session->scene;
    struct place_track track;
    if (session->wheel != WHEEL_AUTO || !scene->open)
        return session->wheel == WHEEL_PAGE;
    place_track(&scene->page, scene->page.index, by_hand, &track);
    return track.count > 1 || track.more;
}

/* ---- asking for pages ---- */

static void go_ahead(struct session *session)
{
    if (scene_go_ahead(&session->scene))
        stack_note_opening(session);
}

static void held_too_long(void *context)
{
    struct session *session = context;
    if (session->scene.held)
        go_ahead(session);
}

void stack_note_opening(struct session *session)
{
    session->opening = true;
    loop_timer(&session->loop, HELD_MS, held_too_long, session);
    if (session->shell && session->announced_final)
        framing_announce(session);
}

void stack_painted(struct session *session)
{
    if (session->opening || !session->scene.held)
        return;
    if (session->cine.on && painter_covers(&session->scene.painter))
        cine_note_shown(&session->cine, clock_ms());
    go_ahead(session);
}

bool stack_failed(struct session *session)
{
    go_ahead(session);
    return session->opening;
}

static bool open_page(struct session *session, int32_t index, int step, struct fault *fault)
{
    const struct page *page = &session->scene.page;
    struct source_choice choice = scene_target(&session->scene);
    if (index < 0 || (index >= page->count && !page->counting))
        return fault_set(fault, FAULT_USAGE, "there is no further page");
    choice.index = index;
    if (!scene_select(&session->scene, choice, fault))
        return false;
    session->page = index;
    session->page_step = step;
    session->to_last = false;
    if (!session->scene.waiting)
        stack_note_opening(session);
    return true;
}

static bool nothing_open(struct fault *fault)
{
    return fault_set(fault, FAULT_USAGE, "no file is open");
}

bool session_open_page(struct session *session, int32_t index, int step, struct fault *fault)
{
    session_stop_cine(session);
    return open_page(session, index, step, fault);
}

bool session_step(struct session *session, enum page_axis axis, const char *word,
                  struct fault *fault)
{
    bool stays;
    if (!session->scene.open)
        return nothing_open(fault);
    session_stop_cine(session);
    if (!scene_step(&session->scene, axis, word, &stays, fault))
        return false;
    session->page_step = 0;
    session->to_last = false;
    if (!stays && !session->scene.waiting)
        stack_note_opening(session);
    return true;
}

bool session_open_series(struct session *session, int32_t series, struct fault *fault)
{
    session_stop_cine(session);
    if (!scene_seek(&session->scene, series, fault))
        return false;
    session->page_step = 0;
    session->to_last = false;
    stack_note_opening(session);
    return true;
}

static bool go_to(struct session *session, const struct place_track *track, const char *thing,
                  const char *word, struct fault *fault)
{
    struct place_range range = {thing, track->at + 1, track->count, false, track->more};
    int32_t to;
    if (!place_read(&range, word, &to, fault))
        return false;
    bool pages = track->stride == 1 && track->first == 0;
    int32_t index = track->first + (to - 1) * track->stride;
    bool there = index == scene_target(&session->scene).index;
    if (!there && !session_open_page(session, index, pages ? place_way(word) : 0, fault))
        return false;
    session->to_last = track->more && !strcmp(word, "last");
    return true;
}

bool session_stack(struct session *session, const char *word, struct fault *fault)
{
    struct place_track track;
    if (!stack_of(session, by_hand, &track))
        return session->scene.open || nothing_open(fault);
    return go_to(session, &track, N_("place in the stack"), word, fault);
}

bool session_page(struct session *session, const char *word, struct fault *fault)
{
    static const enum page_axis none[] = {PAGE_AXES};
    const struct scene *scene = &session->scene;
    struct place_track track;
    if (!scene->open)
        return nothing_open(fault);
    if (scene->opening) {
        session->to_last = !strcmp(word, "last");
        return scene_page_later(&session->scene, word, fault);
    }
    place_track(&scene->page, scene_target(scene).index, none, &track);
    return go_to(session, &track, "page", word, fault);
}

/* ---- each turn ---- */

/* Notches that came together are one step. */
static void take_wheel(struct session *session)
{
    struct place_track track;
    char word[16];
    int pages = session->gesture.pages;
    session->gesture.pages = 0;
    if (!pages || !stack_of(session, by_hand, &track))
        return;
    snprintf(word, sizeof word, "%+d", pages);
    go_to(session, &track, "page", word, NULL);
}

/* The last page was asked for while pages were counted. */
static void reach_last(struct session *session)
{
    const struct page *page = &session->scene.page;
    if (!session->to_last || page->counting || session->opening)
        return;
    session->to_last = false;
    if (page->index != page->count - 1)
        open_page(session, page->count - 1, -1, NULL);
}

static void clock_due(void *context)
{
    (void)context; /* the turn that follows sees what is due */
}

/* The place that the clock says by now, once the one before it has been seen. */
static void play(struct session *session)
{
    struct cine *cine = &session->cine;
    struct place_track track;
    int64_t now = clock_ms();
    if (!cine->on || !stack_of(session, by_clock, &track))
        return;
    if (track.count < 2) {
        session_stop_cine(session);
        return;
    }
    if (track.count != cine->count)
        cine_set_count(cine, now, track.count);
    int32_t to = cine_place(cine, now);
    if (to != session->played && !session->scene.held && !session->opening) {
        session->played = to;
        if (to != track.at)
            open_page(session, track.first + to * track.stride, 0, NULL);
    }
    loop_timer(&session->loop, cine_wait(cine, now), clock_due, session);
}

void stack_turn(struct session *session)
{
    struct scene *scene = &session->scene;
    take_wheel(session);
    reach_last(session);
    play(session);
    if (session->cine.on || scene->waiting) {
        session->asked &= scene->passing || !session->first; /* less will do from now on */
        scene->passing = true;
    } else if (scene->passing && !session->opening) {
        scene_settle(scene);
        session->tiles_came = true; /* the picture goes on from what stood in */
        session_set_title(session);
    }
}

/* ---- cine ---- */

bool session_play(struct session *session, struct fault *fault)
{
    struct place_track track;
    if (!stack_of(session, by_clock, &track))
        return nothing_open(fault);
    if (track.count < 2)
        return fault_set(fault, FAULT_USAGE, "there is nothing to play: the file has one page");
    cine_start(&session->cine, clock_ms(), track.at, track.count);
    session->played = track.at;
    session->to_last = false;
    return true;
}

void session_stop_cine(struct session *session)
{
    cine_stop(&session->cine);
    loop_timer_cancel(&session->loop, clock_due, session);
}
