/* The pointer over the image, a glyph of the core cursor font. XCreateFontCursor would ask for
 * more: where libXcursor is installed it inquires about RENDER and XFIXES and waits for the server
 * four times. So the request is made as Xlib's extensions make theirs. */
#include "cursor.h"

#include <X11/Xlibint.h>
#include <X11/cursorfont.h>

static const unsigned short glyphs[CURSOR_SHAPES] = {[CURSOR_CROSSHAIR] = XC_crosshair,
                                                     [CURSOR_MOVE] = XC_fleur,
                                                     [CURSOR_ZOOM] = XC_sizing,
                                                     [CURSOR_PENCIL] = XC_pencil};

Cursor cursor_make(const struct connection *connection, enum tool_cursor shape)
{
    Display *dpy = connection->display; /* the name that Xlib's macros want */
    Font font = XLoadFont(dpy, "cursor");
    xCreateGlyphCursorReq *req;
    LockDisplay(dpy);
    GetReq(CreateGlyphCursor, req);
    Cursor cursor = XAllocID(dpy);
    req->cid = (CARD32)cursor;
    req->source = req->mask = (CARD32)font;
    req->sourceChar = glyphs[shape];
    req->maskChar = (CARD16)(glyphs[shape] + 1);
    req->foreRed = req->foreGreen = req->foreBlue = 0;
    req->backRed = req->backGreen = req->backBlue = 0xffff;
    UnlockDisplay(dpy);
    SyncHandle();
    XUnloadFont(dpy, font);
    return cursor;
}
