/* What keys and the mouse do to the image, once menus and panels have left it to it: see
 * session_parts.h. */
#include <string.h>

#include "session_parts.h"

static struct gesture_stage stage_of(struct session *session)
{
    struct scene *scene = &session->scene;
    return (struct gesture_stage){.view = &scene->view,
                                  .window = &scene->window,
                                  .auto_width = scene->auto_width,
                                  .whole_numbers = scene_whole(scene),
                                  .flipped = scene_flipped(scene),
                                  .paged = stack_wheel_pages(session),
                                  .tool = session->tool,
                                  .map = &session->keymap};
}

/* Where the shape in the hand is, and the measurement that it was taken from. */
static void touch_draft(struct session *session)
{
    const struct measure *draft = &session->gesture.draft;
    const struct measure *taken = measuring_find(&session->measuring, draft->number);
    overlays_touch(session, draft);
    if (taken)
        overlays_touch(session, taken);
}

/* What was being drawn stays, as a measurement. */
static void shape_placed(struct session *session)
{
    struct fault fault;
    if (!measuring_reshape(session, &session->gesture.draft, &fault))
        session_message(session, fault.text);
}

static void key_pressed(struct session *session, const struct input *input)
{
    if (gesture_key(&session->gesture, input)) {
        touch_draft(session);
        return;
    }
    if (!strcmp(input->key, "Escape") && shell_panel_shown(session->shell, PANEL_HELP)) {
        session_toggle_help(session);
        return;
    }
    if (!strcmp(input->key, "Escape") && session->cine.on) {
        session_stop_cine(session);
        return;
    }
    const char *script = keymap_find(&session->keymap, input);
    if (script && *script)
        askers_key(session, script);
}

/* A click on the help or a message takes it away. */
static bool panel_pressed(struct session *session, const struct input *input)
{
    bool left = input->kind == INPUT_PRESS && input->button == 1;
    if (left && shell_panel_covers(session->shell, PANEL_HELP, input->x, input->y))
        session_toggle_help(session);
    else if (left && shell_panel_covers(session->shell, PANEL_MESSAGE, input->x, input->y))
        session_forget_message(session);
    else
        return false;
    return true;
}

static void mouse_used(struct session *session, const struct input *input)
{
    struct gesture_stage stage = stage_of(session);
    if (panel_pressed(session, input))
        return;
    if (input->kind == INPUT_PRESS && input->button == 1)
        preview_press(session);
    bool shown = session->overlay.shown >> OVERLAY_MEASUREMENTS & 1;
    if (input->kind == INPUT_PRESS && session->tool && shown)
        stage.under =
            measuring_under(session, session->tool->kind, input->x, input->y, &stage.corner);
    if (session->gesture.drafting)
        touch_draft(session);
    int changed = session->scene.open ? gesture_input(&session->gesture, input, &stage) : 0;
    if (session->gesture.drafting || changed & GESTURE_DRAFT)
        touch_draft(session);
    if (changed & GESTURE_PLACED)
        shape_placed(session);
    if (changed & GESTURE_BOX)
        regional_box(session);
    if (changed & GESTURE_PASTE)
        shell_paste(session->shell, true);
    if (changed & GESTURE_TONE) {
        scene_use_window(&session->scene, stage.window->width, stage.window->center);
        session_tone_changed(session);
    }
    if (changed & GESTURE_VIEW)
        session_view_changed(session);
    if (changed & (GESTURE_TONE | GESTURE_VIEW))
        preview_note_hand(session);
    if (input->kind == INPUT_MOTION || input->kind == INPUT_LEAVE)
        chrome_pointer(session, input);
    loupe_moved(session);
}

void hand_used(void *context, const struct input *input)
{
    struct session *session = context;
    if (input->kind == INPUT_KEY)
        key_pressed(session, input);
    else
        mouse_used(session, input);
}
