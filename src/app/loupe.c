/* The loupe: see loupe.h. Owns a frame planner and a list of tiles. */
#include "loupe.h"

#include <string.h>

#include "base/ledger.h"
#include "session_parts.h"

enum { SIDE_LEAST = 96, SIDE_MOST = 256, BORDER = 2 };

void loupe_fini(struct loupe *loupe)
{
    frame_free(loupe->frame);
    ledger_free(LEDGER_VIEW, loupe->keys, loupe->keys_size);
    *loupe = (struct loupe){0};
}

static bool is_on(const struct session *session)
{
    return session->tool && session->tool->follows && session->pointer.inside &&
           session->scene.open;
}

void loupe_moved(struct session *session)
{
    if (is_on(session) || !rect_empty(session->loupe.rect))
        session->exposed = true;
}

static int side_of(const struct view *view)
{
    int side = (view->width < view->height ? view->width : view->height) / 3;
    return side < SIDE_LEAST ? SIDE_LEAST : side > SIDE_MOST ? SIDE_MOST : side;
}

/* The window's view, larger, with the pointer's image point in the middle. */
static struct view larger_view(const struct session *session, int side)
{
    double x, y;
    const struct loupe *loupe = &session->loupe;
    struct view view = session->scene.view;
    double zoom = view.zoom * (loupe->factor > 0 ? loupe->factor : LOUPE_FACTOR);
    view_to_image(&view, session->pointer.x + 0.5, session->pointer.y + 0.5, &x, &y);
    view.mode = VIEW_FREE;
    view_resize(&view, side, side);
    view_zoom_about(&view, zoom, side / 2.0, side / 2.0);
    view.center_x = x;
    view.center_y = y;
    return view;
}

static bool plan(struct session *session)
{
    struct fault fault;
    struct loupe *loupe = &session->loupe;
    const struct page *page = &session->scene.page;
    if (!loupe->frame) {
        loupe->frame = frame_new(&fault);
        if (loupe->frame && pixel_format_deep(&shell_pixels(session->shell)->format))
            frame_deepen(loupe->frame);
    }
    return loupe->frame && frame_plan(loupe->frame, &loupe->view, page->index,
                                      (enum sample_type)page->type, page->channels, &fault);
}

static void show(struct session *session)
{
    struct loupe *loupe = &session->loupe;
    int side = side_of(&session->scene.view);
    loupe->view = larger_view(session, side);
    loupe->rect =
        (struct rect){session->pointer.x - side / 2, session->pointer.y - side / 2, side, side};
    if (!plan(session))
        loupe->rect = (struct rect){0};
}

static struct rect own(const struct loupe *loupe)
{
    return (struct rect){0, 0, loupe->rect.width, loupe->rect.height};
}

void loupe_begin(struct session *session)
{
    struct loupe *loupe = &session->loupe;
    struct rect was = loupe->rect;
    struct view view = loupe->view;
    loupe->rect = (struct rect){0};
    if (is_on(session))
        show(session);
    bool same = !memcmp(&was, &loupe->rect, sizeof was) && view.zoom == loupe->view.zoom &&
                view.center_x == loupe->view.center_x && view.center_y == loupe->view.center_y;
    if (!same || !loupe->final) {
        painter_stale(&session->scene.painter, was);
        painter_stale(&session->scene.painter, loupe->rect);
    }
    loupe->final =
        rect_empty(loupe->rect) ||
        frame_quality(loupe->frame, loader_arena(session->scene.loader), own(loupe)) == FRAME_BEST;
}

void loupe_want(struct session *session, const struct tile_key *keys, int count)
{
    struct loupe *loupe = &session->loupe;
    struct loader *loader = session->scene.loader;
    struct tile_span span = {0};
    if (!rect_empty(loupe->rect))
        span = frame_needs(loupe->frame, own(loupe));
    int more = span.columns * span.rows;
    if (more < 1 || !ledger_grow(LEDGER_VIEW, &loupe->keys, &loupe->keys_size,
                                 (size_t)(count + more) * sizeof *keys, NULL)) {
        loader_want(loader, keys, count);
        return;
    }
    struct tile_key *all = loupe->keys;
    for (int i = 0; i < more; i++)
        all[i] = (struct tile_key){span.page, span.reduction, span.column + i % span.columns,
                                   span.row + i / span.columns};
    if (count)
        memcpy(all + more, keys, (size_t)count * sizeof *keys);
    loader_want(loader, all, more + count);
}

void loupe_draw(struct session *session, struct rect rect, const struct pixels *pixels)
{
    struct loupe *loupe = &session->loupe;
    struct scene *scene = &session->scene;
    const struct rect *at = &loupe->rect;
    struct rect part = rect_intersect(rect, *at);
    if (rect_empty(part))
        return;
    struct rect inner = {part.x - at->x, part.y - at->y, part.width, part.height};
    struct overlay overlay = session->overlay;
    overlay.shown &= 1u << OVERLAY_MEASUREMENTS;
    frame_draw(loupe->frame, loader_arena(scene->loader), scene->curve, inner, pixels, -at->x,
               -at->y);
    overlay_draw(&overlay, &loupe->view, inner, pixels, -at->x, -at->y);
    overlay_frame(own(loupe), BORDER, inner, pixels, -at->x, -at->y);
}
