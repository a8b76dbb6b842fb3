/* Texts for widgets: counting characters, cutting, wrapping. Owns nothing and draws nothing; it
 * asks a canvas only for widths. */
#include "ui/text.h"

#include <stdio.h>
#include <string.h>

#include "ui/statusline.h"

/* How many bytes a UTF-8 lead byte announces; 1 for all else. */
static int announced(unsigned char lead)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

int text_step(const char *text)
{
    if (!*text)
        return 0;
    int bytes = announced((unsigned char)*text);
    for (int i = 1; i < bytes; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 1;
    return bytes;
}

int text_characters(const char *text)
{
    int count = 0;
    for (; *text; text += text_step(text))
        count++;
    return count;
}

static const char *skip(const char *text, int characters)
{
    while (characters-- > 0)
        text += text_step(text);
    return text;
}

void text_copy(char *to, size_t room, const char *text)
{
    size_t used = 0;
    for (int step; (step = text_step(text + used)) && used + (size_t)step < room;)
        used += (size_t)step;
    memcpy(to, text, used);
    to[used] = 0;
}

/* A cut text: `head` bytes of the start, `dots` dots, and `tail`. */
struct cut {
    int head, dots;
    const char *tail;
};

static struct cut cut_to(const char *text, int characters, int most)
{
    if (characters <= most)
        return (struct cut){0, 0, text};
    int kept = most > 3 ? most - 3 : 0;
    int head = (kept + 1) / 2;
    int dots = most > 3 ? 3 : most > 0 ? most : 0;
    const char *tail = skip(text, characters - (kept - head));
    return (struct cut){(int)(skip(text, head) - text), dots, tail};
}

void text_cut_middle(const char *text, int most, char *cut, int room)
{
    if (room < 1)
        return;
    int characters = text_characters(text);
    struct cut to = cut_to(text, characters, most);
    while ((size_t)(to.head + to.dots) + strlen(to.tail) >= (size_t)room)
        to = cut_to(text, characters, most = most > characters ? characters : most - 1);
    snprintf(cut, (size_t)room, "%.*s%.*s%s", to.head, text, to.dots, "...", to.tail);
}

int text_fit(struct canvas *canvas, const char *text, int width, char *cut, size_t room)
{
    text_copy(cut, room, text);
    int wide = canvas_text_width(canvas, cut);
    for (int most = text_characters(cut) - 1; wide > width && most >= 0; most--) {
        text_cut_middle(text, most > 3 ? most : 0, cut, (int)room);
        wide = canvas_text_width(canvas, cut);
    }
    return wide;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Before Chinese letters a line may end without a blank; punctuation stays with what it follows. */
static bool is_ideograph(const char *text)
{
    unsigned char lead = (unsigned char)text[0];
    return lead >= 0xe4 && lead <= 0xe9 && text_step(text) == 3;
}

int text_wrap(struct canvas *canvas, const char *text, int width, const char **next)
{
    int fits = 0;  /* bytes that fit */
    int words = 0; /* bytes up to the end of the last whole word that fits */
    for (int step; (step = text_step(text + fits)); fits += step) {
        if (fits && !is_blank(text[fits - 1]) &&
            (is_blank(text[fits]) || is_ideograph(text + fits)))
            words = fits;
        bool wide = canvas->class->text_width(canvas, text, fits + step) > width;
        if (wide && fits && !is_blank(text[fits]))
            break;
    }
    int length = text[fits] && words ? words : fits;
    const char *rest = text + length;
    while (is_blank(*rest))
        rest++;
    *next = *rest ? rest : NULL;
    while (length && is_blank(text[length - 1]))
        length--;
    return length;
}

void text_plain(char *to, size_t room, const char *text)
{
    text_copy(to, room, text);
    for (int step; (step = text_step(to)); to += step) {
        unsigned char c = (unsigned char)*to;
        if (step == 1 && (c < ' ' || (c >= 0x7f && c < 0xa0)))
            *to = '?';
        else if (step == 2 && c == 0xc2 && (unsigned char)to[1] < 0xa0)
            to[0] = to[1] = '?';
    }
}
