/* The text field: see ui/textfield.h. */
#include "ui/textfield.h"

#include <string.h>

#include "ui/gesture.h"
#include "ui/text.h"

enum { SHADOW = 2, PAD = TEXTFIELD_PAD, CARET = 2 };

void textfield_set(struct textfield *field, const char *text)
{
    text_copy(field->text, sizeof field->text, text);
    field->caret = field->mark = (int)strlen(field->text);
    field->pressed = false;
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
    field->caret = field->mark = from;
}

static int first_selected(const struct textfield *field)
{
    return field->mark < field->caret ? field->mark : field->caret;
}

size_t textfield_selected(const struct textfield *field, const char **from)
{
    int first = first_selected(field);
    *from = field->text + first;
    return (size_t)(field->mark + field->caret - 2 * first);
}

/* False: nothing is selected. */
static bool remove_selected(struct textfield *field)
{
    const char *from;
    int first = first_selected(field), length = (int)textfield_selected(field, &from);
    if (length)
        remove_bytes(field, first, first + length);
    return length > 0;
}

void textfield_insert(struct textfield *field, const char *text, size_t more)
{
    const char *from;
    size_t length = strlen(field->text) - textfield_selected(field, &from);
    if (length + more >= sizeof field->text)
        return;
    remove_selected(field);
    memmove(field->text + field->caret + more, field->text + field->caret,
            length - (size_t)field->caret + 1);
    memcpy(field->text + field->caret, text, more);
    field->caret += (int)more;
    field->mark = field->caret;
}

/* Without Shift an arrow leaves what is selected at that side of it. */
static bool move_key(struct textfield *field, const char *key, bool select)
{
    const char *from;
    int length = select ? 0 : (int)textfield_selected(field, &from);
    if (!strcmp(key, "Left"))
        field->caret = length ? first_selected(field) : before(field);
    else if (!strcmp(key, "Right"))
        field->caret = length ? first_selected(field) + length
                              : field->caret + text_step(field->text + field->caret);
    else if (!strcmp(key, "Home"))
        field->caret = 0;
    else if (!strcmp(key, "End"))
        field->caret = (int)strlen(field->text);
    else
        return false;
    field->mark = select ? field->mark : field->caret;
    return true;
}

static bool remove_key(struct textfield *field, const char *key)
{
    bool backwards = !strcmp(key, "BackSpace");
    if (!backwards && strcmp(key, "Delete") != 0)
        return false;
    if (remove_selected(field))
        return true;
    if (backwards)
        remove_bytes(field, before(field), field->caret);
    else
        remove_bytes(field, field->caret, field->caret + text_step(field->text + field->caret));
    return true;
}

bool textfield_key(struct textfield *field, const struct input *input)
{
    if (input->modifiers == MODIFIER_CONTROL && !strcmp(input->key, "u")) {
        remove_bytes(field, 0, field->caret);
        return true;
    }
    if (input->modifiers == MODIFIER_CONTROL && !strcmp(input->key, "a")) {
        field->mark = 0;
        field->caret = (int)strlen(field->text);
        return true;
    }
    if (input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT))
        return false;
    if (move_key(field, input->key, input->modifiers & MODIFIER_SHIFT) ||
        remove_key(field, input->key))
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

/* The bytes before the place x of a field that lies in `rect`. */
static int place_at(const struct textfield *field, struct canvas *canvas, struct rect rect, int x)
{
    char plain[TEXTFIELD_ROOM];
    text_plain(plain, sizeof plain, field->text);
    int first = first_seen(field, canvas, plain, rect.width - 2 * (SHADOW + PAD) - CARET);
    int width = x - rect.x - SHADOW - PAD;
    return first + (width > 0 ? width_seen(canvas, plain + first, width) : 0);
}

static void select_name(struct textfield *field)
{
    int end = field->caret + (int)strcspn(field->text + field->caret, "/");
    while (field->mark > 0 && field->text[field->mark - 1] != '/')
        field->mark--;
    field->caret = end;
}

void textfield_press(struct textfield *field, struct canvas *canvas, struct rect rect,
                     const struct input *input)
{
    bool twice = field->pressed && input->time_ms - field->pressed_ms < GESTURE_DOUBLE_CLICK_MS;
    field->pressed = input->button == 1 && !twice;
    field->pressed_ms = input->time_ms;
    field->caret = place_at(field, canvas, rect, input->x);
    if (!(input->modifiers & MODIFIER_SHIFT))
        field->mark = field->caret;
    if (twice && input->button == 1)
        select_name(field);
}

void textfield_drag(struct textfield *field, struct canvas *canvas, struct rect rect, int x)
{
    int caret = place_at(field, canvas, rect, x);
    field->pressed &= caret == field->caret;
    field->caret = caret;
}

/* What is selected, between the bytes `first` and `last` of those seen from `from` on. */
static void draw_selected(struct canvas *canvas, const char *plain, int from, int first, int last,
                          int x, int baseline)
{
    char part[TEXTFIELD_ROOM];
    if (first >= last)
        return;
    int left = first > from ? canvas->class->text_width(canvas, plain + from, first - from) : 0;
    text_copy(part, sizeof part, plain + first);
    part[last - first] = 0;
    int width = canvas->class->text_width(canvas, part, last - first);
    canvas_fill(canvas, INK_SELECT,
                (struct rect){x + left, baseline - canvas->ascent, width,
                              canvas->ascent + canvas->descent});
    canvas_text(canvas, INK_PRINT, INK_SELECT, x + left, baseline, part);
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
    int from = first_selected(field), until = field->mark + field->caret - from;
    draw_selected(canvas, plain, first, from > first ? from : first,
                  until < first + length ? until : first + length, x, top + canvas->ascent);
    if (focus)
        canvas_fill(canvas, INK_PRINT, (struct rect){x + caret, top, CARET, tall});
}
