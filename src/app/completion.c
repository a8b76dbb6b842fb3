/* Completion for shells: see completion.h. Each option becomes an offer; each shell has a function
 * that writes one. Owns nothing. */
#include "completion.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "manual.h"
#include "options.h"
#include "tone/preset.h"

enum { WORDS = 1024, NAME = 32 };

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

/* An option with its dashes, and what it takes: nothing, one of the words, a file, or what cannot
 * be guessed. */
struct offer {
    const char *dashes, *argument, *help;
    char name[NAME], words[WORDS];
    bool files;
};

/* Words for options whose argument does not name them itself; each is tried by a test. */
static const struct {
    const char *option, *words;
} known[] = {
    {"voi", "linear linear-exact sigmoid"},
    {"colormap", "gray inverted hot-iron pet spectrum viridis cividis"},
    {"zoom", "fit fill"},
    {"overlay", "all none measurements scale marks corners colorbar"},
    {"rotate", "0 90 180 270"},
    {"transport", "auto shm render colormap planes put"},
    {"visual", "truecolor pseudocolor grayscale staticgray staticcolor directcolor"},
};

static void add_word(struct offer *offer, const char *word, size_t length)
{
    size_t used = strlen(offer->words);
    snprintf(offer->words + used, WORDS - used, "%s%.*s", used ? " " : "", (int)length, word);
}

/* Of "N|all" the words that stand for themselves. */
static void add_alternatives(struct offer *offer, const char *argument)
{
    while (*argument) {
        size_t length = strcspn(argument, "|");
        if (strspn(argument, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
            add_word(offer, argument, length);
        argument += length;
        argument += *argument == '|';
    }
}

static void take_words(struct offer *offer)
{
    const char *argument = offer->argument;
    add_alternatives(offer, argument);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].option, offer->name))
            add_word(offer, known[i].words, strlen(known[i].words));
    if (!strcmp(offer->name, "preset"))
        for (const struct preset *preset = presets; preset->name; preset++)
            add_word(offer, preset->name, strlen(preset->name));
    if (!strcmp(argument, "COMMANDS"))
        for (const struct command *command = command_table; command->name; command++)
            add_word(offer, command->name, strlen(command->name));
    offer->files =
        !strcmp(argument, "OUT") || !strcmp(argument, "FILE") || !strcmp(argument, "SCRIPT");
}

static void each_option(void (*print)(const struct offer *))
{
    for (const struct option_row *row = option_rows; row->name; row++) {
        struct offer offer = {
            .dashes = row->name[1] ? "--" : "-", .argument = row->argument, .help = row->help};
        snprintf(offer.name, NAME, "%s", row->name);
        if (row->argument)
            take_words(&offer);
        print(&offer);
    }
}

/* The X toolkit's stand several in a row: "-bg COLOUR, -fg COLOUR". */
static void each_x_option(void (*print)(const struct offer *))
{
    for (const struct help_row *row = manual_x_options; row->keys; row++)
        for (const char *at = row->keys; at; at = strchr(at, ','), at += at ? 2 : 0) {
            size_t length = strcspn(at, " ,");
            struct offer offer = {
                .dashes = "-", .argument = at[length] == ' ' ? "VALUE" : NULL, .help = row->help};
            snprintf(offer.name, NAME, "%.*s", (int)length - 1, at + 1);
            print(&offer);
        }
}

static void each(void (*print)(const struct offer *))
{
    each_option(print);
    each_x_option(print);
}

/* ---- bash ---- */

static void bash_name(const struct offer *offer)
{
    printf(" %s%s", offer->dashes, offer->name);
}

static void bash_case(const struct offer *offer)
{
    if (!offer->argument)
        return;
    printf("    %s%s) ", offer->dashes, offer->name);
    if (offer->files)
        printf("files=1 ;;\n");
    else if (*offer->words)
        printf("words='%s' ;;\n", offer->words);
    else
        printf("return ;;\n");
}

static void print_bash(void)
{
    printf(
        "# bash completion for xlightbox\n"
        "_xlightbox() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words= files=\n"
        "    COMPREPLY=()\n"
        "    if [[ $cur == '=' ]]; then\n        cur=\n"
        "    elif [[ $prev == '=' ]]; then\n        prev=${COMP_WORDS[COMP_CWORD - 2]}\n    fi\n"
        "    case $prev in\n");
    each(bash_case);
    printf("    *)\n        case $cur in\n        -*) words='");
    each(bash_name);
    printf("' ;;\n        *) files=1 ;;\n        esac ;;\n    esac\n"
           "    if [[ $files ]]; then\n"
           "        compopt -o filenames 2>/dev/null\n"
           "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
           "    else\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
           "    fi\n}\ncomplete -F _xlightbox xlightbox\n");
}

/* ---- zsh and fish ---- */

/* Text within apostrophes; `special` stands behind a backslash. */
static void quoted(const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            printf("'\\''");
        else if (strchr(special, *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void zsh_line(const struct offer *offer)
{
    bool is_long = offer->dashes[1];
    printf("    '%s%s%s[", offer->dashes, offer->name, offer->argument && is_long ? "=" : "");
    quoted(offer->help, "[]\\");
    printf("]");
    if (offer->argument) {
        printf(":");
        quoted(offer->argument, ":\\");
        printf(":");
    }
    if (offer->files)
        printf("_files");
    else if (*offer->words)
        printf("(%s)", offer->words);
    printf("' \\\n");
}

static void print_zsh(void)
{
    printf("#compdef xlightbox\n_arguments \\\n");
    each(zsh_line);
    printf("    '*:file:_files'\n");
}

static void fish_line(const struct offer *offer)
{
    bool is_long = offer->dashes[1];
    printf("complete -c xlightbox %s %s",
           is_long          ? "-l"
           : offer->name[1] ? "-o"
                            : "-s",
           offer->name);
    if (offer->files)
        printf(" -r -F");
    else if (offer->argument)
        printf(" -x");
    if (*offer->words)
        printf(" -a '%s'", offer->words);
    printf(" -d '");
    for (const char *at = offer->help; *at; at++)
        printf("%s%c", strchr("'\\", *at) ? "\\" : "", *at);
    printf("'\n");
}

static void print_fish(void)
{
    printf("# fish completion for xlightbox\n");
    each(fish_line);
}

void completion_print(int shell)
{
    static void (*const printers[])(void) = {print_bash, print_zsh, print_fish};
    printers[shell]();
}
