/* The command machinery: cuts scripts into words, finds the table's row, counts the arguments, and
 * runs. Owns nothing and allocates nothing; it must never know what a command means.
 *
 * Quoting, to the letter: 'single' quotes keep everything up to the next one; in "double" quotes a
 * backslash keeps a following " or \ and is itself elsewhere; outside quotes it keeps any one
 * character. Quoted pieces join what they touch, and '' is a word. A quote may span lines. */
#include "ui/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reply_add(struct reply *reply, const char *format, ...)
{
    size_t room = sizeof reply->text - reply->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(reply->text + reply->length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        reply->length += (size_t)length < room ? (size_t)length : room - 1;
}

const struct command *command_find(const struct command *table, const char *name)
{
    for (; table->name; table++)
        if (!strcmp(table->name, name))
            return table;
    return NULL;
}

/* One command of a script, as words in its own memory. */
struct sentence {
    char text[COMMAND_LENGTH];
    char *words[COMMAND_WORDS];
    int count;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_command(char c)
{
    return !c || c == ';' || c == '\n';
}

/* Copies a quoted piece, which starts at *at with its quote. */
static bool read_quoted(const char **at, char **to, struct fault *fault)
{
    const char *from = *at;
    char quote = *from++;
    while (*from && *from != quote) {
        if (quote == '"' && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
            from++;
        *(*to)++ = *from++;
    }
    if (!*from)
        return fault_set(fault, FAULT_USAGE, "a quote (%c) is not closed", quote);
    *at = from + 1;
    return true;
}

static bool read_word(const char **at, char **to, struct fault *fault)
{
    while (!ends_command(**at) && !is_blank(**at)) {
        if (**at == '\'' || **at == '"') {
            if (!read_quoted(at, to, fault))
                return false;
            continue;
        }
        if (**at == '\\' && !*++*at)
            return fault_set(fault, FAULT_USAGE, "a backslash at the end keeps nothing");
        *(*to)++ = *(*at)++;
    }
    *(*to)++ = 0;
    return true;
}

static void skip_blanks(const char **at)
{
    while (is_blank(**at))
        ++*at;
    if (**at == '#')
        *at += strcspn(*at, "\n");
}

/* Reads one command (maybe of no words) and steps over what ends it. The script is shorter than
 * sentence->text, and a word never takes more bytes than it has in the script and its end. */
static bool read_sentence(const char **at, struct sentence *sentence, struct fault *fault)
{
    char *to = sentence->text;
    sentence->count = 0;
    for (skip_blanks(at); !ends_command(**at); skip_blanks(at)) {
        if (sentence->count == COMMAND_WORDS)
            return fault_set(fault, FAULT_USAGE, "a command has more than %d words", COMMAND_WORDS);
        sentence->words[sentence->count++] = to;
        if (!read_word(at, &to, fault)) {
            *to = 0;
            return false;
        }
    }
    if (**at)
        ++*at;
    return true;
}

/* How many commands a script has; one that cannot be read is the last. */
static int count_commands(const char *script, struct sentence *sentence)
{
    int count = 0;
    while (*script) {
        bool readable = read_sentence(&script, sentence, NULL);
        count += !readable || sentence->count;
        if (!readable)
            break;
    }
    return count;
}

enum { NAME_LENGTH = 32 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, row by row; a name that is too long is far from all. */
static int distance(const char *a, const char *b)
{
    int row[NAME_LENGTH + 1];
    size_t columns = strlen(b);
    if (strlen(a) > NAME_LENGTH || columns > NAME_LENGTH)
        return NAME_LENGTH;
    for (size_t j = 0; j <= columns; j++)
        row[j] = (int)j;
    for (size_t i = 0; a[i]; i++) {
        int diagonal = row[0];
        row[0] = (int)i + 1;
        for (size_t j = 0; j < columns; j++) {
            int changed = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = least(changed, least(diagonal, row[j]) + 1);
        }
    }
    return row[columns];
}

/* The command someone may have meant: a name one or two letters away, or one that starts so. */
static const char *nearest(const struct command *table, const char *name)
{
    size_t length = strlen(name);
    int closest = length < 4 ? 2 : 3;
    const char *found = NULL;
    for (; table->name; table++) {
        int away = distance(name, table->name);
        if (length > 1 && !strncmp(name, table->name, length))
            away = least(away, 1);
        if (away < closest) {
            closest = away;
            found = table->name;
        }
    }
    return found;
}

static bool no_such_command(const struct command *table, const char *name, struct fault *fault)
{
    const char *meant = nearest(table, name);
    if (meant)
        return fault_set(fault, FAULT_USAGE, "there is no command '%.60s' (did you mean %s?)", name,
                         meant);
    return fault_set(fault, FAULT_USAGE, "there is no command '%.60s'", name);
}

static bool wrong_count(const struct command *command, struct fault *fault)
{
    char number[40];
    if (!command->most)
        return fault_set(fault, FAULT_USAGE, "%s takes no arguments", command->name);
    if (command->least == command->most)
        snprintf(number, sizeof number, "%d", command->most);
    else if (command->most >= COMMAND_WORDS - 1)
        snprintf(number, sizeof number, "at least %d", command->least);
    else
        snprintf(number, sizeof number, "%d to %d", command->least, command->most);
    bool one = command->most == 1 || !strcmp(number, "at least 1");
    return fault_set(fault, FAULT_USAGE, "%s takes %s argument%s: %s", command->name, number,
                     one ? "" : "s", command->arguments);
}

static bool run_sentence(const struct command *table, void *context, struct sentence *sentence,
                         struct reply *reply, struct fault *fault)
{
    const struct command *command = command_find(table, sentence->words[0]);
    int arguments = sentence->count - 1;
    if (!command)
        return no_such_command(table, sentence->words[0], fault);
    if (arguments < command->least || arguments > command->most)
        return wrong_count(command, fault);
    if (command->run(context, arguments, sentence->words + 1, reply, fault))
        return true;
    if (fault && !fault->text[0])
        fault_set(fault, FAULT_USAGE, "%s failed", command->name);
    return false;
}

/* Says which of several commands failed. */
static bool place_fault(struct fault *fault, int number, int count, const struct sentence *sentence)
{
    if (count < 2)
        return false;
    if (sentence->count)
        return fault_context(fault, "command %d (%.60s)", number, sentence->words[0]);
    return fault_context(fault, "command %d", number);
}

bool command_run(const struct command *table, void *context, const char *script,
                 struct reply *reply, struct fault *fault)
{
    struct sentence sentence;
    if (fault)
        *fault = (struct fault){FAULT_NONE, ""};
    if (strlen(script) >= COMMAND_LENGTH)
        return fault_set(fault, FAULT_USAGE, "commands of more than %d characters",
                         COMMAND_LENGTH - 1);
    int count = count_commands(script, &sentence);
    for (int number = 1; *script;) {
        bool fine = read_sentence(&script, &sentence, fault);
        if (fine && !sentence.count)
            continue;
        if (!fine || !run_sentence(table, context, &sentence, reply, fault))
            return place_fault(fault, number, count, &sentence);
        number++;
    }
    return true;
}
