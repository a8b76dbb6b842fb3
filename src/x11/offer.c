/* The owner's side of selections: see offer.h. */
#include "shell_parts.h"

#include <X11/Xatom.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ledger.h"
#include "ui/letters.h"

enum { PLACES = OFFER_REQUESTS * OFFER_PARTS, NUMBERS = 1 << 20 };
enum { PIECE = 64 * 1024, PIECE_LEAST = 4096, HEADER = 128, PATIENCE_MS = 20000 };

static const enum atom_name clipboard_name[] = {ATOM_PNG, ATOM_PPM, ATOM_PPM_SHORT};
static const enum shell_form clipboard_form[] = {FORM_PNG, FORM_PPM, FORM_PPM};

enum { FORMS = sizeof clipboard_form / sizeof *clipboard_form };

static Atom named(const struct shell *shell, enum atom_name name)
{
    return shell->connection->atoms[name];
}

static Atom selection_of(const struct shell *shell, int which)
{
    return which ? named(shell, ATOM_CLIPBOARD) : XA_PRIMARY;
}

static bool owns(const struct shell *shell, Atom selection)
{
    for (int i = 0; i < OFFER_SELECTIONS; i++)
        if (selection_of(shell, i) == selection)
            return shell->offer.owned[i];
    return false;
}

/* Server times wrap around. */
static bool before(Time a, Time b)
{
    return a != CurrentTime && b != CurrentTime && (int32_t)(uint32_t)(a - b) < 0;
}

/* ---- requestors ---- */

static bool is_ours(const struct shell *shell, Window window)
{
    return window == shell->top || window == shell->paste.window;
}

static bool serves(const struct shell *shell, Window window)
{
    for (int i = 0; i < OFFER_REQUESTS; i++)
        if (shell->offer.requests[i].used && shell->offer.requests[i].requestor == window)
            return true;
    return false;
}

static void release(struct shell *shell, struct offer_request *request)
{
    for (int i = 0; i < request->count; i++)
        if (request->parts[i].stage == PART_GOES)
            close(request->parts[i].fd);
    request->used = false;
    if (!is_ours(shell, request->requestor) && !serves(shell, request->requestor))
        XSelectInput(shell->connection->display, request->requestor, NoEventMask);
}

static void notify(struct shell *shell, const struct offer_request *request, Atom property)
{
    XEvent event = {.xselection = {.type = SelectionNotify,
                                   .requestor = request->requestor,
                                   .selection = request->selection,
                                   .target = request->target,
                                   .property = property,
                                   .time = request->time}};
    XSendEvent(shell->connection->display, request->requestor, False, NoEventMask, &event);
    XFlush(shell->connection->display);
}

/* Of the pairs that MULTIPLE names, those that were refused lose their property. */
static void tell_pairs(struct shell *shell, const struct offer_request *request)
{
    unsigned long pairs[2 * OFFER_PARTS];
    for (int i = 0; i < request->count; i++) {
        bool refused = request->parts[i].stage == PART_REFUSED;
        pairs[2 * i] = request->parts[i].target;
        pairs[2 * i + 1] = refused ? None : request->parts[i].property;
    }
    XChangeProperty(shell->connection->display, request->requestor, request->property,
                    named(shell, ATOM_ATOM_PAIR), 32, PropModeReplace, (const unsigned char *)pairs,
                    2 * request->count);
}

static bool has_part(const struct offer_request *request, int stage)
{
    for (int i = 0; i < request->count; i++)
        if ((int)request->parts[i].stage == stage)
            return true;
    return false;
}

/* Answers once no picture is waited for, and lets go once none is under way. */
static void settle(struct shell *shell, struct offer_request *request)
{
    bool multiple = request->target == named(shell, ATOM_MULTIPLE);
    if (has_part(request, PART_WAITS))
        return;
    if (!request->answered) {
        bool refused = !multiple && request->parts[0].stage == PART_REFUSED;
        if (multiple)
            tell_pairs(shell, request);
        notify(shell, request, refused ? None : request->property);
    }
    request->answered = true;
    if (!has_part(request, PART_GOES))
        release(shell, request);
}

/* ---- what they get ---- */

static void put(struct shell *shell, const struct offer_request *request, Atom property, Atom type,
                int format, const void *items, int count)
{
    XChangeProperty(shell->connection->display, request->requestor, property, type, format,
                    PropModeReplace, items, count);
}

static void put_targets(struct shell *shell, const struct offer_request *request,
                        const struct offer_part *part)
{
    unsigned long targets[9] = {named(shell, ATOM_TARGETS),
                                named(shell, ATOM_MULTIPLE),
                                named(shell, ATOM_TIMESTAMP),
                                named(shell, ATOM_UTF8_STRING),
                                XA_STRING,
                                named(shell, ATOM_TEXT)};
    int count = 6;
    for (int i = 0; i < FORMS && request->selection != XA_PRIMARY; i++)
        if (clipboard_form[i] != FORM_PNG || shell->offer.png)
            targets[count++] = named(shell, clipboard_name[i]);
    put(shell, request, part->property, XA_ATOM, 32, targets, count);
}

