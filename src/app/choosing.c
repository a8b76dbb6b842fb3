/* The file selection dialog: see choosing.h. */
#include "choosing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/language.h"
#include "files.h"
#include "picture.h"
#include "session_parts.h"
#include "state.h"
#include "uris.h"

enum { FEW = 200 /* names that are drawn while more are read */ };

static const char above[] = "..";

/* ---- names ---- */

/* The folder above stands before the others. */
static bool has_above(const struct folder *folder)
{
    return folder->path[0] && strcmp(folder->path, "/") != 0;
}

static const char *folder_row(const void *context, int row)
{
    const struct folder *folder = context;
    int before = has_above(folder);
    return row < before ? above : folder_name(folder, FOLDER_FOLDERS, row - before);
}

static const char *file_row(const void *context, int row)
{
    return folder_name(context, FOLDER_FILES, row);
}

static bool saves(const struct choosing *choosing)
{
    return choosing->saving.kind != SAVING_NOTHING;
}

static char *left_at(struct choosing *choosing)
{
    return choosing->filters[saves(choosing)];
}

/* ---- drawing ---- */

static void draw(struct session *session, bool whole)
{
    struct shell *shell = session->shell;
    if (!session->choosing.open)
        return;
    filebox_draw(&session->choosing.box, shell_canvas(shell, PANEL_DIALOG), whole);
    shell_flush(shell);
}

void choosing_draw(struct session *session)
{
    draw(session, true);
}

/* ---- the small picture ---- */

bool choosing_wants(const struct session *session, char path[PATH_MAX])
{
    const struct choosing *choosing = &session->choosing;
    int row = choosing->box.files.row;
    return choosing->open && row >= 0 && row < choosing->folder.count[FOLDER_FILES] &&
           files_join(choosing->folder.path, folder_name(&choosing->folder, FOLDER_FILES, row),
                      path, PATH_MAX);
}

bool choosing_busy(const struct session *session)
{
    return (session->choosing.open && session->choosing.folder.reading) ||
           session->roll.folder.reading || thumbs_busy(&session->thumbs);
}

static void show_picture(struct session *session)
{
    char path[PATH_MAX];
    struct filebox *box = &session->choosing.box;
    const struct thumb *thumb =
        choosing_wants(session, path) ? thumbs_find(&session->thumbs, path) : NULL;
    filebox_set_picture(box, thumb ? thumb->levels : NULL, thumb ? thumb->trouble : "");
}

void choosing_pictured(struct session *session)
{
    if (!session->choosing.open)
        return;
    show_picture(session);
    draw(session, false);
}

/* ---- what is in the folder ---- */

/* A name that something is to be saved under goes along to another folder. */
static void set_place(struct session *session)
{
    struct choosing *choosing = &session->choosing;
    char text[sizeof *choosing->filters], name[PATH_MAX] = "";
    const struct folder *folder = &choosing->folder;
    const char *before = choosing->box.selection.text, *slash = strrchr(before, '/');
    if (!files_join(folder->path, folder->pattern, text, sizeof text))
        return;
    snprintf(left_at(choosing), sizeof text, "%s", text);
    filebox_set_filter(&choosing->box, text);
    if (saves(choosing) && slash && slash[1])
        snprintf(name, sizeof name, "%.*s", PATH_MAX - 1, slash + 1);
    else if (saves(choosing))
        saving_name(session, choosing->saving.kind, name, sizeof name);
    if (files_join(folder->path, name, text, sizeof text)) {
        filebox_set_selection(&choosing->box, text);
        choosing->box.selection.mark -= (int)strlen(name); /* to be typed over */
    }
    choosing->placed = true;
}

/* What there is, or why there is nothing. */
static void set_note(struct choosing *choosing)
{
    char text[FILEBOX_NOTE];
    const struct folder *folder = &choosing->folder;
    const int *count = folder->count;
    if (folder->left_out)
        snprintf(text, sizeof text,
                 _("directories: %d, files: %d, more than there is room for: %" PRId64),
                 count[FOLDER_FOLDERS], count[FOLDER_FILES], folder->left_out);
    else
        snprintf(text, sizeof text,
                 folder->pattern[0] ? _("directories: %d, files: %d")
                                    : _("directories: %d, images: %d"),
                 count[FOLDER_FOLDERS], count[FOLDER_FILES]);
    filebox_set_note(&choosing->box, folder->trouble[0] ? folder->trouble
                                     : folder->reading  ? _("reading ...")
                                                        : text);
}

static void file_chosen(struct session *session)
{
    char path[PATH_MAX];
    struct choosing *choosing = &session->choosing;
    if (choosing_wants(session, path))
        filebox_set_selection(&choosing->box, path);
    show_picture(session);
    thumbs_turn(&session->thumbs);
}

