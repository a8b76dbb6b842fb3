/* One viewer: see session.h. Owns the loop, the scene, the connection and the window; decides what
 * happens on which event. */
#include "session_parts.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "base/clock.h"
#include "base/footprint.h"
#include "base/ledger.h"
#include "base/log.h"
#include "bindings.h"
#include "commands.h"
#include "presets.h"
#include "receiving.h"
#include "restart.h"
#include "signals.h"
#include "state.h"
#include "values.h"

enum { EXIT_SHOWN = 0, EXIT_NOT_SHOWN = 1, EXIT_NO_DISPLAY = 3 };

/* So long the window waits for the first page; then it comes without one. */
enum { FIRST_PAGE_MS = 1000 };

static void complain(const char *text)
{
    fprintf(stderr, "xlightbox: %s\n", text);
}

void session_view_changed(struct session *session)
{
    if (!session->view_changed)
        session->view_ms = clock_ms();
    /* Tiles are asked for before there is a frame: it may wait for them. */
    if (session->shell && shell_copies(session->shell))
        session->asked = false;
    session->view_changed = true;
    session->pointer.known = false;
}

void session_tone_changed(struct session *session)
{
    session->tone_changed = true;
    watch_count_window(session);
}

void session_quit(struct session *session)
{
    loop_stop(&session->loop);
}

void session_set_title(struct session *session)
{
    char title[400];
    const struct page *page = &session->scene.page;
    const char *name = file_name(session->files.names[session->shown]);
    if (session->scene.open)
        snprintf(title, sizeof title, "%s [%d/%d%s] - xlightbox", name, page->index + 1,
                 page->count, page->counting ? "+" : "");
    else
        snprintf(title, sizeof title, "%s - xlightbox", name);
    const char *asked = session->options->title
                            ? session->options->title
                            : resources_text(session->resources, "title", "Title");
    if (!session->shell)
        return;
    shell_title(session->shell, asked ? asked : title);
    session->status_exposed |= shell_letters(session->shell, name);
}

/* ---- files and pages ---- */

static bool open_file(struct session *session, int index, int step, struct fault *fault)
{
    if (index < 0 || index >= session->files.count)
        return fault_set(fault, FAULT_USAGE, "there is no further file");
    session_stop_cine(session);
    if (!scene_open(&session->scene, session->files.names[index], fault))
        return false;
    session->file = index;
    session->file_step = step;
    session->file_asked = session->asks_file = true;
    if (!session->scene.placed) {
        session->shown = index;
        session_set_title(session);
    }
    stack_note_opening(session);
    return true;
}

bool session_open_file(struct session *session, int index, int step, struct fault *fault)
{
    if (!open_file(session, index, step, fault))
        return false;
    session->message_old = true;
    return true;
}

bool session_open_path(struct session *session, const char *path, struct fault *fault)
{
    int place = files_find(&session->files, path);
    if (place < 0)
        place = files_add(&session->files, path, fault);
    return place >= 0 && session_open_file(session, place, 0, fault);
}

bool session_reload(struct session *session, struct fault *fault)
{
    session_stop_cine(session);
    if (!scene_reload(&session->scene, session->files.names[session->shown], fault))
        return false;
    session->measuring.renew = true;
    session->file = session->shown;
    session->file_step = 0;
    session->file_asked = session->asks_file = true;
    stack_note_opening(session);
    return true;
}

/* The file that was asked for cannot be shown: on to the next that way, else what was shown stays,
 * or is opened again where it had to go. False when nothing is or will be open. */
static bool open_another(struct session *session)
{
    struct fault fault;
    int step = session->file_step;
    bool was_shown = session->file == session->shown;
    session->file_asked = false;
    if (step && open_file(session, session->file + step, step, &fault))
        return true;
    session->file = session->shown;
    return session->scene.open ||
           (session->scene.placed && !was_shown && open_file(session, session->shown, 0, &fault));
}

static void opened(void *context)
{
    struct session *session = context;
    session->opening = session->file_asked = session->blank = false;
    preview_forget(session);
    if (session->frame)
        preview_note_hand(session); /* who pages sees likenesses where pictures take long */
    if (session->message_old)
        session_forget_message(session);
    session->shown = session->file;
    desk_opened(session);
    arrivals_shown(session);
    recent_note(session);
    measuring_opened(session);
    session->first = true;
    session->asked = false;
    session->opened_ms = clock_ms();
    if (!session->scene.alike)
        gesture_cancel(&session->gesture);
    session_view_changed(session);
    session->tone_changed = true;
    if (!session->scene.passing)
        session_set_title(session);
}

