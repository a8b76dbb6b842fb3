/* The window in German and Chinese, as it is seen: texts drawn here, by requests of the test's own,
 * are looked for among the window's pixels. What scripts read stays as it is. Guards
 * x11/lettering.c. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "support/scratch.h"
#include "support/tiff_maker.h"
#include "support/tongue.h"
#include "ui/letters.h"
#include "x11/xlib.h"

enum { BACK = 0xb0b0b0, PRINT = 0 };

static const char song[] = "-isas-song ti-medium-r-normal--16-160-72-72-c-160-gb2312.1980-0";

static const char narrow[] = "-misc-fixed-medium-r-semicondensed--13-120-75-75-c-60-iso10646-1";
static const char broad[] = "-misc-fixed-medium-r-normal-ja-13-120-75-75-c-120-iso10646-1";

/* A text as it must look, black on the status line's gray. */
static XImage *drawn(const char *font_name, const char *text, int letters, bool wide)
{
    Display *display = server();
    XFontStruct *font = XLoadQueryFont(display, font_name);
    if (!font)
        return NULL;
    int width =
        wide ? XTextWidth16(font, (const XChar2b *)text, letters) : XTextWidth(font, text, letters);
    int height = font->ascent + font->descent;
    Pixmap pixmap = XCreatePixmap(display, DefaultRootWindow(display), (unsigned)width,
                                  (unsigned)height, (unsigned)DefaultDepth(display, 0));
    XGCValues values = {.foreground = BACK, .background = BACK, .font = font->fid};
    GC gc = XCreateGC(display, pixmap, GCForeground | GCBackground | GCFont, &values);
    XFillRectangle(display, pixmap, gc, 0, 0, (unsigned)width, (unsigned)height);
    XSetForeground(display, gc, PRINT);
    if (wide)
        XDrawString16(display, pixmap, gc, 0, font->ascent, (const XChar2b *)text, letters);
    else
        XDrawString(display, pixmap, gc, 0, font->ascent, text, letters);
    XImage *image =
        XGetImage(display, pixmap, 0, 0, (unsigned)width, (unsigned)height, AllPlanes, ZPixmap);
    XFreeGC(display, gc);
    XFreePixmap(display, pixmap);
    XFreeFont(display, font);
    return image;
}

static bool equal_at(XImage *in, XImage *part, int x, int y)
{
    for (int row = 0; row < part->height; row++)
        for (int column = 0; column < part->width; column++)
            if ((XGetPixel(in, x + column, y + row) & 0xffffff) !=
                (XGetPixel(part, column, row) & 0xffffff))
                return false;
    return true;
}

/* Whether the lowest lines of the viewer's window, the status line, show the text. */
static bool status_shows(const struct viewer *viewer, XImage *text)
{
    Display *display = server();
    XWindowAttributes a;
    bool found = false;
    enum { LINES = 24 };
    if (!text || !XGetWindowAttributes(display, viewer->top, &a))
        return false;
    XImage *line = XGetImage(display, viewer->top, 0, a.height - LINES, (unsigned)a.width, LINES,
                             AllPlanes, ZPixmap);
    for (int y = 0; line && !found && y + text->height <= LINES; y++)
        for (int x = 0; !found && x + text->width <= a.width; x++)
            found = equal_at(line, text, x, y);
    if (line)
        XDestroyImage(line);
    return found;
}

static bool status_comes(const struct viewer *viewer, XImage *text)
{
    int64_t end = now_ms() + PATIENCE_MS;
    while (!status_shows(viewer, text) && now_ms() < end)
        pause_ms(20);
    return status_shows(viewer, text);
}

static void drop(XImage *image)
{
    if (image)
        XDestroyImage(image);
}

static void expect_state(const struct viewer *viewer)
{
    char state[STATE_ROOM] = "", reply[4096] = "";
    CU_ASSERT(viewer_state(viewer, state));
    CU_ASSERT_EQUAL(state_number(state, "window"), 400.5);
    CU_ASSERT_PTR_NOT_NULL(strstr(state, "window=400.5 level=40.25 "));
    CU_ASSERT(viewer_command(viewer, "state --json", reply, sizeof reply));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"window\":400.5,\"level\":40.25,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"window_from\":\"user\""));
}

