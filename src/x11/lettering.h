/* Letters of panels: UTF-8 drawn with core fonts. Latin-1 has a font of its own; where the user's
 * language has letters beyond it, a second one holds those. For names in other alphabets there are
 * two more, sought for when the first such name comes: their cells are all alike, so that nothing
 * of their metrics, which may be a megabyte, is fetched. Private to x11. */
#ifndef X11_LETTERING_H
#define X11_LETTERING_H

#include <X11/Xlib.h>

#include "base/fault.h"

/* A font by its cells' width; what letters it lacks only the server knows, which draws its
 * stand-in. */
struct lettering_cells {
    Font font; /* None: there is none */
    int width;
};

struct lettering {
    Display *display;
    XFontStruct *latin;
    XFontStruct *wide; /* NULL where nothing needs it */
    void *converter;   /* from UTF-8 to what `wide` is coded in; NULL: by Unicode */
    int ascent, descent;
    bool sought;
    struct lettering_cells narrow, broad; /* alphabets; ideographs and the like */
    struct lettering_cells small;         /* the latter, for overlays */
};

/* Loads the font `name` (NULL, or not to be had: "fixed"). Where the server has no letters for the
 * user's language, that language is left (language_leave). Asks the server for a second font only
 * where the language needs it. */
bool lettering_open(struct lettering *lettering, Display *display, const char *name,
                    struct fault *fault);
void lettering_close(struct lettering *lettering);

/* Asks the server, once, for fonts of letters beyond those there are, where a text has some. True:
 * there are more now. */
bool lettering_seek(struct lettering *lettering, const char *text);

/* Lends overlays (ui/letters.h) the server's glyphs of a text's letters that they lack, after
 * lettering_seek. Waits for the server where there are some. */
void lettering_lend(struct lettering *lettering, const char *text);

/* False: lettering_draw paints no background of this text. */
bool lettering_paints(const struct lettering *lettering, const char *text, int length);

/* `length` bytes of text; what no font has is drawn as '?'. */
int lettering_width(const struct lettering *lettering, const char *text, int length);

/* Draws at a baseline with the GC's foreground, and paints the text's box with its background
 * unless lettering_paints says otherwise. May change the GC's font. */
void lettering_draw(const struct lettering *lettering, Drawable drawable, GC gc, int x,
                    int baseline, const char *text, int length);

#endif
