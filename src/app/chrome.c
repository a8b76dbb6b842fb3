/* The window's chrome: what the status line, the message line and the help say, and when they are
 * drawn. */
#include "session_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "base/clock.h"
#include "commands.h"
#include "state.h"
#include "ui/help.h"
#include "ui/messageline.h"
#include "values.h"

enum { MEASURE_MS = 400, MESSAGE_MS = 8000, MESSAGE_MARGIN = 8 };

static void set(struct session *session, enum status_field field, const char *text)
{
    session->status_changed |= statusline_set(&session->status, field, text);
}

/* A field whose points are those of numbers. */
static void set_number(struct session *session, enum status_field field, char *text)
{
    language_numbers(text);
    set(session, field, text);
}

/* The sample of the upright page under the pointer; false when it is not on the page. */
static bool pointed_sample(const struct session *session, int64_t *x, int64_t *y)
{
    const struct view *view = &session->scene.view;
    double image_x, image_y;
    if (!session->pointer.inside || !session->scene.open)
        return false;
    view_to_image(view, session->pointer.x + 0.5, session->pointer.y + 0.5, &image_x, &image_y);
    if (!(image_x >= 0 && image_y >= 0 && image_x < (double)view->page_width &&
          image_y < (double)view->page_height))
        return false;
    *x = (int64_t)floor(image_x);
    *y = (int64_t)floor(image_y);
    return true;
}

/* Whole numbers are told to the last digit. */
static void number(const struct scene *scene, double value, char *text, size_t room)
{
    if (isnan(value))
        snprintf(text, room, _("no data"));
    else
        snprintf(text, room, scene->page.integral ? "%.10g" : "%.6g", value);
}

static void value_text(const struct session *session, const double *values, const char *mark,
                       char *text, size_t room)
{
    const struct scene *scene = &session->scene;
    const struct modality *modality = &scene->modality;
    char stored[3][32];
    for (int i = 0; i < scene->page.channels; i++)
        number(scene, values[i], stored[i], sizeof stored[i]);
    if (scene->page.channels == 3)
        snprintf(text, room, "%s%s %s %s", mark, stored[0], stored[1], stored[2]);
    else if ((modality->slope == 1 && modality->intercept == 0) || isnan(values[0]))
        snprintf(text, room, "%s%s", mark, stored[0]);
    else
        snprintf(text, room, "%s%s = %.6g%s%s", mark, stored[0], scene_modality(scene, values[0]),
                 *scene->page.unit ? " " : "", scene->page.unit);
}

/* The stored value where it is known; the mean that is shown, marked as such, until then. */
static void update_value(struct session *session, int64_t x, int64_t y)
{
    char text[STATUS_TEXT] = "";
    double values[3];
    struct scene *scene = &session->scene;
    if (session->pointer.known && session->pointer.sample_x == x && session->pointer.sample_y == y)
        value_text(session, session->pointer.values, "", text, sizeof text);
    else if (frame_values(scene->frame, loader_arena(scene->loader), session->pointer.x,
                          session->pointer.y, values))
        value_text(session, values, view_reduction(&scene->view) ? "~" : "", text, sizeof text);
    set_number(session, STATUS_VALUE, text);
}

static void update_pointer(struct session *session)
{
    char text[96];
    int64_t x, y;
    if (!pointed_sample(session, &x, &y)) {
        set(session, STATUS_POSITION, "");
        set(session, STATUS_VALUE, "");
        return;
    }
    snprintf(text, sizeof text, _("x %" PRId64 "  y %" PRId64), x, y);
    set(session, STATUS_POSITION, text);
    update_value(session, x, y);
}

/* The rate asked for, and the one that is reached where that is another. */
static void cine_text(const struct session *session, char *text, size_t room)
{
    const struct cine *cine = &session->cine;
    double shown = cine_shown_rate(cine, clock_ms());
    if (shown > 0 && fabs(shown - cine->rate) > cine->rate / 10)
        snprintf(text, room, _("  cine %.3g/s, shown %.2g/s"), cine->rate, shown);
    else
        snprintf(text, room, _("  cine %.3g/s"), cine->rate);
    language_numbers(text);
}

