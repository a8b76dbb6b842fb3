/* What the server shows by itself: see preview.h. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "session_parts.h"

enum {
    HAND_MS = 150, /* a hand that rests for so long wants the exact picture */
    REST_MS = 500  /* and after so long the server may be kept busy for what comes next */
};

/* Beyond this shift of whole pixels a view is another one. */
#define SHIFT_SLACK 1e-6

void preview_fini(struct session *session)
{
    ledger_free(LEDGER_TONE, session->preview.curve, sizeof *session->preview.curve);
    session->preview.curve = NULL;
}

void preview_forget(struct session *session)
{
    session->preview.known = false;
    memset(session->preview.views, 0, sizeof session->preview.views);
}

static void wake(void *context)
{
    (void)context; /* the turn that follows asks for the hand */
}

void preview_note_hand(struct session *session)
{
    session->preview.hand_ms = clock_ms();
    if (session->shell && shell_copies(session->shell))
        loop_timer(&session->loop, HAND_MS, wake, session);
}

bool preview_hand(const struct session *session)
{
    int64_t since = session->preview.hand_ms;
    return since && clock_ms() < since + HAND_MS;
}

static struct tone_range range_of(const struct scene *scene)
{
    const struct window *window = &scene->window;
    double middle = window->center, width = window->width;
    if (window->voi == VOI_SIGMOID || window_bends(window))
        return (struct tone_range){0};
    if (window->voi == VOI_LINEAR) {
        middle -= 0.5;
        width -= 1;
    }
    return (struct tone_range){middle - width / 2, middle + width / 2, scene_flipped(scene)};
}

static bool same_but_for_place(const struct view *a, const struct view *b)
{
    return a->width == b->width && a->height == b->height && a->page_width == b->page_width &&
           a->page_height == b->page_height && a->orientation == b->orientation &&
           a->zoom == b->zoom && a->turns == b->turns && a->mirrored == b->mirrored &&
           a->coarser == b->coarser;
}

static bool whole(double shift, int *pixels)
{
    double rounded = round(shift);
    *pixels = (int)rounded;
    return fabs(shift) < 32767 && fabs(shift - rounded) < SHIFT_SLACK;
}

/* Where the page's corner is drawn tells by how much the picture moved. */
static void move_picture(struct session *session)
{
    const struct preview *preview = &session->preview;
    const struct view *view = &session->scene.view;
    double old_x, old_y, new_x, new_y;
    int dx = 0, dy = 0;
    if (!preview->known || preview->page != session->scene.page.index ||
        !same_but_for_place(&preview->drawn, view))
        return;
    view_from_image(&preview->drawn, 0, 0, &old_x, &old_y);
    view_from_image(view, 0, 0, &new_x, &new_y);
    if (whole(new_x - old_x, &dx) && whole(new_y - old_y, &dy) && (dx || dy) &&
        frame_moves(session->scene.frame, dx, dy))
        session->preview.moved = shell_scroll(session->shell, dx, dy);
    if (session->preview.moved)
        frame_move_dither(session->scene.frame, dx, dy);
}

static void note_view(struct session *session)
{
    struct preview *preview = &session->preview;
    preview->moved = false;
    move_picture(session);
    int64_t number = shell_new_view(session->shell);
    preview->views[number % PREVIEW_VIEWS] =
        (struct preview_view){number, session->scene.page.index, session->scene.view};
}

void preview_begin(struct session *session, bool view_changed, bool window)
{
    struct scene *scene = &session->scene;
    struct preview *preview = &session->preview;
    const struct view *view = &scene->view;
    bool gray = scene_channels(scene) == 1;
    bool same = !view_changed && window && preview->known && gray == preview->gray;
    shell_tone(session->shell, gray, range_of(scene), same,
               !sample_is_float((enum sample_type)scene->page.type));
    if (session->pointer.inside)
        shell_focus(session->shell, session->pointer.x, session->pointer.y);
    else
        shell_focus(session->shell, view->width / 2, view->height / 2);
    if (view_changed)
        note_view(session);
    preview->stepped = same;
    preview->turned = view_changed && !preview->moved;
    preview->drawn = *view;
    preview->gray = gray;
    preview->page = scene->page.index;
    preview->known = true;
}

