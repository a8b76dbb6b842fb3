/* Shapes and their numbers: see ui/measure.h. Owns nothing; it must never know where samples come
 * from. */
#include "ui/measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REACH = 6 /* pixels about a corner or end */ };

static const struct kind {
    const char *name;
    bool samples, region;
} kinds[MEASURE_KINDS] = {{"probe", true, false},
                          {"distance", false, false},
                          {"rectangle", true, true},
                          {"ellipse", true, true}};

const char *measure_name(enum measure_kind kind)
{
    return kinds[kind].name;
}

bool measure_needs_samples(enum measure_kind kind)
{
    return kinds[kind].samples;
}

/* ---- shapes ---- */

static void order(double pair[2])
{
    double least = fmin(pair[0], pair[1]), most = fmax(pair[0], pair[1]);
    pair[0] = least;
    pair[1] = most;
}

void measure_order(struct measure *measure)
{
    if (!kinds[measure->kind].region)
        return;
    order(measure->x);
    order(measure->y);
}

void measure_snap(struct measure *measure)
{
    for (int i = 0; i < 2 && kinds[measure->kind].region; i++) {
        measure->x[i] = floor(measure->x[i] + 0.5);
        measure->y[i] = floor(measure->y[i] + 0.5);
    }
}

int measure_corner(const struct measure *measure, const struct view *view, int px, int py)
{
    double nearest = REACH * REACH;
    int corner = -1;
    for (int i = 0; i < 4; i += kinds[measure->kind].region ? 1 : 3) {
        double x, y;
        view_from_image(view, measure->x[i & 1], measure->y[i >> 1], &x, &y);
        double dx = x - (px + 0.5), dy = y - (py + 0.5), distance = dx * dx + dy * dy;
        if (distance <= nearest) {
            nearest = distance;
            corner = i;
        }
    }
    return corner;
}

static void put_last(double pair[2], int which)
{
    double last = pair[which], first = pair[!which];
    pair[0] = first;
    pair[1] = last;
}

void measure_take(struct measure *measure, int corner)
{
    put_last(measure->x, corner & 1);
    put_last(measure->y, corner >> 1);
}

/* Of the unit circle that the ellipse is stretched from. */
static bool in_ellipse(const struct measure *measure, double x, double y)
{
    double across = measure->x[1] - measure->x[0], down = measure->y[1] - measure->y[0];
    double u = (2 * x - measure->x[0] - measure->x[1]) / across;
    double v = (2 * y - measure->y[0] - measure->y[1]) / down;
    return u * u + v * v <= 1;
}

static bool between(const double pair[2], double centre)
{
    return centre >= pair[0] && centre < pair[1];
}

bool measure_holds(const struct measure *measure, int64_t x, int64_t y)
{
    double centre_x = (double)x + 0.5, centre_y = (double)y + 0.5;
    switch (measure->kind) {
    case MEASURE_PROBE:
        return (double)x == floor(measure->x[0]) && (double)y == floor(measure->y[0]);
    case MEASURE_RECTANGLE:
        return between(measure->x, centre_x) && between(measure->y, centre_y);
    case MEASURE_ELLIPSE:
        return in_ellipse(measure, centre_x, centre_y);
    case MEASURE_DISTANCE:
    case MEASURE_KINDS:
        break;
    }
    return false;
}

/* The samples, of `most`, whose centres are from `low` on, up to `high`; that one only where it is
 * `closed`. */
static void samples_between(const double pair[2], bool closed, int64_t most, int64_t *first,
                            int64_t *count)
{
    double low = ceil(pair[0] - 0.5);
    double high = closed ? floor(pair[1] - 0.5) + 1 : ceil(pair[1] - 0.5);
    double from = fmin(fmax(low, 0), (double)most), to = fmin(fmax(high, from), (double)most);
    *first = (int64_t)from;
    *count = (int64_t)to - *first;
}

