/* Shapes as line integrals: what the phantom's anatomy is drawn with. Owns no image; knows nothing
 * of what the shapes mean. */
#include "phantom/raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

double sine(double radians)
{
    double turns = radians / (2 * PI);
    double x = (turns - floor(turns + 0.5)) * 2 * PI;
    double term = x, sum = x;
    for (int i = 1; i < 14; i++) {
        term *= -x * x / ((2 * i) * (2 * i + 1));
        sum += term;
    }
    return sum;
}

double cosine(double radians)
{
    return sine(radians + PI / 2);
}

double exponential(double x)
{
    double term = 1, sum = 1;
    for (int i = 1; i < 16; i++) {
        term *= x / 256 / i;
        sum += term;
    }
    for (int i = 0; i < 8; i++)
        sum *= sum;
    return sum;
}

double logarithm(double x)
{
    int exponent;
    double fraction = frexp(x, &exponent);
    double s = (fraction - 1) / (fraction + 1);
    double term = s, sum = s;
    for (int i = 1; i < 40; i++) {
        term *= s * s;
        sum += term / (2 * i + 1);
    }
    return 2 * sum + exponent * 0.69314718055994530942;
}

double hash_fraction(int32_t x, int32_t y, uint32_t salt)
{
    uint32_t h = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u ^ salt * 0xc2b2ae3du;
    h = (h ^ h >> 15) * 0x2c1b3c6du;
    h = (h ^ h >> 12) * 0x297a2d39u;
    return (h ^ h >> 15) / 4294967296.0;
}

double texture(double x, double y, double grain, uint32_t salt)
{
    double u = x / grain + 4096, v = y / grain + 4096;
    int32_t column = (int32_t)u, row = (int32_t)v;
    double p = u - column, q = v - row;
    p *= p * (3 - 2 * p);
    q *= q * (3 - 2 * q);
    double top =
        hash_fraction(column, row, salt) * (1 - p) + hash_fraction(column + 1, row, salt) * p;
    double low = hash_fraction(column, row + 1, salt) * (1 - p) +
                 hash_fraction(column + 1, row + 1, salt) * p;
    return 2 * (top * (1 - q) + low * q) - 1;
}

bool plane_init(struct plane *plane)
{
    plane->codes = calloc((size_t)PLANE_WIDTH * PLANE_HEIGHT, sizeof *plane->codes);
    return plane->codes != NULL;
}

void plane_fini(struct plane *plane)
{
    free(plane->codes);
}

struct spot plane_spot(int column, int row)
{
    return (struct spot){(column + 0.5 - PLANE_WIDTH / 2) * PLANE_PITCH, (row + 0.5) * PLANE_PITCH};
}

struct box {
    int left, top, right, bottom; /* right and bottom are outside */
};

static int bounded(double value, int most)
{
    return value < 0 ? 0 : value > most ? most : (int)value;
}

static struct box box_around(double left, double top, double right, double bottom)
{
    return (struct box){bounded(left / PLANE_PITCH + PLANE_WIDTH / 2 - 1, PLANE_WIDTH),
                        bounded(top / PLANE_PITCH - 1, PLANE_HEIGHT),
                        bounded(right / PLANE_PITCH + PLANE_WIDTH / 2 + 2, PLANE_WIDTH),
                        bounded(bottom / PLANE_PITCH + 2, PLANE_HEIGHT)};
}

static int16_t added(int16_t code, double value)
{
    double sum = code + value * PLANE_UNIT;
    return sum > 32767 ? 32767 : sum < -32768 ? -32768 : (int16_t)floor(sum + 0.5);
}

static double chord(double radius, double distance2)
{
    double square = radius * radius - distance2;
    return square > 0 ? 2 * sqrt(square) : 0;
}

static double ray_weight(const struct tube *tube, double radius, double distance2)
{
    double outer = chord(radius, distance2);
    double inner = radius > tube->wall_mm ? chord(radius - tube->wall_mm, distance2) : 0;
    return (outer - inner) * tube->wall + inner * tube->core;
}

/* For each spot the nearest piece of the tube counts: `nearness` is 1 on its axis, 0 at its wall.
 */
struct cell {
    float nearness, weight;
};

static void draw_spot(struct cell *cell, const struct path_point *a, const struct tube *tube,
                      struct spot spot)
{
    const struct path_point *b = a + 1;
    double dx = b->x - a->x, dy = b->y - a->y;
    double along = ((spot.x - a->x) * dx + (spot.y - a->y) * dy) / (dx * dx + dy * dy + 1e-12);
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double ox = spot.x - a->x - along * dx, oy = spot.y - a->y - along * dy;
    double radius = a->radius + along * (b->radius - a->radius);
    double distance2 = ox * ox + oy * oy;
    double nearness = 1 - distance2 / (radius * radius);
    if (nearness <= cell->nearness)
        return;
    double strength = a->strength + along * (b->strength - a->strength);
    cell->nearness = (float)nearness;
    cell->weight = (float)(strength * ray_weight(tube, radius, distance2));
}

static struct box piece_box(const struct path_point *a, const struct path_point *b)
{
    double radius = a->radius > b->radius ? a->radius : b->radius;
    return box_around(fmin(a->x, b->x) - radius, fmin(a->y, b->y) - radius,
                      fmax(a->x, b->x) + radius, fmax(a->y, b->y) + radius);
}

