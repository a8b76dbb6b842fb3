/* Values that options and commands take: see values.h. */
#include "values.h"

#include "tone/window.h"

#include "cine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number at the start of text; returns where it ends, NULL when there is none or it is not
 * finite. */
static const char *leading_number(const char *text, double *number)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || !isfinite(value))
        return NULL;
    *number = value;
    return end;
}

bool value_number(const char *text, double *number)
{
    double value;
    const char *end = leading_number(text, &value);
    if (!end || *end)
        return false;
    *number = value;
    return true;
}

bool value_integer(const char *text, int64_t least, int64_t most, int64_t *integer)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < least || value > most)
        return false;
    *integer = value;
    return true;
}

bool value_pair(const char *text, double *first, double *second)
{
    double x, y;
    const char *end = leading_number(text, &x);
    if (!end || *end != ',' || !value_number(end + 1, &y))
        return false;
    *first = x;
    *second = y;
    return true;
}

bool value_size(const char *text, int *width, int *height)
{
    char *end;
    long w = strtol(text, &end, 10);
    if (end == text || *end != 'x')
        return false;
    const char *second = end + 1;
    long h = strtol(second, &end, 10);
    if (end == second || *end || w < 1 || h < 1 || w > 1000000 || h > 1000000)
        return false;
    *width = (int)w;
    *height = (int)h;
    return true;
}

bool value_bytes(const char *text, size_t *bytes)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"", 1},          {"K", 1024},    {"KiB", 1024},   {"M", 1 << 20},
                 {"MiB", 1 << 20}, {"G", 1 << 30}, {"GiB", 1 << 30}};
    double value;
    const char *end = leading_number(text, &value);
    for (size_t i = 0; end && i < sizeof units / sizeof *units; i++) {
        double total = value * units[i].factor;
        if (strcmp(end, units[i].suffix) || !(total >= 1 && total < 2.0 * (double)(SIZE_MAX / 2)))
            continue;
        *bytes = (size_t)total;
        return true;
    }
    return false;
}

bool value_area(const char *text, struct area *area)
{
    char place[64], *size;
    double x, y;
    int width, height;
    if (strlen(text) >= sizeof place)
        return false;
    memcpy(place, text, strlen(text) + 1);
    size = strrchr(place, ',');
    if (!size)
        return false;
    *size++ = 0;
    if (!value_pair(place, &x, &y) || !value_size(size, &width, &height) || x < 0 || y < 0 ||
        x > INT32_MAX || y > INT32_MAX || x != (double)(int64_t)x || y != (double)(int64_t)y)
        return false;
    *area = (struct area){(int64_t)x, (int64_t)y, width, height};
    return true;
}

bool value_gamma(const char *text, double *power)
{
    double number;
    if (!value_number(text, &number) || number < WINDOW_GAMMA_LEAST || number > WINDOW_GAMMA_MOST)
        return false;
    *power = number;
    return true;
}

bool value_window(const char *text, unsigned long *window)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 0);
    if (end == text || *end || errno || *text == '-' || value == 0 || value > UINT32_MAX)
        return false;
    *window = value;
    return true;
}

bool value_turns(const char *text, int *turns)
{
    int64_t degrees;
    if (!value_integer(text, 0, 270, &degrees) || degrees % 90)
        return false;
    *turns = (int)(degrees / 90);
    return true;
}

bool value_rate(const char *text, double *rate)
{
    double value;
    if (!value_number(text, &value) || value < 0.1 || value > CINE_RATE_MOST)
        return false;
    *rate = value;
    return true;
}

const char *const switches[] = {"off", "on", NULL};

bool value_choice(const char *text, const char *const *words, int *choice)
{
    for (int i = 0; words[i]; i++)
        if (!strcmp(text, words[i])) {
            *choice = i;
            return true;
        }
    return false;
}

bool value_zoom(const char *text, enum view_mode *mode, double *zoom)
{
    double value;
    if (!strcmp(text, "fit") || !strcmp(text, "fill")) {
        *mode = text[2] == 't' ? VIEW_FIT : VIEW_FILL;
        return true;
    }
    const char *end = leading_number(text, &value);
    if (end && !strcmp(end, "%"))
        value /= 100;
    else if (!end || *end)
        return false;
    if (!(value > 0))
        return false;
    *mode = VIEW_FREE;
    *zoom = value;
    return true;
}

void number_text(double number, char text[NUMBER_TEXT])
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

void bytes_text(size_t bytes, char *text, size_t room)
{
    if (bytes < 1024)
        snprintf(text, room, "%zu B", bytes);
    else if (bytes < 1024 * 1024)
        snprintf(text, room, "%.1f KiB", (double)bytes / 1024);
    else if (bytes < (size_t)1024 * 1024 * 1024)
        snprintf(text, room, "%.1f MiB", (double)bytes / (1024 * 1024));
    else
        snprintf(text, room, "%.1f GiB", (double)bytes / (1024.0 * 1024 * 1024));
}
