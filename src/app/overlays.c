/* Overlays: see overlays.h. Owns nothing: the window's lie in the session. */
#include "overlays.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_parts.h"
#include "state.h"
#include "ui/statusline.h"
#include "values.h"

enum { NAME_CHARACTERS = 60, SCALE_MOST = 4 };

static void corner_texts(struct overlay *overlay, const struct scene *scene,
                         const struct view *view)
{
    char name[120], width[NUMBER_TEXT], center[NUMBER_TEXT], place[64];
    char(*corner)[OVERLAY_TEXT] = overlay->corner;
    const struct page *page = &scene->page;
    text_cut_middle(file_name(scene->path), NAME_CHARACTERS, name, sizeof name);
    place_text(page, place, sizeof place);
    snprintf(corner[CORNER_TOP_LEFT], OVERLAY_TEXT, "%s\n%s%s%s", name, page->title,
             *page->title && *place ? "  " : "", place + strspn(place, " "));
    snprintf(corner[CORNER_TOP_RIGHT], OVERLAY_TEXT, "%lld x %lld", (long long)view->page_width,
             (long long)view->page_height);
    number_text(scene->window.width, width);
    number_text(scene->window.center, center);
    snprintf(corner[CORNER_BOTTOM_LEFT], OVERLAY_TEXT, "W %s\nC %s", width, center);
    snprintf(corner[CORNER_BOTTOM_RIGHT], OVERLAY_TEXT, "%.4g %%", view->zoom * 100);
}

void overlays_fill(struct overlay *overlay, const struct scene *scene,
                   const struct measuring *measuring, const struct view *view)
{
    static const struct measuring none;
    const struct measuring *from = measuring ? measuring : &none;
    overlay->measures = from->items;
    overlay->count = from->count;
    overlay->here = (struct measure_place){scene->path, scene->page.index, scene->page.channel};
    overlay->terms = measuring_terms(from, scene);
    overlay->bar = scene->page.channels == 1;
    overlay->min_is_white = scene->page.min_is_white != 0;
    overlay->window = scene->window;
    if (overlay->shown >> OVERLAY_CORNERS & 1)
        corner_texts(overlay, scene, view);
}

void overlays_begin(struct session *session)
{
    const struct options *options = session->options;
    const char *word = resources_text(session->resources, "overlay", "Overlay");
    const char *scale = resources_text(session->resources, "fontScale", "FontScale");
    unsigned *shown = &session->overlay.shown;
    double times = scale ? strtod(scale, NULL) : 1;
    session->overlay.scale = times >= 1.5 ? (int)fmin(times + 0.5, SCALE_MOST) : 1;
    *shown = 1u << OVERLAY_MEASUREMENTS;
    if (options->overlay_given)
        *shown = options->overlay;
    else if (word && !overlay_parse(word, shown))
        session_message(session, "The resource overlay is none of its values.");
}

void overlays_refresh(struct session *session)
{
    struct overlay *overlay = &session->overlay;
    overlays_fill(overlay, &session->scene, &session->measuring, &session->scene.view);
    overlay->drafting = session->gesture.drafting;
    overlay->draft = session->gesture.draft;
}

void overlays_changed(struct session *session)
{
    const struct view *view = &session->scene.view;
    framing_damage(session, (struct rect){0, 0, view->width, view->height});
}

void overlays_touch(struct session *session, const struct measure *measure)
{
    if (!session->scene.open)
        return;
    overlays_refresh(session);
    framing_damage(session, overlay_bounds(&session->overlay, &session->scene.view, measure));
}

void overlays_draw(struct session *session, struct rect rect, const struct pixels *pixels)
{
    overlay_draw(&session->overlay, &session->scene.view, rect, pixels, 0, 0);
}
