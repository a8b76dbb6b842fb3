/* Faults: see base/fault.h. Owns nothing. */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"

__attribute__((format(printf, 3, 0))) static void fill(struct fault *fault, enum fault_kind kind,
                                                       const char *format, va_list arguments)
{
    fault->kind = kind;
    vsnprintf(fault->text, sizeof fault->text, language_text(format), arguments);
    language_whole(fault->text);
}

bool fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
{
    if (!fault)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fill(fault, kind, format, arguments);
    va_end(arguments);
    return false;
}

bool fault_errno(struct fault *fault, int err, const char *format, ...)
{
    if (!fault)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fill(fault, FAULT_FILE, format, arguments);
    va_end(arguments);
    size_t used = strlen(fault->text);
    snprintf(fault->text + used, sizeof fault->text - used, ": %s", strerror(err));
    language_whole(fault->text);
    return false;
}

bool fault_context(struct fault *fault, const char *format, ...)
{
    if (!fault)
        return false;
    char rest[FAULT_TEXT];
    memcpy(rest, fault->text, sizeof rest);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, language_text(format), arguments);
    va_end(arguments);
    size_t used = strlen(fault->text);
    snprintf(fault->text + used, sizeof fault->text - used, ": %s", rest);
    language_whole(fault->text);
    return false;
}
