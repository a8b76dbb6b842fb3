/* Letters of panels: see lettering.h. Owns the fonts. */
#include "lettering.h"

#include <X11/Xutil.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "config.h"
#include "ui/letters.h"

#ifdef HAVE_NLS
#include <iconv.h>
#endif

enum {
    LINE_MOST = 512,
    RUNS_MOST = 64,
    LETTER_BYTES = 4,
    FIRST_BROAD = 0x2e80,
    OVERLAY_BASELINE = 11,
    NAMES_MOST = 64
};

/* What has a language's letters, by preference. Fonts whose cells are all alike come first: their
 * metrics are a few bytes, those of others up to a megabyte. */
static const struct candidate {
    const char *language;
    const char *font;
    const char *coding; /* NULL: Unicode */
    const char *probe;  /* a letter it must have */
} candidates[] = {
    {"zh_CN", "-*-song ti-medium-r-normal-*-16-*-*-*-c-*-gb2312.1980-0", "GB2312", "窗"},
    {"zh_CN", "-*-*-medium-r-normal-*-16-*-*-*-c-*-gb2312.1980-0", "GB2312", "窗"},
    {"zh_CN", "-wenquanyi-*-medium-r-normal-*-13-*-*-*-*-*-iso10646-1", NULL, "窗"},
    {"zh_CN", "-gnu-unifont-medium-r-normal-*-16-*-*-*-*-*-iso10646-1", NULL, "窗"},
};

/* A stretch of letters of one font. */
struct runs {
    XChar2b letters[LINE_MOST];
    XTextItem16 items[RUNS_MOST];
    struct face {
        Font font;
        XFontStruct *metrics; /* NULL: cells of that width */
        int width;
    } faces[RUNS_MOST];
    int letter_count, count;
};

#ifdef HAVE_NLS

static bool convert(void *converter, const char *letter, int bytes, XChar2b *code)
{
    char in[LETTER_BYTES], out[LETTER_BYTES], *from = in, *to = out;
    size_t left = (size_t)bytes, room = sizeof out;
    memcpy(in, letter, (size_t)bytes);
    if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || sizeof out - room != 2)
        return false;
    *code = (XChar2b){(unsigned char)(out[0] & 0x7f), (unsigned char)(out[1] & 0x7f)};
    return true;
}

static bool open_converter(const char *coding, void **converter)
{
    iconv_t opened = iconv_open(coding, "UTF-8");
    *converter = opened;
    return opened != (iconv_t)-1;
}

static void close_converter(void *converter)
{
    if (converter)
        iconv_close(converter);
}

#else

static bool convert(void *converter, const char *letter, int bytes, XChar2b *code)
{
    (void)converter, (void)letter, (void)bytes, (void)code;
    return false;
}

static bool open_converter(const char *coding, void **converter)
{
    (void)coding, (void)converter;
    return false;
}

static void close_converter(void *converter)
{
    (void)converter;
}

#endif

static bool has_code(const XFontStruct *font, XChar2b code)
{
    unsigned columns = font->max_char_or_byte2 - font->min_char_or_byte2 + 1;
    if (code.byte1 < font->min_byte1 || code.byte1 > font->max_byte1 ||
        code.byte2 < font->min_char_or_byte2 || code.byte2 > font->max_char_or_byte2)
        return false;
    if (!font->per_char)
        return true;
    const XCharStruct *metrics = &font->per_char[(code.byte1 - font->min_byte1) * columns +
                                                 code.byte2 - font->min_char_or_byte2];
    return metrics->width > 0;
}

/* The second font's code of a letter that begins at `text`. */
static bool wide_code(const struct lettering *lettering, const char *text, int bytes,
                      unsigned letter, XChar2b *code)
{
    if (!lettering->wide || letter > 0xffff)
        return false;
    *code = (XChar2b){(unsigned char)(letter >> 8), (unsigned char)letter};
    return (!lettering->converter || convert(lettering->converter, text, bytes, code)) &&
           has_code(lettering->wide, *code);
}

/* False where there is no room for another run. */
static bool add_letter(struct runs *runs, struct face face, XChar2b code)
{
    if (!runs->count || runs->faces[runs->count - 1].font != face.font) {
        if (runs->count == RUNS_MOST)
            return false;
        runs->items[runs->count] =
            (XTextItem16){&runs->letters[runs->letter_count], 0, 0, face.font};
        runs->faces[runs->count++] = face;
    }
    runs->letters[runs->letter_count++] = code;
    runs->items[runs->count - 1].nchars++;
    return true;
}

static struct face face_of(XFontStruct *metrics)
{
    return (struct face){metrics->fid, metrics, 0};
}