static void test_german(void)
{
    struct viewer viewer;
    if (!tongue_speak("de_DE"))
        return;
    XImage *width = drawn("fixed", "W 400,5", 7, false);
    XImage *user = drawn("fixed", "C 40,25", 7, false);
    if (VIEW(&viewer, "data/chest.tif")) {
        CU_ASSERT(viewer_do(&viewer, "window 400.5 40.25"));
        CU_ASSERT(status_comes(&viewer, width));
        CU_ASSERT(status_comes(&viewer, user));
        expect_state(&viewer);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    drop(width);
    drop(user);
    tongue_usual();
}

/* In GB 2312: a row and a cell for each letter. */
static void test_chinese(void)
{
    static const char width_letters[] = {0x34, 0x30, 0x3f, 0x6d};
    struct viewer viewer;
    if (!tongue_speak("zh_CN"))
        return;
    XImage *width = drawn(song, width_letters, 2, true);
    CU_ASSERT_PTR_NOT_NULL(width);
    if (width && VIEW(&viewer, "data/chest.tif")) {
        CU_ASSERT(viewer_do(&viewer, "window 400.5 40.25"));
        CU_ASSERT(status_comes(&viewer, width));
        expect_state(&viewer);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    drop(width);
    tongue_usual();
}

/* Whether light pixels of the picture are those of the text, somewhere in its upper left corner. */
static bool corner_shows(const struct pnm *seen, XImage *text)
{
    for (int at = 0; at < 40 * 200; at++) {
        int wrong = 0, x0 = at % 200, y0 = at / 200;
        for (int y = 0; y < text->height && !wrong; y++)
            for (int x = 0; x < text->width; x++)
                wrong += (XGetPixel(text, x, y) == PRINT) != (pnm_at(seen, x0 + x, y0 + y) == 255);
        if (!wrong)
            return true;
    }
    return false;
}

/* Names in other alphabets than the language's, in the status line and over the picture. */
static void test_names(void)
{
    static const char cyrillic[] = {0x04, 0x1f, 0x04, 0x3b, 0x04, 0x51};
    static const char kanji[] = {0x65, (char)0xe5, 0x67, 0x2c};
    struct viewer viewer;
    struct tiff_recipe recipe = {.width = 60,
                                 .height = 50,
                                 .type = SAMPLE_U16,
                                 .rows_per_strip = 50,
                                 .value = tiff_value_plain};
    const char *path = scratch_path("\xd0\x9f\xd0\xbb\xd1\x91-\xe6\x97\xa5\xe6\x9c\xac.tif");
    XImage *first = drawn(narrow, cyrillic, 3, true), *second = drawn(broad, kanji, 2, true);
    CU_ASSERT_FATAL(tiff_make(path, &recipe));
    CU_ASSERT(first && second);
    if (first && second && VIEW(&viewer, path)) {
        CU_ASSERT(status_comes(&viewer, first));
        CU_ASSERT(status_comes(&viewer, second));
        CU_ASSERT(viewer_do(&viewer, "overlay corners on; zoom 1; window 100000 0"));
        struct pnm seen;
        CU_ASSERT_FATAL(viewer_grab(&viewer, &seen));
        CU_ASSERT(corner_shows(&seen, first));
        CU_ASSERT(corner_shows(&seen, second));
        pnm_free(&seen);
        CU_ASSERT_EQUAL(viewer_end(&viewer), 0);
    }
    drop(first);
    drop(second);
}

/* What overlays are written with is the server's font of that name. */
static void test_glyphs(void)
{
    for (unsigned letter = ' '; letter < 0x2200; letter++) {
        const char code[] = {(char)(letter >> 8), (char)letter};
        const uint8_t *glyph = letters_glyph(letter);
        XImage *image = glyph == letters_glyph(LETTERS_BAD) ? NULL : drawn(narrow, code, 1, true);
        int wrong = 0;
        for (int i = 0; image && i < 6 * 13; i++)
            wrong += (XGetPixel(image, i % 6, i / 6) == PRINT) != !!(glyph[i / 6] & 0x80 >> i % 6);
        CU_ASSERT_EQUAL(wrong, 0);
        drop(image);
    }
}

/* A server without Chinese letters: English, its decoders too. */
static void test_no_letters(void)
{
    static const char *const few[] = {"-fp", "built-ins", NULL};
    struct viewer viewer;
    char reply[1024] = "";
    if (!tongue_speak("zh_CN"))
        return;
    if (server_other(few)) {
        XImage *width = drawn("fixed", "W 400.5", 7, false);
        CU_ASSERT_PTR_NOT_NULL(width);
        if (VIEW(&viewer, "data/chest.tif")) {
            CU_ASSERT(viewer_do(&viewer, "window 400.5 40.25"));
            CU_ASSERT(status_comes(&viewer, width));
            const char *text = scratch_file("text.tif", "plain words of no image\n", 24);
            char script[600];
            snprintf(script, sizeof script, "open %s; wait idle", text);
            viewer_command(&viewer, script, reply, sizeof reply);
            CU_ASSERT_PTR_NOT_NULL(strstr(reply, "not a TIFF file (it looks like text)"));
            CU_ASSERT_EQUAL(viewer_end(&viewer), 1); /* a file could not be shown */
        }
        drop(width);
    }
    server_usual();
    tongue_usual();
}

SUITE("translated window", {"German, with commas", test_german}, {"Chinese letters", test_chinese},
      {"names in other alphabets", test_names}, {"glyphs are the server's", test_glyphs},
      {"English where the server has no letters", test_no_letters});
