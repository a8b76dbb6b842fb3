/* Numbers and names in the texts that files hold. Private to src/source. */
#ifndef SOURCE_WORDS_H
#define SOURCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The decimal number that `text` begins with, blanks before it allowed; false when there is none or
 * it is not finite. */
bool words_number(const char *text, double *number);

/* The number after the first `key` in `text`. */
bool words_number_after(const char *text, const char *key, double *number);

/* What follows the first `key` in `text` up to the end of the line, cut to `room`; "" when there is
 * none. */
void words_line_after(const char *text, const char *key, char *line, size_t room);

/* Copies `text`, which may hold any bytes, as printable ASCII: blanks of all kinds become one
 * space, the micro sign u, other letters of other alphabets one '?' each; blanks around it go. */
void words_plain(const char *text, char *plain, size_t room);

/* Millimetres in the unit of length that `unit` names ("mm", "micron", "um" and so on, spelt with
 * the micro sign in UTF-8, Latin-1 or as ImageJ escapes it); 0 when it names none. */
double words_length_mm(const char *unit);

#endif
