/* XML that tests keep in a string, given piece by piece. */
#ifndef SUPPORT_XML_STRING_H
#define SUPPORT_XML_STRING_H

#include <string.h>

#include "source/xml.h"

struct xml_string {
    struct xml_text text; /* first */
    const char *at;
    size_t left, piece; /* bytes that are still to come, and that come at once */
};

static inline size_t xml_string_read(struct xml_text *text, char *to, size_t room)
{
    struct xml_string *string = (struct xml_string *)text;
    size_t bytes = string->left < string->piece ? string->left : string->piece;
    bytes = bytes < room ? bytes : room;
    memcpy(to, string->at, bytes);
    string->at += bytes;
    string->left -= bytes;
    return bytes;
}

static inline struct xml_string xml_string(const char *text, size_t piece)
{
    return (struct xml_string){{xml_string_read}, text, strlen(text), piece};
}

#endif
