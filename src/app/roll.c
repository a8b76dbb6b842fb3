/* The files beside the one shown: see roll.h. */
#include "roll.h"

#include <stdio.h>
#include <string.h>

#include "session_parts.h"
#include "state.h"

/* ---- which files ---- */

static const char *path_shown(const struct session *session)
{
    return session->files.names[session->shown];
}

/* The folder of the file shown, with a '/' behind it; "" is the one that the viewer runs in. */
static void folder_shown(const struct session *session, char *path, size_t room)
{
    const char *shown = path_shown(session);
    snprintf(path, room, "%.*s", (int)(file_name(shown) - shown), shown);
}

/* As the user would name it, so that files are found among those named before. */
static bool path_in(const struct folder *folder, const char *name, char path[PATH_MAX])
{
    int used = snprintf(path, PATH_MAX, "%s%s", folder->filter, name);
    return used > 0 && used < PATH_MAX;
}

static int count_of(const struct session *session)
{
    const struct roll *roll = &session->roll;
    return roll->given ? session->files.count : roll->folder.count[FOLDER_FILES];
}

static int index_shown(const struct session *session)
{
    const struct roll *roll = &session->roll;
    return roll->given ? session->shown
                       : folder_find(&roll->folder, file_name(path_shown(session)));
}

static bool path_of(const struct session *session, int index, char path[PATH_MAX])
{
    const struct roll *roll = &session->roll;
    if (!roll->given)
        return path_in(&roll->folder, folder_name(&roll->folder, FOLDER_FILES, index), path);
    int used = snprintf(path, PATH_MAX, "%s", session->files.names[index]);
    return used > 0 && used < PATH_MAX;
}

/* ---- the panel ---- */

static struct canvas *canvas_of(const struct session *session)
{
    return shell_canvas(session->shell, PANEL_FILES);
}

static bool is_seen(const struct session *session)
{
    return session->shell && shell_panel_shown(session->shell, PANEL_FILES);
}

static void describe_cell(void *context, int index, struct filmstrip_cell *cell)
{
    struct session *session = context;
    static char path[PATH_MAX];
    const struct thumb *thumb = NULL;
    if (path_of(session, index, path))
        thumb = thumbs_find(&session->thumbs, path);
    cell->name = file_name(path);
    cell->levels = thumb ? thumb->levels : NULL;
    cell->trouble = thumb ? thumb->trouble : "";
}

void roll_draw(struct session *session, bool whole)
{
    if (!is_seen(session))
        return;
    filmstrip_draw(&session->roll.strip, canvas_of(session), whole);
    shell_flush(session->shell);
}

bool roll_wants(struct session *session, char path[PATH_MAX])
{
    struct roll *roll = &session->roll;
    bool listed = is_seen(session) && !session->relief.resting;
    int first, seen = listed ? filmstrip_seen(&roll->strip, canvas_of(session), &first) : 0;
    for (int i = 0; i < seen; i++)
        if (path_of(session, first + i, path) && !thumbs_find(&session->thumbs, path))
            return true;
    return false;
}

static void take_names(struct session *session)
{
    filmstrip_set(&session->roll.strip, canvas_of(session), count_of(session),
                  index_shown(session));
    thumbs_turn(&session->thumbs);
}

static void folder_came(void *context)
{
    struct session *session = context;
    if (session->roll.folder.reading || !is_seen(session))
        return;
    take_names(session);
    roll_draw(session, false);
}

/* Read anew where the file shown lies elsewhere, or is not among them. */
void roll_update(struct session *session)
{
    struct roll *roll = &session->roll;
    char folder[PATH_MAX];
    if (!is_seen(session)) {
        folder_clear(&roll->folder);
        roll->folder.filter[0] = roll->strip.count = 0;
        return;
    }
    folder_shown(session, folder, sizeof folder);
    bool here = !strcmp(folder, roll->folder.filter) && roll->folder.path[0];
    if (roll->given || (here && index_shown(session) >= 0)) {
        take_names(session);
    } else if (!roll->folder.reading || strcmp(folder, roll->folder.filter) != 0) {
        filmstrip_set(&roll->strip, canvas_of(session), 0, -1);
        folder_read(&roll->folder, folder, NULL);
    }
    roll_draw(session, false);
}

