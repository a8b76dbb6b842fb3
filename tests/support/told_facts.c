/* Facts as lines: see told_facts.h. */
#include "support/told_facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *text, size_t room)
{
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return strlen(text) < room;
}

__attribute__((format(printf, 3, 4))) static void take(struct fact_sink *sink, const char *name,
                                                       const char *format, ...)
{
    struct told_facts *told = (struct told_facts *)sink;
    char text[2 * FACT_TEXT];
    size_t had = strlen(told->lines);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    told->wrong += !is_plain(name, FACT_NAME) || !is_plain(text, FACT_TEXT) || !text[0];
    snprintf(told->lines + had, sizeof told->lines - had, "%s: %s\n", name, text);
}

void told_init(struct told_facts *told)
{
    told->sink.fact = take;
    told->lines[0] = 0;
    told->wrong = 0;
}

bool told_line(const struct told_facts *told, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = told->lines; (at = strstr(at, line)); at++)
        if ((at == told->lines || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}
