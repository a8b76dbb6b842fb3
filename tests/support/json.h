/* Whether a text is JSON (RFC 8259), and nothing but. */
#ifndef SUPPORT_JSON_H
#define SUPPORT_JSON_H

#include <stdbool.h>

/* One value, and blanks around it. Objects in which a name comes twice do not count as sound. */
bool json_sound(const char *text);

#endif
