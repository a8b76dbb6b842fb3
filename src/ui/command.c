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

#include "base/language.h"

void reply_add(struct reply *reply, const char *format, ...)
{
    size_t room = sizeof reply->text - reply->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(reply->text + reply->length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        reply->length += (size_t)length < room ? (size_t)length : room - 1;
    reply->cut |= length > 0 && (size_t)length >= room;
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
    char *to; /* where the next letter goes */
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

static bool keep(struct sentence *sentence, char c, struct fault *fault)
{
    if (sentence->to == sentence->text + sizeof sentence->text - 1)
        return fault_set(fault, FAULT_USAGE, "a command of more than %d characters",
                         COMMAND_LENGTH - 1);
    *sentence->to++ = c;
    return true;
}

/* Takes a quoted piece, which script->at is the quote of. */
static bool read_quoted(struct script *script, struct sentence *sentence, struct fault *fault)
{
    const char *from = script->at;
    char quote = *from++;
    for (; *from && *from != quote; from++) {
        if (quote == '"' && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
            from++;
        if (!keep(sentence, *from, fault))
            return false;
    }
    if (!*from) {
        script->wrong = script->at;
        return fault_set(fault, FAULT_USAGE, "a quote (%c) is not closed", quote);
    }
    script->at = from + 1;
    return true;
}

static bool read_word(struct script *script, struct sentence *sentence, struct fault *fault)
{
    for (const char **at = &script->at; !ends_command(**at) && !is_blank(**at);) {
        if (**at == '\'' || **at == '"') {
            if (!read_quoted(script, sentence, fault))
                return false;
            continue;
        }
        if (**at == '\\' && !*++*at) {
            script->wrong = *at - 1;
            return fault_set(fault, FAULT_USAGE, "a backslash at the end keeps nothing");
        }
        if (!keep(sentence, *(*at)++, fault))
            return false;
    }
    return keep(sentence, 0, fault);
}

static void skip_blanks(const char **at)
{
    while (is_blank(**at))
        ++*at;
    if (**at == '#')
        *at += strcspn(*at, "\n");
}

/* Reads one command (maybe of no words) and steps over what ends it. */
static bool read_sentence(struct script *script, struct sentence *sentence, struct fault *fault)
{
    sentence->to = sentence->text;
    sentence->count = 0;
    skip_blanks(&script->at);
    script->began = script->wrong = script->at;
    for (; !ends_command(*script->at); skip_blanks(&script->at)) {
        if (sentence->count == COMMAND_WORDS)
            return fault_set(fault, FAULT_USAGE, "a command has more than %d words", COMMAND_WORDS);
        sentence->words[sentence->count++] = sentence->to;
        if (!read_word(script, sentence, fault)) {
            *sentence->to = 0;
            return false;
        }
    }
    if (*script->at)
        script->at++;
    return true;
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
        snprintf(number, sizeof number, _("at least %d"), command->least);
    else
        snprintf(number, sizeof number, _("%d to %d"), command->least, command->most);
    bool one = command->most == 1 || (command->least == 1 && command->most >= COMMAND_WORDS - 1);
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

/* From 1, in letters. */
static void find_place(const struct script *script, int *line, int *column)
{
    *line = *column = 1;
    for (const char *at = script->text; at < script->wrong; at++) {
        bool first_byte = ((unsigned char)*at & 0xc0) != 0x80;
        *column = *at == '\n' ? 1 : *column + first_byte;
        *line += *at == '\n';
    }
}

/* Blanks, ends of commands and comments alone. */
static bool is_empty(const char *text)
{
    for (skip_blanks(&text); *text; skip_blanks(&text)) {
        if (!ends_command(*text))
            return false;
        text++;
    }
    return true;
}

bool script_place_fault(const struct script *script, struct fault *fault)
{
    int line, column;
    bool whole = script->wrong == script->began;
    find_place(script, &line, &column);
    if (whole && line == 1 && column == 1 && is_empty(script->at))
        return false;
    char place[48];
    bool lines = strchr(script->text, '\n') != NULL;
    if (lines)
        snprintf(place, sizeof place, _("line %d, column %d"), line, column);
    else
        snprintf(place, sizeof place, _("column %d"), column);
    if (!script->name[0])
        return fault_context(fault, "%s", place);
    return fault_context(fault, "%s (%s)", place, script->name);
}

void script_begin(struct script *script, const char *text)
{
    *script = (struct script){.text = text, .at = text, .began = text, .wrong = text};
}

static bool run_next(struct script *script, const struct command *table, void *context,
                     struct reply *reply, struct fault *fault)
{
    struct sentence sentence;
    bool readable = read_sentence(script, &sentence, fault);
    snprintf(script->name, sizeof script->name, "%s", sentence.count ? sentence.words[0] : "");
    if (!readable)
        return false;
    if (sentence.count && !run_sentence(table, context, &sentence, reply, fault))
        return false;
    return !reply->cut || fault_set(fault, FAULT_USAGE, "the answer is longer than %d characters",
                                    REPLY_LENGTH - 1);
}

enum script_end script_go_on(struct script *script, const struct command *table, void *context,
                             struct reply *reply, struct fault *fault)
{
    *fault = (struct fault){FAULT_NONE, ""};
    reply->waits = false;
    while (*script->at) {
        if (!run_next(script, table, context, reply, fault)) {
            script_place_fault(script, fault);
            return SCRIPT_FAILED;
        }
        if (reply->waits)
            return SCRIPT_WAITS;
    }
    return SCRIPT_DONE;
}
