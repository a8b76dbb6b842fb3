/* A file being looked at: see scene.h. Owns the loader, the frame planner, the tone curve and the
 * painter. */
#include "scene_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/ledger.h"

/* Address space is reserved for the tiles of a screen this wide and high. */
enum { SCREEN_LARGEST = 8192 };

/* A window that is still to come is taken for one of the usual size. */
static struct economy_case case_of(const struct scene *scene)
{
    size_t frame = ledger_line(LEDGER_FRAME).current;
    bool coming = !frame && scene->options->job == JOB_VIEW;
    struct arena *arena = loader_arena(scene->loader);
    size_t slot = arena_slot_bytes(arena);
    return (struct economy_case){.width = scene->painted_width,
                                 .height = scene->painted_height,
                                 .frame = coming ? (size_t)ECONOMY_FRAME : frame,
                                 .workers = loader_workers(scene->loader),
                                 .burden = loader_burden(scene->loader),
                                 .slot = slot,
                                 .tiles = scene->painted_tiles,
                                 .ledger = ledger_total().current - frame -
                                           (size_t)arena_used(arena) * slot};
}

void scene_set_budget(struct scene *scene)
{
    struct economy_case what = case_of(scene);
    arena_set_budget(loader_arena(scene->loader), economy_budget(&scene->economy, &what));
    ledger_set_limit(economy_ledger(&scene->economy, &what));
}

bool scene_affords(const struct scene *scene, struct fault *fault)
{
    struct economy_case what = case_of(scene);
    return economy_serves(&scene->economy, &what, scene->path, fault);
}

/* The page is there, and is not to be shown. */
static bool turn_away(struct scene *scene)
{
    struct fault fault;
    if (scene_affords(scene, &fault))
        return false;
    scene->strayed = !scene->opening;
    scene_refuse(scene, &fault);
    return true;
}

void scene_expect(struct scene *scene, int width, int height, int64_t tiles)
{
    scene->painted_width = width;
    scene->painted_height = height;
    scene->painted_tiles = tiles;
    scene_set_budget(scene);
}

bool scene_lies(const struct scene *scene)
{
    return page_lies(&scene->page) && !scene->options->raw_orientation;
}

void scene_upright_size(const struct scene *scene, int64_t *width, int64_t *height)
{
    bool lies = scene_lies(scene);
    *width = lies ? scene->page.height : scene->page.width;
    *height = lies ? scene->page.width : scene->page.height;
}

static int orientation(const struct scene *scene)
{
    return scene->options->raw_orientation ? 1 : scene->page.orientation;
}

void scene_initial_view(struct scene *scene)
{
    const struct options *options = scene->options;
    struct view *view = &scene->view;
    int64_t width, height;
    scene_upright_size(scene, &width, &height);
    view_init(view, view->width, view->height, width, height);
    view_orient(view, orientation(scene));
    view_turn(view, options->turns);
    if (options->flip_horizontal)
        view_flip_horizontal(view);
    if (options->flip_vertical)
        view_flip_vertical(view);
    if (options->zoom_mode == VIEW_FILL)
        view_fill(view);
    if (options->zoom_mode == VIEW_FREE)
        view_zoom_about(view, options->zoom, view->width / 2.0, view->height / 2.0);
    if (options->has_point)
        view_center(view, options->point_x, options->point_y);
}

/* Once for the pages that it holds for, not for each. */
static void tell_notice(struct scene *scene)
{
    struct fault fault;
    if (!strcmp(scene->last_notice, scene->page.notice))
        return;
    memcpy(scene->last_notice, scene->page.notice, sizeof scene->last_notice);
    if (!scene->page.notice[0])
        return;
    fault_set(&fault, FAULT_FORMAT, "%s: %s", scene->path, scene->page.notice);
    scene->events->trouble(scene->context, &fault);
}

/* Of one kind, size and meaning: what holds for the samples of one holds for the other's. */
static bool are_alike(const struct page *a, const struct page *b)
{
    int32_t at_a[PAGE_AXES] = {0}, at_b[PAGE_AXES] = {0};
    page_position(a, a->index, at_a);
    page_position(b, b->index, at_b);
    return a->width == b->width && a->height == b->height && a->orientation == b->orientation &&
           a->type == b->type && a->bits == b->bits && a->format == b->format &&
           a->channels == b->channels && a->channel == b->channel &&
           a->min_is_white == b->min_is_white && a->slope == b->slope &&
           a->intercept == b->intercept && a->series == b->series &&
           at_a[AXIS_CHANNEL] == at_b[AXIS_CHANNEL];
}

/* Read anew it is the same picture, cut or grown: then the point stays, else its share of the page.
 */
