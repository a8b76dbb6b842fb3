/* Overlays: see ui/overlay.h. Owns nothing; it must never know of windows or files. */
#include "ui/overlay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "colourbar.h"
#include "stencil.h"

enum { MARGIN = 8, CROSS = 5, GAP = 6 };

const char *const overlay_names[] = {"measurements", "scale", "marks", "corners", "colorbar", NULL};

bool overlay_parse(const char *text, unsigned *shown)
{
    unsigned found = 0;
    if (!strcmp(text, "all") || !strcmp(text, "none")) {
        *shown = *text == 'a' ? (1u << OVERLAY_PARTS) - 1 : 0;
        return true;
    }
    for (;;) {
        size_t length = strcspn(text, ",");
        int part = 0;
        while (overlay_names[part] && (strlen(overlay_names[part]) != length ||
                                       strncmp(overlay_names[part], text, length) != 0))
            part++;
        if (!overlay_names[part])
            return false;
        found |= 1u << part;
        if (!text[length])
            break;
        text += length + 1;
    }
    *shown = found;
    return true;
}

static bool shows(const struct overlay *overlay, enum overlay_part part)
{
    return overlay->shown >> part & 1;
}

static bool is_turned(const struct view *view)
{
    return view->turns || view->mirrored;
}

static bool shows_bar(const struct overlay *overlay, const struct view *view)
{
    return shows(overlay, OVERLAY_COLORBAR) && !rect_empty(colourbar_rect(overlay, view));
}

/* The one in the hand is drawn as it will be. */
static bool is_here(const struct overlay *overlay, const struct measure *measure)
{
    if (overlay->drafting && measure->number == overlay->draft.number)
        return false;
    const struct measure_place *here = &overlay->here, *place = &measure->place;
    return place->path == here->path && place->page == here->page &&
           place->channel == here->channel;
}

bool overlay_any(const struct overlay *overlay, const struct view *view)
{
    if (overlay->drafting || shows_bar(overlay, view) || shows(overlay, OVERLAY_SCALE) ||
        shows(overlay, OVERLAY_CORNERS) || (shows(overlay, OVERLAY_MARKS) && is_turned(view)))
        return true;
    for (int i = 0; i < overlay->count && shows(overlay, OVERLAY_MEASUREMENTS); i++)
        if (is_here(overlay, &overlay->measures[i]))
            return true;
    return false;
}

/* ---- measurements ---- */

/* Where a shape is in the window: its corners, or ends, and the box about them. */
struct outline {
    double x[2], y[2];
    struct rect box;
};

/* What lies far outside is drawn as if it lay just outside. */
static int pixel_of(double at)
{
    return (int)floor(fmin(fmax(at, -1e6), 1e6));
}

static struct outline outline_of(const struct view *view, const struct measure *measure)
{
    struct outline outline;
    for (int i = 0; i < 2; i++)
        view_from_image(view, measure->x[i], measure->y[i], &outline.x[i], &outline.y[i]);
    int left = pixel_of(fmin(outline.x[0], outline.x[1]));
    int top = pixel_of(fmin(outline.y[0], outline.y[1]));
    int right = pixel_of(fmax(outline.x[0], outline.x[1]));
    int bottom = pixel_of(fmax(outline.y[0], outline.y[1]));
    outline.box = (struct rect){left, top, right - left + 1, bottom - top + 1};
    return outline;
}

static void cross(const struct stencil *stencil, double x, double y)
{
    int column = pixel_of(x), row = pixel_of(y);
    stencil_fill(stencil, (struct rect){column - CROSS, row, 2 * CROSS + 1, 1});
    stencil_fill(stencil, (struct rect){column, row - CROSS, 1, 2 * CROSS + 1});
}

static void draw_shape(const struct stencil *stencil, const struct measure *measure,
                       const struct outline *outline)
{
    const double *x = outline->x, *y = outline->y;
    switch (measure->kind) {
    case MEASURE_PROBE:
        cross(stencil, x[0], y[0]);
        break;
    case MEASURE_DISTANCE:
        stencil_line(stencil, x[0], y[0], x[1], y[1]);
        cross(stencil, x[0], y[0]);
        cross(stencil, x[1], y[1]);
        break;
    case MEASURE_RECTANGLE:
        stencil_line(stencil, x[0], y[0], x[1], y[0]);
        stencil_line(stencil, x[0], y[1], x[1], y[1]);
        stencil_line(stencil, x[0], y[0], x[0], y[1]);
        stencil_line(stencil, x[1], y[0], x[1], y[1]);
        break;
    case MEASURE_ELLIPSE:
        stencil_ellipse(stencil, x[0], y[0], x[1], y[1]);
        break;
    case MEASURE_KINDS:
        break;
    }
}

struct label {
    char lines[MEASURE_LINES][MEASURE_TEXT];
    int count;
    struct rect rect;
};

