/* Letters of texts and the built-in font's glyphs. Guards ui/letters.c. */
#include "suite.h"

#include <string.h>

#include "ui/letters.h"

static const struct {
    const char *text;
    int length, bytes;
    unsigned letter;
} rows[] = {
    {"a", 1, 1, 'a'},
    {"\xc3\xa4z", 3, 2, 0xe4},
    {"\xe7\xaa\x97", 3, 3, 0x7a97},
    {"\xf0\x9f\xa9\xbb", 4, 4, 0x1fa7b},
    {"\xb5m", 2, 1, 0xb5}, /* Latin-1 */
    {"\xc3", 1, 1, LETTERS_BAD},
    {"\xc3z", 2, 1, LETTERS_BAD},
    {"\xe7\xaa", 2, 2, LETTERS_BAD},
    {"\xe7\xaaz", 3, 2, LETTERS_BAD},
    {"\xff", 1, 1, LETTERS_BAD},
};

static void bytes_make_letters(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned letter = 0;
        CU_ASSERT_EQUAL(letters_next(rows[i].text, rows[i].length, &letter), rows[i].bytes);
        CU_ASSERT_EQUAL(letter, rows[i].letter);
    }
    CU_ASSERT_EQUAL(letters_columns("a\xc3\xa4\xe7\xaa\x97\xff", 7), 4);
    CU_ASSERT_EQUAL(letters_columns("", 0), 0);
}

/* The first and the last of each range are there, what is beside them is the box; e with an accent
 * is e below it. (That glyphs are the server's own: the suite "translated window".) */
static void glyphs_are_of_their_letters(void)
{
    static const unsigned there[] = {' ',   '~',   0xa0,   0x17f,  0x391,  0x3c9,
                                     0x401, 0x45f, 0x2026, 0x20ac, 0x2190, 0x2193};
    static const unsigned absent[] = {0x1f, 0x7f, 0x9f, 0x180, 0x390, 0x3ca, 0x460, 0x2194, 0x7a97};
    const uint8_t *box = letters_glyph(LETTERS_BAD);
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        CU_ASSERT_PTR_NOT_EQUAL(letters_glyph(there[i]), box);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        CU_ASSERT_PTR_EQUAL(letters_glyph(absent[i]), box);
    CU_ASSERT(!memcmp(letters_glyph('e') + 5, letters_glyph(0xe9) + 5, 8));
    CU_ASSERT(memcmp(letters_glyph('e'), letters_glyph(0xe9), 5) != 0);
}

/* Of the letters that the font lacks alone; the oldest go. */
static void glyphs_are_lent(void)
{
    struct letters_broad glyph = {.letter = 0x7a97, .rows = {[3] = 0x8010}};
    CU_ASSERT(letters_lack(0x7a97) && !letters_lack('a'));
    letters_lend(&glyph);
    CU_ASSERT_FALSE(letters_lack(0x7a97));
    CU_ASSERT_EQUAL(letters_columns("a\xe7\xaa\x97", 4), 3);
    CU_ASSERT_EQUAL(letters_lent(0x7a97)->rows[3], 0x8010);
    for (unsigned i = 0; i < LETTERS_LENT; i++) {
        glyph.letter = 0x8000 + i;
        letters_lend(&glyph);
    }
    CU_ASSERT(letters_lack(0x7a97) && !letters_lack(0x8000));
}

SUITE("letters", {"bytes make letters", bytes_make_letters},
      {"glyphs are of their letters", glyphs_are_of_their_letters},
      {"glyphs are lent", glyphs_are_lent})
