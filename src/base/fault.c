/* Faults: see base/fault.h. Owns nothing. */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
{
    if (!fault)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fault->kind = kind;
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return false;
}

bool fault_errno(struct fault *fault, int err, const char *format, ...)
{
    if (!fault)
        return false;
    va_list arguments;
    va_start(arguments, format);
    fault->kind = FAULT_FILE;
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(fault->text);
    snprintf(fault->text + used, sizeof fault->text - used, ": %s", strerror(err));
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
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    size_t used = strlen(fault->text);
    snprintf(fault->text + used, sizeof fault->text - used, ": %s", rest);
    return false;
}
