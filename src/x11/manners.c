/* The window's manners: what ICCCM and EWMH ask of a top-level window. Owns nothing; writes
 * properties once. */
#include "shell_parts.h"

#include <X11/Xatom.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ui/icon.h"

enum { USUAL_WIDTH = 1024, USUAL_HEIGHT = 768, LEAST_WIDTH = 160, LEAST_HEIGHT = 120 };

struct placement shell_placement(struct shell *shell, const char *geometry)
{
    int screen_width, screen_height;
    connection_screen_size(shell->connection, &screen_width, &screen_height);
    struct placement place = {.width = USUAL_WIDTH < screen_width ? USUAL_WIDTH : screen_width,
                              .height = USUAL_HEIGHT < screen_height ? USUAL_HEIGHT : screen_height,
                              .gravity = NorthWestGravity};
    unsigned width = 0, height = 0;
    int mask = geometry ? XParseGeometry(geometry, &place.x, &place.y, &width, &height) : 0;
    if ((mask & WidthValue) && width > 0 && width <= SHRT_MAX)
        place.width = (int)width;
    if ((mask & HeightValue) && height > 0 && height <= SHRT_MAX)
        place.height = (int)height;
    place.user_size = mask & (WidthValue | HeightValue);
    place.user_position = mask & (XValue | YValue);
    bool from_right = mask & XNegative, from_bottom = mask & YNegative;
    if (from_right)
        place.x += screen_width - place.width;
    if (from_bottom)
        place.y += screen_height - place.height;
    if (from_right)
        place.gravity = from_bottom ? SouthEastGravity : NorthEastGravity;
    else if (from_bottom)
        place.gravity = SouthWestGravity;
    return place;
}

static void set_cardinal(struct shell *shell, enum atom_name property, Atom type,
                         const unsigned long *values, int count)
{
    struct connection *connection = shell->connection;
    XChangeProperty(connection->display, shell->top, connection->atoms[property], type, 32,
                    PropModeReplace, (const unsigned char *)values, count);
}

void shell_name_machine(const struct shell *shell, Window window)
{
    struct utsname host;
    if (uname(&host))
        return;
    char *list[] = {host.nodename};
    XTextProperty text;
    if (XStringListToTextProperty(list, 1, &text)) {
        XSetWMClientMachine(shell->connection->display, window, &text);
        XFree(text.value);
    }
}

static void set_hints(struct shell *shell, const struct resources *resources,
                      const struct placement *place)
{
    Display *display = shell->connection->display;
    XSizeHints *size = XAllocSizeHints();
    XWMHints *hints = XAllocWMHints();
    if (size && hints) {
        size->flags = PMinSize | PWinGravity | (place->user_size ? USSize : PSize) |
                      (place->user_position ? USPosition : 0);
        size->x = place->x;
        size->y = place->y;
        size->width = place->width;
        size->height = place->height;
        size->min_width = LEAST_WIDTH;
        size->min_height = LEAST_HEIGHT;
        size->win_gravity = place->gravity;
        const char *iconic = resources_text(resources, "iconic", "Iconic");
        hints->flags = InputHint | StateHint;
        hints->input = True;
        hints->initial_state = iconic && (!strcmp(iconic, "on") || !strcmp(iconic, "true"))
                                   ? IconicState
                                   : NormalState;
        XSetWMNormalHints(display, shell->top, size);
        XSetWMHints(display, shell->top, hints);
    }
    XFree(size);
    XFree(hints);
}

void shell_place_hints(struct shell *shell, struct rect place)
{
    Display *display = shell->connection->display;
    XSizeHints *size = XAllocSizeHints();
    XWMHints *hints = XGetWMHints(display, shell->top);
    long supplied;
    if (size && hints && XGetWMNormalHints(display, shell->top, size, &supplied)) {
        size->flags = (size->flags & ~(PSize | PPosition)) | USSize | USPosition;
        size->x = place.x;
        size->y = place.y;
        size->width = place.width;
        size->height = place.height;
        hints->initial_state = NormalState;
        XSetWMNormalHints(display, shell->top, size);
        XSetWMHints(display, shell->top, hints);
    }
    XFree(size);
    if (hints)
        XFree(hints);
}

