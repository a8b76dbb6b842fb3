/* Another program, see other.h. */
#include "other.h"

#include <X11/Xatom.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

enum { PIECE = 7, WORDS_MOST = 1 << 20 };

static Display *display;
static Window window;

static struct {
    const char *text;
    Atom target;
    bool pieces;
    Window to; /* whom the rest goes to */
    Atom property;
    size_t at;
} given;

static struct {
    int status, finished;
    long action[2];
} heard;

static Atom atom(const char *name)
{
    return XInternAtom(display, name, False);
}

void other_begin(void)
{
    display = XOpenDisplay(DisplayString(server()));
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 10, 10, 0, 0, 0);
    XSelectInput(display, window, PropertyChangeMask);
}

void other_end(void)
{
    XCloseDisplay(display);
}

Window other_window(void)
{
    return window;
}

Window other_owner(const char *selection)
{
    return XGetSelectionOwner(display, atom(selection));
}

/* ---- asking ---- */

static bool next(XEvent *event)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; now_ms() < limit; pause_ms(1))
        if (XPending(display)) {
            XNextEvent(display, event);
            return true;
        }
    return false;
}

/* Adds what the property holds, and deletes it; how many bytes, -1: it is not there. */
static long take(Atom property, struct other_data *data)
{
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left;
    unsigned char *bytes = NULL;
    XGetWindowProperty(display, window, property, 0, WORDS_MOST, True, AnyPropertyType, &type,
                       &format, &count, &left, &bytes);
    if (type == None)
        return -1;
    size_t size = count * (format == 32 ? sizeof(long) : 1);
    char *name = XGetAtomName(display, type);
    strncpy(data->type, name, sizeof data->type - 1);
    XFree(name);
    data->bytes = realloc(data->bytes, data->count + size + 1);
    memcpy(data->bytes + data->count, bytes, size);
    data->count += size;
    data->bytes[data->count] = 0;
    XFree(bytes);
    return (long)size;
}

static bool take_pieces(Atom property, struct other_data *data)
{
    XEvent event;
    data->count = 0;
    while (next(&event)) {
        if (event.type != PropertyNotify || event.xproperty.atom != property ||
            event.xproperty.state != PropertyNewValue)
            continue;
        long size = take(property, data);
        if (size == 0)
            return true;
        data->pieces += size > 0;
    }
    return false;
}

static bool is_answered(XEvent *event)
{
    while (next(event))
        if (event->type == SelectionNotify)
            return event->xselection.property != None;
    return false;
}

bool other_ask(const char *selection, const char *target, struct other_data *data)
{
    XEvent event;
    Atom property = atom("ANSWER");
    *data = (struct other_data){.type = ""};
    XDeleteProperty(display, window, property);
    XConvertSelection(display, atom(selection), atom(target), property, window, CurrentTime);
    if (!is_answered(&event) || take(property, data) < 0)
        return false;
    return strcmp(data->type, "INCR") || take_pieces(property, data);
}

int other_ask_several(const char *selection, const char *const *targets)
{
    enum { MOST = 8 };
    Atom pairs[2 * MOST], *told = NULL, type, property = atom("ANSWER");
    XEvent event;
    unsigned long items = 0, left;
    int count = 0, format, good = 0;
    for (; targets[count] && count < MOST; count++)
        pairs[2 * count] = pairs[2 * count + 1] = atom(targets[count]);
    XChangeProperty(display, window, property, atom("ATOM_PAIR"), 32, PropModeReplace,
                    (unsigned char *)pairs, 2 * count);
    XConvertSelection(display, atom(selection), atom("MULTIPLE"), property, window, CurrentTime);
    if (!is_answered(&event))
        return -1;
    XGetWindowProperty(display, window, property, 0, 2 * MOST, True, atom("ATOM_PAIR"), &type,
                       &format, &items, &left, (unsigned char **)(void *)&told);
    for (int i = 0; i < count && items == 2 * (unsigned long)count; i++) {
        struct other_data data = {.type = ""};
        bool there = take(pairs[2 * i], &data) >= 0;
        good |= (there && told[2 * i + 1] != None) << i;
        other_free(&data);
    }
    XFree(told);
    return good;
}

void other_free(struct other_data *data)
{
    free(data->bytes);
    data->bytes = NULL;
}

void other_ask_and_go(const char *selection, const char *target)
{
    XEvent event;
    XConvertSelection(display, atom(selection), atom(target), atom("ANSWER"), window, CurrentTime);
    is_answered(&event);
    XDestroyWindow(display, window);
    XSync(display, False);
    XCloseDisplay(display);
    other_begin();
}

