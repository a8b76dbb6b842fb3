/* A file being looked at: see scene.h. Owns the loader, the frame planner, the tone curve and the
 * painter. */
#include "scene.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/footprint.h"
#include "base/ledger.h"
#include "tiles/crew.h"
#include "tone/histogram.h"

enum {
    SCREEN_LARGEST =
        8192, /* address space is reserved for the tiles of a screen this wide and high */
    SLOT_BYTES = TILE_SIDE * TILE_SIDE * 2
};

/* The tiles that an area of this size needs at its worst zoom, just above a power of two: two
 * samples for a pixel, and one more tile each way. */
static int64_t slots_for(int64_t width, int64_t height)
{
    return (ceil_div(2 * width, TILE_SIDE) + 1) * (ceil_div(2 * height, TILE_SIDE) + 1);
}

static void set_budget(struct scene *scene)
{
    size_t budget = scene->options->memory;
    struct arena *arena = loader_arena(scene->loader);
    if (!budget)
        budget = (size_t)slots_for(scene->painted_width, scene->painted_height) *
                 arena_slot_bytes(arena);
    arena_set_budget(arena, budget);
}

void scene_expect(struct scene *scene, int width, int height)
{
    scene->painted_width = width;
    scene->painted_height = height;
    set_budget(scene);
}

double scene_modality(const struct scene *scene, uint32_t code)
{
    double stored = (double)code + sample_least((enum sample_type)scene->page.type);
    return stored * scene->modality.slope + scene->modality.intercept;
}

bool scene_flipped(const struct scene *scene)
{
    return scene->window.invert != (scene->page.min_is_white != 0);
}

/* The auto window from what has been counted so far; the whole range of the type while nothing has.
 */
static struct window window_from_statistics(const struct scene *scene)
{
    enum sample_type type = (enum sample_type)scene->page.type;
    struct window window;
    const uint32_t *bins = arena_shared(loader_arena(scene->loader))->histogram;
    if (!histogram_auto_window(bins, type, scene->modality, scene->window.voi, &window)) {
        double low = scene_modality(scene, 0);
        double high = scene_modality(scene, (uint32_t)sample_codes(type) - 1);
        window =
            window_from_range(low < high ? low : high, low < high ? high : low, scene->window.voi);
    }
    window.invert = scene->window.invert;
    return window;
}

/* --window without --level, or the other way round, changes that part of whatever window the page
 * starts with. */
static void apply_half(struct scene *scene)
{
    const struct options *options = scene->options;
    if (scene->half_given && options->has_width)
        scene->window.width = options->width;
    if (scene->half_given && options->has_center)
        scene->window.center = options->center;
    window_fix(&scene->window);
}

static void refresh_auto(struct scene *scene)
{
    scene->window = window_from_statistics(scene);
    scene->window_final = loader_counted(scene->loader);
    apply_half(scene);
}

void scene_auto(struct scene *scene)
{
    scene->from = FROM_AUTO;
    scene->half_given = false;
    refresh_auto(scene);
}

static void use(struct scene *scene, enum window_from from, double width, double center)
{
    scene->from = from;
    scene->half_given = false;
    scene->window.width = width;
    scene->window.center = center;
    window_fix(&scene->window);
    scene->window_final = true;
}

void scene_use_preset(struct scene *scene, const struct preset *preset)
{
    scene->preset = preset;
    use(scene, FROM_PRESET, preset->width, preset->center);
}

void scene_use_window(struct scene *scene, double width, double center)
{
    use(scene, FROM_USER, width, center);
}

static void use_file_window(struct scene *scene)
{
    double low = scene->page.window_low * scene->modality.slope + scene->modality.intercept;
    double high = scene->page.window_high * scene->modality.slope + scene->modality.intercept;
    struct window window =
        window_from_range(low < high ? low : high, low < high ? high : low, scene->window.voi);
    use(scene, FROM_FILE, window.width, window.center);
}

void scene_initial_window(struct scene *scene)
{
    const struct options *options = scene->options;
    scene->window.voi = options->voi;
    scene->window.invert = options->invert;
    if (options->has_width && options->has_center)
        scene_use_window(scene, options->width, options->center);
    else if (options->preset)
        scene_use_preset(scene, options->preset);
    else if (scene->page.window_origin != WINDOW_NONE && !options->auto_window)
        use_file_window(scene);
    else
        scene_auto(scene);
    scene->half_given = options->has_width != options->has_center;
    apply_half(scene);
}