/* The file shown is chosen where it is among them. */
static void choose_shown(struct session *session)
{
    struct choosing *choosing = &session->choosing;
    struct canvas *canvas = shell_canvas(session->shell, PANEL_DIALOG);
    const char *shown = session->files.names[session->shown];
    int row = folder_find(&choosing->folder, file_name(shown));
    if (row < 0 || choosing->box.files.row >= 0)
        return;
    listbox_choose(&choosing->box.files, canvas, filebox_spot(canvas, FILEBOX_FILES), row);
    file_chosen(session);
}

static void folder_changed(void *context)
{
    struct session *session = context;
    struct choosing *choosing = &session->choosing;
    struct folder *folder = &choosing->folder;
    bool few = choosing->box.files.count < FEW;
    if (!choosing->placed && folder->path[0])
        set_place(session);
    if (folder->reading && !few)
        return;
    choosing->box.folders.count = has_above(folder) + folder->count[FOLDER_FOLDERS];
    choosing->box.files.count = folder->count[FOLDER_FILES];
    set_note(choosing);
    if (!folder->reading && !saves(choosing))
        choose_shown(session);
    draw(session, false);
}

static void read_folder(struct session *session, const char *filter)
{
    struct choosing *choosing = &session->choosing;
    struct fault fault;
    char copy[sizeof *choosing->filters];
    snprintf(copy, sizeof copy, "%s", filter);
    listbox_clear(&choosing->box.folders);
    listbox_clear(&choosing->box.files);
    choosing->placed = false;
    show_picture(session);
    bool good = folder_read(&choosing->folder, copy, &fault);
    set_note(choosing);
    if (!good)
        filebox_set_note(&choosing->box, fault.text);
    thumbs_turn(&session->thumbs);
    draw(session, false);
}

/* ---- opening and closing ---- */

/* The folder of the file shown, and its images, or what can be replaced there. */
static void usual_filter(const struct session *session, char *filter, size_t room)
{
    const struct choosing *choosing = &session->choosing;
    const char *shown = session->files.names[session->shown], *slash = strrchr(shown, '/');
    char here[PATH_MAX] = "";
    if (*shown != '/' && !getcwd(here, sizeof here))
        here[0] = 0;
    snprintf(filter, room, "%s%s%.*s%s%s", here, *shown == '/' ? "" : "/",
             slash ? (int)(slash + 1 - shown) : 0, shown, saves(choosing) ? "*" : "",
             saves(choosing) ? saving_ending(choosing->saving.kind) : "");
}

void choosing_open(struct session *session, enum saving_kind kind)
{
    struct choosing *choosing = &session->choosing;
    struct canvas *canvas = shell_canvas(session->shell, PANEL_DIALOG);
    struct dialog_wish wish = {.title = kind == SAVING_NOTHING ? _("Open a file - xlightbox")
                                                               : saving_title(kind)};
    if (choosing->saving.kind != kind)
        choosing_close(session);
    choosing->saving.kind = kind;
    choosing->saving.doubted[0] = 0;
    filebox_size(canvas, &wish.width, &wish.height);
    filebox_least(canvas, &wish.least_width, &wish.least_height);
    shell_open_dialog(session->shell, &wish);
    shell_flush(session->shell);
    if (choosing->open)
        return;
    choosing->open = true;
    filebox_init(&choosing->box, folder_row, file_row, &choosing->folder);
    if (saves(choosing))
        choosing->box.focus = FILEBOX_SELECTION;
    if (!left_at(choosing)[0])
        usual_filter(session, left_at(choosing), sizeof *choosing->filters);
    filebox_set_filter(&choosing->box, left_at(choosing));
    read_folder(session, left_at(choosing));
}

void choosing_close(void *context)
{
    struct session *session = context;
    struct choosing *choosing = &session->choosing;
    if (!choosing->open)
        return;
    choosing->open = false;
    folder_clear(&choosing->folder);
    shell_close_dialog(session->shell);
    shell_flush(session->shell);
    thumbs_turn(&session->thumbs);
}

void choosing_begin(struct session *session)
{
    folder_init(&session->choosing.folder, &session->loop, folder_changed, session);
}

void choosing_end(struct session *session)
{
    folder_fini(&session->choosing.folder);
}

/* ---- what is done with it ---- */

static void enter_above(struct session *session)
{
    struct choosing *choosing = &session->choosing;
    char filter[sizeof *choosing->filters];
    const char *path = choosing->folder.path, *slash = strrchr(path, '/');
    if (!slash)
        return;
    snprintf(filter, sizeof filter, "%.*s/%s", (int)(slash - path), path, choosing->folder.pattern);
    read_folder(session, filter);
}

