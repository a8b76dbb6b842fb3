/* Keys to command scripts: reads keys as people write them, keeps the bindings, and finds and names
 * them. It knows keysyms by X's names only, and nothing of what the scripts do. */
#include "ui/keymap.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/tool.h"

static const struct {
    const char *name;
    unsigned modifier;
} modifiers[] = {{"Ctrl+", MODIFIER_CONTROL}, {"Shift+", MODIFIER_SHIFT}, {"Alt+", MODIFIER_ALT}};

enum { MODIFIERS = sizeof modifiers / sizeof modifiers[0] };

/* Keysym names and what stands on the key. */
static const struct {
    const char *keysym, *shown;
} key_names[] = {
    {"plus", "+"},
    {"minus", "-"},
    {"equal", "="},
    {"question", "?"},
    {"slash", "/"},
    {"backslash", "\\"},
    {"comma", ","},
    {"period", "."},
    {"colon", ":"},
    {"semicolon", ";"},
    {"less", "<"},
    {"greater", ">"},
    {"exclam", "!"},
    {"at", "@"},
    {"numbersign", "#"},
    {"dollar", "$"},
    {"percent", "%"},
    {"asciicircum", "^"},
    {"ampersand", "&"},
    {"asterisk", "*"},
    {"parenleft", "("},
    {"parenright", ")"},
    {"bracketleft", "["},
    {"bracketright", "]"},
    {"braceleft", "{"},
    {"braceright", "}"},
    {"underscore", "_"},
    {"bar", "|"},
    {"asciitilde", "~"},
    {"grave", "`"},
    {"apostrophe", "'"},
    {"quotedbl", "\""},
    {"space", "Space"},
    {"Escape", "Esc"},
    {"Return", "Enter"},
    {"BackSpace", "Backspace"},
    {"Delete", "Del"},
    {"Insert", "Ins"},
    {"Page_Up", "PgUp"},
    {"Prior", "PgUp"},
    {"Page_Down", "PgDn"},
    {"Next", "PgDn"},
    {"KP_Add", "Keypad +"},
    {"KP_Subtract", "Keypad -"},
    {"KP_Multiply", "Keypad *"},
    {"KP_Divide", "Keypad /"},
    {"KP_Enter", "Keypad Enter"},
};

enum { KEY_NAMES = sizeof key_names / sizeof key_names[0] };