static void box_join(struct box *box, struct box other)
{
    box->left = other.left < box->left ? other.left : box->left;
    box->top = other.top < box->top ? other.top : box->top;
    box->right = other.right > box->right ? other.right : box->right;
    box->bottom = other.bottom > box->bottom ? other.bottom : box->bottom;
}

static void draw_piece(struct cell *sheet, struct box box, const struct path_point *piece,
                       const struct tube *tube)
{
    struct box part = piece_box(piece, piece + 1);
    for (int row = part.top; row < part.bottom; row++) {
        struct cell *line = sheet + (int64_t)(row - box.top) * (box.right - box.left);
        for (int column = part.left; column < part.right; column++)
            draw_spot(&line[column - box.left], piece, tube, plane_spot(column, row));
    }
}

bool plane_add_tube(struct plane *plane, const struct path *path, const struct tube *tube)
{
    struct box box = {PLANE_WIDTH, PLANE_HEIGHT, 0, 0};
    for (int i = 0; i + 1 < path->count; i++)
        box_join(&box, piece_box(&path->at[i], &path->at[i + 1]));
    if (box.left >= box.right || box.top >= box.bottom)
        return true;
    struct cell *sheet =
        calloc((size_t)(box.right - box.left) * (size_t)(box.bottom - box.top), sizeof *sheet);
    if (!sheet)
        return false;
    for (int i = 0; i + 1 < path->count; i++)
        draw_piece(sheet, box, &path->at[i], tube);
    const struct cell *cell = sheet;
    for (int row = box.top; row < box.bottom; row++) {
        int16_t *line = plane->codes + (int64_t)row * PLANE_WIDTH;
        for (int column = box.left; column < box.right; column++, cell++)
            line[column] = added(line[column], cell->weight);
    }
    free(sheet);
    return true;
}

static double spline(double a, double b, double c, double d, double t)
{
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

void outline_init(struct outline *outline, const struct spot *control, int count, double mirror,
                  struct spot shift)
{
    enum { STEPS = 8 };
    outline->count = 0;
    for (int i = 0; i < count && outline->count + STEPS <= OUTLINE_POINTS; i++) {
        const struct spot *a = &control[(i + count - 1) % count], *b = &control[i];
        const struct spot *c = &control[(i + 1) % count], *d = &control[(i + 2) % count];
        for (int step = 0; step < STEPS; step++) {
            double t = (double)step / STEPS;
            outline->at[outline->count++] =
                (struct spot){mirror * spline(a->x, b->x, c->x, d->x, t) + shift.x,
                              spline(a->y, b->y, c->y, d->y, t) + shift.y};
        }
    }
}

double outline_depth(const struct outline *outline, struct spot spot)
{
    double least = 1e12;
    bool inside = false;
    for (int i = 0, j = outline->count - 1; i < outline->count; j = i++) {
        struct spot a = outline->at[j], b = outline->at[i];
        double dx = b.x - a.x, dy = b.y - a.y, px = spot.x - a.x, py = spot.y - a.y;
        double along = (px * dx + py * dy) / (dx * dx + dy * dy + 1e-12);
        along = along < 0 ? 0 : along > 1 ? 1 : along;
        double ox = px - along * dx, oy = py - along * dy;
        least = fmin(least, ox * ox + oy * oy);
        if ((a.y > spot.y) != (b.y > spot.y) && px < dx * py / dy)
            inside = !inside;
    }
    return inside ? sqrt(least) : -sqrt(least);
}

static struct box outline_box(const struct outline *outline)
{
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (int i = 0; i < outline->count; i++) {
        left = fmin(left, outline->at[i].x);
        right = fmax(right, outline->at[i].x);
        top = fmin(top, outline->at[i].y);
        bottom = fmax(bottom, outline->at[i].y);
    }
    return box_around(left, top, right, bottom);
}

void plane_add_slab(struct plane *plane, const struct outline *outline, double body, double rim,
                    double rim_mm)
{
    const double edge_mm = 0.6;
    struct box box = outline_box(outline);
    for (int row = box.top; row < box.bottom; row++) {
        int16_t *line = plane->codes + (int64_t)row * PLANE_WIDTH;
        for (int column = box.left; column < box.right; column++) {
            double depth = outline_depth(outline, plane_spot(column, row));
            if (depth <= 0)
                continue;
            double near = 1 / (1 + depth * depth / (rim_mm * rim_mm));
            double weight = (body + rim * near) * (depth < edge_mm ? depth / edge_mm : 1);
            line[column] = added(line[column], weight);
        }
    }
}

void field_init(struct field *field, const struct outline *outline)
{
    for (int row = 0; row < FIELD_HEIGHT; row++)
        for (int column = 0; column < FIELD_WIDTH; column++)
            field->depth[row][column] =
                (float)outline_depth(outline, plane_spot(column * FIELD_STEP, row * FIELD_STEP));
}

double field_at(const struct field *field, int column, int row)
{
    const float *upper = &field->depth[row / FIELD_STEP][column / FIELD_STEP];
    const float *lower = upper + FIELD_WIDTH;
    double p = column % FIELD_STEP / (double)FIELD_STEP, q = row % FIELD_STEP / (double)FIELD_STEP;
    return (upper[0] * (1 - p) + upper[1] * p) * (1 - q) + (lower[0] * (1 - p) + lower[1] * p) * q;
}

double rounded(double depth, double full)
{
    if (depth <= 0)
        return 0;
    double rest = depth < full ? 1 - depth / full : 0;
    return sqrt(1 - rest * rest);
}
