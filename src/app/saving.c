/* What the dialog saves: see saving.h. Owns nothing. */
#include "saving.h"

#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "picture.h"
#include "session_parts.h"
#include "state.h"

static const char *const commands[] = {
    [SAVING_SCREENSHOT] = "screenshot", [SAVING_RENDER] = "render", [SAVING_EXPORT] = "export"};

const char *saving_title(enum saving_kind kind)
{
    return kind == SAVING_SCREENSHOT ? _("Save what the window shows - xlightbox")
           : kind == SAVING_RENDER   ? _("Save the view - xlightbox")
                                     : _("Save stored samples - xlightbox");
}

const char *saving_ending(enum saving_kind kind)
{
    return kind != SAVING_EXPORT && picture_can("a.png", NULL) ? ".png" : ".tif";
}

void saving_name(const struct session *session, enum saving_kind kind, char *name, size_t room)
{
    static const char *const parts[] = {
        [SAVING_SCREENSHOT] = "-window", [SAVING_RENDER] = "-view", [SAVING_EXPORT] = "-samples"};
    const struct page *page = &session->scene.page;
    const char *shown = file_name(session->files.names[session->shown]);
    char number[16] = "";
    if (session->scene.open && page->count > 1)
        snprintf(number, sizeof number, "-%d", page->index + 1);
    snprintf(name, room, "%.*s%s%s%s", file_stem(shown), shown, number, parts[kind],
             saving_ending(kind));
}

/* A file that is there needs no message. */
static void answer(struct session *session, struct script_run *run)
{
    if (!run->good)
        session_message(session, run->fault.text);
}

/* A word of a script that is this text. */
static bool quote(const char *text, char *word, size_t room)
{
    size_t used = 0;
    for (const char *at = text; *at && used + 3 < room; at++) {
        if (*at == '"' || *at == '\\')
            word[used++] = '\\';
        word[used++] = *at;
    }
    word[used] = 0;
    return used + 3 < room;
}

bool saving_start(struct session *session, struct saving *saving, const char *path,
                  struct fault *fault)
{
    static const struct script_asker asker = {answer, false, false};
    char word[COMMAND_LENGTH], script[COMMAND_LENGTH + 32];
    bool again = !strcmp(saving->doubted, path);
    if (saving->kind != SAVING_EXPORT && !picture_can(path, fault))
        return false;
    if (!picture_place_free(path, again, fault)) {
        snprintf(saving->doubted, sizeof saving->doubted, "%s", path);
        return fault_set(fault, FAULT_USAGE, _("It is there already: OK once more replaces it."));
    }
    if (!quote(path, word, sizeof word))
        return fault_set(fault, FAULT_USAGE, _("The name is too long."));
    snprintf(script, sizeof script, "%s \"%s\"%s", commands[saving->kind], word,
             again ? " force" : "");
    return scripts_start(session, script, &asker, 0, fault);
}
