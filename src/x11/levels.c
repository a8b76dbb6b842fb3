/* Small gray pictures: see levels.h. Some rows at a time are packed as the visual has them, or cut
 * into planes of bits. Owns nothing. */
#include "levels.h"

#include "output.h"
#include "render/planes.h"

enum { BYTES = 4096, BITS = 6 /* of a level that cross a network */ };

struct piece {
    struct connection *connection;
    Drawable to;
    GC gc;
    int x, y;
    struct pixels pixels;
};

static void put_pixels(const struct piece *piece)
{
    Display *display = piece->connection->display;
    const struct pixels *pixels = &piece->pixels;
    XImage *image =
        XCreateImage(display, piece->connection->visual, (unsigned)piece->connection->depth,
                     ZPixmap, 0, (char *)pixels->base, (unsigned)pixels->width,
                     (unsigned)pixels->height, 32, (int)pixels->stride);
    if (!image)
        return;
    XPutImage(display, piece->to, piece->gc, image, 0, 0, piece->x, piece->y,
              (unsigned)pixels->width, (unsigned)pixels->height);
    image->data = NULL;
    XDestroyImage(image);
}

static void put_planes(const struct piece *piece, const uint32_t *planes, int count)
{
    Display *display = piece->connection->display;
    const struct pixels *pixels = &piece->pixels;
    uint8_t bits[BYTES / 8 + LEVELS_WIDE];
    size_t stride = planes_stride(pixels->width);
    XImage bitmap = planes_bitmap(pixels->width, pixels->height, bits, stride);
    for (int i = 0; i < count; i++) {
        planes_extract(pixels, (struct rect){0, 0, pixels->width, pixels->height},
                       planes[i] & -planes[i], bits, stride);
        XSetPlaneMask(display, piece->gc, planes[i]);
        XPutImage(display, piece->to, piece->gc, &bitmap, 0, 0, piece->x, piece->y,
                  (unsigned)pixels->width, (unsigned)pixels->height);
    }
}

static void pack(const struct pixels *pixels, const uint8_t *levels, size_t stride)
{
    uint32_t values[LEVELS_WIDE];
    for (int y = 0; y < pixels->height; y++) {
        for (int x = 0; x < pixels->width; x++)
            values[x] = pixel_value(&pixels->format, levels[(size_t)y * stride + (size_t)x]);
        pixels_store(&pixels->format, values, pixels->width,
                     pixels->base + (size_t)y * pixels->stride, 0);
    }
}

void levels_put(struct connection *connection, Drawable to, struct rect rect, const uint8_t *levels,
                size_t stride)
{
    const struct pixel_format *format = &connection->format;
    uint32_t planes[PLANES_MOST];
    _Alignas(4) uint8_t bytes[BYTES] = {0};
    size_t row = ((size_t)rect.width * (size_t)format->bits_per_pixel + 31) / 32 * 4;
    int at_once = (int)(BYTES / row);
    int count = connection->local ? 0 : planes_masks(format, planes, BITS);
    XGCValues values = {.foreground = ~0ul, .background = 0, .graphics_exposures = False};
    if (rect.width > LEVELS_WIDE)
        return;
    struct piece piece = {connection, to, NULL, rect.x, rect.y, {0}};
    piece.gc = XCreateGC(connection->display, to, GCForeground | GCBackground | GCGraphicsExposures,
                         &values);
    for (int y = 0; y < rect.height; y += at_once) {
        int rows = rect.height - y < at_once ? rect.height - y : at_once;
        piece.y = rect.y + y;
        piece.pixels = (struct pixels){bytes, row, rect.width, rows, *format};
        pack(&piece.pixels, levels + (size_t)y * stride, stride);
        if (count)
            put_planes(&piece, planes, count);
        else
            put_pixels(&piece);
    }
    XFreeGC(connection->display, piece.gc);
}
