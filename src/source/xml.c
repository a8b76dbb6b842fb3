/* XML: see source/xml.h. expat does the reading; what it may take up of memory is counted here.
 * Knows no vocabulary. */
#include "source/xml.h"

#include <math.h>
#include <string.h>

#include "base/ledger.h"
#include "config.h"
#include "source/words.h"

static const char *without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (!strcmp(without_prefix(attributes[0]), name))
            return attributes[1];
    return NULL;
}

bool xml_number(const char *const *attributes, const char *name, double *number)
{
    const char *value = xml_attribute(attributes, name);
    return value && words_number(value, number);
}

bool xml_whole(const char *const *attributes, const char *name, int least, int most, int *number)
{
    double value;
    if (!xml_attribute(attributes, name))
        return true;
    if (!xml_number(attributes, name, &value) || value < least || value > most ||
        value != floor(value))
        return false;
    *number = (int)value;
    return true;
}

#ifdef HAVE_EXPAT

#include <expat.h>

enum { CHUNK = 16 << 10, HEADER = 64 /* keeps the alignment of the ledger's blocks */ };

struct reading {
    struct xml_sink *sink;
    XML_Parser parser;
    int depth;
    bool declared; /* a document type, or too deep */
};

/* expat's procedures for memory know no context; decoders are of one thread. */
static size_t held;

static void *obtain(size_t bytes)
{
    if (bytes > XML_MEMORY_MAX || held + bytes > XML_MEMORY_MAX)
        return NULL;
    size_t *block = ledger_alloc(LEDGER_SOURCE, HEADER + bytes, NULL);
    if (!block)
        return NULL;
    *block = bytes;
    held += bytes;
    return (char *)block + HEADER;
}

static void give_back(void *memory)
{
    if (!memory)
        return;
    size_t *block = (size_t *)(void *)((char *)memory - HEADER);
    held -= *block;
    ledger_free(LEDGER_SOURCE, block, HEADER + *block);
}

static void *enlarge(void *memory, size_t bytes)
{
    void *more = obtain(bytes);
    if (!more || !memory)
        return more;
    size_t had = *(size_t *)(void *)((char *)memory - HEADER);
    memcpy(more, memory, had < bytes ? had : bytes);
    give_back(memory);
    return more;
}

static void stop(struct reading *reading)
{
    reading->declared = true;
    XML_StopParser(reading->parser, XML_FALSE);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (++reading->depth > XML_DEPTH_MAX)
        stop(reading);
    else
        reading->sink->begin(reading->sink, without_prefix(name), (const char *const *)attributes);
}

static void on_end(void *context, const char *name)
{
    struct reading *reading = context;
    reading->depth--;
    reading->sink->end(reading->sink, without_prefix(name));
}

static void on_text(void *context, const char *text, int length)
{
    struct reading *reading = context;
    reading->sink->text(reading->sink, text, (size_t)length);
}

static void on_document_type(void *context, const char *name, const char *system,
                             const char *public, int has_internal)
{
    (void)name, (void)system, (void)public, (void)has_internal;
    stop(context);
}

/* Without a salt of ours expat asks the system for one, which a decoder must not. */
static void set_salt(XML_Parser parser)
{
    uintptr_t place = (uintptr_t)parser;
#ifdef HAVE_XML_SETHASHSALT16BYTES
    uint8_t salt[16] = {1};
    memcpy(salt + 1, &place, sizeof place);
    XML_SetHashSalt16Bytes(parser, salt);
#else
    XML_SetHashSalt(parser, (unsigned long)place | 1);
#endif
}

static unsigned long line_number(XML_Parser parser)
{
#ifdef HAVE_XML_GETCURRENTLINENUMBER64
    return (unsigned long)XML_GetCurrentLineNumber64(parser);
#else
    return (unsigned long)XML_GetCurrentLineNumber(parser);
#endif
}

static XML_Parser new_parser(struct reading *reading)
{
    static const XML_Memory_Handling_Suite memory = {obtain, enlarge, give_back};
    XML_Parser parser = XML_ParserCreate_MM(NULL, &memory, NULL);
    if (!parser)
        return NULL;
    set_salt(parser);
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_document_type);
    return parser;
}

static bool feed(struct reading *reading, struct xml_text *text, struct fault *fault)
{
    size_t total = 0, got;
    enum XML_Status status;
    do {
        char *chunk = XML_GetBuffer(reading->parser, CHUNK);
        if (!chunk)
            return fault_set(fault, FAULT_MEMORY, "XML whose parts are too long");
        got = text->read(text, chunk, CHUNK);
        total += got;
        if (total > XML_BYTES_MAX)
            return fault_set(fault, FAULT_UNSUPPORTED, "XML of more than %d MiB",
                             XML_BYTES_MAX >> 20);
        status = XML_ParseBuffer(reading->parser, (int)got, got == 0);
    } while (got && status == XML_STATUS_OK);
    if (reading->declared)
        return fault_set(fault, FAULT_FORMAT, "XML with a document type, or too deep");
    if (status != XML_STATUS_OK)
        return fault_set(fault, FAULT_FORMAT, "broken XML (line %lu: %s)",
                         line_number(reading->parser),
                         XML_ErrorString(XML_GetErrorCode(reading->parser)));
    return true;
}

bool xml_available(void)
{
    return true;
}

bool xml_parse(struct xml_text *text, struct xml_sink *sink, struct fault *fault)
{
    struct reading reading = {.sink = sink};
    reading.parser = new_parser(&reading);
    if (!reading.parser)
        return fault_set(fault, FAULT_MEMORY, "no memory to read XML");
    bool fine = feed(&reading, text, fault);
    XML_ParserFree(reading.parser);
    return fine;
}

#else

bool xml_available(void)
{
    return false;
}

bool xml_parse(struct xml_text *text, struct xml_sink *sink, struct fault *fault)
{
    (void)text, (void)sink;
    return fault_set(fault, FAULT_UNSUPPORTED, "XML, and this program was built without expat");
}

#endif
