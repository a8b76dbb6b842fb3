/* Man page, --help, --list-commands, completions and the window's help list the same options,
 * commands and keys. Each is read back as the text it is. Guards app/manual.c and app/completion.c.
 */
#include "suite.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/completion.h"
#include "app/options.h"
#include "support/run.h"
#include "support/scratch.h"
#include "ui/help.h"

enum { TEXT = 1 << 18, NAMES = 1 << 14 };

/* All that the program prints with these options; `run` keeps too little. */
static char *told(const char *option, const char *value)
{
    static char texts[2][TEXT];
    static int turn;
    char *text = texts[turn ^= 1];
    const char *path = scratch_path("printed");
    struct run run;
    RUN(&run, "sh", "-c", "out=$1; shift; exec \"$@\" >\"$out\"", "sh", path, program(), option,
        value);
    CU_ASSERT_EQUAL_FATAL(run.status, 0);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    text[fread(text, 1, TEXT - 1, file)] = 0;
    fclose(file);
    return text;
}

/* Sets of words: "|a|b|". */
static void enter(char *set, const char *word, size_t length)
{
    char entry[128];
    if (!*set)
        snprintf(set, NAMES, "|");
    snprintf(entry, sizeof entry, "%.*s|", (int)length, word);
    size_t used = strlen(set);
    if (!strstr(set, entry) || strstr(set, entry)[-1] != '|')
        snprintf(set + used, NAMES - used, "%s", entry);
}

static void expect_same(const char *one, const char *other)
{
    for (int turn = 0; turn < 2; turn++) {
        for (const char *at = one + 1; *at; at += strcspn(at, "|") + 1) {
            char entry[128];
            snprintf(entry, sizeof entry, "|%.*s|", (int)strcspn(at, "|"), at);
            if (!strstr(other, entry))
                fprintf(stderr, "%s is in one list alone\n", entry);
            CU_ASSERT_PTR_NOT_NULL(strstr(other, entry));
        }
        const char *swap = one;
        one = other;
        other = swap;
    }
    CU_ASSERT(strlen(one) > 100);
}

/* The words of `text` that begin with dashes: what a line or a "-a X, -b Y" of it names. */
static void enter_dashed(char *set, const char *text)
{
    for (size_t length; *text; text += length) {
        text += strspn(text, " ,");
        length = strcspn(text, " ,");
        if (*text == '-' && length > 1)
            enter(set, text, length);
    }
}

static void without_backslashes(char *line)
{
    char *to = line;
    for (; *line; line++)
        if (*line != '\\' || line[1] == 'e')
            *to++ = *line;
    *to = 0;
}

/* The bold titles of the sections named, as lines. */
static void manual_titles(const char *first, const char *second, void (*take)(char *, const char *),
                          char *set)
{
    bool inside = false;
    for (char *line = strtok(told("--manual", NULL), "\n"); line; line = strtok(NULL, "\n")) {
        if (!strncmp(line, ".SH ", 4))
            inside = !strcmp(line + 4, first) || !strcmp(line + 4, second);
        without_backslashes(line);
        if (inside && !strncmp(line, ".B ", 3) && !strchr("_", line[3]))
            take(set, line + 3);
    }
}

static void help_options(char *set)
{
    for (char *line = strtok(told("--help", NULL), "\n"); line; line = strtok(NULL, "\n")) {
        char title[35];
        snprintf(title, sizeof title, "%.34s", line + 2);
        if (!strncmp(line, "  -", 3))
            enter_dashed(set, title);
    }
}

static void manual_and_help_list_the_same_options(void)
{
    static char help[NAMES], manual[NAMES];
    help_options(help);
    manual_titles("OPTIONS", "X TOOLKIT OPTIONS", enter_dashed, manual);
    expect_same(help, manual);
    CU_ASSERT_PTR_NOT_NULL(strstr(help, "|--window|"));
    CU_ASSERT_PTR_NOT_NULL(strstr(help, "|-e|"));
    CU_ASSERT_PTR_NOT_NULL(strstr(help, "|-fg|"));
}

static void bash_options(char *set)
{
    const char *at = strstr(told("--completion", "bash"), "-*) words='");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    char words[NAMES];
    snprintf(words, sizeof words, "%.*s", (int)strcspn(at + 11, "'"), at + 11);
    enter_dashed(set, words);
}

static void zsh_options(char *set)
{
    for (char *line = strtok(told("--completion", "zsh"), "\n"); line; line = strtok(NULL, "\n"))
        if (!strncmp(line, "    '-", 6))
            enter(set, line + 5, strcspn(line + 5, "=["));
}

static void fish_options(char *set)
{
    for (char *line = strtok(told("--completion", "fish"), "\n"); line; line = strtok(NULL, "\n")) {
        char name[64], kind;
        if (sscanf(line, "complete -c xlightbox -%c %60s", &kind, name + 2) != 2)
            continue;
        memset(name, '-', 2);
        enter(set, kind == 'l' ? name : name + 1, strlen(kind == 'l' ? name : name + 1));
    }
}

static void shells_complete_what_help_lists(void)
{
    static char help[NAMES], bash[NAMES], zsh[NAMES], fish[NAMES];
    help_options(help);
    bash_options(bash);
    zsh_options(zsh);
    fish_options(fish);
    expect_same(help, bash);
    expect_same(help, zsh);
    expect_same(help, fish);
}