static void set_class(struct shell *shell, const struct resources *resources, const char *given)
{
    char name[64], class[64] = "Xlightbox";
    XClassHint *hint = XAllocClassHint();
    if (!hint)
        return;
    size_t length = strlen(resources_name(resources));
    if (length >= sizeof name)
        length = sizeof name - 1;
    memcpy(name, resources_name(resources), length);
    name[length] = 0;
    if (given)
        snprintf(class, sizeof class, "%s", given);
    hint->res_name = name;
    hint->res_class = class;
    XSetClassHint(shell->connection->display, shell->top, hint);
    XFree(hint);
}

bool shell_managed(const struct shell *shell)
{
    const struct connection *connection = shell->connection;
    XWindowAttributes root;
    return !XGetWindowAttributes(connection->display, connection->root, &root) ||
           root.all_event_masks & SubstructureRedirectMask;
}

/* To install colormaps is the window manager's (ICCCM 4.1.8); where there is none, it is ours. */
static void introduce_colormap(struct shell *shell)
{
    const struct connection *connection = shell->connection;
    set_cardinal(shell, ATOM_WM_COLORMAP_WINDOWS, XA_WINDOW, &shell->top, 1);
    if (!shell_managed(shell))
        XInstallColormap(connection->display, connection->colormap);
}

void shell_introduce(struct shell *shell, const struct resources *resources,
                     const struct shell_options *options, const struct placement *placement)
{
    struct connection *connection = shell->connection;
    const unsigned long protocols[] = {
        connection->atoms[ATOM_WM_DELETE_WINDOW], connection->atoms[ATOM_WM_TAKE_FOCUS],
        connection->atoms[ATOM_WM_SAVE_YOURSELF], connection->atoms[ATOM_NET_WM_PING]};
    unsigned long pid = (unsigned long)getpid(), protocol = 1; /* x11/remote.h */
    unsigned long normal = connection->atoms[ATOM_NET_WM_WINDOW_TYPE_NORMAL];
    const char *title = resources_text(resources, "title", "Title");
    XStoreName(connection->display, shell->top, title ? title : resources_name(resources));
    set_class(shell, resources, options->class);
    set_hints(shell, resources, placement);
    shell_name_machine(shell, shell->top);
    set_cardinal(shell, ATOM_WM_PROTOCOLS, XA_ATOM, protocols,
                 sizeof protocols / sizeof *protocols);
    shell_command_line(shell, options->words, options->count);
    set_cardinal(shell, ATOM_NET_WM_PID, XA_CARDINAL, &pid, 1);
    set_cardinal(shell, ATOM_PROTOCOL, XA_CARDINAL, &protocol, 1);
    set_cardinal(shell, ATOM_NET_WM_WINDOW_TYPE, XA_ATOM, &normal, 1);
    drop_announce(shell);
    if (connection->own_colormap)
        introduce_colormap(shell);
    shell_icon(shell);
}

void shell_command_line(struct shell *shell, char **words, int count)
{
    XSetCommand(shell->connection->display, shell->top, words, count);
    XFlush(shell->connection->display);
}

void shell_icon(struct shell *shell)
{
    static const int sides[] = {16, 32};
    unsigned long data[2 + 16 * 16 + 2 + 32 * 32];
    int used = 0;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        int side = sides[i];
        data[used++] = (unsigned long)side;
        data[used++] = (unsigned long)side;
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
                data[used++] = icon_argb(side, x, y);
    }
    set_cardinal(shell, ATOM_NET_WM_ICON, XA_CARDINAL, data, used);
}
