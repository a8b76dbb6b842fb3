/* The entries of the command table's rows: see ui/menu.h. Owns nothing. */
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "menu_parts.h"
#include "ui/text.h"

static const char *read_marks(const char *at, struct menu_item *item)
{
    for (;; at++) {
        if (*at == '(')
            item->mark = MENU_RADIO;
        else if (*at == '[')
            item->mark = MENU_TOGGLE;
        else if (*at == '*')
            item->tool = true;
        else if (*at == '-')
            item->line_before = true;
        else
            return at;
    }
}

int menu_label(const char *text, size_t length, char label[MENU_LABEL])
{
    size_t used = 0;
    int mnemonic = -1;
    for (size_t i = 0; i < length && used + 1 < MENU_LABEL; i++) {
        if (text[i] == '_' && mnemonic < 0)
            mnemonic = (int)used;
        else
            label[used++] = text[i];
    }
    label[used] = 0;
    return mnemonic;
}

/* Of the same entry in another language the label counts alone. */
static void read_label(const char *at, struct menu_item *item)
{
    struct menu_item ignored;
    const char *label = read_marks(at, &ignored);
    item->mnemonic = menu_label(label, strcspn(label, ":|"), item->label);
}

static void read_item(const struct command *command, const char *at, size_t length,
                      const char *shown, struct menu_item *item)
{
    *item = (struct menu_item){.command = command};
    const char *label = read_marks(at, item);
    length -= (size_t)(label - at);
    size_t name = strcspn(label, ":|");
    const char *argument = name < length ? label + name + 1 : "";
    int argument_length = name < length ? (int)(length - name - 1) : 0;
    read_label(*shown ? shown : at, item);
    snprintf(item->script, sizeof item->script, "%s%s%.*s", command->name,
             argument_length ? " " : "", argument_length, argument);
}

int menu_items(const struct command *command, struct menu_item *items, int room)
{
    int count = 0;
    const char *at = command->items ? command->items : "";
    const char *shown = *at ? _(at) : at;
    while (*at && count < room) {
        size_t length = strcspn(at, "|"), shown_length = strcspn(shown, "|");
        read_item(command, at, length, shown, &items[count++]);
        at += length + (at[length] == '|');
        shown += shown_length + (shown[shown_length] == '|');
    }
    return count;
}
