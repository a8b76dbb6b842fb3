/* The commands that measure, choose a tool and show overlays. Owns nothing. */
#include "commands_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session_parts.h"
#include "values.h"

/* ---- shapes ---- */

static enum script_wait wait_measured(struct session *session, struct script_run *run,
                                      struct fault *fault)
{
    const struct measure *measure = measuring_find(&session->measuring, (int)run->frame);
    if (!measure) {
        fault_set(fault, FAULT_USAGE, "the measurement was cleared");
        return WAIT_FAILED;
    }
    if (measure->state == MEASURE_WAITS && measuring_is_here(session, measure))
        return WAIT_ON;
    if (measure->state == MEASURE_WAITS) {
        fault_set(fault, FAULT_USAGE, "another page came while it was being measured");
        return WAIT_FAILED;
    }
    if (measure->state == MEASURE_FAILED) {
        fault_set(fault, FAULT_FORMAT, "%s: not all of the region can be decoded",
                  session->scene.path);
        return WAIT_FAILED;
    }
    measuring_tell(session, measure, false, &run->reply);
    return WAIT_MET;
}

/* Done when its numbers are there, which it answers. */
static bool add(struct session *session, struct measure *shape, struct reply *reply,
                struct fault *fault)
{
    measure_order(shape);
    const struct measure *measure = measuring_add(session, shape, fault);
    if (!measure)
        return false;
    if (measure->state == MEASURE_WAITS)
        scripts_wait(session, 0, wait_measured)->frame = measure->number;
    else
        measuring_tell(session, measure, false, reply);
    return true;
}

bool command_probe(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct measure shape = {.kind = MEASURE_PROBE};
    (void)count;
    if (!value_pair(words[0], &shape.x[0], &shape.y[0]))
        return command_refuse(fault, words[0], "a point X,Y");
    shape.x[1] = shape.x[0];
    shape.y[1] = shape.y[0];
    return add(context, &shape, reply, fault);
}

bool command_distance(void *context, int count, char **words, struct reply *reply,
                      struct fault *fault)
{
    struct measure shape = {.kind = MEASURE_DISTANCE};
    for (int i = 0; i < count; i++)
        if (!value_pair(words[i], &shape.x[i], &shape.y[i]))
            return command_refuse(fault, words[i], "a point X,Y");
    return add(context, &shape, reply, fault);
}

/* "WxH", whole numbers or not. */
static bool read_sides(const char *text, double *width, double *height)
{
    char *end, *rest;
    double across = strtod(text, &end);
    if (end == text || *end != 'x')
        return false;
    double down = strtod(end + 1, &rest);
    if (rest == end + 1 || *rest || !(across > 0 && down > 0 && isfinite(across * down)))
        return false;
    *width = across;
    *height = down;
    return true;
}

static bool add_region(struct session *session, enum measure_kind kind, char **words,
                       struct reply *reply, struct fault *fault)
{
    struct measure shape = {.kind = kind};
    double width, height;
    if (!value_pair(words[0], &shape.x[0], &shape.y[0]))
        return command_refuse(fault, words[0], "a corner X,Y");
    if (!read_sides(words[1], &width, &height))
        return command_refuse(fault, words[1], "a size WxH");
    shape.x[1] = shape.x[0] + width;
    shape.y[1] = shape.y[0] + height;
    return add(session, &shape, reply, fault);
}

bool command_rectangle(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    (void)count;
    return add_region(context, MEASURE_RECTANGLE, words, reply, fault);
}

bool command_ellipse(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    (void)count;
    return add_region(context, MEASURE_ELLIPSE, words, reply, fault);
}

/* ---- the list ---- */

