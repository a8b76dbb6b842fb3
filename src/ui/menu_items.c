/* The entries of the command table's rows: see ui/menu.h. Owns nothing. */
#include <stdio.h>
#include <string.h>

#include "ui/menu.h"
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

static void read_label(const char *at, size_t length, struct menu_item *item)
{
    size_t used = 0;
    item->mnemonic = -1;
    for (size_t i = 0; i < length && used + 1 < sizeof item->label; i++) {
        if (at[i] == '_' && item->mnemonic < 0)
            item->mnemonic = (int)used;
        else
            item->label[used++] = at[i];
    }
    item->label[used] = 0;
}

static void read_item(const struct command *command, const char *at, size_t length,
                      struct menu_item *item)
{
    *item = (struct menu_item){.command = command};
    const char *label = read_marks(at, item);
    length -= (size_t)(label - at);
    size_t name = strcspn(label, ":|");
    const char *argument = name < length ? label + name + 1 : "";
    int argument_length = name < length ? (int)(length - name - 1) : 0;
    read_label(label, name, item);
    snprintf(item->script, sizeof item->script, "%s%s%.*s", command->name,
             argument_length ? " " : "", argument_length, argument);
}

int menu_items(const struct command *command, struct menu_item *items, int room)
{
    int count = 0;
    const char *at = command->items ? command->items : "";
    while (*at && count < room) {
        size_t length = strcspn(at, "|");
        read_item(command, at, length, &items[count++]);
        at += length + (at[length] == '|');
    }
    return count;
}
