/* A file being looked at: see scene.h. Owns the loader, the frame planner, the tone curve and the
 * painter. */
#include "scene_parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/footprint.h"
#include "base/ledger.h"
#include "tiles/crew.h"

enum {
    SCREEN_LARGEST =
        8192, /* address space is reserved for the tiles of a screen this wide and high */
    SLOT_BYTES = TILE_SAMPLES * 2,
    HELD_FREE = 1 << 19 /* what decoders may hold at no expense */
};

/* The tiles that an area of this size needs at its worst zoom, just above a power of two: two
 * samples for a pixel, and one more tile each way. */
static int64_t slots_for(int64_t width, int64_t height)
{
    return (ceil_div(2 * width, TILE_SIDE) + 1) * (ceil_div(2 * height, TILE_SIDE) + 1);
}

/* By default the bytes that 16-bit gray needs for the area at its worst zoom, whatever the page's
 * samples are: wider ones and colours get fewer tiles, so that the footprint stays what it is, and
 * an eighth less for what converting and drawing them takes. So they do where decoders hold large
 * blocks: beyond one of them that goes off, half of it at most. */
static void set_budget(struct scene *scene)
{
    size_t budget = scene->options->memory, block;
    size_t held = loader_held(scene->loader, &block);
    if (!budget) {
        budget = (size_t)slots_for(scene->painted_width, scene->painted_height) * SLOT_BYTES;
        if (arena_slot_bytes(loader_arena(scene->loader)) > SLOT_BYTES)
            budget -= budget / 8;
        if (held > block + HELD_FREE)
            budget -= (size_t)min64((int64_t)(held - block - HELD_FREE), (int64_t)budget / 2);
    }
    arena_set_budget(loader_arena(scene->loader), budget);
}

void scene_expect(struct scene *scene, int width, int height)
{
    scene->painted_width = width;
    scene->painted_height = height;
    set_budget(scene);
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

static void place(struct scene *scene, bool same_type)
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
        view_page(view, width, height);
    scene_page_window(scene, same_type);
}

static void page_opened(void *context, const struct page *page)
{
    struct scene *scene = context;
    bool same_type = scene->page.type == page->type;
    if (scene_go_on(scene, page))
        return;
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
    set_budget(scene);
    place(scene, same_type);
    if (scene->options->job == JOB_VIEW || !scene->window_final)
        loader_count(scene->loader);
    if (scene->events->opened)
        scene->events->opened(scene->context);
    tell_notice(scene);
}

void scene_refuse(struct scene *scene, const struct fault *fault)
{
    if (scene_go_back(scene))
        return;
    scene->open &= !scene->opening;
    scene->refused = true;
    scene->refusal = *fault;
    if (scene->events->failed)
        scene->events->failed(scene->context, fault);
}

static void page_failed(void *context, const struct fault *fault)
{
    scene_refuse(context, fault);
}

static void tile_came(void *context, struct tile_key key)
{
    struct scene *scene = context;
    bool sound = true;
    arena_find(loader_arena(scene->loader), key, &sound);
    scene->damaged |= !sound;
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

static void trouble_came(void *context, const struct fault *fault)
{
    struct scene *scene = context;
    /* A decoder that was replaced has cost nothing. */
    scene->damaged |= fault->kind != FAULT_WORKER;
    /* Tiles that share a bad block each tell of it: once is enough. */
    if (!strcmp(scene->last_trouble, fault->text))
        return;
    snprintf(scene->last_trouble, sizeof scene->last_trouble, "%s", fault->text);
    scene->events->trouble(scene->context, fault);
}

static const struct loader_events loader_calls = {page_opened,  page_failed,   tile_came,
                                                  page_counted, sample_probed, pages_known,
                                                  fact_came,    trouble_came};

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
                            .painted_width = 1,
                            .painted_height = 1};
    size_t slots = (size_t)slots_for(SCREEN_LARGEST, SCREEN_LARGEST);
    if (options->memory / SLOT_BYTES > slots)
        slots = options->memory / SLOT_BYTES;
    struct worker_terms terms = {.unconfined = options->no_sandbox};
    view_init(&scene->view, 1, 1, 1, 1);
    /* The decoders first: they start on the file while the rest is set up, and inherit the least.
     */
    scene->loader =
        loader_new(loop, options->workers, slots > INT32_MAX ? INT32_MAX : (int32_t)slots,
                   &terms, &loader_calls, scene, fault);
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

void scene_resize(struct scene *scene, int width, int height)
{
    view_resize(&scene->view, width, height);
    scene_expect(scene, width, height);
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
    return frame_plan(scene->frame, &scene->view, scene->page.index,
                      (enum sample_type)scene->page.type, scene->page.channels, fault);
}

void scene_tone(struct scene *scene)
{
    if (!scene->window_final)
        scene_refresh_window(scene);
    curve_compile(scene->curve, &scene->window, scene->modality, (enum sample_type)scene->page.type,
                  scene->page.min_is_white != 0);
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

long scene_footprint(const struct scene *scene)
{
    struct footprint sum = {0};
    pid_t pids[CREW_MAX];
    int count = loader_pids(scene->loader, pids, CREW_MAX);
    footprint_add(getpid(), &sum);
    for (int i = 0; i < count; i++)
        footprint_add(pids[i], &sum);
    return sum.pss;
}
