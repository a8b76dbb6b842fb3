/* Files from a window: see writing.h. Owns what is being written until it is there. */
#include "writing.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "exporting.h"
#include "session_parts.h"

enum { SIDE_MOST = 1000000, STEP_MS = 20 };

struct writing {
    struct session *session;
    struct writing_wish wish;
    bool begun, captured;
    struct page page; /* what it began with */
    const char *path; /* of the scene, likewise */
    struct overlay overlay;
    struct bands bands;
    struct exporting exporting;
};

/* ---- screenshots ---- */

static void draw_panel(void *context, enum panel panel)
{
    chrome_draw_panel(context, panel);
    if (panel == PANEL_STATUS)
        chrome_draw_status(context);
}

static bool draw_over(void *context, int y, int rows, uint8_t *levels, size_t stride,
                      struct fault *fault)
{
    struct writing *writing = context;
    return shell_capture_rows(writing->session->shell, y, rows, levels, stride, fault);
}

static void add_surroundings(const struct shell *shell, struct bands_terms *terms)
{
    struct rect image = shell_layout_now(shell)->image;
    int width, height;
    shell_size(shell, &width, &height);
    terms->left = image.x;
    terms->above = image.y;
    terms->right = width - image.x - image.width;
    terms->below = height - image.y - image.height;
}

/* As it is shown in the window, of another view. */
static const struct overlay *take_overlay(struct writing *writing, const struct view *view)
{
    const struct session *session = writing->session;
    writing->overlay.shown = session->overlay.shown;
    writing->overlay.scale = session->overlay.scale;
    overlays_fill(&writing->overlay, &session->scene, &session->measuring, view);
    return &writing->overlay;
}

static bool begin_screenshot(struct writing *writing, struct fault *fault)
{
    struct session *session = writing->session;
    bool image = writing->wish.image;
    struct bands_terms terms = {.path = writing->wish.path,
                                .into = writing->wish.into,
                                .force = writing->wish.force,
                                .bits = writing->wish.bits,
                                .colour = !image,
                                .overlay = take_overlay(writing, &session->scene.view),
                                .over = image ? NULL : draw_over,
                                .context = writing};
    if (!image)
        add_surroundings(session->shell, &terms);
    if (!image && !shell_capture_begin(session->shell, draw_panel, session, fault))
        return false;
    writing->captured = !image;
    return bands_begin(&writing->bands, &session->scene, &session->scene.view, &terms, fault);
}

/* ---- renderings ---- */

/* The view at another size: what follows the window's follows this one. */
static bool settle_view(const struct writing_wish *wish, struct view *view, struct fault *fault)
{
    double width = (wish->width ? wish->width : view->width) * wish->scale;
    double height = (wish->height ? wish->height : view->height) * wish->scale;
    double zoom = view->zoom * wish->scale;
    view->coarser = 0;
    if (!(width <= SIDE_MOST && height <= SIDE_MOST))
        return fault_set(fault, FAULT_USAGE, "%s: %.0f x %.0f pixels are too many", wish->path,
                         width, height);
    if (view->mode == VIEW_FREE && zoom > VIEW_ZOOM_MAX)
        return fault_set(fault, FAULT_USAGE, "%s: no zoom of %g: %g is the most", wish->path, zoom,
                         VIEW_ZOOM_MAX);
    if (view->mode == VIEW_FREE)
        view->zoom = zoom;
    view_resize(view, (int)fmax(width + 0.5, 1), (int)fmax(height + 0.5, 1));
    return true;
}

static bool begin_rendering(struct writing *writing, struct fault *fault)
{
    struct scene *scene = &writing->session->scene;
    struct view view = scene->view;
    struct bands_terms terms = {
        .path = writing->wish.path, .force = writing->wish.force, .bits = writing->wish.bits};
    if (!settle_view(&writing->wish, &view, fault))
        return false;
    terms.overlay = writing->wish.overlay ? take_overlay(writing, &view) : NULL;
    return bands_begin(&writing->bands, scene, &view, &terms, fault);
}

static bool begin_export(struct writing *writing, struct fault *fault)
{
    struct scene *scene = &writing->session->scene;
    const struct writing_wish *wish = &writing->wish;
    struct area page = {0, 0, 0, 0}, region = wish->area;
    scene_upright_size(scene, &page.width, &page.height);
    if (wish->whole)
        region = page;
    else if (region.width == 0)
        region = exporting_visible(scene);
    else
        region = area_intersect(region, page);
    return exporting_begin(&writing->exporting, scene, wish->path, region, wish->force, fault);
}

