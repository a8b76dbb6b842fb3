/* The atoms: see atoms.h. XInternAtoms would wait for the answers, a turn of the line by itself; so
 * the requests are made, and the answers taken, as Xlib's extensions do it. */
#include "xlib.h"

#include <X11/Xlibint.h>
#include <string.h>

#include "atoms.h"
#include "base/ledger.h"

static const char *const names[ATOMS] = {"WM_PROTOCOLS",
                                         "WM_DELETE_WINDOW",
                                         "_NET_WM_PING",
                                         "_NET_WM_NAME",
                                         "_NET_WM_ICON_NAME",
                                         "_NET_WM_PID",
                                         "_NET_WM_ICON",
                                         "_NET_WM_WINDOW_TYPE",
                                         "_NET_WM_WINDOW_TYPE_NORMAL",
                                         "_NET_WM_WINDOW_TYPE_DIALOG",
                                         "UTF8_STRING",
                                         "WM_COLORMAP_WINDOWS",
                                         "WM_STATE",
                                         "_NET_WM_STATE",
                                         "_NET_WM_STATE_HIDDEN",
                                         "_NET_SUPPORTED",
                                         "_NET_WM_STATE_FULLSCREEN",
                                         "_XLIGHTBOX_STATE",
                                         "_XLIGHTBOX_COMMAND",
                                         "_XLIGHTBOX_RESULT",
                                         "_XLIGHTBOX_ERROR",
                                         "_XLIGHTBOX_PROTOCOL",
                                         "_XLIGHTBOX_MARK",
                                         "CLIPBOARD",
                                         "TARGETS",
                                         "MULTIPLE",
                                         "TIMESTAMP",
                                         "TEXT",
                                         "ATOM_PAIR",
                                         "INCR",
                                         "text/uri-list",
                                         "image/png",
                                         "image/x-portable-pixmap",
                                         "image/ppm",
                                         "_XLIGHTBOX_TAKEN",
                                         "_XLIGHTBOX_PASTED",
                                         "XdndAware",
                                         "XdndEnter",
                                         "XdndPosition",
                                         "XdndStatus",
                                         "XdndLeave",
                                         "XdndDrop",
                                         "XdndFinished",
                                         "XdndSelection",
                                         "XdndTypeList",
                                         "XdndActionCopy",
                                         "WM_TAKE_FOCUS",
                                         "WM_SAVE_YOURSELF",
                                         "_NET_WM_SYNC_REQUEST",
                                         "_NET_WM_SYNC_REQUEST_COUNTER"};

struct atoms_asked {
    _XAsyncHandler handler;
    unsigned long first; /* the serial of the first request */
    int left;
    Atom *atoms;
};

static Bool take_answer(Display *dpy, xReply *reply, char *buffer, int length, XPointer data)
{
    struct atoms_asked *asked = (struct atoms_asked *)(void *)data;
    unsigned long which = dpy->last_request_read - asked->first;
    xInternAtomReply room;
    if (which >= ATOMS)
        return False;
    asked->left--;
    if (reply->generic.type == X_Error)
        return False;
    const xInternAtomReply *answer = (const xInternAtomReply *)(void *)_XGetAsyncReply(
        dpy, (char *)&room, reply, buffer, length, (SIZEOF(xInternAtomReply) - SIZEOF(xReply)) >> 2,
        True);
    asked->atoms[which] = answer->atom;
    return True;
}

bool atoms_ask(struct connection *connection, struct fault *fault)
{
    Display *dpy = connection->display; /* the name that Xlib's macros want */
    struct atoms_asked *asked = ledger_alloc(LEDGER_UI, sizeof *asked, fault);
    if (!asked)
        return false;
    connection->asked = asked;
    LockDisplay(dpy);
    *asked = (struct atoms_asked){.first = NextRequest(dpy), .left = ATOMS};
    asked->atoms = connection->atoms;
    asked->handler = (_XAsyncHandler){dpy->async_handlers, take_answer, (XPointer)(void *)asked};
    dpy->async_handlers = &asked->handler;
    for (int i = 0; i < ATOMS; i++) {
        xInternAtomReq *req;
        size_t length = strlen(names[i]);
        GetReq(InternAtom, req);
        req->onlyIfExists = False;
        req->nbytes = (CARD16)length;
        req->length = (CARD16)(req->length + (length + 3) / 4);
        Data(dpy, names[i], (long)length);
    }
    UnlockDisplay(dpy);
    SyncHandle();
    return true;
}

void atoms_wait(struct connection *connection)
{
    struct atoms_asked *asked = connection->asked;
    if (!asked)
        return;
    if (asked->left > 0)
        XSync(connection->display, False);
    Display *dpy = connection->display;
    DeqAsyncHandler(dpy, &asked->handler);
    atoms_fini(connection);
}

void atoms_fini(struct connection *connection)
{
    ledger_free(LEDGER_UI, connection->asked, sizeof *connection->asked);
    connection->asked = NULL;
}
