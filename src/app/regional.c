/* The auto window of a region: see regional.h. Owns the bins while samples are being read. */
#include "regional.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "session_parts.h"

enum { STEP_MS = 20 };

static const size_t bins_bytes = 2 * sizeof(uint32_t[SELECTION_BINS]);

static void let_go(struct regional *regional)
{
    ledger_free(LEDGER_TONE, regional->bins, bins_bytes);
    regional->bins = NULL;
    regional->walking = false;
}

void regional_fini(struct regional *regional)
{
    let_go(regional);
}

struct area regional_seen(const struct session *session)
{
    const struct view *view = &session->scene.view;
    double x[2], y[2];
    view_to_image(view, 0, 0, &x[0], &y[0]);
    view_to_image(view, view->width, view->height, &x[1], &y[1]);
    int64_t left = (int64_t)floor(fmin(x[0], x[1])), top = (int64_t)floor(fmin(y[0], y[1]));
    int64_t right = (int64_t)ceil(fmax(x[0], x[1])), bottom = (int64_t)ceil(fmax(y[0], y[1]));
    return (struct area){left, top, right - left, bottom - top};
}

bool regional_ask(struct session *session, struct area region, struct fault *fault)
{
    struct regional *regional = &session->regional;
    const struct scene *scene = &session->scene;
    struct area page = {0, 0, scene->view.page_width, scene->view.page_height};
    if (!scene->open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    region = area_intersect(region, page);
    if (region.width < 1 || region.height < 1)
        return fault_set(fault, FAULT_USAGE, "nothing of the page lies there");
    regional->region = region;
    regional->place = (struct measure_place){scene->path, scene->page.index, scene->page.channel};
    regional->asked++;
    return true;
}

void regional_box(struct session *session)
{
    char script[160];
    const struct measure *box = &session->gesture.draft;
    const struct view *view = &session->scene.view;
    double left = fmax(floor(fmin(box->x[0], box->x[1])), 0);
    double top = fmax(floor(fmin(box->y[0], box->y[1])), 0);
    double right = fmin(ceil(fmax(box->x[0], box->x[1])), (double)view->page_width);
    double bottom = fmin(ceil(fmax(box->y[0], box->y[1])), (double)view->page_height);
    if (right <= left || bottom <= top)
        return;
    snprintf(script, sizeof script, "auto %.0f,%.0f,%.0fx%.0f", left, top, right - left,
             bottom - top);
    askers_key(session, script);
}

static bool is_here(const struct session *session)
{
    const struct measure_place *place = &session->regional.place;
    const struct scene *scene = &session->scene;
    return scene->open && place->path == scene->path && place->page == scene->page.index &&
           place->channel == scene->page.channel;
}

static void walk(struct session *session)
{
    struct regional *regional = &session->regional;
    tile_walk_begin(&regional->walk, &session->scene, regional->region);
    tile_walk_thin(&regional->walk, REGIONAL_TILES);
}

static bool begin(struct session *session, struct fault *fault)
{
    struct regional *regional = &session->regional;
    if (!regional->bins)
        regional->bins = ledger_alloc(LEDGER_TONE, bins_bytes, fault);
    if (!regional->bins)
        return false;
    selection_begin(&regional->selection, (enum sample_type)session->scene.page.type,
                    regional->bins);
    walk(session);
    return regional->walking = true;
}

static bool add_tile(void *context, struct tile_key key, struct area part, const void *samples,
                     struct fault *fault)
{
    struct session *session = context;
    const struct page *page = &session->scene.page;
    (void)fault;
    for (int channel = 0; channel < page->channels; channel++)
        for (int64_t y = part.y; y < part.y + part.height; y++)
            selection_add(&session->regional.selection, samples,
                          (ptrdiff_t)channel * TILE_SAMPLES + tile_walk_place(key, part.x, y),
                          (int)part.width);
    return true;
}

static enum bands_end step(struct session *session, struct fault *fault)
{
    struct regional *regional = &session->regional;
    int64_t until = clock_ms() + STEP_MS;
    enum bands_end end = BANDS_MORE;
    while (end == BANDS_MORE && clock_ms() < until)
        end = tile_walk_step(&regional->walk, add_tile, session, fault);
    if (end != BANDS_DONE || !selection_again(&regional->selection))
        return end;
    walk(session);
    return BANDS_MORE;
}

static bool end_with(struct session *session, bool good)
{
    struct regional *regional = &session->regional;
    if (regional->walking)
        session->writing = session->writing_more = false;
    let_go(regional);
    regional->good = good;
    regional->answered = regional->asked;
    return true;
}

static bool use_found(struct session *session)
{
    struct regional *regional = &session->regional;
    struct window_counts found = selection_found(&regional->selection);
    bool any = regional->selection.counted > 0;
    end_with(session, any);
    if (!any)
        fault_set(&regional->fault, FAULT_USAGE, "there are no values in the region");
    else
        scene_use_counts(&session->scene, &found);
    session_tone_changed(session);
    return true;
}

bool regional_turn(struct session *session)
{
    struct regional *regional = &session->regional;
    if (regional->answered == regional->asked)
        return false;
    if (!is_here(session)) {
        fault_set(&regional->fault, FAULT_USAGE, "another page came while its window was sought");
        return end_with(session, false);
    }
    bool settled = framing_settled(session);
    if (regional->walking && !session->writer)
        session->writing = session->writing_more = false;
    if (session->writer || session->measuring.at_work)
        regional->walking = false;
    else if (settled && !regional->walking && !begin(session, &regional->fault))
        return end_with(session, false);
    if (!settled || !regional->walking)
        return false;
    session->writing = true;
    enum bands_end end = step(session, &regional->fault);
    session->writing_more = end == BANDS_MORE;
    if (end == BANDS_MORE || end == BANDS_WAIT)
        return false;
    return end == BANDS_DONE ? use_found(session) : end_with(session, false);
}
