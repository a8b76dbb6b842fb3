/* Texts for JSON: see json.h. */
#include "json.h"

#include <stdbool.h>
#include <stdio.h>

/* Bytes of the UTF-8 sequence at text; 0 when it is none. */
static int utf8_length(const unsigned char *text)
{
    static const struct {
        unsigned char least, most; /* of the first byte */
        unsigned char second_least, second_most;
        int length;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        bool good = text[0] >= forms[i].least && text[0] <= forms[i].most;
        if (good && forms[i].length > 1)
            good = text[1] >= forms[i].second_least && text[1] <= forms[i].second_most;
        for (int j = 2; good && j < forms[i].length; j++)
            good = (text[j] & 0xc0) == 0x80;
        if (good)
            return forms[i].length;
    }
    return 0;
}

void json_string(const char *text, void (*put)(void *context, const char *bytes, size_t count),
                 void *context)
{
    const unsigned char *at = (const unsigned char *)text;
    put(context, "\"", 1);
    while (*at) {
        char letter[8];
        int length = utf8_length(at), used = 0;
        if (*at == '"' || *at == '\\')
            used = snprintf(letter, sizeof letter, "\\%c", *at);
        else if (*at < 32 || *at == 127)
            used = snprintf(letter, sizeof letter, "\\u%04x", *at);
        else if (length == 0)
            used = snprintf(letter, sizeof letter, "\\ufffd");
        else
            used = snprintf(letter, sizeof letter, "%.*s", length, (const char *)at);
        put(context, letter, (size_t)used);
        at += length ? length : 1;
    }
    put(context, "\"", 1);
}
