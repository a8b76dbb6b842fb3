/* Transport "planes": gray pictures cross the wire as bitmaps, one for each bit of gray, through
 * plane masks of the core protocol alone: a quarter of what PutImage takes at 32 bits a pixel. A
 * likeness leaves out the lower bits. Colours go as pixels. */
#include "output.h"

#include "render/planes.h"

enum { LIKE_BITS = 4, ALL_BITS = 32 };

static bool obtain(struct output *output, size_t bytes, struct fault *fault)
{
    uint32_t planes[PLANES_MOST];
    if (!planes_masks(&output->connection->format, planes, ALL_BITS))
        return fault_set(fault, FAULT_DISPLAY, "this visual has no planes of gray");
    return ordinary_obtain(output, bytes, fault);
}

static double cost(const struct output *output)
{
    uint32_t planes[PLANES_MOST];
    if (!output->gray)
        return output->pixels.format.bits_per_pixel / 8.0;
    return planes_masks(&output->pixels.format, planes, ALL_BITS) / 8.0;
}

XImage planes_bitmap(int width, int height, uint8_t *bits, size_t stride)
{
    XImage bitmap = {.width = width,
                     .height = height,
                     .format = XYBitmap,
                     .data = (char *)bits,
                     .byte_order = MSBFirst,
                     .bitmap_unit = 8,
                     .bitmap_bit_order = MSBFirst,
                     .bitmap_pad = 32,
                     .depth = 1,
                     .bytes_per_line = (int)stride};
    XInitImage(&bitmap);
    return bitmap;
}

void planes_put(struct output *output, Drawable to, GC gc, struct rect r, uint8_t *bits,
                size_t stride)
{
    XImage bitmap = planes_bitmap(r.width, r.height, bits, stride);
    XPutImage(output->connection->display, to, gc, &bitmap, 0, 0, r.x, r.y, (unsigned)r.width,
              (unsigned)r.height);
    link_note(&output->link, sz_xPutImageReq + stride * (size_t)r.height);
}

/* The planes of a pixel that output->gc changes. */
static void choose(struct output *output, unsigned long planes)
{
    XSetPlaneMask(output->connection->display, output->gc, planes);
    link_note(&output->link, sz_xChangeGCReq + 4);
}

/* The bitmaps are made where rows lie before they are drawn: nothing is drawn meanwhile. */
static void put_planes(struct output *output, struct rect r, int bits)
{
    uint32_t planes[PLANES_MOST];
    int count = planes_masks(&output->pixels.format, planes, bits);
    size_t stride = planes_stride(r.width);
    output->before_rect = (struct rect){0};
    for (int i = 0; i < count; i++) {
        planes_extract(&output->pixels, r, planes[i] & -planes[i], output->before, stride);
        choose(output, planes[i]);
        planes_put(output, output->target, output->gc, r, output->before, stride);
    }
    choose(output, AllPlanes);
}

static void send_rect(struct output *output, struct rect r)
{
    if (output->gray)
        put_planes(output, r, ALL_BITS);
    else
        transport_put.send(output, r);
}

static void send_like(struct output *output, struct rect r, int halvings)
{
    if (output->gray)
        put_planes(output, r, LIKE_BITS);
    else
        transport_put.send_like(output, r, halvings);
}

const struct transport transport_planes = {.name = "planes",
                                           .obtain = obtain,
                                           .release = ordinary_release,
                                           .fit = ordinary_fit,
                                           .send = send_rect,
                                           .send_like = send_like,
                                           .cost = cost};
