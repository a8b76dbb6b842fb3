/* Any bytes as words of a user: the first byte says whose. A command line, a script of commands,
 * the values that both take, key bindings, and names that are pasted. */
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/uris.h"
#include "app/values.h"
#include "fuzz/fuzz.h"
#include "ui/command.h"
#include "ui/keymap.h"

enum { WORDS = 64 };

static void read_options(char *text)
{
    char name[] = "xlightbox";
    char *words[WORDS + 2] = {name};
    struct options options;
    struct fault fault;
    int count = 1;
    for (char *word = strtok(text, "\n"); word && count <= WORDS; word = strtok(NULL, "\n"))
        words[count++] = word;
    if (options_parse(&options, count, words, &fault) && options.file_count > count)
        abort();
}

static bool run_values(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    double x, y;
    int64_t integer;
    int width, height;
    size_t bytes;
    enum view_mode mode;
    (void)context;
    for (int i = 0; i < count; i++) {
        char text[NUMBER_TEXT];
        if (value_number(words[i], &x)) {
            number_text(x, text);
            if (!value_number(text, &y) || x != y)
                abort();
            reply_add(reply, "%s %s", words[i], text);
        }
        value_integer(words[i], -5, 1 << 20, &integer);
        value_pair(words[i], &x, &y);
        value_size(words[i], &width, &height);
        value_bytes(words[i], &bytes);
        value_turns(words[i], &width);
        value_zoom(words[i], &mode, &x);
    }
    return count != 3 || fault_set(fault, FAULT_USAGE, "%s is wrong", words[1]);
}

static const struct command table[] = {
    {"w", "N...", "", "w a:1 Shift+b", "View", NULL, 0, COMMAND_WORDS - 1, run_values},
    {"zoom", "N", "", "plus:in minus:out", "View", NULL, 1, 1, run_values},
    {NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static void run_script(const char *text)
{
    static struct reply reply;
    struct fault fault;
    struct script script;
    reply.length = 0;
    reply.cut = false;
    script_begin(&script, text);
    script_go_on(&script, table, NULL, &reply, &fault);
    if (reply.length >= sizeof reply.text)
        abort();
}

/* Lines of a key and, behind a blank, its script. */
static void bind_keys(char *text)
{
    static struct keymap map;
    struct fault fault;
    char described[64];
    map.count = 0;
    if (!keymap_from_commands(&map, table, &fault))
        abort();
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        char *script = strchr(line, ' ');
        if (script)
            *script++ = 0;
        keymap_bind(&map, line, script ? script : "", &fault);
        keymap_bind_button(&map, line, script ? script : "", &fault);
        keymap_describe(&map, script ? script : "", described, sizeof described);
        struct input input = {.kind = INPUT_KEY};
        memcpy(input.key, line, strlen(line) < sizeof input.key ? strlen(line) : 0);
        keymap_find(&map, &input);
    }
}

/* What other programs paste. */
static void read_names(const char *text)
{
    char path[100];
    struct fault fault;
    for (int list = 0; list < 2; list++) {
        const char *at = text, *line;
        for (size_t length; (length = uris_line(&at, list, &line)) > 0;)
            if (uris_path(line, length, list, path, sizeof path, &fault) && !*path)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (bytes == 0 || bytes > 8192)
        return 0;
    char *text = malloc(bytes);
    memcpy(text, data + 1, bytes - 1);
    text[bytes - 1] = 0;
    switch (data[0] % 3) {
    case 0:
        read_options(text);
        break;
    case 1:
        run_script(text);
        break;
    default:
        read_names(text);
        bind_keys(text);
    }
    free(text);
    return 0;
}
