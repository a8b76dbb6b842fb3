/* The file selection box's behaviour: see ui/filebox.h; what it looks like is filebox_draw.c's. */
#include "ui/filebox.h"

#include <string.h>

#include "ui/text.h"

void filebox_init(struct filebox *box, const char *(*folder)(const void *context, int row),
                  const char *(*file)(const void *context, int row), const void *context)
{
    *box = (struct filebox){.focus = FILEBOX_FILES, .armed = -1, .held = -1};
    box->drawn.armed = -1;
    listbox_init(&box->folders, folder, context);
    listbox_init(&box->files, file, context);
}

void filebox_set_filter(struct filebox *box, const char *text)
{
    textfield_set(&box->filter, text);
    box->fields_changed = true;
}

void filebox_set_selection(struct filebox *box, const char *text)
{
    textfield_set(&box->selection, text);
    box->fields_changed = true;
}

void filebox_set_note(struct filebox *box, const char *text)
{
    text_plain(box->note, sizeof box->note, text);
}

void filebox_set_picture(struct filebox *box, const uint8_t *levels, const char *caption)
{
    box->picture = levels;
    text_plain(box->caption, sizeof box->caption, caption);
}

static struct textfield *field_of(struct filebox *box, int spot)
{
    return spot == FILEBOX_FILTER      ? &box->filter
           : spot == FILEBOX_SELECTION ? &box->selection
                                       : NULL;
}

static struct listbox *list_of(struct filebox *box, int spot)
{
    return spot == FILEBOX_FOLDERS ? &box->folders : spot == FILEBOX_FILES ? &box->files : NULL;
}

void filebox_paste(struct filebox *box, const char *text)
{
    struct textfield *field = field_of(box, (int)box->focus);
    text += strspn(text, "\r\n");
    if (field)
        textfield_insert(field, text, strcspn(text, "\r\n"));
    box->fields_changed = true;
}

size_t filebox_copy(struct filebox *box, char *text, size_t room)
{
    const char *from = "";
    const struct textfield *field = field_of(box, (int)box->focus);
    size_t length = field ? textfield_selected(field, &from) : 0;
    if (field && !length)
        length = strlen(from = field->text);
    length = length < room ? length : room - 1;
    memcpy(text, from, length);
    text[length] = 0;
    return length;
}

bool filebox_repeats(const struct filebox *box)
{
    return listbox_repeats(&box->folders) || listbox_repeats(&box->files);
}

bool filebox_again(struct filebox *box, struct canvas *canvas)
{
    bool folders = listbox_repeats(&box->folders);
    return listbox_again(folders ? &box->folders : &box->files, canvas,
                         filebox_spot(canvas, folders ? FILEBOX_FOLDERS : FILEBOX_FILES));
}

static bool is_button(int spot)
{
    return spot >= FILEBOX_OK && spot <= FILEBOX_CANCEL;
}

/* What Return does with the focus there, and a click on a button. */
static enum filebox_answer activate(const struct filebox *box, int spot)
{
    switch (spot) {
    case FILEBOX_FILTER:
    case FILEBOX_APPLY:
        return FILEBOX_FILTERED;
    case FILEBOX_FOLDERS:
        return box->folders.row >= 0 ? FILEBOX_ENTERED : FILEBOX_TOOK;
    case FILEBOX_FILES:
    case FILEBOX_SELECTION:
    case FILEBOX_OK:
        return box->selection.text[0] ? FILEBOX_OPENED : FILEBOX_TOOK;
    case FILEBOX_CANCEL:
        return FILEBOX_CLOSED;
    }
    return FILEBOX_TOOK;
}

/* A list's answer, in terms of the box. */
static enum filebox_answer told(const struct filebox *box, int spot, enum listbox_answer answer)
{
    switch (answer) {
    case LISTBOX_NOT_MINE:
        return FILEBOX_NOT_MINE;
    case LISTBOX_TOOK:
        return FILEBOX_TOOK;
    case LISTBOX_CHOSE:
        return spot == FILEBOX_FILES ? FILEBOX_CHOSE : FILEBOX_CHANGED;
    case LISTBOX_ACTED:
        return activate(box, spot);
    case LISTBOX_CHANGED:
        break;
    }
    return FILEBOX_CHANGED;
}

/* ---- keys ---- */

