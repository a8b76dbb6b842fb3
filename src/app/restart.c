/* The command line to start again with: see restart.h. Owns it while it is written. */
#include "restart.h"

#include <stdio.h>
#include <string.h>

#include "base/ledger.h"
#include "session_parts.h"
#include "values.h"

enum { FILES_MOST = 64, OWN_WORDS = 24, OWN_TEXT = 2 * NUMBER_TEXT + 16 };

/* What tells of the place at the start, or would be done again. */
static const char *const left_out[] = {"window", "level", "preset",   "auto",  "invert", "zoom",
                                       "center", "page",  "channel",  "slice", "time",   "series",
                                       "e",      "f",     "commands", "lock"};

struct line {
    char **words;
    int count;
    char texts[OWN_WORDS][OWN_TEXT];
    int texts_used;
};

static void add_number(struct line *line, const char *option, double number)
{
    char text[NUMBER_TEXT];
    char *word = line->texts[line->texts_used++];
    number_text(number, text);
    snprintf(word, OWN_TEXT, "--%s=%s", option, text);
    line->words[line->count++] = word;
}

static void add_text(struct line *line, const char *text)
{
    char *word = line->texts[line->texts_used++];
    snprintf(word, OWN_TEXT, "%s", text);
    line->words[line->count++] = word;
}

/* The option that a word begins with, written whole or not; NULL: none of ours. */
static const struct option_row *option_of(const char *word)
{
    const struct option_row *found = NULL;
    bool wide = !strncmp(word, "--", 2);
    const char *name = word + (wide ? 2 : 1);
    size_t length = strcspn(name, "=");
    if (*word != '-' || length == 0 || (!wide && name[1]))
        return NULL;
    for (const struct option_row *row = option_rows; row->name; row++) {
        if (strncmp(row->name, name, length))
            continue;
        if (!row->name[length])
            return row;
        found = wide ? row : found;
    }
    return found;
}

static bool is_left_out(const struct option_row *row)
{
    for (size_t i = 0; row && i < sizeof left_out / sizeof *left_out; i++)
        if (!strcmp(left_out[i], row->name))
            return true;
    return false;
}

static bool is_file(const struct options *options, const char *word)
{
    for (int i = 0; i < options->file_count; i++)
        if (options->files[i] == word)
            return true;
    return false;
}

/* What is left of the command line; an option's value goes or stays with it. */
static void add_given(struct line *line, const struct session *session)
{
    for (int i = 0; i < session->word_count; i++) {
        char *word = session->words[i];
        const struct option_row *row = i ? option_of(word) : NULL;
        if (is_file(session->options, word) || !strcmp(word, "--"))
            continue;
        bool value = row && row->argument && !strchr(word, '=') && i + 1 < session->word_count;
        if (!is_left_out(row))
            line->words[line->count++] = word;
        if (!is_left_out(row) && value)
            line->words[line->count++] = session->words[i + 1];
        i += value;
    }
}

static void add_place(struct line *line, const struct scene *scene)
{
    const struct view *view = &scene->view;
    char center[2][NUMBER_TEXT], text[OWN_TEXT];
    add_number(line, "page", scene->page.index + 1);
    if (scene->page.channel)
        add_number(line, "channel", scene->page.channel);
    add_number(line, "window", scene->window.width);
    add_number(line, "level", scene->window.center);
    if (scene->window.invert)
        add_text(line, "--invert");
    if (scene->locked)
        add_text(line, "--lock");
    if (view->mode == VIEW_FREE)
        add_number(line, "zoom", view->zoom);
    else
        add_text(line, view->mode == VIEW_FILL ? "--zoom=fill" : "--zoom=fit");
    if (view->mode != VIEW_FREE)
        return;
    number_text(view->center_x, center[0]);
    number_text(view->center_y, center[1]);
    snprintf(text, sizeof text, "--center=%s,%s", center[0], center[1]);
    add_text(line, text);
}

/* The one shown, and from there all around; of many, or of folders that are watched, what was named
 * behind it. */
static void add_files(struct line *line, const struct session *session)
{
    const struct files *files = &session->files;
    const struct options *options = session->options;
    bool named = files->count > FILES_MOST || options->follow;
    add_text(line, "--");
    line->words[line->count++] = files->names[session->shown];
    for (int i = 0; named && i < options->file_count; i++)
        line->words[line->count++] = options->files[i];
    for (int i = 1; !named && i < files->count; i++)
        line->words[line->count++] = files->names[(session->shown + i) % files->count];
}

void restart_save(void *context)
{
    struct session *session = context;
    struct line *line = ledger_alloc(LEDGER_UI, sizeof *line, NULL);
    size_t bytes =
        (size_t)(session->word_count + session->files.count + OWN_WORDS) * sizeof(char *);
    char **words = line ? ledger_alloc(LEDGER_UI, bytes, NULL) : NULL;
    if (words) {
        line->words = words;
        add_given(line, session);
        if (session->scene.open)
            add_place(line, &session->scene);
        add_files(line, session);
        shell_command_line(session->shell, line->words, line->count);
    }
    ledger_free(LEDGER_UI, words, bytes);
    ledger_free(LEDGER_UI, line, sizeof *line);
}
