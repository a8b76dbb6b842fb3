/* The values that options and commands take, read in one place. Each parser returns false for text
 * that is not such a value and leaves the result alone. */
#ifndef APP_VALUES_H
#define APP_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/geometry.h"
#include "render/view.h"

bool value_number(const char *text, double *number); /* finite */
bool value_integer(const char *text, int64_t least, int64_t most, int64_t *integer);
bool value_pair(const char *text, double *first, double *second); /* "X,Y" */
bool value_size(const char *text, int *width, int *height);       /* "WxH", 1 .. 1,000,000 each */
bool value_area(const char *text, struct area *area);             /* "X,Y,WxH", not below 0 */
bool value_bytes(const char *text, size_t *bytes);          /* "8M", "512K", "1G", plain bytes */
bool value_rate(const char *text, double *rate);            /* pages for a second, 0.1 .. 100 */
bool value_gamma(const char *text, double *gamma);          /* 0.1 .. 10 */
bool value_window(const char *text, unsigned long *window); /* "0x400001", "4194305" */
bool value_turns(const char *text, int *turns);             /* "0", "90", "180", "270" */

/* Which of these words, the last of which is NULL, it is. */
bool value_choice(const char *text, const char *const *words, int *choice);

extern const char *const switches[]; /* "off", "on" */

/* "fit", "fill", "N" or "N%": the mode and, for the latter two (VIEW_FREE), the zoom. */
bool value_zoom(const char *text, enum view_mode *mode, double *zoom);

/* The shortest decimal that reads back as the same number. */
enum { NUMBER_TEXT = 32 };
void number_text(double number, char text[NUMBER_TEXT]);

/* A byte count for people: "11.2 MiB". */
void bytes_text(size_t bytes, char *text, size_t room);

#endif