static enum filebox_answer share_key(const struct input *input)
{
    static const struct {
        unsigned modifiers;
        const char *key;
        enum filebox_answer answer;
    } keys[] = {{MODIFIER_CONTROL, "v", FILEBOX_PASTED},
                {MODIFIER_SHIFT, "Insert", FILEBOX_PASTED},
                {MODIFIER_CONTROL, "c", FILEBOX_COPIED},
                {MODIFIER_CONTROL, "Insert", FILEBOX_COPIED}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (input->modifiers == keys[i].modifiers && !strcmp(input->key, keys[i].key))
            return keys[i].answer;
    return FILEBOX_NOT_MINE;
}

/* A list that gets the keyboard has a row for it. */
static enum filebox_answer go_on(struct filebox *box, struct canvas *canvas, int step)
{
    int spot = (int)box->focus;
    do
        spot = (spot + step + FILEBOX_SPOTS) % FILEBOX_SPOTS;
    while (rect_empty(filebox_spot(canvas, (enum filebox_spot)spot)) && spot != (int)box->focus);
    box->focus = (enum filebox_spot)spot;
    return FILEBOX_CHANGED;
}

static enum filebox_answer key(struct filebox *box, const struct input *input,
                               struct canvas *canvas)
{
    struct textfield *field = field_of(box, (int)box->focus);
    struct listbox *list = list_of(box, (int)box->focus);
    if (!strcmp(input->key, "Escape"))
        return FILEBOX_CLOSED;
    if (!strcmp(input->key, "Tab"))
        return go_on(box, canvas, input->modifiers & MODIFIER_SHIFT ? -1 : 1);
    if (!strcmp(input->key, "Return"))
        return activate(box, (int)box->focus);
    if (field && share_key(input) != FILEBOX_NOT_MINE)
        return share_key(input);
    if (field && textfield_key(field, input)) {
        box->fields_changed = true;
        return FILEBOX_CHANGED;
    }
    if (list && !strcmp(input->key, "BackSpace"))
        return FILEBOX_UP;
    if (list)
        return told(box, (int)box->focus,
                    listbox_input(list, canvas, filebox_spot(canvas, box->focus), input));
    if (is_button((int)box->focus) && !strcmp(input->key, "space"))
        return activate(box, (int)box->focus);
    return FILEBOX_NOT_MINE;
}

/* ---- the mouse ---- */

static int spot_at(struct canvas *canvas, int x, int y)
{
    for (int i = 0; i < FILEBOX_SPOTS; i++)
        if (rect_holds(filebox_spot(canvas, (enum filebox_spot)i), x, y))
            return i;
    return -1;
}

static enum filebox_answer to_list(struct filebox *box, int spot, const struct input *input,
                                   struct canvas *canvas)
{
    struct rect rect = filebox_spot(canvas, (enum filebox_spot)spot);
    return told(box, spot, listbox_input(list_of(box, spot), canvas, rect, input));
}

static enum filebox_answer press(struct filebox *box, const struct input *input,
                                 struct canvas *canvas)
{
    int spot = spot_at(canvas, input->x, input->y);
    struct textfield *field = field_of(box, spot);
    if (spot < 0)
        return FILEBOX_TOOK;
    if (list_of(box, spot)) {
        if (input->button == 1) {
            box->held = spot;
            box->focus = (enum filebox_spot)spot;
        }
        enum filebox_answer answer = to_list(box, spot, input, canvas);
        return answer == FILEBOX_TOOK ? FILEBOX_CHANGED : answer;
    }
    if (input->button != 1 && (input->button != 2 || !field))
        return FILEBOX_TOOK;
    if (is_button(spot)) {
        box->armed = spot;
        box->inside = true;
        return FILEBOX_CHANGED;
    }
    box->focus = (enum filebox_spot)spot;
    box->fields_changed = true;
    textfield_press(field, canvas, filebox_spot(canvas, (enum filebox_spot)spot), input);
    box->marking = input->button == 1;
    return input->button == 2 ? FILEBOX_PASTED_CLICK : FILEBOX_CHANGED;
}

static enum filebox_answer move(struct filebox *box, const struct input *input,
                                struct canvas *canvas)
{
    if (box->held >= 0)
        return to_list(box, box->held, input, canvas);
    if (box->marking) {
        textfield_drag(field_of(box, (int)box->focus), canvas, filebox_spot(canvas, box->focus),
                       input->x);
        box->fields_changed = true;
        return FILEBOX_CHANGED;
    }
    bool inside = box->armed >= 0 && spot_at(canvas, input->x, input->y) == box->armed;
    bool changed = inside != box->inside;
    box->inside = inside;
    return changed ? FILEBOX_CHANGED : FILEBOX_TOOK;
}

static enum filebox_answer release(struct filebox *box, const struct input *input,
                                   struct canvas *canvas)
{
    int held = box->held, armed = box->armed;
    box->held = box->armed = -1;
    box->marking = false;
    if (held >= 0)
        return to_list(box, held, input, canvas);
    if (armed >= 0 && spot_at(canvas, input->x, input->y) == armed)
        return activate(box, armed);
    return FILEBOX_CHANGED;
}

enum filebox_answer filebox_input(struct filebox *box, const struct input *input,
                                  struct canvas *canvas)
{
    switch (input->kind) {
    case INPUT_KEY:
        return key(box, input, canvas);
    case INPUT_PRESS:
        return press(box, input, canvas);
    case INPUT_MOTION:
        return move(box, input, canvas);
    case INPUT_RELEASE:
        return input->button == 1 ? release(box, input, canvas) : FILEBOX_TOOK;
    case INPUT_LEAVE:
        break;
    }
    return FILEBOX_NOT_MINE;
}
