/* The files of a window: those of the command line and, with --watch and --follow, what becomes of
 * them and what else comes. Owns the list and the eye on it (vigil.h). */
#include "session_parts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"

/* The file shown has changed. While it or another is still to come that one will be the new one. */
static void changed(struct session *session)
{
    struct fault fault;
    if (!session->options->watch || session->file_asked || !session->scene.placed)
        return;
    if (!session_reload(session, &fault))
        session_message(session, fault.text);
}

static void arrived(struct session *session, const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct fault fault;
    if (!files_join(folder, name, path, sizeof path) || !files_is_image(name) ||
        files_find(&session->files, path) >= 0)
        return;
    int place = files_add(&session->files, path, &fault);
    if (place < 0 || (session->shell && !session_open_file(session, place, 0, &fault)))
        session_message(session, fault.text);
}

static void came(void *context, const char *folder, const char *name)
{
    if (folder)
        arrived(context, folder, name);
    else
        changed(context);
}

/* The eye is on folders before they are read, lest one that comes meanwhile is missed. */
static bool watch_folders(struct session *session, struct fault *fault)
{
    const struct options *options = session->options;
    bool folders = false;
    for (int i = 0; options->follow && i < options->file_count; i++) {
        if (!files_is_folder(options->files[i]))
            continue;
        folders = true;
        if (!vigil_add_folder(&session->vigil, options->files[i]))
            return fault_set(fault, FAULT_USAGE, "--follow: more than %d folders",
                             VIGIL_FOLDERS - 1);
    }
    return folders || !options->follow ||
           fault_set(fault, FAULT_USAGE, "--follow: no folder is named");
}

/* There must be something to show; a folder without is a file that cannot be. */
static bool wait_for_one(struct session *session, struct fault *fault)
{
    const char *empty = session->options->follow ? NULL : session->files.empty;
    if (empty && session->files.count == 0)
        return fault_set(fault, FAULT_FILE, "%s: has no images in it", empty);
    if (empty)
        fprintf(stderr, _("xlightbox: %s: has no images in it\n"), empty);
    session->files_failed += empty != NULL;
    while (session->files.count == 0 && !session->loop.stopped)
        if (!loop_turn(&session->loop, -1, fault))
            return false;
    return !session->loop.stopped;
}

bool arrivals_begin(struct session *session, struct fault *fault)
{
    const struct options *options = session->options;
    if ((options->watch || options->follow) &&
        !vigil_init(&session->vigil, &session->loop, came, session, fault))
        return false;
    return watch_folders(session, fault) &&
           files_init(&session->files, options->files, options->file_count, fault) &&
           wait_for_one(session, fault);
}

void arrivals_end(struct session *session)
{
    vigil_fini(&session->vigil);
    files_fini(&session->files);
}

void arrivals_shown(struct session *session)
{
    if (session->options->watch)
        vigil_set_file(&session->vigil, session->files.names[session->shown]);
}
