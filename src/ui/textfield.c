/* The text field: see ui/textfield.h. */
#include "ui/textfield.h"

#include <string.h>

#include "ui/text.h"

enum { SHADOW = 2, PAD = 3, CARET = 2 };

void textfield_set(struct textfield *field, const char *text)
{
    text_copy(field->text, sizeof field->text, text);
    field->caret = (int)strlen(field->text);
}

int textfield_height(const struct canvas *canvas)
{
    return canvas->ascent + canvas->descent + 2 * (SHADOW + PAD);
}

/* The beginning of the character before the caret. */
static int before(const struct textfield *field)
{
    int at = 0;
    for (int step; at < field->caret; at += step) {
        step = text_step(field->text + at);
        if (!step || at + step >= field->caret)
            break;
    }
    return at;
}

static void remove_bytes(struct textfield *field, int from, int to)
{
    memmove(field->text + from, field->text + to, strlen(field->text + to) + 1);
    field->caret = from;
}

void textfield_insert(struct textfield *field, const char *text, size_t more)
{
    size_t length = strlen(field->text);
    if (length + more >= sizeof field->text)
        return;
    memmove(field->text + field->caret + more, field->text + field->caret,
            length - (size_t)field->caret + 1);
    memcpy(field->text + field->caret, text, more);
    field->caret += (int)more;
}

static bool move_key(struct textfield *field, const char *key)
{
    if (!strcmp(key, "Left"))
        field->caret = before(field);
    else if (!strcmp(key, "Right"))
        field->caret += text_step(field->text + field->caret);
    else if (!strcmp(key, "Home"))
        field->caret = 0;
    else if (!strcmp(key, "End"))
        field->caret = (int)strlen(field->text);
    else
        return false;
    return true;
}

static bool remove_key(struct textfield *field, const char *key)
{
    if (!strcmp(key, "BackSpace"))
        remove_bytes(field, before(field), field->caret);
    else if (!strcmp(key, "Delete"))
        remove_bytes(field, field->caret, field->caret + text_step(field->text + field->caret));
    else
        return false;
    return true;
}

bool textfield_key(struct textfield *field, const struct input *input)
{
    if (input->modifiers == MODIFIER_CONTROL && !strcmp(input->key, "u")) {
        remove_bytes(field, 0, field->caret);
        return true;
    }
    if (input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT))
        return false;
    if (move_key(field, input->key) || remove_key(field, input->key))
        return true;
    if (!input->text[0])
        return false;
    textfield_insert(field, input->text, strlen(input->text));
    return true;
}

/* The first byte seen: so much of what is before the caret as fits `width`, and all that fits where
 * the end does not reach the right side. */
static int first_seen(const struct textfield *field, struct canvas *canvas, const char *plain,
                      int width)
{
    int at = 0, until = field->caret;
    while (at < until && canvas->class->text_width(canvas, plain + at, until - at) > width)
        at += text_step(field->text + at);
    return at;
}

static int width_seen(struct canvas *canvas, const char *plain, int width)
{
    int bytes = 0;
    for (int step; (step = text_step(plain + bytes)); bytes += step)
        if (canvas->class->text_width(canvas, plain, bytes + step) > width)
            break;
    return bytes;
}

void textfield_press(struct textfield *field, struct canvas *canvas, struct rect rect, int x)
{
    char plain[TEXTFIELD_ROOM];
    text_plain(plain, sizeof plain, field->text);
    int first = first_seen(field, canvas, plain, rect.width - 2 * (SHADOW + PAD) - CARET);
    int width = x - rect.x - SHADOW - PAD;
    field->caret = first + (width > 0 ? width_seen(canvas, plain + first, width) : 0);
}

void textfield_draw(const struct textfield *field, struct canvas *canvas, struct rect rect,
                    bool focus)
{
    char plain[TEXTFIELD_ROOM];
    struct rect inner = {rect.x + SHADOW, rect.y + SHADOW, rect.width - 2 * SHADOW,
                         rect.height - 2 * SHADOW};
    int room = inner.width - 2 * PAD - CARET, x = inner.x + PAD;
    int tall = canvas->ascent + canvas->descent, top = inner.y + (inner.height - tall) / 2;
    text_plain(plain, sizeof plain, field->text);
    int first = first_seen(field, canvas, plain, room);
    int length = width_seen(canvas, plain + first, room);
    canvas_fill(canvas, INK_PAPER, inner);
    canvas_bevel(canvas, rect, SHADOW, true);
    int before_caret = field->caret - first;
    int caret = before_caret ? canvas->class->text_width(canvas, plain + first, before_caret) : 0;
    plain[first + length] = 0;
    canvas_text(canvas, INK_PRINT, INK_PAPER, x, top + canvas->ascent, plain + first);
    if (focus)
        canvas_fill(canvas, INK_PRINT, (struct rect){x + caret, top, CARET, tall});
}