void scene_initial_view(struct scene *scene)
{
    const struct options *options = scene->options;
    struct view *view = &scene->view;
    view_init(view, view->width, view->height, scene->page.width, scene->page.height);
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

void scene_window_source(const struct scene *scene, char *text, size_t room)
{
    switch (scene->from) {
    case FROM_AUTO:
        snprintf(text, room, scene->window_final ? "auto" : "auto ...");
        break;
    case FROM_FILE:
        snprintf(text, room, "file (%s)",
                 window_origin_name((enum window_origin)scene->page.window_origin));
        break;
    case FROM_PRESET:
        snprintf(text, room, "preset %s", scene->preset->name);
        break;
    case FROM_USER:
        snprintf(text, room, "user");
        break;
    }
}

/* A film that hangs the wrong way round without a word would be a lie. */
static void tell_orientation(const struct scene *scene)
{
    struct fault fault;
    if (scene->page.orientation == 1)
        return;
    fault_set(&fault, FAULT_UNSUPPORTED,
              "The file says that it must be turned or mirrored (Orientation %d); this version "
              "shows it as it is stored.",
              scene->page.orientation);
    scene->events->trouble(scene->context, &fault);
}

static void page_opened(void *context, const struct page *page)
{
    struct scene *scene = context;
    bool same_size = scene->page.width == page->width && scene->page.height == page->height;
    scene->page = *page;
    scene->last_trouble[0] = 0;
    scene->refused = false;
    scene->open = true;
    set_budget(scene);
    if (!scene->placed) {
        scene_initial_view(scene);
        scene_initial_window(scene);
        scene->placed = true;
    } else {
        if (!same_size)
            view_page(&scene->view, page->width, page->height);
        if (scene->from == FROM_AUTO)
            refresh_auto(scene);
    }
    if (scene->options->job == JOB_VIEW || !scene->window_final)
        loader_count(scene->loader);
    if (scene->events->opened)
        scene->events->opened(scene->context);
    tell_orientation(scene);
}

static void page_failed(void *context, const struct fault *fault)
{
    struct scene *scene = context;
    scene->open = loader_page(scene->loader) != NULL;
    scene->refused = true;
    scene->refusal = *fault;
    if (scene->events->failed)
        scene->events->failed(scene->context, fault);
}

static void tile_came(void *context, struct tile_key key)
{
    struct scene *scene = context;
    (void)key;
    if (scene->events->tile)
        scene->events->tile(scene->context);
}

static void page_counted(void *context)
{
    struct scene *scene = context;
    scene->auto_width = window_from_statistics(scene).width;
    if (scene->from == FROM_AUTO)
        refresh_auto(scene);
    if (scene->events->toned)
        scene->events->toned(scene->context);
}

static void sample_probed(void *context, int64_t x, int64_t y, uint32_t code)
{
    struct scene *scene = context;
    if (scene->events->probed)
        scene->events->probed(scene->context, x, y, code);
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
                                                  page_counted, sample_probed, trouble_came};

bool scene_init(struct scene *scene, struct loop *loop, const struct options *options,
                const struct scene_events *events, void *context, struct fault *fault)
{
    *scene = (struct scene){.options = options,
                            .loop = loop,
                            .events = events,
                            .context = context,
                            .modality = options->modality,
                            .auto_width = 256,
                            .painted_width = 1,
                            .painted_height = 1};
    size_t slots = (size_t)slots_for(SCREEN_LARGEST, SCREEN_LARGEST);
    if (options->memory / SLOT_BYTES > slots)
        slots = options->memory / SLOT_BYTES;
    view_init(&scene->view, 1, 1, 1, 1);
    /* The decoders first: they start on the file while the rest is set up, and inherit the least.
     */
    scene->loader =
        loader_new(loop, options->workers, slots > INT32_MAX ? INT32_MAX : (int32_t)slots,
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
                      (enum sample_type)scene->page.type, fault);
}

void scene_tone(struct scene *scene)
{
    if (!scene->window_final)
        refresh_auto(scene);
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
