/* Numbers and names in texts: see source/words.h. Knows no format of files. */
#include "source/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool words_number(const char *text, double *number)
{
    text += strspn(text, " \t\r\n");
    const char *digits = text + (*text == '-' || *text == '+');
    digits += *digits == '.';
    if (*digits < '0' || *digits > '9')
        return false;
    /* What C reads and files do not mean: 0x10. */
    *number = digits[0] == '0' && (digits[1] | 32) == 'x' ? 0 : strtod(text, NULL);
    return isfinite(*number);
}

bool words_number_after(const char *text, const char *key, double *number)
{
    const char *found = strstr(text, key);
    return found && words_number(found + strlen(key), number);
}

void words_line_after(const char *text, const char *key, char *line, size_t room)
{
    const char *found = strstr(text, key);
    found = found ? found + strlen(key) : "";
    snprintf(line, room, "%.*s", (int)strcspn(found, "\r\n"), found);
}

/* Letters that units are written with: the micro sign twice, Angstrom's twice. */
static const struct {
    const char *letter;
    char plain;
} letters[] = {{"\xc2\xb5", 'u'}, {"\xce\xbc", 'u'}, {"\xc3\x85", 'A'}, {"\xe2\x84\xab", 'A'}};

/* Bytes of the letter at `text`, and what stands for it. */
static size_t one_letter(const char *text, char *plain)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = 1;
    if (*bytes < 0x80) {
        *plain = *bytes <= ' ' || *bytes == 127 ? ' ' : *text;
        return 1;
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (!strncmp(text, letters[i].letter, strlen(letters[i].letter))) {
            *plain = letters[i].plain;
            return strlen(letters[i].letter);
        }
    *plain = *bytes == 0xb5 ? 'u' : '?'; /* Latin-1's micro sign */
    while (*bytes >= 0xc2 && length < 4 && (bytes[length] & 0xc0) == 0x80)
        length++;
    return length;
}

void words_plain(const char *text, char *plain, size_t room)
{
    size_t length = 0;
    while (*text && length + 1 < room) {
        text += one_letter(text, &plain[length]);
        if (plain[length] != ' ' || (length && plain[length - 1] != ' '))
            length++;
    }
    while (length && plain[length - 1] == ' ')
        length--;
    plain[length] = 0;
}

double words_length_mm(const char *unit)
{
    static const struct {
        const char *name;
        double mm;
    } units[] = {
        {"um", 1e-3},       {"micron", 1e-3},  {"microns", 1e-3},  {"micrometer", 1e-3},
        {"mm", 1},          {"cm", 10},        {"m", 1000},        {"meter", 1000},
        {"metre", 1000},    {"km", 1e6},       {"nm", 1e-6},       {"pm", 1e-9},
        {"inch", 25.4},     {"in", 25.4},      {"ft", 304.8},      {"foot", 304.8},
        {"feet", 304.8},    {"dm", 100},       {"angstrom", 1e-7}, {"A", 1e-7},
        {"millimeter", 1},  {"inches", 25.4},  {"thou", 0.0254},   {"nanometer", 1e-6},
        {"centimeter", 10}, {"li", 25.4 / 12}, {"pixel", 0},       {"micrometre", 1e-3},
        {"metres", 1000},
    };
    char plain[24];
    const char *escape = strstr(unit, "\\u00B5");
    if (escape && escape == unit)
        snprintf(plain, sizeof plain, "u%.20s", unit + 6);
    else
        words_plain(unit, plain, sizeof plain);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(plain, units[i].name))
            return units[i].mm;
    return 0;
}