/* The part of the window that the page covers. */
static struct rect page_rect(const struct view *view)
{
    double x, y, other_x, other_y;
    view_from_image(view, 0, 0, &x, &y);
    view_from_image(view, (double)view->page_width, (double)view->page_height, &other_x, &other_y);
    double left = fmax(0, floor(fmin(x, other_x))), top = fmax(0, floor(fmin(y, other_y)));
    double right = fmin(view->width, ceil(fmax(x, other_x)));
    double bottom = fmin(view->height, ceil(fmax(y, other_y)));
    return (struct rect){(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
}

/* The values that are there, in modality units; nothing where they are not known. */
static struct tone_range bounds_of(const struct scene *scene)
{
    const struct statistics *statistics = &scene->statistics;
    if (!scene->window_final || !statistics->counted)
        return (struct tone_range){0};
    double a = scene_modality(scene, statistics->least),
           b = scene_modality(scene, statistics->most);
    return (struct tone_range){fmin(a, b), fmax(a, b), false};
}

static void want_base(struct session *session)
{
    struct fault fault;
    struct preview *preview = &session->preview;
    if (scene_channels(&session->scene) != 1 || !shell_copies(session->shell))
        return;
    if (!preview->curve)
        preview->curve = ledger_alloc(LEDGER_TONE, sizeof *preview->curve, &fault);
    if (preview->curve)
        shell_want_base(session->shell, bounds_of(&session->scene));
}

/* Where the corners of two views' pixels lie tells how the one is seen through the other. */
static void warp_from(const struct view *from, const struct view *to, double warp[6])
{
    static const double corners[3][2] = {{0, 0}, {1, 0}, {0, 1}};
    double at[3][2], x, y;
    for (int i = 0; i < 3; i++) {
        view_to_image(to, corners[i][0], corners[i][1], &x, &y);
        view_from_image(from, x, y, &at[i][0], &at[i][1]);
    }
    for (int i = 0; i < 2; i++) {
        warp[3 * i] = at[1][i] - at[0][i];
        warp[3 * i + 1] = at[2][i] - at[0][i];
        warp[3 * i + 2] = at[0][i];
    }
}

static void warp_picture(struct session *session)
{
    double warp[6];
    const struct scene *scene = &session->scene;
    int64_t kept = shell_kept_view(session->shell);
    const struct preview_view *from = &session->preview.views[kept < 0 ? 0 : kept % PREVIEW_VIEWS];
    if (kept < 0 || from->number != kept || from->page != scene->page.index)
        return;
    warp_from(&from->view, &scene->view, warp);
    shell_warp(session->shell, range_of(scene), warp);
}

void preview_end(struct session *session)
{
    const struct scene *scene = &session->scene;
    if (!preview_hand(session))
        return;
    if (session->preview.turned)
        warp_picture(session);
    if (session->preview.stepped &&
        !shell_step(session->shell, range_of(scene), page_rect(&scene->view)))
        want_base(session);
}

static void rested(void *context)
{
    struct session *session = context;
    if (session->shell && session->scene.open && session->announced_idle &&
        !session->preview.moved && !preview_hand(session))
        want_base(session);
}

void preview_press(struct session *session)
{
    if (session->scene.open)
        want_base(session);
}

void preview_rest(struct session *session)
{
    if (shell_copies(session->shell))
        loop_timer(&session->loop, REST_MS, rested, session);
}

/* Of a window that the page as it is would be drawn under. */
static void compile(struct session *session, struct tone_range range)
{
    struct scene *scene = &session->scene;
    struct preview *preview = &session->preview;
    const struct tone_range *last = &preview->range;
    if (preview->curve_page == scene->page.index + 1 && last->low == range.low &&
        last->high == range.high && last->flip == range.flip)
        return;
    struct window window = {.center = (range.low + range.high) / 2,
                            .width = range.high - range.low,
                            .voi = VOI_LINEAR_EXACT,
                            .invert = scene->window.invert,
                            .map = scene->window.map};
    scene_curve(scene, &window, preview->curve);
    preview->range = range;
    preview->curve_page = scene->page.index + 1;
}

bool preview_levels(void *context, struct rect band, struct tone_range range,
                    const struct pixels *pixels)
{
    struct session *session = context;
    struct scene *scene = &session->scene;
    struct preview *preview = &session->preview;
    if (!scene->open || !preview->curve || session->view_changed ||
        frame_quality(scene->frame, loader_arena(scene->loader), band) != FRAME_BEST)
        return false;
    compile(session, range);
    frame_draw(scene->frame, loader_arena(scene->loader), preview->curve, band, pixels, band.x,
               band.y);
    overlay_draw(&session->overlay, &scene->view, band, pixels, band.x, band.y);
    return true;
}
