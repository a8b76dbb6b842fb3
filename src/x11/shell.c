/* The top-level window: see x11/shell.h. Owns its windows and the output buffer; the connection is
 * the caller's. */
#include "shell_parts.h"

#include <X11/Xatom.h>
#include <stdio.h>
#include <string.h>

#include "atoms.h"
#include "base/ledger.h"
#include "base/log.h"
#include "cursor.h"
#include "ui/filmstrip.h"
#include "ui/menu.h"
#include "ui/statusline.h"
#include "ui/tonepanel.h"
#include "ui/toolrow.h"

static void place_parts(struct shell *shell)
{
    const struct layout *place = &shell->place;
    const struct {
        enum panel panel;
        struct rect rect;
    } parts[] = {{PANEL_MENU, place->menu},
                 {PANEL_TOOLS, place->tools},
                 {PANEL_SIDE, place->side},
                 {PANEL_FILES, place->files},
                 {PANEL_STATUS, place->status}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (rect_empty(parts[i].rect))
            shell_hide_panel(shell, parts[i].panel);
        else
            panel_place(shell, parts[i].panel, parts[i].rect);
    }
}

/* Places the children for the top-level window's size and makes the output buffer fit. */
void shell_layout(struct shell *shell)
{
    struct fault fault;
    shell->layout_due = false;
    shell->place = layout_make(shell->width, shell->height, shell->parts, &shell->sizes);
    struct rect image = shell->place.image;
    XMoveResizeWindow(shell->connection->display, shell->image, image.x, image.y,
                      (unsigned)image.width, (unsigned)image.height);
    const struct pixels *old = &shell->output.pixels;
    place_parts(shell);
    if (shell->resting ||
        (shell->output.image && old->width == image.width && old->height == image.height))
        return;
    if (!output_resize(&shell->output, image.width, image.height, &fault)) {
        log_line(LOG_X11, "%s", fault.text);
        memset(&shell->output.pixels, 0, sizeof shell->output.pixels);
    }
    shell->painted = false;
    shell->events->resized(shell->context);
}

void shell_cursor(struct shell *shell, enum tool_cursor shape)
{
    Display *display = shell->connection->display;
    Cursor cursor = cursor_make(shell->connection, shape);
    XDefineCursor(display, shell->image, cursor);
    XFreeCursor(display, cursor);
}

static void create_windows(struct shell *shell, const struct placement *place)
{
    struct connection *connection = shell->connection;
    XSetWindowAttributes attributes = {
        .background_pixel = connection_pixel(connection, (struct rgb){0, 0, 0}),
        .border_pixel = 0,
        .colormap = connection->colormap,
        .bit_gravity = NorthWestGravity,
        .override_redirect = shell->leaves_manager,
        .event_mask = KeyPressMask | ButtonPressMask | ButtonReleaseMask | PointerMotionMask |
                      LeaveWindowMask | StructureNotifyMask | PropertyChangeMask |
                      VisibilityChangeMask};
    shell->top = XCreateWindow(connection->display, shell->host ? shell->host : connection->root,
                               place->x, place->y, (unsigned)place->width, (unsigned)place->height,
                               0, connection->depth, InputOutput, connection->visual,
                               CWBackPixel | CWBorderPixel | CWColormap | CWBitGravity |
                                   CWEventMask | CWOverrideRedirect,
                               &attributes);
    shell->parent = shell->host ? shell->host : connection->root;
    attributes.event_mask = ExposureMask | PropertyChangeMask;
    shell->image =
        XCreateWindow(connection->display, shell->top, 0, 0, (unsigned)place->width,
                      (unsigned)place->height, 0, CopyFromParent, InputOutput, CopyFromParent,
                      CWBackPixel | CWBitGravity | CWEventMask, &attributes);
    XStoreName(connection->display, shell->image, "image");
    shell_cursor(shell, CURSOR_CROSSHAIR);
    shell->width = place->width;
    shell->height = place->height;
}

static bool draw_levels(void *context, struct rect band, struct tone_range range,
                        const struct pixels *pixels)
{
    struct shell *shell = context;
    return shell->events->levels(shell->context, band, range, pixels);
}

static const struct output_events draws = {draw_levels};

/* Early: what the server answers to the map comes along with what it is asked meanwhile. */
static void map_windows(struct shell *shell)
{
    XMapWindow(shell->connection->display, shell->image);
    XMapWindow(shell->connection->display, shell->top);
}

static void measure_parts(struct shell *shell)
{
    struct canvas *canvas = shell_canvas(shell, PANEL_STATUS);
    shell->sizes = (struct layout_sizes){.menu = menu_bar_height(canvas),
                                         .tools = toolrow_height(canvas),
                                         .side = tonepanel_width(canvas),
                                         .status = statusline_height(canvas),
                                         .files = filmstrip_width(canvas)};
}

