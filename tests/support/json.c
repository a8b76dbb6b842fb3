/* A judge of JSON: see json.h. */
#include "support/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 300 };

static const char *value(const char *at);

static const char *blanks(const char *at)
{
    return at ? at + strspn(at, " \t\r\n") : NULL;
}

static const char *expect(const char *at, char letter)
{
    at = blanks(at);
    return at && *at == letter ? at + 1 : NULL;
}

static const char *escape(const char *at)
{
    if (*at != 'u')
        return *at && strchr("\"\\/bfnrt", *at) ? at + 1 : NULL;
    for (int i = 1; i <= 4; i++)
        if (!isxdigit((unsigned char)at[i]))
            return NULL;
    return at + 5;
}

static const char *string(const char *at)
{
    at = expect(at, '"');
    while (at && *at != '"') {
        if ((unsigned char)*at < 32)
            return NULL;
        at = *at == '\\' ? escape(at + 1) : at + 1;
    }
    return at ? at + 1 : NULL;
}

static bool is_new(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        size_t length = (size_t)(string(names[i]) - names[i]);
        if (!strncmp(names[i], name, length))
            return false;
    }
    return true;
}

static const char *members(const char *at, bool named, char last)
{
    const char *names[NAMES];
    int count = 0;
    if (expect(at, last))
        return expect(at, last);
    for (;;) {
        const char *name = blanks(at);
        if (named) {
            at = expect(string(name), ':');
            if (!at || count == NAMES || !is_new(names, count, name))
                return NULL;
            names[count++] = name;
        }
        at = value(at);
        if (!expect(at, ','))
            return expect(at, last);
        at = expect(at, ',');
    }
}

static const char *number(const char *at)
{
    const char *digits = at + (*at == '-');
    char *end;
    if (!isdigit((unsigned char)*digits) || (*digits == '0' && isdigit((unsigned char)digits[1])))
        return NULL;
    strtod(at, &end);
    return end;
}

static const char *value(const char *at)
{
    static const char *const words[] = {"true", "false", "null"};
    at = blanks(at);
    if (!at)
        return NULL;
    if (*at == '{' || *at == '[')
        return members(at + 1, *at == '{', *at == '{' ? '}' : ']');
    if (*at == '"')
        return string(at);
    for (int i = 0; i < 3; i++)
        if (!strncmp(at, words[i], strlen(words[i])))
            return at + strlen(words[i]);
    return number(at);
}

bool json_sound(const char *text)
{
    const char *end = blanks(value(text));
    return end && !*end;
}