static void failed(void *context, const struct fault *fault)
{
    struct session *session = context;
    /* Cine comes to the same page again in each round. */
    if (!session->cine.on || strcmp(session->message, fault->text)) {
        complain(fault->text);
        session->files_failed += !(session->scene.misplaced && session->scene.placed);
        session_message(session, fault->text);
    }
    session->opening = false;
    if (!session->file_asked) {
        if (stack_failed(session))
            return;
        /* A page: the file stays open, the one shown too. Beyond the pages known is no further. */
        int32_t next = session->page + session->page_step;
        bool more = session->page_step && next < session->scene.page.count;
        if (!more || !session_open_page(session, next, session->page_step, NULL))
            session->refusals++;
        return;
    }
    bool another = open_another(session);
    session->refusals += !session->file_asked || !session->file_step;
    if (another)
        return;
    session->blank = true;
    session_set_title(session);
    if (!session->scene.placed)
        session_quit(session);
}

static void tile_came(void *context)
{
    struct session *session = context;
    session->tiles_came |= !session->writing;
}

static void toned(void *context)
{
    struct session *session = context;
    session->tone_changed = true;
}

static void probed(void *context, int64_t x, int64_t y, const double *values)
{
    chrome_probed(context, x, y, values);
}

static void pages_known(void *context)
{
    struct session *session = context;
    session_set_title(session);
    if (session->shell)
        chrome_update(session);
}

static const char reload_hint[] = N_(" (the file has changed: press F5 to read it anew)");

static void trouble(void *context, const struct fault *fault)
{
    struct session *session = context;
    char text[FAULT_TEXT + sizeof reload_hint];
    bool hint = loader_changed(session->scene.loader);
    complain(fault->text);
    snprintf(text, sizeof text, "%s%s", fault->text, hint ? _(reload_hint) : "");
    session_message(session, text);
    session->tiles_came = true;
}

static const struct scene_events scene_calls = {opened, failed,      tile_came, toned,
                                                probed, pages_known, NULL,      trouble};

/* ---- the window ---- */

static void resized(void *context)
{
    struct session *session = context;
    struct fault fault;
    if (!session->shell)
        return;
    const struct pixels *pixels = shell_pixels(session->shell);
    if (!pixels->base && relief_retry(session))
        return;
    if (!pixels->base) {
        session_message(session, _("There is no memory for a picture of this size."));
        return;
    }
    /* What was on its way lay in the buffer before. */
    session->preview.known = session->sending = false;
    scene_resize(&session->scene, pixels->width, pixels->height);
    if (session->scene.open && !scene_affords(&session->scene, &fault))
        session_message(session, fault.text);
    session_view_changed(session);
    chrome_layout(session);
}

/* Decoders are at work while the server is asked for more. */
static void placed(void *context, int width, int height)
{
    struct session *session = context;
    if (!session->scene.open)
        return;
    scene_resize(&session->scene, width, height);
    framing_begin_page(session);
}

static void exposed(void *context, struct rect rect)
{
    struct session *session = context;
    (void)rect; /* the shell sends it again */
    session->exposed = true;
}

static void panel_exposed(void *context, enum panel panel)
{
    chrome_draw_panel(context, panel);
}

static void acknowledged(void *context)
{
    (void)context; /* the turn goes on by itself: framing_turn asks for the fence */
}

static void command_came(void *context, const char *script, unsigned long window)
{
    askers_client(context, script, window);
}

static void closed(void *context)
{
    session_quit(context);
}

static void hidden(void *context, bool hidden_now)
{
    relief_hidden(context, hidden_now);
}

static void covered(void *context, bool covered_now)
{
    relief_covered(context, covered_now);
}

static const struct shell_events shell_calls = {
    hand_used,      desk_input,    resized,         exposed,      preview_levels, panel_exposed,
    acknowledged,   command_came,  hidden,          covered,      closed,         choosing_input,
    choosing_close, sharing_asked, receiving_given, restart_save, placed};

/* Xlib's contract: this must not return. The workers end when our end of their sockets closes. */
static void connection_lost(void *context)
{
    (void)context;
    complain(_("the X server is gone"));
    _Exit(EXIT_NO_DISPLAY);
}

/* ---- life ---- */

static void print_geometry(const struct session *session)
{
    char text[160];
    shell_geometry(session->shell, text, sizeof text);
    puts(text);
    fflush(stdout);
}

static void run_first_commands(struct session *session)
{
    struct fault fault;
    if (session->started || !session->announced_idle || shell_unanswered(session->shell))
        return;
    session->started = true;
    footprint_forget_start();
    if (session->options->print_geometry)
        print_geometry(session);
    askers_begin(session);
    if (session->options->cine > 0 && !session_play(session, &fault))
        session_message(session, fault.text);
}