static int scale_of(const struct overlay *overlay)
{
    return overlay->scale > 1 ? overlay->scale : 1;
}

/* Beside the shape: to the right, where there is no room to the left; within the window where the
 * shape is. */
static void place_label(struct label *label, int scale, const struct view *view,
                        const struct outline *outline)
{
    const struct rect *box = &outline->box;
    int width = 0, height = label->count * stencil_text_height(scale);
    for (int i = 0; i < label->count; i++) {
        int wide = stencil_text_width(scale, label->lines[i], (int)strlen(label->lines[i]));
        width = wide > width ? wide : width;
    }
    int x = box->x + box->width + GAP, y = box->y;
    if (x + width + 1 > view->width)
        x = box->x - GAP - width;
    if (x < 1)
        x = box->x + GAP;
    if (y + height + 1 > view->height)
        y = view->height - height - 1;
    label->rect = (struct rect){x, y < 1 ? 1 : y, width, height};
}

static bool in_window(const struct view *view, struct rect box)
{
    struct rect window = {0, 0, view->width, view->height};
    return !rect_empty(rect_intersect(box, window));
}

/* What has its shape out of the window has no text. */
static struct label label_of(const struct overlay *overlay, const struct view *view,
                             const struct measure *measure, const struct outline *outline)
{
    struct label label = {.count = 0};
    if (in_window(view, outline->box))
        label.count = measure_lines(measure, &overlay->terms, label.lines);
    place_label(&label, scale_of(overlay), view, outline);
    return label;
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by};
}

struct rect overlay_bounds(const struct overlay *overlay, const struct view *view,
                           const struct measure *measure)
{
    struct rect window = {0, 0, view->width, view->height};
    struct outline outline = outline_of(view, measure);
    struct label label = label_of(overlay, view, measure, &outline);
    struct rect all = rect_union(grown(outline.box, CROSS + 1), grown(label.rect, 1));
    return rect_intersect(all, window);
}

/* Whether a shape or its text may lie in rows that are drawn: texts are not worked out for others.
 */
static bool in_rows(const struct view *view, const struct outline *outline,
                    const struct stencil *stencil)
{
    const struct rect clip = stencil->clip;
    int tallest = MEASURE_LINES * stencil_text_height(stencil->scale) + 2;
    int top = outline->box.y, bottom = top + outline->box.height;
    int text_top = top < view->height - tallest ? top : view->height - tallest;
    int text_bottom = (top < 1 ? 1 : top) + tallest;
    top = (text_top < top ? text_top : top) - CROSS - 1;
    bottom = (text_bottom > bottom ? text_bottom : bottom) + CROSS + 1;
    return clip.y < bottom && clip.y + clip.height > top;
}

static void draw_measure(const struct overlay *overlay, const struct view *view,
                         const struct stencil *stencil, const struct measure *measure)
{
    struct outline outline = outline_of(view, measure);
    if (!in_rows(view, &outline, stencil))
        return;
    struct label label = label_of(overlay, view, measure, &outline);
    draw_shape(stencil, measure, &outline);
    for (int i = 0; i < label.count; i++)
        stencil_text(stencil, label.rect.x, label.rect.y + i * stencil_text_height(stencil->scale),
                     label.lines[i], (int)strlen(label.lines[i]));
}

static void draw_measures(const struct overlay *overlay, const struct view *view,
                          const struct stencil *stencil)
{
    for (int i = 0; i < overlay->count && shows(overlay, OVERLAY_MEASUREMENTS); i++)
        if (is_here(overlay, &overlay->measures[i]))
            draw_measure(overlay, view, stencil, &overlay->measures[i]);
    if (overlay->drafting)
        draw_measure(overlay, view, stencil, &overlay->draft);
}

/* ---- scale bar ---- */

/* 1, 2 or 5 and zeros, up to `most`. */
static double round_length(double most)
{
    double ten = pow(10, floor(log10(most)));
    double ones = most / ten;
    return (ones >= 5 ? 5 : ones >= 2 ? 2 : 1) * ten;
}

/* At most a quarter of the width; at the bottom, in the middle. In samples where no spacing is
 * known. */
static void draw_scale(const struct overlay *overlay, const struct view *view,
                       const struct stencil *stencil)
{
    char text[48];
    const struct measure_terms *terms = &overlay->terms;
    bool spaced = terms->spacing_x > 0 && terms->spacing_y > 0;
    double spacing = view->turns % 2 ? terms->spacing_y : terms->spacing_x;
    double for_pixel = (spaced ? spacing : 1) / view->zoom;
    double length = round_length(view->width / 4.0 * for_pixel);
    if (!spaced && length < 1)
        return;
    int pixels = (int)floor(length / for_pixel + 0.5);
    int x = (view->width - pixels) / 2, y = view->height - MARGIN - 1;
    if (spaced)
        measure_length_text(length, terms->unit, text, sizeof text);
    else
        snprintf(text, sizeof text, "%.0f pixels", length);
    int wide = stencil_text_width(stencil->scale, text, (int)strlen(text));
    stencil_fill(stencil, (struct rect){x, y - 1, pixels, 2});
    stencil_fill(stencil, (struct rect){x, y - CROSS, 1, CROSS + 1});
    stencil_fill(stencil, (struct rect){x + pixels - 1, y - CROSS, 1, CROSS + 1});
    stencil_text(stencil, (view->width - wide) / 2, y - 3 - stencil_text_height(stencil->scale),
                 text, (int)strlen(text));
}

