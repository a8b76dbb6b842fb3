/* Texts for JSON. */
#ifndef APP_JSON_H
#define APP_JSON_H

#include <stddef.h>

/* Gives `put` the text as a string of JSON, in pieces, quotes included. File names are bytes: what
 * is no UTF-8 becomes the replacement character. */
void json_string(const char *text, void (*put)(void *context, const char *bytes, size_t count),
                 void *context);

#endif