struct area measure_area(const struct measure *measure, int64_t page_width, int64_t page_height)
{
    struct area area = {0, 0, 0, 0};
    double x[2] = {measure->x[0], measure->x[1]}, y[2] = {measure->y[0], measure->y[1]};
    bool ellipse = measure->kind == MEASURE_ELLIPSE;
    if (!kinds[measure->kind].samples)
        return area;
    for (int i = 0; i < 2 && measure->kind == MEASURE_PROBE; i++) {
        x[i] = floor(measure->x[0]) + i;
        y[i] = floor(measure->y[0]) + i;
    }
    samples_between(x, ellipse, page_width, &area.x, &area.width);
    samples_between(y, ellipse, page_height, &area.y, &area.height);
    return area;
}

/* ---- numbers ---- */

static double diagonal(const struct measure *measure, double across, double down)
{
    return hypot((measure->x[1] - measure->x[0]) * across, (measure->y[1] - measure->y[0]) * down);
}

static bool is_spaced(const struct measure_terms *terms)
{
    return terms->spacing_x > 0 && terms->spacing_y > 0;
}

double measure_samples(const struct measure *measure)
{
    return diagonal(measure, 1, 1);
}

double measure_length(const struct measure *measure, const struct measure_terms *terms)
{
    return is_spaced(terms) ? diagonal(measure, terms->spacing_x, terms->spacing_y)
                            : measure_samples(measure);
}

double measure_covered(const struct measure *measure, const struct measure_terms *terms)
{
    double samples = (double)(measure->moments[0].count + measure->moments[0].left_out);
    return is_spaced(terms) ? samples * terms->spacing_x * terms->spacing_y : samples;
}

bool measure_calibrate(const struct measure *measure, double length, const char *unit,
                       struct measure_terms *terms)
{
    double by = length / measure_length(measure, terms);
    if (!isfinite(by) || !(by > 0))
        return false;
    bool spaced = is_spaced(terms);
    terms->spacing_x = spaced ? terms->spacing_x * by : by;
    terms->spacing_y = spaced ? terms->spacing_y * by : by;
    snprintf(terms->unit, sizeof terms->unit, "%s", unit);
    snprintf(terms->source, sizeof terms->source, "calibrated");
    return true;
}

static double modality(const struct measure_terms *terms, double stored)
{
    return stored * terms->modality.slope + terms->modality.intercept;
}

struct measure_values measure_values(const struct measure *measure, int channel,
                                     const struct measure_terms *terms)
{
    const struct moments *moments = &measure->moments[channel];
    bool some = moments->count > 0;
    double a = some ? modality(terms, moments->least) : NAN;
    double b = some ? modality(terms, moments->most) : NAN;
    return (struct measure_values){modality(terms, moments_mean(moments)),
                                   fabs(terms->modality.slope) * moments_deviation(moments),
                                   fmin(a, b), fmax(a, b)};
}

/* ---- texts ---- */

void measure_length_text(double length, const char *unit, char *text, size_t room)
{
    bool metric = !strcmp(unit, "mm");
    if (metric && length != 0 && fabs(length) < 0.1)
        snprintf(text, room, "%.4g um", length * 1000);
    else if (metric && fabs(length) >= 10000)
        snprintf(text, room, "%.4g m", length / 1000);
    else
        snprintf(text, room, "%.4g %s", length, unit);
}

static void area_text(const struct measure *measure, const struct measure_terms *terms, char *text)
{
    double covered = measure_covered(measure, terms);
    int64_t samples = measure->moments[0].count + measure->moments[0].left_out;
    if (!is_spaced(terms))
        snprintf(text, MEASURE_TEXT, "area %" PRId64 " pixels", samples);
    else if (!strcmp(terms->unit, "mm") && covered < 0.01)
        snprintf(text, MEASURE_TEXT, "area %.5g um2", covered * 1e6);
    else
        snprintf(text, MEASURE_TEXT, "area %.5g %s2", covered, terms->unit);
}