static void place_view(struct scene *scene, int64_t width, int64_t height)
{
    struct view *view = &scene->view;
    double x = view->center_x, y = view->center_y;
    view_page(view, width, height);
    if (scene->reloading && view->mode == VIEW_FREE)
        view_center(view, x, y);
}

static void place(struct scene *scene, bool same_type, int32_t before)
{
    int64_t width, height;
    struct view *view = &scene->view;
    scene_upright_size(scene, &width, &height);
    if (!scene->placed) {
        scene_initial_view(scene);
        scene_initial_window(scene);
        scene->placed = true;
        return;
    }
    view_orient(view, orientation(scene));
    if (view->page_width != width || view->page_height != height)
        place_view(scene, width, height);
    scene->reloading = false;
    scene_page_window(scene, same_type, before);
}

static void take_path(struct scene *scene)
{
    if (scene->opening)
        scene->path = scene->coming;
}

static void page_opened(void *context, const struct page *page)
{
    struct scene *scene = context;
    bool same_type = scene->page.type == page->type;
    int32_t before = scene->page.index;
    take_path(scene);
    if (scene_go_on(scene, page) || turn_away(scene))
        return;
    scene->alike = scene->open && !scene->opening && are_alike(&scene->page, page);
    scene->page = *page;
    scene->choice = scene->asked;
    scene->modality = (struct modality){page->slope, page->intercept};
    if (scene->options->rescaled)
        scene->modality = scene->options->modality;
    scene->statistics = (struct statistics){0};
    scene->last_trouble[0] = 0;
    if (scene->opening)
        scene->last_notice[0] = 0;
    scene->opening = scene->strayed = scene->refused = false;
    scene->open = true;
    scene_set_budget(scene);
    place(scene, same_type, before);
    if (scene->options->job == JOB_VIEW && (!scene->passing || !scene->window_final))
        loader_count_along(scene->loader);
    else if (!scene->window_final)
        loader_count(scene->loader);
    if (scene->events->opened)
        scene->events->opened(scene->context);
    tell_notice(scene);
}

static void tell_refusal(struct scene *scene, const struct fault *fault)
{
    scene->refused = true;
    scene->refusal = *fault;
    if (scene->events->failed)
        scene->events->failed(scene->context, fault);
}

void scene_refuse(struct scene *scene, const struct fault *fault)
{
    if (scene_go_back(scene))
        return;
    scene->open &= !scene->opening;
    tell_refusal(scene, fault);
}

static void page_failed(void *context, const struct fault *fault)
{
    take_path(context);
    scene_refuse(context, fault);
}

static void file_refused(void *context, const struct fault *fault)
{
    struct scene *scene = context;
    struct fault told = *fault;
    scene_stay(scene);
    scene->open &= loader_page(scene->loader) != NULL;
    if (scene->reloading && scene->open)
        fault_context(&told, "not read anew, and the picture is the old one");
    scene->reloading = false;
    tell_refusal(scene, &told);
}

static void tile_came(void *context, struct tile_key key)
{
    struct scene *scene = context;
    bool sound = true;
    arena_find(loader_arena(scene->loader), key, &sound);
    scene->damaged |= !sound && !tile_is_rough(key.reduction);
    if (scene->events->tile)
        scene->events->tile(scene->context);
}

static void page_counted(void *context, const struct statistics *statistics)
{
    struct scene *scene = context;
    scene->statistics = *statistics;
    scene_refresh_window(scene);
    if (scene->events->toned)
        scene->events->toned(scene->context);
}

static void sample_probed(void *context, int64_t x, int64_t y, const double *values)
{
    struct scene *scene = context;
    if (scene->events->probed)
        scene->events->probed(scene->context, x, y, values);
}

static void pages_known(void *context, int32_t count, bool counting)
{
    struct scene *scene = context;
    scene->page.count = count;
    scene->page.counting = counting;
    if (scene->events->pages)
        scene->events->pages(scene->context);
}

static void fact_came(void *context, const struct fact *fact)
{
    struct scene *scene = context;
    if (scene->events->fact)
        scene->events->fact(scene->context, fact);
}

/* What is painted must be painted anew, as with another tone. */
static void tiles_renewed(void *context)
{
    struct scene *scene = context;
    if (scene->events->toned)
        scene->events->toned(scene->context);
}

static void trouble_came(void *context, const struct fault *fault)
{
    struct scene *scene = context;
    struct fault limited = *fault;
    bool lacking = fault->kind == FAULT_MEMORY, starved = loader_starved(scene->loader);
    scene->starved |= lacking && starved;
    /* A decoder that was replaced has cost nothing. */
    scene->damaged |= fault->kind != FAULT_WORKER;
    /* Tiles that share a bad block each tell of it: once is enough. */
    if (!strcmp(scene->last_trouble, fault->text))
        return;
    snprintf(scene->last_trouble, sizeof scene->last_trouble, "%s", fault->text);
    if (lacking && !starved && scene->economy.limit)
        fault_context(&limited, "cannot be decoded within --memory-limit");
    scene->events->trouble(scene->context, &limited);
}

