/* The lead marker and the burnt-in text. Owns a font of the few letters it needs. */
#include "phantom/letters.h"

#include <string.h>

#include "phantom/chest.h"
#include "phantom/raster.h"

enum { FONT_WIDTH = 5, FONT_HEIGHT = 7 };

/* Rows from the top; the leftmost pixel is the highest of five bits. */
static const struct glyph {
    char letter;
    uint8_t rows[FONT_HEIGHT];
} font[] = {
    {'A', {14, 17, 17, 31, 17, 17, 17}}, {'C', {14, 17, 16, 16, 16, 17, 14}},
    {'E', {31, 16, 16, 30, 16, 16, 31}}, {'F', {31, 16, 16, 30, 16, 16, 16}},
    {'H', {17, 17, 17, 31, 17, 17, 17}}, {'I', {14, 4, 4, 4, 4, 4, 14}},
    {'L', {16, 16, 16, 16, 16, 16, 31}}, {'M', {17, 27, 21, 21, 17, 17, 17}},
    {'N', {17, 25, 21, 19, 17, 17, 17}}, {'O', {14, 17, 17, 17, 17, 17, 14}},
    {'P', {30, 17, 17, 30, 16, 16, 16}}, {'R', {30, 17, 17, 30, 20, 18, 17}},
    {'S', {15, 16, 16, 14, 1, 1, 30}},   {'T', {31, 4, 4, 4, 4, 4, 4}},
    {'V', {17, 17, 17, 17, 17, 10, 4}},  {'K', {17, 18, 20, 24, 20, 18, 17}},
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
    {'2', {14, 17, 1, 2, 4, 8, 31}},     {'5', {31, 16, 30, 1, 1, 17, 14}},
};

static const struct glyph *glyph_of(char letter)
{
    for (size_t i = 0; i < sizeof font / sizeof font[0]; i++)
        if (font[i].letter == letter)
            return &font[i];
    return NULL;
}

static void raise_pixel(uint16_t *pixels, int x, int y, uint16_t value)
{
    if (x < 0 || y < 0 || x >= PLANE_WIDTH || y >= PLANE_HEIGHT)
        return;
    uint16_t *pixel = &pixels[(int64_t)y * PLANE_WIDTH + x];
    if (*pixel < value)
        *pixel = value;
}

static void paint_text(uint16_t *pixels, int x, int y, int scale, const char *text)
{
    for (; *text; text++, x += (FONT_WIDTH + 1) * scale) {
        const struct glyph *glyph = glyph_of(*text);
        for (int i = 0; glyph && i < FONT_WIDTH * FONT_HEIGHT * scale * scale; i++) {
            int column = i % (FONT_WIDTH * scale), row = i / (FONT_WIDTH * scale);
            if (glyph->rows[row / scale] >> (FONT_WIDTH - 1 - column / scale) & 1)
                raise_pixel(pixels, x + column, y + row, CHEST_WHITE);
        }
    }
}

/* Lead strips on a sheet of plastic: an L of two strokes in mm, edges as soft as the image. */
static void paint_marker(uint16_t *pixels, double left, double top)
{
    const double height = 15, foot = 10, stroke = 2.8;
    for (int row = 0; row < PLANE_HEIGHT; row++)
        for (int column = 0; column < PLANE_WIDTH; column++) {
            struct spot spot = plane_spot(column, row);
            double x = spot.x - left - 0.03 * (spot.y - top), y = spot.y - top;
            if (x < -3 || y < -3 || x > foot + 3 || y > height + 3)
                continue;
            double inside = x < stroke ? x : -1;
            double bar = y > height - stroke ? 1 : -1;
            bool lead = x >= 0 && x < foot && y >= 0 && y < height && (inside >= 0 || bar > 0);
            raise_pixel(pixels, column, row, lead ? CHEST_WHITE - 25 : 130);
        }
}

void letters_paint(uint16_t *pixels)
{
    paint_text(pixels, 76, 84, 5, "PHANTOM CHEST PA");
    paint_text(pixels, 76, 134, 4, "NOT A PATIENT");
    paint_marker(pixels, 178, 20);
}