static bool is_keysym(const char *name)
{
    size_t length = strlen(name);
    if (!length || length >= sizeof((struct key_binding *)0)->key)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

/* The row of what stands on a key, so that who writes "Esc" or "+" is told of "Escape" or "plus".
 */
static int shown_as(const char *text)
{
    for (int i = 0; i < KEY_NAMES; i++)
        if (!strcmp(text, key_names[i].shown))
            return i;
    return -1;
}

static bool refuse_key(const char *key, const char *rest, struct fault *fault)
{
    int shown = shown_as(rest);
    if (shown >= 0)
        return fault_set(fault, FAULT_USAGE, "'%.60s' is not a key (write %.*s%s)", key,
                         (int)(rest - key), key, key_names[shown].keysym);
    return fault_set(fault, FAULT_USAGE, "'%.60s' is not a key", key);
}

/* What stands behind the modifiers, which come in any order. */
static const char *read_modifiers(const char *rest, unsigned *held)
{
    *held = 0;
    for (int i = 0; i < MODIFIERS; i++) {
        size_t length = strlen(modifiers[i].name);
        if (strncmp(rest, modifiers[i].name, length))
            continue;
        *held |= modifiers[i].modifier;
        rest += length;
        i = -1;
    }
    return rest;
}

/* "Ctrl Shift<Key>o" as "Ctrl+Shift+o". */
static void from_motif(const char *text, char *key, size_t room)
{
    static const char sign[] = "<Key>";
    const char *at = strstr(text, sign);
    size_t used = 0;
    for (const char *from = text; at && from < at && used + 2 < room; from++) {
        bool ends = *from == ' ' ? from > text && from[-1] != ' ' : from + 1 == at;
        if (*from != ' ')
            key[used++] = *from;
        if (ends)
            key[used++] = '+';
    }
    snprintf(key + used, room - used, "%s", at ? at + sizeof sign - 1 : text);
}

static bool read_key(const char *text, struct key_binding *binding, struct fault *fault)
{
    const char *rest = read_modifiers(text, &binding->modifiers);
    if (!is_keysym(rest) || shown_as(rest) >= 0)
        return refuse_key(text, rest, fault);
    memset(binding->key, 0, sizeof binding->key);
    memcpy(binding->key, rest, strlen(rest));
    /* Inputs name a letter as Shift makes it. */
    if (binding->modifiers & MODIFIER_SHIFT && !rest[1])
        binding->key[0] = (char)toupper((unsigned char)rest[0]);
    return true;
}

static int find_binding(const struct keymap *map, unsigned modifiers_held, const char *key)
{
    for (int i = 0; i < map->count; i++)
        if (map->bindings[i].modifiers == modifiers_held && !strcmp(map->bindings[i].key, key))
            return i;
    return -1;
}

bool keymap_bind(struct keymap *map, const char *key, const char *script, struct fault *fault)
{
    struct key_binding binding;
    char plain[64];
    from_motif(key, plain, sizeof plain);
    key = plain;
    if (!read_key(key, &binding, fault))
        return false;
    size_t length = strlen(script);
    if (length >= sizeof binding.script)
        return fault_set(fault, FAULT_USAGE, "the commands for the key %s are longer than %d", key,
                         KEYMAP_SCRIPT - 1);
    memcpy(binding.script, script, length + 1);
    int index = find_binding(map, binding.modifiers, binding.key);
    if (index < 0 && map->count == KEYMAP_BINDINGS)
        return fault_set(fault, FAULT_USAGE, "no room for the key %s: %d are bound", key,
                         KEYMAP_BINDINGS);
    map->bindings[index < 0 ? map->count++ : index] = binding;
    return true;
}

/* ---- buttons ---- */

static bool is_tool(const char *name)
{
    return !strcmp(name, "tool") || !strcmp(name, "none") || tool_find(name);
}

bool keymap_bind_button(struct keymap *map, const char *button, const char *tool,
                        struct fault *fault)
{
    struct button_binding binding;
    const char *rest = read_modifiers(button, &binding.modifiers);
    size_t length = strlen(tool);
    int i = 0;
    if (strncmp(rest, "Button", 6) || rest[6] < '1' || rest[6] > '3' || rest[7])
        return fault_set(fault, FAULT_USAGE, "'%.60s' is not a button (write Button1 to Button3)",
                         button);
    if (!is_tool(tool) || length >= sizeof binding.tool)
        return fault_set(fault, FAULT_USAGE, "'%.60s' is not a tool", tool);
    binding.button = rest[6] - '0';
    memcpy(binding.tool, tool, length + 1);
    while (i < map->button_count && (map->buttons[i].modifiers != binding.modifiers ||
                                     map->buttons[i].button != binding.button))
        i++;
    if (i == KEYMAP_BUTTONS)
        return fault_set(fault, FAULT_USAGE, "no room for the button %s: %d are bound", button,
                         KEYMAP_BUTTONS);
    map->buttons[i] = binding;
    map->button_count += i == map->button_count;
    map->buttons_changed = true;
    return true;
}

const char *keymap_find_tool(const struct keymap *map, const struct input *input)
{
    const char *found = NULL;
    for (int i = 0; i < map->button_count; i++) {
        const struct button_binding *binding = &map->buttons[i];
        if (binding->button != input->button)
            continue;
        if (binding->modifiers == input->modifiers)
            return binding->tool;
        if (!binding->modifiers)
            found = binding->tool;
    }
    return found;
}

/* ---- keys ---- */

/* One word of a command's keys: "KEY" or "KEY:ARGUMENT". */
static bool bind_default(struct keymap *map, const struct command *command, const char *word,
                         size_t length, struct fault *fault)
{
    char key[64], script[KEYMAP_SCRIPT];
    size_t key_length = 0;
    while (key_length < length && word[key_length] != ':')
        key_length++;
    const char *argument = word + key_length + 1;
    int argument_length = key_length < length ? (int)(length - key_length - 1) : 0;
    snprintf(key, sizeof key, "%.*s", (int)key_length, word);
    int needs = snprintf(script, sizeof script, "%s%s%.*s", command->name,
                         argument_length ? " " : "", argument_length, argument);
    if (needs >= KEYMAP_SCRIPT || key_length >= sizeof key)
        return fault_set(fault, FAULT_USAGE, "%s: the default key %.*s is too long", command->name,
                         (int)length, word);
    int before = map->count;
    if (!keymap_bind(map, key, script, fault))
        return fault_context(fault, "%s", command->name);
    if (map->count == before)
        return fault_set(fault, FAULT_USAGE, "%s: the default key %s is bound twice", command->name,
                         key);
    return true;
}

bool keymap_from_commands(struct keymap *map, const struct command *table, struct fault *fault)
{
    static const struct button_binding usual[] = {
        {MODIFIER_CONTROL, 1, "auto-box"}, {0, 1, "tool"}, {0, 2, "pan"}, {0, 3, "zoom"}};
    *map = (struct keymap){.button_count = sizeof usual / sizeof *usual};
    memcpy(map->buttons, usual, sizeof usual);
    for (; table->name; table++) {
        const char *word = table->keys ? table->keys : "";
        for (word += strspn(word, " "); *word; word += strspn(word, " ")) {
            size_t length = strcspn(word, " ");
            if (!bind_default(map, table, word, length, fault))
                return false;
            word += length;
        }
    }
    return true;
}

const char *keymap_find(const struct keymap *map, const struct input *input)
{
    int index = find_binding(map, input->modifiers, input->key);
    if (index < 0 && input->modifiers & MODIFIER_SHIFT)
        index = find_binding(map, input->modifiers & ~(unsigned)MODIFIER_SHIFT, input->key);
    return index < 0 ? NULL : map->bindings[index].script;
}

static void name_key(const struct key_binding *binding, char *text, size_t room)
{
    const char *shown = binding->key;
    const char *before = "";
    for (int i = 0; i < KEY_NAMES; i++)
        if (!strcmp(binding->key, key_names[i].keysym))
            shown = key_names[i].shown;
    if (shown == binding->key && !strncmp(shown, "KP_", 3)) {
        before = "Keypad ";
        shown += 3;
    }
    size_t used = 0;
    text[0] = 0;
    for (int i = 0; i < MODIFIERS; i++)
        if (binding->modifiers & modifiers[i].modifier)
            used += (size_t)snprintf(text + used, room - used, "%s", modifiers[i].name);
    snprintf(text + used, room - used, "%s%s", before, shown);
}

void keymap_describe(const struct keymap *map, const char *script, char *text, int room)
{
    int used = 0;
    if (room < 1)
        return;
    text[0] = 0;
    for (int i = 0; i < map->count; i++) {
        char name[64];
        if (strcmp(map->bindings[i].script, script))
            continue;
        name_key(&map->bindings[i], name, sizeof name);
        int length = (int)strlen(name) + (used ? 2 : 0);
        if (used + length >= room)
            return;
        used += snprintf(text + used, (size_t)(room - used), "%s%s", used ? ", " : "", name);
    }
}
