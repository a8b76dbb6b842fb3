/* Panels: child windows that widgets draw on, and the canvas they draw with: plain requests
 * (rectangles, core-font text), light over a network. Owns the panels' windows and the GCs. */
#include "shell_parts.h"

#include <stdlib.h>

#include "levels.h"

/* Text and rectangles have a GC each: they alternate, and seldom change their inks. */
static void use_inks(struct shell *shell, enum ink foreground, enum ink background)
{
    Display *display = shell->connection->display;
    if (shell->gc_foreground != foreground)
        XSetForeground(display, shell->gc, shell->pixel[foreground]);
    if (shell->gc_background != background)
        XSetBackground(display, shell->gc, shell->pixel[background]);
    shell->gc_foreground = foreground;
    shell->gc_background = background;
}

static void fill(struct canvas *canvas, enum ink ink, struct rect r)
{
    struct panel_window *panel = (struct panel_window *)canvas;
    struct shell *shell = panel->shell;
    if (shell->fill_ink != ink)
        XSetForeground(shell->connection->display, shell->fill_gc, shell->pixel[ink]);
    shell->fill_ink = ink;
    XFillRectangle(shell->connection->display, panel->drawable, shell->fill_gc, r.x, r.y,
                   (unsigned)r.width, (unsigned)r.height);
}

static void text(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                 const char *string, int length)
{
    struct panel_window *panel = (struct panel_window *)canvas;
    const struct lettering *lettering = &panel->shell->lettering;
    if (!lettering_paints(lettering, string, length))
        fill(canvas, back,
             (struct rect){x, baseline - canvas->ascent, lettering_width(lettering, string, length),
                           canvas->ascent + canvas->descent});
    use_inks(panel->shell, ink, back);
    lettering_draw(lettering, panel->drawable, panel->shell->gc, x, baseline, string, length);
}

static int text_width(struct canvas *canvas, const char *string, int length)
{
    return lettering_width(&((struct panel_window *)canvas)->shell->lettering, string, length);
}

static void draw_levels(struct canvas *canvas, struct rect rect, const uint8_t *levels,
                        size_t stride)
{
    struct panel_window *panel = (struct panel_window *)canvas;
    levels_put(panel->shell->connection, panel->drawable, rect, levels, stride);
}

static const struct canvas_class panel_class = {fill, text, text_width, draw_levels};

/* With a scale the largest of these that is no larger than so many times the usual one: core fonts
 * are made of pixels, and look well in no other sizes. */
static const char *font_name(const struct resources *resources)
{
    static const struct {
        double scale;
        const char *name;
    } fonts[] = {{1.8, "12x24"}, {1.5, "10x20"}, {1.1, "9x15"}};
    const char *scale = resources_text(resources, "fontScale", "FontScale");
    for (size_t i = 0; i < sizeof fonts / sizeof *fonts && scale; i++)
        if (strtod(scale, NULL) >= fonts[i].scale)
            return fonts[i].name;
    return resources_text(resources, "font", "Font");
}

static const struct {
    const char *background, *background_class, *foreground, *foreground_class;
} scheme_resources[] = {
    [SCHEME_GRAY] = {"background", "Background", "foreground", "Foreground"},
    [SCHEME_DARK] = {"darkBackground", "DarkBackground", "darkForeground", "DarkForeground"}};

static void choose_colours(struct shell *shell)
{
    struct rgb background = scheme_usual[shell->scheme].background;
    struct rgb foreground = scheme_usual[shell->scheme].foreground;
    int which = (int)shell->scheme;
    connection_parse_colour(shell->connection,
                            resources_text(shell->resources, scheme_resources[which].background,
                                           scheme_resources[which].background_class),
                            &background);
    connection_parse_colour(shell->connection,
                            resources_text(shell->resources, scheme_resources[which].foreground,
                                           scheme_resources[which].foreground_class),
                            &foreground);
    struct scheme scheme = scheme_from(background, foreground);
    for (int ink = 0; ink < INKS; ink++)
        shell->pixel[ink] = connection_pixel(shell->connection, scheme.ink[ink]);
    shell->gc_foreground = shell->gc_background = shell->fill_ink = INKS;
}

