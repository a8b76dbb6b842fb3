/* Names of files in other programs' texts: see uris.h. Owns nothing; never looks at a file. */
#include "uris.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

enum { SHOWN = 60 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t uris_line(const char **at, bool list, const char **line)
{
    while (**at) {
        size_t length = strcspn(*at, "\n");
        *line = *at;
        *at += length + ((*at)[length] == '\n');
        for (; length && is_blank(**line); length--)
            ++*line;
        while (length && is_blank((*line)[length - 1]))
            length--;
        if (length && !(list && **line == '#'))
            return length;
    }
    return 0;
}

/* What others wrote is shown without what could do harm to a terminal. */
static bool refuse(const char *line, size_t length, bool elsewhere, struct fault *fault)
{
    char shown[SHOWN + 4];
    int kept = length < SHOWN ? (int)length : SHOWN;
    snprintf(shown, sizeof shown, "%.*s%s", kept, line, length > SHOWN ? "..." : "");
    for (char *at = shown; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    if (elsewhere)
        return fault_set(fault, FAULT_USAGE, "%s: is on another machine", shown);
    return fault_set(fault, FAULT_USAGE, "%s: is not the name of a file", shown);
}

static int digit(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

/* Percent decoding; false for a sign that is none, and for a NUL. */
static bool decode(const char *from, size_t length, char *path, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++, used++) {
        int high = 0, low = 0;
        bool coded = from[i] == '%';
        if (coded &&
            (i + 2 >= length || (high = digit(from[i + 1])) < 0 || (low = digit(from[i + 2])) < 0))
            return false;
        if (used + 1 >= room)
            return false;
        path[used] = coded ? (char)(high << 4 | low) : from[i];
        if (!path[used])
            return false;
        i += coded ? 2 : 0;
    }
    path[used] = 0;
    return true;
}

static bool is_here(const char *host, size_t length)
{
    struct utsname name;
    const char *own = uname(&name) ? "" : name.nodename;
    size_t first = strcspn(own, ".");
    return length == 0 || (length == 9 && !strncasecmp(host, "localhost", 9)) ||
           (*own && (length == strlen(own) || length == first) && !strncasecmp(host, own, length));
}

/* What follows "file:". */
static bool read_uri(const char *line, size_t length, const char *rest, char *path, size_t room,
                     struct fault *fault)
{
    const char *end = line + length;
    if (end - rest >= 2 && rest[0] == '/' && rest[1] == '/') {
        const char *host = rest += 2;
        while (rest < end && *rest != '/')
            rest++;
        if (!is_here(host, (size_t)(rest - host)))
            return refuse(line, length, true, fault);
    }
    if (rest == end || *rest != '/' || !decode(rest, (size_t)(end - rest), path, room))
        return refuse(line, length, false, fault);
    return true;
}

bool uris_path(const char *line, size_t length, bool list, char *path, size_t room,
               struct fault *fault)
{
    static const char scheme[] = "file:";
    size_t letters = sizeof scheme - 1;
    if (length >= letters && !strncasecmp(line, scheme, letters)) {
        if (!read_uri(line, length, line + letters, path, room, fault))
            return false;
    } else if (list || length >= room) {
        return refuse(line, length, false, fault);
    } else {
        memcpy(path, line, length);
        path[length] = 0;
    }
    for (const char *at = path; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return refuse(line, length, false, fault);
    return true;
}