static int length_lines(const struct measure *measure, const struct measure_terms *terms,
                        char lines[MEASURE_LINES][MEASURE_TEXT])
{
    char length[48];
    if (!is_spaced(terms)) {
        snprintf(lines[0], MEASURE_TEXT, "%.5g pixels", measure_samples(measure));
        return 1;
    }
    measure_length_text(measure_length(measure, terms), terms->unit, length, sizeof length);
    snprintf(lines[0], MEASURE_TEXT, "%s (%s)", length, terms->source);
    return 1;
}

/* A value for each channel. */
static void values_text(const struct measure *measure, const struct measure_terms *terms,
                        const char *name, size_t member, char *text)
{
    int used = snprintf(text, MEASURE_TEXT, "%s", name);
    for (int i = 0; i < measure->channels && used < MEASURE_TEXT; i++) {
        struct measure_values values = measure_values(measure, i, terms);
        double value;
        memcpy(&value, (const char *)&values + member, sizeof value);
        used += snprintf(text + used, (size_t)(MEASURE_TEXT - used), " %.6g", value);
    }
    if (used < MEASURE_TEXT && *terms->value_unit)
        snprintf(text + used, (size_t)(MEASURE_TEXT - used), " %s", terms->value_unit);
}

static int probe_lines(const struct measure *measure, const struct measure_terms *terms,
                       char lines[MEASURE_LINES][MEASURE_TEXT])
{
    static const struct measure_terms stored = {.modality = {1, 0}};
    bool plain = terms->modality.slope == 1 && terms->modality.intercept == 0;
    snprintf(lines[0], MEASURE_TEXT, "%.0f, %.0f", floor(measure->x[0]), floor(measure->y[0]));
    if (measure->moments[0].count == 0) {
        snprintf(lines[1], MEASURE_TEXT, "no data");
        return 2;
    }
    values_text(measure, plain ? terms : &stored, "value", offsetof(struct measure_values, mean),
                lines[1]);
    if (plain)
        return 2;
    values_text(measure, terms, "=", offsetof(struct measure_values, mean), lines[2]);
    return 3;
}

static int region_lines(const struct measure *measure, const struct measure_terms *terms,
                        char lines[MEASURE_LINES][MEASURE_TEXT])
{
    static const struct {
        const char *name;
        size_t member;
    } rows[] = {{"mean", offsetof(struct measure_values, mean)},
                {"SD", offsetof(struct measure_values, deviation)},
                {"min", offsetof(struct measure_values, least)},
                {"max", offsetof(struct measure_values, most)}};
    int count = 0;
    if (measure->moments[0].count == 0)
        snprintf(lines[count++], MEASURE_TEXT, "no data");
    for (size_t i = 0; i < sizeof rows / sizeof *rows && measure->moments[0].count; i++)
        values_text(measure, terms, rows[i].name, rows[i].member, lines[count++]);
    area_text(measure, terms, lines[count++]);
    if (is_spaced(terms) && !strcmp(terms->source, "calibrated"))
        snprintf(lines[count++], MEASURE_TEXT, "(%s)", terms->source);
    return count;
}

static int drawn_lines(const struct measure *measure, char lines[MEASURE_LINES][MEASURE_TEXT])
{
    snprintf(lines[0], MEASURE_TEXT, "%.0f x %.0f pixels", fabs(measure->x[1] - measure->x[0]),
             fabs(measure->y[1] - measure->y[0]));
    return 1;
}

int measure_lines(const struct measure *measure, const struct measure_terms *terms,
                  char lines[MEASURE_LINES][MEASURE_TEXT])
{
    if (measure->kind == MEASURE_DISTANCE)
        return length_lines(measure, terms, lines);
    if (measure->state == MEASURE_FAILED) {
        snprintf(lines[0], MEASURE_TEXT, "not all of it can be read");
        return 1;
    }
    if (measure->state == MEASURE_WAITS && measure->number) {
        snprintf(lines[0], MEASURE_TEXT, "...");
        return 1;
    }
    if (measure->state == MEASURE_WAITS)
        return drawn_lines(measure, lines);
    return measure->kind == MEASURE_PROBE ? probe_lines(measure, terms, lines)
                                          : region_lines(measure, terms, lines);
}
