/* The dialog: a top-level window of its own that belongs to the viewer's, as a panel: see
 * x11/shell.h. Made when it opens, gone when it closes. */
#include "shell_parts.h"

#include <X11/Xatom.h>
#include <unistd.h>

static void set_atoms(const struct shell *shell, Window window, enum atom_name property,
                      const Atom *atoms, int count)
{
    const struct connection *connection = shell->connection;
    XChangeProperty(connection->display, window, connection->atoms[property], XA_ATOM, 32,
                    PropModeReplace, (const unsigned char *)atoms, count);
}

static void set_size_hints(const struct shell *shell, Window window, struct rect place,
                           const struct dialog_wish *wish)
{
    XSizeHints *size = XAllocSizeHints();
    XWMHints *hints = XAllocWMHints();
    if (size && hints) {
        *size = (XSizeHints){.flags = PPosition | PSize | PMinSize,
                             .x = place.x,
                             .y = place.y,
                             .width = place.width,
                             .height = place.height,
                             .min_width = wish->least_width,
                             .min_height = wish->least_height};
        *hints = (XWMHints){.flags = InputHint | StateHint | WindowGroupHint,
                            .input = True,
                            .initial_state = NormalState,
                            .window_group = shell->top};
        XSetWMNormalHints(shell->connection->display, window, size);
        XSetWMHints(shell->connection->display, window, hints);
    }
    XFree(size);
    XFree(hints);
}

/* The viewer's own, as --name and --class made it. */
static void take_class(const struct shell *shell, Window window)
{
    XClassHint class = {.res_name = NULL};
    if (!XGetClassHint(shell->connection->display, shell->top, &class))
        return;
    XSetClassHint(shell->connection->display, window, &class);
    XFree(class.res_name);
    XFree(class.res_class);
}

static void introduce(struct shell *shell, Window window, struct rect place,
                      const struct dialog_wish *wish)
{
    struct connection *connection = shell->connection;
    unsigned long pid = (unsigned long)getpid();
    Atom protocols[] = {connection->atoms[ATOM_WM_DELETE_WINDOW],
                        connection->atoms[ATOM_NET_WM_PING]};
    shell_name_window(shell, window, wish->title);
    set_size_hints(shell, window, place, wish);
    take_class(shell, window);
    shell_name_machine(shell, window);
    XSetTransientForHint(connection->display, window, shell->top);
    set_atoms(shell, window, ATOM_WM_PROTOCOLS, protocols, 2);
    set_atoms(shell, window, ATOM_NET_WM_WINDOW_TYPE,
              &connection->atoms[ATOM_NET_WM_WINDOW_TYPE_DIALOG], 1);
    XChangeProperty(connection->display, window, connection->atoms[ATOM_NET_WM_PID], XA_CARDINAL,
                    32, PropModeReplace, (const unsigned char *)&pid, 1);
}

/* In the middle of the viewer's window, but on the screen, and no larger than that. */
static struct rect place_of(struct shell *shell, const struct dialog_wish *wish)
{
    const struct connection *connection = shell->connection;
    int width, height, x = 0, y = 0;
    Window child;
    connection_screen_size(connection, &width, &height);
    XTranslateCoordinates(connection->display, shell->top, connection->root, 0, 0, &x, &y, &child);
    struct rect place = {0, 0, (int)min64(wish->width, width), (int)min64(wish->height, height)};
    place.x = (int)clamp64(x + (shell->width - place.width) / 2, 0, width - place.width);
    place.y = (int)clamp64(y + (shell->height - place.height) / 2, 0, height - place.height);
    return place;
}

void shell_open_dialog(struct shell *shell, const struct dialog_wish *wish)
{
    struct connection *connection = shell->connection;
    struct panel_window *panel = &shell->panels[PANEL_DIALOG];
    if (panel->shown) {
        XRaiseWindow(connection->display, panel->window);
        return;
    }
    struct rect place = place_of(shell, wish);
    XSetWindowAttributes attributes = {.background_pixel = shell->pixel[INK_BACKGROUND],
                                       .border_pixel = 0,
                                       .colormap = connection->colormap,
                                       .event_mask = KeyPressMask | ButtonPressMask |
                                                     ButtonReleaseMask | PointerMotionMask |
                                                     StructureNotifyMask | ExposureMask};
    panel->window = panel->drawable = XCreateWindow(
        connection->display, connection->root, place.x, place.y, (unsigned)place.width,
        (unsigned)place.height, 0, connection->depth, InputOutput, connection->visual,
        CWBackPixel | CWBorderPixel | CWColormap | CWEventMask, &attributes);
    panel->rect = place;
    panel->canvas.width = place.width;
    panel->canvas.height = place.height;
    panel->shown = true;
    introduce(shell, panel->window, place, wish);
    XMapRaised(connection->display, panel->window);
}

void shell_close_dialog(struct shell *shell)
{
    struct panel_window *panel = &shell->panels[PANEL_DIALOG];
    if (!panel->shown)
        return;
    XDestroyWindow(shell->connection->display, panel->window);
    panel->window = panel->drawable = None;
    panel->shown = false;
}

void dialog_note_size(struct shell *shell, const XConfigureEvent *event)
{
    struct panel_window *panel = &shell->panels[PANEL_DIALOG];
    if (event->window != panel->window)
        return;
    panel->canvas.width = event->width;
    panel->canvas.height = event->height;
}

/* Who else would give it the keyboard? */
void dialog_note_map(struct shell *shell)
{
    if (!shell_managed(shell))
        XSetInputFocus(shell->connection->display, shell->panels[PANEL_DIALOG].window,
                       RevertToPointerRoot, CurrentTime);
}
