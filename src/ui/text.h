/* Little things about texts that widgets share: characters in UTF-8, cutting to a width, wrapping.
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <stddef.h>

#include "ui/canvas.h"

/* Bytes of the first character: a sound UTF-8 sequence, or one byte where there is none (Latin-1);
 * 0 at the end. */
int text_step(const char *text);

int text_characters(const char *text);

/* The text, cut in the middle until it is at most `width` pixels wide; empty where not even "..."
 * fits. Returns the width in pixels. */
int text_fit(struct canvas *canvas, const char *text, int width, char *cut, size_t room);

/* The first line of a text wrapped at blanks (a longer word is broken) to `width` pixels: returns
 * its bytes, and in *next where the next line starts (NULL: that was the last). */
int text_wrap(struct canvas *canvas, const char *text, int width, const char **next);

/* The same bytes, those that are no letters (control characters) as '?'; cut after a whole
 * character. Names of files can hold any. */
void text_plain(char *to, size_t room, const char *text);

/* Copies and cuts after a whole character. */
void text_copy(char *to, size_t room, const char *text);

#endif