static void silence(void *context)
{
    (void)context; /* the turn that follows tends to the others */
}

static void tend(struct session *session)
{
    int64_t due_ms = shell_tend(session->shell);
    if (due_ms >= 0)
        loop_timer(&session->loop, due_ms, silence, session);
}

static bool turn(void *context)
{
    struct session *session = context;
    bool more = true;
    while (session->shell && more && !session->loop.stopped) {
        more = shell_drain(session->shell);
        tend(session);
        stack_turn(session);
        framing_turn(session);
        run_first_commands(session);
        more |= measuring_turn(session);
        more |= regional_turn(session);
        more |= sharing_turn(session);
        more |= scripts_turn(session);
        more |= askers_turn(session);
    }
    /* Writing may have read events in, where poll(2) does not see them. */
    return session->shell && (session->writing_more || shell_queued(session->shell));
}

static void x_ready(void *context, short revents)
{
    (void)context, (void)revents; /* the turn's start takes the events */
}

/* The option, else the resource of that name, else the first choice. */
static int setting(const struct session *session, int given, const char *name, const char *class,
                   const char *const *choices)
{
    char text[128];
    int choice = 0;
    const char *word = resources_text(session->resources, name, class);
    if (given >= 0)
        return given;
    if (word && !value_choice(word, choices, &choice)) {
        snprintf(text, sizeof text, _("the resource %s: '%.60s' is none of its values"), name,
                 word);
        complain(text);
    }
    return choice;
}

/* Who gives the viewer a window to be in has no use for more than the status line, unless told. */
static int chrome_wish(const struct session *session)
{
    bool told = session->options->chrome >= 0 ||
                resources_text(session->resources, "chrome", "Chrome") != NULL;
    if (session->options->embed && !told)
        return CHROME_STATUS;
    return setting(session, session->options->chrome, "chrome", "Chrome", chromes);
}

static bool open_window(struct session *session, struct fault *fault)
{
    const struct options *given = session->options;
    static const unsigned parts[] = {
        [CHROME_ON] = LAYOUT_USUAL, [CHROME_STATUS] = LAYOUT_STATUS, [CHROME_OFF] = 0};
    struct shell_options options = {.transport = given->transport,
                                    .parts = given->kiosk ? 0 : parts[chrome_wish(session)],
                                    .kiosk = given->kiosk,
                                    .scheme = desk_scheme_for(session->desk.scheme, given->kiosk),
                                    .class = given->class,
                                    .embed = given->embed,
                                    .count = session->word_count,
                                    .words = session->words};
    session->shell =
        shell_new(session->connection, session->resources, &options, &shell_calls, session, fault);
    if (!session->shell)
        return false;
    if (pixel_format_deep(&shell_pixels(session->shell)->format))
        frame_deepen(session->scene.frame);
    resized(session);
    session_set_title(session);
    chrome_show_message(session);
    session->blank = !session->scene.open;
    return true;
}

static void first_page_is_late(void *context)
{
    struct session *session = context;
    session->late = true;
}

/* Where no file is one there is no need for a display. False without a fault: each was told of. */
static bool wait_for_file(struct session *session, struct fault *fault)
{
    while (loader_coming(session->scene.loader) && !session->late && !session->loop.stopped)
        if (!loop_turn(&session->loop, -1, fault))
            return false;
    return !session->loop.stopped;
}

/* What the resources say where the options do not; the first page may be there already. */
static void take_tone(struct session *session)
{
    char text[128];
    struct scene *scene = &session->scene;
    const char *word = resources_text(session->resources, "gamma", "Gamma");
    if (!session->options->gamma && word && !value_gamma(word, &scene->gamma)) {
        snprintf(text, sizeof text, _("the resource %s: '%.60s' is none of its values"), "gamma",
                 word);
        complain(text);
    }
    scene->map =
        (enum colormap)setting(session, session->options->has_map ? (int)session->options->map : -1,
                               "colormap", "Colormap", colormap_names);
    word = resources_text(session->resources, "presets", "Presets");
    if (word && !presets_take(word))
        complain(_("the resource presets: some are not NAME WIDTH CENTER [UNIT]"));
    presets_own(0); /* reads the file */
    if (presets_trouble())
        complain(presets_trouble());
    scene->window.gamma = scene->gamma;
    scene->window.map = scene->map;
}