/* The font of a letter, and its code there. */
static struct face choose_face(const struct lettering *lettering, const char *text, int bytes,
                               unsigned letter, XChar2b *code)
{
    const struct lettering_cells *cells =
        letter < FIRST_BROAD ? &lettering->narrow : &lettering->broad;
    if (letter > 0xff && wide_code(lettering, text, bytes, letter, code))
        return face_of(lettering->wide);
    *code = (XChar2b){(unsigned char)(letter >> 8), (unsigned char)letter};
    if (letter > 0xff && letter < LETTERS_BAD && cells->font)
        return (struct face){cells->font, NULL, cells->width};
    if (letter > 0xff)
        *code = (XChar2b){0, '?'};
    return face_of(lettering->latin);
}

static void make_runs(const struct lettering *lettering, const char *text, int length,
                      struct runs *runs)
{
    runs->count = runs->letter_count = 0;
    for (int at = 0, bytes; at < length && runs->letter_count < LINE_MOST; at += bytes) {
        unsigned letter;
        XChar2b code;
        bytes = letters_next(text + at, length - at, &letter);
        struct face face = choose_face(lettering, text + at, bytes, letter, &code);
        if (!add_letter(runs, face, code))
            return;
    }
}

int lettering_width(const struct lettering *lettering, const char *text, int length)
{
    struct runs runs;
    int width = 0;
    make_runs(lettering, text, length, &runs);
    for (int i = 0; i < runs.count; i++)
        width += runs.faces[i].metrics ? XTextWidth16(runs.faces[i].metrics, runs.items[i].chars,
                                                      runs.items[i].nchars)
                                       : runs.faces[i].width * runs.items[i].nchars;
    return width;
}

static bool paints(const struct lettering *lettering, const struct runs *runs)
{
    return !lettering->wide && runs->count <= 1 &&
           (runs->count == 0 || runs->faces[0].metrics == lettering->latin);
}

bool lettering_paints(const struct lettering *lettering, const char *text, int length)
{
    struct runs runs;
    make_runs(lettering, text, length, &runs);
    return paints(lettering, &runs);
}

void lettering_draw(const struct lettering *lettering, Drawable drawable, GC gc, int x,
                    int baseline, const char *text, int length)
{
    struct runs runs;
    char latin[LINE_MOST];
    make_runs(lettering, text, length, &runs);
    if (!paints(lettering, &runs)) {
        XDrawText16(lettering->display, drawable, gc, x, baseline, runs.items, runs.count);
        return;
    }
    for (int i = 0; i < runs.letter_count; i++)
        latin[i] = (char)runs.letters[i].byte2;
    XDrawImageString(lettering->display, drawable, gc, x, baseline, latin, runs.letter_count);
}

/* ---- fonts ---- */

static bool try_candidate(struct lettering *lettering, const struct candidate *candidate)
{
    unsigned letter;
    XChar2b code;
    int bytes = letters_next(candidate->probe, (int)strlen(candidate->probe), &letter);
    lettering->converter = NULL;
    if (candidate->coding && !open_converter(candidate->coding, &lettering->converter)) {
        lettering->converter = NULL;
        return false;
    }
    lettering->wide = XLoadQueryFont(lettering->display, candidate->font);
    if (lettering->wide && wide_code(lettering, candidate->probe, bytes, letter, &code))
        return true;
    if (lettering->wide)
        XFreeFont(lettering->display, lettering->wide);
    lettering->wide = NULL;
    close_converter(lettering->converter);
    lettering->converter = NULL;
    return false;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void find_wide(struct lettering *lettering)
{
    char language[16];
    bool needed = false;
    language_name(language, sizeof language);
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates && !lettering->wide; i++) {
        if (strcmp(language, candidates[i].language))
            continue;
        needed = true;
        try_candidate(lettering, &candidates[i]);
    }
    if (lettering->wide) {
        lettering->ascent = larger(lettering->ascent, lettering->wide->ascent);
        lettering->descent = larger(lettering->descent, lettering->wide->descent);
    } else if (needed) {
        language_leave();
    }
}

/* ---- fonts for names ---- */

static bool is_beyond(const struct lettering *lettering, const char *text)
{
    XChar2b code;
    unsigned letter;
    for (int length = (int)strlen(text), bytes; length > 0; text += bytes, length -= bytes) {
        bytes = letters_next(text, length, &letter);
        if (letter > 0xff && !wide_code(lettering, text, bytes, letter, &code))
            return true;
    }
    return false;
}

/* Height and cell width of a font by its name (XLFD), "-misc-fixed-medium-r-normal-ja-13-120-75-75-
 * c-120-iso10646-1". */
static bool read_name(const char *name, int *height, int *width)
{
    const char *field[16] = {NULL};
    int count = 0;
    for (const char *at = name; *at && count < 16; at++)
        if (*at == '-')
            field[count++] = at + 1;
    *height = count >= 14 ? (int)strtol(field[6], NULL, 10) : 0;
    *width = count >= 14 ? (int)strtol(field[11], NULL, 10) / 10 : 0;
    return *height > 0 && *width > 0;
}

/* The largest whose cells fit a line, those of ideographs as broad as they are high; of several one
 * as wide as the letters beside them. */
