/* Letters of texts: their codes, and the built-in font's glyphs, for whatever draws without a
 * server. */
#ifndef UI_LETTERS_H
#define UI_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* What stands for bytes that make no letter. */
enum { LETTERS_BAD = 0xfffd };

/* Bytes of the letter that a text of `length` bytes (1 at least) begins with; its code in Unicode.
 */
int letters_next(const char *text, int length, unsigned *letter);

/* Rows of pixels from the top, bit 7 the leftmost, as ui/font_6x13.h has them; a box for what the
 * font lacks. */
const uint8_t *letters_glyph(unsigned letter);

/* A glyph of another font, two columns wide: bit 15 of a row is the leftmost pixel. */
enum { LETTERS_ROWS = 13, LETTERS_LENT = 128 };
struct letters_broad {
    unsigned letter;
    uint16_t rows[LETTERS_ROWS];
};

/* Keeps one for a letter that the font lacks, in place of the oldest where there are too many. */
void letters_lend(const struct letters_broad *glyph);
/* NULL: there is none, and letters_glyph serves. */
const struct letters_broad *letters_lent(unsigned letter);
/* Neither the font nor what was lent has it. */
bool letters_lack(unsigned letter);

/* How many columns so many bytes take, in pictures: those of lent glyphs two. */
int letters_columns(const char *text, int length);

#endif