static void take_settings(struct session *session)
{
    const struct options *options = session->options;
    session->wheel = (enum wheel_use)setting(session, options->wheel, "wheel", "Wheel", wheel_uses);
    session->desk.scheme = (enum desk_scheme)setting(session, -1, "scheme", "Scheme", desk_schemes);
    session->scene.each_window =
        setting(session, options->page_window, "pageWindow", "PageWindow", page_windows);
    session->scene.locked = setting(session, options->lock ? 1 : -1, "lock", "Lock", switches);
    take_tone(session);
    overlays_begin(session);
    recent_begin(session, setting(session, -1, "recent", "Recent", switches));
    bindings_take(session);
}

static bool wait_for_page(struct session *session, struct fault *fault)
{
    while (!session->scene.open && !session->late && !session->loop.stopped)
        if (!loop_turn(&session->loop, -1, fault))
            return false;
    loop_timer_cancel(&session->loop, first_page_is_late, session);
    return !session->loop.stopped;
}

static bool view_files(struct session *session, struct fault *fault)
{
    roll_begin(session);
    loop_timer(&session->loop, FIRST_PAGE_MS, first_page_is_late, session);
    if (!session_open_file(session, 0, 1, fault) || !wait_for_file(session, fault))
        return false;
    const struct connection_wish wish = {session->options->visual,
                                         session->options->private_colormap};
    session->connection = connection_open(resources_text(session->resources, "display", "Display"),
                                          &wish, connection_lost, session, fault);
    if (!session->connection) {
        session->exit_status = EXIT_NO_DISPLAY;
        return false;
    }
    resources_merge(session->resources, session->connection);
    take_settings(session);
    if (!wait_for_page(session, fault))
        return false;
    if (!open_window(session, fault)) {
        session->exit_status = EXIT_NO_DISPLAY;
        return false;
    }
    loop_watch(&session->loop, connection_fd(session->connection), POLLIN, x_ready, session);
    loop_set_prepare(&session->loop, turn, session);
    relief_begin(session);
    return true;
}

static bool thumb_wanted(void *context, char path[PATH_MAX])
{
    struct session *session = context;
    return (choosing_wants(session, path) && !thumbs_find(&session->thumbs, path)) ||
           roll_wants(session, path);
}

static void thumb_made(void *context)
{
    choosing_pictured(context);
    roll_draw(context, false);
}

bool session_begin(struct session *session, const struct options *options,
                   struct resources *resources, int count, char **words, struct fault *fault)
{
    *session = (struct session){
        .options = options, .resources = resources, .words = words, .word_count = count};
    *fault = (struct fault){.kind = FAULT_NONE};
    loop_init(&session->loop);
    gesture_init(&session->gesture);
    cine_init(&session->cine);
    if (options->cine > 0)
        session->cine.rate = options->cine;
    statusline_init(&session->status);
    hud_init(&session->watch.hud);
    desk_begin(session);
    thumbs_init(&session->thumbs, &session->loop, options, thumb_wanted, thumb_made, session);
    choosing_begin(session);
    return askers_read(session, fault) && arrivals_begin(session, fault) &&
           keymap_from_commands(&session->keymap, command_table, fault) &&
           scene_init(&session->scene, &session->loop, options, &scene_calls, session, fault) &&
           view_files(session, fault);
}

void session_end(struct session *session)
{
    if (session->options->memory_report && session->scene.loader)
        watch_report(session, stdout, false);
    building_stop(session);
    choosing_end(session);
    roll_end(session);
    recent_end(session);
    thumbs_fini(&session->thumbs);
    scripts_end(session);
    sharing_end(session);
    askers_end(session);
    watch_fini(session);
    preview_fini(session);
    relief_end(session);
    shell_free(session->shell);
    connection_close(session->connection);
    measuring_fini(&session->measuring);
    regional_fini(&session->regional);
    loupe_fini(&session->loupe);
    scene_fini(&session->scene);
    arrivals_end(session);
}

static void end_asked(void *context)
{
    session_quit(context);
}

static void report_asked(void *context)
{
    watch_report(context, stderr, true);
}

int session_run(const struct options *options, struct resources *resources, int count, char **words)
{
    static struct session session;
    struct fault fault;
    signals_limit(EXIT_SHOWN, false);
    bool good = session_begin(&session, options, resources, count, words, &fault) &&
                signals_begin(&session.loop, end_asked, report_asked, &session) &&
                loop_run(&session.loop, &fault);
    if (fault.kind != FAULT_NONE)
        complain(fault.text);
    good = good && session.scene.placed && !session.scene.damaged && !session.files_failed;
    if (!good && session.exit_status == EXIT_SHOWN)
        session.exit_status = EXIT_NOT_SHOWN;
    signals_limit(session.exit_status, true);
    session_end(&session);
    signals_end(&session.loop);
    return session.exit_status;
}
