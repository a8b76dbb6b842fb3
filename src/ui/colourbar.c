/* The colour bar: see colourbar.h. Owns nothing; it must never know of windows or files. */
#include "colourbar.h"

#include <stdio.h>
#include <string.h>

#include "render/dither.h"
#include "tone/curve.h"

enum { MARGIN = 8, WIDTH = 12, GAP = 6, LEAST_SIDE = 112, LABEL = 64 };

struct rect colourbar_rect(const struct overlay *overlay, const struct view *view)
{
    bool room = view->width >= LEAST_SIDE && view->height >= LEAST_SIDE;
    if (!overlay->bar || !room)
        return (struct rect){0, 0, 0, 0};
    int height = view->height / 2;
    return (struct rect){view->width - MARGIN - WIDTH, (view->height - height) / 2, WIDTH, height};
}

void colourbar_ends(const struct window *window, double *low, double *high)
{
    double half = window->width / 2;
    bool linear = window->voi == VOI_LINEAR;
    *low = window->center - half;
    *high = window->center + half - (linear ? 1 : 0);
}

static void write_end(const struct overlay *overlay, const struct stencil *stencil, double value,
                      int right, int y)
{
    char text[LABEL];
    const char *unit = overlay->terms.value_unit;
    int length = snprintf(text, sizeof text, "%.6g%s%s", value, *unit ? " " : "", unit);
    stencil_text(stencil, right - stencil_text_width(stencil->scale, text, length), y, text,
                 length);
}

void colourbar_outline(const struct overlay *overlay, const struct view *view,
                       const struct stencil *stencil)
{
    double low, high;
    struct rect bar = colourbar_rect(overlay, view);
    if (rect_empty(bar))
        return;
    int below = bar.y + bar.height;
    colourbar_ends(&overlay->window, &low, &high);
    stencil_fill(stencil, (struct rect){bar.x - 1, bar.y - 1, bar.width + 2, bar.height + 2});
    write_end(overlay, stencil, high, bar.x - GAP, bar.y);
    write_end(overlay, stencil, low, bar.x - GAP, below - stencil_text_height(stencil->scale));
}

/* The colour of row i from the bar's top. */
static void row_colour(const struct overlay *overlay, struct rect bar, int i, uint8_t colour[3])
{
    double low, high;
    const struct window *window = &overlay->window;
    colourbar_ends(window, &low, &high);
    double value = low + (high - low) * (bar.height - 1 - i) / (bar.height - 1);
    uint8_t level =
        curve_value_level(window, (struct modality){1, 0}, overlay->min_is_white, value);
    colormap_colour(colormap_has_colours(window->map) ? window->map : COLORMAP_GRAY, level, colour);
}

static void pack_row(const struct dither *dither, const struct pixels *pixels,
                     const uint8_t colour[3], struct rect row, int left, int top)
{
    uint8_t levels[3][WIDTH];
    const uint8_t *const planes[3] = {levels[0], levels[1], levels[2]};
    const struct pixel_format *format = &pixels->format;
    uint8_t *base = pixels->base + (size_t)(row.y - top) * pixels->stride;
    for (int channel = 0; channel < 3; channel++)
        memset(levels[channel], colour[channel], WIDTH);
    if (format->ramp || format->red | format->green | format->blue)
        dither_pack(dither, planes, 3, row.width,
                    &(struct pixel_place){base, row.x - left, (unsigned)row.x, (unsigned)row.y});
    else
        pixels_pack_rgb(format, planes, row.width, base + (row.x - left));
}

void colourbar_fill(const struct overlay *overlay, const struct view *view, struct rect clip,
                    const struct pixels *pixels, int left, int top)
{
    struct dither dither;
    struct rect bar = colourbar_rect(overlay, view);
    struct rect there =
        rect_intersect(clip, (struct rect){left, top, pixels->width, pixels->height});
    struct rect part = rect_intersect(bar, there);
    if (rect_empty(part))
        return;
    dither_prepare(&dither, &pixels->format);
    for (int y = part.y; y < part.y + part.height; y++) {
        uint8_t colour[3];
        row_colour(overlay, bar, y - bar.y, colour);
        pack_row(&dither, pixels, colour, (struct rect){part.x, y, part.width, 1}, left, top);
    }
}
