/* Measurements: see measuring.h. Owns the list, and the one whose samples are being read. */
#include "measuring.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "session_parts.h"

enum { STEP_MS = 20 };

void measuring_fini(struct measuring *measuring)
{
    ledger_free(LEDGER_UI, measuring->items, MEASURES_MOST * sizeof *measuring->items);
    *measuring = (struct measuring){0};
}

/* ---- the list ---- */

static struct measure_terms file_terms(const struct scene *scene)
{
    const struct page *page = &scene->page;
    bool lies = scene_lies(scene);
    struct measure_terms terms = {.spacing_x = lies ? page->spacing_y : page->spacing_x,
                                  .spacing_y = lies ? page->spacing_x : page->spacing_y,
                                  .unit = "mm",
                                  .modality = scene->modality};
    snprintf(terms.source, sizeof terms.source, "%s", page->spacing_source);
    snprintf(terms.value_unit, sizeof terms.value_unit, "%s", page->unit);
    return terms;
}

static struct measure_terms calibrated(const struct measuring *measuring,
                                       struct measure_terms terms, const char *path)
{
    const struct measure_terms *by = &measuring->calibration;
    if (!measuring->calibrated || measuring->calibrated != path)
        return terms;
    terms.spacing_x = by->spacing_x;
    terms.spacing_y = by->spacing_y;
    memcpy(terms.unit, by->unit, sizeof terms.unit);
    memcpy(terms.source, by->source, sizeof terms.source);
    return terms;
}

struct measure_terms measuring_terms(const struct measuring *measuring, const struct scene *scene)
{
    return calibrated(measuring, file_terms(scene), scene->path);
}

struct measure_terms measuring_terms_of(const struct measuring *measuring,
                                        const struct measure *measure)
{
    return calibrated(measuring, measure->terms, measure->place.path);
}

static struct measure_place place_of(const struct scene *scene)
{
    return (struct measure_place){scene->path, scene->page.index, scene->page.channel};
}

bool measuring_is_here(const struct session *session, const struct measure *measure)
{
    struct measure_place here = place_of(&session->scene);
    return session->scene.open && measure->place.path == here.path &&
           measure->place.page == here.page && measure->place.channel == here.channel;
}

/* Room for all of them at once, of which the system gives what is used: they stay where they are.
 */
static bool make_room(struct measuring *measuring, struct fault *fault)
{
    if (measuring->count == MEASURES_MOST)
        return fault_set(fault, FAULT_USAGE, "there are %d measurements: clear some",
                         MEASURES_MOST);
    if (!measuring->items)
        measuring->items = ledger_alloc(LEDGER_UI, MEASURES_MOST * sizeof *measuring->items, fault);
    return measuring->items != NULL;
}

