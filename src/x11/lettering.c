/* Letters of panels: see lettering.h. Owns the fonts. */
#include "lettering.h"

#include <string.h>

#include "base/language.h"
#include "config.h"

#ifdef HAVE_NLS
#include <iconv.h>
#endif

enum { LINE_MOST = 512, RUNS_MOST = 64, LETTER_BYTES = 4 };

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
    XFontStruct *fonts[RUNS_MOST];
    int letter_count, count;
};

/* Bytes of the letter at the start; its code, or '?' for bytes that make none. */
static int next_letter(const char *text, int length, unsigned *letter)
{
    unsigned char lead = (unsigned char)text[0];
    int bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    *letter = bytes == 1 ? lead : lead & (0xffu >> (bytes + 1));
    for (int i = 1; i < bytes; i++) {
        if (i >= length || (text[i] & 0xc0) != 0x80) {
            *letter = '?';
            return i;
        }
        *letter = *letter << 6 | (text[i] & 0x3fu);
    }
    return bytes;
}

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
static bool add_letter(struct runs *runs, XFontStruct *font, XChar2b code)
{
    if (!runs->count || runs->fonts[runs->count - 1] != font) {
        if (runs->count == RUNS_MOST)
            return false;
        runs->items[runs->count] =
            (XTextItem16){&runs->letters[runs->letter_count], 0, 0, font->fid};
        runs->fonts[runs->count++] = font;
    }
    runs->letters[runs->letter_count++] = code;
    runs->items[runs->count - 1].nchars++;
    return true;
}

static void make_runs(const struct lettering *lettering, const char *text, int length,
                      struct runs *runs)
{
    runs->count = runs->letter_count = 0;
    for (int at = 0, bytes; at < length && runs->letter_count < LINE_MOST; at += bytes) {
        unsigned letter;
        XChar2b code;
        bytes = next_letter(text + at, length - at, &letter);
        bool wide = letter > 0xff && wide_code(lettering, text + at, bytes, letter, &code);
        if (!wide)
            code = (XChar2b){0, (unsigned char)(letter > 0xff ? '?' : letter)};
        if (!add_letter(runs, wide ? lettering->wide : lettering->latin, code))
            return;
    }
}

int lettering_width(const struct lettering *lettering, const char *text, int length)
{
    struct runs runs;
    int width = 0;
    make_runs(lettering, text, length, &runs);
    for (int i = 0; i < runs.count; i++)
        width += XTextWidth16(runs.fonts[i], runs.items[i].chars, runs.items[i].nchars);
    return width;
}

void lettering_draw(const struct lettering *lettering, Drawable drawable, GC gc, int x,
                    int baseline, const char *text, int length)
{
    struct runs runs;
    char latin[LINE_MOST];
    make_runs(lettering, text, length, &runs);
    if (lettering->wide) {
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
    int bytes = next_letter(candidate->probe, (int)strlen(candidate->probe), &letter);
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
    close_converter(lettering->converter);
    *lettering = (struct lettering){.display = lettering->display};
}
