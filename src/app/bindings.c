/* Resources to the key map: see bindings.h. Owns nothing. */
#include "bindings.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "commands.h"
#include "session_parts.h"

enum { LINE = 200 };

static void complain(struct session *session, const char *resource, const struct fault *fault)
{
    char text[FAULT_TEXT + 64];
    snprintf(text, sizeof text, _("the resource %s: %s"), resource, fault->text);
    fprintf(stderr, "xlightbox: %s\n", text);
    session_message(session, text);
}

/* A script begins with a command; an empty one, or "none", takes the key's away. */
static bool bind_key(struct keymap *map, const char *key, const char *script, struct fault *fault)
{
    char name[LINE];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(script, " ;"), script);
    if (!strcmp(name, "none"))
        script = "";
    if (*script && !command_find(command_table, name))
        return fault_set(fault, FAULT_USAGE, "'%.60s' is not a command", name);
    return keymap_bind(map, key, script, fault);
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r");
    for (size_t length = strlen(text); length && strchr(" \t\r", text[length - 1]);)
        text[--length] = 0;
    return text;
}

static bool take_line(struct keymap *map, char *line,
                      bool (*bind)(struct keymap *, const char *, const char *, struct fault *),
                      struct fault *fault)
{
    char *key = trim(line), *colon = strchr(key, ':');
    if (!*key || *key == '!' || *key == '#')
        return true;
    if (!colon)
        return fault_set(fault, FAULT_USAGE, "'%.60s' has no colon", key);
    *colon = 0;
    return bind(map, trim(key), trim(colon + 1), fault);
}

static void take_lines(struct session *session, const char *name, const char *class,
                       bool (*bind)(struct keymap *, const char *, const char *, struct fault *))
{
    struct fault fault;
    const char *at = resources_text(session->resources, name, class);
    while (at && *at) {
        char line[LINE];
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(length < LINE ? length : LINE), at);
        if (!take_line(&session->keymap, line, bind, &fault))
            complain(session, name, &fault);
        at += length + (at[length] == '\n');
    }
}

void bindings_take(struct session *session)
{
    struct fault fault;
    const char *drag = resources_text(session->resources, "levelDrag", "LevelDrag");
    take_lines(session, "bindings", "Bindings", bind_key);
    take_lines(session, "mouse", "Mouse", keymap_bind_button);
    session->keymap.level_down = drag && !strcmp(drag, "down");
    if (drag && strcmp(drag, "down") && strcmp(drag, "up")) {
        fault_set(&fault, FAULT_USAGE, "'%.60s' is neither up nor down", drag);
        complain(session, "levelDrag", &fault);
    }
}
