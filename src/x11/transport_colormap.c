/* Transport "colormap": where gray levels are cells of a colormap that may be changed, pixels cross
 * the wire as they are, and window and level move by changing the cells. The server keeps a second
 * picture, drawn under a wider window; it and the cells change places with the exact picture in one
 * go, so that nobody sees the one under the other's cells. Where it is small enough a third one
 * takes the exact picture as it comes, so that the second is still there after a pause of the hand.
 *
 * DirectColor has the planes of TrueColor, eight of gray: there the second picture is eight
 * bitmaps, one byte a pixel on the wire and on the server instead of four. */
#include "output.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "render/planes.h"

enum {
    BITS = 8,
    ALL_BITS = 32,
    STAGE_BYTES = (1 << 20) - (20 << 10) /* a third picture of more is none */
};

/* A picture that the server keeps: one pixmap, or a bitmap for each bit of gray, the highest first.
 */
struct kept {
    Pixmap maps[BITS];
};

struct colormap_way {
    struct kept base;   /* and the exact picture as it comes while a likeness is shown, where ... */
    struct kept stage;  /* ... this is too large */
    GC bits_gc;         /* of bitmaps */
    GC plane_gcs[BITS]; /* of the window, for a bit of gray each */
    bool likeness;      /* the cells are not what the picture's levels are */
    struct rect staged; /* of the exact picture: there, and not yet in the window */
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

/* True with eight planes of gray in pixels of four bytes or three; they are then `masks`. */
static bool wide(const struct output *output, uint32_t masks[PLANES_MOST])
{
    return output->pixels.format.bits_per_pixel >= 24 &&
           planes_masks(&output->pixels.format, masks, ALL_BITS) == BITS;
}

static void drop_kept(Display *display, struct kept *kept)
{
    for (int i = 0; i < BITS; i++)
        if (kept->maps[i])
            XFreePixmap(display, kept->maps[i]);
    *kept = (struct kept){{0}};
}

static void drop_pictures(struct output *output)
{
    Display *display = output->connection->display;
    struct colormap_way *way = output->colormap;
    show_levels(output);
    drop_kept(display, &way->base);
    drop_kept(display, &way->stage);
    if (way->bits_gc)
        XFreeGC(display, way->bits_gc);
    for (int i = 0; i < BITS && way->bits_gc; i++)
        XFreeGC(display, way->plane_gcs[i]);
    way->bits_gc = NULL;
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
    drop_pictures(output);
    ledger_free(LEDGER_FRAME, output->colormap, sizeof *output->colormap);
    output->colormap = NULL;
    ordinary_release(output);
}

static bool fit(struct output *output, struct fault *fault)
{
    drop_pictures(output);
    output->base.shown = (struct tone_range){0};
    return ordinary_fit(output, fault);
}

/* What a picture takes on the server. */
static size_t kept_bytes(const struct output *output)
{
    uint32_t masks[PLANES_MOST];
    size_t row =
        wide(output, masks) ? BITS * planes_stride(output->pixels.width) : output->pixels.stride;
    return row * (size_t)output->pixels.height;
}

static void new_gcs(struct output *output, const uint32_t masks[BITS])
{
    Display *display = output->connection->display;
    struct colormap_way *way = output->colormap;
    XGCValues values = {.foreground = 1, .background = 0};
    way->bits_gc = XCreateGC(display, way->base.maps[0], GCForeground | GCBackground, &values);
    values = (XGCValues){.foreground = ~0ul, .background = 0, .graphics_exposures = False};
    for (int i = 0; i < BITS; i++) {
        values.plane_mask = masks[i];
        way->plane_gcs[i] =
            XCreateGC(display, output->window,
                      GCForeground | GCBackground | GCPlaneMask | GCGraphicsExposures, &values);
    }
}

static void need(struct output *output, struct kept *kept)
{
    uint32_t masks[PLANES_MOST];
    bool bitmaps = wide(output, masks);
    if (kept->maps[0])
        return;
    for (int i = 0; i < (bitmaps ? BITS : 1); i++)
        kept->maps[i] = XCreatePixmap(
            output->connection->display, output->window, (unsigned)output->pixels.width,
            (unsigned)output->pixels.height, bitmaps ? 1 : (unsigned)output->connection->depth);
    if (bitmaps && !output->colormap->bits_gc)
        new_gcs(output, masks);
    output->server_bytes += kept_bytes(output);
    output_doubt(output);
}

static const struct transport *carrier(const struct output *output)
{
    return output->pixels.format.bits_per_pixel >= 24 ? &transport_planes : &transport_put;
}

static double cost(const struct output *output)
{
    return carrier(output)->cost(output);
}

/* Bitmaps of what lies at (x, y) of `pixels`, one bit of each, to r of a picture. */
static void put_bits(struct output *output, const struct kept *kept, const struct pixels *pixels,
                     int x, int y, struct rect r, const uint32_t bits[BITS], uint8_t *room)
{
    size_t stride = planes_stride(r.width);
    for (int i = 0; i < BITS; i++) {
        planes_extract(pixels, (struct rect){x, y, r.width, r.height}, bits[i] & -bits[i], room,
                       stride);
        planes_put(output, kept->maps[i], output->colormap->bits_gc, r, room, stride);
    }
}

/* Where the exact picture goes beside a likeness. */
static struct kept *stage_of(struct output *output)
{
    struct colormap_way *way = output->colormap;
    return kept_bytes(output) <= STAGE_BYTES ? &way->stage : &way->base;
}

/* Beside a likeness exact levels would show under its cells: they wait. */
static void stage(struct output *output, struct rect r)
{
    struct colormap_way *way = output->colormap;
    struct kept *to = stage_of(output);
    uint32_t masks[PLANES_MOST];
    need(output, &way->base);
    need(output, to);
    if (to == &way->base)
        base_clear(&output->base);
    way->staged = rect_union(way->staged, r);
    if (wide(output, masks)) {
        output->before_rect = (struct rect){0};
        put_bits(output, to, &output->pixels, r.x, r.y, r, masks, output->before);
        return;
    }
    output->target = to->maps[0];
    carrier(output)->send(output, r);
}

static void send_rect(struct output *output, struct rect r)
{
    if (output->colormap->likeness && !output->gray)
        show_levels(output);
    if (output->colormap->likeness) {
        stage(output, r);
        return;
    }
    output->base.shown = (struct tone_range){0};
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

static void show(struct output *output, const struct kept *kept, struct rect r)
{
    Display *display = output->connection->display;
    struct colormap_way *way = output->colormap;
    unsigned width = (unsigned)r.width, height = (unsigned)r.height;
    if (!way->bits_gc) {
        XCopyArea(display, kept->maps[0], output->window, output->gc, r.x, r.y, width, height, r.x,
                  r.y);
        link_note(&output->link, sz_xCopyAreaReq);
        return;
    }
    for (int i = 0; i < BITS; i++)
        XCopyPlane(display, kept->maps[i], output->window, way->plane_gcs[i], r.x, r.y, width,
                   height, r.x, r.y, 1);
    link_note(&output->link, BITS * sz_xCopyPlaneReq);
}

static void finish(struct output *output)
{
    struct colormap_way *way = output->colormap;
    if (!output_exact(output))
        return;
    if (!rect_empty(way->staged)) {
        show(output, stage_of(output), way->staged);
        show_levels(output);
    }
    if (!way->likeness)
        output->base.shown = output->range;
}

static bool keeps_pixels(const struct output *output)
{
    uint32_t masks[PLANES_MOST];
    return !wide(output, masks);
}

static void keep_pixels(struct output *output, struct rect band, const uint8_t *pixels)
{
    int bits = output->pixels.format.bits_per_pixel;
    size_t stride = ((size_t)band.width * (size_t)bits + 7) / 8;
    XImage image = *output->image;
    image.width = band.width;
    image.height = band.height;
    image.bytes_per_line = (int)stride;
    image.data = (char *)(uintptr_t)pixels;
    XPutImage(output->connection->display, output->colormap->base.maps[0], output->gc, &image, 0, 0,
              band.x, band.y, (unsigned)band.width, (unsigned)band.height);
    link_note(&output->link, sz_xPutImageReq + (stride + 3) / 4 * 4 * (size_t)band.height);
}

/* Levels leave room behind them where rows of pixels would lie. */
static void keep(struct output *output, struct rect band, const uint8_t *rows)
{
    static const uint32_t bits[BITS] = {128, 64, 32, 16, 8, 4, 2, 1};
    need(output, &output->colormap->base);
    if (keeps_pixels(output)) {
        keep_pixels(output, band, rows);
        return;
    }
    struct pixels levels = {.base = (uint8_t *)(uintptr_t)rows,
                            .stride = (size_t)band.width,
                            .width = band.width,
                            .height = band.height,
                            .format = pixel_format_gray8};
    put_bits(output, &output->colormap->base, &levels, 0, 0, band, bits,
             levels.base + (size_t)band.width * (size_t)band.height);
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
        show(output, &output->colormap->base, whole);
        output->base.shown = base;
    }
    change_cells(output, low, high);
    output->colormap->staged = (struct rect){0};
    *rect = whole;
    return true;
}

const struct transport transport_colormap = {.name = "colormap",
                                             .keeps_pixels = keeps_pixels,
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