/* Rows of tiles that are not complete are painted where there is nothing better. */
static void tiles_grown(void *context, struct tile_span span, int32_t from, int32_t to)
{
    struct scene *scene = context;
    struct area samples = {(int64_t)span.column * TILE_SIDE, (int64_t)span.row * TILE_SIDE + from,
                           (int64_t)span.columns * TILE_SIDE, to - from};
    struct rect rect = frame_shows(scene->frame, span.page, span.reduction, samples);
    if (rect_empty(rect))
        return;
    painter_renew(&scene->painter, rect);
    if (scene->events->tile)
        scene->events->tile(scene->context);
}

static const struct loader_events loader_calls = {
    page_opened, page_failed, file_refused, tile_came,     page_counted, sample_probed,
    pages_known, fact_came,   trouble_came, tiles_renewed, tiles_grown};

bool scene_init(struct scene *scene, struct loop *loop, const struct options *options,
                const struct scene_events *events, void *context, struct fault *fault)
{
    *scene = (struct scene){.options = options,
                            .loop = loop,
                            .events = events,
                            .context = context,
                            .modality = {1, 0},
                            .auto_width = 256,
                            .series = -1,
                            .gamma = options->gamma,
                            .map = options->map,
                            .painted_width = 1,
                            .painted_height = 1};
    scene->economy = (struct economy){.limit = options->memory_limit, .arena = options->memory};
    size_t slots = (size_t)economy_slots(SCREEN_LARGEST, SCREEN_LARGEST);
    if (options->memory / ECONOMY_SLOT > slots)
        slots = options->memory / ECONOMY_SLOT;
    struct worker_terms terms = {.unconfined = options->no_sandbox,
                                 .memory = economy_decoder(&scene->economy),
                                 .spill = options->spill};
    view_init(&scene->view, 1, 1, 1, 1);
    /* The decoders first: they start on the file while the rest is set up, and inherit the least.
     */
    scene->loader = loader_new(loop, economy_workers(&scene->economy, options->workers),
                               slots > INT32_MAX ? INT32_MAX : (int32_t)slots, &terms,
                               &loader_calls, scene, fault);
    if (!scene->loader)
        return false;
    scene->curve = ledger_alloc(LEDGER_TONE, sizeof *scene->curve, fault);
    scene->frame = scene->curve ? frame_new(fault) : NULL;
    return scene->frame != NULL;
}

void scene_fini(struct scene *scene)
{
    if (scene->loader)
        loader_free(scene->loader);
    if (scene->frame)
        frame_free(scene->frame);
    ledger_free(LEDGER_TONE, scene->curve, sizeof *scene->curve);
    painter_fini(&scene->painter);
    memset(scene, 0, sizeof *scene);
}

void scene_restart(struct scene *scene)
{
    scene->placed = scene->open = scene->refused = scene->damaged = scene->window_final = false;
    scene->last_trouble[0] = scene->last_notice[0] = 0;
}

void scene_resize(struct scene *scene, int width, int height)
{
    view_resize(&scene->view, width, height);
    scene_expect(scene, width, height, 0);
}

bool scene_wait(struct scene *scene, struct fault *fault)
{
    while (!scene->refused && !(scene->open && scene->window_final))
        if (!loop_turn(scene->loop, -1, fault))
            return false;
    if (scene->refused)
        *fault = scene->refusal;
    return !scene->refused;
}

bool scene_plan(struct scene *scene, struct fault *fault)
{
    int32_t capacity = arena_capacity(loader_arena(scene->loader));
    if (scene->options->job == JOB_VIEW)
        scene->view.coarser = economy_coarser(&scene->economy, &scene->view, capacity);
    return frame_plan(scene->frame, &scene->view, scene->page.index,
                      (enum sample_type)scene->page.type, scene->page.channels, fault);
}

void scene_curve(const struct scene *scene, const struct window *window, struct curve *curve)
{
    curve_compile(curve, window, scene->modality, (enum sample_type)scene->page.type,
                  scene->page.min_is_white != 0);
}

void scene_tone(struct scene *scene)
{
    if (!scene->window_final)
        scene_refresh_window(scene);
    scene_curve(scene, &scene->window, scene->curve);
}

struct painting scene_painting(struct scene *scene, const struct pixels *pixels, int left, int top)
{
    return (struct painting){.frame = scene->frame,
                             .arena = loader_arena(scene->loader),
                             .curve = scene->curve,
                             .pixels = pixels,
                             .left = left,
                             .top = top};
}