struct shell *shell_new(struct connection *connection, const struct resources *resources,
                        const struct shell_options *options, const struct shell_events *events,
                        void *context, struct fault *fault)
{
    struct shell *shell = ledger_alloc(LEDGER_UI, sizeof *shell, fault);
    if (!shell)
        return NULL;
    shell->connection = connection;
    shell->events = events;
    shell->context = context;
    shell->resources = resources;
    shell->scheme = options->scheme;
    /* The atoms come along with the font. */
    bool letters = panels_letters(shell, fault);
    atoms_wait(connection);
    struct placement place =
        shell_placement(shell, resources_text(resources, "geometry", "Geometry"));
    if (!letters)
        goto out;
    if (options->embed && !shell_embed(shell, (Window)options->embed, &place, fault))
        goto out;
    if (options->kiosk)
        shell_begin_kiosk(shell, &place);
    create_windows(shell, &place);
    shell_introduce(shell, resources, options, &place);
    if (options->kiosk)
        shell_note_kiosk(shell);
    map_windows(shell);
    panels_init(shell);
    measure_parts(shell);
    shell->parts = options->parts;
    shell->place = layout_make(shell->width, shell->height, shell->parts, &shell->sizes);
    events->placed(context, shell->place.image.width, shell->place.image.height);
    output_init(&shell->output, connection, shell->image, options->transport, &draws, shell);
    if (!output_resize(&shell->output, shell->place.image.width, shell->place.image.height, fault))
        goto out;
    shell_layout(shell);
    return shell;

out:
    shell_free(shell);
    return NULL;
}

void shell_free(struct shell *shell)
{
    if (!shell)
        return;
    output_fini(&shell->output);
    shell_close_dialog(shell);
    offer_fini(shell);
    paste_fini(shell);
    panels_fini(shell);
    if (shell->top)
        XDestroyWindow(shell->connection->display, shell->top);
    XFlush(shell->connection->display);
    ledger_free(LEDGER_UI, shell, sizeof *shell);
}

bool shell_unseen(const struct shell *shell)
{
    return !shell->exposed && !shell->hidden && !shell->covered;
}

void shell_geometry(struct shell *shell, char *text, size_t room)
{
    const struct connection *connection = shell->connection;
    int x = 0, y = 0;
    Window child;
    XTranslateCoordinates(connection->display, shell->top, connection->root, 0, 0, &x, &y, &child);
    snprintf(text, room, "window=0x%lx geometry=%dx%d%+d%+d image=0x%lx view=%dx%d", shell->top,
             shell->width, shell->height, x, y, shell->image, shell->place.image.width,
             shell->place.image.height);
}

bool shell_transport_known(const char *name)
{
    return !strcmp(name, "auto") || transport_find(name);
}

const char *shell_transport(const struct shell *shell)
{
    return shell->output.transport ? shell->output.transport->name : "none";
}

struct shell_line shell_line(const struct shell *shell)
{
    const struct output *output = &shell->output;
    const struct output_counts *counts = &output->counts;
    return (struct shell_line){.transport = shell_transport(shell),
                               .passed_over = output->passed_over,
                               .bands = counts->bands,
                               .likenesses = counts->likenesses,
                               .steps = counts->steps,
                               .warps = counts->warps,
                               .scrolls = counts->scrolls,
                               .bytes = output->link.sent,
                               .frame_bytes = counts->frame_bytes,
                               .rate = output->link.rate,
                               .delay_us = output->link.delay_us,
                               .step_us = output->step_us,
                               .server_bytes = output->server_bytes};
}

void shell_name_window(struct shell *shell, Window window, const char *title)
{
    struct connection *connection = shell->connection;
    const unsigned char *bytes = (const unsigned char *)title;
    int length = (int)strlen(title);
    char *list[1];
    char copy[512];
    size_t most = sizeof copy - 1;
    size_t size = (size_t)length < most ? (size_t)length : most;
    memcpy(copy, title, size);
    copy[size] = 0;
    list[0] = copy;
    XTextProperty text;
    if (Xutf8TextListToTextProperty(connection->display, list, 1, XStdICCTextStyle, &text) >= 0) {
        XSetWMName(connection->display, window, &text);
        XSetWMIconName(connection->display, window, &text);
        XFree(text.value);
    }
    XChangeProperty(connection->display, window, connection->atoms[ATOM_NET_WM_NAME],
                    connection->atoms[ATOM_UTF8_STRING], 8, PropModeReplace, bytes, length);
    XChangeProperty(connection->display, window, connection->atoms[ATOM_NET_WM_ICON_NAME],
                    connection->atoms[ATOM_UTF8_STRING], 8, PropModeReplace, bytes, length);
}

void shell_title(struct shell *shell, const char *title)
{
    shell_name_window(shell, shell->top, title);
}

