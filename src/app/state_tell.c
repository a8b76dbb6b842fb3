/* The command state: what the state property says, and what it does not. */
#include "state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "session_parts.h"
#include "values.h"

struct teller {
    struct reply *reply;
    bool json;
    int count;
};

static void put(void *context, const char *bytes, size_t count)
{
    reply_add(context, "%.*s", (int)count, bytes);
}

/* Texts stay texts where they look like numbers, for the reader's sake. */
static void tell(struct teller *teller, const char *name, const char *value, bool text)
{
    double number;
    if (!teller->json) {
        reply_add(teller->reply, "%s=%s\n", name, value);
        return;
    }
    reply_add(teller->reply, "%s\"%s\":", teller->count++ ? "," : "{", name);
    if (!text && value_number(value, &number))
        reply_add(teller->reply, "%s", value);
    else
        json_string(value, put, teller->reply);
}

__attribute__((format(printf, 3, 4))) static void item(struct teller *teller, const char *name,
                                                       const char *format, ...)
{
    char value[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    tell(teller, name, value, false);
}

/* The words of the property. */
static void tell_property(struct teller *teller, const struct session *session)
{
    char text[STATE_LENGTH], *rest = text;
    bool settled = framing_settled(session);
    state_text(session, settled, text, sizeof text);
    for (char *word; (word = strsep(&rest, " "));) {
        char *value = strchr(word, '=');
        if (!value)
            continue;
        *value++ = 0;
        bool name = !strcmp(word, "file");
        tell(teller, word,
             name && teller->json ? file_name(session->files.names[session->shown]) : value, name);
    }
}

static void tell_axes(struct teller *teller, const struct page *page)
{
    static const char *const names[PAGE_AXES] = {"channel", "slice", "time"};
    int32_t at[PAGE_AXES] = {0};
    page_position(page, page->index, at);
    for (int i = 0; i < PAGE_AXES; i++) {
        bool pages = i != AXIS_CHANNEL || page->axis_extent[i] > 1;
        if (pages)
            item(teller, names[i], "%d/%d", at[i] + 1, page->axis_extent[i]);
        else if (page->channel)
            item(teller, names[i], "%d/%d", page->channel, page->samples);
        else
            item(teller, names[i], "all");
    }
    item(teller, "series", "%d/%d", page->series + 1, page->series_count);
}

static void tell_page(struct teller *teller, const struct scene *scene)
{
    static const char *const modes[] = {
        [VIEW_FIT] = "fit", [VIEW_FILL] = "fill", [VIEW_FREE] = "free"};
    char source[96], slope[NUMBER_TEXT], intercept[NUMBER_TEXT];
    scene_window_source(scene, TOLD_PROGRAMS, source, sizeof source);
    number_text(scene->modality.slope, slope);
    number_text(scene->modality.intercept, intercept);
    item(teller, "voi", "%s", voi_name(scene->window.voi));
    item(teller, "window_from", "%s", source);
    item(teller, "slope", "%s", slope);
    item(teller, "intercept", "%s", intercept);
    item(teller, "mirrored", "%d", scene->view.mirrored);
    item(teller, "mode", "%s", modes[scene->view.mode]);
    item(teller, "view", "%dx%d", scene->view.width, scene->view.height);
    tell_axes(teller, &scene->page);
    item(teller, "damaged", "%d", scene->damaged);
}

void state_tell(const struct session *session, bool json, struct reply *reply)
{
    struct teller teller = {reply, json, 0};
    tell_property(&teller, session);
    tell(&teller, "path", session->files.names[session->shown], true);
    item(&teller, "file_number", "%d/%d", session->shown + 1, session->files.count);
    if (session->scene.open)
        tell_page(&teller, &session->scene);
    item(&teller, "cine", "%g", session->cine.on ? session->cine.rate : 0);
    item(&teller, "wheel", "%s", wheel_uses[session->wheel]);
    item(&teller, "lock", "%d", session->scene.locked);
    item(&teller, "page_window", "%s", page_windows[session->scene.each_window]);
    item(&teller, "status", "%d", shell_panel_shown(session->shell, PANEL_STATUS));
    if (json)
        reply_add(reply, "}\n");
}
