/* Pictures of the panels: see x11/shell.h. They are drawn into pixmaps, for what is seen of a
 * window is not its own where others lie over it. Owns the pixmaps meanwhile. */
#include "shell_parts.h"

#include <string.h>

/* ---- colours ---- */

static uint8_t channel_level(unsigned long mask, unsigned long pixel)
{
    unsigned long shift = mask & -mask, most = mask ? mask / shift : 1;
    return (uint8_t)(((pixel & mask) / (shift ? shift : 1) * 255 + most / 2) / most);
}

static struct rgb ask_colour(const struct connection *connection, unsigned long pixel)
{
    XColor colour = {.pixel = pixel};
    XQueryColor(connection->display, connection->colormap, &colour);
    return (struct rgb){(uint8_t)(colour.red >> 8), (uint8_t)(colour.green >> 8),
                        (uint8_t)(colour.blue >> 8)};
}

/* A panel has as many colours as there are inks: each is asked for once. */
struct colours {
    const struct connection *connection;
    unsigned long pixels[2 * INKS];
    struct rgb values[2 * INKS];
    int count;
};

static struct rgb colour_of(struct colours *colours, unsigned long pixel)
{
    const Visual *visual = colours->connection->visual;
    if (visual->red_mask)
        return (struct rgb){channel_level(visual->red_mask, pixel),
                            channel_level(visual->green_mask, pixel),
                            channel_level(visual->blue_mask, pixel)};
    for (int i = 0; i < colours->count; i++)
        if (colours->pixels[i] == pixel)
            return colours->values[i];
    struct rgb value = ask_colour(colours->connection, pixel);
    if (colours->count < 2 * INKS) {
        colours->pixels[colours->count] = pixel;
        colours->values[colours->count++] = value;
    }
    return value;
}

/* ---- capturing ---- */

bool shell_capture_begin(struct shell *shell, void (*draw)(void *context, enum panel panel),
                         void *context, struct fault *fault)
{
    struct connection *connection = shell->connection;
    Display *display = connection->display;
    trap_begin(connection);
    for (int i = 0; i < PANELS; i++) {
        struct panel_window *panel = &shell->panels[i];
        if (!panel->shown || i == PANEL_DIALOG)
            continue;
        unsigned width = (unsigned)panel->rect.width, height = (unsigned)panel->rect.height;
        panel->captured = panel->rect;
        panel->drawable =
            XCreatePixmap(display, shell->top, width, height, (unsigned)connection->depth);
        canvas_fill(&panel->canvas, INK_BACKGROUND,
                    (struct rect){0, 0, panel->rect.width, panel->rect.height});
        draw(context, (enum panel)i);
    }
    if (trap_end(connection) == 0)
        return true;
    shell_capture_end(shell);
    return fault_set(fault, FAULT_DISPLAY, "the X server has no room for a picture of the window");
}

static void copy_row(const XImage *image, int y, struct colours *colours, uint8_t *to)
{
    for (int x = 0; x < image->width; x++, to += 3) {
        struct rgb colour = colour_of(colours, XGetPixel((XImage *)(uintptr_t)image, x, y));
        to[0] = colour.red;
        to[1] = colour.green;
        to[2] = colour.blue;
    }
}

static bool copy_panel(const struct panel_window *panel, int y, int rows, uint8_t *levels,
                       size_t stride)
{
    const struct shell *shell = panel->shell;
    struct rect whole = {0, 0, shell->width, shell->height};
    struct rect seen = rect_intersect(
        panel->captured, rect_intersect(whole, (struct rect){0, y, shell->width, rows}));
    struct colours colours = {.connection = shell->connection};
    if (rect_empty(seen))
        return true;
    XImage *image = XGetImage(shell->connection->display, panel->drawable,
                              seen.x - panel->captured.x, seen.y - panel->captured.y,
                              (unsigned)seen.width, (unsigned)seen.height, AllPlanes, ZPixmap);
    for (int row = 0; image && row < seen.height; row++)
        copy_row(image, row, &colours,
                 levels + (size_t)(seen.y - y + row) * stride + 3 * (size_t)seen.x);
    if (image)
        XDestroyImage(image);
    return image != NULL;
}

bool shell_capture_rows(struct shell *shell, int y, int rows, uint8_t *levels, size_t stride,
                        struct fault *fault)
{
    for (int i = 0; i < PANELS; i++)
        if (shell->panels[i].drawable != shell->panels[i].window &&
            !copy_panel(&shell->panels[i], y, rows, levels, stride))
            return fault_set(fault, FAULT_DISPLAY, "the X server gives no picture of the window");
    return true;
}

void shell_capture_end(struct shell *shell)
{
    for (int i = 0; i < PANELS; i++) {
        struct panel_window *panel = &shell->panels[i];
        if (panel->drawable != panel->window)
            XFreePixmap(shell->connection->display, panel->drawable);
        panel->drawable = panel->window;
    }
}