void roll_focus(struct session *session, bool on)
{
    if (!is_seen(session))
        return;
    filmstrip_focus(&session->roll.strip, canvas_of(session), on);
    thumbs_turn(&session->thumbs);
    roll_draw(session, false);
}

static void open_chosen(struct session *session)
{
    char path[PATH_MAX];
    struct fault fault;
    if (path_of(session, session->roll.strip.row, path) && strcmp(path, path_shown(session)) != 0 &&
        !session_open_path(session, path, &fault))
        session_message(session, fault.text);
}

static void again(void *context)
{
    struct session *session = context;
    struct filmstrip *strip = &session->roll.strip;
    if (!is_seen(session) || !filmstrip_repeats(strip))
        return;
    if (filmstrip_again(strip, canvas_of(session))) {
        thumbs_turn(&session->thumbs);
        roll_draw(session, false);
    }
    loop_timer(&session->loop, SCROLLBAR_NEXT_MS, again, session);
}

bool roll_input(struct session *session, const struct input *input)
{
    enum filmstrip_answer answer = filmstrip_input(&session->roll.strip, input, canvas_of(session));
    if (input->kind == INPUT_PRESS && filmstrip_repeats(&session->roll.strip))
        loop_timer(&session->loop, SCROLLBAR_FIRST_MS, again, session);
    if (answer == FILMSTRIP_CHOSE)
        open_chosen(session);
    if (answer == FILMSTRIP_CHOSE || answer == FILMSTRIP_CHANGED) {
        thumbs_turn(&session->thumbs);
        roll_draw(session, false);
    }
    return answer != FILMSTRIP_NOT_MINE;
}

/* ---- the next in the folder ---- */

/* Where one goes from the file shown; where that is not among them, from where it would be. */
static int64_t place_beside(const struct session *session)
{
    const struct roll *roll = &session->roll;
    const struct folder *folder = &roll->beside;
    const char *shown = file_name(path_shown(session));
    int count = folder->count[FOLDER_FILES], at = folder_find(folder, shown), below = 0;
    if (roll->step == INT_MIN || roll->step == INT_MAX)
        return roll->step == INT_MIN ? 0 : count - 1;
    if (at >= 0)
        return (int64_t)at + roll->step;
    while (below < count && files_compare(folder_name(folder, FOLDER_FILES, below), shown) < 0)
        below++;
    return (int64_t)below + roll->step - (roll->step > 0);
}

static bool open_beside(struct session *session, struct fault *fault)
{
    struct roll *roll = &session->roll;
    char path[PATH_MAX];
    int64_t to = place_beside(session);
    if (roll->beside.trouble[0])
        return fault_set(fault, FAULT_FILE, "%s", roll->beside.trouble);
    if (to < 0 || to >= roll->beside.count[FOLDER_FILES])
        return fault_set(fault, FAULT_USAGE, "there is no further file in the directory");
    return path_in(&roll->beside, folder_name(&roll->beside, FOLDER_FILES, (int)to), path) &&
           (!strcmp(path, path_shown(session)) || session_open_path(session, path, fault));
}

static void beside_came(void *context)
{
    struct session *session = context;
    struct roll *roll = &session->roll;
    if (roll->beside.reading)
        return;
    roll->fault = (struct fault){.kind = FAULT_NONE};
    open_beside(session, &roll->fault);
    roll->looking = false;
    roll->step = 0;
    folder_clear(&roll->beside);
}

bool roll_step(struct session *session, int step, struct fault *fault)
{
    struct roll *roll = &session->roll;
    char folder[PATH_MAX];
    bool to_end = step == INT_MIN || step == INT_MAX;
    roll->step =
        to_end || roll->step == INT_MIN || roll->step == INT_MAX ? step : roll->step + step;
    if (roll->looking)
        return true;
    folder_shown(session, folder, sizeof folder);
    roll->looking = folder_read(&roll->beside, folder, fault);
    return roll->looking;
}

/* ---- life ---- */

void roll_begin(struct session *session)
{
    struct roll *roll = &session->roll;
    roll->given = session->files.count > 1 || session->options->follow;
    filmstrip_init(&roll->strip, describe_cell, session);
    folder_init(&roll->folder, &session->loop, folder_came, session);
    folder_init(&roll->beside, &session->loop, beside_came, session);
}

void roll_end(struct session *session)
{
    folder_fini(&session->roll.folder);
    folder_fini(&session->roll.beside);
}
