/* Transport "colormap": where gray levels are cells of a colormap that may be changed, pixels cross
 * the wire as they are, and window and level move by changing the cells. The server keeps a second
 * picture, drawn under a wider window; it and the cells change places with the exact picture in one
 * go, so that nobody sees the one under the other's cells. */
#include "output.h"

#include <math.h>

#include "base/ledger.h"

struct colormap_way {
    Pixmap other;       /* the base, or the exact picture as it comes while a likeness is shown */
    bool likeness;      /* the cells are not what the picture's levels are */
    struct rect staged; /* of the exact picture, in `other` */
};

static void show_levels(struct output *output)
{
    struct colormap_way *way = output->colormap;
    if (way->likeness)
        visual_store_ramp(output->connection, NULL);
    way->likeness = false;
    way->staged = (struct rect){0};
    output->target = output->window;
}

static void drop_other(struct output *output)
{
    show_levels(output);
    if (output->colormap->other)
        XFreePixmap(output->connection->display, output->colormap->other);
    output->colormap->other = None;
}

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    const struct connection *connection = output->connection;
    if (!connection->cells.writable || connection->format.bits_per_pixel < 8)
        return fault_set(fault, FAULT_DISPLAY, "this visual has no cells that can be changed");
    output->colormap = ledger_alloc(LEDGER_FRAME, sizeof *output->colormap, fault);
    if (!output->colormap)
        return false;
    if (ordinary_obtain(output, bytes, fault))
        return true;
    ledger_free(LEDGER_FRAME, output->colormap, sizeof *output->colormap);
    output->colormap = NULL;
    return false;
}

static void release(struct output *output)
{
    drop_other(output);
    ledger_free(LEDGER_FRAME, output->colormap, sizeof *output->colormap);
    output->colormap = NULL;
    ordinary_release(output);
}

static bool fit(struct output *output, struct fault *fault)
{
    drop_other(output);
    output->base.shown = (struct tone_range){0};
    return ordinary_fit(output, fault);
}

static void need_other(struct output *output)
{
    struct colormap_way *way = output->colormap;
    if (way->other)
        return;
    way->other =
        XCreatePixmap(output->connection->display, output->window, (unsigned)output->pixels.width,
                      (unsigned)output->pixels.height, (unsigned)output->connection->depth);
    output->server_bytes += output->pixels.stride * (size_t)output->pixels.height;
}

/* DirectColor has the planes of TrueColor. */
static const struct transport *carrier(const struct output *output)
{
    return output->pixels.format.bits_per_pixel >= 24 ? &transport_planes : &transport_put;
}

static double cost(const struct output *output)
{
    return carrier(output)->cost(output);
}

/* Beside a likeness exact levels would show under its cells. */
static void send_rect(struct output *output, struct rect r)
{
    struct colormap_way *way = output->colormap;
    if (way->likeness) {
        need_other(output);
        base_clear(&output->base);
        output->target = way->other;
        way->staged = rect_union(way->staged, r);
    } else {
        output->base.shown = (struct tone_range){0};
    }
    carrier(output)->send(output, r);
}

static void send_like(struct output *output, struct rect r, int halvings)
{
    if (output->colormap->likeness) {
        send_rect(output, r);
        return;
    }
    output->base.shown = (struct tone_range){0};
    carrier(output)->send_like(output, r, halvings);
}

static bool uniform(const struct output *output)
{
    return output->colormap->likeness;
}

static void copy_other(struct output *output, struct rect r)
{
    XCopyArea(output->connection->display, output->colormap->other, output->window, output->gc, r.x,
              r.y, (unsigned)r.width, (unsigned)r.height, r.x, r.y);
    link_note(&output->link, sz_xCopyAreaReq);
}

static void finish(struct output *output)
{
    struct colormap_way *way = output->colormap;
    if (!output_exact(output))
        return;
    if (!rect_empty(way->staged))
        copy_other(output, way->staged);
    if (!rect_empty(way->staged))
        show_levels(output);
    if (!way->likeness)
        output->base.shown = output->range;
}

static void keep(struct output *output, struct rect band, const uint8_t *pixels)
{
    int bits = output->pixels.format.bits_per_pixel;
    size_t stride = ((size_t)band.width * (size_t)bits + 7) / 8;
    XImage image = *output->image;
    image.width = band.width;
    image.height = band.height;
    image.bytes_per_line = (int)stride;
    image.data = (char *)(uintptr_t)pixels;
    need_other(output);
    XPutImage(output->connection->display, output->colormap->other, output->gc, &image, 0, 0,
              band.x, band.y, (unsigned)band.width, (unsigned)band.height);
    link_note(&output->link, sz_xPutImageReq + (stride + 3) / 4 * 4 * (size_t)band.height);
}

static void change_cells(struct output *output, double low, double high)
{
    uint8_t levels[256];
    for (int i = 0; i < 256; i++) {
        double level = (i / 255.0 - low) / (high - low);
        levels[i] = (uint8_t)lround(255 * (level < 0 ? 0 : level > 1 ? 1 : level));
    }
    visual_store_ramp(output->connection, levels);
    link_note(&output->link, sz_xStoreColorsReq + 256 * sz_xColorItem);
    output->colormap->likeness = true;
}

/* What the window shows serves, or the base does once it is there. */
static bool step(struct output *output, struct tone_range range, struct rect *rect)
{
    double low, high;
    struct base_band all;
    struct tone_range base = {0};
    if (base_whole(&output->base, &all) && all.view == output->base.view)
        base = all.range;
    bool shown = base_suits(output->base.shown, range);
    struct rect whole = {0, 0, output->pixels.width, output->pixels.height};
    if (!shown && !base_suits(base, range))
        return false;
    if (base_levels(shown ? output->base.shown : base, range, &low, &high))
        return false; /* what lies around the page would turn white */
    if (!shown) {
        copy_other(output, whole);
        output->base.shown = base;
    }
    change_cells(output, low, high);
    output->colormap->staged = (struct rect){0};
    *rect = whole;
    return true;
}

const struct transport transport_colormap = {.name = "colormap",
                                             .keeps_pixels = true,
                                             .obtain = obtain,
                                             .release = release,
                                             .fit = fit,
                                             .send = send_rect,
                                             .send_like = send_like,
                                             .cost = cost,
                                             .uniform = uniform,
                                             .finish = finish,
                                             .keep = keep,
                                             .step = step};