/* Latin-1 of the text, a question mark for what that lacks; true where it lacks nothing. */
static bool to_latin(const char *text, char *latin, int *length)
{
    bool whole = true;
    *length = 0;
    while (*text) {
        unsigned letter;
        text += letters_next(text, (int)strlen(text), &letter);
        whole &= letter <= 0xff;
        latin[(*length)++] = (char)(letter <= 0xff ? letter : '?');
    }
    return whole;
}

static void put_text(struct shell *shell, const struct offer_request *request,
                     const struct offer_part *part)
{
    char latin[OFFER_TEXT];
    int length;
    const char *text = shell->offer.text;
    Atom utf8 = named(shell, ATOM_UTF8_STRING);
    bool whole = to_latin(text, latin, &length);
    if (part->target == utf8 || (part->target != XA_STRING && !whole))
        put(shell, request, part->property, utf8, 8, text, (int)strlen(text));
    else
        put(shell, request, part->property, XA_STRING, 8, latin, length);
}

static void ask_picture(struct shell *shell, struct offer_request *request, struct offer_part *part)
{
    int place = (int)(request - shell->offer.requests) * OFFER_PARTS + (int)(part - request->parts);
    int ticket = request->number * PLACES + place;
    for (int i = 0; i < FORMS; i++)
        if (part->target == named(shell, clipboard_name[i]) &&
            (clipboard_form[i] != FORM_PNG || shell->offer.png)) {
            part->stage = PART_WAITS;
            shell->events->picture_asked(shell->context, clipboard_form[i], ticket);
            return;
        }
}

static void begin_part(struct shell *shell, struct offer_request *request, struct offer_part *part)
{
    const Atom target = part->target;
    part->stage = PART_DONE;
    if (part->property == None) {
        part->stage = PART_REFUSED;
    } else if (target == named(shell, ATOM_TARGETS)) {
        put_targets(shell, request, part);
    } else if (target == named(shell, ATOM_TIMESTAMP)) {
        put(shell, request, part->property, XA_INTEGER, 32, &shell->offer.since, 1);
    } else if (target == XA_STRING || target == named(shell, ATOM_UTF8_STRING) ||
               target == named(shell, ATOM_TEXT)) {
        put_text(shell, request, part);
    } else {
        part->stage = PART_REFUSED;
        if (request->selection != XA_PRIMARY)
            ask_picture(shell, request, part);
    }
}

/* The pairs that MULTIPLE's property names; none where it is none of its kind. */
static void read_pairs(struct shell *shell, struct offer_request *request)
{
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left;
    unsigned char *data = NULL;
    request->count = 0;
    if (XGetWindowProperty(shell->connection->display, request->requestor, request->property, 0,
                           2 * OFFER_PARTS, False, named(shell, ATOM_ATOM_PAIR), &type, &format,
                           &count, &left, &data))
        return;
    const unsigned long *atoms = (const unsigned long *)(const void *)data;
    for (unsigned long i = 0; atoms && format == 32 && i + 1 < count; i += 2)
        request->parts[request->count++] =
            (struct offer_part){.target = atoms[i], .property = atoms[i + 1]};
    if (data)
        XFree(data);
}

static struct offer_request *free_request(struct shell *shell)
{
    for (int i = 0; i < OFFER_REQUESTS; i++)
        if (!shell->offer.requests[i].used)
            return &shell->offer.requests[i];
    return NULL;
}

/* Old requestors name no property: the target's name serves (ICCCM 2.2). */
static struct offer_request request_of(const XSelectionRequestEvent *event)
{
    Atom property = event->property == None ? event->target : event->property;
    struct offer_request request = {.requestor = event->requestor,
                                    .selection = event->selection,
                                    .target = event->target,
                                    .property = property,
                                    .time = event->time,
                                    .count = 1,
                                    .until_ms = clock_ms() + PATIENCE_MS};
    request.parts[0] = (struct offer_part){.target = event->target, .property = property};
    return request;
}

void offer_asked(struct shell *shell, const XSelectionRequestEvent *event)
{
    struct offer_request asked = request_of(event), *request = free_request(shell);
    if (!request || !owns(shell, event->selection) || before(event->time, shell->offer.since)) {
        notify(shell, &asked, None);
        return;
    }
    *request = asked;
    request->used = true;
    request->number = shell->offer.numbers = (shell->offer.numbers + 1) % NUMBERS;
    if (!is_ours(shell, request->requestor))
        XSelectInput(shell->connection->display, request->requestor,
                     PropertyChangeMask | StructureNotifyMask);
    if (request->target == named(shell, ATOM_MULTIPLE))
        read_pairs(shell, request);
    for (int i = 0; i < request->count; i++)
        begin_part(shell, request, &request->parts[i]);
    settle(shell, request);
}

/* ---- pictures, in pieces ---- */

static size_t piece_bytes(const struct shell *shell)
{
    long most = 4 * XMaxRequestSize(shell->connection->display) - HEADER;
    return most < PIECE_LEAST ? PIECE_LEAST : most < PIECE ? (size_t)most : PIECE;
}