bool shell_letters(struct shell *shell, const char *text)
{
    bool more = lettering_seek(&shell->lettering, text);
    lettering_lend(&shell->lettering, text);
    return more;
}

void shell_show_parts(struct shell *shell, unsigned parts)
{
    if (shell->parts == parts)
        return;
    shell->parts = parts;
    shell_layout(shell);
}

unsigned shell_parts(const struct shell *shell)
{
    return shell->parts;
}

const struct layout *shell_layout_now(const struct shell *shell)
{
    return &shell->place;
}

void shell_size(const struct shell *shell, int *width, int *height)
{
    *width = shell->width;
    *height = shell->height;
}

const struct pixels *shell_pixels(const struct shell *shell)
{
    return &shell->output.pixels;
}

void shell_rest(struct shell *shell)
{
    shell->resting = true;
    output_rest(&shell->output);
}

void shell_wake(struct shell *shell)
{
    shell->resting = false;
    shell_layout(shell);
}

bool shell_copies(const struct shell *shell)
{
    return shell->output.transport && !shell->output.transport->direct;
}

void shell_before(struct shell *shell, struct rect rect)
{
    output_before(&shell->output, rect);
}

/* From the first picture on there is no background: the server never paints over it, and what is
 * exposed is sent again. */
void shell_drawn(struct shell *shell, struct rect rect)
{
    if (!shell->painted)
        XSetWindowBackgroundPixmap(shell->connection->display, shell->image, None);
    shell->painted = true;
    output_drawn(&shell->output, rect);
}

void shell_tone(struct shell *shell, bool gray, struct tone_range range, bool same, bool flips)
{
    shell->output.gray = gray;
    shell->output.range = range;
    shell->output.same = same;
    shell->output.flips = flips;
}

void shell_focus(struct shell *shell, int x, int y)
{
    shell->output.focus_x = x;
    shell->output.focus_y = y;
}

static bool seen(const struct shell *shell)
{
    return !shell->hidden && !shell->covered;
}

bool shell_pump(struct shell *shell, bool hand)
{
    return !seen(shell) || output_pump(&shell->output, hand);
}

bool shell_exact(const struct shell *shell)
{
    const struct output *output = &shell->output;
    return !seen(shell) || !output->image || output_exact(output);
}

bool shell_proven(const struct shell *shell)
{
    return !seen(shell) || !shell->output.image || shell->output.proven;
}

bool shell_step(struct shell *shell, struct tone_range range, struct rect rect)
{
    return seen(shell) && output_step(&shell->output, range, rect);
}

int64_t shell_new_view(struct shell *shell)
{
    base_turn(&shell->output.base);
    return shell->output.base.view;
}

int64_t shell_kept_view(const struct shell *shell)
{
    return output_kept_view(&shell->output);
}

bool shell_warp(struct shell *shell, struct tone_range range, const double warp[6])
{
    return seen(shell) && output_warp(&shell->output, range, warp);
}

bool shell_scroll(struct shell *shell, int dx, int dy)
{
    return seen(shell) && output_scroll(&shell->output, dx, dy);
}

void shell_want_base(struct shell *shell, struct tone_range bounds)
{
    struct output *output = &shell->output;
    if (!output->transport || !output->transport->keep || !output->gray ||
        base_is_nothing(output->range) || output_serves(output))
        return;
    output->base.range = base_wider(output->range, bounds);
    output->base.wanted = true;
}

static void write_text(struct shell *shell, Window window, enum atom_name property,
                       const char *text)
{
    XChangeProperty(shell->connection->display, window, shell->connection->atoms[property],
                    XA_STRING, 8, PropModeReplace, (const unsigned char *)text, (int)strlen(text));
}

void shell_announce(struct shell *shell, const char *state)
{
    write_text(shell, shell->top, ATOM_STATE, state);
    output_announced(&shell->output);
    shell->unanswered++;
    sync_painted(shell);
    XFlush(shell->connection->display);
}

void shell_confirm(struct shell *shell, const char *state)
{
    shell->confirmed = NextRequest(shell->connection->display);
    write_text(shell, shell->top, ATOM_STATE, state);
    XFlush(shell->connection->display);
}

int shell_unanswered(const struct shell *shell)
{
    return shell->unanswered;
}

void shell_answer(struct shell *shell, unsigned long window, const char *text, const char *trouble)
{
    Window to = window ? (Window)window : shell->top;
    if (trouble)
        write_text(shell, to, ATOM_ERROR, trouble);
    write_text(shell, to, ATOM_RESULT, text);
    XFlush(shell->connection->display);
}

int64_t shell_tend(struct shell *shell)
{
    int64_t offer = offer_tend(shell), paste = paste_tend(shell);
    return offer < 0 || (paste >= 0 && paste < offer) ? paste : offer;
}

void shell_flush(struct shell *shell)
{
    XFlush(shell->connection->display);
}
