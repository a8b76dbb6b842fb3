/* XML in small pieces and little memory, where the program was built with expat. Private to
 * src/source. */
#ifndef SOURCE_XML_H
#define SOURCE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

enum {
    XML_BYTES_MAX = 4 << 20,  /* of a text that is read; a longer one is refused */
    XML_MEMORY_MAX = 1 << 20, /* bytes held meanwhile */
    XML_DEPTH_MAX = 64,
};

/* Where the text comes from: puts at most `room` bytes in `text`; 0 = that was all. */
struct xml_text {
    size_t (*read)(struct xml_text *text, char *to, size_t room);
};

/* Where it goes. Names of elements and attributes come without their prefixes; attributes are names
 * and values in turn, NULL at the end. Texts may come in pieces, in UTF-8, not terminated. */
struct xml_sink {
    void (*begin)(struct xml_sink *sink, const char *element, const char *const *attributes);
    void (*text)(struct xml_sink *sink, const char *text, size_t length);
    void (*end)(struct xml_sink *sink, const char *element);
};

/* True when the program can read XML. */
bool xml_available(void);

/* False with a fault when the text is not well-formed, breaks a limit or has a document type (so
 * that no entities are declared). What came before has reached the sink all the same. */
bool xml_parse(struct xml_text *text, struct xml_sink *sink, struct fault *fault);

/* The value of an attribute; NULL when it is missing. */
const char *xml_attribute(const char *const *attributes, const char *name);

/* The same as a number. False when it is missing or none. */
bool xml_number(const char *const *attributes, const char *name, double *number);

/* True when the attribute is missing (then *number stays) or a whole number from least to most. */
bool xml_whole(const char *const *attributes, const char *name, int least, int most, int *number);

#endif
