/* Letters of panels: UTF-8 drawn with core fonts. Latin-1 has a font of its own; where the user's
 * language has letters beyond it, a second one holds those. Private to x11. */
#ifndef X11_LETTERING_H
#define X11_LETTERING_H

#include <X11/Xlib.h>

#include "base/fault.h"

struct lettering {
    Display *display;
    XFontStruct *latin;
    XFontStruct *wide; /* NULL where nothing needs it */
    void *converter;   /* from UTF-8 to what `wide` is coded in; NULL: by Unicode */
    int ascent, descent;
};

/* Loads the font `name` (NULL, or not to be had: "fixed"). Where the server has no letters for the
 * user's language, that language is left (language_leave). Asks the server for a second font only
 * where the language needs it. */
bool lettering_open(struct lettering *lettering, Display *display, const char *name,
                    struct fault *fault);
void lettering_close(struct lettering *lettering);

/* `length` bytes of text; what no font has is drawn as '?'. */
int lettering_width(const struct lettering *lettering, const char *text, int length);

/* Draws at a baseline with the GC's foreground. Without a second font the text's box is painted
 * with the GC's background; with one it is not. May change the GC's font. */
void lettering_draw(const struct lettering *lettering, Drawable drawable, GC gc, int x,
                    int baseline, const char *text, int length);

#endif