/* Each word that completion offers for an option is one that the option takes. */
static void offered_words_are_taken(void)
{
    int tried = 0;
    for (char *line = strtok(told("--completion", "bash"), "\n"); line; line = strtok(NULL, "\n")) {
        char option[64], *at = strstr(line, ") words='");
        struct options options;
        struct fault fault;
        if (strncmp(line, "    -", 5) || !at || !strncmp(line, "    -e)", 7))
            continue;
        snprintf(option, sizeof option, "%.*s", (int)(at - line) - 4, line + 4);
        at += 9;
        at[strcspn(at, "'")] = 0;
        for (size_t length; *at; at += length, at += strspn(at, " "), tried++) {
            char word[64], program_name[] = "xlightbox", file[] = "a.tif";
            length = strcspn(at, " ");
            snprintf(word, sizeof word, "%.*s", (int)length, at);
            char *words[] = {program_name, option, word, file, NULL};
            bool fine =
                strcmp(option, "--remote") ? options_parse(&options, 4, words, &fault) : true;
            CU_ASSERT(fine);
            if (!fine)
                fprintf(stderr, "%s %s\n", option, word);
        }
    }
    CU_ASSERT(tried > 30);
}

static void take_first_word(char *set, const char *line)
{
    enter(set, line, strcspn(line, " "));
}

static void manual_and_list_name_the_same_commands(void)
{
    static char list[NAMES], manual[NAMES];
    char *text = told("--list-commands", NULL);
    *strstr(text, "\n\n") = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (isalpha((unsigned char)*line))
            take_first_word(list, line);
    manual_titles("COMMANDS", "COMMANDS", take_first_word, manual);
    char *e = strstr(manual, "|-e|");
    if (e)
        memmove(e, e + 3, strlen(e + 3) + 1);
    expect_same(list, manual);
    for (const struct command *command = command_table; command->name; command++)
        CU_ASSERT_PTR_NOT_NULL(strstr(list, command->name));
}

/* ---- the window's help, read from a canvas that keeps its texts ---- */

static char drawn[NAMES];

static void fill(struct canvas *canvas, enum ink ink, struct rect rect)
{
    (void)canvas, (void)ink, (void)rect;
}

static void keep_text(struct canvas *canvas, enum ink ink, enum ink back, int x, int baseline,
                      const char *text, int length)
{
    (void)canvas, (void)ink, (void)back, (void)x, (void)baseline;
    enter(drawn, text, (size_t)length);
}

static int text_width(struct canvas *canvas, const char *text, int length)
{
    (void)canvas, (void)text;
    return 6 * length;
}

static void copy_label(const char *from, size_t length, char *label)
{
    for (size_t i = strspn(from, "([*-"); i < length; i++)
        if (from[i] != '_')
            *label++ = from[i];
    *label = 0;
}

/* The entry of a command's menu text that runs `argument`, without its marks; false: none does. */
static bool entry_of(const struct command *command, const char *argument, char *label)
{
    for (const char *at = command->items ? command->items : ""; *at;) {
        size_t length = strcspn(at, "|"), name = strcspn(at, ":|");
        const char *runs = name < length ? at + name + 1 : "";
        size_t run_length = name < length ? length - name - 1 : 0;
        if (strlen(argument) == run_length && !strncmp(argument, runs, run_length)) {
            copy_label(at, name, label);
            return true;
        }
        at += length + (at[length] == '|');
    }
    return false;
}

/* What its menu calls a bound script, else what the manual says of its command. */
static void expect_help(const char *script, char *help, size_t room)
{
    char name[64];
    size_t length = strcspn(script, " ");
    snprintf(name, sizeof name, "%.*s", (int)length, script);
    const struct command *command = command_find(command_table, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(command);
    help[0] = '|';
    if (!entry_of(command, script + length + (script[length] == ' '), help + 1))
        snprintf(help, room, "|%s", command->help);
}

/* Every key stands in the window, with what it does. */
static void the_window_helps_with_every_key(void)
{
    static const struct canvas_class class = {fill, keep_text, text_width, NULL};
    static struct keymap map;
    struct canvas canvas = {&class, 4000, 2000, 10, 3};
    struct fault fault;
    CU_ASSERT_FATAL(keymap_from_commands(&map, command_table, &fault));
    help_draw(&canvas, command_table, &map);
    for (int i = 0; i < map.count; i++) {
        char keys[160], row[164], help[512];
        keymap_describe(&map, map.bindings[i].script, keys, sizeof keys);
        snprintf(row, sizeof row, "|%s|", keys);
        CU_ASSERT_PTR_NOT_NULL(strstr(drawn, row));
        expect_help(map.bindings[i].script, help, sizeof help);
        CU_ASSERT_PTR_NOT_NULL(strstr(drawn, help));
    }
    for (const struct help_row *row = help_mouse; row->keys; row++)
        CU_ASSERT(strstr(drawn, row->keys) && strstr(drawn, row->help) &&
                  strstr(told("--help", NULL), row->help));
    CU_ASSERT(map.count > 12);
}

SUITE("manual", {"manual and --help list the same options", manual_and_help_list_the_same_options},
      {"shells complete what --help lists", shells_complete_what_help_lists},
      {"words that are offered are taken", offered_words_are_taken},
      {"manual and --list-commands name the same commands", manual_and_list_name_the_same_commands},
      {"the window helps with every key", the_window_helps_with_every_key})
