/* What is seen of a viewer: its image area's pixels, as a server shows them. See harness.h. */
#include "harness.h"

#include <X11/Xutil.h>
#include <stdlib.h>

#include "base/geometry.h"

bool viewer_image_size(const struct viewer *viewer, int *width, int *height)
{
    XWindowAttributes attributes;
    if (!XGetWindowAttributes(server(), viewer->image, &attributes))
        return false;
    *width = attributes.width;
    *height = attributes.height;
    return true;
}

static uint8_t channel(unsigned long pixel, unsigned long mask)
{
    unsigned long most = mask / (mask & -mask);
    return (uint8_t)(((pixel & mask) / (mask & -mask) * 255 + most / 2) / most);
}

static void read_colours(const XWindowAttributes *a, XImage *image, int y, uint8_t *to)
{
    enum { MOST = 256 };
    XColor colours[MOST];
    for (int x = 0; x < a->width; x += MOST) {
        int count = a->width - x < MOST ? a->width - x : MOST;
        for (int i = 0; i < count; i++)
            colours[i].pixel = XGetPixel(image, x + i, y);
        XQueryColors(server(), a->colormap, colours, count);
        for (int i = 0; i < count; i++) {
            *to++ = (uint8_t)(colours[i].red >> 8);
            *to++ = (uint8_t)(colours[i].green >> 8);
            *to++ = (uint8_t)(colours[i].blue >> 8);
        }
    }
}

static void read_channels(const XWindowAttributes *a, XImage *image, int y, uint8_t *to)
{
    for (int x = 0; x < a->width; x++) {
        unsigned long pixel = XGetPixel(image, x, y);
        *to++ = channel(pixel, a->visual->red_mask);
        *to++ = channel(pixel, a->visual->green_mask);
        *to++ = channel(pixel, a->visual->blue_mask);
    }
}

bool viewer_grab(const struct viewer *viewer, struct pnm *picture)
{
    XWindowAttributes a;
    XSync(server(), False);
    if (!XGetWindowAttributes(server(), viewer->image, &a))
        return false;
    /* Nobody changes the colormap between pixels and colours. */
    XGrabServer(server());
    XImage *image = XGetImage(server(), viewer->image, 0, 0, (unsigned)a.width, (unsigned)a.height,
                              AllPlanes, ZPixmap);
    if (image)
        *picture =
            (struct pnm){a.width, a.height, 3, malloc((size_t)a.width * (size_t)a.height * 3)};
    for (int y = 0; image && y < a.height; y++)
        (a.visual->class == TrueColor ? read_channels : read_colours)(
            &a, image, y, picture->samples + (size_t)y * 3 * (size_t)a.width);
    XUngrabServer(server());
    XFlush(server());
    if (!image)
        return false;
    XDestroyImage(image);
    return true;
}

static struct rect rect_of(const XWindowAttributes *window)
{
    return (struct rect){window->x, window->y, window->width, window->height};
}

bool viewer_panel(const struct viewer *viewer)
{
    Window root, parent, *children = NULL;
    unsigned count = 0;
    bool over = false;
    XWindowAttributes image, one;
    XGetWindowAttributes(server(), viewer->image, &image);
    XQueryTree(server(), viewer->top, &root, &parent, &children, &count);
    for (unsigned i = 0; i < count; i++)
        over |= children[i] != viewer->image && XGetWindowAttributes(server(), children[i], &one) &&
                one.map_state == IsViewable &&
                !rect_empty(rect_intersect(rect_of(&one), rect_of(&image)));
    if (children)
        XFree(children);
    return over;
}

bool viewer_wait_panel(const struct viewer *viewer, bool shown)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(5))
        if (viewer_panel(viewer) == shown)
            return true;
    return false;
}