static void enter(struct session *session, int row)
{
    struct choosing *choosing = &session->choosing;
    char path[PATH_MAX], filter[sizeof *choosing->filters];
    if (row == 0 && has_above(&choosing->folder))
        enter_above(session);
    else if (files_join(choosing->folder.path, folder_row(&choosing->folder, row), path,
                        sizeof path) &&
             files_join(path, choosing->folder.pattern, filter, sizeof filter))
        read_folder(session, filter);
}

/* The row of the folder that a path names; -1: none. */
static int folder_named(const struct choosing *choosing, const char *path)
{
    char other[PATH_MAX];
    for (int i = has_above(&choosing->folder); i < choosing->box.folders.count; i++)
        if (files_join(choosing->folder.path, folder_row(&choosing->folder, i), other,
                       sizeof other) &&
            !strcmp(path, other))
            return i;
    return -1;
}

/* What keeps it from being saved stands in the box. */
static void save(struct session *session, const char *path)
{
    struct choosing *choosing = &session->choosing;
    struct fault fault;
    if (saving_start(session, &choosing->saving, path, &fault)) {
        choosing_close(session);
        return;
    }
    filebox_set_note(&choosing->box, fault.text);
    draw(session, false);
}

/* A name without a folder is one of the folder shown. */
static void take_selection(struct session *session)
{
    struct choosing *choosing = &session->choosing;
    struct fault fault;
    char path[TEXTFIELD_ROOM];
    const char *text = choosing->box.selection.text;
    bool good = *text == '/' ? snprintf(path, sizeof path, "%s", text) > 0
                             : files_join(choosing->folder.path, text, path, sizeof path);
    int row = folder_named(choosing, path);
    if (!good)
        return;
    if (row >= 0) {
        enter(session, row);
    } else if (path[strlen(path) - 1] == '/') {
        read_folder(session, path);
    } else if (saves(choosing)) {
        save(session, path);
    } else {
        choosing_close(session);
        if (!session_open_path(session, path, &fault))
            session_message(session, fault.text);
    }
}

/* Names of files come as paths. */
bool choosing_given(struct session *session, enum shell_gift gift, const char *text)
{
    struct choosing *choosing = &session->choosing;
    struct fault fault;
    char path[PATH_MAX];
    const char *line;
    if (!choosing->pastes || (gift != GIFT_TEXT && gift != GIFT_FILES))
        return choosing->pastes = false;
    choosing->pastes = false;
    if (!choosing->open)
        return false;
    size_t length = uris_line(&text, gift == GIFT_FILES, &line);
    bool named = uris_path(line, length, gift == GIFT_FILES, path, sizeof path, &fault);
    filebox_paste(&choosing->box, gift == GIFT_FILES && named ? path : line);
    draw(session, false);
    return true;
}

static void again(void *context)
{
    struct session *session = context;
    struct choosing *choosing = &session->choosing;
    if (!choosing->open || !filebox_repeats(&choosing->box))
        return;
    if (filebox_again(&choosing->box, shell_canvas(session->shell, PANEL_DIALOG)))
        draw(session, false);
    loop_timer(&session->loop, SCROLLBAR_NEXT_MS, again, session);
}

static void set_repeat(struct session *session, const struct input *input)
{
    if (!filebox_repeats(&session->choosing.box))
        loop_timer_cancel(&session->loop, again, session);
    else if (input->kind == INPUT_PRESS)
        loop_timer(&session->loop, SCROLLBAR_FIRST_MS, again, session);
}

void choosing_input(void *context, const struct input *input)
{
    struct session *session = context;
    struct filebox *box = &session->choosing.box;
    char text[TEXTFIELD_ROOM];
    if (!session->choosing.open)
        return;
    enum filebox_answer answer =
        filebox_input(box, input, shell_canvas(session->shell, PANEL_DIALOG));
    set_repeat(session, input);
    switch (answer) {
    case FILEBOX_NOT_MINE:
    case FILEBOX_TOOK:
        return;
    case FILEBOX_CHANGED:
        break;
    case FILEBOX_CHOSE:
        file_chosen(session);
        break;
    case FILEBOX_FILTERED:
        thumbs_forget(&session->thumbs);
        read_folder(session, box->filter.text);
        return;
    case FILEBOX_ENTERED:
        enter(session, box->folders.row);
        return;
    case FILEBOX_UP:
        enter_above(session);
        return;
    case FILEBOX_OPENED:
        take_selection(session);
        return;
    case FILEBOX_CLOSED:
        choosing_close(session);
        return;
    case FILEBOX_COPIED:
        filebox_copy(box, text, sizeof text);
        shell_offer(session->shell, text, picture_can("a.png", NULL));
        return;
    case FILEBOX_PASTED:
    case FILEBOX_PASTED_CLICK:
        session->choosing.pastes = true;
        shell_paste(session->shell, answer == FILEBOX_PASTED_CLICK);
        break;
    }
    draw(session, false);
}
