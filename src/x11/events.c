/* X events to what the rest of the program hears. Events sent by other clients count as much as
 * real ones. */
#include "shell_parts.h"

#include <X11/Xatom.h>
#include <X11/keysym.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

static unsigned modifiers(unsigned state)
{
    return (state & ShiftMask ? MODIFIER_SHIFT : 0u) |
           (state & ControlMask ? MODIFIER_CONTROL : 0u) | (state & Mod1Mask ? MODIFIER_ALT : 0u);
}

/* What a key types, in UTF-8: Latin-1's letters, and those whose keysyms are Unicode's. */
static void typed_text(KeySym keysym, const char *latin, int count, char text[8])
{
    unsigned long letter = count == 1 ? (unsigned char)latin[0] : 0;
    if (!letter && (keysym & 0xff000000) == 0x01000000)
        letter = keysym & 0xffffff;
    if (letter < ' ' || (letter >= 0x7f && letter < 0xa0) || letter > 0x10ffff)
        letter = 0;
    int more = letter < 0x80 ? 0 : letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    text[0] = (char)(lead[more] | letter >> 6 * more);
    for (int i = 1; i <= more; i++)
        text[i] = (char)(0x80 | (letter >> 6 * (more - i) & 0x3f));
    text[more + 1] = 0;
}

/* Keys of the keypad count as their namesakes. */
static KeySym plain_keysym(KeySym keysym)
{
    static const struct {
        KeySym pad, plain;
    } names[] = {{XK_KP_Add, XK_plus},     {XK_KP_Subtract, XK_minus}, {XK_KP_Equal, XK_equal},
                 {XK_KP_Enter, XK_Return}, {XK_KP_Left, XK_Left},      {XK_KP_Right, XK_Right},
                 {XK_KP_Up, XK_Up},        {XK_KP_Down, XK_Down},      {XK_KP_Home, XK_Home},
                 {XK_KP_End, XK_End},      {XK_KP_Prior, XK_Prior},    {XK_KP_Next, XK_Next},
                 {XK_ISO_Left_Tab, XK_Tab}};
    if (keysym >= XK_KP_0 && keysym <= XK_KP_9)
        return keysym - XK_KP_0 + XK_0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].pad == keysym)
            return names[i].plain;
    return keysym;
}

/* To the dialog, where it is its; else to whoever stands around the image first, then to the image.
 */
static void tell(struct shell *shell, Window window, struct input *input)
{
    struct rect image = shell->place.image;
    if (window == shell->panels[PANEL_DIALOG].window) {
        shell->events->dialog(shell->context, input);
        return;
    }
    if (shell->events->chrome(shell->context, input))
        return;
    input->x -= image.x;
    input->y -= image.y;
    bool outside =
        input->x < 0 || input->y < 0 || input->x >= image.width || input->y >= image.height;
    if (input->kind != INPUT_PRESS || !outside)
        shell->events->input(shell->context, input);
}

static void tell_key(struct shell *shell, XKeyEvent *event)
{
    struct input input = {.kind = INPUT_KEY,
                          .modifiers = modifiers(event->state),
                          .x = event->x,
                          .y = event->y,
                          .time_ms = (int64_t)event->time};
    char latin[8];
    KeySym keysym = NoSymbol;
    int count = XLookupString(event, latin, sizeof latin, &keysym, NULL);
    const char *name = XKeysymToString(plain_keysym(keysym));
    if (!name || IsModifierKey(keysym) || strlen(name) >= sizeof input.key)
        return;
    memcpy(input.key, name, strlen(name) + 1);
    typed_text(keysym, latin, count, input.text);
    tell(shell, event->window, &input);
}

static void tell_button(struct shell *shell, const XButtonEvent *event)
{
    bool press = event->type == ButtonPress;
    struct input input = {.kind = press ? INPUT_PRESS : INPUT_RELEASE,
                          .modifiers = modifiers(event->state),
                          .button = (int)event->button,
                          .x = event->x,
                          .y = event->y,
                          .time_ms = (int64_t)event->time};
    if (press && event->window == shell->top)
        shell_take_focus(shell);
    tell(shell, event->window, &input);
}

static void tell_motion(struct shell *shell)
{
    if (!shell->motion_held)
        return;
    const XMotionEvent *event = &shell->motion.xmotion;
    unsigned state = event->state;
    struct input input = {.kind = INPUT_MOTION,
                          .modifiers = modifiers(state),
                          .button = state & Button1Mask   ? 1
                                    : state & Button2Mask ? 2
                                    : state & Button3Mask ? 3
                                                          : 0,
                          .x = event->x,
                          .y = event->y,
                          .time_ms = (int64_t)event->time};
    shell->motion_held = false;
    tell(shell, event->window, &input);
}

static void tell_leave(struct shell *shell, const XCrossingEvent *event)
{
    struct input input = {.kind = INPUT_LEAVE, .time_ms = (int64_t)event->time};
    if (event->mode == NotifyNormal && event->detail != NotifyInferior)
        tell(shell, event->window, &input);
}

