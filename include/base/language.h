/* The user's language: sentences from the catalogue that LC_MESSAGES (and LANGUAGE) choose, and
 * numbers for people with the locale's decimal sign.
 *
 * Nothing else follows the locale: LC_CTYPE and LC_NUMERIC stay "C", so that printf and strtod read
 * and write machines' numbers. Texts are UTF-8; where the locale's characters are not, all stays
 * English. A build without gettext, or a locale without a catalogue, is English. */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Marks a text that is translated where it is shown. */
#define N_(text) text
#define _(text) language_text(text)

/* Reads the locale and its catalogue, so that processes forked from then on need no file for it.
 * Once, first of all. */
void language_begin(void);

/* The text in the user's language; itself where there is no other. Obtains memory at the first use
 * of a text at most. */
const char *language_text(const char *text) __attribute__((format_arg(1)));

/* "de" or "zh_CN", as the catalogue calls itself; "" for English. */
void language_name(char *name, size_t room);

/* English from now on, in all processes forked since language_begin. */
void language_leave(void);

/* Makes of each point between two digits the locale's decimal sign. For what people read alone. */
void language_numbers(char *text);

/* How many columns of a terminal the text takes; Chinese letters take two each. */
int language_columns(const char *text);

/* Cuts off a character of which only the first bytes are there. */
void language_whole(char *text);

#endif
