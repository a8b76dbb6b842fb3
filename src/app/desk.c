/* The reading desk: see desk.h. What is done with which input, and when what is drawn. */
#include "desk.h"

#include <string.h>

#include "commands.h"
#include "session_parts.h"

const char *const desk_schemes[] = {"auto", "gray", "dark", NULL};

void desk_begin(struct session *session)
{
    struct desk *desk = &session->desk;
    menu_init(&desk->menu, command_table, &session->keymap, desk_state, session);
    desk->menu.more = recent_items;
    toolrow_init(&desk->tools, command_table, desk_state, session);
    tonepanel_init(&desk->tone);
    desk->held = PANELS;
    desk->log = true;
}

/* ---- drawing ---- */

static struct rect window_room(const struct session *session)
{
    struct rect room = {0, 0, 0, 0};
    shell_size(session->shell, &room.width, &room.height);
    return room;
}

void desk_draw(struct session *session, enum panel panel)
{
    struct desk *desk = &session->desk;
    struct canvas *canvas = shell_canvas(session->shell, panel);
    if (panel == PANEL_MENU)
        menu_draw_bar(&desk->menu, canvas, true);
    else if (panel == PANEL_TOOLS)
        toolrow_draw(&desk->tools, canvas, true);
    else if (panel == PANEL_SIDE)
        tonepanel_draw(&desk->tone, canvas, true);
    else if (panel == PANEL_FILES)
        roll_draw(session, true);
    else if (panel == PANEL_PULLDOWN)
        menu_draw_pulldown(&desk->menu, canvas, true);
}

/* The pull-down of another menu is drawn when it is exposed at its new place; where that makes no
 * exposure, here. */
static void draw_menu(struct session *session)
{
    struct desk *desk = &session->desk;
    struct shell *shell = session->shell;
    bool another = desk->menu.open != desk->menu.drawn_open;
    struct rect place =
        menu_pulldown(&desk->menu, shell_canvas(shell, PANEL_MENU), window_room(session));
    menu_draw_bar(&desk->menu, shell_canvas(shell, PANEL_MENU), false);
    if (rect_empty(place))
        shell_hide_panel(shell, PANEL_PULLDOWN);
    else if (another)
        shell_place_panel(shell, PANEL_PULLDOWN, place);
    if (!rect_empty(place))
        menu_draw_pulldown(&desk->menu, shell_canvas(shell, PANEL_PULLDOWN), another);
    shell_flush(shell);
}

static void draw_tools(struct session *session)
{
    if (!shell_panel_shown(session->shell, PANEL_TOOLS))
        return;
    toolrow_draw(&session->desk.tools, shell_canvas(session->shell, PANEL_TOOLS), false);
    shell_flush(session->shell);
}

static void draw_tone(struct session *session)
{
    if (!shell_panel_shown(session->shell, PANEL_SIDE))
        return;
    tonepanel_draw(&session->desk.tone, shell_canvas(session->shell, PANEL_SIDE), false);
    shell_flush(session->shell);
}

/* On a slow line each step counts: while the picture is a likeness that the hand moves over it, the
 * panel waits for the exact one. */
static bool tone_waits(const struct session *session)
{
    return session->by_hand && session->desk.held != PANEL_SIDE && !shell_exact(session->shell);
}

void desk_update(struct session *session)
{
    struct desk *desk = &session->desk;
    if (shell_panel_shown(session->shell, PANEL_TOOLS) && toolrow_refresh(&desk->tools))
        draw_tools(session);
    if (!shell_panel_shown(session->shell, PANEL_SIDE) || tone_waits(session))
        return;
    desk_look(session, &desk->tone.look);
    draw_tone(session);
}

void desk_opened(struct session *session)
{
    session->desk.histogram_known = false;
    roll_update(session);
}

static void close_menu(struct session *session)
{
    struct desk *desk = &session->desk;
    if (desk->menu.open < 0)
        return;
    menu_close(&desk->menu);
    draw_menu(session);
}

void desk_layout(struct session *session)
{
    struct desk *desk = &session->desk;
    if (session->desk.held == PANEL_MENU)
        session->desk.held = PANELS;
    close_menu(session);
    if (!shell_panel_shown(session->shell, PANEL_SIDE))
        desk->tone.focus = desk->tone.popped = -1;
    else
        tonepanel_laid(&desk->tone, shell_canvas(session->shell, PANEL_SIDE));
    if (!shell_panel_shown(session->shell, PANEL_FILES))
        session->roll.strip.focus = false;
    roll_update(session);
}

/* ---- what is shown ---- */

void desk_show(struct session *session, unsigned parts)
{
    close_menu(session);
    shell_show_parts(session->shell, parts);
    roll_update(session);
    desk_update(session);
    shell_flush(session->shell);
}

void desk_toggle(struct session *session)
{
    struct desk *desk = &session->desk;
    unsigned parts = shell_parts(session->shell);
    unsigned before = desk->parts_before ? desk->parts_before : (unsigned)LAYOUT_USUAL;
    if (parts)
        desk->parts_before = parts;
    desk_show(session, parts ? 0 : before);
}

enum shell_scheme desk_scheme_for(enum desk_scheme wish, bool full)
{
    return wish == DESK_DARK || (wish == DESK_AUTO && full) ? SCHEME_DARK : SCHEME_GRAY;
}

void desk_use_scheme(struct session *session)
{
    bool full = shell_is_fullscreen(session->shell);
    shell_use_scheme(session->shell, desk_scheme_for(session->desk.scheme, full));
    shell_flush(session->shell);
}