static void update_note(struct session *session)
{
    char text[STATUS_TEXT], cut[64], place[STATUS_TEXT - sizeof cut];
    const struct scene *scene = &session->scene;
    place_text(&scene->page, place, sizeof place);
    text_cut_middle(file_name(session->files.names[session->shown]), *place ? 24 : 48, cut,
                    sizeof cut);
    size_t used = strlen(place);
    if (session->cine.on)
        cine_text(session, place + used, sizeof place - used);
    used = strlen(place);
    building_text(session, place + used, sizeof place - used);
    snprintf(text, sizeof text, "%s%s%s", cut, *place ? "\t" : "", place + strspn(place, " "));
    set(session, STATUS_NOTE, text);
}

static void update_nothing(struct session *session)
{
    static const enum status_field of_page[] = {STATUS_WINDOW, STATUS_LEVEL,    STATUS_ZOOM,
                                                STATUS_SOURCE, STATUS_POSITION, STATUS_VALUE};
    char cut[64];
    for (size_t i = 0; i < sizeof of_page / sizeof *of_page; i++)
        set(session, of_page[i], "");
    text_cut_middle(file_name(session->files.names[session->shown]), 48, cut, sizeof cut);
    set(session, STATUS_NOTE, cut);
}

void chrome_update(struct session *session)
{
    char text[96];
    const struct scene *scene = &session->scene;
    desk_update(session);
    if (!scene->open) {
        update_nothing(session);
        return;
    }
    set(session, STATUS_WARNING,
        scene->view.coarser            ? _("coarse: memory limit")
        : session->options->no_sandbox ? _("no sandbox")
                                       : "");
    snprintf(text, sizeof text, _("W %.6g"), scene->window.width);
    set_number(session, STATUS_WINDOW, text);
    snprintf(text, sizeof text, _("C %.6g"), scene->window.center);
    set_number(session, STATUS_LEVEL, text);
    snprintf(text, sizeof text, "%.4g %%", scene->view.zoom * 100);
    set_number(session, STATUS_ZOOM, text);
    scene_window_source(scene, TOLD_PEOPLE, text, sizeof text);
    set(session, STATUS_SOURCE, text);
    update_pointer(session);
    update_note(session);
}

void chrome_pointer(struct session *session, const struct input *input)
{
    int64_t x, y;
    const struct view *view = &session->scene.view;
    session->pointer.inside = input->kind != INPUT_LEAVE && input->x >= 0 && input->y >= 0 &&
                              input->x < view->width && input->y < view->height;
    session->pointer.x = input->x;
    session->pointer.y = input->y;
    if (!pointed_sample(session, &x, &y)) {
        update_pointer(session);
        return;
    }
    if (x != session->pointer.sample_x || y != session->pointer.sample_y)
        session->pointer.known = false;
    session->pointer.sample_x = x;
    session->pointer.sample_y = y;
    view_to_stored(view, x, y, &session->pointer.stored_x, &session->pointer.stored_y);
    if (!session->pointer.known && view_reduction(view) > 0)
        loader_probe(session->scene.loader, session->pointer.stored_x, session->pointer.stored_y);
    update_pointer(session);
}

void chrome_probed(struct session *session, int64_t x, int64_t y, const double *values)
{
    if (x != session->pointer.stored_x || y != session->pointer.stored_y)
        return;
    session->pointer.known = true;
    memcpy(session->pointer.values, values, sizeof session->pointer.values);
    update_pointer(session);
}

void chrome_draw_status(struct session *session)
{
    if (shell_panel_shown(session->shell, PANEL_STATUS) &&
        (session->status_changed || session->status_exposed))
        statusline_draw(&session->status, shell_canvas(session->shell, PANEL_STATUS),
                        session->status_exposed);
    session->status_changed = session->status_exposed = false;
    shell_flush(session->shell);
}

