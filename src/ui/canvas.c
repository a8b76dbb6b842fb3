/* Canvases and their colours: the calls every canvas class shares, the Motif bevel, and a whole
 * scheme made from two colours. Owns nothing; it must never know what the pixels are. */
#include "ui/canvas.h"

#include <string.h>

void canvas_fill(struct canvas *canvas, enum ink ink, struct rect rect)
{
    if (!rect_empty(rect))
        canvas->class->fill(canvas, ink, rect);
}

void canvas_text(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                 const char *text)
{
    if (*text)
        canvas->class->text(canvas, ink, back, x, baseline, text, (int)strlen(text));
}

int canvas_text_width(struct canvas *canvas, const char *text)
{
    return *text ? canvas->class->text_width(canvas, text, (int)strlen(text)) : 0;
}

void canvas_levels(struct canvas *canvas, struct rect rect, const uint8_t *levels, size_t stride)
{
    if (!rect_empty(rect))
        canvas->class->levels(canvas, rect, levels, stride);
}

int canvas_line_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent + 2;
}

/* Of a bevel one side, ring by ring: the upper right and lower left corners belong to the light's:
 * the mitre. One ink after the other, for each change of ink is a request of its own. */
static void draw_side(struct canvas *canvas, struct rect rect, int thickness, bool light,
                      enum ink ink)
{
    for (int i = 0; i < thickness; i++) {
        int left = rect.x + i, top = rect.y + i;
        int width = rect.width - 2 * i, height = rect.height - 2 * i;
        if (width < 2 || height < 2)
            return;
        if (light) {
            canvas_fill(canvas, ink, (struct rect){left, top, width, 1});
            canvas_fill(canvas, ink, (struct rect){left, top + 1, 1, height - 1});
        } else {
            canvas_fill(canvas, ink, (struct rect){left + 1, top + height - 1, width - 1, 1});
            canvas_fill(canvas, ink, (struct rect){left + width - 1, top + 1, 1, height - 2});
        }
    }
}

void canvas_bevel(struct canvas *canvas, struct rect rect, int thickness, bool sunken)
{
    draw_side(canvas, rect, thickness, true, sunken ? INK_BOTTOM_SHADOW : INK_TOP_SHADOW);
    draw_side(canvas, rect, thickness, false, sunken ? INK_TOP_SHADOW : INK_BOTTOM_SHADOW);
}

/* Motif's figures (lib/Xm/ColorP.h, Color.c): brightness is three quarters intensity and a quarter
 * luminosity, all in 16 bits; one hundredth is 655 in whole numbers. */
enum { FULL = 65535, PERCENT = FULL / 100, LIGHT_FROM = 93 * PERCENT, DARK_BELOW = 20 * PERCENT };

static int widen(int eight_bits)
{
    return eight_bits * 257;
}

static int brightness(struct rgb colour)
{
    int red = widen(colour.red), green = widen(colour.green), blue = widen(colour.blue);
    int intensity = (red + green + blue) / 3;
    int luminosity = (int)(0.30 * red + 0.59 * green + 0.11 * blue);
    return (75 * intensity + 25 * luminosity) / 100;
}

static struct rgb towards(struct rgb from, int percent, bool white)
{
    uint8_t channel[3] = {from.red, from.green, from.blue};
    for (int i = 0; i < 3; i++) {
        int value = widen(channel[i]);
        value += white ? percent * (FULL - value) / 100 : -(value * percent / 100);
        channel[i] = (uint8_t)(value >> 8);
    }
    return (struct rgb){channel[0], channel[1], channel[2]};
}

/* Percent towards black, or towards white, of each shade. */
struct shades {
    int select, bottom, top;
    bool select_white, bottom_white, top_white;
};

static struct shades shades_for(int bright)
{
    if (bright < DARK_BELOW)
        return (struct shades){15, 30, 50, true, true, true};
    if (bright > LIGHT_FROM)
        return (struct shades){15, 40, 20, false, false, false};
    int bottom = 60 + bright * (40 - 60) / FULL;
    int top = 50 + bright * (60 - 50) / FULL;
    return (struct shades){15, bottom, top, false, false, true};
}

const struct scheme_colours scheme_usual[SCHEMES_USUAL] = {
    {"gray", {0xb0, 0xb0, 0xb0}, {0x00, 0x00, 0x00}},
    {"dark", {0x2c, 0x2c, 0x2c}, {0xe0, 0xe0, 0xe0}},
};

static struct rgb blend(struct rgb a, struct rgb b, int eighths_of_b)
{
    int a_eighths = 8 - eighths_of_b;
    return (struct rgb){(uint8_t)((a.red * a_eighths + b.red * eighths_of_b) / 8),
                        (uint8_t)((a.green * a_eighths + b.green * eighths_of_b) / 8),
                        (uint8_t)((a.blue * a_eighths + b.blue * eighths_of_b) / 8)};
}

struct scheme scheme_from(struct rgb background, struct rgb foreground)
{
    int bright = brightness(background);
    struct shades shades = shades_for(bright);
    struct scheme scheme;
    scheme.ink[INK_BACKGROUND] = background;
    scheme.ink[INK_FOREGROUND] = foreground;
    scheme.ink[INK_TOP_SHADOW] = towards(background, shades.top, shades.top_white);
    scheme.ink[INK_BOTTOM_SHADOW] = towards(background, shades.bottom, shades.bottom_white);
    scheme.ink[INK_SELECT] = towards(background, shades.select, shades.select_white);
    scheme.ink[INK_DIM] = blend(background, foreground, 5);
    /* Overlays stand out by a step away from the foreground, so that their text only gains. */
    scheme.ink[INK_PAPER] = towards(background, 30, brightness(foreground) < bright);
    scheme.ink[INK_PRINT] = foreground;
    scheme.ink[INK_ALERT] = (struct rgb){0x99, 0x1b, 0x1b};
    scheme.ink[INK_ALERT_PRINT] = (struct rgb){0xff, 0xff, 0xff};
    return scheme;
}