/* Takes the commands off a window: the viewer's own (from 0), or that of a client who asks. What
 * the answer to earlier ones was goes, so that the next is known to be to these. */
static void read_command(struct shell *shell, Window from)
{
    enum { MOST = 1 << 20 };
    struct connection *connection = shell->connection;
    Window window = from ? from : shell->top;
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left = 0;
    unsigned char *data = NULL;
    XGetWindowProperty(connection->display, window, connection->atoms[ATOM_COMMAND], 0, MOST / 4,
                       True, AnyPropertyType, &type, &format, &count, &left, &data);
    if (data && format == 8 && left == 0) {
        XDeleteProperty(connection->display, window, connection->atoms[ATOM_RESULT]);
        shell->events->command(shell->context, (const char *)data, from);
    } else if (data) {
        XDeleteProperty(connection->display, window, connection->atoms[ATOM_COMMAND]);
        shell_answer(shell, from, from ? "" : "error: these are no commands, or too many\n",
                     from ? "these are no commands, or too many" : NULL);
    }
    if (data)
        XFree(data);
}

/* Once all events are taken: who reparents a window unmaps it for a moment. */
static void tell_hidden(struct shell *shell)
{
    bool hidden = shell->unmapped || shell->iconic || shell->called_hidden;
    if (hidden == shell->hidden || shell->turn != TURN_NONE)
        return;
    shell->hidden = hidden;
    shell->events->hidden(shell->context, hidden);
}

static void note_visibility(struct shell *shell, const XVisibilityEvent *event)
{
    bool covered = event->state == VisibilityFullyObscured;
    if (event->window != shell->top || covered == shell->covered)
        return;
    shell->covered = covered;
    shell->events->covered(shell->context, covered);
}

/* True when `wanted` is one of the property's first `most` items. */
static bool property_has(struct shell *shell, enum atom_name property, Atom type, long most,
                         unsigned long wanted)
{
    Atom found;
    int format;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    bool has = false;
    XGetWindowProperty(shell->connection->display, shell->top, shell->connection->atoms[property],
                       0, most, False, type, &found, &format, &count, &left, &data);
    const unsigned long *items = (const unsigned long *)(const void *)data;
    for (unsigned long i = 0; items && format == 32 && i < count; i++)
        has |= items[i] == wanted;
    if (data)
        XFree(data);
    return has;
}

/* What the window manager says of the window; true when the property is one of those. */
static bool note_management(struct shell *shell, Atom property)
{
    const Atom *atoms = shell->connection->atoms;
    if (property == atoms[ATOM_WM_STATE])
        shell->iconic =
            property_has(shell, ATOM_WM_STATE, atoms[ATOM_WM_STATE], 1, (unsigned long)IconicState);
    else if (property == atoms[ATOM_NET_WM_STATE])
        shell->called_hidden =
            property_has(shell, ATOM_NET_WM_STATE, XA_ATOM, 64, atoms[ATOM_NET_WM_STATE_HIDDEN]);
    else
        return false;
    return true;
}

static void note_mark(struct shell *shell, const XPropertyEvent *event)
{
    output_reached(&shell->output, event->serial);
    link_answer(&shell->output.link, clock_us());
}

static void note_property(struct shell *shell, const XPropertyEvent *event)
{
    const Atom *atoms = shell->connection->atoms;
    offer_property(shell, event);
    paste_property(shell, event);
    if (event->window == shell->image) {
        if (event->atom == atoms[ATOM_MARK])
            note_mark(shell, event);
        return;
    }
    if (event->window != shell->top)
        return;
    if (note_management(shell, event->atom) || event->state != PropertyNewValue)
        return;
    if (event->atom == atoms[ATOM_STATE]) {
        output_reached(&shell->output, event->serial);
        if (event->serial == shell->confirmed)
            return;
        if (shell->unanswered > 0)
            shell->unanswered--;
        output_acknowledged(&shell->output);
        sync_begin(shell);
        shell->events->acknowledged(shell->context);
    } else if (event->atom == atoms[ATOM_COMMAND]) {
        read_command(shell, 0);
    }
}

static void answer_protocol(struct shell *shell, XClientMessageEvent *event)
{
    const struct connection *connection = shell->connection;
    if (event->message_type == connection->atoms[ATOM_COMMAND] && event->format == 32)
        read_command(shell, (Window)event->data.l[0]);
    if (event->message_type != connection->atoms[ATOM_WM_PROTOCOLS])
        return;
    Atom protocol = (Atom)event->data.l[0];
    if (protocol == connection->atoms[ATOM_WM_DELETE_WINDOW]) {
        if (event->window == shell->panels[PANEL_DIALOG].window)
            shell->events->dialog_closed(shell->context);
        else
            shell->events->closed(shell->context);
    } else if (protocol == connection->atoms[ATOM_WM_TAKE_FOCUS]) {
        shell_focus_at(shell, (Time)event->data.l[1]);
    } else if (protocol == connection->atoms[ATOM_WM_SAVE_YOURSELF]) {
        shell->events->save_asked(shell->context);
    } else if (protocol == connection->atoms[ATOM_NET_WM_SYNC_REQUEST]) {
        sync_asked(shell, event);
    } else if (protocol == connection->atoms[ATOM_NET_WM_PING]) {
        event->window = connection->root;
        XSendEvent(connection->display, connection->root, False,
                   SubstructureRedirectMask | SubstructureNotifyMask, (XEvent *)event);
    }
}