/* ---- the way of each ---- */

static bool finish(struct writing *writing, bool keep, struct fault *fault)
{
    bool begun = writing->begun;
    writing->begun = false;
    if (writing->captured)
        shell_capture_end(writing->session->shell);
    writing->captured = false;
    if (!begun)
        return true;
    return writing->wish.kind == WRITE_EXPORT ? exporting_finish(&writing->exporting, keep, fault)
                                              : bands_finish(&writing->bands, keep, fault);
}

static bool begin(struct writing *writing, struct fault *fault)
{
    static bool (*const begins[])(struct writing *,
                                  struct fault *) = {[WRITE_SCREENSHOT] = begin_screenshot,
                                                     [WRITE_RENDER] = begin_rendering,
                                                     [WRITE_EXPORT] = begin_export};
    const struct scene *scene = &writing->session->scene;
    if (!scene->open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    writing->page = scene->page;
    writing->path = scene->path;
    writing->begun = begins[writing->wish.kind](writing, fault);
    return writing->begun;
}

/* As long as it takes, but not longer than anybody would notice. */
static enum bands_end step(struct writing *writing, struct fault *fault)
{
    int64_t until = clock_ms() + STEP_MS;
    enum bands_end end = BANDS_MORE;
    while (end == BANDS_MORE && clock_ms() < until)
        end = writing->wish.kind == WRITE_EXPORT ? exporting_step(&writing->exporting, fault)
                                                 : bands_step(&writing->bands, fault);
    return end;
}

static bool is_other_page(const struct writing *writing)
{
    const struct scene *scene = &writing->session->scene;
    return !scene->open || scene->path != writing->path ||
           !page_same(&scene->page, &writing->page) || scene->page.channel != writing->page.channel;
}

static enum script_wait go_on(struct session *session, struct writing *writing, struct fault *fault)
{
    if (writing->begun && is_other_page(writing)) {
        fault_set(fault, FAULT_USAGE, "%s: another page came while it was being written",
                  writing->wish.path);
        return WAIT_FAILED;
    }
    if (!writing->begun && !begin(writing, fault))
        return WAIT_FAILED;
    session->writing = true;
    enum bands_end end = step(writing, fault);
    session->writing_more = end == BANDS_MORE;
    if (end == BANDS_WAIT || end == BANDS_MORE)
        return WAIT_ON;
    return end == BANDS_DONE && finish(writing, true, fault) ? WAIT_MET : WAIT_FAILED;
}

struct writing *writing_new(struct session *session, const struct writing_wish *wish,
                            struct fault *fault)
{
    struct writing *writing = ledger_alloc(LEDGER_UI, sizeof *writing, fault);
    if (!writing)
        return NULL;
    writing->session = session;
    writing->wish = *wish;
    return writing;
}

void writing_free(struct writing *writing)
{
    struct session *session = writing->session;
    finish(writing, false, NULL);
    if (session->writer == writing) {
        session->writer = NULL;
        session->writing = session->writing_more = false;
    }
    ledger_free(LEDGER_UI, writing, sizeof *writing);
}

bool writing_may(const struct session *session, const struct writing *writing)
{
    return !session->writer || session->writer == writing;
}

enum script_wait writing_turn(struct writing *writing, bool idle, struct fault *fault)
{
    struct session *session = writing->session;
    session->writing = session->writing_more = false;
    if (!idle)
        return WAIT_ON;
    session->writer = writing;
    return go_on(session, writing, fault);
}

/* ---- for commands ---- */

static void let_go(struct session *session, struct script_run *run)
{
    (void)session;
    writing_free(run->held);
    run->held = NULL;
}

static enum script_wait written(struct session *session, struct script_run *run,
                                struct fault *fault)
{
    if (!writing_may(session, run->held))
        return WAIT_ON;
    enum script_wait wait = wait_idle(session, run, fault);
    if (wait != WAIT_FAILED)
        wait = writing_turn(run->held, wait == WAIT_MET, fault);
    if (wait != WAIT_ON)
        let_go(session, run);
    return wait;
}

bool writing_start(struct session *session, const struct writing_wish *wish, struct fault *fault)
{
    struct writing *writing = writing_new(session, wish, fault);
    if (!writing)
        return false;
    struct script_run *run = scripts_wait(session, 0, written);
    run->held = writing;
    run->let_go = let_go;
    return true;
}
