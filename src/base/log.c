/* Log topics: see base/log.h. */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const names[LOG_TOPICS] = {"worker", "tiles", "frame", "x11", "command"};
static bool wanted[LOG_TOPICS];
static log_sink *current_sink;

static bool listed(const char *topics, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = topics; *at; at += strcspn(at, ","), at += *at == ',')
        if ((strcspn(at, ",") == length && !strncmp(at, name, length)) || !strncmp(at, "all", 3))
            return true;
    return false;
}

void log_setup(const char *topics, log_sink *sink)
{
    current_sink = sink;
    for (int i = 0; i < LOG_TOPICS; i++)
        wanted[i] = topics && sink && listed(topics, names[i]);
}

void log_line(enum log_topic topic, const char *format, ...)
{
    if (!wanted[topic])
        return;
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    current_sink(names[topic], line);
}
