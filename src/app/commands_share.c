/* The commands `copy` and `paste`. Owns nothing. */
#include "commands_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "session_parts.h"
#include "values.h"

enum { COPY_TEXT = MEASURE_LINES * MEASURE_TEXT + 64, COPY_SECONDS = 10 };

/* As it stands beside the shape. */
static bool measured_text(struct session *session, char *text, size_t room)
{
    char lines[MEASURE_LINES][MEASURE_TEXT];
    const struct measure *measure = measuring_last(session, MEASURE_KINDS);
    if (!measure)
        return false;
    struct measure_terms terms = measuring_terms_of(&session->measuring, measure);
    int count = measure_lines(measure, &terms, lines);
    size_t used =
        (size_t)snprintf(text, room, "%s %d:", measure_name(measure->kind), measure->number);
    for (int i = 0; i < count && used < room; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%s", i ? "\n" : " ", lines[i]);
    return true;
}

/* As the status line has it. */
static bool value_text(struct session *session, char *text, size_t room)
{
    const struct statusline *line = &session->status;
    if (!session->pointer.inside || !*line->text[STATUS_VALUE])
        return false;
    snprintf(text, room, "%s  %s", line->text[STATUS_POSITION], line->text[STATUS_VALUE]);
    return true;
}

static bool file_text(struct session *session, char *text, size_t room)
{
    const char *name = session->files.names[session->shown];
    char *whole = realpath(name, NULL);
    snprintf(text, room, "%s", whole ? whole : name);
    free(whole);
    return true;
}

static const char *const kinds[] = {"measurement", "value", "file", NULL};
static bool (*const texts[])(struct session *, char *, size_t) = {measured_text, value_text,
                                                                  file_text};

static enum script_wait wait_offered(struct session *session, struct script_run *run,
                                     struct fault *fault)
{
    (void)run, (void)fault;
    return shell_offers(session->shell) ? WAIT_MET : WAIT_ON;
}

bool command_copy(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    char text[PATH_MAX > COPY_TEXT ? PATH_MAX : COPY_TEXT];
    int kind = 0;
    (void)reply;
    if (count && !value_choice(words[0], kinds, &kind))
        return command_refuse(fault, words[0], "measurement, value or file");
    bool found = texts[kind](session, text, sizeof text);
    for (int i = 1; !found && !count && kinds[i]; i++)
        found = texts[i](session, text, sizeof text);
    if (!found && kind)
        return fault_set(fault, FAULT_USAGE, "the pointer is on no sample of the page");
    if (!found)
        return fault_set(fault, FAULT_USAGE, "nothing has been measured on this page");
    shell_offer(session->shell, text, picture_can("a.png", NULL));
    scripts_wait(session, COPY_SECONDS, wait_offered);
    return true;
}

bool command_paste(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    (void)reply;
    if (count && strcmp(words[0], "primary"))
        return command_refuse(fault, words[0], "primary");
    shell_paste(session->shell, count > 0);
    return true;
}