void chrome_draw_panel(struct session *session, enum panel panel)
{
    switch (panel) {
    case PANEL_MENU:
    case PANEL_TOOLS:
    case PANEL_SIDE:
    case PANEL_FILES:
    case PANEL_PULLDOWN:
        desk_draw(session, panel);
        break;
    case PANEL_STATUS:
        session->status_exposed = true;
        return;
    case PANEL_MESSAGE:
        messageline_draw(shell_canvas(session->shell, panel), session->message);
        break;
    case PANEL_HUD:
        watch_draw(session);
        break;
    case PANEL_HELP:
        help_draw(shell_canvas(session->shell, panel), command_table, &session->keymap);
        break;
    case PANEL_DIALOG:
        choosing_draw(session);
        return;
    case PANELS:
        return;
    }
    shell_flush(session->shell);
}

static void place_help(struct session *session)
{
    int width, height;
    const struct view *view = &session->scene.view;
    help_size(shell_canvas(session->shell, PANEL_HELP), command_table, &session->keymap,
              view->width, view->height, &width, &height);
    shell_place_panel(
        session->shell, PANEL_HELP,
        (struct rect){(view->width - width) / 2, (view->height - height) / 2, width, height});
}

static void place_message(struct session *session)
{
    int width = session->scene.view.width - 2 * MESSAGE_MARGIN;
    if (width < 64)
        return;
    int height =
        messageline_height(shell_canvas(session->shell, PANEL_MESSAGE), session->message, width);
    shell_place_panel(session->shell, PANEL_MESSAGE,
                      (struct rect){MESSAGE_MARGIN, MESSAGE_MARGIN, width, height});
}

void chrome_layout(struct session *session)
{
    if (shell_panel_shown(session->shell, PANEL_HELP))
        place_help(session);
    if (shell_panel_shown(session->shell, PANEL_MESSAGE))
        place_message(session);
    watch_place(session);
    desk_layout(session);
    session->status_exposed = true;
}

void session_toggle_help(struct session *session)
{
    if (shell_panel_shown(session->shell, PANEL_HELP))
        shell_hide_panel(session->shell, PANEL_HELP);
    else
        place_help(session);
    shell_flush(session->shell);
}

static void hide_message(void *context)
{
    struct session *session = context;
    shell_hide_panel(session->shell, PANEL_MESSAGE);
    watch_place(session);
    shell_flush(session->shell);
}

void chrome_show_message(struct session *session)
{
    if (!session->shell || !session->message[0])
        return;
    bool shown = shell_panel_shown(session->shell, PANEL_MESSAGE);
    shell_letters(session->shell, session->message);
    place_message(session);
    if (shown)
        chrome_draw_panel(session, PANEL_MESSAGE);
    watch_place(session);
    shell_flush(session->shell);
    loop_timer(&session->loop, MESSAGE_MS, hide_message, session);
}

void session_message(struct session *session, const char *text)
{
    snprintf(session->message, sizeof session->message, "%s", text);
    session->message_old = false;
    chrome_show_message(session);
}

void session_forget_message(struct session *session)
{
    session->message[0] = 0;
    session->message_old = false;
    loop_timer_cancel(&session->loop, hide_message, session);
    if (session->shell && shell_panel_shown(session->shell, PANEL_MESSAGE))
        hide_message(session);
}

static void measure(void *context)
{
    struct session *session = context;
    loader_rest(session->scene.loader);
    relief_note(session, (size_t)watch_take(session)->footprint * 1024);
    watch_later(session);
}

/* When the viewer has come to rest the decoders rest too, and the footprint is read; never within a
 * frame. */
void chrome_measure_later(struct session *session)
{
    loop_timer(&session->loop, MEASURE_MS, measure, session);
}