bool command_measurements(void *context, int count, char **words, struct reply *reply,
                          struct fault *fault)
{
    const struct session *session = context;
    const struct measuring *measuring = &session->measuring;
    bool json = count > 0;
    int told = 0;
    if (json && strcmp(words[0], "json") && strcmp(words[0], "--json"))
        return command_refuse(fault, words[0], "json");
    if (json)
        reply_add(reply, "[");
    for (int i = 0; i < measuring->count; i++) {
        const struct measure *measure = &measuring->items[i];
        if (measure->place.path != session->scene.path)
            continue;
        reply_add(reply, "%s", json && told++ ? ",\n" : "");
        measuring_tell(session, measure, json, reply);
    }
    if (json)
        reply_add(reply, "]\n");
    return true;
}

bool command_clear(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    int64_t number = 0;
    (void)count, (void)reply;
    if (!strcmp(words[0], "last")) {
        const struct measure *last = measuring_last(session, MEASURE_KINDS);
        if (!last)
            return true;
        number = last->number;
    } else if (strcmp(words[0], "measurements") != 0 &&
               (!value_integer(words[0], 1, INT32_MAX, &number) ||
                !measuring_find(&session->measuring, (int)number)))
        return command_refuse(fault, words[0], "measurements, last or the number of one");
    measuring_remove(session, (int)number);
    return true;
}

bool command_calibrate(void *context, int count, char **words, struct reply *reply,
                       struct fault *fault)
{
    struct session *session = context;
    struct measuring *measuring = &session->measuring;
    double length;
    if (!strcmp(words[0], "off")) {
        measuring->calibrated = NULL;
        overlays_changed(session);
        return true;
    }
    const struct measure *distance = measuring_last(session, MEASURE_DISTANCE);
    if (!value_number(words[0], &length) || !(length > 0))
        return command_refuse(fault, words[0], "a length above 0, or off");
    if (count < 2 || strlen(words[1]) >= sizeof measuring->calibration.unit)
        return command_refuse(fault, count < 2 ? "" : words[1], "the length's unit");
    struct measure_terms terms = measuring_terms(measuring, &session->scene);
    if (!distance || !measure_calibrate(distance, length, words[1], &terms))
        return fault_set(fault, FAULT_USAGE,
                         "measure the known length first: there is no distance on this page");
    measuring->calibration = terms;
    measuring->calibrated = session->scene.path;
    overlays_changed(session);
    measuring_tell(session, distance, false, reply);
    return true;
}

/* ---- tools and overlays ---- */

bool command_tool(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    const struct tool *now = session->tool ? session->tool : tools;
    for (const struct tool *tool = tools; tool->name && count == 0; tool++)
        reply_add(reply, "%c %-10s %s\n", tool == now ? '*' : ' ', tool->name, tool->help);
    if (count == 0)
        return true;
    const struct tool *tool = tool_find(words[0]);
    if (!tool)
        return command_refuse(fault, words[0], "a tool");
    session->tool = tool;
    shell_cursor(session->shell, tool->cursor);
    shell_flush(session->shell);
    loupe_moved(session);
    return true;
}

bool command_loupe(void *context, int count, char **words, struct reply *reply, struct fault *fault)
{
    struct session *session = context;
    double factor;
    (void)count, (void)reply;
    if (!value_number(words[0], &factor) || !(factor > 1) || factor > LOUPE_FACTOR_MOST)
        return command_refuse(fault, words[0], "a number above 1, up to 64");
    session->loupe.factor = factor;
    loupe_moved(session);
    return true;
}

bool command_overlay(void *context, int count, char **words, struct reply *reply,
                     struct fault *fault)
{
    struct session *session = context;
    unsigned parts, *shown = &session->overlay.shown;
    (void)reply;
    if (!overlay_parse(words[0], &parts) || !parts)
        return command_refuse(fault, words[0],
                              "all, measurements, scale, marks, corners or colorbar");
    bool on = (*shown & parts) == parts;
    if (!command_switch(count - 1, words + 1, &on, fault))
        return false;
    *shown = on ? *shown | parts : *shown & ~parts;
    overlays_changed(session);
    return true;
}