void desk_fullscreen(struct session *session, bool full)
{
    shell_fullscreen(session->shell, full);
    desk_use_scheme(session);
}

/* ---- input ---- */

static struct rect part_rect(const struct session *session, enum panel panel)
{
    const struct layout *layout = shell_layout_now(session->shell);
    static const struct rect none;
    return panel == PANEL_MENU     ? layout->menu
           : panel == PANEL_TOOLS  ? layout->tools
           : panel == PANEL_SIDE   ? layout->side
           : panel == PANEL_FILES  ? layout->files
           : panel == PANEL_STATUS ? layout->status
                                   : none;
}

static enum panel part_at(const struct session *session, int x, int y)
{
    for (int i = PANEL_MENU; i <= PANEL_STATUS; i++) {
        struct rect r = part_rect(session, (enum panel)i);
        if (rect_holds(r, x, y))
            return (enum panel)i;
    }
    return PANELS;
}

static bool ask_menu(struct session *session, const struct input *input)
{
    struct desk *desk = &session->desk;
    bool shown = shell_panel_shown(session->shell, PANEL_MENU);
    enum menu_answer answer = menu_input(
        &desk->menu, input, shell_canvas(session->shell, PANEL_MENU), window_room(session), shown);
    if (answer == MENU_CHANGED || answer == MENU_CHOSE)
        draw_menu(session);
    if (answer == MENU_CHOSE)
        askers_key(session, desk->menu.chosen);
    return answer != MENU_NOT_MINE;
}

static void ask_tools(struct session *session, const struct input *input)
{
    struct desk *desk = &session->desk;
    enum menu_answer answer =
        toolrow_input(&desk->tools, input, shell_canvas(session->shell, PANEL_TOOLS));
    if (answer == MENU_CHOSE)
        askers_key(session, desk->tools.chosen);
    if (answer == MENU_CHANGED || answer == MENU_CHOSE)
        draw_tools(session);
}

static void set_window(struct session *session)
{
    const struct tonepanel *panel = &session->desk.tone;
    scene_use_window(&session->scene, panel->width, panel->center);
    session_tone_changed(session);
    preview_note_hand(session);
}

static void set_power(struct session *session)
{
    session->scene.window.gamma = session->desk.tone.power;
    session_tone_changed(session);
    preview_note_hand(session);
}

static bool ask_tone(struct session *session, const struct input *input)
{
    struct tonepanel *panel = &session->desk.tone;
    enum tone_answer answer =
        tonepanel_input(panel, input, shell_canvas(session->shell, PANEL_SIDE));
    if (input->kind == INPUT_PRESS && panel->grip != TONE_NO_GRIP)
        preview_press(session);
    if (answer == TONE_WINDOW && session->scene.open)
        set_window(session);
    if (answer == TONE_POWER && session->scene.open)
        set_power(session);
    if (answer == TONE_SCRIPT)
        askers_key(session, panel->script);
    if (answer != TONE_NOT_MINE && answer != TONE_TOOK)
        draw_tone(session);
    return answer != TONE_NOT_MINE;
}

/* From the image to the side panel, the file list, and back, as far as they are shown. */
static void turn_focus(struct session *session)
{
    struct tonepanel *panel = &session->desk.tone;
    bool side = shell_panel_shown(session->shell, PANEL_SIDE);
    bool listed = session->roll.strip.focus, in_side = panel->focus >= 0;
    if (side)
        tonepanel_focus(panel, shell_canvas(session->shell, PANEL_SIDE), !in_side && !listed);
    roll_focus(session, !listed && (in_side || !side));
    draw_tone(session);
}

static bool key(struct session *session, const struct input *input)
{
    const struct tonepanel *panel = &session->desk.tone;
    if (ask_menu(session, input))
        return true;
    if (!strcmp(input->key, "F6")) {
        turn_focus(session);
        return true;
    }
    if (session->roll.strip.focus)
        return roll_input(session, input);
    return (panel->focus >= 0 || panel->popped >= 0) && ask_tone(session, input);
}

static void ask_part(struct session *session, enum panel part, const struct input *input)
{
    struct input within = *input;
    struct rect r = part_rect(session, part);
    within.x -= r.x;
    within.y -= r.y;
    if (part == PANEL_TOOLS)
        ask_tools(session, &within);
    else if (part == PANEL_SIDE)
        ask_tone(session, &within);
    else if (part == PANEL_FILES)
        roll_input(session, &within);
}

static void close_options(struct session *session)
{
    struct tonepanel *panel = &session->desk.tone;
    if (panel->popped < 0)
        return;
    panel->popped = -1;
    draw_tone(session);
}

/* What was pressed hears of the pointer until the button is let go. */
static bool mouse(struct session *session, const struct input *input)
{
    struct desk *desk = &session->desk;
    enum panel part = desk->held;
    if (desk->menu.open >= 0 || part == PANEL_MENU) {
        desk->held = PANELS;
        return ask_menu(session, input);
    }
    if (input->kind == INPUT_PRESS && part == PANELS) {
        part = part_at(session, input->x, input->y);
        if (input->button == 1)
            desk->held = part;
    }
    if (input->kind == INPUT_PRESS && part != PANEL_SIDE)
        close_options(session);
    if (part == PANELS)
        return false;
    if (part == PANEL_MENU)
        ask_menu(session, input);
    else
        ask_part(session, part, input);
    if (input->kind == INPUT_RELEASE && input->button == 1)
        desk->held = PANELS;
    return true;
}

bool desk_input(void *context, const struct input *input)
{
    struct session *session = context;
    return input->kind == INPUT_KEY ? key(session, input) : mouse(session, input);
}