static void choose_cells(struct lettering *lettering, char **names, int count, bool broad,
                         int highest, struct lettering_cells *cells)
{
    const XFontStruct *latin = lettering->latin;
    int best = -1, most = 0;
    for (int i = 0, height, width; i < count; i++) {
        bool suits = read_name(names[i], &height, &width) && (4 * width > 3 * height) == broad &&
                     height <= highest;
        int worth = suits ? 2 * height + (width == latin->max_bounds.width) : 0;
        if (worth <= most)
            continue;
        most = worth;
        best = i;
        cells->width = width;
    }
    if (best >= 0)
        cells->font = XLoadFont(lettering->display, names[best]);
}

bool lettering_seek(struct lettering *lettering, const char *text)
{
    int count = 0;
    if (lettering->sought || !is_beyond(lettering, text))
        return false;
    lettering->sought = true;
    char **names = XListFonts(lettering->display, "-misc-fixed-medium-r-*-*-*-*-*-*-c-*-iso10646-1",
                              NAMES_MOST, &count);
    int line = lettering->latin->ascent + lettering->latin->descent;
    choose_cells(lettering, names, count, false, line, &lettering->narrow);
    choose_cells(lettering, names, count, true, line, &lettering->broad);
    choose_cells(lettering, names, count, true, LETTERS_ROWS, &lettering->small);
    if (names)
        XFreeFontNames(names);
    return lettering->narrow.font || lettering->broad.font;
}

static void lend(const XImage *image, int place, unsigned letter, int width)
{
    struct letters_broad glyph = {.letter = letter};
    for (int i = 0; i < LETTERS_ROWS * width; i++)
        if (XGetPixel((XImage *)(uintptr_t)image, place * width + i % width, i / width))
            glyph.rows[i / width] = (uint16_t)(glyph.rows[i / width] | 0x8000 >> i % width);
    letters_lend(&glyph);
}

/* All of them side by side, and one picture of a plane of that. A bitmap would have Xlib load the
 * library of cursors, which asks the server for more. */
static void lend_all(struct lettering *lettering, const XChar2b *codes, int count)
{
    Display *display = lettering->display;
    unsigned width = (unsigned)(count * lettering->small.width);
    Pixmap pixmap = XCreatePixmap(display, DefaultRootWindow(display), width, LETTERS_ROWS,
                                  (unsigned)DefaultDepth(display, DefaultScreen(display)));
    XGCValues values = {.foreground = 0, .font = lettering->small.font};
    GC gc = XCreateGC(display, pixmap, GCForeground | GCFont, &values);
    XFillRectangle(display, pixmap, gc, 0, 0, width, LETTERS_ROWS);
    XSetForeground(display, gc, 1);
    XDrawString16(display, pixmap, gc, 0, OVERLAY_BASELINE, codes, count);
    XImage *image = XGetImage(display, pixmap, 0, 0, width, LETTERS_ROWS, 1, XYPixmap);
    for (int i = 0; image && i < count; i++)
        lend(image, i, (unsigned)codes[i].byte1 << 8 | codes[i].byte2, lettering->small.width);
    if (image)
        XDestroyImage(image);
    XFreeGC(display, gc);
    XFreePixmap(display, pixmap);
}

void lettering_lend(struct lettering *lettering, const char *text)
{
    XChar2b codes[LETTERS_LENT];
    unsigned letter;
    int count = 0, width = lettering->small.width;
    if (!lettering->small.font || width > 16)
        return;
    for (int left = (int)strlen(text), bytes; left > 0 && count < LETTERS_LENT / 2;
         text += bytes, left -= bytes) {
        bytes = letters_next(text, left, &letter);
        if (letter >= FIRST_BROAD && letter < LETTERS_BAD && letters_lack(letter))
            codes[count++] = (XChar2b){(unsigned char)(letter >> 8), (unsigned char)letter};
    }
    if (count > 0)
        lend_all(lettering, codes, count);
}

bool lettering_open(struct lettering *lettering, Display *display, const char *name,
                    struct fault *fault)
{
    *lettering = (struct lettering){.display = display};
    if (name)
        lettering->latin = XLoadQueryFont(display, name);
    if (!lettering->latin)
        lettering->latin = XLoadQueryFont(display, "fixed");
    if (!lettering->latin)
        return fault_set(fault, FAULT_DISPLAY, "the X server has not even the font \"fixed\"");
    lettering->ascent = lettering->latin->ascent;
    lettering->descent = lettering->latin->descent;
    find_wide(lettering);
    return true;
}

void lettering_close(struct lettering *lettering)
{
    if (lettering->latin)
        XFreeFont(lettering->display, lettering->latin);
    if (lettering->wide)
        XFreeFont(lettering->display, lettering->wide);
    if (lettering->narrow.font)
        XUnloadFont(lettering->display, lettering->narrow.font);
    if (lettering->broad.font)
        XUnloadFont(lettering->display, lettering->broad.font);
    if (lettering->small.font)
        XUnloadFont(lettering->display, lettering->small.font);
    close_converter(lettering->converter);
    *lettering = (struct lettering){.display = lettering->display};
}
