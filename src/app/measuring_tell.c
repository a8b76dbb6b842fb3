/* What has been measured, for programs: words NAME=VALUE or objects of JSON. Owns nothing. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "json.h"
#include "session_parts.h"
#include "values.h"

struct teller {
    struct reply *reply;
    bool json;
};

static void put(void *context, const char *bytes, size_t count)
{
    reply_add(context, "%.*s", (int)count, bytes);
}

static void tell_text(const struct teller *teller, const char *name, const char *value)
{
    if (!*value)
        return;
    if (!teller->json) {
        reply_add(teller->reply, " %s=%s", name, value);
        return;
    }
    reply_add(teller->reply, ",\"%s\":", name);
    json_string(value, put, teller->reply);
}

/* JSON knows no number that is none. */
static void put_number(const struct teller *teller, double number)
{
    char text[NUMBER_TEXT];
    if (number == floor(number) && fabs(number) < 1e15)
        snprintf(text, sizeof text, "%.0f", number);
    else
        number_text(number, text);
    reply_add(teller->reply, "%s", isfinite(number) ? text : teller->json ? "null" : "none");
}

static void tell_numbers(const struct teller *teller, const char *name, const double *numbers,
                         int count)
{
    bool list = teller->json && count > 1;
    reply_add(teller->reply, teller->json ? ",\"%s\":%s" : " %s=%s", name, list ? "[" : "");
    for (int i = 0; i < count; i++) {
        reply_add(teller->reply, "%s", i ? "," : "");
        put_number(teller, numbers[i]);
    }
    reply_add(teller->reply, "%s", list ? "]" : "");
}

static void tell_number(const struct teller *teller, const char *name, double number)
{
    tell_numbers(teller, name, &number, 1);
}

static void tell_shape(const struct teller *teller, const struct measure *measure)
{
    tell_number(teller, "x", measure->x[0]);
    tell_number(teller, "y", measure->y[0]);
    if (measure->kind == MEASURE_PROBE)
        return;
    if (measure->kind == MEASURE_DISTANCE) {
        tell_number(teller, "x2", measure->x[1]);
        tell_number(teller, "y2", measure->y[1]);
        return;
    }
    tell_number(teller, "width", measure->x[1] - measure->x[0]);
    tell_number(teller, "height", measure->y[1] - measure->y[0]);
}

static void tell_source(const struct teller *teller, const struct measure_terms *terms,
                        const char *square)
{
    char unit[24];
    bool spaced = terms->spacing_x > 0 && terms->spacing_y > 0;
    snprintf(unit, sizeof unit, "%s%s", spaced ? terms->unit : "pixels", spaced ? square : "");
    tell_text(teller, *square ? "area_unit" : "length_unit", unit);
    tell_text(teller, "spacing", spaced ? terms->source : "none");
}

static void tell_probe(const struct teller *teller, const struct measure *measure,
                       const struct measure_terms *terms)
{
    double stored[3], value[3];
    for (int i = 0; i < measure->channels; i++) {
        stored[i] = moments_mean(&measure->moments[i]);
        value[i] = measure_values(measure, i, terms).mean;
    }
    tell_numbers(teller, "stored", stored, measure->channels);
    tell_numbers(teller, "value", value, measure->channels);
}

static void tell_region(const struct teller *teller, const struct measure *measure,
                        const struct measure_terms *terms)
{
    double mean[3], deviation[3], least[3], most[3];
    for (int i = 0; i < measure->channels; i++) {
        struct measure_values values = measure_values(measure, i, terms);
        mean[i] = values.mean;
        deviation[i] = values.deviation;
        least[i] = values.least;
        most[i] = values.most;
    }
    const struct moments *moments = &measure->moments[0];
    tell_numbers(teller, "mean", mean, measure->channels);
    tell_numbers(teller, "sd", deviation, measure->channels);
    tell_numbers(teller, "min", least, measure->channels);
    tell_numbers(teller, "max", most, measure->channels);
    tell_number(teller, "pixels", (double)(moments->count + moments->left_out));
    tell_number(teller, "values", (double)moments->count);
    tell_number(teller, "area", measure_covered(measure, terms));
    tell_source(teller, terms, "2");
}

static void tell_results(const struct teller *teller, const struct measure *measure,
                         const struct measure_terms *terms)
{
    if (measure->kind == MEASURE_DISTANCE) {
        tell_number(teller, "length", measure_length(measure, terms));
        tell_source(teller, terms, "");
        tell_number(teller, "pixels", measure_samples(measure));
        return;
    }
    if (measure->state != MEASURE_DONE) {
        tell_text(teller, "state", measure->state == MEASURE_WAITS ? "waits" : "unreadable");
        return;
    }
    if (measure->kind == MEASURE_PROBE)
        tell_probe(teller, measure, terms);
    else
        tell_region(teller, measure, terms);
    tell_text(teller, "unit", terms->value_unit);
}

void measuring_tell(const struct session *session, const struct measure *measure, bool json,
                    struct reply *reply)
{
    struct teller teller = {reply, json};
    struct measure_terms terms = measuring_terms_of(&session->measuring, measure);
    reply_add(reply, json ? "{\"number\":%d,\"kind\":\"%s\"" : "%d %s", measure->number,
              measure_name(measure->kind));
    tell_number(&teller, "page", measure->place.page + 1);
    if (measure->place.channel)
        tell_number(&teller, "channel", measure->place.channel);
    tell_shape(&teller, measure);
    tell_results(&teller, measure, &terms);
    reply_add(reply, json ? "}" : "\n");
}
