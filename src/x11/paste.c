/* The requestor's side of selections: see paste.h. */
#include "paste.h"

#include "shell_parts.h"

#include <X11/Xatom.h>
#include <string.h>

#include "base/clock.h"
#include "base/ledger.h"

enum { TEXT_MOST = 256 * 1024, PIECE_WORDS = TEXT_MOST / 4 + 1, PATIENCE_MS = 5000 };

/* What is asked for, one after the other until something comes. */
struct paste_try {
    enum { FROM_CLIPBOARD = 1, FROM_PRIMARY, FROM_DROP } from; /* 0: no more */
    enum { AS_FILES, AS_UTF8, AS_LATIN } as;
};

static const struct paste_try pasting[] = {{FROM_CLIPBOARD, AS_FILES},
                                           {FROM_CLIPBOARD, AS_UTF8},
                                           {FROM_CLIPBOARD, AS_LATIN},
                                           {FROM_PRIMARY, AS_FILES},
                                           {FROM_PRIMARY, AS_UTF8},
                                           {FROM_PRIMARY, AS_LATIN},
                                           {0, AS_FILES}};
static const struct paste_try *const primary = &pasting[3];
static const struct paste_try dropping[] = {{FROM_DROP, AS_FILES}, {0, AS_FILES}};

static Atom selection_of(const struct shell *shell, const struct paste_try *try)
{
    const Atom *atoms = shell->connection->atoms;
    return try->from == FROM_CLIPBOARD ? atoms[ATOM_CLIPBOARD]
           : try->from == FROM_PRIMARY ? XA_PRIMARY
                                       : atoms[ATOM_XDND_SELECTION];
}

static Atom target_of(const struct shell *shell, const struct paste_try *try)
{
    const Atom *atoms = shell->connection->atoms;
    return try->as == AS_FILES  ? atoms[ATOM_URI_LIST]
           : try->as == AS_UTF8 ? atoms[ATOM_UTF8_STRING]
                                : XA_STRING;
}

static void forget(struct shell *shell)
{
    struct paste *paste = &shell->paste;
    ledger_free(LEDGER_UI, paste->text, paste->room);
    paste->text = NULL;
    paste->length = paste->room = 0;
    paste->tried = NULL;
    paste->in_pieces = false;
}

/* Of a drop the source is told what became of it. */
static void end(struct shell *shell, enum shell_gift gift, const char *text)
{
    bool dropped = shell->paste.dropped;
    bool taken = shell->events->given(shell->context, gift, text);
    forget(shell);
    if (dropped)
        drop_finish(shell, taken);
}

static void ask(struct shell *shell)
{
    struct paste *paste = &shell->paste;
    Display *display = shell->connection->display;
    if (!paste->tried->from) {
        end(shell, GIFT_NOTHING, NULL);
        return;
    }
    paste->until_ms = clock_ms() + PATIENCE_MS;
    XConvertSelection(display, selection_of(shell, paste->tried), target_of(shell, paste->tried),
                      shell->connection->atoms[ATOM_PASTED], paste->window, paste->time);
    XFlush(display);
}

static void begin(struct shell *shell, const struct paste_try *first, Time time)
{
    struct paste *paste = &shell->paste;
    Display *display = shell->connection->display;
    forget(shell);
    if (!paste->window) {
        paste->window = XCreateSimpleWindow(display, shell->top, -1, -1, 1, 1, 0, 0, 0);
        XSelectInput(display, paste->window, PropertyChangeMask);
    }
    paste->tried = first;
    paste->time = time;
    ask(shell);
}

void paste_cancel(struct shell *shell)
{
    forget(shell);
    if (shell->paste.dropped)
        drop_finish(shell, false);
}

void shell_paste(struct shell *shell, bool from_primary)
{
    if (from_primary && shell->offer.owned[0])
        return; /* a text of ours names no file to be opened */
    paste_cancel(shell);
    begin(shell, from_primary ? primary : pasting, CurrentTime);
}

