/* --render: the same scene, painter and frame as in a window, band by band into a small buffer and
 * from there to a file. */
#include "render.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "picture.h"
#include "report.h"
#include "scene.h"

enum { BAND_BYTES = 512 * 1024, BAND_ROWS = 4 * PAINTER_CELL, PATIENCE_MS = 1000 };

struct rendering {
    struct loop loop;
    struct scene scene;
    struct pixel_format format;
    int channels; /* of the picture */
    uint8_t *band;
    size_t band_size;
    int band_rows;
};

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

static bool settle_band(struct rendering *r, struct fault *fault)
{
    const struct view *view = &r->scene.view;
    int rows = BAND_BYTES / view->width / r->channels;
    rows = rows > BAND_ROWS ? BAND_ROWS : rows < 1 ? 1 : rows;
    r->band_rows = rows > view->height ? view->height : rows;
    r->band_size = (size_t)view->width * (size_t)r->channels * (size_t)r->band_rows;
    r->band = ledger_alloc(LEDGER_OUTPUT, r->band_size, fault);
    scene_expect(&r->scene, view->width, r->band_rows);
    return r->band != NULL;
}

static bool paint_band(struct rendering *r, struct rect rect, struct fault *fault)
{
    struct scene *scene = &r->scene;
    size_t stride = (size_t)rect.width * (size_t)r->channels;
    struct pixels pixels = {r->band, stride, rect.width, rect.height, r->format};
    struct painting painting = scene_painting(scene, &pixels, rect.x, rect.y);
    if (!painter_begin(&scene->painter, rect, fault))
        return false;
    for (;;) {
        int count;
        painter_step(&scene->painter, &painting, false);
        if (painter_done(&scene->painter))
            return true;
        const struct tile_key *keys = painter_wants(&scene->painter, &painting, &count);
        loader_want(scene->loader, keys, count);
        if (!loop_turn(&r->loop, -1, fault))
            return false;
    }
}

static bool write_bands(struct rendering *r, struct picture *picture, struct fault *fault)
{
    const struct view *view = &r->scene.view;
    size_t stride = (size_t)view->width * (size_t)r->channels;
    for (int y = 0; y < view->height; y += r->band_rows) {
        int rows = view->height - y < r->band_rows ? view->height - y : r->band_rows;
        if (!paint_band(r, (struct rect){0, y, view->width, rows}, fault))
            return false;
        for (int row = 0; row < rows; row++)
            if (!picture_row(picture, r->band + (size_t)row * stride, fault))
                return false;
        if (r->scene.options->strict && r->scene.damaged)
            return fault_set(fault, FAULT_FORMAT, "%s: not all of it can be decoded (--strict)",
                             r->scene.path);
    }
    return true;
}

/* What had to be guessed has been told: --strict takes no guess. */
static bool settle_format(struct rendering *r, struct fault *fault)
{
    const struct scene *scene = &r->scene;
    r->channels = picture_channels(scene->options->output, scene->page.channels);
    r->format = r->channels == 3 ? pixel_format_rgb24 : pixel_format_gray8;
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

static bool render(struct rendering *r, const struct options *options, struct fault *fault)
{
    if (!picture_can(options->output, fault) ||
        !scene_init(&r->scene, &r->loop, options, &events, r, fault) ||
        !scene_open(&r->scene, options->files[0], fault) || !scene_wait(&r->scene, fault) ||
        !settle_format(r, fault) || !settle_size(r, fault) || !settle_band(r, fault) ||
        !scene_plan(&r->scene, fault))
        return false;
    scene_tone(&r->scene);
    struct picture *picture = picture_open(options->output, r->scene.view.width,
                                           r->scene.view.height, r->channels, fault);
    if (!picture)
        return false;
    bool written = write_bands(r, picture, fault);
    hear_why(r);
    return picture_close(picture, written, fault) && written;
}

/* Not among the bytes of a picture. */
static void tell_memory(const struct rendering *r, const struct options *options)
{
    static struct figures figures;
    figures_take(&figures, &r->scene, 0);
    report_print(&figures, options->json, strcmp(options->output, "-") ? stdout : stderr);
}

int render_run(const struct options *options)
{
    static struct rendering rendering;
    struct fault fault = {0};
    rendering = (struct rendering){0};
    loop_init(&rendering.loop);
    bool good = render(&rendering, options, &fault);
    if (!good)
        fprintf(stderr, "xlightbox: %s\n", fault.text);
    if (options->memory_report && rendering.scene.loader)
        tell_memory(&rendering, options);
    bool damaged = rendering.scene.damaged;
    ledger_free(LEDGER_OUTPUT, rendering.band, rendering.band_size);
    scene_fini(&rendering.scene);
    if (!good && fault.kind == FAULT_USAGE)
        return 2;
    return good && !damaged ? 0 : 1;
}