static const enum ink backs[PANELS] = {
    [PANEL_MENU] = INK_BACKGROUND,  [PANEL_TOOLS] = INK_BACKGROUND,
    [PANEL_SIDE] = INK_BACKGROUND,  [PANEL_STATUS] = INK_BACKGROUND,
    [PANEL_MESSAGE] = INK_ALERT,    [PANEL_HUD] = INK_PAPER,
    [PANEL_HELP] = INK_PAPER,       [PANEL_PULLDOWN] = INK_BACKGROUND,
    [PANEL_FILES] = INK_BACKGROUND, [PANEL_DIALOG] = INK_BACKGROUND};

void shell_use_scheme(struct shell *shell, enum shell_scheme scheme)
{
    Display *display = shell->connection->display;
    if (shell->scheme == scheme)
        return;
    shell->scheme = scheme;
    choose_colours(shell);
    for (int i = 0; i < PANELS; i++) {
        struct panel_window *panel = &shell->panels[i];
        if (!panel->window)
            continue;
        XSetWindowBackground(display, panel->window, shell->pixel[backs[i]]);
        if (panel->shown)
            XClearArea(display, panel->window, 0, 0, 0, 0, True);
    }
}

enum shell_scheme shell_scheme_now(const struct shell *shell)
{
    return shell->scheme;
}

bool panels_letters(struct shell *shell, struct fault *fault)
{
    return lettering_open(&shell->lettering, shell->connection->display,
                          font_name(shell->resources), fault);
}

void panels_init(struct shell *shell)
{
    Display *display = shell->connection->display;
    choose_colours(shell);
    XGCValues values = {.font = shell->lettering.latin->fid, .graphics_exposures = False};
    shell->gc = XCreateGC(display, shell->top, GCFont | GCGraphicsExposures, &values);
    shell->fill_gc = XCreateGC(display, shell->top, GCGraphicsExposures, &values);
    for (int i = 0; i < PANELS; i++) {
        struct panel_window *panel = &shell->panels[i];
        XSetWindowAttributes attributes = {.background_pixel = shell->pixel[backs[i]],
                                           .event_mask = ExposureMask};
        panel->canvas =
            (struct canvas){&panel_class, 1, 1, shell->lettering.ascent, shell->lettering.descent};
        panel->shell = shell;
        if (i != PANEL_DIALOG)
            panel->window =
                XCreateWindow(display, shell->top, 0, 0, 1, 1, 0, CopyFromParent, InputOutput,
                              CopyFromParent, CWBackPixel | CWEventMask, &attributes);
        panel->drawable = panel->window;
    }
}

void panels_fini(struct shell *shell)
{
    Display *display = shell->connection->display;
    if (shell->gc)
        XFreeGC(display, shell->gc);
    if (shell->fill_gc)
        XFreeGC(display, shell->fill_gc);
    lettering_close(&shell->lettering);
}

void panel_place(struct shell *shell, enum panel which, struct rect r)
{
    Display *display = shell->connection->display;
    struct panel_window *panel = &shell->panels[which];
    panel->canvas.width = r.width;
    panel->canvas.height = r.height;
    panel->rect = r;
    XMoveResizeWindow(display, panel->window, r.x, r.y, (unsigned)r.width, (unsigned)r.height);
    if (!panel->shown)
        XMapRaised(display, panel->window);
    panel->shown = true;
}

void shell_place_panel(struct shell *shell, enum panel panel, struct rect rect)
{
    if (rect_empty(rect))
        return;
    if (panel != PANEL_PULLDOWN) {
        rect.x += shell->place.image.x;
        rect.y += shell->place.image.y;
    }
    panel_place(shell, panel, rect);
}

void shell_hide_panel(struct shell *shell, enum panel panel)
{
    if (shell->panels[panel].shown)
        XUnmapWindow(shell->connection->display, shell->panels[panel].window);
    shell->panels[panel].shown = false;
}

bool shell_panel_shown(const struct shell *shell, enum panel panel)
{
    return shell->panels[panel].shown;
}

bool shell_panel_covers(const struct shell *shell, enum panel panel, int x, int y)
{
    const struct rect *image = &shell->place.image;
    return shell->panels[panel].shown &&
           rect_holds(shell->panels[panel].rect, x + image->x, y + image->y);
}

struct canvas *shell_canvas(struct shell *shell, enum panel panel)
{
    return &shell->panels[panel].canvas;
}