void paste_dropped(struct shell *shell, Time time)
{
    begin(shell, dropping, time);
}

/* ---- what comes ---- */

static bool grow(struct paste *paste, size_t length)
{
    size_t room = paste->room ? 2 * paste->room : 4096;
    if (length < paste->room)
        return true;
    while (room <= length)
        room *= 2;
    char *text = ledger_alloc(LEDGER_UI, room, NULL);
    if (!text)
        return false;
    if (paste->text)
        memcpy(text, paste->text, paste->length);
    ledger_free(LEDGER_UI, paste->text, paste->room);
    paste->text = text;
    paste->room = room;
    return true;
}

static bool keep(struct paste *paste, const void *bytes, size_t count)
{
    if (paste->length + count > TEXT_MOST || !grow(paste, paste->length + count))
        return false;
    memcpy(paste->text + paste->length, bytes, count);
    paste->length += count;
    paste->text[paste->length] = 0;
    return true;
}

/* Letters of Latin-1 as UTF-8. */
static bool keep_latin(struct paste *paste, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char letter[2] = {(unsigned char)(0xc0 | bytes[i] >> 6),
                                   (unsigned char)(0x80 | (bytes[i] & 0x3f))};
        bool wide = bytes[i] > 0x7f;
        if (!keep(paste, wide ? letter : &bytes[i], wide ? 2 : 1))
            return false;
    }
    return true;
}

static void finish(struct shell *shell)
{
    struct paste *paste = &shell->paste;
    bool text = paste->text && strlen(paste->text) == paste->length;
    end(shell,
        !text                          ? GIFT_NOTHING
        : paste->tried->as == AS_FILES ? GIFT_FILES
                                       : GIFT_TEXT,
        paste->text);
}

/* Some of the text, or word that it comes in pieces. */
static void take(struct shell *shell)
{
    struct paste *paste = &shell->paste;
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left = 0;
    unsigned char *data = NULL;
    XGetWindowProperty(shell->connection->display, paste->window,
                       shell->connection->atoms[ATOM_PASTED], 0, PIECE_WORDS, True, AnyPropertyType,
                       &type, &format, &count, &left, &data);
    bool begins = type == shell->connection->atoms[ATOM_INCR] && !paste->in_pieces;
    bool whole = begins || (format == 8 && left == 0 &&
                            (paste->tried->as == AS_LATIN ? keep_latin(paste, data, count)
                                                          : keep(paste, data, count)));
    if (data)
        XFree(data);
    paste->until_ms = clock_ms() + PATIENCE_MS;
    if (type == None)
        end(shell, GIFT_NOTHING, NULL);
    else if (!whole)
        end(shell, format == 8 ? GIFT_TOO_MUCH : GIFT_NOTHING, NULL);
    else if (!begins && (!paste->in_pieces || count == 0))
        finish(shell);
    paste->in_pieces |= begins;
}

void paste_notified(struct shell *shell, const XSelectionEvent *event)
{
    struct paste *paste = &shell->paste;
    if (!paste->tried || paste->in_pieces || event->requestor != paste->window ||
        event->selection != selection_of(shell, paste->tried) ||
        event->target != target_of(shell, paste->tried))
        return;
    if (event->property != None) {
        take(shell);
    } else {
        paste->tried++;
        ask(shell);
    }
}

void paste_property(struct shell *shell, const XPropertyEvent *event)
{
    const struct paste *paste = &shell->paste;
    if (paste->tried && paste->in_pieces && event->window == paste->window &&
        event->atom == shell->connection->atoms[ATOM_PASTED] && event->state == PropertyNewValue)
        take(shell);
}

int64_t paste_tend(struct shell *shell)
{
    const struct paste *paste = &shell->paste;
    int64_t left = paste->until_ms - clock_ms();
    if (!paste->tried)
        return -1;
    if (left > 0)
        return left;
    end(shell, GIFT_SILENCE, NULL);
    return -1;
}

void paste_fini(struct shell *shell)
{
    forget(shell);
}