/* The next piece; an empty one is the last (ICCCM 2.7.2). False: it cannot be read. */
static bool put_piece(struct shell *shell, struct offer_request *request, struct offer_part *part)
{
    size_t room = piece_bytes(shell);
    void *piece = ledger_alloc(LEDGER_UI, room, NULL);
    ssize_t count = piece ? pread(part->fd, piece, room, part->at) : -1;
    put(shell, request, part->property, part->target, 8, piece, count > 0 ? (int)count : 0);
    XFlush(shell->connection->display);
    ledger_free(LEDGER_UI, piece, room);
    part->at += count > 0 ? count : 0;
    request->until_ms = clock_ms() + PATIENCE_MS;
    return count >= 0;
}

static void give_part(struct shell *shell, struct offer_request *request, struct offer_part *part,
                      int fd, int64_t size)
{
    const unsigned long bytes = (unsigned long)size;
    part->fd = fd;
    part->at = 0;
    part->size = size;
    part->stage = PART_GOES;
    if (fd >= 0 && size > (int64_t)piece_bytes(shell))
        put(shell, request, part->property, named(shell, ATOM_INCR), 32, &bytes, 1);
    else
        part->stage = fd >= 0 && put_piece(shell, request, part) ? PART_DONE : PART_REFUSED;
}

void shell_give_picture(struct shell *shell, int ticket, int fd, int64_t size)
{
    struct offer_request *request = &shell->offer.requests[ticket % PLACES / OFFER_PARTS];
    struct offer_part *part = &request->parts[ticket % OFFER_PARTS];
    bool wanted = request->used && request->number == ticket / PLACES && part->stage == PART_WAITS;
    if (wanted)
        give_part(shell, request, part, fd, size);
    if (fd >= 0 && !(wanted && part->stage == PART_GOES))
        close(fd);
    if (wanted)
        settle(shell, request);
}

static void go_on(struct shell *shell, struct offer_request *request, const XPropertyEvent *event)
{
    for (int i = 0; i < request->count; i++) {
        struct offer_part *part = &request->parts[i];
        if (part->stage != PART_GOES || part->property != event->atom)
            continue;
        bool last = part->at >= part->size;
        if (put_piece(shell, request, part) && !last)
            continue;
        close(part->fd);
        part->stage = PART_DONE;
        settle(shell, request);
        return;
    }
}

void offer_property(struct shell *shell, const XPropertyEvent *event)
{
    Display *display = shell->connection->display;
    struct offer *offer = &shell->offer;
    if (event->window == shell->top && event->atom == named(shell, ATOM_TAKEN) && offer->taking) {
        offer->taking = false;
        offer->since = event->time;
        for (int i = 0; i < OFFER_SELECTIONS; i++) {
            XSetSelectionOwner(display, selection_of(shell, i), shell->top, event->time);
            offer->owned[i] = true;
        }
        XFlush(display);
    }
    for (int i = 0; i < OFFER_REQUESTS && event->state == PropertyDelete; i++)
        if (offer->requests[i].used && offer->requests[i].requestor == event->window)
            go_on(shell, &offer->requests[i], event);
}

/* ---- beginning and end ---- */

/* The server's time comes with the event of a property that is written: own times of others are
 * not later then, whatever event (which may have been sent by a program) led here. */
void shell_offer(struct shell *shell, const char *text, bool png)
{
    struct offer *offer = &shell->offer;
    size_t length = strlen(text);
    length = length < OFFER_TEXT ? length : OFFER_TEXT - 1;
    memcpy(offer->text, text, length);
    offer->text[length] = 0;
    offer->png = png;
    offer->taking = true;
    XChangeProperty(shell->connection->display, shell->top, named(shell, ATOM_TAKEN), XA_STRING, 8,
                    PropModeReplace, NULL, 0);
    XFlush(shell->connection->display);
}

bool shell_offers(const struct shell *shell)
{
    return !shell->offer.taking && (shell->offer.owned[0] || shell->offer.owned[1]);
}

void offer_lost(struct shell *shell, const XSelectionClearEvent *event)
{
    for (int i = 0; i < OFFER_SELECTIONS; i++)
        if (selection_of(shell, i) == event->selection && !before(event->time, shell->offer.since))
            shell->offer.owned[i] = false;
}

void offer_gone(struct shell *shell, Window window)
{
    for (int i = 0; i < OFFER_REQUESTS; i++)
        if (shell->offer.requests[i].used && shell->offer.requests[i].requestor == window)
            release(shell, &shell->offer.requests[i]);
}

int64_t offer_tend(struct shell *shell)
{
    int64_t now = clock_ms(), next = -1;
    for (int i = 0; i < OFFER_REQUESTS; i++) {
        struct offer_request *request = &shell->offer.requests[i];
        if (!request->used)
            continue;
        int64_t left = request->until_ms - now;
        if (left <= 0 && !request->answered)
            notify(shell, request, None);
        if (left <= 0)
            release(shell, request);
        else if (next < 0 || left < next)
            next = left;
    }
    return next;
}

void offer_fini(struct shell *shell)
{
    for (int i = 0; i < OFFER_REQUESTS; i++)
        if (shell->offer.requests[i].used)
            release(shell, &shell->offer.requests[i]);
}