/* ---- giving ---- */

void other_own(const char *selection, const char *target, const char *text, bool pieces)
{
    given.text = text;
    given.target = atom(target);
    given.pieces = pieces;
    given.to = None;
    XSetSelectionOwner(display, atom(selection), window, CurrentTime);
    XSync(display, False);
}

void other_disown(const char *selection)
{
    XSetSelectionOwner(display, atom(selection), None, CurrentTime);
    XSync(display, False);
}

static void answer(const XSelectionRequestEvent *asked)
{
    bool good = asked->target == given.target;
    XEvent event = {.xselection = {.type = SelectionNotify,
                                   .requestor = asked->requestor,
                                   .selection = asked->selection,
                                   .target = asked->target,
                                   .property = good ? asked->property : None,
                                   .time = asked->time}};
    unsigned long size = strlen(given.text);
    if (good && given.pieces) {
        given.to = asked->requestor;
        given.property = asked->property;
        given.at = 0;
        XSelectInput(display, given.to, PropertyChangeMask);
        XChangeProperty(display, given.to, given.property, atom("INCR"), 32, PropModeReplace,
                        (unsigned char *)&size, 1);
    } else if (good) {
        XChangeProperty(display, asked->requestor, asked->property, given.target, 8,
                        PropModeReplace, (const unsigned char *)given.text, (int)size);
    }
    XSendEvent(display, asked->requestor, False, NoEventMask, &event);
}

static void go_on(const XPropertyEvent *event)
{
    if (event->window != given.to || event->atom != given.property ||
        event->state != PropertyDelete)
        return;
    size_t left = strlen(given.text) - given.at, count = left < PIECE ? left : PIECE;
    XChangeProperty(display, given.to, given.property, given.target, 8, PropModeReplace,
                    (const unsigned char *)given.text + given.at, (int)count);
    given.at += count;
    if (count == 0)
        given.to = None;
}

static void hear(const XClientMessageEvent *event)
{
    if (event->message_type == atom("XdndStatus")) {
        heard.status = event->data.l[1] & 1;
        heard.action[0] = event->data.l[4];
    } else if (event->message_type == atom("XdndFinished")) {
        heard.finished = event->data.l[1] & 1;
        heard.action[1] = event->data.l[2];
    }
}

void other_serve(void)
{
    while (XPending(display)) {
        XEvent event;
        XNextEvent(display, &event);
        if (event.type == SelectionRequest)
            answer(&event.xselectionrequest);
        else if (event.type == PropertyNotify && given.to)
            go_on(&event.xproperty);
        else if (event.type == ClientMessage)
            hear(&event.xclient);
    }
    XFlush(display);
}

/* ---- dragging ---- */

static void tell(Window target, const char *name, long a, long b, long c, long d)
{
    XEvent event = {
        .xclient = {
            .type = ClientMessage, .window = target, .message_type = atom(name), .format = 32}};
    long data[5] = {(long)window, a, b, c, d};
    memcpy(event.xclient.data.l, data, sizeof data);
    XSendEvent(display, target, False, NoEventMask, &event);
    XFlush(display);
}

static bool wait_for(const int *word)
{
    for (int64_t limit = now_ms() + PATIENCE_MS; *word < 0 && now_ms() < limit; pause_ms(1))
        other_serve();
    return *word >= 0;
}

struct other_drop other_drop(Window target, const char *const *types, const char *text)
{
    Atom names[8] = {None};
    int count = 0;
    for (; types[count]; count++)
        names[count] = atom(types[count]);
    heard.status = heard.finished = -1;
    other_own("XdndSelection", "text/uri-list", text, false);
    XChangeProperty(display, window, atom("XdndTypeList"), XA_ATOM, 32, PropModeReplace,
                    (unsigned char *)names, count);
    tell(target, "XdndEnter", 5L << 24 | (count > 3), (long)names[0], (long)names[1],
         (long)names[2]);
    tell(target, "XdndPosition", 0, 100L << 16 | 100, CurrentTime, (long)atom("XdndActionCopy"));
    if (wait_for(&heard.status)) {
        tell(target, "XdndDrop", 0, CurrentTime, 0, 0);
        wait_for(&heard.finished);
    }
    long copy = (long)atom("XdndActionCopy");
    return (struct other_drop){heard.status, heard.finished,
                               heard.action[0] == copy && heard.action[1] == copy};
}
