/* The state property: see state.h. */
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "values.h"

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

int file_stem(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? (int)(dot - name) : (int)strlen(name);
}

static void escape(const char *name, char *text, size_t room)
{
    size_t used = 0;
    for (; *name && used + 4 < room; name++) {
        unsigned char c = (unsigned char)*name;
        if (c <= ' ' || c == '%' || c == 127)
            used += (size_t)snprintf(text + used, room - used, "%%%02X", c);
        else
            text[used++] = (char)c;
    }
    text[used] = 0;
}

void state_text(const struct session *session, bool idle, char *text, size_t room)
{
    const struct scene *scene = &session->scene;
    const struct view *view = &scene->view;
    int64_t width = 0, height = 0;
    int32_t page = 0, pages = 0;
    char name[300], window[NUMBER_TEXT], level[NUMBER_TEXT], zoom[NUMBER_TEXT], x[NUMBER_TEXT],
        y[NUMBER_TEXT];
    if (scene->open) {
        scene_upright_size(scene, &width, &height);
        page = scene->page.index + 1;
        pages = scene->page.count;
    }
    number_text(scene->window.width, window);
    number_text(scene->window.center, level);
    number_text(view->zoom, zoom);
    number_text(view->center_x, x);
    number_text(view->center_y, y);
    escape(file_name(session->files.names[session->shown]), name, sizeof name);
    int length = snprintf(text, room,
                          "frame=%" PRId64 " idle=%d file=%s page=%d/%d size=%" PRId64 "x%" PRId64
                          " window=%s level=%s zoom=%s center=%s,%s rotate=%d invert=%d "
                          "transport=%s pending=%d",
                          session->frame, idle, name, page, pages, width, height, window, level,
                          zoom, x, y, view->turns * 90, scene->window.invert,
                          shell_transport(session->shell), loader_pending(scene->loader));
    if (length < 0 || (size_t)length >= room)
        return;
    if (view->coarser)
        length += snprintf(text + length, room - (size_t)length, " coarser=%d", view->coarser);
    if (window_bends(&scene->window))
        length += snprintf(text + length, room - (size_t)length, " gamma=%g", scene->window.gamma);
    if (scene->window.map != COLORMAP_GRAY)
        snprintf(text + length, room - (size_t)length, " colormap=%s",
                 colormap_names[scene->window.map]);
}
