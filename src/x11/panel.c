/* Panels: child windows that widgets draw on, and the canvas they draw with: plain requests
 * (rectangles, core-font text), light over a network. Owns the panels' windows and the GCs. */
#include "shell_parts.h"

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
    if (lettering->wide)
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

static const struct canvas_class panel_class = {fill, text, text_width};

static void choose_colours(struct shell *shell, const struct resources *resources)
{
    struct rgb background = {0xb0, 0xb0, 0xb0}, foreground = {0, 0, 0};
    connection_parse_colour(shell->connection,
                            resources_text(resources, "background", "Background"), &background);
    connection_parse_colour(shell->connection,
                            resources_text(resources, "foreground", "Foreground"), &foreground);
    struct scheme scheme = scheme_from(background, foreground);
    for (int ink = 0; ink < INKS; ink++)
        shell->pixel[ink] = connection_pixel(shell->connection, scheme.ink[ink]);
}

bool panels_init(struct shell *shell, const struct resources *resources, struct fault *fault)
{
    Display *display = shell->connection->display;
    if (!lettering_open(&shell->lettering, display, resources_text(resources, "font", "Font"),
                        fault))
        return false;
    choose_colours(shell, resources);
    XGCValues values = {.font = shell->lettering.latin->fid, .graphics_exposures = False};
    shell->gc = XCreateGC(display, shell->top, GCFont | GCGraphicsExposures, &values);
    shell->fill_gc = XCreateGC(display, shell->top, GCGraphicsExposures, &values);
    shell->gc_foreground = shell->gc_background = shell->fill_ink = INKS;
    for (int i = 0; i < PANELS; i++) {
        static const enum ink backs[PANELS] = {[PANEL_STATUS] = INK_BACKGROUND,
                                               [PANEL_MESSAGE] = INK_ALERT,
                                               [PANEL_HUD] = INK_PAPER,
                                               [PANEL_HELP] = INK_PAPER};
        struct panel_window *panel = &shell->panels[i];
        XSetWindowAttributes attributes = {.background_pixel = shell->pixel[backs[i]],
                                           .event_mask = ExposureMask};
        panel->canvas =
            (struct canvas){&panel_class, 1, 1, shell->lettering.ascent, shell->lettering.descent};
        panel->shell = shell;
        panel->window =
            XCreateWindow(display, shell->top, 0, 0, 1, 1, 0, CopyFromParent, InputOutput,
                          CopyFromParent, CWBackPixel | CWEventMask, &attributes);
        panel->drawable = panel->window;
    }
    return true;
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

struct canvas *shell_canvas(struct shell *shell, enum panel panel)
{
    return &shell->panels[panel].canvas;
}
