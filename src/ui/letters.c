/* Letters of texts: see ui/letters.h. Owns the built-in font, and the glyphs that were lent. */
#include "ui/letters.h"

#include <stddef.h>

#include "ui/font_6x13_more.h"

static const uint8_t box[FONT_HEIGHT] = {0x00, 0x00, 0xf8, 0x88, 0x88, 0x88, 0x88,
                                         0x88, 0x88, 0x88, 0xf8, 0x00, 0x00};

int letters_next(const char *text, int length, unsigned *letter)
{
    unsigned char lead = (unsigned char)text[0];
    int bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    *letter = bytes == 1 ? lead : lead & (0xffu >> (bytes + 1));
    for (int i = 1; i < bytes; i++) {
        if (i >= length || (text[i] & 0xc0) != 0x80) {
            *letter = LETTERS_BAD;
            return i;
        }
        *letter = *letter << 6 | (text[i] & 0x3fu);
    }
    return bytes;
}

const uint8_t *letters_glyph(unsigned letter)
{
    const uint8_t(*glyphs)[FONT_HEIGHT] = font_6x13_more;
    if (letter >= FONT_FIRST && letter <= FONT_LAST)
        return font_6x13[letter - FONT_FIRST];
    for (size_t i = 0; i < sizeof font_6x13_ranges / sizeof *font_6x13_ranges; i++) {
        if (letter - font_6x13_ranges[i].first < font_6x13_ranges[i].count)
            return glyphs[letter - font_6x13_ranges[i].first];
        glyphs += font_6x13_ranges[i].count;
    }
    return box;
}

/* What was lent: a ring. */
static struct {
    struct letters_broad glyphs[LETTERS_LENT];
    int next;
} lent;

void letters_lend(const struct letters_broad *glyph)
{
    lent.glyphs[lent.next] = *glyph;
    lent.next = (lent.next + 1) % LETTERS_LENT;
}

const struct letters_broad *letters_lent(unsigned letter)
{
    for (int i = 0; i < LETTERS_LENT && letter; i++)
        if (lent.glyphs[i].letter == letter)
            return &lent.glyphs[i];
    return NULL;
}

bool letters_lack(unsigned letter)
{
    return letters_glyph(letter) == box && !letters_lent(letter);
}

int letters_columns(const char *text, int length)
{
    unsigned letter;
    int columns = 0;
    for (int at = 0; at < length;) {
        at += letters_next(text + at, length - at, &letter);
        columns += letters_glyph(letter) == box && letters_lent(letter) ? 2 : 1;
    }
    return columns;
}
