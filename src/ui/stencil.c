/* Strokes and texts into pixels: see stencil.h. Owns nothing; it must never know what is drawn. */
#include "stencil.h"

#include <math.h>

#include "ui/font_6x13.h"
#include "ui/letters.h"

enum { RUN = 64 };

struct stencil stencil_begin(const struct pixels *pixels, struct rect clip, int left, int top,
                             int pass, int scale)
{
    struct rect there = {left, top, pixels->width, pixels->height};
    int level = pass ? STENCIL_LIGHT : STENCIL_DARK;
    return (struct stencil){.pixels = pixels,
                            .clip = rect_intersect(clip, there),
                            .left = left,
                            .top = top,
                            .value = pixel_value(&pixels->format, level),
                            .edge = pass ? 0 : 1,
                            .scale = scale};
}

void stencil_fill(const struct stencil *stencil, struct rect rect)
{
    uint32_t values[RUN];
    const struct pixels *pixels = stencil->pixels;
    int edge = stencil->edge;
    struct rect wide = {rect.x - edge, rect.y - edge, rect.width + 2 * edge,
                        rect.height + 2 * edge};
    wide = rect_intersect(wide, stencil->clip);
    if (rect_empty(wide))
        return;
    for (int i = 0; i < RUN; i++)
        values[i] = stencil->value;
    for (int y = wide.y; y < wide.y + wide.height; y++) {
        uint8_t *row = pixels->base + (size_t)(y - stencil->top) * pixels->stride;
        for (int x = 0; x < wide.width; x += RUN)
            pixels_store(&pixels->format, values, wide.width - x < RUN ? wide.width - x : RUN, row,
                         wide.x + x - stencil->left);
    }
}

static void dot(const struct stencil *stencil, double x, double y)
{
    stencil_fill(stencil, (struct rect){(int)floor(x), (int)floor(y), 1, 1});
}

/* The part of a line, from 0 to 1, that may touch the clip: along one axis. */
static void cut(double from, double by, double low, double high, double *begin, double *end)
{
    double a, b;
    if (by == 0) {
        *end = from < low || from > high ? *begin - 1 : *end;
        return;
    }
    a = (low - from) / by;
    b = (high - from) / by;
    *begin = fmax(*begin, fmin(a, b));
    *end = fmin(*end, fmax(a, b));
}

/* A dot for each step along the longer axis, counted from the line's beginning: what is cut away
 * changes nothing of the rest. */
void stencil_line(const struct stencil *stencil, double x0, double y0, double x1, double y1)
{
    const struct rect *clip = &stencil->clip;
    double dx = x1 - x0, dy = y1 - y0, begin = 0, end = 1;
    double steps = ceil(fmax(fabs(dx), fabs(dy)));
    cut(x0, dx, clip->x - 2, clip->x + clip->width + 2, &begin, &end);
    cut(y0, dy, clip->y - 2, clip->y + clip->height + 2, &begin, &end);
    if (rect_empty(*clip) || begin > end)
        return;
    if (steps == 0)
        dot(stencil, x0, y0);
    for (double i = floor(begin * steps); steps > 0 && i <= ceil(end * steps); i++)
        dot(stencil, x0 + dx * i / steps, y0 + dy * i / steps);
}

/* Chords of a few pixels, but never more than these. */
enum { CHORDS_LEAST = 16, CHORDS_MOST = 2048, CHORD_PIXELS = 3 };

void stencil_ellipse(const struct stencil *stencil, double x0, double y0, double x1, double y1)
{
    double across = (x1 - x0) / 2, down = (y1 - y0) / 2;
    double middle_x = (x0 + x1) / 2, middle_y = (y0 + y1) / 2;
    double turn = acos(-1) * 2;
    double wanted = turn * fmax(fabs(across), fabs(down)) / CHORD_PIXELS;
    int chords = (int)fmin(fmax(wanted, CHORDS_LEAST), CHORDS_MOST);
    for (int i = 0; i < chords; i++) {
        double a = turn * i / chords, b = turn * (i + 1) / chords;
        stencil_line(stencil, middle_x + across * cos(a), middle_y + down * sin(a),
                     middle_x + across * cos(b), middle_y + down * sin(b));
    }
}

/* Bit 15 is the leftmost. */
static void glyph_row(const struct stencil *stencil, int x, int y, int bits)
{
    int scale = stencil->scale;
    for (; bits & 0xffff; bits <<= 1, x += scale)
        if (bits & 0x8000)
            stencil_fill(stencil, (struct rect){x, y, scale, scale});
}

/* Returns its columns. */
static int draw_letter(const struct stencil *stencil, int x, int y, unsigned letter)
{
    const uint8_t *glyph = letters_glyph(letter);
    const struct letters_broad *lent =
        glyph == letters_glyph(LETTERS_BAD) ? letters_lent(letter) : NULL;
    for (int row = 0; row < FONT_HEIGHT; row++)
        glyph_row(stencil, x, y + row * stencil->scale, lent ? lent->rows[row] : glyph[row] << 8);
    return lent ? 2 : 1;
}

void stencil_text(const struct stencil *stencil, int x, int y, const char *text, int length)
{
    int scale = stencil->scale;
    unsigned letter;
    struct rect box = {x - 1, y - 1, stencil_text_width(scale, text, length) + 2,
                       stencil_text_height(scale) + 2};
    if (rect_empty(rect_intersect(box, stencil->clip)))
        return;
    for (int at = 0; at < length;) {
        at += letters_next(text + at, length - at, &letter);
        x += FONT_WIDTH * scale * draw_letter(stencil, x, y, letter);
    }
}

int stencil_text_width(int scale, const char *text, int length)
{
    return FONT_WIDTH * scale * letters_columns(text, length);
}

int stencil_text_height(int scale)
{
    return FONT_HEIGHT * scale;
}
