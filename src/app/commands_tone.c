/* Handlers of commands about the tone that are more than a number: windows of regions, the lock.
 * See commands_parts.h. */
#include "commands_parts.h"

#include <string.h>

#include "base/language.h"
#include "presets.h"
#include "session_parts.h"
#include "values.h"

/* ---- auto ---- */

static enum script_wait wait_region(struct session *session, struct script_run *run,
                                    struct fault *fault)
{
    const struct regional *regional = &session->regional;
    if (regional->answered < run->frame)
        return WAIT_ON;
    if (!regional->good)
        *fault = regional->fault;
    return regional->good ? WAIT_MET : WAIT_FAILED;
}

/* Done when the window is there. */
bool command_auto(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    struct area region = {0, 0, 0, 0};
    (void)reply;
    if (count == 0) {
        scene_auto(&session->scene);
        session_tone_changed(session);
        return true;
    }
    if (!strcmp(words[0], "view"))
        region = regional_seen(session);
    else if (!value_area(words[0], &region))
        return command_refuse(fault, words[0], "view or X,Y,WxH");
    if (!regional_ask(session, region, fault))
        return false;
    scripts_wait(session, 0, wait_region)->frame = session->regional.asked;
    return true;
}

/* ---- presets ---- */

static void warn_of_units(struct session *session)
{
    if (desk_lacks_units(session))
        session_message(session, _("This preset is in Hounsfield units, and the file's values are "
                                   "unsigned: name their offset with --rescale 1,-1024 (or what "
                                   "holds for it)."));
}

static bool use_preset(struct session *session, const char *name, struct fault *fault)
{
    const struct preset *preset = presets_find(name);
    if (!preset)
        return command_refuse(fault, name, "a preset");
    scene_use_preset(&session->scene, preset);
    session_tone_changed(session);
    if (preset_find(name))
        warn_of_units(session);
    return true;
}

static bool use_file(struct session *session, struct fault *fault)
{
    struct scene *scene = &session->scene;
    if (!scene->open || !scene_use_file(scene))
        return fault_set(fault, FAULT_USAGE, "the file names no window");
    session_tone_changed(session);
    return true;
}

static void list_presets(struct reply *reply)
{
    for (const struct preset *preset = presets; preset->name; preset++)
        reply_add(reply, "%s %g %g HU\n", preset->name, preset->width, preset->center);
    for (int i = 0; i < PRESETS_OWN; i++) {
        const struct own_preset *own = presets_own(i);
        if (own->used)
            reply_add(reply, "%s %g %g %s\n", own->name, own->preset.width, own->preset.center,
                      own->unit);
    }
}

static bool edit_presets(struct session *session, char **words, struct fault *fault)
{
    struct scene *scene = &session->scene;
    const struct preset *old = presets_find(words[1]);
    bool delete = !strcmp(words[0], "delete");
    if (!delete &&strcmp(words[0], "save"))
        return command_refuse(fault, words[0], "save or delete");
    if (!delete &&!scene->open)
        return fault_set(fault, FAULT_USAGE, "no file is open");
    bool good = delete ? presets_delete(words[1], fault)
                       : presets_save(words[1], scene->window.width, scene->window.center,
                                      scene->page.unit, fault);
    if (good && old && scene->preset == old && scene->from == FROM_PRESET)
        scene_use_window(scene, scene->window.width, scene->window.center);
    if (good && !delete)
        scene_use_preset(scene, presets_find(words[1]));
    session_tone_changed(session);
    return good;
}

bool command_preset(void *context, int count, char **words, struct reply *reply,
                    struct fault *fault)
{
    struct session *session = context;
    if (count == 2)
        return edit_presets(session, words, fault);
    if (!strcmp(words[0], "file"))
        return use_file(session, fault);
    if (strcmp(words[0], "list") != 0)
        return use_preset(session, words[0], fault);
    list_presets(reply);
    return true;
}

/* ---- the lock ---- */

bool command_lock(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    (void)reply;
    if (!command_switch(count, words, &session->scene.locked, fault))
        return false;
    desk_update(session);
    return true;
}
