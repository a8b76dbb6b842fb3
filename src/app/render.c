/* --render: the same scene, painter and frame as in a window, band by band into a small buffer and
 * from there to a file. */
#include "render.h"

#include <stdio.h>

#include "bands.h"
#include "base/clock.h"
#include "overlays.h"

enum { PATIENCE_MS = 1000 };

static void trouble(void *context, const struct fault *fault)
{
    (void)context;
    fprintf(stderr, "xlightbox: %s\n", fault->text);
}

static const struct scene_events events = {.trouble = trouble};

/* Without --size the picture is the whole page at the zoom asked for; fit and fill then mean 1. */
static bool settle_size(struct rendering *r, struct fault *fault)
{
    struct scene *scene = &r->scene;
    const struct options *options = scene->options;
    double width = options->size_width, height = options->size_height;
    int64_t across[2];
    scene_upright_size(scene, &across[0], &across[1]);
    if (!options->size_width) {
        double zoom = options->zoom_mode != VIEW_FREE ? 1
                      : options->zoom > VIEW_ZOOM_MAX ? VIEW_ZOOM_MAX
                                                      : options->zoom;
        bool lying = options->turns % 2;
        width = (double)(lying ? across[1] : across[0]) * zoom;
        height = (double)(lying ? across[0] : across[1]) * zoom;
    }
    if (width > 1e6 || height > 1e6)
        return fault_set(fault, FAULT_USAGE,
                         "a picture of %.0f x %.0f pixels is too large: name a smaller --size or "
                         "--zoom",
                         width, height);
    view_resize(&scene->view, width < 1 ? 1 : (int)(width + 0.5),
                height < 1 ? 1 : (int)(height + 0.5));
    scene_initial_view(scene);
    return true;
}

static bool write_bands(struct rendering *r, struct bands *bands, struct fault *fault)
{
    for (;;) {
        enum bands_end end = bands_step(bands, fault);
        if (end == BANDS_DONE || end == BANDS_FAILED)
            return end == BANDS_DONE;
        if (end == BANDS_WAIT && !loop_turn(&r->loop, -1, fault))
            return false;
    }
}

/* What had to be guessed has been told: --strict takes no guess. */
static bool check_notice(const struct scene *scene, struct fault *fault)
{
    return !scene->options->strict || !scene->page.notice[0] ||
           fault_set(fault, FAULT_FORMAT,
                     "%s: something had to be guessed or left out: no picture (--strict)",
                     scene->path);
}

/* The sentence about a block follows its tile at once, but for requests given up meanwhile. */
static void hear_why(struct rendering *r)
{
    int64_t until = clock_ms() + PATIENCE_MS;
    while (r->scene.damaged && !r->scene.last_trouble[0] && clock_ms() < until)
        if (!loop_turn(&r->loop, until - clock_ms(), NULL))
            return;
}

static bool develop(struct rendering *r, const char *path, struct fault *fault)
{
    struct bands bands;
    struct overlay overlay = {.shown = r->options.overlay};
    struct bands_terms terms = {.path = path,
                                .force = r->options.force,
                                .strict = r->options.strict,
                                .bits = r->options.bits,
                                .overlay = &overlay};
    overlays_fill(&overlay, &r->scene, NULL, &r->scene.view);
    if (!bands_begin(&bands, &r->scene, &r->scene.view, &terms, fault))
        return false;
    scene_expect(&r->scene, bands.view.width, bands.band_rows, bands_tiles(&bands));
    bool written = write_bands(r, &bands, fault);
    hear_why(r);
    return bands_finish(&bands, written, fault) && written;
}

bool render_init(struct rendering *r, const struct options *options, struct fault *fault)
{
    *r = (struct rendering){.options = *options};
    loop_init(&r->loop);
    if (!scene_init(&r->scene, &r->loop, &r->options, &events, r, fault))
        return false;
    arena_hoard(loader_arena(r->scene.loader));
    return true;
}

void render_fini(struct rendering *r)
{
    scene_fini(&r->scene);
}

bool render_open(struct rendering *r, const char *path, int32_t page, struct fault *fault)
{
    scene_restart(&r->scene);
    r->options.page = page;
    return scene_open(&r->scene, path, fault) && scene_wait(&r->scene, fault);
}

bool render_turn(struct rendering *r, int32_t page, struct fault *fault)
{
    struct source_choice choice = scene_target(&r->scene);
    scene_restart(&r->scene);
    choice.index = page;
    return scene_select(&r->scene, choice, fault) && scene_wait(&r->scene, fault);
}

bool render_has(struct rendering *r, int32_t page)
{
    while (page >= r->scene.page.count && r->scene.page.counting)
        if (!loop_turn(&r->loop, -1, NULL))
            return false;
    return page < r->scene.page.count;
}

bool render_write(struct rendering *r, const char *path, struct fault *fault)
{
    return picture_place_free(path, r->options.force, fault) && check_notice(&r->scene, fault) &&
           settle_size(r, fault) && develop(r, path, fault);
}