static void note_exposure(struct shell *shell, const XExposeEvent *event)
{
    if (event->window == shell->image) {
        struct rect rect = {event->x, event->y, event->width, event->height};
        shell->exposed = true;
        if (shell->painted)
            output_damage(&shell->output, rect, event->serial);
        shell->events->exposed(shell->context, rect);
        return;
    }
    for (int i = 0; i < PANELS; i++)
        if (event->window == shell->panels[i].window && event->count == 0)
            shell->events->panel_exposed(shell->context, (enum panel)i);
}

/* What could not be moved, for something lay over it: it was lost after the move. */
static void note_scroll(struct shell *shell, const XGraphicsExposeEvent *event)
{
    struct rect rect = {event->x, event->y, event->width, event->height};
    if (event->drawable != shell->image)
        return;
    output_scrolled(&shell->output, event->serial);
    output_damage(&shell->output, rect, event->serial);
    shell->events->exposed(shell->context, rect);
}

static void note_configuration(struct shell *shell, const XConfigureEvent *event)
{
    if (event->window == shell->host)
        shell_note_host(shell, event);
    dialog_note_size(shell, event);
    if (event->window != shell->top)
        return;
    bool other = event->width != shell->width || event->height != shell->height;
    sync_configured(shell, other);
    if (!other)
        return;
    shell->width = event->width;
    shell->height = event->height;
    shell->layout_due = true;
}

static void take(struct shell *shell, XEvent *event)
{
    switch (event->type) {
    case KeyPress:
        tell_key(shell, &event->xkey);
        break;
    case ButtonPress:
    case ButtonRelease:
        tell_button(shell, &event->xbutton);
        break;
    case LeaveNotify:
        tell_leave(shell, &event->xcrossing);
        break;
    case Expose:
        note_exposure(shell, &event->xexpose);
        break;
    case GraphicsExpose:
        note_scroll(shell, &event->xgraphicsexpose);
        break;
    case NoExpose:
        output_scrolled(&shell->output, event->xnoexpose.serial);
        break;
    case ConfigureNotify:
        note_configuration(shell, &event->xconfigure);
        break;
    case MapNotify:
    case UnmapNotify:
        if (event->xany.window == shell->top)
            shell->unmapped = event->type == UnmapNotify;
        else if (event->type == MapNotify &&
                 event->xany.window == shell->panels[PANEL_DIALOG].window)
            dialog_note_map(shell);
        shell_note_turn(shell);
        break;
    case ReparentNotify:
        if (event->xreparent.window == shell->top)
            shell->parent = event->xreparent.parent;
        shell_note_turn(shell);
        break;
    case VisibilityNotify:
        note_visibility(shell, &event->xvisibility);
        break;
    case PropertyNotify:
        note_property(shell, &event->xproperty);
        break;
    case DestroyNotify:
        if (event->xdestroywindow.window == shell->top)
            shell->events->closed(shell->context);
        else
            offer_gone(shell, event->xdestroywindow.window);
        break;
    case ClientMessage:
        if (!drop_message(shell, &event->xclient))
            answer_protocol(shell, &event->xclient);
        break;
    case SelectionRequest:
        offer_asked(shell, &event->xselectionrequest);
        break;
    case SelectionClear:
        offer_lost(shell, &event->xselectionclear);
        break;
    case SelectionNotify:
        paste_notified(shell, &event->xselection);
        break;
    case MappingNotify:
        XRefreshKeyboardMapping(&event->xmapping);
        break;
    }
}

/* Motion is told late, so that a later one of the same buttons can take its place; anything else
 * tells it first. */
static void merge_motion(struct shell *shell, const XEvent *event)
{
    const XMotionEvent *held = &shell->motion.xmotion;
    if (shell->motion_held &&
        (held->state != event->xmotion.state || held->window != event->xmotion.window))
        tell_motion(shell);
    shell->motion = *event;
    shell->motion_held = true;
}

bool shell_queued(struct shell *shell)
{
    return XEventsQueued(shell->connection->display, QueuedAfterReading) > 0;
}

bool shell_drain(struct shell *shell)
{
    Display *display = shell->connection->display;
    bool any = false;
    while (XPending(display)) {
        XEvent event;
        XNextEvent(display, &event);
        any = true;
        if (event.type == MotionNotify) {
            merge_motion(shell, &event);
            continue;
        }
        if (event.type != PropertyNotify && event.type != Expose)
            tell_motion(shell);
        take(shell, &event);
    }
    tell_motion(shell);
    tell_hidden(shell);
    if (output_refused(&shell->output)) {
        output_abandon(&shell->output);
        shell->layout_due = true;
    }
    if (shell->layout_due)
        shell_layout(shell);
    return any;
}
