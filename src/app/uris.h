/* Names of files as other programs write them: lines of text/uri-list (RFC 2483, RFC 8089), and
 * paths as they stand in a text. */
#ifndef APP_URIS_H
#define APP_URIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* The next line of a text that says something, without blanks around it; of a list of URIs (`list`)
 * without comments. *at goes past it. Its length, 0 at the end. */
size_t uris_line(const char **at, bool list, const char **line);

/* The path that a line names: file:/PATH, file:///PATH and file://HOST/PATH, where HOST is this
 * machine, or (not of a `list`) a path. False, with a sentence: it names no file of this machine,
 * or it is too long. */
bool uris_path(const char *line, size_t length, bool list, char *path, size_t room,
               struct fault *fault);

#endif