/* ---- marks and corners ---- */

/* Which side of the upright page is seen at a side of the window: from its middle a step to it. */
static const char *side_at(const struct view *view, double dx, double dy)
{
    double x, y, other_x, other_y;
    view_to_image(view, 0, 0, &x, &y);
    view_to_image(view, dx, dy, &other_x, &other_y);
    if (fabs(other_x - x) > fabs(other_y - y))
        return other_x > x ? "right" : "left";
    return other_y > y ? "bottom" : "top";
}

/* The page's sides by their names, not L and R: those would be taken for the patient's. Up to
 * `right` there is room for them. */
static void draw_marks(const struct view *view, const struct stencil *stencil, int right)
{
    static const struct {
        int dx, dy;
    } sides[] = {{0, -1}, {0, 1}, {-1, 0}, {1, 0}};
    int height = stencil_text_height(stencil->scale);
    for (int i = 0; i < 4; i++) {
        const char *name = side_at(view, sides[i].dx, sides[i].dy);
        int length = (int)strlen(name), width = stencil_text_width(stencil->scale, name, length);
        int x = (view->width - width) / 2, y = (view->height - height) / 2;
        x = sides[i].dx < 0 ? MARGIN : sides[i].dx > 0 ? right - width : x;
        y = sides[i].dy < 0 ? MARGIN : sides[i].dy > 0 ? view->height - 4 * MARGIN - height : y;
        stencil_text(stencil, x, y, name, length);
    }
}

static int count_lines(const char *text)
{
    int lines = *text ? 1 : 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void draw_corner(const struct view *view, const struct stencil *stencil,
                        enum overlay_corner corner, const char *text)
{
    bool right = corner == CORNER_TOP_RIGHT || corner == CORNER_BOTTOM_RIGHT;
    bool low = corner == CORNER_BOTTOM_LEFT || corner == CORNER_BOTTOM_RIGHT;
    int height = stencil_text_height(stencil->scale);
    int y = low ? view->height - MARGIN - count_lines(text) * height : MARGIN;
    while (*text) {
        int length = (int)strcspn(text, "\n");
        int x = right ? view->width - MARGIN - stencil_text_width(stencil->scale, text, length)
                      : MARGIN;
        stencil_text(stencil, x, y, text, length);
        text += length + (text[length] == '\n');
        y += height;
    }
}

void overlay_draw(const struct overlay *overlay, const struct view *view, struct rect rect,
                  const struct pixels *pixels, int left, int top)
{
    if (!overlay_any(overlay, view))
        return;
    bool bar = shows_bar(overlay, view);
    int right = bar ? colourbar_rect(overlay, view).x - GAP : view->width - MARGIN;
    for (int pass = 0; pass < 2; pass++) {
        struct stencil stencil = stencil_begin(pixels, rect, left, top, pass, scale_of(overlay));
        draw_measures(overlay, view, &stencil);
        if (shows(overlay, OVERLAY_SCALE))
            draw_scale(overlay, view, &stencil);
        if (shows(overlay, OVERLAY_MARKS) && is_turned(view))
            draw_marks(view, &stencil, right);
        for (int i = 0; i < OVERLAY_CORNER_COUNT && shows(overlay, OVERLAY_CORNERS); i++)
            draw_corner(view, &stencil, (enum overlay_corner)i, overlay->corner[i]);
        if (bar)
            colourbar_outline(overlay, view, &stencil);
    }
    if (bar)
        colourbar_fill(overlay, view, rect, pixels, left, top);
}

void overlay_frame(struct rect frame, int thickness, struct rect rect, const struct pixels *pixels,
                   int left, int top)
{
    for (int pass = 0; pass < 2; pass++) {
        struct stencil stencil =
            stencil_begin(pixels, rect_intersect(rect, frame), left, top, pass, 1);
        int x = frame.x + 1, y = frame.y + 1, across = frame.width - 2, down = frame.height - 2;
        int wide = thickness - 1;
        stencil_fill(&stencil, (struct rect){x, y, across, wide});
        stencil_fill(&stencil, (struct rect){x, y + down - wide, across, wide});
        stencil_fill(&stencil, (struct rect){x, y, wide, down});
        stencil_fill(&stencil, (struct rect){x + across - wide, y, wide, down});
    }
}