static bool check_shape(const struct scene *scene, const struct measure *shape, struct fault *fault)
{
    const struct view *view = &scene->view;
    struct area area = measure_area(shape, view->page_width, view->page_height);
    if (!scene->open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    return !measure_needs_samples(shape->kind) || (area.width > 0 && area.height > 0) ||
           fault_set(fault, FAULT_USAGE, "nothing of the page lies there");
}

struct measure *measuring_add(struct session *session, const struct measure *shape,
                              struct fault *fault)
{
    struct measuring *measuring = &session->measuring;
    const struct scene *scene = &session->scene;
    bool samples = measure_needs_samples(shape->kind);
    if (!check_shape(scene, shape, fault) || !make_room(measuring, fault))
        return NULL;
    struct measure *measure = &measuring->items[measuring->count++];
    *measure = *shape;
    measure->number = ++measuring->numbers;
    measure->state = samples ? MEASURE_WAITS : MEASURE_DONE;
    measure->channels = scene->page.channels;
    measure->place = place_of(scene);
    measure->terms = file_terms(scene);
    overlays_touch(session, measure);
    return measure;
}

const struct measure *measuring_under(const struct session *session, enum measure_kind kind, int px,
                                      int py, int *corner)
{
    const struct measuring *measuring = &session->measuring;
    for (int i = measuring->count - 1; i >= 0; i--) {
        const struct measure *measure = &measuring->items[i];
        if (measure->kind != kind || !measuring_is_here(session, measure))
            continue;
        *corner = measure_corner(measure, &session->scene.view, px, py);
        if (*corner >= 0)
            return measure;
    }
    return NULL;
}

struct measure *measuring_find(struct measuring *measuring, int number)
{
    for (int i = 0; i < measuring->count; i++)
        if (measuring->items[i].number == number)
            return &measuring->items[i];
    return NULL;
}

struct measure *measuring_last(struct session *session, enum measure_kind kind)
{
    struct measuring *measuring = &session->measuring;
    for (int i = measuring->count - 1; i >= 0; i--) {
        struct measure *measure = &measuring->items[i];
        if (measuring_is_here(session, measure) && (kind == MEASURE_KINDS || measure->kind == kind))
            return measure;
    }
    return NULL;
}

void measuring_remove(struct session *session, int number)
{
    struct measuring *measuring = &session->measuring;
    int kept = 0;
    for (int i = 0; i < measuring->count; i++)
        if (number && measuring->items[i].number != number)
            measuring->items[kept++] = measuring->items[i];
    measuring->count = kept;
    overlays_changed(session);
}

/* ---- samples ---- */

static struct measure *next_waiting(struct session *session)
{
    struct measuring *measuring = &session->measuring;
    for (int i = 0; i < measuring->count; i++)
        if (measuring->items[i].state == MEASURE_WAITS &&
            measuring_is_here(session, &measuring->items[i]))
            return &measuring->items[i];
    return NULL;
}

static bool holds_stored(const struct measure *measure, const struct view *view, int64_t x,
                         int64_t y)
{
    int64_t upright_x, upright_y;
    view_from_stored(view, x, y, &upright_x, &upright_y);
    return measure_holds(measure, upright_x, upright_y);
}

/* Shapes have no dents: in a row what belongs lies side by side. */
static void add_row(struct measure *measure, const struct scene *scene, struct tile_key key,
                    struct area part, int64_t y, const uint8_t *samples)
{
    enum sample_type type = (enum sample_type)scene->page.type;
    int64_t from = part.x, to = part.x + part.width;
    while (from < to && !holds_stored(measure, &scene->view, from, y))
        from++;
    while (from < to && !holds_stored(measure, &scene->view, to - 1, y))
        to--;
    for (int channel = 0; channel < measure->channels; channel++)
        moments_add(&measure->moments[channel], type,
                    samples + (size_t)channel * TILE_SAMPLES * sample_bytes(type),
                    tile_walk_place(key, from, y), (int)(to - from));
}

static bool add_tile(void *context, struct tile_key key, struct area part, const void *samples,
                     struct fault *fault)
{
    struct session *session = context;
    struct measure *measure = measuring_find(&session->measuring, session->measuring.at_work);
    (void)fault;
    for (int64_t y = part.y; y < part.y + part.height; y++)
        add_row(measure, &session->scene, key, part, y, samples);
    return true;
}

static void begin(struct session *session, struct measure *measure)
{
    struct measuring *measuring = &session->measuring;
    const struct view *view = &session->scene.view;
    memset(measure->moments, 0, sizeof measure->moments);
    measure->terms = file_terms(&session->scene);
    tile_walk_begin(&measuring->walk, &session->scene,
                    measure_area(measure, view->page_width, view->page_height));
    measuring->at_work = measure->number;
}

static enum bands_end step(struct session *session, struct fault *fault)
{
    int64_t until = clock_ms() + STEP_MS;
    enum bands_end end = BANDS_MORE;
    while (end == BANDS_MORE && clock_ms() < until)
        end = tile_walk_step(&session->measuring.walk, add_tile, session, fault);
    return end;
}

/* The loader's tiles are the window's again. */
static void stop(struct session *session)
{
    if (session->measuring.at_work && !session->writer)
        session->writing = session->writing_more = false;
    session->measuring.at_work = 0;
}

struct measure *measuring_reshape(struct session *session, const struct measure *shape,
                                  struct fault *fault)
{
    struct measure *measure = measuring_find(&session->measuring, shape->number);
    if (!measure)
        return measuring_add(session, shape, fault);
    if (!check_shape(&session->scene, shape, fault))
        return NULL;
    if (session->measuring.at_work == measure->number)
        stop(session);
    overlays_touch(session, measure);
    memcpy(measure->x, shape->x, sizeof measure->x);
    memcpy(measure->y, shape->y, sizeof measure->y);
    measure->state = measure_needs_samples(measure->kind) ? MEASURE_WAITS : MEASURE_DONE;
    overlays_touch(session, measure);
    return measure;
}

bool measuring_turn(struct session *session)
{
    struct measuring *measuring = &session->measuring;
    struct measure *measure = next_waiting(session);
    struct fault fault;
    if (!measure || session->writer || session->regional.walking) {
        stop(session);
        return false;
    }
    bool settled = framing_settled(session);
    if (measuring->at_work)
        session->writing = session->writing_more = false;
    if (!settled)
        return false;
    if (measuring->at_work != measure->number)
        begin(session, measure);
    session->writing = true;
    enum bands_end end = step(session, &fault);
    session->writing_more = end == BANDS_MORE;
    if (end == BANDS_MORE || end == BANDS_WAIT)
        return false;
    overlays_touch(session, measure);
    measure->state = end == BANDS_DONE ? MEASURE_DONE : MEASURE_FAILED;
    overlays_touch(session, measure);
    stop(session);
    return true;
}

void measuring_opened(struct session *session)
{
    struct measuring *measuring = &session->measuring;
    stop(session);
    for (int i = 0; i < measuring->count && measuring->renew; i++) {
        struct measure *measure = &measuring->items[i];
        if (measure->place.path == session->scene.path && measure_needs_samples(measure->kind))
            measure->state = MEASURE_WAITS;
    }
    measuring->renew = false;
}
