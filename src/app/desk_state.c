/* What the items of menus and tool row say of themselves: see desk.h. A row for each command whose
 * items can be on; for others whether they can be chosen. */
#include <string.h>

#include "desk.h"
#include "session_parts.h"
#include "tone/preset.h"
#include "values.h"

static bool zoom_on(const struct session *session, const char *argument)
{
    const struct view *view = &session->scene.view;
    if (!strcmp(argument, "fit"))
        return view->mode == VIEW_FIT;
    if (!strcmp(argument, "fill"))
        return view->mode == VIEW_FILL;
    return !strcmp(argument, "1") && view->mode == VIEW_FREE && view->zoom == 1;
}

static bool auto_on(const struct session *session, const char *argument)
{
    return !*argument && session->scene.from == FROM_AUTO;
}

static bool preset_on(const struct session *session, const char *argument)
{
    const struct scene *scene = &session->scene;
    if (!strcmp(argument, "file"))
        return scene->from == FROM_FILE;
    return scene->from == FROM_PRESET && scene->preset && !strcmp(scene->preset->name, argument);
}

static bool voi_on(const struct session *session, const char *argument)
{
    return !strcmp(voi_name(session->scene.window.voi), argument);
}

static bool invert_on(const struct session *session, const char *argument)
{
    (void)argument;
    return session->scene.window.invert;
}

static bool gamma_on(const struct session *session, const char *argument)
{
    const struct window *window = &session->scene.window;
    double power;
    return value_gamma(argument, &power) && power == (window_bends(window) ? window->gamma : 1);
}

static bool colormap_on(const struct session *session, const char *argument)
{
    return !strcmp(colormap_names[session->scene.window.map], argument);
}

static bool cine_on(const struct session *session, const char *argument)
{
    (void)argument;
    return session->cine.on;
}

static bool wheel_on(const struct session *session, const char *argument)
{
    return !strcmp(wheel_uses[session->wheel], argument);
}

static bool page_window_on(const struct session *session, const char *argument)
{
    return !strcmp(page_windows[session->scene.each_window], argument);
}

static bool lock_on(const struct session *session, const char *argument)
{
    (void)argument;
    return session->scene.locked;
}

static bool histogram_on(const struct session *session, const char *argument)
{
    (void)argument;
    return session->desk.log;
}

static bool memory_on(const struct session *session, const char *argument)
{
    (void)argument;
    return watch_shown(session);
}

static bool chrome_on(const struct session *session, const char *argument)
{
    static const struct {
        const char *word;
        unsigned part;
    } parts[] = {{"menu", LAYOUT_MENU},
                 {"tools", LAYOUT_TOOLS},
                 {"panel", LAYOUT_SIDE},
                 {"files", LAYOUT_FILES},
                 {"status", LAYOUT_STATUS}};
    unsigned shown = shell_parts(session->shell);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strcmp(parts[i].word, argument))
            return shown & parts[i].part;
    return !shown;
}

static bool fullscreen_on(const struct session *session, const char *argument)
{
    (void)argument;
    return shell_is_fullscreen(session->shell);
}

static bool scheme_on(const struct session *session, const char *argument)
{
    return !strcmp(desk_schemes[session->desk.scheme], argument);
}

static bool tool_on(const struct session *session, const char *argument)
{
    const struct tool *tool = session->tool ? session->tool : tools;
    return !strcmp(tool->name, argument);
}

static bool overlay_on(const struct session *session, const char *argument)
{
    unsigned parts = 0;
    return overlay_parse(argument, &parts) && (session->overlay.shown & parts) == parts;
}

static bool several_files(const struct session *session)
{
    return session->files.count > 1;
}

static bool a_page(const struct session *session)
{
    return session->scene.open;
}

static bool a_gray_page(const struct session *session)
{
    return session->scene.open && session->scene.page.channels == 1;
}

static bool several_pages(const struct session *session)
{
    const struct page *page = &session->scene.page;
    bool axes = false;
    for (int i = 0; i < PAGE_AXES; i++)
        axes |= page->axis_extent[i] > 1;
    return session->scene.open && (page->count > 1 || page->counting || axes);
}

static bool several_channels(const struct session *session)
{
    const struct page *page = &session->scene.page;
    return session->scene.open && (page->axis_extent[AXIS_CHANNEL] > 1 || page->samples > 1);
}

static bool several_series(const struct session *session)
{
    return session->scene.open && session->scene.page.series_count > 1;
}

static bool recent_files(const struct session *session)
{
    return recent_count(&session->recent) > 0;
}

static const struct about {
    const char *command;
    bool (*on)(const struct session *session, const char *argument);
    bool (*sensitive)(const struct session *session);
} rows[] = {
    {"zoom", zoom_on, a_page},
    {"rotate", NULL, a_page},
    {"flip", NULL, a_page},
    {"reset", NULL, a_page},
    {"auto", auto_on, a_page},
    {"preset", preset_on, a_page},
    {"voi", voi_on, a_page},
    {"invert", invert_on, a_page},
    {"gamma", gamma_on, a_page},
    {"colormap", colormap_on, a_gray_page},
    {"stack", NULL, several_pages},
    {"cine", cine_on, several_pages},
    {"channel", NULL, several_channels},
    {"series", NULL, several_series},
    {"file", NULL, several_files},
    {"recent", NULL, recent_files},
    {"copy", NULL, a_page},
    {"overviews", NULL, a_page},
    {"wheel", wheel_on, NULL},
    {"page-window", page_window_on, NULL},
    {"lock", lock_on, NULL},
    {"histogram", histogram_on, NULL},
    {"memory", memory_on, NULL},
    {"chrome", chrome_on, NULL},
    {"fullscreen", fullscreen_on, NULL},
    {"scheme", scheme_on, NULL},
    {"tool", tool_on, NULL},
    {"overlay", overlay_on, NULL},
    {"clear", NULL, a_page},
};

enum menu_state desk_state(void *context, const struct menu_item *item)
{
    const struct session *session = context;
    const char *argument = item->script + strlen(item->command->name);
    argument += *argument == ' ';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].command, item->command->name))
            continue;
        if (rows[i].sensitive && !rows[i].sensitive(session))
            return MENU_INSENSITIVE;
        return rows[i].on && rows[i].on(session, argument) ? MENU_ON : MENU_OFF;
    }
    return MENU_OFF;
}
