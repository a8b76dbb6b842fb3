/* The viewer's eye on its own memory: see watch.h. Decides when figures are read and where they are
 * shown; what they are is figures', how they read is report's. */
#include "watch.h"

#include <stdarg.h>
#include <string.h>

#include "base/language.h"
#include "base/clock.h"
#include "report.h"
#include "session.h"
#include "values.h"

enum { HUD_MS = 500, MARGIN = 8 };

static struct reply reply;

/* ---- figures ---- */

static size_t server_bytes(const struct session *session)
{
    return session->shell ? shell_line(session->shell).server_bytes : 0;
}

static void say(FILE *file)
{
    fputs(reply.text, file);
    fflush(file);
    reply.length = 0;
    reply.text[0] = 0;
}

void watch_report(struct session *session, FILE *file, bool text)
{
    const struct figures *figures = watch_take(session);
    if (session->options->json && !text)
        report_json(figures, &reply);
    else
        report_text(figures, &reply);
    say(file);
}

/* Changes that came in one go are reported with the same figures. */
static void trace(void *context)
{
    struct session *session = context;
    struct watch *watch = &session->watch;
    int every = session->options->memory_trace;
    watch_take(session);
    for (; watch->changes - watch->traced >= every; say(stderr)) {
        watch->traced += every;
        report_trace(&watch->figures, watch->traced, &reply);
    }
}

void watch_count_window(struct session *session)
{
    struct watch *watch = &session->watch;
    int every = session->options->memory_trace;
    watch->changes++;
    if (every && watch->changes - watch->traced >= every)
        loop_timer(&session->loop, 0, trace, session);
}

void watch_fini(struct session *session)
{
    int every = session->options->memory_trace;
    if (every && session->watch.changes - session->watch.traced >= every)
        trace(session);
    snapshots_fini(&session->watch.snapshots);
}

/* ---- the panel ---- */

__attribute__((format(printf, 3, 4))) static bool set(struct watch *watch, enum hud_row row,
                                                      const char *format, ...)
{
    char text[HUD_TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    language_numbers(text);
    return hud_set(&watch->hud, row, text);
}

static double mib(long kib)
{
    return (double)kib / 1024;
}

static bool set_helpers(struct watch *watch)
{
    const struct figures *figures = &watch->figures;
    int decoders = 0;
    long kib = 0, others = 0;
    for (int i = 1; i < figures->count; i++) {
        const struct process_figures *process = &figures->processes[i];
        *(process->decoder ? &kib : &others) += process->footprint.pss;
        decoders += process->decoder > 0;
    }
    if (others)
        return set(watch, HUD_DECODERS, _("%.1f MiB in %d, others %.1f"), mib(kib), decoders,
                   mib(others));
    return set(watch, HUD_DECODERS, _("%.1f MiB in %d"), mib(kib), decoders);
}

static bool set_processes(struct watch *watch)
{
    const struct figures *figures = &watch->figures;
    if (!figures->sum.pss) /* the system does not tell */
        return false;
    bool changed = set(watch, HUD_FOOTPRINT, _("%.1f MiB, %.1f at most"), mib(figures->footprint),
                       mib(figures->most));
    changed |= set(watch, HUD_VIEWER, "%.1f MiB", mib(figures->processes[0].footprint.pss));
    changed |= set_helpers(watch);
    changed |= set(watch, HUD_SERVER, "%.1f MiB", mib(figures->server_kib));
    return changed;
}

static void draw_changes(struct session *session)
{
    hud_draw(&session->watch.hud, shell_canvas(session->shell, PANEL_HUD), false);
    shell_flush(session->shell);
}

/* Whoever asked: the panel and the status line say the same. */
const struct figures *watch_take(struct session *session)
{
    char text[STATUS_TEXT];
    struct watch *watch = &session->watch;
    figures_take(&watch->figures, &session->scene, server_bytes(session));
    bytes_text((size_t)watch->figures.footprint * 1024, text, sizeof text);
    language_numbers(text);
    session->status_changed |= statusline_set(&session->status, STATUS_MEMORY, text);
    if (set_processes(watch) && watch_shown(session))
        draw_changes(session);
    return &watch->figures;
}

static bool set_line(struct session *session)
{
    struct shell_line line = shell_line(session->shell);
    if (!shell_copies(session->shell))
        return set(&session->watch, HUD_LINE, _("none to cross"));
    return set(&session->watch, HUD_LINE, _("%.2f MB/s, %.0f ms, %.1f KB"), line.rate / 1e6,
               (double)line.delay_us / 1000, (double)line.frame_bytes / 1000);
}

static bool set_means(struct session *session)
{
    struct watch *watch = &session->watch;
    const struct arena *arena = loader_arena(session->scene.loader);
    long tiles_kib = (long)((size_t)arena_used(arena) * arena_slot_bytes(arena) / 1024);
    bool changed = set(watch, HUD_TILES, _("%d of %d, %.1f MiB"), arena_used(arena),
                       arena_capacity(arena), mib(tiles_kib));
    changed |=
        set(watch, HUD_FRAME, "%.1f MiB, %s", mib((long)(ledger_line(LEDGER_FRAME).current / 1024)),
            shell_transport(session->shell));
    changed |= set_line(session);
    changed |= set(watch, HUD_TIME, "%.1f ms", (double)watch->frame_us / 1000);
    return changed;
}

static void refresh(struct session *session)
{
    bool changed = set_means(session);
    session->watch.hud_ms = clock_ms();
    if (!session->gesture.button)
        watch_take(session);
    if (changed && watch_shown(session))
        draw_changes(session);
}

static void hud_due(void *context)
{
    struct session *session = context;
    if (watch_shown(session))
        refresh(session);
}

bool watch_shown(const struct session *session)
{
    return session->shell && shell_panel_shown(session->shell, PANEL_HUD);
}

static void place(struct session *session)
{
    int width, height, top = MARGIN;
    int room = session->scene.view.width - 2 * MARGIN;
    hud_size(shell_canvas(session->shell, PANEL_HUD), &width, &height);
    if (shell_panel_shown(session->shell, PANEL_MESSAGE))
        top += shell_canvas(session->shell, PANEL_MESSAGE)->height + MARGIN;
    width = width < room ? width : room;
    shell_place_panel(
        session->shell, PANEL_HUD,
        (struct rect){session->scene.view.width - MARGIN - width, top, width, height});
}

void watch_place(struct session *session)
{
    if (watch_shown(session))
        place(session);
}

void watch_draw(struct session *session)
{
    hud_draw(&session->watch.hud, shell_canvas(session->shell, PANEL_HUD), true);
}

void watch_later(struct session *session)
{
    if (watch_shown(session))
        loop_timer(&session->loop, session->watch.hud_ms + HUD_MS - clock_ms(), hud_due, session);
}

void watch_show(struct session *session, bool shown)
{
    if (shown == watch_shown(session))
        return;
    if (shown) {
        refresh(session);
        place(session);
    } else {
        shell_hide_panel(session->shell, PANEL_HUD);
    }
    shell_flush(session->shell);
}
